"""Reading official flat workbooks by content: the real ones, every layout, and what must be refused."""

from __future__ import annotations

import csv
import re
import zipfile
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from natcap.core.factors import library
from natcap.core.factors.add import agrees, namer, read_flat
from natcap.core.factors.editions import parse_factors
from natcap.core.factors.front import day_text
from natcap.core.factors.widen import gas_of
from natcap.core.factors.write import factors_csv
from natcap.core.problems import InputProblems
from tests.core.flatbooks import LATE, LAYOUTS, official_rows, write_book

SAMPLES = {2018: "xls", 2021: "xls", 2023: "xlsx", 2025: "xlsx"}
ROWS = {2018: 6966, 2021: 7605, 2023: 8038, 2025: 8740}


@pytest.mark.parametrize("year", SAMPLES)
def test_official_workbooks_give_the_committed_bytes(shared: Path, year: int) -> None:
    """.xls and .xlsx by their first bytes; every row, exact floats, and the same table as committed."""
    flat = read_flat(shared / f"samples/factors/uk-gov-factors-{year}-flat.{SAMPLES[year]}", namer(library()))
    assert (flat.year, flat.rows, flat.sheet) == (year, ROWS[year], "Factors by Category")
    edition = library().edition("uk_gov", year)
    assert factors_csv(flat.wide).encode() == (edition.folder / "factors.csv").read_bytes()
    assert flat.sha256 == edition.source.sha256
    assert flat.version == edition.source.version
    assert flat.publisher == edition.source.publisher
    assert flat.updated == edition.source.published


def test_official_values_equal_the_reference(shared: Path) -> None:
    flat = read_flat(shared / "samples/factors/uk-gov-factors-2021-flat.xls")
    found = {}
    for wide in flat.wide:
        for place, row in wide.rows.items():
            found[row] = wide.values.get(place)
    with (shared / "reference/carbon/uk_gov_factors_2021.csv").open(newline="", encoding="utf-8") as handle:
        due = {int(r["source_row"]): float(r["value"]) if r["value"] else None for r in csv.DictReader(handle)}
    assert found == due


def test_oddities_of_real_files_are_told(shared: Path) -> None:
    """An impossible day on a front page; a backtick for a unit."""
    flat = read_flat(shared / "samples/factors/uk-gov-factors-2018-flat.xls")
    assert flat.valid_until == "31/06/2019"
    assert ["31/06/2019" in w.found for w in flat.warnings] == [True]
    flat = read_flat(shared / "samples/factors/uk-gov-factors-2021-flat.xls")
    assert [(w.cell, w.found) for w in flat.warnings] == [("I7598", "'`'")]
    assert read_flat(shared / "samples/factors/uk-gov-factors-2025-flat.xlsx").valid_until == "June 2026"


def test_the_name_of_the_file_does_not_matter(shared: Path, tmp_path: Path) -> None:
    copy = tmp_path / "factors 1999.xlsx"
    copy.write_bytes((shared / "samples/factors/uk-gov-factors-2018-flat.xls").read_bytes())
    assert read_flat(copy).year == 2018


@pytest.mark.parametrize("year", LAYOUTS)
def test_every_layout_gives_the_committed_table(tmp_path: Path, year: int) -> None:
    """A committed edition put into the layout of its year (METHODS_carbon A2) and read back."""
    path = write_book(tmp_path / "flat.xlsx", year, official_rows(year))
    flat = read_flat(path, namer(library()))
    assert (flat.year, flat.rows, flat.version) == (year, library().edition("uk_gov", year).rows, "1.2")
    assert flat.publisher == "Department for Something"
    assert flat.updated == "2016-06-08"
    due = parse_factors(library().edition("uk_gov", year).folder / "factors.csv")
    assert agrees(due, parse_factors(factors_csv(flat.wide).encode())), "the writer of this test keeps 16 digits"


@lru_cache(maxsize=1)
def _first_rows() -> tuple[dict[str, Any], ...]:
    return tuple(official_rows(2024)[:8])


def small(tmp_path: Path, **change: Any) -> Path:
    rows = [dict(r, row=at) for at, r in enumerate(_first_rows(), 7)]
    for at, cells in change.pop("rows", {}).items():
        rows[at].update(cells)
    return write_book(tmp_path / "flat.xlsx", 2024, rows[: change.pop("keep", 8)], **change)


def refusal(path: Path) -> InputProblems:
    with pytest.raises(InputProblems) as caught:
        read_flat(path)
    for problem in caught.value.problems:
        assert problem.found
        assert problem.expected
        assert problem.remedy
        assert str(path.parent) not in str(problem)
    return caught.value


def test_a_small_book_reads(tmp_path: Path) -> None:
    flat = read_flat(small(tmp_path))
    assert [w.series for w in flat.wide] == ["fuels/gaseous-fuels/butane/tonnes", "fuels/gaseous-fuels/butane/litres"]


@pytest.mark.parametrize(
    ("cells", "cell", "found"),
    [
        ({"value": "n/a"}, "J9", "'n/a'"),
        ({"value": "0.25"}, "J9", "'0.25'"),
        ({"value": date(2024, 1, 1).isoformat()}, "J9", "'2024-01-01'"),
        ({"value": True}, "J9", "a value of kind bool (True)"),
        ({"value": "<1 to 2"}, "J9", "'<1 to 2'"),
        ({"ghg": "kg SF6"}, "I9", "'kg SF6'"),
        ({"ghg": ""}, "I9", "no gas"),
        ({"ghg": "kg CO2e"}, "I9", "'Scope 1 / Fuels / Gaseous fuels / Butane / tonnes'"),
        ({"uom": "gallons"}, "H9", "'gallons'"),
        ({"uom": ""}, "H9", "no unit"),
        ({"scope": "Scope 4"}, "B9", "'Scope 4'"),
        ({"level1": ""}, "C9", "no Level 1"),
    ],
)
def test_a_wrong_cell_is_refused_with_its_address(tmp_path: Path, cells: dict[str, Any], cell: str, found: str) -> None:
    problems = refusal(small(tmp_path, rows={2: cells})).problems
    assert (cell, found) in [(p.cell, p.found) for p in problems]
    assert all(p.sheet == "Factors by Category" for p in problems)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    path = small(tmp_path, rows={1: {"value": "x"}, 4: {"uom": "gallons"}, 6: {"ghg": "kg SF6"}})
    assert {"J8", "H11", "I13"} <= {p.cell for p in refusal(path).problems}


def test_a_blank_and_a_bound_are_kept(tmp_path: Path) -> None:
    flat = read_flat(
        small(tmp_path, rows={0: {"value": "< 1"}, 1: {"value": ""}, 2: {"value": " "}, 3: {"value": 0.0}})
    )
    assert flat.wide[0].record()["state"] == "<bbv"
    assert flat.wide[0].values == {3: 0.0}


def test_headers_missing_doubled_or_on_two_sheets(tmp_path: Path) -> None:
    (problem,) = refusal(small(tmp_path, headers={"level1": "Category"})).problems
    assert "Front page, Factors by Category" in problem.found
    (problem,) = refusal(small(tmp_path, headers={"uom": "Unit"})).problems
    assert problem.found == "no column 'UOM'"
    (problem,) = refusal(small(tmp_path, headers={"level4": "Level 3"})).problems[:1]
    assert (problem.found, problem.cell) == ("'Level 3'", "F6")
    (problem,) = refusal(small(tmp_path, headers={"value": "Factor"})).problems
    assert problem.found == "no column 'GHG Conversion Factor YYYY'"


def test_the_year_is_read_and_must_agree(tmp_path: Path) -> None:
    assert read_flat(small(tmp_path, headers={"value": "GHG Conversion Factor"})).year == 2024
    (problem,) = refusal(small(tmp_path, front_year=2023)).problems
    assert "2023" in problem.found


def test_rows_below_end_and_remarks(tmp_path: Path) -> None:
    (problem,) = refusal(small(tmp_path, cells={(20, 9): 1.5})).problems
    assert problem.cell == "J21"
    flat = read_flat(small(tmp_path, cells={(20, 1): "A remark below"}))
    assert flat.rows == 8
    layout = (LATE, 6, None, LAYOUTS[2024][3])
    flat = read_flat(small(tmp_path, layout=layout, cells={(20, 1): "Source: nobody"}))
    assert [(w.cell, w.found) for w in flat.warnings if w.cell] == [("B21", "'Source: nobody'")]


def test_a_book_without_rows_is_refused(tmp_path: Path) -> None:
    assert [p.found for p in refusal(small(tmp_path, keep=0)).problems] == ["no data rows"]


def test_a_formula_without_a_value_is_no_blank(tmp_path: Path) -> None:
    path = small(tmp_path)
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    sheet = parts["xl/worksheets/sheet2.xml"]
    parts["xl/worksheets/sheet2.xml"] = re.sub(rb'(<c r="J9"[^>]*>)<v>[^<]*</v>', rb"\1<f>1+1</f>", sheet)
    assert parts["xl/worksheets/sheet2.xml"] != sheet
    with zipfile.ZipFile(path, "w") as target:
        for name, data in parts.items():
            target.writestr(name, data)
    assert ("J9", "a formula without a value") in [(p.cell, p.found) for p in refusal(path).problems]


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", b"<html></html>", b"%PDF-1.7", b"\0\1"],
)
def test_what_is_no_workbook_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "flat.xlsx"
    path.write_bytes(data)
    refusal(path)


def test_cut_off_and_missing_files_are_refused(tmp_path: Path) -> None:
    whole = small(tmp_path).read_bytes()
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(whole[: len(whole) // 2])
    refusal(cut)
    refusal(tmp_path / "nothing.xlsx")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.xls"
    with path.open("wb") as handle:
        handle.truncate(20_000_001)
    (problem,) = refusal(path).problems
    assert problem.expected == "at most 20 MB"


def test_gas_labels_of_all_years() -> None:
    for text, place in {
        "kg CO2e": 0, "kg CO2": 1, "kg CO2e of CO2": 1, "kg CO2e of CO2 per unit": 1, "kg CH4": 2,
        "kg CO2e of CH4": 2, "kg CO2e of N2O per unit": 3, "kg N2O": 3,
    }.items():  # fmt: skip
        assert gas_of(text) == place
    for text in ("kWh", "", "kg", "kg CO2e of SF6", "g CO2e", "kg CO2e of CH4 per tonne"):
        assert gas_of(text) is None


def test_days_real_and_impossible() -> None:
    assert day_text("31/06/2017") == ("31/06/2017", False)
    assert day_text("08/06/2018") == ("2018-06-08", True)
    assert day_text(date(2025, 6, 10)) == ("2025-06-10", True)
    assert day_text("June 2026") == ("June 2026", True)
