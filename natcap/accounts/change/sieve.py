"""Sift the cells that differ between opening and closing: rotation first, then patches that are too small.

Rotation goes first, so that every patch that is left has at least the minimum area. Both are found in runs of cells
that are alike in every map, zone and managed area; the maps stream past once, in bands, in constant memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from natcap.accounts.change.model import Change, managed_kinds, of_whole_patches
from natcap.accounts.change.patches import Patches, Runs
from natcap.accounts.classes import ClassList
from natcap.accounts.counts import Counts, lookup_of, read_window, zone_cells_of
from natcap.accounts.landcover import LandCover, environment, open_dataset
from natcap.accounts.windows import Nearest, Plain, bands
from natcap.accounts.zones import PolygonZones, RasterZones, Zones
from natcap.accounts.zones.scanline import Edges, edges_of

__all__ = ["Sifted", "lasting", "sift"]

_STRIP = 2**20
"""Cells looked at in one go."""
_UNKNOWN, _INSIDE, _MEETS, _KEYS = 1, 2, 4, 8
"""Bits below the transition in the key of a run: may be rotation, lies in an area, its patch meets one; all of them."""


@dataclass(frozen=True)
class Sifted:
    """Cells that changed class, int64 of shape (zones, 1 + classes, 1 + classes) as in the counts; none without data.

    `kept` counts as change, `patch` and `rotation` do not; `undecided` are those of `kept` that may be rotation, and
    `inside` those of `kept` within an area of the right kind, or in a patch that meets one where that is the rule
    (trees of a planting scheme). `patches` are (left out, kept).
    """

    kept: np.ndarray
    patch: np.ndarray
    rotation: np.ndarray
    undecided: np.ndarray
    inside: np.ndarray
    patches: tuple[int, int]


def lasting(places: list[np.ndarray], years: tuple[int, ...], least: int) -> tuple[np.ndarray, np.ndarray]:
    """Of cells with another class at the opening than at the closing: (lasted too short, maps cannot say), bool.

    `places` holds their classes in each map, 0 for no data. The closing class has lasted from the first of the maps
    that show it without interruption, and no longer than since the last map that shows another class. Lasting at
    least `least` years by the first: kept. No more than `least` years by the second: too short. Else nobody knows.
    """
    last = places[-1]
    since = np.full(last.shape, years[-1])
    other = np.full(last.shape, years[0])
    unbroken = np.ones(last.shape, dtype=bool)
    for place, year in zip(places[-2:0:-1], years[-2:0:-1], strict=True):
        unbroken &= place == last
        since[unbroken] = year
        differs = (place != last) & (place > 0)
        other = np.where(differs, np.maximum(other, year), other)
    lasted = years[-1] - since >= least
    short = ~lasted & (years[-1] - other <= least)
    return short, ~lasted & ~short


class _Sieve:
    """One pass over all maps, strip by strip."""

    def __init__(self, change: Change, maps: list[tuple[LandCover, bool]], zones: Zones, classes: ClassList,
                 counts: Counts) -> None:  # fmt: skip
        self.change, self.maps, self.zones, self.classes, self.counts = change, maps, zones, classes, counts
        self.frame = maps[0][0]
        grid = self.frame.grid
        self.edges: Edges | None = edges_of(zones.geometry, grid) if isinstance(zones, PolygonZones) else None
        self.lookups = [lookup_of(land, classes, aligned) for land, aligned in maps]
        self.side = len(classes.codes) + 2
        rotational = [n for n, code in enumerate(classes.codes, 1) if code in change.rotational]
        self.rotates = np.isin(np.arange(self.side), rotational)
        self.groups = self._groups()
        cells = (len(counts.zones) + 1) * self.side**2
        self.rotation = np.zeros(cells, dtype=np.int64)
        self.patches = Patches(grid.width, change.least_cells(grid.cell_area), _KEYS * cells, shared=_MEETS)

    def _groups(self) -> list[tuple[Edges, np.ndarray, int]]:
        """The joint area of each set of kinds, the places of the classes that are managed by it, and the bit for it."""
        if self.change.areas is None:
            return []
        areas, found = self.change.areas, managed_kinds(self.classes)
        groups = []
        for kinds in dict.fromkeys(found.values()):
            mine = shapely.union_all(areas.geometry[np.isin(areas.kinds, kinds)])
            if mine.is_empty:
                continue
            takes = [n for n, code in enumerate(self.classes.codes, 1) if found.get(code) == kinds]
            bit = _MEETS if of_whole_patches(kinds) else _INSIDE
            groups.append((edges_of(np.array([mine]), self.frame.grid), np.isin(np.arange(self.side), takes), bit))
        return groups

    def run(self) -> None:
        grid = self.frame.grid
        with environment(), ExitStack() as stack:
            readers = [self._reader(stack, land, aligned) for land, aligned in self.maps]
            zone_reader: Plain | None = None
            if isinstance(self.zones, RasterZones):
                zone_reader = Plain(self.zones.map, stack.enter_context(open_dataset(self.zones.map.path)))
            for top, rows in bands(grid, self.frame.block):
                window = (top, rows, 0, grid.width)
                codes = [read_window(r, land, window) for r, (land, _) in zip(readers, self.maps, strict=True)]
                zone_map = None
                if zone_reader is not None and isinstance(self.zones, RasterZones):
                    zone_map = zone_cells_of(read_window(zone_reader, self.zones.map, window), self.zones.map, top)
                for start, end in _strips(rows, grid.width):
                    part = None if zone_map is None else zone_map[start:end]
                    self.strip([code[start:end] for code in codes], part, top + start)
        self.patches.finish()

    def _reader(self, stack: ExitStack, land: LandCover, aligned: bool) -> Plain | Nearest:
        handle = stack.enter_context(open_dataset(land.path))
        return Nearest(land, handle, self.frame.grid) if aligned else Plain(land, handle)

    def strip(self, codes: list[np.ndarray], zone_map: np.ndarray | None, top: int) -> None:
        """Sift the rows from `top` on; `codes` are those of each map, shape (rows, columns)."""
        rows, width = codes[0].shape
        area = [(edges.band(top, rows)[0], takes, bit) for edges, takes, bit in self.groups]
        band = self.edges.band(top, rows)[0] if self.edges is not None else None
        marks = [part.starts for part, _, _ in area] + ([band.starts] if band is not None else [])
        arrays = [*codes, *([zone_map] if zone_map is not None else [])]
        starts = _starts(arrays, marks, rows, width)
        places = [lookup(code.reshape(-1).take(starts)) for lookup, code in zip(self.lookups, codes, strict=True)]
        changed = np.flatnonzero((places[0] > 0) & (places[-1] > 0) & (places[0] != places[-1]))
        ends = np.append(starts[1:], rows * width)[changed]
        starts, places = starts[changed], [place[changed] for place in places]
        first, last = places[0], places[-1]
        bits = np.zeros(len(starts), dtype=np.int64)
        for part, takes, bit in area:
            bits |= np.where(takes[last] & (_at(part.starts, part.zones, starts) > 0), bit, 0)
        key = (self._zone(band, zone_map, starts) * self.side + first) * self.side + last
        row, left = np.divmod(starts, width)
        short, unknown = self._rotate(places)
        np.add.at(self.rotation, key[short], (ends - starts)[short])
        free, key = ~short, key * _KEYS + bits + unknown * _UNKNOWN
        runs = Runs(*(values[free] for values in (
            row + top, left, ends - row * width, first * self.side + last, key
        )))  # fmt: skip
        self.patches.add(runs, top + rows - 1)

    def _rotate(self, places: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Which runs changed in rotation and do not count, and which may have, bool; none without the rule."""
        short, unknown = np.zeros((2, len(places[0])), dtype=bool)
        if self.change.rotation_years:
            mine = np.flatnonzero(self.rotates[places[0]] & self.rotates[places[-1]])
            found = lasting([place[mine] for place in places], self.change.years, self.change.rotation_years)
            short[mine], unknown[mine] = found
        return short, unknown

    def _zone(self, band: Any, zone_map: np.ndarray | None, starts: np.ndarray) -> np.ndarray:
        """Position of the zone among those of the counts, from 1; 0 outside every zone."""
        if band is not None:
            return _at(band.starts, band.zones, starts)
        if zone_map is None:
            return np.ones(len(starts), dtype=np.int64)
        numbers = np.array([int(zone) for zone in self.counts.zones], dtype=np.int64)
        here = zone_map.reshape(-1).take(starts).astype(np.int64)
        place = np.minimum(np.searchsorted(numbers, here), len(numbers) - 1)
        return np.where(numbers[place] == here, place + 1, 0)

    def found(self) -> Sifted:
        """What was counted, on the zones and classes of the counts."""
        large, small = self.patches.large.reshape(-1, _KEYS), self.patches.small.reshape(-1, _KEYS)
        bits = np.arange(_KEYS)
        unknown, inside = (bits & _UNKNOWN) > 0, (bits & (_INSIDE | _MEETS)) > 0
        sums = large.sum(axis=1), small.sum(axis=1), self.rotation
        arrays = (*sums, large[:, unknown].sum(axis=1), large[:, inside].sum(axis=1))
        place = [self.classes.codes.index(code) + 1 for code in self.counts.codes]
        shape = (len(self.counts.zones) + 1, self.side, self.side)
        out = []
        for array in arrays:
            whole = np.zeros_like(self.counts.array)
            whole[:, 1:, 1:] = array.reshape(shape)[1:][:, place][:, :, place]
            out.append(whole)
        kept, patch, rotation, undecided, inside = out
        patches = (self.patches.small_patches, self.patches.large_patches)
        return Sifted(kept, patch, rotation, undecided, inside, patches)


def _strips(rows: int, width: int) -> Iterator[tuple[int, int]]:
    step = max(1, _STRIP // width)
    return ((start, min(start + step, rows)) for start in range(0, rows, step))


def _starts(arrays: list[np.ndarray], marks: list[np.ndarray], rows: int, width: int) -> np.ndarray:
    """Positions at which a run begins: a row, another value in any array, or one of the marks."""
    edge = np.zeros(rows * width, dtype=bool)
    edge[::width] = True
    for array in arrays:
        flat = array.reshape(-1)
        edge[1:] |= flat[1:] != flat[:-1]
    for places in marks:
        edge[places] = True
    return np.flatnonzero(edge)


def _at(starts: np.ndarray, values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The value of the run that holds each place."""
    found: np.ndarray = values[np.searchsorted(starts, places, side="right") - 1]
    return found


def sift(change: Change, opening: LandCover, closing: LandCover, align: bool, zones: Zones, classes: ClassList,
         counts: Counts) -> Sifted:  # fmt: skip
    """Say of every cell that changed between the maps whether it counts, aligned to `counts` of the same maps.

    Raises ReadFault where a file cannot be read.
    """
    between = zip(change.between, change.aligned, strict=True)
    sieve = _Sieve(change, [(opening, False), *between, (closing, align)], zones, classes, counts)
    sieve.run()
    return sieve.found()
