"""LandCover: one land-cover map, opened behind the guard and accepted, or every reason why it is not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from natcap.accounts.landcover.grid import Grid, name
from natcap.accounts.landcover.guard import check_file, environment, open_dataset
from natcap.core.problems import Problems

__all__ = ["SYNTHETIC_TAG", "LandCover", "judge_projection", "open_map"]

SYNTHETIC_TAG = "SYNTHETIC"
MOST_CODE = 2**31 - 1
"""Largest code of a class."""
_REPROJECT = (
    "Reproject the map with nearest neighbour (QGIS: Raster > Projections > Warp, resampling Nearest; "
    "for Great Britain EPSG:27700) and use that file"
)


@dataclass(frozen=True, slots=True)
class LandCover:
    """An accepted map. `nodata` is the declared value or None; `block` is (rows, columns) of a tile or strip.

    A map of floating-point numbers has to hold whole numbers all the same: it is judged as it is read. `missing` is
    then the nodata value as the file has it.
    """

    path: Path
    shown: str
    grid: Grid
    band: int
    dtype: np.dtype[Any]
    nodata: int | None
    block: tuple[int, int]
    synthetic: bool
    bands: int = 1
    missing: float | None = None

    @property
    def part(self) -> str:
        """The part of the file that was read."""
        return f"band {self.band}"

    @property
    def size(self) -> tuple[str, int]:
        return "cells of the map", self.grid.cells


def judge_projection(crs: Any, shown: str, problems: Problems, remedy: str = _REPROJECT) -> None:
    """Refuse a projection in which areas are not true square metres."""
    if not crs:
        problems.add(
            shown,
            "no projection",
            "a map that states its projection",
            "Set it in a GIS (QGIS: Raster > Projections > Assign Projection), never by guessing",
        )
    elif not crs.is_projected:
        problems.add(
            shown,
            f"the geographic projection {name(crs)} (degrees)",
            "a projection in metres: a degree has no area in hectares",
            remedy,
        )
    elif abs(crs.linear_units_factor[1] - 1) > 1e-9:
        problems.add(shown, f"a projection in {crs.linear_units}", "a projection in metres", remedy)
    elif 'PROJECTION["Mercator' in crs.to_wkt():
        problems.add(
            shown,
            f"the projection {name(crs)} (Mercator), in which areas are not true",
            "a projection that keeps areas to a fraction of a per cent",
            remedy,
        )


def _judge_band(dataset: Any, band: int, shown: str, problems: Problems) -> np.dtype[Any] | None:
    if not 1 <= band <= dataset.count:
        problems.add(
            shown,
            f"no band {band}",
            f"a band from 1 to {dataset.count}",
            "Set band in [choices]; UKCEH maps keep the class in band 1",
        )
        return None
    kind = str(dataset.dtypes[band - 1])
    dtype = np.dtype(kind) if not kind.startswith("c") else np.dtype("c16")
    if dtype.kind not in "iu" and kind not in ("float32", "float64"):
        problems.add(
            shown,
            f"a band of numbers of type {kind}, band {band}",
            "whole numbers: the codes of land-cover classes",
            "Name the band of classes, or export the map as Byte or UInt16",
        )
    masks = {flag.name for flag in dataset.mask_flag_enums[band - 1]}
    if masks & {"per_dataset", "alpha"}:
        problems.add(
            shown,
            "a mask band inside the map",
            "missing cells told by a nodata value",
            "Write the mask into the values (QGIS: Fill nodata, or gdal_translate with a nodata value)",
        )
    return dtype


def _nodata(dataset: Any, band: int, dtype: np.dtype[Any]) -> int | None:
    value = dataset.nodatavals[band - 1]
    if value is None or not float(value).is_integer():
        return None
    if dtype.kind == "f":
        return int(value) if abs(value) <= MOST_CODE else None
    bounds = np.iinfo(dtype) if dtype.kind in "iu" else None
    return int(value) if bounds is not None and bounds.min <= value <= bounds.max else None


def open_map(path: Path, shown: str, band: int, problems: Problems) -> LandCover | None:
    """Open and judge one map. Adds every problem found; None when the map cannot be used."""
    before = len(problems.errors)
    if not check_file(path, shown, problems):
        return None
    from rasterio.errors import RasterioError

    try:
        with environment(), open_dataset(path) as dataset:
            transform = tuple(dataset.transform)[:6]
            grid = Grid(dataset.crs, transform, dataset.height, dataset.width)
            if grid.cell_area == 0 or dataset.transform.is_identity:
                problems.add(
                    shown, "no place on the ground (no transform)", "a georeferenced map", "Export it again from a GIS"
                )
            judge_projection(grid.crs, shown, problems)
            dtype = _judge_band(dataset, band, shown, problems)
            if dtype is None or len(problems.errors) > before:
                return None
            synthetic = SYNTHETIC_TAG in dataset.tags() or SYNTHETIC_TAG in path.name
            block = tuple(int(n) for n in dataset.block_shapes[band - 1])
            missing = dataset.nodatavals[band - 1] if dtype.kind == "f" else None
            nodata = _nodata(dataset, band, dtype)
            return LandCover(
                path, shown, grid, band, dtype, nodata, (block[0], block[1]), synthetic, dataset.count, missing
            )
    except RasterioError as error:
        problems.add(
            shown,
            f"a GeoTIFF that cannot be opened ({str(error).replace(str(path), shown)[:120]})",
            "a whole GeoTIFF",
            "Export it again from a GIS",
        )
        return None
