"""Shapes of sheets that are not one table of rows: two tables, months across, meter readings, rows cut too wide.

Each would be read in part, or told as dozens of wrong cells; here it is one problem that says what to do.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from natcap.core.workbook.book import Sheet
from natcap.core.workbook.find import Header, Index
from natcap.core.workbook.model import Field, TableModel
from natcap.core.workbook.rows import Body
from natcap.core.workbook.scan import address

__all__ = ["across", "first_only", "readings", "sums", "table_above", "too_wide"]

Told = tuple[str, str, str, str]
"""(cell, found, expected, remedy)"""

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)"
)
_SPAN = re.compile(
    rf"(?:\w+ )?{_MONTH}\W{{0,2}}(?:\d\d|\d{{4}})?(?:\W.{{0,20}})?|\d{{4}}[-/]\d\d?|\d\d?[-/]\d{{4}}|"
    r"q(?:uarte)?r?\s*[1-4](?:\W.{0,20})?",
    re.IGNORECASE,
)
_READING = re.compile(
    r"(?:previous|prev|present|current|opening|closing|start|end|last|first|old|new|meter|initial|final)\.?(?: meter)? "
    r"read(?:ing)?s?(?: \(.*\))?|readings?(?: \(.*\))?|meter value",
    re.IGNORECASE,
)
_FEWEST = 3
_DEEPEST = 60


def _span(cell: Any) -> bool:
    return isinstance(cell, date) or (isinstance(cell, str) and _SPAN.fullmatch(" ".join(cell.split())) is not None)


def _shown(cell: Any) -> str:
    return f"{cell:%B %Y}" if isinstance(cell, date) else str(cell).strip()


def _names(model: TableModel) -> tuple[str, str, str]:
    """(quantity, first day, last day): labels of the first number and the first two dates of a table, "" for none."""
    numbers = [f.label for f in model.fields if f.kind == "number" and f.required]
    days = [f.label for f in model.fields if f.kind == "date"]
    return (numbers or [""])[0], (days or [""])[0], (days[1:] or [""])[0]


def across(sheet: Sheet, model: TableModel, at: int | None = None) -> Told | None:
    """Months or quarters as columns, in the header row `at` or in any of the first rows."""
    quantity, first, last = _names(model)
    if not (quantity and first):
        return None
    for number in range(_DEEPEST) if at is None else (at, at + 1):
        row = sheet.rows[number] if number < len(sheet.rows) else []
        columns = [column for column, cell in enumerate(row) if _span(cell)]
        if len(columns) < _FEWEST:
            continue
        ends = " to ".join(f"{address(number, c)} {_shown(row[c])}" for c in (columns[0], columns[-1]))
        days = f"its first day under {first!r}" + (f", its last under {last!r}" if last else "")
        return (
            address(number, columns[0]),
            f"a table with months as columns ({ends})",
            "a row for each month, with one column of quantities",
            f"Write a row for each month: {days}, its number under {quantity!r}; leave totals out. In Excel: Data, "
            "From Table/Range, mark these columns, Transform, Unpivot Columns.",
        )
    return None


def readings(sheet: Sheet, model: TableModel, at: int | None = None) -> Told | None:
    """Meter readings where the quantity between them belongs."""
    quantity, first, last = _names(model)
    if not (quantity and first):
        return None
    for number in range(_DEEPEST) if at is None else (at, at + 1):
        row = sheet.rows[number] if number < len(sheet.rows) else []
        texts = {c: " ".join(cell.split()) for c, cell in enumerate(row) if isinstance(cell, str)}
        columns = [column for column, text in texts.items() if _READING.fullmatch(text)]
        if len(columns) < (2 if at is None else 1):
            continue
        named = " and ".join(f"{address(number, c)} {texts[c]!r}" for c in columns[:2])
        return (
            address(number, columns[0]),
            f"a table of meter readings ({named})",
            f"what was used between two readings, in a column {quantity!r}",
            f"Add a column {quantity!r}: the later reading less the earlier, times the meter's multiplier where it has "
            f"one; the days of the two readings under {first!r}" + (f" and {last!r}." if last else "."),
        )
    return None


def _named(row: Sequence[Any], index: Index) -> list[str]:
    """The headers of the table that stand in a row of texts; empty where they are too few to be a header row."""
    filled = [cell for cell in row if cell != ""]
    if not all(isinstance(cell, str) for cell in filled):
        return []
    found = {field.name: text for text in filled if (field := index.match(text)[0])}
    return list(found.values()) if len(found) >= 2 and 2 * len(found) >= len(filled) else []


def _alone(row: Sequence[Any]) -> bool:
    filled = [cell for cell in row if cell != ""]
    return len(filled) == 1 and isinstance(filled[0], str)


def first_only(sheet: Sheet, header: Header, index: Index, body: Body) -> tuple[Body, Told | None]:
    """The rows above a second table on the sheet, and what to say of it; the rows as they are where there is none."""
    starts = [row for row in body.headers if _titled(sheet, header, row)]
    starts += [row for row in _worded(index.model, header, body) if _named(sheet.rows[row], index)]
    if not starts:
        return body, None
    start = min(starts)
    words = ", ".join(str(cell).strip() for cell in sheet.rows[start] if cell != "")
    top = start
    while top > header.first and (_alone(sheet.rows[top - 1]) or not any(c != "" for c in sheet.rows[top - 1])):
        top -= 1
    at = next(column for column, cell in enumerate(sheet.rows[start]) if cell != "")
    own = "a file" if sheet.delimiter else "a sheet"
    told = (
        address(start, at),
        f"a second table from row {start + 1} ({words[:80]})",
        f"one table on {own}",
        f"Move it, from row {start + 1} on with its headers, to {own} of its own; or bring its rows under the headers "
        f"of row {header.first} and delete the rows between.",
    )
    return _above(body, top), told


def _titled(sheet: Sheet, header: Header, row: int) -> bool:
    """Whether a title stands over a repeated header: a page repeats its header, a new table has a name."""
    above = row - 1
    while above >= header.first and not any(cell != "" for cell in sheet.rows[above]):
        above -= 1
    if above < header.first or not _alone(sheet.rows[above]):
        return False
    titles = {cell for r in sheet.rows[: header.row] for cell in r if cell != ""}
    return not titles.intersection(sheet.rows[above])


def _worded(model: TableModel, header: Header, body: Body) -> list[int]:
    """Rows that have words in a column of numbers or dates, as a header in the middle of a table has."""
    found: set[int] = set()
    for f in model.fields:
        if f.name in header.columns and f.kind in ("number", "integer", "date") and str in body.kinds[f.name]:
            cells = body.cells[f.name]
            words = {cell for cell in cells if type(cell) is str and cell[:1].isalpha()}
            if words:
                found.update(int(body.rows[i]) for i, cell in enumerate(cells) if type(cell) is str and cell in words)
    return sorted(found)


def _above(body: Body, top: int) -> Body:
    kept = int(np.searchsorted(body.rows, top))

    def over(rows: Sequence[int]) -> list[int]:
        return [row for row in rows if row < top]

    return replace(
        body, cells={name: cells[:kept] for name, cells in body.cells.items()}, rows=body.rows[:kept],
        totals=over(body.totals), headers=over(body.headers), notes=over(body.notes), whole=tuple(over(body.whole)),
        doubtful=over(body.doubtful),
    )  # fmt: skip


def table_above(sheet: Sheet, header: Header, index: Index) -> Told | None:
    """A table over the one that was found: its header names fewer columns, and its rows would be left out unseen."""
    required = [f.name for f in index.model.fields if f.required]
    for number, row in enumerate(sheet.rows[: header.row]):
        named = _named(row, index)
        fields = {f.name for text in named if (f := index.match(text)[0])}
        if 2 * len(fields.intersection(required)) < len(required) or len(fields) < 2:
            continue
        if any(_number(cell) for below in sheet.rows[number + 1 : header.row] for cell in below):
            at = next(column for column, cell in enumerate(row) if cell != "")
            own = "a file" if sheet.delimiter else "a sheet"
            return (
                address(number, at),
                f"a table above another one: from row {number + 1}, and from row {header.first}",
                f"one table on {own}",
                f"Move the second, from row {header.first} on with its headers, to {own} of its own; or bring all rows "
                "under one header row.",
            )
    return None


def _number(cell: Any) -> bool:
    return cell[:1].isdigit() if isinstance(cell, str) else isinstance(cell, (int, float))


def too_wide(sheet: Sheet, header: Header, body: Body) -> Iterator[Told]:
    """Rows of delimited text with more values than there are headers: a comma in a number or a text cut it in two."""
    if not sheet.delimiter:
        return
    wide = len(sheet.rows[header.first - 1])
    long = [row for row in body.rows.tolist() if len(sheet.rows[row]) > wide and any(sheet.rows[row][wide:])]
    for row in long[:50]:
        yield (
            address(row, wide), f"a row of {len(sheet.rows[row])} values, the last {sheet.rows[row][-1]!r}",
            f"{wide} values, as many as headers",
            f"A value that holds {sheet.delimiter!r} stands in quotation marks, or the number is written without it.",
        )  # fmt: skip


def sums(
    model: TableModel, header: Header, body: Body, frame: pd.DataFrame, tell: Callable[[int, Field, str], None]
) -> None:
    """Whole rows named like a total whose number is the sum of rows above: counted, they would count twice.

    `tell(row, field, rows it is the sum of)` is called for each, the row counted from 0 in the sheet.
    """
    numbers = [f for f in model.fields if f.kind == "number" and f.unit_field and f.name in header.columns]
    if not (body.doubtful and numbers):
        return
    item = numbers[0]
    values, units = frame[item.name].to_numpy("float64"), frame[item.unit_field].to_numpy()
    entry = ~np.isin(body.rows, body.doubtful)
    since = 0
    for row in body.doubtful:
        at = int(np.searchsorted(body.rows, row))
        alike = np.flatnonzero(entry[:at] & (units[:at] == units[at]))
        for part in (alike[alike >= since], alike):
            if len(part) and np.isclose(values[at], np.nansum(values[part]), rtol=1e-6, atol=0.5e-2):
                first, last = int(body.rows[part[0]]) + 1, int(body.rows[part[-1]]) + 1
                tell(row, item, f"rows {first} to {last}" if last > first else f"row {first}")
                break
        since = at
