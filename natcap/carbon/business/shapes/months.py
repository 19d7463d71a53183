"""Bills with a column for each month: the table as it stands, turned into a row for each month that has a quantity.

Declared once with `layout = "months"` in natcap.toml. A month is named with its year (Jan 2025, Jan-25, 2025-01, a
date) or, where it comes once in the reporting period, without. An empty cell is no entry and is told: it is not zero.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from natcap.carbon.inventory import month_starts
from natcap.core.problems import Problems
from natcap.core.project import Period
from natcap.core.workbook import Field, TableModel

__all__ = ["long_form", "names_month", "wide_model"]

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December")  # fmt: skip
_TOTAL = "row_total"
_AWAY = 12
"""Months before and after the period that are known too, so that they are told and not passed over."""
_MOST = 50
_NEAR = 1e-6
_NAMED = re.compile(
    r"(?:(?:\d{4}-\d{2}(?:-\d{2})?)|(?:\d{1,2}/\d{4})|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"\.?(?:[ \-/']*(?:\d{2}|\d{4}))?)(?:[ (].*)?",
    re.IGNORECASE,
)


def names_month(text: str) -> bool:
    """Whether a header looks like a month."""
    return _NAMED.fullmatch(text.strip()) is not None


def wide_model(model: TableModel, period: Period) -> TableModel:
    """The activity table with a column for each month instead of quantity, first and last day."""
    kept = [f for f in model.fields if f.name not in ("quantity", "start", "end")]
    total = Field(
        _TOTAL, "Total", "number", required=False, unit_field="unit",
        synonyms=("year total", "annual total", "total for year", "grand total", "sum"),
    )  # fmt: skip
    fields = (*kept, *(_month(first, period) for first in _around(period)), total)
    return TableModel(model.id, model.sheet, model.title, fields, synonyms=model.synonyms)


def _around(period: Period) -> list[date]:
    months = month_starts(period.start, period.end)
    before, after = _shifted(months[0], -_AWAY), _shifted(months[-1], _AWAY)
    return month_starts(before, after)


def _shifted(first: date, months: int) -> date:
    at = first.year * 12 + first.month - 1 + months
    return date(at // 12, at % 12 + 1, 1)


def _last(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])


def _said(first: date) -> str:
    return f"{_MONTHS[first.month - 1]} {first.year}"


def _name(first: date) -> str:
    return f"month_{first.year}_{first.month:02d}"


def _month(first: date, period: Period) -> Field:
    """The column of a month under all its usual names."""
    name = _MONTHS[first.month - 1]
    words = (name[:3], name, *(("Sept",) if first.month == 9 else ()))
    year, short = f"{first.year}", f"{first.year % 100:02d}"
    names = [f"{word} {said}" for word in words for said in (year, short)]
    names += [f"{word}{said}" for word in words for said in (year, short)]
    names += [f"{year}-{first.month:02d}", f"{first.month:02d}/{year}", f"{first.month}/{year}"]
    names += [first.isoformat(), _last(first).isoformat()]
    within = month_starts(period.start, period.end)
    if first in within and sum(month.month == first.month for month in within) == 1:
        names += words
    return Field(_name(first), _said(first), "number", required=False, unit_field="unit", synonyms=tuple(names))


def long_form(frame: pd.DataFrame, period: Period, shown: str, problems: Problems) -> pd.DataFrame:
    """One row for each month with a quantity, in the order of the file, with the columns of the activity table.

    `frame` is the table as read by `wide_model`. Every row cites the cell of its month. Empty months of the period and
    totals that do not foot are told.
    """
    months = [first for first in _around(period) if (frame[f"_cell_{_name(first)}"] != "").any()]
    if not months and len(frame):
        remedy = "Write each month with its year, such as Jan 2025, or as a date."
        sheet = str(frame["_sheet"].iloc[0])
        problems.add(shown, "no column of a month", f"a column for each month of {period}", remedy, sheet=sheet)
    within = [first for first in months if first in month_starts(period.start, period.end)]
    _footed(frame, months, shown, problems)
    _told(frame, within, shown, problems)
    parts = [_one(frame, first).assign(_month=at) for at, first in enumerate(months)]
    long = pd.concat(parts, ignore_index=True) if parts else _one(frame, _around(period)[0]).iloc[:0].assign(_month=0)
    kept = long[long["quantity"].notna()].sort_values(["_row", "_month"], kind="stable").reset_index(drop=True)
    return kept.drop(columns="_month")


def _one(frame: pd.DataFrame, first: date) -> pd.DataFrame:
    """The rows of one month, those without a quantity too."""
    cells = frame[f"_cell_{_name(first)}"]
    others = [c for c in frame if not str(c).removeprefix("_cell_").startswith(("month_", _TOTAL))]
    unit = frame["_cell_unit"].where(frame["_cell_unit"] != "", cells)
    return frame[others].assign(
        quantity=frame[_name(first)], start=_days(first, len(frame)), end=_days(_last(first), len(frame)),
        _cell_quantity=cells, _cell_start=cells, _cell_end=cells, _cell_unit=unit,
    )  # fmt: skip


def _days(day: date, rows: int) -> np.ndarray:
    return np.full(rows, np.datetime64(day), dtype="datetime64[s]")


def _told(frame: pd.DataFrame, months: list[date], shown: str, problems: Problems) -> None:
    """A warning for each empty month of the period in a row that has others."""
    if not months:
        return
    empty: NDArray[np.bool_] = frame[[_name(first) for first in months]].isna().to_numpy(copy=True)
    for row in np.flatnonzero(empty.all(axis=1))[:_MOST].tolist():
        record = frame.iloc[row]
        problems.add(
            shown, "a row without a quantity", "a quantity of some month of the period", "It was passed over.",
            sheet=str(record["_sheet"]), cell=str(record[f"_cell_{_name(months[0])}"]), warning=True,
        )  # fmt: skip
    empty[empty.all(axis=1)] = False  # told already
    places = np.argwhere(empty)
    for row, column in places[:_MOST].tolist():
        record, first = frame.iloc[row], months[column]
        problems.add(
            shown, "an empty cell", f"a quantity of {_said(first)}",
            "It counts as missing, not as zero; write 0 where nothing was used.", sheet=str(record["_sheet"]),
            cell=str(record[f"_cell_{_name(first)}"]), warning=True,
        )  # fmt: skip
    if len(places) > _MOST:
        problems.add(shown, f"a further {len(places) - _MOST:,} empty months", "a quantity", warning=True)


def _footed(frame: pd.DataFrame, months: list[date], shown: str, problems: Problems) -> None:
    """A warning for each total beside the months that is not their sum."""
    if _TOTAL not in frame or not months:
        return
    sums = frame[[_name(first) for first in months]].sum(axis=1, min_count=1).to_numpy("float64")
    stated = frame[_TOTAL].to_numpy("float64")
    wrong = np.isfinite(stated) & ~np.isclose(stated, sums, rtol=_NEAR, atol=0.5e-2)
    for row in np.flatnonzero(wrong)[:_MOST].tolist():
        record = frame.iloc[row]
        problems.add(
            shown, f"a total of {stated[row]:,.10g}", f"the sum of the months, {sums[row]:,.10g}",
            "The months were taken; check which is right.", sheet=str(record["_sheet"]),
            cell=str(record[f"_cell_{_TOTAL}"]), warning=True,
        )  # fmt: skip
