"""Patches of a whole array, found by filling them cell by cell: slow, and plain to see right."""

from __future__ import annotations

import numpy as np

__all__ = ["flood"]


def flood(kinds: np.ndarray, diagonal: bool) -> list[tuple[int, int]]:
    """(kind, cells) of every patch of the whole array, by filling it cell by cell."""
    seen = np.zeros(kinds.shape, dtype=bool)
    steps = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a or b) and (diagonal or not (a and b))]
    patches = []
    for start in zip(*np.nonzero(kinds), strict=True):
        if seen[start]:
            continue
        seen[start], todo, cells = True, [start], 0
        while todo:
            r, c = todo.pop()
            cells += 1
            for a, b in steps:
                near = (r + a, c + b)
                inside = 0 <= near[0] < kinds.shape[0] and 0 <= near[1] < kinds.shape[1]
                if inside and not seen[near] and kinds[near] == kinds[start]:
                    seen[near] = True
                    todo.append(near)
        patches.append((int(kinds[start]), cells))
    return patches
