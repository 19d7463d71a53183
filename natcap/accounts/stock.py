"""Carbon stock by class and pool at two dates, and what land-use change did to it.

Stock C = sum_k A_k c_k, change = sum_ij M_ij (c_j - c_i), in tonnes of carbon. This is the full change once vegetation
and soil of the new use have settled; soils take about 20 years. Soil stands for one stated depth: stocks of different
depth are never added. Cells without data carry no carbon, and what they gain or lose is a reappraisal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from natcap.core.gwp import mass_ratio
from natcap.core.report import FactorRef

__all__ = ["Densities", "StockAccount", "net_stock", "stock_account"]

C_TO_CO2 = mass_ratio("C", "CO2")
"""Tonnes of carbon dioxide that hold a tonne of carbon, 44/12 (factors/gwp/mass_ratios.csv)."""


@dataclass(frozen=True)
class Densities:
    """Carbon per hectare by class and pool in tonnes: arrays of shape (classes, pools); `low` and `high` may be absent.

    `depth_cm` is the soil depth, 0 where the source does not state it. `factors[class][pool]` are the rows behind it,
    `states[class][pool]` how each was verified, its choice for the class included.
    """

    codes: tuple[int, ...]
    pools: tuple[str, ...]
    value: np.ndarray
    depth_cm: int
    verified: str
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    factors: tuple[tuple[FactorRef, ...], ...] = ()
    states: tuple[tuple[str, ...], ...] = ()

    def states_of(self, places: Iterable[int], pools: Iterable[int] | None = None) -> set[str]:
        """How the densities of some classes, by position, were verified, in some pools or in all of them."""
        chosen = range(len(self.pools)) if pools is None else list(pools)
        if not self.states:
            return {self.verified}
        return {self.states[place][pool] for place in places for pool in chosen}

    def __post_init__(self) -> None:
        if self.value.shape != (len(self.codes), len(self.pools)) or not np.isfinite(self.value).all():
            raise ValueError("every class needs a carbon density in every pool")

    def pick(self, codes: Sequence[int]) -> Densities:
        """These classes in this order; LookupError naming those without a density."""
        missing = [str(code) for code in codes if code not in self.codes]
        if missing:
            raise LookupError(", ".join(missing))
        rows = [self.codes.index(code) for code in codes]
        low, high = (None if part is None else part[rows] for part in (self.low, self.high))
        factors = tuple(self.factors[n] for n in rows) if self.factors else ()
        states = tuple(self.states[n] for n in rows) if self.states else ()
        return Densities(tuple(codes), self.pools, self.value[rows], self.depth_cm, self.verified, low, high, factors,
                         states)  # fmt: skip


@dataclass(frozen=True)
class StockAccount:
    """Tonnes of carbon. By zone, class and pool: `opening`, `closing`. By zone and pool: gains, losses, reappraisal.

    `transitions` has shape (zones, classes, classes): the change in all pools of cells that went from one class to
    another. `opening_range` and `closing_range` are (low, high) by zone, every density at its low or high end at once.
    """

    pools: tuple[str, ...]
    opening: np.ndarray
    closing: np.ndarray
    gains: np.ndarray
    losses: np.ndarray
    reappraisal: np.ndarray
    transitions: np.ndarray
    opening_range: tuple[np.ndarray, np.ndarray] | None = None
    closing_range: tuple[np.ndarray, np.ndarray] | None = None

    def balance(self) -> tuple[np.ndarray, np.ndarray]:
        """Both sides of opening + gains - losses + reappraisal = closing, by zone and pool."""
        left = self.opening.sum(axis=1) + self.gains - self.losses + self.reappraisal
        return left, self.closing.sum(axis=1)


def stock_account(cells: np.ndarray, hectares: float, densities: Densities) -> StockAccount:
    """The stock account of change matrices `cells`, shape (zones, 1 + classes, 1 + classes), no data at position 0.

    `hectares` is the area of a cell; `densities` has the classes in the order of the matrix.
    """
    if cells.shape[1] != len(densities.codes) + 1:
        raise ValueError("densities and matrix have different classes")
    area = cells.astype(np.float64) * hectares
    inner, opening, closing = area[:, 1:, 1:], area.sum(axis=2)[:, 1:], area.sum(axis=1)[:, 1:]
    ranges = _ranges(opening, closing, densities)
    value = densities.value
    step = value[None, :, :] - value[:, None, :]
    gains = np.einsum("zij,ijp->zp", inner, np.maximum(step, 0))
    losses = np.einsum("zij,ijp->zp", inner, np.maximum(-step, 0))
    unseen = area[:, 0, 1:] - area[:, 1:, 0]
    return StockAccount(
        pools=densities.pools,
        opening=opening[:, :, None] * value,
        closing=closing[:, :, None] * value,
        gains=gains,
        losses=losses,
        reappraisal=unseen @ value,
        transitions=inner * step.sum(axis=2),
        opening_range=ranges[0],
        closing_range=ranges[1],
    )


def _ranges(opening: np.ndarray, closing: np.ndarray, densities: Densities
            ) -> list[tuple[np.ndarray, np.ndarray] | None]:  # fmt: skip
    """(low, high) of the stock of every zone at both dates; None without a range of the densities."""
    if densities.low is None or densities.high is None:
        return [None, None]
    low, high = densities.low.sum(axis=1), densities.high.sum(axis=1)
    return [(opening @ low, opening @ high), (closing @ low, closing @ high)]


def net_stock(opening: np.ndarray, closing: np.ndarray, hectares: float, densities: Densities) -> StockAccount:
    """The stock account of margins, shape (zones, 1 + classes), no data at position 0: no transition is known.

    Gains are those of classes that grew net, losses those of classes that shrank net; the gross ones may be larger.
    """
    begin, end = (part[:, 1:].astype(np.float64) * hectares for part in (opening, closing))
    net, value, ranges = end - begin, densities.value, _ranges(begin, end, densities)
    gains, losses = np.maximum(net, 0) @ value, np.maximum(-net, 0) @ value
    zones, classes = begin.shape
    return StockAccount(
        pools=densities.pools,
        opening=begin[:, :, None] * value,
        closing=end[:, :, None] * value,
        gains=gains,
        losses=losses,
        reappraisal=np.zeros_like(gains),
        transitions=np.zeros((zones, classes, classes)),
        opening_range=ranges[0],
        closing_range=ranges[1],
    )
