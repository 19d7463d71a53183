"""Read polygons from GeoJSON or GeoPackage after a look at the bytes: no virtual layer, other driver or address."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from natcap.accounts.landcover.guard import safe_file
from natcap.core.problems import Problems

__all__ = ["NO_CRS", "Layer", "read_layer"]

MAX_BYTES = 2**29
_EXPORT = "In QGIS: Export > Save Features As, GeoPackage or GeoJSON, in the projection of the maps"
NO_CRS = "The file states no projection, and GeoJSON without one is longitude and latitude"
_GPKG_IDS = {b"GPKG", b"GP10", b"GP11"}


@dataclass
class Layer:
    """Features as they stand in the file: geometry array (None where missing), fields by name, projection.

    `name` is the layer of a GeoPackage; `labels` are the ids that the file itself gives its features, where it does.
    """

    geometry: np.ndarray
    fields: dict[str, list[Any]]
    crs: Any
    notes: list[str] = field(default_factory=list)
    name: str = ""
    labels: list[str] = field(default_factory=list)


def _crs_of(text: Any, shown: str, problems: Problems) -> Any:
    from rasterio.crs import CRS
    from rasterio.errors import CRSError

    try:
        return CRS.from_user_input(text)
    except (CRSError, ValueError, TypeError):
        problems.add(shown, f"the projection {str(text)[:60]!r}", "a projection with an EPSG code", _EXPORT)
        return None


def _crs_name(given: Any) -> str:
    """The projection that GeoJSON names; without one it is longitude and latitude. Anything else is shown as it is."""
    if not given:
        return "EPSG:4326"
    inner = given.get("properties") if isinstance(given, dict) else given
    named = inner.get("name") if isinstance(inner, dict) else inner
    return str(named or given)


def _geojson(path: Path, shown: str, problems: Problems) -> Layer | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        problems.add(shown, f"a file that is not JSON ({str(error)[:80]})", "GeoJSON", _EXPORT)
        return None
    features = found.get("features") if isinstance(found, dict) and found.get("type") == "FeatureCollection" else None
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        problems.add(shown, "JSON without features", "a GeoJSON FeatureCollection", _EXPORT)
        return None
    crs = _crs_of(_crs_name(found.get("crs")), shown, problems)
    geometry = np.empty(len(features), dtype=object)
    for number, feature in enumerate(features):
        text = json.dumps(feature.get("geometry"))
        try:
            geometry[number] = shapely.from_geojson(text) if text != "null" else None
        except shapely.errors.GEOSException:
            problems.add(shown, "a geometry that cannot be read", "a polygon", _EXPORT, cell=f"feature {number + 1}")
    properties = [feature.get("properties") or {} for feature in features]
    for number in [n for n, given in enumerate(properties) if not isinstance(given, dict)]:
        where = f"feature {number + 1}"
        problems.add(shown, "the properties as a list or a text", "fields by name", _EXPORT, cell=where)
        properties[number] = {}
    names = list(dict.fromkeys(name for given in properties for name in given))
    labels = [f"id {feature['id']}" if feature.get("id") is not None else "" for feature in features]
    fields = {name: [given.get(name) for given in properties] for name in names}
    notes = [] if found.get("crs") else [NO_CRS]
    return Layer(geometry, fields, crs, notes, labels=labels)


def _gpkg_layer(path: Path, layer: str, shown: str, problems: Problems, choice: str) -> str | None:
    """The name of the one plain table of features; a view or a virtual table could hide anything."""
    try:
        base = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            base.execute("PRAGMA trusted_schema = OFF")
            rows = base.execute(
                "SELECT c.table_name, m.type, m.sql FROM gpkg_contents c JOIN sqlite_master m "
                "ON lower(m.name) = lower(c.table_name) WHERE c.data_type = 'features' ORDER BY c.table_name LIMIT 1000"
            ).fetchall()
        finally:
            base.close()
    except sqlite3.Error as error:
        problems.add(
            shown, f"a GeoPackage that cannot be read ({error})", "a whole GeoPackage", "Copy it again. " + _EXPORT
        )
        return None
    plain = [
        str(name) for name, kind, sql in rows if kind == "table" and "VIRTUAL" not in str(sql).upper().split("(")[0]
    ]
    if layer in plain:
        return layer
    if layer or len(plain) != 1:
        found = f"no layer {layer!r}" if layer else f"a file with {len(plain)} plain layers of features"
        remedy = f"Set {choice} in [choices] to one of: {', '.join(plain)}" if plain else _EXPORT
        problems.add(shown, found, "one plain layer of polygons", remedy)
        return None
    return plain[0]


def _gpkg(path: Path, layer: str, shown: str, problems: Problems, choice: str) -> Layer | None:
    name = _gpkg_layer(path, layer, shown, problems, choice)
    if name is None:
        return None
    import pyogrio.raw
    from pyogrio.errors import DataLayerError, DataSourceError

    try:
        meta, fids, geometry, columns = pyogrio.raw.read(
            path, layer=name, force_2d=True, datetime_as_string=True, return_fids=True
        )
        shapes = shapely.from_wkb(geometry)
    except (DataLayerError, DataSourceError, shapely.errors.GEOSException) as error:
        problems.add(
            shown,
            f"a layer that cannot be read ({str(error).replace(str(path), shown)[:100]})",
            "a layer of polygons",
            _EXPORT,
        )
        return None
    fields = {str(key): list(values) for key, values in zip(meta["fields"], columns, strict=True)}
    labels = [f"fid {fid}" for fid in fids]
    crs = _crs_of(meta["crs"] or "", shown, problems)
    return Layer(np.asarray(shapes, dtype=object), fields, crs, name=name, labels=labels)


def read_layer(path: Path, shown: str, layer: str, problems: Problems, choice: str = "zone_layer") -> Layer | None:
    """Read the features of a GeoJSON or GeoPackage file; every other kind of file is refused by its first bytes.

    `choice` is the name under which natcap.toml chooses the layer.
    """
    if not safe_file(path):
        problems.add(shown, "no such file", "a GeoJSON or GeoPackage on this disk")
        return None
    size = path.stat().st_size
    with path.open("rb") as handle:
        start = handle.read(100)
    if size > MAX_BYTES:
        problems.add(shown, f"a file of {size:,} bytes", f"at most {MAX_BYTES:,}", "Simplify or split the layer")
    elif start[:16] == b"SQLite format 3\0" and start[68:72] in _GPKG_IDS:
        return _gpkg(path, layer, shown, problems, choice)
    elif start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return _geojson(path, shown, problems)
    else:
        what = "an XML document" if start.lstrip()[:1] == b"<" else "a file of another kind"
        problems.add(shown, what, "a GeoJSON or GeoPackage, by its first bytes", _EXPORT)
    return None
