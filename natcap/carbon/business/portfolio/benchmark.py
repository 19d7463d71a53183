"""Compare each business with similar ones: quartiles by sector and size, and nothing that shows a single business.

A group with fewer businesses than the least is suppressed. Where its total is shown, the next smallest group of the
total goes with it, so that no subtraction brings it back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

__all__ = ["ALL_SECTORS", "ALL_SIZES", "Benchmark", "benchmark", "rounded", "suppressed"]

ALL_SIZES, ALL_SECTORS = "All sizes", "All sectors"
_QUARTILES = {"lower": 0.25, "median": 0.5, "upper": 0.75}


@dataclass(frozen=True)
class Benchmark:
    """`groups`: sector, size, n, lower, median, upper, hidden (bool). `percentile`: by business, 0 to 1, NaN if none.

    `hidden` says by business whether its own group is suppressed.
    """

    groups: pd.DataFrame
    percentile: pd.Series
    hidden: pd.Series


def benchmark(businesses: pd.DataFrame, measure: str, least: int) -> Benchmark:
    """Benchmark the column `measure` of businesses by sector and size; one without a value is in no group."""
    known = businesses[businesses[measure].notna()]
    keys = ["sector", "size"]
    cells = known.groupby(keys, observed=True)[measure].count()
    sectors = known.groupby("sector", observed=True)[measure].count()
    gone, gone_sectors, gone_all = suppressed(cells, least)
    rows = [_groups(known, keys, measure), _groups(known.assign(size=ALL_SIZES), keys, measure)]
    rows.append(_groups(known.assign(sector=ALL_SECTORS, size=ALL_SIZES), keys, measure))
    hidden = [gone.reindex(cells.index).to_numpy(), gone_sectors.reindex(sectors.index).to_numpy()]
    table = pd.concat(rows, ignore_index=True)
    table["hidden"] = np.concatenate([*hidden, [gone_all] * bool(len(known))]).astype(bool)
    # Mid-rank: half of those with the same value are below, so that the direction does not matter.
    grouped = known.groupby(keys, observed=True)[measure]
    count = grouped.transform("count")
    percentile = (grouped.rank(method="average") - 0.5) / count
    pairs = pd.MultiIndex.from_frame(businesses[keys])
    own = pd.Series(gone.reindex(pairs).fillna(False).to_numpy(dtype=bool), index=businesses.index)
    return Benchmark(table, percentile.reindex(businesses.index).where(~own), own & businesses[measure].notna())


def rounded(made: Benchmark, digits: int = 2) -> Benchmark:
    """Quartiles to so many significant figures: of few businesses a quartile is the exact figure of one of them."""
    table = made.groups.copy()
    for name in _QUARTILES:
        table[name] = [float(f"{value:.{digits - 1}e}") for value in table[name]]
    return replace(made, groups=table)


def _groups(known: pd.DataFrame, keys: list[str], measure: str) -> pd.DataFrame:
    grouped = known.groupby(keys, observed=True)[measure]
    found = {"n": grouped.count()} | {name: grouped.quantile(at) for name, at in _QUARTILES.items()}
    return pd.DataFrame(found).reset_index()


def suppressed(cells: pd.Series, least: int) -> tuple[pd.Series, pd.Series, bool]:
    """Which groups, which sectors and whether the whole has to be hidden. `cells`: businesses by (sector, size)."""
    cells = cells.sort_index()
    gone = cells < least
    for sector in cells.index.get_level_values(0).unique():
        mine = cells.index.get_level_values(0) == sector
        gone[mine] = _with_second(cells[mine], gone[mine], least)
    sectors = cells.groupby(level=0).sum()
    gone_sectors = _with_second(sectors, sectors < least, least)
    # What a hidden sector is made of would add up to it.
    gone |= gone_sectors.reindex(cells.index.get_level_values(0)).to_numpy(dtype=bool)
    if cells.sum() < least:
        return gone | True, gone_sectors | True, True
    return gone, gone_sectors, False


def _with_second(counts: pd.Series, gone: pd.Series, least: int) -> pd.Series:
    """Hide the next smallest until what is hidden is two groups at least and together not below the least."""
    numbers, hidden = counts.to_numpy(), gone.to_numpy(dtype=bool, copy=True)
    while hidden.any() and not hidden.all() and (hidden.sum() < 2 or numbers[hidden].sum() < least):
        shown = np.flatnonzero(~hidden)
        hidden[shown[int(numbers[shown].argmin())]] = True
    return pd.Series(hidden, index=counts.index)
