"""Chapters of a long report: which sections stand together under one heading, in the order that people read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from natcap.core.report import Report, Section

__all__ = ["chapters", "is_long"]

_ACCOUNTS: Mapping[str, tuple[int, ...]] = {
    "Extent": (1, 2),
    "Condition": (3, 4),
    "Services": (5, 6, 7, 8),
    "Assets": (9, 10, 11, 15),
    "Carbon": (12,),
    "Biodiversity": (13,),
    "How sure": (14, 16),
    "Organisation": (18, 19),
}
"""Chapter -> numbers of its account sheets."""
_BUSINESS: Mapping[str, tuple[str, ...]] = {
    "Emissions": ("summary", "categories", "sites", "activities", "scope2", "intensity", "generation", "chp"),
    "Over time": ("base", "bridge", "changes"),
    "Reduce": ("targets", "target", "options", "neutrality"),
    "Circular": ("circular",),
    "Report": ("secr", "energy"),
    "How sure": ("look", "ranges"),
}
"""Chapter -> ids of its sections, or their first word."""
_PORTFOLIO: Mapping[str, tuple[str, ...]] = {
    "How they spread": ("distribution",),
    "Beside similar ones": ("benchmark",),
    "Businesses": ("portfolio",),
}
"""Chapter -> first word of the ids of its sections."""
_SURE = "How sure"
_REST = "More tables"
_LONG = 150
"""Cells from which a table without a chart is only named until somebody opens it."""


def is_long(section: Section) -> bool:
    """A table to look things up in: no chart, and more cells than one takes in at a glance."""
    return not section.charts and len(section.table) * len(section.columns) >= _LONG


def chapters(report: Report) -> tuple[tuple[str, tuple[Section, ...]], ...]:
    """(heading, its sections) in the order of the page; one chapter without a heading where there are few sections."""
    main = [s for s in report.sections if s.group == "main"]
    known = {
        "accounts": (_ACCOUNTS, _account), "business": (_BUSINESS, _business), "portfolio": (_PORTFOLIO, _portfolio),
    }.get(report.kind)  # fmt: skip
    if known is None or (len(main) <= 8 and report.kind != "portfolio"):
        return (("", tuple(main)),)
    names, chapter_of = known
    held: dict[str, list[Section]] = {name: [] for name in (*names, _REST)}
    for section in main:
        held[chapter_of(section)].append(section)
    return tuple((name, tuple(_in_order(name, found))) for name, found in held.items() if found)


def _account(section: Section) -> str:
    if section.id.startswith("accuracy"):
        return _SURE
    number = re.match(r"\d+", section.number)
    return next((n for n, sheets in _ACCOUNTS.items() if number and int(number[0]) in sheets), _REST)


def _business(section: Section) -> str:
    word = section.id.partition("_")[0]
    return next((n for n, ids in _BUSINESS.items() if section.id in ids or word in ids), _REST)


def _portfolio(section: Section) -> str:
    word = section.id.partition("_")[0]
    return next((n for n, ids in _PORTFOLIO.items() if word in ids), _REST)


def _in_order(name: str, sections: Iterable[Section]) -> list[Section]:
    """As in the report; under `How sure` the ranges of the amounts stand before the sample behind the areas."""
    return sorted(sections, key=lambda s: s.id.startswith("accuracy")) if name == _SURE else list(sections)
