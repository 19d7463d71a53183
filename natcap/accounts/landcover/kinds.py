"""Kinds of land cover: what a project brings, maps of cells, parcels or tables; one kind for both dates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from natcap.core.problems import Problems
from natcap.core.project import FILE, Project

__all__ = ["PAIR", "TABLES", "Kind", "kind_of_file", "land_kind"]

Kind = Literal["maps", "parcels", "table"]
TABLES: Mapping[str, str] = {
    "area_table": "a table of areas (CSV, workbook, GeoPackage): zone, class, date (opening, closing or a year), area",
    "opening_table": "a table of areas at the opening alone: a zone a row and a column a class, or zone, class, area",
    "closing_table": "the same at the closing, as statistics of land cover are published for each year",
    "change_table": "a table of change: zone, from, to, area with its unit; or a square matrix of classes",
}
PAIR = ("opening_table", "closing_table")
"""Tables of one date each, which come together."""
_WORDS = {"maps": "a GeoTIFF", "parcels": "a layer of parcels"}
_TABLE_ENDS = (".csv", ".tsv", ".xlsx", ".xlsm", ".ods", ".xls")
_PARCEL_ENDS = (".gpkg", ".geojson", ".json")


def kind_of_file(path: Path) -> Kind | None:
    """The kind of one file by its first bytes, else by its name; None where neither says it."""
    start = b""
    if path.is_file():
        with path.open("rb") as handle:
            start = handle.read(100)
    if start[:2] in (b"II", b"MM"):
        return "maps"
    if start[:15] == b"SQLite format 3" or start.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return "parcels"
    name = path.name.lower()
    if name.endswith(_TABLE_ENDS):
        return "table"
    return "parcels" if name.endswith(_PARCEL_ENDS) else "maps" if name.endswith((".tif", ".tiff")) else None


def land_kind(project: Project, problems: Problems) -> Kind | None:
    """What the land cover of a project is; None where its inputs contradict each other, which is then a problem."""
    tables = [key for key in TABLES if key in project.inputs]
    if set(tables) == set(PAIR):
        tables = ["opening_table"]
    named = [key for key in ("opening", "closing") if key in project.inputs]
    if len(tables) > 1 or (tables and named):
        problems.add(
            FILE, f"the inputs {', '.join((*named, *tables))} together", "land cover from one source",
            "Name opening and closing (two maps or two layers), or area_table, or opening_table and closing_table, or "
            "change_table", cell="inputs",
        )  # fmt: skip
        return None
    return "table" if tables else _of_files(project, project.inputs, problems)


def _of_files(project: Project, inputs: Mapping[str, Any], problems: Problems) -> Kind | None:
    texts = {key: inputs.get(key) for key in ("opening", "closing")}
    kinds = {key: kind_of_file(project.path(text)) for key, text in texts.items() if isinstance(text, str) and text}
    for key in [key for key, kind in kinds.items() if kind == "table"]:
        problems.add(
            FILE, f"a table, {texts[key]}", f"{key}: a GeoTIFF, or a layer of parcels",
            f"Name a table of areas of one date as {key}_table in [inputs], one of both dates as area_table, and one "
            "from class to class as change_table",
            cell=f"inputs.{key}",
        )  # fmt: skip
    if "table" in kinds.values():
        return None
    first, second = kinds.get("opening") or "maps", kinds.get("closing") or "maps"
    if len(kinds) == 2 and first != second:
        problems.add(
            FILE, f"{_WORDS[first]} at the opening and {_WORDS[second]} at the closing", "one kind at both dates",
            "Turn the parcels into a map on the grid of the other (QGIS: Raster > Conversion > Rasterize), or bring "
            "parcels for both dates: areas from cells and from polygons differ by more than the land does",
            cell="inputs.closing",
        )  # fmt: skip
        return None
    return "parcels" if "parcels" in (kinds.get("opening"), kinds.get("closing")) else "maps"
