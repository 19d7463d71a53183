"""A sheet of areas as somebody laid it out: the header row, columns by what they hold, and the unit of each number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from natcap.accounts.landcover.attributes import open_book
from natcap.accounts.landcover.heads import bare_label
from natcap.accounts.landcover.zoneheads import place_zones, zone_head
from natcap.core.problems import Problems, did_you_mean
from natcap.core.workbook.find import IGNORED_SHEETS
from natcap.core.workbook.model import header_key
from natcap.core.workbook.scan import SheetScan, address

__all__ = [
    "DEEPEST",
    "Area",
    "Sheet",
    "has_columns",
    "judge_cells",
    "open_sheet",
    "words",
]

_ZONES = ("zone", "zone_name")
DEEPEST = 60
"""Rows from the top among which a header is looked for."""


@dataclass(frozen=True)
class Area:
    """One area of a table: exact as written, in whole units of 0.01 m2, with the place it came from.

    `scale` is the number of such units in one unit of the table.
    """

    written: Decimal
    unit: str
    units: int
    cell: str
    scale: Fraction
    sheet: str = ""
    shown: str = ""

    @property
    def exact(self) -> Fraction:
        """The area in units of 0.01 m2, not rounded."""
        return Fraction(self.written) * self.scale


@dataclass
class Sheet:
    """A table found on a sheet. `columns` are places by field; `rest` the other headers; rows count from 0."""

    shown: str
    name: str
    header: int
    texts: list[str]
    columns: dict[str, int]
    rest: dict[int, str]
    rows: list[list[Any]]
    problems: Problems = field(repr=False)
    faulty: set[str] = field(default_factory=set)
    """Cells whose formula failed: they are empty, and that has been told."""

    def tell(self, cell: str, found: object, expected: str, remedy: str = "", warning: bool = False) -> None:
        sheet = self.name
        self.problems.add(self.shown, found, expected, remedy, sheet=sheet, cell=cell, warning=warning)

    def tell_of(self, area: Area, found: object, expected: str, remedy: str = "") -> None:
        """A problem of one area, which may stand on another sheet or in another file."""
        self.problems.add(area.shown or self.shown, found, expected, remedy, sheet=area.sheet, cell=area.cell)

    def cell(self, row: int, column: int) -> str:
        return address(row, column)

    def at(self, row: int, column: int) -> Any:
        """A value, texts stripped; empty text where the row is shorter."""
        values = self.rows[row]
        value = values[column] if column < len(values) else ""
        return value.strip() if isinstance(value, str) else value

    def text(self, row: int, name: str) -> str:
        """The text of a field; empty where the table has no such column. A whole number loses its .0."""
        if name not in self.columns:
            return ""
        value = self.at(row, self.columns[name])
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

    def body(self) -> list[int]:
        """Rows that hold something of the table. A lone text below it is a note, passed over and told."""
        found, notes = [], []
        for row in range(self.header + 1, len(self.rows)):
            filled = [value for value in self.rows[row] if str(value).strip()]
            if len(filled) == 1 and isinstance(filled[0], str) and len(self.columns) + len(self.rest) > 2:
                notes.append(row)
            elif filled:
                found.append(row)
        if notes:
            said = ", ".join(str(row + 1) for row in notes[:10])
            self.tell(f"row {said}", "a lone text", "rows of the table", "Passed over.", warning=True)
        return found


def words(texts: Sequence[str]) -> frozenset[str]:
    """Headers as they are compared."""
    return frozenset(header_key(text) for text in texts)


def open_sheet(path: Path, shown: str, name: str, fields: Mapping[str, frozenset[str]], problems: Problems,
               zone: str = "", is_class: Callable[[str], bool] | None = None) -> Sheet | None:  # fmt: skip
    """Find the table: on the sheet `name`, or on the only sheet whose headers name fields. None where it is not clear.

    `fields` are the accepted headers of each field, as `words` makes them; units in brackets do not count. `zone` is
    the header of the column of zones, where somebody named it. A row of nothing but classes (`is_class`) is a header as
    well, of a table without zones.
    """
    book = open_book(path, problems, shown)
    if book is None:
        return None
    names = [sheet.name for sheet in book.sheets]
    if name and book.sheet(name) is None:
        problems.add(shown, f"no {'layer' if book.kind == 'gpkg' else 'sheet'} {name!r}", f"one of {', '.join(names)}",
                     did_you_mean(name, names),                     cell="choices.table_sheet")  # fmt: skip
        return None
    chosen = [sheet for sheet in book.sheets if not name or sheet is book.sheet(name)]
    chosen = [sheet for sheet in chosen if name or sheet.name.strip().casefold() not in IGNORED_SHEETS]
    seen = [sheet for sheet in chosen if not sheet.hidden]
    found = [(sheet, best) for sheet in seen if (best := _header(sheet.rows, fields, zone))]
    if not found and is_class is not None:
        found = [(sheet, best) for sheet in seen if (best := _class_header(sheet.rows, is_class))]
    if len(found) != 1:
        of = "layers" if book.kind == "gpkg" else "sheets"
        many = f"a table on {len(found)} {of}" if found else "no row of headers that is known"
        known = ", ".join(fields)
        choose = ", ".join(sheet.name for sheet, _ in found)
        remedy = (f"Set table_sheet in [choices] to one of: {choose}" if found else f"Known headers: {known}. Where "
                  "another header stands over the zones, name it as table_zone in [choices]")  # fmt: skip
        problems.add(shown, many, "one table with a header row", remedy)
        return None
    sheet, (row, columns) = found[0]
    texts = [str(value).strip() for value in sheet.rows[row]]
    plain = {name_: n for n in range(len(texts) - 1, -1, -1) for name_ in _plain_fields(texts[n], fields)}
    title = sheet.name if book.kind != "csv" else ""
    place_zones(texts, row, columns, {k: n for k, n in plain.items() if k in _ZONES}, zone, (shown, title), problems)
    rest = {n: text for n, text in enumerate(texts) if text and n not in columns.values()}
    table = Sheet(shown, title, row, texts, columns, rest, sheet.rows, problems)
    for column, text in rest.items():
        for name_ in _plain_fields(text, fields):
            if zone and name_ in _ZONES:
                continue
            first = address(row, columns[name_])
            table.tell(address(row, column), f"a second column {name_}, {text!r}", f"each once (first in {first})",
                       "Rename or delete the one that does not count")  # fmt: skip
    judge_cells(table, sheet.scan)
    return table


def judge_cells(table: Sheet, scan: SheetScan) -> None:
    """Tell hidden rows, errors and formulas without a value of the sheet on which a table stands."""
    if hidden := len(scan.hidden_rows & set(range(table.header + 1, len(table.rows)))):
        table.tell(
            "", f"the {hidden} hidden rows", "all in sight", "They were read. Delete what should not count.", True
        )
    for (r, c), error in sorted(scan.errors.items()):
        table.tell(address(r, c), f"the error {error}", "a value", "Correct the formula.")
    table.faulty |= {address(r, c) for r, c in (*scan.errors, *scan.unsaved)}
    for r, c in sorted(scan.unsaved):
        table.tell(
            address(r, c), "a formula without a saved value", "a value", "Open the file, calculate, and save it."
        )


def has_columns(sheet: Any, fields: Mapping[str, frozenset[str]], names: Sequence[str]) -> bool:
    """Whether a row of a sheet of a workbook names all these fields."""
    found = _header(sheet.rows, fields)
    return found is not None and set(names) <= found[1].keys()


def _header(rows: Sequence[Sequence[Any]], fields: Mapping[str, frozenset[str]], zone: str = ""
            ) -> tuple[int, dict[str, int]] | None:  # fmt: skip
    """The row that names most fields, and the first column of each."""
    best: tuple[int, dict[str, int]] | None = None
    for place, row in enumerate(rows[:DEEPEST]):
        columns: dict[str, int] = {}
        for column, value in enumerate(row):
            names = _plain_fields(value, fields) or [name for name in (zone_head(value)[0],) if name in fields]
            for name in ["zone"] if zone and header_key(value) == header_key(zone) else names:
                columns.setdefault(name, column)
        if columns and (best is None or len(columns) > len(best[1])):
            best = place, columns
    return best


def _class_header(rows: Sequence[Sequence[Any]], is_class: Callable[[str], bool]
                  ) -> tuple[int, dict[str, int]] | None:  # fmt: skip
    """The row that names two classes or more and nothing else, some of them in words: numbers may be areas."""
    for place, row in enumerate(rows[:DEEPEST]):
        texts = [str(value).strip() for value in row if str(value).strip()]
        if len(texts) > 1 and any(re.search("[A-Za-z]", text) for text in texts) and all(map(is_class, texts)):
            return place, {}
    return None


def _plain_fields(header: Any, fields: Mapping[str, frozenset[str]]) -> list[str]:
    """The fields that a header names by one of their words, with or without a unit behind it."""
    text = str(header).strip()
    keys = {header_key(text, brackets=False), header_key(bare_label(text), brackets=False)} - {""}
    return [name for name, known in fields.items() if keys & known]
