"""Which banners stand on which sheet: those that concern it, and never a sheet with weak figures without a mark."""

from __future__ import annotations

import re

from natcap.core.report import Report, Section

__all__ = ["WEAK", "banners_behind", "banners_of"]

WEAK = (
    "Figures here rest in part on numbers that were recalled or judged, not read at their source: the worksheet Cover "
    "says which."
)
"""Stands on a sheet with such figures where no banner of its own says so."""
_SAYS_SO = re.compile(r"recalled|judged|\bRed\b", re.IGNORECASE)
_EVERYWHERE = ("SYNTHETIC", "EXAMPLE")


def _everywhere(report: Report) -> tuple[str, ...]:
    """Banners about every sheet: those without a scope, and those about made-up data whatever their scope."""
    return tuple(b for b in report.banners if b not in report.scopes or b.upper().startswith(_EVERYWHERE))


def banners_of(report: Report, section: Section) -> tuple[str, ...]:
    """The banners of the sheet of a section of the report, in the order of the report."""
    found = set(_everywhere(report)) | {b for b, ids in report.scopes.items() if section.id in ids}
    said = tuple(banner for banner in report.banners if banner in found)
    if len(said) < len(report.banners) and _weak(report, section) and not any(map(_SAYS_SO.search, said)):
        return (*said, WEAK)
    return said


def banners_behind(report: Report) -> tuple[str, ...]:
    """The banners of sheets that list what stands on others, such as the contents, all figures and the checks."""
    said = _everywhere(report)
    hidden = [banner for banner in report.banners if banner not in said]
    return (*said, WEAK) if any(map(_SAYS_SO.search, hidden)) else said


def _weak(report: Report, section: Section) -> bool:
    """Whether a table shows a recalled figure, or has a row whose confidence is Red."""
    words = [c.name for c in section.columns if c.label == "Confidence"]
    if any(bool((section.table[name] == "Red").any()) for name in words):
        return True
    shown = set(section.figures.values())
    return any(f.status == "recalled" and f.id in shown for f in report.figures)
