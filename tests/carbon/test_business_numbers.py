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


def test_electricity_of_2023_under_the_older_potentials(tmp_path: Path) -> None:
    """2023 workbook, kg CO2e a kWh by gas under AR5: 0.20496 CO2, 28 x 3.2e-5 CH4, 265 x 4.597e-6 N2O.

    Under AR4 (25, 298): 0.20496 + 0.000896 x 25/28 + 0.001218205 x 298/265 = 0.2071299; 1,000 kWh: 207.13 kg.
    Losses are published by gas as well; well-to-tank is not, and stays as published (its line says so).
    """
    row = {"Activity": "Electricity", "Quantity": 1000, "Unit": "kWh"}
    lines = lines_of(tmp_path, [row], "2023", gwp_set="AR4", market_fallback="location")
    expected = 0.20496 + 0.000896 * 25 / 28 + 0.001218205 * 298 / 265
    assert kg(lines, "Scope 2") == pytest.approx(1000 * expected, rel=2e-5)
    assert lines["kg_co2e"].to_numpy() == pytest.approx((lines["kg"] * lines["gwp"]).to_numpy(), rel=1e-12)
    first = lines[lines["section"] == "Scope 2"].iloc[0]
    assert first["gwp_set"] == "AR4"
    assert first[["kg_co2", "kg_ch4", "kg_n2o"]].sum() == pytest.approx(first["kg_co2e"], rel=2e-5)
    tank = lines[lines["factor_id"].astype("str").str.contains("/wtt-")]
    assert set(tank["gwp_set"]) == {"AR5"}
    assert all("stays under AR5" in note for note in tank["note"])


@pytest.mark.parametrize(("year", "wanted", "each"), [("2023", "AR4", 2087.5), ("2022", "AR5", 1923.5)])
def test_a_blend_of_refrigerants_by_its_components(tmp_path: Path, year: str, wanted: str, each: float) -> None:
    """R410A, half R32 and half R125: (675 + 3,500) / 2 = 2,087.5 under AR4, (677 + 3,170) / 2 = 1,923.5 under AR5."""
    row = {"Activity": "R410A", "Quantity": 10, "Unit": "kg"}
    assert kg(lines_of(tmp_path, [row], year, gwp_set=wanted), "Scope 1") == pytest.approx(10 * each, rel=1e-9)


def test_the_set_of_the_edition_changes_nothing(tmp_path: Path) -> None:
    """2023 is under AR5: 1,000 kWh of gas (gross) are 182.929 kg either way."""
    row = {"Activity": "Natural gas", "Quantity": 1000, "Unit": "kWh", "Calorific basis": "gross"}
    assert kg(lines_of(tmp_path, [row], "2023", gwp_set="AR5"), "Scope 1") == pytest.approx(182.929, abs=5e-4)
