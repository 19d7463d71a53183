"""The smaller families: electricity back to 2002, spend multipliers, residual mix, fuel properties.

Each is a parameter table (natcap.core.tables) with three more columns: `series` ("spend/sic-62"), `year`, and `gas`
(empty for the number itself, CO2, CH4 or N2O for its parts).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from natcap.core.factors.model import Factor, FactorError, Match
from natcap.core.sources import source
from natcap.core.tables import load

__all__ = ["FAMILIES", "family_of", "family_table", "match_parameter", "parameter_row"]

FAMILIES: dict[str, str] = {
    "uk_electricity": "uk_electricity/electricity",
    "spend": "spend/multipliers",
    "residual_mix": "residual_mix/gb",
    "fuel_properties": "fuel_properties/properties",
}
"""Family -> the table that holds it."""


def family_of(series: str) -> str | None:
    """The parameter family that a series id names by its first part; None when it is not one of them."""
    first = series.partition("/")[0]
    return first if first in FAMILIES else None


@lru_cache(maxsize=8)
def _table(family: str, folder: Path) -> pd.DataFrame:
    frame = load(FAMILIES[family], folder)
    return frame.assign(year=frame["year"].astype("int64"))


@lru_cache(maxsize=8)
def _records(family: str, folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of each series, as plain dictionaries: one lookup is a few comparisons."""
    found: dict[str, list[dict[str, Any]]] = {}
    for record in _table(family, folder).to_dict("records"):
        found.setdefault(record["series"], []).append({str(k): v for k, v in record.items()})
    return found


def family_table(family: str, folder: Path) -> pd.DataFrame:
    """Every row of a family, as natcap.core.tables.load gives it, with `year` as whole number."""
    return _table(family, folder).copy()


def _factor(row: Mapping[str, Any], gases: dict[str, float]) -> Factor:
    counted, _, per = row["unit"].partition("/")
    emission = counted == "kg_co2e"
    low, high = (None if math.isnan(row[end]) else float(row[end]) for end in ("low", "high"))
    return Factor(
        row["id"], row["series"], row["parameter"], float(row["value"]), per if emission else row["unit"],
        f"{row['id'].partition('/')[0]} {row['year']}", int(row["year"]), row["gwp_set"], source(row["source"]),
        row["locator"], row["verified"], "emission" if emission else "property", gases, low, high, row["note"],
    )  # fmt: skip


def match_parameter(family: str, series: str, year: int, allow_earlier: bool, folder: Path) -> Match:
    """As Library.match, for a parameter family. A blank value is refused; nothing is filled in silently."""
    rows = _records(family, folder).get(series, [])
    held = sorted(row["year"] for row in rows if not row["gas"] and not math.isnan(row["value"]))
    if not held:
        raise FactorError(f"there is no series {series!r} in {family}")
    used, how, note = year, "exact", ""
    if year not in held:
        earlier = [y for y in held if y < year]
        nearest = min(held, key=lambda y: (abs(y - year), -y))
        if not (allow_earlier and earlier):
            raise FactorError(f"{series} is not published for {year}; the nearest year is {nearest}", nearest=nearest)
        used, how, note = earlier[-1], "earlier edition", f"no factor for {year}: that of {earlier[-1]} is used"
    there = {row["gas"]: row for row in rows if row["year"] == used}
    gases = {gas: float(row["value"]) for gas, row in there.items() if gas and not math.isnan(row["value"])}
    return Match(_factor(there[""], gases), how, year, note)


def parameter_row(factor_id: str, folder: Path) -> Factor:
    """The factor behind a row id such as "spend/2023/sic-62"; KeyError when there is none."""
    family = family_of(factor_id)
    if family is None:
        raise KeyError(factor_id)
    for rows in _records(family, folder).values():
        for row in rows:
            if row["id"] == factor_id and not math.isnan(row["value"]):
                return _factor(row, {})
    raise KeyError(factor_id)
