"""The rows of a table of intermediate services, with the formulas, marks and figures of their cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.services.intermediate.balance import Balance, Block
from natcap.accounts.services.view import label_of

__all__ = ["ALL_TYPES", "Laid"]

ALL_TYPES = "All ecosystem types"
_MEASURES = ("supplied", "used", "net")


@dataclass
class Laid:
    """A table as it is laid out, with the formulas, marks and figures of its cells and its rows of totals."""

    balance: Balance
    column: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    cells: dict[tuple[int, str], str] = field(default_factory=dict)
    marks: dict[tuple[int, str], str] = field(default_factory=dict)
    figures: dict[tuple[int, str], str] = field(default_factory=dict)
    totals: list[int] = field(default_factory=list)
    at: dict[tuple[str, str, str], int] = field(default_factory=dict)
    """Row of a date, service and type."""

    def add(self, name: str, date: str, unit: str, ecosystem: str, values: tuple[float, ...], word: str) -> int:
        self.rows.append({"name": name, "date": date, "year": self.balance.view.year(date), "unit": unit,
                          "ecosystem": ecosystem, **dict(zip(_MEASURES, values, strict=True)),
                          "confidence": word})  # fmt: skip
        row = len(self.rows) - 1
        self.marks |= {(row, what): "[x]" for what, value in zip(_MEASURES, values, strict=True) if np.isnan(value)}
        return row

    def block(self, block: Block) -> None:
        first, total = len(self.rows), len(self.rows) + len(block.lines)
        for line in block.lines.to_dict("records"):
            self._line(block, line, total)
        known = block.known
        values = (block.supplied, block.used, block.supplied - block.used)
        word = self.balance.word(self.balance.all_ids(block, self.column)) if known else "not available"
        unit = label_of(block.service)
        row = self.add(block.service.name, block.date, unit, ALL_TYPES, values, word)
        self.totals.append(row)
        if known:
            self.cells |= {(row, what): f"SUM([{what}@{first}]:[{what}@{total - 1}])" for what in ("supplied", "used")}
            self.cells[row, "net"] = "[supplied]-[used]"
        self._figures(row, block, "")

    def _line(self, block: Block, line: dict[Any, Any], total: int) -> None:
        kind, balance = str(line["ecosystem"]), self.balance
        ids = balance.all_ids(block, self.column) if line["uses"] else balance.supply_ids(block, self.column, kind)
        values = tuple(float(line[what]) for what in _MEASURES)
        word = balance.word(ids) if not np.isnan(values[2]) else "not available"
        unit = label_of(block.service)
        row = self.add(block.service.name, block.date, unit, balance.names[kind], values, word)
        self.at[block.date, block.service.id, kind] = row
        if line["supplies"] and not np.isnan(values[0]):
            self.cells[row, "supplied"] = (
                f"SUMIFS({{intermediate_rows.{self.column}}},"
                f'{{intermediate_rows.service}},"{block.service.id}",'
                f'{{intermediate_rows.date}},"{block.date}",{{intermediate_rows.type}},"{kind}")'
            )
        if line["uses"] and block.known:
            share, _ = balance.share(block, kind)
            self.cells[row, "used"] = f"[supplied@{total}]*[intermediate_shares.share@{share}]"
        parts = [("supplies", "[supplied]"), ("uses", "-[used]")]
        if not np.isnan(values[2]):
            self.cells[row, "net"] = "".join(cell for which, cell in parts if line[which])
        for which, what in (("supplies", "supplied"), ("uses", "used")):
            if not line[which]:
                self.marks[row, what] = "[z]"
        self._figures(row, block, kind)

    def _figures(self, row: int, block: Block, kind: str) -> None:
        for what, name in zip(_MEASURES, ("supply", "use", "net"), strict=True):
            if not (kind and self.marks.get((row, what)) == "[z]"):
                end = f".{kind}" if kind else ""
                stem = f"services.intermediate.{self.column}.{block.date}.{block.service.id}"
                self.figures[row, what] = f"{stem}.{name}{end}"

    def together(self, date: str) -> None:
        """Rows of all intermediate services with a value at a date, by type: what each gives and takes in all."""
        blocks = [b for b in self.balance.blocks["value"] if b.date == date and b.known]
        if len(blocks) < 2:
            return
        first = len(self.rows)
        whole = pd.concat([b.lines for b in blocks])
        for kind, name in self.balance.names.items():
            mine = whole[whole["ecosystem"] == kind]
            if mine.empty:
                continue
            values = tuple(float(mine[what].sum()) for what in _MEASURES)
            at = [self.at[date, b.service.id, kind] for b in blocks if (date, b.service.id, kind) in self.at]
            word = self.balance.word(key for b in blocks for key in self.balance.all_ids(b, "value"))
            row = self.add("All intermediate services", date, "", name, values, word)
            self.totals.append(row)
            for what, which in (("supplied", "supplies"), ("used", "uses")):
                held = [f"[{what}@{n}]" for n in at if self.marks.get((n, what)) != "[z]"]
                if mine[which].any():
                    self.cells[row, what] = "+".join(held)
                else:
                    self.marks[row, what] = "[z]"
            self.cells[row, "net"] = "+".join(f"[net@{n}]" for n in at)
        last = len(self.rows)
        values = (sum(b.supplied for b in blocks), sum(b.used for b in blocks))
        row = self.add("All intermediate services", date, "", ALL_TYPES, (*values, values[0] - values[1]),
                       self.balance.word(key for b in blocks for key in self.balance.all_ids(b, "value")))  # fmt: skip
        self.totals.append(row)
        self.cells |= {(row, what): f"SUM([{what}@{first}]:[{what}@{last - 1}])" for what in ("supplied", "used")}
        self.cells[row, "net"] = "[supplied]-[used]"
