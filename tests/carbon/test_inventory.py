"""Scopes, factor years and totals that every inventory shares."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.carbon.inventory import factor_years, month_starts, totals
from natcap.core.lines import MARKET, OUTSIDE, frame, gross
from natcap.core.project import Period

APRIL = Period(date(2024, 4, 1), date(2025, 3, 31))


def test_majority_takes_the_year_with_most_months() -> None:
    """UK Government factors 2025, Introduction: April 2024 to March 2025 uses the 2024 set (case H08)."""
    found = factor_years(APRIL)
    assert found.shares == ((2024, 1.0),)
    assert "9 months of 2024, 3 months of 2025" in found.why


def test_july_to_june_takes_the_newest_set() -> None:
    found = factor_years(Period(date(2024, 7, 1), date(2025, 6, 30)))
    assert found.years == (2025,)
    assert "newest" in found.why


def test_majority_counts_days_where_there_are_no_whole_months() -> None:
    assert factor_years(Period(date(2024, 7, 10), date(2025, 1, 9))).years == (2024,)


def test_blended_weighs_by_days() -> None:
    """220 days of 2019 and 145 of 2020, as the official worked rule prints them (case H09)."""
    start = date(2019, 12, 31) - timedelta(days=219)
    found = factor_years(Period(start, start + timedelta(days=364)), "blended")
    assert found.shares == ((2019, 220 / 365), (2020, 145 / 365))


def test_a_year_asked_for_by_name_is_said() -> None:
    found = factor_years(Period.parse("2025"), "majority", 2024)
    assert (found.rule, found.years) == ("fixed", (2024,))
    with pytest.raises(ValueError, match="expected one of majority, blended"):
        factor_years(APRIL, "average")


@given(st.dates(date(2017, 1, 1), date(2024, 12, 31)), st.integers(1, 800))
def test_shares_of_the_blended_rule_sum_to_one(start: date, days: int) -> None:
    found = factor_years(Period(start, start + timedelta(days=days - 1)), "blended")
    assert sum(share for _, share in found.shares) == pytest.approx(1, abs=1e-12)
    assert all(share > 0 for _, share in found.shares)


def test_months_of_a_period() -> None:
    months = month_starts(date(2024, 11, 15), date(2025, 2, 1))
    assert months == [date(2024, 11, 1), date(2024, 12, 1), date(2025, 1, 1), date(2025, 2, 1)]


def test_location_and_market_are_never_added() -> None:
    sections = ["Scope 1", "Scope 2", MARKET, "Scope 3", OUTSIDE]
    lines = frame({"section": sections, "kg_co2e": [1.0, 2.0, 40.0, 8.0, 160.0]})
    found = totals(lines)
    assert (found.total, found.total_market) == (11.0, 49.0)
    assert gross(lines)["kg_co2e"].sum() == 11.0


def test_no_lines_are_missing_and_not_zero() -> None:
    found = totals(frame({"section": ["Scope 1"], "kg_co2e": [0.0]}))
    assert (found.scope1, found.scope3, found.total) == (0.0, None, 0.0)
    assert totals(frame({"section": [], "kg_co2e": []})).total is None
