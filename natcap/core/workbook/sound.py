"""Rows of a read table with nothing wrong in their own cells, so that the rest is checked and told in the same run."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from natcap.core.problems import Problem

__all__ = ["broken_cells", "sound_rows", "sound_sheets"]

_CELL = re.compile(r"[A-Z]{1,3}([1-9][0-9]*)")


def broken_cells(problems: Iterable[Problem]) -> frozenset[tuple[str, str]]:
    """(sheet, cell) of every problem that is in one cell."""
    return frozenset((p.sheet, p.cell) for p in problems if p.severity == "problem" and _CELL.fullmatch(p.cell))


def sound_sheets(frame: pd.DataFrame, problems: Iterable[Problem]) -> pd.DataFrame:
    """The rows of a frame of `read_tables` on sheets of which no more is wrong than single cells.

    What could not be read stands in them as a blank: a `RowTeller` that knows the broken cells says nothing of those.
    """
    wide = [p for p in problems if p.severity == "problem" and not _CELL.fullmatch(p.cell)]
    return sound_rows(frame, wide)


def sound_rows(frame: pd.DataFrame, problems: Iterable[Problem]) -> pd.DataFrame:
    """The rows of a frame of `read_tables` without a problem in their cells.

    No row is sound where a problem of its sheet is in no one cell: a missing column makes every row doubtful. Sums over
    what is left mean nothing.
    """
    rows: set[tuple[str, int]] = set()
    whole: set[str] = set()
    for problem in problems:
        if problem.severity != "problem":
            continue
        cell = _CELL.fullmatch(problem.cell)
        if cell is None:
            whole.add(problem.sheet)
        else:
            rows.add((problem.sheet, int(cell[1])))
    if "" in whole and any(frame["_sheet"] != ""):
        return frame.iloc[:0]
    keep = [
        sheet not in whole and (sheet, int(row)) not in rows
        for sheet, row in zip(frame["_sheet"], frame["_row"], strict=True)
    ]
    return frame[pd.Series(keep, index=frame.index, dtype=bool)]
