"""Speed of the factor library, as ratios to bare work on the same data in the same run.

Run: python tests/bench/bench_factors.py
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow.csv

from natcap.core.factors import library
from natcap.core.factors.library import Library

ROWS = 1_000_000


def best(job: Callable[[], object], times: int = 5) -> float:
    """Seconds of the fastest of some runs."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        found.append(time.perf_counter() - start)
    return min(found)


def loading() -> None:
    """All editions, and one, against pyarrow reading the same files without making anything of them."""
    lib = library()
    files = [e.folder / "factors.csv" for e in lib.editions()]

    def load(years: list[int]) -> None:
        fresh = Library(lib.folders)
        for edition in fresh.editions():
            if edition.year in years:
                fresh.frame(edition)

    everything = [e.year for e in lib.editions()]
    bare = best(lambda: [pyarrow.csv.read_csv(file).to_pandas() for file in files])
    whole, one = best(lambda: load(everything)), best(lambda: load([2025]))
    print(f"load all editions {whole * 1e3:6.0f} ms, {whole / bare:.1f} x a bare read of the same files")
    print(f"load one edition  {one * 1e3:6.0f} ms, {one / whole:.2f} of all")


def matching() -> None:
    """A million rows to values and provenance, against a bare pandas merge of the same rows on one categorical key."""
    lib = library()
    table = lib.table("uk_gov", 2025)
    names = table.loc[(table["kind"] == "emission") & table["kg_co2e"].notna(), "series"].to_numpy(dtype=object)
    rng = np.random.default_rng(1)
    codes, years = rng.integers(0, len(names), ROWS), rng.choice([2024, 2025], ROWS)
    rows = pd.DataFrame(
        {"series": pd.Categorical.from_codes(codes, categories=pd.Index(names)), "quantity": rng.random(ROWS)}
    )
    factors = table[["series", "kg_co2e", "kg_co2", "kg_ch4", "kg_n2o", "factor_id", "unit", "locator"]].copy()
    factors = factors[factors["series"].isin(names)]
    factors["series"] = pd.Categorical(factors["series"], categories=names)

    def merge() -> pd.Series:
        merged = rows.merge(factors, on="series", how="left", validate="many_to_one")
        return merged["quantity"] * merged["kg_co2e"]

    def match(year: object) -> pd.DataFrame:
        found = lib.match_table(rows["series"].array, year)  # type: ignore[arg-type]
        quantity = rows["quantity"].to_numpy()
        numbers = {name: quantity * found.column(name) for name in ("value", "kg_co2", "kg_ch4", "kg_n2o")}
        texts = {name: found.labels(name) for name in ("factor_id", "unit", "locator", "how", "edition", "verified")}
        return pd.DataFrame({**numbers, **texts}, copy=False)

    bare = best(merge)
    print(f"bare merge of {ROWS:,} rows {bare * 1e3:.0f} ms")
    for said, year in (("one year", 2025), ("a year per row", years)):
        took = best(lambda year=year: match(year))  # type: ignore[misc]
        print(f"match {ROWS:,} rows, {said:<15} {took * 1e3:5.0f} ms, {took / bare:.2f} x a bare merge")


if __name__ == "__main__":
    loading()
    matching()
