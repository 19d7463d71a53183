"""The three-way split of an asset value: the worked case by hand, then additivity and symmetry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.accounts.decomposition import decompose, spread_conversions

PAIR = st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))


def test_case_mon_1() -> None:
    """Case MON-1 of worked/natural_capital.json: 100 to 110 ha, 5 to 4.8 per ha, 2,000 to 2,200 GBP."""
    got = decompose((100, 110), (5, 4.8), (2000, 2200))
    assert float(got.extent) == pytest.approx(102866.66666666666, abs=1e-6)
    assert float(got.flow) == pytest.approx(-44133.33333333338, abs=1e-6)
    assert float(got.price) == pytest.approx(102866.66666666667, abs=1e-6)
    assert float(got.change) == pytest.approx(161600.0, abs=1e-6)
    assert float(got.degradation) == float(got.flow)
    assert float(got.enhancement) == 0.0


@given(PAIR, PAIR, PAIR)
def test_terms_sum_to_the_change_and_do_not_depend_on_order(a: tuple, y: tuple, z: tuple) -> None:  # type: ignore[type-arg]
    got = decompose(a, y, z)
    scale = max(abs(v) for v in (*a, 1)) * max(abs(v) for v in (*y, 1)) * max(abs(v) for v in (*z, 1))
    assert float(got.extent + got.flow + got.price) == pytest.approx(float(got.change), abs=1e-11 * scale)
    other = decompose(z, a, y)
    assert float(other.flow) == pytest.approx(float(got.extent), abs=1e-11 * scale)


@given(PAIR, PAIR)
def test_what_did_not_change_has_no_effect(a: tuple, z: tuple) -> None:  # type: ignore[type-arg]
    assert float(decompose(a, (3.0, 3.0), z).flow) == 0.0


def test_a_missing_price_is_refused() -> None:
    with pytest.raises(ValueError, match="at both dates"):
        decompose((1, 2), (1, 1), (1, np.nan))


def test_conversions_sum_to_the_extent_effect() -> None:
    matrix = np.array([[90.0, 10.0, 0.0], [5.0, 40.0, 5.0], [0.0, 0.0, 30.0]])
    area0, area1 = matrix.sum(axis=1), matrix.sum(axis=0)
    value = np.array([10.0, 20.0, 5.0])
    effect = (area1 - area0) * value * 1.1
    plus, minus = spread_conversions(matrix, value, np.where(area0 == area1, 0, effect))
    assert plus + minus == pytest.approx(np.where(area0 == area1, 0, effect))
    assert (plus >= 0).all()
    assert (minus <= 0).all()


def test_an_effect_without_a_change_of_area_is_refused() -> None:
    with pytest.raises(ValueError, match="without a change"):
        spread_conversions(np.eye(2), [1.0, 1.0], [5.0, 0.0])
