"""Sheets that are not one table of bills: refused in one sentence that says what to do, or read; never read in part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from natcap.carbon.business.trunk import build
from natcap.core.problems import InputProblems, Problem
from natcap.core.project import read_project
from natcap.core.report import Report
from tests.carbon.books import value

JAN, FEB = (datetime(2025, 1, 1), datetime(2025, 1, 31)), (datetime(2025, 2, 1), datetime(2025, 2, 28))
HEAD = ["Site", "Activity", "Quantity", "Unit", "Period start", "Period end"]
FIRST = [["Utilities 2025"], HEAD, ["Shop", "Electricity", 100, "kWh", *JAN], ["Shop", "Electricity", 200, "kWh", *FEB]]

Rows = Sequence[Sequence[object]]


def _build(folder: Path, file: str, given: str = "") -> Report:
    text = f'kind = "business"\nname = "Joinery Ltd"\nperiod = "2025"\n[inputs]\nactivity = "{file}"\n{given}'
    (folder / "natcap.toml").write_text(text, encoding="utf-8")
    return build(read_project(folder))


def _read(
    folder: Path, rows: Rows, change: Callable[[Worksheet], object] = lambda sheet: None, given: str = ""
) -> Report:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Bills"
    for row in rows:
        sheet.append(list(row))
    change(sheet)
    book.save(folder / "bills.xlsx")
    return _build(folder, "bills.xlsx", given)


def _csv(folder: Path, text: str) -> Report:
    (folder / "bills.csv").write_text(text, encoding="utf-8")
    return _build(folder, "bills.csv")


def _refused(folder: Path, rows: Rows | str) -> list[Problem]:
    with pytest.raises(InputProblems) as told:
        _csv(folder, rows) if isinstance(rows, str) else _read(folder, rows)
    return list(told.value.problems)


def _kwh(report: Report) -> float:
    """Electricity of 2025 is 0.177 kg CO2e a kWh (the 2025 edition of the UK factors)."""
    return value(report, "scope2.location") * 1000 / 0.177


@pytest.mark.parametrize(
    "second, row",
    [
        ([[], ["Premises", "Utility", "Usage", "UOM", "From", "To"], ["Shop", "Electric", 50, "kWh", *JAN]], 6),
        ([[], ["Vans"], ["Vehicle", "Fuel", "Date", "Litres", "Cost"], ["AB12", "diesel", JAN[0], 50, 80]], 7),
    ],
)
def test_a_second_table_is_one_problem_at_its_row(tmp_path: Path, second: Rows, row: int) -> None:
    (problem,) = _refused(tmp_path, [*FIRST, *second])
    assert problem.cell == f"A{row}"
    assert "a second table below the first" in problem.found
    assert f"Move what begins in row {row} to a sheet of its own" in problem.remedy


def test_a_table_above_a_richer_one_is_not_left_out(tmp_path: Path) -> None:
    """The header that named more columns was taken for the only one: 1,000 kWh above it vanished."""
    above = [["Site", "Utility", "Usage (kWh)", "Date"], ["Shop", "Electricity", 1000, JAN[0]], [], ["Gas"]]
    (problem,) = _refused(tmp_path, [*above, HEAD, ["Shop", "Natural gas", 50, "kWh gross", *JAN]])
    assert (problem.cell, problem.found) == ("A1", "a table above another one: from row 1, and from row 5")


def test_a_header_repeated_on_each_page_is_passed_over(tmp_path: Path) -> None:
    """The title of the sheet is printed again with it."""
    more = [["Utilities 2025"], HEAD, ["Shop", "Electricity", 50, "kWh", datetime(2025, 3, 1), datetime(2025, 3, 31)]]
    with pytest.raises(InputProblems):
        _read(tmp_path, [*FIRST, *more])  # its title stands in a cell of the table, and is asked about
    assert _kwh(_read(tmp_path, [*FIRST, *more[1:]])) == pytest.approx(350)


@pytest.mark.parametrize("title", ["Energy use in 2025 (MWh)", "Usage", "Site"])
def test_a_merged_title_is_no_part_of_the_headers(tmp_path: Path, title: str) -> None:
    rows = [[title], [*HEAD, "Cost"], ["Shop", "Electricity", 100, "kWh", *JAN, 9]]
    report = _read(tmp_path, rows, lambda sheet: sheet.merge_cells("A1:G1"))
    assert _kwh(report) == pytest.approx(100)
    (warning,) = [w for w in report.warnings if w.cell == "G2"]
    assert warning.found == "'Cost'"


def test_an_amount_beside_kwh_is_asked(tmp_path: Path) -> None:
    """An amount of money would have been taken for kWh once the unit was given for the column."""
    rows = [["Site", "Utility", "From", "To", "Amount", "kWh used"], ["Shop", "Electricity", *JAN, 48, 200]]
    for given in ("", 'fixed = { unit = "kWh" }\n'):
        with pytest.raises(InputProblems) as told:
            _read(tmp_path, rows, given=given)
        assert ("F1", "a second column 'Quantity'") in [(p.cell, p.found) for p in told.value.problems]


@pytest.mark.parametrize("name", ["Total electricity", "2025 Total", "Year to date", "All sites", "Total (kWh)"])
def test_a_whole_row_that_is_a_total_is_not_counted_twice(tmp_path: Path, name: str) -> None:
    (problem,) = _refused(tmp_path, [*FIRST, [name, "Electricity", 300, "kWh", JAN[0], FEB[1]]])
    assert (problem.cell, problem.found) == ("C5", "the sum of rows 3 to 4, in a row named like a total")
    entry = _read(tmp_path, [*FIRST, ["Total Fitness", "Electricity", 70, "kWh", *JAN]])
    assert _kwh(entry) == pytest.approx(370)


@pytest.mark.parametrize("text", ["1,234", "12,500"])
def test_a_comma_between_semicolons_may_be_either(tmp_path: Path, text: str) -> None:
    """1,234 in a file that Excel wrote in another country is 1.234: it was read as 1234."""
    head = "Site;Activity;Quantity;Unit;Period start;Period end\n"
    (problem,) = _refused(tmp_path, f"{head}Shop;Electricity;{text};kWh;01/01/2025;31/01/2025\n")
    assert problem.cell == "C2"
    assert text.replace(",", ".") in problem.remedy
    rows = f"Shop;Electricity;{text};kWh;01/01/2025;31/01/2025\nShop;Electricity;2.5;kWh;01/02/2025;28/02/2025\n"
    assert _kwh(_csv(tmp_path, head + rows)) == pytest.approx(float(text.replace(",", "")) + 2.5)


def test_a_thousands_comma_without_quotation_marks(tmp_path: Path) -> None:
    """The rest of the number lay beyond the last header and was dropped: 1 kWh for 1,234."""
    head = "Site,Activity,Unit,Period start,Period end,Quantity\n"
    (problem,) = _refused(tmp_path, f"{head}Shop,Electricity,kWh,01/01/2025,31/01/2025,1,234\n")
    assert (problem.cell, problem.found) == ("G2", "a row of 7 values, the last '234'")
    assert _kwh(_csv(tmp_path, f'{head}Shop,Electricity,kWh,01/01/2025,31/01/2025,"1,234"\n')) == pytest.approx(1234)


def test_spaces_that_do_not_break_and_signs_that_are_not_seen(tmp_path: Path) -> None:
    head = ["Site\u00a0", "\u00a0Activity", "Quan\u00adtity", "Unit\u200b", "Period\u00a0start", "Period end"]
    row = ["Shop\u00a0", "Electricity\u00a0", "1\u00a0234", "kWh\u00a0", "1\u00a0Jan\u00a02025", JAN[1]]
    assert _kwh(_read(tmp_path, [head, row])) == pytest.approx(1234)


@pytest.mark.parametrize("name", ["Bills", "Activity"])
def test_bills_on_another_sheet_are_not_left_out_unseen(tmp_path: Path, name: str) -> None:
    """The sheet Bills was read because of its name, and the sheet Gas beside it was not, without a word."""

    def more(sheet: Worksheet) -> None:
        sheet.title = name
        assert sheet.parent is not None
        gas = sheet.parent.create_sheet("Gas")
        gas.append(HEAD)
        gas.append(["Shop", "Natural gas", 50, "kWh gross", *JAN])

    if name == "Bills":
        with pytest.raises(InputProblems) as told:
            _read(tmp_path, FIRST, more)
        (problem,) = told.value.problems
    else:
        (problem,) = [w for w in _read(tmp_path, FIRST, more).warnings if "several sheets" in w.found]
        assert "Only 'Activity' was read" in problem.remedy
    assert f'sheets = ["{name}", "Gas"]' in problem.remedy


def test_quantities_that_only_ever_grow_may_be_readings(tmp_path: Path) -> None:
    head = ["Meter", "Utility", "Date", "Value", "Unit"]
    rows = [["M1", "Electricity", datetime(2025, m, 28), 10_000 + 150 * m, "kWh"] for m in range(1, 9)]
    (warning,) = [w for w in _read(tmp_path, [head, *rows]).warnings if "only ever grow" in w.found]
    assert (warning.cell, "from 10,150 to 11,200" in warning.found) == ("D2", True)
    rows[3][3] = 9_000
    assert not [w for w in _read(tmp_path, [head, *rows]).warnings if "only ever grow" in w.found]
