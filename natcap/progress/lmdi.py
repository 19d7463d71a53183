"""Attribution of a change to its factors: additive LMDI-I, exact, with the analytical limit where a factor is zero.

dV_x = sum_i L(V_i^T, V_i^0) ln(x_i^T / x_i^0), with L the logarithmic mean (method sheet, A3, after Ang 2005). Small
numbers in place of zero make the split depend on the number chosen; the limit does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Attribution", "attribute", "log_mean"]

Array = npt.NDArray[np.float64]


def log_mean(a: npt.ArrayLike, b: npt.ArrayLike) -> Array:
    """Logarithmic mean (a - b) / (ln a - ln b); a where both are equal; 0 where either is 0."""
    left, right = np.broadcast_arrays(np.asarray(a, dtype="float64"), np.asarray(b, dtype="float64"))
    if (left < 0).any() or (right < 0).any():
        raise ValueError("the logarithmic mean needs values of zero or more")
    out = np.zeros(left.shape)
    both = (left > 0) & (right > 0)
    ratio = np.divide(left, right, out=np.ones(left.shape), where=both)
    log = np.log(ratio)
    # Near equality the quotient loses its digits; the series b(1 + x/2 + x^2/6 + x^3/24), x = ln(a/b), keeps them.
    near = both & (np.abs(log) < 1e-4)
    far = both & ~near
    out[near] = right[near] * (1 + log[near] / 2 + log[near] ** 2 / 6 + log[near] ** 3 / 24)
    out[far] = (left[far] - right[far]) / log[far]
    return out


@dataclass(frozen=True, slots=True)
class Attribution:
    """`effects[k]` is the part of `change` due to factor k; `by_item` has shape (items, factors).

    `labels` says "new source" or "ended source" for items that were, or became, zero.
    """

    factors: tuple[str, ...]
    effects: Array
    by_item: Array
    change: float
    labels: tuple[str, ...]

    @property
    def residual(self) -> float:
        return float(self.change - self.effects.sum())


def _limits(start: Array, end: Array, before: Array, after: Array) -> Array:
    """Effects of items that are zero on one side: the change, shared equally by the factors that are zero there.

    With every zero replaced by the same d and d -> 0, L ln(x/d) tends to change/m for each of the m zero factors and
    to 0 for the others.
    """
    out = np.zeros(start.shape)
    for value, side, other in ((after, start, before), (-before, end, after)):
        rows = (other == 0) & (value != 0)
        zero = side[rows] == 0
        out[rows] = np.where(zero, value[rows, None] / zero.sum(axis=1, keepdims=True), 0.0)
    return out


def attribute(start: npt.ArrayLike, end: npt.ArrayLike, factors: Sequence[str]) -> Attribution:
    """Attribute the change of sum_i prod_k x_ik from `start` to `end`, both of shape (items, factors).

    Raises ValueError for negative or missing values and for shapes that do not fit.
    """
    first, last = np.asarray(start, dtype="float64"), np.asarray(end, dtype="float64")
    if first.shape != last.shape or first.ndim != 2 or first.shape[1] != len(factors):
        raise ValueError(f"expected two tables of items by {len(factors)} factors")
    if not (np.isfinite(first).all() and np.isfinite(last).all()):
        raise ValueError("a missing value cannot be attributed; it is not zero")
    if (first < 0).any() or (last < 0).any():
        raise ValueError("factors must be zero or more: a logarithm of a negative does not exist")
    before, after = first.prod(axis=1), last.prod(axis=1)
    both = (before > 0) & (after > 0)
    ratio = np.divide(last, first, out=np.ones(first.shape), where=both[:, None])
    effects = np.where(both[:, None], log_mean(after, before)[:, None] * np.log(ratio), 0.0)
    effects = effects + _limits(first, last, before, after)
    labels = np.select([(before == 0) & (after > 0), (before > 0) & (after == 0)], ["new source", "ended source"], "")
    change = float(after.sum() - before.sum())
    return Attribution(tuple(factors), effects.sum(axis=0), effects, change, tuple(str(x) for x in labels))
