"""Square change matrices: read as printed, with margins, zones by sheet or column, and everything that can be wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from natcap.accounts import trunk
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from tests.accounts.maps import project

MATRIX = """Opening (ha),Arable,Improved grassland,Deciduous woodland,Opening extent
Arable,45,0,15,60
Improved grassland,5,35,0,40
Deciduous woodland,0,0,2,2
Closing extent,50,35,17,102
"""
"""By hand: arable 60 to 50 (15 lost, 5 gained), grassland 40 to 35, woodland 2 to 17; 20 of 102 ha changed."""
CHOICES: dict[str, Any] = {"classes": "ukceh_lcm_21", "comparable": True, "carbon": "none"}


def folder_of(tmp_path: Path, text: str, **choices: Any) -> Path:
    (tmp_path / "change.csv").write_text(text, encoding="utf-8")
    return project(tmp_path, {"change_table": "change.csv"}, CHOICES | choices)


def build(tmp_path: Path, text: str = MATRIX, **choices: Any) -> Report:
    return trunk.build(read_project(folder_of(tmp_path, text, **choices)))


def told(folder: Path) -> str:
    with pytest.raises(InputProblems) as caught:
        trunk.build(read_project(folder))
    return str(caught.value)


def workbook(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def values(report: Report, *keys: str) -> list[float | None]:
    return [report.figure(key).value for key in keys]


def test_a_matrix_by_hand(tmp_path: Path) -> None:
    report = build(tmp_path, matrix_rows="opening")
    keys = ("extent.area.all", "extent.changed.all", "extent.opening.all.arable", "extent.closing.all.arable",
            "extent.net_change.all.deciduous_woodland")  # fmt: skip
    assert values(report, *keys) == [102, 20, 60, 50, 15]
    refs = report.figure("extent.closing.area.arable").trace.inputs
    assert [(ref.file, ref.cell, ref.value, ref.unit) for ref in refs[:2]] == [
        ("change.csv", "B2", "45", "ha"), ("change.csv", "B3", "5", "ha")]  # fmt: skip
    assert not [said for said in report.run.fallbacks if "matrix_rows" in said]
    assert all(check.passed for check in report.checks)


def test_rows_are_the_opening_unless_it_is_declared_and_that_is_told(tmp_path: Path) -> None:
    bare = "area (ha)," + ",".join(MATRIX.splitlines()[0].split(",")[1:4]) + "\n"
    bare += "\n".join(",".join(line.split(",")[:4]) for line in MATRIX.splitlines()[1:4])
    usual, turned = build(tmp_path, bare), build(tmp_path, bare, matrix_rows="closing")
    assert any("rows were read as the opening" in said for said in usual.run.fallbacks)
    assert values(usual, "extent.opening.all.arable", "extent.closing.all.arable") == [60, 50]
    assert values(turned, "extent.opening.all.arable", "extent.closing.all.arable") == [50, 60]


def test_labels_that_contradict_the_way_round_are_refused(tmp_path: Path) -> None:
    text = told(folder_of(tmp_path, MATRIX, matrix_rows="closing"))
    assert "cell A1: found the rows labelled 'Opening (ha)', expected the closing in rows" in text
    assert "cell E1: found the margin 'Opening extent' beside the rows" in text
    assert "cell A5: found the margin 'Closing extent' below the columns" in text
    assert "the rows labelled 'To / from (ha)', expected the opening in rows" in told(
        folder_of(tmp_path, MATRIX.replace("Opening (ha)", "To / from (ha)"))
    )


def test_margins_that_disagree_are_refused_with_their_cells(tmp_path: Path) -> None:
    """45 + 0 + 15 = 60 ha stand in B2 to D2; 45 + 5 + 0 = 50 in B2 to B4."""
    text = told(folder_of(tmp_path, MATRIX.replace("15,60", "15,61").replace("50,35,17,102", "49,35,17,103")))
    assert (
        "change.csv, cell E2: found a total of 61 ha for the whole area, Arable to all classes, expected 60 ha" in text
    )
    assert "the sum of its 3 areas in B2 to D2" in text
    assert "cell B5: found a total of 49 ha for the whole area, all classes to Arable, expected 50 ha" in text
    assert "cell E5: found a total of 103 ha" in text
    assert "B2 to D4" in text


def test_an_empty_cell_is_not_zero_unless_that_is_said(tmp_path: Path) -> None:
    blank = MATRIX.replace("45,0,15", "45,,15").replace("35,0,40", "35,,40")
    text = told(folder_of(tmp_path, blank))
    assert "change.csv, cell C2: found an empty cell, expected an area: absence is not zero" in text
    assert "cell D3" in text
    assert 'matrix_blanks = "zero"' in text
    report = build(tmp_path, blank, matrix_blanks="zero")
    assert values(report, "extent.changed.all") == [20]
    assert any("2 empty cells were taken as 0" in said for said in report.run.fallbacks)


def test_no_unit_two_units_and_square_kilometres(tmp_path: Path) -> None:
    assert "no unit of the areas" in told(folder_of(tmp_path, MATRIX.replace(" (ha)", "")))
    assert values(build(tmp_path, MATRIX.replace(" (ha)", ""), area_unit="km2"), "extent.area.all") == [10_200]
    assert "the units ha and km2 for one area" in told(folder_of(tmp_path, MATRIX, area_unit="km2"))


def test_what_is_not_square_or_not_of_the_list(tmp_path: Path) -> None:
    lines = MATRIX.splitlines()[:4]
    text = told(folder_of(tmp_path, "\n".join([*lines[:3]]) + "\n"))
    assert "no row for the class Deciduous woodland" in text
    assert "write 0 where there was none" in text
    text = told(folder_of(tmp_path, MATRIX.replace("Deciduous", "Decidious")))
    assert "cell D1: found the class 'Decidious woodland'" in text
    assert "Did you mean 'Deciduous woodland'?" in text
    twice = "\n".join([*lines, lines[1]]) + "\n"
    assert "cell A5: found the class Arable for the second time" in told(folder_of(tmp_path, twice))
    assert "the area -5" in told(folder_of(tmp_path, MATRIX.replace("grassland,5", "grassland,-5")))


def test_a_column_of_texts_is_passed_over_and_told(tmp_path: Path) -> None:
    report = build(tmp_path, "ha,Arable,Urban,Remarks\nArable,5,1,new road\nUrban,0,2,\n", matrix_rows="opening")
    assert values(report, "extent.changed.all") == [1]
    assert any("cell D1: found 'Remarks'" in str(w) and "was not read" in str(w) for w in report.warnings)


NORTH = [["ha", "Arable", "Improved grassland"], ["Arable", 5, 1], ["Improved grassland", 0, 4]]
SOUTH = [["ha", 3, 4], [3, 7, 0], [4, 2, 1]]


def test_a_sheet_a_zone_with_the_sum_of_all(tmp_path: Path) -> None:
    both = [["ha", "Arable", "Improved grassland", "All"], ["Arable", 12, 1, 13], ["Improved grassland", 2, 5, 7]]
    sheets = {"Read me": [["Source: a survey"]], "North": NORTH, "South": SOUTH, "Total": both}
    workbook(tmp_path / "change.xlsx", sheets)
    folder = project(tmp_path, {"change_table": "change.xlsx"}, CHOICES | {"matrix_rows": "opening"})
    report = trunk.build(read_project(folder))
    assert values(report, "extent.changed.North", "extent.changed.South", "extent.area.all") == [1, 2, 20]
    ref = report.figure("extent.opening.South.arable").trace.inputs[0]
    assert (ref.sheet, ref.cell) == ("South", "B2")
    assert any("sheet Read me" in str(w) and "not read" in str(w) for w in report.warnings)
    both[1][1] = 13
    workbook(tmp_path / "change.xlsx", sheets)
    text = told(folder)
    assert "change.xlsx, sheet Total, cell B2: found a total of 13 ha for all zones, Arable to Arable" in text
    assert "North!B2 to South!B2" in text


def test_zones_in_a_column(tmp_path: Path) -> None:
    text = "Zone,From (ha),Arable,Urban\nN,Arable,5,1\nN,Urban,0,2\nS,Arable,3,0\nS,Urban,0,1\nTotal,Arable,8,1\n"
    text += "Total,Urban,0,3\n"
    report = build(tmp_path, text)
    assert values(report, "extent.changed.N", "extent.changed.S", "extent.closing.all.urban") == [1, 0, 4]
    lone = text.replace("S,Urban,0,1\n", "")
    assert "no row for the class Urban in S" in told(folder_of(tmp_path, lone))


def test_choices_of_a_matrix_do_nothing_for_another_table(tmp_path: Path) -> None:
    text = told(folder_of(tmp_path, "from,to,area (ha)\n3,3,5\n3,4,1\n", matrix_rows="opening", matrix_blanks="none"))
    assert "the choice matrix_rows without a square matrix" in text
    assert "matrix_blanks: one of zero" in text
