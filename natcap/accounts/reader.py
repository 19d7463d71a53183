"""Reader of an accounts project: what natcap.toml names, each file hashed into the record, every problem kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from natcap.accounts import change as changes
from natcap.accounts import unlikely
from natcap.accounts.classes import ClassList, class_list, known_lists
from natcap.accounts.densities import library_depths
from natcap.accounts.landcover import LandCover, aligned_index, differences, open_map, parcels, same_crs, tables
from natcap.accounts.landcover.kinds import TABLES
from natcap.accounts.wings import known_choices, known_inputs
from natcap.accounts.zones import Zones
from natcap.core.problems import Problems, did_you_mean
from natcap.core.project import FILE, Project, require, shown_value, unquoted

__all__ = ["CHOICES", "INPUTS", "InputReader"]

INPUTS: Mapping[str, str] = {
    "opening": "land cover at the opening: a GeoTIFF, or parcels (GeoPackage, GeoJSON)",
    "closing": "land cover at the closing, of the same kind",
    **TABLES,
    "zones": "polygons (GeoJSON, GeoPackage) or a raster of zone numbers; left out, the whole map is one area",
    "class_list": "a table of your own classes: code, name",
    "carbon_pools": "a table of carbon densities: lucode, C_above, C_below, C_soil, C_dead",
    **changes.INPUTS,
}
CHOICES: Mapping[str, str] = {
    "classes": "what the codes mean: a list of the library, or a CSV file of your own",
    "zone_field": "the field of the zones that holds their id",
    "zone_name": "the field that holds their name",
    "zone_layer": "the layer of a GeoPackage",
    "zone_area": "a field with the published area in hectares, to compare",
    "align": '"nearest": read the closing map on the grid of the opening map',
    "nodata": '"each": let every map have a nodata value of its own',
    "band": "the band that holds the class (1)",
    "edges": '"fractional": cells that the edge of a zone cuts count in proportion, for fields and other small zones',
    **parcels.CHOICES,
    **tables.CHOICES,
    "opening_year": "year of the opening map",
    "closing_year": "year of the closing map",
    "carbon": '"library", "pools" or "none"',
    "soil_depth_cm": "depth to which soil carbon is counted (30)",
    **changes.CHOICES,
    **unlikely.CHOICES,
}
_YEAR = re.compile("(?:19|20|21|22)[0-9]{2}")
_ALIGN = (
    'Set align = "nearest" in [choices] to read the closing map by nearest neighbour on the grid of the opening map; '
    "the report will say so"
)


@dataclass
class InputReader:
    """Reads through a project; what is wrong gathers in `problems`, what was told in `fallbacks`."""

    project: Project
    problems: Problems = field(default_factory=Problems)
    fallbacks: list[str] = field(default_factory=list)
    files: list[tuple[str, Path, str]] = field(default_factory=list)
    opened: list[LandCover] = field(default_factory=list)
    listed: ClassList | None = None
    """Maps that were accepted, the opening first; the class list of the project, once it is read."""
    zones: Zones | None = None
    """Zones that were accepted, also where the land cover was not."""

    def unknown(self) -> None:
        for table, given, known in (
            ("inputs", self.project.inputs, {**INPUTS, **known_inputs()}),
            ("choices", self.project.choices, {**CHOICES, **known_choices()}),
        ):
            for key in sorted(set(given) - set(known)):
                remedy = f"{did_you_mean(key, known)} Known: {', '.join(known)}".strip()
                self.problems.add(FILE, key, f"a name that [{table}] knows", remedy, cell=f"{table}.{key}")

    def word(self, key: str, allowed: tuple[str, ...], default: str) -> str:
        value = self.project.choices.get(key, default)
        if value not in (*allowed, default):
            remedy = f"{did_you_mean(str(value), allowed)} Write the word in quotes, or leave {key} out".strip()
            self.problems.add(FILE, shown_value(value), f"{key}: one of {', '.join(allowed)}", remedy,
                              cell=f"choices.{key}")  # fmt: skip
            return default
        return str(value)

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        value = self.project.choices.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.problems.add(FILE, shown_value(value), f"{key}: a whole number from {low} to {high}",
                              unquoted(key, value) or f"Left out it is {default}", cell=f"choices.{key}")  # fmt: skip
            return default
        return value

    def file(self, role: str, remedy: str = "") -> Path | None:
        path = require(self.project, role, self.problems, remedy)
        if path is not None:
            self.files.append((role, path, self.project.shown(path)))
        return path

    def map(self, role: str, band: int) -> LandCover | None:
        path = self.file(role, f"Name {INPUTS[role]}")
        found = None if path is None else open_map(path, self.project.shown(path), band, self.problems)
        self.opened += [] if found is None else [found]
        return found

    def classes(self) -> ClassList | None:
        choice = self.project.choices.get("classes", "")
        given = self.project.inputs.get("class_list") or (
            choice if str(choice).lower().endswith((".csv", ".xlsx")) else ""
        )
        if given or choice in known_lists():
            self.listed = self.own_classes(str(given)) if given else class_list(choice)
            return self.listed
        known = ", ".join(known_lists())
        found = str(choice) if choice else "no classes in [choices]"
        near = did_you_mean(str(choice), known_lists())
        remedy = f"{near} Declare what the codes of the maps mean; nothing is guessed".strip()
        self.problems.add(FILE, found, f"one of {known}, or a CSV file of your own", remedy, cell="choices.classes")
        return None

    def own_classes(self, name: str) -> ClassList | None:
        from natcap.accounts.userlist import read_class_list

        path = self.project.path(name)
        if not path.is_file():
            self.problems.add(FILE, name, "a file in the project folder", cell="inputs.class_list")
            return None
        self.files.append(("class_list", path, self.project.shown(path)))
        return read_class_list(path, self.project.shown(path), self.problems)

    def years(self) -> tuple[str, str]:
        given = [self.project.choices.get(key) for key in ("opening_year", "closing_year")]
        good = True
        for key, year in zip(("opening_year", "closing_year"), given, strict=True):
            if year is not None and (isinstance(year, bool) or not isinstance(year, int) or not 1900 <= year <= 2200):
                self.problems.add(FILE, shown_value(year), f"{key}: a year such as 2023", unquoted(key, year),
                                  cell=f"choices.{key}")  # fmt: skip
                good = False
        said = [int(str(year)) for year in given if _YEAR.fullmatch(str(year))]
        if len(said) == 2 and said[0] >= said[1]:
            self.problems.add(
                FILE,
                f"the years {said[0]} to {said[1]}",
                "a closing year after the opening year",
                cell="choices.closing_year",
            )
        if not good:
            return "opening", "closing"
        opening, closing = (
            str(year) if year is not None else word for year, word in zip(given, ("opening", "closing"), strict=True)
        )
        return opening, closing

    def nodata(self, opening: LandCover, closing: LandCover, classes: ClassList, each: bool) -> None:
        for land in (opening, closing):
            if land.nodata in classes.codes:
                name = classes.of(land.nodata).name if land.nodata is not None else ""
                self.problems.add(
                    land.shown,
                    f"a nodata value, {land.nodata}, which is also the class {name}",
                    "a nodata value that is no class",
                    "Set the nodata value of the file right, or unset it",
                )
        missing = [{land.nodata, *classes.nodata_codes} - {None} for land in (opening, closing)]
        if missing[0] == missing[1]:
            return
        told = f"nodata {closing.nodata} instead of {opening.nodata}"
        if each:
            self.fallbacks.append(f'{closing.shown} has {told}; each map was read with its own (nodata = "each")')
        else:
            self.problems.add(
                closing.shown,
                f"a map with {told}",
                f"the nodata value of {opening.shown}",
                'Make them one, or set nodata = "each" in [choices] to let each map have its own',
                cell="choices.nodata",
            )

    def grids(self, opening: LandCover, closing: LandCover, align: bool) -> bool:
        """Whether the closing map has to be aligned."""
        unlike = differences(opening.grid, closing.grid)
        if not unlike:
            return False
        told = "; ".join(unlike)
        straight = opening.grid.straight and closing.grid.straight
        one_projection = straight and same_crs(opening.grid.crs, closing.grid.crs)
        if not one_projection or not align:
            remedy = (
                _ALIGN
                if one_projection
                else "Bring both maps to one projection and grid in a GIS, with nearest neighbour"
            )
            for text in unlike:
                last = remedy if text == unlike[-1] else ""
                wanted = f"the grid of {opening.shown}"
                self.problems.add(closing.shown, f"a grid with {text}", wanted, last, cell="choices.align")
            return False
        rows, columns = aligned_index(opening.grid, closing.grid)
        if (rows < 0).all() or (columns < 0).all():
            self.problems.add(
                closing.shown,
                "a map of another place",
                f"a map that overlaps {opening.shown}",
                "Check the projection of both",
            )
        self.fallbacks.append(
            f"{closing.shown} was aligned by nearest neighbour onto the grid of {opening.shown}, "
            f'as align = "nearest" asks; it had {told}'
        )
        return True

    def library_depth(self, classes: ClassList, depth_cm: int) -> None:
        """Refuse a soil depth for which the library has no density of any class."""
        depths = library_depths(classes)
        if depths and depth_cm not in depths:
            self.problems.add(
                FILE, f"the soil depth {depth_cm} cm", f"soil_depth_cm: one of {', '.join(map(str, depths))}",
                "The library has soil carbon to no other depth, and stocks to different depths are never added. For "
                "another depth name densities of your own as carbon_pools in [inputs]", cell="choices.soil_depth_cm",
            )  # fmt: skip

    def carbon(self) -> tuple[str, Path | None]:
        default = "pools" if "carbon_pools" in self.project.inputs else ""
        word = self.word("carbon", ("library", "pools", "none"), default)
        return word, self.file("carbon_pools") if word == "pools" else None
