"""Sheets as people keep them: a second table below, titles over headers, units in headers and in cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from natcap.core.problems import Problems
from natcap.core.workbook import Field, TableModel, Tables, read_tables

BILLS = TableModel(
    "bills", "Bills", "Bills",
    (
        Field("site", "Site", required=False), Field("activity", "Activity", synonyms=("fuel",)),
        Field("quantity", "Quantity", "number", unit_field="unit", synonyms=("usage", "consumption")),
        Field("unit", "Unit", "unit", dimension="energy|volume"), Field("start", "Start", "date"),
    ),
)  # fmt: skip
SITES = TableModel(
    "sites",
    "Sites",
    "Sites",
    (Field("site", "Site"), Field("area", "Floor area", "number")),
    required=False,
    named=True,
)
HEAD = ("Site", "Activity", "Quantity", "Unit", "Start")
ROW = ("Depot", "Electricity", 100, "kWh", "2025-01-01")


def _read(
    folder: Path, rows: Sequence[Sequence[object]], dress: Callable[[Worksheet], None] | None = None
) -> tuple[Tables, Problems]:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Bills"
    for row in rows:
        sheet.append(list(row))
    if dress:
        dress(sheet)
    book.save(folder / "b.xlsx")
    problems = Problems()
    return read_tables(folder / "b.xlsx", [BILLS, SITES], problems), problems


@pytest.mark.parametrize(
    ("below", "row", "headers"),
    [
        ([(), ("Site", "Floor area"), ("Depot", 1200)], 5, "Site, Floor area"),
        ([("Site", "Floor area"), ("Depot", 1200), ("Shop", 80)], 4, "Site, Floor area"),
        ([(), ("Vehicle", "Driver", "Cost"), ("AB12", "Jo", 55.2)], 5, "Vehicle, Driver, Cost"),
        ([(), ("Vehicle", "Driver"), ("AB12", "Jo"), (7, 8)], None, ""),
        ([(), ("Vehicle", "Miles"), ("AB12", 120)], 5, "Vehicle, Miles"),
        ([("Site", "Quantity", "Unit", "Activity", "Start"), ("Depot", 5, "m3", "Gas", "2025-01-01")], 4, "Site, Quan"),
    ],
)
def test_a_second_table_is_one_problem(
    tmp_path: Path, below: list[tuple[object, ...]], row: int | None, headers: str
) -> None:
    """The header of another table is named with its row; what is only odd stays a fault of its cells."""
    _, problems = _read(tmp_path, [HEAD, ROW, ROW, *below])
    found = [p for p in problems if "a second table" in p.found]
    assert len(found) == (row is not None)
    if row:
        assert problems.errors == tuple(found)
        assert found[0].cell == f"A{row}"
        assert headers in found[0].found
        assert f"row {row}" in found[0].remedy


@pytest.mark.parametrize(
    "below",
    [
        [HEAD, ROW], [(), HEAD, ROW], [(), ("Total", "", 300)], [(), ("Note: meter read by hand",)], [(), ROW, (), ROW],
        [(), (), ("", "Grand total", 300)],
    ],
)  # fmt: skip
def test_what_is_no_second_table(tmp_path: Path, below: list[tuple[object, ...]]) -> None:
    """A header once more, totals, notes and blank rows between the bills."""
    tables, problems = _read(tmp_path, [HEAD, ROW, ROW, *below])
    assert not problems.errors
    assert set(tables["bills"]["quantity"]) == {100.0}


def test_a_blank_quantity_after_a_blank_row_is_a_blank_quantity(tmp_path: Path) -> None:
    _, problems = _read(tmp_path, [HEAD, ROW, (), ("Depot", "Electricity", None, "kWh", None)])
    assert [(p.cell, p.found) for p in problems.errors] == [("C4", "an empty cell"), ("E4", "an empty cell")]


def test_a_merged_title_is_no_part_of_a_header(tmp_path: Path) -> None:
    tables, problems = _read(
        tmp_path, [("Energy of 2025",), (*HEAD, "Colour"), (*ROW, "red")], lambda sheet: sheet.merge_cells("A1:F1")
    )
    assert len(tables["bills"]) == 1
    assert [(p.cell, p.found) for p in problems] == [("F2", "'Colour'")]


@pytest.mark.parametrize(
    ("header", "unit"),
    [("kWh", "kWh"), ("Usage kWh", "kWh"), ("kWh consumption", "kWh"), ("Consumption cubic metres", "m3")],
)
def test_a_unit_may_be_the_header(tmp_path: Path, header: str, unit: str) -> None:
    head = ("Site", "Fuel", header, "Cost (GBP)", "Start")
    tables, problems = _read(tmp_path, [head, ("Depot", "Electricity", 100, 22.5, "2025-01-01")])
    assert not problems.errors
    assert tables["bills"][["quantity", "unit"]].to_numpy().tolist() == [[100.0, unit]]
    assert [p.cell for p in problems.warnings] == ["D1"]


def test_two_units_in_headers_are_asked_about(tmp_path: Path) -> None:
    _, problems = _read(tmp_path, [("Fuel", "Usage m3", "Usage kWh", "Start"), ("Gas", 10, 110, "2025-01-01")])
    told = next(p for p in problems.errors if "'Quantity'" in p.found)
    assert told.remedy == "It could be 'Usage m3' or 'Usage kWh': name the one that counts 'Quantity'."


def test_a_named_quantity_comes_before_a_unit(tmp_path: Path) -> None:
    tables, problems = _read(tmp_path, [(*HEAD, "kWh"), ("Depot", "Gas", 10, "m3", "2025-01-01", 110)])
    assert not problems.errors
    assert tables["bills"]["quantity"].tolist() == [10.0]


def test_a_row_of_the_table_is_no_header(tmp_path: Path) -> None:
    """The unit of a row is not taken for a header where the real header is in no known words."""
    _, problems = _read(tmp_path, [("Standort", "Energie", "Menge", "Einheit", "Tag"), ROW])
    assert [p.found for p in problems.errors] == ["no header row that is known"]


def test_numbers_with_their_units(tmp_path: Path) -> None:
    """1,234 kWh and 2 MWh are 1,234 kWh and 2 MWh; a unit that stands beside as well must be the same."""
    cells = ("1,234 kWh", "2 MWh", "55 kWh", "7kWh", "8")
    rows = [("Depot", "Electricity", cell, "kWh" if cell in ("55 kWh", "8") else None, "2025-01-01") for cell in cells]
    tables, problems = _read(tmp_path, [HEAD, *rows])
    assert not problems.errors
    assert tables["bills"]["quantity"].tolist() == [1234.0, 2.0, 55.0, 7.0, 8.0]
    assert tables["bills"]["unit"].tolist() == ["kWh", "MWh", "kWh", "kWh", "kWh"]


def test_numbers_with_their_units_need_no_unit_column(tmp_path: Path) -> None:
    head = ("Fuel", "Usage", "Start")
    tables, problems = _read(tmp_path, [head, ("Gas", "12 m3", "2025-01-01"), ("Gas", "13", "2025-02-01")])
    assert [(p.cell, p.found) for p in problems.errors] == [("B3", "an empty cell")]
    assert tables["bills"]["unit"].tolist() == ["m3", ""]


@pytest.mark.parametrize(
    ("cell", "unit", "said"),
    [
        ("12 kWh", "m3", "the unit of its own column, m3"), ("1.234 kWh", None, "a number"),
        ("approx 300", "kWh", "a number"), ("12 bananas", "kWh", "a number"), ("12 gallons", None, "one of"),
    ],
)  # fmt: skip
def test_a_cell_that_is_not_one_number_with_one_unit(tmp_path: Path, cell: str, unit: str | None, said: str) -> None:
    _, problems = _read(tmp_path, [HEAD, ("Depot", "Gas", cell, unit, "2025-01-01")])
    assert any(p.cell in ("C2", "D2") and said in p.expected for p in problems.errors)
