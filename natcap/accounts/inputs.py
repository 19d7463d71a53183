"""Read what an accounts project names: land cover, zones, classes, densities; everything wrong with them at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from natcap.accounts.change import Change
from natcap.accounts.classes import ClassList
from natcap.accounts.cover import Cover, Found, read_cover
from natcap.accounts.faults import tell_early
from natcap.accounts.landcover import LandCover
from natcap.accounts.landcover.areas import AreaTable
from natcap.accounts.landcover.kinds import TABLES
from natcap.accounts.names import tell_names
from natcap.accounts.reader import CHOICES, INPUTS, InputReader
from natcap.accounts.unlikely import read_unlikely
from natcap.accounts.wings import Spec, active, read_wings
from natcap.accounts.zones import RasterZones, Zones
from natcap.core.problems import Problem
from natcap.core.project import Project, hash_file

__all__ = ["CHOICES", "INPUTS", "Inputs", "WithoutMaps", "read_inputs", "read_without_maps", "without_maps"]


@dataclass(frozen=True)
class Inputs:
    """Accepted inputs. `files` lists (role, path, shown name, SHA-256); `carbon` is library, pools or none.

    `areas` stands where land cover comes as a table; `fractional` says that cells on the edge of a zone count in part.
    """

    project: Project
    opening: Cover
    closing: Cover
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
    areas: AreaTable | None = None
    fractional: bool = False
    unlikely: Mapping[int, float] = field(default_factory=dict)
    """Hectares by class code beyond which the class is told."""

    @property
    def maps(self) -> tuple[LandCover, LandCover]:
        """Both maps of a project with maps; TypeError for other land cover."""
        if not isinstance(self.opening, LandCover) or not isinstance(self.closing, LandCover):
            raise TypeError("the land cover does not come in maps")
        return self.opening, self.closing

    @property
    def synthetic(self) -> bool:
        return any(land.synthetic for land in (self.opening, *self.change.between, self.closing))


def read_inputs(project: Project) -> Inputs:
    """Read and check every input of an accounts project. Raises InputProblems with everything that is wrong."""
    reader = InputReader(project)
    reader.unknown()
    depth = reader.whole("soil_depth_cm", 30, 1, 1000)
    years, classes = reader.years(), reader.classes()
    found = read_cover(reader, classes)
    carbon, pools = reader.carbon()
    unlikely = {} if classes is None else read_unlikely(project, classes, reader.problems)
    if classes is not None and carbon in ("", "library"):
        reader.library_depth(classes, depth)
    wings = read_wings(reader)
    if reader.problems.errors and classes is not None:
        tell_early(reader.opened, None if found is None else found.zones, classes, reader.problems)
    if reader.problems.errors:
        tell_names(reader.files, reader.zones if found is None else _agreed(found), classes, reader.problems)
    reader.problems.raise_if_any()
    if found is None or classes is None:
        raise AssertionError("an input was refused without a problem")
    if found.areas is not None and found.areas.years and years == ("opening", "closing"):
        years = found.areas.years
    return Inputs(
        project,
        found.opening,
        found.closing,
        found.zones,
        classes,
        found.align,
        carbon,
        depth,
        pools,
        years,
        tuple((role, path, shown, hash_file(path)) for role, path, shown in reader.files),
        reader.problems.warnings,
        tuple(reader.fallbacks),
        wings,
        found.change,
        found.areas,
        found.fractional,
        unlikely,
    )


def _agreed(found: Found) -> Zones | None:
    """The zones; None where a table of areas and polygons hold other ones, so that a name may be in either."""
    zones = found.zones
    if found.areas is None or isinstance(zones, RasterZones):
        return zones
    return zones if set(zones.ids) == set(found.areas.counts.zones) else None


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
    named = {"opening", "closing", "zones", *TABLES} & set(project.inputs)
    return bool(chosen) and not named and not any(spec.maps for spec in chosen)


def read_without_maps(project: Project) -> WithoutMaps:
    """Read and check the inputs of a project without maps. Raises InputProblems with everything that is wrong."""
    reader = InputReader(project)
    reader.unknown()
    years = reader.years()
    wings = read_wings(reader, maps=False)
    reader.problems.raise_if_any()
    files = tuple((role, path, shown, hash_file(path)) for role, path, shown in reader.files)
    return WithoutMaps(project, years, files, wings, reader.problems.warnings, tuple(reader.fallbacks))
