"""A sheet of areas as somebody laid it out: the header row, columns by what they hold, and the unit of each number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from natcap.accounts.landcover.attributes import open_book
from natcap.accounts.margins import UNIT_AREA
from natcap.core.numbers import NumberError, number
from natcap.core.problems import Problems, did_you_mean
from natcap.core.units import UnitError, convert, unit
from natcap.core.workbook.find import IGNORED_SHEETS
from natcap.core.workbook.model import header_key, header_unit
from natcap.core.workbook.scan import SheetScan, address

__all__ = [
    "DEEPEST",
    "Area",
    "Sheet",
    "area_of",
    "bare_label",
    "has_columns",
    "judge_cells",
    "open_sheet",
    "unit_in",
    "words",
]

DEEPEST = 60
"""Rows from the top among which a header is looked for."""
_UNITS = "hectares (ha), square kilometres (km2), square metres (m2) or acres"
_UNIT_REMEDY = "Write the unit in the header, such as Area (ha), or in a column unit, or set area_unit in [choices]"


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
        """A problem of one area, which may stand on another sheet of the same file."""
        self.problems.add(self.shown, found, expected, remedy, sheet=area.sheet, cell=area.cell)

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


def open_sheet(path: Path, shown: str, name: str, fields: Mapping[str, frozenset[str]], problems: Problems
               ) -> Sheet | None:  # fmt: skip
    """Find the table: on the sheet `name`, or on the only sheet whose headers name fields. None where it is not clear.

    `fields` are the accepted headers of each field, as `words` makes them; units in brackets do not count.
    """
    book = open_book(path, problems, shown)
    if book is None:
        return None
    names = [sheet.name for sheet in book.sheets]
    if name and book.sheet(name) is None:
        problems.add(shown, f"no sheet {name!r}", f"one of {', '.join(names)}", did_you_mean(name, names),
                     cell="choices.table_sheet")  # fmt: skip
        return None
    chosen = [sheet for sheet in book.sheets if not name or sheet is book.sheet(name)]
    chosen = [sheet for sheet in chosen if name or sheet.name.strip().casefold() not in IGNORED_SHEETS]
    found = [(sheet, best) for sheet in chosen if not sheet.hidden and (best := _header(sheet.rows, fields))]
    if len(found) != 1:
        many = f"a table on {len(found)} sheets" if found else "no row of headers that is known"
        known = ", ".join(fields)
        remedy = f"Set table_sheet in [choices] to one of: {', '.join(names)}" if found else f"Known headers: {known}"
        problems.add(shown, many, "one table with a header row", remedy)
        return None
    sheet, (row, columns) = found[0]
    texts = [str(value).strip() for value in sheet.rows[row]]
    rest = {n: text for n, text in enumerate(texts) if text and n not in columns.values()}
    table = Sheet(shown, sheet.name if book.kind != "csv" else "", row, texts, columns, rest, sheet.rows, problems)
    for column, text in rest.items():
        for name_ in _fields_of(text, fields):
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


def _header(rows: Sequence[Sequence[Any]], fields: Mapping[str, frozenset[str]]) -> tuple[int, dict[str, int]] | None:
    """The row that names most fields, and the first column of each."""
    best: tuple[int, dict[str, int]] | None = None
    for place, row in enumerate(rows[:DEEPEST]):
        columns: dict[str, int] = {}
        for column, value in enumerate(row):
            for name in _fields_of(value, fields):
                columns.setdefault(name, column)
        if columns and (best is None or len(columns) > len(best[1])):
            best = place, columns
    return best


def _fields_of(header: Any, fields: Mapping[str, frozenset[str]]) -> list[str]:
    key = header_key(_bare(str(header).strip()), brackets=False)
    return [name for name, known in fields.items() if key and key in known]


def _bare(text: str) -> str:
    """A header without a unit behind a colon, as in "Woodland:ha"."""
    head, colon, tail = text.rpartition(":")
    return head if colon and _is_unit(tail) else text


def _is_unit(text: str) -> bool:
    try:
        return unit(text.strip()).dimension == "area"
    except UnitError:
        return False


def unit_in(header: str) -> str:
    """The unit that a header gives in brackets or behind a colon; empty where it gives none."""
    if _is_unit(header):
        return header
    return header_unit(header) or (header.rpartition(":")[2].strip() if _bare(header) != header else "")


def bare_label(header: str) -> str:
    """A label without the unit behind it: "Arable (ha)" and "Arable:ha" are "Arable"."""
    unit, bare = unit_in(header), header
    for ending in (f"({unit})", f"[{unit}]", f":{unit}", f": {unit}"):
        bare = bare.removesuffix(ending).strip() if unit else bare
    return bare


def _scale(text: str, table: Sheet, cell: str) -> Fraction | None:
    """Units of 0.01 m2 in one of the unit; None, and a problem, where it is no unit of area or could be several."""
    try:
        found = unit(text)
    except UnitError as error:
        table.tell(cell, f"the unit {text!r}", _UNITS, str(error))
        return None
    if found.dimension != "area":
        table.tell(cell, f"the unit {text!r}", _UNITS, f"It is a unit of {found.dimension}, not of area")
        return None
    return Fraction(repr(convert(1.0, found, "m2"))) / Fraction(repr(UNIT_AREA))


def area_of(table: Sheet, row: int, column: int, chosen: str, scales: dict[str, Fraction | None], corner: str = "",
            blank: Any = "") -> Area | None:  # fmt: skip
    """The area in one cell, exactly as written; None, and a problem with its cell, where it is none.

    The unit is that of the header, of the column unit, of the `corner` of a matrix, or the one `chosen` in natcap.toml,
    and of no two of them. `blank` is what an empty cell stands for, where somebody said so.
    """
    cell, value = table.cell(row, column), table.at(row, column)
    value = blank if value == "" and cell not in table.faulty else value
    found = [text for text in (unit_in(table.texts[column]), table.text(row, "unit"), corner, chosen) if text]
    if not found:
        if "" not in scales:
            scales[""] = None
            table.tell(table.cell(table.header, column), "no unit of the areas", _UNITS, _UNIT_REMEDY)
        return None
    for text in found:
        if text not in scales:
            scales[text] = _scale(text, table, cell if text == table.text(row, "unit") else table.cell(table.header,
                                  column))  # fmt: skip
    known = [scales[text] for text in found]
    if None in known:
        return None
    if len(set(known)) > 1:
        table.tell(cell, f"the units {' and '.join(found)} for one area", "one unit", "Correct one of them")
        return None
    return _written(table, cell, value, found[0], known[0])


def _written(table: Sheet, cell: str, value: Any, text: str, scale: Fraction | None) -> Area | None:
    if value == "" and cell in table.faulty:
        return None
    if value == "":
        table.tell(
            cell, "an empty cell", "an area", "Write 0 where there is none; leave the row out where nobody knows"
        )
        return None
    try:
        plain = number(value)
    except NumberError as error:
        table.tell(cell, str(value), "an area, a number", str(error))
        return None
    if plain < 0:
        table.tell(cell, f"the area {plain:,.10g}", "an area of 0 or more", "Areas are never negative; enter a change "
                   "as from and to in a change_table")  # fmt: skip
        return None
    written = Decimal(repr(plain)).normalize()
    size = scale or Fraction(0)
    return Area(written, text, round(Fraction(written) * size), cell, size, table.name)
