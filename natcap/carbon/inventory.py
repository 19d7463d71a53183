"""What every inventory of an organisation shares: scopes, which factor year applies, totals that never mix bases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from natcap.core.lines import MARKET, OUTSIDE
from natcap.core.project import Period

__all__ = [
    "RULES", "SCOPE_1", "SCOPE_2", "SCOPE_3", "FactorYears", "Totals", "days_by_year", "factor_years", "month_starts",
    "span", "total_of", "totals",
]  # fmt: skip

SCOPE_1, SCOPE_2, SCOPE_3 = "Scope 1", "Scope 2", "Scope 3"
RULES: tuple[str, ...] = ("majority", "blended")
"""Ways to choose the factor edition of a reporting period that touches two calendar years."""


@dataclass(frozen=True, slots=True)
class FactorYears:
    """Which edition years apply to a period, and the share of the period each stands for (they sum to 1)."""

    rule: str
    shares: tuple[tuple[int, float], ...]
    why: str

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(year for year, _ in self.shares)


def span(period: Period) -> str:
    """A period as lines name it: both days, even for a year: a spreadsheet takes digits for a number."""
    return f"{period.start.isoformat()} to {period.end.isoformat()}"


def days_by_year(period: Period) -> dict[int, int]:
    """Days of the period in each calendar year it touches."""
    found: dict[int, int] = {}
    for year in range(period.start.year, period.end.year + 1):
        first, last = max(period.start, date(year, 1, 1)), min(period.end, date(year, 12, 31))
        found[year] = (last - first).days + 1
    return found


def _months_by_year(period: Period) -> dict[int, int] | None:
    """Whole months in each calendar year, or None when the period does not consist of whole months."""
    if period.start.day != 1 or (period.end + timedelta(days=1)).day != 1:
        return None
    found: dict[int, int] = {}
    for first in month_starts(period.start, period.end):
        found[first.year] = found.get(first.year, 0) + 1
    return found


def month_starts(start: date, end: date) -> list[date]:
    """The first day of every month from that of `start` to that of `end`."""
    count = (end.year - start.year) * 12 + end.month - start.month + 1
    months = (start.year * 12 + start.month - 1 + n for n in range(count))
    return [date(m // 12, m % 12 + 1, 1) for m in months]


def factor_years(period: Period, rule: str = "majority", fixed: int | None = None) -> FactorYears:
    """The factor years of a reporting period by the UK Government rules for company reporting.

    "majority": the year that holds most months of the period (most days where it is not whole months), the newest
    where they tie, so that a year from July to June takes the newest set. "blended": every year by its share of
    days. `fixed` overrides both and is said. Raises ValueError for an unknown rule.
    """
    if fixed is not None:
        return FactorYears("fixed", ((fixed, 1.0),), f"the {fixed} factors were asked for by name")
    days = days_by_year(period)
    if rule == "blended":
        shares = tuple((year, n / period.days) for year, n in days.items())
        said = ", ".join(f"{n} days of {year}" for year, n in days.items())
        return FactorYears(rule, shares, f"factors blended by days: {said}")
    if rule != "majority":
        raise ValueError(f"factor year rule {rule!r}: expected one of {', '.join(RULES)}")
    months = _months_by_year(period)
    counted, word = (months, "months") if months else (days, "days")
    year = max(counted, key=lambda y: (counted[y], y))
    if len(counted) == 1:
        return FactorYears(rule, ((year, 1.0),), f"the whole period lies in {year}")
    said = ", ".join(f"{n} {word} of {y}" for y, n in counted.items())
    tie = "; of equal shares the newest counts" if len(set(counted.values())) == 1 else ""
    return FactorYears(rule, ((year, 1.0),), f"factors of {year}, the year with most of the period ({said}{tie})")


@dataclass(frozen=True, slots=True)
class Totals:
    """Kilograms CO2e by scope. `total` is scope 1 + scope 2 location-based + scope 3; None where there are no lines."""

    scope1: float | None
    location: float | None
    market: float | None
    scope3: float | None
    outside: float | None

    @property
    def total(self) -> float | None:
        return total_of((self.scope1, self.location, self.scope3))

    @property
    def total_market(self) -> float | None:
        return total_of((self.scope1, self.market, self.scope3))


def total_of(parts: Iterable[float | None]) -> float | None:
    """The sum of the parts that exist; None where none does, because no lines is not zero."""
    there = [part for part in parts if part is not None]
    return sum(there) if there else None


def totals(lines: pd.DataFrame) -> Totals:
    """Sum the lines by scope. Location-based and market-based electricity stand beside each other, never summed."""
    sums = lines.groupby("section", observed=True)["kg_co2e"].sum(min_count=1)
    found = {str(section): float(value) for section, value in sums.items()}
    return Totals(*(found.get(name) for name in (SCOPE_1, SCOPE_2, MARKET, SCOPE_3, OUTSIDE)))
