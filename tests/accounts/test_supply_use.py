"""Supply and use: a table a reader can redo, the identity, and what may not be added."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.accounts.supply_use import ValueBasisError, difference, flows, money, use

EXTENT = pd.DataFrame(
    {"place": ["A", "A", "B"], "ecosystem": ["wood", "arable", "wood"], "hectares": [10.0, 20.0, 5.0]}
)
PARAMETERS = pd.DataFrame(
    {
        "service": ["carbon", "carbon", "timber"],
        "ecosystem": ["wood", "arable", "wood"],
        "value": [4.5, -0.29, 1.0],
        "unit": ["tCO2e", "tCO2e", "m3"],
    }
)
VALUES = pd.DataFrame(
    {
        "service": ["carbon", "timber"],
        "price": [270.0, 27.0],
        "price_unit": ["GBP/tCO2e", "GBP/m3"],
        "basis": ["exchange", "exchange"],
        "price_year": [2023, 2023],
    }
)
SHARES = pd.DataFrame(
    {
        "service": ["carbon", "timber", "timber"],
        "user": ["government", "forestry", "households"],
        "share": [1.0, 0.8, 0.2],
    }
)


def test_by_hand() -> None:
    """Carbon: 10 x 4.5 + 20 x (-0.29) + 5 x 4.5 = 61.7 t; x 270 = 16,659 GBP. A negative flow stays negative."""
    physical = flows(EXTENT, PARAMETERS)
    carbon = physical[physical["service"] == "carbon"]
    assert carbon["flow"].sum() == pytest.approx(61.7)
    assert carbon["flow"].min() == pytest.approx(-5.8)
    valued = money(physical, VALUES)
    assert valued.groupby("service")["amount"].sum().to_dict() == pytest.approx({"carbon": 16659.0, "timber": 405.0})
    used = use(valued, SHARES, "amount")
    assert used[used["user"] == "households"]["amount"].sum() == pytest.approx(81.0)


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), st.floats(0, 1))
def test_supply_equals_use(areas: list[float], share: float) -> None:
    physical = flows(EXTENT.assign(hectares=areas), PARAMETERS)
    shares = SHARES.assign(share=[1.0, share, 1 - share])
    gaps = difference(physical, use(physical, shares, "flow"), "flow", ["carbon", "timber"])
    assert max(abs(g) for g in gaps.values()) <= 1e-9 * max(1.0, physical["flow"].abs().sum())


def test_welfare_never_enters_a_table_of_exchange_values() -> None:
    with pytest.raises(ValueBasisError, match="timber"):
        money(flows(EXTENT, PARAMETERS), VALUES.assign(basis=["exchange", "welfare"]))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"price_year": [2023, np.nan]}, "no price year"),
        ({"price_year": [2022, 2023]}, "2022, 2023 cannot be added"),
        ({"service": ["carbon", "fish"]}, "no exchange value for timber"),
    ],
)
def test_prices_refused(change: dict[str, list[object]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        money(flows(EXTENT, PARAMETERS), VALUES.assign(**change))


def test_shares_and_absence_refused() -> None:
    physical = flows(EXTENT, PARAMETERS)
    with pytest.raises(ValueError, match="sum to 1: timber"):
        use(physical, SHARES.assign(share=[1.0, 0.8, 0.3]), "flow")
    with pytest.raises(ValueError, match="no users for timber"):
        use(physical, SHARES.iloc[:1], "flow")
    with pytest.raises(ValueError, match="missing for timber"):
        flows(EXTENT, PARAMETERS.assign(value=[1.0, 1.0, np.nan]))
    with pytest.raises(ValueError, match="extent is missing"):
        flows(EXTENT.assign(hectares=[1.0, np.nan, 1.0]), PARAMETERS)
