"""Small maps, zones and project folders for the tests of the accounts room."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely

from natcap.accounts.classes import ClassList, LandClass
from natcap.accounts.landcover import LandCover, open_map
from natcap.core.problems import Problems

__all__ = ["BNG", "accept", "classes_of", "project", "write_geojson", "write_tif"]

BNG = "EPSG:27700"


def write_tif(
    path: Path,
    codes: np.ndarray,
    *,
    origin: tuple[float, float] = (400_000.0, 300_000.0),
    cell: float = 10.0,
    crs: str | None = BNG,
    nodata: float | None = 0,
    tags: Mapping[str, str] | None = None,
    **options: Any,
) -> Path:
    """Write codes, shape (rows, columns) or (bands, rows, columns), as a GeoTIFF."""
    bands = codes if codes.ndim == 3 else codes[None]
    profile = {
        "driver": "GTiff",
        "count": len(bands),
        "height": bands.shape[1],
        "width": bands.shape[2],
        "dtype": str(codes.dtype),
    }
    place = {"transform": rasterio.Affine(cell, 0, origin[0], 0, -cell, origin[1]), "crs": crs, "nodata": nodata}
    with rasterio.open(path, "w", **(profile | place | {"compress": "deflate"} | options)) as target:
        target.write(bands)
        if tags:
            target.update_tags(**tags)
    return path


def accept(path: Path, band: int = 1) -> LandCover:
    """The opened map; every problem is a failure."""
    problems = Problems()
    land = open_map(path, path.name, band, problems)
    assert problems == []
    assert land is not None
    return land


def classes_of(codes: Sequence[int], managed: Sequence[int] = ()) -> ClassList:
    made = []
    for code in codes:
        answers = ("no", "yes") if code in managed else ("yes", "no")
        made.append(LandClass(code, f"c{code}", f"Class {code}", semi_natural=answers[0], managed=answers[1]))
    return ClassList("test", "a test list", tuple(made))


def write_geojson(
    path: Path,
    shapes: Mapping[str, shapely.Geometry],
    crs: str | None = "urn:ogc:def:crs:EPSG::27700",
    **properties: Any,
) -> Path:
    """Write one feature a zone with the fields `id` and `name`."""
    features = [
        {
            "type": "Feature",
            "properties": {"id": key, "name": f"Zone {key}"} | properties,
            "geometry": json.loads(shapely.to_geojson(shape)),
        }
        for key, shape in shapes.items()
    ]
    made: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs:
        made["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(made), encoding="utf-8")
    return path


def project(folder: Path, inputs: Mapping[str, Any], choices: Mapping[str, Any]) -> Path:
    """Write a natcap.toml."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = ['kind = "accounts"', 'name = "Test county"', 'period = "2023"', "[inputs]"]
    lines += [f"{key} = {json.dumps(value)}" for key, value in inputs.items()]
    lines += ["[choices]", *(f"{key} = {json.dumps(value)}" for key, value in choices.items())]
    (folder / "natcap.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
