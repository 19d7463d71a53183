"""Patches: connected cells of one transition, found row band by row band while a map streams past.

Only patches that reach the last row seen are held: a patch that no longer grows is judged and let go. Memory follows
the width of the map, not its rows, and one pass is enough, because what a patch holds is counted with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Patches", "Runs", "components"]

_NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Runs:
    """Cells in a row that are alike: row, first column, column after the last, kind, and what to count them under.

    Arrays of int64, sorted by row and column. Patches join runs of one `kind`; `key` may differ within a patch.
    """

    row: np.ndarray
    left: np.ndarray
    right: np.ndarray
    kind: np.ndarray
    key: np.ndarray

    def __len__(self) -> int:
        return len(self.row)


def components(number: int, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The least node of the component of every node, of `number` nodes joined by the pairs (one, other).

    Each round hangs the larger root of every pair below the smaller and flattens the trees.
    """
    root = np.arange(number, dtype=np.int64)
    while True:
        a, b = root[one], root[other]
        apart = a != b
        if not apart.any():
            return root
        np.minimum.at(root, np.maximum(a, b)[apart], np.minimum(a, b)[apart])
        while (flat := root[root]).tobytes() != root.tobytes():
            root = flat


def _touching(runs: Runs, width: int, diagonal: bool) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of runs of one kind that touch, beside each other or in the next row; with `diagonal` also at a corner."""
    stride = width + 2
    begins, ends = runs.row * stride + runs.left, runs.row * stride + runs.right
    below = (runs.row + 1) * stride
    low = np.searchsorted(ends, below + runs.left, side="left" if diagonal else "right")
    high = np.searchsorted(begins, below + runs.right, side="right" if diagonal else "left")
    count = np.maximum(high - low, 0)
    one = np.repeat(np.arange(len(runs)), count)
    other = np.arange(len(one)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
    beside = np.flatnonzero((runs.row[1:] == runs.row[:-1]) & (runs.left[1:] == runs.right[:-1]))
    one, other = np.concatenate([one, beside]), np.concatenate([other, beside + 1])
    alike = runs.kind[one] == runs.kind[other]
    return one[alike], other[alike]


class Patches:
    """Sums cells by key in patches below and from `minimum` cells up. Feed bands of rows from the top downwards.

    Two cells belong together when they share an edge, with `diagonal` also when they share a corner. `shared` is a bit
    of the key that the whole of a patch takes as soon as one of its cells has it; 0 for none.
    """

    def __init__(self, width: int, minimum: int, keys: int, diagonal: bool = True, shared: int = 0) -> None:
        self._width, self._minimum, self._diagonal, self._shared = width, minimum, diagonal, shared
        self.small = np.zeros(keys, dtype=np.int64)
        self.large = np.zeros(keys, dtype=np.int64)
        self.small_patches = self.large_patches = 0
        self._tail = Runs(_NONE, _NONE, _NONE, _NONE, _NONE)
        self._node = _NONE
        self._held = (_NONE, _NONE, _NONE)

    @property
    def open(self) -> int:
        """Patches that may still grow."""
        return int(self._node.max()) + 1 if len(self._node) else 0

    def add(self, runs: Runs, last_row: int) -> None:
        """Take the runs of the next rows; `last_row` is the last of these rows, whether it holds a run or not."""
        nodes, tail = self.open, self._tail
        together = Runs(*(np.concatenate([getattr(tail, name), getattr(runs, name)])
                          for name in ("row", "left", "right", "kind", "key")))  # fmt: skip
        node = np.concatenate([self._node, nodes + np.arange(len(runs))])
        one, other = _touching(together, self._width, self._diagonal)
        label = components(nodes + len(runs), node[one], node[other])
        held, key, cells = self._held
        held = np.concatenate([label[held], label[nodes:]])
        key, cells = np.concatenate([key, runs.key]), np.concatenate([cells, runs.right - runs.left])
        at_end = np.flatnonzero(together.row == last_row)
        growing = np.unique(label[node[at_end]])
        still = np.isin(held, growing)
        self._close(held[~still], key[~still], cells[~still])
        self._tail = Runs(*(getattr(together, name)[at_end] for name in ("row", "left", "right", "kind", "key")))
        self._node = np.searchsorted(growing, label[node[at_end]])
        self._held = self._summed(np.searchsorted(growing, held[still]), key[still], cells[still])

    def finish(self) -> None:
        """Judge the patches that reach the last row of the map."""
        self._close(*self._held)
        self._tail, self._node, self._held = Runs(*[_NONE] * 5), _NONE, (_NONE, _NONE, _NONE)

    def _summed(
        self, held: np.ndarray, key: np.ndarray, cells: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """One row for each patch and key."""
        both, at = np.unique(held * len(self.small) + key, return_inverse=True)
        sums = np.zeros(len(both), dtype=np.int64)
        np.add.at(sums, at, cells)
        patch, key = np.divmod(both, len(self.small))
        return patch, key, sums

    def _close(self, held: np.ndarray, key: np.ndarray, cells: np.ndarray) -> None:
        patch, at = np.unique(held, return_inverse=True)
        size = np.zeros(len(patch), dtype=np.int64)
        np.add.at(size, at, cells)
        small = size < self._minimum
        self.small_patches += int(small.sum())
        self.large_patches += int((~small).sum())
        has = np.zeros(len(patch), dtype=bool)
        np.logical_or.at(has, at, (key & self._shared) > 0)
        key = np.where(has[at], key | self._shared, key)
        mine = small[at]
        np.add.at(self.small, key[mine], cells[mine])
        np.add.at(self.large, key[~mine], cells[~mine])
