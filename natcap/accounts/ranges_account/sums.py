"""Draws of sums of products: percentiles of each sum, and how much of its variance each factor carries.

Every factor has one vector of draws, shared by all products that name it. A product is drawn once for all sums that
are near each other; at most `keep` products are held at a time, which changes memory and never a result.

The share of a factor is the variance of the sum when it alone varies and all others stand at their means, over the
sum of such variances: Var_i = (sum of c x product of the other means)^2 x Var(f_i). For one product this is exact.
What factors do only together is in no share.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from natcap.accounts.ranges_account.area import group_of
from natcap.core.uncertainty import Summary

__all__ = ["KEEP", "Drawn", "Sampler", "draw_items", "total_of"]

Floats = NDArray[np.float64]
Names = tuple[str, ...]
KEEP = 256
"""Products held at a time: with 10,000 draws 20 MB."""
_LEVELS = (5, 50, 95)


@dataclass(frozen=True)
class Drawn:
    """A sum: its percentiles, its standard deviation, and shares of the variance by factor or group of areas."""

    summary: Summary
    deviation: float
    shares: Mapping[str, float]


class Sampler:
    """Draws of products of factors. `factors` has a vector of draws of each id that varies."""

    def __init__(self, factors: Mapping[str, Floats], draws: int, keep: int = KEEP) -> None:
        self.factors, self.n, self.keep = factors, draws, max(keep, 1)
        self._held: OrderedDict[Names, Floats] = OrderedDict()
        self._moments: dict[Names, tuple[float, float]] = {}

    def product(self, names: Names) -> Floats:
        """Draws of a product, shape (draws,). The empty product is 1."""
        held = self._held.get(names)
        if held is None:
            held = self._multiplied(names)
            self._held[names] = held
            if len(self._held) > self.keep:
                self._held.popitem(last=False)
        self._held.move_to_end(names)
        return held

    def _multiplied(self, names: Names) -> Floats:
        if len(names) == 1:
            return self.factors[names[0]]
        if not names:
            return np.ones(self.n)
        out = self.factors[names[0]] * self.factors[names[1]]
        for name in names[2:]:
            out *= self.factors[name]
        return out

    def moments(self, power: Names) -> tuple[float, float]:
        """Mean and variance of one factor to a power, written as its id that many times."""
        if power not in self._moments:
            values = self._multiplied(power)
            self._moments[power] = float(values.mean()), float(values.var())
        return self._moments[power]

    def variance(self, slopes: Mapping[Names, float]) -> float:
        """Variance of a sum of slope x power of one factor, or of areas that vary together."""
        if len(slopes) == 1:
            ((power, slope),) = slopes.items()
            return slope**2 * self.moments(power)[1]
        total = np.zeros(self.n)
        for power, slope in slopes.items():
            total += slope * self._multiplied(power)
        return float(total.var())

    def powers(self, names: Names) -> list[Names]:
        """The factors of a product, each as its id as often as it stands there."""
        return [(name,) * names.count(name) for name in dict.fromkeys(names)]


def total_of(sampler: Sampler, coefficients: Sequence[float], products: Sequence[Names]) -> Floats:
    """Draws of a sum of coefficient x product, shape (draws,)."""
    total, buffer = np.zeros(sampler.n), np.empty(sampler.n)
    for coefficient, names in zip(coefficients, products, strict=True):
        np.multiply(sampler.product(names), coefficient, out=buffer)
        total += buffer
    return total


def _shares(sampler: Sampler, coefficients: Sequence[float], products: Sequence[Names]) -> dict[str, float]:
    """One-at-a-time shares; none where nothing varies, or where factors move the sum only together."""
    slopes: dict[str, dict[Names, float]] = {}
    for coefficient, names in zip(coefficients, products, strict=True):
        powers = sampler.powers(names)
        means = [sampler.moments(power)[0] for power in powers]
        for n, power in enumerate(powers):
            rest = coefficient * math.prod(means[:n]) * math.prod(means[n + 1 :])
            mine = slopes.setdefault(group_of(power[0]), {})
            mine[power] = mine.get(power, 0.0) + rest
    alone = {group: sampler.variance(by_power) for group, by_power in slopes.items()}
    whole = math.fsum(alone.values())
    return {group: part / whole for group, part in alone.items()} if whole > 0 else {}


def _percentiles(values: Floats) -> Summary:
    """As `natcap.core.uncertainty.summary`; the draws are sorted in place."""
    values.sort()
    at = np.array(_LEVELS) / 100 * (len(values) - 1)
    below = at.astype(int)
    above = np.minimum(below + 1, len(values) - 1)
    return Summary(*(values[below] + (at - below) * (values[above] - values[below])).tolist())


def draw_items(sampler: Sampler, rows: pd.DataFrame, products: Sequence[Names],
               keys: Sequence[str]) -> Iterator[tuple[tuple[str, ...], Drawn]]:  # fmt: skip
    """(key, drawn) of each item of `rows`: columns `keys`, coefficient, product. The order is that of the rows."""
    items: Iterable[tuple[tuple[str, ...], pd.DataFrame]] = rows.groupby(list(keys), sort=False)  # type: ignore[assignment]
    for key, group in items:
        coefficients = group["coefficient"].tolist()
        named = [products[n] for n in group["product"].tolist()]
        total = total_of(sampler, coefficients, named)
        spread = float(total.std())
        yield key, Drawn(_percentiles(total), spread, _shares(sampler, coefficients, named))
