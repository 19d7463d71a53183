"""Say what is wrong with a row of a table that was read, at its cell."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from natcap.core.problems import Problem, Problems
from natcap.core.workbook.sound import broken_cells

__all__ = ["Row", "RowTeller"]

Row = Mapping[Hashable, Any]
"""A row of a frame of `read_tables`, with `_sheet`, `_row` and the `_cell_` of its fields."""


class RowTeller:
    """Adds problems about rows of one file, `shown` as its name.

    `broken` are problems found while the file was read: their cells read as blank, and no more is told of them.
    """

    def __init__(self, shown: str, problems: Problems, broken: Iterable[Problem] = ()) -> None:
        self.shown, self.problems, self.broken = shown, problems, broken_cells(broken)

    def intact(self, row: Row, *names: str) -> bool:
        """Whether none of these cells of a row is broken."""
        return all((row["_sheet"], row.get(f"_cell_{name}")) not in self.broken for name in names)

    def tell(self, row: Row, name: str, found: object, expected: str, remedy: str = "", warning: bool = False) -> None:
        """A problem at the cell of the field `name`, or at the row where the file has no column for it."""
        cell = row.get(f"_cell_{name}") or f"row {row['_row']}"
        if (row["_sheet"], cell) in self.broken:
            return
        self.problems.add(self.shown, found, expected, remedy, sheet=row["_sheet"], cell=cell, warning=warning)
