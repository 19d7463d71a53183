"""Uncertainty travels: ranges on factors and inputs become ranges on results.

Low and high of a factor are read as its 5th and 95th percentile. Without a stated kind a factor is lognormal where
low is above zero, mu = ln(central), sigma = ln(high / low) / (2 x 1.6449), and triangular from low to high otherwise
(METHODS of the accounts, A7). Discount schedules and carbon values are scenarios, never distributions.

Each factor id has one order of draws, made from the seed and the id alone. All that use the factor share it, whatever
they multiply it by, so the difference of two options is paired. Draws are Latin hypercube samples: every factor takes
each of its n quantiles once, and different factors take them in independent orders.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "DRAWS", "KINDS", "Distribution", "Draws", "Summary", "distribution", "summary", "total_of_lines",
    "variance_shares",
]  # fmt: skip

Floats = NDArray[np.float64]
Kind = Literal["fixed", "lognormal", "triangular", "normal", "pert"]
KINDS: tuple[str, ...] = ("fixed", "lognormal", "triangular", "normal", "pert")
DRAWS = 10_000
_Z95 = NormalDist().inv_cdf(0.95)
_STEPS = 4096


class Summary(NamedTuple):
    """The 5th, 50th and 95th percentile of draws. The median is not the deterministic central value."""

    p5: float
    median: float
    p95: float


@lru_cache(maxsize=8)
def _levels(n: int) -> Floats:
    """The n probabilities that every factor takes once: the middles of n equal strata."""
    return (np.arange(n) + 0.5) / n


@lru_cache(maxsize=8)
def _normal(n: int) -> Floats:
    """Standard normal quantiles at `_levels(n)`."""
    inverse = NormalDist().inv_cdf
    return np.array([inverse(float(level)) for level in _levels(n)])


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a number could be: its kind and its low, central and high value."""

    kind: Kind
    low: float
    central: float
    high: float

    def quantiles(self, n: int) -> Floats:
        """The n quantiles in rising order, shape (n,), in the unit of the number."""
        if self.kind == "fixed":
            return np.full(n, self.central)
        if self.kind == "lognormal":
            return self.central * np.exp(_normal(n) * math.log(self.high / self.low) / (2 * _Z95))
        if self.kind == "normal":
            return self.central + _normal(n) * (self.high - self.low) / (2 * _Z95)
        width = self.high - self.low
        unit = _triangular if self.kind == "triangular" else _pert
        return self.low + width * unit((self.central - self.low) / width, n)


def _triangular(mode: float, n: int) -> Floats:
    """Quantiles of the triangular distribution on 0 to 1."""
    levels = _levels(n)
    rising = np.sqrt(levels * mode)
    falling = 1 - np.sqrt((1 - levels) * (1 - mode))
    return np.where(levels < mode, rising, falling)


@lru_cache(maxsize=256)
def _pert(mode: float, n: int) -> Floats:
    """Quantiles of the PERT distribution on 0 to 1: beta with a = 1 + 4 mode, b = 5 - 4 mode, by integration."""
    edges = np.linspace(0, 1, _STEPS + 1)
    middles = (edges[:-1] + edges[1:]) / 2
    density = middles ** (4 * mode) * (1 - middles) ** (4 - 4 * mode)
    below = np.concatenate([[0.0], np.cumsum(density)])
    return np.interp(_levels(n), below / below[-1], edges)


def distribution(central: float, low: float = math.nan, high: float = math.nan, kind: str = "") -> Distribution:
    """The distribution of a number with its range.

    Without low and high, or with a range of no width, the number is fixed. Raises ValueError when only one end is
    given, when central lies outside, for an unknown kind, and for a lognormal that reaches zero.
    """
    if kind and kind not in KINDS:
        raise ValueError(f"distribution {kind!r} is not one of {', '.join(KINDS)}")
    if not math.isfinite(central):
        raise ValueError("an uncertain number needs a central value")
    if math.isnan(low) and math.isnan(high):
        if kind not in ("", "fixed"):
            raise ValueError(f"a {kind} distribution needs low and high")
        return Distribution("fixed", central, central, central)
    if not (math.isfinite(low) and math.isfinite(high)):
        raise ValueError(f"a range needs both ends; found {low} to {high}")
    if not low <= central <= high:
        raise ValueError(f"the central value {central} lies outside {low} to {high}")
    if kind == "lognormal" and low <= 0:
        raise ValueError(f"a lognormal number is above zero; its low end is {low}")
    if kind == "fixed" or low == high:
        return Distribution("fixed", low, central, high)
    chosen: Kind = "lognormal" if low > 0 else "triangular"
    return Distribution(kind or chosen, low, central, high)  # type: ignore[arg-type]


class Draws:
    """Seeded draws, n of each factor; the same seed and id give the same draws in every run and every option."""

    def __init__(self, seed: int, n: int = DRAWS) -> None:
        if n < 1:
            raise ValueError(f"{n} draws tell nothing")
        self.seed, self.n = int(seed), int(n)
        self._order: dict[str, NDArray[np.int32]] = {}

    def order(self, factor: str) -> NDArray[np.int32]:
        """Which quantile each draw of a factor takes, shape (n,): a permutation fixed by the seed and the id."""
        if factor not in self._order:
            digest = hashlib.sha256(f"{self.seed}\n{factor}".encode()).digest()
            generator = np.random.Generator(np.random.PCG64(int.from_bytes(digest, "big")))
            self._order[factor] = np.argsort(generator.random(self.n), kind="stable").astype(np.int32)
        return self._order[factor]

    def draw(self, factor: str, of: Distribution) -> Floats:
        """n draws of a factor, shape (n,). Two distributions under one id move together, draw by draw."""
        if of.kind == "fixed":
            return np.full(self.n, of.central)
        return of.quantiles(self.n)[self.order(factor)]

    def table(self, rows: pd.DataFrame) -> dict[str, Floats]:
        """Draws of every row of a parameter table by its id; an optional column `distribution` names the kind."""
        kinds = rows["distribution"] if "distribution" in rows else pd.Series("", index=rows.index)
        columns = zip(rows["id"], rows["value"], rows["low"], rows["high"], kinds, strict=True)
        return {
            str(i): self.draw(str(i), distribution(float(v), float(lo), float(hi), k)) for i, v, lo, hi, k in columns
        }


def summary(draws: ArrayLike) -> Summary:
    """The 5th, 50th and 95th percentile. Raises ValueError for no draws and for draws that are not finite."""
    values = np.asarray(draws, dtype=np.float64)
    if not values.size or not np.isfinite(values).all():
        raise ValueError("percentiles need finite draws")
    return Summary(*(float(p) for p in np.percentile(values, [5, 50, 95])))


def _ranges_by_factor(lines: pd.DataFrame, column: str) -> pd.DataFrame:
    """Sums of central, low and high of the lines that have a range, by factor and by sign of the line."""
    numbers = lines[[column, "low", "high"]].astype(np.float64)
    one_end = numbers["low"].isna() != numbers["high"].isna()
    ranged = numbers["low"].notna() & numbers["high"].notna()
    if one_end.any():
        raise ValueError(f"{int(one_end.sum())} lines have a range with only one end")
    if (lines.loc[ranged, "factor_id"].astype(str) == "").any():
        raise ValueError("a line has a range but no factor id, so nothing says what it varies with")
    keys = [lines.loc[ranged, "factor_id"].astype(str), numbers.loc[ranged, column] < 0]
    return numbers[ranged].groupby(keys, dropna=False, sort=True).sum(min_count=1)


def total_of_lines(lines: pd.DataFrame, draws: Draws, column: str = "kg_co2e") -> Floats:
    """Draws of the sum of a lines table, shape (n,), in the unit of `column`.

    Lines with one `factor_id` move together, so their ranges add; a negative line (a removal) falls when its factor
    rises. Different factors are independent. A line without a range is fixed at its central value. Raises
    ValueError for a range with one end, one that misses its central value, or one without a factor id.
    """
    fixed = lines["low"].isna() & lines["high"].isna()
    total = np.full(draws.n, math.fsum(lines.loc[fixed, column].astype(np.float64)))
    sums = _ranges_by_factor(lines, column)
    negative = sums.index.get_level_values(1).to_numpy(dtype=bool)
    signed = np.where(negative[:, None], -sums.to_numpy()[:, [0, 2, 1]], sums.to_numpy())
    signs = np.where(negative, -1.0, 1.0)
    for factor, sign, (central, low, high) in zip(sums.index.get_level_values(0), signs, signed, strict=True):
        total += sign * draws.draw(str(factor), distribution(float(central), float(low), float(high)))
    return total


def variance_shares(parts: Mapping[str, Floats]) -> dict[str, float]:
    """Share of each independent part in the variance of their sum; none of it where nothing varies."""
    variances = {name: float(np.var(values)) for name, values in parts.items()}
    whole = math.fsum(variances.values())
    return {name: variance / whole if whole else 0.0 for name, variance in variances.items()}
