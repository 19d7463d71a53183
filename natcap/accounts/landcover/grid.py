"""Grid: where the cells of a map lie. Two maps may be compared only on one grid; what differs is told in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Grid", "aligned_index", "differences", "name", "same_crs"]

_SAME = 1e-3
"""Two grids are one when no corner differs by more than this share of a cell."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Projection, affine transform (a, b, c, d, e, f: x = a*column + b*row + c, y = d*column + e*row + f), shape."""

    crs: Any
    transform: tuple[float, float, float, float, float, float]
    height: int
    width: int

    @property
    def cell_area(self) -> float:
        """Area of a cell in square units of the projection (m2 once the projection was accepted)."""
        a, b, _, d, e, _ = self.transform
        return abs(a * e - b * d)

    @property
    def cells(self) -> int:
        return self.height * self.width

    @property
    def cell_size(self) -> tuple[float, float]:
        a, b, _, d, e, _ = self.transform
        return float(np.hypot(a, d)), float(np.hypot(b, e))

    @property
    def straight(self) -> bool:
        """Rows run along the x axis and columns along the y axis."""
        return self.transform[1] == 0 and self.transform[3] == 0

    @property
    def north_up(self) -> bool:
        return self.straight and self.transform[0] > 0 > self.transform[4]

    def xy(self, row: float, column: float) -> tuple[float, float]:
        """Map coordinates of a place given in cells (0, 0 is the outer corner of the first cell)."""
        a, b, c, d, e, f = self.transform
        return a * column + b * row + c, d * column + e * row + f

    def corners(self) -> np.ndarray:
        """The four outer corners, shape (4, 2)."""
        places = [(0, 0), (0, self.width), (self.height, 0), (self.height, self.width)]
        return np.array([self.xy(row, column) for row, column in places])

    def to_cells(self, points: np.ndarray) -> np.ndarray:
        """Map coordinates, shape (n, 2), as (column, row) in cells."""
        a, b, c, d, e, f = self.transform
        inverse = np.linalg.inv(np.array([[a, b], [d, e]]))
        moved: np.ndarray = (points - np.array([c, f])) @ inverse.T
        return moved


def _number(value: float) -> str:
    return f"{value:,.10g}"


def differences(first: Grid, second: Grid) -> list[str]:
    """Sentences that say exactly in what `second` differs from `first`; none when they are one grid."""
    said: list[str] = []
    if not same_crs(first.crs, second.crs):
        return [f"projection {name(second.crs)} instead of {name(first.crs)}"]
    if (first.height, first.width) != (second.height, second.width):
        said.append(f"{second.width:,} x {second.height:,} cells instead of {first.width:,} x {first.height:,}")
    elif np.abs(second.corners() - first.corners()).max() <= _SAME * min(first.cell_size):
        return []
    (w1, h1), (w2, h2) = first.cell_size, second.cell_size
    if max(abs(w2 / w1 - 1), abs(h2 / h1 - 1)) > 1e-9:
        said.append(f"cells of {_number(w2)} x {_number(h2)} m instead of {_number(w1)} x {_number(h1)} m")
    east = second.transform[2] - first.transform[2]
    north = second.transform[5] - first.transform[5]
    if abs(east) > _SAME * w1 or abs(north) > _SAME * h1:
        across = f"{abs(east):,.6g} m to the {'east' if east >= 0 else 'west'}"
        along = f"{abs(north):,.6g} m to the {'north' if north >= 0 else 'south'}"
        shift = f"an origin {across} and {along} ({abs(east) / w1:.4g} and {abs(north) / h1:.4g} cells)"
        halves = [abs(abs(move / size) % 1 - 0.5) < 0.01 for move, size in ((east, w1), (north, h1))]
        said.append(shift + (", a shift by half a cell (cell centres taken for corners?)" if any(halves) else ""))
    return said or ["a transform that drifts by more than a thousandth of a cell"]


def same_crs(first: Any, second: Any) -> bool:
    """Whether two projections are one, also where one of them is written without its name or datum."""
    return bool(first == second or (first and second and first.to_epsg() == second.to_epsg() is not None))


def name(crs: Any) -> str:
    """A short name of a projection: its EPSG code, else the name in its definition."""
    if not crs:
        return "none"
    code = crs.to_epsg()
    return f"EPSG:{code}" if code else str(crs.to_wkt()).split('"')[1]


def aligned_index(onto: Grid, other: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of `other` whose cell holds the centre of each row and column of `onto`; -1 outside `other`.

    Nearest neighbour; both grids must be straight and of one projection. A centre on an edge goes to the later cell.
    """
    if not (onto.straight and other.straight and same_crs(onto.crs, other.crs)):
        raise ValueError("only straight grids of one projection can be aligned")

    def index(first: float, step: float, count: int, start: float, size: float, limit: int) -> np.ndarray:
        centres = first + step * (np.arange(count) + 0.5)
        place = np.floor(np.round((centres - start) / size, 6)).astype(np.int64)
        return np.where((place >= 0) & (place < limit), place, -1)

    a, _, c, _, e, f = onto.transform
    a2, _, c2, _, e2, f2 = other.transform
    rows = index(f, e, onto.height, f2, e2, other.height)
    columns = index(c, a, onto.width, c2, a2, other.width)
    return rows, columns
