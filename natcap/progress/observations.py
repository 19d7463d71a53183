"""Observations: one row per indicator, part, area and period, with its unit, status, source and vintage.

Method sheet on progress tracking, A2. A value that is not there is a word, never zero. A revised release is a new
vintage of the same row; the newest is used and the older ones stay. A change of `method_version` is a break.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import numpy as np
import pandas as pd

from natcap.core.problems import Problems, did_you_mean
from natcap.core.units import factor_between
from natcap.progress import periods
from natcap.progress.areas import Areas
from natcap.progress.definitions import Indicator
from natcap.progress.reading import NUMBER, at

__all__ = ["COLUMNS", "KEY", "MARKS", "STATUSES", "WITH_VALUE", "current", "observations_from", "series"]

COLUMNS: tuple[str, ...] = (
    "indicator", "part", "area", "period", "period_type", "value", "unit", "status", "source", "release",
    "method_version", "low", "high", "note",
)  # fmt: skip
"""Columns of the tidy table. `part` is empty for the whole, "Industry" or "Industry/Gas" for a part of it."""

KEY: list[str] = ["indicator", "part", "area", "period"]
WITH_VALUE: tuple[str, ...] = ("observed", "estimated")
MARKS: dict[str, str] = {
    "observed": "", "estimated": "[e]", "not occurring": "[z]", "not estimated": "[x]", "included elsewhere": "[z]",
    "confidential": "[c]", "not yet published": "[x]",
}  # fmt: skip
"""Status words with the shorthand that stands in place of, or beside, the number."""
STATUSES: tuple[str, ...] = tuple(MARKS)


def _say(
    table: pd.DataFrame, mask: pd.Series, column: str, expected: str, problems: Problems, remedy: str = ""
) -> None:
    shown = f"{column}_text" if f"{column}_text" in table else column
    for _, row in table[mask].iterrows():
        found = row[shown] if row[shown] != "" else "a blank cell"
        problems.add(row["_file"], found, expected, remedy, sheet=str(row.get("_sheet", "")), cell=at(row, column))


def _known(table: pd.DataFrame, column: str, choices: Collection[str], what: str, problems: Problems) -> None:
    for found in sorted(set(table[column]) - set(choices)):
        _say(table, table[column] == found, column, what, problems, did_you_mean(found, choices))


def _numbers(table: pd.DataFrame, problems: Problems) -> None:
    for column in ("value", "low", "high"):
        text = table[column]
        bad = (text != "") & ~text.str.fullmatch(NUMBER)
        _say(table, bad, column, "a number with a full stop as decimal mark and no thousands separator", problems)
        table[f"{column}_text"] = text
        table[column] = pd.to_numeric(text.where(~bad & (text != ""), np.nan), errors="coerce").astype("float64")


def _values(table: pd.DataFrame, problems: Problems) -> None:
    valued = table["status"].isin(WITH_VALUE)
    blank = table["value_text"] == ""
    _say(table, valued & blank, "value", "a number, as the status says", problems, "Say why it is missing in status.")
    silent = table["status"].isin(STATUSES) & ~valued & ~blank
    said = "a blank cell, as the status says there is no value"
    _say(table, silent, "value", said, problems, "A missing value is not zero.")
    outside = (table["low"] > table["value"]) | (table["high"] < table["value"])
    _say(table, outside, "value", "a value between low and high", problems)


def _positions(table: pd.DataFrame, problems: Problems) -> None:
    spans: dict[tuple[str, str], periods.Span | None] = {}
    for key in set(zip(table["period"], table["period_type"], strict=True)):
        try:
            spans[key] = periods.parse(*key)
        except KeyError:
            spans[key] = None  # an unknown type is told once, by _known
        except ValueError as error:
            spans[key] = None
            wrong = (table["period"] == key[0]) & (table["period_type"] == key[1])
            _say(table, wrong, "period", str(error), problems)
    found = [spans[key] for key in zip(table["period"], table["period_type"], strict=True)]
    table["position"] = [np.nan if s is None else s.position for s in found]
    table["end"] = [date.min if s is None else s.end for s in found]


def _units(table: pd.DataFrame, indicators: Mapping[str, Indicator], problems: Problems) -> None:
    wanted = table["indicator"].map({key: found.unit for key, found in indicators.items()}).fillna("")
    other = (table["unit"] != wanted) & (wanted != "")
    for indicator, given in sorted(set(zip(table["indicator"][other], table["unit"][other], strict=True))):
        rows = (table["indicator"] == indicator) & (table["unit"] == given)
        unit = indicators[indicator].unit
        try:
            factor = factor_between(given, unit)
        except ValueError as error:
            _say(table, rows, "unit", f"{unit}, the unit of {indicator}", problems, str(error))
            continue
        table.loc[rows, ["value", "low", "high"]] *= factor
        table.loc[rows, "note"] += f" entered in {given}; times {factor:g}"
        table.loc[rows, "unit"] = unit


def _together(table: pd.DataFrame, problems: Problems) -> None:
    first: dict[tuple[str, ...], str] = {}
    twice = table.duplicated([*KEY, "release"], keep=False)
    for _, row in table[twice].iterrows():
        key = (*(row[name] for name in KEY), row["release"])
        here = f"{row['_file']} {at(row, 'period')}"
        if key in first:
            said = f"one row for {row['indicator']} {row['part']}, {row['area']}, {row['period']} in one release"
            remedy = f"The other is at {first[key]}. A revision is another release."
            problems.add(row["_file"], row["period"], said, remedy, cell=at(row, "period"))
        first.setdefault(key, here)
    _one_kind(table, problems)


def _one_kind(table: pd.DataFrame, problems: Problems) -> None:
    kinds = table.groupby(["indicator", "part", "area"])["period_type"].transform("nunique")
    mixed = table[kinds > 1].drop_duplicates(["indicator", "part", "area"])
    for _, row in mixed.iterrows():
        said = f"one type of period for {row['indicator']} {row['part']} in {row['area']}"
        problems.add(row["_file"], "several types of period", said, "Convert it first.", cell=at(row, "period_type"))


def observations_from(
    table: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    areas: Areas,
    sources: Collection[str],
    problems: Problems,
) -> pd.DataFrame:
    """Check a text table with COLUMNS, `_file`, `_row`; return it with numbers, positions and a `current` mark.

    The result has `id` (its row number), `value`, `low`, `high` as float64 in the unit of the indicator, `digits`
    (decimals as printed), `position` (axis of years), `end` (last day), `current` (newest vintage), `made_of` (ids it
    was derived from, none here) and `how`. Everything wrong is added to `problems`.
    """
    # Plain objects: rows are taken often, which strings in Arrow buffers make slow.
    table = table.reset_index(drop=True).astype({c: object for c in table.columns if c != "_row"})
    _known(table, "indicator", indicators, "an indicator of the definitions", problems)
    _known(table, "area", areas, "an area of the areas table", problems)
    _known(table, "period_type", periods.TYPES, f"one of {', '.join(periods.TYPES)}", problems)
    _known(table, "status", STATUSES, f"one of {', '.join(STATUSES)}", problems)
    _known(table, "source", sources, "a source of sources.csv", problems)
    _numbers(table, problems)
    _values(table, problems)
    _positions(table, problems)
    printed = table["value_text"].str.extract(r"\.(\d+)$", expand=False).str.len()
    table["digits"] = printed.fillna(0).astype("int64")
    # Decimals of the release: a 8.3 among figures with two decimals lost a zero, and a 0.0 among twelve is exact.
    table["digits"] = table.groupby(["indicator", "area", "source", "release"])["digits"].transform("max")
    _units(table, indicators, problems)
    _together(table, problems)
    table["id"] = np.arange(len(table), dtype="int64")
    table["made_of"] = pd.Series([()] * len(table), dtype=object)
    table["how"] = ""
    table["current"] = ~table.sort_values("release", kind="stable").duplicated(KEY, keep="last").sort_index()
    return table


def current(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of the newest vintage."""
    return table[table["current"]]


def series(table: pd.DataFrame, indicator: str, area: str, part: str = "") -> pd.DataFrame:
    """Current rows of one series in the order of time, those without a value included."""
    found = table[
        table["current"] & (table["indicator"] == indicator) & (table["area"] == area) & (table["part"] == part)
    ]
    return found.sort_values("position", kind="stable")
