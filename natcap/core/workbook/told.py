"""Say what is wrong with a row of a table that was read, at its cell."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

from natcap.core.problems import Problems

__all__ = ["Row", "RowTeller"]

Row = Mapping[Hashable, Any]
"""A row of a frame of `read_tables`, with `_sheet`, `_row` and the `_cell_` of its fields."""


class RowTeller:
    """Adds problems about rows of one file, `shown` as its name."""

    def __init__(self, shown: str, problems: Problems) -> None:
        self.shown, self.problems = shown, problems

    def tell(self, row: Row, name: str, found: object, expected: str, remedy: str = "", warning: bool = False) -> None:
        """A problem at the cell of the field `name`, or at the row where the file has no column for it."""
        cell = row.get(f"_cell_{name}") or f"row {row['_row']}"
        self.problems.add(self.shown, found, expected, remedy, sheet=row["_sheet"], cell=cell, warning=warning)
