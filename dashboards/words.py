"""Numbers and states as people read them: pages round, tables and downloads don't."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

import pandas as pd

from natcap.core.outputs import exact_text
from natcap.core.report import Column, Figure, Report
from natcap.core.verification import STATES, UNPUBLISHED
from natcap.core.workbook.text import shown, unit_words

from .safe import NOTHING, Markup, html

__all__ = [
    "cell",
    "change_words",
    "fingerprint",
    "full",
    "headline",
    "large",
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


def large(value: float | None) -> str:
    """As `short`, with millions and billions as words: "4.61 billion"."""
    for least, word in ((1e9, "billion"), (1e6, "million")):
        if value is not None and abs(value) >= 0.9995 * least:
            return f"{short(value / least)} {word}"
    return short(value)


def headline(figure: Figure, value: float | None) -> str:
    """An amount of a figure (its value, its change) for a card: in full below a million where it is exact, as the
    table beside it has it; else as `large`."""
    text = exact_text(figure, value) if value is not None and abs(value) < 1e6 else ""
    return _minus(text) or large(value)


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


def cell(value: Any, column: Column, code: Callable[[Any], str]) -> str:
    """The text of one cell, as the published workbook shows it; a missing number is "[x]", never 0, never blank."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return "" if column.kind == "text" else "[x]"
    if column.kind == "text" or isinstance(value, str):
        return str(value)
    return str(value)[:10] if column.kind == "date" else shown(float(value), code(value))


@lru_cache(maxsize=512)
def unit_label(unit: str) -> str:
    """The unit as people write it; the id itself when the registry doesn't know it."""
    return unit_words(unit)


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 problem", "12 problems"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def change_words(figure: Figure) -> Markup:
    """The change since the figure's base in words, with an arrow that the words repeat."""
    if figure.change is None:
        return NOTHING
    base = figure.change_from.removeprefix("in ")
    said = base.split(" ")[0].lower() in ("since", "from", "against", "than", "on", "compared", "percentage")
    since = f" {base}" if said else f" since {base}" if base else ""
    if figure.change == 0:
        return html('<span class="same">no change{since}</span>', since=since)
    word = "up" if figure.change > 0 else "down"
    amount = headline(figure, abs(figure.change))
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


def _red(report: Report) -> list[Figure]:
    """Headline figures that rest on a recalled or judged number, or that a table of the report itself calls Red."""
    words: dict[str, set[str]] = {}
    for section in report.sections:
        told = [column.name for column in section.columns if column.label == "Confidence"]
        for (row, _), key in section.figures.items() if told else ():
            words.setdefault(key, set()).update(str(section.table[name].iloc[row]) for name in told)
    marked = report.kind == "accounts"
    return [f for f in report.headlines if "Red" in words.get(f.id, ()) or (marked and f.status == "recalled")]


def sureness(report: Report) -> tuple[str, str]:
    """How sure the report is, as (Green | Amber | Red, reason): no surer than the weakest headline figure."""
    synthetic = sum(f.status == "synthetic" for f in report.figures)
    weak = sum(f.status == "recalled" for f in report.figures)
    states = {s for s in _states(report) if s in STATES}
    if synthetic:
        return "Red", f"{plural(synthetic, 'figure rests', 'figures rest')} on synthetic data; not for decisions"
    if red := _red(report):
        heads = len(report.headlines)
        which = "; ".join(figure.label for figure in red)
        some = "The headline figure rests" if heads == 1 else f"{len(red)} of {heads} headline figures"
        verb = "" if heads == 1 else " rests" if len(red) == 1 else " rest"
        return "Red", f"{some}{verb} on a recalled or judged number: {which}"
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
