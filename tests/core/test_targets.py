"""Targets: dated rows that are checked cell by cell; one that moved keeps its old row."""

from __future__ import annotations

from typing import Any

import pytest

from natcap.core.problems import InputProblems
from tests.progress.made import target


def test_a_good_target_reads() -> None:
    found = target(date_set="2022-12")
    assert (found.year, found.value, found.base_year, found.base_value) == (2030, 0.0, 2019, None)
    assert found.label == "0 by 2030 (set 2022-12)"
    assert not found.withdrawn


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"area": "A11"}, "expected an area of the areas table. Did you mean 'A1'?"),
        ({"indicator": "C2"}, "expected an indicator of the definitions. Did you mean"),
        ({"year": 2015}, "expected a year after the base year 2019"),
        ({"year": 2019}, "expected a year after the base year 2019"),
        ({"year": ""}, "found a blank cell, expected a number"),
        ({"year": "soon"}, "expected a year such as 2030"),
        ({"year": 20300}, "expected a year from 1900 to 2200"),
        ({"value": ""}, "found a blank cell, expected a number"),
        ({"unit": "kt CO2e"}, "expected t CO2e per person, the unit of C02"),
        ({"path": "exponential"}, "A compound rate never reaches zero"),
        ({"path": "exponential", "value": 1, "base_value": 0}, "and cannot start from it"),
        ({"path": "curve"}, "expected one of linear, exponential"),
        ({"scope": "borough"}, "expected one of whole area"),
        ({"verified": "sure"}, "expected one of read"),
        ({"base_verified": ""}, "found a blank cell, expected one of read"),
        ({"base_year": "", "base_value": 9}, "expected the year of the base value"),
        ({"date_set": "Dec 2022"}, "expected a date such as 2022-12"),
        ({"replaces": "older"}, "expected the id of another target"),
        ({"id": "My target"}, "expected small letters, digits and hyphens"),
        ({"source": "hearsay"}, "expected a source of sources.csv"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_told(change: dict[str, Any], told: str) -> None:
    with pytest.raises(InputProblems) as caught:
        target(**change)
    assert told in str(caught.value)
    assert str(caught.value).startswith("made.csv, cell ")


def test_a_target_without_a_base_year_is_allowed() -> None:
    assert target(base_year="", base_verified="").base_year is None
