"""What the user says of each category of scope 3, and the one state it has in the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.core.problems import Problems

__all__ = ["ESTIMATES", "Stated", "check_statement", "read_statement", "state_of"]

ESTIMATES: frozenset[str] = frozenset({"estimated", "spend"})
"""Tiers of lines that are no measurement."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One row of the sheet Categories."""

    category: int
    state: str
    reason: str
    file: str
    sheet: str
    cell: str


def read_statement(frame: pd.DataFrame, problems: Problems) -> dict[int, Stated]:
    """The stated categories by number; problems for a number outside 1 to 15 and for one that is stated twice."""
    found: dict[int, Stated] = {}
    for row in frame.to_dict("records"):
        if np.isnan(row["category"]) or not row["state"]:
            continue
        number = int(row["category"])
        if not 1 <= number <= 15 or number in found:
            expected = "each category once" if number in found else "a scope 3 category from 1 to 15"
            sheet, cell = str(row["_sheet"]), str(row["_cell_category"])
            problems.add(str(row["_file"]), f"{number}", expected, sheet=sheet, cell=cell)
            continue
        cell = str(row["_cell_state"])
        found[number] = Stated(
            number, str(row["state"]), str(row["reason"]), str(row["_file"]), str(row["_sheet"]), cell
        )
    return found


def check_statement(stated: Mapping[int, Stated], present: frozenset[int], problems: Problems) -> None:
    """A category with entries is neither missing nor irrelevant; one without is neither covered nor estimated."""
    for number, said in sorted(stated.items()):
        claims_entries = said.state in ("covered", "estimated")
        if claims_entries == (number in present):
            continue
        found = f"category {number} stated as {said.state}, {'with' if number in present else 'without'} entries"
        expected = "covered or estimated" if number in present else "not relevant or missing, with the reason"
        remedy = "Remove the entries or correct the state." if number in present else "Enter it, or say why not."
        problems.add(said.file, found, expected, remedy, sheet=said.sheet, cell=said.cell)


def state_of(tiers: frozenset[str] | None, said: Stated | None) -> tuple[str, str]:
    """(state, reason) of a category. `tiers` are those of its lines, None without lines.

    All estimates: estimated. Some measured: covered, unless the user calls it estimated. No line: as stated, else
    missing.
    """
    if tiers is None:
        return (said.state, said.reason) if said else ("missing", "Nothing was entered and no reason was given.")
    reason = said.reason if said else ""
    if tiers <= ESTIMATES or (said is not None and said.state == "estimated"):
        how = "by money" if tiers == {"spend"} else "every entry is an estimate" if tiers <= ESTIMATES else "as stated"
        return "estimated", reason or f"Estimated: {how}."
    return "covered", reason
