"""Asset values: annuities and the carbon path against printed figures, then what must hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.accounts.asset_value import asset_account, expected_flow, present_value, present_value_of_carbon


def test_hundred_years_of_one_pound() -> None:
    """Case DF-3: start 29.8125, end 28.8634, mid 29.3341; the difference of start and end is 1 - DF(100) = 0.949."""
    start, end, mid = (float(present_value(1.0, "standard", 100, t)) for t in ("start", "end", "mid"))  # type: ignore[arg-type]
    assert (start, end, mid) == pytest.approx((29.812545333317846, 28.863363355642228, 29.33408408051052), abs=1e-9)
    assert start - end == pytest.approx(1 - 0.05081802232438208, abs=1e-9)


def test_one_tonne_a_year_from_2024() -> None:
    """DESNZ central values from 2024, growing 1.5 % after 2050, standard schedule, start: 12,901 GBP of 2022,
    which is 47.97 times the first year's 268.97."""
    got = float(present_value_of_carbon(1.0, 2024, 2022, "standard", 100))
    assert got == pytest.approx(12_901, abs=1)
    assert got / 268.97 == pytest.approx(47.97, abs=0.01)


def test_sensitivity_schedule_is_worth_something_else() -> None:
    assert float(present_value(1.0, "sensitivity", 100)) != pytest.approx(float(present_value(1.0, "standard", 100)))


@given(st.floats(-1e6, 1e6), st.integers(1, 100))
def test_linear_and_negative_kept(flow: float, life: int) -> None:
    one = float(present_value(1.0, "standard", life))
    assert float(present_value(flow, "standard", life)) == pytest.approx(flow * one, rel=1e-12, abs=1e-9)
    path = np.full(life, flow)
    assert float(present_value_of_carbon(path, 2024, 2022, "standard", life)) == pytest.approx(
        float(present_value_of_carbon(flow, 2024, 2022, "standard", life)), rel=1e-9, abs=1e-6
    )


def test_expected_flow_is_the_mean_of_five_known_years() -> None:
    got = expected_flow([2017, 2018, 2019, 2020, 2021, 2022, 2023], [100, 1, 2, np.nan, 3, 4, 5])
    assert (got.value, got.years, got.full) == (3.0, (2018, 2019, 2021, 2022, 2023), True)
    assert not expected_flow([2023], [5.0]).full


def test_refused() -> None:
    with pytest.raises(ValueError, match="no year"):
        expected_flow([2023], [np.nan])
    with pytest.raises(ValueError, match="stand once"):
        expected_flow([2023, 2023], [1, 2])
    with pytest.raises(ValueError, match="not zero"):
        present_value([1.0, np.nan], "standard", 100)
    with pytest.raises(LookupError, match="no year"):
        present_value_of_carbon(1.0, 2060, 2022, "standard", 125)
    with pytest.raises(LookupError, match="no discount schedule"):
        present_value(1.0, "treasury", 100)


def test_an_account_that_does_not_close_is_refused() -> None:
    rows = asset_account(100.0, 110.0, enhancement=5.0, degradation=-2.0, revaluation=7.0)
    assert rows["opening"] + sum(v for k, v in rows.items() if k not in ("opening", "closing")) == rows["closing"]
    with pytest.raises(ArithmeticError, match="does not close"):
        asset_account(100.0, 110.0, enhancement=5.0)
