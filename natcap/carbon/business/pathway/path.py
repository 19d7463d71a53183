"""The path of a target: a straight line from base to target, and where this year stands on it.

required(y) = base - (base - target) (y - base year) / (target year - base year); for an absolute contraction
base (1 - rate (y - base year)). Method sheet on progress, A3, rows 1 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from natcap.carbon.business import periods
from natcap.carbon.business.figures import TONNE, per
from natcap.carbon.business.pathway.model import COVERAGE, KINDS
from natcap.carbon.business.result import Result, YearResult
from natcap.carbon.inventory import SCOPE_1, SCOPE_2, SCOPE_3
from natcap.core.lines import MARKET
from natcap.core.report import FactorRef
from natcap.core.sources import source
from natcap.core.tables import load, row
from natcap.core.workbook import Row

__all__ = ["Path", "contraction_rate", "measured", "path_of", "sections_of"]

_RATIO = {"turnover": "turnover", "employees": "employees", "floor area": "floor_area", "output": "output"}


@dataclass(frozen=True)
class Path:
    """A target with its base, its end and this year's amount, in `unit`. `actual` is NaN where nothing says it.

    `measured` is what the inventory of the base year comes to, where one was supplied.
    """

    base_year: int
    base: float
    year: int
    end: float
    now: int
    actual: float
    unit: str
    base_from: str
    measured: float = float("nan")

    def required(self, year: int) -> float:
        """What the straight line asks for in `year`; from the target year on, the target."""
        passed = min(max(year - self.base_year, 0), self.year - self.base_year)
        return self.base - (self.base - self.end) * passed / (self.year - self.base_year)

    @property
    def gap(self) -> float:
        """This year's amount less what the path asks for; above zero is behind."""
        return self.actual - self.required(self.now)

    @property
    def still(self) -> float:
        """What has to go every year from now to the target year; NaN from the target year on."""
        left = self.year - self.now
        return (self.actual - self.end) / left if left > 0 else np.nan

    @property
    def word(self) -> str:
        if np.isnan(self.actual) or np.isnan(self.base):
            return "cannot say"
        if self.now <= self.base_year:
            return "base year, nothing to compare"
        met = self.gap <= 1e-9 * abs(self.base)
        if self.now >= self.year:
            return "met" if met else "missed"
        return "on track" if met else "behind"


def contraction_rate() -> FactorRef:
    """The least yearly cut of the absolute contraction approach, as a share of the base year."""
    found = row(load("progress/bands"), id="absolute_contraction_rate")
    return FactorRef(f"progress/bands:{found['id']}", found["parameter"], float(found["value"]), found["unit"],
                     source(found["source"]).cite(), found["locator"], found["verified"], found["note"])  # fmt: skip


def sections_of(target: Row) -> list[str]:
    """The sections of the lines that a target covers."""
    second = MARKET if target["scope2"] == "market" else SCOPE_2
    names = {"1": SCOPE_1, "2": second, "3": SCOPE_3}
    return [names[key] for key in COVERAGE[target["coverage"]]]


def measured(year: YearResult, target: Row) -> tuple[float, str]:
    """(amount, unit) of a year in the terms of a target; NaN without a covered scope or the divisor, or for no year."""
    lines = year.lines
    sums = lines.groupby(lines["section"].astype("str"))["kg_co2e"].sum()
    wanted = sections_of(target)
    kg = float(sums[wanted].sum()) if set(wanted) <= set(sums.index) else np.nan
    flow = target["kind"] == "intensity" and target["per"] in ("turnover", "output")
    if not flow and not periods.is_year(year.year.period):
        kg = np.nan  # a target is of a year; an amount of eighteen months is none
    if target["kind"] != "intensity":
        return kg / TONNE, "t CO2e"
    ratio = next((r for r in year.ratios if r.id == _RATIO[target["per"]]), None)
    if ratio is None:
        return np.nan, f"per {target['per']}"
    _, unit, scale = per(ratio)
    return kg * scale, unit


def path_of(result: Result, target: Row) -> Path:
    """The path of a target on this inventory. A base amount left blank is measured in the base year or last year."""
    actual, unit = measured(result.this, target)
    base, told = float(target["base"]), "as stated"
    earlier = next((y for y in result.years if y.year.period.end.year == int(target["base_year"])), None)
    held = np.nan if earlier is None else measured(earlier, target)[0]
    if np.isnan(base):
        told = "no base amount: neither stated nor supplied"
        if earlier is not None:
            base, told = held, f"from the inventory of {earlier.period}"
    first, last = int(target["base_year"]), int(target["year"])
    if target["kind"] == KINDS[2] and np.isnan(target["cut"]):
        end = base * max(1 - contraction_rate().value * (last - first), 0.0)
    else:
        end = base * (1 - float(target["cut"]) / 100)
    return Path(first, base, last, end, result.this.year.period.end.year, actual, unit, told, held)
