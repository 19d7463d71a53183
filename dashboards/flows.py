"""A flow chart (Sankey) of what became what, drawn with Bokeh patches; the axes carry the names."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from bokeh.models import ColumnDataSource, FixedTicker, LinearAxis, Range1d

from natcap.core.report import Chart, Section

from .charts import EDGE, PALETTE, Drawn, base, hover, rows_of
from .safe import canvas
from .words import full, unit_label

__all__ = ["sankey"]

_LEFT, _RIGHT, _NODE = 0.0, 1.0, 0.03


def _nodes(flows: pd.DataFrame, column: str, order: list[str], gap: float) -> dict[str, tuple[float, float]]:
    """Bottom and top of each node, largest of `order` first from the top down."""
    sizes = flows.groupby(column, sort=False)["amount"].sum()
    whole = float(flows["amount"].sum())
    at = 0.0
    placed = {}
    for name in [n for n in order if n in sizes.index]:
        height = float(sizes[name]) / whole
        placed[name] = (at - height, at)
        at -= height + gap
    return placed


def _band(y0: float, y1: float, height: float) -> tuple[list[float], list[float]]:
    """Outline of one flow from (left, top y0) to (right, top y1): a smooth step there and back."""
    t = np.linspace(0.0, 1.0, 24)
    xs = _LEFT + _NODE + (_RIGHT - _LEFT - 2 * _NODE) * t
    top = y0 + (y1 - y0) * (3 * t**2 - 2 * t**3)
    return [*xs, *xs[::-1]], [*top, *(top - height)[::-1]]


def _colours(chart: Chart, order: list[str]) -> dict[str, str]:
    return {n: str(chart.colours.get(n, PALETTE[i % len(PALETTE)])) for i, n in enumerate(order)}


def _flow_table(section: Section, chart: Chart) -> pd.DataFrame:
    rows = rows_of(section, chart)
    flows = pd.DataFrame(
        {
            "source": rows[chart.x].astype(str).to_numpy(),
            "target": rows[chart.target].astype(str).to_numpy(),
            "amount": rows[chart.y].to_numpy(dtype="float64"),
        }
    )
    return flows[flows["amount"] > 0].groupby(["source", "target"], as_index=False, sort=False)["amount"].sum()


def _bands(
    flows: pd.DataFrame, order: list[str], unit: str, colours: dict[str, str]
) -> tuple[dict[str, Any], Any, Any]:
    # As much gap as node in all: at 34 pixels a node the names on the axes stay apart however small a class is.
    gap = 1 / max(flows["source"].nunique(), flows["target"].nunique())
    left, right = _nodes(flows, "source", order, gap), _nodes(flows, "target", order, gap)
    from_top = {n: top for n, (_, top) in left.items()}
    to_top = {n: top for n, (_, top) in right.items()}
    whole = float(flows["amount"].sum())
    rank = {n: i for i, n in enumerate(order)}
    drawn: dict[str, Any] = {"xs": [], "ys": [], "fill": [], "alpha": [], "name": [], "text": []}
    ranked = flows.assign(a=flows["source"].map(rank), b=flows["target"].map(rank)).sort_values(["a", "b"])
    for flow in ranked.itertuples(index=False):
        height = float(flow.amount) / whole
        xs, ys = _band(from_top[flow.source], to_top[flow.target], height)
        from_top[flow.source] -= height
        to_top[flow.target] -= height
        drawn["xs"].append(xs)
        drawn["ys"].append(ys)
        drawn["fill"].append(colours[flow.source])
        drawn["alpha"].append(0.25 if flow.source == flow.target else 0.75)
        drawn["name"].append(f"{canvas(flow.source, 60)} to {canvas(flow.target, 60)}")
        drawn["text"].append(f"{full(float(flow.amount))} {unit}")
    return drawn, left, right


def _axis(plot: Any, nodes: dict[str, tuple[float, float]], side: str) -> None:
    axis = plot.yaxis[0] if side == "left" else LinearAxis()
    if side == "right":
        plot.add_layout(axis, "right")
    middles = {(a + b) / 2: "\n".join(textwrap.wrap(canvas(name, 48), 18)[:3]) for name, (a, b) in nodes.items()}
    axis.ticker = FixedTicker(ticks=list(middles))
    axis.major_label_overrides = middles
    axis.minor_tick_line_color = None


def sankey(section: Section, chart: Chart) -> Drawn:
    """Opening classes at the left, closing classes at the right; what stayed is paler than what changed."""
    flows = _flow_table(section, chart)
    totals = flows.groupby("source")["amount"].sum().add(flows.groupby("target")["amount"].sum(), fill_value=0)
    order = list(totals.sort_values(ascending=False, kind="stable").index)
    unit = unit_label(next((c.unit for c in section.columns if c.name == chart.y), ""))
    colours = _colours(chart, order)
    drawn, left, right = _bands(flows, order, unit, colours)
    plot = base(chart.title, 140 + 34 * max(len(left), len(right)))
    low = min(min(a for a, _ in side.values()) for side in (left, right))
    plot.y_range, plot.x_range = Range1d(low - 0.02, 0.02), Range1d(_LEFT, _RIGHT)
    bands = plot.patches("xs", "ys", fill_color="fill", fill_alpha="alpha", line_color=EDGE, line_width=0.5,
                         source=ColumnDataSource(drawn))  # fmt: skip
    for nodes, edge in ((left, _LEFT), (right, _RIGHT - _NODE)):
        bottoms, tops = zip(*nodes.values(), strict=True)
        fills = [colours[n] for n in nodes]
        plot.quad(left=edge, right=edge + _NODE, bottom=bottoms, top=tops, fill_color=fills, line_color=EDGE)
    plot.add_tools(hover([bands]))
    _axis(plot, left, "left")
    _axis(plot, right, "right")
    plot.xaxis.visible = plot.grid.visible = False
    stayed = " Pale bands stayed what they were." if (flows["source"] == flows["target"]).any() else ""
    return plot, f"Left: opening. Right: closing.{stayed}"
