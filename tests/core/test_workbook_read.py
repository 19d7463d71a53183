"""Messy real sheets: what is read, what is told, what is refused, each at its cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from natcap.core.problems import Problems
from natcap.core.workbook import Field, TableModel, Tables, read_tables

ACTIVITY = TableModel(
    "activity",
    "Activity",
    "Activity data",
    (
        Field("day", "Date", "date", synonyms=("Invoice date", "Bill date")),
        Field("site", "Site"),
        Field("activity", "Activity", "choice", choices=("Electricity", "Natural gas", "Diesel van")),
        Field("quantity", "Quantity", "number", unit_field="unit", synonyms=("Amount", "Usage")),
        Field("unit", "Unit", "unit", dimension="energy|volume|energy, gross calorific value"),
        Field("bills", "Number of bills", "integer", required=False),
        Field("note", "Note", required=False),
    ),
    synonyms=("Bills", "Consumption"),
)
HEAD = ["Date", "Site", "Activity", "Quantity", "Unit", "Number of bills", "Note"]
ROW = [date(2025, 1, 31), "Wharf Street", "Electricity", 120.5, "kWh", 1, ""]
ROWS = [
    ROW,
    [date(2025, 2, 28), "Wharf Street", "Natural gas", 300, "kWh", 2, "estimate"],
    [date(2025, 3, 31), "Mill Lane", "Diesel van", 40, "litre", None, None],
]
Fill = Callable[[Worksheet], None]


def _read(
    tmp_path: Path, rows: list[list[Any]], change: Fill | None = None, name: str = "Activity", **options: Any
) -> tuple[Tables, Problems]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = name
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    path = tmp_path / "bills.xlsx"
    book.save(path)
    problems = Problems()
    return read_tables(path, [ACTIVITY], problems, **options), problems


def _said(problems: Problems) -> list[tuple[str, str, str]]:
    return [(p.severity, p.cell, p.found) for p in problems]


def test_clean_sheet(tmp_path: Path) -> None:
    tables, problems = _read(tmp_path, [HEAD, *ROWS])
    frame = tables["activity"]
    assert not problems
    assert frame["day"].tolist() == [pd.Timestamp(row[0]) for row in ROWS]
    assert frame["site"].tolist() == ["Wharf Street", "Wharf Street", "Mill Lane"]
    assert frame["quantity"].tolist() == [120.5, 300.0, 40.0]
    assert frame["unit"].tolist() == ["kWh", "kWh", "litre"]
    assert frame["bills"].tolist()[:2] == [1.0, 2.0]
    assert np.isnan(frame["bills"].iloc[2])
    assert frame["note"].tolist() == ["", "estimate", ""]
    assert frame["_sheet"].tolist() == ["Activity"] * 3
    assert frame["_row"].tolist() == [2, 3, 4]
    assert frame["_cell_quantity"].tolist() == ["D2", "D3", "D4"]
    assert (frame["quantity"].dtype, str(frame["day"].dtype)) == (np.dtype("float64"), "datetime64[s]")


def test_control_totals(tmp_path: Path) -> None:
    tables, _ = _read(tmp_path, [HEAD, *ROWS])
    assert tables.controls == {
        "activity.rows": "3",
        "activity.day.first": "2025-01-31",
        "activity.day.last": "2025-03-31",
        "activity.quantity.sum": "460.5",
        "activity.bills.sum": "3.0",
    }


def test_everything_around_the_table_is_passed_over(tmp_path: Path) -> None:
    rows = [
        ["Energy bills of Example Ltd"],
        ["prepared for the annual report", None, "v2"],
        [],
        HEAD,
        ROWS[0],
        [],
        HEAD,
        ROWS[1],
        ROWS[2],
        ["Total", None, None, 460.5],
        [],
        ["Source: the finance system"],
        ["checked by nobody in particular"],
    ]
    tables, problems = _read(tmp_path, rows)
    assert tables["activity"]["_row"].tolist() == [5, 8, 9]
    assert not problems.errors
    assert [(p.cell, p.found) for p in problems.warnings] == [
        ("row 7", "a header repeated"),
        ("row 12, 13", "a text below the table"),
    ]


def test_two_header_rows_with_merged_groups(tmp_path: Path) -> None:
    model = TableModel(
        "meters",
        "Meters",
        "Meters",
        (
            Field("site", "Site"),
            Field("power", "Electricity kWh", "number"),
            Field("paid", "Electricity cost", "number"),
            Field("gas", "Gas kWh", "number"),
        ),
    )
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Meters"
    for row in (
        ["Site", "Electricity", None, "Gas"],
        [None, "kWh", "Cost", "kWh"],
        ["A", 10, 2.5, 30],
        ["B", 20, 5, 60],
    ):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("A1:A2")
    book.save(tmp_path / "meters.xlsx")
    problems = Problems()
    frame = read_tables(tmp_path / "meters.xlsx", [model], problems)["meters"]
    assert not problems
    assert frame[["site", "power", "paid", "gas"]].to_numpy().tolist() == [
        ["A", 10.0, 2.5, 30.0],
        ["B", 20.0, 5.0, 60.0],
    ]
    assert frame["_row"].tolist() == [3, 4]


def test_a_merged_group_ends_where_its_range_ends(tmp_path: Path) -> None:
    """Cost stands beside the merged group Gas, not under it: there is no gas cost."""
    fields = (Field("site", "Site"), Field("burnt", "Gas kWh", "number"), Field("paid", "Gas cost", "number", False))
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in (["Site", "Gas", None, None], [None, "kWh", "Bill", "Cost"], ["A", 10, "x1", 2.5]):
        sheet.append(row)
    sheet.merge_cells("B1:C1")
    book.save(tmp_path / "gas.xlsx")
    problems = Problems()
    frame = read_tables(tmp_path / "gas.xlsx", [TableModel("gas", "Gas", "Gas", fields)], problems)["gas"]
    assert frame["burnt"].tolist() == [10.0]
    assert frame["paid"].isna().all()


def test_merged_cells_in_data_are_filled_down_and_told(tmp_path: Path) -> None:
    rows = [HEAD, *[[*row] for row in ROWS]]
    rows[2][1] = None
    tables, problems = _read(tmp_path, rows, lambda sheet: sheet.merge_cells("B2:B3"))
    assert tables["activity"]["site"].tolist() == ["Wharf Street", "Wharf Street", "Mill Lane"]
    assert _said(problems) == [("warning", "", "a merged cell")]


def test_cells_merged_across_columns_are_refused(tmp_path: Path) -> None:
    _, problems = _read(tmp_path, [HEAD, *ROWS], lambda sheet: sheet.merge_cells("D2:E2"))
    assert ("problem", "D2", "a cell merged across columns") in _said(problems)


@pytest.mark.parametrize(
    "totals, warnings",
    [
        ([["Total", None, None, 460.5]], 0),
        ([["Grand total:", None, None, 460.5]], 0),
        ([["Total energy and fuel", None, None, 460.5]], 0),
        ([[None, "Sum", None, 460.5]], 0),
        ([["TOTAL", None, None, 470.5]], 1),
    ],
)
def test_totals_rows_are_left_out_and_compared(tmp_path: Path, totals: list[list[Any]], warnings: int) -> None:
    tables, problems = _read(tmp_path, [HEAD, *ROWS, *totals])
    assert len(tables["activity"]) == 3
    assert not problems.errors
    assert len(problems.warnings) == warnings
    if warnings:
        assert problems[0].cell == "D5"
        assert (problems[0].found, problems[0].expected) == ("a total of 470.5", "the sum of the rows, 460.5")


def test_subtotals_are_compared_with_their_own_rows(tmp_path: Path) -> None:
    rows = [HEAD, ROWS[0], ["Subtotal", None, None, 120.5], ROWS[1], ROWS[2], ["Subtotal", None, None, 340]]
    tables, problems = _read(tmp_path, [*rows, ["Total", None, None, 460.5]])
    assert len(tables["activity"]) == 3
    assert not problems


def test_a_site_called_total_something_is_data(tmp_path: Path) -> None:
    row = [ROW[0], "Total Energies depot", *ROW[2:]]
    tables, problems = _read(tmp_path, [HEAD, row])
    assert tables["activity"]["site"].tolist() == ["Total Energies depot"]
    assert not problems


def test_last_row_with_missing_values_is_a_problem_not_a_note(tmp_path: Path) -> None:
    tables, problems = _read(tmp_path, [HEAD, *ROWS, [None, "Mill Lane"]])
    assert len(tables["activity"]) == 4
    assert [p.cell for p in problems.errors] == ["A5", "C5", "D5", "E5"]


def test_every_problem_at_once_with_its_cell(tmp_path: Path) -> None:
    rows = [
        HEAD,
        ["31/01/2025", "A", "electricity", "1,234.5", "kwh", 1, None],
        ["13/13/2025", "A", "Elektricity", "1.234", "ton", 1.5, None],
        ["12/31/2025", None, "Electricity", "n/a", "kg", None, None],
        ["31/01/25", "A", "Electricity", True, "kWh", None, None],
        [45_658, "A", "Electricity", date(2025, 1, 1), "kWh", None, None],
    ]
    tables, problems = _read(tmp_path, rows)
    assert tables["activity"]["quantity"].iloc[0] == 1234.5
    assert tables["activity"]["activity"].iloc[0] == "Electricity"
    assert sorted(p.cell for p in problems.errors) == sorted(
        ["A3", "A4", "A5", "A6", "B4", "C3", "D3", "D4", "D5", "D6", "E3", "E4", "F3"]
    )
    remedy = {p.cell: p.remedy for p in problems}
    assert remedy["C3"] == "Did you mean 'Electricity'?"
    assert "month before day" in remedy["A4"]
    assert "four digits" in remedy["A5"]
    assert "1234" in remedy["D3"]
    assert "1.234" in remedy["D3"]
    assert "mass" in remedy["E4"]
    assert all(p.sheet == "Activity" and p.file == "bills.xlsx" and p.expected for p in problems)


def test_many_bad_cells_of_a_column_are_counted(tmp_path: Path) -> None:
    rows = [HEAD, *[[*ROW[:3], "many", *ROW[4:]] for _ in range(250)]]
    _, problems = _read(tmp_path, rows)
    assert len(problems) == 201
    assert problems[-1].found == "a further 50 such cells"


def test_missing_column_lists_its_other_names(tmp_path: Path) -> None:
    _, problems = _read(tmp_path, [["Date", "Site", "Activity", "Qantity", "Unit"], ROW[:5]])
    first = problems.errors[0]
    assert (first.found, first.cell) == ("no column 'Quantity'", "row 1")
    assert first.expected == "a header 'Quantity' or 'quantity' or 'Amount' or 'Usage'"
    assert first.remedy == "Did you mean 'Qantity'?"
    assert [p.cell for p in problems.warnings] == ["D1"]
    assert "Did you mean 'Quantity'?" in problems.warnings[0].remedy


def test_synonyms_brackets_and_case_of_headers(tmp_path: Path) -> None:
    rows = [["INVOICE DATE", "site ", "Activity*", "Usage (kWh)", "unit", "Extra"], [*ROW[:5], "x"]]
    tables, problems = _read(tmp_path, rows)
    assert tables["activity"]["quantity"].tolist() == [120.5]
    assert _said(problems) == [("warning", "F1", "'Extra'")]


def test_foreign_headers_through_a_mapping(tmp_path: Path) -> None:
    rows = [["Datum", "Standort", "Activity", "Menge", "Unit"], ROW[:5]]
    mapping = {"Datum": "day", "Standort": "site", "Menge": "quantity"}
    tables, problems = _read(tmp_path, rows, mapping=mapping)
    assert not problems
    assert tables["activity"]["site"].tolist() == ["Wharf Street"]


def test_same_column_twice_is_refused(tmp_path: Path) -> None:
    _, problems = _read(tmp_path, [[*HEAD, "Amount"], [*ROW, 5]])
    assert ("problem", "H1", "a second column 'Quantity'") in _said(problems)


def test_unit_in_the_header_must_be_the_fields_own(tmp_path: Path) -> None:
    model = TableModel("land", "Land", "Land", (Field("name", "Name"), Field("area", "Area (ha)", "number")))
    for header, wrong in (("Area (hectares)", False), ("Area", False), ("Area (acres)", True)):
        with xlsxwriter.Workbook(tmp_path / "land.xlsx") as book:
            sheet = book.add_worksheet("Land")
            sheet.write_row(0, 0, ["Name", header])
            sheet.write_row(1, 0, ["a", 2.5])
        problems = Problems()
        frame = read_tables(tmp_path / "land.xlsx", [model], problems)["land"]
        assert frame["area"].tolist() == [2.5]
        assert [p.cell for p in problems.errors] == (["B1"] if wrong else [])


def test_hidden_rows_columns_and_sheets_are_read_and_told(tmp_path: Path) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["D"].hidden = True
        book = sheet.parent
        assert book is not None
        book.create_sheet("Other")
        book.active = 1
        sheet.sheet_state = "hidden"

    tables, problems = _read(tmp_path, [HEAD, *ROWS], hide)
    assert len(tables["activity"]) == 3
    assert [p.found for p in problems.warnings] == ["a hidden sheet", "the hidden row 3", "the hidden column D"]
    assert not problems.errors


def test_formulas_without_a_value_and_error_cells(tmp_path: Path) -> None:
    def formulas(sheet: Worksheet) -> None:
        sheet["D2"] = "=100+20.5"

    _, problems = _read(tmp_path, [HEAD, *ROWS], formulas)
    assert _said(problems) == [("problem", "D2", "a formula without a saved value")]
    with xlsxwriter.Workbook(tmp_path / "error.xlsx") as book:
        sheet = book.add_worksheet("Activity")
        sheet.write_row(0, 0, HEAD)
        sheet.write_datetime(1, 0, datetime(2025, 1, 31), book.add_format({"num_format": "d mmm yyyy"}))
        sheet.write_row(1, 1, ROW[1:3])
        sheet.write_formula(1, 3, "=A99/0", None, "#DIV/0!")
        sheet.write_string(1, 4, "kWh")
    problems = Problems()
    read_tables(tmp_path / "error.xlsx", [ACTIVITY], problems)
    assert _said(problems) == [("problem", "D2", "the error #DIV/0!")]


def test_numbers_and_dates_in_text_fields_become_plain_text(tmp_path: Path) -> None:
    rows = [HEAD, *[[*ROW] for _ in range(4)]]
    for row, site in zip(rows[1:], (1_234_567.0, 12.5, date(2025, 1, 2), "NA"), strict=True):
        row[1] = site
    tables, problems = _read(tmp_path, rows)
    assert tables["activity"]["site"].tolist() == ["1234567", "12.5", "2025-01-02", "NA"]
    assert not problems


def test_sheet_of_another_name_is_found_by_its_headers(tmp_path: Path) -> None:
    tables, problems = _read(tmp_path, [HEAD, *ROWS], name="Sheet1")
    assert len(tables["activity"]) == 3
    assert not problems
    tables, problems = _read(tmp_path, [HEAD, *ROWS], name="consumption ")
    assert len(tables["activity"]) == 3


def test_table_on_several_sheets_is_refused_unless_they_are_named(tmp_path: Path) -> None:
    def months(sheet: Worksheet) -> None:
        book = sheet.parent
        assert book is not None
        book.copy_worksheet(sheet).title = "February"

    tables, problems = _read(tmp_path, [HEAD, *ROWS], months, name="January")
    assert tables["activity"].empty
    assert [p.found for p in problems.errors] == ["the table 'Activity data' on several sheets (January, February)"]
    tables, problems = _read(
        tmp_path, [HEAD, *ROWS], months, name="January", sheets={"activity": ["January", "February"]}
    )
    assert not problems
    assert tables["activity"]["_sheet"].tolist() == ["January"] * 3 + ["February"] * 3
    _, problems = _read(tmp_path, [HEAD, *ROWS], name="January", sheets={"activity": ["Januar"]})
    assert problems[0].remedy == "Did you mean 'January'?"


def test_sheet_belongs_to_the_table_it_fits_best(tmp_path: Path) -> None:
    """A list of sites needs a site and a date only, which the bills have too: the bills are not read as sites."""
    sites = TableModel(
        "sites", "Sites", "Sites", (Field("site", "Site"), Field("opened", "Date", "date")), required=False
    )
    book = openpyxl.Workbook()
    book.active.title = "2025"  # type: ignore[union-attr]
    for row in [HEAD, *ROWS]:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(tmp_path / "bills.xlsx")
    problems = Problems()
    tables = read_tables(tmp_path / "bills.xlsx", [sites, ACTIVITY], problems)
    assert not problems
    assert [len(tables["sites"]), len(tables["activity"])] == [0, 3]


def test_no_such_table(tmp_path: Path) -> None:
    tables, problems = _read(tmp_path, [["something", "else"], [1, 2]], name="Activity")
    assert [p.found for p in problems] == ["no header row that is known"]
    assert list(tables["activity"].columns[:4]) == ["day", "site", "activity", "quantity"]
    _, problems = _read(tmp_path, [["something", "else"], [1, 2]], name="Activities", sheets=None)
    assert problems.errors
