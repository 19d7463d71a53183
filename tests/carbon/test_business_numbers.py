"""Figures worked out by hand from the official workbooks, for names and choices that people use together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.carbon.bills import kg, lines_of


@pytest.mark.parametrize(
    ("activity", "unit", "choice", "category", "expected"),
    [
        ("Flight: domestic, average passenger", "passenger km", "with", "Category 6", 306.07),
        ("Flight: domestic, average passenger", "passenger km", "without", "Category 6", 194.48),
        ("flight europe economy", "passenger km", "without", "Category 6", 107.94 + 22.49),
        ("Freight by air: long-haul", "tonne km", "without", "Category 4", 648.75 + 135.16),
        ("flight domestic with rf", "passenger km", "without", "Category 6", 306.07),
    ],
)
def test_a_flight_that_does_not_say_takes_the_chosen_radiative_forcing(
    tmp_path: Path, activity: str, unit: str, choice: str, category: str, expected: float
) -> None:
    """2024 workbook, kg per passenger km: domestic 0.27257 with RF, 0.16098 without, well-to-tank 0.0335.

    1,000 km: 272.57 + 33.5 = 306.07 and 160.98 + 33.5 = 194.48. Short-haul economy without: 107.94 + 22.49.
    """
    row = {"Activity": activity, "Quantity": 1000, "Unit": unit}
    lines = lines_of(tmp_path, [row], "2024", radiative_forcing=choice)
    assert kg(lines, "Scope 3", category) == pytest.approx(expected, rel=1e-9)
