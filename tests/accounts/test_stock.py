"""Carbon stock: the worked case of InVEST first, then the identities, then what the library and a user's table give."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from natcap.accounts.classes import class_list
from natcap.accounts.counts import from_matrix
from natcap.accounts.densities import has_library, library_densities, missing_densities, user_densities
from natcap.accounts.stock import Densities, stock_account
from natcap.core import tables
from natcap.core.problems import Problems
from natcap.core.resources import root
from natcap.core.sources import sources
from tests.accounts.maps import classes_of

POOLS = ("above", "below", "soil", "dead")


def test_inv_1_invest_carbon_storage_and_change(shared: Path) -> None:
    """Case INV-1, natcap/invest tests/test_carbon.py: one cell of 100 m2 goes from class 1 to class 2."""
    cases = json.loads((shared / "worked" / "natural_capital.json").read_text(encoding="utf-8"))
    found = next(c for c in cases if c["id"] == "INV-1")
    given_pools, expected = found["inputs"]["pools"], found["expected"]
    value = np.array([[given_pools[code][pool] for pool in POOLS] for code in ("1", "2")], dtype=float)
    densities = Densities((1, 2), POOLS, value, 0, "user")
    cell = found["inputs"]["area_m2"] / 10_000
    account = stock_account(from_matrix([1, 2], [[0, 1], [0, 0]]).array, cell, densities)
    assert account.opening.sum() == pytest.approx(expected["total_baseline_t"], rel=1e-9)
    assert account.closing.sum() == pytest.approx(expected["total_alternate_t"], rel=1e-9)
    assert account.transitions.sum() == pytest.approx(expected["total_change_t"], rel=1e-9)
    assert value.sum(axis=1).tolist() == [expected["baseline_t_per_ha"], expected["alternate_t_per_ha"]]


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    zones, classes, pools = draw(st.integers(1, 3)), draw(st.integers(1, 5)), draw(st.integers(1, 4))
    cells = draw(arrays(np.int64, (zones, classes + 1, classes + 1), elements=st.integers(0, 10**9)))
    return cells, draw(arrays(np.float64, (classes, pools), elements=st.floats(0, 1000)))


@settings(max_examples=300, deadline=None)
@given(cases(), st.floats(0.0001, 100))
def test_every_stock_account_closes(found: tuple[np.ndarray, np.ndarray], hectares: float) -> None:
    cells, value = found
    codes = tuple(range(1, len(value) + 1))
    account = stock_account(
        cells, hectares, Densities(codes, tuple(map(str, range(value.shape[1]))), value, 30, "user")
    )
    left, right = account.balance()
    size = max(float(np.abs(right).sum()), float(np.abs(account.opening).sum()), 1e-300)
    assert np.abs(left - right).max() <= 1e-9 * size
    change = account.gains - account.losses
    assert np.abs(change.sum(axis=1) - account.transitions.sum(axis=(1, 2))).max() <= 1e-9 * size
    assert (account.gains >= 0).all()
    assert (account.losses >= 0).all()


def test_cells_without_data_hold_no_carbon_and_are_a_reappraisal() -> None:
    cells = np.array([[[9, 2], [5, 100]]], dtype=np.int64)
    account = stock_account(cells, 1.0, Densities((1,), ("soil",), np.array([[10.0]]), 30, "user"))
    assert account.opening.sum() == 1050.0
    assert account.closing.sum() == 1020.0
    assert account.reappraisal.tolist() == [[-30.0]]
    assert account.gains.sum() == account.losses.sum() == 0


def test_library_densities_of_woodland_and_arable() -> None:
    """Values of the method sheet: deciduous woodland 70 and 100, arable 2 and 70 tC/ha to 30 cm; all but read."""
    found = library_densities(class_list("ukceh_lcm_21"), 30)
    table = dict(zip(found.codes, found.value.tolist(), strict=True))
    assert table[1] == [70.0, 100.0]
    assert table[3] == [2.0, 70.0]
    assert found.low is not None
    assert found.high is not None
    assert (found.low <= found.value).all()
    assert (found.value <= found.high).all()
    assert found.verified == "judged"
    assert {ref.verified for row in found.factors for ref in row} <= {"recalled", "judged", "derived"}


def test_soil_depth_is_never_mixed() -> None:
    shallow, deep = (library_densities(class_list("ukceh_lcm_21"), depth) for depth in (30, 100))
    assert (deep.value[deep.codes.index(3)] == [2.0, 120.0]).all()
    assert set(deep.codes) < set(shallow.codes)
    assert 20 not in deep.codes
    assert library_densities(class_list("ukceh_lcm_21"), 15).codes == ()


def test_class_without_density_is_a_problem_with_its_cells() -> None:
    classes = class_list("ukceh_lcm_21")
    counts = from_matrix([3, 19], [[10, 2], [0, 5]])
    problems = Problems()
    missing_densities(library_densities(classes, 30), classes, counts.total(), counts.codes, "natcap.toml", problems)
    assert len(problems.errors) == 1
    assert "the class 19 (Saltmarsh), 7 cells" in str(problems.errors[0])
    assert not has_library(class_list("corine"))


def test_table_of_pools_as_invest_takes_it(tmp_path: Path) -> None:
    path = tmp_path / "pools.csv"
    path.write_text(
        "lucode,LULC_Name,C_above,C_below,C_soil,C_dead\n1,Wood,15,10,60,1\n2,Field,5,3,20,0\n99,Else,1,1,1,1\n"
    )
    problems = Problems()
    found = user_densities(path, "pools.csv", classes_of([1, 2]), 30, problems)
    assert problems.errors == ()
    assert found is not None
    assert found.codes == (1, 2)
    assert found.value.sum(axis=1).tolist() == [86.0, 28.0]
    assert found.factors[0][2].locator == "cell E2"
    assert found.verified == "user"


def test_wrong_table_of_pools_tells_every_cell(tmp_path: Path) -> None:
    path = tmp_path / "pools.csv"
    path.write_text("lucode,C_above,C_below,C_soil,C_dead\n1,-15,10,60,1\n1,5,3,,0\n")
    problems = Problems()
    assert user_densities(path, "pools.csv", classes_of([1, 2]), 30, problems) is None
    assert "D3" in {p.cell for p in problems.errors}
    path.write_text("lucode,C_above,C_below,C_soil,C_dead\n1,-15,10,60,1\n1,5,3,2,0\n")
    problems = Problems()
    assert user_densities(path, "pools.csv", classes_of([1, 2]), 30, problems) is None
    assert {p.cell for p in problems.errors} == {"B2", "A3"}


def test_tables_of_the_library_keep_their_rules() -> None:
    assert tables.problems_in("carbon_stock/density") == []
    known = sources()
    for name in (
        "landcover/classes",
        "landcover/crosswalks",
        "landcover/managed_rule",
        "carbon_stock/density_of_class",
    ):
        frame = pd.read_csv(root("factors") / f"{name}.csv", dtype=str, keep_default_na=False)
        assert set(frame["source"]) <= set(known), name
        assert (frame["locator"] != "").all(), name
        assert set(frame["verified"]) <= {"read", "read-secondary", "derived", "recalled", "judged"}, name
    known = sources(root("data"))
    for name in ("shares", "changes"):
        frame = tables.load(f"leicestershire/synthetic_{name}", root("data"))
        assert set(frame["source"]) <= set(known)
        assert set(frame["note"]) == {"SYNTHETIC"}
