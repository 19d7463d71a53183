"""Read what an accounts project names: two maps, zones, classes, densities; everything wrong with them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from natcap.accounts import change as changes
from natcap.accounts.change import Change, read_change
from natcap.accounts.classes import ClassList, class_list, known_lists
from natcap.accounts.landcover import LandCover, aligned_index, differences, open_map, same_crs
from natcap.accounts.wings import Spec, active, known_choices, known_inputs, read_wings
from natcap.accounts.zones import WholeMap, Zones, read_zones
from natcap.core.problems import Problem, Problems, did_you_mean
from natcap.core.project import FILE, Project, hash_file, require

__all__ = ["CHOICES", "INPUTS", "Inputs", "WithoutMaps", "read_inputs", "read_without_maps", "without_maps"]

INPUTS: Mapping[str, str] = {
    "opening": "the land-cover map at the opening, a GeoTIFF",
    "closing": "the land-cover map at the closing, a GeoTIFF",
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
    "opening_year": "year of the opening map",
    "closing_year": "year of the closing map",
    "carbon": '"library", "pools" or "none"',
    "soil_depth_cm": "depth to which soil carbon is counted (30)",
    **changes.CHOICES,
}
_ALIGN = (
    'Set align = "nearest" in [choices] to read the closing map by nearest neighbour on the grid of the opening map; '
    "the report will say so"
)


@dataclass(frozen=True)
class Inputs:
    """Accepted inputs. `files` lists (role, path, shown name, SHA-256); `carbon` is library, pools or none."""

    project: Project
    opening: LandCover
    closing: LandCover
    zones: Zones
    classes: ClassList
    align: bool
    carbon: str
    depth_cm: int
    pools: Path | None
    years: tuple[str, str]
    files: tuple[tuple[str, Path, str, str], ...]
    warnings: tuple[Problem, ...] = ()
    fallbacks: tuple[str, ...] = ()
    wings: tuple[tuple[Spec, Any], ...] = ()
    change: Change = field(default_factory=Change)

    @property
    def synthetic(self) -> bool:
        return any(land.synthetic for land in (self.opening, *self.change.between, self.closing))


@dataclass
class _Reader:
    project: Project
    problems: Problems = field(default_factory=Problems)
    fallbacks: list[str] = field(default_factory=list)
    files: list[tuple[str, Path, str]] = field(default_factory=list)

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
            self.problems.add(FILE, str(value), f"{key}: one of {', '.join(allowed)}", cell=f"choices.{key}")
            return default
        return str(value)

    def whole(self, key: str, default: int, low: int, high: int) -> int:
        value = self.project.choices.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.problems.add(FILE, str(value), f"{key}: a whole number from {low} to {high}", cell=f"choices.{key}")
            return default
        return value

    def file(self, role: str, remedy: str = "") -> Path | None:
        path = require(self.project, role, self.problems, remedy)
        if path is not None:
            self.files.append((role, path, self.project.shown(path)))
        return path

    def map(self, role: str, band: int) -> LandCover | None:
        path = self.file(role, f"Name {INPUTS[role]}")
        return None if path is None else open_map(path, self.project.shown(path), band, self.problems)

    def classes(self) -> ClassList | None:
        choice = self.project.choices.get("classes", "")
        given = self.project.inputs.get("class_list") or (
            choice if str(choice).lower().endswith((".csv", ".xlsx")) else ""
        )
        if given:
            return self.own_classes(str(given))
        if choice in known_lists():
            return class_list(choice)
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
        for key, year in zip(("opening_year", "closing_year"), given, strict=True):
            if year is not None and (isinstance(year, bool) or not isinstance(year, int) or not 1900 <= year <= 2200):
                self.problems.add(FILE, str(year), f"{key}: a year such as 2023", cell=f"choices.{key}")
                return "opening", "closing"
        if None not in given and given[0] >= given[1]:  # type: ignore[operator]
            self.problems.add(
                FILE,
                f"the years {given[0]} to {given[1]}",
                "a closing year after the opening year",
                cell="choices.closing_year",
            )
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

    def carbon(self) -> tuple[str, Path | None]:
        default = "pools" if "carbon_pools" in self.project.inputs else ""
        word = self.word("carbon", ("library", "pools", "none"), default)
        return word, self.file("carbon_pools") if word == "pools" else None


def read_inputs(project: Project) -> Inputs:
    """Read and check every input of an accounts project. Raises InputProblems with everything that is wrong."""
    reader = _Reader(project)
    problems = reader.problems
    reader.unknown()
    band = reader.whole("band", 1, 1, 1000)
    depth = reader.whole("soil_depth_cm", 30, 1, 1000)
    align = reader.word("align", ("nearest",), "") == "nearest"
    each = reader.word("nodata", ("each",), "") == "each"
    years = reader.years()
    classes = reader.classes()
    opening, closing = reader.map("opening", band), reader.map("closing", band)
    zones: Zones | None = WholeMap()
    if "zones" in project.inputs:
        path = reader.file("zones")
        grid = None if opening is None else opening.grid
        zones = None if path is None else read_zones(path, project.shown(path), project.choices, grid, problems)
    carbon, pools = reader.carbon()
    moved = False
    if opening is not None and closing is not None:
        moved = reader.grids(opening, closing, align)
        if classes is not None:
            reader.nodata(opening, closing, classes, each)
    change = read_change(reader, opening, closing, classes, align, each)
    wings = read_wings(reader)
    problems.raise_if_any()
    if opening is None or closing is None or zones is None or classes is None:
        raise AssertionError("an input was refused without a problem")
    files = tuple((role, path, shown, hash_file(path)) for role, path, shown in reader.files)
    return Inputs(
        project,
        opening,
        closing,
        zones,
        classes,
        moved,
        carbon,
        depth,
        pools,
        years,
        files,
        problems.warnings,
        tuple(reader.fallbacks),
        wings,
        change,
    )


@dataclass(frozen=True)
class WithoutMaps:
    """Accepted inputs of a project that asks only for wings that need no land-cover map."""

    project: Project
    years: tuple[str, str]
    files: tuple[tuple[str, Path, str, str], ...]
    wings: tuple[tuple[Spec, Any], ...]
    warnings: tuple[Problem, ...] = ()
    fallbacks: tuple[str, ...] = ()


def without_maps(project: Project) -> bool:
    """Whether the project names no map at all, and a wing that needs none."""
    chosen = [spec for spec in active(project) if not spec.always]
    named = {"opening", "closing", "zones"} & set(project.inputs)
    return bool(chosen) and not named and not any(spec.maps for spec in chosen)


def read_without_maps(project: Project) -> WithoutMaps:
    """Read and check the inputs of a project without maps. Raises InputProblems with everything that is wrong."""
    reader = _Reader(project)
    reader.unknown()
    years = reader.years()
    wings = read_wings(reader, maps=False)
    reader.problems.raise_if_any()
    files = tuple((role, path, shown, hash_file(path)) for role, path, shown in reader.files)
    return WithoutMaps(project, years, files, wings, reader.problems.warnings, tuple(reader.fallbacks))
