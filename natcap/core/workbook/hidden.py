"""What of a table is hidden: its sheet, rows, columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from natcap.core.workbook.book import Sheet
from natcap.core.workbook.find import Header
from natcap.core.workbook.rows import Body
from natcap.core.workbook.scan import column_letters

__all__ = ["hidden"]

_SHOWN = 10


def hidden(sheet: Sheet, header: Header, body: Body) -> Iterator[tuple[str, str]]:
    """(place, what is hidden): read like the rest, as nobody can tell why it is out of sight."""
    if sheet.hidden:
        yield "", "a hidden sheet"
    if sheet.scan.hidden_rows and (rows := sorted(sheet.scan.hidden_rows.intersection(body.rows.tolist()))):
        yield f"row {_runs(rows)}", f"the {len(rows)} hidden rows" if len(rows) > 1 else "a hidden row"
    if columns := sheet.scan.hidden_columns.intersection(header.columns.values()):
        yield "", f"the hidden columns {', '.join(column_letters(c) for c in sorted(columns))}"


def _runs(rows: Sequence[int]) -> str:
    """Rows counted from 0 as people write them: 3 to 5, 9."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    said = [str(a + 1) if a == b else f"{a + 1} to {b + 1}" for a, b in runs[:_SHOWN]]
    return ", ".join(said) + (", ..." if len(runs) > _SHOWN else "")
