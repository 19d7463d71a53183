"""The screening estimate from land cover: by hand, its label everywhere, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from natcap.accounts import trunk
from natcap.accounts.biodiversity import edition
from natcap.accounts.biodiversity_screening import LABEL
from natcap.accounts.biodiversity_screening.screen import TABLE, screening, units_per_hectare
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.tables import load, problems_in
from natcap.core.workbook import publish
from tests.accounts.maps import project, write_tif
from tests.conftest import absent
from tests.core import recalc


def build(folder: Path, **choices: Any) -> Report:
    """Cells of 1 ha: wood, arable, bog, suburban; the arable becomes wood. Bog (class 11) has no screening habitat."""
    folder.mkdir(exist_ok=True)
    for name, codes in (("a.tif", [[1, 3], [11, 21]]), ("b.tif", [[1, 1], [11, 21]])):
        write_tif(folder / name, np.array(codes, dtype="uint8"), cell=100)
    chosen = {"classes": "ukceh_lcm_21", "carbon": "none", "biodiversity": "screening"} | choices
    return trunk.build(read_project(project(folder, {"opening": "a.tif", "closing": "b.tif"}, chosen)))


def test_by_hand(tmp_path: Path) -> None:
    """Other broadleaved woodland: medium (4) in poor to good condition (1 to 3), moderate taken: 4, 8, 12 a hectare.

    Cereal crops 2 x 1. Suburban: half vegetated garden (2 x 1), half sealed (0): 1. Opening 7 to 15, closing 9 to 25.
    """
    report = build(tmp_path)
    opening, closing = (report.figure(f"biodiversity.screening.{date}.all") for date in ("opening", "closing"))
    assert (opening.low, opening.value, opening.high) == (7.0, 11.0, 15.0)
    assert (closing.low, closing.value, closing.high) == (9.0, 17.0, 25.0)
    assert "9 to 25 units, 17" in report.section("biodiversity_screening").summary
    assert "1 ha of classes without a habitat are left out" in report.section("biodiversity_screening").summary
    ids = {figure.id for figure in report.figures}
    mine = [figure for figure in report.figures if figure.id.startswith("biodiversity.screening")]
    assert all(parent in ids for figure in mine for parent in figure.trace.parents)
    assert not [figure for figure in mine if "bog" in figure.id]


def test_its_label_stands_everywhere_and_it_is_no_headline(tmp_path: Path) -> None:
    report = build(tmp_path)
    mine = [figure for figure in report.figures if "screening" in figure.id]
    assert mine
    assert all(LABEL in figure.label and LABEL in figure.trace.how for figure in mine)
    assert {figure.status for figure in mine} == {"recalled"}
    assert not any(figure.headline for figure in mine)
    section = report.section("biodiversity_screening")
    assert LABEL in section.title
    assert LABEL in section.summary
    assert LABEL in section.notes[0]
    assert all("creening estimate" in c.label for c in section.columns if c.unit in ("units", "units/ha"))
    assert any(LABEL in banner for banner in report.banners)
    assert {factor.verified for figure in mine for factor in figure.trace.factors} == {"judged"}


def test_table_is_judged_and_allowed_by_the_metric() -> None:
    assert problems_in(TABLE) == []
    table = load(TABLE)
    assert set(table["verified"]) == {"judged"}
    assert table.groupby("code")["value"].sum().eq(1).all()
    for low, central, high in screening("ukceh_lcm_21", edition()).per_hectare.values():
        assert 0 <= low <= central <= high
    assert units_per_hectare(edition(), "Grassland - Modified grassland", "Poor") == 2.0


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match=r"choices\.biodiversity"):
        build(tmp_path, biodiversity="yes")
    with pytest.raises(InputProblems, match="for a screening estimate one of ukceh_lcm_21"):
        build(tmp_path, classes="corine")
    with pytest.raises(InputProblems, match=r"there is 4\.1"):
        build(tmp_path, metric_edition="3.1")


@pytest.mark.office
def test_workbook_recalculates(tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    publish(build(tmp_path / "estate"), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 40
    assert wrong == []
