"""Banners stand on the sheets they concern; account sheets have the numbers of the standard; long names end whole."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pandas as pd
from openpyxl import Workbook

from natcap.core.report import Check, Column, FactorRef, Figure, Report, Run, Section, Trace
from natcap.core.workbook import publish
from natcap.core.workbook.banners import WEAK

DRAFT, CARBON = "Draft.", "Carbon was recalled."
FARM = FactorRef("f.farm", "Rent", 1.0, "GBP_2021/ha", "A source", "page 1", "recalled")
NAMES = ("extent", "carbon", "money")


def account(scopes: dict[str, frozenset[str]], banners: tuple[str, ...] = (DRAFT, CARBON)) -> Report:
    """Three sheets: extent, which is exact; carbon, which a banner is about; money, which rests on a recalled factor
    and no banner says so; and a sheet after the checks."""
    figure = Figure("money", "Money", 1.0, "GBP_2021", Trace("", factors=(FARM,)), status="recalled")
    columns = (Column("item", "Item"), Column("value", "Value", kind="number"))
    table = pd.DataFrame({"item": ["a"], "value": [1.0]})
    sections = [Section(name, name, table, columns, number=str(n),
                        figures={(0, "value"): "money"} if name == "money" else {})
                for n, name in enumerate(NAMES, 1)]  # fmt: skip
    last = Section("balance", "Balance", table, columns, number="18")
    return Report("accounts", "Accounts", "A county", "2023", (figure,), (*sections, last), Run("0", (), (), {}),
                  banners=banners, scopes=scopes)  # fmt: skip


def written(report: Report) -> Workbook:
    out = io.BytesIO()
    publish(report, out)
    return openpyxl.load_workbook(out)


def lines(book: Workbook, sheet: str) -> list[str]:
    return [str(cell.value) for cell in book[sheet]["A"]]


def test_a_banner_stands_where_it_concerns_and_in_front() -> None:
    book = written(account({CARBON: frozenset({"carbon"})}))
    for sheet in ("Cover", "Notes", "2_carbon"):
        assert CARBON in lines(book, sheet), sheet
    for sheet in ("1_extent", "18_balance", "3_money", "Contents", "Figures"):
        assert CARBON not in lines(book, sheet), sheet
    assert all(DRAFT in lines(book, name) for name in book.sheetnames), "a banner without a scope stands everywhere"


def test_no_sheet_with_a_recalled_figure_loses_its_mark() -> None:
    book = written(account({CARBON: frozenset({"carbon"})}))
    assert WEAK in lines(book, "3_money")
    assert WEAK in lines(book, "Figures")
    assert WEAK not in lines(book, "1_extent")
    assert WEAK not in lines(book, "2_carbon")


def test_made_up_data_are_marked_on_every_sheet_whatever_the_scope() -> None:
    said = "SYNTHETIC organisation."
    book = written(account({said: frozenset({"balance"})}, (said,)))
    assert all(said in lines(book, name) for name in book.sheetnames)


def test_without_scopes_all_banners_stand_everywhere() -> None:
    book = written(account({}))
    assert all(CARBON in lines(book, name) for name in book.sheetnames)


def test_factors_and_checks_stand_as_sheets_16_and_17_of_the_accounts() -> None:
    """METHODS of the accounts, part D: 16 factors used with source, price year and RAG; 17 checks; 18 follows."""
    book = written(replace(account({}), checks=(Check("a", "A = A", 1.0, 1.0, 0.0, "ha"),)))
    assert book.sheetnames[-6:-2] == ["3_money", "16_factors_used", "17_checks", "18_balance"]
    rows = list(book["16_factors_used"].iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if row[0] == "Factor row")
    told = dict(zip(rows[head], rows[head + 1], strict=True))
    assert (told["Price year"], told["Confidence"], told["Source"]) == (2021, "Red", "A source")


def test_a_name_that_excel_does_not_take_ends_with_a_whole_word() -> None:
    report = account({})
    long = replace(report.sections[0], id="asset_values_by_type_and_service", number="10c")
    book = written(replace(report, sections=(long,)))
    assert "10c_asset_values_type_service" in book.sheetnames


def test_what_every_page_of_a_wide_sheet_repeats_fits_its_first_column() -> None:
    """Forty numbers under headers of one long word run over several pages; each shows column A and no cut heading."""
    report = account({})
    names = [f"n{n}" for n in range(40)]
    table = pd.DataFrame({"item": ["a"]} | {name: [1.0] for name in names})
    columns = (Column("item", "Item"), *(Column(n, f"Uninterruptedly{n}", kind="number") for n in names))
    wide = replace(report.sections[0], table=table, columns=columns, figures={})
    sheet = written(replace(report, sections=(wide,)))["1_extent"]
    assert sheet.page_setup.fitToWidth > 1
    assert sheet.column_dimensions["A"].width >= 36
    assert all(cell.alignment.wrap_text for cell in sheet["A"][: sheet.max_row - 1] if cell.value)
