"""Compare stock rasters of InVEST's carbon model with the account: the same cells, the same total, or a warning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.inputs import Inputs
from natcap.accounts.landcover import Grid, LandCover, differences, environment, open_dataset
from natcap.accounts.landcover.guard import check_file
from natcap.accounts.show.words import TC, number, text
from natcap.accounts.stock_account.view import View
from natcap.accounts.windows import bands, columns
from natcap.accounts.zones import PolygonZones, WholeMap, Zones
from natcap.accounts.zones.scanline import edges_of
from natcap.core.problems import InputProblems, Problem, Problems
from natcap.core.report import Column, Section

__all__ = ["TOLERANCE", "Told", "compare", "raster_sum"]

TOLERANCE = 1e-6
"""Relative difference of totals up to which both say the same: InVEST stores 32-bit numbers."""


@dataclass(frozen=True)
class Told:
    """What the comparison adds to the report."""

    sections: tuple[Section, ...] = ()
    warnings: tuple[Problem, ...] = ()
    controls: Mapping[str, str] = field(default_factory=dict)


def compare(view: View, inputs: Inputs) -> Told:
    """The rasters that were named against the stock once settled. Raises InputProblems where they do not fit."""
    rasters = view.given.rasters or {}
    if not rasters:
        return Told()
    land, problems = inputs.opening, Problems()
    if not isinstance(land, LandCover) or not isinstance(inputs.zones, (WholeMap, PolygonZones)):
        problems.add("natcap.toml", "a raster of InVEST", "land cover in maps, with polygons or without zones",
                     "Leave invest_opening and invest_closing out", cell="inputs.invest_opening")  # fmt: skip
        raise InputProblems(problems.errors)
    cell = 1.0 if view.given.unit == "t/cell" else land.grid.cell_area / 10_000
    rows = []
    for date, path in rasters.items():
        found = _total(path, inputs.project.shown(path), land, inputs.zones, problems)
        if found is not None:
            stock = view.account.settled if date == "closing" else view.account.opening
            rows.append((view.setting.years[date == "closing"], found[0] * cell, float(stock.sum()), found[1]))
    problems.raise_if_any()
    return _told(view, rows)


def _total(path: Path, shown: str, land: LandCover, zones: Zones, problems: Problems) -> tuple[float, int] | None:
    from rasterio.errors import RasterioError

    if not check_file(path, shown, problems):
        return None
    try:
        with environment(), open_dataset(path) as dataset:
            grid = Grid(dataset.crs, tuple(dataset.transform)[:6], dataset.height, dataset.width)
            unlike = differences(land.grid, grid)
            if unlike:
                problems.add(shown, f"a grid with {'; '.join(unlike)}", f"the grid of {land.shown}",
                             "Compare rasters that InVEST made from the same maps")  # fmt: skip
                return None
            return raster_sum(dataset, grid, land.block, zones)
    except RasterioError as error:
        problems.add(shown, f"a raster that cannot be read ({str(error).replace(str(path), shown)[:120]})",
                     "a whole GeoTIFF", "Copy it again")  # fmt: skip
        return None


def raster_sum(dataset: Any, grid: Grid, block: tuple[int, int], zones: Zones) -> tuple[float, int]:
    """(sum of the values of band 1 inside the zones, cells inside them that hold none), window by window."""
    total, missing = 0.0, 0
    for values, inside in _windows(dataset, grid, block, zones):
        known = inside & np.isfinite(values)
        if dataset.nodata is not None:
            known &= values != dataset.nodata
        total += float(values.sum(where=known, dtype=np.float64))
        missing += int(inside.sum()) - int(known.sum())
    return total, missing


def _windows(dataset: Any, grid: Grid, block: tuple[int, int], zones: Zones) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Values of each window and which of its cells lie in a zone, both flat."""
    from rasterio.windows import Window

    edges = edges_of(zones.geometry, grid) if isinstance(zones, PolygonZones) else None
    for top, rows in bands(grid, block):
        band = edges.band(top, rows)[0] if edges is not None else None
        parts = columns(grid, block, rows)
        runs = band.windows(parts) if band is not None else [None] * len(parts)
        for (left, width), run in zip(parts, runs, strict=True):
            values = dataset.read(1, window=Window(left, top, width, rows)).reshape(-1)
            inside = np.ones(values.size, dtype=bool)
            if run is not None:
                inside = np.repeat(run[1] > 0, np.diff(run[0], append=values.size))
            yield values, inside


def _told(view: View, rows: list[tuple[str, float, float, int]]) -> Told:
    table = pd.DataFrame(rows, columns=["date", "invest", "account", "missing"])
    table["difference"] = table["account"] - table["invest"]
    table["relative"] = table["difference"] / table["account"].where(table["account"] != 0)
    off = table[~(table["relative"].abs() <= TOLERANCE) & (table["difference"] != 0)]
    warnings = Problems()
    for row in off.to_dict("records"):
        warnings.add(
            "natcap.toml", f"a total of InVEST, {row['invest']:,.3f} t C at {row['date']}",
            f"{row['account']:,.3f} t C, area x density of the account",
            "Check that both used the same maps, densities and unit (invest_unit), and no rule that leaves changes out",
            cell="inputs.invest_opening", warning=True,
        )  # fmt: skip
    said = "InVEST and the account give the same totals." if off.empty else "InVEST and the account give other totals."
    made = Section(
        "carbon_invest", "Carbon stock beside the rasters of InVEST", table,
        (
            text("date", "Date"), number("invest", "InVEST, cells in the zones", TC, decimals=4),
            number("account", "Account, once settled", TC, decimals=4),
            number("difference", "Difference", TC, "[account]-[invest]", 4),
            Column("relative", "Difference relative to the account", "", "number", 9, "[difference]/[account]"),
            Column("missing", "Cells in the zones without a value in InVEST", "cells", "integer"),
        ),
        summary=said,
        notes=(
            f"Totals are the same up to a relative difference of {TOLERANCE:g}. InVEST takes the whole change at once.",
        ),
        marks={(int(n), "relative"): "[x]" for n in np.flatnonzero(table["relative"].isna())},
    )  # fmt: skip
    return Told((made,), tuple(warnings), {"InVEST totals that differ": str(len(off))})
