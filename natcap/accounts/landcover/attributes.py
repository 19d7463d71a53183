"""Attributes: the tables of a GeoPackage as sheets of a book, so that published areas are read as they are published.

A layer of zones with its areas, or a table without geometry, is a header and rows like any other; its geometry and its
running number are left out. Only plain tables are read: a view or a virtual table could hide anything.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from natcap.accounts.landcover.guard import safe_file
from natcap.core.problems import Problems
from natcap.core.workbook import open_workbook
from natcap.core.workbook.book import Book, Sheet
from natcap.core.workbook.guard import LOCAL
from natcap.core.workbook.scan import SheetScan

__all__ = ["is_geopackage", "open_book"]

_GPKG_IDS = {b"GPKG", b"GP10", b"GP11"}
_RUNNING = {"fid", "ogc_fid"}
_PLAIN = (
    "SELECT c.table_name, m.sql FROM gpkg_contents c JOIN sqlite_master m ON lower(m.name) = lower(c.table_name) "
    "WHERE c.data_type IN ('features', 'attributes') AND m.type = 'table' ORDER BY c.table_name LIMIT 1000"
)
_REMEDY = "Copy it again, or export the table as CSV (QGIS: Export > Save Features As)"


def open_book(path: Path, problems: Problems, shown: str) -> Book | None:
    """A workbook, delimited text, or a GeoPackage by its first bytes. Adds what is wrong; None then."""
    if not is_geopackage(path):
        return open_workbook(path, problems, shown)
    try:
        found = tuple(_sheets(path, shown, problems))
    except sqlite3.Error as error:
        problems.add(shown, f"a GeoPackage that cannot be read ({error})", "a whole GeoPackage", _REMEDY)
        return None
    if not found:
        problems.add(shown, "a GeoPackage without a plain table", "a layer or table of areas", _REMEDY)
        return None
    return Book(shown, "gpkg", found)


def is_geopackage(path: Path) -> bool:
    """Whether a file is a GeoPackage by its first bytes."""
    if not safe_file(path):
        return False
    with path.open("rb") as handle:
        start = handle.read(100)
    return start[:16] == b"SQLite format 3\0" and start[68:72] in _GPKG_IDS


def _base(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    base.execute("PRAGMA trusted_schema = OFF")
    return base


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _sheets(path: Path, shown: str, problems: Problems) -> Iterator[Sheet]:
    base = _base(path)
    try:
        shapes = {str(t).casefold(): str(c) for t, c in base.execute(
            "SELECT table_name, column_name FROM gpkg_geometry_columns")} if _has_shapes(base) else {}  # fmt: skip
        for name, sql in base.execute(_PLAIN).fetchall():
            if "VIRTUAL" in str(sql).upper().split("(")[0]:
                continue
            columns = [str(row[1]) for row in base.execute(f"PRAGMA table_info({_quoted(name)})")]
            skipped = _RUNNING | {shapes.get(str(name).casefold(), "").casefold()}
            wanted = [column for column in columns if column.casefold() not in skipped]
            (count,) = base.execute(f"SELECT count(*) FROM {_quoted(name)}").fetchone()
            if (count + 1) * len(wanted) > LOCAL.cells:
                problems.add(shown, f"a layer {name} of {count:,} rows", f"at most {LOCAL.cells:,} cells", _REMEDY)
            elif wanted:
                yield Sheet(str(name), False, SheetScan(), partial(_rows, path, str(name), wanted))
    finally:
        base.close()


def _has_shapes(base: sqlite3.Connection) -> bool:
    return bool(base.execute("SELECT 1 FROM sqlite_master WHERE name = 'gpkg_geometry_columns'").fetchone())


def _rows(path: Path, name: str, columns: list[str]) -> list[list[Any]]:
    """The header and every row, in the order of the running number; a missing value is an empty text."""
    base = _base(path)
    try:
        named = ", ".join(map(_quoted, columns))
        rows = base.execute(f"SELECT {named} FROM {_quoted(name)} ORDER BY rowid").fetchall()
    finally:
        base.close()
    body = [["" if value is None or isinstance(value, bytes) else value for value in row] for row in rows]
    return [list(columns), *body]
