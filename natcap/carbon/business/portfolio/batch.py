"""Calculate a portfolio: the lines of all businesses in one pass, then one row for each business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from natcap.carbon.business.figures import TONNE, is_synthetic
from natcap.carbon.business.lines import calculate as lines_of
from natcap.carbon.business.portfolio.benchmark import Benchmark, benchmark, rounded
from natcap.carbon.business.portfolio.inputs import Inputs
from natcap.carbon.business.portfolio.model import MEASURES
from natcap.carbon.inventory import SCOPE_1, SCOPE_2, SCOPE_3
from natcap.core.lines import MARKET, OUTSIDE
from natcap.core.verification import UNPUBLISHED

__all__ = ["SECTIONS", "Batch", "calculate", "table_of"]

SECTIONS: dict[str, str] = {
    "scope1": SCOPE_1, "scope2": SCOPE_2, "scope3": SCOPE_3, "market": MARKET, "outside": OUTSIDE,
}  # fmt: skip
"""Column of the table -> section of the lines."""


@dataclass(frozen=True, eq=False)
class Batch:
    """A portfolio calculated. `table`: a row for each business, in tonnes (NaN where it has no line); its columns are
    those of the businesses, the categories `c0`, `c1`, ... of `categories`, the scopes, `total`, `per_<measure>`.
    `lines` are those of a table, or the sums of each project. `states`: business -> how sure its figures are.
    `fallbacks`: what stands in for something else.
    """

    inputs: Inputs
    lines: pd.DataFrame
    fallbacks: tuple[str, ...]
    table: pd.DataFrame
    categories: Mapping[str, tuple[str, str]]
    states: pd.Series
    benchmarks: Mapping[str, Benchmark]


def calculate(inputs: Inputs) -> Batch:
    """Every line of every business at once, the table of businesses, and the benchmarks."""
    lines, fallbacks = _lines(inputs)
    table, categories = table_of(lines, inputs.businesses)
    least = inputs.ways.suppress_below
    known = [name for name in MEASURES if table[f"per_{name}"].notna().any()]
    made = {name: benchmark(table, f"per_{name}", least) for name in known}
    benchmarks = {name: rounded(found) for name, found in made.items()} if inputs.ways.open else made
    return Batch(inputs, lines, fallbacks, table, categories, _states(lines, inputs), benchmarks)


def _lines(inputs: Inputs) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """(lines or sums of lines, every fallback and gap). What few share is not for publication."""
    if inputs.rows is not None:
        lines, _, plan = lines_of(inputs.rows, (), inputs.years, inputs.choices)
        return lines, (*plan.said("fallbacks"), *plan.said("gaps"))
    assert inputs.sums is not None  # a portfolio is a table or a folder
    said, open_ = inputs.sums.said, inputs.ways.open
    kept = {text: n for text, n in said.items() if not open_ or n >= inputs.ways.suppress_below}
    return inputs.sums.lines, tuple(text if open_ else f"{text} ({n:,} businesses)" for text, n in kept.items())


def _states(lines: pd.DataFrame, inputs: Inputs) -> pd.Series:
    """Status of each business: synthetic before recalled before provisional (a partial edition) before calculated."""
    found = pd.Series("calculated", index=pd.Index(inputs.businesses["business"]), dtype="str")
    signs = {
        "provisional": lines["match"] == "partial edition",
        "recalled": lines["verified"].isin(sorted(UNPUBLISHED)),
    }
    for state, mask in signs.items():
        found[found.index.isin(lines.loc[mask, "place"].astype("str").unique())] = state
    invented = inputs.sums.invented if inputs.sums else frozenset()
    found[found.index.isin(list(invented)) | is_synthetic(inputs.project)] = "synthetic"
    return found


def table_of(
    lines: pd.DataFrame, businesses: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, tuple[str, str]]]:  # fmt: skip
    """(one row for each business in tonnes, section and category behind each category column)."""
    sums, pairs = _sums(lines, businesses)
    columns = {f"c{at}": pair for at, pair in enumerate(pairs)}
    tonnes = {name: sums[:, at] / TONNE for at, name in enumerate(columns)}
    table = pd.concat([businesses, pd.DataFrame(tonnes, index=businesses.index)], axis=1)
    for name, section in SECTIONS.items():
        mine = [column for column, pair in columns.items() if pair[0] == section]
        table[name] = table[mine].sum(axis=1, min_count=1) if mine else np.nan
    table["total"] = table[["scope1", "scope2", "scope3"]].sum(axis=1, min_count=1)
    operated = table[["scope1", "scope2"]].sum(axis=1, min_count=1)
    for name, (_, scale) in MEASURES.items():
        table[f"per_{name}"] = operated * scale / table[name]
    return table, columns


def _sums(lines: pd.DataFrame, businesses: pd.DataFrame) -> tuple[NDArray[np.float64], list[tuple[str, str]]]:
    """(kg CO2e by business and heading, the headings in order of scope and name); NaN where there is no line."""
    place, section, category = (lines[name].astype("category").cat for name in ("place", "section", "category"))
    width = len(category.categories)
    heading = section.codes.to_numpy("int64") * width + category.codes.to_numpy()
    used = np.flatnonzero(np.bincount(heading, minlength=1))
    scopes, names = [str(text) for text in section.categories], [str(text) for text in category.categories]
    named = {code: (scopes[code // width], names[code % width]) for code in used.tolist()}
    order = {name: at for at, name in enumerate(SECTIONS.values())}
    codes = sorted(named, key=lambda code: (order[named[code][0]], named[code][1]))
    column = np.zeros(int(used[-1]) + 1 if len(used) else 1, dtype="int64")
    column[codes] = np.arange(len(codes))
    row = pd.Index(businesses["business"]).get_indexer(pd.Index(place.categories))[place.codes.to_numpy("int64")]
    cell = row * len(codes) + column[heading]
    size = len(businesses) * len(codes)
    sums = np.bincount(cell, weights=lines["kg_co2e"].to_numpy("float64"), minlength=size).astype("float64")
    sums[np.bincount(cell, minlength=size) == 0] = np.nan
    return sums.reshape(len(businesses), len(codes)), [named[code] for code in codes]
