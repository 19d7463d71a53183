"""Patches found while a map streams past are those of the whole map, wherever the bands are cut."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from natcap.accounts.change.patches import Patches, Runs, components
from tests.accounts.flood import flood


def runs_of(kinds: np.ndarray, first: int) -> Runs:
    """Runs of the cells that are not 0; the key is the kind."""
    found = []
    for row, line in enumerate(kinds):
        left = 0
        for column in range(1, len(line) + 1):
            if column == len(line) or line[column] != line[left]:
                if line[left]:
                    found.append((first + row, left, column, line[left], line[left]))
                left = column
    columns = np.array(found, dtype=np.int64).reshape(-1, 5).T
    return Runs(*columns)


def stream(kinds: np.ndarray, cuts: list[int], minimum: int, diagonal: bool) -> Patches:
    patches = Patches(kinds.shape[1], minimum, 10, diagonal)
    edges = [0, *cuts, len(kinds)]
    for top, bottom in pairwise(edges):
        patches.add(runs_of(kinds[top:bottom], top), bottom - 1)
    patches.finish()
    return patches


@settings(max_examples=80, deadline=None)
@given(
    arrays(np.int64, st.tuples(st.integers(1, 12), st.integers(1, 9)), elements=st.integers(0, 2)),
    st.sets(st.integers(1, 11), max_size=6), st.integers(1, 8), st.booleans(),
)  # fmt: skip
def test_banded_is_whole(kinds: np.ndarray, cuts: set[int], minimum: int, diagonal: bool) -> None:
    found = stream(kinds, sorted(c for c in cuts if c < len(kinds)), minimum, diagonal)
    patches = flood(kinds, diagonal)
    small = [patch for patch in patches if patch[1] < minimum]
    assert (found.small_patches, found.large_patches) == (len(small), len(patches) - len(small))
    for kind in (1, 2):
        assert found.small[kind] == sum(cells for k, cells in small if k == kind)
        assert found.small[kind] + found.large[kind] == (kinds == kind).sum()


def test_a_horseshoe_is_one_patch_though_its_arms_come_first() -> None:
    """Two arms of 4 cells, joined below by a fifth row of 3: 11 cells, whether cut after each row or not at all."""
    shape = np.array([[1, 0, 1]] * 4 + [[1, 1, 1]])
    for cuts in ([], [1, 2, 3, 4]):
        found = stream(shape, cuts, 11, False)
        assert (found.small_patches, found.large_patches, found.large[1]) == (0, 1, 11)


def test_corners_join_only_when_asked() -> None:
    shape = np.eye(3, dtype=np.int64)
    assert stream(shape, [1], 3, True).large_patches == 1
    assert stream(shape, [1], 3, False).small_patches == 3


def test_what_is_held_does_not_grow_with_the_rows() -> None:
    """Every other cell changed: at most one patch a column stays open, however long the map."""
    line = np.array([[1, 0] * 4, [0, 0] * 4])
    patches = Patches(8, 5, 10)
    for top in range(0, 400, 2):
        patches.add(runs_of(line[:1], top), top)
        assert patches.open <= 4
        patches.add(runs_of(line[1:], top + 1), top + 1)
        assert patches.open == 0
    assert patches.small_patches == 800


@pytest.mark.parametrize("number", [1, 2, 50])
def test_a_chain_of_nodes_is_one_component(number: int) -> None:
    order = np.random.default_rng(1).permutation(number)
    assert (components(number, order[:-1], order[1:]) == 0).all()
