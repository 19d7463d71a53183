"""Why an asset value changed: extent, condition and price, as three terms that sum to the change exactly.

Shapley values of V = area x flow per hectare x net present value per unit flow: symmetric, additive, no residual.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

__all__ = ["Decomposition", "decompose", "spread_conversions"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Decomposition:
    """Effects in the unit of value; each has the shape of the inputs. `extent + flow + price == change`."""

    extent: Array
    flow: Array
    price: Array
    change: Array

    @property
    def enhancement(self) -> Array:
        """Where the flow per hectare rose (SEEA EA: ecosystem enhancement), else 0."""
        return np.where(self.flow > 0, self.flow, 0.0)

    @property
    def degradation(self) -> Array:
        """Where the flow per hectare fell (SEEA EA: ecosystem degradation), negative, else 0."""
        return np.where(self.flow < 0, self.flow, 0.0)


def _term(d: Array, a0: Array, a1: Array, b0: Array, b1: Array) -> Array:
    return d * ((a0 * b0 + a1 * b1) / 3 + (a0 * b1 + a1 * b0) / 6)


def decompose(
    area: tuple[npt.ArrayLike, npt.ArrayLike],
    flow: tuple[npt.ArrayLike, npt.ArrayLike],
    price: tuple[npt.ArrayLike, npt.ArrayLike],
) -> Decomposition:
    """Split V1 - V0, with V = area * flow * price, each a pair (opening, closing) of arrays of one shape.

    `area` in hectares, `flow` per hectare and year, `price` in money of one price year per unit flow. Raises
    ValueError when a value is missing or infinite: absence is not zero.
    """
    a0, a1, y0, y1, z0, z1 = (np.asarray(x, dtype=np.float64) for pair in (area, flow, price) for x in pair)
    if not all(np.isfinite(x).all() for x in (a0, a1, y0, y1, z0, z1)):
        raise ValueError("area, flow and price must be given at both dates")
    return Decomposition(
        _term(a1 - a0, y0, y1, z0, z1),
        _term(y1 - y0, a0, a1, z0, z1),
        _term(z1 - z0, a0, a1, y0, y1),
        a1 * y1 * z1 - a0 * y0 * z0,
    )


def spread_conversions(matrix: npt.ArrayLike, unit_value: npt.ArrayLike, extent_effect: npt.ArrayLike) -> Array:
    """Conversions between ecosystem types in money: shape (2, types), additions (>= 0 for positive values), reductions.

    `matrix` is hectares from (row) opening type to (column) closing type; `unit_value` the mean value per hectare of
    each type over the two dates. Additions to j are what came in times the value of j, reductions of i what left times
    the value of i; both are scaled per type so that they sum to its `extent_effect`. Raises ValueError when a type has
    an extent effect but its area did not change.
    """
    m = np.array(matrix, dtype=np.float64)
    np.fill_diagonal(m, 0.0)
    value, effect = np.asarray(unit_value, dtype=np.float64), np.asarray(extent_effect, dtype=np.float64)
    plus, minus = m.sum(axis=0) * value, -m.sum(axis=1) * value
    net = plus + minus
    still = np.isclose(net, 0.0, rtol=0, atol=1e-12 * (1 + np.abs(plus)))
    if np.any(still & (np.abs(effect) > 1e-9 * (1 + np.abs(effect).sum()))):
        raise ValueError("an ecosystem type has an extent effect without a change of area")
    scale = np.divide(effect, net, out=np.ones_like(net), where=~still)
    return np.stack([plus * scale, minus * scale])
