"""Bills kept otherwise than row by row: a column for each month, previous and present reading of a meter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from natcap.carbon.business.shapes import advice
from natcap.carbon.business.trunk import build, read
from natcap.core.problems import InputProblems, Problem
from natcap.core.project import read_project
from tests.carbon.books import value

Rows = Sequence[Sequence[object]]
WIDE = ("Site", "Fuel", "Unit", "Jan", "Feb", "Mar")
METER = ("Site", "Fuel", "Meter", "Previous reading", "Present reading", "Unit", "From", "To", "A/E")


def _project(folder: Path, rows: Rows, inputs: str, period: str = "2025", merged: str = "") -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Activity"
    for row in rows:
        sheet.append(list(row))
    for cells in merged.split():
        sheet.merge_cells(cells)
    book.save(folder / "bills.xlsx")
    (folder / "natcap.toml").write_text(
        f'kind = "business"\nname = "Test"\nperiod = "{period}"\n[inputs]\nactivity = "bills.xlsx"\n{inputs}\n',
        encoding="utf-8",
    )
    return folder


def _quantities(
    folder: Path, rows: Rows, inputs: str, period: str = "2025", merged: str = ""
) -> list[tuple[object, ...]]:
    """(quantity, first day, last day, cell) of every row that counts."""
    found = read(read_project(_project(folder, rows, inputs, period, merged)))
    frame = found.this.book.rows.frame
    return [(r.quantity, str(r.start)[:10], str(r.end)[:10], r.cell) for r in frame.itertuples()]


def _told(folder: Path, rows: Rows, inputs: str, period: str = "2025") -> list[Problem]:
    project = read_project(_project(folder, rows, inputs, period))
    try:
        return list(read(project).warnings)
    except InputProblems as refused:
        return list(refused.problems)


MONTHS = 'layout = "months"'
READINGS = 'layout = "readings"'


def test_a_column_for_each_month_by_hand(tmp_path: Path) -> None:
    """100 + 110 + 120 + 50 + 53 = 433 kWh at 0.177 kg are 0.076641 t; the empty February of the shop is no zero."""
    rows = [WIDE, ("Depot", "Electricity", "kWh", 100, 110, 120), ("Shop", "Electricity", "kWh", 50, None, 53)]
    report = build(read_project(_project(tmp_path, rows, MONTHS)))
    assert value(report, "scope2.location") == pytest.approx(433 * 0.177 / 1000)
    assert [w.cell for w in report.warnings if "February 2025" in w.expected] == ["E3"]
    assert report.lines is not None
    assert set(report.lines["cell"]) == {"D2", "E2", "F2", "D3", "F3"}


def test_months_of_a_financial_year_are_each_in_their_own_year(tmp_path: Path) -> None:
    """April to December lie in 2024, January to March in 2025; the unit stands in the headers."""
    months = ["Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec", "Jan", "Feb", "Mar"]
    rows = [("Site", "Fuel", *(f"{m} kWh" for m in months)), ("Depot", "Electricity", *range(101, 113))]
    found = _quantities(tmp_path, rows, MONTHS, "2024-04-01 to 2025-03-31")
    assert found[0] == (101.0, "2024-04-01", "2024-04-30", "C2")
    assert found[9] == (110.0, "2025-01-01", "2025-01-31", "L2")
    assert len(found) == 12


@pytest.mark.parametrize(
    "names", [("Jan-25", "Feb-25"), ("January 2025", "February 2025"), ("2025-01", "2025-02"), ("01/2025", "02/2025"),
              (date(2025, 1, 1), date(2025, 2, 1)), (date(2025, 1, 31), date(2025, 2, 28)), ("JAN", "FEB")],
)  # fmt: skip
def test_months_under_their_usual_names(tmp_path: Path, names: tuple[object, object]) -> None:
    found = _quantities(tmp_path, [("Fuel", "Unit", *names), ("Electricity", "kWh", 7, 8)], MONTHS)
    assert found == [(7.0, "2025-01-01", "2025-01-31", "C2"), (8.0, "2025-02-01", "2025-02-28", "D2")]


def test_money_beside_the_quantity_of_each_month_is_left_aside(tmp_path: Path) -> None:
    rows = [
        ("Site", "Fuel", "Jan", None, "Feb", None), (None, None, "kWh", "GBP", "kWh", "GBP"),
        ("Depot", "Electricity", 100, 20, 110, 22),
    ]  # fmt: skip
    found = _quantities(tmp_path, rows, MONTHS, merged="C1:D1 E1:F1")
    assert [(quantity, cell) for quantity, _, _, cell in found] == [(100.0, "C3"), (110.0, "E3")]


def test_a_total_that_is_not_the_sum_of_its_months_is_told(tmp_path: Path) -> None:
    """100 + 110 + 120 = 330, not 331."""
    rows = [(*WIDE, "Total"), ("Depot", "Electricity", "kWh", 100, 110, 120, 331)]
    told = [p for p in _told(tmp_path, rows, MONTHS) if "a total of" in p.found]
    assert [(p.cell, p.found, p.expected) for p in told] == [("G2", "a total of 331", "the sum of the months, 330")]


@pytest.mark.parametrize(
    ("header", "period", "cell", "said"),
    [
        (("Dec 2024", "Jan 2025"), "2025", "C2", "days of 2025"),
        (("P1", "P2"), "2025", "", "a column for each month of 2025"),
        (("Jan", "Feb"), "2024-01-01 to 2025-06-30", "", "a column for each month of 2024-01-01 to 2025-06-30"),
    ],
)
def test_months_that_do_not_fit_are_refused(
    tmp_path: Path, header: tuple[str, str], period: str, cell: str, said: str
) -> None:
    """A month outside of the period, no month at all, a name that two months of the period have."""
    told = _told(tmp_path, [("Fuel", "Unit", *header), ("Electricity", "kWh", 7, 8)], MONTHS, period)
    assert [(p.cell, p.expected) for p in told if p.severity == "problem"] == [(cell, said)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(st.none(), st.integers(0, 10**6)), min_size=12, max_size=12).filter(any))
def test_the_sum_over_months_is_the_sum_of_the_row(tmp_path: Path, cells: list[int | None]) -> None:
    header = [date(2025, month, 1) for month in range(1, 13)]
    found = _quantities(tmp_path, [("Fuel", "Unit", *header), ("Electricity", "kWh", *cells)], MONTHS)
    assert sum(quantity for quantity, *_ in found) == sum(cell or 0 for cell in cells)  # type: ignore[misc]
    assert len(found) == sum(cell is not None for cell in cells)


def test_a_row_without_any_month_is_told(tmp_path: Path) -> None:
    rows = [WIDE, ("Depot", "Electricity", "kWh", 1, 2, 3), ("Shop", "Electricity", "kWh", None, None, None)]
    told = [p for p in _told(tmp_path, rows, MONTHS) if p.found == "a row without a quantity"]
    assert [(p.cell, p.severity) for p in told] == [("D3", "warning")]


def test_foreign_headers_of_readings_are_named_once(tmp_path: Path) -> None:
    rows = [("Fuel", "Alt", "Neu", "Unit", "Date"), ("Electricity", 100, 130, "kWh", date(2025, 5, 1))]
    named = 'columns = { "Alt" = "previous", "Neu" = "present" }'
    assert _quantities(tmp_path, rows, f"{READINGS}\n{named}") == [(30.0, "2025-05-01", "2025-05-01", "C2")]


def test_readings_are_subtracted(tmp_path: Path) -> None:
    """1,250 - 1,000 = 250 and (1,400 - 1,250) x 10 = 1,500 kWh."""
    rows = [
        (*METER, "Multiplier"),
        ("Depot", "Electricity", "M1", 1000, 1250, "kWh", date(2025, 1, 1), date(2025, 1, 31), "A", None),
        ("Depot", "Electricity", "M2", 1250, 1400, "kWh", date(2025, 2, 1), date(2025, 2, 28), "E", 10),
    ]
    report = build(read_project(_project(tmp_path, rows, READINGS)))
    assert value(report, "scope2.location") == pytest.approx(1750 * 0.177 / 1000)
    assert report.lines is not None
    notes = set(report.lines["note"])
    assert any("reading 1,400 less 1,250, times 10" in note for note in notes)
    assert set(report.lines["tier"]) == {"read", "estimated"}
    assert set(report.lines["cell"]) == {"E2", "E3"}


def test_days_of_reading_do_not_overlap(tmp_path: Path) -> None:
    """Read on 31 December, 31 January and 28 February: 1 to 31 January and 1 to 28 February."""
    rows = [
        (
            "Fuel",
            "Meter",
            "Previous reading date",
            "Previous reading",
            "Current reading date",
            "Current reading",
            "Unit",
        ),
        ("Gas", "G1", date(2024, 12, 31), 100, date(2025, 1, 31), 150, "m3"),
        ("Gas", "G1", date(2025, 1, 31), 150, date(2025, 2, 28), 190, "m3"),
    ]
    assert _quantities(tmp_path, rows, READINGS) == [
        (50.0, "2025-01-01", "2025-01-31", "F2"), (40.0, "2025-02-01", "2025-02-28", "F3"),
    ]  # fmt: skip
    assert not _told(tmp_path, rows, READINGS)


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [
        ((190, 180, "kWh", date(2025, 1, 1), date(2025, 1, 31)), "E2", "a reading of 180, lower than the previous 190"),
        ((100, 180, "kWh", None, None), "E2", "a reading without its days"),
        ((100, None, "kWh", date(2025, 1, 1), date(2025, 1, 31)), "E2", "an empty cell"),
        ((100, "n/a", "kWh", date(2025, 1, 1), date(2025, 1, 31)), "E2", "'n/a'"),
    ],
)
def test_readings_that_do_not_fit_are_told(tmp_path: Path, row: tuple[object, ...], cell: str, said: str) -> None:
    told = _told(tmp_path, [METER, ("Depot", "Electricity", "M1", *row, "A")], READINGS)
    assert (cell, said) in [(p.cell, p.found) for p in told]


def test_a_stated_quantity_must_be_the_difference(tmp_path: Path) -> None:
    """250 of the readings against 205 written beside them."""
    rows = [
        (*METER, "Usage"),
        ("Depot", "Electricity", "M1", 1000, 1250, "kWh", date(2025, 1, 1), date(2025, 1, 31), "A", 205),
    ]
    assert [(p.cell, p.found) for p in _told(tmp_path, rows, READINGS)] == [("J2", "a quantity of 205")]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([WIDE, ("Depot", "Electricity", "kWh", 1, 2, 3)], 'layout = "months"'),
        (
            [METER, ("D", "Electricity", "M", 1, 2, "kWh", date(2025, 1, 1), date(2025, 1, 31), "A")],
            'layout = "readings"',
        ),
        ([("Fuel", "Unit", "Menge", "From"), ("Electricity", "kWh", 1, date(2025, 1, 1))], '"Menge" = "quantity"'),
    ],
)
def test_what_is_not_declared_is_refused_with_what_to_write(tmp_path: Path, rows: Rows, said: str) -> None:
    told = [p for p in _told(tmp_path, rows, "") if p.found == "no column 'Quantity'"]
    assert [said in p.remedy for p in told] == [True]


@pytest.mark.parametrize(
    ("layout", "said"),
    [
        ('layout = "month"', "one of bills, months, readings"),
        ('layout = { "other.xlsx" = "months" }', "one of bills.xlsx"),
        ('layout = { "bills.xlsx" = "rows" }', "one of bills, months, readings"),
    ],
)
def test_a_layout_that_is_none(tmp_path: Path, layout: str, said: str) -> None:
    told = _told(tmp_path, [WIDE, ("Depot", "Electricity", "kWh", 1, 2, 3)], layout)
    assert any(p.cell == "inputs.layout" and said in p.expected for p in told)


def test_one_file_of_several_may_have_its_own_layout(tmp_path: Path) -> None:
    folder = _project(tmp_path, [WIDE, ("Depot", "Electricity", "kWh", 1, 2, 3)], "")
    (folder / "more.csv").write_text("Fuel,Quantity,Unit,Date\nDiesel,10,litres,2025-03-01\n", encoding="utf-8")
    settings = (folder / "natcap.toml").read_text(encoding="utf-8")
    names = 'activity = ["bills.xlsx", "more.csv"]\nlayout = { "bills.xlsx" = "months" }'
    (folder / "natcap.toml").write_text(settings.replace('activity = "bills.xlsx"', names), encoding="utf-8")
    frame = read(read_project(folder)).this.book.rows.frame
    assert frame["quantity"].tolist() == [1.0, 2.0, 3.0, 10.0]


def test_advice_needs_more_than_one_header() -> None:
    assert advice(["Jan", "Feb"]) == advice(["Meter reading"]) == advice([]) == ""
    assert "months" in advice(["Jan-25", "Feb-25", "2025-03-01"])
