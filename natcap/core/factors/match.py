"""From one row of an edition to a factor, and what is refused on the way."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from natcap.core.factors.layout import BLANK, BOUND, GASES, VALUE
from natcap.core.factors.model import Factor, FactorError, Match
from natcap.core.verification import worst

if TYPE_CHECKING:
    from natcap.core.factors.editions import Edition

__all__ = ["blended", "factor_of", "label_of"]

_GAS_NAMES = ("CO2", "CH4", "N2O")
_LEVELS = ("level1", "level2", "level3", "level4", "text")
ONLY_CO2 = ".v.."


def label_of(row: pd.Series) -> str:
    """The printed labels in one line, without blanks and with the unit last."""
    parts = [str(row[name]) for name in _LEVELS if row[name] and row[name] != row["uom"]]
    return " / ".join([*parts, str(row["uom"])])


def factor_of(edition: Edition, row: pd.Series, kind: str, bound: bool) -> Factor:
    """The factor in a row of `edition`; FactorError when the row has no number that may be used (see Library.match)."""
    series = str(row["series"])
    if row["kind"] != kind:
        is_a = "energy in kWh per unit" if row["kind"] == "energy" else "an emission factor"
        raise FactorError(f"{series} is {is_a}, not of kind {kind!r}")
    if not row["unit"]:
        raise FactorError(f"{series}: its unit {row['uom']!r} is not known, add its spelling to factors/units")
    value, low, high, note = _number(edition, row, bound)
    gases = {name: float(row[c]) for name, c in zip(_GAS_NAMES, GASES[1:], strict=True) if not math.isnan(row[c])}
    verified = "judged" if row["state"][0] == BOUND and edition.verified != "read" else edition.verified
    return Factor(
        str(row["factor_id"]), series, label_of(row), value, str(row["unit"]), edition.id, edition.year,
        str(row["gwp_set"]), edition.source, str(row["locator"]), verified, kind, gases, low, high, note,
    )  # fmt: skip


def _number(edition: Edition, row: pd.Series, bound: bool) -> tuple[float, float | None, float | None, str]:
    series, state, printed = row["series"], str(row["state"]), str(row["printed"])
    if state[0] == VALUE:
        note = printed if row["kind"] == "emission" else ""
        return float(row["kwh" if row["kind"] == "energy" else "kg_co2e"]), None, None, note
    if state == ONLY_CO2:
        return float(row["kg_co2"]), None, None, "published as CO2 only, without a total"
    if state[0] == BOUND:
        if not bound:
            raise FactorError(f"{series}: the {edition.year} edition prints {printed!r}, a bound and no value")
        high = float(printed.strip("< "))
        return high, 0.0, high, f"printed as {printed!r}: the upper bound is used"
    why = "left blank by its publisher" if state[0] == BLANK else "without a total in the official rows"
    raise FactorError(f"{series} is not published for {edition.year}: {why}. A blank is not zero")


def blended(matches: Mapping[int, Match], days: Mapping[int, int]) -> Match:
    """The factors of several years, weighted by days, as one factor (the publisher's "blended" rule).

    Gases are blended where every year has them. Raises FactorError when units or kinds differ.
    """
    factors = {year: match.factor for year, match in matches.items()}
    first = next(iter(factors.values()))
    if len({(f.unit, f.kind) for f in factors.values()}) != 1:
        raise FactorError(f"{first.series} changes its unit between {min(factors)} and {max(factors)}")
    total = sum(days.values())
    shares = {year: days[year] / total for year in factors}

    def mean(numbers: Mapping[int, float]) -> float:
        return math.fsum(shares[year] * number for year, number in numbers.items())

    common = [g for g in _GAS_NAMES if all(g in f.gases for f in factors.values())]
    ranged = any(f.low is not None for f in factors.values())
    said = ", ".join(f"{days[year]} days of {year} at {f.value:g}" for year, f in factors.items())
    notes = [m.note for m in matches.values() if m.note]
    factor = Factor(
        id=" + ".join(f"{days[y]}*{f.id}" for y, f in factors.items()),
        series=first.series,
        label=first.label,
        value=mean({y: f.value for y, f in factors.items()}),
        unit=first.unit,
        edition=" + ".join(f.edition for f in factors.values()),
        year=max(factors),
        gwp_set=" and ".join(sorted({f.gwp_set for f in factors.values()})),
        source=factors[max(factors)].source,
        locator="; ".join(f"{y}: {f.locator}" for y, f in factors.items()),
        verified=worst(f.verified for f in factors.values()),
        kind=first.kind,
        gases={g: mean({y: f.gases[g] for y, f in factors.items()}) for g in common},
        low=mean({y: f.value if f.low is None else f.low for y, f in factors.items()}) if ranged else None,
        high=mean({y: f.value if f.high is None else f.high for y, f in factors.items()}) if ranged else None,
        note=said,
    )
    return Match(factor, "blended", max(factors), "; ".join([said, *notes]))
