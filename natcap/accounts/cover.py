"""Land cover of a project, whatever it comes as: two maps, parcels of two dates, or a table of areas."""

from __future__ import annotations

import filecmp
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from natcap.accounts.change import Change, read_breaks, read_change
from natcap.accounts.classes import ClassList
from natcap.accounts.landcover import LandCover, matrix, parcels, same_crs, tables
from natcap.accounts.landcover.areas import AreaTable, TableSide, read_area_pair, read_area_table
from natcap.accounts.landcover.edges import available
from natcap.accounts.landcover.grid import name
from natcap.accounts.landcover.kinds import PAIR, TABLES, land_kind
from natcap.accounts.landcover.maps import judge_projection
from natcap.accounts.landcover.parcels import REPROJECT, Parcels, read_parcels, trimmed
from natcap.accounts.landcover.tables import TableChoices
from natcap.accounts.landcover.wide import MEASURES, TOTALS
from natcap.accounts.reader import INPUTS, InputReader
from natcap.accounts.zones import PolygonZones, RasterZones, WholeMap, Zones, read_zones
from natcap.core.project import FILE, shown_value, unquoted

__all__ = ["Cover", "Found", "read_cover"]

Cover = LandCover | Parcels | TableSide
"""One date of the land cover. Each has `shown`, `part`, `size` and `synthetic`."""
_MAPS_ONLY = ("band", "align", "nodata", "edges")
_MOST = 20


@dataclass(frozen=True)
class Found:
    """What was accepted. `align` says that the closing map is read by nearest neighbour on the opening map's grid."""

    opening: Cover
    closing: Cover
    zones: Zones
    change: Change
    align: bool = False
    areas: AreaTable | None = None
    fractional: bool = False


def read_cover(reader: InputReader, classes: ClassList | None) -> Found | None:
    """Read the land cover and the zones of a project; None with any problem, which is then in the reader's."""
    kind = land_kind(reader.project, reader.problems)
    if kind == "table":
        return _table(reader, classes)
    if kind == "parcels":
        return _parcels(reader, classes)
    return _maps(reader, classes) if kind == "maps" else None


def _of_maps_only(reader: InputReader, what: str) -> None:
    """Refuse choices that mean nothing without cells."""
    _needless(reader, what, {"maps of cells": _MAPS_ONLY})


def _needless(reader: InputReader, what: str, keys: Mapping[str, Iterable[str]]) -> None:
    """Refuse choices that would do nothing with the land cover that there is (`what`), by what they are for."""
    for of, names in keys.items():
        for key in [key for key in names if key in reader.project.choices]:
            reader.problems.add(FILE, f"the choice {key} with {what}", f"no {key}: it is for {of}",
                                f"Leave {key} out", cell=f"choices.{key}")  # fmt: skip


def _maps(reader: InputReader, classes: ClassList | None) -> Found | None:
    project, problems = reader.project, reader.problems
    _needless(reader, "maps of cells", {"parcels": parcels.CHOICES, "a table of areas": tables.CHOICES})
    band = reader.whole("band", 1, 1, 1000)
    align = reader.word("align", ("nearest",), "") == "nearest"
    each = reader.word("nodata", ("each",), "") == "each"
    opening, closing = reader.map("opening", band), reader.map("closing", band)
    zones: Zones | None = WholeMap()
    if "zones" in project.inputs:
        path = reader.file("zones")
        grid = None if opening is None else opening.grid
        zones = None if path is None else read_zones(path, project.shown(path), project.choices, grid, problems)
        reader.zones = zones
    moved = False
    _same_file(reader, "opening", "closing")
    if isinstance(zones, (RasterZones, WholeMap)):
        _no_fields(reader, "a raster" if isinstance(zones, RasterZones) else "not named")
    if opening is not None and closing is not None:
        moved = reader.grids(opening, closing, align)
        if classes is not None:
            reader.nodata(opening, closing, classes, each)
    change = read_change(reader, opening, closing, classes, align, each)
    fractional = _fractional(reader, opening, zones, change)
    if fractional and isinstance(zones, PolygonZones):
        zones = _trimmed(reader, zones)
    for land in (opening, closing):
        if land is not None and land.bands > 1 and "band" not in project.choices:
            reader.fallbacks.append(
                f"{land.shown} has {land.bands} bands; band 1 was read (UKCEH maps keep the class in band 1, and in "
                "band 2 how sure it is); band in [choices] names another"
            )
    if opening is None or closing is None or zones is None:
        return None
    return Found(opening, closing, zones, change, moved, fractional=fractional)


def _no_fields(reader: InputReader, what: str) -> None:
    """Tell which choices about the fields of zones do nothing where zones have none."""
    for key in ("zone_field", "zone_name", "zone_layer", "zone_area"):
        if key in reader.project.choices:
            reader.problems.add(
                FILE, f"the choice {key} with zones that are {what}", "polygons of zones, with fields",
                f"It does nothing here: leave {key} out, or name polygons as zones in [inputs]", cell=f"choices.{key}",
                warning=True,
            )  # fmt: skip


def _same_file(reader: InputReader, one: str, other: str) -> None:
    """Tell when two inputs are one file, or copies of it: the account would show that nothing changed."""
    paths = {role: path for role, path, _ in reader.files}
    if one not in paths or other not in paths or not filecmp.cmp(paths[one], paths[other], shallow=False):
        return
    reader.problems.add(
        reader.project.shown(paths[other]), f"the same map as {reader.project.shown(paths[one])}, byte for byte",
        f"the land cover of two dates: {one} and {other}",
        "Check the file names in [inputs]; from one map the account can only show that nothing changed",
        cell=f"inputs.{other}", warning=True,
    )  # fmt: skip


def _fractional(reader: InputReader, opening: LandCover | None, zones: Zones | None, change: Change) -> bool:
    """Whether cells on the edge of a zone count in part; refused where nothing could come of it."""
    if reader.word("edges", ("fractional",), "") != "fractional":
        return False
    refused = _no_edges(opening, zones, change)
    if refused:
        reader.problems.add(FILE, *refused, cell="choices.edges")
    elif isinstance(zones, PolygonZones):
        reader.fallbacks.append(
            'Cells that the edge of a zone cuts were counted in proportion, as edges = "fractional" asks; without it a '
            "cell belongs to the zone that holds its centre"
        )
    return not refused


def _no_edges(opening: LandCover | None, zones: Zones | None, change: Change) -> tuple[str, str, str] | None:
    if not available():
        return (
            "fractional edges without the library exactextract", "that library beside natcap",
            "Install it (pip install exactextract), or leave edges out: a cell then belongs to the zone of its centre",
        )  # fmt: skip
    if isinstance(zones, (RasterZones, WholeMap)):
        return "fractional edges without polygons", "zones that are polygons", "Leave edges out, or name polygons"
    if change.between or change.sifts:
        return (
            "fractional edges with rules for changes that are cells", "one of the two",
            "Leave edges out, or between, minimum_patch_ha, rotation_years and managed_areas",
        )  # fmt: skip
    if opening is not None and not opening.grid.north_up:
        return "fractional edges on a map that is turned", "a map with north at its top", "Warp the map in a GIS first"
    return None


def _trimmed(reader: InputReader, zones: PolygonZones) -> PolygonZones:
    """Refuse zones that overlap: geometry tells, where no cell is there to show it. Hairs are cut, and told."""
    clean = trimmed(zones.geometry, zones.shown)
    reader.fallbacks += clean.told
    for area, a, b in clean.overlaps[:_MOST]:
        reader.problems.add(
            zones.shown, f"an overlap of the zones {zones.ids[a]} and {zones.ids[b]} ({area / 10_000:,.6f} ha)",
            "zones that do not overlap: land belongs to one account",
            "Cut the overlap away in a GIS (QGIS: Vector > Geoprocessing > Difference)", cell=f"zone {zones.ids[b]}",
        )  # fmt: skip
    return replace(zones, geometry=clean.geometry)


def _parcels(reader: InputReader, classes: ClassList | None) -> Found | None:
    project, problems = reader.project, reader.problems
    _of_maps_only(reader, "parcels")
    _needless(reader, "parcels", {"a table of areas": tables.CHOICES})
    change = read_breaks(reader, "parcels")
    sides: list[Parcels | None] = []
    for role in ("opening", "closing"):
        path = reader.file(role, f"Name {INPUTS[role]}")
        shown = "" if path is None else project.shown(path)
        sides.append(None if path is None else read_parcels(path, shown, role, project.choices, classes, problems))
    opening, closing = sides
    if opening is not None and closing is not None and not same_crs(opening.crs, closing.crs):
        problems.add(
            closing.shown, f"a layer in {name(closing.crs)}", f"parcels in {name(opening.crs)}, as at the opening",
            "Reproject one of the layers in a GIS and keep the file (QGIS: Export > Save Features As)",
        )  # fmt: skip
    zones: Zones | None = WholeMap(names=("All parcels",))
    if "zones" in project.inputs:
        path = reader.file("zones")
        crs = None if opening is None else opening.crs
        zones = None
        if path is not None and (crs is not None or not problems.errors):
            zones = read_zones(path, project.shown(path), project.choices, None, problems, crs)
        if isinstance(zones, PolygonZones):
            zones = _trimmed(reader, zones)
    if opening is None or closing is None or zones is None:
        return None
    reader.fallbacks += [*opening.told, *closing.told]
    reader.fallbacks.append("Areas were measured from polygons and counted in whole units of 0.01 square metres")
    return Found(opening, closing, zones, change)


def _table(reader: InputReader, classes: ClassList | None) -> Found | None:
    project, problems = reader.project, reader.problems
    roles = [key for key in TABLES if key in project.inputs]
    _of_maps_only(reader, "a table of areas")
    _needless(reader, "a table of areas", {"parcels": parcels.CHOICES})
    change = read_breaks(reader, "a table of areas")
    choices, differ = _table_choices(reader), reader.word("totals", ("differ",), "") == "differ"
    files = {role: reader.file(role, f"Name {INPUTS[role]}") for role in (PAIR if set(roles) & set(PAIR) else roles)}
    paths = {role: (path, project.shown(path)) for role, path in files.items() if path is not None}
    if len(paths) < len(files) or classes is None:
        return None
    if len(paths) == 2:
        _same_file(reader, *PAIR)
        found = read_area_pair(paths, choices, classes, choices.rounded, differ, problems)
    else:
        role, (path, shown) = next(iter(paths.items()))
        found = read_area_table(path, shown, role, choices, classes, choices.rounded, differ, problems)
    if found is None:
        return None
    reader.fallbacks += found.told
    zones = _table_zones(reader, found)
    return None if zones is None else Found(*found.sides, zones, change, areas=found)


def _table_choices(reader: InputReader) -> TableChoices:
    """What natcap.toml says of tables of areas; what is wrong with it is told."""
    given, problems = reader.project.choices, reader.problems
    rounded = reader.word("margins", ("rounded",), "") == "rounded"
    rows, blanks = reader.word("matrix_rows", matrix.ROWS, ""), reader.word("matrix_blanks", matrix.BLANKS, "")
    measure = reader.word("table_measure", MEASURES, "")
    zones, cell = given.get("table_zones", []), given.get("table_cell_m")
    if not isinstance(zones, list) or not all(isinstance(zone, str) and zone for zone in zones):
        problems.add(FILE, shown_value(zones), "table_zones: codes or names in quotes",
                     'Write a list, such as table_zones = ["E10000018"]', cell="choices.table_zones")  # fmt: skip
        zones = []
    if cell is not None and (isinstance(cell, bool) or not isinstance(cell, (int, float)) or not 0 < cell <= 10_000):
        problems.add(FILE, shown_value(cell), "table_cell_m: the side of a cell in metres, such as 10",
                     unquoted("table_cell_m", cell), cell="choices.table_cell_m")  # fmt: skip
        cell = None
    begin, end = (given.get(key) for key in ("opening_year", "closing_year"))
    return TableChoices(
        str(given.get("area_unit", "")), str(given.get("table_sheet", "")),
        (begin if isinstance(begin, int) else None, end if isinstance(end, int) else None), rows, blanks,
        str(given.get("table_zone", "")), str(given.get("table_level", "")), tuple(zones), measure,
        None if cell is None else float(cell), rounded, reader.word("table_total", TOTALS, ""),
    )  # fmt: skip


def _table_zones(reader: InputReader, found: AreaTable) -> Zones | None:
    """The zones of a table; with polygons of them, which must be the same zones, for a map and to compare areas."""
    project, problems = reader.project, reader.problems
    shown = found.sides[0].shown
    listed = WholeMap(found.counts.zones, found.names, shown)
    path = reader.file("zones") if "zones" in project.inputs else None
    if path is None:
        return listed
    zones = read_zones(path, project.shown(path), project.choices, None, problems)
    if not isinstance(zones, PolygonZones):
        return None
    judge_projection(zones.crs, zones.shown, problems, REPROJECT)
    mine, theirs = set(listed.ids), set(zones.ids)
    for some, other, here, there in ((mine, theirs, shown, zones.shown), (theirs, mine, zones.shown, shown)):
        odd = sorted(some - other)
        if odd:
            more = f" and {len(odd) - 5} more" if len(odd) > 5 else ""
            problems.add(here, f"the zones {', '.join(odd[:5])}{more}", f"zones that stand in {there} as well",
                         "Set zone_field in [choices] to the field with the ids of the table, or leave zones out",
                         cell="inputs.zones")  # fmt: skip
    return zones
