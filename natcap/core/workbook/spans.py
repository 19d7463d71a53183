"""Texts in a column of dates that name a span of days or a count of days: what to write instead."""

from __future__ import annotations

import re
from datetime import date, timedelta

__all__ = ["MONTHS", "day_advice"]

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PLAIN = "Write dates as 2025-03-31 or 31/03/2025."
_MONTH = re.compile(r"([a-z]{3,9})\W{0,2}(\d{4}|\d\d)?|(\d{4})[-/](\d\d?)|(\d\d?)[-/](\d{4})", re.IGNORECASE)
_QUARTER = re.compile(r"q(?:uarter|tr)?\s*([1-4])\W*(\d{4}|\d\d)?|(\d{4})\W*q([1-4])", re.IGNORECASE)
_YEAR = re.compile(
    r"(?:fy|f/y|year)?\s*(\d{4}|\d\d)\s*[-/]\s*(\d{4}|\d\d)|(?:fy|f/y|year)?\s*(\d{4})|fy\s*\d\d", re.IGNORECASE
)
_SERIAL = re.compile(r"[345]\d{4}(?:\.0+)?")
_EPOCH = date(1899, 12, 30)
"""Day 0 of the numbers by which spreadsheets count days (from March 1900 on)."""


def day_advice(text: str) -> str:
    """What to write for a text that names no day."""
    if _SERIAL.fullmatch(text):
        day = _EPOCH + timedelta(days=int(float(text)))
        return f"It is the number by which a spreadsheet counts days, of {day.isoformat()}: format the cells as dates."
    if re.fullmatch(r"(?:19|20)\d{6}", text):
        return f"If it is {text[:4]}-{text[4:6]}-{text[6:]}, write it so."
    span = _span(text)
    if span is None:
        return _PLAIN
    start, end = span
    if start is None or end is None:
        return f"It names a span of days, not a day: write its first day, and its last in the column for it. {_PLAIN}"
    return (
        f"It names a span of days, not a day: write its first day, {start.isoformat()}, and its last, "
        f"{end.isoformat()}, in the column for it, if these are the days you mean."
    )


def _span(text: str) -> tuple[date | None, date | None] | None:
    """The first and last day of a span, None for a day that is not certain; None when the text is no span."""
    if found := _MONTH.fullmatch(text):
        if found[1] and found[1][:3].casefold() not in MONTHS:
            return None
        month = MONTHS.index(found[1][:3].casefold()) + 1 if found[1] else int(found[4] or found[5])
        return _months(found[2] or found[3] or found[6], month, 1) if 1 <= month <= 12 else None
    if found := _QUARTER.fullmatch(text):  # of the calendar or of a financial year: its days are asked
        return None, None
    if found := _YEAR.fullmatch(text):
        return None, None
    return None


def _months(year: str | None, month: int, count: int) -> tuple[date | None, date | None]:
    if not year:
        return None, None
    start = date(int(year) + (2000 if len(year) == 2 else 0), month, 1)
    after = month - 1 + count
    return start, date(start.year + after // 12, after % 12 + 1, 1) - timedelta(days=1)
