"""Reduction options: by hand, then identities, then what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.carbon.business import trunk
from natcap.carbon.business.figures import GROSS
from natcap.carbon.business.options.appraise import cash_flow, payback, ranked
from natcap.carbon.business.options.model import GUIDANCE, MODELS
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, write_template
from tests.carbon.bills import example_with
from tests.conftest import absent
from tests.core import recalc

LIGHTS: dict[str, Any] = {"option": "New lights", "kind": "lighting", "start": 2026, "life": 10, "capital": 8000,
                          "price_year": 2024, "plan": "yes"}  # fmt: skip
LIGHTS_SAVE: dict[str, Any] = {"option": "New lights", "activity": "Electricity from the grid", "saved": 10_000,
                               "unit": "kWh", "price": 0.25}  # fmt: skip
PUMP: dict[str, Any] = {
    "option": "Heat pump", "kind": "heat pump", "start": 2027, "life": 20, "capital": 50_000, "grant": 5_000,
    "running": 100, "price_year": 2024, "plan": "yes", "either": "heat",
}  # fmt: skip
PUMP_GAS: dict[str, Any] = {"option": "Heat pump", "activity": "Natural gas", "saved": 40_000, "unit": "kWh",
                            "basis": "gross", "price": 0.06}  # fmt: skip
PUMP_POWER: dict[str, Any] = {"option": "Heat pump", "activity": "Electricity from the grid", "saved": -12_000,
                              "unit": "kWh", "price": 0.25}  # fmt: skip
Build = Callable[..., Report]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    example_with(tmp_path, options="options.xlsx")

    def job(options: list[dict[str, Any]], effects: list[dict[str, Any]], rate: object = 0.08) -> Report:
        tables = {"options": options, "effects": effects}
        write_template(MODELS, tmp_path / "options.xlsx", "Options", GUIDANCE, True, tables)
        project = read_project(tmp_path)
        del project.choices["options_discount_rate"]
        if rate is not None:
            project.choices["options_discount_rate"] = rate
        return trunk.build(project)

    return job


def told(build: Build, *arguments: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        build(*arguments)
    return str(caught.value)


def value(report: Report, key: str) -> float:
    found = report.figure(f"business.options.{key}").value
    assert found is not None
    return found


def both(build: Build) -> Report:
    return build([LIGHTS, PUMP], [LIGHTS_SAVE, PUMP_GAS, PUMP_POWER])


def test_by_hand(build: Build) -> None:
    """2,500 GBP a year for 10 years at 8 %: annuity (1 - 1.08^-10) / 0.08 = 6.710081; less 8,000 is 8,775.20 GBP.

    The heat pump saves 2,400, uses 3,000 of power and 100 of upkeep: it loses 700 a year and never pays back.
    """
    report = both(build)
    assert value(report, "new_lights.npv") == pytest.approx(2500 * 6.710081399 - 8000, abs=1e-4)
    table = report.section("options").table.set_index("option")
    assert table.loc["New lights", "payback"] == pytest.approx(3.2)
    assert np.isnan(table.loc["Heat pump", "payback"])
    assert table.loc["Heat pump", "saving"] == pytest.approx(2400 - 3000 - 100)
    assert table.loc["Heat pump", "outlay"] == 45_000


def test_emissions_stand_on_the_factors_of_the_inventory(build: Build) -> None:
    report = both(build)
    lines = report.lines
    assert lines is not None
    mine = lines[
        (lines["activity"] == "electricity")
        & lines["section"].isin(GROSS)
        & (lines["period"] == "2025-01-01 to 2025-12-31")
    ]
    units = mine[mine["section"] == "Scope 2"]["factor_quantity"].sum()
    assert value(report, "new_lights.tonnes") == pytest.approx(10 * mine["kg_co2e"].sum() / units, rel=1e-9)
    refs = report.figure("business.options.new_lights.tonnes").trace.factors
    assert sum(ref.value for ref in refs) == pytest.approx(mine["kg_co2e"].sum() / units, rel=1e-9)
    cell = report.figure("business.options.new_lights.tonnes").trace.inputs[0]
    assert (cell.sheet, cell.value, cell.unit) == ("Effects", "10000", "kWh")
    plan = value(report, "plan.tonnes")
    assert plan == pytest.approx(value(report, "new_lights.tonnes") + value(report, "heat_pump.tonnes"))


def test_the_curve_puts_what_pays_first_and_never_ranks_gains_by_cost_per_tonne(build: Build) -> None:
    small = LIGHTS | {"option": "Timer", "capital": 100, "kind": "controls"}
    save = LIGHTS_SAVE | {"option": "Timer", "saved": 500}
    report = build([PUMP, small, LIGHTS], [PUMP_GAS, PUMP_POWER, save, LIGHTS_SAVE])
    curve = report.section("options_curve").table
    assert curve["option"].tolist() == ["New lights", "Timer", "Heat pump"]
    timer, lights = (curve.set_index("option").loc[n, "per_tonne"] for n in ("Timer", "New lights"))
    assert timer < lights < 0
    assert curve["cumulative"].is_monotonic_increasing


@pytest.mark.parametrize(
    "options, effects, said",
    [
        ([LIGHTS | {"life": 0}], [LIGHTS_SAVE], "years from 1 to 100"),
        ([LIGHTS | {"grant": 9000}], [LIGHTS_SAVE], "no more than the capital cost"),
        ([LIGHTS, LIGHTS], [LIGHTS_SAVE], "each option once"),
        ([LIGHTS], [LIGHTS_SAVE | {"option": "New light"}], "Did you mean 'New lights'"),
        ([LIGHTS], [], "an effect on the sheet Effects"),
        ([LIGHTS], [LIGHTS_SAVE | {"tonnes": 3}], "one of the two"),
        ([LIGHTS], [{"option": "New lights", "tonnes": 3}], "how the tonnes were worked out"),
        ([LIGHTS], [LIGHTS_SAVE | {"saved": 1e9}], "no more than the"),
        ([PUMP, PUMP | {"option": "Boiler"}], [PUMP_GAS, PUMP_GAS | {"option": "Boiler"}], "they exclude each other"),
        ([LIGHTS, PUMP | {"price_year": 1900}], [LIGHTS_SAVE, PUMP_GAS], "no year 1900"),
        ([PUMP], [PUMP_GAS | {"basis": ""}], "the calorific basis"),
        ([LIGHTS | {"price_year": 2031}], [LIGHTS_SAVE], "a year of prices that are known, to 2028"),
        ([LIGHTS | {"start": 2010}], [LIGHTS_SAVE], "Its life is over"),
        ([LIGHTS], [LIGHTS_SAVE | {"price": -0.25}], "a saving below zero, at a price above it"),
        ([LIGHTS], [{"option": "New lights", "tonnes": 999_999, "evidence": "Survey"}], "Are they kilograms?"),
        (
            [PUMP | {"plan": ""}, PUMP | {"option": "Boiler", "plan": ""}],
            [PUMP_GAS, PUMP_GAS | {"option": "Boiler"}],
            "Say yes for one and no for the others",
        ),
    ],
)
def test_wrong_options_are_told_with_their_cell(
    build: Build, options: list[dict[str, Any]], effects: list[dict[str, Any]], said: str
) -> None:
    text = told(build, options, effects)
    assert said in text
    assert "options.xlsx, sheet " in text


def test_what_worked_before_the_period_is_warned_of(build: Build) -> None:
    report = build([LIGHTS | {"start": 2020}], [LIGHTS_SAVE])
    assert any("in the inventory already" in str(p) for p in report.warnings)


def test_together_they_save_no_more_than_was_used(build: Build) -> None:
    """Each half of the gas alone is possible; twice seven tenths of it is not."""
    report = build([PUMP], [PUMP_GAS])
    lines = report.lines
    assert lines is not None
    gas = lines[
        (lines["activity"] == "natural-gas")
        & (lines["section"] == "Scope 1")
        & (lines["period"] == "2025-01-01 to 2025-12-31")
    ]
    most = PUMP_GAS | {"saved": float(gas["quantity"].sum()) * 0.7}
    second = PUMP | {"option": "Insulation", "kind": "insulation", "either": ""}
    text = told(build, [PUMP, second], [most, most | {"option": "Insulation"}])
    assert "saved by the options of the plan together" in text


@pytest.mark.parametrize("rate", [None, 8, "8 %", True])
def test_the_rate_is_asked_for(build: Build, rate: object) -> None:
    text = told(build, [LIGHTS], [LIGHTS_SAVE], rate)
    assert "0.08 for 8 %" in text
    assert "cell choices.options_discount_rate" in text


ROW = st.tuples(
    st.integers(2025, 2035), st.integers(1, 30), st.floats(0, 1e6), st.floats(-1e5, 1e5), st.floats(-50, 500)
)


@given(st.lists(ROW, min_size=1, max_size=8))
def test_the_cash_flow_holds_every_outlay_and_every_saving(rows: list[tuple[int, int, float, float, float]]) -> None:
    table = pd.DataFrame(rows, columns=["start", "life", "outlay", "saving", "tonnes"])
    flow = cash_flow(table)
    assert flow["net"].sum() == pytest.approx((table["saving"] * table["life"] - table["outlay"]).sum(), abs=1e-3)
    assert flow["tonnes"].sum() == pytest.approx((table["tonnes"] * table["life"]).sum(), abs=1e-6)
    assert flow["to_date"].iloc[-1] == pytest.approx(flow["net"].sum(), abs=1e-3)


@given(st.lists(st.tuples(st.floats(-1e5, 1e5), st.floats(0.1, 1e3)), min_size=1, max_size=10))
def test_the_curve_holds_each_option_once(rows: list[tuple[float, float]]) -> None:
    table = pd.DataFrame(rows, columns=["npv", "tonnes"]).assign(lifetime=lambda d: d["tonnes"] * 10)
    table["per_tonne"] = -table["npv"] / table["lifetime"]
    found = ranked(table)
    assert len(found) == len(table)
    assert found["cumulative"].iloc[-1] == pytest.approx(table["tonnes"].sum())
    assert (np.diff((found["npv"] < 0).to_numpy().astype(int)) >= 0).all()


def test_payback_is_never_guessed() -> None:
    found = payback(np.array([0.0, 100, 100, 100]), np.array([-5.0, 0, 10, 50]), np.array([5.0, 5, 5, 5]))
    assert found[0] == 0
    assert np.isnan(found[1:3]).all()
    assert found[3] == 2


@pytest.mark.office
def test_it_recalculates_to_its_own_values(build: Build, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice is not installed")
    publish(both(build), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert not wrong
    assert count > 100
