"""Where a table ends because another one begins below it: told in one sentence instead of a fault in every cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from natcap.core.workbook.find import Header, Index
from natcap.core.workbook.model import TableModel, header_key

__all__ = ["second_table"]

_LONGEST = 60
_LOOKED = 500
"""Rows without a number that are looked at for headers; a sheet with more of them has other faults."""


def second_table(
    rows: Sequence[Sequence[Any]], header: Header, model: TableModel, indexes: Mapping[str, Index],
    types: Mapping[str, set[type]],
) -> int | None:  # fmt: skip
    """The row (from 0) at which another table begins below that of `header`; None where the table goes on to the end.

    A row begins one when it names at least two columns of a known table in other places than `header` does, or when
    it comes after a blank row, is made of words alone, and words stand where the table has numbers or days. `types`
    are the types of the cells by field: where no number is blank or a word there is nothing to look for.
    """
    kinds = {f.name: f.kind for f in model.fields}
    counted = [name for name in header.columns if kinds[name] in ("number", "integer", "date", "bound")]
    places = [header.columns[name] for name in counted]
    if not any(str in types[name] for name in counted):
        return None
    below = rows[header.first :]
    first = [row[places[0]] if places[0] < len(row) else "" for row in below]
    blank = [p for p, cell in enumerate(first) if cell == "" and not any(value != "" for value in below[p])]
    after = {p + 1 for p in blank if p + 1 < len(below)} - set(blank)
    heads = [p for p in sorted(after) if _worded(below[p]) and _elsewhere(below[p : p + 2], places)]
    lacking = [p for p, cell in enumerate(first) if cell == "" and any(value != "" for value in below[p])]
    heads += [p for p in lacking[:_LOOKED] if _named(below[p], indexes)]
    for at in places:
        cells = first if at == places[0] else [row[at] if at < len(row) else "" for row in below]
        words = {c for c in set(map(_text, cells)) if c[:1].isalpha() and len(c) <= _LONGEST and _known(c, indexes)}
        heads += [p for p, cell in enumerate(cells) if words and type(cell) is str and cell.strip() in words]
    found = [
        p for p in sorted(set(heads)) if not _again(below[p], header) and (p in after or _named(below[p], indexes))
    ]
    return header.first + found[0] if found else None


def _text(cell: Any) -> str:
    return cell.strip() if type(cell) is str else ""


def _known(text: str, indexes: Mapping[str, Index]) -> bool:
    return any(index.match(text)[0] for index in indexes.values())


def _worded(row: Sequence[Any]) -> bool:
    """Whether a row is two words or more and nothing else, none of them with a digit."""
    filled = [cell for cell in row if cell != ""]
    words = all(type(c) is str and len(c) <= _LONGEST and not any(map(str.isdigit, c)) for c in filled)
    return words and len(filled) > 1


def _elsewhere(rows: Sequence[Sequence[Any]], places: Sequence[int]) -> bool:
    """Whether words stand where numbers and days should, or the row below has its numbers in other columns."""
    here = [[row[at] for at in places if at < len(row)] for row in rows]
    if any(_text(cell) for cell in here[0]):
        return True
    return len(rows) > 1 and not any(cell != "" for cell in here[1]) and any(type(c) in (int, float) for c in rows[1])


def _named(row: Sequence[Any], indexes: Mapping[str, Index]) -> bool:
    """Whether a row names two or more columns of one table."""
    texts = [_text(cell) for cell in row]
    return any(len(set(_fields(texts, index))) > 1 for index in indexes.values())


def _fields(texts: Sequence[str], index: Index) -> Iterator[str]:
    for text in texts:
        item = index.match(text)[0] if text else None
        if item:
            yield item.name


def _again(row: Sequence[Any], header: Header) -> bool:
    """Whether a row is the header once more, as at the top of a printed page."""
    pairs = [(_text(row[at]) if at < len(row) else "", header.texts[at]) for at in header.columns.values()]
    return all(not text or header_key(text) == header_key(said) for text, said in pairs)
