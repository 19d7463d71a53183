"""Condition indicators against a published worked account, then what an index must never do."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.accounts.condition import index, indicators, mean_over_assets


def test_case_seea_4(shared: Path) -> None:
    """Published readings; the source prints 0.53 for the closing mean because it averaged rounded values."""
    cases = json.loads((shared / "worked" / "natural_capital.json").read_text(encoding="utf-8"))
    case = next(c for c in cases if c["id"] == "SEEA-4")
    given_ = pd.DataFrame(case["inputs"]["indicators"])
    low = np.where(given_["direction"] == "+", 0.0, given_["reference"])
    high = np.where(given_["direction"] == "+", given_["reference"], 0.0)
    for date in ("opening", "closing"):
        got = indicators(given_[date], low, high)
        assert got == pytest.approx(case["expected"][f"{date}_ci"], abs=case["tolerance"])
        assert got.mean() == pytest.approx(case["expected"][f"{date}_mean"], abs=case["tolerance"])


def test_more_is_worse_by_its_reference_levels() -> None:
    assert indicators([10.0, 40.0, 60.0], 50.0, 10.0) == pytest.approx([1.0, 0.25, 0.0])


def test_missing_reading_is_not_zero_and_not_filled() -> None:
    assert np.isnan(indicators([np.nan], 0.0, 1.0)).all()
    table = pd.DataFrame({"asset": ["w"] * 3, "ect": ["A1", "B1", "C1"], "indicator": [0.4, 0.8, np.nan]})
    (row,) = index(table).to_dict("records")
    assert row["index"] == pytest.approx(0.6)
    assert row["coverage"] == pytest.approx(2 / 6)


def test_one_class_is_not_an_index() -> None:
    table = pd.DataFrame({"asset": ["w", "w", "v"], "ect": ["A1", "A1", "B1"], "indicator": [0.4, 0.8, np.nan]})
    got = index(table)
    assert got["index"].isna().all()
    assert got["classes"].tolist() == [0, 1]


def test_mean_within_class_comes_first() -> None:
    """Three readings in one class count once: (0.2 + 0.4 + 0.6) / 3 = 0.4, with 0.8 gives 0.6."""
    table = pd.DataFrame({"asset": ["w"] * 4, "ect": ["A1"] * 3 + ["B2"], "indicator": [0.2, 0.4, 0.6, 0.8]})
    assert index(table)["index"].tolist() == pytest.approx([0.6])


def test_area_weighted_mean_tells_its_coverage() -> None:
    assert mean_over_assets([0.5, 1.0, np.nan], [30.0, 10.0, 60.0]) == pytest.approx((0.625, 0.4))


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_bounded_and_mirrored(x: float, low: float, high: float) -> None:
    if abs(low - high) < 1e-6:
        return
    (got,) = indicators([x], low, high)
    assert 0 <= got <= 1
    assert indicators([x], high, low)[0] == pytest.approx(1 - got, abs=1e-9)


def test_refused() -> None:
    with pytest.raises(ValueError, match="equal"):
        indicators([1.0], 2.0, 2.0)
    with pytest.raises(ValueError, match="both reference levels"):
        indicators([1.0], np.nan, 2.0)
    with pytest.raises(ValueError, match="unknown ECT class D4"):
        index(pd.DataFrame({"asset": ["w"], "ect": ["D4"], "indicator": [1.0]}))
    with pytest.raises(ValueError, match="sum to 1"):
        index(pd.DataFrame({"asset": ["w"], "ect": ["A1"], "indicator": [1.0]}), {"A1": 0.5})
    with pytest.raises(ValueError, match="area"):
        mean_over_assets([1.0], [np.nan])


@pytest.mark.parametrize("weights", [{"A1": 1.5, "B1": -0.5}, {"A1": float("nan"), "B1": 1.0}])
def test_weights_are_never_negative(weights: dict[str, float]) -> None:
    table = pd.DataFrame({"asset": ["a", "a"], "ect": ["A1", "B1"], "indicator": [0.2, 0.8]})
    with pytest.raises(ValueError, match="must"):
        index(table, weights)
