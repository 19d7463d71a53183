"""Circular economy, energy and nature of the report: wide tables declared as lists of columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from natcap.core.report import Chart, Column, Section
from natcap.progress.observations import current
from natcap.progress.results import Results
from natcap.progress.shape import Measure, Wide, amount, citations, single, wide

__all__ = ["TOPICS", "Topic", "section_of"]


@dataclass(frozen=True, slots=True)
class Topic:
    """A table of one row a place and period. `columns` are (name, label, indicator, part); formulas live in `live`.

    `live` maps a column to a formula over the others in its row. `said` names what column `chart` holds; the chart
    shows that column (or `over`) `along` another.
    """

    id: str
    title: str
    columns: tuple[tuple[str, str, str, str], ...]
    said: str
    notes: tuple[str, ...] = ()
    live: Mapping[str, str] = field(default_factory=dict)
    last: int = 0
    chart: str = ""
    over: str = ""
    along: str = "year"


TOPICS: tuple[Topic, ...] = (
    Topic(
        "recycling", "Household recycling", (("rate", "Household waste recycled", "E01", ""),),
        "newest household recycling rates",
        ("A rate is not averaged over areas: there is none for a whole unless it is published.",
         "Household waste, not municipal waste, on which the national target is set."), chart="rate",
    ),
    Topic(
        "destinations", "Where collected waste goes",
        (("recycled", "Recycled or composted", "E06", "Recycled or composted"),
         ("recovery", "Incinerated with energy recovery", "E06", "Incineration with energy recovery"),
         ("burnt", "Incinerated without", "E06", "Incineration without energy recovery"),
         ("other", "Other", "E06", "Other"), ("landfill", "Landfilled", "E03", "")),
        "newest landfilled shares",
        ("Shares of the waste collected by authorities; those printed in whole numbers sum to 100 within a point.",),
        chart="landfill",
    ),
    Topic(
        "waste_masses", "Waste in tonnes",
        (("landfill", "Landfilled", "E22", "Landfill"), ("household", "Household waste", "E20", ""),
         ("recycled", "of which recycled, composted or reused", "E20", "Recycled, composted or reused"),
         ("residual", "of which not recycled", "E20", "Not recycled"),
         ("collected", "Waste collected by the authority", "E21", "")),
        "",
        ("Tonnes are known for few areas and years: they are transcribed by hand.",),
        live={"residual": "[household]-[recycled]"},
    ),
    Topic(
        "gas", "Domestic gas use per meter", (("gas", "Median gas use, weather corrected", "G10", ""),),
        "newest medians of domestic gas use",
        ("A median has no sum: there is none for a whole unless it is published.", "Gas years run from mid-May."),
        chart="gas",
    ),
    Topic(
        "electricity", "Domestic electricity use per meter", (("electricity", "Median electricity use", "G11", ""),),
        "newest medians of domestic electricity use",
        ("A median has no sum: there is none for a whole unless it is published.",
         "No rating: falls are good until heat and transport are electrified."), chart="electricity",
    ),
    Topic(
        "charging", "Public charging",
        (("chargers", "Public chargers per 100,000 people (from 2026)", "G12", ""),
         ("devices", "Public devices per 100,000 people (to 2025)", "G12D", ""),
         ("count", "Public devices", "G12C", "")),
        "newest counts of public chargers",
        ("Devices and chargers are two counts: the break is between 2025 and 2026.",),
        chart="chargers", over="devices", along="period",
    ),
    Topic(
        "vehicles", "Electric vehicles",
        (("electric", "Licensed electric cars and vans", "X13", ""), ("cars", "Licensed cars and vans", "X12", ""),
         ("share", "Electric share", "G13", "")),
        "newest electric shares of cars and vans",
        ("Vehicles are counted where the keeper is; a leasing firm can move an area.",),
        live={"share": "100*[electric]/[cars]"}, chart="share",
    ),
    Topic(
        "heat", "Heat pumps", (("pumps", "Heat pumps paid by the Boiler Upgrade Scheme in the year", "G08B", ""),),
        "newest yearly counts of heat pumps paid",
        ("A blank at the publisher is a suppressed small count or none; sums over areas with a blank are not made.",),
        chart="pumps",
    ),
    Topic(
        "heat_incentive", "Renewable heat incentive",
        (("domestic", "Domestic accreditations, cumulative", "G08D", ""),
         ("business", "Non-domestic accreditations, cumulative", "G08N", "")),
        "", ("Both schemes are closed to newcomers; counts are cumulative.",),
    ),
    Topic(
        "fuel_poverty", "Fuel poverty",
        (("poor", "Households in fuel poverty", "G17N", ""), ("households", "Households", "G17H", ""),
         ("rate", "Households in fuel poverty, share", "G17", "")),
        "newest shares of households in fuel poverty",
        ("Low income, low energy efficiency. The copy of 2022 cuts decimals off; shares here are recomputed.",),
        live={"rate": "100*[poor]/[households]"}, chart="rate",
    ),
    Topic(
        "nature", "Regulating services of nature, yearly value",
        (("air", "Air pollution removed", "N10", ""), ("climate", "Greenhouse gases regulated", "N11", ""),
         ("cooling", "Urban cooling", "N12", "")),
        "newest yearly values of urban cooling",
        ("Official statistics in development; values move with prices, people and weather as well as with nature.",),
        chart="cooling",
    ),
)  # fmt: skip


def _unit(results: Results, indicator: str) -> str:
    return results.inputs.indicators[indicator].unit


def _newest(made: Wide, name: str) -> pd.DataFrame:
    """The newest row with a value of column `name` in each area."""
    rows = made.table[made.table[name].notna()]
    return rows.groupby("code", sort=False).tail(1)


def _finding(results: Results, made: Wide, topic: Topic) -> str:
    """Where the newest values of the charted column lie, over the areas that are not sums of others."""
    indicator = next(i for name, _, i, _ in topic.columns if name == topic.chart)
    rows = _newest(made, topic.chart)
    alone = rows[rows["area"].isin(single(results))]
    rows = alone if len(alone) else rows
    ends = rows.loc[[rows[topic.chart].idxmin(), rows[topic.chart].idxmax()]]
    unit = results.inputs.indicators[indicator].unit
    said = [
        f"{amount(v, unit)} ({a}, {p})" for v, a, p in zip(ends[topic.chart], ends["area"], ends["period"], strict=True)
    ]
    if len(rows) == 1:
        return f"Known for one area only, {topic.said}: {said[0]}"
    return f"The {topic.said} run from {said[0]} to {said[1]}"


def _live(table: pd.DataFrame, topic: Topic) -> dict[tuple[int, str], str]:
    """Cells without a formula: the column has one, but an input in the row is missing, or the value is published."""
    cells: dict[tuple[int, str], str] = {}
    for name, formula in topic.live.items():
        inputs = [c for c in table.columns if f"[{c}]" in formula]
        lacking = table[[*inputs, name]].isna().any(axis=1)
        recomputed = table[inputs].apply(pd.to_numeric)
        value = _evaluate(formula, recomputed)
        differs = ~np.isclose(value, table[name], rtol=1e-9, atol=1e-9)
        cells |= {(int(r), name): "" for r in np.flatnonzero(lacking | differs)}
    return cells


def _evaluate(formula: str, inputs: pd.DataFrame) -> pd.Series:
    """The two forms of live formulas used here: a difference, and a percentage."""
    first, second = inputs.columns
    if formula.startswith("100*"):
        return 100 * inputs[first] / inputs[second]
    return inputs[first] - inputs[second]


def section_of(results: Results, topic: Topic, latest: Mapping[int, str]) -> Section | None:
    """The section of one topic, or None when there is nothing for the reported areas."""
    made = wide(
        results, [Measure(name, indicator, part) for name, _, indicator, part in topic.columns], last=topic.last
    )
    kept = [c for c in topic.columns if made.table[c[0]].notna().any()]
    if not kept:
        return None
    shown = {c[0]: c for c in kept}
    whole = all(name in shown for f in topic.live.values() for name, *_ in topic.columns if f"[{name}]" in f)
    live = topic.live if whole else {}
    columns = [
        Column("code", "Code"),
        Column("area", "Area"),
        Column("period", "Period"),
        Column("year", "Year", kind="year"),
    ]
    for name, label, indicator, _ in kept:
        columns.append(Column(name, label, _unit(results, indicator), "number", formula=live.get(name)))
    cells = _live(made.table, topic) if live else {}
    charts: tuple[Chart, ...] = ()
    summary = f"{topic.title} for the areas of this report."
    if topic.chart in shown:
        finding = _finding(results, made, topic)
        summary = f"{finding}."
        drawn = topic.over if topic.over in shown else topic.chart
        charts = (Chart("line", finding, topic.along, drawn, "area"),)
    marks = {cell: mark for cell, mark in made.marks.items() if cell[1] in shown}
    return Section(
        topic.id, topic.title, made.table, tuple(columns), summary, topic.notes,
        citations(results, [c[2] for c in kept]), charts, (), cells, marks, made.figures(latest),
    )  # fmt: skip


def _parts(results: Results, indicator: str, depth: int) -> list[str]:
    rows = current(results.table)
    rows = rows[(rows["indicator"] == indicator) & (rows["part"] != "") & rows["area"].isin(results.inputs.reported)]
    return sorted(p for p in set(rows["part"]) if p.count("/") == depth)
