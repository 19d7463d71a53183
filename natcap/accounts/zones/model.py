"""Zones: the areas for which an account is drawn up, as polygons or as a raster of zone numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from natcap.accounts.landcover.maps import LandCover

__all__ = ["PolygonZones", "RasterZones", "WholeMap", "Zones"]


@dataclass(frozen=True)
class PolygonZones:
    """Polygons in the projection of the maps. `geometry` is an array of shapely polygons, one a zone.

    `stated` holds areas in hectares that the file itself gives for its zones (NaN where it gives none).
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    geometry: np.ndarray
    crs: Any
    shown: str
    stated: np.ndarray | None = None
    extra: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RasterZones:
    """A map of zone numbers on the grid of the maps; 0 and its nodata value lie outside every zone."""

    map: LandCover

    @property
    def shown(self) -> str:
        return self.map.shown


@dataclass(frozen=True)
class WholeMap:
    """No polygons: the whole opening map is one area, or the areas are those that a table of areas names."""

    ids: tuple[str, ...] = ("map",)
    names: tuple[str, ...] = ("Whole map",)
    shown: str = ""


Zones = PolygonZones | RasterZones | WholeMap
