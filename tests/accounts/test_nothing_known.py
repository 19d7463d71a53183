"""What nobody knows is not zero: zones without land cover, one map twice, failed formulas, scores beyond their ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from natcap.accounts import trunk
from natcap.accounts.condition_account import model as condition
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import write_template
from tests.accounts.maps import project, write_tif

CHOICES: dict[str, Any] = {"classes": "ukceh_lcm_21", "carbon": "none", "comparable": True}
MAPS = {"opening": "opening.tif", "closing": "closing.tif"}
WOODS = np.full((4, 5), 1, dtype=np.uint8)


def built(folder: Path, opening: np.ndarray, closing: np.ndarray, zones: np.ndarray | None = None) -> Report:
    write_tif(folder / "opening.tif", opening, cell=100.0)
    write_tif(folder / "closing.tif", closing, cell=100.0)
    named = dict(MAPS)
    if zones is not None:
        write_tif(folder / "zones.tif", zones, cell=100.0)
        named["zones"] = "zones.tif"
    return trunk.build(read_project(project(folder, named, CHOICES)))


def said(job: Any, *args: Any) -> list[str]:
    with pytest.raises(InputProblems) as caught:
        job(*args)
    return [str(problem) for problem in caught.value.problems if problem.severity == "problem"]


def test_a_zone_without_data_at_a_date_is_refused_with_its_map(tmp_path: Path) -> None:
    zones = np.array([[1, 1, 2, 2, 2]] * 4, dtype=np.uint8)
    blank = WOODS.copy()
    blank[:, 2:] = 0
    (told,) = said(built, tmp_path, WOODS, blank, zones)
    assert told.startswith("closing.tif, cell zone 2: found no data at all in the zone 2 at the closing")
    assert "leave the zone out" in told
    told_twice = said(built, tmp_path, WOODS * 0, WOODS * 0)
    assert [line.split(",")[0] for line in told_twice] == ["opening.tif", "closing.tif"]


def test_land_with_data_at_one_date_is_said_on_every_page(tmp_path: Path) -> None:
    """One hectare of wood is unknown at the closing: that is a reappraisal and no net change, and a banner says so."""
    blank = WOODS.copy()
    blank[0, 0] = 0
    report = built(tmp_path, WOODS, blank)
    assert report.figure("extent.net_change.all.deciduous_woodland").value == 0.0
    assert report.figure("extent.reappraisal.all.deciduous_woodland").value == -1.0
    (banner,) = [text for text in report.banners if text.startswith("LAND WITHOUT DATA AT ONE DATE")]
    assert "1.00 ha" in banner
    both = built(tmp_path, blank, blank)
    assert not any("ONE DATE" in text for text in both.banners)


def test_what_kept_its_class_is_of_land_that_is_known(tmp_path: Path) -> None:
    """Of 20 ha 1 ha is unknown at the closing and 2 ha at both dates; 4 of the other 17 ha changed: 13 / 17 = 76.5%."""
    opening, closing = WOODS.copy(), WOODS.copy()
    opening[3, :2] = closing[3, :2] = closing[0, 0] = 0
    closing[1, :4] = 3
    section = built(tmp_path, opening, closing).section("matrix")
    assert section.summary.startswith("76.5% of the area with data at both dates kept its class")
    whole = built(tmp_path, WOODS, np.where(closing == 3, closing, WOODS)).section("matrix")
    assert whole.summary.startswith("80.0% of the area kept its class")


def test_fields_of_zones_do_nothing_with_a_raster_and_that_is_told(tmp_path: Path) -> None:
    write_tif(tmp_path / "zones.tif", np.full((4, 5), 3, dtype=np.uint8), cell=100.0)
    write_tif(tmp_path / "opening.tif", WOODS, cell=100.0)
    write_tif(tmp_path / "closing.tif", WOODS, cell=100.0)
    folder = project(tmp_path, MAPS | {"zones": "zones.tif"}, CHOICES | {"zone_field": "area_code"})
    told = [str(w) for w in trunk.build(read_project(folder)).warnings]
    assert any("cell choices.zone_field" in line and "a raster" in line and "does nothing" in line for line in told)


def test_one_map_as_both_dates_is_told(tmp_path: Path) -> None:
    same = built(tmp_path, WOODS, WOODS)
    (told,) = [str(w) for w in same.warnings if "byte for byte" in str(w)]
    assert "cell inputs.closing" in told
    assert "Check the file names" in told
    other = WOODS.copy()
    other[0, 0] = 3
    assert not any("byte for byte" in str(w) for w in built(tmp_path, WOODS, other).warnings)


def test_a_failed_formula_is_told_once_and_never_as_a_zero(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Zone", "From", "To", "Area", "Unit"])
    sheet.append(["A", "Arable", "Arable", "=#REF!+1", "ha"])
    sheet.append(["A", "Arable", "Urban", "#N/A", "ha"])
    book.save(tmp_path / "changes.xlsx")
    plain = {key: value for key, value in CHOICES.items() if key != "comparable"}
    folder = project(tmp_path, {"change_table": "changes.xlsx"}, plain)
    told = said(lambda: trunk.build(read_project(folder)))
    assert len(told) == 2
    assert not any("Write 0" in line for line in told)
    assert any("cell D2" in line and "formula" in line for line in told)
    assert any("cell D3" in line for line in told)


@pytest.mark.parametrize(("reading", "refused"), [(-0.2, True), (1.2, True), (0.0, False), (1.0, False)])
def test_a_score_from_0_to_1_stays_within_them(tmp_path: Path, reading: float, refused: bool) -> None:
    row = {"asset": "Long Wood", "ecosystem": "Woodland", "area": 10, "variable": "birds", "ect": "B1", "unit": "index",
           "lower": 0, "upper": 1, "reference_type": "prescribed", "opening": 0.5, "closing": reading,
           "evidence": "a survey"}  # fmt: skip
    write_template(
        [condition.MODEL], tmp_path / "condition.xlsx", "Condition", condition.GUIDANCE, True, {"condition": [row]}
    )
    write_tif(tmp_path / "opening.tif", WOODS, cell=100.0)
    write_tif(tmp_path / "closing.tif", WOODS, cell=100.0)
    folder = project(tmp_path, MAPS | {"condition": "condition.xlsx"}, CHOICES)
    if not refused:
        trunk.build(read_project(folder))
        return
    (told,) = said(lambda: trunk.build(read_project(folder)))
    assert "condition.xlsx, sheet Condition, cell K2" in told
    assert "from 0 to 1" in told
