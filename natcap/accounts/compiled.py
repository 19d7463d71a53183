"""The compiled tally: runs found eight cells at a time by a kernel that numba compiles. The same integers as `tally`.

Needs the extra `fast`. Eight codes are one word: a word that equals itself moved by one cell holds no change, so that
most of a patchy map costs one comparison for eight cells of each map. Maps with codes of more than a byte, and windows
with a code outside the class list, go the plain way.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from natcap.accounts.tally import Lookup, Tally

__all__ = ["CompiledTally"]

_BYTE = np.uint64(8)
_TOP = np.uint64(56)
_SEVEN = np.uint64(7)
_LOW = np.uint64(0x7F7F7F7F7F7F7F7F)
_HIGH = np.uint64(0x8080808080808080)
_PLACE = np.uint64(0x0001020304050607)
_EACH = np.uint64(0x0101010101010101)
_ONE = np.uint64(1)
_GATHERED = 1024
"""Words looked at before those with an edge are taken apart: they stay in the nearest cache."""
_PIECE = 2**18
"""Cells taken at a time: their edges, at most one a cell, stay in the second cache."""


@njit(nogil=True, cache=True)  # type: ignore[misc,unused-ignore]
def _find(
    first: np.ndarray, second: np.ndarray, first_words: np.ndarray, second_words: np.ndarray, low: int, high: int,
    words: np.ndarray, at_word: np.ndarray, edges: np.ndarray,
) -> int:  # fmt: skip
    """Write the places from `low` to `high` of cells unlike the cell before them to `edges`, rising; returns how many.

    `first` and `second` are codes of one byte, `..._words` the same as whole words of eight; `low` is a whole number of
    words. Words that hold an edge are gathered first and taken apart then: without a branch that the processor cannot
    foresee.
    """
    found = 0
    before, beside = np.uint64(first[max(0, low - 1)]), np.uint64(second[max(0, low - 1)])
    for top in range(low >> 3, high >> 3, len(words)):
        n = 0
        for w in range(top, min(top + len(words), high >> 3)):
            x, y = first_words[w], second_words[w]
            unlike = (x ^ ((x << _BYTE) | before)) | (y ^ ((y << _BYTE) | beside))
            words[n] = unlike
            at_word[n] = w
            n += unlike != 0
            before, beside = x >> _TOP, y >> _TOP
        for k in range(n):
            base = at_word[k] << 3
            # The high bit of every byte that is not 0; its place is read off by a multiplication, lowest first.
            marks = (((words[k] & _LOW) + _LOW) | words[k]) & _HIGH
            count = np.int64(((marks >> _SEVEN) * _EACH) >> _TOP)
            lowest = marks & (~marks + _ONE)
            edges[found] = base + np.int64(((lowest >> _SEVEN) * _PLACE) >> _TOP)
            marks ^= lowest
            lowest = marks & (~marks + _ONE)
            edges[found + 1] = base + np.int64(((lowest >> _SEVEN) * _PLACE) >> _TOP)
            more = found + 2
            if count > 2:
                marks ^= lowest
                while marks != 0:
                    lowest = marks & (~marks + _ONE)
                    edges[more] = base + np.int64(((lowest >> _SEVEN) * _PLACE) >> _TOP)
                    more += 1
                    marks ^= lowest
            found += int(count)
    for at in range(max(1, high >> 3 << 3), high):
        if first[at] != first[at - 1] or second[at] != second[at - 1]:
            edges[found] = at
            found += 1
    return found


@njit(nogil=True, cache=True)  # type: ignore[misc,unused-ignore]
def _count(
    first: np.ndarray, second: np.ndarray, first_words: np.ndarray, second_words: np.ndarray, words: np.ndarray,
    at_word: np.ndarray, edges: np.ndarray, starts: np.ndarray, zones: np.ndarray, opening: np.ndarray,
    closing: np.ndarray, hist: np.ndarray,
) -> None:  # fmt: skip
    """Add the runs of a window to `hist`, shape (zones, keys), a piece of the window at a time.

    key = opening[code] + closing[code]. `starts` and `zones` are the runs of zones, zone -1 outside all of them. A
    piece is as long as `edges` has room for, less a word.
    """
    run, piece = 0, (len(edges) - 8) >> 3 << 3
    for low in range(0, len(first), piece):
        high = min(low + piece, len(first))
        number = _find(first, second, first_words, second_words, low, high, words, at_word, edges)
        e = 0
        while run < len(starts) and starts[run] < high:
            begin, zone = max(starts[run], low), zones[run]
            last = run + 1 == len(starts) or starts[run + 1] > high
            end = high if last else starts[run + 1]
            while e < number and edges[e] <= begin:
                e += 1
            if zone < 0:
                while e < number and edges[e] < end:
                    e += 1
            else:
                row = hist[zone]
                key = np.uint64(opening[first[begin]] + closing[second[begin]])
                while e < number and edges[e] < end:
                    row[key] += edges[e] - begin
                    begin = np.int64(edges[e])
                    key = np.uint64(opening[first[begin]] + closing[second[begin]])
                    e += 1
                row[key] += end - begin
            if last:
                break
            run += 1


class CompiledTally(Tally):
    """A tally whose windows are counted by the kernel where their codes are single bytes."""

    def __init__(self, opening: Lookup, closing: Lookup) -> None:
        super().__init__(opening, closing)
        every = np.arange(256, dtype=np.uint8)
        self._opening = opening(every).astype(np.int64) * closing.size
        self._closing = closing(every).astype(np.int64)
        self._words, self._at = np.empty(_GATHERED, np.uint64), np.empty(_GATHERED, np.int32)
        self._found = np.empty(_PIECE + 8, np.int32)

    def window(
        self, first: np.ndarray, second: np.ndarray, zone_starts: np.ndarray, zones: np.ndarray, place: tuple[int, int],
        zone_map: np.ndarray | None = None,
    ) -> None:  # fmt: skip
        bytes_only = first.dtype == np.uint8 and second.dtype == np.uint8
        flat = first.reshape(-1), second.reshape(-1)
        if not (bytes_only and self._bytes(*flat, zone_starts, zones, zone_map)):
            super().window(first, second, zone_starts, zones, place, zone_map)

    def _bytes(
        self, first: np.ndarray, second: np.ndarray, starts: np.ndarray, zones: np.ndarray, zone_map: np.ndarray | None
    ) -> bool:
        """Count a window of single bytes; False where a code is not in the class list and nothing was counted."""
        if zone_map is not None:
            cells = zone_map.reshape(-1)
            starts = np.concatenate([[0], np.flatnonzero(cells[1:] != cells[:-1]) + 1])
            zones = cells.take(starts).astype(np.int64)
        n, m = self.opening.size, self.closing.size
        here, local = np.unique(zones, return_inverse=True) if len(zones) > 1 else (zones, np.zeros(1, dtype=np.int64))
        if here[0] == 0:
            here, local = here[1:], local - 1
        if not len(here):
            return True
        hist = np.zeros((len(here), n * m), dtype=np.int64)
        whole = first.size // 8 * 8
        words = first[:whole].view(np.uint64), second[:whole].view(np.uint64)
        scratch = self._words, self._at, self._found
        _count(first, second, *words, *scratch, starts, local, self._opening, self._closing, hist)
        cube = hist.reshape(-1, n, m)
        if cube[:, -1].any() or cube[:, :, -1].any():
            return False
        zone, key = np.nonzero(hist)
        self.add(here[zone] * (n * m) + key, hist[zone, key])
        return True
