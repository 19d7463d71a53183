"""Counts: how many cells of each zone were one class at the opening and another at the closing.

`counts[zone, opening, closing]` is exact (int64). Position 0 of both class axes is "no data", so totals reconcile: the
sum of an account is the number of cells of its zone. All of extent is algebra on this array. Cells outside every
zone are counted as one number.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np

from natcap.accounts.classes import NODATA, ClassList
from natcap.accounts.landcover import Grid, LandCover, differences, environment, open_dataset
from natcap.accounts.margins import Measured
from natcap.accounts.tally import Lookup, Stray, Tally
from natcap.accounts.windows import MISSING, Nearest, NotWhole, Plain, bands, columns, wide
from natcap.accounts.zones import PolygonZones, RasterZones, WholeMap, Zones
from natcap.accounts.zones.scanline import Edges, Overlap, edges_of
from natcap.core.report import Check

if TYPE_CHECKING:
    import xarray as xr

    from natcap.accounts.counting import Engine

__all__ = [
    "Counts", "ReadFault", "Scan", "band_places", "count_bands", "count_cells", "lookup_of", "meet", "read_window",
    "zone_cells_of",
]  # fmt: skip

_NO_STARTS = np.zeros(1, dtype=np.int64)


class ReadFault(OSError):
    """A window of a map could not be read; `shown` names the map, `row` the first row of the window.

    With a `column`, the one cell in that row and column holds a value that is no code.
    """

    def __init__(self, shown: str, row: int, reason: str, column: int | None = None) -> None:
        super().__init__(reason)
        self.shown, self.row, self.reason, self.column = shown, row, reason, column


@dataclass(frozen=True)
class Counts(Measured):
    """Cells by zone, opening class and closing class: `array` of shape (zones, 1 + codes, 1 + codes), 0 is no data.

    `cell_area` is in m2; `outside` is the number of cells of the grid outside every zone. Areas that do not come in
    cells are whole numbers of small units: `unit` is then "units" and `cell_area` the size of one.
    """

    zones: tuple[str, ...]
    codes: tuple[int, ...]
    array: np.ndarray
    cell_area: float
    outside: int = 0
    unit: str = "cells"

    def __post_init__(self) -> None:
        side = len(self.codes) + 1
        if self.array.shape != (len(self.zones), side, side) or self.array.dtype != np.int64:
            raise ValueError(f"counts must be int64 of shape ({len(self.zones)}, {side}, {side})")
        if (self.array < 0).any():
            raise ValueError("a number of cells below zero")

    @property
    def opening(self) -> np.ndarray:
        """Cells of each item at the opening, shape (zones, 1 + codes)."""
        found: np.ndarray = self.array.sum(axis=2)
        return found

    @property
    def closing(self) -> np.ndarray:
        """Cells of each item at the closing, shape (zones, 1 + codes)."""
        found: np.ndarray = self.array.sum(axis=1)
        return found

    def total(self) -> np.ndarray:
        """The matrix of all zones together, shape (1 + codes, 1 + codes)."""
        summed: np.ndarray = self.array.sum(axis=0)
        return summed

    def to_xarray(self) -> xr.DataArray:
        """The counts as a labelled array with dimensions zone, opening, closing."""
        import xarray as xr

        labels = [NODATA, *(str(code) for code in self.codes)]
        coords = {"zone": list(self.zones), "opening": labels, "closing": labels}
        return xr.DataArray(
            self.array, coords=coords, dims=("zone", "opening", "closing"), name="cells", attrs={"units": "cells"}
        )


@dataclass(frozen=True)
class Scan:
    """What one pass over two maps found: the counts, codes outside the class list, and zones that overlap.

    `zone_cells` is the number of cells whose centre lies in a polygon, found from the polygons alone. `checks` are the
    identities of a count that does not go by the centres of cells.
    """

    counts: Counts
    strays: tuple[dict[int, Stray], dict[int, Stray]]
    overlap: Overlap | None
    names: tuple[str, ...]
    zone_cells: int | None = None
    checks: tuple[Check, ...] = ()


def meet(one: Overlap | None, other: Overlap | None) -> Overlap | None:
    """Two overlaps of zones as one."""
    if one is None or other is None:
        return one or other
    first = min(one, other, key=lambda o: (o.row, o.column))
    return Overlap(one.cells + other.cells, first.row, first.column)


def lookup_of(land: LandCover, classes: ClassList, aligned: bool) -> Lookup:
    """Codes of a map to positions of `classes`; its nodata, and what an aligned map does not cover, to 0."""
    nodata = [code for code in classes.nodata_codes if code != land.nodata]
    nodata += [land.nodata] if land.nodata is not None else []
    if aligned or land.dtype.kind == "f":
        return Lookup(wide(land.dtype), classes.codes, [*nodata, MISSING])
    return Lookup(land.dtype, classes.codes, nodata)


def read_window(reader: Plain | Nearest, land: LandCover, window: tuple[int, int, int, int]) -> np.ndarray:
    """Codes of (first row, rows, first column, columns); ReadFault where the file cannot be read."""
    from rasterio.errors import RasterioError

    try:
        return reader.read(*window)
    except NotWhole as wrong:
        raise ReadFault(land.shown, wrong.row, str(wrong), wrong.column) from None
    except RasterioError as error:
        raise ReadFault(land.shown, window[0], str(error).replace(str(land.path), land.shown)) from None


def zone_cells_of(values: np.ndarray, land: LandCover, top: int) -> np.ndarray:
    """Zone numbers of a window, 0 outside every zone; ReadFault where a number is below 0."""
    if land.dtype.kind == "f":
        values[values == MISSING] = 0
    if land.nodata:
        values[values == land.nodata] = 0
    if values.dtype.kind == "i" and values.min() < 0:
        raise ReadFault(land.shown, top, f"the zone number {values.min()}; zones are numbered from 1")
    return values


class _Pass:
    """One pass over the maps, shared by the threads: each takes the next band, counts it on handles of its own."""

    def __init__(
        self, opening: LandCover, closing: LandCover, zones: Zones, classes: ClassList, align: bool, frame: LandCover,
        places: Sequence[tuple[int, int]] = (), kind: type[Tally] = Tally,
    ) -> None:  # fmt: skip
        self.opening, self.closing, self.zones, self.align, self.frame = opening, closing, zones, align, frame
        self.grid = frame.grid
        self.block, self.align_first = frame.block, frame is not opening and bool(differences(frame.grid, opening.grid))
        self.edges: Edges | None = edges_of(zones.geometry, frame.grid) if isinstance(zones, PolygonZones) else None
        self.classes = classes
        self.wide = max(
            wide(land.dtype).itemsize if aligned else land.dtype.itemsize
            for land, aligned in ((opening, self.align_first), (closing, align))
        )
        self._bands: Iterator[tuple[int, int]] = iter(places or band_places(frame))
        self._kind = kind
        self._lock = Lock()
        self.zone_cells = 0

    def tally(self) -> Tally:
        return self._kind(
            lookup_of(self.opening, self.classes, self.align_first), lookup_of(self.closing, self.classes, self.align)
        )

    def _reader(self, land: LandCover, align: bool, stack: ExitStack) -> Plain | Nearest:
        handle = stack.enter_context(open_dataset(land.path))
        return Nearest(land, handle, self.grid) if align else Plain(land, handle)

    def _next(self) -> tuple[int, int] | None:
        with self._lock:
            return next(self._bands, None)

    def work(self) -> tuple[Tally, Overlap | None]:
        """Count bands until none is left."""
        tally, overlap = self.tally(), None
        with environment(), ExitStack() as stack:
            first = self._reader(self.opening, self.align_first, stack)
            second = self._reader(self.closing, self.align, stack)
            third: Plain | None = None
            if isinstance(self.zones, RasterZones):
                third = Plain(self.zones.map, stack.enter_context(open_dataset(self.zones.map.path)))
            while (place := self._next()) is not None:
                overlap = meet(overlap, self._band(tally, first, second, third, *place))
        return tally, overlap

    def _band(
        self, tally: Tally, first: Plain | Nearest, second: Plain | Nearest, third: Plain | None, top: int, rows: int
    ) -> Overlap | None:
        band, overlap = self.edges.band(top, rows) if self.edges is not None else (None, None)
        if band is not None:
            with self._lock:
                self.zone_cells += band.cells()
        if band is not None and not band.zones.any():
            return overlap
        parts = columns(self.grid, self.block, rows, self.wide)
        runs = band.windows(parts) if band is not None else [(_NO_STARTS, _NO_STARTS + 1)] * len(parts)
        for (left, width), (starts, zones) in zip(parts, runs, strict=True):
            if not zones.any():
                continue
            window = (top, rows, left, width)
            zone_map = None
            if third is not None and isinstance(self.zones, RasterZones):
                zone_map = zone_cells_of(read_window(third, self.zones.map, window), self.zones.map, top)
            codes = read_window(first, self.opening, window), read_window(second, self.closing, window)
            tally.window(*codes, starts, zones, (top, left), zone_map)
        return overlap


def band_places(frame: LandCover) -> list[tuple[int, int]]:
    """(first row, rows) of the bands in which a map is read."""
    return bands(frame.grid, frame.block, frame.dtype.itemsize)


def count_bands(
    opening: LandCover, closing: LandCover, zones: Zones, classes: ClassList, align: bool, frame: LandCover,
    places: Sequence[tuple[int, int]],
) -> tuple[Tally, Overlap | None, int]:  # fmt: skip
    """(sums, overlap of zones, cells in polygons) of some bands, in this thread. Raises ReadFault."""
    job = _Pass(opening, closing, zones, classes, align, frame, places)
    return *job.work(), job.zone_cells


def _zone_keys(zones: Zones, met: np.ndarray) -> tuple[list[int], tuple[str, ...], tuple[str, ...]]:
    """Numbers used in the tally, ids and names of the zones."""
    if isinstance(zones, (PolygonZones, WholeMap)):
        return list(range(1, len(zones.ids) + 1)), zones.ids, zones.names
    numbers = [int(n) for n in met]
    return numbers, tuple(str(n) for n in numbers), tuple(f"Zone {n}" for n in numbers)


def _counts(tally: Tally, zones: Zones, classes: ClassList, grid: Grid) -> tuple[Counts, tuple[str, ...]]:
    keys, cells = tally.sums()
    side = tally.opening.size
    rest, second = np.divmod(keys, side)
    zone, first = np.divmod(rest, side)
    stray = side - 1
    used = sorted({*first.tolist(), *second.tolist()} - {0, stray})
    numbers, ids, names = _zone_keys(zones, np.unique(zone))
    place = np.zeros(side, dtype=np.int64)
    place[used] = np.arange(1, len(used) + 1)
    array = np.zeros((len(ids), len(used) + 1, len(used) + 1), dtype=np.int64)
    np.add.at(array, (np.searchsorted(numbers, zone), place[first], place[second]), cells)
    codes = tuple(classes.codes[n - 1] for n in used)
    outside = grid.cells - int(cells.sum())
    return Counts(ids, codes, array, grid.cell_area, outside), names


def count_cells(
    opening: LandCover,
    closing: LandCover,
    zones: Zones,
    classes: ClassList,
    *,
    align: bool = False,
    frame: LandCover | None = None,
    threads: int | None = None,
    engine: Engine | None = None,
) -> Scan:
    """Count the cells of every zone by opening and closing class in one pass, in constant memory.

    Both maps lie on one grid; with `align` the closing map is read by nearest neighbour on the grid of the opening map,
    and what it does not cover is no data. `frame` is the map whose grid is counted, where that is not the opening map:
    the opening map is then aligned as well if its grid is another. `engine` is what counts; left out, that of the
    machine. Classes that occur at neither date are left out; strays are counted as no data here and must be refused by
    the caller. Raises ReadFault where a file cannot be read.
    """
    from natcap.accounts.counting import engine_of, tally_class

    engine = engine or engine_of((frame or opening).grid.cells)
    job = _Pass(opening, closing, zones, classes, align, frame or opening, kind=tally_class(engine))
    if engine.kind == "cluster":
        return _on_cluster(engine, job)
    number = threads or min(
        4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    tally, overlap = job.tally(), None
    with ThreadPoolExecutor(number) as pool:
        for part, crossed in [found.result() for found in [pool.submit(job.work) for _ in range(number)]]:
            tally.join(part)
            overlap = meet(overlap, crossed)
    return _scan(job, tally, overlap, job.zone_cells)


def _scan(job: _Pass, tally: Tally, overlap: Overlap | None, zone_cells: int) -> Scan:
    counts, names = _counts(tally, job.zones, job.classes, job.grid)
    return Scan(counts, tally.strays, overlap, names, None if job.edges is None else zone_cells)


def _on_cluster(engine: Engine, job: _Pass) -> Scan:
    from natcap.accounts.cluster import Job, count_on_cluster

    tally = job.tally()
    sent = Job.of(job.opening, job.closing, job.zones, job.classes, job.align, job.frame)
    overlap, zone_cells = count_on_cluster(engine.address, sent, tally)
    return _scan(job, tally, overlap, zone_cells)


def from_matrix(codes: Sequence[int], matrix: Any, cell_area: float = 10_000.0, zone: str = "all") -> Counts:
    """Counts of one zone from a matrix of whole numbers, opening in rows, without cells of no data."""
    given = np.asarray(matrix)
    if given.dtype.kind not in "iu":
        raise ValueError("a change matrix holds whole numbers of cells")
    array = np.zeros((1, len(codes) + 1, len(codes) + 1), dtype=np.int64)
    array[0, 1:, 1:] = given
    return Counts((zone,), tuple(codes), array, cell_area)
