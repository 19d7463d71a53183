"""Delimited text, dates, numbers and headers as the reader takes them."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.core.problems import Problem, Problems
from natcap.core.workbook import Field, TableModel, read_tables
from natcap.core.workbook.convert import convert_cells, day_of
from natcap.core.workbook.model import header_key, header_unit
from tests.core import killers
from tests.core.test_workbook_read import ACTIVITY


def _csv(tmp_path: Path, data: bytes) -> tuple[pd.DataFrame, Problems]:
    (tmp_path / "bills.csv").write_bytes(data)
    problems = Problems()
    return read_tables(tmp_path / "bills.csv", [ACTIVITY], problems)["activity"], problems


@pytest.mark.parametrize(
    "data",
    [
        b'Date,Site,Activity,Quantity,Unit\n31/01/2025,"Mill, north",Electricity,"1,234.5",kWh\n',
        "\ufeffDate;Site;Activity;Quantity;Unit\r\n2025-01-31;Mill, north;Electricity;1234.5;kWh\r\n".encode(),
        "Date\tSite\tActivity\tQuantity\tUnit\n2025-01-31\tMill, north\tElectricity\t1234.5\tkWh\n".encode("utf-16"),
    ],
    ids=["comma", "semicolon with mark", "tab in UTF-16"],
)
def test_delimited_text(tmp_path: Path, data: bytes) -> None:
    frame, problems = _csv(tmp_path, data)
    assert not problems
    assert frame.loc[0, ["site", "quantity"]].tolist() == ["Mill, north", 1234.5]
    assert frame["_cell_quantity"].tolist() == ["D2"]


def test_text_in_an_old_encoding_is_told(tmp_path: Path) -> None:
    frame, problems = _csv(
        tmp_path, "Date,Site,Activity,Quantity,Unit\n31/01/2025,Café,Electricity,5,kWh\n".encode("cp1252")
    )
    assert frame["site"].tolist() == ["Café"]
    assert [(p.severity, p.cell) for p in problems] == [("warning", "row 2")]


def test_dot_in_delimited_text(tmp_path: Path) -> None:
    """Between commas a dot is a decimal point. Between semicolons it may divide thousands, so it must show itself."""
    head = "Date,Site,Activity,Quantity,Unit\n"
    frame, problems = _csv(tmp_path, f"{head}2025-01-31,A,Electricity,1.234,kWh\n".encode())
    assert frame["quantity"].tolist() == [1.234]
    assert not problems
    head = head.replace(",", ";")
    _, problems = _csv(tmp_path, f"{head}2025-01-31;A;Electricity;1.234;kWh\n".encode())
    assert [p.cell for p in problems.errors] == ["D2"]
    frame, problems = _csv(
        tmp_path, f"{head}2025-01-31;A;Electricity;1.234;kWh\n2025-01-31;A;Electricity;0.5;kWh\n".encode()
    )
    assert frame["quantity"].tolist() == [1.234, 0.5]
    assert not problems


def test_broken_delimited_text_is_a_problem(tmp_path: Path) -> None:
    frame, problems = _csv(tmp_path, b"Date,Site\n" + b'"' + b"x" * 1_100_000)
    assert frame.empty
    assert problems.errors


def test_delimited_text_of_too_many_cells_is_refused_at_once(tmp_path: Path) -> None:
    start = time.perf_counter()
    frame, problems = _csv(tmp_path, b"," * 30_000_000)
    assert time.perf_counter() - start < 1
    assert frame.empty
    assert "more than 6,000,000 cells" in problems[0].found


def test_large_sheet_reads_whole_columns(tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    path.write_bytes(killers.large_sheet(3_000))
    model = TableModel(
        "t",
        "Data",
        "T",
        (Field("site", "Site"), Field("quantity", "Quantity", "number"), Field("evidence", "Evidence")),
    )
    problems = Problems()
    frame = read_tables(path, [model], problems)["t"]
    assert {p.severity for p in problems} == {"warning"}  # two columns of the sheet are no fields
    assert frame["quantity"].sum() == sum(n / 8 for n in range(2, 3_002))
    assert frame["evidence"].iloc[-1] == "INV-003001"


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_dates_are_read_back_from_every_accepted_form(day: date) -> None:
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d %B %Y", "%d-%b-%Y", "%Y-%m-%d 00:00:00"):
        assert day_of(day.strftime(form) if day.year > 999 else day.isoformat()) == day


@pytest.mark.parametrize(
    "text", ["31/02/2025", "2025", "Jan 2025", "2025-13-01", "12/31/2025", "1/1/25", "tomorrow", "1.2.3.4"]
)
def test_texts_that_name_no_day(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        day_of(text)


@settings(max_examples=50)
@given(st.lists(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**9), 10**9), st.just(""))))
def test_number_cells_are_kept_exactly(cells: list[Any]) -> None:
    told: list[object] = []
    found = convert_cells(Field("n", "N", "number"), cells, lambda *said: told.append(said))
    assert not told
    assert [None if np.isnan(v) else v for v in found] == [None if c == "" else float(c) for c in cells]


def test_header_keys() -> None:
    assert header_key("  Area\n(ha) ") == "area ha"
    assert header_key("Area (ha)", brackets=False) == "area"
    assert header_key("CO₂e") == header_key("CO2E")
    assert header_unit("Area [ha]") == "ha"


def test_model_refuses_two_fields_of_one_name() -> None:
    with pytest.raises(ValueError, match="unique"):
        TableModel("t", "T", "T", (Field("a", "A"), Field("a", "B")))
    with pytest.raises(ValueError, match="same label"):
        TableModel("t", "T", "T", (Field("a", "A"), Field("b", "a")))


def test_problem_says_place_found_and_expected() -> None:
    problem = Problem("f.xlsx", "'x'", "a number", "Write it.", "S", "B2")
    assert str(problem) == "f.xlsx, sheet S, cell B2: found 'x', expected a number. Write it."
