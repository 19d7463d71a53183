"""Publish a report as a workbook that people can read, check and recalculate.

Cover, Contents and Notes, then one table per sheet in column A, then the lines ("Working"), the figures, the factors
used, the checks and the run. Rules: `spreadsheet_accessibility_rules.csv` of the Government Analysis Function.
Every derived cell is a live formula that carries the computed value; text is never a formula.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from natcap.core.problems import Problem
from natcap.core.report import Column, Report, Section
from natcap.core.workbook.formulas import Formulas
from natcap.core.workbook.package import A3_PAGE, Book, pages_of
from natcap.core.workbook.plan import Plan, Sheet, make_plan
from natcap.core.workbook.stream import serial, stream_rows
from natcap.core.workbook.text import LINE_HEIGHT, clean, format_of, height_of, shown

__all__ = ["publish"]

_IN_MEMORY_ROWS = 50_000
_STREAMED_ROWS = 1_000
_NARROW, _WIDE = 9, 60
_TIGHT, _ROOM, _ENOUGH = 36, 135, 22
"""Characters that a long text keeps on a sheet of many pages; those that fit across a page of A4 with ease; those that
a text keeps where that brings a sheet onto one page."""


def publish(report: Report, path: Path | BinaryIO) -> tuple[Problem, ...]:
    """Write the workbook; the same report gives the same bytes. Returns warnings about texts that had to be changed.

    Raises ValueError where a formula of a section does not resolve or a number is infinite: a fault of the caller.
    """
    plan = make_plan(report)
    target: Any = path if not isinstance(path, Path) else str(path)
    if isinstance(path, Path):
        target = io.BytesIO()
    writer = _Writer(report, plan, target)
    writer.write()
    if isinstance(path, Path):
        path.write_bytes(target.getvalue())
    return tuple(writer.warnings)


class _Writer:
    """Writes a plan sheet by sheet. Long tables are written as XML by columns, which takes a tenth of the time."""

    def __init__(self, report: Report, plan: Plan, target: Any) -> None:
        self.report, self.plan = report, plan
        self.warnings: list[Problem] = []
        rows = max((len(s.section.table) for s in plan.sheets), default=0)
        self.book = Book(target, report, in_memory=rows <= _IN_MEMORY_ROWS)
        self.formulas = Formulas({s.section.id: s.layout for s in plan.sheets})

    def write(self) -> None:
        for sheet in self.plan.sheets:
            self.book.add(sheet.name)
        for number, sheet in enumerate(self.plan.sheets):
            self.sheet(self.book.sheets[number], sheet)
        self.book.close()

    def clean(self, text: str, sheet: str) -> str:
        def tell(what: str) -> None:
            problem = Problem("workbook", what, "text that a cell can hold", sheet=sheet, severity="warning")
            if problem not in self.warnings:
                self.warnings.append(problem)

        return clean(text, tell)

    def sheet(self, target: Any, sheet: Sheet) -> None:
        section, book = sheet.section, self.book
        body = [self.cells(c, sheet) for c in section.columns]
        widths = self.widths(sheet, body)
        for at, width in enumerate(widths):
            target.set_column(at, at, width)
        target.write_string(0, 0, self.clean(sheet.title, sheet.name), book.heading)
        narrow = widths[0] if section.columns and pages_of(widths) > 1 else 0.0
        if narrow:
            target.write_string(0, 0, self.clean(sheet.title, sheet.name), book.heading_in)
            target.set_row(0, height_of([(sheet.title, narrow * 0.7)], 1.4))
        for row, line in enumerate(sheet.lead, start=1):
            said = line in sheet.banners or row > len(sheet.lead) - sheet.again
            kind = book.strong if said else book.line
            if narrow:
                kind = book.strong_in if said else book.line_in
                target.set_row(row, height_of([(line, narrow)]))
            if line in sheet.heads:
                target.set_row(row, 2 * LINE_HEIGHT)
                kind = book.subheading
            target.write_string(row, 0, self.clean(line, sheet.name), kind)
        if section.columns:
            self.table(target, sheet, body, widths)
        top = sheet.layout.first - 1
        book.finish(target, widths, (top - sheet.again, top) if section.columns else None)

    def table(self, target: Any, sheet: Sheet, body: list[list[Any]], widths: list[float]) -> None:
        section, layout = sheet.section, sheet.layout
        top = layout.first - 1
        headers = [self.clean(text, sheet.name) for text in sheet.headers]
        styles = [self.styles(c, section) for c in section.columns]
        columns = [
            {"header": text, "header_format": self.book.header(c.kind != "text", at == 0)}
            for at, (text, c) in enumerate(zip(headers, section.columns, strict=True))
        ]
        target.set_row(top, height_of(zip(headers, widths, strict=True)))
        last = max(top + 1, top + layout.rows)
        options = {"name": sheet.table, "autofilter": False, "style": None, "columns": columns}
        streamed = layout.rows > _STREAMED_ROWS and not sheet.links
        target.add_table(top, 0, top + 1 if streamed else last, len(columns) - 1, options)
        long = [at for at, c in enumerate(section.columns) if c.kind == "text" and self.wraps(body[at], widths[at])]

        def height(row: int) -> float | None:
            return height_of((body[at][row], widths[at]) for at in long) if long else None

        if streamed:
            self.book.stream(target, stream_rows(sheet, body, styles, height, self.formulas), layout, len(columns))
            return
        totals = set(section.total_rows)
        for row in range(layout.rows):
            if points := height(row):
                target.set_row(layout.first + row, points)
            for at, column in enumerate(section.columns):
                value = body[at][row]
                self.cell(target, sheet, row, at, column, value, styles[at](value, row in totals))

    @staticmethod
    def wraps(values: list[str], width: float) -> bool:
        return max(map(len, values), default=0) >= width

    def styles(self, column: Column, section: Section) -> Callable[[Any, bool], Any]:
        """The format of a cell of this column, by its value and whether its row is a total."""
        if column.kind == "text":
            texts = [self.book.text(bold, column is section.columns[0]) for bold in (False, True)]
            return lambda value, bold: texts[bold]
        code = format_of(column, section)
        return lambda value, bold: self.book.number(code(value), bold)

    def cell(self, target: Any, sheet: Sheet, row: int, at: int, column: Column, value: Any, style: Any) -> None:
        section, place = sheet.section, sheet.layout.first + row
        mark = section.marks.get((row, column.name), "")
        if mark:
            target.write_string(place, at, mark, style)
            return
        link = sheet.links.get((row, column.name))
        if link:
            target.write_url(place, at, f"internal:'{link}'!A1", self.book.link, str(value))
            return
        formula = section.cells.get((row, column.name), column.formula)
        if value is None:
            target.write_string(place, at, "[x]", style)
        elif formula:
            text = self.formulas.text(formula, section.id, row)
            target.write_formula(place, at, "=" + text, style, serial(value))
        elif isinstance(value, str):
            if value:
                target.write_string(place, at, value, style)
        elif isinstance(value, datetime):
            target.write_datetime(place, at, value, style)
        else:
            target.write_number(place, at, value, style)

    def cells(self, column: Column, sheet: Sheet) -> list[Any]:
        """Values of a column as plain float, int, str, datetime or None (no number); ValueError for an infinity."""
        section = sheet.section
        found = section.table[column.name].tolist()
        if column.kind == "text":
            texts = ["" if value is None or value is pd.NA or value != value else str(value) for value in found]
            cleaned = {text: self.clean(text, sheet.name) for text in set(texts)}
            return [cleaned[text] for text in texts]
        values = found if set(map(type, found)) <= {int} else [_plain(value) for value in found]
        if any(isinstance(value, float) and not np.isfinite(value) for value in values):
            raise ValueError(f"section {section.id}: column {column.name} holds an infinite number")
        return values

    @staticmethod
    def widths(sheet: Sheet, body: list[list[Any]]) -> list[float]:
        if not sheet.section.columns:
            return [110.0]
        widths = []
        for text, column, values in zip(sheet.headers, sheet.section.columns, body, strict=True):
            word = max((len(part) for part in text.split()), default=0)
            need = max(word + 2, min(len(text) + 2, 15))
            sample = values[:2000]
            if column.kind == "text":
                longest = max((len(v) for v in sample if isinstance(v, str)), default=0)
                need = max(need, longest + 2)
            else:
                code = format_of(column, sheet.section)
                shown_as = {code(value) for value in sample}
                digits = max((len(c.partition(".")[2].rstrip("%")) for c in shown_as), default=0)
                largest = max((abs(v) for v in sample if isinstance(v, (int, float))), default=0)
                need = max(need, len(f"{largest:,.0f}") + digits + 3, 13 if column.kind == "date" else 0)
            widths.append(float(min(max(need * 1.1, _NARROW), _WIDE)))
        return _fitted(widths, sheet, body)


def _least(widths: list[float], sheet: Sheet, body: list[list[Any]]) -> list[float]:
    """The least widths at which no word of a header or a text is broken and no number is cut."""
    least = []
    for at, (text, column) in enumerate(zip(sheet.headers, sheet.section.columns, strict=True)):
        words = {len(part) for part in text.split()}
        if column.kind == "text":
            words |= {len(part) for value in set(body[at][:2000]) for part in value.split()}
            least.append(min(widths[at], max((max(words, default=0) + 2) * 1.1, _NARROW, min(widths[at], _ENOUGH))))
        else:
            code = format_of(column, sheet.section)
            need = {len(shown(v, code(v))) for v in body[at][:2000] if isinstance(v, (int, float))}
            need |= {13} if column.kind == "date" else set()
            least.append(min(widths[at], max((max(words | need, default=0) + 2) * 1.1, _NARROW)))
    return least


def _fitted(widths: list[float], sheet: Sheet, body: list[list[Any]]) -> list[float]:
    """Room for long texts: what a narrow sheet has to spare, and less of it where a sheet is wider than a page.

    A column stays as wide as its longest word, so that no word is broken. What is wider than a page of A3 all the same
    runs over several, and the first column, which every one of them repeats, has room for the lines above the table.
    """
    columns = sheet.section.columns
    least = _least(widths, sheet, body) if sum(widths) > A3_PAGE else widths
    if sum(least) <= A3_PAGE < sum(widths):
        part = (A3_PAGE - sum(least)) / (sum(widths) - sum(least))
        return [low + part * (width - low) for low, width in zip(least, widths, strict=True)]
    texts = [at for at, column in enumerate(columns) if column.kind == "text"]
    longest = {at: max((len(v) for v in body[at][:2000]), default=0) for at in texts}
    whole = sum(widths)
    if whole > 2 * A3_PAGE - widths[0]:
        for at in texts:
            word = max((len(w) for v in set(body[at][:2000]) for w in v.split()), default=0)
            widths[at] = min(widths[at], max(_TIGHT, (word + 2) * 1.1))
    if sum(widths) > A3_PAGE:
        widths[0] = max(widths[0], _TIGHT)
    elif whole < _ROOM and texts:
        at = max(texts, key=lambda n: longest[n])
        widths[at] = max(widths[at], min(longest[at] * 1.1, widths[at] + _ROOM - whole))
    return widths


def _plain(value: Any) -> Any:
    if type(value) is float:
        return None if value != value else value
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime().replace(tzinfo=None)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, np.generic):
        return _plain(value.item())
    return float(value) if isinstance(value, bool) else value
