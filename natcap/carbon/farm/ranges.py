"""Ranges: seeded draws of the factors, each drawn once per draw and shared by every line that uses it.

A factor with a printed range is drawn as often below its value as above, thinning out towards the printed ends, so
that the value stays the median however lopsided the range is; one without a range is held. A line is a product
of its factors, so a draw of a line is its value times the drawn over the printed value of each. Reported is the
interval that holds 95 % of the draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from natcap.carbon.farm.book import Pick

__all__ = ["DRAWS", "SEED", "Draws", "draw"]

DRAWS = 4000
SEED = 20250101
_ENDS = (2.5, 97.5)
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Draws:
    """`ratios[line, draw]`: drawn over printed value of each line."""

    ratios: Array
    values: Array

    def interval(self, rows: npt.NDArray[np.bool_], scale: float = 1.0) -> tuple[float, float] | None:
        """The 95 % interval of the sum of the marked lines times `scale`; None when nothing in it has a range."""
        part = self.ratios[rows]
        if not len(part) or np.array_equal(part, np.ones_like(part)):
            return None
        low, high = np.percentile(self.values[rows] @ part, _ENDS)
        return float(low) * scale, float(high) * scale

    def ends(self) -> tuple[list[float], list[float]]:
        """Low and high of each line; NaN where nothing in it has a range."""
        held = (self.ratios == 1.0).all(axis=1)
        low, high = np.percentile(self.ratios, _ENDS, axis=1) * self.values
        return np.where(held, np.nan, low).tolist(), np.where(held, np.nan, high).tolist()


def draw(values: Array, drivers: Sequence[tuple[Pick, ...]]) -> Draws:
    """Draw the factors behind `values` (kg CO2e of each line). `drivers` are the picks each line is a product of."""
    picks = {pick.id: pick for line in drivers for pick in line}
    ratio = _ratios(picks)
    lines = np.ones((len(drivers), DRAWS))
    for row, used in enumerate(drivers):
        for pick in used:
            if pick.id in ratio:
                lines[row] *= ratio[pick.id]
    return Draws(lines, np.asarray(values, dtype=np.float64))


def _ratios(picks: Mapping[str, Pick]) -> dict[str, Array]:
    """Drawn over printed value by pick; each has its own stream, so adding a herd leaves other draws alone."""
    found = {}
    for key, pick in sorted(picks.items()):
        if pick.value == 0 or not np.isfinite([pick.low, pick.high]).all() or pick.low == pick.high:
            continue
        stream = np.random.Generator(np.random.PCG64([SEED, *key.encode()]))
        found[key] = _two_sided(stream, pick.low, pick.value, pick.high) / pick.value
    return found


def _two_sided(stream: np.random.Generator, low: float, value: float, high: float) -> Array:
    """Draws of which half lie below `value` and half above, each side a triangle that ends at the printed end."""
    below, far = stream.random(DRAWS) < 0.5, 1.0 - np.sqrt(stream.random(DRAWS))
    return value - np.where(below, value - low, value - high) * far
