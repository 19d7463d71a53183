"""Scope 3 beyond purchases: what others run, shares of it, commuting surveys, and one state for every category."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.carbon.books import refused, report, value

GAS = {"activity": "Natural gas", "quantity": 10_000, "unit": "kWh", "basis": "gross"}


def test_the_gas_of_a_building_let_is_category_13_and_not_scope_1(tmp_path: Path) -> None:
    """10,000 kWh at 0.18296 (UK 2025, gross) are 1,829.6 kg; 40 % of it 731.84. Well-to-tank stands with it."""
    found = report(tmp_path, activity=[{**GAS, "category": 13, "owned": 40}])
    lines = found.lines
    assert lines is not None
    assert set(lines["section"]) == {"Scope 3"}
    assert {str(c)[:11] for c in lines["category"]} == {"Category 13"}
    main = lines[~lines["factor_id"].astype("str").str.contains("wtt")]
    assert main["kg_co2e"].sum() == pytest.approx(731.84, rel=1e-4)
    assert all("your share: 40 %" in note for note in lines["note"].astype("str"))
    assert all("category 13, not Scope 1" in note for note in main["note"].astype("str"))
    assert found.figure("business.scope1").value is None
    assert found.figure("business.energy_kwh").value is None


def test_electricity_of_a_franchise_has_no_market_based_twin(tmp_path: Path) -> None:
    """1,000 kWh at 0.177 with losses and well-to-tank, all under category 14."""
    row = {"activity": "Electricity", "quantity": 1000, "unit": "kWh", "category": 14}
    found = report(tmp_path, activity=[row])
    lines = found.lines
    assert lines is not None
    assert "Scope 2 (market-based)" not in set(lines["section"])
    assert found.figure("business.scope2.location").value is None
    assert value(found, "scope3.cat14") > 0.177


def test_an_investment_by_its_reported_emissions_and_the_share_held(tmp_path: Path) -> None:
    """25 % of 1,200 t are 300 t."""
    row = {"activity": "Reported emissions", "quantity": 1200, "unit": "tCO2e", "category": 15, "owned": 25}
    assert value(report(tmp_path, activity=[row]), "scope3.cat15") == pytest.approx(300)


@pytest.mark.parametrize(
    "row, cell, said",
    [
        ({**GAS, "owned": 40}, "J2", "categories 8, 13, 14 and 15"),
        ({**GAS, "category": 13, "owned": 0.4}, "J2", "from 1 to 100"),
        ({**GAS, "category": 13, "owned": 140}, "J2", "from 1 to 100"),
        ({**GAS, "category": 5}, "I2", "one of 8, 10, 11, 13, 14, 15"),
        ({"activity": "R22", "quantity": 1, "unit": "kg", "category": 13}, "I2", "an activity in a scope"),
        ({"activity": "Reported emissions", "quantity": 1, "unit": "t CO2e"}, "I2", "the scope 3 category"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell(tmp_path: Path, row: dict[str, object], cell: str, said: str) -> None:
    assert said in refused(tmp_path, activity=[row])[("Activity", cell)].expected


BUS = {"site": "Depot", "mode": "Commuting by local bus", "people": 12, "answers": 40, "headcount": 60, "days": 3,
       "weeks": 45, "each": 5, "unit": "mile", "evidence": "Survey"}  # fmt: skip
HOME = {"site": "Depot", "mode": "Homeworking", "people": 10, "days": 2, "weeks": 45, "each": 7.5, "unit": "hours"}
WATER = {"activity": "Water", "quantity": 10, "unit": "m3"}


def test_a_survey_becomes_commuting_scaled_to_everybody(tmp_path: Path) -> None:
    """12 x 60/40 = 18 people x 3 x 45 days x 2 x 5 miles = 24,300 passenger miles; 10 x 2 x 45 x 7.5 = 6,750 hours."""
    found = report(tmp_path, activity=[WATER], commuting=[BUS, HOME])
    lines = found.lines
    assert lines is not None
    mine = lines[lines["category"].astype("str").str.startswith("Category 7")]
    entered = {str(row["unit"]): row["quantity"] for row in mine.to_dict("records")}
    assert entered["passenger_mile"] == pytest.approx(24_300)
    assert entered["fte_hour"] == pytest.approx(6_750)
    assert set(mine["tier"]) == {"estimated"}
    assert set(mine["sheet"]) == {"Commuting"}
    assert {"C2", "C3"} == set(mine["cell"])
    assert any("18" not in n and "scaled by 60 of 40 answers" in n for n in mine["note"].astype("str"))


@pytest.mark.parametrize(
    "row, cell, said",
    [
        ({**BUS, "days": 8}, "F2", "from 0 to 7"),
        ({**BUS, "headcount": None}, "D2", "both, or none"),
        ({**BUS, "answers": 8}, "D2", "up to a headcount"),
        ({**BUS, "unit": "hours"}, "I2", "mile or km"),
        ({**HOME, "unit": "mile"}, "I2", "hours, for working at home"),
        ({**BUS, "mode": "Commuting by broom"}, "B2", "a known activity"),
        ({**BUS, "people": None}, "C2", "People"),
    ],
)  # fmt: skip
def test_a_survey_that_does_not_fit_is_told(tmp_path: Path, row: dict[str, object], cell: str, said: str) -> None:
    assert said in refused(tmp_path, activity=[WATER], commuting=[row])[("Commuting", cell)].expected


def test_every_category_has_exactly_one_state(tmp_path: Path) -> None:
    """Water is covered (1, 5 not), the survey estimated (7), franchises not relevant, investments missing as said."""
    stated = [
        {"category": 14, "state": "not relevant", "reason": "There are no franchises."},
        {"category": 15, "state": "missing", "reason": "Data were asked for."},
    ]
    found = report(tmp_path, activity=[{**WATER, "status": "read"}], commuting=[HOME], categories=stated)
    table = found.section("completeness").table
    assert len(table) == 15
    states = dict(zip(range(1, 16), table["state"], strict=True))
    assert (states[1], states[7], states[14], states[15], states[2]) == (
        "covered", "estimated", "not relevant", "missing", "missing",
    )  # fmt: skip
    assert set(states.values()) <= {"covered", "estimated", "not relevant", "missing"}
    assert list(table["reason"])[13] == "There are no franchises."
    assert found.section("completeness").marks[(13, "tonnes")] == "[z]"
    assert found.section("completeness").marks[(14, "tonnes")] == "[x]"


def test_a_state_that_the_entries_contradict_is_refused(tmp_path: Path) -> None:
    stated = [
        {"category": 1, "state": "not relevant", "reason": "We buy nothing."},
        {"category": 9, "state": "covered", "reason": "All of it."},
        {"category": 16, "state": "missing", "reason": "x"},
        {"category": 9, "state": "missing", "reason": "x"},
        {"category": 3, "state": "missing", "reason": None},
    ]
    told = refused(tmp_path, activity=[WATER], categories=stated)
    assert told[("Categories", "B2")].expected == "covered or estimated"
    assert "not relevant or missing" in told[("Categories", "B3")].expected
    assert ("Categories", "A4") in told
    assert told[("Categories", "A5")].expected == "each category once"
    assert ("Categories", "C6") in told
