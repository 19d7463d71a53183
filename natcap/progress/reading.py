"""Read the tables of a project: CSV or workbook, by way of the workbook room, every cell as text with its address.

The tidy tables have a full stop as decimal mark and no thousands separator; how a number was printed is kept, because
its decimals say how far it was rounded.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from natcap.core.problems import Problems
from natcap.core.project import Project
from natcap.core.resources import root
from natcap.core.sources import COLUMNS as SOURCE_COLUMNS
from natcap.core.sources import Source, sources
from natcap.core.workbook import Field, TableModel, open_workbook, read_tables

__all__ = ["NUMBER", "at", "model_of", "read_sources", "read_text"]

NUMBER = re.compile(r"-?\d{1,18}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?")


def model_of(table: str, columns: Sequence[str], blank: Collection[str]) -> TableModel:
    """A model of text fields; those in `blank` may be empty, and their columns absent."""
    fields = tuple(Field(name, name, required=name not in blank) for name in columns)
    return TableModel(table, table, table, fields)


def read_text(path: Path, shown: str, model: TableModel, problems: Problems) -> pd.DataFrame:
    """Rows of one table as text, with `_file`, `_sheet`, `_row`, `_cell_<column>`; what is wrong is in `problems`."""
    table = read_tables(path, [model], problems, shown)[model.id]
    table["_file"] = shown
    _totals(path, shown, model, table, problems)
    return table


def _totals(path: Path, shown: str, model: TableModel, table: pd.DataFrame, problems: Problems) -> None:
    """Tell rows that were passed over because a cell says "Total": here the whole is the row with an empty part.

    Sheets made by people end in totals that must not be counted twice, so the reader leaves such rows out. In a tidy
    table a part called Total is a figure, and must not vanish.
    """
    book = open_workbook(path, Problems(), shown)
    needed = sum(f.required for f in model.fields)
    read = set(zip(table["_sheet"], table["_row"], strict=True))
    for sheet in book.sheets if book else ():
        if not any(name == sheet.name for name, _ in read):
            continue
        for number, row in enumerate(sheet.rows, start=1):
            words = [str(cell).strip().casefold() for cell in row if cell != ""]
            if "total" in words and len(words) >= needed and (sheet.name, number) not in read:
                remedy = "Leave the part empty for the whole, or give the part another name."
                problems.add(
                    shown, "a row named Total", "a figure or none", remedy, sheet=sheet.name, cell=f"row {number}"
                )


def at(row: pd.Series, column: str) -> str:
    """Address of a cell, or the line where the column is not in the file."""
    return str(row.get(f"_cell_{column}", "") or f"line {row['_row']}")


def read_sources(path: Path | None, project: Project, problems: Problems) -> dict[str, Source]:
    """The project's own `sources.csv`, over those that travel with the program."""
    known = dict(sources()) | dict(sources(root("data")))
    if path is None:
        return known
    model = model_of("sources", SOURCE_COLUMNS, ("version", "sha256", "note", "published"))
    for row in read_text(path, project.shown(path), model, problems).to_dict("records"):
        fields = {("id" if name == "source" else name): str(row[name]) for name in SOURCE_COLUMNS}
        known[fields["id"]] = Source(**fields)
    return known
