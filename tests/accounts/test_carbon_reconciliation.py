"""The carbon account beside the service of greenhouse gases: worked by hand, its identities, what it must refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from natcap.accounts import trunk
from natcap.accounts.services.model import GUIDANCE as SERVICES_GUIDANCE
from natcap.accounts.services.model import MODELS as SERVICES
from natcap.accounts.stock_account.gases import GASES, Types
from natcap.accounts.stock_account.model import GUIDANCE, MODELS
from natcap.accounts.stock_account.reconcile import CAUSES, Reconciled
from natcap.accounts.stock_account.reconcile_sheets import bridge_values
from natcap.accounts.stock_account.service import ServiceFlow
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, write_template
from tests.accounts.maps import project, write_tif
from tests.conftest import absent
from tests.core import recalc

FEN = np.full((10, 10), 8, dtype="uint8")
"""A hundred cells of 1 ha of fen."""
MIXED = FEN.copy()
MIXED[:3], MIXED[3:5] = 1, 20
"""Deciduous woodland, urban, fen: 30, 20 and 50 ha. The library has no rate of the service for urban land."""
WETLAND = "Freshwater, wetlands, and floodplains"
LOSS = {"class": "8", "pool": "soil", "kind": "disturbance", "tonnes": 250.0, "source": "drainage survey"}
STILL = {"class": "8", "pool": "vegetation", "kind": "growth", "tonnes": 0.0, "source": "survey"}
METHANE = {"type": "Fen", "gas": "CH4", "emission": 1.0, "unit": "t/year", "source": "flux tower"}

Build = Callable[..., Report]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def job(
        flow: float | None = None, moves: list[dict[str, Any]] | None = None, gases: list[dict[str, Any]] | None = None,
        opening: np.ndarray = FEN, closing: np.ndarray | None = None, kind: str = WETLAND,
        **choices: Any,
    ) -> Report:  # fmt: skip
        write_tif(tmp_path / "a.tif", opening, cell=100.0)
        write_tif(tmp_path / "b.tif", opening if closing is None else closing, cell=100.0)
        named = {"opening": "a.tif", "closing": "b.tif"}
        if moves or gases:
            tables = {"carbon_movements": moves or [], "other_gases": gases or []}
            write_template(MODELS, tmp_path / "m.xlsx", "Carbon", GUIDANCE, True, tables)
            named["carbon_movements"] = "m.xlsx"
        chosen: dict[str, Any] = {"classes": "ukceh_lcm_21", "opening_year": 2018, "closing_year": 2023,
                                  "comparable": True, "price_year": 2022, "assets": False, "draws": 1000}  # fmt: skip
        if flow is not None:
            rows = [{"service": "greenhouse_gas_regulation", "zone": "all", "type": kind, "year": year, "flow": flow,
                     "unit": "tonne_co2e", "evidence": "a survey"} for year in (2018, 2023)]  # fmt: skip
            write_template(SERVICES, tmp_path / "s.xlsx", "Services", SERVICES_GUIDANCE, True, {"readings": rows})
            named["services"] = "s.xlsx"
            chosen["services"] = "own"
        return trunk.build(read_project(project(tmp_path, named, chosen | choices)))

    return job


def told(build: Build, *args: Any, **choices: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        build(*args, **choices)
    return str(caught.value)


def line(report: Report, name: str, key: str = "total") -> float:
    found = report.figure(f"carbon_account.reconciled.{name}.{key}").value
    assert found is not None
    return found


def warned(report: Report) -> list[str]:
    return [str(w) for w in report.warnings if "residual" in str(w)]


@pytest.mark.parametrize(("flow", "residual"), [(-28 - 550 / 3, 0.0), (-250.0, -250 + 28 + 550 / 3)])
def test_a_drained_fen_by_hand(build: Build, flow: float, residual: float) -> None:
    """100 ha of fen over 5 years, growth 0. Soil loses 250 t C: 50 a year x 44/12 = 183.33 t CO2 given off. One tonne
    of methane a year x 28 (AR5) = 28 t CO2e given off. Expected service -211.33; of -250, -38.67 is left, 15.5 %."""
    report = build(flow, [LOSS, STILL], [METHANE])
    assert line(report, "account") == pytest.approx(-550 / 3, rel=1e-12)
    assert line(report, "ch4") == pytest.approx(-28, rel=1e-12)
    assert line(report, "expected") == pytest.approx(-28 - 550 / 3, rel=1e-12)
    assert line(report, "service") == pytest.approx(flow, rel=1e-12)
    assert line(report, "residual") == pytest.approx(residual, abs=1e-9)
    assert not [f.id for f in report.figures if ".n2o." in f.id]
    assert len(warned(report)) == (1 if residual else 0)
    check = next(c for c in report.checks if c.id == "carbon_account.reconciled")
    assert check.passed
    if residual:
        assert "-39 t CO2e a year" in warned(report)[0]
        assert "Every cause was entered" not in warned(report)[0]  # no N2O
        assert "N2O of organic soil" in warned(report)[0]
        table = report.section("carbon_service_by_type").table
        assert table["share"].iloc[-1] == pytest.approx(-38.6667 / 250, rel=1e-5)


def test_methane_walks_back_to_its_cell_and_its_potential(build: Build) -> None:
    report = build(-250.0, [LOSS], [METHANE])
    key = next(f.id for f in report.figures if ".ch4." in f.id and "total" not in f.id)
    trace = report.figure(key).trace
    assert [(i.file, i.sheet, i.value, i.unit) for i in trace.inputs] == [("m.xlsx", "Other gases", "1", "t/year")]
    assert [(f.id, f.value) for f in trace.factors] == [("gwp.AR5.CH4", 28.0)]


@pytest.mark.parametrize(
    ("row", "choice", "tonnes"),
    [
        ({"emission": 10.0, "unit": "kg/ha/year"}, "AR5", 28.0),
        ({"emission": 10.0, "unit": "kg/ha/year", "hectares": 50.0}, "AR5", 14.0),
        ({"emission": 25.0, "unit": "t CO2e/year", "set": "AR4"}, "AR5", 28.0),
        ({"emission": 0.25, "unit": "t CO2e/ha/year", "set": "AR4"}, "AR5", 28.0),
        ({"gas": "N2O", "emission": 2.0}, "AR5", 530.0),
        ({"emission": 1.0}, "AR6", 27.0),
        ({"emission": -1.0}, "AR5", -28.0),
    ],
)
def test_units_and_potentials_by_hand(build: Build, row: dict[str, Any], choice: str, tonnes: float) -> None:
    """10 kg x 100 ha = 1 t of methane: 28 t CO2e by AR5, 25 by AR4, 27 (not fossil) by AR6. Nitrous oxide 265, AR5."""
    report = build(-250.0, [], [METHANE | row], carbon_gwp=choice)
    assert line(report, "n2o" if row.get("gas") else "ch4") == pytest.approx(-tonnes, rel=1e-12)
    assert report.run.choices["carbon_gwp"] == choice


def test_without_growth_the_service_implies_it_and_nothing_uses_it(build: Build) -> None:
    """30 ha of woodland kept their class; the library says 4.5 t CO2e/ha: 135, and 4.5 x 12/44 = 1.227 t C/ha/year."""
    report = build(opening=MIXED, services="library")
    wood = next(f for f in report.figures if f.id.startswith("carbon_account.reconciled.implied") and "wood" in f.id)
    assert wood.value == pytest.approx(4.5 * 12 / 44, rel=1e-12)
    assert line(report, "account") == 0
    assert line(report, "residual") == pytest.approx(30 * 4.5 + 50 * 0.9)
    table = report.section("carbon_service_residual").table.set_index("type")
    said = table["said"]
    assert "growth and soil change" in next(text for name, text in said.items() if "Wood" in str(name))
    assert "holds CH4 and N2O, in AR4, not in AR5" in next(
        text for name, text in said.items() if "wetland" in str(name)
    )
    assert len(warned(report)) == 1


def test_land_without_the_service_stands_apart(build: Build) -> None:
    """Urban land has no rate: what the account has there is named, not hidden in the residual."""
    closing = MIXED.copy()
    closing[2] = 20
    report = build(opening=MIXED, closing=closing, services="library")
    table = report.section("carbon_service_by_type").table
    town = table[table["compared"] == "no"]
    assert len(town) == 1
    assert town["expected"].iloc[0] < 0
    assert line(report, "apart") == pytest.approx(-town["expected"].iloc[0])
    assert line(report, "account") + line(report, "apart") + line(report, "residual") == pytest.approx(
        line(report, "service")
    )


def test_a_flow_that_is_not_divided_is_compared_in_total(build: Build) -> None:
    report = build(100.0, opening=MIXED, kind="")
    assert line(report, "residual") == pytest.approx(100)
    assert set(report.section("carbon_service_by_type").table["compared"]) == {"total"}
    assert any("in total only" in note for note in report.section("carbon_service").notes)


def test_a_flow_for_some_land_at_one_date_has_no_residual(build: Build) -> None:
    report = build(100.0, opening=MIXED, closing_year=2024)
    section = report.section("carbon_service")
    assert "no flow of Fresh" in section.summary
    assert section.marks[len(section.table) - 1, "value"] == "[x]"


def test_without_a_service_the_account_stands_alone(build: Build) -> None:
    section = build().section("carbon_service")
    assert section.summary.startswith("Not available: the service")
    assert section.marks[len(section.table) - 1, "value"] == "[x]"
    ids = {s.id for s in build(gases=[METHANE]).sections}
    assert {"other_gases", "carbon_account_by_type"} <= ids


@pytest.mark.parametrize(
    ("row", "cell", "said"),
    [
        ({"type": "Fen and bog"}, "A", "an ecosystem type of the area: "),
        ({"gas": "CO2"}, "B", "CH4, N2O"),
        ({"unit": "t CO2e/year"}, "F", "the set that the CO2e stand in"),
        ({"unit": "t CO2e/year", "set": "AR9"}, "F", "not a set of potentials"),
        ({"set": "AR4"}, "F", "Amounts of the gas take the set of carbon_gwp"),
        ({"hectares": 5.0}, "E", "a unit per hectare"),
        ({"unit": "kg/ha/year", "hectares": 500.0}, "E", "more land than there is"),
        ({"unit": "kg/ha/year", "hectares": -5.0}, "E", "hectares above 0"),
        ({"year": 23}, "G", "a calendar year such as 2023"),
    ],
)
def test_bad_gases_name_their_cell(build: Build, row: dict[str, Any], cell: str, said: str) -> None:
    text = told(build, gases=[METHANE | row])
    assert "sheet Other gases" in text
    assert f"cell {cell}" in text
    assert said in text


def test_gases_twice_or_of_several_years_are_refused(build: Build) -> None:
    assert "each emission once" in told(build, gases=[METHANE, METHANE])
    rows = [METHANE | {"year": 2020, "source": "a"}, METHANE | {"year": 2021, "source": "b"}]
    assert "one year by type and gas" in told(build, gases=rows)
    assert "choices.carbon_gwp" in told(build, gases=[METHANE], carbon_gwp="AR9")


@st.composite
def cases(draw: st.DrawFn) -> Reconciled:
    """Lines of up to five types with gaps, and a service that covers some of them."""
    size = draw(st.integers(1, 5))
    known = arrays(np.float64, size, elements=st.floats(-1e6, 1e6))
    gaps = arrays(np.float64, size, elements=st.one_of(st.just(np.nan), st.floats(-1e6, 1e6)))
    causes = {name: draw(known if name == "conversion" else gaps) for name in CAUSES}
    compared = draw(arrays(object, size, elements=st.sampled_from(["yes", "no"])))
    by_type = np.where(compared == "yes", np.array([draw(known), draw(known)]), np.nan)
    whole = tuple(float(np.nansum(row)) for row in by_type)
    area = np.ones((2, size))
    types = Types(("t",) * size, ("T",) * size, (), np.eye(size), area, area)
    return Reconciled(types, causes, draw(st.floats(-1e6, 1e6)), {gas: draw(gaps) for gas in GASES}, np.ones(size),
                      pd.DataFrame(), ServiceFlow(by_type, (whole[0], whole[1]), compared))  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(cases())
def test_the_lines_always_make_the_service(found: Reconciled) -> None:
    values = bridge_values(found)
    lines = [values[name] for name in ("account", "ch4", "n2o", "apart", "residual")]
    size = 1e-9 * max(float(np.nansum(np.abs([*found.causes.values(), *found.gases.values(), found.service.mean]))), 1)
    assert abs(float(np.nansum(lines)) - values["service"]) <= size
    assert abs(float(np.nansum(found.residual)) - values["residual"]) <= size
    assert abs(values["net"] + values["reappraised"] - values["account"]) <= size + 1e-9 * abs(found.reappraised)


def test_every_check_holds_on_a_landscape_that_changes(build: Build) -> None:
    codes = np.random.default_rng(1).choice([1, 3, 4, 8, 20, 21], (2, 9, 9)).astype("uint8")
    report = build(None, [STILL | {"tonnes": 9.0}], [METHANE], codes[0], codes[1], services="library")
    checks = [c for c in report.checks if c.id.startswith("carbon_account")]
    assert {"carbon_account.reconciled", "carbon_account.types", "carbon_account.residuals"} <= {c.id for c in checks}
    assert all(c.passed for c in checks)
    assert "The service has rates for" in " ".join(report.section("carbon_service_residual").table["said"])


@pytest.mark.office
def test_workbook_recalculates(build: Build, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    closing = MIXED.copy()
    closing[2] = 20
    gases = [METHANE, {**METHANE, "gas": "N2O", "emission": 3.0, "unit": "kg/ha/year", "hectares": 20.0},
             METHANE | {"emission": 2.0, "unit": "t CO2e/year", "set": "AR4", "source": "inventory"}]  # fmt: skip
    publish(build(None, [LOSS, STILL], gases, MIXED, closing, services="library"), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 200
    assert wrong == []
