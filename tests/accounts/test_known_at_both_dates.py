"""Net change is of land known at both dates: what data were gained or lost stands beside it, and the account closes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from natcap.accounts import trunk
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish
from tests.accounts.maps import project, write_tif
from tests.conftest import absent
from tests.core import recalc

WOOD, ARABLE = 1, 3
OPENING = np.array([[1, 1, 1, 3, 3], [3, 3, 3, 3, 0]], dtype=np.uint8)
CLOSING = np.array([[1, 0, 0, 3, 3], [1, 3, 3, 0, 3]], dtype=np.uint8)
"""In cells of 1 ha. Wood: 1 stays, 2 lose their data, 1 comes from arable. Arable: 4 stay, 1 goes, 1 loses and 1 gains
data. Net change: wood +1, arable -1. Reappraisals: wood -2, arable 1 - 1 = 0, no data +2."""


def built(folder: Path, **choices: Any) -> Report:
    write_tif(folder / "opening.tif", OPENING, cell=100.0)
    write_tif(folder / "closing.tif", CLOSING, cell=100.0)
    given = {"classes": "ukceh_lcm_21", "comparable": True, "opening_year": 2018, "closing_year": 2023} | choices
    if "break_in_series" in given:
        del given["comparable"]
    return trunk.build(read_project(project(folder, {"opening": "opening.tif", "closing": "closing.tif"}, given)))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return built(tmp_path_factory.mktemp("seen"))


def test_net_change_and_reappraisal_by_hand(report: Report) -> None:
    table = report.section("extent").table.set_index("item")
    rows = ["No data", "Deciduous woodland", "Arable", "All"]
    assert table.index.tolist() == rows
    assert table["opening"].tolist() == [1, 3, 6, 10]
    assert table["net_change"].tolist() == [0, 1, -1, 0]
    assert table["reappraisal"].tolist() == [2, -2, 0, 0]
    assert table["closing"].tolist() == [3, 2, 5, 10]
    columns = {c.name: c for c in report.section("extent").columns}
    assert list(columns)[-3:] == ["net_change", "reappraisal", "closing"]
    assert columns["closing"].formula == "[opening]+[net_change]+[reappraisal]"
    assert all(check.passed for check in report.checks)


def test_figures_of_both_walk_back(report: Report) -> None:
    net = report.figure("extent.net_change.map.deciduous_woodland")
    seen = report.figure("extent.reappraisal.map.deciduous_woodland")
    assert (net.value, seen.value) == (1, -2)
    assert net.trace.parents[-1] == seen.id
    assert [ref.file for ref in seen.trace.inputs] == ["opening.tif", "closing.tif"]
    assert report.figure("extent.reappraisal.all.deciduous_woodland").trace.parents == (seen.id,)


def test_headlines_hold_no_land_that_is_unknown_at_a_date(report: Report) -> None:
    """Wood is semi-natural here, +1 ha. Carbon: 1 ha from arable to wood; 2 ha of wood without data are no loss."""
    natural = report.figure("extent.net_change.all.semi_natural_classes")
    assert natural.headline
    assert natural.value == 1
    zones = report.section("zones").table
    assert zones[["natural_unseen", "natural_net"]].iloc[0].tolist() == [-2, 1]
    stock = report.section("carbon_stock").table.set_index(["item", "pool"])
    density = stock["density"].unstack().sum(axis=1)
    change = report.figure("carbon_stock.change.total").value
    assert change == pytest.approx(density["Deciduous woodland"] - density["Arable"])
    assert change == pytest.approx(stock["change"].iloc[-1])
    assert report.figure("carbon_stock.closing.total").change == pytest.approx(change)


def test_across_a_break_net_change_is_unknown_and_all_is_reappraisal(tmp_path: Path) -> None:
    broken = built(tmp_path, break_in_series=True)
    for key in ("extent.net_change.all.arable", "extent.net_change.all.semi_natural_classes",
                "carbon_stock.change.total"):  # fmt: skip
        assert (broken.figure(key).value, broken.figure(key).status) == (None, "missing")
    section = broken.section("extent")
    assert section.marks[0, "net_change"] == "[b]"
    assert section.table["reappraisal"].tolist() == [2, -1, -1, 0]
    assert broken.figure("extent.reappraisal.map.arable").trace.parents == (
        "extent.opening.map.arable", "extent.closing.map.arable")  # fmt: skip


@pytest.mark.office
@pytest.mark.parametrize("choices", [{}, {"break_in_series": True}])
def test_workbook_recalculates(tmp_path: Path, choices: dict[str, Any]) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    publish(built(tmp_path, **choices), tmp_path / "a.xlsx")
    assert recalc.compare(tmp_path / "a.xlsx", tmp_path)[1] == []
