"""Change: what a project says about the difference between its maps. Nothing set, nothing is done."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from natcap.accounts.classes import ClassList
from natcap.accounts.classes import table as library
from natcap.accounts.landcover import LandCover

__all__ = ["KINDS", "Change", "ManagedAreas", "managed_kinds", "of_whole_patches", "rotational_codes"]

KINDS: tuple[str, ...] = ("planting scheme", "mineral permission", "created wetland")


@dataclass(frozen=True)
class ManagedAreas:
    """Polygons in the projection of the maps, each with one of KINDS."""

    geometry: np.ndarray
    kinds: tuple[str, ...]
    shown: str


@dataclass(frozen=True)
class Change:
    """Maps between opening and closing, and the rules for what counts as change.

    `years` are those of all maps in order (empty where not given), `broken` says of each pair of neighbouring maps
    whether the series breaks between them, `aligned` of each map in `between` whether it is read by nearest neighbour.
    """

    between: tuple[LandCover, ...] = ()
    aligned: tuple[bool, ...] = ()
    years: tuple[int, ...] = ()
    broken: tuple[bool, ...] = (False,)
    comparable: bool = False
    patch_ha: float = 0.0
    rotation_years: int = 0
    rotational: tuple[int, ...] = ()
    areas: ManagedAreas | None = None

    @property
    def breaks(self) -> bool:
        """A break lies between opening and closing: their difference is no change on the ground."""
        return any(self.broken)

    @property
    def sifts(self) -> bool:
        """Whether cells have to be looked at beyond their classes at both dates."""
        return not self.breaks and bool(self.patch_ha or self.rotation_years or self.areas)

    @property
    def leaves_out(self) -> bool:
        return not self.breaks and bool(self.patch_ha or self.rotation_years)

    def least_cells(self, cell_area: float) -> int:
        """Cells of the smallest patch that counts, of `cell_area` m2 each."""
        return math.ceil(self.patch_ha * 10_000 / cell_area - 1e-9)


def rotational_codes(classes: ClassList) -> tuple[int, ...]:
    """Codes of the classes that alternate in a rotation; none for a list that the library does not mark."""
    frame = library("rotation")
    return tuple(int(code) for code in frame.loc[frame["list"] == classes.id, "code"]) if classes.source else ()


def of_whole_patches(kinds: tuple[str, ...]) -> bool:
    """Whether an area of these kinds makes the whole of a patch managed that it meets, and not only the cells in it."""
    frame = library("managed_areas")
    return bool((frame.loc[frame["kind"].isin(kinds), "holds"] == "patch").all())


def managed_kinds(classes: ClassList) -> dict[int, tuple[str, ...]]:
    """By code of the closing class: the kinds of area in which change to it is managed, and outside them not."""
    frame = library("managed_areas")
    found: dict[int, tuple[str, ...]] = {}
    for row in frame[frame["list"] == classes.id].to_dict("records") if classes.source else ():
        found[int(row["to_code"])] = (*found.get(int(row["to_code"]), ()), str(row["kind"]))
    return found
