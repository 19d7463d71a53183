"""Polygons beside published areas: a GeoPackage of statistics holds both, and they should be of one boundary.

The account takes the published areas. A polygon of another size is a warning: its coast may be generalised, or the
row may hold the areas of another zone or in another unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import shapely

from natcap.accounts.landcover.attributes import is_geopackage
from natcap.accounts.landcover.maps import judge_projection
from natcap.accounts.landcover.sheet import Sheet
from natcap.accounts.margins import UNIT_AREA
from natcap.accounts.zones.vector import read_layer
from natcap.core.problems import Problems

__all__ = ["compare_polygons", "polygon_sizes"]

_APART = 0.01
_MOST = 5


def polygon_sizes(path: Path, table: Sheet) -> dict[str, float]:
    """Square metres of the polygons of each zone; empty where there are none whose area is in true square metres."""
    column = table.columns.get("zone", table.columns.get("zone_name"))
    if column is None or not is_geopackage(path):
        return {}
    unheard = Problems()
    layer = read_layer(path, table.shown, table.name, unheard, "table_sheet")
    if layer is None or unheard.errors or table.texts[column] not in layer.fields:
        return {}
    judge_projection(layer.crs, table.shown, unheard)
    kinds = shapely.get_type_id(layer.geometry)
    if unheard.errors or not np.isin(kinds, (3, 6)).all() or not shapely.is_valid(layer.geometry).all():
        return {}
    sizes: dict[str, float] = {}
    for value, size in zip(layer.fields[table.texts[column]], shapely.area(layer.geometry).tolist(), strict=True):
        zone = str(value).strip().removesuffix(".0")
        sizes[zone] = sizes.get(zone, 0.0) + size
    return sizes


def compare_polygons(path: Path, table: Sheet, units: Mapping[str, int]) -> None:
    """Tell zones whose polygon is more than a hundredth off their classes (`units` of 0.01 m2 by zone id)."""
    sizes = polygon_sizes(path, table)
    off = [zone for zone, count in sorted(units.items()) if sizes.get(zone)
           and abs(count * UNIT_AREA - sizes[zone]) > _APART * sizes[zone]]  # fmt: skip
    for zone in off[:_MOST]:
        more = f", as {len(off) - _MOST} more zones" if len(off) > _MOST and zone == off[_MOST - 1] else ""
        table.tell(
            f"zone {zone}", f"a polygon of {sizes[zone] / 10_000:,.6g} ha beside classes that sum to "
            f"{units[zone] * UNIT_AREA / 10_000:,.6g} ha{more}", "areas within 1 % of one another",
            "The classes were taken. Check their unit, and that both are of the same boundary", warning=True,
        )  # fmt: skip
