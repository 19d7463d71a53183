"""A million activity rows to lines, beside a bare pandas categorical merge of the same rows in the same run.

Run: python tests/bench/bench_lines.py [ROWS]. Prints seconds (best of several, interleaved) and the ratio.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from natcap.carbon.business.lines import calculate
from natcap.carbon.business.models import Choices
from natcap.carbon.business.reading import Rows
from natcap.carbon.business.uses import resolve
from natcap.carbon.business.vocabulary import vocabulary
from natcap.carbon.inventory import factor_years
from natcap.core.factors import library
from natcap.core.project import Period

YEAR = 2025


def uses() -> list[Any]:
    """One use of every activity of the vocabulary in every unit it is published in."""
    found = []
    for activity in vocabulary().activities.values():
        for unit, _ in activity.units:
            basis = unit.rpartition("_")[2] if unit.endswith(("_gross", "_net")) else ""
            found.append(resolve(activity.stem, unit, basis, float("nan"), float("nan"), Choices()))
    return list(dict.fromkeys(found))


def rows_of(count: int, seed: int = 20250101) -> Rows:
    """Made-up rows: every use at 40 sites over a year of bills. Cell and evidence are texts of their own."""
    draw = np.random.default_rng(seed)
    known = uses()
    start = np.datetime64("2025-01-01") + draw.integers(0, 335, count)
    blank = pd.Categorical.from_codes(np.zeros(count, "int8"), categories=pd.Index([""]))
    sites = pd.Categorical.from_codes(draw.integers(0, 40, count).astype("int8"), [f"Site {n}" for n in range(40)])
    frame = pd.DataFrame({
        "row": np.arange(count), "use": draw.integers(0, len(known), count).astype("int32"),
        "quantity": draw.uniform(1, 1e4, count).round(2), "days_in": 30, "days": 30, "start": start,
        "end": start + np.timedelta64(29, "D"), "site": sites, "item": blank, "status": blank, "note": blank,
        "file": pd.Categorical.from_codes(np.zeros(count, "int8"), categories=pd.Index(["activity.xlsx"])),
        "evidence": pd.Series([f"bill {n}" for n in range(count)], dtype="str"), "sheet": blank,
        "cell": pd.Series([f"C{n + 2}" for n in range(count)], dtype="str"),
    })  # fmt: skip
    return Rows(frame, known, Period.parse(str(YEAR)), "activity.xlsx")


def bare_merge(rows: Rows) -> Callable[[], pd.DataFrame]:
    """Quantity and key of the same rows merged with the factor values: what any solution has to do at least."""
    table = library().table("uk_gov", YEAR)
    table = table[(table["kind"] == "emission") & (table["series"] != "")]
    series = [use.parts[0].series for use in rows.uses]
    key = pd.Categorical.from_codes(rows.frame["use"].to_numpy(), categories=series)
    left = pd.DataFrame({"series": key, "quantity": rows.frame["quantity"]})
    values = ["factor_id", "unit", "kg_co2e", "kg_co2", "kg_ch4", "kg_n2o"]
    right = table[table["series"].isin(series)][["series", *values]]
    right = right.assign(series=pd.Categorical(right["series"], categories=series))

    def job() -> pd.DataFrame:
        merged = left.merge(right, on="series", how="left", validate="many_to_one")
        return merged.assign(kg_co2e=merged["quantity"] * merged["kg_co2e"])

    return job


def best(jobs: dict[str, Callable[[], Any]], times: int) -> dict[str, float]:
    """Best seconds of each job, run in turn so that neighbours on the machine disturb all alike."""
    found = dict.fromkeys(jobs, float("inf"))
    for _ in range(times):
        for name, job in jobs.items():
            begun = time.perf_counter()
            job()
            found[name] = min(found[name], time.perf_counter() - begun)
    return found


def main(count: int = 1_000_000, times: int = 5) -> dict[str, float]:
    """Print the figures; return them by name."""
    rows = rows_of(count)
    years = factor_years(rows.period)
    lines, _, _ = calculate(rows, (), years, Choices())
    found = best({"bare merge": bare_merge(rows), "lines": lambda: calculate(rows, (), years, Choices())}, times)
    ratio = found["lines"] / found["bare merge"]
    print(f"{count:,} activity rows -> {len(lines):,} lines of {len(lines.columns)} columns ({len(rows.uses)} uses)")
    print(f"bare categorical merge {found['bare merge']:.3f} s, lines {found['lines']:.3f} s: ratio {ratio:.2f}")
    print(
        f"per line written: {found['lines'] / len(lines) * 1e9:.0f} ns; "
        f"per row merged: {found['bare merge'] / count * 1e9:.0f} ns"
    )
    return found | {"ratio": ratio}


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
