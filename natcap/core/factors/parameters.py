"""The smaller families: electricity back to 2002, spend multipliers, residual mix, fuel properties.

Each is a parameter table (natcap.core.tables) with three more columns: `series` ("spend/sic-62"), `year`, and `gas`
(empty for the number itself, CO2, CH4 or N2O for its parts).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
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
def _places(family: str, folder: Path) -> dict[str, list[int]]:
    """Row positions of each series."""
    found: dict[str, list[int]] = {}
    for place, name in enumerate(_table(family, folder)["series"]):
        found.setdefault(name, []).append(place)
    return found


def family_table(family: str, folder: Path) -> pd.DataFrame:
    """Every row of a family, as natcap.core.tables.load gives it, with `year` as whole number."""
    return _table(family, folder).copy()


def _factor(row: pd.Series, gases: dict[str, float]) -> Factor:
    counted, _, per = str(row["unit"]).partition("/")
    emission = counted == "kg_co2e"
    low, high = (None if np.isnan(row[end]) else float(row[end]) for end in ("low", "high"))
    return Factor(
        str(row["id"]), str(row["series"]), str(row["parameter"]), float(row["value"]),
        per if emission else str(row["unit"]), f"{row['id'].partition('/')[0]} {row['year']}", int(row["year"]),
        str(row.get("gwp_set", "")), source(str(row["source"])), str(row["locator"]), str(row["verified"]),
        "emission" if emission else "property", gases, low, high, str(row["note"]),
    )  # fmt: skip


def match_parameter(family: str, series: str, year: int, allow_earlier: bool, folder: Path) -> Match:
    """As Library.match, for a parameter family. A blank value is refused; nothing is filled in silently."""
    rows = _table(family, folder).iloc[_places(family, folder).get(series, [])]
    held = sorted(set(rows.loc[(rows["gas"] == "") & rows["value"].notna(), "year"]))
    if not held:
        raise FactorError(f"there is no series {series!r} in {family}")
    used, how, note = year, "exact", ""
    if year not in held:
        earlier = [y for y in held if y < year]
        nearest = min(held, key=lambda y: (abs(y - year), -y))
        if not (allow_earlier and earlier):
            raise FactorError(f"{series} is not published for {year}; the nearest year is {nearest}", nearest=nearest)
        used, how, note = earlier[-1], "earlier edition", f"no factor for {year}: that of {earlier[-1]} is used"
    there = rows[rows["year"] == used]
    gases = {str(g): float(v) for g, v in zip(there["gas"], there["value"], strict=True) if g and not np.isnan(v)}
    return Match(_factor(there[there["gas"] == ""].iloc[0], gases), how, year, note)


def parameter_row(factor_id: str, folder: Path) -> Factor:
    """The factor behind a row id such as "spend/2023/sic-62"; KeyError when there is none."""
    family = family_of(factor_id)
    if family is None:
        raise KeyError(factor_id)
    rows = _table(family, folder)
    found = rows[rows["id"] == factor_id]
    if len(found) != 1:
        raise KeyError(factor_id)
    return _factor(found.iloc[0], {})
