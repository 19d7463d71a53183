"""Energy made on site: nothing in scope 1 or 2 for own renewables, no export netted, a CHP's fuel shared 2 to 1."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.carbon.business.generation import power_share
from natcap.core.report import Report
from natcap.core.workbook import publish
from tests.carbon.books import project, refused, report, value
from tests.conftest import absent
from tests.core import recalc

GRID = {"activity": "Electricity", "quantity": 50_000, "unit": "kWh"}
SOLAR = {"site": "Depot", "plant": "Roof", "kind": "solar", "start": "2025-01-01", "end": "2025-12-31",
         "generated": 84_000, "exported": 21_000}  # fmt: skip
FUEL = {"activity": "Natural gas", "quantity": 300_000, "unit": "kWh", "basis": "gross", "item": "CHP 1"}
CHP = {**SOLAR, "plant": "CHP 1", "kind": "combined heat and power", "generated": 100_000, "exported": 20_000,
       "heat": 150_000, "heat_sold": 30_000}  # fmt: skip


def test_own_solar_power_is_in_no_scope_and_its_export_lowers_none(tmp_path: Path) -> None:
    """84,000 kWh made, 21,000 exported, 63,000 used; 21,000 x 0.177 kg (UK 2025) = 3.717 t stand beside."""
    plain = report(tmp_path / "a", activity=[GRID])
    found = report(tmp_path / "b", activity=[GRID], generation=[{**SOLAR, "used": 63_000}])
    for key in ("total", "scope2.location", "scope2.market", "energy_kwh"):
        assert value(found, key) == value(plain, key)
    assert found.figure("business.scope1").value is None
    assert value(found, "generation.used_kwh") == 63_000
    assert value(found, "generation.displaced") == pytest.approx(3.717)
    assert found.figure("business.generation.generated_kwh").trace.inputs[0].cell == "F2"


def test_the_fuel_of_a_chp_is_shared_two_to_one(tmp_path: Path) -> None:
    """300,000 kWh x 0.18296 = 54.888 t. Power 2 x 100,000 of 350,000: 4/7 = 31.3646 t, heat 3/7 = 23.5234 t.

    A fifth of the power (6.2729 t) and a fifth of the heat (4.7047 t) go to others and stay in scope 1.
    """
    found = report(tmp_path, activity=[FUEL], generation=[CHP])
    assert value(found, "scope1") == pytest.approx(54.888, rel=1e-5)
    assert value(found, "chp.chp_1.power") == pytest.approx(54.888 * 4 / 7, rel=1e-5)
    assert value(found, "chp.chp_1.heat") == pytest.approx(54.888 * 3 / 7, rel=1e-5)
    assert value(found, "chp.chp_1.exported") == pytest.approx(54.888 * 4 / 7 / 5, rel=1e-5)
    assert value(found, "chp.chp_1.sold") == pytest.approx(54.888 * 3 / 7 / 5, rel=1e-5)
    assert "they stay in scope 1" in found.section("chp").summary
    assert found.figure("business.chp.chp_1.power").trace.factors[0].verified == "read-secondary"


@pytest.mark.office
def test_both_tables_recalculate_to_their_values(tmp_path: Path) -> None:
    found = report(tmp_path, activity=[FUEL, GRID], generation=[CHP, SOLAR])
    publish(found, tmp_path / "out.xlsx")
    if recalc.office() is None:
        absent("LibreOffice, which recalculates the published workbooks")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 0
    assert not wrong


@given(st.floats(0, 1e9), st.floats(0, 1e9), st.floats(0.001, 1000))
def test_the_share_is_between_none_and_all_and_knows_no_unit(power: float, heat: float, scale: float) -> None:
    if power + heat < 1e-3:
        return
    share = power_share(power, heat)
    assert 0 <= share <= 1
    assert power_share(power * scale, heat * scale) == pytest.approx(share, abs=1e-9)


@pytest.mark.parametrize("power, heat", [(0, 0), (-1, 5), (5, -1)])
def test_no_output_has_no_share(power: float, heat: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        power_share(power, heat)


@pytest.mark.parametrize(
    "row, cell, said",
    [
        ({**SOLAR, "exported": 90_000}, "G2", "at most the 84000 kWh"),
        ({**SOLAR, "used": 60_000}, "H2", "63000 kWh, generated less exported"),
        ({**SOLAR, "exported": None}, "G2", "Electricity exported"),
        ({**SOLAR, "generated": -1}, "F2", "zero or more"),
        ({**SOLAR, "heat": 5}, "I2", "an empty cell"),
        ({**SOLAR, "end": "2026-01-31"}, "D2", "days of 2025"),
        ({**CHP, "heat": None}, "I2", "its useful heat"),
        ({**CHP, "heat_sold": None}, "J2", "its useful heat"),
        ({**CHP, "heat_sold": 200_000}, "J2", "at most the 150000 kWh"),
        ({**CHP, "plant": "CHP 2"}, "B2", "the meter or item of a fuel"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell(tmp_path: Path, row: dict[str, object], cell: str, said: str) -> None:
    assert said in refused(tmp_path, activity=[FUEL], generation=[row])[("Generation", cell)].expected


def test_only_on_site_energy_is_a_report_too(tmp_path: Path) -> None:
    found: Report = report(tmp_path, activity=[GRID], generation=[SOLAR])
    assert found.section("generation").table["used"].iloc[-1] == 63_000
    assert project(tmp_path).is_dir()
