"""Tables that only the name of their sheet finds: a misspelt name is refused, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from natcap.core.problems import Problems
from natcap.core.workbook import read_tables
from tests.core.test_workbook_read import ACTIVITY, HEAD, ROWS


@pytest.mark.parametrize(
    ("name", "told"),
    [("Activty", True), ("Data of 2025", True), ("Activity", False), ("Example", False), ("Bills", False)],
)
def test_a_table_that_only_its_name_finds_is_not_lost_with_its_name(tmp_path: Path, name: str, told: bool) -> None:
    """A sheet with its headers under another name was passed by without a word, and its entries were missing."""
    path = tmp_path / "bills.xlsx"
    book = openpyxl.Workbook()
    book.active.title = name  # type: ignore[union-attr]
    for row in [HEAD, *ROWS]:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    problems = Problems()
    tables = read_tables(path, [replace(ACTIVITY, named=True, required=False)], problems)
    assert [p.sheet for p in problems.errors] == ([name] if told else [])
    if told:
        assert "Rename the sheet to 'Activity'" in problems[0].remedy
        assert tables["activity"].empty


def test_other_sheets_beside_a_table_by_name_are_quiet(tmp_path: Path) -> None:
    """A list of bills that is no table of the model, and one that has its name, say nothing."""
    path = tmp_path / "bills.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "Active meters"  # type: ignore[union-attr]
    book.active.append(["Meter", "Site"])  # type: ignore[union-attr]
    book.save(path)
    problems = Problems()
    read_tables(path, [replace(ACTIVITY, named=True, required=False)], problems)
    assert not problems
