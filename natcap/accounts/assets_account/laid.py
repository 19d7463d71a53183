"""An asset account laid out: one row a group, their total, what stands below the line, with formulas and marks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.changes import CHANGES, ENTRIES
from natcap.accounts.assets_account.unit_values import DATES
from natcap.accounts.assets_account.words import APART_NAME, Words, money
from natcap.accounts.show.words import text
from natcap.core.report import Column

__all__ = ["ALL", "Group", "Laid", "lay_out", "sumifs", "sums", "unique_keys"]

ALL = "total"
_TOTAL = "All ecosystem services"
_APART = "uncompared"
Cells = dict[tuple[int, str], str]


@dataclass(frozen=True, slots=True)
class Group:
    """One row of an account: its label, conditions on columns of the pairs, the id of its value with {date} in it.

    `sign` marks a missing value: [x] not available, [z] there is none. A loss that is not recorded is [w].
    """

    label: str
    where: Mapping[str, str]
    figure: str
    sign: str = "[x]"


@dataclass(frozen=True)
class Laid:
    """What a section is made of; `total` is the position of the total row."""

    table: pd.DataFrame
    columns: tuple[Column, ...]
    total: int
    cells: Cells = field(default_factory=dict)
    marks: Cells = field(default_factory=dict)
    figures: Cells = field(default_factory=dict)


def sums(pairs: pd.DataFrame, names: Sequence[str] = ENTRIES) -> dict[str, float]:
    """Sums over pairs; the sum of nothing is nothing."""
    return {name: float(pairs[name].sum(min_count=1)) for name in names}


def unique_keys(words: Words) -> bool:
    """Whether keys stay apart in a spreadsheet, which compares text without case."""
    sets = (words.zone_key.values(), words.type_key.values(), words.account.services)
    return all(len({k.casefold() for k in keys}) == len(list(keys)) for keys in sets)


def sumifs(name: str, where: Mapping[str, str]) -> str:
    """The sum of a column of the table of changes under conditions, as a formula."""
    parts = ",".join(f'{{asset_changes.{column}}},"{value}"' for column, value in where.items())
    return f"SUMIFS({{asset_changes.{name}}},{parts})"


def lay_out(words: Words, pairs: pd.DataFrame, groups: list[Group], below: list[Group], label: str) -> Laid:
    """The account of named pairs (with the column `counts`)."""
    rows = [*groups, Group(_TOTAL, {"counts": "ecosystem"}, f"assets.value.{{date}}.{ALL}"), *below]
    names = (*ENTRIES[:-1], _APART, ENTRIES[-1])
    table = pd.DataFrame(
        [{"item": g.label} | sums(_select(pairs, g.where), names) for g in rows], columns=["item", *names]
    )  # fmt: skip
    table.insert(len(ENTRIES), "net", table[list(CHANGES)].sum(axis=1, min_count=1))
    columns = [text("item", label), *(money(name, words.entry(name), words.unit) for name in ENTRIES)]
    beside = money("net", "Net change", words.unit), money(_APART, APART_NAME, words.unit)
    columns[-1:-1] = beside
    made = Laid(table, tuple(columns), len(groups))
    live = unique_keys(words)
    for row, group in enumerate(rows):
        made.figures.update({(row, date): group.figure.format(date=date) for date in DATES})
        for name, formula in _formulas(group.where if live else {}, made.total if row == made.total else 0):
            if np.isnan(table[name].to_numpy()[row]):
                made.marks[row, name] = _sign(group, name, table, row)
            elif formula:
                made.cells[row, name] = formula
    made.figures.update({(made.total, name): f"assets.entry.{name}.{ALL}" for name in CHANGES})
    made.figures[made.total, _APART] = f"assets.effect.{_APART}.{ALL}"
    return made


def _sign(group: Group, name: str, table: pd.DataFrame, row: int) -> str:
    """[w] where there are values and no catastrophic loss was recorded: nobody says that there was none."""
    valued = bool(table[list(DATES)].iloc[row].notna().any())
    return "[w]" if name == "catastrophic" and valued else group.sign


def _formulas(where: Mapping[str, str], over: int) -> Iterator[tuple[str, str]]:
    """Formula of each column: sums over the pairs, or over the first `over` rows; "" where keys do not stay apart."""
    for name in (*ENTRIES[:-1], _APART):
        summed = sumifs(name, where) if where else ""
        yield name, f"SUM([{name}@0]:[{name}@{over - 1}])" if over else summed
    yield "net", f"SUM([{CHANGES[0]}]:[{CHANGES[-1]}])"
    yield "closing", f"SUM([opening],[net],[{_APART}])"


def _select(pairs: pd.DataFrame, where: Mapping[str, str]) -> pd.DataFrame:
    for column, value in where.items():
        pairs = pairs[pairs[column] == value]
    return pairs
