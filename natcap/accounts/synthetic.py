"""SYNTHETIC land cover for an example: patches that look likely, with given shares of each zone, seeded and labelled.

Parcels are cells of a jittered grid of points (nearest point). In each zone, parcels nearest to a few made-up towns
are urban, then suburban; the other classes are given out one by one along smooth random fields until their share of the
area is reached. The closing map changes whole parcels by a table of transitions. The result describes no real place.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from natcap.accounts.classes import ClassList
from natcap.accounts.landcover import SYNTHETIC_TAG, Grid, environment
from natcap.accounts.zones import PolygonZones
from natcap.accounts.zones.scanline import edges_of

__all__ = ["LABEL", "Landscape", "make_landscape", "parcels", "write_map"]

LABEL = "SYNTHETIC: generated for an example; describes no real place"
CELL = 25.0
SPACING = 8
"""Cells between the points of parcels: at 25 m about 4 ha to a parcel, the size of an English field."""
_TOWN = (20, 21)


@dataclass(frozen=True)
class Landscape:
    """Two maps of class codes (uint8, 0 outside the zones) on one grid."""

    grid: Grid
    opening: np.ndarray
    closing: np.ndarray


def _grid(zones: PolygonZones) -> Grid:
    left, low, right, high = shapely.total_bounds(zones.geometry)
    x, y = np.floor(left / CELL) * CELL, np.ceil(high / CELL) * CELL
    width, height = int(np.ceil((right - x) / CELL)), int(np.ceil((y - low) / CELL))
    return Grid(zones.crs, (CELL, 0.0, float(x), 0.0, -CELL, float(y)), height, width)


def _zone_map(zones: PolygonZones, grid: Grid) -> np.ndarray:
    """Zone number of each cell, 0 outside, shape of the grid."""
    band, _ = edges_of(zones.geometry, grid).band(0, grid.height)
    filled = np.repeat(band.zones.astype(np.int16), np.diff(band.starts, append=grid.cells))
    return filled.reshape(grid.height, grid.width)


def parcels(height: int, width: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """For each cell the nearest of some scattered points, and those points (row, column), shape (points, 2)."""
    rows, columns = height // SPACING + 3, width // SPACING + 3
    jitter = rng.random((2, rows, columns), dtype=np.float32)
    y = (np.arange(rows, dtype=np.float32)[:, None] - 1 + jitter[0]) * SPACING
    x = (np.arange(columns, dtype=np.float32)[None, :] - 1 + jitter[1]) * SPACING
    found = np.empty((height, width), dtype=np.int32)
    near_column = np.arange(width) // SPACING + 1
    for top in range(0, height, 256):
        line = np.arange(top, min(height, top + 256))
        best = np.full((len(line), width), np.inf, dtype=np.float32)
        for down in (-1, 0, 1):
            for across in (-1, 0, 1):
                at_row, at_column = (line // SPACING + 1 + down)[:, None], (near_column + across)[None, :]
                at_row, at_column = np.clip(at_row, 0, rows - 1), np.clip(at_column, 0, columns - 1)
                gap = (y[at_row, at_column] - line[:, None]) ** 2 + (
                    x[at_row, at_column] - np.arange(width)[None, :]
                ) ** 2
                closer = gap < best
                np.copyto(best, gap, where=closer)
                np.copyto(found[top : top + len(line)], (at_row * columns + at_column).astype(np.int32), where=closer)
    return found, np.stack([y.ravel(), x.ravel()], axis=1)


def _field(points: np.ndarray, rng: np.random.Generator, wave: float) -> np.ndarray:
    """A smooth random value at each point (waves of about `wave` cells) with some noise."""
    value = rng.normal(0, 1.6, len(points))
    for _ in range(6):
        direction = rng.normal(0, 2 * np.pi / wave, 2)
        value += np.sin(points @ direction + rng.uniform(0, 2 * np.pi))
    return value


def _town_distance(points: np.ndarray, size: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """How far each parcel lies from the nearest of some towns, the first being the largest."""
    towns = points[rng.choice(len(points), size=min(6, len(points)), p=size / size.sum(), replace=False)]
    scale = 1 / np.arange(1, len(towns) + 1) ** 0.5
    gap = np.hypot(points[:, None, 0] - towns[None, :, 0], points[:, None, 1] - towns[None, :, 1]) / scale
    nearest: np.ndarray = gap.min(axis=1) + rng.normal(0, 12, len(points))
    return nearest


def _take(order: np.ndarray, size: np.ndarray, wanted: float) -> np.ndarray:
    """The first parcels of `order` whose cells together come nearest to `wanted`."""
    if wanted <= 0 or not len(order):
        return order[:0]
    reached = np.cumsum(size[order])
    number = int(np.searchsorted(reached, wanted))
    if number < len(order) and number > 0 and wanted - reached[number - 1] < reached[number] - wanted:
        number -= 1
    return order[: number + 1] if reached[0] <= 2 * wanted else order[:0]


def _assign(points: np.ndarray, size: np.ndarray, shares: dict[int, float], rng: np.random.Generator) -> np.ndarray:
    """A class for each parcel of one zone."""
    code = np.zeros(len(points), dtype=np.uint8)
    distance = _town_distance(points, size, rng)
    whole = float(size.sum())
    rest = [c for c, _ in sorted(shares.items(), key=lambda item: (item[1], item[0])) if c not in _TOWN]
    for land in [*(c for c in _TOWN if c in shares), *rest]:
        free = np.flatnonzero(code == 0)
        key = distance[free] if land in _TOWN else _field(points[free], rng, 120)
        order = free[np.argsort(key, kind="stable")]
        code[order if land == rest[-1] else _take(order, size, shares[land] * whole)] = land
    return code


def _change(code: np.ndarray, size: np.ndarray, changes: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Closing classes: whole parcels change until the share of their opening class is reached."""
    after = code.copy()
    for row in changes.to_dict("records"):
        before, to, share = int(row["from_code"]), int(row["to_code"]), float(row["value"])
        mine = np.flatnonzero(code == before)
        wanted = share * float(size[mine].sum())
        free = mine[after[mine] == before]
        after[_take(rng.permutation(free), size, wanted)] = to
    return after


def make_landscape(zones: PolygonZones, shares: pd.DataFrame, changes: pd.DataFrame, seed: int = 2024) -> Landscape:
    """Two maps for `zones`: `shares` (area_code, code, value), then `changes` (from_code, to_code, value).

    Deterministic for a seed. Raises ValueError when the shares of a zone do not sum to 1.
    """
    rng = np.random.default_rng(seed)
    grid = _grid(zones)
    zone = _zone_map(zones, grid)
    label, points = parcels(grid.height, grid.width, rng)
    key = zone.astype(np.int64) * len(points) + label
    size = np.bincount(key.ravel(), minlength=(len(zones.ids) + 1) * len(points))
    code = np.zeros(len(size), dtype=np.uint8)
    for number, name in enumerate(zones.ids, 1):
        rows = shares[shares["area_code"] == name]
        wanted = {int(c): float(v) for c, v in zip(rows["code"], rows["value"], strict=True)}
        if abs(sum(wanted.values()) - 1) > 1e-6:
            raise ValueError(f"shares of {name} sum to {sum(wanted.values())}, not to 1")
        here = np.flatnonzero(size[number * len(points) : (number + 1) * len(points)])
        place = number * len(points) + here
        code[place] = _assign(points[here], size[place], wanted, rng)
    used = np.flatnonzero(code)
    after = np.zeros_like(code)
    after[used] = _change(code[used], size[used], changes, rng)
    return Landscape(grid, code[key], after[key])


def write_map(path: Path, codes: np.ndarray, grid: Grid, classes: ClassList) -> None:
    """Write a map of codes as a tiled GeoTIFF that says SYNTHETIC in its tags, with the colours of the classes."""
    import rasterio

    profile: dict[str, Any] = {
        "driver": "GTiff", "height": grid.height, "width": grid.width, "count": 1, "dtype": "uint8", "nodata": 0,
        "crs": grid.crs, "transform": rasterio.Affine(*grid.transform), "compress": "deflate", "tiled": True,
        "blockxsize": 256, "blockysize": 256,
    }  # fmt: skip
    with environment(), rasterio.open(path, "w", **profile) as target:
        target.write(codes, 1)
        target.update_tags(**{SYNTHETIC_TAG: LABEL, "TIFFTAG_IMAGEDESCRIPTION": LABEL})
        colours = {
            c.code: tuple(int(c.colour[n : n + 2], 16) for n in (1, 3, 5)) for c in classes.classes if 0 <= c.code < 256
        }
        target.write_colormap(1, {code: (*rgb, 255) for code, rgb in colours.items()})
