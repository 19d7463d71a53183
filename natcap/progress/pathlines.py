"""The lines behind the board: every series with a target, its paths, withdrawn ones as well, and its tried trend."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.core.report import Chart, Column, Section
from natcap.progress import projection
from natcap.progress.assessment import Assessment, points
from natcap.progress.observations import current, series
from natcap.progress.results import Results
from natcap.progress.shape import amount, citations, single

__all__ = ["paths"]


def _lines(one: Assessment, results: Results) -> list[dict[str, object]]:
    """The path of one target as yearly points."""
    if one.path is None:
        return []
    what = "Path, withdrawn" if one.target.withdrawn else "Path"
    years = range(int(np.ceil(one.path.base_at)), int(one.path.end_at) + 1)
    at = sorted({one.path.base_at, *(float(y) for y in years if y >= one.path.base_at), one.path.end_at})
    return [
        _point(one.area, one.target.indicator, f"{what}: {one.target.label}", y, one.path.at(y), results) for y in at
    ]


def _point(
    area: str, indicator: str, line: str, year: float, value: float, results: Results,
    low: float | None = None, high: float | None = None,
) -> dict[str, object]:  # fmt: skip
    one = results.inputs.indicators[indicator]
    name = results.inputs.areas.name(area)
    return {
        "indicator": one.title, "area": name, "line": line, "year": year, "value": value, "low": low, "high": high,
        "unit": one.unit,
    }  # fmt: skip


def _trend(area: str, indicator: str, results: Results) -> list[dict[str, object]]:
    """The trend as far ahead as it was tried; none for indicators that were never tried."""
    tried = projection.horizons(indicator)
    found = points(series(results.table, indicator, area), results.inputs.as_of)
    window = [p for p in found if p.at >= found[-1].at - results.inputs.bands.window_years] if found else []
    full = len(window) == results.inputs.bands.window_years + 1 and len({p.method for p in window}) == 1
    if not tried or not full or min(p.value for p in window) <= 0:
        return []
    rows = []
    for ahead in tried:
        made = projection.project(indicator, [p.value for p in window], ahead)
        rows.append(_point(area, indicator, "Trend", window[-1].at + ahead, made.value, results, made.low, made.high))
    return rows


def paths(results: Results) -> Section:
    """Section 3: the series with a target, their paths (withdrawn ones as well), and trends with their range."""
    rows: list[dict[str, object]] = []
    pairs = sorted({(a.target.indicator, a.area) for a in results.assessments if a.latest is not None})
    order = {code: n for n, code in enumerate(results.inputs.reported)}
    pairs.sort(key=lambda pair: (pair[0], order[pair[1]]))
    for indicator, area in pairs:
        for p in points(series(current(results.table), indicator, area), results.inputs.as_of):
            rows.append(_point(area, indicator, "Observed", p.at, p.value, results))
        rows += _trend(area, indicator, results)
        for one in (a for a in results.assessments if (a.target.indicator, a.area) == (indicator, area)):
            rows += _lines(one, results)
    columns = (
        Column("indicator", "Indicator"), Column("area", "Area"), Column("line", "Line"),
        Column("year", "Year", kind="year"), Column("value", "Value", kind="number"),
        Column("low", "Low", kind="number"), Column("high", "High", kind="number"), Column("unit", "Unit"),
    )  # fmt: skip
    table = pd.DataFrame(rows, columns=[c.name for c in columns])
    table[["year", "value", "low", "high"]] = table[["year", "value", "low", "high"]].astype("float64")
    marks = {(r, n): "[z]" for n in ("low", "high") for r in np.flatnonzero(table[n].isna()).tolist()}
    notes = tuple(
        f"Trend of {results.inputs.indicators[key].title}, {ahead} years ahead. {projection.tried(key, ahead)}"
        for key in dict.fromkeys(p[0] for p in pairs)
        for ahead in projection.horizons(key)[-1:]
    )
    keys = list(dict.fromkeys(p[0] for p in pairs))
    charts = [c for key in keys for c in (*_path_charts(results, key), *_area_chart(results, key, table))]
    summary = "Every series that has a target, with its path; a withdrawn target keeps its old line."
    return Section(
        "paths", "Series, paths and trends", table, columns, summary, notes, citations(results, keys), tuple(charts),
        (), {}, marks,
    )  # fmt: skip


def _path_charts(results: Results, key: str) -> list[Chart]:
    """The series of one indicator with its path, in the first two areas that have one."""
    one = results.inputs.indicators[key]
    told = [a for a in results.assessments if a.target.indicator == key and a.path_value and not a.target.withdrawn]
    first = {a.area: a for a in reversed(told)}
    charts = []
    for area in list(dict.fromkeys(a.area for a in told))[:2]:
        gap, latest = first[area].gap or 0.0, first[area].latest
        name, period = results.inputs.areas.name(area), latest.period if latest else ""
        side = "above" if gap > 0 else "below"
        title = f"{one.title} in {name} was {amount(abs(gap), one.unit, True)} {side} the path in {period}"
        charts.append(Chart("line", title, "year", "value", "line", only={"indicator": one.title, "area": name}))
    return charts


def _area_chart(results: Results, key: str, table: pd.DataFrame) -> list[Chart]:
    """The observed series of all areas beside each other."""
    one = results.inputs.indicators[key]
    some = table[(table["indicator"] == one.title) & (table["line"] == "Observed")]
    if some["area"].nunique() < 2:
        return []
    alone = some[some["area"].isin(single(results))]
    rows = alone if alone["area"].nunique() > 1 else some
    ends = rows.sort_values("year").groupby("area")["value"].agg(["first", "last"])
    fell = int((ends["last"] < ends["first"]).sum())
    span = f"from {some['year'].min():.0f} to {some['year'].max():.0f}"
    title = f"{one.title} fell in {fell} of {len(ends)} areas {span}"
    return [Chart("line", title, "year", "value", "area", only={"indicator": one.title, "line": "Observed"})]
