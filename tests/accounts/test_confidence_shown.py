"""What is recalled or judged says so in the factor sheet of the workbook, and turns its rows Red or Amber there."""

from __future__ import annotations

from typing import Any

import openpyxl
import pytest

from natcap.core.verification import UNPUBLISHED
from natcap.core.workbook import publish
from tests.accounts.service_projects import LIBRARY, builder

RANK = {"Green": 0, "Amber": 1, "Red": 2}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    """The worksheets of an account with everything from the library, read back: rows by header, by sheet."""
    folder = tmp_path_factory.mktemp("library")
    report = builder(folder)(LIBRARY | {"carbon": "library", "draws": 1000})
    publish(report, folder / "out.xlsx")
    return {sheet.title: rows(sheet) for sheet in openpyxl.load_workbook(folder / "out.xlsx")}


def rows(sheet: Any) -> list[dict[str, Any]]:
    if not sheet.tables:
        return []
    lines = sheet[next(iter(sheet.tables.values())).ref]
    head = [cell.value for cell in lines[0]]
    return [dict(zip(head, (cell.value for cell in line), strict=True)) for line in lines[1:]]


def sheet_of(book: dict[str, list[dict[str, Any]]], word: str) -> list[dict[str, Any]]:
    found = [lines for title, lines in book.items() if title.split("_", 1)[-1] == word]
    assert len(found) == 1, word
    return found[0]


def test_every_factor_says_how_it_was_verified_and_red_is_red(book: dict[str, list[dict[str, Any]]]) -> None:
    used = {line["Factor row"]: line["How verified"] for line in book["16_factors_used"]}
    assert all(used.values())
    weak = {key for key, state in used.items() if state in UNPUBLISHED}
    assert len(weak) > 10
    ranged = {line["Factor row"]: line for line in sheet_of(book, "ranges_factors")}
    assert all(ranged[key]["How verified"] == used[key] and ranged[key]["Confidence"] == "Red"
               for key in weak & set(ranged))  # fmt: skip
    for name in ("services_parameters", "services_prices", "services_shares"):
        for line in sheet_of(book, name):
            assert line["Verification"], line
            assert line["Confidence"] == ("Red" if line["Verification"] in UNPUBLISHED else "Amber"), line


def test_rows_that_rest_on_a_red_factor_are_red(book: dict[str, list[dict[str, Any]]]) -> None:
    """Arable rent is recalled, the share of land that is farmed judged; visits and their spending are derived."""
    for name in ("services_physical_supply", "services_money_supply"):
        told = {line["Service"]: line["Confidence"] for line in sheet_of(book, name)}
        assert told["Agricultural biomass (hectares farmed)"] == told["Timber"] == "Red"
        assert told["Recreation and tourism"] == "Amber"
        assert told["Fish"] == "not available"
    assert {line["Service"]: line["Confidence"] for line in sheet_of(book, "services_money_supply")
            }["All ecosystem services"] == "Red"  # fmt: skip


@pytest.mark.parametrize(
    "name", ["services_physical_use", "services_money_use", "asset_account", "asset_account_by_type",
             "asset_values_by_zone", "asset_values_type_service", "asset_decomposition", "ranges_value",
     "services_by_zone", "asset_waterfall", "asset_sensitivity", "carbon_stock", "carbon_by_zone", "carbon_by_pool",
     "carbon_transitions", "carbon_account", "carbon_account_by_class", "carbon_account_by_zone", "carbon_to_come",
     "carbon_flux", "carbon_service", "carbon_depths"],
)  # fmt: skip
def test_every_row_with_a_number_has_a_word(book: dict[str, list[dict[str, Any]]], name: str) -> None:
    lines = sheet_of(book, name)
    words = [line["Confidence"] for line in lines]
    assert "Red" in words
    assert set(words) <= {*RANK, "not available", "no value"}
    last = max((word for word in words if word in RANK), key=RANK.__getitem__)
    assert last == "Red"


def test_shares_of_use_that_are_judged_make_use_red(book: dict[str, list[dict[str, Any]]]) -> None:
    """Visits are Amber; that households make all of them is a definition which is judged here."""
    shares = {line["Service"]: line["Confidence"] for line in sheet_of(book, "services_shares")}
    used = {line["Service"]: line["Confidence"] for line in sheet_of(book, "services_money_use")}
    supplied = {line["Service"]: line["Confidence"] for line in sheet_of(book, "services_money_supply")}
    for service, word in supplied.items():
        if word in RANK and service in shares:
            assert RANK[used[service]] >= max(RANK[word], RANK[shares[service]])
