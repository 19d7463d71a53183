"""Which rows of a sheet are rows of the table: not blank, not a repeated header, not a total, not a note below."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import is_not
from typing import Any

import numpy as np
import numpy.typing as npt

from natcap.core.workbook.find import Header
from natcap.core.workbook.model import TableModel, header_key

__all__ = ["Body", "body_of", "named_total"]

Mask = npt.NDArray[np.bool_]
_TOTAL = re.compile(r"(?:(?:grand|overall|annual|yearly|sub)[\s-]*)?(?:totals?|sum)\s*[:=]?", re.IGNORECASE)
_PERHAPS = re.compile(r"^(?:grand|overall|sub)?[\s-]*total\b|\btotals?\s*[:=]?$|^sum\s*[:=]?$", re.IGNORECASE)
_LIKE = re.compile(
    _PERHAPS.pattern + r"|\btotals?\b|\bto date\b|^ytd\b|^all (?:sites|meters|months)\b|^cumulative\b", re.IGNORECASE
)
_NOTE = re.compile(r"(?:(?:notes?|sources?|prepared by|contact)\b|n\.?b\.|[*(\[†]).*", re.IGNORECASE | re.DOTALL)


@dataclass
class Body:
    """Cells of the table by field (kept rows only), the row number of each (from 0), and what was passed over."""

    cells: dict[str, list[Any]]
    rows: npt.NDArray[np.int64]
    totals: list[int]
    headers: list[int]
    notes: list[int]
    whole: tuple[int, ...] = ()
    """Those of `totals` that have every required value, as an entry would."""
    doubtful: list[int] = field(default_factory=list)
    """Kept rows that have every required value and a name like that of a total, left of their numbers."""
    kinds: dict[str, set[type]] = field(default_factory=dict)
    """The types of the cells of each column, those passed over among them."""


def body_of(rows: Sequence[Sequence[Any]], header: Header, model: TableModel, fills: dict[int, list[Any]]) -> Body:
    """Sort the rows below the header. `fills` replaces columns whose merged cells were filled down (by column)."""
    below = rows[header.first :]
    column = _columns(below)
    columns = {name: fills.get(at) or column(at) for name, at in header.columns.items()}
    kinds = {name: set(map(type, cells)) for name, cells in columns.items()}
    texts = {name: _distinct(cells, kinds[name]) for name, cells in columns.items()}
    columns = {name: _stripped(cells, texts[name]) for name, cells in columns.items()}
    blank = {name: _blank(cells, texts[name]) for name, cells in columns.items()}
    empty = np.logical_and.reduce(list(blank.values())) if blank else np.zeros(0, dtype=bool)
    required = [f.name for f in model.fields if f.required and f.name in columns]
    lacking = np.logical_or.reduce([blank[n] for n in required]) if required else np.zeros(len(below), dtype=bool)
    repeated = _repeated(columns, texts, header, ~empty)
    beside = [column(at) for at in range(3) if at not in header.columns.values()]
    told = [
        *((cells, texts[name]) for name, cells in columns.items()),
        *((cells, _distinct(cells, set(map(type, cells)))) for cells in beside),
    ]
    total = _totals(told, lacking, ~empty & ~repeated)
    note = _notes(below, columns, model, empty, ~empty & ~repeated & ~total)
    keep = ~(empty | repeated | total | note)
    at = np.flatnonzero(keep)
    kept = {n: cells if len(at) == len(cells) else [cells[i] for i in at.tolist()] for n, cells in columns.items()}

    def places(mask: Mask) -> list[int]:
        return [int(i) + header.first for i in np.flatnonzero(mask)]

    whole = tuple(places(total & ~lacking))
    doubtful = places(_like_totals(columns, texts, header, model) & keep & ~lacking)
    return Body(kept, at + header.first, places(total), places(repeated), places(note), whole, doubtful, kinds)


def named_total(cell: Any) -> bool:
    """Whether a cell alone is a word for a total."""
    return type(cell) is str and _TOTAL.fullmatch(cell.strip()) is not None


def _columns(rows: Sequence[Sequence[Any]]) -> Callable[[int], list[Any]]:
    """The column at a place, blank where a row is shorter. Rows of one length are laid end to end and cut once each."""
    lengths = set(map(len, rows))
    if len(lengths) != 1:  # rows of delimited text may be shorter
        return lambda at: [row[at] if at < len(row) else "" for row in rows]
    (width,) = lengths
    flat = list(chain.from_iterable(rows))
    return lambda at: flat[at::width] if at < width else [""] * len(rows)


def _distinct(cells: Sequence[Any], kinds: set[type]) -> set[str]:
    """The different texts of a column, looked at once however often they repeat."""
    if kinds == {str}:
        return set(cells)
    return {cell for cell in cells if type(cell) is str} if str in kinds else set()


def _stripped(cells: list[Any], texts: set[str]) -> list[Any]:
    """The cells without space at their ends; `texts` is changed with them."""
    if not any(map(is_not, texts, map(str.strip, texts))):  # a text without such space comes back as it is
        return cells
    bare = set(map(str.strip, texts))
    texts.clear()
    texts.update(bare)
    return [cell.strip() if type(cell) is str else cell for cell in cells]


def _blank(cells: Sequence[Any], texts: set[str]) -> Mask:
    if "" not in texts:
        return np.zeros(len(cells), dtype=bool)
    return np.fromiter((cell == "" for cell in cells), dtype=bool, count=len(cells))


def _repeated(columns: dict[str, list[Any]], texts: dict[str, set[str]], header: Header, among: Mask) -> Mask:
    """Rows that repeat the header, as at the top of each printed page."""
    said = {name: header_key(header.texts[at]) for name, at in header.columns.items()}
    mask = np.zeros(len(among), dtype=bool)
    if not columns:
        return mask
    first = next(iter(columns))
    same = {cell for cell in texts[first] if header_key(cell) == said[first]}
    if not same:
        return mask
    for position in [i for i, cell in enumerate(columns[first]) if among[i] and type(cell) is str and cell in same]:
        mask[position] = all(header_key(cells[position]) in (said[name], "") for name, cells in columns.items())
    return mask


def _totals(told: Sequence[tuple[list[Any], set[str]]], lacking: Mask, among: Mask) -> Mask:
    """Rows named a total in a text of the table, or beside it in one of the sheet's first three columns."""
    mask = np.zeros(len(among), dtype=bool)
    for cells, known in told:
        # One search through all texts together is enough to see that none is a total.
        joined = "\n".join(known).casefold()
        if "total" not in joined and "sum" not in joined:
            continue
        texts = {cell.strip() for cell in known if len(cell) < 60 and _PERHAPS.search(cell.strip())}
        if not texts:
            continue
        sure = {text for text in texts if _TOTAL.fullmatch(text)}
        for position in [p for p, cell in enumerate(cells) if type(cell) is str and cell.strip() in texts and among[p]]:
            mask[position] |= cells[position].strip() in sure or bool(lacking[position])
    return mask


def _like_totals(columns: dict[str, list[Any]], texts: dict[str, set[str]], header: Header, model: TableModel) -> Mask:
    """Rows with a name like a total's in a text left of the numbers."""
    mask = np.zeros(len(next(iter(columns.values()), ())), dtype=bool)
    first = min((header.columns[f.name] for f in model.fields if f.kind == "number" and f.name in columns), default=0)
    for f in model.fields:
        if f.kind not in ("text", "choice") or header.columns.get(f.name, first) >= first:
            continue
        joined = "\n".join(texts[f.name]).casefold()
        if not any(word in joined for word in ("total", "to date", "ytd", "all ", "cumulative")):
            continue
        like = {text for text in texts[f.name] if len(text) < 60 and _LIKE.search(text)}
        if like:
            mask |= np.fromiter((cell in like for cell in columns[f.name]), dtype=bool, count=len(mask))
    return mask


def _notes(
    rows: Sequence[Sequence[Any]], columns: dict[str, list[Any]], model: TableModel, empty: Mask, among: Mask
) -> Mask:
    """Texts that stand alone below the table: after a blank row, or beginning as notes do."""
    mask = np.zeros(len(among), dtype=bool)
    if sum(f.required for f in model.fields) < 2:
        return mask
    pending: list[int] = []
    for position in range(len(among) - 1, -1, -1):
        if not among[position]:
            if empty[position]:
                mask[pending] = True
                pending = []
            continue
        filled = [cell for cell in rows[position] if cell != ""]
        if len(filled) != 1 or not isinstance(filled[0], str):
            break
        text = filled[0].strip()
        if _NOTE.fullmatch(text) or len(text) > 60:
            mask[position] = True
        else:
            pending.append(position)
    return mask
