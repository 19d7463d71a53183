"""Numbers and states as people read them: pages round, tables and downloads don't."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import pandas as pd

from natcap.core.report import Column, Figure, Report
from natcap.core.units import UnitError
from natcap.core.units import unit as registered
from natcap.core.verification import STATES, UNPUBLISHED
from natcap.core.workbook.text import number_format, unit_words

from .safe import NOTHING, Markup, html

__all__ = [
    "cell",
    "change_words",
    "decimals",
    "fingerprint",
    "full",
    "plural",
    "short",
    "sureness",
    "unit_label",
    "verified_words",
]

MINUS = "\u2212"
_VERIFIED = {
    "read": "read in the publication itself",
    "derived": "worked out from numbers read in publications",
    "user": "given by the user",
    "read-secondary": "read in somebody's transcription",
    "recalled": "recalled, no page in hand",
    "judged": "judged, no page in hand",
}


def _minus(text: str) -> str:
    return text.replace("-", MINUS)


def short(value: float | None) -> str:
    """Three significant figures with thousands separated; "[x]" for a missing value."""
    if value is None or math.isnan(value):
        return "[x]"
    if value == 0:
        return "0"
    places = 2 - math.floor(math.log10(abs(value)))
    rounded = round(value, places)
    return _minus(f"{rounded:,.{max(0, 2 - math.floor(math.log10(abs(rounded))))}f}")


def full(value: float, decimals: int | None = None) -> str:
    """A number for a table: `decimals` places, or as many as its size makes worth reading."""
    if decimals is None:
        size = abs(value)
        if value == int(value) and size < 1e15:
            decimals = 0
        elif size >= 1000:
            decimals = 1
        elif size >= 1:
            decimals = 3
        else:
            decimals = min(12, 3 - math.floor(math.log10(size)))
    return _minus(f"{value:,.{decimals}f}")


def decimals(column: Column, values: pd.Series[Any]) -> int:
    """Decimal places of a column, the same as in the published workbook."""
    return len(number_format(column, values).partition(".")[2].rstrip("%"))


def cell(value: object, column: Column, places: int) -> str:
    """The text of one cell; a missing number is "[x]", never 0 and never blank."""
    missing = value is None or value is pd.NA or value is pd.NaT or value != value
    if missing:
        return "" if column.kind == "text" else "[x]"
    if column.kind == "text" or isinstance(value, str):
        return str(value)
    if column.kind == "date":
        return str(value)[:10]
    number = float(value)  # type: ignore[arg-type]
    if column.kind == "year":
        return f"{number:.0f}"  # a year has no thousands separator
    return full(number * 100, places) + "\u2009%" if column.kind == "percent" else full(number, places)


@lru_cache(maxsize=512)
def unit_label(unit: str) -> str:
    """The unit as people write it; the id itself when the registry doesn't know it."""
    words = unit_words(unit)
    if words != unit.replace("_", " "):
        return words
    try:
        return str(registered(unit).label)
    except UnitError:
        return words


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 problem", "12 problems"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def change_words(figure: Figure) -> Markup:
    """The change since the figure's base in words, with an arrow that the words repeat."""
    if figure.change is None:
        return NOTHING
    since = f" since {figure.change_from}" if figure.change_from else ""
    if figure.change == 0:
        return html('<span class="same">no change{since}</span>', since=since)
    word = "up" if figure.change > 0 else "down"
    amount = short(abs(figure.change))
    if word == "up":
        return html('<span class="up">up {amount}{since}</span>', amount=amount, since=since)
    return html('<span class="down">down {amount}{since}</span>', amount=amount, since=since)


def verified_words(state: str) -> str:
    """A verification state as a phrase."""
    return _VERIFIED.get(state, state)


def _states(report: Report) -> Iterable[str]:
    for figure in report.figures:
        for factor in figure.trace.factors:
            yield factor.verified
    if report.lines is not None and "verified" in report.lines:
        yield from report.lines["verified"].unique()


def sureness(report: Report) -> tuple[str, str]:
    """How sure the report is, as (Green | Amber | Red, reason)."""
    synthetic = sum(f.status == "synthetic" for f in report.figures)
    weak = sum(f.status == "recalled" for f in report.figures)
    states = {s for s in _states(report) if s in STATES}
    if synthetic:
        return "Red", f"{plural(synthetic, 'figure rests', 'figures rest')} on synthetic data; not for decisions"
    if weak or states & UNPUBLISHED:
        count = plural(weak, "figure rests", "figures rest") if weak else "some lines rest"
        return "Amber", f"{count} on a recalled or judged number"
    soft = sum(f.status in ("estimated", "provisional") for f in report.figures)
    if soft:
        return "Amber", f"{plural(soft, 'figure is', 'figures are')} estimated or provisional"
    if "read-secondary" in states:
        return "Amber", "some factors were read in a transcription, not in the publication itself"
    return "Green", "every factor was read in its publication"


def fingerprint(report: Report) -> str:
    """Eight characters that change when any input does."""
    parts = sorted("|".join(f"{k}={v}" for k, v in sorted(item.items())) for item in report.run.inputs)
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:8]
