"""A small firm's own workbook: everyday words, units in headers, several sheets, money where a quantity belongs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from natcap.carbon.business.trunk import build
from natcap.core.problems import InputProblems, Problem
from natcap.core.project import read_project
from natcap.core.report import Report
from tests.carbon.books import value

_TOML = 'kind = "business"\nname = "Joinery Ltd"\nperiod = "2025"\n[inputs]\nactivity = "{file}"\n{more}\n'


def _csv(folder: Path, text: str, more: str = "") -> Report:
    (folder / "bills.csv").write_text(text, encoding="utf-8")
    (folder / "natcap.toml").write_text(_TOML.format(file="bills.csv", more=more), encoding="utf-8")
    return build(read_project(folder))


def _refused(folder: Path, text: str, more: str = "") -> list[Problem]:
    with pytest.raises(InputProblems) as told:
        _csv(folder, text, more)
    return list(told.value.problems)


def _book(folder: Path, more: str) -> Report:
    """Bills as they are kept: titles, dates in three spellings, thousands, a credit, a hidden row, totals, a note."""
    book = Workbook()
    bills, fuel = book.active, book.create_sheet("Fuel & mileage")
    assert bills is not None
    bills.title = "Utilities 25"
    head = [
        "Premises",
        "Utility",
        "MPAN / MPRN",
        "From",
        "To",
        "Usage",
        "UOM",
        "Cost (£)",
        "Actual or estimated",
        "Comments",
    ]
    for row in (
        ["Joinery Ltd, utilities"], [], head,
        ["Workshop", "Electric", "10", "01/01/2025", "31/01/2025", "4,812", "kWh", "£1,203", "A", ""],
        ["Workshop", "Electric", "10", "01-Feb-2025", "28-Feb-2025", "4 650 ", "kwh", "£1,160", "Actual", ""],
        ["Workshop", "Electric", "10", datetime(2025, 3, 1), datetime(2025, 3, 31), 4711, "KWH", 1180, "est.", ""],
        ["Workshop ", "Electricity", "10", "2025-05-01", "2025-05-31", -350, "kWh", "-£80", "", "Credit note 9"],
        ["Sub total", "", "", "", "", 13823], [],
        ["Workshop", "Mains gas", "88", datetime(2025, 4, 1), datetime(2025, 6, 30), "412", "therms gross", 9, "E", ""],
        [], ["Note: costs exclude VAT."],
    ):  # fmt: skip
        bills.append(row)
    bills.merge_cells("A1:J1")
    bills.row_dimensions[6].hidden = True
    for row in (
        ["Vehicle", "Fuel", "Date", "Usage", "Units", "Cost"],
        ["AB12 CDE", "derv", "17/02/2025", 58, "ltrs", "£82"], ["Total", None, None, 58, None, None],
    ):  # fmt: skip
        fuel.append(row)
    book.save(folder / "bills.xlsx")
    (folder / "natcap.toml").write_text(_TOML.format(file="bills.xlsx", more=more), encoding="utf-8")
    return build(read_project(folder))


def test_the_whole_book_by_hand(tmp_path: Path) -> None:
    """4,812 + 4,650 + 4,711 - 350 kWh at 0.177; 412 therms of 29.3071 kWh at 0.18296; 58 litres at 2.57082."""
    found = _book(tmp_path, 'sheets = ["Utilities 25", "Fuel & mileage"]')
    assert value(found, "scope2.location") == pytest.approx(13_823 * 0.177 / 1000)
    assert value(found, "scope1") == pytest.approx((412 * 105.505585257348 / 3.6 * 0.18296 + 58 * 2.57082) / 1000)
    assert found.lines is not None
    tiers = found.lines.groupby("item", observed=True)["tier"].agg(lambda tier: sorted(set(tier)))
    assert tiers["10"] == ["", "estimated", "read"]
    assert tiers["88"] == ["estimated"]
    told = " ".join(str(w) for w in found.warnings)
    for said in ("the hidden row ", "a text below the table"):
        assert said in told
    assert "a total of" not in told


def test_several_sheets_are_offered_to_be_read_together(tmp_path: Path) -> None:
    with pytest.raises(InputProblems) as told:
        _book(tmp_path, "")
    (problem,) = told.value.problems
    assert 'sheets = ["Utilities 25", "Fuel & mileage"]' in problem.remedy


@pytest.mark.parametrize("given, place", [("5", "inputs.sheets"), ('["Nowhere"]', "")])
def test_sheets_that_are_none(tmp_path: Path, given: str, place: str) -> None:
    with pytest.raises(InputProblems) as told:
        _book(tmp_path, f"sheets = {given}")
    assert place in [p.cell for p in told.value.problems]


def test_a_unit_in_the_header_is_the_unit_of_its_rows(tmp_path: Path) -> None:
    text = "Premises,Utility,Usage (MWh),From,To\nShop,Electric,4.8,01/01/2025,31/01/2025\n"
    assert value(_csv(tmp_path, text), "scope2.location") == pytest.approx(4.8 * 177 / 1000)


def test_a_unit_that_contradicts_the_header_is_never_taken_unseen(tmp_path: Path) -> None:
    """Usage (kWh) with unit = "MWh" given for the column was a thousand times too much and said nothing."""
    text = "Premises,Utility,Usage (kWh),From,To\nShop,Electric,4812,01/01/2025,31/01/2025\n"
    (problem,) = _refused(tmp_path, text, 'fixed = { unit = "MWh" }')
    assert (problem.cell, "kWh in the header, MWh given" in problem.found) == ("C1", True)
    rows = text.replace("From", "Unit,From").replace("4812,", "4812,MWh,")
    (warning,) = _csv(tmp_path, rows).warnings
    assert (warning.cell, "above rows in MWh" in warning.found) == ("C1", True)


@pytest.mark.parametrize(
    "header, said",
    [("Amount (£)", "is a unit of money"), ("Usage (therms)", "gross or net"), ("Usage (m2)", "of area")],
)
def test_a_header_that_is_no_quantity_is_refused(tmp_path: Path, header: str, said: str) -> None:
    text = f"Premises,Utility,{header},Unit,From,To\nShop,Gas,48,kWh gross,01/01/2025,31/01/2025\n"
    (problem,) = _refused(tmp_path, text)
    assert (problem.cell, said in problem.remedy) == ("C1", True)


def test_money_is_no_quantity(tmp_path: Path) -> None:
    text = "Premises,Utility,Amount,Unit,From,To\nShop,Electric,£48.10,kWh,01/01/2025,31/01/2025\n"
    (problem,) = _refused(tmp_path, text)
    assert problem.cell == "C2"
    assert "not what it cost" in problem.expected
    assert "sheet Spend" in problem.remedy


def test_a_column_that_every_row_would_share_may_be_given(tmp_path: Path) -> None:
    text = "Premises,Utility,Usage,From,To\nShop,Electric,48,01/01/2025,31/01/2025\n"
    (problem,) = _refused(tmp_path, text)
    assert 'fixed = { unit = "kWh" }' in problem.remedy


def test_a_word_that_is_none_of_them_is_told(tmp_path: Path) -> None:
    head = "Premises,Utility,Usage,Unit,Calorific basis,Read or estimated,From,To\n"
    row = "Shop,Gas,48,kWh,{},{},01/01/2025,31/01/2025\n"
    assert value(_csv(tmp_path, head + row.format("GCV", "Smart")), "scope1") == pytest.approx(48 * 0.18296 / 1000)
    told = _refused(tmp_path, head + row.format("middling", "perhaps"))
    assert {"E2", "F2"} <= {p.cell for p in told}
