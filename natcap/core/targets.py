"""Targets: what was promised, by whom, from which base, by when, and whether it still stands.

A target that moved is two rows: the old one keeps its line and says when it was withdrawn, the new one names it in
`replaces`. A target is never edited in place. Method sheet on progress tracking, part A2, rule 8.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from natcap.core.problems import Problems, did_you_mean
from natcap.core.verification import STATES

__all__ = ["COLUMNS", "PATHS", "SCOPES", "Target", "targets_from"]

COLUMNS: tuple[str, ...] = (
    "id", "indicator", "area", "scope", "base_year", "base_value", "base_verified", "year", "value", "unit", "path",
    "basis", "legal_status", "date_set", "date_withdrawn", "replaces", "source", "locator", "verified", "wording",
    "note",
)  # fmt: skip
"""Columns of a table of targets. `base_verified` says whether the base year was read or chosen here (`judged`)."""

SCOPES: tuple[str, ...] = ("whole area", "council operations", "organisation", "national")
PATHS: tuple[str, ...] = ("linear", "exponential")
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?|unknown")
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,15})?")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")


@dataclass(frozen=True, slots=True)
class Target:
    """One dated promise. `value` is in `unit`; `base_value` is None where the series itself gives it.

    `date_withdrawn` is empty while it stands, a date, or "unknown" when it is known only that it went.
    `file` and `row` say where it was read.
    """

    id: str
    indicator: str
    area: str
    scope: str
    base_year: int | None
    base_value: float | None
    base_verified: str
    year: int
    value: float
    unit: str
    path: Literal["linear", "exponential"]
    basis: str
    legal_status: str
    date_set: str
    date_withdrawn: str
    replaces: str
    source: str
    locator: str
    verified: str
    wording: str
    note: str
    file: str = ""
    row: int = 0

    @property
    def withdrawn(self) -> bool:
        return bool(self.date_withdrawn)

    @property
    def label(self) -> str:
        """The promise in a few words, with its dates: "0 by 2045 (set 2022-12)"."""
        said = [f"set {self.date_set}"] if self.date_set else []
        said += [f"withdrawn {self.date_withdrawn}".replace("withdrawn unknown", "withdrawn")] if self.withdrawn else []
        return f"{self.value:g} by {self.year}" + (f" ({', '.join(said)})" if said else "")


def _number(row: Mapping[str, str], column: str, wanted: str, add: _Adder) -> float | None:
    text = row[column].strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        add(column, text, wanted)
        return None
    return float(text)


class _Adder:
    """Adds problems about one row of one file, each at its cell."""

    def __init__(self, problems: Problems, row: Mapping[str, str]) -> None:
        self.problems, self.row, self.found = problems, row, 0

    def __call__(self, column: str, found: object, expected: str, remedy: str = "") -> None:
        self.found += 1
        cell = self.row.get(f"_cell_{column}") or f"row {self.row['_row']}"
        sheet = self.row.get("_sheet", "")
        self.problems.add(self.row["_file"], found, expected, remedy, sheet=sheet, cell=cell)


def _choice(row: Mapping[str, str], column: str, choices: Collection[str], add: _Adder, what: str = "") -> None:
    if row[column] not in choices:
        shown = what or f"one of {', '.join(choices)}"
        add(column, row[column] or "a blank cell", shown, did_you_mean(row[column], choices))


def _check_years(row: Mapping[str, str], add: _Adder) -> tuple[int | None, float | None, int, float]:
    year = _number(row, "year", "a year such as 2030", add)
    value = _number(row, "value", "a number", add)
    base_year = _number(row, "base_year", "a year such as 2019, or nothing", add)
    base_value = _number(row, "base_value", "a number, or nothing to take it from the series", add)
    for column, number in (("year", year), ("value", value)):
        if number is None and not row[column].strip():
            add(column, "a blank cell", "a number")
    for column, number in (("year", year), ("base_year", base_year)):
        if number is not None and not (1900 <= number <= 2200 and number == int(number)):
            add(column, row[column], "a year from 1900 to 2200")
    if year is not None and base_year is not None and year <= base_year:
        add("year", row["year"], f"a year after the base year {base_year:g}", "A path needs its end after its base.")
    if base_year is None and base_value is not None:
        add("base_year", "a blank cell", "the year of the base value")
    if row["path"] == "exponential" and (
        (value is not None and value <= 0) or (base_value is not None and base_value <= 0)
    ):
        add("path", "exponential", "linear", "A compound rate never reaches zero and cannot start from it.")
    return (int(base_year) if base_year is not None else None), base_value, int(year or 0), float(value or 0.0)


def _check_words(
    row: Mapping[str, str], units: Mapping[str, str], areas: Collection[str], sources: Collection[str], add: _Adder
) -> None:
    if not _ID.fullmatch(row["id"]):
        add("id", row["id"] or "a blank cell", "small letters, digits and hyphens")
    _choice(row, "indicator", units, add, "an indicator of the definitions")
    _choice(row, "area", areas, add, "an area of the areas table")
    _choice(row, "scope", SCOPES, add)
    _choice(row, "path", PATHS, add)
    _choice(row, "verified", STATES, add)
    _choice(row, "source", sources, add, "a source of sources.csv")
    if row["base_year"] and row["base_verified"] not in STATES:
        add("base_verified", row["base_verified"] or "a blank cell", f"one of {', '.join(STATES)}")
    wanted = units.get(row["indicator"])
    if wanted is not None and row["unit"] != wanted:
        add("unit", row["unit"] or "a blank cell", f"{wanted}, the unit of {row['indicator']}")
    for column in ("date_set", "date_withdrawn"):
        if row[column] and not _DATE.fullmatch(row[column]):
            add(column, row[column], "a date such as 2022-12 or 2022-12-07, or unknown")


def targets_from(
    table: pd.DataFrame,
    units: Mapping[str, str],
    areas: Collection[str],
    sources: Collection[str],
    problems: Problems,
) -> tuple[Target, ...]:
    """Check a text table with COLUMNS, `_file`, `_row` (and `_cell_<column>`); return its targets in file order.

    `units` gives the unit of every indicator. Everything wrong is added to `problems`; rows with a problem are left
    out of the result, which must not be used unless `problems.raise_if_any()` passes.
    """
    found: list[Target] = []
    seen: dict[str, int] = {}
    for raw in table.to_dict("records"):
        row = {str(key): value for key, value in raw.items()}
        add = _Adder(problems, row)
        _check_words(row, units, areas, sources, add)
        base_year, base_value, year, value = _check_years(row, add)
        if row["id"] in seen:
            add("id", row["id"], f"an id used once; row {seen[row['id']]} has it too")
        seen.setdefault(row["id"], int(row["_row"]))
        if add.found:
            continue
        texts = {name: row[name] for name in COLUMNS if name not in ("base_year", "base_value", "year", "value")}
        place = {"file": row["_file"], "row": int(row["_row"])}
        found.append(Target(base_year=base_year, base_value=base_value, year=year, value=value, **texts, **place))
    for raw in table[~table["replaces"].isin(["", *seen])].to_dict("records"):
        row = {str(key): value for key, value in raw.items()}
        near = did_you_mean(row["replaces"], seen)
        _Adder(problems, row)("replaces", row["replaces"], "the id of another target", near)
    return tuple(found)
