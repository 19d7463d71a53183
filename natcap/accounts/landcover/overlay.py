"""Overlay: parcels of two dates with zones, as whole units of 0.01 m2, so that the pieces of a parcel are the parcel.

Geometry gives the area of a piece as a floating-point number. Each parcel is first a whole number of units; its pieces
share that number by largest remainder. A piece at the opening is shared in the same way among the parcels at the
closing. What no parcel covers is no data. So every sum over classes is exact, and rounding is at most one unit a piece.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from natcap.accounts.classes import ClassList
from natcap.accounts.counts import Counts, Scan
from natcap.accounts.landcover.parcels import Parcels
from natcap.accounts.margins import UNIT_AREA
from natcap.accounts.zones import PolygonZones, WholeMap
from natcap.core.report import Check

__all__ = ["apportion", "scan_parcels", "whole_units"]

_NOISE = 1e-9
"""Relative error of an area that is taken for rounding of coordinates."""


def whole_units(area: np.ndarray) -> np.ndarray:
    """Areas in m2 as whole units of 0.01 m2 (int64)."""
    units: np.ndarray = np.rint(np.asarray(area, dtype=np.float64) / UNIT_AREA).astype(np.int64)
    return units


def apportion(area: np.ndarray, parent: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Share the whole `units` of every parent among its pieces, in proportion to `area`, by largest remainder.

    `parent` says of each piece which parent it is of; a parent without pieces, or whose pieces have no area, keeps its
    units. Returns int64, one number a piece.
    """
    sums = np.bincount(parent, weights=area, minlength=len(units))
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = np.where(sums[parent] > 0, area / sums[parent], 0.0) * units[parent]
    floor: np.ndarray = np.floor(exact).astype(np.int64)
    missing = units - _sums(parent, floor, len(units))
    order = np.lexsort((np.arange(len(area)), -(exact - floor), parent))
    of = parent[order]
    first = np.searchsorted(of, np.arange(len(units) + 1))
    place = np.arange(len(area))
    floor[order] += (place - first[of] < missing[of]) & (sums[of] > 0)
    # A product a hair above a whole number can make the floors sum to one too many.
    floor[order] -= (first[of + 1] - 1 - place < -missing[of]) & (floor[order] > 0)
    return floor


@dataclass
class _Pieces:
    """Pieces of land: shape, area in m2, whole units, zone and class at the opening."""

    shape: np.ndarray
    units: np.ndarray
    zone: np.ndarray
    position: np.ndarray


def _polygonal(shapes: np.ndarray) -> np.ndarray:
    """Shapes without the points and lines in which neighbours merely touch."""
    mixed = np.flatnonzero(shapely.get_type_id(shapes) == 7)
    for n in mixed:
        parts = shapely.get_parts(shapes[n])
        flat = shapely.get_parts(parts[np.isin(shapely.get_type_id(parts), (3, 6))])
        shapes[n] = shapely.multipolygons(flat)
    return shapes


def _cut(left: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where shapes of both sides meet in an area: positions left and right, and the shape they share."""
    one, other = shapely.STRtree(right).query(left, predicate="intersects")
    shapely.prepare(left)
    shared = right[other].copy()
    part = ~shapely.covers(left[one], right[other])
    shared[part] = _polygonal(shapely.intersection(left[one[part]], right[other[part]]))
    real = shapely.area(shared) > 0
    return one[real], other[real], shared[real]


def _tolerance(pieces: np.ndarray, area: np.ndarray) -> np.ndarray:
    """m2 below which what is left of a shape is rounding: a unit a piece, and the noise of its coordinates."""
    found: np.ndarray = UNIT_AREA * (pieces + 1) + _NOISE * area
    return found


def _share(area: np.ndarray, parent: np.ndarray, whole: np.ndarray, units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Units of every piece, and what each parent keeps because no piece covers it."""
    number = np.bincount(parent, minlength=len(units))
    rest = whole - np.bincount(parent, weights=area, minlength=len(units))
    rest[(rest < _tolerance(number, whole)) & (number > 0)] = 0
    rest[number == 0] = np.maximum(whole, UNIT_AREA)[number == 0]
    both = np.concatenate([area, rest])
    shared = apportion(both, np.concatenate([parent, np.arange(len(units))]), units)
    return shared[: len(area)], shared[len(area) :]


def _at_opening(opening: Parcels, zones: PolygonZones | WholeMap) -> tuple[_Pieces, int]:
    """Pieces of the opening parcels in the zones, and the units that lie outside every zone."""
    whole = shapely.area(opening.geometry)
    units = whole_units(whole)
    if isinstance(zones, WholeMap):
        return _Pieces(opening.geometry, units, np.zeros(len(units), dtype=np.int64), opening.position), 0
    zone, parcel, shape = _cut(zones.geometry, opening.geometry)
    shared, kept = _share(shapely.area(shape), parcel, whole, units)
    return _Pieces(shape, shared, zone, opening.position[parcel]), int(kept.sum())


def _gaps(pieces: _Pieces, zones: PolygonZones) -> _Pieces:
    """The parts of zones that no parcel covers at the opening, as pieces without a class."""
    number = len(zones.ids)
    whole = shapely.area(zones.geometry)
    gap = whole_units(whole) - _sums(pieces.zone, pieces.units, number)
    counted = np.bincount(pieces.zone, minlength=number)
    bare = np.flatnonzero(gap * UNIT_AREA >= _tolerance(counted, whole))
    shapes = [shapely.difference(zones.geometry[z], shapely.union_all(pieces.shape[pieces.zone == z])) for z in bare]
    none = np.zeros(len(bare), dtype=np.int64)
    return _Pieces(np.array(shapes, dtype=object), gap[bare], bare.astype(np.int64), none)


def _sums(key: np.ndarray, units: np.ndarray, number: int) -> np.ndarray:
    found = np.zeros(number, dtype=np.int64)
    np.add.at(found, key, units)
    return found


def _joined(one: _Pieces, other: _Pieces) -> _Pieces:
    pairs = [(one.shape, other.shape), (one.units, other.units), (one.zone, other.zone), (one.position, other.position)]
    return _Pieces(*(np.concatenate(pair) for pair in pairs))


def _matrix(pieces: _Pieces, closing: Parcels, zones: int, side: int) -> np.ndarray:
    """Units by zone, opening and closing position, shape (zones, side, side)."""
    array = np.zeros((zones, side, side), dtype=np.int64)
    piece, parcel, shape = _cut(pieces.shape, closing.geometry)
    shared, kept = _share(shapely.area(shape), piece, shapely.area(pieces.shape), pieces.units)
    np.add.at(array, (pieces.zone[piece], pieces.position[piece], closing.position[parcel]), shared)
    np.add.at(array, (pieces.zone, pieces.position, np.zeros(len(pieces.units), dtype=np.int64)), kept)
    return array


@dataclass
class _Base:
    """Every piece of the zones at the opening, those without a class among them, and what was left out or filled."""

    pieces: _Pieces
    outside: int
    gap: int


def _base(opening: Parcels, zones: PolygonZones | WholeMap) -> _Base:
    pieces, outside = _at_opening(opening, zones)
    if isinstance(zones, WholeMap):
        return _Base(pieces, outside, 0)
    gaps = _gaps(pieces, zones)
    return _Base(_joined(pieces, gaps), outside, int(gaps.units.sum()))


def _paired(opening: Parcels, closing: Parcels, zones: PolygonZones | WholeMap, side: int) -> tuple[_Base, np.ndarray]:
    """The matrix where both dates are fields of one layer: nothing has to be cut twice."""
    base = _base(replace(opening, position=opening.position * side + closing.position), zones)
    array = np.zeros((len(zones.ids), side, side), dtype=np.int64)
    pieces = base.pieces
    np.add.at(array, (pieces.zone, *np.divmod(pieces.position, side)), pieces.units)
    return base, array


def _checks(opening: Parcels, zones: PolygonZones | WholeMap, base: _Base, counts: Counts) -> tuple[Check, ...]:
    """The pieces are the parcels, exactly; and the account of every zone is its polygon, to a unit a parcel."""
    parcels, total = int(whole_units(shapely.area(opening.geometry)).sum()), int(counts.array.sum())
    title = "Units in the zones - gaps between parcels + parcels outside = units of the parcels at the opening"
    whole = Check("parcels.whole", title, float(total - base.gap + base.outside), float(parcels), 0, "units")
    if isinstance(zones, WholeMap):
        return (whole,)
    polygons = whole_units(shapely.area(zones.geometry))
    pieces = np.bincount(base.pieces.zone, minlength=len(zones.ids))
    allowed = pieces + 1 + _NOISE * polygons
    worst = int((np.abs(counts.accounted - polygons) / allowed).argmax())
    title = (
        f"Units accounted = units of the polygon in zone {zones.ids[worst]}, where rounding (a unit a parcel) is worst"
    )
    sides = float(counts.accounted[worst]), float(polygons[worst])
    return whole, Check("parcels.zones", title, sides[0], sides[1], float(allowed[worst]), "units")


def scan_parcels(opening: Parcels, closing: Parcels, zones: PolygonZones | WholeMap, classes: ClassList) -> Scan:
    """Units of every zone by opening and closing class. Without zones, the opening parcels are the area accounted.

    All geometry is valid, of one projection in metres, and parcels of one date do not overlap.
    """
    side = len(classes.codes) + 1
    if opening.same_shapes(closing):
        base, array = _paired(opening, closing, zones, side)
    else:
        base = _base(opening, zones)
        array = _matrix(base.pieces, closing, len(zones.ids), side)
    used = [n for n in range(1, side) if array[:, n].any() or array[:, :, n].any()]
    place = [0, *used]
    small = np.ascontiguousarray(array[:, place][:, :, place])
    codes = tuple(classes.codes[n - 1] for n in used)
    counts = Counts(zones.ids, codes, small, UNIT_AREA, base.outside, "units")
    return Scan(counts, ({}, {}), None, zones.names, None, _checks(opening, zones, base, counts))
