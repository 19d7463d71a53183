"""A book: the sheets of a checked file as rows of plain values: a workbook, delimited text or Parquet."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from natcap.core.problems import InputProblems, Problem, Problems
from natcap.core.workbook.delimited import Delimited, read_delimited
from natcap.core.workbook.guard import LOCAL, Limits, Package, check_package
from natcap.core.workbook.scan import SheetScan

__all__ = ["Book", "Sheet", "open_workbook"]

Cell = Any
"""float, int, str (empty text for a blank cell), bool, date, datetime, time or timedelta."""


@dataclass
class Sheet:
    """One sheet. `rows` starts at cell A1; blank cells are empty text. `scan` tells what the values do not show."""

    name: str
    hidden: bool
    scan: SheetScan
    load: Callable[[], list[list[Cell]]] = field(repr=False)
    delimiter: str = ""

    @cached_property
    def rows(self) -> list[list[Cell]]:
        return self.load()


@dataclass
class Book:
    """A workbook that passed the guard. `shown` is its name as printed in problems."""

    shown: str
    kind: str
    sheets: tuple[Sheet, ...]
    warnings: tuple[Problem, ...] = ()

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name, first exactly, then ignoring case and spaces at the ends."""
        for same in (str, lambda text: text.strip().casefold()):
            for sheet in self.sheets:
                if same(sheet.name) == same(name):
                    return sheet
        return None


def open_workbook(
    path: Path, problems: Problems, shown: str | None = None, *, limits: Limits = LOCAL, macros_ok: bool = False
) -> Book | None:
    """Open a file behind the guard. Adds what is wrong to `problems` and returns None when it cannot be read."""
    name = shown or path.name
    try:
        package = check_package(path, name, limits, macros_ok)
        return _open(package, name, limits)
    except InputProblems as refused:
        problems.extend(refused.problems)
    return None


def _open(package: Package, shown: str, limits: Limits) -> Book:
    if package.kind == "text":
        table = read_delimited(package.data, shown, limits.cells)
        return Book(shown, "csv", (_text_sheet(table),), table.warnings)
    if package.kind == "parquet":
        from natcap.core.workbook.columnar import read_columnar

        stored = read_columnar(package.data, shown, limits)
        return Book(shown, "parquet", (Sheet("", False, SheetScan(), lambda: stored),))
    if package.kind == "xlsx":
        return Book(shown, "xlsx", _sheets(package, shown))
    from natcap.core.workbook.isolated import read_isolated

    found = read_isolated(package.data, shown, limits.box)
    sheets = tuple(
        Sheet(name, hidden, SheetScan(merged=merged), partial(list, rows)) for name, hidden, merged, rows in found
    )
    return Book(shown, package.kind, sheets)


def _text_sheet(table: Delimited) -> Sheet:
    return Sheet("", False, SheetScan(), lambda: table.rows, table.delimiter)


def _sheets(package: Package, shown: str) -> tuple[Sheet, ...]:
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    book = _guarded(shown, lambda: CalamineWorkbook.from_filelike(io.BytesIO(package.data)))

    def rows(name: str) -> list[list[Cell]]:
        read: list[list[Cell]] = _guarded(shown, lambda: book.get_sheet_by_name(name).to_python(skip_empty_area=False))
        return read

    return tuple(
        Sheet(
            meta.name,
            meta.visible != SheetVisibleEnum.Visible,
            package.scans.get(meta.name, SheetScan()),
            partial(rows, meta.name),
        )
        for meta in book.sheets_metadata
        if meta.typ == SheetTypeEnum.WorkSheet
    )


def _guarded(shown: str, job: Callable[[], Any]) -> Any:
    """Run a job of the reading library; whatever it raises becomes a problem of the file."""
    try:
        return job()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:  # a panic of the reader is not an Exception
        remedy = "Open it in Excel or LibreOffice and save it again as .xlsx."
        raise InputProblems([Problem(shown, "a damaged workbook", "a workbook that opens", remedy)]) from None
