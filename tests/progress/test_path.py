"""Paths, budgets and rates against the worked numbers of the method sheet, A3, rows 1 to 9."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.progress.definitions import parameter
from natcap.progress.path import (
    Path,
    achieved_rate,
    budget,
    contraction,
    convergence,
    linear_to_zero,
    perpetual_cut,
    required_rate,
    yearly_change,
)

LINEAR = Path(2020, 1000, 2045, 100)
RATE = Path(2020, 1000, 2045, 100, "exponential")
amounts = st.floats(0.001, 1e9)
years = st.integers(1990, 2060)


def near(value: float, printed: str) -> bool:
    """Whether a value rounds to a number as it is printed."""
    return f"{value:.{len(printed.partition('.')[2])}f}" == printed


def test_row_1_linear() -> None:
    assert near(LINEAR.at(2030), "640.000000")


def test_row_2_exponential() -> None:
    assert near(RATE.at(2030), "398.107171")
    assert near(100 * RATE.rate, "8.7989")


@pytest.mark.parametrize(
    ("path", "annual", "trapezoid"),
    [(LINEAR, "14300.000", "13750.000"), (RATE, "10328.533", "9778.533")],
    ids=["linear", "exponential"],
)
def test_row_3_cumulative(path: Path, annual: str, trapezoid: str) -> None:
    assert near(path.cumulative(2020, 2045), annual)
    assert near(path.cumulative(2020, 2045, "trapezoid"), trapezoid)


def test_row_3_ratio_of_the_two() -> None:
    assert near(LINEAR.cumulative(2020, 2045) / RATE.cumulative(2020, 2045), "1.3845")


def test_row_4_budget() -> None:
    found = budget(8000, [1000, 1015, 960, 930, 905], 2020)
    assert found.spent == 4810
    assert found.rest == 3190
    assert near(found.years_left, "3.5249")
    assert near(found.exhausted, "2028.525")


def test_overspent_budget_ran_out_in_the_past() -> None:
    found = budget(4000, [1000, 1015, 960, 930, 905], 2020)
    assert found.rest == -810
    assert found.exhausted < 2025


def test_row_5_perpetual_cut() -> None:
    cut = perpetual_cut(905, 3190)
    assert near(100 * cut, "22.1001")
    # What is emitted for ever after under that cut is the rest: a geometric series.
    assert 905 * (1 - cut) / cut == pytest.approx(3190, rel=1e-12)


def test_row_6_linear_to_zero() -> None:
    n, cut = linear_to_zero(905, 3190)
    assert near(n, "8.0497")
    assert near(cut, "112.4262")


def test_row_7_required_and_achieved() -> None:
    assert near(-yearly_change(905, 400, 6), "84.1667")
    assert near(100 * required_rate(905, 400, 6), "12.7226")
    assert near(100 * achieved_rate(1000, 905, 4), "2.4646")
    assert near(achieved_rate(1000, 905, 4) / required_rate(905, 400, 6), "0.1937")


@pytest.mark.parametrize(("year", "value"), [(2025, "10925.00"), (2030, "8300.00"), (2032, "7250.00")])
def test_row_8_absolute_contraction(year: int, value: str) -> None:
    rate = parameter("absolute_contraction_rate").value
    assert near(contraction(12500, 2022, year, rate), value)


def test_contraction_does_not_go_below_zero() -> None:
    with pytest.raises(ValueError, match="ends at zero"):
        contraction(12500, 2022, 2050, 0.042)


@pytest.mark.parametrize(("share", "value"), [(1.0, "0.463793"), (0.9, "0.419414")])
def test_row_9_sectoral_convergence(share: float, value: str) -> None:
    assert near(convergence(0.80, 0.60, 0.35, 0.02, share), value)


def test_row_9_end_is_the_end_of_the_sector() -> None:
    assert convergence(0.80, 0.60, 0.02, 0.02) == pytest.approx(0.02, abs=1e-15)


@settings(deadline=None)
@given(amounts, amounts, years, st.integers(1, 80), st.sampled_from(["linear", "exponential"]))
def test_a_path_hits_both_ends(base: float, end: float, start: int, span: int, shape: str) -> None:
    path = Path(start, base, start + span, end, shape)  # type: ignore[arg-type]
    assert path.at(start) == base
    assert path.at(start + span) == end


@settings(deadline=None)
@given(amounts, amounts, years, st.integers(1, 60))
def test_an_exponential_path_is_never_above_the_straight_one(base: float, end: float, start: int, span: int) -> None:
    straight, curved = Path(start, base, start + span, end), Path(start, base, start + span, end, "exponential")
    for year in range(start, start + span + 1):
        assert curved.at(year) <= straight.at(year) * (1 + 1e-9)


@pytest.mark.parametrize("ends", [(0.0, 100.0), (100.0, 0.0), (-5.0, 100.0)])
def test_a_constant_rate_has_no_zero(ends: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="straight path"):
        Path(2020, ends[0], 2045, ends[1], "exponential")


def test_a_straight_path_reaches_zero() -> None:
    assert Path(2020, 100, 2045, 0).at(2045) == 0


@pytest.mark.parametrize("year", [2019.9, 2045.1])
def test_a_path_does_not_exist_beyond_its_ends(year: float) -> None:
    with pytest.raises(ValueError, match="outside"):
        LINEAR.at(year)


def test_the_end_must_come_after_the_base() -> None:
    with pytest.raises(ValueError, match="not after"):
        Path(2030, 10, 2030, 5)


def test_a_rate_to_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="straight form"):
        required_rate(905, 0, 6)
