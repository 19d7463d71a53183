"""Asset values: what a service is worth over the life of the asset that supplies it.

V = sum over k from k0 of F g(k) p(t + k) DF(k); g, the projection of the flow, is 1 unless given. The timing of the
flows is a choice that is printed: `start` has k0 = 0 and counts the first year whole (Green Book year 0), `end` has
k0 = 1, so that its flows and carbon values are those of the years t + 1 to t + life; `mid` stands between, with the
years of `start`. Schedules and carbon values are dated data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from natcap.core.money import CARBON_SERIES, Level, Timing, carbon_values, discount_factors

__all__ = ["ROWS", "ExpectedFlow", "asset_account", "expected_flow", "present_value", "present_value_of_carbon"]

Array = npt.NDArray[np.float64]

ROWS: tuple[str, ...] = (
    "opening", "enhancement", "degradation", "conversions in", "conversions out", "catastrophic losses",
    "reappraisals", "revaluation", "closing",
)  # fmt: skip
"""Rows of the monetary ecosystem asset account (SEEA EA Table 10.1, row names recalled)."""


@dataclass(frozen=True, slots=True)
class ExpectedFlow:
    """Mean of the last years of a flow, in one price year, and the years it rests on."""

    value: float
    years: tuple[int, ...]

    @property
    def full(self) -> bool:
        """Whether it rests on five years."""
        return len(self.years) == 5


def expected_flow(years: Sequence[int], values: npt.ArrayLike) -> ExpectedFlow:
    """The mean of the last five years that have a value; a missing year is passed over, not counted as 0.

    Raises ValueError when no year has a value, or a year stands twice.
    """
    v = np.asarray(values, dtype=np.float64)
    if len(set(years)) != len(years) or len(years) != len(v):
        raise ValueError("each year of a flow must stand once, with one value")
    known = sorted((int(y), float(x)) for y, x in zip(years, v, strict=True) if np.isfinite(x))[-5:]
    if not known:
        raise ValueError("no year of the flow has a value")
    return ExpectedFlow(float(np.mean([x for _, x in known])), tuple(y for y, _ in known))


def present_value(
    flow: npt.ArrayLike,
    schedule: str | float,
    life: int,
    timing: Timing = "start",
    growth: npt.ArrayLike = 1.0,
) -> Array:
    """Present value of a yearly flow over `life` years, same shape and price year as `flow`.

    `growth` is what each flow is of the flow of the date: 1 for a constant flow, or shape (life,). Raises MoneyError
    for an unknown schedule or a life beyond it, ValueError for a missing flow or a projection of another length.
    """
    g = np.broadcast_to(np.asarray(growth, dtype=np.float64), (life,))
    f = np.asarray(flow, dtype=np.float64)
    if not np.isfinite(f).all() or not np.isfinite(g).all():
        raise ValueError("a flow is missing; it is not zero")
    result: Array = f * (g * discount_factors(schedule, life, timing)).sum()
    return result


def present_value_of_carbon(
    tonnes: npt.ArrayLike,
    year: int,
    price_year: int,
    schedule: str | float,
    life: int,
    timing: Timing = "start",
    level: Level = "central",
    series: str = CARBON_SERIES,
) -> Array:
    """Present value in `price_year` money of removals (tCO2e a year; negative for emissions), as of `year`.

    `tonnes` is a constant, or has one value per year in its last axis (`life` of them). Raises MoneyError where the
    carbon values or the deflator do not reach.
    """
    t = np.asarray(tonnes, dtype=np.float64)
    if not np.isfinite(t).all():
        raise ValueError("a flow is missing; it is not zero")
    first = year + (timing == "end")
    prices = np.asarray(carbon_values(range(first, first + life), level, price_year, series), dtype=np.float64)
    weights = prices * discount_factors(schedule, life, timing)
    if t.ndim and t.shape[-1] == life:
        result: Array = t @ weights
    else:
        result = t * weights.sum()
    return result


def asset_account(
    opening: float,
    closing: float,
    *,
    enhancement: float = 0.0,
    degradation: float = 0.0,
    conversions_in: float = 0.0,
    conversions_out: float = 0.0,
    catastrophic: float = 0.0,
    reappraisals: float = 0.0,
    revaluation: float = 0.0,
    tolerance: float = 1e-9,
) -> dict[str, float]:
    """The rows of an asset account; opening plus all changes is closing or ArithmeticError is raised.

    With a rolling horizon the passage of time is inside revaluation. `tolerance` is relative to the largest entry.
    """
    changes = (
        enhancement, degradation, conversions_in, conversions_out, catastrophic, reappraisals, revaluation,
    )  # fmt: skip
    gap = opening + sum(changes) - closing
    if abs(gap) > tolerance * max(1.0, abs(opening), abs(closing), *(abs(c) for c in changes)):
        raise ArithmeticError(f"the asset account does not close: {gap:.6g} between opening, changes and closing")
    return dict(zip(ROWS, (opening, *changes, closing), strict=True))
