"""Ranges in the report: the 5th to 95th percentile beside each total, scope and category, marked as judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from natcap.carbon.business.figures import TONNE, UNIT, is_synthetic, slug
from natcap.carbon.business.plan import categories
from natcap.carbon.business.ranges import DRAWS, Ranges, ranges_of
from natcap.carbon.business.result import Result
from natcap.carbon.inventory import SCOPE_1, SCOPE_2, SCOPE_3
from natcap.core.lines import MARKET
from natcap.core.report import Chart, Column, Figure, Section, Status, Trace

__all__ = ["NOTE", "ranged", "shown"]

_NAMES = {"": "total", SCOPE_1: "scope1", SCOPE_2: "scope2.location", SCOPE_3: "scope3", MARKET: "scope2.market"}


_RANGE = "business.range."
NOTE = (
    "A range beside a figure is the 5th to 95th percentile of draws over grades of quality that are judged or "
    "recalled, not published; the figure itself is as calculated. What was not entered is in no range."
)
"""What a reader of a headline with its range has to know."""


def ranged(figures: Iterable[Figure], ranges: Iterable[Figure]) -> Iterator[Figure]:
    """The figures, those that have a range with its ends; a figure outside its own range keeps to the working part."""
    ends = {found.id.removeprefix(_RANGE): found for found in ranges}
    for figure in figures:
        found = ends.get(figure.id.removeprefix("business."))
        value = figure.value
        if found is None or value is None or found.low is None or found.high is None:
            yield figure
        elif found.low <= value <= found.high:
            how = f"{figure.trace.how} Its range: 5th to 95th percentile by judged grades of quality, see {found.id}."
            yield replace(figure, low=found.low, high=found.high, trace=replace(figure.trace, how=how))
        else:
            yield figure


def shown(result: Result) -> tuple[Section | None, tuple[Figure, ...]]:
    """The section and its figures; none where there are no lines."""
    seed = result.inputs.choices.seed
    found = ranges_of(result.this.lines, seed)
    heads = _heads(found)
    if not heads:
        return None, ()
    sums = _sums(result)
    rows = [(label, sums[key], *(number / TONNE for number in found.found[head])) for head, key, label in heads]
    table = pd.DataFrame(rows, columns=["heading", "value", "p5", "median", "p95"])
    table["spread"] = (table["p95"] - table["p5"]) / 2 / table["value"].where(table["value"] != 0)
    columns = (
        Column("heading", "Heading"), Column("value", "As calculated", UNIT, "number", 3),
        Column("p5", "5th percentile", UNIT, "number", 3), Column("median", "Median", UNIT, "number", 3),
        Column("p95", "95th percentile", UNIT, "number", 3),
        Column("spread", "Half range", "%", "percent", 0, "([p95]-[p5])/2.0/[value]"),
    )  # fmt: skip
    first = table.iloc[0]
    said = f"{first['heading']}: {first['p5']:,.1f} to {first['p95']:,.1f} {UNIT} in nine of ten draws."
    notes = (
        "The grades behind these ranges are judged or recalled, not published: they say what is soft, not how soft.",
        f"{DRAWS:,} draws from seed {seed}; each factor is drawn once and shared by all that use it.",
        "What nobody entered is in no range.", *((found.said,) if found.said else ()),
    )  # fmt: skip
    figures = tuple(
        _figure(result, key, label, row, found)
        for (_, key, label), row in zip(heads, table.to_dict("records"), strict=True)
    )
    ids = {(row, "value"): f"business.{key}" for row, (_, key, _) in enumerate(heads)}
    ids |= {(row, "median"): f"business.range.{key}" for row, (_, key, _) in enumerate(heads)}
    chart = Chart("range", said.rstrip("."), "heading", "value", low="p5", high="p95")
    marks = {(row, "spread"): "[z]" for row in range(len(table)) if table["value"].iloc[row] == 0}
    cells = dict.fromkeys(marks, "")
    section = Section(
        "ranges", "Ranges (judged quality)", table, columns, said, notes, charts=(chart,), figures=ids, marks=marks,
        cells=cells, group="working",
    )  # fmt: skip
    return section, figures


def _heads(found: Ranges) -> list[tuple[tuple[str, str], str, str]]:
    """(heading, key of its figure, label) in the order of the summary, then by category."""
    order = list(_NAMES)
    known = [head for head in found.found if head[0] in _NAMES]
    known.sort(key=lambda head: (head[1] != "", order.index(head[0]), head[1]))
    return [(head, _key(*head), _label(*head)) for head in known]


def _key(section: str, category: str) -> str:
    """The id of a heading's figure, without the room."""
    keys = {heading: key for key, heading in categories().items()}
    return _NAMES[section] + (f".{slug(keys[category])}" if category else "")


def _label(section: str, category: str) -> str:
    return f"{section}: {category}" if category else section or "Total, scope 2 by location"


def _sums(result: Result) -> dict[str, float]:
    """Tonnes as calculated by the key of their figure."""
    totals = result.this.totals
    found = {
        "total": totals.total, "scope1": totals.scope1, "scope2.location": totals.location, "scope3": totals.scope3,
        "scope2.market": totals.market,
    }  # fmt: skip
    sums = {key: kg / TONNE for key, kg in found.items() if kg is not None}
    by = result.this.lines.groupby(["section", "category"], observed=True)["kg_co2e"].sum().reset_index()
    for section, category, kg in by.itertuples(index=False, name=None):
        if section in _NAMES:
            sums[_key(str(section), str(category))] = float(kg) / TONNE
    return sums


def _figure(result: Result, key: str, label: str, row: dict[object, object], found: Ranges) -> Figure:
    """The median with its range; it rests on grades that nobody published."""
    status: Status = "synthetic" if is_synthetic(result.inputs.project) else "recalled"
    how = f"Median of {DRAWS:,} draws of the lines behind {label}, from seed {result.inputs.choices.seed}."
    numbers = [float(str(row[name])) for name in ("p5", "median", "p95")]
    trace = Trace(how, parents=(f"business.{key}",), factors=found.refs)
    return Figure(
        f"{_RANGE}{key}", f"Range of {label}", numbers[1], UNIT, trace, numbers[0], numbers[2], status,
        result.this.period,
    )  # fmt: skip
