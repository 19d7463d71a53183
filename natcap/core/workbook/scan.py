"""Scan the XML of a sheet as bytes: how far it reaches, what is hidden, what has an error or no saved value.

A regular expression over bytes costs a fifth of an XML parser. Where a sheet is written in an unusual but legal way
(prefixed tags, cells without addresses) a slower walk over the tags gives the same answers; when in doubt the scan
counts more than a reader would, never less.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

__all__ = [
    "Refused", "SheetScan", "address", "column_letters", "column_number", "scan_sheet", "scan_spreadsheet_document",
    "shared_text_size",
]  # fmt: skip

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
_REMEDY = "Delete the empty rows and columns below and beside the table, and save again."


class Refused(Exception):
    """A workbook that must not be opened, with the words for the person who sent it."""

    def __init__(self, found: str, expected: str, remedy: str, sheet: str = "", cell: str = "") -> None:
        super().__init__(found)
        self.found, self.expected, self.remedy, self.sheet, self.cell = found, expected, remedy, sheet, cell


@dataclass(frozen=True, slots=True)
class SheetScan:
    """What the XML of one sheet says. Rows and columns count from 0; `hidden_*` hold positions, not addresses."""

    cells: int = 0
    rows: int = 0
    columns: int = 0
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    unsaved: frozenset[tuple[int, int]] = frozenset()
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


def column_letters(column: int) -> str:
    """0 -> "A", 25 -> "Z", 26 -> "AA"."""
    text, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_number(letters: str) -> int:
    """ "A" -> 0, "XFD" -> 16383."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number - 1


def address(row: int, column: int) -> str:
    """(0, 0) -> "A1"."""
    return f"{column_letters(column)}{row + 1}"


def _place(reference: bytes) -> tuple[int, int]:
    letters = reference.rstrip(b"0123456789")
    return int(reference[len(letters) :]) - 1, column_number(letters.decode("ascii"))


_CELL = re.compile(rb'<c r="([A-Z]{1,3}[1-9][0-9]{0,9})"')
_FILLED = re.compile(rb'<c r="([A-Z]{1,3}[1-9][0-9]{0,9})"(?:\s[\w:]+="[^"]*")*\s*>')
_PLAIN_ROWS, _PLAIN_COLUMNS = 199_999, 26
_SURVEYED = 1 << 18
"""Bytes looked at together: they and what numpy makes of them stay in the processor's cache."""
_ROW = re.compile(rb'<row r="(\d{1,12})"')
_ANY = re.compile(rb"<(?:[A-Za-z_][\w.\-]*:)?(row|c)(?=[\s/>])([^>]*)")
_REFERENCE = re.compile(rb"""(?:^|[\s:])r\s*=\s*["']\s*([A-Za-z]*)(\d+)""")


def _extent(data: bytes, cells: int, fits: Callable[[int, int], bool]) -> tuple[int, int]:
    """(rows, columns) counted from A1, the quick way for the usual layout.

    Cells far out that carry a format and no value are common in honest workbooks, and readers pass over them.
    """
    found = _CELL.findall(data)
    if cells > len(found):  # another layout, or only texts that look like it
        return _walk(data)
    rows, columns = _bounds(found, max((int(r) for r in _ROW.findall(data)), default=0))
    if not fits(rows, columns) and rows <= LAST_ROW and columns <= LAST_COLUMN:
        return _bounds(_FILLED.findall(data), 0)
    return rows, columns


def _survey(data: bytes, start: int, end: int, most: int) -> tuple[int, bool]:
    """(cells, whether they and all rows are written in the usual way and lie in the plain box), by array operations.

    Tags with a prefix count as cells and are not the usual way. Counting stops beyond `most`.
    """
    text = np.frombuffer(data, dtype=np.uint8)
    cells, plain = 0, end + 24 <= len(data)
    for top in range(start, end, _SURVEYED):
        part = text[top : min(top + _SURVEYED, end) + 1]
        opens, letter = part[:-1] == 60, part[1:] == 99
        at = np.flatnonzero(opens & letter) + top
        prefixed = int(np.count_nonzero((part[:-1] == 58) & letter))
        cells += len(at) + prefixed
        if cells > most:
            break
        rows = np.flatnonzero(opens & (part[1:] == 114)) + top
        plain = plain and not prefixed and _in_box(text, at, b' r="', 1) and _in_box(text, rows, b'ow r="', 0)
    return cells, plain


def _in_box(text: np.ndarray, at: np.ndarray, lead: bytes, letters: int) -> bool:
    """Whether `lead` follows two bytes after each place, then so many letters, then 1 to 199999 (no zero before it)."""
    for place, sign in enumerate(lead, 2):
        if (text.take(at + place) != sign).any():
            return False
    if letters and (text.take(at + 2 + len(lead)) - 65 >= _PLAIN_COLUMNS).any():
        return False
    at = at + 2 + len(lead) + letters
    first = text.take(at)
    if (first - 49 >= 9).any():
        return False
    open_ = np.ones(len(at), dtype=bool)
    for place in range(1, 6):
        digit = text.take(at + place)
        open_ &= digit != 34
        if (open_ & (digit - 48 >= 10)).any():
            return False
    return bool(((first[open_] == 49) & (text.take(at[open_] + 6) == 34)).all())


def _bounds(found: list[bytes], rows: int) -> tuple[int, int]:
    if not found:
        return rows, 0
    widths = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    matrix = np.array(found, dtype=f"S{int(widths.max())}").view(np.uint8).reshape(len(found), -1)
    letters = matrix >= 65
    column = np.zeros(len(found), dtype=np.int64)
    row = np.zeros(len(found), dtype=np.int64)
    for place in range(matrix.shape[1]):
        byte, is_letter = matrix[:, place].astype(np.int64), letters[:, place]
        column = np.where(is_letter, column * 26 + byte - 64, column)
        row = np.where((byte >= 48) & ~is_letter, row * 10 + byte - 48, row)
    return max(rows, int(row.max())), int(column.max())


def _walk(data: bytes) -> tuple[int, int]:
    """The same for any legal layout: tags with a prefix, cells and rows without an address."""
    row = column = last_row = last_column = 0
    for match in _ANY.finditer(data):
        reference = _REFERENCE.search(match[2])
        if match[1] == b"row":
            row, column = (int(reference[2]) if reference else row + 1), 0
        elif reference:
            row = int(reference[2]) or row
            column = column_number(reference[1].decode("ascii")) + 1
        else:
            column += 1
        last_row, last_column = max(last_row, row), max(last_column, column)
    return last_row, last_column


def scan_sheet(data: bytes, most_cells: int, most_box: int, most_merged: int) -> SheetScan:
    """Scan one sheet; raises Refused when a reader would need more room than the limits allow."""
    start, end = max(data.find(b"sheetData"), 0), data.rfind(b"sheetData")
    cells, plain = _survey(data, start, end, most_cells)
    plain = plain and b"<c r=" not in data[:start] and b"<c r=" not in data[end:]
    if cells > most_cells:
        raise Refused(f"a sheet of {cells:,} cells", f"at most {most_cells:,}", "Save the table alone as .csv.")

    def fits(rows: int, columns: int) -> bool:
        return rows <= LAST_ROW and columns <= LAST_COLUMN and rows * columns <= most_box

    rows, columns = _PLAIN_ROWS, _PLAIN_COLUMNS
    if not cells or not fits(rows, columns) or not plain:
        rows, columns = _extent(data, cells, fits)
    if not fits(rows, columns):
        far = address(rows - 1, columns - 1) if 0 < columns < 100_000 else f"row {rows:,}"
        raise Refused(f"a sheet that reaches to {far}", f"a table of at most {most_box:,} cells", _REMEDY)
    # One letter or sign that a word or tag must have is found far faster than the whole of it.
    inside = start + len(b"sheetData")
    hidden = b"hidden=" in data[:start] or (
        data.find(b"h", inside, end) >= 0 and data.find(b"hidden=", inside, end) >= 0
    )
    return SheetScan(
        cells,
        rows,
        columns,
        _hidden_rows(data) if hidden else frozenset(),
        _hidden_columns(data) if hidden else frozenset(),
        _merged(data[end:], most_merged),
        _unsaved(data) if data.find(b"f", start, end) >= 0 else frozenset(),
        _errors(data) if data.find(b"#", start, end) >= 0 else {},
    )


_HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*\bhidden="(?:1|true)"[^>]*>')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w+:)?col\s[^>]*\bhidden="(?:1|true)"[^>]*>')
_MIN_MAX = re.compile(rb'\b(min|max)="(\d{1,9})"')
_MERGE = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]*\bref=[\"']\$?([A-Za-z]{1,6})\$?(\d{1,12})(?::\$?([A-Za-z]{1,6})\$?(\d{1,12}))?"
)


def _hidden_rows(data: bytes) -> frozenset[int]:
    rows = (re.search(rb'\br="(\d{1,9})"', tag) for tag in _HIDDEN_ROW.findall(data))
    return frozenset(int(row[1]) - 1 for row in rows if row)


def _hidden_columns(data: bytes) -> frozenset[int]:
    hidden: set[int] = set()
    for tag in _HIDDEN_COLUMN.findall(data):
        ends = dict(_MIN_MAX.findall(tag))
        first, last = int(ends.get(b"min", 1)), min(int(ends.get(b"max", 0)), LAST_COLUMN)
        hidden.update(range(first - 1, last))
    return frozenset(hidden)


def _merged(data: bytes, most: int) -> tuple[tuple[int, int, int, int], ...]:
    """Merged ranges (top, left, bottom, right). Refuses more than `most`, and one far larger than the table."""
    if b"mergeCell" not in data:
        return ()
    found = []
    for left, top, right, bottom in _MERGE.findall(data):
        box = (
            int(top) - 1,
            column_number(left.decode()),
            int(bottom or top) - 1,
            column_number((right or left).decode()),
        )
        if box[2] >= LAST_ROW or (box[2] - box[0] + 1) * (box[3] - box[1] + 1) > 1_000_000:
            name = f"{address(box[0], box[1])}:{(right or left).decode()}{int(bottom or top)}"
            raise Refused(f"a merged range {name}", "merged cells within a table", "Unmerge the cells and save again.")
        found.append(box)
        if len(found) > most:
            raise Refused(f"more than {most:,} merged ranges", "a plain table", "Unmerge the cells and save again.")
    return tuple(found)


_FORMULA = re.compile(
    rb'<(?:\w+:)?c\s[^>]*\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*'
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</"
)
_PROGRAM = re.compile(rb"<(?:\w+:)?f(?:\s[^>]*)?>[^<\"]*\|[^<]*!")
_ERROR = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3}\d{1,7})"[^>]*>'
    rb"(?:\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>))?\s*<(?:\w+:)?v>([^<]{1,20})<"
)


def _unsaved(data: bytes) -> frozenset[tuple[int, int]]:
    """Cells with a formula but no saved value; a text result ("t='str'" with an empty v) counts as saved."""
    if b"<f" not in data and b":f" not in data:
        return frozenset()
    if b"|" in data and _PROGRAM.search(data):
        raise Refused("a formula that calls another program", "formulas of cells only", "Delete the formula.")
    return frozenset(_place(m[1]) for m in _FORMULA.finditer(data) if b't="str"' not in m[0])


def _errors(data: bytes) -> dict[tuple[int, int], str]:
    if b't="e"' not in data:
        return {}
    return {_place(m[1]): m[2].decode("utf-8", "replace") for m in _ERROR.finditer(data)}


_SHARED = re.compile(rb"""\bt=["']s["'][^>]*>\s*<(?:\w+:)?v>(\d{1,9})<""")
_TEXT_TYPE = re.compile(rb"""\bt\s*=\s*["']\s*s\s*["']""")
_ITEM = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")


def shared_text_size(strings: bytes, cells: int, sheets: Callable[[], Iterable[bytes]]) -> int:
    """Bytes that all text cells need once each holds its own copy of its shared text, or a bound above that.

    The exact sum needs the sheets again, so it is taken only when the bound is large.
    """
    longest = max(map(len, strings.split(b"</si>")))
    if longest * cells < 500_000_000:
        return longest * cells
    ends = np.array([0, *(m.end() for m in _ITEM.finditer(strings))], dtype=np.int64)
    lengths = np.diff(ends)
    total = 0
    for data in sheets():
        found = np.array(_SHARED.findall(data), dtype="S9").astype(np.int64)
        loose = len(_TEXT_TYPE.findall(data)) - len(found)
        total += int(lengths[found[found < lengths.size]].sum()) + longest * loose
    return total


_REPEAT = re.compile(rb"<table:(table-cell|covered-table-cell|table-row)\b([^>]*)>")
_TIMES = re.compile(rb'number-(?:columns|rows)-repeated="(\d{1,12})"')


def scan_spreadsheet_document(data: bytes, most_cells: int) -> None:
    """Refuse an .ods whose filled cells, counted with their repetitions, are more than `most_cells`."""
    total = in_row = 0
    times = 1
    for match in _REPEAT.finditer(data):
        repeat = _TIMES.search(match[2])
        number = int(repeat[1]) if repeat else 1
        if match[1] == b"table-row":
            total, in_row, times = total + in_row * times, 0, number
        elif b"office:value-type" in match[2] or b"table:formula" in match[2]:
            in_row += number
    if total + in_row * times > most_cells:
        raise Refused(f"a workbook of {total + in_row * times:,} cells", f"at most {most_cells:,}", _REMEDY)
