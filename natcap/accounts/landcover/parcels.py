"""Parcels: land cover as polygons with a class, from GeoPackage or GeoJSON, accepted or every reason why not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from natcap.accounts.classes import ClassList
from natcap.accounts.landcover.labels import Labels
from natcap.accounts.landcover.maps import SYNTHETIC_TAG, judge_projection
from natcap.accounts.margins import UNIT_AREA
from natcap.accounts.zones.read import judge_shapes
from natcap.accounts.zones.vector import Layer, read_layer
from natcap.core.problems import Problems, did_you_mean

__all__ = ["CHOICES", "REPROJECT", "Parcels", "Trimmed", "overlapping", "read_parcels", "trimmed"]

CHOICES: Mapping[str, str] = {
    "class_field": "the field of the parcels that holds their class, as code or name",
    "opening_class_field": "the same for the opening alone",
    "closing_class_field": "the same for the closing alone: both may stand in one layer",
    "class_layer": "the layer of a GeoPackage of parcels, where it holds several",
    "opening_class_layer": "the same for the opening alone",
    "closing_class_layer": "the same for the closing alone",
}
_MOST = 20
HAIR = 0.001
"""Mean width in metres below which an overlap is rounding of coordinates, as a reprojection leaves along an edge where
three parcels meet; OGC simple features are kept to the millimetre at best."""
REPROJECT = (
    "Reproject the layer and keep the file (QGIS: Export > Save Features As; for Great Britain EPSG:27700). Longitude "
    "and latitude to British National Grid is metres off without Ordnance Survey's OSTN15 grid"
)
_CUT = (
    "A piece of land is one class at one date: cut the overlap away in a GIS (QGIS: Processing > Check validity, then "
    "Vector > Geoprocessing > Difference), or delete the parcel that stands twice"
)


@dataclass(frozen=True)
class Parcels:
    """Accepted parcels of one date. `position` is the class of each, 0 for no data, 1..n in the order of the list."""

    path: Path
    shown: str
    layer: str
    field: str
    geometry: np.ndarray
    position: np.ndarray
    labels: tuple[str, ...]
    crs: Any
    synthetic: bool
    told: tuple[str, ...] = ()

    @property
    def part(self) -> str:
        """The part of the file that was read."""
        return f"layer {self.layer}, field {self.field}" if self.layer else f"field {self.field}"

    @property
    def size(self) -> tuple[str, int]:
        return "parcels at the opening", len(self.geometry)

    def same_shapes(self, other: Parcels) -> bool:
        """Whether both dates stand in one layer, in two fields of it."""
        return self.path == other.path and self.layer == other.layer


def _choice(choices: Mapping[str, Any], role: str, what: str) -> str:
    return str(choices.get(f"{role}_{what}", choices.get(what, "")))


def _positions(layer: Layer, field: str, key: str, labels: Sequence[str], classes: ClassList | None, shown: str,
               problems: Problems) -> np.ndarray | None:  # fmt: skip
    """The class of every parcel, told feature by feature where it is none."""
    if field not in layer.fields:
        known = ", ".join(layer.fields) or "none"
        found = repr(field) if field else "no class_field in [choices]"
        remedy = f"{did_you_mean(field, layer.fields)} Set {key} = one of: {known}".strip()
        remedy += "" if field else ". A layer of zones with an area of each class is an opening_table or closing_table"
        problems.add(shown, found, "the name of the field that holds the class", remedy, cell=f"choices.{key}")
        return None
    if classes is None:
        return None
    find, met = Labels(classes), {}
    values = [value.item() if isinstance(value, np.generic) else value for value in layer.fields[field]]
    wrong: dict[str, list[int]] = {}
    for n, value in enumerate(values):
        text = "" if _blank(value) else str(value).strip()
        if text not in met:
            met[text] = find(value) if text else None
        if met[text] is None:
            wrong.setdefault(text, []).append(n)
    _tell(wrong, find, labels, field, shown, problems)
    return None if wrong else np.array([met[str(value).strip()] for value in values], dtype=np.int64)


def _blank(value: object) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value)) or not str(value).strip()


def _tell(wrong: Mapping[str, Sequence[int]], find: Labels, labels: Sequence[str], field: str, shown: str,
          problems: Problems) -> None:  # fmt: skip
    for text, places in list(wrong.items())[:_MOST]:
        more = f" and {len(places) - 1} more" if len(places) > 1 else ""
        found = f"the class {text!r} in {field}" if text else f"no class in {field}"
        remedy = f"{find.near(text)} Check classes in [choices], or name a table of your own as class_list in [inputs]"
        expected = f"a code or a name of the class list: {find.classes.title}"
        problems.add(shown, found, expected, remedy.strip(), cell=f"{labels[places[0]]}{more}")
    if len(wrong) > _MOST:
        problems.add(shown, f"a further {len(wrong) - _MOST} unknown classes", "classes of the list")


def overlapping(geometry: np.ndarray, least: float = UNIT_AREA) -> list[tuple[float, int, int]]:
    """Pairs of polygons that share more than `least` m2: (m2, one, other), largest first."""
    one, other = shapely.STRtree(geometry).query(geometry, predicate="intersects")
    pairs = one < other
    one, other = one[pairs], other[pairs]
    shapely.prepare(geometry)
    deep = ~shapely.touches(geometry[one], geometry[other])
    one, other = one[deep], other[deep]
    shared = shapely.area(shapely.intersection(geometry[one], geometry[other]))
    found = [(float(shared[n]), int(one[n]), int(other[n])) for n in np.flatnonzero(shared > least)]
    return sorted(found, key=lambda pair: (-pair[0], pair[1:]))


@dataclass(frozen=True)
class Trimmed:
    """Polygons without hairs, the overlaps that are left, as from `overlapping`, and what was cut, in words."""

    geometry: np.ndarray
    overlaps: list[tuple[float, int, int]]
    told: tuple[str, ...] = ()


def trimmed(geometry: np.ndarray, shown: str) -> Trimmed:
    """Give overlaps thinner than HAIR to the earlier polygon, so that no land counts twice; wider ones stay."""
    wide: list[tuple[float, int, int]] = []
    hairs: list[tuple[float, int, int]] = []
    for pair in overlapping(geometry):
        _, one, other = pair
        strip = shapely.intersection(geometry[one], geometry[other])
        (hairs if 2 * strip.area < HAIR * strip.length else wide).append(pair)
    if not hairs:
        return Trimmed(geometry, wide)
    geometry = geometry.copy()
    for _, one, other in hairs:
        geometry[other] = shapely.difference(geometry[other], geometry[one])
    total, number = sum(area for area, _, _ in hairs), len(hairs)
    said = (
        f"{shown}: {number} overlap{'s' if number > 1 else ''} thinner than a millimetre, {total:.4g} m2 in all, "
        "as rounded coordinates leave them, went to the first of the two polygons"
    )
    return Trimmed(geometry, wide, (said,))


def _judge_overlaps(pairs: Sequence[tuple[float, int, int]], labels: Sequence[str], shown: str,
                    problems: Problems) -> None:  # fmt: skip
    for area, a, b in pairs[:_MOST]:
        found = f"an overlap of {area / 10_000:,.6f} ha of {labels[a]} and {labels[b]}"
        problems.add(shown, found, "parcels that do not overlap", _CUT, cell=labels[b])
    if len(pairs) > _MOST:
        problems.add(shown, f"a further {len(pairs) - _MOST} overlaps", "parcels that do not overlap", _CUT)


def read_parcels(path: Path, shown: str, role: str, choices: Mapping[str, Any], classes: ClassList | None,
                 problems: Problems) -> Parcels | None:  # fmt: skip
    """Read the parcels of one date (`role` is opening or closing). Adds every problem found; None with any."""
    before = len(problems.errors)
    wanted = f"{role}_class_layer" if f"{role}_class_layer" in choices else "class_layer"
    layer = read_layer(path, shown, _choice(choices, role, "class_layer"), problems, wanted)
    if layer is None:
        return None
    if not len(layer.geometry):
        problems.add(shown, "no features", "at least one parcel")
    if layer.crs is not None:
        judge_projection(layer.crs, shown, problems, REPROJECT)
    own = [f"feature {n + 1}{f' ({text})' if text else ''}" for n, text in enumerate(layer.labels)]
    judge_shapes(layer.geometry, [f"({text})" if text else "" for text in layer.labels], shown, problems)
    field = _choice(choices, role, "class_field")
    key = f"{role}_class_field" if f"{role}_class_field" in choices else "class_field"
    position = _positions(layer, field, key, own, classes, shown, problems)
    geometry, told = np.asarray(layer.geometry, dtype=object), tuple[str, ...]()
    if len(problems.errors) == before and len(geometry):
        clean = trimmed(shapely.force_2d(geometry), shown)
        geometry, told = clean.geometry, clean.told
        _judge_overlaps(clean.overlaps, own, shown, problems)
    if len(problems.errors) > before or position is None:
        return None
    synthetic = SYNTHETIC_TAG in path.name
    return Parcels(path, shown, layer.name, field, geometry, position, tuple(own), layer.crs, synthetic, told)
