"""Accept zones for a pair of maps: right kind, right projection, valid polygons, one name each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from natcap.accounts.landcover.grid import Grid, differences, name, same_crs
from natcap.accounts.landcover.maps import open_map
from natcap.accounts.zones.model import PolygonZones, RasterZones
from natcap.accounts.zones.vector import NO_CRS, Layer, read_layer
from natcap.core.problems import Problems, did_you_mean

__all__ = ["judge_shapes", "read_zones"]

_FIX = "Repair it in a GIS (QGIS: Vector > Geometry Tools > Fix Geometries)"
_POLYGONS = "Bring the zones as polygons (QGIS: Raster > Conversion > Polygonize)"
_MOST = 20


def _column(layer: Layer, choice: str, what: str, shown: str, problems: Problems) -> list[str] | None:
    if choice in layer.fields:
        return ["" if value is None else str(value).strip() for value in layer.fields[choice]]
    known = ", ".join(layer.fields) or "none"
    found = repr(choice) if choice else f"no {what} in [choices]"
    remedy = f"{did_you_mean(choice, layer.fields)} Set {what} = one of: {known}".strip()
    problems.add(shown, found, "the name of a field of the zones", remedy, cell=f"choices.{what}")
    return None


def judge_shapes(geometry: np.ndarray, labels: list[str], shown: str, problems: Problems) -> None:
    """Refuse every feature that is not a valid polygon; `labels` name the features."""
    kinds = shapely.get_type_id(geometry)
    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    valid = shapely.is_valid(geometry)
    wrong = [(n, "no geometry", "a polygon", _FIX) for n in np.flatnonzero(empty)]
    other = ~empty & ~np.isin(kinds, (3, 6))
    wrong += [
        (n, f"a {geometry[n].geom_type}", "a polygon", "Leave lines and points out") for n in np.flatnonzero(other)
    ]
    broken = np.flatnonzero(~empty & ~other & ~valid)
    reasons = shapely.is_valid_reason(geometry[broken])
    wrong += [
        (n, f"an invalid polygon ({why})", "a valid polygon", _FIX) for n, why in zip(broken, reasons, strict=True)
    ]
    for number, found, expected, remedy in wrong[:_MOST]:
        problems.add(shown, found, expected, remedy, cell=f"feature {number + 1} {labels[number]}".strip())
    if len(wrong) > _MOST:
        problems.add(shown, f"the same of {len(wrong) - _MOST} more features", "valid polygons", _FIX)


def _judge_ids(ids: list[str], shown: str, problems: Problems) -> None:
    for number in [n for n, key in enumerate(ids) if not key][:_MOST]:
        problems.add(shown, "no zone id", "a text or number", cell=f"feature {number + 1}")
    values, counts = np.unique(np.array(ids, dtype=str), return_counts=True)
    for key, count in list(zip(values[counts > 1], counts[counts > 1], strict=True))[:_MOST]:
        if key:
            problems.add(
                shown,
                f"the zone {str(key)!r} {count} times",
                "each zone once",
                "Join its parts into one feature (QGIS: Dissolve by the id field)",
            )


def _same_names(names: list[str], shown: str, problems: Problems) -> None:
    """Tell names that several zones share: only their ids tell them apart in tables."""
    values, counts = np.unique(np.array([text for text in names if text], dtype=str), return_counts=True)
    for text, count in list(zip(values[counts > 1], counts[counts > 1], strict=True))[:_MOST]:
        problems.add(shown, f"the name {str(text)!r} of {count} zones", "a name of its own for each zone",
                     "They stay zones of their own, told apart by their ids", cell="choices.zone_name",
                     warning=True)  # fmt: skip


def _polygons(path: Path, shown: str, choices: Mapping[str, Any], crs: Any, problems: Problems) -> PolygonZones | None:
    layer = read_layer(path, shown, str(choices.get("zone_layer", "")), problems)
    if layer is None:
        return None
    before = len(problems.errors)
    if not len(layer.geometry):
        problems.add(shown, "no features", "at least one polygon")
        return None
    ids = _column(layer, str(choices.get("zone_field", "")), "zone_field", shown, problems)
    titled = choices.get("zone_name")
    names = _column(layer, str(titled), "zone_name", shown, problems) if titled else ids
    judge_shapes(layer.geometry, ids or [""] * len(layer.geometry), shown, problems)
    if ids is not None:
        _judge_ids(ids, shown, problems)
    if crs is not None and layer.crs is not None and not same_crs(layer.crs, crs):
        problems.add(
            shown,
            f"a layer of zones in {name(layer.crs)}",
            f"zones in {name(crs)}, the projection of the maps",
            f"{_unstated(layer)}Reproject the zones in a GIS and keep the file (QGIS: Export > Save Features As). "
            "Longitude and latitude to British National Grid is metres off without Ordnance Survey's OSTN15 grid",
        )
    if titled and names is not None:
        _same_names(names, shown, problems)
    stated = _stated(layer, choices.get("zone_area"), shown, problems)
    if len(problems.errors) > before or ids is None or names is None:
        return None
    order = np.array(sorted(range(len(ids)), key=lambda n: ids[n]))
    geometry = shapely.normalize(shapely.force_2d(layer.geometry[order]))
    return PolygonZones(
        tuple(ids[n] for n in order),
        tuple(names[n] or ids[n] for n in order),
        geometry,
        layer.crs,
        shown,
        None if stated is None else stated[order],
    )


def _unstated(layer: Layer) -> str:
    """What to say of a layer that states no projection; its coordinates show whether it could be in degrees."""
    if NO_CRS not in layer.notes:
        return ""
    ends = shapely.total_bounds(layer.geometry)
    metres = bool((np.abs(ends) > 360).any())
    told = ", but its coordinates are no degrees: export it again with the projection it is in" if metres else ""
    return f"{NO_CRS}{told}. "


def _stated(layer: Layer, choice: Any, shown: str, problems: Problems) -> np.ndarray | None:
    """Areas in hectares that the file gives for its zones."""
    if not choice:
        return None
    if choice not in layer.fields:
        _column(layer, str(choice), "zone_area", shown, problems)
        return None
    values = layer.fields[str(choice)]
    wrong = [
        n
        for n, v in enumerate(values)
        if v is not None and (isinstance(v, bool) or not isinstance(v, (int, float)) or not v > 0)
    ]
    for number in wrong[:_MOST]:
        problems.add(shown, str(values[number]), f"{choice}: an area in hectares", cell=f"feature {number + 1}")
    return None if wrong else np.array([np.nan if v is None else float(v) for v in values])


def read_zones(
    path: Path, shown: str, choices: Mapping[str, Any], grid: Grid | None, problems: Problems, crs: Any = None
) -> PolygonZones | RasterZones | None:
    """Read the zones of a project: polygons (GeoJSON, GeoPackage) or a raster of zone numbers on the maps' grid.

    `grid` is that of the opening map, None when the map itself was refused; land cover without cells has only a `crs`.
    Adds every problem; None with any.
    """
    with path.open("rb") as handle:
        start = handle.read(4)
    if start[:2] not in (b"II", b"MM"):
        return _polygons(path, shown, choices, crs if grid is None else grid.crs, problems)
    if crs is not None:
        problems.add(shown, "a raster of zones", "polygons, as the land cover itself", _POLYGONS)
        return None
    raster = open_map(path, shown, 1, problems)
    if raster is None or grid is None:
        return None
    unlike = differences(grid, raster.grid)
    for text in unlike:
        problems.add(
            shown,
            f"a raster of zones with {text}",
            "zones on the grid of the opening map",
            "Rasterise the zones on that grid, or bring polygons",
        )
    return None if unlike else RasterZones(raster)
