"""The board of targets: where we are, where we should be, the status in words with its tests."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd

from natcap.core.report import Chart, Column, Section
from natcap.progress.assessment import Assessment
from natcap.progress.figures import cite, figure_key
from natcap.progress.observations import series
from natcap.progress.periods import target_position
from natcap.progress.results import Results, own_ids
from natcap.progress.shape import amount, citations

__all__ = ["board", "targets"]

_THEMES = ("carbon", "circular", "energy", "nature")
_LINEAR = "[base]+([target]-[base])*(([latest_at]-[base_at])/([target_at]-[base_at]))"
_RATE = "[base]*([target]/[base])^(([latest_at]-[base_at])/([target_at]-[base_at]))"
_STRAIGHT = "(([latest]-[earlier])/([latest_at]-[earlier_at]))/(([target]-[latest])/([target_at]-[latest_at]))"
_COMPOUND = (
    "(1-([latest]/[earlier])^(1/([latest_at]-[earlier_at])))/(1-([target]/[latest])^(1/([target_at]-[latest_at])))"
)


def _columns() -> tuple[Column, ...]:
    return (
        Column("theme", "Theme"), Column("area", "Area"), Column("indicator", "Indicator"),
        Column("aim", "Target"), Column("status", "Status"), Column("unit", "Unit"),
        Column("period", "Newest period"), Column("latest", "Newest value", kind="number"),
        Column("path", "Path in that period", kind="number", formula=_LINEAR),
        Column("gap", "Gap to the path", kind="number", formula="[latest]-[path]",
               note="Newest value less path. Above zero is behind for what should fall, ahead for what should rise."),
        Column("gap_share", "Gap over path", kind="percent", formula="[gap]/[path]"),
        Column("ratio", "Rate achieved over rate needed", kind="number", decimals=2, formula=_STRAIGHT,
               note="1 is just enough. Straight rates for straight paths, compound rates for the others."),
        Column("why", "Tests and reasons"), Column("months", "Age of newest value", "months", kind="integer"),
        Column("base_at", "Base year", kind="year"), Column("base", "Base value", kind="number"),
        Column("target_at", "Target year", kind="year"), Column("target", "Target value", kind="number"),
        Column("earlier_at", "Rate taken since", kind="year"), Column("earlier", "Value then", kind="number"),
        Column("latest_at", "Newest year", kind="year"),
    )  # fmt: skip


def _row(one: Assessment, results: Results) -> dict[str, object]:
    indicator = results.inputs.indicators[one.target.indicator]
    name = results.inputs.areas.name(one.area)
    kind = str(series(results.table, indicator.indicator, one.area)["period_type"].iloc[0])
    return {
        "theme": indicator.theme, "area": name, "indicator": indicator.title,
        "aim": f"{name}: {one.target.label}" + (" [national]" if one.target.scope == "national" else ""),
        "status": one.status.text, "unit": indicator.unit, "why": one.status.why, "months": one.months,
        "period": one.latest.period if one.latest else "", "latest": one.latest.value if one.latest else np.nan,
        "latest_at": one.latest.at if one.latest else np.nan, "path": one.path_value, "gap": one.gap,
        "gap_share": one.gap / one.path_value if one.gap is not None and one.path_value else np.nan,
        "ratio": one.ratio, "base_at": one.base.at if one.base else np.nan,
        "base": one.base.value if one.base else np.nan, "target": one.target.value,
        "target_at": target_position(one.target.year, kind),
        "earlier_at": one.earlier.at if one.earlier else np.nan,
        "earlier": one.earlier.value if one.earlier else np.nan,
    }  # fmt: skip


def _order(one: Assessment, results: Results) -> tuple[int, int, int, bool]:
    inputs = results.inputs
    theme = inputs.indicators[one.target.indicator].theme
    place = _THEMES.index(theme) if theme in _THEMES else len(_THEMES)
    return (
        place,
        list(inputs.indicators).index(one.target.indicator),
        inputs.reported.index(one.area),
        one.target.withdrawn,
    )


def _cells(shown: list[Assessment], table: pd.DataFrame) -> dict[tuple[int, str], str]:
    """Formulas that differ from the column's: compound ones, and none where there is no number."""
    cells: dict[tuple[int, str], str] = {}
    for row, one in enumerate(shown):
        if one.target.path == "exponential":
            cells |= {(row, "path"): _RATE, (row, "ratio"): _COMPOUND}
        cells |= {(row, name): "" for name in ("path", "gap", "gap_share", "ratio") if pd.isna(table[name].iloc[row])}
    return cells


def _figures(shown: list[Assessment], results: Results) -> dict[tuple[int, str], str]:
    found: dict[tuple[int, str], str] = {}
    suffixes = own_ids(results.assessments)
    for row, one in enumerate(shown):
        area, key, own = one.area, one.target.indicator, suffixes[(one.area, one.target.id)]
        have = {"base": one.path_value, "path": one.path_value, "gap": one.path_value, "ratio": one.ratio}
        found[(row, "latest")] = figure_key(area, key, "latest")
        found |= {(row, what): figure_key(area, key, what, own) for what, v in have.items() if v is not None}
    return found


def _summary(shown: list[Assessment]) -> str:
    said = Counter(a.status.word for a in shown)
    parts = [f"{count} {word}" for word, count in said.most_common()]
    return (
        f"{len(shown)} targets can be set against a series: {', '.join(parts)}." if shown else "No target has a series."
    )


def _charts(shown: list[Assessment], results: Results) -> tuple[Chart, ...]:
    charts = []
    for key in dict.fromkeys(a.target.indicator for a in shown):
        one = results.inputs.indicators[key]
        some = [a for a in shown if a.target.indicator == key and a.gap is not None and not a.target.withdrawn]
        if len(some) < 2:
            continue
        sign = -1 if one.direction == "up" else 1
        behind = [a for a in some if sign * (a.gap or 0) > 0]
        worst = max(some, key=lambda a: sign * (a.gap or 0))
        title = (
            f"{one.title}: {len(behind)} of {len(some)} targets are behind their path; the widest gap is "
            f"{results.inputs.areas.name(worst.area)}, {amount(abs(worst.gap or 0), one.unit, True)}"
        )
        charts.append(Chart("bar", title, x="aim", y="gap", only={"indicator": one.title}))
    return tuple(charts)


def board(results: Results) -> Section:
    """Section 1: one row for each target that has a series."""
    found = [a for a in results.assessments if a.latest is not None]
    shown = sorted(found, key=lambda a: _order(a, results))
    columns = _columns()
    table = pd.DataFrame([_row(a, results) for a in shown], columns=[c.name for c in columns])
    numbers = [c.name for c in columns if c.kind != "text"]
    table[numbers] = table[numbers].astype("float64")
    marks = {(r, n): "[z]" for n in numbers for r in range(len(table)) if pd.isna(table[n].iloc[r])}
    notes = (
        f"Status as of {results.inputs.as_of.isoformat()}; nothing that ended later is used.",
        "The overall word is the worst of the tests that could be made.",
        "The bands of the words are recalled and can be changed in natcap.toml.",
        "A financial year stands at the year it starts in.",
        "A target reached is a value reached, not a claim of neutrality: ISO 14068-1 is not meant for territories.",
    )
    used = dict.fromkeys(a.target.indicator for a in shown)
    sources = tuple(dict.fromkeys(cite(results, a.target.source) for a in shown))
    return Section(
        "board", "Target board", table, columns, _summary(shown), notes, (*citations(results, used), *sources),
        _charts(shown, results), (), _cells(shown, table), marks, _figures(shown, results),
    )  # fmt: skip


def targets(results: Results) -> Section:
    """Section 2: every target as it was made, those without a series and those withdrawn included."""
    inputs = results.inputs
    assessed = {a.target.id for a in results.assessments if a.latest is not None}
    rows = [
        {
            "id": t.id, "area": inputs.areas.name(t.area), "scope": t.scope, "wording": t.wording,
            "indicator": inputs.indicators[t.indicator].title, "value": t.value, "unit": t.unit, "year": t.year,
            "base": "" if t.base_year is None else f"{t.base_year} ({t.base_verified})", "legal": t.legal_status,
            "set": t.date_set, "withdrawn": t.date_withdrawn, "series": "yes" if t.id in assessed else "none here",
            "source": cite(results, t.source), "verified": t.verified, "note": t.note,
        }
        for t in inputs.targets
    ]  # fmt: skip
    columns = (
        Column("id", "Target"), Column("area", "Area"), Column("scope", "Scope"), Column("wording", "In our words"),
        Column("indicator", "Indicator"), Column("value", "Value", kind="number"), Column("unit", "Unit"),
        Column("year", "Year", kind="year"), Column("base", "Base year and how it is known"),
        Column("legal", "Standing"), Column("set", "Set"), Column("withdrawn", "Withdrawn"),
        Column("series", "Series"), Column("source", "Source"), Column("verified", "How verified"),
        Column("note", "Note"),
    )  # fmt: skip
    table = pd.DataFrame(rows, columns=[c.name for c in columns])
    without = sum(1 for t in inputs.targets if t.id not in assessed)
    gone = sum(1 for t in inputs.targets if t.withdrawn)
    summary = f"{len(table)} targets: {without} have no series in these data, {gone} no longer stand as they were."
    return Section("targets", "Targets as set", table, columns, summary)
