"""Money over time: price years, discounting, carbon values. Every figure is a row of `factors/values`.

Prices move with the calendar-year GDP deflator of one named vintage; nothing is extrapolated beyond it. Discount
factors multiply year by year, DF(0) = 1, DF(k) = DF(k-1) / (1 + r_k), with the rate of the band that year k lies in.
Timing says when in its year a flow falls: `start` (first flow undiscounted, years 0 to n-1), `end` (years 1 to n),
`mid` (geometric mean of the two). Method: Green Book; METHODS of the accounts, section A4.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from natcap.core.tables import load
from natcap.core.verification import worst

__all__ = [
    "CARBON_SERIES",
    "DEFLATOR",
    "CarbonValue",
    "Level",
    "MoneyError",
    "Schedule",
    "Timing",
    "annuity",
    "carbon_value",
    "carbon_value_row",
    "carbon_values",
    "deflate",
    "deflator",
    "discount_factors",
    "schedule",
    "schedules",
]  # fmt: skip

Floats = NDArray[np.float64]
Timing = Literal["start", "end", "mid"]
Level = Literal["low", "central", "high"]
DEFLATOR = "hmt-2025-12"
CARBON_SERIES = "desnz-2023"
_COLUMN = {"low": "low", "central": "value", "high": "high"}


class MoneyError(LookupError):
    """A year, schedule or series that the tables do not hold; the message says what they do hold."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A discount schedule: rates by band of years, both ends included."""

    id: str
    bands: tuple[tuple[int, int, float], ...]
    source: str
    locator: str
    verified: str
    note: str


@dataclass(frozen=True, slots=True)
class CarbonValue:
    """One row of a carbon value series, GBP of `price_year` per tonne CO2e."""

    year: int
    value: float
    low: float
    high: float
    price_year: int
    id: str
    source: str
    locator: str
    verified: str
    note: str


@lru_cache(maxsize=8)
def deflator(vintage: str = DEFLATOR) -> pd.Series:
    """The GDP deflator of a vintage by calendar year (index: int year). Raises MoneyError."""
    table = load("values/gdp_deflator")
    rows = table[table["vintage"] == vintage]
    if rows.empty:
        raise MoneyError(f"no deflator {vintage!r}; held: {', '.join(sorted(set(table['vintage'])))}")
    return pd.Series(rows["value"].to_numpy(), index=rows["year"].astype(int), name=vintage)


def _index(year: int, vintage: str) -> float:
    held = deflator(vintage)
    if year not in held.index:
        raise MoneyError(
            f"the GDP deflator {vintage} has no year {year}: it runs from {held.index[0]} to {held.index[-1]}"
        )
    return float(held.loc[year])


@overload
def deflate(value: float, from_year: int, to_year: int, vintage: str = DEFLATOR) -> float: ...
@overload
def deflate(value: Floats, from_year: int, to_year: int, vintage: str = DEFLATOR) -> Floats: ...
def deflate(value: float | Floats, from_year: int, to_year: int, vintage: str = DEFLATOR) -> float | Floats:
    """Money of one price year in the prices of another; `value` is a number or an array of any shape.

    Raises MoneyError for a year outside the vintage, also when both years are the same unknown year.
    """
    return value * (_index(to_year, vintage) / _index(from_year, vintage))


@lru_cache(maxsize=1)
def schedules() -> dict[str, Schedule]:
    """Every discount schedule by id: standard, health, sensitivity, review_2026."""
    found: dict[str, Schedule] = {}
    for key, rows in load("values/discount_rates").groupby("schedule", sort=False, dropna=False):
        bands = tuple((int(r["first_year"]), int(r["last_year"]), float(r["value"])) for r in rows.to_dict("records"))
        starts = [1, *(last + 1 for _, last, _ in bands[:-1])]
        if [first for first, _, _ in bands] != starts:
            raise ValueError(f"the bands of discount schedule {key} leave a gap or overlap")
        first = rows.iloc[0]
        found[str(key)] = Schedule(
            str(key), bands, first["source"], first["locator"], worst(rows["verified"]), first["note"]
        )
    return found


def schedule(name: str) -> Schedule:
    """One discount schedule with its source and verification state. Raises MoneyError."""
    if name not in schedules():
        raise MoneyError(f"no discount schedule {name!r}; held: {', '.join(schedules())}")
    return schedules()[name]


def _rates(chosen: str | float, years: int) -> Floats:
    """The rate of each year 1 to `years` (shape years)."""
    if isinstance(chosen, str):
        bands = schedule(chosen).bands
        if years > bands[-1][1]:
            raise MoneyError(f"discount schedule {chosen} ends with year {bands[-1][1]}")
        return np.concatenate([np.full(last - first + 1, rate) for first, last, rate in bands])[:years]
    if not math.isfinite(chosen) or chosen <= -1:
        raise MoneyError(f"{chosen} is not a discount rate; 3.5 % is written 0.035")
    return np.full(years, float(chosen))


def discount_factors(chosen: str | float, n: int, timing: Timing = "start") -> Floats:
    """Discount factors of `n` yearly flows (shape n) under a schedule, or under one flat rate such as 0.035.

    Raises MoneyError for an unknown schedule or timing, and beyond the schedule's last year.
    """
    if n < 0:
        raise MoneyError(f"{n} years cannot be discounted")
    whole = np.concatenate([[1.0], np.cumprod(1.0 / (1.0 + _rates(chosen, n)))])
    if timing == "start":
        return whole[:n]
    if timing == "end":
        return whole[1:]
    if timing == "mid":
        middle: Floats = np.sqrt(whole[:-1] * whole[1:])
        return middle
    raise MoneyError(f"timing is start, end or mid, not {timing!r}")


def annuity(chosen: str | float, n: int, timing: Timing = "start") -> float:
    """Present value of 1 a year for `n` years. Standard schedule, 100 years: start 29.8125, end 28.8634."""
    return math.fsum(discount_factors(chosen, n, timing))


@lru_cache(maxsize=8)
def _series(name: str) -> pd.DataFrame:
    table = load("values/carbon_values")
    rows = table[table["series"] == name]
    if rows.empty:
        raise MoneyError(f"no carbon value series {name!r}; held: {', '.join(sorted(set(table['series'])))}")
    rows = rows.assign(year=rows["year"].astype(int), price_year=rows["price_year"].astype(int))
    if rows["year"].duplicated().any():
        raise ValueError(f"carbon value series {name} has a year twice")
    return rows.set_index("year", drop=False)


def _held(year: int, series: str) -> pd.DataFrame:
    rows = _series(series)
    if year not in rows.index:
        raise MoneyError(
            f"carbon values {series} have no year {year}: they run from {rows.index[0]} to {rows.index[-1]}"
        )
    return rows


def carbon_value_row(year: int, series: str = CARBON_SERIES) -> CarbonValue:
    """The row of a year as published (or derived, see `verified`), in its own price year. Raises MoneyError."""
    r = _held(year, series).loc[[year]].to_dict("records")[0]
    return CarbonValue(
        int(r["year"]), float(r["value"]), float(r["low"]), float(r["high"]), int(r["price_year"]), str(r["id"]),
        str(r["source"]), str(r["locator"]), str(r["verified"]), str(r["note"]),
    )  # fmt: skip


def carbon_values(
    years: Sequence[int] | ArrayLike, level: Level = "central", price_year: int | None = None,
    series: str = CARBON_SERIES, vintage: str = DEFLATOR,
) -> Floats:  # fmt: skip
    """Carbon values of several years (shape of `years`), GBP of `price_year` per tonne CO2e; see `carbon_value`."""
    asked = np.asarray(years, dtype=np.int64)
    if level not in _COLUMN:
        raise MoneyError(f"level is low, central or high, not {level!r}")
    for year in (int(asked.min()), int(asked.max())) if asked.size else ():
        _held(year, series)
    rows = _series(series)
    found: Floats = rows[_COLUMN[level]].reindex(asked.ravel()).to_numpy(dtype=np.float64).reshape(asked.shape)
    base = int(rows["price_year"].iloc[0])
    return found if price_year in (None, base) else deflate(found, base, int(price_year or base), vintage)


def carbon_value(
    year: int, level: Level = "central", price_year: int | None = None, series: str = CARBON_SERIES,
    vintage: str = DEFLATOR,
) -> float:  # fmt: skip
    """GBP per tonne CO2e in `year`, at the series' own prices or rebased with the GDP deflator.

    A rebased value differs from one the publisher rebased itself. Years beyond the table are refused, never held
    constant; rows after 2050 are derived (1.5 % a year) and say so in `carbon_value_row`, as do rows after 2100, the
    horizon of the published table. Raises MoneyError.
    """
    return float(carbon_values([year], level, price_year, series, vintage)[0])
