"""From inputs to results: count, judge what was counted, then draw up the extent and carbon accounts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from natcap.accounts.change import Period, Sifted, count_periods, sift
from natcap.accounts.change.model import managed_kinds
from natcap.accounts.classes import LandClass
from natcap.accounts.counts import Counts, Scan, count_cells
from natcap.accounts.crosswalk import Crosswalk
from natcap.accounts.densities import has_library, library_densities, missing_densities, user_densities
from natcap.accounts.extent import ExtentAccount, managed_cells
from natcap.accounts.faults import habitats_for, reading, tell_overlaps, tell_strays
from natcap.accounts.inputs import Inputs
from natcap.accounts.landcover import LandCover
from natcap.accounts.landcover.parcels import Parcels
from natcap.accounts.margins import Margins
from natcap.accounts.names import tell_names
from natcap.accounts.ofcounts import account_of
from natcap.accounts.stock import Densities, StockAccount, net_stock, stock_account
from natcap.accounts.unlikely import tell_unlikely
from natcap.accounts.zones import PolygonZones, RasterZones
from natcap.core.problems import Problems
from natcap.core.report import Check
from natcap.core.words import plural

__all__ = ["LEAST_TOLD_HA", "Results", "calculate"]

_MOST = 20
_SMALL_HA = 100
LEAST_TOLD_HA = 0.005
"""Land without data below this prints as 0.00 ha: rounded coordinates of parcels, which the tables still hold."""
"""Below about this size cells on a zone's edge begin to tell: fractional coverage would be better."""


@dataclass(frozen=True)
class Results:
    """Everything a report shows. Items of class arrays are "no data" and then `classes`, in the order of the counts.

    `managed` is the number of cells of each transition that are managed, shaped as the counts. `counts` are without the
    changes that do not count; `raw` are the cells of the maps, and `sifted` says what was left out. `periods` are the
    accounts between neighbouring maps where there are more than two. `checks` are identities of how land was counted.
    Where only margins are known, `managed` is empty and `habitat_cells` None.
    """

    inputs: Inputs
    counts: Counts | Margins
    names: tuple[str, ...]
    classes: tuple[LandClass, ...]
    managed: np.ndarray
    extent: ExtentAccount
    habitats: Crosswalk | None
    habitat_extent: ExtentAccount | None
    habitat_cells: np.ndarray | None
    densities: Densities | None
    stock: StockAccount | None
    zone_hectares: np.ndarray | None
    zone_cells: int | None
    problems: Problems
    raw: Counts | Margins
    sifted: Sifted | None = None
    periods: tuple[Period, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def one_date_ha(self) -> float:
        """Hectares with data at the opening alone, or at the closing alone; of margins, by which no data differs."""
        if isinstance(self.raw, Margins):
            return float(self.raw.ha(int(abs(self.raw.opening[:, 0] - self.raw.closing[:, 0]).sum())))
        cells = self.raw.array
        return float(self.raw.ha(int(cells[:, 0, 1:].sum() + cells[:, 1:, 0].sum())))

    @property
    def broken(self) -> bool:
        """A break lies between opening and closing: their difference is a reappraisal, not change on the ground."""
        return self.inputs.change.breaks


def _missing(counts: Counts | Margins) -> int:
    """Cells without data at one date or both."""
    if isinstance(counts, Margins):
        return int(np.maximum(counts.opening[:, 0], counts.closing[:, 0]).sum())
    return int(counts.array[:, 0, :].sum() + counts.array[:, :, 0].sum() - counts.array[:, 0, 0].sum())


def _blank(inputs: Inputs, counts: Counts | Margins, problems: Problems) -> None:
    """Refuse zones without any land cover at a date: extents and stocks of 0 would stand where nothing is known."""
    if isinstance(counts, Margins):
        known = (counts.opening[:, 1:].sum(axis=1), counts.closing[:, 1:].sum(axis=1))
    else:
        known = (counts.array[:, 1:, :].sum(axis=(1, 2)), counts.array[:, :, 1:].sum(axis=(1, 2)))
    for cover, date, held in zip((inputs.opening, inputs.closing), ("opening", "closing"), known, strict=True):
        for place in np.flatnonzero((held == 0) & (counts.accounted > 0))[:_MOST]:
            problems.add(
                cover.shown,
                f"no data at all in the zone {counts.zones[place]} at the {date}",
                "land cover in every zone at both dates",
                "Bring a map that covers the zone, check its nodata value, or leave the zone out",
                cell=f"zone {counts.zones[place]}",
            )  # fmt: skip


def _tell_missing(inputs: Inputs, counts: Counts | Margins, problems: Problems) -> None:
    """Warn of land inside the zones without data, at the file of the date that lacks it."""
    missing = counts.ha(_missing(counts))
    if missing < LEAST_TOLD_HA:
        return
    lacks = [
        (cover.shown, date, float(counts.ha(int(side[:, 0].sum()))))
        for cover, date, side in (
            (inputs.opening, "opening", counts.opening),
            (inputs.closing, "closing", counts.closing),
        )
        if side[:, 0].any()
    ]
    when = f"the {lacks[0][1]}"
    if len(lacks) == 2:
        when = f"one date or both: {lacks[0][2]:,.2f} ha at the opening, {lacks[1][2]:,.2f} ha at the closing"
    problems.add(
        " and ".join(dict.fromkeys(shown for shown, _, _ in lacks)),
        f"an area of {missing:,.2f} ha inside the zones without data at {when}",
        "land cover of every zone",
        "The account shows them as no data; their gains and losses are reappraisals",
        warning=True,
    )


def _coverage(inputs: Inputs, counts: Counts | Margins, problems: Problems) -> np.ndarray | None:
    """Hectares of the polygons; problems and warnings where the maps do not cover them."""
    cells, in_cells = counts.accounted, counts.unit == "cells"
    for place in np.flatnonzero(cells == 0)[:_MOST]:
        problems.add(
            inputs.zones.shown,
            f"a zone, {counts.zones[place]}, without a cell"
            if in_cells
            else f"a zone, {counts.zones[place]}, without area",
            "zones that hold at least one cell of the maps" if in_cells else "zones with land",
            "It lies outside the maps or is smaller than a cell; leave it out or bring a finer map",
        )
    _blank(inputs, counts, problems)
    _tell_missing(inputs, counts, problems)
    if not isinstance(inputs.zones, PolygonZones):
        return None
    hectares: np.ndarray = shapely.area(inputs.zones.geometry) / 10_000
    off = np.abs(counts.area(cells) / hectares - 1)
    for place in np.flatnonzero((off > 0.01) & (hectares >= _SMALL_HA))[:_MOST]:
        here, kind = float(counts.area(cells[place])), "cells" if in_cells else "land"
        told = f"an area of {here:,.1f} ha of {kind} for a zone of {hectares[place]:,.1f} ha"
        zone = f"zone {counts.zones[place]}"
        problems.add(
            inputs.zones.shown,
            told,
            "a map that covers the zone" if in_cells else "areas that fit the polygon",
            "Part of it lies outside the map" if in_cells else "Check that table and polygons have the same boundaries",
            cell=zone,
            warning=True,
        )
    small = int((hectares < _SMALL_HA).sum())
    if small and in_cells:
        problems.add(
            inputs.zones.shown,
            f"a layer with {plural(small, 'zone')} of less than {_SMALL_HA} ha",
            "zones that are large against the cells",
            "A cell belongs to the zone that holds its centre; for fields and other small zones that is rough: set "
            'edges = "fractional" in [choices]',
            warning=True,
        )
    return hectares


def _densities(inputs: Inputs, counts: Counts | Margins, problems: Problems) -> Densities | None:
    how = inputs.carbon or ("library" if has_library(inputs.classes) else "none")
    if how == "none":
        if not inputs.carbon:
            problems.add(
                "natcap.toml",
                f"no carbon densities for {inputs.classes.title}",
                "a table of densities for a carbon account",
                "There is no carbon account; name carbon_pools in [inputs] to have one",
                cell="inputs.carbon_pools",
                warning=True,
            )
        return None
    if how == "pools" and inputs.pools is not None:
        shown = inputs.project.shown(inputs.pools)
        asked = inputs.depth_cm if "soil_depth_cm" in inputs.project.choices else 0
        found = user_densities(inputs.pools, shown, inputs.classes, asked, problems)
    else:
        shown, found = "natcap.toml", library_densities(inputs.classes, inputs.depth_cm)
    if found is None:
        return None
    before = len(problems.errors)
    cells = counts.total() if isinstance(counts, Counts) else np.diag((counts.opening + counts.closing).sum(axis=0))
    missing_densities(found, inputs.classes, cells, counts.codes, shown, problems)
    return found.pick(counts.codes) if len(problems.errors) == before else None


def _sift(inputs: Inputs, raw: Counts | Margins) -> tuple[Counts | Margins, Sifted | None]:
    """The counts without the changes that do not count, and what was left out."""
    if not inputs.change.sifts or isinstance(raw, Margins):
        return raw, None
    with reading():
        found = sift(inputs.change, *inputs.maps, inputs.align, inputs.zones, inputs.classes, raw)
    out = found.patch + found.rotation
    array = raw.array - out
    each = np.arange(array.shape[1])
    array[:, each, each] += out.sum(axis=2)
    return replace(raw, array=array), found


def _managed(inputs: Inputs, counts: Counts | Margins, sifted: Sifted | None) -> np.ndarray:
    """Managed cells of each transition: by the closing class, or by the areas where its cause is known from them."""
    if isinstance(counts, Margins):
        return np.zeros((0, 0, 0), dtype=np.int64)
    cells: np.ndarray = counts.array * managed_cells(inputs.classes.pick(counts.codes))
    if inputs.change.areas is None or sifted is None:
        return cells
    known = [n for n, code in enumerate(counts.codes, 1) if code in managed_kinds(inputs.classes)]
    cells[:, :, known] = sifted.inside[:, :, known]
    return cells


def _broken_stock(stock: StockAccount) -> StockAccount:
    """Across a break nobody knows gains and losses: the whole difference is a reappraisal."""
    nothing = np.zeros_like(stock.gains)
    difference = stock.closing.sum(axis=1) - stock.opening.sum(axis=1)
    return replace(stock, gains=nothing, losses=nothing, reappraisal=difference, transitions=stock.transitions * 0)


def _stock(inputs: Inputs, counts: Counts | Margins, densities: Densities | None) -> StockAccount | None:
    if densities is None:
        return None
    if isinstance(counts, Margins):
        stock = net_stock(counts.opening, counts.closing, counts.hectares, densities)
    else:
        stock = stock_account(counts.array, counts.hectares, densities)
    return _broken_stock(stock) if inputs.change.breaks else stock


def _periods(inputs: Inputs, problems: Problems) -> tuple[Period, ...]:
    change = inputs.change
    if not change.between:
        return ()
    with reading():
        periods, strays = count_periods(change, *inputs.maps, inputs.align, inputs.zones, inputs.classes)
    for land, codes in strays:
        tell_strays(land, codes, inputs.classes.title, problems)
    return periods


def _scan(inputs: Inputs) -> tuple[Counts | Margins, Scan | None, tuple[str, ...]]:
    """What was counted, and the names of its zones; a table of areas needs no count."""
    if inputs.areas is not None:
        return inputs.areas.counts, None, inputs.zones.names if not isinstance(inputs.zones, RasterZones) else ()
    if isinstance(inputs.opening, Parcels) and isinstance(inputs.closing, Parcels):
        from natcap.accounts.landcover.overlay import scan_parcels

        if isinstance(inputs.zones, RasterZones):
            raise TypeError("parcels have no zones in cells")
        scan = scan_parcels(inputs.opening, inputs.closing, inputs.zones, inputs.classes)
        return scan.counts, scan, scan.names
    with reading():
        if inputs.fractional and isinstance(inputs.zones, PolygonZones):
            from natcap.accounts.landcover.edges import scan_edges

            scan = scan_edges(*inputs.maps, inputs.zones, inputs.classes, inputs.align)
        else:
            scan = count_cells(*inputs.maps, inputs.zones, inputs.classes, align=inputs.align)
    return scan.counts, scan, scan.names


def _judge(inputs: Inputs, scan: Scan | None, problems: Problems) -> None:
    """Tell what the cells themselves show wrong: codes of no class, zones that overlap."""
    if scan is None or not isinstance(inputs.opening, LandCover):
        return
    for land, strays in zip(inputs.maps, scan.strays, strict=True):
        tell_strays(land, strays, inputs.classes.title, problems)
    tell_overlaps(inputs.zones, inputs.maps[0].grid, scan, problems)


def calculate(inputs: Inputs) -> Results:
    """Count the land and draw up the accounts. Raises InputProblems with everything the cells themselves show wrong."""
    raw, scan, names = _scan(inputs)
    problems = Problems(inputs.warnings)
    _judge(inputs, scan, problems)
    zone_hectares = _coverage(inputs, raw, problems)
    tell_unlikely(raw, inputs.classes, inputs.unlikely, (inputs.opening.shown, inputs.closing.shown), problems)
    densities = _densities(inputs, raw, problems)
    periods = _periods(inputs, problems)
    habitats = habitats_for(inputs.classes, raw.codes, problems)
    if problems.errors:
        tell_names(inputs.files, inputs.zones, inputs.classes, problems)
    problems.raise_if_any()
    counts, sifted = _sift(inputs, raw)
    managed, broken = _managed(inputs, counts, sifted), inputs.change.breaks
    return Results(
        inputs=inputs,
        counts=counts,
        names=names,
        classes=inputs.classes.pick(counts.codes),
        managed=managed,
        extent=account_of(counts, managed, broken),
        habitats=habitats,
        habitat_extent=None if habitats is None else account_of(counts, managed, broken, habitats),
        habitat_cells=None if habitats is None or isinstance(counts, Margins) else habitats.matrix(counts.array),
        densities=densities,
        stock=_stock(inputs, counts, densities),
        zone_hectares=zone_hectares,
        zone_cells=None if scan is None else scan.zone_cells,
        problems=problems,
        raw=raw,
        sifted=sifted,
        periods=periods,
        checks=() if scan is None else scan.checks,
    )
