"""Fractional edges: a cell that a zone's edge cuts counts in proportion, for fields and other small zones.

A cell whole in or out by its centre is some hundredths of a per cent off for a district, but per cents for a field.
Coverage comes from the exactextract library (Baston and others, isciences/exactextract). Areas are whole units of
0.01 m2; a zone's units are shared among its transitions by largest remainder, and what no zone covers is the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from typing import Any

import numpy as np
import shapely

from natcap.accounts.classes import ClassList
from natcap.accounts.counts import Counts, Scan, lookup_of, read_window
from natcap.accounts.landcover.grid import Grid
from natcap.accounts.landcover.guard import environment, open_dataset
from natcap.accounts.landcover.maps import LandCover
from natcap.accounts.landcover.overlay import apportion, whole_units
from natcap.accounts.margins import UNIT_AREA
from natcap.accounts.tally import Stray, Tally
from natcap.accounts.windows import Nearest, Plain
from natcap.accounts.zones import PolygonZones
from natcap.core.report import Check

__all__ = ["available", "coverage", "scan_edges"]

_CELLS = 2**20
"""Cells of a window: memory stays the same however large a zone is."""


def available() -> bool:
    """Whether the library that knows how much of a cell lies in a polygon is installed."""
    return find_spec("exactextract") is not None


def coverage(polygon: Any, grid: Grid, window: tuple[int, int, int, int]) -> np.ndarray:
    """Share of each cell of (first row, rows, first column, columns) in the polygon, shape (rows, columns)."""
    from exactextract import exact_extract
    from exactextract.feature import JSONFeatureSource
    from exactextract.raster import NumPyRasterSource

    top, rows, left, columns = window
    (x0, y1), (x1, y0) = grid.xy(top, left), grid.xy(top + rows, left + columns)
    numbers = np.arange(rows * columns, dtype=np.float64).reshape(rows, columns)
    raster = NumPyRasterSource(numbers, xmin=x0, ymin=y0, xmax=x1, ymax=y1)
    feature = {"type": "Feature", "properties": {}, "geometry": shapely.geometry.mapping(polygon)}
    found = exact_extract(raster, JSONFeatureSource([feature]), ["values", "coverage"])[0]["properties"]
    share = np.zeros(rows * columns)
    share[np.asarray(found["values"], dtype=np.int64)] = np.asarray(found["coverage"], dtype=np.float64)
    return share.reshape(rows, columns)


def _windows(polygon: Any, grid: Grid) -> Iterator[tuple[int, int, int, int]]:
    """Windows of the grid over the bounds of a polygon, band by band."""
    west, south, east, north = shapely.bounds(polygon)
    corners = grid.to_cells(np.array([[west, south], [west, north], [east, south], [east, north]]))
    low, high = np.floor(corners.min(axis=0)).astype(int), np.ceil(corners.max(axis=0)).astype(int)
    left, right = max(0, low[0]), min(grid.width, high[0])
    top, bottom = max(0, low[1]), min(grid.height, high[1])
    if right <= left or bottom <= top:
        return
    step = max(1, _CELLS // (right - left))
    for row in range(top, bottom, step):
        yield row, min(step, bottom - row), left, right - left


class _Scan:
    def __init__(
        self, opening: LandCover, closing: LandCover, classes: ClassList, align: bool, stack: ExitStack
    ) -> None:
        self.maps, self.grid = (opening, closing), opening.grid
        self.lookups = lookup_of(opening, classes, False), lookup_of(closing, classes, align)
        handles = [stack.enter_context(open_dataset(land.path)) for land in self.maps]
        second = Nearest(closing, handles[1], self.grid) if align else Plain(closing, handles[1])
        self.readers: tuple[Plain | Nearest, ...] = (Plain(opening, handles[0]), second)
        self.notes = Tally(*self.lookups)
        self.side = self.lookups[0].size

    def zone(self, polygon: Any) -> np.ndarray:
        """Cells, as fractions, by opening and closing position, shape (side, side); the last is codes of no class."""
        sums = np.zeros(self.side * self.side)
        shapely.prepare(polygon)
        for window in _windows(polygon, self.grid):
            share = coverage(polygon, self.grid, window).reshape(-1)
            inside = np.flatnonzero(share)
            at = [self.positions(which, window, inside) for which in (0, 1)]
            sums += np.bincount(at[0] * self.side + at[1], weights=share[inside], minlength=len(sums))
        return sums.reshape(self.side, self.side)

    def positions(self, which: int, window: tuple[int, int, int, int], inside: np.ndarray) -> np.ndarray:
        codes = read_window(self.readers[which], self.maps[which], window).reshape(-1)[inside]
        found = self.lookups[which](codes)
        odd = found == self.side - 1
        for code in np.unique(codes[odd]):
            here = inside[odd & (codes == code)]
            row, column = divmod(int(here[0]), window[3])
            self.notes.meet(which, int(code), Stray(len(here), window[0] + row, window[2] + column))
        return found


def _units(cells: np.ndarray, cell_area: float) -> np.ndarray:
    """Fractions of cells by zone and transition, shape (zones, n, n), as whole units that sum to those of each zone."""
    zones, side, _ = cells.shape
    flat = cells.reshape(-1)
    whole = whole_units(cells.sum(axis=(1, 2)) * cell_area)
    shared = apportion(flat, np.repeat(np.arange(zones), side * side), whole)
    return shared.reshape(zones, side, side)


def scan_edges(opening: LandCover, closing: LandCover, zones: PolygonZones, classes: ClassList, align: bool) -> Scan:
    """Units of 0.01 m2 of every zone by opening and closing class, cells on an edge in proportion.

    Zones must not overlap. Raises ReadFault where a file cannot be read, or a map is no map of classes.
    """
    with environment(), ExitStack() as stack:
        job = _Scan(opening, closing, classes, align, stack)
        cells = np.array([job.zone(polygon) for polygon in zones.geometry])
    size = opening.grid.cell_area
    units = _units(cells[:, :-1, :-1], size)
    used = [n for n in range(1, job.side - 1) if units[:, n].any() or units[:, :, n].any()]
    place = [0, *used]
    array = np.ascontiguousarray(units[:, place][:, :, place])
    total = int(whole_units(np.array([opening.grid.cells * size]))[0])
    counts = Counts(zones.ids, tuple(classes.codes[n - 1] for n in used), array, UNIT_AREA, total - int(array.sum()),
                    "units")  # fmt: skip
    return Scan(counts, job.notes.strays, None, zones.names, None, _checks(counts, total, cells, zones, opening.grid))


def _checks(counts: Counts, total: int, cells: np.ndarray, zones: PolygonZones, grid: Grid) -> tuple[Check, ...]:
    """Zones and the rest are the map; and the cells of a zone cover the part of its polygon that lies on the map."""
    (west, south), (east, north) = grid.corners().min(axis=0), grid.corners().max(axis=0)
    polygons = shapely.area(shapely.intersection(zones.geometry, shapely.box(west, south, east, north)))
    off = np.abs(cells.sum(axis=(1, 2)) * grid.cell_area - polygons)
    worst = int((off / np.maximum(polygons, 1.0)).argmax())
    title = f"Units covered by cells = units of the polygon on the map, in zone {zones.ids[worst]}, where it fits worst"
    inside, size = float(counts.array.sum()), 2 + 1e-6 * float(polygons[worst]) / UNIT_AREA
    mine, theirs = float(cells[worst].sum() * grid.cell_area / UNIT_AREA), float(polygons[worst] / UNIT_AREA)
    return (
        Check("edges.whole", "Units in zones + outside = units of the map", inside + counts.outside, float(total), 0,
              "units"),
        Check("edges.polygons", title, mine, theirs, size, "units"),
    )  # fmt: skip
