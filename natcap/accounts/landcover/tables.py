"""Tables of areas: how much of each class there was in each zone at two dates, or what became what.

An area table gives margins alone. It may be long (zone, class, date, area), paired (zone, class, opening, closing or
two years) or wide (a zone and date a row, a class a column). A change table gives the whole matrix: zone, from, to,
area; or the matrix as it is printed, classes in the first row and column (`matrix`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from natcap.accounts.classes import ClassList
from natcap.accounts.landcover.attributes import open_book
from natcap.accounts.landcover.job import YEAR, Entry, Job, TableChoices, Written
from natcap.accounts.landcover.maps import SYNTHETIC_TAG
from natcap.accounts.landcover.margincheck import is_total
from natcap.accounts.landcover.matrix import find_matrices, read_matrices
from natcap.accounts.landcover.sheet import Sheet, bare_label, has_columns, open_sheet, unit_in, words
from natcap.core.problems import Problems
from natcap.core.project import FILE

__all__ = ["CHOICES", "Entry", "TableChoices", "Written", "read_written"]

CHOICES: Mapping[str, str] = {
    "area_unit": "the unit of the areas of a table whose headers do not give it, such as ha",
    "table_sheet": "the sheet of a workbook that holds the table of areas",
    "margins": '"rounded": totals of a table may differ from their parts by the rounding of print',
    "matrix_rows": '"opening" (the usual) or "closing": whose classes stand in the rows of a square change matrix',
    "matrix_blanks": '"zero": an empty cell of a square change matrix is an area of 0',
    "totals": '"differ": a zone may have another area at each date; the difference is shown as no data',
}
_FIELDS: Mapping[str, frozenset[str]] = {
    "zone": words(("zone", "zone id", "zone code", "area code", "local authority code", "parish code")),
    "zone_name": words(("zone name", "official name", "area name", "local authority", "parish", "name")),
    "class": words(("class", "land cover", "land-cover class", "habitat", "habitat type", "ecosystem type")),
    "date": words(("date", "year", "when")),
    "area": words(("area", "extent", "hectares", "area of land")),
    "unit": words(("unit", "units")),
    "opening": words(("opening", "opening area", "opening extent", "area at opening")),
    "closing": words(("closing", "closing area", "closing extent", "area at closing")),
    "from": words(("from", "from class", "opening class", "class at opening")),
    "to": words(("to", "to class", "closing class", "class at closing")),
}  # fmt: skip
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*")
_LAYOUTS = (
    "Columns zone, class, date and area; or zone, class, opening and closing; or zone, date and a column a class. "
    "A table from class to class is a change_table"
)


def _long(job: Job) -> Iterator[Entry]:
    """Zone, class, date, area."""
    table = job.table
    _unread(table)
    rows = table.body()
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
    for row in table.body():
        zone, position = job.zone(row), job.position(*job.field(row, "class"))
        for column, text in columns.items():
            area = job.area(row, column) if text in dates else None
            if zone is not None and position is not None and area is not None:
                yield Entry(zone, position, dates[text], area)


def _class_columns(job: Job) -> dict[int, int]:
    """Columns headed by a class, as positions. A header with a unit of area that is none of the list is a problem."""
    table, found = job.table, {}
    for column, text in table.rest.items():
        unit, bare = unit_in(text), bare_label(text)
        position = job.find(bare)
        if position is None and (unit or is_total(bare) or _numeric(table, column)):
            position = job.position(bare, table.cell(table.header, column))
        elif position is None:
            table.tell(table.cell(table.header, column), text, "a class of the list", "The column was not read.", True)
        if position is not None:
            found[column] = position
    return found


def _numeric(table: Sheet, column: int) -> bool:
    """Whether numbers stand in a column: it may then be a class whose name is written in another way."""
    return any(isinstance(value := table.at(row, column), (int, float)) or _NUMBER.fullmatch(str(value))
               for row in range(table.header + 1, len(table.rows)))  # fmt: skip


def _unread(table: Sheet, columns: Iterable[int] = ()) -> None:
    """Tell the columns that were not read."""
    for column, text in table.rest.items():
        if column not in set(columns):
            where = table.cell(table.header, column)
            table.tell(where, text, "a column of this table", "The column was not read.", warning=True)


def _wide(job: Job) -> Iterator[Entry]:
    """A zone and date a row, a class a column."""
    table, columns = job.table, _class_columns(job)
    rows = table.body()
    texts: dict[str, str] = {}
    for row in rows:
        text, cell = job.field(row, "date")
        texts.setdefault(text, cell)
    dates = job.dates(texts)
    for row in rows:
        zone, text = job.zone(row), table.text(row, "date")
        for column, position in columns.items():
            area = job.area(row, column) if text in dates else None
            if zone is not None and area is not None:
                yield Entry(zone, position, dates[text], area)


def _change(job: Job) -> Iterator[Entry]:
    """Zone, from, to, area."""
    table = job.table
    _unread(table)
    for row in table.body():
        zone = job.zone(row)
        first, second = (job.position(*job.field(row, name)) for name in ("from", "to"))
        area = job.area(row, table.columns["area"])
        if zone is not None and first is not None and second is not None and area is not None:
            yield Entry(zone, first, second, area)


def _layout(table: Sheet, role: str) -> Any:
    """The reader of the layout that the headers show; None where they show none."""
    has = table.columns
    if role == "change_table":
        return _change if {"from", "to", "area"} <= has.keys() else None
    if "class" not in has:
        return _wide if "date" in has and "area" not in has and table.rest else None
    if {"date", "area"} <= has.keys():
        return _long
    return _paired if {"opening", "closing"} <= has.keys() or len(_year_columns(table)) > 1 else None


def _square(path: Path, shown: str, choices: TableChoices, classes: ClassList, problems: Problems) -> Written | None:
    """The areas of square matrices; None where the file holds none, or with a problem."""
    book = open_book(path, problems, shown)
    if book is None:
        return None
    one = book.sheet(choices.sheet) if choices.sheet else None
    sheets = book.sheets if one is None else [one]
    if any(has_columns(sheet, _FIELDS, ("from", "to", "area")) for sheet in sheets):
        return None
    places = find_matrices(sheets, classes)
    for sheet in sheets if places else ():
        if sheet.name not in {place.sheet.name for place in places} and any(map(any, sheet.rows)) and not sheet.hidden:
            problems.add(shown, "a sheet without a matrix of the classes", "a square matrix a zone",
                         "It was not read. Check the names of its classes if it should be", sheet=sheet.name,
                         warning=True)  # fmt: skip
    return read_matrices(places, path, shown, book.kind, choices, classes, problems) if places else None


def _of_matrix_only(choices: TableChoices, problems: Problems) -> None:
    """Refuse choices that mean nothing for other tables."""
    for key, given in (("matrix_rows", choices.rows), ("matrix_blanks", choices.blanks)):
        if given:
            problems.add(FILE, f"the choice {key} without a square matrix", f"no {key}: it is for such a matrix",
                         f"Leave {key} out", cell=f"choices.{key}")  # fmt: skip


def read_written(path: Path, shown: str, role: str, choices: TableChoices, classes: ClassList, problems: Problems
                 ) -> Written | None:  # fmt: skip
    """Read every area of an area_table or change_table (`role`). Adds every problem found; None with any."""
    before = len(problems.errors)
    if role == "change_table":
        found = _square(path, shown, choices, classes, problems)
        if found is not None or len(problems.errors) > before:
            return found
    _of_matrix_only(choices, problems)
    table = open_sheet(path, shown, choices.sheet, _FIELDS, problems)
    if table is None:
        return None
    layout = _layout(table, role)
    if layout is None:
        headers = ", ".join(text for text in table.texts if text)
        wanted = (
            "the columns zone, from, to, area, or a square matrix of classes"
            if role == "change_table"
            else "a layout of areas that is known"
        )
        remedy = "A table of areas by date is an area_table" if role == "change_table" else _LAYOUTS
        table.tell(f"row {table.header + 1}", f"the headers {headers}", wanted, remedy)
        return None
    job = Job(table, choices, classes)
    entries = list(layout(job))
    if not entries and len(problems.errors) == before:
        table.tell("", "no row", "at least one area")
    if len(problems.errors) > before:
        return None
    return Written(table, entries, job.names, job.years, job.told, SYNTHETIC_TAG in path.name)
