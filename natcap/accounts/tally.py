"""Tally: how many cells of each (zone, opening code, closing code) a window holds, by runs of equal cells.

Maps are patchy: along a row the same pair of codes stands for many cells. Finding where it changes is two comparisons
a cell on bytes; everything dearer is done once a run. That is about twice as fast as a histogram of cells, and a
thousand zones cost little more than one, because a zone is only one more reason for a run to end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

__all__ = ["Lookup", "Stray", "Tally"]

WORDS = 2**16
"""Eights of cells with a run's begin in them that are taken at a time: a patchy window has fewer, noise is cut."""


class Lookup:
    """Codes of a map to positions: 0 for missing cells, 1..n for the codes given, n + 1 for any other code."""

    def __init__(self, dtype: np.dtype[Any], codes: Sequence[int], nodata: Sequence[int]) -> None:
        self.size = len(codes) + 2
        self._codes = np.array(sorted({*codes, *nodata}), dtype=np.int64)
        place = {code: n for n, code in enumerate(codes, 1)} | dict.fromkeys(nodata, 0)
        self._places = np.array([place[int(code)] for code in self._codes] or [0], dtype=np.int64)
        self._table: np.ndarray | None = None
        if dtype.kind == "u" and dtype.itemsize <= 2:
            self._table = self._search(np.arange(2 ** (8 * dtype.itemsize)))

    def _search(self, values: np.ndarray) -> np.ndarray:
        if not len(self._codes):
            return np.full(len(values), self.size - 1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._codes, values), len(self._codes) - 1)
        return np.where(self._codes[at] == values, self._places[at], self.size - 1)

    def __call__(self, values: np.ndarray) -> np.ndarray:
        found: np.ndarray = self._search(values.astype(np.int64)) if self._table is None else self._table.take(values)
        return found


@dataclass(slots=True)
class Stray:
    """Cells with a code that is not in the class list: how many, and (row, column) of the first."""

    cells: int
    row: int
    column: int

    def add(self, other: Stray) -> None:
        self.cells += other.cells
        if (other.row, other.column) < (self.row, self.column):
            self.row, self.column = other.row, other.column


def _places(words: np.ndarray, some: np.ndarray) -> np.ndarray:
    """Positions of what is true in a row of booleans, seen as `words` of eight, `some` of which hold any; int64.

    First the words, then the places in these: numpy finds what is rare one by one, but what is common without a branch,
    and among the words it is common.
    """
    found = np.flatnonzero(words.take(some).view(bool))
    places: np.ndarray = some.take(found >> 3)
    places <<= 3
    places += found & 7
    return places


@dataclass
class Tally:
    """Sums of cells by one whole number that encodes zone, opening and closing position. One a thread, then joined."""

    opening: Lookup
    closing: Lookup
    strays: tuple[dict[int, Stray], dict[int, Stray]] = field(default_factory=lambda: ({}, {}))
    _parts: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)
    _edges: np.ndarray = field(default_factory=lambda: np.empty((2, 0), dtype=bool))
    _pairs: np.ndarray | None = None

    def window(
        self, first: np.ndarray, second: np.ndarray, zone_starts: np.ndarray, zones: np.ndarray, place: tuple[int, int],
        zone_map: np.ndarray | None = None,
    ) -> None:  # fmt: skip
        """Count one window of codes, shape (rows, columns). `place` is (row, column) of its first cell in the map.

        Zones come as runs (`zone_starts`, `zones`) or, cell by cell, as `zone_map`.
        """
        columns = first.shape[1]
        first, second = first.reshape(-1), second.reshape(-1)
        cells = None if zone_map is None else zone_map.reshape(-1)
        words = self._edge(first, second, zone_starts, cells).view(np.uint64)
        some = np.flatnonzero(words != 0)
        left = np.empty(0, dtype=np.int64)
        for low in range(0, len(some), WORDS):
            starts = _places(words, some[low : low + WORDS])
            starts = np.concatenate([left, starts]) if len(left) else starts
            length = np.empty_like(starts)
            np.subtract(starts[1:], starts[:-1], out=length[:-1])
            length[-1] = first.size - starts[-1]
            if low + WORDS < len(some):  # where the last run ends is not known yet
                starts, length, left = starts[:-1], length[:-1], starts[-1:]
            if len(starts):
                local = self._zones(starts, int(starts[-1] + length[-1]), zone_starts, zones, cells)
                self._runs(first, second, starts, length, local, columns, place)

    def _runs(
        self, first: np.ndarray, second: np.ndarray, starts: np.ndarray, length: np.ndarray,
        zones: tuple[np.ndarray, np.ndarray], columns: int, place: tuple[int, int],
    ) -> None:  # fmt: skip
        """Count the runs that begin at `starts`."""
        here, local = zones
        if here[0] == 0:
            inside = np.flatnonzero(local)
            starts, length, local = starts.take(inside), length.take(inside), local.take(inside)
        if not len(starts):
            return
        codes = first.take(starts), second.take(starts)
        for which in self._add(here, local, self._pair(*codes), length):
            lookup = (self.opening, self.closing)[which]
            odd = np.flatnonzero(lookup(codes[which]) == lookup.size - 1)
            self._note(which, codes[which][odd], starts[odd], length[odd], columns, place)

    def _pair(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """opening position * positions of the closing + closing position of each pair of codes."""
        if first.dtype != np.uint8 or second.dtype != np.uint8:
            found: np.ndarray = self.opening(first) * self.closing.size + self.closing(second)
            return found
        if self._pairs is None:  # all pairs of bytes, looked up once
            every = np.arange(256, dtype=np.uint8)
            self._pairs = (self.opening(every)[:, None] * self.closing.size + self.closing(every)).reshape(-1)
        joint = first.astype(np.uint16)
        joint <<= 8
        joint |= second
        pairs: np.ndarray = self._pairs.take(joint)
        return pairs

    def _edge(
        self, first: np.ndarray, second: np.ndarray, zone_starts: np.ndarray, zone_map: np.ndarray | None
    ) -> np.ndarray:
        """Whether a run begins at each cell, as a code or the zone is not that of the cell before; in whole eights."""
        size = first.size
        words = -(-size // 8)
        if self._edges.shape[1] < words * 8:
            self._edges = np.empty((2, words * 8), dtype=bool)
        self._edges[0, size : words * 8] = False
        edge, more = self._edges[0, :size], self._edges[1, :size]
        edge[0] = True
        np.not_equal(first[1:], first[:-1], out=edge[1:])
        np.not_equal(second[1:], second[:-1], out=more[1:])
        np.logical_or(edge[1:], more[1:], out=edge[1:])
        if zone_map is not None:
            np.not_equal(zone_map[1:], zone_map[:-1], out=more[1:])
            np.logical_or(edge[1:], more[1:], out=edge[1:])
        else:
            edge[zone_starts] = True
        return self._edges[0, : words * 8]

    @staticmethod
    def _zones(
        starts: np.ndarray, high: int, zone_starts: np.ndarray, zones: np.ndarray, zone_map: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Zones of the runs, rising, and for each run the position of its zone among them."""
        if zone_map is not None:
            here, local = np.unique(zone_map.take(starts), return_inverse=True)
            return here.astype(np.int64), local
        if len(zones) == 1:
            return zones, np.zeros(len(starts), dtype=np.int64)
        begin = int(np.searchsorted(zone_starts, starts[0], side="right")) - 1
        part = slice(begin, int(np.searchsorted(zone_starts, high)))
        here, which = np.unique(zones[part], return_inverse=True)
        edge = np.searchsorted(starts, zone_starts[part])
        return here, np.repeat(which, np.diff(edge, append=len(starts)))

    def _add(self, here: np.ndarray, local: np.ndarray, pair: np.ndarray, length: np.ndarray) -> list[int]:
        """Add runs; returns which of the two maps (0, 1) had codes outside the class list."""
        n, m = self.opening.size, self.closing.size
        sums = np.bincount(pair if len(here) == 1 else local * (n * m) + pair, weights=length)
        used = np.flatnonzero(sums)
        zone, rest = np.divmod(used, n * m)
        self.add(here[zone] * (n * m) + rest, sums[used].astype(np.int64))
        sides = np.divmod(rest, m)
        return [which for which, side in ((0, n), (1, m)) if (sides[which] == side - 1).any()]

    def add(self, keys: np.ndarray, cells: np.ndarray) -> None:
        """Add sums of cells by key; folded now and then, so that memory does not grow with the map."""
        self._parts.append((keys, cells))
        if len(self._parts) >= 128:
            self._parts = [self.sums()]

    def _note(
        self,
        which: int,
        codes: np.ndarray,
        starts: np.ndarray,
        length: np.ndarray,
        columns: int,
        place: tuple[int, int],
    ) -> None:
        for code in np.unique(codes):
            here = codes == code
            row, column = divmod(int(starts[here][0]), columns)
            self.meet(which, int(code), Stray(int(length[here].sum()), place[0] + row, place[1] + column))

    def meet(self, which: int, code: int, stray: Stray) -> None:
        """Note cells with a code that the class list does not have."""
        if code in self.strays[which]:
            self.strays[which][code].add(stray)
        else:
            self.strays[which][code] = stray

    def sums(self) -> tuple[np.ndarray, np.ndarray]:
        """(key, cells) of every combination met, keys rising; key = (zone * n + opening) * m + closing."""
        if not self._parts:
            return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
        keys, at = np.unique(np.concatenate([key for key, _ in self._parts]), return_inverse=True)
        cells = np.zeros(len(keys), dtype=np.int64)
        np.add.at(cells, at, np.concatenate([part for _, part in self._parts]))
        return keys, cells

    def join(self, other: Tally) -> None:
        """Add what another thread counted."""
        self._parts += other._parts
        for which in (0, 1):
            for code, stray in other.strays[which].items():
                self.meet(which, code, stray)
