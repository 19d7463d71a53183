"""What has to be told about a table beside its cells: rows passed over, what is hidden, headers that are missing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from natcap.core.problems import did_you_mean
from natcap.core.workbook.book import Sheet
from natcap.core.workbook.find import Header
from natcap.core.workbook.model import Field
from natcap.core.workbook.rows import Body, named_total
from natcap.core.workbook.scan import address, column_letters

__all__ = ["hidden", "passed_over", "perhaps"]

_MOST = 200


class Teller(Protocol):
    """Adds a finding at a cell of the sheet."""

    def __call__(self, cell: str, found: object, expected: str, remedy: str = "", warning: bool = False) -> None: ...


def passed_over(sheet: Sheet, body: Body, tell: Teller) -> None:
    """Repeated headers, notes below the table, and whole rows that are named a total."""
    for places, what in ((body.headers, "a header repeated"), (body.notes, "a text below the table")):
        if places:
            tell(f"row {_listed(places)}", what, "rows of the table", "Passed over.", True)
    for row in body.whole[:_MOST]:
        at = next((i for i, cell in enumerate(sheet.rows[row]) if named_total(cell)), 0)
        tell(
            address(row, at), "a whole row that is named a total", "rows of the table",
            "It was taken for a total and not counted. If it is an entry, give it another name.", True,
        )  # fmt: skip


def hidden(sheet: Sheet, header: Header, body: Body, tell: Teller) -> None:
    """What was read although it is not in sight, with its rows and columns."""
    told = [("", "a hidden sheet")] if sheet.hidden else []
    if sheet.scan.hidden_rows and (rows := sorted(sheet.scan.hidden_rows.intersection(body.rows.tolist()))):
        first = min(header.columns.values(), default=0)
        told.append((address(rows[0], first), f"the hidden row{'s' if len(rows) > 1 else ''} {_listed(rows)}"))
    if columns := sorted(sheet.scan.hidden_columns.intersection(header.columns.values())):
        letters = ", ".join(column_letters(column) for column in columns)
        said = f"the hidden column{'s' if len(columns) > 1 else ''} {letters}"
        told.append((address(header.first - 1, columns[0]), said))
    for place, found in told:
        tell(place, found, "all in sight", "It was read. Delete what should not count.", True)


def perhaps(header: Header, missing: Field) -> str:
    """Which of the headers that are not known could be the column that is missing; an empty text for none."""
    rivals = header.rivals.get(missing.name, ())
    if rivals:
        return f"It could be {' or '.join(map(repr, rivals))}: name the one that counts {missing.label!r}."
    return did_you_mean(missing.label, [text for text, _ in header.unknown])


def _listed(rows: Iterable[int]) -> str:
    """Rows counted from 0 as a reader counts them, the first ten."""
    numbers = [str(row + 1) for row in rows]
    return ", ".join(numbers[:10]) + (", ..." if len(numbers) > 10 else "")
