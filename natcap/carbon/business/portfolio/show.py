"""Sections of a portfolio: every business by category and scope, the benchmarks, who was left out."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from natcap.carbon.business.figures import UNIT
from natcap.carbon.business.portfolio.batch import SECTIONS, Batch
from natcap.carbon.business.portfolio.benchmark import ALL_SECTORS, ALL_SIZES
from natcap.carbon.business.portfolio.figures import key_of_group
from natcap.carbon.business.portfolio.model import MEASURES
from natcap.core.report import Chart, Column, Section

__all__ = ["benchmark_section", "businesses_section", "left_sections"]

_SHORT = {"scope1": "Scope 1", "scope2": "Scope 2, location-based", "scope3": "Scope 3",
          "market": "Scope 2, market-based", "outside": "Outside of scopes"}  # fmt: skip
_GROSS = ("scope1", "scope2", "scope3")
_HUB = (
    "This table shows single businesses: it is for the organisation that holds the portfolio and not for publication. "
    'contents = "benchmark" under [choices] writes a report without it.'
)
_TEXTS = {"business": "Business ID", "name": "Name", "sector": "Sector", "size": "Size band"}
_DIVIDED = {"employees": ("Employees", ""), "turnover": ("Turnover", "GBP")}


def businesses_section(batch: Batch, keys: Mapping[str, str]) -> Section:
    """One row for each business, sums in the last; scopes, total and intensities are live formulas."""
    columns = _columns(batch)
    numbers = [c.name for c in columns if c.kind == "number" and not c.name.startswith(("per_", "rank_"))]
    table = batch.table.assign(**{f"rank_{name}": made.percentile for name, made in batch.benchmarks.items()})
    table = table[[c.name for c in columns]]
    last = len(table)
    sums = {name: table[name].sum(min_count=1) for name in numbers}
    whole = {"business": batch.inputs.counted.capitalize(), "name": "", "sector": "", "size": ""} | sums
    table = pd.concat([table, pd.DataFrame([whole])], ignore_index=True)
    table["name"] = table["name"].fillna("")
    marks = {
        (int(at), c.name): "[x]" for c in columns if c.kind != "text" for at in np.flatnonzero(table[c.name].isna())
    }  # fmt: skip
    for name, made in batch.benchmarks.items():
        marks |= {(int(at), f"rank_{name}"): "[c]" for at in np.flatnonzero(made.hidden.to_numpy())}
    marks |= {(last, c.name): "[z]" for c in columns if c.name.startswith(("per_", "rank_"))}
    cells = dict.fromkeys(marks, "")
    cells |= {(last, name): f"SUM({{{name}}})" for name in numbers if (last, name) not in marks}
    most = batch.table.iloc[int(batch.table["total"].fillna(-np.inf).to_numpy().argmax())]
    said = (
        f"{_who(batch)} emit {sums['total']:,.1f} {UNIT} in scope 1, 2 (location) and 3; the most is "
        f"{most['total'] / sums['total']:.1%} of it, by {most['name'] or most['business']}."
    ).replace("%", " %") if sums["total"] else f"{_who(batch)}."  # fmt: skip
    figures = {(at, "total"): keys[name] for at, name in enumerate(batch.table["business"])}
    return Section("portfolio_businesses", "Businesses by category and scope", table, columns, said, (_HUB,),
                   total_rows=(last,), cells=cells, marks=marks,
                   figures=figures | {(last, "total"): "portfolio.total"})  # fmt: skip


def _columns(batch: Batch) -> tuple[Column, ...]:
    found = [Column(name, label) for name, label in _TEXTS.items()]
    found += [Column(name, label, unit, "number", 1) for name, (label, unit) in _DIVIDED.items()]
    scopes: list[Column] = []
    sections = {section: name for name, section in SECTIONS.items()}
    parts: dict[str, list[str]] = {}
    for name, (section, category) in batch.categories.items():
        found.append(Column(name, f"{_SHORT[sections[section]]}: {category}", UNIT, "number", 3))
        parts.setdefault(sections[section], []).append(name)
    for name, columns in parts.items():
        formula = f"SUM({','.join(f'[{c}]' for c in columns)})"
        scopes.append(Column(name, f"{_SHORT[name]}, all", UNIT, "number", 3, formula))
    gross = ",".join(f"[{name}]" for name in _GROSS if name in parts)
    scopes.append(Column("total", "Total", UNIT, "number", 3, f"SUM({gross})" if gross else None))
    operated = ",".join(f"[{name}]" for name in ("scope1", "scope2") if name in parts)
    for name in batch.benchmarks:
        unit, scale = MEASURES[name]
        divided = f"SUM({operated})*{scale:g}/[{name}]"
        scopes.append(Column(f"per_{name}", f"Intensity by {name}, scope 1 and 2", unit, "number", 4, divided))
        scopes.append(Column(f"rank_{name}", f"Percentile by {name} in its group", "%", "percent", 0))
    return (*found, *scopes)


def benchmark_section(batch: Batch, name: str) -> Section:
    """Quartiles of an intensity by sector and size; what would show a single business is "[c]"."""
    unit, least = MEASURES[name][0], batch.inputs.ways.suppress_below
    groups = batch.benchmarks[name].groups
    table = groups.drop(columns="hidden").astype({"n": "float64"})
    gone = groups["hidden"].to_numpy()
    numbers = ["n", "lower", "median", "upper"]
    table.loc[gone, numbers] = np.nan
    table["state"] = np.where(gone, f"[c] fewer than {least}, or protects such a group: not shown", "shown")
    marks = {(int(at), column): "[c]" for at in np.flatnonzero(gone) for column in numbers}
    columns = (
        Column("sector", "Sector"), Column("size", "Size band"), Column("n", "Businesses", "", "integer"),
        Column("lower", "Lower quartile", unit, "number", 3), Column("median", "Median", unit, "number", 3),
        Column("upper", "Upper quartile", unit, "number", 3), Column("state", "State"),
    )  # fmt: skip
    shown = table[~gone & (table["sector"] != ALL_SECTORS) & (table["size"] == ALL_SIZES)]
    said = f"{int(gone.sum())} of {len(table)} groups are not shown."
    charts: tuple[Chart, ...] = ()
    if len(shown):
        most = shown.iloc[int(shown["median"].to_numpy().argmax())]
        title = f"Highest median of a sector: {most['sector']}, {most['median']:,.3g} {unit}"
        chart = Chart("range", title, "sector", "median", low="lower", high="upper", only={"size": [ALL_SIZES]})
        said, charts = f"{title}. {said}", (chart,)
    notes: tuple[str, ...] = (
        "The chart shows the median of each sector, and the half of its businesses between its quartiles.",
        f"Scope 1 and scope 2 (location-based) divided by {name}; businesses that state no {name} are not in it.",
        f"[c]: fewer than {least} businesses, or the next smallest group, so that nothing can be worked out by "
        "subtraction. Quartiles between two businesses lie on the straight line between them.",
    )
    if batch.inputs.ways.open:
        notes = (*notes, "Rounded to two significant figures: a quartile of few is the exact figure of one business.")
    figures = {
        (int(at), "median"): key_of_group(name, str(table["sector"].iloc[at]), str(table["size"].iloc[at]))
        for at in np.flatnonzero(~gone)
    }
    return Section(f"benchmark_{name}", f"Benchmark by {name}", table, columns, said, notes, charts=charts, marks=marks,
                   figures=figures)  # fmt: skip


def _who(batch: Batch) -> str:
    """How many businesses the figures are of, and of how many."""
    return batch.inputs.counted if len(batch.inputs.left) else f"{len(batch.inputs.businesses):,} businesses"


def left_sections(batch: Batch) -> tuple[Section, ...]:
    """Who was left out as chosen, and each of their problems with its place and its remedy."""
    table, told = batch.inputs.left, batch.inputs.told
    if table.empty:
        return ()
    columns = (
        Column("business", "Business ID"), Column("problems", "Problems", "", "integer"),
        Column("first", "First of them"),
    )  # fmt: skip
    said = f"Left out as chosen: {len(table):,} with problems. The figures are of {batch.inputs.counted}."
    labels = {"business": "Business ID", "file": "File", "sheet": "Sheet", "cell": "Cell", "found": "Found",
              "expected": "Expected", "remedy": "What to do"}  # fmt: skip
    rows = [{"business": name, **problem.as_dict()} for name, problem in told]
    listed = pd.DataFrame(rows, columns=list(labels))
    return (
        Section("portfolio_left_out", "Businesses left out", table, columns, said),
        Section("portfolio_problems", "Problems of the businesses left out", listed,
                tuple(Column(name, label) for name, label in labels.items()),
                f"To put right before these businesses count: {len(told):,}."),
    )  # fmt: skip
