"""Projections by hand for the tests of asset values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.assets_account import AssetChoices
from natcap.accounts.assets_account.projection_read import Projection, given_projections
from natcap.core.problems import Problems

__all__ = ["chosen", "factors_of", "projection", "table"]


def table(index: Mapping[int, float], service: str = "timber", kind: str = "", **given: str) -> pd.DataFrame:
    """Rows as the reader of workbooks gives them: index by year, in column D from row 2."""
    rows = []
    for n, (year, value) in enumerate(index.items(), start=2):
        cells = {f"_cell_{name}": f"{letter}{n}" for letter, name in zip("ABCDEFG", (
            "service", "type", "year", "index", "confidence", "source", "note"), strict=True)}  # fmt: skip
        rows.append({"service": service, "type": kind, "year": float(year), "index": float(value), "confidence": "",
                     "source": "a forecast, table 3", "note": "", "_sheet": "Projections", "_row": n,
                     **cells, **given})  # fmt: skip
    return pd.DataFrame(rows)


def projection(index: Mapping[int, float], service: str = "timber", kind: str = "", **given: str) -> Projection:
    """One projection; services that only tests have are read under another name."""
    problems = Problems()
    (found,) = given_projections(table(index, "timber", kind, **given), "projections.xlsx", problems)
    assert problems == []
    return replace(found, service=service)


def chosen(*projections: Projection, **given: Any) -> AssetChoices:
    return AssetChoices(projections=projections, **given)


def factors_of(
    years: int, bands: tuple[tuple[int, float], ...] = ((30, 0.035), (75, 0.03), (999, 0.025))
) -> np.ndarray:
    """DF(0) to DF(years) by hand: the rate of year k is that of the first band that reaches k."""
    found = [1.0]
    for k in range(1, years + 1):
        found.append(found[-1] / (1 + next(rate for last, rate in bands if k <= last)))
    return np.array(found)
