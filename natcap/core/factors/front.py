"""The front page of an official workbook: label and value pairs, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from natcap.core.factors.layout import number_text, tidy

__all__ = ["day_text", "publisher_of", "read_front"]

_LABELS = {
    "version": "version",
    "year": "year",
    "factor set": "factor set",
    "status": "status",
    "updated": "updated",
    "expiry": "valid until",
    "expiry date": "valid until",
    "next publication date": "valid until",
}
_PUBLISHER = re.compile(r"for the (Department .+?)\s*(?:\(|$)")
_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def _text(value: Any) -> str:
    if isinstance(value, float):
        return number_text(value)
    return tidy(value)


def read_front(sheets: Iterable[Sequence[Sequence[Any]]]) -> dict[str, Any]:
    """Value by label, the first that is filled: the cell to the right of the label, in whatever column it stands."""
    found: dict[str, Any] = {}
    for rows in sheets:
        for row in rows:
            for label, value in pairwise(row):
                name = _LABELS.get(tidy(label).rstrip(": ").casefold()) if isinstance(label, str) else None
                if name and value != "" and name not in found:
                    found[name] = value
    return found


def day_text(value: Any) -> tuple[str, bool]:
    """A date as ISO text, and False when it looks like a day but is none (`31/06/2017`); other text stays."""
    if isinstance(value, datetime):
        return value.date().isoformat(), True
    if isinstance(value, date):
        return value.isoformat(), True
    text = _text(value)
    parts = _DAY.fullmatch(text)
    if parts:
        day, month, year = (int(p) for p in parts.groups())
        try:
            return date(year, month, day).isoformat(), True
        except ValueError:
            return text, False
    return text, not text or not text[0].isdigit()


def publisher_of(sheets: Iterable[Sequence[Sequence[Any]]]) -> str:
    """The department named in the workbook's "Produced by ... for the Department ..." line."""
    for rows in sheets:
        for row in rows:
            for cell in row:
                found = _PUBLISHER.search(cell) if isinstance(cell, str) else None
                if found:
                    return tidy(found.group(1))
    return "UK Government"


def plain(front: Mapping[str, Any]) -> dict[str, str]:
    """The front page as text."""
    return {label: _text(value) for label, value in front.items()}
