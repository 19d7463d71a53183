"""Periods: an extent account for each pair of neighbouring maps, chained: what closes one opens the next, exactly."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from natcap.accounts.change.model import Change
from natcap.accounts.classes import ClassList
from natcap.accounts.counts import Counts, Scan, count_cells
from natcap.accounts.landcover import LandCover
from natcap.accounts.tally import Stray
from natcap.accounts.zones import Zones

__all__ = ["Period", "count_periods", "differs"]


@dataclass(frozen=True)
class Period:
    """The counts between two neighbouring maps, as the maps show them; `broken` where the series breaks between."""

    start: int
    end: int
    counts: Counts
    broken: bool

    @property
    def key(self) -> str:
        return f"{self.start}_{self.end}"

    def entries(self) -> dict[str, np.ndarray]:
        """Cells by zone and item, no data first: opening, additions, reductions, reappraisal, closing (int64).

        Across a break everything is a reappraisal, and additions and reductions are 0: nobody knows them.
        """
        cells = self.counts.array
        moved = cells * ~np.eye(cells.shape[1], dtype=bool)
        moved[:, 0, :] = moved[:, :, 0] = 0
        opening, closing = cells.sum(axis=2), cells.sum(axis=1)
        additions, reductions = (moved.sum(axis=axis) * (not self.broken) for axis in (1, 2))
        reappraisal = closing - opening - additions + reductions
        return {"opening": opening, "additions": additions, "reductions": reductions, "reappraisal": reappraisal,
                "closing": closing}  # fmt: skip


def _spread(counts: Counts, codes: tuple[int, ...]) -> Counts:
    """The counts with these classes, among them those that do not occur."""
    place = [0, *(codes.index(code) + 1 for code in counts.codes)]
    array = np.zeros((len(counts.zones), len(codes) + 1, len(codes) + 1), dtype=np.int64)
    array[np.ix_(range(len(counts.zones)), place, place)] = counts.array
    return replace(counts, codes=codes, array=array)


def count_periods(
    change: Change, opening: LandCover, closing: LandCover, align: bool, zones: Zones, classes: ClassList
) -> tuple[tuple[Period, ...], list[tuple[LandCover, dict[int, Stray]]]]:
    """Count every pair of neighbouring maps on the grid of the opening map; also the strays of the maps between.

    All periods have one list of classes: those that occur in any map.
    """
    maps = [(opening, False), *zip(change.between, change.aligned, strict=True), (closing, align)]
    pairs = list(pairwise(maps))
    scans: list[Scan] = [
        count_cells(one, other, zones, classes, align=aligned, frame=opening) for (one, _), (other, aligned) in pairs
    ]
    met = {code for scan in scans for code in scan.counts.codes}
    codes = tuple(code for code in classes.codes if code in met)
    spans = zip(pairwise(change.years), scans, change.broken, strict=True)
    periods = tuple(Period(*years, _spread(scan.counts, codes), broken) for years, scan, broken in spans)
    strays = [(land, scan.strays[1]) for (_, (land, _)), scan in zip(pairs[:-1], scans[:-1], strict=True)]
    return periods, strays


def differs(periods: tuple[Period, ...]) -> int:
    """Cells by which the closing of a period is not the opening of the next, over zones and items; 0 in a chain."""
    pairs = pairwise(periods)
    return sum(int(np.abs(one.counts.array.sum(axis=1) - other.counts.array.sum(axis=2)).sum()) for one, other in pairs)
