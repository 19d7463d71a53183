"""Present values of dated flows: which years count, their discount factors, and carbon values year by year.

V(t) = sum over the years y of the flow from t on of F p(y) DF(y - t) (METHODS of the accounts, A4 and A8). Year 0 is
the reporting year. A flow with a first year lasts to the end of its life; one without is seen for its whole life anew
in every account.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from natcap.accounts.assets_account.schedules import Option
from natcap.accounts.assets_account.unit_values import carbon_path
from natcap.accounts.organisation_account.given import Terms
from natcap.core.money import Timing, discount_factors

__all__ = ["Worth", "window", "worth"]


@dataclass(frozen=True, slots=True)
class Worth:
    """What 1 a year is worth: `offset` years until it begins, `years` that it lasts, `factor` pounds for a unit.

    For a carbon path the factor is the present value of one tonne a year; else it is the annuity.
    """

    offset: int
    years: int
    factor: float


def window(start: float, life: float, year: int) -> tuple[int, int]:
    """(years from `year` until the flow begins, years of it that are still to come); the latter 0 when it is over."""
    if math.isnan(start):
        return 0, int(life)
    first = max(int(start), year)
    return first - year, max(int(start) + int(life) - first, 0)


@lru_cache(maxsize=1024)
def _factors(option: Option, offset: int, years: int, timing: Timing) -> npt.NDArray[np.float64]:
    return discount_factors(option.rates, offset + years, timing)[offset:]


def worth(start: float, life: float, health: bool, carbon: bool, year: int, terms: Terms) -> Worth:
    """What 1 a year is worth in `year`. Raises MoneyError where discount rates or carbon values do not reach."""
    choices = terms.choices
    offset, years = window(start, life, year)
    factors = _factors(choices.option_of(health), offset, years, choices.timing)
    if not carbon:
        return Worth(offset, years, math.fsum(factors))
    path = carbon_path(year + offset, years, choices.level, terms.price_year, choices.held)
    return Worth(offset, years, math.fsum(path * factors))
