"""Tables of areas: how much of each class there was in each zone at two dates, or what became what.

An area table gives margins alone. It may be long (zone, class, date, area), paired (zone, class, opening, closing or
two years) or wide (a zone and date a row, a class a column). Statistics that are published a year at a time come as two
tables, opening_table and closing_table, each of one date. A change table gives the whole matrix: zone, from, to, area;
or the matrix as it is printed, classes in the first row and column (`matrix`).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from natcap.accounts.classes import ClassList
from natcap.accounts.landcover.attributes import open_book
from natcap.accounts.landcover.job import Entry, Job, TableChoices, Written
from natcap.accounts.landcover.labels import Labels
from natcap.accounts.landcover.layouts import layout_of
from natcap.accounts.landcover.maps import SYNTHETIC_TAG
from natcap.accounts.landcover.matrix import find_matrices, read_matrices
from natcap.accounts.landcover.rows import judge_levels
from natcap.accounts.landcover.sheet import has_columns, open_sheet, words
from natcap.accounts.landcover.wide import names_class, wide
from natcap.core.problems import Problems
from natcap.core.project import FILE

__all__ = ["CHOICES", "Entry", "TableChoices", "Written", "read_written"]

CHOICES: Mapping[str, str] = {
    "area_unit": "the unit of the areas of a table whose headers do not give it, such as ha",
    "table_sheet": "the sheet of a workbook, or the layer of a GeoPackage, that holds the table of areas",
    "table_zone": "the header of the column that holds the zones of a table, such as CTYUA23CD",
    "table_zones": 'the zones of a table that are read, by code or name, such as ["E10000018"]',
    "table_level": "the level of zones that is read of a table with a column level, such as county",
    "table_measure": '"area", "percent", "share" or "cells": which columns of a wide table are read',
    "table_total": '"polygons": percentages are of the polygons of a GeoPackage, where no column gives a total area',
    "table_cell_m": "the side in metres of the cells that a table counts, such as 10",
    "margins": '"rounded": totals of a table may differ from their parts by the rounding of print',
    "matrix_rows": '"opening" (the usual) or "closing": whose classes stand in the rows of a square change matrix',
    "matrix_blanks": '"zero": an empty cell of a square change matrix is an area of 0',
    "totals": '"differ": a zone may have another area at each date; the difference is shown as no data',
}
_FIELDS: Mapping[str, frozenset[str]] = {
    "zone": words(("zone", "zone id", "zone code", "area code", "local authority code", "parish code")),
    "zone_name": words(("zone name", "official name", "area name", "local authority", "parish", "name")),
    "level": words(("level", "geography", "geography level", "geography type", "geog type", "area type", "zone type",
                    "zone level", "tier")),
    "class": words(("class", "land cover", "land-cover class", "habitat", "habitat type", "ecosystem type", "lcm class",
                    "land cover name", "class name", "class code")),
    "date": words(("date", "year", "when")),
    "area": words(("area", "extent", "hectares", "area of land")),
    "unit": words(("unit", "units")),
    "opening": words(("opening", "opening area", "opening extent", "area at opening")),
    "closing": words(("closing", "closing area", "closing extent", "area at closing")),
    "from": words(("from", "from class", "opening class", "class at opening")),
    "to": words(("to", "to class", "closing class", "class at closing")),
}  # fmt: skip
_LAYOUTS = (
    "Columns zone, class, date and area; or zone, class, opening and closing; or zone, date and a column a class. "
    "A table of one date, as statistics for one year are, is an opening_table or a closing_table in [inputs], beside "
    "one of the other date; a table from class to class is a change_table"
)

_WANTED_AREAS = ("a layout of areas that is known", _LAYOUTS)
_WANTED = {
    "change_table": ("the columns zone, from, to, area, or a square matrix of classes",
                     "A table of areas by date is an area_table"),
    **dict.fromkeys(("opening_table", "closing_table"), (
        "a table of one date: a column a class, or the columns zone, class and area",
        "Head the columns by names or codes of the class list, with a zone in each row; a table of both dates is an "
        "area_table")),
}  # fmt: skip


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
    if places:
        _not_of_matrix(choices, problems)
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


def _not_of_matrix(choices: TableChoices, problems: Problems) -> None:
    """Refuse choices of rows and columns that a square matrix is not read by: left alone they would do nothing."""
    given = {"table_zone": choices.zone, "table_zones": choices.zones, "table_level": choices.level}
    for key in [key for key, said in given.items() if said]:
        problems.add(FILE, f"the choice {key} with a square matrix", f"no {key}: every matrix is read",
                     f"Leave {key} out, and delete the zones that are not of the account from the workbook",
                     cell=f"choices.{key}")  # fmt: skip


def _idle(choices: TableChoices, wide: bool, problems: Problems) -> None:
    """Tell choices that do nothing for a table without a column a class."""
    given = {"table_measure": choices.measure, "table_cell_m": choices.cell_m, "table_total": choices.total}
    for key in [key for key, said in given.items() if said and not wide]:
        problems.add(FILE, f"the choice {key} with a table that has no column for each class", f"no {key}",
                     f"It does nothing here: leave {key} out", cell=f"choices.{key}", warning=True)  # fmt: skip


def read_written(path: Path, shown: str, role: str, choices: TableChoices, classes: ClassList, problems: Problems
                 ) -> Written | None:  # fmt: skip
    """Read every area of an area_table, opening_table, closing_table or change_table (`role`).

    Adds every problem found; None where nothing could be read.
    """
    before, held = len(problems.errors), len(problems)
    if role == "change_table":
        found = _square(path, shown, choices, classes, problems)
        if found is not None or len(problems.errors) > before:
            return found
    _of_matrix_only(choices, problems)
    find = Labels(classes)
    table = open_sheet(
        path, shown, choices.sheet, _FIELDS, problems, choices.zone, lambda text: names_class(text, find)
    )
    if table is None:
        return None
    job = Job(table, choices, classes, {"opening_table": 0, "closing_table": 1}.get(role), path)
    layout = layout_of(job, role)
    if layout is None:
        headers = ", ".join(text for text in table.texts if text)
        table.tell(f"row {table.header + 1}", f"the headers {headers}", *_WANTED.get(role, _WANTED_AREAS))
        return None
    _idle(choices, layout is wide, problems)
    entries = list(layout(job))
    job.judge_codes()
    judge_levels(job, job.names)
    if not entries and len(problems.errors) == before:
        table.tell("", "no row", "at least one area")
    broken = len(problems.errors) > before
    return Written(table, entries, job.names, job.years, job.told, SYNTHETIC_TAG in path.name, broken,
                   job.doubt(problems[held:]))  # fmt: skip
