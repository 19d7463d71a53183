"""Calculate a portfolio: the lines of all businesses in one pass, then one row for each business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.carbon.business.figures import TONNE
from natcap.carbon.business.lines import calculate as lines_of
from natcap.carbon.business.plan import Plan
from natcap.carbon.business.portfolio.benchmark import Benchmark, benchmark
from natcap.carbon.business.portfolio.inputs import Inputs
from natcap.carbon.inventory import SCOPE_1, SCOPE_2, SCOPE_3
from natcap.core.lines import MARKET, OUTSIDE
from natcap.core.verification import UNPUBLISHED

__all__ = ["MEASURES", "SECTIONS", "Batch", "calculate", "table_of"]

SECTIONS: dict[str, str] = {
    "scope1": SCOPE_1, "scope2": SCOPE_2, "scope3": SCOPE_3, "market": MARKET, "outside": OUTSIDE,
}  # fmt: skip
"""Column of the table -> section of the lines."""
MEASURES: dict[str, tuple[str, float]] = {"employees": ("t CO2e per employee", 1.0), "turnover": ("t CO2e per £m", 1e6)}
"""What scope 1 and 2 (location) are divided by -> the unit, and the scale of the divisor."""


@dataclass(frozen=True, eq=False)
class Batch:
    """A portfolio calculated. `table`: a row for each business, in tonnes (NaN where it has no line); its columns are
    those of the businesses, the categories `c0`, `c1`, ... of `categories`, the scopes, `total`, `per_<measure>`.
    """

    inputs: Inputs
    lines: pd.DataFrame
    plan: Plan
    table: pd.DataFrame
    categories: Mapping[str, tuple[str, str]]
    weak: pd.Series
    benchmarks: Mapping[str, Benchmark]


def calculate(inputs: Inputs) -> Batch:
    """Every line of every business at once, the table of businesses, and the benchmarks."""
    lines, _, plan = lines_of(inputs.rows, (), inputs.years, inputs.choices)
    table, categories = table_of(lines, inputs.businesses)
    weak = lines["verified"].isin(sorted(UNPUBLISHED)).groupby(lines["place"], observed=True).any()
    weak = weak.reindex(inputs.businesses["business"]).fillna(False).astype(bool)
    least = inputs.ways.suppress_below
    benchmarks = {
        name: benchmark(table, f"per_{name}", least) for name in MEASURES if table[f"per_{name}"].notna().any()
    }
    return Batch(inputs, lines, plan, table, categories, weak, benchmarks)


def table_of(
    lines: pd.DataFrame, businesses: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, tuple[str, str]]]:  # fmt: skip
    """(one row for each business in tonnes, section and category behind each category column)."""
    keys = ["section", "category"]
    pairs = lines[keys].drop_duplicates().astype("str").to_numpy().tolist()
    order = {section: at for at, section in enumerate(SECTIONS.values())}
    pairs = sorted(((a, b) for a, b in pairs), key=lambda pair: (order[pair[0]], pair[1]))
    sums = lines.groupby(["place", *keys], observed=True)["kg_co2e"].sum().unstack(keys).reindex(businesses["business"])
    columns = {f"c{at}": pair for at, pair in enumerate(pairs)}
    tonnes = {name: sums[pair].to_numpy("float64") / TONNE for name, pair in columns.items()}
    table = pd.concat([businesses, pd.DataFrame(tonnes, index=businesses.index)], axis=1)
    for name, section in SECTIONS.items():
        mine = [column for column, pair in columns.items() if pair[0] == section]
        table[name] = table[mine].sum(axis=1, min_count=1) if mine else np.nan
    table["total"] = table[["scope1", "scope2", "scope3"]].sum(axis=1, min_count=1)
    operated = table[["scope1", "scope2"]].sum(axis=1, min_count=1)
    for name, (_, scale) in MEASURES.items():
        table[f"per_{name}"] = operated * scale / table[name]
    return table, columns
