"""Rows of a long table as XML, made column by column in blocks."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from natcap.core.report import Column
from natcap.core.workbook.formulas import Formulas
from natcap.core.workbook.plan import Sheet
from natcap.core.workbook.scan import column_letters

__all__ = ["serial", "stream_rows"]

_BLOCK = 5_000
_EPOCH = datetime(1899, 12, 30)
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
Style = Callable[[Any, bool], Any]


def stream_rows(
    sheet: Sheet,
    body: Sequence[list[Any]],
    styles: Sequence[Style],
    height: Callable[[int], float | None],
    formulas: Formulas,
) -> Iterator[str]:
    """XML of the body rows in blocks. `body` holds the columns' values, `styles` their formats by value and total."""
    section, layout = sheet.section, sheet.layout
    # Formats get their number when they are first asked for, which must be before the workbook is closed.
    writers = [_Column(column, sheet, at, body[at], styles[at], formulas) for at, column in enumerate(section.columns)]

    def blocks() -> Iterator[str]:
        for start in range(0, layout.rows, _BLOCK):
            stop = min(start + _BLOCK, layout.rows)
            columns = [writer.cells(start, stop) for writer in writers]
            heads = [_row(layout.first + row + 1, height(row)) for row in range(start, stop)]
            yield "".join(head + "".join(row) + "</row>" for head, *row in zip(heads, *columns, strict=True))

    return blocks()


def serial(value: Any) -> Any:
    """A date and time as a spreadsheet counts it, in days; any other value as it is."""
    return (value - _EPOCH).total_seconds() / 86_400 if isinstance(value, datetime) else value


def _row(number: int, height: float | None) -> str:
    return f'<row r="{number}" ht="{height:g}" customHeight="1">' if height else f'<row r="{number}">'


def _text(value: str) -> str:
    """An inline text, escaped; underscores that would read as a character code are escaped as well."""
    text = html.escape(_ESCAPED.sub("_x005F_", value), quote=False)
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f' t="inlineStr"><is><t{space}>{text}</t></is></c>'


class _Column:
    """Writes the cells of one column."""

    def __init__(
        self, column: Column, sheet: Sheet, at: int, values: list[Any], style: Style, formulas: Formulas
    ) -> None:
        section = sheet.section
        self.section, self.values, self.formulas = section.id, values, formulas
        self.letters, self.first = column_letters(at), sheet.layout.first
        totals = set(section.total_rows)
        self.marks = {row: mark for (row, name), mark in section.marks.items() if name == column.name}
        self.own = {row: text for (row, name), text in section.cells.items() if name == column.name}
        self.formula = column.formula or ""
        codes: dict[int, str] = {}
        self.styles = []
        for row, value in enumerate(values):
            found = style(value, row in totals)
            code = codes.get(id(found))
            if code is None:
                code = codes[id(found)] = f' s="{found._get_xf_index()}"'
            self.styles.append(code)

    def cells(self, start: int, stop: int) -> list[str]:
        values = self.values[start:stop]
        if not self.formula and not self.own and not self.marks and set(map(type, values)) <= {str}:
            tails = {value: _text(value) for value in set(values)}
            return [
                f'<c r="{self.letters}{number}"{style}{tails[value]}' if value else ""
                for number, (value, style) in enumerate(
                    zip(values, self.styles[start:stop], strict=True), self.first + start + 1
                )
            ]
        return [self.cell(row) for row in range(start, stop)]

    def cell(self, row: int) -> str:
        value, mark = self.values[row], self.marks.get(row, "")
        head = f'<c r="{self.letters}{self.first + row + 1}"{self.styles[row]}'
        if mark or value is None:
            return head + _text(mark or "[x]")
        formula = self.own.get(row, self.formula)
        value = serial(value)
        if formula:
            text = html.escape(self.formulas.text(formula, self.section, row), quote=False)
            if isinstance(value, str):
                return f'{head} t="str"><f>{text}</f><v>{html.escape(value, quote=False)}</v></c>'
            return f"{head}><f>{text}</f><v>{value!r}</v></c>"
        if isinstance(value, str):
            return head + _text(value) if value else ""
        return f"{head}><v>{value!r}</v></c>"
