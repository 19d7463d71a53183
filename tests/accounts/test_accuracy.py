"""Error-adjusted area against the published example of Olofsson et al. 2014 (Tables 8 and 9, page 55)."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.accounts.accuracy import adjust, change_is_distinguishable

SAMPLE = [[66, 0, 5, 4], [0, 55, 8, 12], [1, 0, 153, 11], [2, 1, 9, 313]]
PIXELS = np.array([200_000, 150_000, 3_200_000, 6_450_000])
HECTARES = PIXELS * 0.09


def test_published_example() -> None:
    """Deforestation: mapped 18,000 ha, adjusted 21,158 ha plus or minus 6,158 ha."""
    got = adjust(SAMPLE, HECTARES)
    assert got.mapped[0] == 18_000
    assert got.area[0] == pytest.approx(21_158, abs=1)
    assert got.half_width[0] == pytest.approx(6_158, abs=1)


@given(st.lists(st.integers(0, 50), min_size=9, max_size=9), st.lists(st.floats(1, 1e5), min_size=3, max_size=3))
def test_areas_sum_to_the_whole(counts: list[int], mapped: list[float]) -> None:
    sample = np.array(counts).reshape(3, 3) + np.eye(3) * 2
    got = adjust(sample, mapped)
    assert got.area.sum() == pytest.approx(sum(mapped))
    assert (got.standard_error >= 0).all()


def test_a_perfect_sample_changes_nothing() -> None:
    got = adjust(np.eye(4) * 30, HECTARES)
    assert got.area == pytest.approx(HECTARES)
    assert (got.standard_error == 0).all()


def test_small_changes_are_said_to_be_noise() -> None:
    assert change_is_distinguishable([100.0, -300.0, 0.0], [120.0, 120.0, 0.0]).tolist() == [False, True, False]


@pytest.mark.parametrize(
    ("sample", "mapped", "words"),
    [
        ([[1, 2]], [1.0], "square"),
        ([[5, 1], [0, 1]], [1.0, 1.0], "fewer than two"),
        ([[5.5, 1], [0, 9]], [1.0, 1.0], "counts"),
        ([[5, 1], [0, 9]], [1.0, np.nan], "areas"),
    ],
)
def test_refused(sample: list[list[float]], mapped: list[float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        adjust(sample, mapped)
