"""One absurd entry without anything beside it to compare with is told, and so is energy no building or firm uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from natcap.carbon.business.checks import thresholds
from natcap.core.problems import InputProblems
from natcap.core.report import Report
from tests.carbon.books import report, value

POWER = {"activity": "Electricity", "quantity": 1_234_567_890, "unit": "kWh"}


def _told(found: Report, text: str) -> list[tuple[str, str]]:
    return [(w.sheet, w.cell) for w in found.warnings if text in w.found]


def test_one_absurd_bill_is_told_and_counts_as_it_stands(tmp_path: Path) -> None:
    """1,234,567,890 kWh x 0.177 kg (UK 2025) are 218,519 t: a workshop's bill with the digits of a town."""
    found = report(tmp_path, activity=[POWER])
    (warning,) = [w for w in found.warnings if "in one entry" in w.found]
    assert (warning.sheet, warning.cell) == ("Activity", "C2")
    assert "218,519 t CO2e" in warning.found
    assert "25,000 t CO2e a year" in warning.expected
    assert "judged" in warning.expected
    assert value(found, "scope2.location") == pytest.approx(218_518.51653)
    assert "1 entry stands out" in found.section("look").summary


def test_a_delivery_of_fuel_in_tonnes_that_were_kilograms(tmp_path: Path) -> None:
    """50,000 t of diesel are some 155,000 t CO2e; 50,000 kg are 155 t and quiet. One day is not made a year of."""
    day = {"activity": "Diesel", "quantity": 50_000, "start": "2025-03-04", "end": "2025-03-04"}
    assert _told(report(tmp_path / "a", activity=[{**day, "unit": "tonnes"}]), "in one entry") == [("Activity", "C2")]
    assert not _told(report(tmp_path / "b", activity=[{**day, "unit": "kg"}]), "in one entry")


def test_a_bill_of_a_month_is_brought_to_a_year(tmp_path: Path) -> None:
    """12,000,000 kWh in January: 12 GWh x 365/31 x 0.177 kg are 25,008 t a year; a tenth is quiet."""
    january = {"activity": "Electricity", "unit": "kWh", "start": "2025-01-01", "end": "2025-01-31"}
    found = report(tmp_path / "a", activity=[{**january, "quantity": 12_000_000}])
    assert _told(found, "25,008 t CO2e a year") == [("Activity", "C2")]
    assert not _told(report(tmp_path / "b", activity=[{**january, "quantity": 1_200_000}]), "t CO2e")


def test_a_large_hub_is_quiet(tmp_path: Path) -> None:
    """20 GWh of electricity and 3 million litres of diesel in a year are a large logistics hub."""
    rows = [{**POWER, "quantity": 20_000_000}, {"activity": "Diesel", "quantity": 3_000_000, "unit": "litres"}]
    found = report(tmp_path, activity=rows, sites=[{"site": "Depot", "area": 80_000, "employees": 600}])
    assert not found.warnings


def test_energy_that_no_building_uses_is_told_at_its_largest_entry(tmp_path: Path) -> None:
    """6,000,000 kWh on 500 m2 are 12,000 kWh a m2; the most that TM46 prints is 1,375 (245 + 1,130, pools)."""
    rows = [{**POWER, "quantity": 100_000}, {**POWER, "quantity": 5_900_000, "item": "Meter 2"}]
    found = report(tmp_path, activity=rows, sites=[{"site": "Depot", "area": 500}])
    assert _told(found, "12,000 kWh a year and m2 at Depot") == [("Activity", "C3")]
    litres = [{"activity": "Diesel", "quantity": 900_000, "unit": "litres"}]
    assert not _told(report(tmp_path / "b", activity=litres, sites=[{"site": "Depot", "area": 500}]), "m2 at")


def test_emissions_that_the_turnover_could_not_pay_for_are_told(tmp_path: Path) -> None:
    """28,000,000 kWh x 0.177 kg are 4,956 t on GBP 400,000: 12.39 kg a pound; power costs more."""
    turnover = [{"item": "turnover", "amount": 400_000, "unit": "GBP"}]
    found = report(tmp_path, activity=[{**POWER, "quantity": 28_000_000}], organisation=turnover)
    assert _told(found, "12.4 kg CO2e of scope 1 and 2 for each pound of turnover") == [("Organisation", "B2")]
    million = [{"item": "turnover", "amount": 4_000_000, "unit": "GBP"}]
    assert not report(tmp_path / "b", activity=[{**POWER, "quantity": 28_000_000}], organisation=million).warnings


def test_the_thresholds_are_data() -> None:
    found = thresholds()
    assert (found["entry_tonnes"], found["area_kwh"], found["turnover_kg"]) == (25_000, 10_000, 10)


def test_miles_of_electric_cars_beside_the_bill_of_their_site_are_told(tmp_path: Path) -> None:
    """The power of cars charged at the depot is on its bill; those of a site without a bill are quiet."""
    car = {"activity": "Company car: average, battery electric", "quantity": 8_000, "unit": "miles"}
    bill = {**POWER, "quantity": 40_000}
    found = report(tmp_path / "a", activity=[bill, car, {**car, "quantity": 100}])
    assert _told(found, "beside the electricity bill of Depot") == [("Activity", "C3")]
    assert value(found, "scope2.location") > value(report(tmp_path / "b", activity=[bill]), "scope2.location")
    assert not report(tmp_path / "c", activity=[bill, {**car, "site": "Yard"}]).warnings
    assert not report(tmp_path / "d", activity=[bill, {**car, "note": "Charged elsewhere"}]).warnings
    assert not report(tmp_path / "e", activity=[bill, {**car, "note": "Home charging"}]).warnings
    assert report(tmp_path / "f", activity=[bill, {**car, "note": "Charged at the depot"}]).warnings


def test_a_green_tariff_leads_to_contracts(tmp_path: Path) -> None:
    for name in ("Green electricity", "Renewable electricity tariff", "zero-carbon electricity"):
        with pytest.raises(InputProblems, match="belongs on the sheet Contracts"):
            report(tmp_path / name, activity=[{**POWER, "quantity": 40_000, "activity": name}])
