"""Money over time: price years, discounting, carbon values, against the worked cases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.core.money import (
    MoneyError,
    annuity,
    carbon_value,
    carbon_value_row,
    carbon_values,
    deflate,
    deflator,
    discount_factors,
    schedule,
    schedules,
)
from natcap.core.sources import source
from natcap.core.tables import problems_in
from natcap.core.units import unit


def _case(shared: Path, name: str) -> dict[str, Any]:
    cases = json.loads((shared / "worked/natural_capital.json").read_text(encoding="utf-8"))
    found: dict[str, Any] = next(c for c in cases if c["id"] == name)
    return found


def test_df_1_standard_factors(shared: Path) -> None:
    case = _case(shared, "DF-1")
    found = discount_factors("standard", 101)[case["inputs"]["years"]]
    np.testing.assert_allclose(found, case["expected"]["DF"], rtol=case["tolerance"])


def test_df_1_by_hand() -> None:
    """1/1.035, its 30th power, and one more year at 3 %."""
    found = discount_factors("standard", 32)
    assert found[0] == 1
    assert found[1] == pytest.approx(0.9661835748792271, rel=1e-14)
    assert found[30] == pytest.approx(1 / 1.035**30, rel=1e-13)
    assert found[31] == pytest.approx(1 / 1.035**30 / 1.03, rel=1e-13)


def test_df_3_annuity_by_timing(shared: Path) -> None:
    case = _case(shared, "DF-3")
    want, close = case["expected"], {"rel": case["tolerance"]}
    assert annuity("standard", 100, "start") == pytest.approx(want["start_of_year_0_99"], **close)
    assert annuity("standard", 100, "end") == pytest.approx(want["end_of_year_1_100"], **close)
    assert annuity("standard", 100, "mid") == pytest.approx(want["mid_year_geometric"], **close)
    assert annuity("standard", 101, "start") == pytest.approx(want["ncrat_0_100"], **close)
    assert annuity(0.035, 100, "end") == pytest.approx(want["flat_3.5_end"], **close)


@pytest.mark.parametrize(
    ("name", "start", "end", "mid"),
    [
        ("health", 54.32355411192951, 53.59895566751302, 53.9600235081189),
        ("sensitivity", 33.96225088508092, 33.03970971327172, 33.49777502296593),
    ],
)
def test_other_schedules(name: str, start: float, end: float, mid: float) -> None:
    """The annuities computed in the reference table of discounting, 100 years."""
    assert annuity(name, 100) == pytest.approx(start, rel=1e-9)
    assert annuity(name, 100, "end") == pytest.approx(end, rel=1e-9)
    assert annuity(name, 100, "mid") == pytest.approx(mid, rel=1e-9)


@given(st.sampled_from(["standard", "health", "sensitivity", "review_2026", 0.0, 0.035]), st.integers(1, 300))
def test_identities_of_timing(name: str | float, years: int) -> None:
    start, end, mid = (discount_factors(name, years, t) for t in ("start", "end", "mid"))
    assert start[0] == 1
    np.testing.assert_array_equal(start[1:], end[:-1])
    assert (end <= start).all()
    assert ((end <= mid * (1 + 1e-15)) & (mid <= start * (1 + 1e-15))).all()
    assert annuity(name, years, "start") - annuity(name, years, "end") == pytest.approx(1 - end[-1], abs=1e-9)


def test_what_cannot_be_discounted_is_refused() -> None:
    with pytest.raises(MoneyError, match="held: standard, health, sensitivity, review_2026"):
        discount_factors("green", 10)
    with pytest.raises(MoneyError, match="ends with year 999"):
        discount_factors("standard", 1000)
    for rate in (float("nan"), float("inf"), -1.0):
        with pytest.raises(MoneyError, match="not a discount rate"):
            discount_factors(rate, 3)
    with pytest.raises(MoneyError, match="timing"):
        discount_factors("standard", 3, "middle")  # type: ignore[arg-type]
    with pytest.raises(MoneyError):
        discount_factors("standard", -1)
    assert discount_factors("standard", 0).shape == discount_factors("standard", 0, "mid").shape == (0,)


def test_schedules_say_how_good_they_are() -> None:
    assert schedule("standard").verified == "read-secondary"
    assert schedule("review_2026").verified == "judged"
    assert "not adopted" in schedule("review_2026").note
    for found in schedules().values():
        assert source(found.source).publisher == "HM Treasury"


def test_px_1_rebase(shared: Path) -> None:
    case = _case(shared, "PX-1")
    given_values = case["inputs"]
    found = deflate(given_values["value"], given_values["from_year"], given_values["to_year"])
    assert found == pytest.approx(case["expected"]["value"], rel=case["tolerance"])
    assert deflator().loc[2019] == given_values["index_2019"]


@given(st.integers(1990, 2024), st.integers(1990, 2024), st.integers(1990, 2024))
def test_rebasing_is_a_chain(one: int, two: int, three: int) -> None:
    assert deflate(deflate(100.0, one, two), two, three) == pytest.approx(deflate(100.0, one, three), rel=1e-12)
    assert deflate(100.0, one, one) == 100


def test_years_and_vintages_that_are_not_held_are_refused() -> None:
    with pytest.raises(MoneyError, match="no year 2025: it runs from 1990 to 2024"):
        deflate(1.0, 2019, 2025)
    with pytest.raises(MoneyError, match="1989"):
        deflate(1.0, 1989, 1989)
    with pytest.raises(MoneyError, match="held: hmt-2025-12"):
        deflate(1.0, 2019, 2020, vintage="hmt-2099-01")
    np.testing.assert_allclose(deflate(np.array([[0.0, -2.0]]), 2019, 2024), [[0.0, -2.4658328042]], rtol=1e-9)


@pytest.mark.parametrize(
    ("year", "low", "central", "high"),
    [
        (2024, 134.48, 268.97, 403.45),
        (2025, 136.53, 273.06, 409.60),
        (2030, 147.25, 294.50, 441.75),
        (2050, 198.77, 397.54, 596.31),
    ],
)
def test_published_carbon_values(year: int, low: float, central: float, high: float) -> None:
    """Table 3 of the publication of November 2023, 2022 prices."""
    assert (carbon_value(year, "low"), carbon_value(year), carbon_value(year, "high")) == (low, central, high)
    assert carbon_value_row(year).verified == "read-secondary"


def test_a_hundred_years_of_a_tonne() -> None:
    """1 tCO2e a year for 100 years from 2024, start of year: 12,901 pounds, 47.97 times the first value."""
    worth = float(carbon_values(np.arange(2024, 2124)) @ discount_factors("standard", 100))
    assert worth == pytest.approx(12_901, abs=0.5)
    assert worth / carbon_value(2024) == pytest.approx(47.97, abs=0.005)


def test_values_after_2050_are_marked_derived() -> None:
    assert carbon_value_row(2051).verified == "derived"
    assert carbon_value(2051) == pytest.approx(397.54 * 1.015, abs=0.005)
    assert "beyond the horizon" in carbon_value_row(2101).note
    years = np.arange(2051, 2151)
    np.testing.assert_allclose(carbon_values(years), 397.54 * 1.015 ** (years - 2050), atol=0.0051)


def test_years_beyond_the_table_are_refused() -> None:
    for year in (2019, 2151):
        with pytest.raises(MoneyError, match="from 2020 to 2150"):
            carbon_value(year)
    with pytest.raises(MoneyError, match="no year 2151"):
        carbon_values([2024, 2151])
    with pytest.raises(MoneyError, match="level"):
        carbon_value(2024, "middle")  # type: ignore[arg-type]
    with pytest.raises(MoneyError, match="held: beis-2021, desnz-2023"):
        carbon_value(2024, series="none")
    assert carbon_values([]).shape == (0,)


def test_a_carbon_value_in_other_prices() -> None:
    assert carbon_value(2026, price_year=2024) == pytest.approx(277.22 * 100 / 90.5005, rel=1e-12)
    assert carbon_value(2026, price_year=2022) == 277.22
    assert unit(f"GBP_{carbon_value_row(2026).price_year}/tonne_co2e").dimension == "money, GBP at 2022 prices per CO2e"


def test_rebasing_does_not_reproduce_the_publishers_own_price_base() -> None:
    """Why the newest published base is the starting point: 241 in 2020 prices rebased is not 253.19."""
    rebased = carbon_value(2020, price_year=2022, series="beis-2021")
    assert rebased == pytest.approx(255.95, abs=0.01)
    assert carbon_value(2020) == 253.19
    assert carbon_value_row(2020, "beis-2021").verified == "recalled"


@pytest.mark.parametrize("name", ["values/gdp_deflator", "values/discount_rates", "values/carbon_values"])
def test_the_tables_keep_the_rules(name: str) -> None:
    assert problems_in(name) == []
