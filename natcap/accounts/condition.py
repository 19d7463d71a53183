"""Condition account: variables, indicators on a 0 to 1 scale, and an index with its coverage (SEEA EA chapter 5).

An indicator rescales a variable between two reference levels: 0 at the lower, 1 at the upper. A variable where more is
worse needs no rule of its own: its lower level is the larger number. A missing reading stays missing.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["ECT", "MINIMUM_CLASSES", "index", "indicators", "mean_over_assets"]

ECT: dict[str, str] = {
    "A1": "physical state",
    "A2": "chemical state",
    "B1": "compositional state",
    "B2": "structural state",
    "B3": "functional state",
    "C1": "landscape and seascape",
}
"""SEEA Ecosystem Condition Typology, six classes."""

MINIMUM_CLASSES = 2
"""With readings in fewer classes an index says too little and stays missing."""

Array = npt.NDArray[np.float64]


def indicators(reading: npt.ArrayLike, lower: npt.ArrayLike, upper: npt.ArrayLike) -> Array:
    """Rescale readings to 0..1 between reference levels; values outside the levels are held at 0 or 1.

    All three broadcast to one shape, in one unit per element. Missing readings stay NaN. Raises ValueError where a
    reference level is missing, or both are equal.
    """
    x, low, high = (np.asarray(v, dtype=np.float64) for v in (reading, lower, upper))
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        raise ValueError("every condition variable needs both reference levels")
    if np.any(low == high):
        raise ValueError("the two reference levels of a condition variable are equal")
    scaled: Array = np.clip((x - low) / (high - low), 0.0, 1.0)
    return scaled


def index(table: pd.DataFrame, weights: dict[str, float] | None = None) -> pd.DataFrame:
    """Condition index per asset: mean within each ECT class, then the weighted mean over the classes with readings.

    `table` has columns `asset`, `ect` (a key of ECT), `indicator` (0..1, NaN where missing). `weights` per ECT class
    must sum to 1 (default: equal). Returns one row per asset with `index` (NaN with fewer than MINIMUM_CLASSES
    classes), `classes` and `coverage` (classes with readings out of six). Raises ValueError for an unknown class or
    weights that are negative or do not sum to 1.
    """
    unknown = set(table["ect"]) - set(ECT)
    if unknown:
        raise ValueError(f"unknown ECT class {', '.join(sorted(unknown))}; expected {', '.join(ECT)}")
    share = weights or {key: 1 / len(ECT) for key in ECT}
    if set(share) - set(ECT) or abs(sum(share.values()) - 1) > 1e-9:
        raise ValueError("weights of the ECT classes must sum to 1")
    if not all(weight >= 0 for weight in share.values()):
        raise ValueError("weights of the ECT classes must be 0 or more")
    by_class = table.groupby(["asset", "ect"], dropna=False)["indicator"].mean().rename("score").reset_index()
    by_class["weight"] = by_class["ect"].map(share).fillna(0.0)
    present = by_class.dropna(subset=["score"])
    present = present[present["weight"] > 0].assign(product=lambda d: d["score"] * d["weight"])
    summed = present.groupby("asset")[["product", "weight"]].sum()
    classes = present.groupby("asset")["ect"].nunique()
    out = pd.DataFrame({"asset": sorted(set(table["asset"]))}).set_index("asset")
    out["classes"] = classes.reindex(out.index).fillna(0).astype(int)
    out["coverage"] = out["classes"] / len(ECT)
    value = summed["product"].reindex(out.index) / summed["weight"].reindex(out.index)
    out["index"] = value.where(out["classes"] >= MINIMUM_CLASSES)
    return out.reset_index()[["asset", "index", "classes", "coverage"]]


def mean_over_assets(value: npt.ArrayLike, area: npt.ArrayLike) -> tuple[float, float]:
    """Area-weighted mean of an index over assets, and the share of the area it covers (assets without one left out).

    Returns (NaN, 0) when no asset has an index. Raises ValueError for a missing or negative area.
    """
    x, a = np.asarray(value, dtype=np.float64), np.asarray(area, dtype=np.float64)
    if not np.isfinite(a).all() or (a < 0).any():
        raise ValueError("every asset needs an area of 0 or more")
    known = np.isfinite(x)
    covered, total = float(a[known].sum()), float(a.sum())
    if covered == 0:
        return float("nan"), 0.0
    return float((x[known] * a[known]).sum() / covered), covered / total
