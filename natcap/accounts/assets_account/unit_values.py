"""What one unit of a yearly flow is worth over the life of its asset: annuities, and the carbon path year by year.

V = sum over k from k0 of F p(t + k) DF(k), `life` terms (METHODS of the accounts, A4). Timing `end` begins at k0 = 1:
its flows are those of the years t + 1 to t + life, each with the carbon value of its own year. `start` and `mid` begin
at k0 = 0; `mid` takes the geometric mean of DF(k) and DF(k + 1) for DF(k).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from natcap.accounts.assets_account.choices import AssetChoices
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
    "DATES", "RENTAL_TIMING", "UnitValue", "annuity", "carbon_path", "carbon_row", "first_carbon_year", "first_flow",
    "last_carbon_year", "path_value", "unit_values",
]  # fmt: skip

DATES: tuple[str, str] = ("opening", "closing")
RENTAL_TIMING: Timing = "end"
"""Yearly equivalent = capital x r / (1 - (1 + r)^-n) is the rent of n years, each paid at its end."""


@dataclass(frozen=True, slots=True)
class UnitValue:
    """A service at a date: `annuity` for 1 a year; on a carbon path, `path` GBP for 1 t CO2e a year, `first` price.

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

    @property
    def on_path(self) -> bool:
        """Whether there is a carbon path and it is whole."""
        return self.carbon and not self.lacks


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


@lru_cache(maxsize=256)
def annuity(option: Option, life: int, timing: Timing) -> float:
    """Present value of 1 a year over `life` years."""
    return float(annuity_factors(option, life, timing).sum())


def first_flow(year: int, timing: Timing) -> int:
    """The year of the first flow that an asset value of `year` counts: the year after it with timing `end`."""
    return year + (timing == "end")


def carbon_path(year: int, life: int, level: Level, price_year: int, held: bool = False) -> npt.NDArray[np.float64]:
    """Carbon values from `year` on, shape (life,), GBP of `price_year` per t CO2e. Raises MoneyError.

    `held`: years before the first carbon value take the first (a choice of the user, told in the result).
    """
    years = np.arange(year, year + life)
    return carbon_values(np.maximum(years, first_carbon_year()) if held else years, level, price_year)


@lru_cache(maxsize=1024)
def path_value(
    year: int, option: Option, life: int, timing: Timing, level: Level, price_year: int, held: bool = False
) -> float:
    """Present value in `year` of 1 t CO2e a year over `life` years. Raises MoneyError where a year has no value."""
    path = carbon_path(first_flow(year, timing), life, level, price_year, held)
    return float(path @ annuity_factors(option, life, timing))


def unit_values(account: ServiceAccount, choices: AssetChoices) -> Mapping[tuple[str, str], UnitValue]:
    """By (service, date), for the services of the rows. Raises InputProblems for a price year that is not held."""
    problems, used = Problems(), set(account.rows["service"])
    try:
        deflate(1.0, account.price_year, account.price_year)
    except MoneyError as error:
        problems.add(FILE, f"the price year {account.price_year}", "a year of the GDP deflator", f"{error}",
                     cell="choices.price_year")  # fmt: skip
    problems.raise_if_any()
    return {
        (service.id, date): _of(service, date, year, account.price_year, choices)
        for service in account.services.values() if service.id in used
        for date, year in zip(DATES, account.years, strict=True)
    }  # fmt: skip


def _of(service: Service, date: str, year: int, price_year: int, choices: AssetChoices) -> UnitValue:
    option = choices.rental if service.rental else choices.option_of(service.health)
    timing, life = RENTAL_TIMING if service.rental else choices.timing, service.life
    plain = UnitValue(service.id, date, year, option, life, annuity(option, life, timing), timing)
    if service.price != "carbon":
        return plain
    try:
        path = path_value(year, option, life, choices.timing, choices.level, price_year, choices.held)
    except MoneyError as error:
        return replace(plain, carbon=True, lacks=str(error))
    first = float(carbon_path(year, 1, "central", price_year, choices.held)[0])
    return replace(plain, carbon=True, path=path, first=first)
