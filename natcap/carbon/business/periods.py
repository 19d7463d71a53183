"""How long reporting periods are, and what may be said when they are no year, or unlike each other.

Emissions of eighteen months beside those of twelve are no trend: both lengths are said, and neither a difference nor
a percentage is printed. Amounts are never scaled to a year.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from natcap.carbon.business.checks import thresholds
from natcap.core.project import Period
from natcap.core.words import plural

if TYPE_CHECKING:
    from natcap.carbon.business.result import Result, YearResult

__all__ = ["alike", "is_year", "length", "notes", "unlike"]

_RATIOS = (
    "Intensity divides the emissions of {whole} by the amount as stated: turnover and output have to be those of the "
    "same days, and a ratio by employees or floor area is that of {whole}, not a year."
)


def _months(period: Period) -> int | None:
    """Whole months of a period, from any day of a month to the day before it in another; None where it has none."""
    after = period.end + timedelta(days=1)
    if after.day != period.start.day:
        return None
    return (after.year - period.start.year) * 12 + after.month - period.start.month


def length(period: Period) -> str:
    """The length in words: "18 months (549 days)", or days alone where it is no whole number of months."""
    months = _months(period)
    days = plural(period.days, "day")
    return f"{plural(months, 'month')} ({days})" if months else days


def is_year(period: Period) -> bool:
    """Whether a period is a year: twelve months, or within the days by which weeks may shift its end."""
    slack = thresholds()["year_slack"]
    return 365 - slack <= period.days <= 366 + slack


def unlike(one: Period, other: Period) -> bool:
    """Whether two periods differ by more than a leap day."""
    return abs(one.days - other.days) > 1


def alike(result: Result) -> bool:
    """Whether this year may be compared with last year: it is there and as long."""
    return result.prior is not None and not unlike(result.this.year.period, result.prior.year.period)


def notes(result: Result, ratios: bool = False, others: Sequence[YearResult | None] | None = None) -> tuple[str, ...]:
    """What has to be said of the periods; nothing for a year beside a year.

    `ratios` adds what an intensity of such a period means. `others` are compared with this year, usually last year.
    """
    period = result.this.year.period
    whole = length(period)
    said = []
    if not is_year(period):
        said.append(f"The reporting period {period} is {whole}, not a year.")
    for other in (result.prior,) if others is None else others:
        if other is not None and unlike(period, other.year.period):
            said.append(
                f"The periods are unlike: {period} is {whole}, {other.period} is {length(other.year.period)}. Their "
                "amounts stand side by side and are not compared like for like; nothing was scaled to a year."
            )
    if ratios and said:
        said.append(_RATIOS.format(whole=whole))
    return tuple(said)
