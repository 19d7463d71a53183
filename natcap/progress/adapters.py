"""Adapters: one for each official file, one tidy table out.

What each column or key of a file means stands in `factors/progress/adapters.csv`; the code knows only the layout.
Rows of areas that the project does not list are left out. The tidy table then passes the same checks as any other.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from natcap.core.problems import Problems, did_you_mean
from natcap.core.resources import root
from natcap.core.workbook import Sheet, open_workbook
from natcap.core.workbook.scan import column_letters
from natcap.progress.areas import Areas
from natcap.progress.observations import COLUMNS

__all__ = ["ADAPTERS", "adapt"]

_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = {name: number for number, name in enumerate(_NAMES, start=1)}
_COUNCIL = re.compile(r"\s+(city|county|borough|district|metropolitan|london|royal|council|of)*\s*council$")


@dataclass(frozen=True, slots=True)
class _Meaning:
    indicator: str
    part: str
    unit: str
    period_type: str
    method_version: str
    source: str


@dataclass(frozen=True, slots=True)
class _File:
    """What an adapter is given: the sheets, how the file is shown, the areas, where problems go."""

    sheets: tuple[Sheet, ...]
    shown: str
    release: str
    areas: Areas
    problems: Problems


@lru_cache(maxsize=1)
def _meanings() -> dict[str, dict[str, _Meaning]]:
    found: dict[str, dict[str, _Meaning]] = {}
    with (root("factors") / "progress" / "adapters.csv").open(newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            adapter, match = row.pop("adapter"), row.pop("match")
            found.setdefault(adapter, {})[match] = _Meaning(**row)
    return found


def _frame(sheet: Sheet, header: int) -> pd.DataFrame:
    """Rows below the header as text, with `_row` as in the file (from 1)."""
    names = [str(c).strip() for c in sheet.rows[header]]
    body = [[_plain(c) for c in row[: len(names)]] + [""] * (len(names) - len(row)) for row in sheet.rows[header + 1 :]]
    frame = pd.DataFrame(body, columns=names, dtype=object)
    frame["_row"] = range(header + 2, header + 2 + len(body))
    return frame


def _plain(cell: object) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return str(cell).strip()


def _tidy(
    file: _File, sheet: str, rows: pd.DataFrame, meaning: _Meaning, value: str, column: int, suppressed: str = ""
) -> pd.DataFrame:
    """Rows with `area`, `period` and a value column as the tidy table; `suppressed` is the publisher's word for it."""
    text = rows[value].astype(str)
    out = pd.DataFrame("", index=rows.index, columns=[*COLUMNS])
    out["area"], out["period"] = rows["area"], rows["period"]
    for name in ("indicator", "part", "unit", "period_type", "method_version", "source"):
        out[name] = getattr(meaning, name)
    out["release"] = file.release
    out["value"] = text.mask(text == suppressed, "") if suppressed else text
    out["status"] = "observed"
    out.loc[text == "", "status"] = "not estimated"
    if suppressed:
        out.loc[text == suppressed, "status"] = "confidential"
    out["_file"], out["_sheet"], out["_row"] = file.shown, sheet, rows["_row"]
    out["_cell_value"] = column_letters(column) + rows["_row"].astype(str)
    return out


def _missing(file: _File, sheet: Sheet, frame: pd.DataFrame, wanted: list[str]) -> bool:
    absent = [name for name in wanted if name not in frame.columns]
    for name in absent:
        near = did_you_mean(name, [str(c) for c in frame.columns])
        file.problems.add(file.shown, "no such column", f"a column {name!r}", near, sheet=sheet.name)
    return bool(absent)


def _la_co2(file: _File, meanings: dict[str, _Meaning]) -> list[pd.DataFrame]:
    """CO2 within local influence as compiled by mySociety: a row an authority and year, a column a part."""
    sheet = file.sheets[0]
    frame = _frame(sheet, 0)
    if _missing(file, sheet, frame, ["Year", "official-name", *meanings]):
        return []
    codes = {file.areas.name(code).casefold(): code for code in file.areas}
    names = frame["official-name"].str.casefold()
    frame["area"] = names.str.replace(_COUNCIL, "", regex=True).map(codes)
    frame["period"] = frame["Year"]
    rows = frame[frame["area"].notna()]
    places = list(frame.columns)
    return [_tidy(file, sheet.name, rows, m, name, places.index(name)) for name, m in meanings.items()]


def _long(
    file: _File, meanings: dict[str, _Meaning], area: str, key: str, period: str, value: str, suppressed: str = ""
) -> list[pd.DataFrame]:
    """A table with one value a row, told apart by the word in column `key`."""
    sheet = file.sheets[0]
    frame = _frame(sheet, 0)
    if _missing(file, sheet, frame, [area, key, period, value]):
        return []
    place = list(frame.columns).index(value)
    frame["area"], frame["_period"] = frame[area], frame[period]
    rows = frame[frame["area"].isin(list(file.areas))]
    found = []
    for word, meaning in meanings.items():
        some = rows[rows[key] == word].copy()
        year = meaning.period_type == "calendar year"
        some["period"] = some["_period"].str[:4] if year else some["_period"]
        found.append(_tidy(file, sheet.name, some, meaning, value, place, suppressed))
    return found


def _ons_els(file: _File, meanings: dict[str, _Meaning]) -> list[pd.DataFrame]:
    """Explore Local Statistics of the ONS."""
    return _long(file, meanings, "areacd", "indicator", "period", "observation")


def _recycling(file: _File, meanings: dict[str, _Meaning]) -> list[pd.DataFrame]:
    """Household recycling rates as kept by the Trafford Data Lab."""
    return _long(file, meanings, "area_code", "indicator", "period", "value")


def _renewables(file: _File, meanings: dict[str, _Meaning]) -> list[pd.DataFrame]:
    """Renewable electricity as kept by the Trafford Data Lab; NA is a suppressed cell."""
    return _long(file, meanings, "area_code", "group", "period", "value", suppressed="NA")


def _ev_charging(file: _File, meanings: dict[str, _Meaning]) -> list[pd.DataFrame]:
    """Charging device statistics of the DfT: sheet 1a, two columns a quarter."""
    sheet = next((s for s in file.sheets if s.name.strip() == "1a"), None)
    if sheet is None:
        file.problems.add(file.shown, "no sheet '1a'", "the table of devices by local authority", sheet="1a")
        return []
    starts = [i for i, row in enumerate(sheet.rows) if row and str(row[0]).startswith("Local Authority / Region Code")]
    if not starts:
        file.problems.add(file.shown, "no header row that is known", "Local Authority / Region Code", sheet="1a")
        return []
    frame = _frame(sheet, starts[0])
    frame["area"] = frame.iloc[:, 0]
    rows = frame[frame["area"].isin(list(file.areas))]
    found = []
    for place, header in enumerate(str(c) for c in sheet.rows[starts[0]]):
        match = re.match(r"([A-Z][a-z]{2})[a-z]*-(\d\d)\s*\((.+?)\)", header)
        meaning = meanings.get(match[3].casefold()) if match else None
        if place > 1 and not (match and meaning and match[1] in _MONTHS):
            file.problems.add(file.shown, header, "a month and what was counted", "Not read.", sheet="1a", warning=True)
        elif match and meaning:
            period = f"20{match[2]}-{_MONTHS[match[1]]:02d}-01"
            found.append(_tidy(file, sheet.name, rows.assign(period=period), meaning, header.strip(), place))
    return found


ADAPTERS: dict[str, Callable[[_File, dict[str, _Meaning]], list[pd.DataFrame]]] = {
    "la_co2": _la_co2, "ons_els": _ons_els, "recycling": _recycling, "renewables": _renewables,
    "ev_charging": _ev_charging,
}  # fmt: skip
"""Name of an official file -> its adapter."""


def adapt(name: str, path: Path, shown: str, release: str, areas: Areas, problems: Problems) -> pd.DataFrame:
    """Read an official file; rows as text in COLUMNS with their cells. What is wrong is added to `problems`."""
    book = open_workbook(path, problems, shown)
    empty = pd.DataFrame(columns=[*COLUMNS, "_file", "_sheet", "_row", "_cell_value"])
    if book is None or not any(s.rows for s in book.sheets):
        return empty
    file = _File(tuple(s for s in book.sheets if s.rows), shown, release, areas, problems)
    found = [f for f in ADAPTERS[name](file, _meanings()[name]) if len(f)]
    if not found and not problems.errors:
        problems.add(shown, "no row for any area of the project", "rows for the areas of areas.csv", warning=True)
    return pd.concat(found, ignore_index=True) if found else empty
