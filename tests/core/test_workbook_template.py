"""Templates: what is written is what is read; drop-downs, dictionary, the same bytes."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from natcap.core.problems import Problems
from natcap.core.workbook import Field, TableModel, read_tables, write_template

BILLS = TableModel(
    "bills",
    "Bills",
    "one row for each bill",
    (
        Field("day", "Date", "date", help="Last day of the bill.", example="2025-03-31"),
        Field("activity", "Activity", "choice", choices=("Electricity", "Natural gas"), example="Electricity"),
        Field("quantity", "Quantity", "number", unit_field="unit", example="1200.5"),
        Field("unit", "Unit", "unit", dimension="energy|energy, gross calorific value", example="kWh"),
        Field("meters", "Meters", "integer", required=False, example="2"),
        Field("reference", "Bill number", required=False, example="00123", synonyms=("Invoice", "Reference")),
    ),
)
SITES = TableModel(
    "sites", "Sites", "one row for each site", (Field("site", "Site"), Field("area", "Area (m2)", "number"))
)
MODELS = (BILLS, SITES)
DATA: dict[str, list[dict[str, object]]] = {
    "bills": [
        {"day": "2025-01-31", "activity": "Electricity", "quantity": 10.5, "unit": "kWh", "reference": "=1+1"},
        {"day": date(2025, 2, 28), "activity": "Natural gas", "quantity": "1,200", "unit": "kWh_gross", "meters": 2},
    ],
    "sites": [{"site": "00123", "area": 0.0}, {"site": "+44", "area": -1}],
}


def _book(tmp_path: Path, **options: Any) -> Any:
    path = write_template(MODELS, tmp_path / "t.xlsx", "Bills of a business", "Fill in what you have.", **options)
    return openpyxl.load_workbook(path)


def test_empty_template_reads_without_problems(tmp_path: Path) -> None:
    for example in (False, True):
        path = write_template(MODELS, tmp_path / "t.xlsx", "Bills", ["Fill it."], example)
        problems = Problems()
        tables = read_tables(path, MODELS, problems)
        assert not problems
        assert [len(tables["bills"]), len(tables["sites"])] == [0, 0]


def test_filled_template_reads_back_what_was_filled(tmp_path: Path) -> None:
    path = write_template(MODELS, tmp_path / "t.xlsx", "Bills", "Fill it.", True, DATA)
    problems = Problems()
    tables = read_tables(path, MODELS, problems)
    assert not problems
    bills = tables["bills"]
    assert [d.date() for d in bills["day"]] == [date(2025, 1, 31), date(2025, 2, 28)]
    assert bills["quantity"].tolist() == [10.5, 1200.0]
    assert bills["unit"].tolist() == ["kWh", "kWh_gross"]
    assert bills["reference"].tolist() == ["=1+1", ""]
    assert tables["sites"]["site"].tolist() == ["00123", "+44"]
    assert tables["sites"]["area"].tolist() == [0.0, -1.0]


def test_example_of_every_field_is_itself_acceptable(tmp_path: Path) -> None:
    data = {model.id: [{f.name: f.example for f in model.fields}] for model in (BILLS,)}
    problems = Problems()
    tables = read_tables(write_template([BILLS], tmp_path / "t.xlsx", "T", data=data), [BILLS], problems)
    assert not problems
    assert tables["bills"].loc[0, ["quantity", "meters", "reference"]].tolist() == [1200.5, 2.0, "00123"]


def test_same_arguments_same_bytes(tmp_path: Path) -> None:
    one = write_template(MODELS, tmp_path / "one.xlsx", "Bills", "Fill it.", True, DATA).read_bytes()
    assert write_template(MODELS, tmp_path / "two.xlsx", "Bills", "Fill it.", True, DATA).read_bytes() == one


def test_sheets_and_dictionary(tmp_path: Path) -> None:
    book = _book(tmp_path, example=True)
    assert book.sheetnames == ["Guidance", "Bills", "Sites", "Example", "Data dictionary", "Lists"]
    rows = list(book["Data dictionary"].iter_rows(min_row=2, values_only=True))
    assert len(rows) == 8
    assert rows[0][:5] == ("Bills", "Date", "yes", "Date", "Last day of the bill.")
    assert rows[5][6] == "reference, Invoice, Reference"
    texts = [str(row[0]) for row in book["Guidance"].iter_rows(values_only=True)]
    assert texts[:2] == ["Bills of a business", "Fill in what you have."]
    assert book["Guidance"].cell(len(texts), 1).hyperlink.location == "'Sites'!A1"


def test_drop_downs_offer_what_the_reader_accepts(tmp_path: Path) -> None:
    book = _book(tmp_path)
    checks = {str(v.sqref).split(":")[0][0]: v for v in book["Bills"].data_validations.dataValidation}
    assert set(checks) == set("ABCDEF")
    for letter, some in (("B", {"Electricity", "Natural gas"}), ("D", {"kWh", "kWh_gross"})):
        sheet, _, cells = checks[letter].formula1.partition("!")
        offered = {row[0].value for row in book[sheet][cells.replace("$", "")]}
        assert some <= offered
    assert checks["A"].type == "date"
    assert checks["C"].type == "decimal"
    assert checks["A"].prompt == "Must be filled. Last day of the bill."
    assert checks["E"].prompt.startswith("May stay empty.")
    assert not checks["D"].showErrorMessage  # other spellings of a unit are read as well


def test_looks(tmp_path: Path) -> None:
    book = _book(tmp_path, data=DATA)
    sheet = book["Bills"]
    assert sheet.freeze_panes == "A2"
    assert [cell.font.bold for cell in sheet[1]] == [True, True, True, True, False, False]
    assert list(sheet.tables) == ["table_bills"]
    assert sheet["F2"].data_type == "s"
    assert sheet["A2"].number_format == "yyyy-mm-dd"
    for other in book.worksheets:
        assert other.page_setup.orientation == "landscape"
        for row in other.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.alignment.wrap_text:
                    lines = len(cell.value) / max(1, other.column_dimensions[cell.column_letter].width)
                    assert lines <= 1 or (other.row_dimensions[cell.row].height or 0) > 20, cell.coordinate


def test_field_that_is_not_there_is_a_fault_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no field sight"):
        write_template(MODELS, tmp_path / "t.xlsx", "T", data={"sites": [{"sight": "x"}]})
