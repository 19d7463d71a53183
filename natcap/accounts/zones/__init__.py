"""The areas for which accounts are drawn up."""

from natcap.accounts.zones.model import PolygonZones, RasterZones, WholeMap, Zones
from natcap.accounts.zones.read import read_zones

__all__ = ["PolygonZones", "RasterZones", "WholeMap", "Zones", "read_zones"]
