"""Find a table in a sheet by its headers: below titles, under one or two header rows, with merged group headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from natcap.core.workbook.book import Book, Sheet
from natcap.core.workbook.headed import agreed, measured
from natcap.core.workbook.model import Field, TableModel, header_key, header_unit

__all__ = ["IGNORED_SHEETS", "Header", "Index", "claims", "find_header", "home_of", "unread"]

IGNORED_SHEETS = frozenset({"guidance", "example", "examples", "lists", "data dictionary"})
"""Sheets of our own templates that hold no input."""
_DEEPEST = 60
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

    @property
    def matched(self) -> int:
        return len(self.columns)


def _texts(row: Sequence[Any]) -> list[str]:
    return [value.strip() if isinstance(value, str) else "" for value in row]


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
    _by_unit(index, header)
    return header


def _by_unit(index: Index, header: Header) -> None:
    """Columns headed by a unit alone, "kWh" or "Litres used", are the quantity where no other column is.

    Beside a quantity that says no unit such a column leaves in doubt which of the two counts, and is a second one.
    Of two columns of which one is money, the other is the quantity.
    """
    for item in index.model.fields:
        if not item.unit_field or item.kind != "number":
            continue
        units = index.model.field(item.unit_field)
        _without_money(header, item, units)
        found = [(text, at, unit) for text, at in header.unknown if (unit := measured(units, text))]
        if item.name not in header.columns and len(found) == 1:
            text, at, unit = found[0]
            header.columns[item.name] = at
            header.units[item.unit_field] = (unit, at)
            header.unknown.remove((text, at))
        elif item.name in header.columns and item.unit_field not in {*header.columns, *header.units}:
            header.repeated.extend((item.name, at) for _, at, _ in found[:1])


def _without_money(header: Header, item: Field, units: Field) -> None:
    """Where a quantity stands in two columns and one of them is in a unit it cannot have, that one is set aside."""
    at = header.columns.get(item.name)
    others = [column for name, column in header.repeated if name == item.name]
    if at is None or not others:
        return
    fits = [c for c in (at, *others) if (text := header_unit(header.texts[c])) and agreed(units, text)]
    money = [c for c in (at, *others) if _is_money(header_unit(header.texts[c]))]
    if len(fits) == 1 and len(fits) + len(money) == 1 + len(others):
        header.columns[item.name] = fits[0]
        header.units[item.unit_field] = (header_unit(header.texts[fits[0]]), fits[0])
        header.repeated = [entry for entry in header.repeated if entry[0] != item.name]
        header.unknown.extend((header.texts[c], c) for c in money)


def _is_money(text: str) -> bool:
    from natcap.core.units import UnitError, unit

    try:
        return unit(text).dimension.startswith("money")
    except UnitError:
        return False


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
            if found.matched and (best is None or found.matched > best.matched or _plainer(found, best)):
                best = found
    return best


def _plainer(found: Header, best: Header) -> bool:
    """Whether a row alone says all that it says under the row above: that was a title, and is no part of the names."""
    return (found.first, found.row) == (best.first, best.row + 1) and (found.columns, found.units) == (
        best.columns, best.units
    )  # fmt: skip


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


def home_of(book: Book, model: TableModel) -> Sheet | None:
    """The sheet that bears the table's name or a synonym of it."""
    return next((sheet for name in (model.sheet, *model.synonyms) if (sheet := book.sheet(name))), None)


def _fits(header: Header, model: TableModel) -> bool:
    required = [f.name for f in model.fields if f.required]
    return header.matched > 1 and 2 * sum(name in header.columns for name in required) >= len(required)
