"""The area check of a filled official workbook as it stands in the file: sheet A-2, cell K6, beside its label.

The off-site sheet of creation is read for the same label.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from natcap.core.workbook import Book

__all__ = ["AreaCheck", "area_checks"]

_LABEL = "area check"


@dataclass(frozen=True, slots=True)
class AreaCheck:
    """The check cell of a sheet as it was saved; `text` is blank where the workbook was never calculated."""

    sheet: str
    cell: str
    text: str

    @property
    def fails(self) -> bool:
        return self.text.casefold().startswith("error")


def area_checks(book: Book) -> dict[bool, AreaCheck]:
    """Check cells by place, on site or not: the cell with text to the right of the label, else the label's own."""
    found: dict[bool, AreaCheck] = {}
    for sheet in book.sheets:
        name = re.match(r"([AD])-2 ", sheet.name)
        for position, row in enumerate(sheet.rows[:10] if name else []):
            at = next((n for n, cell in enumerate(row) if str(cell).strip().casefold().startswith(_LABEL)), None)
            if name and at is not None:
                right = next(
                    (n for n in range(at + 1, len(row)) if str(row[n]).strip() not in ("", str(row[at]).strip())), at
                )
                text = str(row[right]).strip() if right != at else ""
                found[name[1] == "A"] = AreaCheck(sheet.name, f"{_letters(right)}{position + 1}", text)
    return found


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else f"{_letters(column // 26 - 1)}{chr(65 + column % 26)}"
