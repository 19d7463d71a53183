"""Paths from a base to a target, what is emitted on the way, budgets and rates.

Method sheet on progress tracking, A3, rows 1 to 9; its worked numbers are the tests. Quantities are in any one unit,
years on the axis of `periods`. Functions raise ValueError with the reason where a path does not exist.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Budget", "Path", "achieved_rate", "budget", "contraction", "convergence", "linear_to_zero", "perpetual_cut",
    "required_rate", "yearly_change",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Path:
    """From `base` at `base_at` to `end` at `end_at`, straight or by a constant rate."""

    base_at: float
    base: float
    end_at: float
    end: float
    shape: Literal["linear", "exponential"] = "linear"

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.base_at, self.base, self.end_at, self.end))):
            raise ValueError("a path needs four finite numbers")
        if self.end_at <= self.base_at:
            raise ValueError(f"the target year {self.end_at:g} is not after the base year {self.base_at:g}")
        if self.shape == "exponential" and (self.base <= 0 or self.end <= 0):
            raise ValueError("a constant rate neither starts from nor reaches zero; use a straight path")

    def at(self, year: float) -> float:
        """Value at `year`; beyond either end the path does not exist (ValueError)."""
        if not self.base_at <= year <= self.end_at:
            raise ValueError(f"{year:g} lies outside the path {self.base_at:g} to {self.end_at:g}")
        if year == self.end_at:
            return self.end
        share = (year - self.base_at) / (self.end_at - self.base_at)
        if self.shape == "linear":
            return self.base + (self.end - self.base) * share
        return float(self.base * (self.end / self.base) ** share)

    @property
    def rate(self) -> float:
        """Constant yearly fall as a share of the year before (an exponential path only)."""
        if self.shape != "exponential":
            raise ValueError("a straight path has no constant rate")
        return float(1 - (self.end / self.base) ** (1 / (self.end_at - self.base_at)))

    def cumulative(self, first: int, last: int, rule: Literal["annual", "trapezoid"] = "annual") -> float:
        """What is emitted from year `first` to `last`, both included.

        `annual` sums the yearly values; `trapezoid` integrates between the yearly points. Say which one was used.
        """
        values = [self.at(year) for year in range(first, last + 1)]
        total = math.fsum(values)
        return total if rule == "annual" else total - (values[0] + values[-1]) / 2


@dataclass(frozen=True, slots=True)
class Budget:
    """What was spent of a budget, what is left, and when it runs out at the rate of the newest year."""

    total: float
    spent: float
    rest: float
    years_left: float
    exhausted: float


def budget(total: float, emissions: Sequence[float], first_year: int) -> Budget:
    """Set yearly `emissions` from `first_year` against a budget of `total`.

    `exhausted` counts from the first day of the year after the last; it lies in the past when the budget is overspent.
    """
    if not emissions or emissions[-1] <= 0:
        raise ValueError("the newest year must have emissions above zero")
    spent = math.fsum(emissions)
    rest = total - spent
    left = rest / emissions[-1]
    return Budget(total, spent, rest, left, first_year + len(emissions) + left)


def perpetual_cut(last: float, rest: float) -> float:
    """The constant yearly cut that keeps all later emissions within `rest`: last / (rest + last)."""
    if last <= 0 or rest <= 0:
        raise ValueError("no constant cut stays within a budget that is spent")
    return last / (rest + last)


def linear_to_zero(last: float, rest: float) -> tuple[float, float]:
    """Years until zero, and the yearly cut, of a straight fall that emits exactly `rest`."""
    if last <= 0 or rest <= 0:
        raise ValueError("no straight fall stays within a budget that is spent")
    years = 2 * rest / last + 1
    return years, last / years


def yearly_change(start: float, end: float, years: float) -> float:
    """Straight change per year."""
    if years <= 0:
        raise ValueError("a change needs a span of years")
    return (end - start) / years


def required_rate(latest: float, target: float, years: float) -> float:
    """Constant yearly fall from `latest` to `target`; ValueError where either is not above zero."""
    if years <= 0:
        raise ValueError("a rate needs a span of years")
    if latest <= 0 or target <= 0:
        raise ValueError("a compound rate does not exist for zero; use the straight form")
    return float(1 - (target / latest) ** (1 / years))


def achieved_rate(earlier: float, latest: float, years: float) -> float:
    """Constant yearly fall from `earlier` to `latest`."""
    return required_rate(earlier, latest, years)


def contraction(base: float, base_year: int, year: int, rate: float) -> float:
    """Absolute contraction: every year `rate` of the base less. ValueError beyond the year in which it reaches zero."""
    left = 1 - rate * (year - base_year)
    if year < base_year or left < 0:
        raise ValueError(f"{year} lies outside the path from {base_year}, which ends at zero")
    return base * left


def convergence(
    base_intensity: float, sector_base: float, sector_year: float, sector_end: float, share: float = 1.0
) -> float:
    """Intensity of the sectoral decarbonisation approach: d * p * m + end.

    `share` m is the base share of the activity over the share in the year. All intensities are in one unit.
    """
    if sector_base == sector_end or share <= 0:
        raise ValueError("the sector must change and the share of the activity be above zero")
    start = base_intensity - sector_end
    progress = (sector_year - sector_end) / (sector_base - sector_end)
    return start * progress * share + sector_end
