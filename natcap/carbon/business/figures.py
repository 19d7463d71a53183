"""The published figures of a business inventory, each with the lines, cells and factors it rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from natcap.carbon.business import periods
from natcap.carbon.business.energy import KINDS
from natcap.carbon.business.plan import categories
from natcap.carbon.business.result import Ratio, Result, YearResult
from natcap.carbon.inventory import SCOPE_1, SCOPE_2, SCOPE_3
from natcap.core.lines import MARKET, OUTSIDE, select
from natcap.core.project import Project
from natcap.core.report import Figure, InputRef, Status, Trace
from natcap.core.verification import UNPUBLISHED

__all__ = ["GROSS", "TONNE", "UNIT", "Maker", "figures", "is_synthetic", "per", "slug"]

TONNE = 1000.0
UNIT = "t CO2e"
GROSS = [SCOPE_1, SCOPE_2, SCOPE_3]
"""Sections of the total: electricity by location, never with the market-based figure."""
_OPERATED = [SCOPE_1, SCOPE_2]
_MILLION = 1e6


def slug(text: str) -> str:
    """A text as part of a figure id."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or "unnamed"


def is_synthetic(project: Project) -> bool:
    """Whether the project's banners say that its data are invented."""
    banners = " ".join(project.banners).casefold()
    return any(word in banners for word in ("example", "synthetic"))


def figures(result: Result) -> tuple[Figure, ...]:
    """Every figure; last year's under the same ids with `.prior`, and the change where its period is as long."""
    this = list(_of_year(result, result.this))
    if result.prior is None:
        return tuple(this)
    like = periods.alike(result)
    before = {f.id: f for f in _of_year(result, result.prior)}
    said = result.prior.period
    changed = [replace(f, **_change(f, before.get(f.id), said)) if like else f for f in this]
    prior = [replace(f, id=f"{f.id}.prior", label=f"{f.label}, {said}", headline=False) for f in before.values()]
    return (*changed, *prior)


def _change(figure: Figure, before: Figure | None, period: str) -> dict[str, Any]:
    if figure.value is None or before is None or before.value is None:
        return {}
    return {"change": figure.value - before.value, "change_from": period}


def _of_year(result: Result, year: YearResult) -> Iterator[Figure]:
    from natcap.carbon.business import secr  # which makes its figures with the Maker below

    make = Maker(result, year)
    yield make.sum("total", f"Total (scope 1, 2 by location, 3), {year.period}", {"section": GROSS}, True)
    yield make.sum("scope1", "Scope 1", {"section": SCOPE_1}, True)
    yield make.sum("scope2.location", "Scope 2, location-based", {"section": SCOPE_2}, True)
    yield make.sum("scope2.market", "Scope 2, market-based", {"section": MARKET})
    yield make.sum("scope3", "Scope 3", {"section": SCOPE_3}, True)
    yield make.sum("total_market", "Total with scope 2 by market", {"section": [SCOPE_1, MARKET, SCOPE_3]})
    yield make.sum("outside_scopes", "Outside of scopes", {"section": OUTSIDE})
    yield from _by_category(make)
    yield from _by_site(make)
    yield from _energy(make)
    yield from secr.figures(make)
    for number, ratio in enumerate(year.ratios):
        yield make.ratio(ratio, number == 0)


class Maker:
    """Makes figures of one year; knows the lines and how far they can be trusted."""

    def __init__(self, result: Result, year: YearResult) -> None:
        self.result, self.year = result, year
        self.synthetic = is_synthetic(result.inputs.project)

    def status(self, lines: Any) -> Status:
        """synthetic before recalled before provisional (a partial edition) before calculated."""
        if self.synthetic:
            return "synthetic"
        if lines["verified"].isin(sorted(UNPUBLISHED)).any():
            return "recalled"
        return "provisional" if (lines["match"] == "partial edition").any() else "calculated"

    def sum(self, key: str, label: str, where: Mapping[str, Any], headline: bool = False) -> Figure:
        """A sum of lines in tonnes; missing (not zero) where there is no line."""
        lines = select(self.year.lines, dict(where))
        place = str(where.get("place", ""))
        if lines.empty:
            return self.missing(key, label, UNIT, "Nothing was entered for it; it is not zero.", headline)
        chosen = {**where, "period": self.year.span}
        many = f"Sum of {len(lines):,} lines, each" if len(lines) > 1 else "One line:"
        how = f"{many} a quantity times a published factor ({self.year.year.years.why})."
        return Figure(
            f"business.{key}", label, float(lines["kg_co2e"].sum()) / TONNE, UNIT,
            Trace(how, chosen, 1 / TONNE), status=self.status(lines), period=self.year.period, place=place,
            headline=headline,
        )  # fmt: skip

    def missing(self, key: str, label: str, unit: str, how: str, headline: bool = False) -> Figure:
        return Figure(
            f"business.{key}", label, None, unit, Trace(how), status="missing", period=self.year.period,
            headline=headline,
        )  # fmt: skip

    def derived(self, key: str, label: str, value: float, unit: str, how: str, parents: tuple[str, ...]) -> Figure:
        """A figure worked out from others."""
        return Figure(
            f"business.{key}", label, value, unit, Trace(how, parents=parents), period=self.year.period,
            status=self.status(self.year.lines),
        )  # fmt: skip

    def ratio(self, ratio: Ratio, headline: bool) -> Figure:
        """Scope 1 and 2 (location) divided by an amount of the organisation."""
        label, unit, scale = per(ratio)
        where = {"section": _OPERATED}
        lines = select(self.year.lines, dict(where))
        key = f"intensity.{ratio.id}"
        if lines.empty:
            return self.missing(key, label, unit, "There are no lines of scope 1 or 2.", headline)
        how = f"Scope 1 and scope 2 (location-based), divided by {ratio.amount:,.10g} {ratio.unit}."
        return Figure(
            f"business.{key}", label, float(lines["kg_co2e"].sum()) * scale, unit,
            Trace(how, {**where, "period": self.year.span}, scale, inputs=ratio.inputs),
            status=self.status(lines), period=self.year.period, headline=headline,
        )  # fmt: skip


def per(ratio: Ratio) -> tuple[str, str, float]:
    """(label, unit, what to multiply kilograms by) of an intensity."""
    if ratio.id == "turnover":
        return "Intensity: scope 1 and 2 per million of turnover", f"{UNIT} per £m", _MILLION / TONNE / ratio.amount
    if ratio.id == "floor_area":
        return "Intensity: scope 1 and 2 per square metre", "kg CO2e per m2", 1 / ratio.amount
    if ratio.id == "employees":
        return "Intensity: scope 1 and 2 per employee", f"{UNIT} per employee", 1 / TONNE / ratio.amount
    return f"Intensity: scope 1 and 2 per {ratio.label}", f"kg CO2e per {ratio.unit or 'unit'}", 1 / ratio.amount


def _by_category(make: Maker) -> Iterator[Figure]:
    keys = {heading: key for key, heading in categories().items()}
    found = make.year.lines.groupby(["section", "category"], observed=True).size()
    names = {SCOPE_1: "scope1", SCOPE_2: "scope2.location", SCOPE_3: "scope3", MARKET: "scope2.market"}
    order = {name: place for place, name in enumerate((*names, OUTSIDE))}
    for section, heading in sorted(found.index, key=lambda pair: (order[pair[0]], str(pair[1]))):
        key = f"{names.get(section, 'outside_scopes')}.{slug(keys[heading])}"
        yield make.sum(key, f"{section}: {heading}", {"section": section, "category": heading})


def _by_site(make: Maker) -> Iterator[Figure]:
    taken: set[str] = set()
    for place in sorted(make.year.lines["place"].astype("str").unique()):
        key = slug(place)
        while key in taken:
            key += "_2"
        taken.add(key)
        yield make.sum(f"site.{key}", f"Total of {place}", {"section": GROSS, "place": place})


def _energy(make: Maker) -> Iterator[Figure]:
    energy = make.year.energy
    for name in (None, *KINDS.values()):
        key = "energy_kwh" if name is None else f"energy.{slug(name)}_kwh"
        label = "Energy use" if name is None else f"Energy use: {name.lower()}"
        kwh = energy.kwh(name)
        if kwh is None:
            if name is None:
                yield make.missing(key, label, "kWh", "No energy was entered.")
            continue
        table = energy.table if name is None else energy.table[energy.table["kind"] == name]
        refs = {ref.id: ref for number in table["use"] for ref in energy.rates[int(number)].refs}
        parts = tuple(
            InputRef(make.year.year.book.rows.file, "", "", f"{row['quantity']:,.10g}", row["unit"],
                     f"{row['activity']}: {row['rate']:.6g} kWh per unit, {row['how']}")
            for row in table.to_dict("records")
        )  # fmt: skip
        how = "Sum of energy entered, converted with published calorific values and kWh rows"
        how += f" ({'; '.join(energy.gaps)})." if energy.gaps and name is None else "."
        status: Status = "synthetic" if make.synthetic else "calculated"
        yield Figure(
            f"business.{key}", label, kwh, "kWh", Trace(how, inputs=parts, factors=tuple(refs.values())),
            status=status, period=make.year.period,
        )  # fmt: skip
