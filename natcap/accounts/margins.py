"""Margins: how much of each class there was at two dates, where nobody says what became what.

A table of areas holds no change matrix. Its net expansion and net reduction are all that is known: gross additions and
reductions may be any larger, and are never made up here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from natcap.accounts.extent import ExtentAccount

__all__ = ["UNIT_AREA", "Margins", "Measured", "net_account"]

UNIT_AREA = 0.01
"""Square metres of the unit in which areas are counted that do not come in cells."""


class Measured:
    """What whole numbers of cells, or of small units, are in hectares."""

    cell_area: float

    @property
    def opening(self) -> np.ndarray:
        raise NotImplementedError

    @property
    def hectares(self) -> float:
        """Hectares of one cell."""
        return self.cell_area / 10_000

    @property
    def accounted(self) -> np.ndarray:
        """Cells of each zone, shape (zones,)."""
        found: np.ndarray = self.opening.sum(axis=1)
        return found

    def area(self, cells: np.ndarray) -> np.ndarray:
        """Cells as hectares, rounded once."""
        found: np.ndarray = np.asarray(cells, dtype=np.float64) * self.cell_area / 10_000
        return found

    def ha(self, cells: int | float) -> float:
        """A number of cells as hectares."""
        return float(cells) * self.cell_area / 10_000


@dataclass(frozen=True)
class Margins(Measured):
    """Units by zone and item at each date: int64 of shape (zones, 1 + codes), item 0 is what no class accounts for."""

    zones: tuple[str, ...]
    codes: tuple[int, ...]
    begin: np.ndarray
    end: np.ndarray
    cell_area: float = UNIT_AREA
    outside: int = 0
    unit: str = "units"

    def __post_init__(self) -> None:
        shape = (len(self.zones), len(self.codes) + 1)
        for part in (self.begin, self.end):
            if part.shape != shape or part.dtype != np.int64 or (part < 0).any():
                raise ValueError(f"margins must be int64 of shape {shape} and not below zero")
        if (self.begin.sum(axis=1) != self.end.sum(axis=1)).any():
            raise ValueError("margins of one zone must sum to one area at both dates")

    @property
    def opening(self) -> np.ndarray:
        return self.begin

    @property
    def closing(self) -> np.ndarray:
        return self.end


def net_account(opening: np.ndarray, closing: np.ndarray, broken: bool = False) -> ExtentAccount:
    """The account of margins, shape (zones, items): expansions and reductions are net, and no cause is known.

    Where the series is `broken` between the dates, the whole difference is a reappraisal.
    """
    net, nothing = closing - opening, np.zeros_like(opening)
    up, down = (nothing, nothing) if broken else (np.maximum(net, 0), np.maximum(-net, 0))
    return ExtentAccount(opening, nothing, up, nothing, down, net if broken else nothing, closing, net=True)
