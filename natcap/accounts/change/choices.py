"""Read what a project says about change: maps between, breaks, the smallest patch, rotation, areas of known cause."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import shapely

from natcap.accounts.change.model import KINDS, Change, ManagedAreas, managed_kinds, rotational_codes
from natcap.accounts.classes import ClassList, slug
from natcap.accounts.landcover import LandCover, open_map, same_crs
from natcap.accounts.landcover.grid import name
from natcap.accounts.zones.read import judge_shapes
from natcap.accounts.zones.vector import read_layer
from natcap.core.problems import Problems, did_you_mean
from natcap.core.project import FILE, Project, shown_value, unquoted

__all__ = ["CHOICES", "INPUTS", "read_breaks", "read_change"]

INPUTS: Mapping[str, str] = {
    "between": "a list of land-cover maps between opening and closing, in order of their years",
    "managed_areas": f"polygons with a field kind: {', '.join(KINDS)}",
}
CHOICES: Mapping[str, str] = {
    "between_years": "the years of the maps between, a list",
    "break_in_series": "true, or the years of the maps with which a new series begins",
    "comparable": "true: the producer declares the maps comparable",
    "minimum_patch_ha": "changed patches below so many hectares do not count as change",
    "rotation_years": "a change between classes in rotation counts once it has lasted so many years",
    "rotation_classes": "codes of the classes in rotation, for a class list of your own",
    "managed_layer": "the layer of a GeoPackage with managed areas",
}
_CELLS_ONLY = ("between_years", "minimum_patch_ha", "rotation_years", "rotation_classes")
_YEARS = (1900, 2200)
_MOST_HA, _MOST_YEARS = 10_000, 100


class MapReader(Protocol):
    """What the reader of an accounts project offers here."""

    project: Project
    problems: Problems
    fallbacks: list[str]
    files: list[tuple[str, Path, str]]

    def file(self, role: str, remedy: str = "") -> Path | None: ...

    def nodata(self, opening: LandCover, closing: LandCover, classes: ClassList, each: bool) -> None: ...

    def grids(self, opening: LandCover, closing: LandCover, align: bool) -> bool: ...


def read_change(reader: MapReader, opening: LandCover | None, closing: LandCover | None, classes: ClassList | None,
                align: bool, each: bool) -> Change:  # fmt: skip
    """Everything about change that natcap.toml says; what is wrong goes to the problems of the reader."""
    job = _Change(reader)
    maps = job.between(opening.band if opening is not None else 1)
    years = job.years(len(maps))
    aligned = []
    for land in maps:
        aligned.append(opening is not None and reader.grids(opening, land, align))
        if opening is not None and classes is not None:
            reader.nodata(opening, land, classes, each)
    broken = job.broken(years, len(maps) + 1)
    comparable = job.comparable(broken, closing)
    return Change(
        tuple(maps),
        tuple(aligned),
        years,
        broken,
        comparable,
        job.patch(opening),
        *job.rotation(classes, years),
        job.areas(opening, classes),
    )


class _Change:
    def __init__(self, reader: MapReader) -> None:
        self.reader, self.project, self.problems = reader, reader.project, reader.problems

    def tell(self, key: str, found: object, expected: str, remedy: str = "", warning: bool = False) -> None:
        self.problems.add(FILE, found, expected, remedy, cell=key, warning=warning)

    def between(self, band: int) -> list[LandCover]:
        """The maps between, opened and hashed into the record of the run."""
        given = self.project.inputs.get("between", [])
        if not isinstance(given, list) or not all(isinstance(text, str) and text for text in given):
            self.tell("inputs.between", str(given), 'a list of maps, such as ["land_2018.tif"]')
            return []
        maps = []
        for number, text in enumerate(given, 1):
            path = self.project.path(text)
            if not path.is_file():
                self.tell("inputs.between", text, "a file in the project folder")
                continue
            shown = self.project.shown(path)
            self.reader.files.append((f"between {number}", path, shown))
            land = open_map(path, shown, band, self.problems)
            maps += [] if land is None else [land]
        return maps

    def years(self, maps: int) -> tuple[int, ...]:
        """Years of all maps in order, rising; empty where they are not given or wrong."""
        choices = self.project.choices
        ends = [choices.get("opening_year"), choices.get("closing_year")]
        given = choices.get("between_years", [])
        if not isinstance(given, list) or not all(_is_year(year) for year in given):
            self.tell("choices.between_years", shown_value(given), "a list of years, such as [2018]",
                      "Write the years without quotes, in square brackets")  # fmt: skip
            return ()
        named = self.project.inputs.get("between", [])
        wanted = len(named) if isinstance(named, list) else maps
        if len(given) != wanted:
            self.tell(
                "choices.between_years",
                f"a list of {len(given)} years",
                f"the year of each of {wanted} maps between",
                "Give between_years in the order of between",
            )
            return ()
        if wanted and None in ends:
            self.tell("choices.opening_year", "no years of opening and closing", "opening_year and closing_year",
                      "Accounts by period need the year of every map")  # fmt: skip
        if not all(_is_year(year) for year in ends):
            return ()
        years = (ends[0], *given, ends[1])
        if wanted and any(a >= b for a, b in pairwise(years)):
            self.tell(
                "choices.between_years",
                f"the years {', '.join(map(str, years))}",
                "years that rise from opening to closing",
                "List the maps between in the order of their years",
            )
            return ()
        return years

    def broken(self, years: tuple[int, ...], pairs: int) -> tuple[bool, ...]:
        """Of each pair of neighbouring maps, whether a new series begins with the later one."""
        given, nowhere = self.project.choices.get("break_in_series", False), (False,) * pairs
        if given is False:
            return nowhere
        if given is True:
            if pairs == 1:
                return (True,)
            said = ", ".join(map(str, years[1:])) or "the years of the maps"
            self.tell("choices.break_in_series", "a break (true) among more than two maps", f"years out of {said}",
                      "Name the years of the maps with which a new series begins, such as [2018]")  # fmt: skip
            return nowhere
        if not isinstance(given, list) or not given or not all(_is_year(year) for year in given):
            self.tell("choices.break_in_series", shown_value(given), "true, false, or a list of years such as [2018]",
                      unquoted("break_in_series", given))  # fmt: skip
            return nowhere
        if not years:
            self.tell(
                "choices.break_in_series", "a break without the years of the maps", "opening_year and closing_year"
            )
        for year in [year for year in given if years and year not in years[1:]]:
            self.tell(
                "choices.break_in_series",
                f"a break with the year {year}",
                f"a year out of {', '.join(map(str, years[1:]))}",
                "A break is named by the first map of the new series",
            )
        return tuple(year in given for year in years[1:]) if years else nowhere

    def comparable(self, broken: tuple[bool, ...], closing: LandCover | None) -> bool:
        given = self.project.choices.get("comparable")
        if given is not None and not isinstance(given, bool):
            self.tell("choices.comparable", shown_value(given), "true or false", unquoted("comparable", given))
        elif given is True and all(broken):
            self.tell("choices.comparable", "a series that breaks and maps that are comparable", "one of the two",
                      "Leave comparable out, or break_in_series")  # fmt: skip
        elif given is not True and not any(broken):
            remedy = (
                "If their producer says that they may be compared, set comparable = true in [choices]; if not, set "
                "break_in_series = true and the difference is shown as a reappraisal"
            )
            what = (
                "maps that are said not to be comparable"
                if given is False
                else "no word on whether the maps may be compared"
            )
            self.tell(
                "choices.comparable",
                f"the {what}" if given is False else what,
                "maps that their producer declares comparable",
                remedy,
                warning=given is None,
            )
        return given is True

    def amount(self, key: str, most: float, whole: bool) -> float:
        """A number above 0 and up to `most`; 0 where none is given."""
        value = self.project.choices.get(key)
        if value is None:
            return 0.0
        right = isinstance(value, int) if whole else isinstance(value, (int, float))
        if isinstance(value, bool) or not right or not 0 < value <= most:
            kind = "a whole number" if whole else "a number"
            remedy = unquoted(key, value) or "Leave it out to leave nothing out"
            self.tell(f"choices.{key}", shown_value(value), f"{key}: {kind} above 0, at most {most:,}", remedy)
            return 0.0
        return float(value)

    def patch(self, opening: LandCover | None) -> float:
        hectares = self.amount("minimum_patch_ha", _MOST_HA, False)
        if opening is not None and 0 < hectares * 10_000 <= opening.grid.cell_area:
            cell = opening.grid.cell_area / 10_000
            self.tell("choices.minimum_patch_ha", f"the minimum {hectares:g} ha", f"more than a cell, {cell:g} ha",
                      "A patch of one cell is as large: nothing would be left out")  # fmt: skip
        return hectares

    def rotation(self, classes: ClassList | None, years: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
        """(years, codes of the classes in rotation); 0 years where the rule is not asked for."""
        least, given = (
            int(self.amount("rotation_years", _MOST_YEARS, True)),
            self.project.choices.get("rotation_classes"),
        )
        if given is not None and not least:
            self.tell(
                "choices.rotation_classes", "no rotation_years beside it", "the years after which a change counts"
            )
        if not least or classes is None:
            return 0, ()
        if not years:
            self.tell(
                "choices.rotation_years",
                "a rotation rule without the years of the maps",
                "opening_year and closing_year",
                "Give the year of every map: the rule asks how long a class has lasted",
            )
        codes = rotational_codes(classes) if given is None else tuple(given) if isinstance(given, list) else ()
        unknown = [code for code in codes if code not in classes.codes]
        if len(codes) < 2 or unknown:
            found = f"the codes {given!r}" if given is not None else f"no classes in rotation for {classes.title}"
            remedy = "Name the codes of arable and sown grassland without quotes: rotation_classes = [3, 4]"
            self.tell("choices.rotation_classes", found, "two codes or more of the class list", remedy)
            return 0, ()
        return least, codes

    def areas(self, opening: LandCover | None, classes: ClassList | None) -> ManagedAreas | None:
        """Polygons of managed areas, each of a known kind."""
        if "managed_areas" not in self.project.inputs:
            return None
        path = self.reader.file("managed_areas")
        if path is None:
            return None
        shown, before = self.project.shown(path), len(self.problems.errors)
        if classes is not None and not managed_kinds(classes):
            self.problems.add(shown, f"no rule for managed areas in {classes.title}", "a class list of the library",
                              "Leave managed_areas out; say managed = yes in your class list instead")  # fmt: skip
        layer = read_layer(path, shown, str(self.project.choices.get("managed_layer", "")), self.problems)
        if layer is None:
            return None
        judge_shapes(layer.geometry, [""] * len(layer.geometry), shown, self.problems)
        kinds = self.kinds(layer.fields, len(layer.geometry), shown)
        if opening is not None and layer.crs is not None and not same_crs(layer.crs, opening.grid.crs):
            self.problems.add(
                shown,
                f"a layer in {name(layer.crs)}",
                f"polygons in {name(opening.grid.crs)}, as the maps",
                "Reproject the layer in a GIS (QGIS: Export > Save Features As)",
            )
        if len(self.problems.errors) > before:
            return None
        return ManagedAreas(shapely.force_2d(np.asarray(layer.geometry)), kinds, shown)

    def kinds(self, fields: Mapping[str, list[Any]], number: int, shown: str) -> tuple[str, ...]:
        if not number:
            self.problems.add(shown, "no features", "at least one polygon")
            return ()
        if "kind" not in fields:
            self.problems.add(
                shown, "no field kind", f"a field kind with one of {', '.join(KINDS)}", did_you_mean("kind", fields)
            )
            return ()
        known = {slug(kind): kind for kind in KINDS}
        kinds = []
        for place, value in enumerate(fields["kind"], 1):
            key = slug(str(value or ""))
            if key not in known:
                near = did_you_mean(str(value or ""), KINDS)
                self.problems.add(shown, str(value) if value else "no kind", f"one of {', '.join(KINDS)}", near,
                                  cell=f"feature {place}")  # fmt: skip
            kinds.append(known.get(key, ""))
        return tuple(kinds)


def _is_year(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and _YEARS[0] <= value <= _YEARS[1]


def read_breaks(reader: MapReader, what: str) -> Change:
    """What natcap.toml says about change where land cover has no cells (`what` it is): a break, or comparable dates.

    Rules that look at cells, and maps between, are refused.
    """
    job = _Change(reader)
    for table, given, keys in (
        ("inputs", reader.project.inputs, ("between", "managed_areas")),
        ("choices", reader.project.choices, _CELLS_ONLY),
    ):
        for key in [key for key in keys if key in given]:
            job.tell(f"{table}.{key}", f"the name {key} with {what}", "land cover as maps of cells", f"Leave {key} out")
    broken = job.broken(job.years(0), 1)
    return Change(broken=broken, comparable=job.comparable(broken, None))
