"""Tables of areas: identities between a matrix and its margins, and our own templates read back."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.accounts import trunk
from natcap.accounts.crosswalk import crosswalk
from natcap.accounts.landcover import template
from natcap.accounts.landcover.areas import AreaTable, read_area_table
from natcap.accounts.landcover.tables import TableChoices
from natcap.accounts.margins import Margins, net_account
from natcap.core.problems import Problems
from natcap.core.project import read_project
from natcap.core.workbook import write_template
from tests.accounts.maps import classes_of, project


@pytest.mark.parametrize("role", ["area_table", "change_table"])
def test_our_own_templates_are_read(tmp_path: Path, role: str) -> None:
    """3 ha of arable of which 1 becomes woodland, as either table, in two units; the example is passed over."""
    if role == "area_table":
        model, guidance = template.AREAS, template.AREAS_GUIDANCE
        rows = [("3", "opening", 3.0, "ha"), ("3", "closing", 0.02, "km2"), ("1", "opening", 0, "ha"),
                ("1", "closing", 1.0, "ha")]  # fmt: skip
        names = ("class", "date", "area", "unit")
    else:
        model, guidance = template.CHANGES, template.CHANGES_GUIDANCE
        rows, names = [("3", "3", 2.0, "ha"), ("3", "1", 0.01, "km2")], ("from", "to", "area", "unit")
    filled = [{"zone": "Z", "zone_name": "Zed", **dict(zip(names, row, strict=True))} for row in rows]
    write_template([model], tmp_path / "t.xlsx", "Areas", guidance, example=True, data={role: filled})
    folder = project(tmp_path, {role: "t.xlsx"}, {"classes": "ukceh_lcm_21", "comparable": True})
    found = trunk.build(read_project(folder))
    assert found.figure("extent.opening.Z.arable").value == 3.0
    assert found.figure("extent.closing.Z.deciduous_woodland").value == 1.0
    assert found.figure("extent.opening.Z.arable").place == "Zed"


def read(tmp_path: Path, rows: Sequence[str], role: str) -> AreaTable:
    path, problems = tmp_path / "t.csv", Problems()
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = read_area_table(path, "t.csv", role, TableChoices(), classes_of([1, 2, 3]), False, False, problems)
    assert list(problems) == []
    assert found is not None
    return found


areas = st.decimals(0, 10**6, places=4)


@settings(max_examples=50, deadline=None)
@given(st.lists(areas, min_size=9, max_size=9))
def test_matrix_and_its_margins_give_one_land(tmp_path_factory: pytest.TempPathFactory, numbers: list[Any]) -> None:
    """A change table, and the area table made of its sums: the same opening and closing to the last unit."""
    folder = tmp_path_factory.mktemp("t")
    cells = np.array(numbers, dtype=object).reshape(3, 3)
    rows = [f"Z,{i + 1},{j + 1},{cells[i, j]}" for i in range(3) for j in range(3)]
    matrix = read(folder, ["zone,from,to,area (ha)", *rows], "change_table")
    sums = [f"Z,{n + 1},{cells[n].sum()},{cells[:, n].sum()}" for n in range(3)]
    margins = read(folder, ["zone,class,opening (ha),closing (ha)", *sums], "area_table")
    assert isinstance(margins.counts, Margins)
    assert margins.counts.codes == matrix.counts.codes
    assert (margins.counts.opening == matrix.counts.opening).all()
    assert (margins.counts.closing == matrix.counts.closing).all()
    account = net_account(margins.counts.opening, margins.counts.closing)
    assert account.broken() == []
    moved = matrix.counts.array * ~np.eye(len(margins.counts.codes) + 1, dtype=bool)  # type: ignore[union-attr]
    assert (account.additions <= moved.sum(axis=1)).all()


def test_margins_through_a_crosswalk_are_those_of_the_matrix() -> None:
    walk = crosswalk("ukceh_lcm_21", "ons_broad_habitats").pick([1, 3, 4])
    cells = np.arange(16, dtype=np.int64).reshape(1, 4, 4)
    through = walk.matrix(cells)
    assert (walk.margin(cells.sum(axis=2)) == through.sum(axis=2)).all()
    assert (walk.margin(cells.sum(axis=1)) == through.sum(axis=1)).all()
