"""Periods: the span of days a figure is for, and where it stands on the axis of years.

A series has one type of period; mixing them needs an explicit conversion (method sheet, A2 rule 5). A financial, gas
or electricity year stands at the year it starts in, on both sides of every comparison; a point in time stands at its
date.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

__all__ = ["TYPES", "Span", "in_words", "months_between", "parse", "target_position"]

TYPES: tuple[str, ...] = (
    "calendar year", "financial year", "gas year", "electricity year", "point in time", "span",
)  # fmt: skip
_EXAMPLES = {
    "calendar year": "2023",
    "financial year": "2023/24",
    "gas year": "2024-05-15/P1Y",
    "electricity year": "2024-02-01/P1Y",
    "point in time": "2026-04-01",
    "span": "2010-04-01/2018-09-30",
}


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, and the position on the axis of years."""

    start: date
    end: date
    position: float


def _calendar(text: str) -> Span | None:
    found = re.fullmatch(r"(19|20)\d\d", text)
    return Span(date(int(text), 1, 1), date(int(text), 12, 31), float(text)) if found else None


def _financial(text: str) -> Span | None:
    found = re.fullmatch(r"((?:19|20)\d\d)/(\d\d)", text)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        return None
    year = int(found[1])
    return Span(date(year, 4, 1), date(year + 1, 3, 31), float(year))


def _from_day(text: str) -> Span | None:
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)/P1Y", text)
    if not found:
        return None
    start = date.fromisoformat(found[1])
    return Span(start, start.replace(year=start.year + 1) - timedelta(days=1), float(start.year))


def _point(text: str) -> Span | None:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return None
    day = date.fromisoformat(text)
    days = 366 if calendar.isleap(day.year) else 365
    return Span(day, day, day.year + (day.timetuple().tm_yday - 1) / days)


def _span(text: str) -> Span | None:
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)", text)
    if not found:
        return None
    start, end = date.fromisoformat(found[1]), date.fromisoformat(found[2])
    return Span(start, end, float(end.year)) if start <= end else None


_READERS = dict(zip(TYPES, (_calendar, _financial, _from_day, _from_day, _point, _span), strict=True))


def parse(text: str, kind: str) -> Span:
    """Read a period of the given type; raises ValueError naming an example when the text does not fit it."""
    try:
        found = _READERS[kind](text)
    except ValueError:
        found = None
    if found is None:
        raise ValueError(f"a {kind} such as {_EXAMPLES[kind]}")
    return found


def in_words(text: str) -> str:
    """A period for people: years from a day say so, everything else is as it is written."""
    return f"year from {text[:-4]}" if text.endswith("/P1Y") else re.sub(r"(\d\d-\d\d)/", r"\1 to ", text)


def target_position(year: int, kind: str) -> float:
    """Where a promise "by `year`" stands: at the year itself, or at its last day for points in time."""
    return float(year) if kind != "point in time" else year + 364 / 365


def months_between(earlier: date, later: date) -> int:
    """Whole months from `earlier` to `later`; 2023-12-31 to 2026-06-30 are 29, to 2026-07-01 are 30."""
    whole = (later.year - earlier.year) * 12 + later.month - earlier.month
    return whole - 1 if later.day < earlier.day else whole
