"""Shape tidy observations into tables for people: one row a place and period, one column a measure, marks for gaps."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.progress.observations import MARKS, current
from natcap.progress.periods import in_words
from natcap.progress.results import Results

__all__ = ["Measure", "Wide", "agree", "amount", "citations", "names_for", "single", "sum_cells", "wide"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One column to be: its name in the table, the indicator, the part."""

    name: str
    indicator: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Wide:
    """A wide table with columns `code`, `area`, `period`, `year` and one for each measure.

    `marks` are for its cells without a number; `ids` gives the observation behind a cell.
    """

    table: pd.DataFrame
    marks: dict[tuple[int, str], str]
    ids: dict[tuple[int, str], int]

    def keep(self, wanted: pd.Series) -> Wide:
        """The rows for which `wanted` is true, with their marks and ids."""
        rows = np.flatnonzero(wanted.to_numpy())
        place = {int(old): new for new, old in enumerate(rows)}
        marks = {(place[r], name): mark for (r, name), mark in self.marks.items() if r in place}
        ids = {(place[r], name): key for (r, name), key in self.ids.items() if r in place}
        return Wide(self.table.iloc[rows].reset_index(drop=True), marks, ids)

    def figures(self, latest: Mapping[int, str]) -> dict[tuple[int, str], str]:
        """Figure ids behind cells, for cells that are a newest value."""
        return {cell: latest[i] for cell, i in self.ids.items() if i in latest}


def names_for(labels: Iterable[str]) -> dict[str, str]:
    """Label -> a column name that is unique, cannot be taken for another column, and is safe inside a formula."""
    found: dict[str, str] = {}
    for label in labels:
        plain = "of_" + "".join(c if c.isascii() and c.isalnum() else "_" for c in label.casefold()).strip("_")
        name, number = plain, 2
        while name in found.values():
            name, number = f"{plain}_{number}", number + 1
        found[label] = name
    return found


def agree(left: pd.Series, right: pd.Series) -> pd.Series:
    """Where two columns are the same number; false where either is missing."""
    return pd.Series(np.isclose(left, right, rtol=1e-9, atol=1e-9), index=left.index)


def sum_cells(table: pd.DataFrame, names: Sequence[str], total: str) -> dict[tuple[int, str], str]:
    """A live sum over the cells of each row that have a number; a plain value where the total is not that sum."""
    have = table[list(names)].notna().to_numpy()
    same = agree(table[list(names)].sum(axis=1, min_count=1), table[total]).to_numpy()
    cells = {}
    for row in range(len(table)):
        parts = [f"[{name}]" for name, there in zip(names, have[row], strict=True) if there]
        cells[(row, total)] = "+".join(parts) if same[row] else ""
    return cells


def amount(value: float, unit: str, difference: bool = False) -> str:
    """A number with its unit for people: whole from 1,000 up, else three significant figures."""
    whole = abs(value) >= 1000 or value == int(value)
    places = 0 if whole else max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}".replace("-", "\N{MINUS SIGN}")
    return f"{text} {'percentage points' if difference and unit == '%' else unit}"


def single(results: Results) -> list[str]:
    """Names of the reported areas that are not the sum of others: those a count of areas is about."""
    inputs = results.inputs
    return [inputs.areas.name(code) for code in inputs.reported if not inputs.areas.members(code)]


def wide(results: Results, measures: Sequence[Measure], areas: Iterable[str] | None = None, last: int = 0) -> Wide:
    """One row for each reported area and period that has any of `measures`; `last` keeps the newest periods only."""
    codes = list(areas or results.inputs.reported)
    frames = []
    now = current(results.table)
    for measure in measures:
        rows = now[(now["indicator"] == measure.indicator) & (now["part"] == measure.part) & now["area"].isin(codes)]
        frames.append(rows[["area", "period", "position", "value", "status", "id"]].assign(measure=measure.name))
    tidy = pd.concat(frames, ignore_index=True)
    places = tidy[["area", "period", "position"]].drop_duplicates()
    order = {code: n for n, code in enumerate(codes)}
    places["_order"] = places["area"].map(order)
    places = places.sort_values(["_order", "position"], kind="stable")
    if last:
        places = places.groupby("area", sort=False).tail(last)
    places = places.reset_index(drop=True)
    table = pd.DataFrame({"code": places["area"], "area": places["area"].map(results.inputs.areas.name)})
    table["period"] = places["period"].map(in_words)
    table["year"] = np.floor(places["position"]).astype("int64")
    index = {(a, p): n for n, (a, p) in enumerate(zip(places["area"], places["period"], strict=True))}
    marks: dict[tuple[int, str], str] = {}
    ids: dict[tuple[int, str], int] = {}
    for measure in measures:
        column = np.full(len(table), np.nan)
        rows = tidy[tidy["measure"] == measure.name]
        marks |= {(n, measure.name): "[x]" for n in range(len(table))}
        for area, period, value, status, key in zip(
            rows["area"], rows["period"], rows["value"], rows["status"], rows["id"], strict=True
        ):
            row = index.get((area, period))
            if row is None:
                continue
            column[row] = value
            ids[(row, measure.name)] = int(key)
            marks[(row, measure.name)] = MARKS[status] or "[x]"
            if not np.isnan(value):
                del marks[(row, measure.name)]
        table[measure.name] = column
    return Wide(table, marks, ids)


def citations(results: Results, indicators: Iterable[str]) -> tuple[str, ...]:
    """Citations of the sources behind the published rows of `indicators` in the reported areas, once each."""
    from natcap.progress.figures import cite

    rows = results.table[results.table["indicator"].isin(list(indicators))]
    rows = rows[rows["area"].isin(results.inputs.reported) & (rows["source"] != "")]
    return tuple(cite(results, source) for source in sorted(set(rows["source"])))
