"""Read an official flat workbook by its content: no year, no column position and no file name is taken for granted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from natcap.core.factors import doubts
from natcap.core.factors.front import day_text, publisher_of, read_front
from natcap.core.factors.layout import LABELS, number_text, series_of, tidy
from natcap.core.factors.widen import FlatRow, Wide, widen
from natcap.core.problems import Problem, Problems, did_you_mean
from natcap.core.project import hash_file
from natcap.core.units import UnitError, unit

if TYPE_CHECKING:
    from natcap.core.workbook import Book, Sheet

__all__ = ["FlatEdition", "read_flat"]

_HEADERS = {
    "id": "source_id", "scope": "scope", "level 1": "level1", "level 2": "level2", "level 3": "level3",
    "level 4": "level4", "column text": "text", "uom": "uom", "ghg": "ghg", "ghg/unit": "ghg",
}  # fmt: skip
_PRINTED = {
    "scope": "Scope", "level1": "Level 1", "level2": "Level 2", "level3": "Level 3", "level4": "Level 4",
    "text": "Column Text", "uom": "UOM", "ghg": "GHG/Unit", "value": "GHG Conversion Factor YYYY",
}  # fmt: skip
_VALUE = re.compile(r"ghg conversion factor\D*(\d{4})?.*", re.IGNORECASE)
_SCOPE = re.compile(r"scope [123]|outside of scopes?", re.IGNORECASE)
_SEARCHED = 60
_XLS_BYTES = 20_000_000
_THIS = "Use the flat file (the one for automatic processing), not the condensed or the full set"
Series = Callable[[tuple[str, ...], str, int], str]


@dataclass(frozen=True)
class FlatEdition:
    """What an official flat workbook holds. `rows` counts its data rows; `ended`: a row END closes
    them; `warnings` tells what was odd but readable."""

    year: int
    version: str
    status: str
    updated: str
    valid_until: str
    publisher: str
    file: str
    sha256: str
    sheet: str
    rows: int
    wide: list[Wide] = field(repr=False)
    ended: bool = True
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class _Header:
    """Where the table stands: 0-based row of the header, column by field name, year in the value column's header."""

    row: int
    columns: dict[str, int]
    year: int


def read_flat(path: Path, series: Series | None = None) -> FlatEdition:
    """Read one official flat workbook (.xlsx or .xls by its first bytes).

    `series(labels, id stem, year)` names the factors; by default labels alone do (see add.namer for the full rule).
    Raises InputProblems with everything that is wrong, each with its cell; nothing is half read.
    """
    from natcap.core.workbook import open_workbook

    problems = Problems()
    if path.is_file() and path.stat().st_size > _XLS_BYTES:
        problems.add(path.name, f"a file of {path.stat().st_size / 1e6:.0f} MB", "at most 20 MB", _THIS)
        problems.raise_if_any()
    book = open_workbook(path, problems)
    problems.raise_if_any()
    assert book is not None
    sheet, header = _find(book, problems)
    others = [s.rows for s in book.sheets if s is not sheet]
    front = _front(book, others, header, problems)
    if not header.year:
        header = replace(header, year=_year(front["year"], book, problems))
    name = series or (lambda labels, stem, year: series_of(labels))
    rows = list(_rows(book, sheet, header, problems))

    def where(row: int, what: str) -> tuple[str, str, str]:
        return book.shown, sheet.name, _address(row - 1, header.columns[what])

    doubts.named(rows, "source_id" in header.columns, where, problems)
    wide = widen(rows, lambda labels, stem: name(labels, stem, header.year), problems, where)
    doubts.alone(wide, where, problems)
    if not rows:
        problems.add(book.shown, "no data rows", "rows below the header", _THIS, sheet=sheet.name)
    problems.raise_if_any()
    return FlatEdition(
        header.year, front["version"], front["status"], front["updated"], front["valid until"], publisher_of(others),
        path.name, hash_file(path), sheet.name, len(rows), wide, _ends(sheet, header), tuple(problems.warnings),
    )  # fmt: skip


def _address(row: int, column: int) -> str:
    from natcap.core.workbook.scan import address

    return address(row, column)


def _find(book: Book, problems: Problems) -> tuple[Sheet, _Header]:
    """The sheet and header row: the first row that holds both Scope and Level 1."""
    found = []
    for sheet in book.sheets:
        for at, row in enumerate(sheet.rows[:_SEARCHED]):
            words = {tidy(cell).casefold() for cell in row if isinstance(cell, str)}
            if {"scope", "level 1"} <= words:
                found.append((sheet, at))
                break
    if len(found) != 1:
        what = "no table of factors" if not found else "tables of factors on " + ", ".join(s.name for s, _ in found)
        looked = ", ".join(s.name for s in book.sheets) or "no sheet"
        problems.add(book.shown, f"the workbook with {what} (sheets: {looked})",
                     "one sheet with a header row that holds Scope and Level 1", _THIS)  # fmt: skip
        problems.raise_if_any()
    sheet, at = found[0]
    return sheet, _header(book.shown, sheet, at, problems)


def _header(shown: str, sheet: Sheet, at: int, problems: Problems) -> _Header:
    columns: dict[str, int] = {}
    year = 0
    cells = [re.sub(r" ?/ ?", "/", tidy(cell)) for cell in sheet.rows[at]]
    for column, text in enumerate(cells):
        value = _VALUE.fullmatch(text)
        name = "value" if value else _HEADERS.get(text.casefold())
        if name is None:
            continue
        if name in columns:
            first = _address(at, columns[name])
            problems.add(shown, text, f"each column once (also in {first})", _THIS, sheet=sheet.name,
                         cell=_address(at, column))  # fmt: skip
        columns.setdefault(name, column)
        year = int(value.group(1) or 0) if value else year
    for name in (*LABELS, "ghg", "value"):
        if name not in columns:
            printed = _PRINTED[name]
            problems.add(shown, f"no column {printed!r}", f"a column {printed!r} in row {at + 1}",
                         did_you_mean(printed, [c for c in cells if c]) or _THIS, sheet=sheet.name)  # fmt: skip
    problems.raise_if_any()
    return _Header(at, columns, year)


def _rows(book: Book, sheet: Sheet, header: _Header, problems: Problems) -> Iterator[FlatRow]:
    """Data rows until END (or the end of the sheet); rows with nothing in the table's columns are passed over."""
    units: dict[str, bool] = {}
    ended = 0
    for at, row in enumerate(sheet.rows[header.row + 1 :], header.row + 1):
        cells = {name: row[column] if column < len(row) else "" for name, column in header.columns.items()}
        filled = [name for name, cell in cells.items() if not isinstance(cell, str) or cell.strip()]
        unsaved = any((at, column) in sheet.scan.unsaved for column in header.columns.values())
        if not filled and not unsaved:
            continue
        place = _Place(book.shown, sheet, at, header, problems)
        number = not isinstance(cells["value"], str)
        if not number and any(isinstance(cell, str) and cell.strip().upper() == "END" for cell in cells.values()):
            ended = at + 1
        elif ended and number:
            place.tell("value", "a factor below END", f"nothing below the END row {ended}", "Use it as published")
            return
        elif len(filled) == 1 and not number and not unsaved:
            place.tell(filled[0], str(cells[filled[0]]), "a factor; passed over as a remark", warning=True)
        elif not ended:
            yield _flat_row(cells, place, units)


def _ends(sheet: Sheet, header: _Header) -> bool:
    """Whether a row END closes the table."""
    below = sheet.rows[header.row + 1 :]
    return any(isinstance(cell, str) and cell.strip().upper() == "END" for row in reversed(below) for cell in row)


@dataclass(frozen=True)
class _Place:
    """One row of the sheet, for problems."""

    shown: str
    sheet: Sheet
    at: int
    header: _Header
    problems: Problems

    def tell(self, name: str, found: object, expected: str, remedy: str = "", *, warning: bool = False) -> None:
        cell = _address(self.at, self.header.columns[name])
        self.problems.add(self.shown, found, expected, remedy, sheet=self.sheet.name, cell=cell, warning=warning)


def _flat_row(cells: dict[str, Any], place: _Place, units: dict[str, bool]) -> FlatRow:
    for name, column in place.header.columns.items():
        where = (place.at, column)
        if where in place.sheet.scan.errors:
            place.tell(name, place.sheet.scan.errors[where], "a value, not an error", "Use the workbook as published")
        elif where in place.sheet.scan.unsaved:
            place.tell(name, "a formula without a value", "a saved value", "Open it, let it calculate, save it")
    labels = tuple(_label(cells[name], name, place) for name in LABELS)
    if not _SCOPE.fullmatch(labels[0]):
        place.tell("scope", labels[0] or "no scope", "Scope 1, Scope 2, Scope 3 or Outside of Scopes", _THIS)
    if not labels[1]:
        place.tell("level1", "no Level 1", "a category", _THIS)
    _check_unit(labels[-1], place, units)
    source_id = _label(cells["source_id"], "source_id", place) if "source_id" in cells else ""
    return FlatRow(place.at + 1, source_id, labels, _label(cells["ghg"], "ghg", place), _value(cells["value"], place))


def _label(cell: Any, name: str, place: _Place) -> str:
    """A label as text. The number 0 is what an empty cell becomes behind a formula: it is no label."""
    if isinstance(cell, str):
        return tidy(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return "" if cell == 0 else number_text(float(cell))
    place.tell(name, f"a value of kind {type(cell).__name__} ({cell})", "text", "Use the workbook as published")
    return ""


def _value(cell: Any, place: _Place) -> float | str | None:
    """A number, None for a blank, or the text (which is sorted out, or refused, when rows are gathered)."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float, str)):
        place.tell(
            "value", f"a value of kind {type(cell).__name__} ({cell})", "a number", "Format the cell as a number"
        )
        return None
    if isinstance(cell, str):
        return cell.strip() or None
    if cell != cell or cell in (float("inf"), float("-inf")):
        place.tell("value", str(cell), "a finite number", "Use the workbook as published")
    elif cell < 0:
        place.tell("value", number_text(float(cell)), "a factor that is not negative; kept as printed", warning=True)
    return float(cell)


def _check_unit(text: str, place: _Place, known: dict[str, bool]) -> None:
    """Tell of an unknown unit at its first row only."""
    if text in known:
        return
    try:
        unit(text)
        known[text] = True
    except UnitError as error:
        known[text] = False
        choices = ", ".join(error.choices[:6]) if error.choices else "a unit of natcap.core.units"
        place.tell("uom", text or "no unit", choices, "If the unit is new, add its spelling to factors/units")


def _front(
    book: Book, others: Sequence[Sequence[Sequence[Any]]], header: _Header, problems: Problems
) -> dict[str, str]:
    found = read_front(others)
    texts = dict.fromkeys(("version", "year", "status", "updated", "valid until", "factor set"), "")
    for name, value in found.items():
        text, real = day_text(value)
        texts[name] = text
        if name in ("updated", "valid until") and not real:
            problems.add(book.shown, text, f"{name}: a day of the calendar; kept as printed", warning=True)
    if not texts["version"]:
        texts["version"] = "unstated"
        problems.add(book.shown, "no Version on a front page", "Version: and a number", warning=True)
    if re.fullmatch(r"\d{4}", texts["year"]) and header.year and texts["year"] != str(header.year):
        problems.add(book.shown, f"the year {texts['year']} on the front page",
                     f"{header.year}, the year of the value column", "Ask the publisher which is right")  # fmt: skip
    return texts


def _year(text: str, book: Book, problems: Problems) -> int:
    """The year of the front page, for a value column whose header does not name one."""
    if not re.fullmatch(r"\d{4}", text):
        problems.add(book.shown, "no year", "a year in the header of the value column or on a front page", _THIS)
        problems.raise_if_any()
    return int(text)
