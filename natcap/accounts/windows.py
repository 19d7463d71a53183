"""Windows over a pair of maps that follow the blocks of the files, and readers that fill them."""

from __future__ import annotations

from typing import Any

import numpy as np

from natcap.accounts.landcover.grid import Grid, aligned_index
from natcap.accounts.landcover.maps import LandCover

__all__ = ["MISSING", "Nearest", "NotWhole", "Plain", "bands", "columns", "whole_codes", "wide"]

MISSING = -(2**31)
"""Stands in aligned maps for cells that lie outside the other map."""
TARGET = 2**20
"""Bytes of one map that a window aims at: in the second cache of a core, yet large enough that threads seldom meet.

Between two calls of the libraries a thread holds the interpreter: with windows half the size two threads waited
for each other a third of the time.
"""
_MOST_HELD = 2**24


def bands(grid: Grid, block: tuple[int, int], wide: int = 1) -> list[tuple[int, int]]:
    """(first row, rows) of bands that are whole rows of blocks; `wide` is the number of bytes of a cell."""
    height = min(block[0], grid.height)
    step = height * max(1, (TARGET // wide // grid.width if block[1] >= grid.width else 512) // height)
    return [(row, min(step, grid.height - row)) for row in range(0, grid.height, step)]


def columns(grid: Grid, block: tuple[int, int], rows: int, wide: int = 1) -> list[tuple[int, int]]:
    """(first column, columns) of the windows of a band of `rows` rows; `wide` is the number of bytes of a cell."""
    step = grid.width if block[1] >= grid.width else block[1] * max(1, TARGET // wide // (rows * block[1]))
    return [(left, min(step, grid.width - left)) for left in range(0, grid.width, step)]


class NotWhole(ValueError):
    """A map of floating-point numbers holds one that is no code; `row` and `column` are its cell, from 0."""

    def __init__(self, value: float, row: int, column: int) -> None:
        super().__init__(f"the value {value:.10g}")
        self.value, self.row, self.column = value, row, column


def whole_codes(values: np.ndarray, missing: float | None, top: int, left: int) -> np.ndarray:
    """Floating-point cells as int64 codes, MISSING where there is no data; NotWhole where one is no whole number.

    `missing` is the nodata value of the file; NaN is no data as well. `top` and `left` are the first cell's place.
    """
    empty = np.isnan(values)
    if missing is not None:
        empty |= values == missing
    whole = np.where(empty, MISSING, values)
    bad = (whole != np.rint(whole)) | (np.abs(whole) > -MISSING)
    if bad.any():
        row, column = (int(place[0]) for place in np.nonzero(bad))
        raise NotWhole(float(values[row, column]), top + row, left + column)
    return whole.astype(np.int64)


class Plain:
    """Reads windows of a map as they are, into one buffer that is used again and again.

    A map in strips is read a whole band at a time where the windows, which follow the other map, are narrower:
    otherwise every window would go through every strip again.
    """

    def __init__(self, land: LandCover, dataset: Any) -> None:
        from rasterio.windows import Window

        self._window, self._dataset, self._band = Window, dataset, land.band
        self._buffer = np.empty(0, dtype=land.dtype)
        self._missing, self._floating = land.missing, land.dtype.kind == "f"
        self._width = land.grid.width if land.block[1] >= land.grid.width and not self._floating else 0
        self._held: tuple[int, int] | None = None

    def read(self, top: int, rows: int, left: int, columns: int) -> np.ndarray:
        """The codes of a window, shape (rows, columns); valid until the next call."""
        if columns >= self._width or rows * self._width * self._buffer.itemsize > _MOST_HELD:
            return self._fill(top, rows, left, columns)
        if self._held != (top, rows):
            self._fill(top, rows, 0, self._width)
            self._held = (top, rows)
        whole = self._buffer[: rows * self._width].reshape(rows, self._width)
        return np.ascontiguousarray(whole[:, left : left + columns])

    def _fill(self, top: int, rows: int, left: int, columns: int) -> np.ndarray:
        if self._buffer.size < rows * columns:
            self._buffer = np.empty(rows * columns, dtype=self._buffer.dtype)
        out = self._buffer[: rows * columns].reshape(rows, columns)
        self._held = None
        self._dataset.read(self._band, window=self._window(left, top, columns, rows), out=out)
        return whole_codes(out, self._missing, top, left) if self._floating else out


class Nearest:
    """Reads windows of a map on another grid: for each cell the code at its centre, MISSING outside the map."""

    def __init__(self, land: LandCover, dataset: Any, onto: Grid) -> None:
        self._plain = Plain(land, dataset)
        self._rows, self._columns = aligned_index(onto, land.grid)
        self.dtype = wide(land.dtype)

    def read(self, top: int, rows: int, left: int, columns: int) -> np.ndarray:
        """The codes of a window of the other grid, shape (rows, columns)."""
        row, column = self._rows[top : top + rows], self._columns[left : left + columns]
        out = np.full((rows, columns), MISSING, dtype=self.dtype)
        row_in, column_in = np.flatnonzero(row >= 0), np.flatnonzero(column >= 0)
        if len(row_in) and len(column_in):
            r0, r1 = int(row[row_in].min()), int(row[row_in].max()) + 1
            c0, c1 = int(column[column_in].min()), int(column[column_in].max()) + 1
            there = self._plain.read(r0, r1 - r0, c0, c1 - c0)
            out[np.ix_(row_in, column_in)] = there[np.ix_(row[row_in] - r0, column[column_in] - c0)]
        return out


def wide(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """A signed type that holds every code of `dtype` and MISSING."""
    return np.dtype(np.int32) if dtype.itemsize <= 2 else np.dtype(np.int64)
