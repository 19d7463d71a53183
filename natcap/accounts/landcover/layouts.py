"""Layouts of tables of areas: long, paired, wide, and from class to class, by what their headers name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from natcap.accounts.landcover.job import YEAR, Entry, Job
from natcap.accounts.landcover.rows import chosen_rows
from natcap.accounts.landcover.sheet import Sheet
from natcap.accounts.landcover.wide import class_columns, wide

__all__ = ["layout_of"]

_DATES = ("opening", "closing")


def _long(job: Job) -> Iterator[Entry]:
    """Zone, class, date, area."""
    table = job.table
    _unread(table)
    rows = chosen_rows(job)
    texts: dict[str, str] = {}
    for row in rows:
        text, cell = job.field(row, "date")
        texts.setdefault(text, cell)
    dates = job.dates(texts)
    for row in rows:
        text = table.text(row, "date")
        if text not in dates and YEAR.fullmatch(text):
            continue
        zone, position = job.zone(row), job.position(*job.field(row, "class"))
        area = job.area(row, table.columns["area"])
        if zone is not None and position is not None and area is not None and text in dates:
            yield Entry(zone, position, dates[text], area)


def _one_date(job: Job) -> Iterator[Entry]:
    """Zone, class and area, of one date."""
    table, which = job.table, job.which or 0
    _unread(table)
    for row in chosen_rows(job):
        zone, position = job.zone(row), job.position(*job.field(row, "class"))
        area = job.area(row, table.columns["area"])
        if zone is not None and position is not None and area is not None:
            yield Entry(zone, position, which, area)


def _year_columns(table: Sheet) -> dict[int, str]:
    """Columns headed by a year, with or without a unit."""
    found = {}
    for column, text in table.rest.items():
        match = YEAR.search(text)
        if match and not re.search(r"\d", text.replace(match[0], "", 1).replace("m2", "")):
            found[column] = match[0]
    return found


def _paired(job: Job) -> Iterator[Entry]:
    """Zone, class, opening, closing; or a column for each year."""
    table = job.table
    named = {table.columns[name]: name for name in ("opening", "closing") if name in table.columns}
    columns = named or _year_columns(table)
    _unread(table, columns)
    dates = job.dates({text: table.cell(table.header, column) for column, text in columns.items()})
    for row in chosen_rows(job):
        zone, position = job.zone(row), job.position(*job.field(row, "class"))
        for column, text in columns.items():
            area = job.area(row, column) if text in dates else None
            if zone is not None and position is not None and area is not None:
                yield Entry(zone, position, dates[text], area)


def _unread(table: Sheet, columns: Iterable[int] = ()) -> None:
    """Tell the columns that were not read."""
    for column, text in table.rest.items():
        if column not in set(columns):
            where = table.cell(table.header, column)
            table.tell(where, text, "a column of this table", "The column was not read.", warning=True)


def _change(job: Job) -> Iterator[Entry]:
    """Zone, from, to, area."""
    table = job.table
    _unread(table)
    for row in chosen_rows(job):
        zone = job.zone(row)
        first, second = (job.position(*job.field(row, name)) for name in ("from", "to"))
        area = job.area(row, table.columns["area"])
        if zone is not None and first is not None and second is not None and area is not None:
            yield Entry(zone, first, second, area)


def layout_of(job: Job, role: str) -> Callable[[Job], Iterator[Entry]] | None:
    """The reader of the layout that the headers show; None where they show none."""
    table = job.table
    has = table.columns
    if role == "change_table":
        return _change if {"from", "to", "area"} <= has.keys() else None
    if "class" not in has:
        return wide if class_columns(job) and _dated(job) else None
    if "area" in has and ("date" in has or job.which is not None):
        return _long if "date" in has else _one_date
    if job.which is not None:
        return None
    return _paired if {"opening", "closing"} <= has.keys() or len(_year_columns(table)) > 1 else None


def _dated(job: Job) -> bool:
    """Whether a wide table says its dates: in a column, in its headers, or because it is of one date."""
    heads = class_columns(job).values()
    return job.which is not None or "date" in job.table.columns or all(head.date for head, _ in heads)
