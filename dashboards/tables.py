"""Sections as plain HTML tables: header cells with scope, units in the headers, numbers that open their walk back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from natcap.core import lines as lines_module
from natcap.core.problems import Problem
from natcap.core.report import Column, Section
from natcap.core.workbook.text import format_of

from .safe import NOTHING, Markup, html, join
from .words import cell, plural, unit_label

__all__ = ["PAGE", "line_table", "plain_table", "problem_table", "section_table"]

PAGE = 200
"""Rows of a table that are on the page at once."""

_NUMERIC = ("number", "integer", "money", "percent")


def _header(columns: tuple[Column, ...]) -> Markup:
    heads = []
    for column in columns:
        unit = html(' <span class="unit">({u})</span>', u=unit_label(column.unit)) if column.unit else NOTHING
        if column.kind in _NUMERIC:
            heads.append(html('<th scope="col" class="num">{label}{unit}</th>', label=column.label, unit=unit))
        else:
            heads.append(html('<th scope="col">{label}{unit}</th>', label=column.label, unit=unit))
    return html("<thead><tr>{heads}</tr></thead>", heads=join(heads))


def _cell(
    section: Section, position: int, column: Column, value: object, code: Callable[[Any], str], first: bool
) -> Markup:
    key = (position, column.name)
    text: Markup | str = section.marks.get(key) or cell(value, column, code)
    figure = section.figures.get(key)
    if figure:
        text = html('<button class="link" data-go="figure:{id}">{text}</button>',
                    id=figure, text=text)  # fmt: skip
    if first:
        return html('<th scope="row">{text}</th>', text=text)
    if column.kind in _NUMERIC:
        return html('<td class="num">{text}</td>', text=text)
    return html("<td>{text}</td>", text=text)


def _rows(section: Section, start: int, stop: int) -> Markup:
    window = section.table.iloc[start:stop]
    series = [window[column.name].tolist() for column in section.columns]
    codes = [format_of(column, section) for column in section.columns]
    drawn = []
    for offset in range(len(window)):
        position = start + offset
        cells = join(
            _cell(section, position, column, values[offset], codes[index], index == 0)
            for index, (column, values) in enumerate(zip(section.columns, series, strict=True))
        )
        total = position in section.total_rows
        drawn.append(html('<tr class="total">{c}</tr>', c=cells) if total else html("<tr>{c}</tr>", c=cells))
    return join(drawn)


def pager(key: str, page: int, rows: int) -> Markup:
    """Next and previous for a long table; nothing for a short one. `page` counts from 0."""
    if rows <= PAGE:
        return NOTHING
    last = (rows - 1) // PAGE
    first_row, last_row = page * PAGE + 1, min(rows, (page + 1) * PAGE)
    before = html('<button class="push" data-key="{k}-back" data-go="page:{k}:{p}">Previous rows</button>',
                  k=key, p=page - 1)  # fmt: skip
    after = html(
        '<button class="push" data-key="{k}-next" data-go="page:{k}:{p}">Next rows</button>', k=key, p=page + 1
    )
    return html(
        '<div class="pager"><span role="status">Rows {a} to {b} of {n}</span>{before}{after}</div>',
        a=f"{first_row:,}",
        b=f"{last_row:,}",
        n=f"{rows:,}",
        before=before if page > 0 else NOTHING,
        after=after if page < last else NOTHING,
    )


def section_table(section: Section, page: int = 0) -> Markup:
    """One page of a section's table. A page that doesn't exist shows the last one."""
    rows = len(section.table)
    page = max(0, min(page, (rows - 1) // PAGE if rows else 0))
    return html(
        '<div class="scroll" tabindex="0" role="group" aria-label="Table: {title}"><table>'
        "<caption><span>{title}. {size}</span></caption>{head}<tbody>{body}</tbody></table></div>{pager}",
        title=section.title,
        size=plural(rows, "row"),
        head=_header(section.columns),
        body=_rows(section, page * PAGE, (page + 1) * PAGE),
        pager=pager(section.id, page, rows),
    )


def plain_table(frame: pd.DataFrame, columns: tuple[Column, ...], title: str, key: str, page: int = 0) -> Markup:
    """A table that no section stands behind."""
    return section_table(Section(key, title, frame, columns), page)


_LINE_LABELS = {
    "line": "Line", "period": "Period", "place": "Place", "section": "Section", "category": "Category", "item": "Item",
    "activity": "Activity", "gas": "Gas", "quantity": "Quantity", "unit": "Unit", "factor": "Factor",
    "factor_unit": "Factor per", "edition": "Edition", "match": "Match", "kg_co2e": "Emissions", "low": "Low",
    "high": "High", "tier": "Tier", "verified": "Checked", "file": "File", "sheet": "Sheet", "cell": "Cell",
    "evidence": "Evidence", "note": "Note",
}  # fmt: skip


def line_table(lines: pd.DataFrame, title: str, key: str, page: int = 0) -> Markup:
    """The lines behind a report or a figure, with the columns that are filled."""
    columns = []
    for name, label in _LINE_LABELS.items():
        if name not in lines.columns:
            continue
        number = name in lines_module.NUMBERS
        filled = lines[name].notna().any() if number else (lines[name].astype(str) != "").any()
        if filled:
            kind = "integer" if name == "line" else "number" if number else "text"
            unit = "kg_co2e" if name in ("kg_co2e", "low", "high") else ""
            columns.append(Column(name, label, unit, kind))
    return plain_table(lines, tuple(columns), title, key, page)


def problem_table(problems: tuple[Problem, ...]) -> Markup:
    """Every problem with its place and its remedy."""
    heads = ("File", "Sheet", "Cell", "Found", "Expected", "What to do")
    body = join(
        html(
            '<tr><th scope="row">{file}</th><td>{sheet}</td><td>{cell}</td><td>{found}</td><td>{expected}</td>'
            "<td>{remedy}</td></tr>",
            **{k: v for k, v in p.as_dict().items() if k != "severity"},
        )
        for p in problems[:500]
    )
    more = html("<p>{n} more are not shown.</p>", n=f"{len(problems) - 500:,}") if len(problems) > 500 else NOTHING
    return html(
        '<div class="scroll" tabindex="0" role="group" aria-label="Problems"><table><caption>{count}</caption>'
        "<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>{more}",
        count=plural(len(problems), "problem"),
        heads=join(html('<th scope="col">{h}</th>', h=h) for h in heads),
        body=body,
        more=more,
    )
