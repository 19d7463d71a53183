"""Find a table in a sheet by its headers: below titles, under one or two header rows, with merged group headers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from natcap.core.workbook.book import Book, Sheet
from natcap.core.workbook.headed import agreed
from natcap.core.workbook.model import Field, TableModel, header_key, header_unit

__all__ = ["IGNORED_SHEETS", "Header", "Index", "claims", "find_header", "home_of", "passed_by", "unread"]

IGNORED_SHEETS = frozenset({"guidance", "example", "examples", "lists", "data dictionary"})
"""Sheets of our own templates that hold no input."""
_DEEPEST = 60
_NEAR = 0.7
"""How alike two names of sheets are that may be one, as difflib measures it."""
_USED = re.compile(r"\b(?:total|used|consumed)\b", re.IGNORECASE)
"""Words beside a unit in a header that say nothing of their own: "Total kWh used"."""
_NOT_UNITS = frozenset({"", "required", "optional", "if any", "if known"})


class Index:
    """Accepted headers of one model, as compared. `mapping` sends foreign headers to field names."""

    def __init__(self, model: TableModel, mapping: Mapping[str, str] | None = None) -> None:
        self.model = model
        self.full: dict[str, Field] = {}
        self.bare: dict[str, Field] = {}
        for item in model.fields:
            for text in item.headers:
                self.full.setdefault(header_key(text), item)
                self.bare.setdefault(header_key(text, brackets=False), item)
        for text, name in (mapping or {}).items():
            if name in {f.name for f in model.fields}:
                self.full[header_key(text)] = model.field(name)

    def match(self, text: str) -> tuple[Field | None, str]:
        """(field, the unit in the header where it is not the field's own) for one header text."""
        found = self.full.get(header_key(text))
        if found or not text:
            return found, ""
        found = self.bare.get(header_key(text, brackets=False))
        if found is None:
            return None, ""
        theirs, ours = header_unit(text), header_unit(found.label)
        if theirs.casefold() in _NOT_UNITS or not ours or found.unit_field or _same_unit(theirs, ours):
            return found, ""
        return found, theirs

    def measured(self, text: str) -> tuple[Field | None, str]:
        """(quantity, unit) of a header that is a unit alone ("kWh"), or a known one with a unit at an end of it."""
        words = _USED.sub(" ", text).split()
        items = [f for f in self.model.fields if f.unit_field and self.model.field(f.unit_field).dimension]
        for item in items:
            for cut in range(len(words)):
                for rest, unit in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
                    known = (not rest and len(items) == 1) or self.full.get(header_key(" ".join(rest))) is item
                    if unit and known and agreed(self.model.field(item.unit_field), " ".join(unit)):
                        return item, " ".join(unit)
        return None, ""


def _is_unit(text: str) -> bool:
    from natcap.core.units import UnitError, unit

    try:
        return bool(unit(text))
    except UnitError as error:
        return bool(error.choices)  # an ambiguous unit is one, and is asked about


def _same_unit(first: str, second: str) -> bool:
    if header_key(first) == header_key(second):
        return True
    from natcap.core.units import UnitError, unit

    try:
        return bool(unit(first).id == unit(second).id)
    except UnitError:
        return False


@dataclass
class Header:
    """Where a table starts. `columns` gives the sheet column of each field found; rows and columns count from 0."""

    row: int
    first: int
    texts: list[str]
    columns: dict[str, int] = field(default_factory=dict)
    repeated: list[tuple[str, int]] = field(default_factory=list)
    wrong_units: list[tuple[str, int, str]] = field(default_factory=list)
    units: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Unit in the brackets of a quantity's header, and its column, by the field that holds the unit."""
    unknown: list[tuple[str, int]] = field(default_factory=list)
    rivals: dict[str, list[str]] = field(default_factory=dict)
    """Headers of which each could be the field's: several units, none of them named."""

    @property
    def matched(self) -> int:
        return len(self.columns)


def _texts(row: Sequence[Any]) -> list[str]:
    """The texts of a row; a date stands for itself as 2025-01-31, for months that are headers are often dates."""
    return [
        value.strip() if isinstance(value, str) else value.isoformat()[:10] if isinstance(value, date) else ""
        for value in row
    ]


def _spread(texts: list[str], row: int, merged: Sequence[tuple[int, int, int, int]]) -> list[str]:
    """The row with the text of each merged range in all of its columns."""
    out = list(texts)
    for top, left, bottom, right in merged:
        if top <= row <= bottom and left < len(out) and (text := out[left]):
            for column in range(left, min(right, len(out) - 1) + 1):
                out[column] = out[column] or text
    return out


def _over(group: list[str], sub: list[str], carry: bool) -> list[str]:
    """Group headers joined with the sub headers below; where none is merged, carried to the right over their blanks."""
    joined, current = [], ""
    for column, text in enumerate(sub):
        above = group[column] if column < len(group) else ""
        current = above or (current if text and carry else "")
        joined.append(" ".join(part for part in (current, text) if part))
    return joined


def _assign(index: Index, row: int, first: int, options: list[list[str]]) -> Header:
    """Match every column by the first of its texts (joined, sub, group) that is known."""
    width = max(len(texts) for texts in options)
    header = Header(row, first, [""] * width)
    for column in range(width):
        texts = [t[column] for t in options if column < len(t) and t[column]]
        if not texts:
            continue
        header.texts[column] = texts[0]
        text, (found, unit) = next(((t, m) for t in texts if (m := index.match(t))[0]), (texts[0], (None, "")))
        if found is None:
            header.unknown.append((text, column))
        elif found.name in header.columns:
            header.repeated.append((found.name, column))
        else:
            header.columns[found.name] = column
            if found.unit_field and (theirs := header_unit(text)) and _is_unit(theirs):
                header.units[found.unit_field] = (theirs, column)
            if unit:
                header.wrong_units.append((text, column, found.label))
    _measured(index, header)
    return header


def _measured(index: Index, header: Header) -> None:
    """A quantity without a column of its name takes the one whose header is a unit, where there is only one.

    Two other headers must be known: a row of the table has units in its cells too.
    """
    found: dict[str, list[tuple[str, int, str]]] = {}
    for text, column in header.unknown if header.matched > 1 else ():
        item, unit = index.measured(text)
        if item and item.name not in header.columns:
            found.setdefault(item.name, []).append((text, column, unit))
        elif item and item.unit_field not in {*header.columns, *header.units}:
            header.repeated.append((item.name, column))  # beside a quantity in no unit it leaves in doubt which counts
    for name, columns in found.items():
        if len(columns) > 1:
            header.rivals[name] = [text for text, _, _ in columns]
            continue
        ((text, column, unit),) = columns
        header.columns[name] = column
        header.unknown.remove((text, column))
        header.units[index.model.field(name).unit_field] = (unit, column)


def find_header(sheet: Sheet, index: Index) -> Header | None:
    """The header row that names most fields; None when no row names any."""
    rows = sheet.rows[: _DEEPEST + 1]
    best: Header | None = None
    for number, row in enumerate(rows[:_DEEPEST]):
        texts = _texts(row)
        if not any(texts):
            continue
        above = _spread(texts, number, sheet.scan.merged)
        tries = [_assign(index, number, number + 1, [texts])]
        if number + 1 < len(rows):
            sub = _texts(rows[number + 1])
            if all(isinstance(v, str) for v in rows[number + 1]):
                group = [a if a and (column >= len(sub) or not sub[column]) else "" for column, a in enumerate(above)]
                across = any(t <= number <= b and right > left for t, left, b, right in sheet.scan.merged)
                tries.append(_assign(index, number, number + 2, [_over(above, sub, not across), sub, group]))
        for found in tries:
            if found.matched and (best is None or _better(found, best)):
                best = found
    return best


def _better(found: Header, best: Header) -> bool:
    """More fields; of as many, the one without a title above it, or with the row of units below it."""
    if found.matched != best.matched:
        return found.matched > best.matched
    plain = found.first == best.first and found.row > best.row
    return plain or (found.row == best.row and len(found.units) > len(best.units))


def claims(book: Book, indexes: Mapping[str, Index]) -> dict[str, list[tuple[Sheet, Header]]]:
    """For each table the sheets it is read from: the one of its name, else those whose headers fit it best.

    A sheet belongs to one table only: to the one that it is named for, else to the one with most headers on it, of
    which it must have at least half of the required. A table that is `named` is never found by headers alone.
    """
    found: dict[str, list[tuple[Sheet, Header]]] = {key: [] for key in indexes}
    homes = {key: home for key, index in indexes.items() if (home := home_of(book, index.model))}
    for key, home in homes.items():
        if header := find_header(home, indexes[key]):
            found[key].append((home, header))
    taken = {home.name for home in homes.values()}
    searching = {key: index for key, index in indexes.items() if key not in homes and not index.model.named}
    for sheet in book.sheets:
        if not searching or sheet.name in taken or sheet.name.strip().casefold() in IGNORED_SHEETS:
            continue
        headers = {key: header for key, index in searching.items() if (header := find_header(sheet, index))}
        fitting = {key: header for key, header in headers.items() if _fits(header, indexes[key].model)}
        if fitting:
            best = max(fitting, key=lambda key: fitting[key].matched)
            found[best].append((sheet, fitting[best]))
    return found


def unread(
    book: Book, indexes: Mapping[str, Index], found: Mapping[str, list[tuple[Sheet, Header]]]
) -> Iterator[tuple[TableModel, Sheet, list[Sheet]]]:
    """(table, the sheet it is read from, other sheets with every header it needs), where a name decided alone."""
    taken = {sheet.name for places in found.values() for sheet, _ in places}
    for key, places in found.items():
        model = indexes[key].model
        required = {f.name for f in model.fields if f.required}
        if len(places) != 1 or len(required) < 3 or home_of(book, model) is not places[0][0]:
            continue
        others = [
            sheet for sheet in book.sheets
            if sheet.name not in taken and sheet.name.strip().casefold() not in IGNORED_SHEETS
            and (header := find_header(sheet, indexes[key])) and required <= {*header.columns, *header.units}
        ]  # fmt: skip
        if others:
            yield model, places[0][0], others


def passed_by(
    book: Book, indexes: Mapping[str, Index], found: Mapping[str, list[tuple[Sheet, Header]]]
) -> Iterator[tuple[TableModel, Sheet]]:
    """(table that only its name finds, a sheet of another name that looks like it), where no sheet bears the name.

    It looks like it with every header that is needed, three at least, or with two headers under a name that is near.
    """
    taken = {sheet.name for places in found.values() for sheet, _ in places}
    taken |= {home.name for index in indexes.values() if (home := home_of(book, index.model))}
    for key, index in indexes.items():
        model = index.model
        if not model.named or found.get(key) or home_of(book, model) is not None:
            continue
        required = {f.name for f in model.fields if f.required}
        for sheet in book.sheets:
            if sheet.name in taken or sheet.name.strip().casefold() in IGNORED_SHEETS:
                continue
            header = find_header(sheet, index)
            if header is None:
                continue
            whole = len(required) > 2 and required <= {*header.columns, *header.units}
            if whole or (header.matched > 1 and _near(sheet.name, model)):
                yield model, sheet


def _near(name: str, model: TableModel) -> bool:
    texts = (model.sheet, *model.synonyms)
    return any(SequenceMatcher(None, name.strip().casefold(), t.casefold()).ratio() >= _NEAR for t in texts)


def home_of(book: Book, model: TableModel) -> Sheet | None:
    """The sheet that bears the table's name or a synonym of it."""
    return next((sheet for name in (model.sheet, *model.synonyms) if (sheet := book.sheet(name))), None)


def _fits(header: Header, model: TableModel) -> bool:
    required = [f.name for f in model.fields if f.required]
    return header.matched > 1 and 2 * sum(name in header.columns for name in required) >= len(required)
