"""Factors of the user's own: used where named, marked in every line, never in place of a published one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.carbon.books import refused, report, value

STEAM = {"name": "Mill steam", "value": 0.2, "unit": "kWh", "scope": "Scope 2", "category": "heat", "year": 2025,
         "source": "Mill statement p. 2"}  # fmt: skip


def test_a_named_factor_is_used_and_marked(tmp_path: Path) -> None:
    """1,000 kWh at 0.2 kg are 0.2 t, by location and by market."""
    row = {"activity": "mill  STEAM", "quantity": 1, "unit": "MWh"}
    found = report(tmp_path, activity=[row], factors=[STEAM])
    assert value(found, "scope2.location") == pytest.approx(0.2)
    assert value(found, "scope2.market") == pytest.approx(0.2)
    lines = found.lines
    assert lines is not None
    assert set(lines["match"]) == {"user"}
    assert set(lines["factor_id"]) == {"user:activity.xlsx/Factors/B2"}
    assert all("user-supplied: Mill statement p. 2" in note for note in lines["note"].astype("str"))
    assert value(found, "energy_kwh") == 1000
    assert any("Mill steam" in text and "missing and not zero" in text for text in found.run.fallbacks)


def test_nobody_names_it_nothing_changes(tmp_path: Path) -> None:
    row = {"activity": "Electricity", "quantity": 1000, "unit": "kWh"}
    with_it = report(tmp_path / "a", activity=[row], factors=[STEAM])
    without = report(tmp_path / "b", activity=[row])
    assert value(with_it, "total") == value(without, "total")


def test_gases_in_mass_are_weighted_by_their_set(tmp_path: Path) -> None:
    """10 t x (2 kg CO2 + 0.1 kg CH4 x 28 under AR5) = 48 kg; the split stands beside."""
    base = {"name": "Kiln", "unit": "tonne", "scope": "Scope 1", "category": "gases", "source": "Measured 2025"}
    rows = [{**base, "value": 2, "gas": "CO2"}, {**base, "value": 0.1, "gas": "CH4", "gwp_set": "AR5"}]
    found = report(tmp_path, activity=[{"activity": "kiln", "quantity": 10, "unit": "tonnes"}], factors=rows)
    assert value(found, "scope1") == pytest.approx(0.048)
    lines = found.lines
    assert lines is not None
    assert lines["kg_ch4"].sum() == pytest.approx(28)
    assert list(lines["gwp"]) == [1, 28]


def test_a_bound_counts_at_its_upper_end_with_its_range(tmp_path: Path) -> None:
    rows = [{"name": "New gas", "value": "< 1", "unit": "kg", "scope": "Scope 1", "category": "gases", "source": "x"}]
    found = report(tmp_path, activity=[{"activity": "New gas", "quantity": 3, "unit": "kg"}], factors=rows)
    lines = found.lines
    assert lines is not None
    line = lines.iloc[0]
    assert (line["kg_co2e"], line["low"], line["high"]) == (3, 0, 3)
    assert "< 1" in line["note"]


def test_a_number_cell_with_three_decimals_is_that_number(tmp_path: Path) -> None:
    found = report(
        tmp_path, activity=[{"activity": "Mill steam", "quantity": 1000, "unit": "kWh"}],
        factors=[{**STEAM, "value": 1.234}],
    )  # fmt: skip
    assert value(found, "scope2.location") == pytest.approx(1.234)


def test_a_factor_of_another_year_is_told(tmp_path: Path) -> None:
    row = {"activity": "Mill steam", "quantity": 1, "unit": "MWh"}
    found = report(tmp_path, activity=[row], factors=[{**STEAM, "year": 2022}])
    assert any("your factor of 2022 stands for 2025" in text for text in found.run.fallbacks)


@pytest.mark.parametrize(
    "row, cell, said",
    [
        ({"name": "Electricity"}, "A2", "a name that no published activity has"),
        ({"name": "Reported emissions"}, "A2", "a name that no published activity has"),
        ({"value": None}, "B2", "an empty cell"),
        ({"value": "about 1"}, "B2", "a number"),
        ({"value": "1.234"}, "B2", "1234"),
        ({"source": None}, "K2", "an empty cell"),
        ({"gas": "CH4"}, "E2", "AR4 or AR5"),
        ({"category": "boiler"}, "G2", "one of electricity, ev, heat"),
        ({"scope": "Scope 3"}, "G2", "from 1 to 15"),
        ({"low": 0.1}, "H2", "both ends of a range"),
        ({"low": 0.3, "high": 0.4}, "H2", "both ends of a range"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell(tmp_path: Path, row: dict[str, object], cell: str, said: str) -> None:
    told = refused(tmp_path, activity=[{"activity": "water", "quantity": 1, "unit": "m3"}], factors=[{**STEAM, **row}])
    assert said in str(told[("Factors", cell)])


def test_one_name_twice_and_a_unit_that_does_not_fit(tmp_path: Path) -> None:
    told = refused(
        tmp_path, activity=[{"activity": "Mill steam", "quantity": 1, "unit": "litres"}], factors=[STEAM, STEAM]
    )
    assert "one factor under each name" in told[("Factors", "A3")].expected
    assert "a unit of Mill steam: kWh" in told[("Activity", "D2")].expected


def test_a_slip_of_the_pen_offers_the_own_name(tmp_path: Path) -> None:
    told = refused(tmp_path, activity=[{"activity": "Mil steam", "quantity": 1, "unit": "kWh"}], factors=[STEAM])
    assert "Mill steam" in told[("Activity", "B2")].remedy
