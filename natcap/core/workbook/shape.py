"""Shapes of sheets that would be read in part or counted twice: a table above, rows cut too wide, sums of entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from natcap.core.workbook.book import Sheet
from natcap.core.workbook.find import Header, Index
from natcap.core.workbook.model import TableModel
from natcap.core.workbook.rows import Body
from natcap.core.workbook.scan import address

__all__ = ["sums", "table_above", "too_wide"]

Told = tuple[str, str, str, str]
"""(cell, found, expected, remedy)"""


def _named(row: Sequence[Any], index: Index) -> list[str]:
    """The headers of the table that stand in a row of texts; empty where they are too few to be a header row."""
    filled = [cell for cell in row if cell != ""]
    if not all(isinstance(cell, str) for cell in filled):
        return []
    found = {field.name: text for text in filled if (field := index.match(text)[0])}
    return list(found.values()) if len(found) >= 2 and 2 * len(found) >= len(filled) else []


def table_above(sheet: Sheet, header: Header, index: Index) -> Iterator[Told]:
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
            yield (
                address(number, at),
                f"a table above another one: from row {number + 1}, and from row {header.first}",
                f"one table on {own}",
                f"Move the second, from row {header.first} on with its headers, to {own} of its own; or bring all rows "
                "under one header row.",
            )
            return


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


def sums(model: TableModel, header: Header, body: Body, frame: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """(cell, rows it is the sum of) of whole rows named like a total: counted, they would count twice."""
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
                rows = f"rows {first} to {last}" if last > first else f"row {first}"
                yield address(row, header.columns[item.name]), rows
                break
        since = at
