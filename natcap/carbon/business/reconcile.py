"""Reconcile a published statement: does the disclosed emission follow from the disclosed quantity, by which factors?

For each line the official factor of the period is tried first, then every other edition and basis (gross or net
calorific value, with or without losses and well-to-tank, CO2 alone, blended by days). A line is RECONCILED when a
reading gives the disclosed figure within its own rounding, REVIEW when readings that mean different things fit,
MISMATCH when none does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

import numpy as np
import pandas as pd

from natcap.carbon.business.disclosed import MODEL, half_unit, read_statement
from natcap.carbon.business.plan import RESIDUAL, companions_of
from natcap.carbon.business.vocabulary import Activity, UnknownActivity, vocabulary
from natcap.carbon.inventory import SCOPE_2, days_by_year, factor_years
from natcap.core.factors import FactorError, Match, library
from natcap.core.factors.match import blended
from natcap.core.problems import Problems
from natcap.core.project import Period
from natcap.core.tables import load
from natcap.core.units import UnitError, factor_between, unit

__all__ = ["MODEL", "Reading", "Verdict", "half_unit", "read_statement", "reconcile", "reconcile_line"]

Word = Literal["RECONCILED", "REVIEW", "MISMATCH"]

_WORDS = "Write the fuel, vehicle or service in everyday words, or look for it: natcap factors find WORDS"
_SLIPS = (1000.0, 0.001)
_COARSE = 0.05
"""A quantity rounded more coarsely than this share of itself (1 GWh may be 0.5 to 1.5) proves nothing by itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to get from the quantity to an emission: an edition and what was counted, in tonnes CO2e."""

    edition: str
    year: int
    basis: str
    tonnes: float
    factor_id: str
    factor: float
    factor_unit: str
    locator: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one line. `expected` is the period's own reading; `fits` are the readings that agree."""

    word: Word
    item: str
    quantity: float
    unit: str
    disclosed: float
    tolerance: float
    expected: Reading | None
    fits: tuple[Reading, ...]
    note: str


Slack = Callable[[Reading], float]


def _shown(value: float) -> float:
    """Half of the last place that is not a zero, at most a twentieth of the number: 91,460 gives 5."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return float(min(0.5 * 10.0**exponent, _COARSE * abs(value)))


def reconcile(frame: pd.DataFrame, period: Period | None, problems: Problems, shown: str) -> list[Verdict]:
    """A verdict per row of the statement. Rows that cannot be read add to `problems`, each with its cell."""
    verdicts = []
    for row in frame.to_dict("records"):
        sheet, cell = str(row.get("_sheet", "")), str(row.get("_cell_item", ""))
        if not (row["item"] and row["unit"]) or pd.isna(row["quantity"]) or pd.isna(row["tonnes"]):
            continue  # the reader has told what is missing, with its cell
        try:
            own = Period.parse(str(row["period"])) if row.get("period") else period
            basis = str(row.get("basis") or "")
            verdicts.append(
                reconcile_line(
                    str(row["item"]), float(row["quantity"]), str(row["unit"]), float(row["tonnes"]), own, basis
                )
            )
        except UnknownActivity as error:
            near = f"Did you mean {' or '.join(error.choices[:3])}?" if error.choices else _WORDS
            problems.add(shown, str(row["item"]), "a known activity", near, sheet=sheet, cell=cell)
        except UnitError as error:
            unit_cell = str(row.get("_cell_unit", ""))
            problems.add(shown, str(row["unit"]), str(error), sheet=sheet, cell=unit_cell)
        except ValueError as error:
            problems.add(shown, str(row.get("period", "")), str(error), sheet=sheet, cell=cell)
    return verdicts


def reconcile_line(
    item: str, quantity: float, given: str, disclosed: float, period: Period | None = None, basis: str = ""
) -> Verdict:
    """Reconcile one disclosed line. Raises UnknownActivity, UnitError (no published row fits the unit), ValueError."""
    if not (np.isfinite(quantity) and np.isfinite(disclosed)):
        raise ValueError("a quantity and an emission are needed; a blank is not zero")
    year = _year(period)
    readings = [r for a in vocabulary().candidates(item) for r in _readings(a, quantity, given, basis, year)]
    others = [a for a in vocabulary().candidates(item, "without") if a not in vocabulary().candidates(item)]
    readings += [r for a in vocabulary().candidates(item) for r in _by_days(a, quantity, given, basis, period)]
    readings += [replace(r, primary=False) for a in others for r in _readings(a, quantity, given, basis, year)]
    if not readings:
        raise UnitError(f"no published factor of {item} fits the unit {given}", ())
    slack = _slack(quantity, disclosed)
    fits = tuple(r for r in readings if abs(r.tonnes - disclosed) <= slack(r))
    expected = next((r for r in readings if r.primary), None)
    word, note = _judge(fits, expected, readings, disclosed, year)
    tolerance = slack(expected or readings[0])
    if word == "RECONCILED" and _only_coarse(fits, expected, quantity, disclosed):
        word = "REVIEW"
        note = f"fits only because {quantity:g} {given} may be rounded by half a unit: give more digits ({note})"
    return Verdict(word, item, quantity, unit(given).id, disclosed, tolerance, expected, fits, note)


def _slack(quantity: float, disclosed: float) -> Slack:
    """Tolerance of a reading: the rounding of the disclosed emission and of the disclosed quantity."""
    own, relative = half_unit(disclosed), half_unit(quantity) / abs(quantity) if quantity else 0.0
    return lambda reading: own + abs(reading.tonnes) * relative + 1e-9 * max(1.0, abs(disclosed))


def _only_coarse(fits: Sequence[Reading], expected: Reading | None, quantity: float, disclosed: float) -> bool:
    """Whether a fit hangs on the rounding of a coarse quantity, not on that of the emission."""
    if not quantity or half_unit(quantity) <= _COARSE * abs(quantity):
        return False
    best = expected if expected in fits and expected is not None else fits[0]
    return abs(best.tonnes - disclosed) > half_unit(disclosed) + 1e-9 * max(1.0, abs(disclosed))


def _year(period: Period | None) -> int | None:
    return factor_years(period).years[0] if period else None


def _readings(activity: Activity, quantity: float, given: str, basis: str, year: int | None) -> Iterator[Reading]:
    for asked, series in _fitting(activity, given, basis):
        for edition in library().editions("uk_gov"):
            try:
                found = library().match(series, edition.year)
            except FactorError:
                continue
            if found.factor.edition != edition.id:
                continue
            scale = factor_between(asked, found.factor.unit)
            own = edition.year == year and (bool(basis) or not found.factor.unit.endswith("_net"))
            yield from _bases(activity, series, found, quantity * scale, own)
    yield from _market(activity, quantity, given)


def _by_days(activity: Activity, quantity: float, given: str, basis: str, period: Period | None) -> Iterator[Reading]:
    """The publisher's blended rule, for a period of two years or more: each year's factor weighted by its days."""
    years = factor_years(period, "blended") if period else None
    if period is None or years is None or len(years.shares) < 2:
        return
    days = days_by_year(period)
    for asked, series in _fitting(activity, given, basis):
        try:
            found = blended({year: library().match(series, year) for year in years.years}, days)
        except FactorError:
            continue
        f, said = found.factor, ", ".join(f"{count} days of {year}" for year, count in days.items())
        calorific = " on net calorific value" if f.unit.endswith("_net") else ""
        tonnes = quantity * factor_between(asked, f.unit) * f.value / 1000
        label = f"{activity.label}{calorific}, blended by days ({said})"
        yield Reading(f.edition, _year(period) or f.year, label, tonnes, f.id, f.value, f.unit, f.locator, False)


def _market(activity: Activity, quantity: float, given: str) -> Iterator[Reading]:
    """Grid electricity by the residual mix of each year that is held: the market-based figure without a contract."""
    if (activity.section, activity.category) != (SCOPE_2, "electricity"):
        return
    amount = quantity * factor_between(unit(given).id, "kWh")
    for year in sorted({int(year) for year in load(RESIDUAL)["year"]}):
        f = library().match(RESIDUAL, year, family="residual_mix").factor
        basis = f"{activity.label}, market-based by the residual mix of Great Britain"
        yield Reading(f.edition, f.year, basis, amount * f.value / 1000, f.id, f.value, f.unit, f.locator, False)


def _fitting(activity: Activity, given: str, basis: str) -> Iterator[tuple[str, str]]:
    """(unit, series) pairs that the unit can mean: energy of a fuel may be gross or net."""
    asked = unit(given)
    options = [asked.id]
    if any(u.endswith(("_gross", "_net")) for u, _ in activity.units) and asked.dimension == unit("kWh").dimension:
        options = [f"{asked.id}_{b}" for b in ((basis,) if basis else ("gross", "net"))]
    for option in options:
        exact = dict(activity.units)
        if option in exact:
            yield option, exact[option]
            continue
        for published, series in activity.units:
            try:
                factor_between(option, published)
            except UnitError:
                continue
            yield option, series
            break


def _bases(activity: Activity, series: str, found: Match, amount: float, own_year: bool) -> Iterator[Reading]:
    f = found.factor
    calorific = " on net calorific value" if f.unit.endswith("_net") else ""

    def reading(basis: str, value: float, primary: bool) -> Reading:
        tonnes = amount * value / 1000
        return Reading(f.edition, f.year, basis + calorific, tonnes, f.id, value, f.unit, f.locator, primary)

    yield reading(activity.label, f.value, own_year)
    if "CO2" in f.gases and f.gases["CO2"] != f.value:
        yield reading(f"{activity.label}, CO2 alone", f.gases["CO2"], False)
    whole: list[float] = []
    for roles, words in ((("td",), "with transmission and distribution losses"), (("wtt",), "with well-to-tank")):
        added = [
            library().match(name, f.year).factor.value
            for rule, name in companions_of(series)
            if rule["role"] in roles and _has(name, f.year)
        ]
        if added:
            yield reading(f"{activity.label}, {words}", f.value + sum(added), False)
            whole.append(sum(added))
    if len(whole) > 1:
        said = "with transmission and distribution losses and well-to-tank of generation"
        yield reading(f"{activity.label}, {said}", f.value + sum(whole), False)


def _has(series: str, year: int) -> bool:
    try:
        return bool(library().match(series, year))
    except FactorError:
        return False


def _judge(
    fits: Sequence[Reading], expected: Reading | None, readings: Sequence[Reading], disclosed: float, year: int | None
) -> tuple[Word, str]:
    if expected is not None and expected in fits:
        others = _others(fits, expected)
        also = f"; also fits {others}" if others else ""
        return "RECONCILED", f"{expected.edition}, {expected.basis}{also}"
    mine = [r for r in fits if r.year == year]
    if len({r.basis for r in mine}) == 1:
        others = _others(fits, mine[0])
        return "RECONCILED", f"{mine[0].edition}, {mine[0].basis}" + (f"; also fits {others}" if others else "")
    distinct = {(r.edition, r.basis) for r in fits}
    if len(distinct) == 1:
        only = fits[0]
        lead = f"not the set of the period ({year}): " if year and only.year != year else ""
        return "RECONCILED", f"{lead}{only.edition}, {only.basis}"
    if fits:
        lead = f"{expected.edition} gives {expected.tonnes:,.6g} t; " if expected else ""
        return "REVIEW", f"{lead}several readings fit: " + "; ".join(f"{r.edition}, {r.basis}" for r in fits[:6])
    slip = _slip(readings, disclosed)
    if slip:
        return "MISMATCH", slip
    best = expected or min(readings, key=lambda r: abs(r.tonnes - disclosed))
    zero = "" if disclosed else "; zero is said where a blank or certificates (market-based) may be meant"
    return "MISMATCH", f"{best.edition}, {best.basis} gives {best.tonnes:,.6g} t{zero}"


def _others(fits: Sequence[Reading], expected: Reading) -> str:
    return "; ".join(f"{r.edition}, {r.basis}" for r in fits[:4] if r != expected and r.basis != expected.basis)


def _slip(readings: Sequence[Reading], disclosed: float) -> str:
    for r in sorted(readings, key=lambda r: not r.primary):
        for times in _SLIPS:
            # the slip turns 91.46 t into 91,460: the zeros behind it are no digits
            if disclosed and abs(r.tonnes * times - disclosed) <= _shown(disclosed) + 1e-9:
                way = "a thousand times" if times > 1 else "a thousandth of"
                return f"the figure is {way} what {r.edition}, {r.basis} gives ({r.tonnes:,.6g} t): a slip of units?"
    return ""
