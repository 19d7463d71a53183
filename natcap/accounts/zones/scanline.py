"""Which zone holds the centre of each cell, as runs along rows, band by band: exact, small, and without rasterising.

A polygon's edges cross each row of cell centres at some column; between an entering and a leaving crossing lie its
cells. Crossings come from the lower end of an edge upwards whichever way it was drawn, so two zones that share an edge
share its crossings: no cell falls between them or into both. A centre exactly on an edge belongs to the zone on its
left (GDAL's rule as well).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from natcap.accounts.landcover.grid import Grid

__all__ = ["Band", "Edges", "Overlap", "edges_of"]


@dataclass(frozen=True, slots=True)
class Overlap:
    """Cells claimed by two zones or more: how many in a band, and where the first lies."""

    cells: int
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Band:
    """Runs over the rows [first, first + rows) of the grid, row after row.

    `starts` are positions row * width + column within the band, rising from 0; `zones` the zone from there on, counted
    from 1, with 0 outside every zone; `column` the column of each start.
    """

    first: int
    rows: int
    width: int
    starts: np.ndarray
    zones: np.ndarray
    column: np.ndarray

    def cells(self) -> int:
        """Cells of the band that lie in a zone."""
        length = np.diff(self.starts, append=self.rows * self.width)
        return int(length[self.zones > 0].sum())

    def windows(self, parts: Sequence[tuple[int, int]]) -> list[tuple[np.ndarray, np.ndarray]]:
        """(starts, zones) of the runs in each of `parts`: columns [left, left + columns), rising and apart.

        Positions are those within the window. All windows of a band are cut at once: one by one, the calls would cost
        as much as counting its cells.
        """
        if not parts:
            return []
        if list(parts) == [(0, self.width)]:
            return [(self.starts, self.zones)]
        left, columns = np.array(parts, dtype=np.int64).reshape(-1, 2).T
        offset = np.concatenate([[0], np.cumsum(columns * self.rows)])
        row = np.arange(self.rows, dtype=np.int64)[:, None]
        at_left = np.searchsorted(self.starts, (row * self.width + left).ravel(), side="right") - 1
        part = np.searchsorted(left, self.column, side="right") - 1
        inside = np.flatnonzero((part >= 0) & (self.column > left[part]) & (self.column < (left + columns)[part]))
        part = part[inside]
        within = self.starts[inside] // self.width * columns[part] + self.column[inside] - left[part]
        places = np.concatenate([(offset[:-1] + row * columns).ravel(), offset[part] + within])
        order = np.argsort(places, kind="stable")
        places, zones = places[order], np.concatenate([self.zones[at_left], self.zones[inside]])[order]
        first = np.searchsorted(places, offset[:-1])
        new = np.ones(len(zones), dtype=bool)
        new[1:] = zones[1:] != zones[:-1]
        new[first] = True
        places, zones = places[new], zones[new]
        cut = np.searchsorted(places, offset)
        return [(places[a:b] - o, zones[a:b]) for a, b, o in zip(cut, cut[1:], offset, strict=False)]


@dataclass(frozen=True, slots=True)
class Edges:
    """Every edge of every polygon in cells of one grid: lower end (x0, y0), slope, first and last row, sign, zone."""

    x: np.ndarray
    y: np.ndarray
    slope: np.ndarray
    first: np.ndarray
    last: np.ndarray
    sign: np.ndarray
    zone: np.ndarray
    width: int

    def band(self, first: int, rows: int) -> tuple[Band, Overlap | None]:
        """Runs of the rows [first, first + rows), and the overlap of zones in them if there is one."""
        near = np.flatnonzero((self.first < first + rows) & (self.last > first))
        begin = np.maximum(self.first[near], first)
        count = np.minimum(self.last[near], first + rows) - begin
        edge = np.repeat(near, count)
        row = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(begin, count)
        across = self.x[edge] + (row + 0.5 - self.y[edge]) * self.slope[edge]
        column = np.clip(np.floor(across + 0.5), 0, self.width).astype(np.int64)
        place = (row - first) * self.width + column
        order = np.argsort(place, kind="stable")
        place, sign, zone = place[order], self.sign[edge][order], self.zone[edge][order]
        depth = np.cumsum(sign)
        key = np.where(depth == 1, np.cumsum(sign * zone), 0)
        last = np.ones(len(place), dtype=bool)
        last[:-1] = place[1:] != place[:-1]
        last &= place < rows * self.width
        place, depth, key = place[last], depth[last], key[last]
        if not len(place) or place[0] > 0:
            place, depth, key = (np.concatenate([[0], values]) for values in (place, depth, key))
        return Band(first, rows, self.width, place, key, place % self.width), self._overlap(first, rows, place, depth)

    def _overlap(self, first: int, rows: int, place: np.ndarray, depth: np.ndarray) -> Overlap | None:
        if not (depth > 1).any():
            return None
        length = np.diff(place, append=rows * self.width)
        start = int(place[depth > 1][0])
        return Overlap(int(length[depth > 1].sum()), first + start // self.width, start % self.width)


def edges_of(polygons: np.ndarray, grid: Grid) -> Edges:
    """The edges of valid polygons (one a zone, numbered from 1) in cells of `grid`."""
    facing = shapely.orient_polygons(polygons)
    parts, of_zone = shapely.get_parts(facing, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    points, of_ring = shapely.get_coordinates(rings, return_index=True)
    cells = grid.to_cells(points)
    same = of_ring[1:] == of_ring[:-1]
    x0, y0, x1, y1 = (values[same] for values in (cells[:-1, 0], cells[:-1, 1], cells[1:, 0], cells[1:, 1]))
    zone = (of_zone[of_part[of_ring[:-1]]] + 1)[same].astype(np.int64)
    a, b, _, d, e, _ = grid.transform
    sign = np.where(y1 > y0, 1, -1) * (1 if a * e - b * d < 0 else -1)
    swap = y1 < y0
    low_x, low_y = np.where(swap, x1, x0), np.where(swap, y1, y0)
    high_x, high_y = np.where(swap, x0, x1), np.where(swap, y0, y1)
    first = np.clip(np.ceil(low_y - 0.5), 0, grid.height).astype(np.int64)
    last = np.clip(np.ceil(high_y - 0.5), 0, grid.height).astype(np.int64)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = (high_x - low_x) / (high_y - low_y)
    kept = np.flatnonzero(last > first)
    return Edges(low_x[kept], low_y[kept], slope[kept], first[kept], last[kept], sign[kept], zone[kept], grid.width)
