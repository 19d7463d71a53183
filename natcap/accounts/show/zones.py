"""The zone summary: what of each zone is accounted, changed, semi-natural; and the shapes for a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from natcap.accounts.landcover.grid import name
from natcap.accounts.show.words import Show, amount, number, text
from natcap.accounts.zones import PolygonZones
from natcap.core.report import Chart, Column, Section

__all__ = ["geometry", "semi_natural", "zones_section"]

_MOST_POINTS = 20_000


def semi_natural(show: Show) -> np.ndarray | None:
    """Which items are semi-natural, bool with no data first; None when the list does not say it of every class."""
    said = [c.semi_natural for c in show.results.classes]
    return np.array([False, *(word == "yes" for word in said)]) if all(said) else None


def _table(show: Show) -> pd.DataFrame:
    counts, account = show.counts, show.results.extent
    table = pd.DataFrame({"zone_id": list(counts.zones), "zone": list(show.results.names)})
    table["cells"] = counts.accounted
    table["area"] = counts.area(table["cells"].to_numpy())
    table["changed"] = np.nan if show.broken or show.net else counts.area(_moved(show))
    table["share"] = table["changed"] / table["area"]
    table["no_data"] = counts.area(_without(show))
    natural = semi_natural(show)
    if natural is not None:
        table["natural_opening"] = counts.area(account.opening[:, natural].sum(axis=1))
        table["natural_closing"] = counts.area(account.closing[:, natural].sum(axis=1))
        unseen = account.reappraisal[:, natural].sum(axis=1)
        if account.reappraisal.any():
            table["natural_unseen"] = counts.area(unseen)
        table["natural_net"] = np.nan if show.broken else counts.area(account.net_change[:, natural].sum(axis=1))
    return table


def _moved(show: Show) -> np.ndarray:
    inner = show.matrix.array[:, 1:, 1:]
    found: np.ndarray = inner.sum(axis=(1, 2)) - np.einsum("zii->z", inner)
    return found


def _without(show: Show) -> np.ndarray:
    """Cells without data at one date or both; of margins, at the date where there are more of them."""
    if show.net:
        least: np.ndarray = np.maximum(show.counts.opening[:, 0], show.counts.closing[:, 0])
        return least
    array = show.matrix.array
    found: np.ndarray = array[:, 0, :].sum(axis=1) + array[:, 1:, 0].sum(axis=1)
    return found


def _columns(show: Show, table: pd.DataFrame) -> list[Column]:
    columns = [
        text("zone_id", "Zone code"),
        text("zone", "Zone"),
        Column("cells", show.counted[0].upper() + show.counted[1:], "", "integer"),
    ]
    columns.append(number("area", "Area accounted", formula=f"[cells]*{show.counts.cell_area!r}/10000"))
    columns.append(number("changed", "Area that changed class"))
    columns.append(Column("share", "Share that changed class", "", "percent", 2, "IF([area]=0,0,[changed]/[area])"))
    columns.append(number("no_data", "Area without data at one date or both"))
    if "natural_net" in table:
        columns.append(number("natural_opening", "Semi-natural at the opening"))
        columns.append(number("natural_closing", "Semi-natural at the closing"))
        unseen = "natural_unseen" in table
        if unseen:
            columns.append(number("natural_unseen", "Semi-natural, reappraisals"))
        formula = "[natural_closing]-[natural_opening]" + ("-[natural_unseen]" if unseen else "")
        columns.append(number("natural_net", "Semi-natural, net change", formula=formula))
    return columns


def _compared(show: Show, table: pd.DataFrame) -> list[Column]:
    """Columns that compare the cells with the polygons and with published areas."""
    columns = []
    zones, hectares = show.results.inputs.zones, show.results.zone_hectares
    given = {"polygon": (hectares, "Area of the polygon")}
    if isinstance(zones, PolygonZones) and zones.stated is not None:
        given["published"] = (zones.stated, "Published area")
    for key, (values, label) in given.items():
        if values is None:
            continue
        table[key] = values
        table[f"{key}_off"] = table["area"] / table[key] - 1
        columns.append(number(key, label))
        off = f'IF([{key}]="","",[area]/[{key}]-1)'
        columns.append(Column(f"{key}_off", f"Area accounted against {label.lower()}", "", "percent", 2, off))
    return columns


def zones_section(show: Show) -> Section:
    """One row a zone, with a total."""
    table = _table(show)
    columns = _columns(show, table)
    columns += _compared(show, table)
    summed = [c.name for c in columns if c.name in table and c.kind in ("number", "integer") and not c.formula]
    total = {name: table[name].sum(min_count=len(table)) for name in [*summed, "area"]}
    total["share"] = total["changed"] / total["area"]
    if "natural_net" in table:
        total["natural_net"] = table["natural_net"].sum(min_count=len(table))
    for key in ("polygon", "published"):
        if key in table:
            total[f"{key}_off"] = total["area"] / total[key] - 1
    table.loc[len(table)] = {"zone_id": "all", "zone": "All zones", **total}
    table["cells"] = table["cells"].astype("int64")
    last = len(table) - 1
    marks = {
        (r, c.name): "[b]" if c.name in ("changed", "share", "natural_net") and show.broken else "[x]"
        for c in columns
        if c.kind != "text"
        for r in _rows(table[c.name].isna())
    }
    return Section(
        "zones",
        "Zones",
        table,
        tuple(columns),
        summary=_summary(show, table),
        notes=_notes(show),
        charts=_charts(show, table, last),
        total_rows=(last,),
        cells={(last, name): f"SUM({{{name}}})" for name in summed if not table[name].isna().any()},
        marks=marks,
        figures={(row, "area"): f"extent.area.{key}" for row, key in enumerate((*show.keys, "all"))}
        | (
            {}
            if show.net
            else {(row, "changed"): f"extent.changed.{key}" for row, key in enumerate((*show.keys, "all"))}
        ),
    )


def _notes(show: Show) -> tuple[str, ...]:
    """How land was given to zones."""
    inputs = show.results.inputs
    if inputs.fractional:
        return (
            "A cell that the edge of a zone cuts counts in proportion (fractional edges); areas are whole units of "
            "0.01 square metres.",
        )
    if inputs.areas is not None:
        return ("Areas are those of the table, counted in whole units of 0.01 square metres.",) + (
            ("[x]: the table does not say what changed class, only how much there was at each date.",)
            if show.net
            else ()
        )
    if show.unit != "cells":
        return ("Parcels were cut at the edges of zones; areas are whole units of 0.01 square metres.",)
    return ("A cell belongs to the zone that holds its centre.",)


def _rows(mask: pd.Series) -> list[int]:
    return [int(row) for row in np.flatnonzero(mask)]


def _summary(show: Show, table: pd.DataFrame) -> str:
    area, share = table["area"].iloc[-1], table["share"].iloc[-1]
    changed = "a break in the series hides what changed" if show.broken else f"{share:.1%} changed class"
    changed = "how much changed class is not known" if show.net and not show.broken else changed
    said = f"{amount(float(area))} accounted in {len(table) - 1} zones; {changed}."
    if "published_off" in table and len(table) > 1:
        off = table["published_off"].iloc[:-1]
        if off.notna().any():
            at = int(off.abs().fillna(-1).to_numpy().argmax())
            most = f"{off[at]:+.1%} ({table['zone'][at]})"
            said += f" Against published areas the difference is at most {most}: boundaries are often simplified."
    return said


def _charts(show: Show, table: pd.DataFrame, last: int) -> tuple[Chart, ...]:
    if show.results.zone_hectares is None or last < 1 or show.broken or show.net:
        return ()
    at = int(table["share"].iloc[:last].to_numpy().argmax())
    title = f"{table['zone'][at]} changed most: {table['share'][at]:.1%} of its area, {show.span}"
    only = {"zone_id": list(show.counts.zones)}
    least = int(table["share"].iloc[:last].to_numpy().argmin())
    spread = f"{table['zone'][least]} changed least, {table['share'][least]:.1%} of its area" if last > 1 else title
    return (
        Chart("map", show.mark(title), "zone_id", "share", only=only),
        Chart("bar", show.mark(spread), "zone", "share", only=only),
    )


def geometry(show: Show) -> Mapping[str, Any] | None:
    """Zones as a GeoJSON feature collection, simplified for a page; None without polygons."""
    zones = show.results.inputs.zones
    if not isinstance(zones, PolygonZones):
        return None
    shapes = zones.geometry
    if int(shapely.get_num_coordinates(shapes).sum()) > _MOST_POINTS:
        left, low, right, high = shapely.total_bounds(shapes)
        shapes = shapely.simplify(shapes, max(right - left, high - low) / 1000)
    shapes = shapely.set_precision(shapes, 1.0, mode="pointwise")
    features = [
        {
            "type": "Feature",
            "id": zone,
            "properties": {"code": zone, "name": label},
            "geometry": shapely.geometry.mapping(shape),
        }
        for zone, label, shape in zip(zones.ids, zones.names, shapes, strict=True)
    ]
    return {"type": "FeatureCollection", "crs": name(zones.crs), "features": features}
