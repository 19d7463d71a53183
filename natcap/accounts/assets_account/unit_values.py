"""What one unit of a yearly flow is worth over the life of its asset: annuities, and the carbon path year by year.

V = sum over k from k0 of F g(k) p(t + k) DF(k), `life` terms (METHODS of the accounts, A4); g is 1 but for flows that
have a projection. Timing `end` begins at k0 = 1: its flows are those of the years t + 1 to t + life, each with the
projection and the carbon value of its own year. `start` and `mid` begin at k0 = 0; `mid` takes the geometric mean of
DF(k) and DF(k + 1) for DF(k).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.accounts.assets_account.choices import AssetChoices
from natcap.accounts.assets_account.projection import Curve, Curves, curves_of, first_flow
from natcap.accounts.assets_account.schedules import Option, annuity_factors
from natcap.accounts.services.account import Service, ServiceAccount
from natcap.core.money import (
    CARBON_SERIES,
    CarbonValue,
    Level,
    MoneyError,
    Timing,
    carbon_value_row,
    carbon_values,
    deflate,
)
from natcap.core.problems import Problems
from natcap.core.project import FILE
from natcap.core.tables import load

__all__ = [
    "DATES", "RENTAL_TIMING", "UnitValue", "Units", "annuity", "carbon_path", "carbon_row", "first_carbon_year",
    "first_flow", "last_carbon_year", "path_value", "unit_values",
]  # fmt: skip

DATES: tuple[str, str] = ("opening", "closing")
RENTAL_TIMING: Timing = "end"
"""Yearly equivalent = capital x r / (1 - (1 + r)^-n) is the rent of n years, each paid at its end."""


@dataclass(frozen=True, slots=True)
class UnitValue:
    """A service at a date: `annuity` for 1 a year; on a carbon path, `path` GBP for 1 t CO2e a year, `first` price.

    With a projection, its `curve`, both are for a flow of 1 in the year of the date that then follows the projection.
    `lacks` says why there is no path: then nothing of the service is valued at that date. `timing` is the chosen one,
    but for a yearly equivalent of capital, which is paid at the end of each year.
    """

    service: str
    date: str
    year: int
    option: Option
    life: int
    annuity: float
    timing: Timing = "start"
    carbon: bool = False
    path: float = np.nan
    first: float = np.nan
    lacks: str = ""
    curve: Curve | None = None

    @property
    def followed(self) -> str:
        """The id of the projection that the flow follows; "" for a constant one."""
        return "" if self.curve is None else self.curve.id

    @property
    def on_path(self) -> bool:
        """Whether there is a carbon path and it is whole."""
        return self.carbon and not self.lacks

    @property
    def alone(self) -> bool:
        """Whether the flow of the year stands alone, and no mean of the years before: on a path or a projection."""
        return self.carbon or self.curve is not None


@dataclass(frozen=True)
class Units:
    """What units are worth, by (service, date, id of the projection or "")."""

    held: Mapping[tuple[str, str, str], UnitValue]
    curves: Curves

    def __iter__(self) -> Iterator[UnitValue]:
        return iter(self.held.values())

    def of(self, row: Mapping[Hashable, Any]) -> UnitValue:
        """What the flow of a row (service, date, type) is worth."""
        return self.held[self.key(row)]

    def by_row(self, rows: pd.DataFrame) -> list[UnitValue]:
        """The same for every row of a table."""
        return [self.of(row) for row in rows[["service", "date", "type"]].to_dict("records")]

    def key(self, row: Mapping[Hashable, Any]) -> tuple[str, str, str]:
        curve = self.curves.of(row["service"], row["type"])
        return row["service"], row["date"], "" if curve is None else curve.id

    @property
    def dated(self) -> dict[tuple[str, str], UnitValue]:
        """One for each service and date, for what does not depend on projections."""
        return {(unit.service, unit.date): unit for unit in self}


@lru_cache(maxsize=512)
def carbon_row(year: int) -> CarbonValue:
    """The carbon value of a year with its page. Raises MoneyError."""
    return carbon_value_row(year)


@lru_cache(maxsize=1)
def _carbon_years() -> tuple[int, int]:
    table = load("values/carbon_values")
    years = table.loc[table["series"] == CARBON_SERIES, "year"].astype(int)
    return int(years.min()), int(years.max())


def first_carbon_year() -> int:
    """The first year of the carbon values."""
    return _carbon_years()[0]


def last_carbon_year() -> int:
    """The last year of the carbon values."""
    return _carbon_years()[1]


@lru_cache(maxsize=1024)
def annuity(option: Option, life: int, timing: Timing, curve: Curve | None = None, year: int = 0) -> float:
    """Present value of 1 a year over `life` years; with a curve, of a flow that is 1 in `year` and follows it.

    Raises LookupError where the curve has no index for a year.
    """
    factors = annuity_factors(option, life, timing)
    return float(factors.sum() if curve is None else curve.growth(year, life, timing) @ factors)


def carbon_path(year: int, life: int, level: Level, price_year: int, held: bool = False) -> npt.NDArray[np.float64]:
    """Carbon values from `year` on, shape (life,), GBP of `price_year` per t CO2e. Raises MoneyError.

    `held`: years before the first carbon value take the first (a choice of the user, told in the result).
    """
    years = np.arange(year, year + life)
    return carbon_values(np.maximum(years, first_carbon_year()) if held else years, level, price_year)


@lru_cache(maxsize=1024)
def path_value(
    year: int, option: Option, life: int, timing: Timing, level: Level, price_year: int, held: bool = False,
    curve: Curve | None = None,
) -> float:  # fmt: skip
    """Present value in `year` of 1 t CO2e a year over `life` years, as the curve goes on where there is one.

    Raises MoneyError where a year has no carbon value, LookupError where it has no index.
    """
    path = carbon_path(first_flow(year, timing), life, level, price_year, held)
    flow = path if curve is None else path * curve.growth(year, life, timing)
    return float(flow @ annuity_factors(option, life, timing))


def unit_values(account: ServiceAccount, choices: AssetChoices) -> Units:
    """For the services of the rows, at both dates; with a projection, at the dates that have a flow which follows it.

    Raises InputProblems for a price year that is not held, and for projections that do not fit (see `curves_of`).
    """
    problems, used = Problems(), set(account.rows["service"])
    try:
        deflate(1.0, account.price_year, account.price_year)
    except MoneyError as error:
        problems.add(FILE, f"the price year {account.price_year}", "a year of the GDP deflator", f"{error}",
                     cell="choices.price_year")  # fmt: skip
    problems.raise_if_any()
    curves = curves_of(account, choices)
    found = {}
    for service in account.services.values():
        for date, year in zip(DATES, account.years, strict=True) if service.id in used else ():
            for curve in _followed(account.rows, service.id, date, curves):
                made = _of(service, date, year, account.price_year, choices, curve)
                found[service.id, date, made.followed] = made
    return Units(found, curves)


def _followed(rows: pd.DataFrame, service: str, date: str, curves: Curves) -> list[Curve | None]:
    """The projections, or None for constant flows, that the rows of a service at a date follow."""
    types = rows.loc[(rows["service"] == service) & (rows["date"] == date), "type"].unique()
    found = {curve.id if curve else "": curve for curve in (curves.of(service, kind) for kind in types)}
    alone = not any(key == service for key, _ in curves.held)
    return list(found.values()) if found or not alone else [None]


def _of(
    service: Service, date: str, year: int, price_year: int, choices: AssetChoices, curve: Curve | None
) -> UnitValue:
    option = choices.rental if service.rental else choices.option_of(service.health)
    timing, life = RENTAL_TIMING if service.rental else choices.timing, service.life
    worth = annuity(option, life, timing, curve, year)
    plain = UnitValue(service.id, date, year, option, life, worth, timing, curve=curve)
    if service.price != "carbon":
        return plain
    try:
        path = path_value(year, option, life, choices.timing, choices.level, price_year, choices.held,
                          curve)  # fmt: skip
    except MoneyError as error:
        return replace(plain, carbon=True, lacks=str(error))
    first = float(carbon_path(year, 1, "central", price_year, choices.held)[0])
    return replace(plain, carbon=True, path=path, first=first)
