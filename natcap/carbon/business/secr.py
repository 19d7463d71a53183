"""The statement of streamlined energy and carbon reporting (SECR), as it would be printed in a directors' report.

What UK companies in its scope must state: energy use in kWh, emissions of gas, electricity and transport (with
business travel in employees' or hired cars), at least one intensity ratio, the year before, the methodology and the
energy-efficiency measures. Everything beyond (other fuels, refrigerants, heat) stands below as voluntary.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from natcap.carbon.business import periods
from natcap.carbon.business.energy import KINDS
from natcap.carbon.business.figures import GROSS, TONNE, UNIT, Maker, per, slug
from natcap.carbon.business.plan import categories
from natcap.carbon.business.potentials import AS_PUBLISHED
from natcap.carbon.business.result import Ratio, Result, YearResult
from natcap.carbon.business.sections import is_live, tonnes
from natcap.carbon.inventory import SCOPE_1, SCOPE_2, SCOPE_3, total_of
from natcap.core.lines import select
from natcap.core.report import Column, Figure, Section

__all__ = ["Part", "figures", "methodology", "parts", "section"]


_TRAVEL = categories()["cat06"]
_MUST = ("electricity", "gas", "transport")
"""Headings of energy that a company must state; what it uses beside them stands below as voluntary."""


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the statement: what it sums. `mandatory` parts make the total."""

    key: str
    label: str
    where: Mapping[str, Any]
    mandatory: bool


def parts(year: YearResult) -> tuple[Part, ...]:
    """The statement's parts, as selections of the lines of a year; activities are sorted by their energy heading."""
    kinds = {
        use.activity.id: year.energy.rates[n].kind
        for n, use in enumerate(year.year.book.rows.uses) if n in year.energy.rates
    }  # fmt: skip
    burnt = _texts(year.lines[year.lines["section"] == SCOPE_1], "activity")
    travel = year.lines[(year.lines["category"] == _TRAVEL).to_numpy()]
    driven = travel["activity"].isin([key for key, kind in kinds.items() if kind == "transport"])
    cars = [key for key in _texts(travel[driven], "factor_id") if "/wtt-" not in key]

    def fuels(kind: str | None) -> dict[str, Any]:
        return {"section": SCOPE_1, "activity": [name for name in burnt if kinds.get(name) == kind]}

    return (
        Part("gas", "Combustion of gas (scope 1)", fuels("gas"), True),
        Part("transport", "Fuel for transport (scope 1)", fuels("transport"), True),
        Part("electricity", "Purchased electricity (scope 2, location-based)",
             {"section": SCOPE_2, "category": ["Electricity", "Electricity for vehicles"]}, True),
        Part("travel", "Business travel in employees' or hired cars (scope 3)",
             {"section": SCOPE_3, "category": _TRAVEL, "factor_id": cars}, True),
        Part("other_fuels", "Combustion of other fuels (scope 1)", fuels("fuel"), False),
        Part("heat", "Purchased heat and steam (scope 2)", {"section": SCOPE_2, "category": "Heat and steam"}, False),
        Part("gases", "Refrigerants and process gases (scope 1)", fuels(None), False),
    )  # fmt: skip


def _texts(lines: pd.DataFrame, column: str) -> list[str]:
    return sorted(lines[column].astype("str").unique())


def _kg(year: YearResult, part: Part) -> float | None:
    lines = select(year.lines, dict(part.where))
    return None if lines.empty else float(lines["kg_co2e"].sum())


def figures(make: Maker) -> Iterator[Figure]:
    """Each part and the mandatory total, as sums of lines."""
    found = [part for part in parts(make.year) if _kg(make.year, part) is not None]
    for part in found:
        yield make.sum(f"secr.{part.key}", f"SECR: {part.label.lower()}", part.where)
    must = [part for part in found if part.mandatory]
    if not must:
        yield make.missing("secr.total", "SECR: total of the mandatory parts", UNIT, "No mandatory part has an entry.")
        return
    whole = [make.sum(f"secr.{part.key}", "", part.where) for part in must]
    yield make.derived(
        "secr.total", "SECR: total of the mandatory parts", sum(f.value or 0.0 for f in whole), UNIT,
        "Gas, transport fuel, electricity by location, and business travel in employees' or hired cars.",
        tuple(f"business.secr.{part.key}" for part in must),
    )  # fmt: skip
    if len(found) > len(must):
        beyond = [make.sum(f"secr.{part.key}", "", part.where) for part in found]
        yield make.derived(
            "secr.whole", "SECR: total with the voluntary parts", sum(f.value or 0.0 for f in beyond), UNIT,
            "Scope 1, scope 2 by location, and business travel in employees' or hired cars.",
            tuple(f"business.secr.{part.key}" for part in found),
        )  # fmt: skip
    kinds = [name for name in _MUST if make.year.energy.kwh(KINDS[name]) is not None]
    if kinds:
        yield make.derived(
            "secr.energy_kwh", "SECR: energy behind the mandatory parts", _must_kwh(make.year) or 0.0, "kWh",
            "Electricity, gas and transport.", tuple(f"business.energy.{slug(KINDS[name])}_kwh" for name in kinds),
        )  # fmt: skip


def _must_kwh(year: YearResult | None) -> float | None:
    """kWh of electricity, gas and transport: what the mandatory emissions come from."""
    return total_of(year.energy.kwh(KINDS[name]) for name in _MUST) if year else None


class _Statement:
    """The rows of the statement as they are gathered, with their formulas and figures."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.rows: list[tuple[str, float, float, str]] = []
        self.cells: dict[tuple[int, str], str] = {}
        self.figures: dict[tuple[int, str], str] = {}
        self.totals: list[int] = []

    def add(self, label: str, values: Sequence[float | None], unit: str, key: str) -> int:
        """One row: its values of this year and last (None is missing); returns its position."""
        numbers = [float("nan") if value is None else value for value in values]
        self.rows.append((label, numbers[0], numbers[1], unit))
        row = len(self.rows) - 1
        for name, number, ending in (("this", numbers[0], ""), ("prior", numbers[1], ".prior")):
            if not np.isnan(number):
                self.figures[(row, name)] = f"business.{key}{ending}"
        return row

    def total(self, label: str, values: Sequence[float | None], unit: str, key: str, of: Sequence[int]) -> None:
        """A row that is the sum of others."""
        row = self.add(label, values, unit, key)
        self.totals.append(row)
        for place, name in ((1, "this"), (2, "prior")):
            there = [part for part in of if not np.isnan(float(self.rows[part][place]))]
            if there and (row, name) in self.figures:
                self.cells[(row, name)] = "+".join(f"[{name}@{part}]" for part in there)

    def live(self, row: int, chosen: Sequence[Part | None]) -> None:
        """Make the cells of a part live sums of the lines."""
        from natcap.core.workbook.formulas import sum_of_lines

        if not is_live(self.result):
            return
        names = list(self.result.lines.columns)
        for name, year, part in zip(("this", "prior"), (self.result.this, self.result.prior), chosen, strict=True):
            if part is None or year is None or (row, name) not in self.figures:
                continue
            formula = sum_of_lines({**part.where, "period": year.span}, 1 / TONNE, names)
            if formula:
                self.cells[(row, name)] = formula

    def section(self) -> Section:
        table = pd.DataFrame(self.rows, columns=["heading", "this", "prior", "unit"])
        marks = {
            (row, name): "[x]" for row in range(len(table)) for name in ("this", "prior")
            if (row, name) not in self.figures
        }  # fmt: skip
        prior = self.result.prior.period if self.result.prior else "Year before"
        columns = (
            Column("heading", "What is reported"), Column("this", self.result.this.period, "", "number", 1),
            Column("prior", prior, "", "number", 1), Column("unit", "Unit"),
        )  # fmt: skip
        said = _summary(self.result.this)
        return Section(
            "secr", "SECR statement", table, columns, said, methodology(self.result),
            total_rows=tuple(self.totals), cells=self.cells, marks=marks, figures=self.figures,
        )  # fmt: skip


def section(result: Result) -> Section:
    """8 SECR statement: energy, the mandatory parts and their total, what is voluntary, ratios."""
    made = _Statement(result)
    years = (result.this, result.prior)
    energy = {}
    for key, name in KINDS.items():
        kwh = [year.energy.kwh(name) if year else None for year in years]
        if any(value is not None for value in kwh):
            energy[key] = made.add(f"Energy: {name.lower()}", kwh, "kWh", f"energy.{slug(name)}_kwh")
    if asked := [row for key, row in energy.items() if key in _MUST]:
        kwh = [_must_kwh(year) for year in years]
        made.total("Energy behind the mandatory parts", kwh, "kWh", "secr.energy_kwh", asked)
    whole = [year.energy.kwh() if year else None for year in years]
    made.total("Energy use in all", whole, "kWh", "energy_kwh", list(energy.values()))
    must = _add_parts(made, True)
    made.total("Total of the mandatory parts", [_total(year) for year in years], UNIT, "secr.total", must)
    if more := _add_parts(made, False):
        beyond = [_total(year, voluntary=True) for year in years]
        made.total("Total with the voluntary parts", beyond, UNIT, "secr.whole", [*must, *more])
    _add_ratios(made)
    return made.section()


def _summary(year: YearResult) -> str:
    """Emissions with the energy they come from: the mandatory parts, and everything where there is more."""
    total, kwh = _total(year), _must_kwh(year)
    if total is None:
        return ""
    said = f"{total:,.1f} {UNIT} from {kwh or 0:,.0f} kWh are reported"
    whole, energy = _total(year, voluntary=True), year.energy.kwh()
    if whole == total:
        return f"{said}."
    return f"{said} as mandatory; with the voluntary parts {whole or 0:,.1f} {UNIT}, and {energy or 0:,.0f} kWh."


def _add_parts(made: _Statement, mandatory: bool) -> list[int]:
    result = made.result
    before = {part.key: part for part in parts(result.prior)} if result.prior else {}
    found = []
    for part in parts(result.this):
        pair = (part, before.get(part.key))
        years = (result.this, result.prior)
        kg = [_kg(year, chosen) if year and chosen else None for year, chosen in zip(years, pair, strict=True)]
        if part.mandatory is mandatory and any(value is not None for value in kg):
            values = [None if value is None else tonnes(value) for value in kg]
            found.append(made.add(part.label, values, UNIT, f"secr.{part.key}"))
            made.live(found[-1], pair)
    return found


def _add_ratios(made: _Statement) -> None:
    result = made.result
    before = {ratio.id: ratio for ratio in result.prior.ratios} if result.prior else {}
    for ratio in result.this.ratios:
        label, unit, _ = per(ratio)
        values = [_over(result.this, ratio), _over(result.prior, before.get(ratio.id))]
        made.add(label, values, unit, f"intensity.{ratio.id}")


def _over(year: YearResult | None, ratio: Ratio | None) -> float | None:
    if year is None or ratio is None:
        return None
    kg = total_of((year.totals.scope1, year.totals.location))
    return None if kg is None else kg * per(ratio)[2]


def _total(year: YearResult | None, voluntary: bool = False) -> float | None:
    """Tonnes of the mandatory parts, or of all."""
    if year is None:
        return None
    kg = total_of(_kg(year, part) for part in parts(year) if part.mandatory or voluntary)
    return None if kg is None else tonnes(kg)


def methodology(result: Result) -> tuple[str, ...]:
    """What the statement says about its method, boundary and measures."""
    facts = result.this.year.book.facts
    choices = result.inputs.choices
    editions = ", ".join(e for e in result.this.editions if e.startswith("uk_gov"))
    said = [
        f"Methodology: the GHG Protocol Corporate Standard with the UK Government conversion factors ({editions}); "
        f"{result.this.year.years.why}. Emissions are in CO2e by the warming potentials of "
        + ("those factors." if choices.gwp_set == AS_PUBLISHED else f"{choices.gwp_set}, where a split by gas allows."),
        f"Boundary: {choices.boundary}."
        + (f" {facts['boundary'].text}" if "boundary" in facts and facts["boundary"].text else ""),
        "Energy use: fuels on gross calorific value with that year's fuel properties; vehicles by distance with the "
        "published kWh rows, which are on net calorific value.",
    ]
    if "methodology" in facts and facts["methodology"].text:
        said.append(facts["methodology"].text)
    actions = facts["actions"].text if "actions" in facts else ""
    said.append(
        f"Energy-efficiency measures: {actions}" if actions else "Energy-efficiency measures: none were stated."
    )
    said += periods.notes(result, ratios=True)
    share = _estimated(result.this)
    if share:
        said.append(f"{share:.0%} of the emissions rest on estimated quantities.".replace("%", " %"))
    return tuple(said)


def _estimated(year: YearResult) -> float:
    gross = year.lines[year.lines["section"].isin(GROSS)]
    whole = float(gross["kg_co2e"].abs().sum())
    part = float(gross[(gross["tier"] == "estimated").to_numpy()]["kg_co2e"].abs().sum())
    return part / whole if whole else 0.0
