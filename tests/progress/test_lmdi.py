"""LMDI-I against the fixture and the real change of the method sheet, A3, and its limits where a factor is zero."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from natcap.progress.lmdi import attribute, log_mean
from natcap.progress.results import Results

FACTORS = ["population", "affluence", "structure", "intensity", "fuel"]
START = [[1080, 24, 0.55, 0.30, 0.280], [1080, 24, 0.45, 0.12, 0.260]]
END = [[1140, 27.5, 0.50, 0.26, 0.205], [1140, 27.5, 0.50, 0.10, 0.180]]
tables = arrays("float64", (3, 4), elements=st.floats(0.01, 1000))


def test_fixture_of_the_method_sheet() -> None:
    found = attribute(START, END, FACTORS)
    assert [f"{e:.4f}" for e in found.effects] == ["71.7448", "180.6412", "-61.9966", "-202.4900", "-431.6927"]
    assert f"{found.change:.4f}" == "-443.7933"
    assert abs(found.residual) < 1e-11


def test_levels_of_the_fixture() -> None:
    assert [f"{v:.4f}" for v in np.prod(START, axis=1)] == ["1197.5040", "363.9168"]
    assert [f"{v:.4f}" for v in np.prod(END, axis=1)] == ["835.4775", "282.1500"]


def test_leicester_and_leicestershire_2010_to_2019(results: Results) -> None:
    """The sheet prints -1852.0 kt = +480.2 +0.6 -2332.8; its parts sum to -1852.0, ours to -1851.94."""
    found = results.attributed
    assert found is not None
    assert found.members == ("E06000016", "E10000018")
    assert found.result.change == pytest.approx(-1852.0, abs=0.1)
    population, shift, person = found.result.effects
    assert population == pytest.approx(480.2, abs=0.2)
    assert shift == pytest.approx(0.6, abs=0.05)
    assert person == pytest.approx(-2332.8, abs=0.25)
    assert abs(found.result.residual) <= 1e-9 * abs(found.result.change)


@settings(deadline=None)
@given(tables, tables)
def test_effects_sum_to_the_change(start: np.ndarray, end: np.ndarray) -> None:
    found = attribute(start, end, list("abcd"))
    scale = abs(start.prod(axis=1)).sum() + abs(end.prod(axis=1)).sum()
    assert abs(found.residual) <= 1e-9 * max(abs(found.change), 1e-3 * scale)
    assert found.by_item.sum(axis=0) == pytest.approx(found.effects)


@settings(deadline=None)
@given(tables, tables)
def test_time_reversal_turns_every_sign(start: np.ndarray, end: np.ndarray) -> None:
    there, back = attribute(start, end, list("abcd")), attribute(end, start, list("abcd"))
    assert back.effects == pytest.approx(-there.effects, rel=1e-9, abs=1e-9)


@settings(deadline=None)
@given(st.floats(1e-6, 1e9), st.floats(1e-6, 1e9))
def test_log_mean_lies_between(a: float, b: float) -> None:
    found = float(log_mean(a, b))
    assert min(a, b) * (1 - 1e-9) <= found <= max(a, b) * (1 + 1e-9)


def test_log_mean_of_equal_and_of_zero() -> None:
    assert float(log_mean(7.0, 7.0)) == 7.0
    assert float(log_mean(7.0, 0.0)) == 0.0


def test_a_new_source_goes_to_the_factor_that_was_zero() -> None:
    found = attribute([[0.0, 2.0]], [[2.5, 2.0]], ["activity", "factor"])
    assert found.effects.tolist() == [5.0, 0.0]
    assert found.labels == ("new source",)


@pytest.mark.parametrize(
    ("small", "split"), [(1e-10, [2.657, 2.343]), (1e-20, [2.580, 2.420]), (1e-100, [2.516, 2.484])]
)
def test_small_numbers_for_zero_depend_on_the_number(small: float, split: list[float]) -> None:
    found = attribute([[small, small]], [[10.0, 0.5]], ["activity", "factor"])
    assert [round(float(e), 3) for e in found.effects] == split


def test_two_zero_factors_share_the_limit() -> None:
    found = attribute([[0.0, 0.0]], [[10.0, 0.5]], ["activity", "factor"])
    assert found.effects.tolist() == [2.5, 2.5]


def test_an_ended_source_is_the_mirror_of_a_new_one() -> None:
    found = attribute([[2.5, 2.0]], [[0.0, 2.0]], ["activity", "factor"])
    assert found.effects.tolist() == [-5.0, 0.0]
    assert found.labels == ("ended source",)


def test_a_source_that_is_zero_on_both_sides_adds_nothing() -> None:
    found = attribute([[0.0, 2.0]], [[3.0, 0.0]], ["activity", "factor"])
    assert found.effects.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("bad", "why"), [(-1.0, "negative"), (float("nan"), "missing")])
def test_values_without_a_logarithm_are_refused(bad: float, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        attribute([[bad, 2.0]], [[1.0, 2.0]], ["a", "b"])
