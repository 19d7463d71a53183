"""What one unit of a yearly flow is worth over the life of its asset: annuities, and the carbon path year by year.

V = sum over k of F p(t + k) DF(k) (METHODS of the accounts, A4). The flow of year t + k has the price of year t + k
under every timing; timing says only whether it is discounted by DF(k), DF(k + 1) or their geometric mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from natcap.accounts.assets_account.choices import AssetChoices
from natcap.accounts.assets_account.schedules import Option, annuity_factors
from natcap.accounts.services.account import Service, ServiceAccount
from natcap.core.money import CARBON_SERIES, CarbonValue, Level, MoneyError, Timing, carbon_value_row, carbon_values
from natcap.core.problems import Problems
from natcap.core.project import FILE

__all__ = ["DATES", "UnitValue", "annuity", "carbon_path", "carbon_row", "path_value", "unit_values"]

DATES: tuple[str, str] = ("opening", "closing")


@dataclass(frozen=True, slots=True)
class UnitValue:
    """A service at a date: `annuity` for 1 a year; `path` GBP for 1 t CO2e a year, `first` its first price."""

    service: str
    date: str
    year: int
    option: Option
    life: int
    annuity: float
    path: float = np.nan
    first: float = np.nan

    @property
    def carbon(self) -> bool:
        return bool(np.isfinite(self.path))


@lru_cache(maxsize=512)
def carbon_row(year: int) -> CarbonValue:
    """The carbon value of a year with its page. Raises MoneyError."""
    return carbon_value_row(year)


@lru_cache(maxsize=256)
def annuity(option: Option, life: int, timing: Timing) -> float:
    """Present value of 1 a year over `life` years."""
    return float(annuity_factors(option, life, timing).sum())


def carbon_path(year: int, life: int, level: Level, price_year: int) -> npt.NDArray[np.float64]:
    """Carbon values from `year` on, shape (life,), GBP of `price_year` per t CO2e. Raises MoneyError."""
    return carbon_values(range(year, year + life), level, price_year)


@lru_cache(maxsize=1024)
def path_value(year: int, option: Option, life: int, timing: Timing, level: Level, price_year: int) -> float:
    """Present value of 1 t CO2e a year from `year` over `life` years. Raises MoneyError where a year has no value."""
    return float(carbon_path(year, life, level, price_year) @ annuity_factors(option, life, timing))


def unit_values(account: ServiceAccount, choices: AssetChoices) -> Mapping[tuple[str, str], UnitValue]:
    """By (service, date), for the services of the rows. Raises InputProblems where a price or a rate is missing."""
    problems, found = Problems(), {}
    used = set(account.rows["service"])
    for service in (s for s in account.services.values() if s.id in used):
        for date, year in zip(DATES, account.years, strict=True):
            try:
                found[service.id, date] = _of(service, date, year, account.price_year, choices)
            except MoneyError as error:
                _tell(problems, service, date, year, error)
    problems.raise_if_any()
    return found


def _of(service: Service, date: str, year: int, price_year: int, choices: AssetChoices) -> UnitValue:
    option = choices.option_of(service.health)
    plain = UnitValue(service.id, date, year, option, service.life, annuity(option, service.life, choices.timing))
    if service.price != "carbon":
        return plain
    path = path_value(year, option, service.life, choices.timing, choices.level, price_year)
    first = float(carbon_path(year, 1, "central", price_year)[0])
    return UnitValue(service.id, date, year, option, service.life, plain.annuity, path, first)


def _tell(problems: Problems, service: Service, date: str, year: int, error: MoneyError) -> None:
    last = year + service.life - 1
    problems.add(
        FILE, f"the {date} year {year} with an asset life of {service.life} years for {service.name}",
        f"a value for every year from {year} to {last} in {CARBON_SERIES}, its prices and discount rates",
        f"{error}. Nothing is extrapolated: choose dates within these years, "
        "or assets = false in [choices] for an account of flows alone",
        cell=f"choices.{date}_year",
    )  # fmt: skip
