"""Merged cells of a table: down a column one value for each of its rows, across columns refused."""

from __future__ import annotations

from typing import Any, Protocol

from natcap.core.workbook.book import Sheet
from natcap.core.workbook.find import Header
from natcap.core.workbook.scan import address

__all__ = ["filled_down"]


class _Tell(Protocol):
    def __call__(
        self, sheet: str, cell: str, found: object, expected: str, remedy: str = "", warning: bool = False
    ) -> None: ...


def filled_down(sheet: Sheet, header: Header, tell: _Tell) -> dict[int, list[Any]]:
    """Columns whose vertically merged cells were filled down; merges across columns are refused."""
    fills: dict[int, list[Any]] = {}
    used = set(header.columns.values())
    filled = 0
    for top, left, bottom, right in sheet.scan.merged:
        inside = [column for column in range(left, min(right, left + 1000) + 1) if column in used]
        if bottom < header.first or not inside or bottom >= len(sheet.rows) + 1:
            continue
        value = sheet.rows[top][left] if top < len(sheet.rows) and left < len(sheet.rows[top]) else ""
        if len(inside) > 1:
            if sum(1 for cell in sheet.rows[top] if cell != "") > 1:
                found = "a cell merged across columns"
                tell(sheet.name, address(top, left), found, "one cell for each column", "Unmerge it.")
            continue
        if bottom == top or value == "":
            continue
        column = fills.setdefault(inside[0], [r[inside[0]] for r in sheet.rows[header.first :]])
        for row in range(max(top, header.first), min(bottom, len(sheet.rows) - 1) + 1):
            column[row - header.first] = value
        filled += 1
    if filled:
        said = f"the {filled} merged cells" if filled > 1 else "a merged cell"
        remedy = "The value was taken for every merged row."
        tell(sheet.name, "", said, "one value in each row", remedy, warning=True)
    return fills
