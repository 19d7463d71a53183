"""The confidence word of a row: Red where a number behind it was recalled or judged, else Amber.

Green is for measurements in the area and official statistics under three years old, which the numbers themselves have
to claim; the densities, rates and assignments that stand behind the rows rated here are national or older at best.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from natcap.core.report import Column, Section
from natcap.core.verification import UNPUBLISHED

__all__ = ["NO_WORD", "rated", "weakest", "word_of"]

NO_WORD = "not available"
_WORDS = ("Red", "Amber", "Green")


def word_of(states: Iterable[str]) -> str:
    """The word of a row by the verification of every number behind it; NO_WORD where there is none."""
    found = set(states)
    return NO_WORD if not found else "Red" if found & UNPUBLISHED else "Amber"


def weakest(words: Iterable[str]) -> str:
    """The weakest of some words; NO_WORD where none of them is one."""
    found = set(words)
    return next((word for word in _WORDS if word in found), NO_WORD)


def rated(section: Section, words: Sequence[str]) -> Section:
    """The section with a column of words, one a row."""
    table = section.table.assign(confidence=list(words))
    return replace(section, table=table, columns=(*section.columns, Column("confidence", "Confidence")))
