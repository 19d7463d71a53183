"""Faults that the cells themselves show: codes of no class, zones that overlap, classes without a habitat.

They are found while counting. Where something else is wrong already, no account is counted: `tell_early` then looks
through each map by itself, so that nobody has to mend the grid first to learn of the classes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import shapely

from natcap.accounts.classes import ClassList, habitats_of
from natcap.accounts.counts import ReadFault, Scan, count_cells
from natcap.accounts.crosswalk import Crosswalk, crosswalk, crosswalk_of
from natcap.accounts.landcover import LandCover
from natcap.accounts.landcover.grid import Grid
from natcap.accounts.tally import Stray
from natcap.accounts.zones import PolygonZones, WholeMap, Zones
from natcap.core.problems import InputProblems, Problems

__all__ = ["habitats_for", "reading", "tell_early", "tell_overlaps", "tell_strays"]

_MOST = 20


def tell_early(maps: Sequence[LandCover], zones: Zones | None, classes: ClassList, problems: Problems) -> None:
    """Add what each map shows by itself, whatever else is wrong with the project. `maps` starts with the opening."""
    codes: set[int] = set()
    for place, land in enumerate(maps):
        mine: Zones = zones if place == 0 and isinstance(zones, PolygonZones) else WholeMap()
        try:
            with reading():
                scan = count_cells(land, land, mine, classes)
        except InputProblems as fault:
            problems += fault.problems
            continue
        tell_strays(land, scan.strays[0], classes.title, problems)
        if not any(p.file == mine.shown and p.found.startswith("an overlap") for p in problems):
            tell_overlaps(mine, land.grid, scan, problems)
        codes |= set(scan.counts.codes)
    habitats_for(classes, tuple(code for code in classes.codes if code in codes), problems)


def tell_strays(land: LandCover, strays: dict[int, Stray], title: str, problems: Problems) -> None:
    """A problem for each code that no class of the list has, those in most cells first."""
    for code, stray in sorted(strays.items(), key=lambda item: (-item[1].cells, item[0]))[:_MOST]:
        x, y = land.grid.xy(stray.row + 0.5, stray.column + 0.5)
        problems.add(
            land.shown,
            f"the code {code} in {stray.cells:,} cells",
            f"a code of the class list: {title}",
            "Check classes in [choices], or name a table of your own as class_list in [inputs]",
            cell=f"row {stray.row + 1}, column {stray.column + 1} ({x:.0f}, {y:.0f})",
        )
    if len(strays) > _MOST:
        problems.add(land.shown, f"a further {len(strays) - _MOST} codes", f"codes of the class list: {title}")


def tell_overlaps(zones: Zones, grid: Grid, scan: Scan, problems: Problems) -> None:
    """A problem where zones claim the same cells, with the pairs that overlap most."""
    if scan.overlap is None or not isinstance(zones, PolygonZones):
        return
    tree = shapely.STRtree(zones.geometry)
    one, other = tree.query(zones.geometry, predicate="intersects")
    pairs = [(a, b) for a, b in zip(one.tolist(), other.tolist(), strict=True) if a < b]
    shared = [(shapely.area(shapely.intersection(zones.geometry[a], zones.geometry[b])), a, b) for a, b in pairs]
    real = [(area / 10_000, a, b) for area, a, b in sorted(shared)[::-1] if area > 0]
    named = [f"{zones.ids[a]} and {zones.ids[b]} ({area:,.2f} ha)" for area, a, b in real]
    more = " and more" if len(named) > 5 else ""
    x, y = grid.xy(scan.overlap.row + 0.5, scan.overlap.column + 0.5)
    problems.add(
        zones.shown,
        f"an overlap of zones in {scan.overlap.cells:,} cells: {', '.join(named[:5])}{more}",
        "zones that do not overlap: a cell belongs to one account",
        "Cut the overlap away in a GIS (QGIS: Vector > Geoprocessing > Difference)",
        cell=f"first at {x:.0f}, {y:.0f}",
    )


@contextmanager
def reading() -> Iterator[None]:
    """Tell a map that cannot be read as a problem with its file and row."""
    try:
        yield
    except ReadFault as fault:
        problems = Problems()
        if fault.column is not None:
            problems.add(
                fault.shown, fault.reason, "whole numbers: the codes of land-cover classes",
                "Name the band of classes; a map of a quantity, or one resampled by averages, is no land-cover map",
                cell=f"row {fault.row + 1}, column {fault.column + 1}",
            )  # fmt: skip
        elif "zone number" in fault.reason:
            problems.add(fault.shown, f"the {fault.reason.removeprefix('the ')}", "numbers of zones from 1",
                         "Give every zone a number from 1; 0 and the nodata value lie outside every zone",
                         cell=f"from row {fault.row + 1}")  # fmt: skip
        else:
            found = f"a map that cannot be read ({fault.reason[:120]})"
            problems.add(
                fault.shown, found, "a whole map", "Copy it again, or export it anew", cell=f"from row {fault.row + 1}"
            )
        problems.raise_if_any()
        raise


def habitats_for(classes: ClassList, codes: tuple[int, ...], problems: Problems) -> Crosswalk | None:
    """The crosswalk to habitats; a problem for every class that occurs and that it does not lead anywhere."""
    target = habitats_of(classes.id) if classes.source else ""
    whole = crosswalk(classes.id, target) if target else crosswalk_of(classes)
    if whole is None:
        return None
    missing = [code for code in codes if code not in whole.codes]
    for code in missing:
        problems.add(
            "natcap.toml", f"no habitat for the class {code}, {classes.of(code).name}",
            f"a row of the crosswalk {whole.from_list} to {whole.to_list} for every class that occurs",
            "Add it to factors/landcover/crosswalks.csv, or bring a class_list of your own with a column habitat",
            cell="choices.classes",
        )  # fmt: skip
    return None if missing else whole.pick(codes)
