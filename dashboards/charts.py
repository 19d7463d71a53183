"""Charts of a section's table in plain Bokeh, by the report's hint. Colour is never the only sign.

Text, grid and axes take the colours of the page's theme, so they stay readable in light and dark.
"""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, FactorRange, HoverTool, NumeralTickFormatter, Range1d, SaveTool, Whisker
from bokeh.plotting import figure

from natcap.core.report import Chart, Column, Section

from .amounts import eased, wrapped
from .safe import canvas
from .words import full, short, unit_label

__all__ = ["EDGE", "GAIN", "LOSS", "PALETTE", "Drawn", "axis_label", "base", "draw", "hover", "rows_of", "texts"]

PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#6F4E7C", "#8C6D1F")
"""Okabe and Ito's colours, strongest contrast first; the edge keeps pale ones visible on any ground."""
GAIN, LOSS, LEVEL = "#0072B2", "#D55E00", "#8A8A8A"
EDGE = "#767676"
_HATCH = (" ", "/", "x", "-", "\\", "o", "+", ".", "v", "*", ":", "@", "`", ",", '"', "|")
"""One pattern for each of sixteen series, so that none is told by its colour alone; upright lines, which look like the
ends of bars, come last."""
_LIGHT, _DARK = "#FFFFFF", "#1A1A1A"
_EVEN = 0.3
"""Luminance up to which white stands out at three to one: (1 + 0.05) / (0.3 + 0.05)."""
_DASH = ("solid", "dashed", "dotdash", "dotted")
_MARK = ("circle", "square", "triangle", "diamond", "inverted_triangle", "hex", "star", "plus")
Drawn = tuple[Any, str]
"""A figure and a sentence about what it leaves out (or none)."""


def rows_of(section: Section, chart: Chart, totals: bool = False) -> pd.DataFrame:
    """The rows a chart shows: `only` selects, total rows are left out unless they are levels of a waterfall."""
    table = section.table
    keep = np.ones(len(table), dtype=bool)
    if not totals:
        keep[list(section.total_rows)] = False
    for column, wanted in chart.only.items():
        values = list(wanted) if isinstance(wanted, (list, tuple, set)) else [wanted]
        keep &= table[column].isin(values).to_numpy()
    return table[keep]


def _column(section: Section, name: str) -> Column:
    return next((c for c in section.columns if c.name == name), Column(name, name.replace("_", " ")))


def axis_label(section: Section, name: str, rows: pd.DataFrame | None = None) -> str:
    """Label and unit of a column, for an axis; a table of several units has them in a column named unit."""
    column = _column(section, name)
    unit = column.unit
    if not unit and rows is not None and "unit" in rows.columns and rows["unit"].nunique() == 1:
        unit = str(rows["unit"].iloc[0])
    return canvas(f"{column.label} ({unit_label(unit)})" if unit else column.label, 80)


def base(title: str, height: int, **params: Any) -> Any:
    """An empty figure with an accessible name and a save button; the page prints the title, where it can wrap."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", title).strip("-")[:80] or "chart"
    plot = figure(
        height=height,
        sizing_mode="stretch_width",
        tools=[SaveTool(filename=name)],
        toolbar_location="below",
        background_fill_alpha=0,
        border_fill_alpha=0,
        **params,
    )
    plot.toolbar.logo = None
    plot.html_attributes = {"role": "figure", "aria-label": canvas(title, 300)}
    return plot


def hover(renderers: list[Any]) -> Any:
    """Name and value of what the pointer is over; the table has the same for those who use none."""
    return HoverTool(renderers=renderers, tooltips=[("", "@name"), ("", "@text")], visible=False)


def _hover(plot: Any, renderers: list[Any]) -> None:
    plot.add_tools(hover(renderers))


def _colour(chart: Chart, key: str, index: int) -> str:
    """The colour of a series; the palette starts one further in every round of patterns, so that no pair comes back."""
    return str(chart.colours.get(key, PALETTE[(index + index // len(_HATCH)) % len(PALETTE)]))


def _luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb" from 0 to 1 (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _pattern(colour: str, index: int) -> dict[str, Any]:
    """The pattern of a series in white or near black, whichever stands out more from its colour."""
    light = not re.fullmatch("#[0-9A-Fa-f]{6}", colour) or _luminance(colour) < _EVEN
    return {"hatch_pattern": _HATCH[index % len(_HATCH)], "hatch_color": _LIGHT if light else _DARK}


def texts(section: Section, name: str, values: np.ndarray[Any, Any]) -> list[str]:
    """Values with their unit, for the hover."""
    column = _column(section, name)
    unit, scale = ("%", 100.0) if column.kind == "percent" else (unit_label(column.unit), 1.0)
    return [f"{full(float(v) * scale)} {unit}".strip() if np.isfinite(v) else "[x]" for v in values]


def _names(values: pd.Series[Any]) -> list[str]:
    return [canvas(v, 80) for v in values.astype(str)]


def _height(shown: Mapping[str, str]) -> int:
    """Pixels for bars beside their names; names of many lines need taller ones."""
    lines = max((text.count("\n") + 1 for text in shown.values()), default=1)
    return 120 + max(36, 15 * lines + 8) * max(1, len(shown))


def _left_out(section: Section, chart: Chart, values: pd.Series[Any]) -> str:
    missing = int(values.isna().sum())
    what = "rows has no number and is not drawn" if missing == 1 else "rows have no number and are not drawn"
    return f"{missing} of {len(values)} {what}." if missing else ""


def _scale(axis: Any, column: Column) -> None:
    """Thousands separated, or per cent for shares."""
    axis.formatter = NumeralTickFormatter(format="0[.]0%" if column.kind == "percent" else "0,0[.]00")


def _bar(section: Section, chart: Chart) -> Drawn:
    table = rows_of(section, chart)
    note = _left_out(section, chart, table[chart.y])
    table = table[table[chart.y].notna()]
    names = _unique(_names(table[chart.x]))
    values = table[chart.y].to_numpy(dtype="float64")
    shown = wrapped(names)
    source = ColumnDataSource(
        {
            "cat": [shown[n] for n in names],
            "name": names,
            "value": values,
            "text": texts(section, chart.y, values),
            "fill": [str(chart.colours.get(n, PALETTE[0])) for n in table[chart.x].astype(str)],
        }
    )
    plot = base(chart.title, _height(shown), y_range=FactorRange(*[shown[n] for n in names][::-1]))
    bars = plot.hbar(y="cat", right="value", height=0.7, fill_color="fill", line_color=EDGE, source=source)
    _hover(plot, [bars])
    _finish_horizontal(plot, values, section, chart)
    return plot, note


def _unique(names: list[str]) -> list[str]:
    """Category names must differ on an axis; a repeated one gets a number."""
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return out


def _in_lines(label: str, width: int = 36) -> list[str]:
    """An axis label in lines that fit a phone; the unit begins one."""
    name, opens, unit = label.rpartition(" (")
    if len(label) <= width or not opens:
        return textwrap.wrap(label, width)
    return [*textwrap.wrap(name, width), *textwrap.wrap(f"({unit}", width)]


def _finish_horizontal(plot: Any, values: np.ndarray[Any, Any], section: Section, chart: Chart) -> None:
    lines = _in_lines(axis_label(section, chart.y, rows_of(section, chart)))
    plot.xaxis.axis_label = "\n".join(lines)
    plot.height += 15 * (len(lines) - 1)
    _scale(plot.xaxis, _column(section, chart.y))
    plot.xaxis.ticker.desired_num_ticks = 4
    plot.ygrid.visible = False
    if len(values) and values.min() >= 0:
        plot.x_range.start = 0


def _stacked(section: Section, chart: Chart) -> Drawn:
    table = rows_of(section, chart)
    note = _left_out(section, chart, table[chart.y])
    wide = table.pivot_table(
        index=chart.x, columns=chart.series, values=chart.y, aggfunc="sum", sort=False, dropna=False, observed=True
    )
    names = _unique([canvas(v, 80) for v in wide.index.astype(str)])
    shown = wrapped(names)
    order = list(wide.columns)
    plot = base(chart.title, 40 + _height(shown), y_range=FactorRange(*[shown[n] for n in names][::-1]))
    up, down = np.zeros(len(wide)), np.zeros(len(wide))
    bars = []
    for index, key in enumerate(order):
        values = wide[key].fillna(0.0).to_numpy(dtype="float64")
        left = np.where(values >= 0, up, down)
        right = left + values
        up, down = np.where(values >= 0, right, up), np.where(values < 0, right, down)
        source = ColumnDataSource(
            {
                "cat": [shown[n] for n in names],
                "name": [f"{n}: {canvas(key, 60)}" for n in names],
                "left": left,
                "right": right,
                "text": texts(section, chart.y, wide[key].to_numpy(dtype="float64")),
            }
        )
        colour = _colour(chart, str(key), index)
        bars.append(
            plot.hbar(
                y="cat",
                left="left",
                right="right",
                height=0.7,
                source=source,
                line_color="white",
                line_width=1.5,
                fill_color=colour,
                **_pattern(colour, index),
                legend_label=canvas(key, 40),
            )
        )
    _hover(plot, bars)
    _finish_horizontal(plot, down, section, chart)
    _legend(plot)
    return plot, note


def _legend(plot: Any) -> None:
    legend = plot.legend[0]
    plot.add_layout(legend, "above")
    legend.location = "top_left"
    legend.orientation = "horizontal"
    legend.ncols = 2 if len(legend.items) > 1 else 1
    plot.height += 14 * len(legend.items)
    legend.label_text_font_size = "12px"
    legend.spacing, legend.padding, legend.margin = 6, 4, 0


def _numbers(values: pd.Series[Any]) -> np.ndarray[Any, Any] | None:
    """x as numbers (years) when every one is a number; None when they are names."""
    numbers = pd.to_numeric(values, errors="coerce")
    return None if numbers.isna().any() else numbers.to_numpy(dtype="float64")


def _line(section: Section, chart: Chart) -> Drawn:
    table = rows_of(section, chart)
    note = _left_out(section, chart, table[chart.y])
    numeric = _numbers(table[chart.x]) is not None
    names = list(dict.fromkeys(_names(table[chart.x])))
    plot = base(chart.title, 380, **({} if numeric else {"x_range": FactorRange(*names)}))
    groups = [("", table)] if not chart.series else list(table.groupby(chart.series, sort=False, observed=True))
    lines: dict[str, list[Any]] = {k: [] for k in ("xs", "ys", "colour", "dash")}
    points: dict[str, list[Any]] = {k: [] for k in ("x", "y", "name", "text", "colour", "mark", "series")}
    for index, (key, part) in enumerate(groups):
        part = part.sort_values(chart.x) if numeric else part
        values = part[chart.y].to_numpy(dtype="float64")
        places = list(_numbers(part[chart.x])) if numeric else _names(part[chart.x])
        colour, label = _colour(chart, str(key), index), canvas(key, 40)
        for name, value in zip(lines, (places, values, colour, _DASH[index % len(_DASH)]), strict=True):
            lines[name].append(value)
        points["x"] += places
        points["y"] += list(values)
        points["name"] += [f"{label} {n}".strip() for n in _names(part[chart.x])]
        points["text"] += texts(section, chart.y, values)
        for name, value in (
            ("colour", colour),
            ("mark", _MARK[(index + index // len(PALETTE)) % len(_MARK)]),
            ("series", label),
        ):
            points[name] += [value] * len(part)
    plot.multi_line("xs", "ys", source=ColumnDataSource(lines), color="colour", line_width=2, line_dash="dash")
    legend = {"legend_group": "series"} if chart.series else {}
    dots = plot.scatter("x", "y", source=ColumnDataSource(points), marker="mark", size=7, fill_color="colour",
                        line_color=EDGE, **legend)  # fmt: skip
    marks = [dots]
    _hover(plot, marks)
    plot.yaxis.axis_label = axis_label(section, chart.y, table)
    plot.xaxis.axis_label = axis_label(section, chart.x)
    _scale(plot.yaxis, _column(section, chart.y))
    if numeric:
        plot.xaxis.formatter = NumeralTickFormatter(format="0")
    if (finite := table[chart.y].dropna()).size and finite.min() >= 0:
        plot.y_range.start = 0
    if chart.series:
        _legend(plot)
    return plot, note


def _range(section: Section, chart: Chart) -> Drawn:
    table = rows_of(section, chart)
    note = _left_out(section, chart, table[chart.y])
    table = table[table[chart.y].notna()]
    names = _unique(_names(table[chart.x]))
    shown = wrapped(names)
    values = table[chart.y].to_numpy(dtype="float64")
    low, high = (table[c].to_numpy(dtype="float64") for c in (chart.low, chart.high))
    unit = unit_label(_column(section, chart.y).unit)
    said = [f"{full(float(v))} ({full(float(a))} to {full(float(b))}) {unit}" if np.isfinite([a, b]).all()
             else f"{full(float(v))} {unit}" for v, a, b in zip(values, low, high, strict=True)]  # fmt: skip
    source = ColumnDataSource(
        {"cat": [shown[n] for n in names], "name": names, "value": values, "low": low, "high": high, "text": said}
    )
    plot = base(chart.title, _height(shown), y_range=FactorRange(*[shown[n] for n in names][::-1]))
    marks = plot.scatter("value", "cat", source=source, size=11, fill_color=PALETTE[0], line_color=EDGE)
    known = np.isfinite(low) & np.isfinite(high)
    spans = {"cat": np.array(source.data["cat"])[known], "low": low[known], "high": high[known]}
    whisker = Whisker(base="cat", lower="low", upper="high", source=ColumnDataSource(spans), dimension="width")
    whisker.line_color, whisker.line_width = PALETTE[0], 2
    for head in (whisker.upper_head, whisker.lower_head):
        head.line_color, head.line_width = PALETTE[0], 2
    plot.add_layout(whisker)
    _hover(plot, [marks])
    ends = np.concatenate([values, low, high])
    _finish_horizontal(plot, ends[np.isfinite(ends)], section, chart)
    _fit(plot, ends[np.isfinite(ends)])
    return plot, note


def _fit(plot: Any, ends: np.ndarray[Any, Any]) -> None:
    """Annotations don't widen an axis by themselves."""
    if len(ends):
        span = (ends.max() - min(0.0, ends.min())) or 1.0
        plot.x_range = Range1d(min(-0.015 * span, ends.min() - 0.03 * span), ends.max() + 0.08 * span)


def _waterfall(section: Section, chart: Chart) -> Drawn:
    table = rows_of(section, chart, totals=True)
    levels = table.index.isin(section.table.index[list(section.total_rows)])
    note = _left_out(section, chart, table[chart.y])
    changes = table[chart.y].fillna(0.0).to_numpy(dtype="float64")
    starts, ends, at = [], [], 0.0
    for change, level in zip(changes, levels, strict=True):
        start = 0.0 if level else at
        at = float(change) if level else at + float(change)
        starts.append(start)
        ends.append(at)
    names = _unique(_names(table[chart.x]))
    signs = ["+" if change > 0 and not level else "" for change, level in zip(changes, levels, strict=True)]
    places = _places(changes[~levels])
    amounts = [s + full(float(c), places) if np.isfinite(v) else "[x]" for s, c, v in
               zip(signs, changes, table[chart.y].to_numpy(dtype="float64"), strict=True)]  # fmt: skip
    shown = {n: f"{text}\n{a}" for (n, text), a in zip(wrapped(names, 30).items(), amounts, strict=True)}
    fills = [LEVEL if level else GAIN if change >= 0 else LOSS for change, level in zip(changes, levels, strict=True)]
    said = [s + t for s, t in zip(signs, texts(section, chart.y, changes), strict=True)]
    source = ColumnDataSource(
        {"cat": [shown[n] for n in names], "name": names, "left": starts, "right": ends, "fill": fills, "text": said}
    )
    plot = base(chart.title, _height(shown), y_range=FactorRange(*[shown[n] for n in names][::-1]))
    bars = plot.hbar(y="cat", left="left", right="right", height=0.7, fill_color="fill", line_color=EDGE, source=source)
    _hover(plot, [bars])
    _finish_horizontal(plot, np.array([*starts, *ends]), section, chart)
    return plot, " ".join(text for text in (note, _closer(plot, np.array(ends), section, chart)) if text)


def _places(changes: np.ndarray[Any, Any]) -> int:
    """Decimals that give the largest change three figures, and levels as many, so that a reader can add them up."""
    largest = float(np.abs(changes).max(initial=0.0))
    return int(np.clip(2 - math.floor(math.log10(largest)), 0, 6)) if largest else 0


def _closer(plot: Any, ends: np.ndarray[Any, Any], section: Section, chart: Chart) -> str:
    """Where the changes are small beside the levels the axis starts near them, and the sentence here says so."""
    low, high = float(ends.min()), float(ends.max())
    if low <= 0 or high - low > 0.2 * high or high == low:
        return ""
    start = low - 0.5 * (high - low)
    plot.x_range = Range1d(start, high + 0.1 * (high - low))
    unit = unit_label(_column(section, chart.y).unit)
    return f"The axis starts at {short(start)} ({unit}), not at zero, so that the changes can be seen."


def draw(section: Section, chart: Chart, geometry: Mapping[str, Any] | None = None) -> Drawn | None:
    """Draw one chart; None when its rows hold nothing to draw."""
    from .flows import sankey
    from .maps import zone_map

    kinds: dict[str, Callable[[Section, Chart], Drawn]] = {
        "bar": _bar, "stacked": _stacked, "line": _line, "range": _range, "waterfall": _waterfall, "sankey": sankey,
    }  # fmt: skip
    rows = rows_of(section, chart, totals=chart.kind == "waterfall")
    if not len(rows) or not rows[chart.y].notna().any():
        return None
    section = eased(section, chart, rows)
    if chart.kind == "map":
        return zone_map(section, chart, geometry)
    return kinds[chart.kind](section, chart)
