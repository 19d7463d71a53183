"""Intermediate services: one ecosystem type supplies them and another uses them; worked by hand, in no total, refused.

Pollination, 2024 prices, 100 GBP a hectare that wild pollinators serve: semi-natural grassland supplies 600 ha, 60,000
GBP, woodland 400 ha, 40,000 GBP. Enclosed farmland uses 95 % and urban gardens 5 %. Supply = use = 1,000 ha = 100,000
GBP; net +60,000, +40,000, -95,000, -5,000 GBP, with the sum 0.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from natcap.accounts import trunk
from natcap.accounts.services.intermediate.library import ends_in, intermediate_services, offered_units
from natcap.accounts.services.library import services
from natcap.accounts.services.model import GUIDANCE, MODELS
from natcap.accounts.supply_use import net, use
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.sources import sources
from natcap.core.units import unit
from natcap.core.workbook import publish, write_template
from tests.accounts.maps import project, write_geojson, write_tif
from tests.conftest import absent
from tests.core import recalc

READ: dict[str, Any] = {"zone": "all", "service": "pollination", "year": 2023, "unit": "ha", "evidence": "a survey"}
GRASS = READ | {"type": "Semi-natural grassland", "flow": 600.0, "low": 400.0, "high": 800.0}
WOOD = READ | {"type": "Woodland", "flow": 400.0, "confidence": "Red"}
FARM: dict[str, Any] = {"service": "pollination", "user": "Enclosed farmland", "share": 0.95, "evidence": "crop map"}
TOWN = FARM | {"user": "urban", "share": 0.05}
PRICE: dict[str, Any] = {"service": "Pollination", "value": 100.0, "unit": "GBP/ha", "price_year": 2024,
                         "basis": "exchange", "evidence": "a study"}  # fmt: skip
WORKED: dict[str, Any] = {"readings": [GRASS, WOOD], "users": [FARM, TOWN], "unit_values": [PRICE]}
FINAL = READ | {"service": "recreation", "flow": 5000.0, "unit": "visit"}
Build = Callable[..., Report]


def builder(folder: Path) -> Build:
    """Two zones of five hectares: deciduous woodland, neutral grassland, arable, urban, deciduous woodland."""
    for name in ("opening", "closing"):
        codes = np.array([[1, 6, 3, 20, 1], [1, 6, 3, 20, 1]], dtype=np.uint8)
        write_tif(folder / f"{name}.tif", codes, cell=100.0)
    north, south = box(400_000, 299_900, 400_500, 300_000), box(400_000, 299_800, 400_500, 299_900)
    write_geojson(folder / "zones.geojson", {"N": north, "S": south})

    def job(library: bool = False, **sheets: list[dict[str, Any]]) -> Report:
        named = {"opening": "opening.tif", "closing": "closing.tif", "zones": "zones.geojson"}
        write_template(MODELS, folder / "services.xlsx", "Services", GUIDANCE, True, sheets)
        named["services"] = "services.xlsx"
        chosen = {"classes": "ukceh_lcm_21", "zone_field": "id", "zone_name": "name", "carbon": "none",
                  "price_year": 2024, "opening_year": 2022, "closing_year": 2023, "draws": 1000,
                  "services": "library" if library else "own"}  # fmt: skip
        return trunk.build(read_project(project(folder, named, chosen)))

    return job


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return builder(tmp_path)


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The case worked by hand beside the services of the library."""
    return builder(tmp_path_factory.mktemp("worked"))(True, **WORKED)


def told(build: Build, **sheets: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        build(**sheets)
    return str(caught.value)


def value(report: Report, end: str) -> float:
    found = report.figure(f"services.intermediate.{end}").value
    assert found is not None, end
    return found


def test_the_list_is_that_of_the_seea_with_units_that_are_known() -> None:
    assert list(intermediate_services()) == ["pollination", "soil_quality_regulation", "soil_retention",
                                             "pest_control", "habitat_maintenance"]  # fmt: skip
    assert not set(intermediate_services()) & set(services())
    assert "un-seea-ea-2021" in sources()
    for key in intermediate_services():
        assert ends_in(key)
        assert all(unit(name).id == name for name in offered_units(key))


def test_pollination_by_hand(worked: Report) -> None:
    report = worked
    closing = "closing.pollination"
    assert value(report, f"flow.{closing}.supply") == value(report, f"flow.{closing}.use") == 1000.0
    assert value(report, f"value.{closing}.supply") == value(report, f"value.{closing}.use") == 100_000.0
    nets = {"semi_natural_grassland": 60_000.0, "woodland": 40_000.0, "enclosed_farmland": -95_000.0, "urban": -5_000.0}
    assert {key: value(report, f"value.{closing}.net.{key}") for key in nets} == nets
    assert value(report, f"value.{closing}.net") == sum(nets.values()) == 0.0
    table = report.section("intermediate_money").table
    rows = table[table["date"] == "closing"].set_index("ecosystem")
    assert rows["net"].to_dict() == {"Enclosed farmland": -95_000.0, "Semi-natural grassland": 60_000.0,
                                     "Urban": -5_000.0, "Woodland": 40_000.0, "All ecosystem types": 0.0}  # fmt: skip
    assert rows.loc["All ecosystem types", ["supplied", "used"]].tolist() == [100_000.0, 100_000.0]
    assert [report.section(f"intermediate_{key}").number for key in ("physical", "money")] == ["6b", "8b"]
    summary = report.section("intermediate_money").summary
    assert "Enclosed farmland takes £95 thousand more than it gives" in summary
    assert "nothing is left to final users" in summary


def test_it_is_in_no_other_figure_section_or_check(build: Build) -> None:
    """With pollination and without it every other figure, table and check is the same, assets and ranges with them."""
    bare, report = build(True, readings=[FINAL]), build(True, **WORKED | {"readings": [FINAL, GRASS, WOOD]})

    def mine(key: str) -> bool:
        return "intermediate" in key

    assert {f.id: (f.value, f.low, f.high, f.headline) for f in report.figures if not mine(f.id)} == {
        f.id: (f.value, f.low, f.high, f.headline) for f in bare.figures}  # fmt: skip
    assert [c for c in report.checks if not mine(c.id)] == list(bare.checks)
    assert not any(f.headline for f in report.figures if mine(f.id))
    assert [s.id for s in report.sections if not mine(s.id)] == [s.id for s in bare.sections]
    for section in bare.sections:
        found = report.section(section.id)
        assert found.charts == section.charts
        assert (found.marks, found.total_rows, found.number.rstrip("w0123456789")) == (
            section.marks,
            section.total_rows,
            section.number.rstrip("w0123456789"),
        ) or section.id.startswith("factors")
        if section.id != "runs":
            pd.testing.assert_frame_equal(found.table, section.table)
    held = report.section("services_money_supply").notes
    assert any("Intermediate services (Pollination)" in note and "in no total" in note for note in held)
    assert not report.section("intermediate_money").charts


def test_checks_say_that_nothing_is_left_to_final_users(worked: Report) -> None:
    held = {c.id: c for c in worked.checks if "intermediate" in c.id}
    assert set(held) == {f"services.intermediate.{net_of}{what}.closing.pollination"
                         for net_of in ("", "net.") for what in ("flow", "value")}  # fmt: skip
    gives = held["services.intermediate.net.value.closing.pollination"]
    assert (gives.left, gives.right, gives.difference) == (100_000.0, 100_000.0, 0.0)
    assert all(check.passed for check in held.values())


def test_a_figure_walks_back_to_its_cells(worked: Report) -> None:
    report = worked
    stem = "services.intermediate.{}.closing.pollination."

    def cells(end: str, what: str = "flow") -> list[tuple[str, str, str]]:
        return [(i.sheet, i.cell, i.value) for i in report.figure(stem.format(what) + end).trace.inputs]

    assert cells("supply.woodland") == [("Readings", "E3", "400")]
    assert cells("use.urban") == [("Users", "C3", "0.05")]
    assert cells("supply.woodland", "value") == [("Unit values", "D2", "100")]
    trace = report.figure(stem.format("value") + "net.urban").trace
    assert trace.parents == (stem.format("value") + "use.urban",)
    for figure in report.figures:
        if figure.id.startswith("services.intermediate."):
            for parent in figure.trace.parents:
                report.figure(parent)
    held = {key for name in ("physical", "money") for key in
            report.section(f"intermediate_{name}").figures.values()}  # fmt: skip
    assert held == {f.id for f in report.figures if f.id.startswith("services.intermediate.")}


def test_words_of_confidence(worked: Report) -> None:
    """Grassland is Amber as nobody said; woodland is Red as the user says, and so is every use of the sum of both."""
    table = worked.section("intermediate_physical").table
    words = table[table["date"] == "closing"].set_index("ecosystem")["confidence"].to_dict()
    assert words == {"Semi-natural grassland": "Amber", "Woodland": "Red", "Enclosed farmland": "Red", "Urban": "Red",
                     "All ecosystem types": "Red"}  # fmt: skip


def test_own_use_zones_units_and_a_price_in_other_prices(build: Build) -> None:
    """2 and 3 kt of soil kept by woodland of two zones, used by woodland 0.4 and farmland 0.6: net of woodland 5,000 -
    2,000 = 3,000 t. At 10 GBP of 2019 a tonne in 2024 prices: 50,000 x 100 / 81.1085."""
    read = READ | {"service": "Soil erosion control", "type": "woodland", "unit": "kt"}
    report = build(
        readings=[FINAL, read | {"zone": "N", "flow": 2.0}, read | {"zone": "S", "flow": 3.0}],
        users=[FARM | {"service": "soil_retention", "user": "Woodland", "share": 0.4},
               FARM | {"service": "soil_retention", "share": 0.6}],
        unit_values=[PRICE | {"service": "soil_retention", "value": 10.0, "unit": "GBP/t", "price_year": 2019,
                              "habitat": "Woodland"}],
    )  # fmt: skip
    assert value(report, "flow.closing.soil_retention.net.woodland") == pytest.approx(3000.0)
    assert value(report, "flow.closing.soil_retention.use.woodland") == pytest.approx(2000.0)
    assert value(report, "value.closing.soil_retention.supply") == pytest.approx(50_000 * 100 / 81.1085)
    factors = report.figure("services.intermediate.value.closing.soil_retention.supply.woodland").trace.factors
    assert [f.id for f in factors][1:] == ["deflator.hmt-2025-12.2019", "deflator.hmt-2025-12.2024"]


def test_what_was_not_read_or_priced_is_missing(build: Build) -> None:
    """No reading at the opening: one row, [x]. Only the supply of woodland has a unit value: no use is known."""
    some = {"readings": [FINAL, GRASS, WOOD], "unit_values": [PRICE | {"habitat": "Woodland"}]}
    report = build(**WORKED | some)
    section = report.section("intermediate_money")
    table = section.table
    assert table["ecosystem"].tolist()[:1] == ["All ecosystem types"]
    assert section.marks[0, "supplied"] == section.marks[0, "net"] == "[x]"
    assert report.figure("services.intermediate.flow.opening.pollination.supply").status == "missing"
    assert report.figure("services.intermediate.value.closing.pollination.use.urban").value is None
    assert value(report, "value.closing.pollination.net.woodland") == 40_000.0
    urban = int(table.index[(table["ecosystem"] == "Urban") & (table["date"] == "closing")][0])
    assert (section.marks[urban, "supplied"], section.marks[urban, "used"]) == ("[z]", "[x]")
    assert any("was not read in 2022" in note for note in section.notes)
    assert not [c for c in report.checks if c.id.startswith("services.intermediate.value")]
    late = build(**WORKED | {"readings": [FINAL, GRASS, WOOD, WOOD | {"year": 2020}]})
    assert any("Readings of intermediate services of 2020 belong to neither" in note for note in late.notes)


def test_several_services_stand_together_by_type_in_money(build: Build) -> None:
    """Pest control: woodland 10 ha, all of it to farmland, at 20 GBP: 200 GBP. Woodland 40,200 in all, farmland
    -95,200; the sum of all types 0."""
    pests = {"service": "pest control"}
    report = build(readings=[FINAL, GRASS, WOOD, READ | pests | {"type": "Woodland", "flow": 10.0}],
                   users=[FARM, TOWN, FARM | pests | {"share": 1.0}],
                   unit_values=[PRICE, PRICE | pests | {"value": 20.0}])  # fmt: skip
    table = report.section("intermediate_money").table
    rows = table[table["name"] == "All intermediate services"].set_index("ecosystem")
    assert rows["net"].to_dict() == {"Enclosed farmland": -95_200.0, "Semi-natural grassland": 60_000.0,
                                     "Urban": -5_000.0, "Woodland": 40_200.0, "All ecosystem types": 0.0}  # fmt: skip
    assert set(rows["date"]) == {"closing"}


def test_pollination_with_an_economic_user_is_refused_and_says_why(build: Build) -> None:
    said = told(build, **WORKED | {"users": [FARM, TOWN | {"user": "households"}]})
    assert "sheet Users, cell B3: found the economic unit households as a user of Pollination" in said
    assert "would count twice" in said
    assert "food and crops" in said
    assert "with the sum" not in said, "what is wrong is the user, not the sum of what is left"


def test_an_ecosystem_type_as_user_of_a_final_service_is_refused(build: Build) -> None:
    users = [FARM | {"service": "recreation", "user": word, "share": 0.5} for word in ("Woodland", "households")]
    said = told(build, readings=[FINAL], users=users)
    assert "sheet Users, cell B2: found the ecosystem type Woodland as a user of Recreation and tourism" in said
    assert "which economic units use" in said


@pytest.mark.parametrize(("sheets", "parts"), [
    ({"users": []}, ["sheet Readings, cell B2: found the intermediate service Pollination without users",
                     "Name on the sheet Users"]),
    ({"readings": [FINAL]}, ["sheet Users, cell A2: found the users of the intermediate service Pollination without",
                             "sheet Unit values, cell A2"]),
    ({"users": [FARM]}, ["the shares of pollination with the sum 0.95"]),
    ({"users": [FARM, TOWN | {"user": "Tundra"}]}, ["sheet Users, cell B3: found the user Tundra",
                                                    "one of the ecosystem types Woodland, Enclosed farmland"]),
    ({"users": [FARM | {"share": 0.5}, FARM | {"user": "enclosed_farmland", "share": 0.5}]},
     ["a second share"]),
    ({"readings": [GRASS, WOOD | {"type": ""}]}, ["cell C3: found no ecosystem type", "Give a row for each"]),
    ({"readings": [GRASS, WOOD | {"unit": "tonne"}]}, ["cell F3: found 'tonne', expected hectare"]),
    ({"readings": [GRASS | {"unit": "visit"}]}, ["cell F2: found 'visit', expected hectare or tonne"]),
    ({"readings": [GRASS, WOOD | {"flow": -1.0}]}, ["cell E3", "a flow of pollination of 0 or more"]),
    ({"readings": [GRASS, WOOD, WOOD]}, ["a second reading of pollination in 2023"]),
    ({"readings": [GRASS, WOOD | {"type": "Tundra"}]}, ["the ecosystem type Tundra"]),
    ({"unit_values": [PRICE | {"basis": "welfare"}]}, ["a welfare value", "SEEA EA 8.13"]),
    ({"unit_values": [PRICE | {"habitat": "jungle"}]}, ["sheet Unit values, cell D2: found the ecosystem type jungle"]),
    ({"unit_values": [PRICE | {"unit": "GBP/tonne"}]}, ["GBP/hectare"]),
    ({"parameters": [{"service": "pollination", "habitat": "arable", "parameter": "served", "value": 1.0,
                      "unit": "fraction", "evidence": "x"}]}, ["a parameter of the intermediate service Pollination"]),
])  # fmt: skip
def test_what_does_not_fit_is_told_with_its_cell(build: Build, sheets: dict[str, Any], parts: list[str]) -> None:
    said = told(build, **WORKED | sheets)
    assert all(part in said for part in parts), said


def test_intermediate_services_alone_make_no_account(build: Build) -> None:
    assert "intermediate services alone make no account" in told(build, **WORKED)


AMOUNTS = st.lists(st.floats(0, 1e9), min_size=1, max_size=6)


@settings(max_examples=50)
@given(AMOUNTS, AMOUNTS.filter(lambda held: sum(held) > 0))
def test_supply_equals_use_and_the_net_of_all_types_is_nothing(supplied: list[float], weights: list[float]) -> None:
    """Types 0, 1, ... supply, types 3, 4, ... use by weights, so that some do both: identities to 1e-9 relative."""
    shares = np.array(weights) / sum(weights)
    supply = pd.DataFrame({"place": "closing", "service": "p", "ecosystem": [f"t{n}" for n in range(len(supplied))],
                           "flow": supplied})  # fmt: skip
    uses = pd.DataFrame({"service": "p", "user": [f"t{n + 3}" for n in range(len(shares))], "share": shares})
    table = net(supply, use(supply, uses, "flow"), "flow")
    size = 1e-9 * max(sum(supplied), 1e-300)
    assert table["supplied"].sum() == pytest.approx(sum(supplied), abs=size)
    assert abs(table["supplied"].sum() - table["used"].sum()) <= size
    assert abs(table["net"].sum()) <= size
    assert table["ecosystem"].is_unique
    assert len(table) == len(set(supply["ecosystem"]) | set(uses["user"]))


def test_a_missing_supply_is_missing_in_net_and_not_zero() -> None:
    supply = pd.DataFrame({"place": "p", "service": "s", "ecosystem": ["a", "b"], "flow": [np.nan, 1.0]})
    whole = pd.DataFrame({"place": ["p"], "service": ["s"], "flow": [np.nan]})
    uses = pd.DataFrame({"service": ["s"], "user": ["c"], "share": [1.0]})
    table = net(supply, use(whole, uses, "flow"), "flow").set_index("ecosystem")
    assert table["net"].isna().to_dict() == {"a": True, "b": False, "c": True}
    assert table["supplies"].to_dict() == {"a": True, "b": True, "c": False}


@pytest.mark.office
def test_workbook_recalculates(build: Build, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    pests = {"service": "pest control"}
    more = [GRASS | {"year": 2022}, READ | pests | {"type": "Urban", "flow": 1.0}]
    report = build(readings=[FINAL, GRASS, WOOD, *more],
                   users=[FARM, TOWN, FARM | pests | {"user": "Woodland", "share": 0.3},
                          FARM | pests | {"user": "Urban", "share": 0.7}],
                   unit_values=[PRICE, PRICE | pests | {"value": 20.0}])  # fmt: skip
    publish(report, tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 100
    assert wrong == []
