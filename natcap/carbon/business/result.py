"""Calculate a business inventory: lines of this year and last, energy, totals, ratios. Tables in, tables out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from pandas.api.types import union_categoricals

from natcap.carbon.business.energy import EnergyRate, energy_table
from natcap.carbon.business.facts import Fact
from natcap.carbon.business.inputs import Inputs, Year
from natcap.carbon.business.lines import calculate as lines_of
from natcap.carbon.business.models import Choices
from natcap.carbon.business.ownership import by_equity, shares
from natcap.carbon.business.plan import GIVEN, Plan
from natcap.carbon.business.spend import spend_lines
from natcap.carbon.inventory import Totals, span, totals
from natcap.core.report import InputRef

__all__ = ["Energy", "Ratio", "Result", "YearResult", "calculate", "of_year", "stack"]


@dataclass(frozen=True)
class Energy:
    """Energy use by use of the year, the rates behind it, and what could not be counted."""

    table: pd.DataFrame
    rates: dict[int, EnergyRate]
    gaps: tuple[str, ...]

    def kwh(self, kind: str | None = None) -> float | None:
        """kWh of a heading or of all; None where nothing is counted."""
        part = self.table if kind is None else self.table[self.table["kind"] == kind]
        return float(part["kwh"].sum()) if len(part) else None


@dataclass(frozen=True)
class Ratio:
    """What emissions are divided by: an amount with its unit and where it stands."""

    id: str
    label: str
    amount: float
    unit: str
    inputs: tuple[InputRef, ...]


@dataclass(frozen=True, eq=False)
class YearResult:
    """One reporting period calculated."""

    year: Year
    lines: pd.DataFrame
    rows: pd.DataFrame
    plan: Plan
    totals: Totals
    energy: Energy
    ratios: tuple[Ratio, ...]
    spend_said: tuple[str, ...] = ()

    @property
    def period(self) -> str:
        return str(self.year.period)

    @property
    def fallbacks(self) -> tuple[str, ...]:
        """Everything that stands in for something else."""
        return (*self.plan.said("fallbacks"), *self.spend_said)

    @property
    def gaps(self) -> tuple[str, ...]:
        """Published numbers that are missing."""
        return (*self.plan.said("gaps"), *self.energy.gaps)

    @property
    def editions(self) -> tuple[str, ...]:
        """The editions of every factor used; rates given in the workbook are none."""
        return tuple(sorted(set(self.lines["edition"].astype("str").unique()) - {GIVEN}))

    @property
    def span(self) -> str:
        """The period as the lines name it."""
        return span(self.year.period)


@dataclass(frozen=True)
class Result:
    """This year, last year and base year where they were supplied, and all their lines in one table."""

    inputs: Inputs
    this: YearResult
    prior: YearResult | None
    base: YearResult | None
    lines: pd.DataFrame

    @property
    def years(self) -> tuple[YearResult, ...]:
        """This year, last year and the base year, each once."""
        found = [self.this]
        found += [year for year in (self.prior, self.base) if year is not None and year not in found]
        return tuple(found)


def calculate(inputs: Inputs) -> Result:
    """Calculate every year; the lines of the earlier ones follow those of this year, told apart by `period`."""
    this = of_year(inputs.this, inputs.choices)
    prior = of_year(inputs.prior, inputs.choices) if inputs.prior else None
    base = prior if inputs.base is inputs.prior else of_year(inputs.base, inputs.choices) if inputs.base else None
    lines = this.lines
    for earlier in (prior, base if base is not prior else None):
        lines = stack(lines, earlier.lines) if earlier else lines
    return Result(inputs, this, prior, base, lines)


def of_year(year: Year, choices: Choices) -> YearResult:
    """Calculate one reporting period."""
    book = year.book
    owned = shares(year, choices) if by_equity(choices.boundary) else None
    share = _shares(book.rows.frame["site"], owned)
    lines, rows, plan = lines_of(book.rows, book.contracts, year.years, choices, share)
    energy = Energy(*energy_table(rows, book.rows.uses, year.years, choices))
    said: tuple[str, ...] = ()
    if len(book.spend.frame):
        spent, said = spend_lines(book.spend, _shares(book.spend.frame["site"], owned))
        lines = stack(lines, spent)
    return YearResult(year, lines, rows, plan, totals(lines), energy, _ratios(year, owned), said)


def _shares(site: pd.Series, owned: dict[str, float] | None) -> np.ndarray | None:
    """The owned share of each row, or None where everything counts whole."""
    if owned is None:
        return None
    known = site.astype("category").cat
    by_code = np.array([float(owned[name]) for name in known.categories], dtype="float64")
    return by_code[known.codes.to_numpy()]


def _ratios(year: Year, owned: dict[str, float] | None) -> tuple[Ratio, ...]:
    """Turnover, employees, floor area and own output, as far as they are stated and above zero.

    Where sites count with their owned share, so do their employees and their floor area.
    """
    book = year.book
    facts = book.facts
    found = [
        _fact_ratio("turnover", "turnover", facts.get("turnover")),
        _sites_ratio("employees", "employee (full-time equivalent)", year, facts.get("employees"), owned),
        _sites_ratio("area", "m2 of floor area", year, facts.get("floor area"), owned),
        _fact_ratio("output", "unit of output", facts.get("output")),
    ]
    return tuple(ratio for ratio in found if ratio is not None and ratio.amount > 0)


def _fact_ratio(key: str, label: str, fact: Fact | None) -> Ratio | None:
    if fact is None or fact.amount is None:
        return None
    ref = InputRef(fact.file, fact.sheet, fact.cell, f"{fact.amount:g}", fact.unit, fact.evidence)
    unit = "GBP" if key == "turnover" and not fact.unit else fact.unit
    return Ratio(key, f"{fact.unit} of output" if key == "output" and fact.unit else label, fact.amount, unit, (ref,))


def _sites_ratio(
    column: str, label: str, year: Year, fact: Fact | None, owned: dict[str, float] | None
) -> Ratio | None:
    """From the sheet Sites where every site states it, else from the sheet Organisation."""
    sites, key = year.book.sites, {"area": "floor_area"}.get(column, column)
    unit = "m2" if column == "area" else "head"
    part = np.array([1.0 if owned is None else owned.get(str(site), np.nan) for site in sites["site"]], dtype="float64")
    if len(sites) and sites[column].notna().all() and np.isfinite(part).all():
        refs = tuple(
            InputRef(str(row["_file"]), row["_sheet"], row[f"_cell_{column}"], f"{row[column]:g}", unit,
                     str(row["site"]) if share == 1 else f"{row['site']}, of which {share:.6g} is owned")
            for row, share in zip(sites.to_dict("records"), part.tolist(), strict=True)
        )  # fmt: skip
        return Ratio(key, label, float((sites[column].to_numpy("float64") * part).sum()), unit, refs)
    found = _fact_ratio(key, label, fact)
    return Ratio(key, label, found.amount, unit, found.inputs) if found else None


def stack(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """One lines table below the other, numbered through; categories are joined instead of written out."""
    columns: dict[str, object] = {}
    for name in first.columns:
        one, two = first[name], second[name]
        if isinstance(one.dtype, pd.CategoricalDtype) and isinstance(two.dtype, pd.CategoricalDtype):
            columns[name] = union_categoricals([one, two])
        else:
            columns[name] = pd.concat([one, two], ignore_index=True)
    columns["line"] = np.arange(1, len(first) + len(second) + 1)
    return pd.DataFrame(columns, copy=False)
