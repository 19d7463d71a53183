"""The edition that an official workbook is of: what its sheet Start says, and what its own table of times holds.

The number on the sheet Start does not tell editions apart: the department's service asks for "4.1 or more" of every
tool. The table of enhancement times in the workbook (sheet G-5) does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from natcap.accounts.biodiversity.edition import Edition, edition, editions
from natcap.core.problems import Problems
from natcap.core.workbook import Book

__all__ = ["Stated", "disagree", "stated"]

_TIMES = "G-5 Enhancement Temporal"
_CORNER = "habitat"


@dataclass(frozen=True)
class Stated:
    """`version` as on the sheet Start (blank: none), its `cell`, and the times of sheet G-5 by habitat and column."""

    version: str = ""
    cell: str = ""
    times: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def apart(self, e: Edition) -> int:
        """Cells of sheet G-5 that the edition holds otherwise."""
        held = e.enhancement
        return sum(
            row in held.index and column in held.columns and str(held.loc[row, column]) != text
            for (row, column), text in self.times.items()
        )

    @property
    def fits(self) -> tuple[str, ...]:
        """The editions held whose table is the workbook's; none where it has no table, or one of another edition."""
        return tuple(name for name in editions() if self.times and not self.apart(edition(name)))

    @property
    def words(self) -> str:
        version = f"version {self.version}" if self.version else "no version"
        if not self.times:
            return f"{version} on its start sheet, no table of times"
        fits = " and ".join(self.fits) or "no edition that is held"
        return f"{version} on its start sheet, enhancement times of {fits}"


def stated(book: Book) -> Stated:
    """What the workbook says of its edition."""
    version, cell = _version(book)
    return Stated(version, cell, _times(book))


def _version(book: Book) -> tuple[str, str]:
    """The cell above "Project details" on the sheet Start."""
    sheet = book.sheet("Start")
    above: list[object] = []
    for position, row in enumerate(sheet.rows[:40] if sheet else []):
        for column, cell in enumerate(row):
            if str(cell).strip().casefold() == "project details":
                text = str(above[column]).strip() if column < len(above) else ""
                return text, f"{chr(65 + column)}{position}" if text else ""
        above = list(row)
    return "", ""


def _times(book: Book) -> dict[tuple[str, str], str]:
    sheet = book.sheet(_TIMES)
    rows = sheet.rows if sheet else []
    for top, row in enumerate(rows[:10]):
        at = next((n for n, cell in enumerate(row) if str(cell).strip().casefold() == _CORNER), None)
        if at is not None:
            names = [str(cell).strip() for cell in row]
            return {
                (str(line[at]).strip(), names[n]): _text(line[n])
                for line in rows[top + 1 :] if at < len(line) and str(line[at]).strip()
                for n in range(at + 1, min(len(line), len(names))) if names[n]
            }  # fmt: skip
    return {}


def _text(cell: object) -> str:
    if isinstance(cell, (int, float)):
        return f"{cell:g}"
    text = re.sub(r"[^\w+ ]", "", str(cell)).strip()
    return "not possible" if text.casefold() == "not possible" else text


def disagree(e: Edition, found: Stated, shown: str, problems: Problems) -> None:
    """A warning where the workbook is of another edition than the project, with the cell that says so."""
    remedy = f'Compute by the edition of the workbook: metric_edition = "{found.fits[0]}"' if found.fits else (
        "Ask for the edition of the workbook, and compare its sheet G-5 with the tables held")  # fmt: skip
    apart = found.apart(e)
    if apart:
        problems.add(shown, f"{apart} enhancement times that metric {e.name} holds otherwise ({found.words})",
                     f"the table of metric {e.name}, which the project states", remedy, sheet=_TIMES,
                     warning=True)  # fmt: skip
    elif not found.times and found.version and found.version != e.name:
        problems.add(shown, f"version {found.version}", f"metric {e.name}, which the project states", remedy,
                     sheet="Start", cell=found.cell, warning=True)  # fmt: skip
    elif not e.based_on and found.version and found.version != e.name:
        problems.add(shown, f"version {found.version}, with the enhancement times of metric {e.name}",
                     f"version {e.name}", "Formulas may differ: read the differences parcel by parcel", sheet="Start",
                     cell=found.cell, warning=True)  # fmt: skip
