"""Report: what a build found, as figures, sections, lines and a record of the run.

A report knows nothing of Excel or Panel. The workbook, the dashboard, CSV, JSON and HTML all show the same one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from natcap.core.problems import Problem

__all__ = ["Chart", "Check", "Column", "FactorRef", "Figure", "InputRef", "Report", "Run", "Section", "Trace"]

_ALIKE = 2.0**-48
Status = Literal["calculated", "observed", "estimated", "provisional", "recalled", "synthetic", "missing"]
"""`recalled`: rests on a recalled or judged number. `missing`: there is no value, and it is not zero."""


@dataclass(frozen=True, slots=True)
class InputRef:
    """A value in somebody's file: where it stands and what stood there."""

    file: str
    sheet: str = ""
    cell: str = ""
    value: str = ""
    unit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class FactorRef:
    """A published number used in a figure, with its page."""

    id: str
    label: str
    value: float
    unit: str
    source: str
    locator: str
    verified: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """How a figure came about: a sentence, the lines it sums, the figures, inputs and factors it rests on.

    `lines` selects rows of the report's lines table (column -> value or list of values); the figure is then the sum
    of `kg_co2e` over them, times `scale`.
    """

    how: str
    lines: Mapping[str, Any] | None = None
    scale: float = 1.0
    parents: tuple[str, ...] = ()
    inputs: tuple[InputRef, ...] = ()
    factors: tuple[FactorRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number under a stable id such as `business.scope1` or `extent.closing.E07000129.woodland`."""

    id: str
    label: str
    value: float | None
    unit: str
    trace: Trace
    low: float | None = None
    high: float | None = None
    status: Status = "calculated"
    period: str = ""
    place: str = ""
    headline: bool = False
    change: float | None = None
    change_from: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) != (self.status == "missing"):
            raise ValueError(f"figure {self.id}: status {self.status!r} does not fit value {self.value!r}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a section. `formula` makes its cells live in the workbook.

    Formula grammar (an Excel formula without "="): `[name]` is the cell of that column in the same row, `{name}` the
    cells of that column in this section without its total rows, `{section.name}` those of another section (the lines
    table is section "lines"), `[name@2]` and `[section.name@2]` the cell at row position 2, counted from 0.
    A percent is a share: 0.25 is shown as 25%.
    """

    name: str
    label: str
    unit: str = ""
    kind: Literal["text", "number", "integer", "money", "date", "year", "percent"] = "text"
    decimals: int | None = None
    formula: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A hint for a chart of the section's table. `title` states the finding and is the alternative text as well.

    bar: x category, y one column. stacked: x, y, series column. line: x, y, series. sankey: source, target, y.
    waterfall: x label, y change. range: x, y, low, high. map: x zone code, y value.
    """

    kind: Literal["bar", "stacked", "line", "sankey", "waterfall", "range", "map"]
    title: str
    x: str
    y: str
    series: str = ""
    target: str = ""
    low: str = ""
    high: str = ""
    colours: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Section:
    """A table with what a reader needs around it.

    `marks` holds shorthand for cells without a number ("[x]" not available, "[z]" not applicable); `cells` overrides
    the column's formula in one cell (same grammar; empty text means a plain value); `figures` gives the figure id
    behind a cell. Keys are (row position, column name). `summary` states the finding in one sentence. `number` is the
    number of its worksheet where a standard gives one ("5", "5b"); without it worksheets are counted.
    """

    id: str
    title: str
    table: pd.DataFrame
    columns: tuple[Column, ...]
    summary: str = ""
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    total_rows: tuple[int, ...] = ()
    cells: Mapping[tuple[int, str], str] = field(default_factory=dict)
    marks: Mapping[tuple[int, str], str] = field(default_factory=dict)
    figures: Mapping[tuple[int, str], str] = field(default_factory=dict)
    group: Literal["main", "working", "back"] = "main"
    number: str = ""

    def __post_init__(self) -> None:
        missing = [c.name for c in self.columns if c.name not in self.table.columns]
        if missing:
            raise ValueError(f"section {self.id}: no column {', '.join(missing)} in its table")


@dataclass(frozen=True, slots=True)
class Check:
    """One identity with its two sides. `difference` is left - right."""

    id: str
    title: str
    left: float
    right: float
    tolerance: float
    unit: str

    @property
    def difference(self) -> float:
        """Left less right; 0 below what doubles of that size can tell apart, as a spreadsheet shows it too."""
        gap = self.left - self.right
        return 0.0 if abs(gap) <= _ALIKE * max(abs(self.left), abs(self.right)) else gap

    @property
    def passed(self) -> bool:
        return bool(abs(self.difference) <= self.tolerance)


@dataclass(frozen=True, slots=True)
class Run:
    """What makes a result repeatable: input hashes, editions, choices, version, and every fallback that was taken."""

    version: str
    inputs: tuple[Mapping[str, str], ...]
    editions: tuple[str, ...]
    choices: Mapping[str, str]
    controls: Mapping[str, str] = field(default_factory=dict)
    fallbacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole result. `banners` stand at the top of every page (SYNTHETIC data, recalled figures).

    `scopes` names the sections that a banner concerns; in the workbook it stands on their sheets and on the front ones.
    A banner without a scope, or about made-up data, stands on every sheet.
    """

    kind: Literal["accounts", "business", "farm", "area", "portfolio"]
    title: str
    subject: str
    period: str
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    run: Run
    place: str = ""
    lines: pd.DataFrame | None = None
    checks: tuple[Check, ...] = ()
    warnings: tuple[Problem, ...] = ()
    banners: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    geometry: Mapping[str, Any] | None = None
    scopes: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ids = [f.id for f in self.figures]
        twice = sorted({i for i in ids if ids.count(i) > 1}) if len(set(ids)) != len(ids) else []
        if twice:
            raise ValueError(f"figure ids used twice: {', '.join(twice[:5])}")
        broken = [c.title for c in self.checks if not c.passed]
        if broken:
            raise ArithmeticError("the account does not close: " + "; ".join(broken))

    def figure(self, key: str) -> Figure:
        """Return one figure; raises KeyError when there is none."""
        for found in self.figures:
            if found.id == key:
                return found
        raise KeyError(key)

    def section(self, key: str) -> Section:
        """Return one section; raises KeyError when there is none."""
        for found in self.sections:
            if found.id == key:
                return found
        raise KeyError(key)

    @property
    def headlines(self) -> tuple[Figure, ...]:
        """At most five figures for cards and the terminal."""
        return tuple(f for f in self.figures if f.headline)[:5]
