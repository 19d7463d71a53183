"""A map of zones shaded by one value: polygons only, no tiles from elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from bokeh.models import ColorBar, ColumnDataSource, LinearColorMapper, NumeralTickFormatter

from natcap.core.report import Chart, Section

from .charts import EDGE, Drawn, base, hover, rows_of, texts
from .safe import canvas
from .words import unit_label

__all__ = ["zone_map"]

SHADES = ("#DCEBF5", "#B3D3E8", "#82B6D9", "#4F96C6", "#2477AE", "#0B5A8E", "#063E66")
"""One hue from light to dark."""


def _features(geometry: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(zone code, GeoJSON geometry) from a FeatureCollection or from a mapping of code to geometry."""
    if geometry.get("type") == "FeatureCollection":
        for feature in geometry["features"]:
            known = feature.get("properties") or {}
            code = feature.get("id") or known.get("code") or known.get("zone") or ""
            yield str(code), feature["geometry"]
        return
    for code, shape in geometry.items():
        if isinstance(shape, Mapping) and "coordinates" in shape:
            yield str(code), shape


def _squeeze(shapes: list[Mapping[str, Any]]) -> float:
    """Width of a degree of longitude against one of latitude; 1 for coordinates in metres."""
    points = [p for shape in shapes for polygon in _polygons(shape) for ring in polygon for p in ring]
    degrees = all(abs(p[0]) <= 180 and abs(p[1]) <= 90 for p in points)
    return math.cos(math.radians(sum(p[1] for p in points) / len(points))) if degrees and points else 1.0


def _polygons(shape: Mapping[str, Any]) -> list[Any]:
    return list(shape["coordinates"]) if shape["type"] == "MultiPolygon" else [shape["coordinates"]]


def _rings(shape: Mapping[str, Any], squeeze: float) -> tuple[list[Any], list[Any]]:
    """Coordinates as Bokeh's multi_polygons wants them: polygons, each an outer ring and its holes."""
    polygons = _polygons(shape)
    xs = [[[float(p[0]) * squeeze for p in ring] for ring in polygon] for polygon in polygons]
    ys = [[[float(p[1]) for p in ring] for ring in polygon] for polygon in polygons]
    return xs, ys


def zone_map(section: Section, chart: Chart, geometry: Mapping[str, Any] | None) -> Drawn | None:
    """Zones shaded by `chart.y`; None without geometry. Zones without a number are hatched, not shaded as zero."""
    if not geometry:
        return None
    rows = rows_of(section, chart)
    values = dict(zip(rows[chart.x].astype(str), rows[chart.y].to_numpy(dtype="float64"), strict=True))
    names = _zone_names(section, rows, chart.x)
    shapes = [(code, shape) for code, shape in _features(geometry) if code in values]
    known = [values[c] for c, _ in shapes if np.isfinite(values[c])]
    if not known:
        return None
    column = next((c for c in section.columns if c.name == chart.y), None)
    share = column is not None and column.kind == "percent"
    unit = unit_label(column.unit) if column else ""
    mapper = LinearColorMapper(palette=list(SHADES), low=min(known), high=max(known), nan_color="#FFFFFF")
    squeeze = _squeeze([shape for _, shape in shapes])
    rings = [_rings(shape, squeeze) for _, shape in shapes]
    source = ColumnDataSource(
        {
            "xs": [r[0] for r in rings],
            "ys": [r[1] for r in rings],
            "value": [values[c] for c, _ in shapes],
            "name": [canvas(names.get(c, c), 60) for c, _ in shapes],
            "text": texts(section, chart.y, np.array([values[c] for c, _ in shapes])),
            "hatch": [" " if np.isfinite(values[c]) else "x" for c, _ in shapes],
        }
    )
    plot = base(chart.title, 460, match_aspect=True)
    zones = plot.multi_polygons(
        "xs",
        "ys",
        source=source,
        fill_color={"field": "value", "transform": mapper},
        hatch_pattern="hatch",
        hatch_color=EDGE,
        line_color=EDGE,
        line_width=1,
    )
    plot.add_tools(hover([zones]))
    plot.axis.visible = plot.grid.visible = False
    label = f"{column.label} ({unit})" if column and unit else column.label if column else chart.y
    plot.add_layout(
        ColorBar(
            color_mapper=mapper,
            title=canvas(label, 60),
            orientation="horizontal",
            height=12,
            background_fill_alpha=0,
            formatter=NumeralTickFormatter(format="0[.]0%" if share else "0,0[.]00"),
        ),
        "below",
    )
    missing = len(values) - len(shapes)
    return plot, f"{missing} rows have no outline and are not on the map." if missing else ""


def _zone_names(section: Section, rows: Any, code: str) -> dict[str, str]:
    """Names of the zones, from the first text column that is not the code."""
    for column in section.columns:
        if column.kind == "text" and column.name != code:
            return dict(zip(rows[code].astype(str), rows[column.name].astype(str), strict=True))
    return {}
