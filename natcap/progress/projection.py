"""Trend of a falling or rising series with an interval that was tried on every authority of the country.

A straight line through the logarithms of the newest values gives the trend. The interval is not the textbook one,
which holds the truth too rarely because yearly errors hang together (81 % where 95 % is said: method sheet, A3). It is
made of the errors the same rule made in the past, on all authorities and for the same number of years ahead. No
projection is shown without its back-test, nor further ahead than it was tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.core.tables import load

__all__ = [
    "PROBABILITIES", "Backtest", "Projection", "backtest", "chance_at_most", "error_rows", "horizons", "log_errors",
    "project", "tried",
]  # fmt: skip

Array = npt.NDArray[np.float64]
PROBABILITIES: tuple[float, ...] = (0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975)
"""Quantiles of the errors that are kept."""


@dataclass(frozen=True, slots=True)
class Projection:
    """Trend value `ahead` years after the newest, its 95 % interval, and the yearly change of the trend (share)."""

    ahead: int
    value: float
    low: float
    high: float
    yearly: float


@dataclass(frozen=True, slots=True)
class Backtest:
    """A trial on known years: share of authorities inside the interval, median error, authorities, year foretold."""

    coverage: float
    median_error: float
    authorities: int
    year: int


def _line(logs: Array) -> tuple[Array, Array]:
    """Level at the last column and slope per year of straight lines through rows of `logs` (rows, years)."""
    years = np.arange(logs.shape[-1], dtype="float64") - (logs.shape[-1] - 1)
    centred = years - years.mean()
    slope = (logs * centred).sum(axis=-1) / (centred**2).sum()
    return logs.mean(axis=-1) - slope * years.mean(), slope


def log_errors(values: Array, last: int, window: int, ahead: int) -> Array:
    """Errors ln(actual / foretold) of trends fitted to columns `last - window + 1` to `last`, `ahead` columns later.

    `values` has shape (authorities, years), all above zero.
    """
    logs = np.log(values)
    level, slope = _line(logs[:, last - window + 1 : last + 1])
    return np.asarray(logs[:, last + ahead] - (level + slope * ahead))


def _pool(values: Array, window: int, ahead: int, known: int) -> Array:
    """All errors that were known when column `known` was the newest."""
    return np.concatenate([log_errors(values, o, window, ahead) for o in range(window - 1, known - ahead + 1)])


def backtest(values: Array, first_year: int, origin: int, ahead: int, window: int) -> Backtest:
    """Foretell `origin + ahead` from data up to `origin`, with an interval from errors known by then.

    Raises ValueError when no earlier error was known.
    """
    known = origin - first_year
    if known - ahead < window - 1 or known + ahead >= values.shape[1]:
        raise ValueError(f"no earlier trial of {ahead} years ahead is known in {origin}")
    low, high = np.quantile(_pool(values, window, ahead, known), [0.025, 0.975])
    errors = log_errors(values, known, window, ahead)
    inside = float(((errors >= low) & (errors <= high)).mean())
    return Backtest(inside, float(np.median(np.abs(np.exp(-errors) - 1))), len(errors), origin + ahead)


def error_rows(values: Array, window: int, ahead: int) -> Array:
    """The kept quantiles of all errors `ahead` years ahead, as in `factors/progress/projection_errors.csv`."""
    return np.asarray(np.quantile(_pool(values, window, ahead, values.shape[1] - 1), PROBABILITIES))


def _errors(indicator: str, ahead: int) -> pd.DataFrame:
    table = load("progress/projection_errors")
    rows = table[(table["indicator"] == indicator) & (table["ahead"] == str(ahead))]
    return rows.assign(probability=rows["probability"].astype("float64")).sort_values("probability")


def horizons(indicator: str) -> tuple[int, ...]:
    """How many years ahead `indicator` was tried; none for an indicator that never was."""
    table = load("progress/projection_errors")
    return tuple(sorted({int(a) for a in table["ahead"][table["indicator"] == indicator]}))


def tried(indicator: str, ahead: int) -> str:
    """The back-test of `indicator` in a sentence; LookupError when there is none."""
    table = load("progress/projection_backtest")
    rows = table[(table["indicator"] == indicator) & (table["ahead"] == str(ahead))].set_index("measure")["value"]
    if rows.empty:
        raise LookupError(f"no back-test of {indicator} {ahead} years ahead")
    years = f"{ahead} years" if ahead > 1 else "one year"
    return (
        f"Tried on {rows['authorities']:.0f} authorities: foretelling {rows['year']:.0f} from {years} before, "
        f"the interval held {rows['coverage']:.0%} of them and half of the errors were under "
        f"{rows['median_error']:.1%}; over all years that can be tried it held {rows['coverage_all']:.0%}."
    )


def project(indicator: str, values: Sequence[float], ahead: int) -> Projection:
    """Trend through `values` (yearly, oldest first), `ahead` years after the last.

    Raises ValueError for values of zero or less, and LookupError further ahead than was tried.
    """
    if len(values) < 3 or min(values) <= 0:
        raise ValueError("a trend needs three values or more, all above zero")
    errors = _errors(indicator, ahead)
    if errors.empty:
        raise LookupError(f"{indicator} was not tried {ahead} years ahead")
    level, slope = _line(np.log(np.asarray(values, dtype="float64"))[None, :])
    centre = float(np.exp(level[0] + slope[0] * ahead))
    low, high = (centre * float(np.exp(errors["value"].iloc[i])) for i in (0, -1))
    return Projection(ahead, centre, low, high, float(np.exp(slope[0]) - 1))


def chance_at_most(indicator: str, values: Sequence[float], ahead: int, target: float) -> float:
    """Chance that the series is at or under `target` in `ahead` years, by the errors of the past.

    Between 0.025 and 0.975 it is read off the kept quantiles; beyond them it is said as that bound.
    """
    if target <= 0:
        raise ValueError("a trend of constant rate never reaches zero: its chance says nothing")
    centre = project(indicator, values, ahead).value
    errors = _errors(indicator, ahead)
    return float(np.interp(np.log(target / centre), errors["value"], errors["probability"]))
