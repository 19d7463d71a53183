"""Rows with a fault are left out of further checks; a fault of the whole sheet leaves none."""

from __future__ import annotations

import pandas as pd

from natcap.core.problems import Problems
from natcap.core.workbook import sound_rows

FRAME = pd.DataFrame({"_sheet": ["A", "A", "B"], "_row": [2, 3, 2], "x": [1.0, 2.0, 3.0]})


def left(*cells: tuple[str, str], warning: bool = False) -> list[float]:
    problems = Problems()
    for sheet, cell in cells:
        problems.add("book.xlsx", "a", "b", sheet=sheet, cell=cell, warning=warning)
    return list(sound_rows(FRAME, problems)["x"])


def test_rows() -> None:
    assert left() == [1.0, 2.0, 3.0]
    assert left(("A", "C3")) == [1.0, 3.0]
    assert left(("A", "C3"), warning=True) == [1.0, 2.0, 3.0]
    assert left(("A", "row 1")) == [3.0]
    assert left(("", "")) == []


def test_no_rows_keep_their_columns() -> None:
    problems = Problems()
    problems.add("book.xlsx", "a", "b", sheet="Other")
    assert list(sound_rows(FRAME.iloc[:0], problems)) == list(FRAME)
