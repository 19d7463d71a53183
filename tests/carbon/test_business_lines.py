"""Bills to lines: the worked cases, the companions, what splitting and order must not change."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.carbon.business.uses import interpolate
from natcap.core.gwp import gwp
from natcap.core.lines import COLUMNS, MARKET, OUTSIDE, gross
from tests.carbon.bills import kg, lines_of


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, Any]:
    """The worked cases of the shared folder by id."""
    return {case["id"]: case for case in json.loads((shared / "worked" / "carbon.json").read_text(encoding="utf-8"))}


def test_h04_a_thousand_megawatt_hours(tmp_path: Path, cases: dict[str, Any]) -> None:
    case = cases["H04"]
    for unit, expected in (("MWh", case["expected"]), ("kWh", case["expected"] / 1000)):
        lines = lines_of(tmp_path, [{"Activity": "electricity", "Quantity": 1000, "Unit": unit}])
        assert kg(lines, "Scope 2") / 1000 == pytest.approx(expected, abs=case["abs_tolerance"])


def test_h08_majority_uses_the_2024_set(tmp_path: Path, cases: dict[str, Any]) -> None:
    row = {"Activity": "electricity", "Quantity": cases["H08"]["inputs"]["electricity_kWh"], "Unit": "kWh"}
    lines = lines_of(tmp_path, [row], "2024-04-01 to 2025-03-31")
    assert kg(lines, "Scope 2") / 1000 == pytest.approx(cases["H08"]["expected"], abs=cases["H08"]["abs_tolerance"])
    assert set(lines[lines["section"] == "Scope 2"]["edition"]) == {"uk_gov 2024 v1.1"}


def test_h09_blended_uses_both_sets_by_days(tmp_path: Path, cases: dict[str, Any]) -> None:
    case = cases["H09"]
    start = date(2020, 1, 1) - timedelta(days=case["inputs"]["days"]["2019"])
    period = f"{start} to {start + timedelta(days=364)}"
    row = {"Activity": "electricity", "Quantity": case["inputs"]["electricity_kWh"], "Unit": "kWh"}
    lines = lines_of(tmp_path, [row], period, factor_year_rule="blended")
    assert kg(lines, "Scope 2") / 1000 == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    location = lines[lines["section"] == "Scope 2"]
    assert list(location["factor"]) == [0.2556, 0.23314]
    assert set(location["match"]) == {"blended"}
    assert location["quantity"].sum() == pytest.approx(100_000, rel=1e-12)
    assert "0.60274 of the quantity" in location["note"].iloc[0]


def test_h10_a_blend_of_biodiesel(tmp_path: Path, cases: dict[str, Any]) -> None:
    """The official formula on its own rounded values, then on the 2021 rows themselves."""
    case = cases["H10"]
    share = case["inputs"]["share_biodiesel"] * 100
    values = {"mineral": 2.706, "bio": 0.168}
    mixed = sum(values[name] * weight for name, weight in interpolate([(0, "mineral"), (100, "bio")], share))
    assert mixed == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    row = {"Activity": "diesel", "Quantity": 1000, "Unit": "litres", "Load or blend (%)": 20}
    lines = lines_of(tmp_path, [row], "2021")
    assert kg(lines, "Scope 1") / 1000 == pytest.approx(0.8 * 2.70553 + 0.2 * 0.16751, abs=1e-9)
    assert kg(lines, OUTSIDE) > 0


def test_h13_freight_by_tonne_kilometres(tmp_path: Path, cases: dict[str, Any]) -> None:
    case = cases["H13"]
    moved = case["inputs"]["tonnes"] * case["inputs"]["km"]
    row = {"Activity": "Freight HGV: artic >33t, average laden", "Quantity": moved, "Unit": "tonne.km"}
    lines = lines_of(tmp_path, [row])
    main = lines[lines["factor_id"].astype("str").str.contains("/freighting-goods/")]
    assert main["kg_co2e"].sum() == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    assert list(main["category"]) == ["Category 4: upstream transportation and distribution"]


def test_h14_a_lorry_at_three_quarters_load(tmp_path: Path, cases: dict[str, Any]) -> None:
    case = cases["H14"]
    row = {"Activity": "HGV artic >33t", "Quantity": 1, "Unit": "km", "Load or blend (%)": case["inputs"]["load"] * 100}
    lines = lines_of(tmp_path, [row])
    assert kg(lines, "Scope 1") == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    assert list(lines[lines["section"] == "Scope 1"]["quantity"]) == [0.5, 0.5]


def test_h28_r410a_by_its_parts_and_as_published(tmp_path: Path, cases: dict[str, Any]) -> None:
    case = cases["H28"]
    blend = 0.5 * gwp("R32", "AR5").value + 0.5 * gwp("R125", "AR5").value
    assert blend == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    assert kg(lines_of(tmp_path, [{"Activity": "R410A", "Quantity": 1, "Unit": "kg"}]), "Scope 1") == 1924
    assert kg(lines_of(tmp_path, [{"Activity": "R410A", "Quantity": 1, "Unit": "kg"}], "2021"), "Scope 1") == 2088


def test_a_large_plug_in_hybrid_over_ten_thousand_miles(tmp_path: Path) -> None:
    """METHODS_carbon, worked figures: 10,000 miles at 0.11397 kg give 1,140 kg (2023 set)."""
    row = {"Activity": "company car large plug-in hybrid", "Quantity": 10_000, "Unit": "miles"}
    lines = lines_of(tmp_path, [row], "2023")
    assert kg(lines, "Scope 1") == pytest.approx(1140, abs=0.5)
    # What it takes from the grid is scope 2, with its losses in scope 3.
    assert kg(lines, "Scope 2", "Electricity for vehicles") > 0
    assert set(lines["section"]) == {"Scope 1", "Scope 2", MARKET, "Scope 3"}


@pytest.mark.parametrize(
    "year, electricity, losses, gas, diesel",
    [
        (2016, 0.41205, 0.03727, 0.183997, 2.611625), (2019, 0.2556, 0.0217, 0.18385, 2.59411),
        (2021, 0.21233, 0.01879, 0.18316, 2.51233), (2022, 0.19338, 0.01769, 0.18254, 2.55784),
        (2023, 0.207074, 0.017915, 0.182929, 2.512064), (2025, 0.177, 0.01853, 0.18296, 2.57082),
    ],
)  # fmt: skip
def test_known_values_over_the_years(
    tmp_path: Path, year: int, electricity: float, losses: float, gas: float, diesel: float
) -> None:
    """The table of METHODS_carbon, through bills of 1,000 units each."""
    rows = [
        {"Activity": "electricity", "Quantity": 1000, "Unit": "kWh"},
        {"Activity": "gas", "Quantity": 1000, "Unit": "kWh", "Calorific basis": "gross"},
        {"Activity": "diesel", "Quantity": 1000, "Unit": "litres"},
    ]
    lines = lines_of(tmp_path, rows, str(year))
    assert kg(lines, "Scope 2") / 1000 == pytest.approx(electricity, abs=5e-7)
    assert kg(lines, "Scope 1") / 1000 == pytest.approx(gas + diesel, abs=1e-6)
    t_and_d = lines[lines["factor_id"].astype("str").str.contains("/t-d-uk-electricity/")]
    assert t_and_d["kg_co2e"].sum() / 1000 == pytest.approx(losses, abs=5e-7)


def test_electricity_becomes_six_lines_and_only_one_is_scope_2(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, [{"Activity": "electricity", "Quantity": 1000, "Unit": "kWh"}])
    assert list(lines["section"]) == ["Scope 2", MARKET, "Scope 3", "Scope 3", "Scope 3", OUTSIDE]
    assert list(lines["basis"])[:2] == ["location", "market"]
    assert kg(lines, "Scope 3", "Category 3") == pytest.approx(18.53 + 45.90 + 3.97)
    assert gross(lines)["kg_co2e"].sum() == pytest.approx(177 + 68.40)
    assert list(lines.columns) == list(COLUMNS)


def test_without_a_contract_the_last_residual_mix_stands_in_and_says_so(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, [{"Activity": "electricity", "Quantity": 1000, "Unit": "kWh"}])
    market = lines[lines["section"] == MARKET].iloc[0]
    assert (market["factor"], market["match"]) == (0.36515, "earlier edition")
    assert "of 2022, the last year known" in market["note"]
    chosen = lines_of(tmp_path, [{"Activity": "electricity", "Quantity": 1, "Unit": "kWh"}], market_fallback="location")
    assert kg(chosen, MARKET) == kg(chosen, "Scope 2")
    assert "location-based factor stands in" in chosen[chosen["section"] == MARKET].iloc[0]["note"]


def test_biogenic_carbon_stands_outside_of_scopes(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, [{"Activity": "wood pellets", "Quantity": 2, "Unit": "t"}])
    assert kg(lines, "Scope 1") == pytest.approx(2 * 55.19389)
    assert kg(lines, OUTSIDE) == pytest.approx(2 * 1677.18)
    assert list(lines[lines["section"] == OUTSIDE]["gas"]) == ["CO2"]


def test_gases_outside_the_kyoto_protocol_are_in_no_scope(tmp_path: Path) -> None:
    rows = [{"Activity": "R22", "Quantity": 2, "Unit": "kg"}, {"Activity": "R403A", "Quantity": 1, "Unit": "kg"}]
    lines = lines_of(tmp_path, rows)
    assert kg(lines, "Scope 1") == 1780
    assert kg(lines, OUTSIDE) == 2 * 1760 + 1320


def test_a_printed_bound_is_counted_at_its_upper_end_with_its_range(tmp_path: Path) -> None:
    rows = [{"Activity": "R1234yf", "Quantity": 3, "Unit": "kg"}]
    lines = lines_of(tmp_path, rows, "2022")
    assert list(lines[["low", "kg_co2e", "high"]].iloc[0]) == [0.0, 3.0, 3.0]
    assert "upper bound" in lines["note"].iloc[0]


def test_a_companion_without_a_published_value_makes_no_line_and_is_told(tmp_path: Path) -> None:
    from natcap.carbon.business.lines import calculate
    from natcap.carbon.business.models import Choices
    from natcap.carbon.inventory import factor_years
    from tests.carbon.bills import read

    book, _ = read(tmp_path, [{"Activity": "lubricants", "Quantity": 10, "Unit": "litres"}])
    lines, _, plan = calculate(book.rows, (), factor_years(book.rows.period), Choices())
    assert list(lines["section"]) == ["Scope 1"]
    assert len(plan.said("gaps")) == 1
    assert "missing and not zero" in plan.said("gaps")[0]


def test_every_line_keeps_its_cell_and_names_its_factor_row(tmp_path: Path) -> None:
    rows = [
        {"Activity": "gas", "Quantity": 10, "Unit": "kWh", "Calorific basis": "gross", "Evidence": "bill 7"},
        {"Activity": "water", "Quantity": 3, "Unit": "m3", "Meter or item": "M1", "Note": "shared meter"},
    ]
    lines = lines_of(tmp_path, rows)
    assert list(lines["cell"]) == ["C2", "C2", "C3"]
    assert list(lines["evidence"]) == ["bill 7", "bill 7", ""]
    assert list(lines["note"])[-1] == "shared meter"
    assert list(lines["item"])[-1] == "M1"
    assert set(lines["file"]) == {"bills.csv"}
    assert lines["factor_id"].astype("str").str.startswith("uk_gov/2025/").all()
    assert (lines["kg"] == lines["factor_quantity"] * lines["factor"]).all()


def test_a_scope_3_entry_moves_to_another_category(tmp_path: Path) -> None:
    row = {"Activity": "Freight by rail", "Quantity": 1000, "Unit": "tonne.km", "Scope 3 category": 9}
    lines = lines_of(tmp_path, [row])
    assert set(lines["category"]) == {"Category 9: downstream transportation and distribution"}


def test_miles_and_kilometres_of_one_journey_agree_within_printed_rounding(tmp_path: Path) -> None:
    miles = lines_of(tmp_path, [{"Activity": "own van class III diesel", "Quantity": 1000, "Unit": "miles"}])
    km = lines_of(tmp_path, [{"Activity": "own van class III diesel", "Quantity": 1609.344, "Unit": "km"}])
    assert kg(miles, "Scope 1") == pytest.approx(kg(km, "Scope 1"), rel=1e-4)


@settings(max_examples=20)
@given(st.integers(1, 363), st.floats(0.01, 1e9))
def test_splitting_a_bill_by_days_changes_nothing(cut: int, quantity: float) -> None:
    """A year's bill is the sum of its two parts, whatever the day of the cut."""
    day = date(2025, 1, 1) + timedelta(days=cut)
    first = quantity * (cut + 1) / 365
    whole = {"Activity": "diesel", "Unit": "litres"}
    with TemporaryDirectory() as folder:
        one = lines_of(Path(folder), [{**whole, "Quantity": quantity}])
        two = lines_of(Path(folder), [
            {**whole, "Quantity": first, "Period end": day.isoformat()},
            {**whole, "Quantity": quantity - first, "Period start": (day + timedelta(days=1)).isoformat()},
        ])  # fmt: skip
    for section in ("Scope 1", "Scope 3", OUTSIDE):
        assert kg(one, section) == pytest.approx(kg(two, section), rel=1e-9)


@settings(max_examples=20)
@given(st.dates(date(2024, 1, 1), date(2024, 12, 31)), st.integers(1, 400))
def test_a_bill_that_straddles_two_years_is_counted_once(start: date, days: int) -> None:
    """What this year counts and what last year counts of a bill are the bill."""
    end = min(start + timedelta(days=days), date(2025, 12, 31))
    row = {"Activity": "water", "Quantity": 1000, "Unit": "m3", "Period start": start.isoformat()}
    counted = 0.0
    with TemporaryDirectory() as folder:
        for year in ("2024", "2025"):
            if end.year >= int(year):
                lines = lines_of(Path(folder), [{**row, "Period end": end.isoformat()}], year)
                counted += float(lines["quantity"].sum())
    assert counted == pytest.approx(1000, rel=1e-12)


@settings(max_examples=15)
@given(st.permutations(range(6)))
def test_order_of_rows_does_not_matter(order: list[int]) -> None:
    rows = [
        {"Activity": "electricity", "Quantity": 1234.5, "Unit": "kWh"},
        {"Activity": "gas", "Quantity": 987, "Unit": "kWh", "Calorific basis": "gross"},
        {"Activity": "diesel", "Quantity": 55.25, "Unit": "litres"},
        {"Activity": "R404A", "Quantity": 0.75, "Unit": "kg"},
        {"Activity": "taxi", "Quantity": 120, "Unit": "km"},
        {"Activity": "artic >33t", "Quantity": 10, "Unit": "km", "Load or blend (%)": 30},
    ]
    with TemporaryDirectory() as folder:
        plain = lines_of(Path(folder), rows)
        mixed = lines_of(Path(folder), [rows[i] for i in order])
    keys = ["factor_id", "section"]
    one, two = (
        f.assign(**{k: f[k].astype("str") for k in keys}).groupby(keys)["kg_co2e"].sum().sort_index()
        for f in (plain, mixed)
    )
    pd.testing.assert_series_equal(one, two, check_exact=True)


def test_a_year_of_whole_bills_is_not_touched_by_the_split(tmp_path: Path) -> None:
    """A bill inside the period keeps its quantity to the last bit."""
    value = 0.1 + 0.2
    lines = lines_of(tmp_path, [{"Activity": "water", "Quantity": repr(value), "Unit": "m3"}])
    assert lines["quantity"].iloc[0] == value


def test_missing_gases_stay_missing(tmp_path: Path) -> None:
    lines = lines_of(tmp_path, [{"Activity": "R410A", "Quantity": 1, "Unit": "kg"}])
    assert np.isnan(lines[["kg_co2", "kg_ch4", "kg_n2o", "low", "high"]].to_numpy(dtype="float64")).all()
