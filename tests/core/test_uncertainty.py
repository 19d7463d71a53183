"""Ranges: distributions with known percentiles, draws that are shared and repeat, sums with known spread."""

from __future__ import annotations

import math
import time

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.core.lines import frame
from natcap.core.uncertainty import (
    Distribution,
    Draws,
    distribution,
    summary,
    total_of_lines,
    variance_shares,
)


def test_lognormal_from_its_5_and_95_per_cent() -> None:
    """50 to 200 round 100 is symmetric in logs, so the percentiles are the range itself; the mean is exp(sigma^2/2)."""
    draws = Draws(1).draw("x", distribution(100, 50, 200))
    assert summary(draws) == pytest.approx((50, 100, 200), rel=2e-3)
    sigma = math.log(200 / 50) / (2 * 1.6449)
    assert draws.mean() == pytest.approx(100 * math.exp(sigma**2 / 2), rel=2e-3)


def test_lognormal_that_is_not_symmetric_keeps_its_median() -> None:
    """Broadleaf soil carbon 100 (75 to 125): sigma = ln(125/75) / 3.2898 = 0.15528, so 5 % is 77.46, not 75."""
    found = summary(Draws(1).draw("soil", distribution(100, 75, 125)))
    assert found == pytest.approx((77.46, 100, 129.10), rel=1e-3)


def test_triangular_where_the_range_reaches_zero() -> None:
    """Arable -0.29 (-1 to 0.3): mean (a + b + c)/3; 5 % at a + sqrt(0.05 (b - a)(c - a))."""
    of = distribution(-0.29, -1, 0.3)
    assert of.kind == "triangular"
    draws = Draws(1).draw("arable", of)
    assert draws.mean() == pytest.approx((-1 + 0.3 - 0.29) / 3, abs=1e-4)
    assert summary(draws).p5 == pytest.approx(-1 + math.sqrt(0.05 * 1.3 * 0.71), abs=1e-3)
    assert draws.min() >= -1
    assert draws.max() <= 0.3


def test_pert_and_normal() -> None:
    """PERT: mean (a + 4 m + b)/6; variance (mean - a)(b - mean)/7. Normal: the range is 5 to 95 %."""
    draws = Draws(1).draw("pert", distribution(4, 2, 10, "pert"))
    mean = (2 + 16 + 10) / 6
    assert draws.mean() == pytest.approx(mean, rel=1e-3)
    assert draws.var() == pytest.approx((mean - 2) * (10 - mean) / 7, rel=5e-3)
    assert summary(Draws(1).draw("n", distribution(0, -10, 10, "normal"))) == pytest.approx((-10, 0, 10), abs=0.02)


def test_two_independent_normals_add_in_quadrature() -> None:
    """100 +- 10 % twice: the sum is 200 +- sqrt(2) x 10 (propagation of error)."""
    draws = Draws(7)
    total = draws.draw("a", distribution(100, 90, 110, "normal")) + draws.draw(
        "b", distribution(100, 90, 110, "normal")
    )
    found = summary(total)
    assert found.p5 == pytest.approx(200 - 14.142, abs=0.4)
    assert found.p95 == pytest.approx(200 + 14.142, abs=0.4)
    assert np.corrcoef(draws.order("a"), draws.order("b"))[0, 1] == pytest.approx(0, abs=0.04)


def test_one_factor_is_drawn_once_and_shared() -> None:
    draws = Draws(3)
    one = draws.draw("factor", distribution(2, 1, 4))
    np.testing.assert_array_equal(draws.draw("factor", distribution(2, 1, 4)), one)
    np.testing.assert_allclose(draws.draw("factor", distribution(20, 10, 40)), 10 * one, rtol=1e-12)


def test_the_difference_of_two_options_is_paired() -> None:
    """10 % less of the same activity is 10 % less in every draw, however uncertain the factor."""
    before = total_of_lines(_lines([("f", 100, 50, 200)]), Draws(5))
    after = total_of_lines(_lines([("f", 90, 45, 180)]), Draws(5))
    np.testing.assert_allclose((before - after) / before, 0.1, rtol=1e-9)


def test_draws_repeat_and_change_with_the_seed() -> None:
    first = Draws(11).draw("f", distribution(2, 1, 4))
    np.testing.assert_array_equal(Draws(11).draw("f", distribution(2, 1, 4)), first)
    assert not np.array_equal(Draws(12).draw("f", distribution(2, 1, 4)), first)
    assert not np.array_equal(Draws(11).order("f"), Draws(11).order("g"))


def test_the_order_of_asking_does_not_matter() -> None:
    one, other = Draws(1), Draws(1)
    one.order("a")
    np.testing.assert_array_equal(one.order("b"), other.order("b"))


def test_pinned_draws() -> None:
    """A changed stream would change every published range."""
    np.testing.assert_array_equal(Draws(20260101, 10).order("carbon/soil"), PINNED)


PINNED = [1, 8, 4, 9, 5, 7, 0, 2, 6, 3]


@given(
    st.sampled_from(["lognormal", "triangular", "normal", "pert"]),
    st.floats(0.001, 1e6),
    st.floats(0, 1),
    st.floats(0.001, 1e6),
)
def test_quantiles_rise_and_keep_to_their_range(kind: str, low: float, place: float, width: float) -> None:
    central = min(max(low + place * width, low), low + width)
    of = distribution(central, low, low + width, kind)
    found = of.quantiles(500)
    assert (np.diff(found) >= 0).all()
    if kind in ("triangular", "pert"):
        assert found[0] >= low - 1e-9 * abs(low)
        assert found[-1] <= (low + width) * (1 + 1e-9)
    if kind == "lognormal":
        assert math.sqrt(found[249] * found[250]) == pytest.approx(central, rel=1e-9)
    if kind == "normal":
        assert (found[249] + found[250]) / 2 == pytest.approx(central, rel=1e-9)


def test_what_has_no_range_is_fixed() -> None:
    assert distribution(3) == Distribution("fixed", 3, 3, 3)
    assert distribution(3, 3, 3).kind == "fixed"
    assert set(Draws(1, 5).draw("x", distribution(3))) == {3.0}


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((3, 1), "both ends"),
        ((3, math.nan, 5), "both ends"),
        ((3, 4, 5), "lies outside"),
        ((6, 4, 5), "lies outside"),
        ((math.nan, 1, 2), "central"),
        ((3, 1, math.inf), "both ends"),
        ((0, -1, 1, "lognormal"), "above zero"),
        ((1, 0, 2, "lognormal"), "above zero"),
        ((1, 0, 2, "uniform"), "not one of"),
        ((1, math.nan, math.nan, "normal"), "needs low and high"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(args: tuple[float, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        distribution(*args)  # type: ignore[arg-type]


def test_summaries_need_finite_draws() -> None:
    for values in ([], [1.0, math.nan], [math.inf]):
        with pytest.raises(ValueError, match="finite"):
            summary(values)
    with pytest.raises(ValueError, match="draws"):
        Draws(1, 0)


def _lines(rows: list[tuple[str, float, float, float]]) -> pd.DataFrame:
    columns = list(zip(*rows, strict=True))
    return frame(dict(zip(("factor_id", "kg_co2e", "low", "high"), map(list, columns), strict=True)))


def test_lines_of_one_factor_move_together() -> None:
    """Two lines of one factor: ranges add. Two factors: quadrature. Both have a central total of 200."""
    together = summary(total_of_lines(_lines([("f", 100, 50, 200), ("f", 100, 50, 200)]), Draws(1)))
    assert together == pytest.approx((100, 200, 400), rel=2e-3)
    apart = summary(total_of_lines(_lines([("f", 100, 50, 200), ("g", 100, 50, 200)]), Draws(1)))
    assert together.p5 < apart.p5
    assert apart.p95 < together.p95


def test_a_removal_falls_when_its_factor_rises() -> None:
    """5 x F emitted and 3 x F removed is 2 x F: a range of 2 to 8 round 4 for F of 1 to 4 round 2."""
    found = total_of_lines(_lines([("f", 10, 5, 20), ("f", -6, -12, -3)]), Draws(1))
    assert summary(found) == pytest.approx((2, 4, 8), rel=2e-3)


def test_lines_without_a_range_are_fixed() -> None:
    lines = _lines([("f", 100, math.nan, math.nan), ("", 7, math.nan, math.nan)])
    np.testing.assert_array_equal(total_of_lines(lines, Draws(1, 50)), np.full(50, 107.0))
    assert (total_of_lines(lines.iloc[:0], Draws(1, 5)) == 0).all()


def test_lines_with_half_a_range_or_no_factor_are_refused() -> None:
    with pytest.raises(ValueError, match="1 lines have a range with only one end"):
        total_of_lines(_lines([("f", 100, 50, math.nan)]), Draws(1))
    with pytest.raises(ValueError, match="no factor id"):
        total_of_lines(_lines([("", 100, 50, 200)]), Draws(1))


def test_a_table_is_drawn_by_id() -> None:
    rows = pd.DataFrame({"id": ["a", "b"], "value": [2.0, 5.0], "low": [1.0, np.nan], "high": [4.0, np.nan]})
    found = Draws(1).table(rows)
    assert summary(found["a"]) == pytest.approx((1, 2, 4), rel=2e-3)
    assert set(found["b"]) == {5.0}
    kinds = rows.assign(distribution=["triangular", ""])
    assert Draws(1).table(kinds)["a"].max() <= 4


def test_shares_of_variance_sum_to_one() -> None:
    draws = Draws(1)
    parts = {
        "wide": draws.draw("w", distribution(0, -20, 20, "normal")),
        "narrow": draws.draw("n", distribution(0, -10, 10, "normal")),
    }
    found = variance_shares(parts)
    assert found == pytest.approx({"wide": 0.8, "narrow": 0.2}, rel=1e-6)
    assert variance_shares({"fixed": np.ones(5)}) == {"fixed": 0.0}


def test_two_hundred_factors_of_ten_thousand_draws_take_a_moment() -> None:
    """About 1 ms a factor, most of it the sort that gives its order."""
    draws = Draws(1)
    start = time.thread_time()
    total = sum(draws.draw(f"factor {i}", distribution(1 + i, 0.5 + i, 2 + i)) for i in range(200))
    assert time.thread_time() - start < 3
    assert summary(np.asarray(total)).median == pytest.approx(20_200, rel=0.01)
