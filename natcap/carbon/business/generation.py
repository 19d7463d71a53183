"""Energy made on site: what was generated, used and exported; and a CHP's fuel shared between heat and power.

Own renewable electricity has no emissions in scope 1 or 2, so it makes no line. Export never lowers scope 2: what it
may displace elsewhere stands beside. The fuel of a CHP is in scope 1 whole, whoever takes its heat and power; its
sharing (two parts per kWh of power, one per kWh of heat) says what belongs to what is sold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from natcap.carbon.business.records import CHP
from natcap.core import tables
from natcap.core.problems import Problems, did_you_mean
from natcap.core.project import Period
from natcap.core.report import FactorRef
from natcap.core.sources import source

__all__ = ["Plant", "chp_weights", "power_share", "read_generation"]

_NEAR = 1e-6


@dataclass(frozen=True, slots=True)
class Plant:
    """One row of the sheet Generation, in kWh. Heat is None for what makes none."""

    site: str
    name: str
    kind: str
    start: date
    end: date
    generated: float
    exported: float
    used: float
    heat: float | None
    heat_sold: float | None
    evidence: str
    file: str
    sheet: str
    cell: str


@lru_cache(maxsize=1)
def chp_weights() -> dict[str, FactorRef]:
    """Weights of a kWh of power and of heat, by "power" and "heat", with their page."""
    table = tables.load("business/chp")
    return {
        str(row["output"]): FactorRef(
            row["id"], row["parameter"], float(row["value"]), row["unit"], source(row["source"]).cite(),
            row["locator"], row["verified"], row["note"],
        )
        for row in table.to_dict("records")
    }  # fmt: skip


def power_share(power: float, heat: float) -> float:
    """Share of a CHP's fuel that its power stands for: 2 P / (2 P + H), P and H in kWh; ValueError without output."""
    weights = chp_weights()
    above, beside = weights["power"].value * power, weights["heat"].value * heat
    if power < 0 or heat < 0 or above + beside <= 0:
        raise ValueError("a CHP needs power or heat above zero")
    return above / (above + beside)


class _Row:
    """One row while it is checked: values by field, and the teller of its problems."""

    def __init__(self, record: Mapping[Any, Any], problems: Problems) -> None:
        self.row = {str(key): value for key, value in record.items()}
        self.problems, self.fine = problems, True

    def tell(self, field: str, found: object, expected: str, remedy: str = "") -> None:
        self.fine = False
        cell = str(self.row[f"_cell_{field}"] or self.row["_cell_generated"])
        self.problems.add(str(self.row["_file"]), found, expected, remedy, sheet=str(self.row["_sheet"]), cell=cell)

    def number(self, field: str) -> float | None:
        value = float(self.row[field])
        if value < 0:
            self.tell(field, f"{value:g}", "zero or more")
        return None if np.isnan(value) else value


def read_generation(frame: pd.DataFrame, rows: pd.DataFrame, period: Period, problems: Problems) -> tuple[Plant, ...]:
    """The plants; everything wrong goes to `problems`. `rows` are the bills, in which a CHP finds its fuel by item."""
    items = set(rows["item"].astype("str").unique()) - {""} if len(frame) else set()
    made = []
    for record in frame.to_dict("records"):
        row = _Row(record, problems)
        if found := _plant(row, items, period):
            made.append(found)
    return tuple(made)


def _plant(row: _Row, items: set[str], period: Period) -> Plant | None:
    given = row.row
    generated, exported, used = (row.number(name) for name in ("generated", "exported", "used"))
    if generated is None or exported is None or pd.isna(given["start"]) or pd.isna(given["end"]) or not given["kind"]:
        return None  # the reader has told of the empty cells
    start, end = given["start"].date(), given["end"].date()
    if end < start or start < period.start or end > period.end:
        row.tell("start", f"{start} to {end}", f"days of {period}", "Give the part of the period.")
    used = _used(row, generated, exported, used)
    heat, sold = _heat(row, items)
    if not row.fine:
        return None
    return Plant(
        str(given["site"]), str(given["plant"]), str(given["kind"]), start, end, generated, exported, used, heat, sold,
        str(given["evidence"]), str(given["_file"]), str(given["_sheet"]),
        str(given["_cell_generated"]),
    )  # fmt: skip


def _used(row: _Row, generated: float, exported: float, used: float | None) -> float:
    if exported > generated:
        row.tell("exported", f"{exported:g} kWh", f"at most the {generated:g} kWh generated")
    left = generated - exported
    if used is not None and abs(used - left) > _NEAR * max(generated, 1.0):
        expected = f"{left:g} kWh, generated less exported"
        row.tell("used", f"{used:g} kWh", expected, "The three meters must agree; correct the one that is wrong.")
    return left


def _heat(row: _Row, items: set[str]) -> tuple[float | None, float | None]:
    heat, sold = row.number("heat"), row.number("heat_sold")
    plant = str(row.row["plant"])
    if row.row["kind"] != CHP:
        for field, value in (("heat", heat), ("heat_sold", sold)):
            if value:
                row.tell(field, f"{value:g} kWh of heat", "an empty cell", f"Only {CHP} makes heat here.")
        return None, None
    for field, value in (("heat", heat), ("heat_sold", sold)):
        if value is None:
            row.tell(field, "an empty cell", "its useful heat in kWh, 0 where none", "Unknown is not zero.")
    if heat is not None and sold is not None and sold > heat:
        row.tell("heat_sold", f"{sold:g} kWh", f"at most the {heat:g} kWh generated")
    if heat == 0 and row.row["generated"] == 0:
        row.tell("generated", "a CHP without power and heat", "output above zero", "Leave the row out.")
    if plant not in items:
        remedy = did_you_mean(plant, items) or "Write the plant's name in the column Meter or item of its fuel."
        row.tell("plant", plant, "the meter or item of a fuel on the sheet Activity", remedy)
    return heat, sold
