"""The extent account: the published example first, then its identities on random landscapes."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from natcap.accounts.classes import class_list
from natcap.accounts.counts import Counts, from_matrix
from natcap.accounts.crosswalk import Crosswalk, crosswalk
from natcap.accounts.extent import MatrixError, check_margins, extent_account, managed_cells
from tests.accounts.maps import classes_of

LANDSCAPES = int(os.environ.get("NATCAP_LANDSCAPES", "1000"))


def case(shared: Path, key: str) -> dict[str, dict[str, object]]:
    cases = json.loads((shared / "worked" / "natural_capital.json").read_text(encoding="utf-8"))
    return next(c for c in cases if c["id"] == key)


def test_seea_1_change_matrix_to_extent_account(shared: Path) -> None:
    """Case SEEA-1: the completed example of the Global Ocean Accounts Partnership."""
    found = case(shared, "SEEA-1")
    names = list(found["inputs"]["columns"])  # type: ignore[call-overload]
    rows = found["inputs"]["matrix_rows_opening"]
    matrix = np.array([rows[name] for name in names])  # type: ignore[index]
    counts = from_matrix([1, 2, 3, 4], matrix)
    account = extent_account(counts.array, np.zeros((5, 5), dtype=bool))
    for entry in ("opening", "closing", "additions", "reductions", "net_change"):
        told = dict(zip(names, account.entry(entry)[0, 1:].tolist(), strict=True))
        assert told == found["expected"][entry], entry
    assert account.opening.sum() == found["expected"]["accounting_area"]
    assert account.broken() == []


def test_managed_and_unmanaged_follow_the_closing_class_by_hand() -> None:
    """Ten cells of class 2 become class 1, which is managed; four of class 1 become class 2, which is not."""
    counts = from_matrix([1, 2], [[50, 4], [10, 36]])
    account = extent_account(counts.array, managed_cells(classes_of([1, 2], managed=[1]).classes))
    assert account.managed_expansion[0].tolist() == [0, 10, 0]
    assert account.managed_reduction[0].tolist() == [0, 0, 10]
    assert account.unmanaged_expansion[0].tolist() == [0, 0, 4]
    assert account.unmanaged_reduction[0].tolist() == [0, 4, 0]
    assert account.net_change[0].tolist() == [0, 6, -6]


def test_no_data_at_one_date_is_a_reappraisal_and_the_account_closes() -> None:
    """Another tool's balance fails here: 7 cells are seen only at the opening, 3 only at the closing."""
    array = np.array([[[5, 3, 0], [7, 20, 2], [0, 1, 30]]], dtype=np.int64)
    account = extent_account(array, np.zeros((3, 3), dtype=bool))
    assert account.reappraisal[0].tolist() == [4, -4, 0]
    assert account.opening[0].tolist() == [8, 29, 31]
    assert account.closing[0].tolist() == [12, 24, 32]
    assert account.unmanaged_expansion[0].tolist() == [0, 1, 2]
    assert account.broken() == []


def test_class_that_appears_only_at_the_closing_is_kept() -> None:
    account = extent_account(from_matrix([1, 9], [[10, 5], [0, 0]]).array, np.zeros((3, 3), dtype=bool))
    assert (account.opening[0, 2], account.closing[0, 2]) == (0, 5)


@st.composite
def landscapes(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    zones, classes = draw(st.integers(1, 4)), draw(st.integers(1, 6))
    shape = (zones, classes + 1, classes + 1)
    cells = draw(arrays(np.int64, shape, elements=st.integers(0, 2**40)))
    return cells, draw(arrays(bool, shape[1:]))


@settings(max_examples=LANDSCAPES, deadline=None)
@given(landscapes())
def test_every_landscape_closes_exactly(found: tuple[np.ndarray, np.ndarray]) -> None:
    cells, managed = found
    account = extent_account(cells, managed)
    assert account.broken() == []
    assert (account.opening + account.additions - account.reductions + account.reappraisal == account.closing).all()
    assert (np.einsum("zii->zi", cells) <= np.minimum(account.opening, account.closing)).all()
    assert account.net_change.sum() == 0
    assert account.opening.sum() == cells.sum()
    # The unmanaged part is the managed part of the opposite rule.
    other = extent_account(cells, ~managed)
    assert (account.managed_expansion == other.unmanaged_expansion).all()


@settings(max_examples=LANDSCAPES // 4, deadline=None)
@given(landscapes(), st.integers(0, 2**32 - 1))
def test_habitats_conserve_what_classes_hold(found: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    cells, managed = found
    rng = np.random.default_rng(seed)
    number = cells.shape[1] - 1
    target = rng.integers(0, 3, number)
    walk = Crosswalk("a", "b", tuple(range(1, number + 1)), ("x", "y", "z"), ("X", "Y", "Z"), np.eye(3)[target])
    merged = walk.matrix(cells)
    assert merged.dtype == np.int64
    assert (merged.sum(axis=(1, 2)) == cells.sum(axis=(1, 2))).all()
    fine, coarse = extent_account(cells, managed), extent_account(merged, walk.matrix(cells * managed))
    assert coarse.broken() == []
    for habitat in range(3):
        members = np.concatenate([[False], target == habitat])
        assert (coarse.closing[:, habitat + 1] == fine.closing[:, members].sum(axis=1)).all()
        assert (coarse.reappraisal[:, habitat + 1] == fine.reappraisal[:, members].sum(axis=1)).all()
        assert (coarse.additions[:, habitat + 1] <= fine.additions[:, members].sum(axis=1)).all()


def test_shared_class_that_did_not_change_changes_no_habitat() -> None:
    walk = Crosswalk("a", "b", (1, 2), ("x", "y"), ("X", "Y"), np.array([[0.25, 0.75], [0.0, 1.0]]))
    merged = walk.matrix(from_matrix([1, 2], [[100, 0], [0, 8]]).array)
    assert merged[0].tolist() == [[0, 0, 0], [0, 25, 0], [0, 0, 83]]


def test_crosswalk_of_every_land_cover_map_class_to_habitats() -> None:
    """ONS 2022, section 1: the classes of each broad habitat."""
    walk = crosswalk("ukceh_lcm_21", "ons_broad_habitats")
    members = {
        name: [code for code, row in zip(walk.codes, walk.shares, strict=True) if row[n]]
        for n, name in enumerate(walk.names)
    }
    assert members == {
        "Woodland": [1, 2],
        "Enclosed farmland": [3, 4],
        "Semi-natural grassland": [5, 6, 7],
        "Freshwater, wetlands, and floodplains": [8, 11, 14],
        "Mountains, moorland, and heath": [9, 10, 12],
        "Marine": [13],
        "Coastal margins": [15, 16, 17, 18, 19],
        "Urban": [20, 21],
    }


def test_shares_that_do_not_sum_to_one_are_refused() -> None:
    with pytest.raises(ValueError, match="do not sum to 1"):
        Crosswalk("a", "b", (1,), ("x", "y"), ("X", "Y"), np.array([[0.5, 0.4]]))


@pytest.mark.parametrize("key", ["ukceh_lcm_21", "corine", "corine_clc", "esa_worldcover"])
def test_every_class_of_the_library_has_a_rule_for_its_cause(key: str) -> None:
    found = class_list(key)
    assert all(c.managed in ("yes", "no") for c in found.classes if c.role == "class")
    assert len(found.codes) == {"ukceh_lcm_21": 21, "esa_worldcover": 11}.get(key, 44)


def test_margins_that_disagree_with_the_matrix_are_refused() -> None:
    """A published example calls a gap of hundreds of cells between margins and matrix acceptable; here it is not."""
    matrix = np.array([[10, 2], [3, 20]])
    check_margins(matrix, np.array([12, 23]), np.array([13, 22]))
    with pytest.raises(MatrixError, match="opening of Wood: the matrix sums to 12, the total given is 400"):
        check_margins(matrix, opening=np.array([400, 23]), names=["Wood", "Field"])


def test_counts_refuse_what_is_not_a_number_of_cells() -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        from_matrix([1, 2], [[1.5, 0], [0, 1]])
    with pytest.raises(ValueError, match="below zero"):
        from_matrix([1, 2], [[-1, 0], [0, 1]])
    with pytest.raises(ValueError, match="shape"):
        Counts(("a",), (1, 2), np.zeros((1, 2, 2), dtype=np.int64), 100.0)
