"""Zones of which an area could not be read, so that the sums of all the others are checked in the same run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from natcap.accounts.landcover.sheet import Sheet
from natcap.core.problems import Problem

__all__ = ["Doubt", "doubtful", "joined"]

Doubt = frozenset[str] | None
"""Zones with an area that could not be read, none where all were; None where it may be any zone."""

_ROW = re.compile("[A-Z]+([0-9]+)")


def doubtful(table: Sheet, columns: Iterable[int], scales: Mapping[str, Fraction | None], problems: Iterable[Problem],
             zone_of: Callable[[int], str | None]) -> Doubt:  # fmt: skip
    """The zones of the problems, each of which has to be in one area (`columns` hold them) below the header.

    A unit, a class or a date that is not known is told once and may stand in any row.
    """
    errors = [p for p in problems if p.severity == "problem"]
    if not errors:
        return frozenset()
    places = tuple(columns)
    zones: set[str] = set()
    for problem in errors:
        found = _ROW.fullmatch(problem.cell)
        row = int(found[1]) - 1 if found else -1
        here = (problem.file, problem.sheet) == (table.shown, table.name) and row > table.header
        zone = zone_of(row) if here and problem.cell in {table.cell(row, column) for column in places} else None
        if zone is None:
            return None
        zones |= {zone} - {""}
    return None if None in scales.values() else frozenset(zones)


def joined(doubts: Iterable[Doubt]) -> Doubt:
    """The zones of several tables together."""
    zones: frozenset[str] = frozenset()
    for doubt in doubts:
        if doubt is None:
            return None
        zones |= doubt
    return zones
