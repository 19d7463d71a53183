"""Energy use in kWh, as the UK's streamlined energy and carbon reporting asks for it.

Electricity and heat as metered; fuel entered in kWh as entered (net brought to gross with the year's fuel
properties); fuel by volume or mass with the year's gross calorific values; vehicles by distance with the published
kWh rows (net calorific value, as printed there). Only what the report covers is counted: fuels, electricity, heat,
own vehicles, and business travel in employees' or hired cars.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from natcap.carbon.business.models import Choices
from natcap.carbon.business.plan import companions_of, match
from natcap.carbon.business.uses import Part, Use
from natcap.carbon.business.vocabulary import rows_of
from natcap.carbon.inventory import FactorYears
from natcap.core.factors import FactorError, library
from natcap.core.report import FactorRef
from natcap.core.units import UnitError, factor_between, unit

__all__ = ["KINDS", "EnergyRate", "energy_table", "rate"]

KINDS: dict[str, str] = {
    "electricity": "Electricity", "heat": "Heat and steam", "gas": "Gas", "fuel": "Other fuels",
    "transport": "Transport",
}  # fmt: skip
_PROPERTIES = "fuel_properties"


@dataclass(frozen=True, slots=True)
class EnergyRate:
    """kWh per unit entered, how it came about, and the published numbers used. `kwh` is missing where none is held."""

    kind: str
    kwh: float
    how: str
    refs: tuple[FactorRef, ...] = ()


def _kind(use: Use) -> str | None:
    """The heading of a use's energy, or None where it is not energy that the report covers."""
    if use.category in ("electricity", "heat"):
        return use.category
    if use.category == "fuels":
        forecourt = use.activity.id.startswith(("diesel", "petrol"))
        gas = use.activity.stem.startswith("fuels/gaseous-fuels/natural-gas")
        return "transport" if forecourt else "gas" if gas else "fuel"
    grey = use.category == "cat06" and any(r["role"] == "energy" for r, _ in companions_of(use.parts[0].series))
    return "transport" if use.category == "vehicles" or grey else None


def rate(use: Use, years: FactorYears, choices: Choices) -> EnergyRate | None:
    """kWh per unit of a use, or None for a use that is no energy. Shares of blends and years are kept."""
    kind = _kind(use)
    if kind is None:
        return None
    if use.own is not None:
        return _of_own(use, kind)
    total, said, refs = 0.0, [], []
    for part in use.parts:
        for year, share in years.shares:
            try:
                kwh, how, ref = _per_unit(use, part, year, choices)
            except FactorError as error:
                return EnergyRate(kind, float("nan"), str(error))
            total += kwh * part.weight * share
            said.append(how)
            refs += ref
    return EnergyRate(kind, total, "; ".join(dict.fromkeys(said)), tuple({r.id: r for r in refs}.values()))


def _of_own(use: Use, kind: str) -> EnergyRate:
    """A user's factor brings no calorific value: energy is counted where it was entered as energy."""
    for target in ("kWh", "kWh_gross"):
        try:
            return EnergyRate(kind, factor_between(use.unit, target), "as entered")
        except UnitError:
            continue
    return EnergyRate(kind, float("nan"), "your factor brings no calorific value")


def _per_unit(use: Use, part: Part, year: int, choices: Choices) -> tuple[float, str, list[FactorRef]]:
    if use.category in ("electricity", "heat"):
        return factor_between(use.unit, "kWh"), "as metered", []
    if use.category == "fuels":
        return _of_fuel(use, part, year)
    return _of_distance(part, year, choices)


@lru_cache(maxsize=1)
def _fuels() -> dict[str, str]:
    return {row["stem"]: row["fuel"] for row in rows_of("energy")}


def _property(stem: str, name: str, year: int) -> tuple[float, FactorRef]:
    fuel = _fuels().get(stem, stem.rpartition("/")[2])
    found = library().match(f"{_PROPERTIES}/{fuel}/{name}", year, family=_PROPERTIES)
    return found.factor.value, found.factor.ref()


def _of_fuel(use: Use, part: Part, year: int) -> tuple[float, str, list[FactorRef]]:
    stem = part.series.rpartition("/")[0]
    dimension = unit(use.unit).dimension
    if use.unit.endswith("_gross"):
        return factor_between(use.unit, "kWh_gross"), "as entered, gross calorific value", []
    if use.unit.endswith("_net") or dimension == "energy":
        gross, one = _property(stem, "gross-cv/gj-per-tonne", year)
        net, other = _property(stem, "net-cv/gj-per-tonne", year)
        target = "kWh_net" if use.unit.endswith("_net") else "kWh"
        return factor_between(use.unit, target) * gross / net, "net brought to gross calorific value", [one, other]
    if dimension == "mass":
        value, ref = _property(stem, "gross-cv/kwh-per-kg", year)
        return factor_between(use.unit, "kg") * value, "gross calorific value per kg", [ref]
    if part.factor_unit == "m3":
        # kWh per litre of a gas is printed with two figures only; per kg times density keeps five.
        value, ref = _property(stem, "gross-cv/kwh-per-kg", year)
        density, other = _property(stem, "density/kg-per-m3", year)
        return (
            factor_between(use.unit, "m3") * value * density,
            "gross calorific value per kg and density",
            [ref, other],
        )
    value, ref = _property(stem, "gross-cv/kwh-per-litre", year)
    return factor_between(use.unit, "litre") * value, "gross calorific value per litre", [ref]


def _of_distance(part: Part, year: int, choices: Choices) -> tuple[float, str, list[FactorRef]]:
    """Published kWh rows of the vehicle: its fuel, and the electricity it takes where that is published beside it."""
    total, refs = 0.0, []
    rows = [series for rule, series in companions_of(part.series) if rule["role"] == "energy"]
    if not rows:
        raise FactorError(f"no kWh row is published for {part.series}")
    for series in rows:
        found = match(series, year, choices.allow_earlier, "energy").factor
        total += found.value * part.scale * factor_between(part.factor_unit, found.unit)
        refs.append(found.ref())
    return total, "published kWh per distance, net calorific value", refs


def energy_table(
    frame: pd.DataFrame, uses: Sequence[Use], years: FactorYears, choices: Choices
) -> tuple[pd.DataFrame, dict[int, EnergyRate], tuple[str, ...]]:
    """Energy by use: kind, activity, quantity, unit, kWh per unit, kWh; the rates; and what could not be counted.

    `frame` holds use and quantity of each row. A use without a published energy value stays out, and is told.
    """
    rates = {n: found for n, use in enumerate(uses) if (found := rate(use, years, choices)) is not None}
    sums = frame.groupby("use", observed=True)["quantity"].sum(min_count=1)
    known = [n for n in sorted(rates) if n in sums.index]
    gaps = tuple(
        f"{uses[n].activity.label}: energy not counted ({rates[n].how})" for n in known if np.isnan(rates[n].kwh)
    )
    shown = [n for n in known if not np.isnan(rates[n].kwh)]
    table = pd.DataFrame({
        "use": shown, "kind": [KINDS[rates[n].kind] for n in shown],
        "activity": [uses[n].activity.label for n in shown],
        "quantity": [float(sums[n]) for n in shown], "unit": [uses[n].unit for n in shown],
        "rate": [rates[n].kwh for n in shown], "how": [rates[n].how for n in shown],
    })  # fmt: skip
    table["kwh"] = table["quantity"].astype("float64") * table["rate"].astype("float64")
    order = {name: place for place, name in enumerate(KINDS.values())}
    return table.sort_values("kind", key=lambda s: s.map(order), kind="stable").reset_index(drop=True), rates, gaps
