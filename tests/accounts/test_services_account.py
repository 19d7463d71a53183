"""The service account: worked by hand on two small zones, what it must tell, and what it must keep equal."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.accounts import trunk
from natcap.accounts.classes import class_list
from natcap.accounts.crosswalk import crosswalk
from natcap.accounts.land import Land
from natcap.accounts.services.account import NO_TYPE, ROWS, SERIES, WHOLE
from natcap.accounts.services.build import service_account
from natcap.accounts.services.library import (
    economic_units,
    flow_parameters,
    guards,
    services,
    unit_values,
    user_shares,
)
from natcap.accounts.services.read import ServicesInput
from natcap.accounts.supply_use import difference, use
from natcap.core.money import carbon_value, deflate
from natcap.core.problems import Problems
from natcap.core.project import read_project
from natcap.core.workbook import publish
from tests.accounts.service_projects import (
    EAST,
    LIBRARY,
    PRICE,
    READ,
    WEST,
    Build,
    builder,
    published,
    regulating,
    value,
)
from tests.conftest import absent
from tests.core import recalc


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return builder(tmp_path)


def test_the_library_has_sixteen_services_each_with_users_that_sum_to_one() -> None:
    assert len(services()) == 16
    assert {s.id for s in services().values() if s.abiotic} == {"renewable_electricity", "minerals", "fossil_fuels"}
    assert {s.id for s in services().values() if s.health} == {
        "air_pollutant_removal", "noise_mitigation", "recreation_health",
    }  # fmt: skip
    shares = user_shares()
    assert shares.groupby("service")["share"].sum().to_dict() == dict.fromkeys(services(), 1.0)
    assert set(shares["user"]) <= set(economic_units())
    assert {p.service for p in flow_parameters()} | {p.service for p in unit_values()} <= set(services())
    assert all(p.basis != "welfare" for p in unit_values())
    assert {g[name] for g in guards() for name in ("service", "beside")} <= set(services())


def test_flows_by_hand(build: Build) -> None:
    """Closing: 8 deciduous, 2 arable; 3 urban, 2 suburban, 5 improved.

    Carbon 8 x 4.5 - 2 x 0.29 = 35.42 west; 2 x 1 + 5 x 0.36 = 3.8 east. Timber 8 x 5 x 0.2 = 8 m3. Visits
    8 x 245.6 = 1964.8. PM2.5 8 x 5.5 + 2 x 0.6 = 45.2 west, 5 x 0.8 = 4 east. Farmed 2 and 5, cooling 5 ha.
    """
    report = build(LIBRARY)
    assert value(report, f"flow.closing.{WEST}.greenhouse_gas_regulation") == pytest.approx(35.42)
    assert value(report, f"flow.closing.{EAST}.greenhouse_gas_regulation") == pytest.approx(3.8)
    assert value(report, "flow.closing.all.greenhouse_gas_regulation") == pytest.approx(39.22)
    assert value(report, "flow.closing.all.timber") == pytest.approx(8.0)
    assert value(report, "flow.opening.all.timber") == pytest.approx(6.0)
    assert value(report, "flow.closing.all.recreation") == pytest.approx(1964.8)
    assert value(report, "flow.closing.all.air_pollutant_removal") == pytest.approx(49.2)
    assert value(report, "flow.closing.all.agricultural_biomass") == pytest.approx(7.0)
    assert value(report, "flow.closing.all.urban_cooling") == pytest.approx(5.0)


def test_values_by_hand(build: Build) -> None:
    """In 2022 prices: carbon 39.22 t x 264.93 = 10,390.55; timber 8 m3 x 27 x 90.5005 / 96.2507 = 203.0957."""
    report = build(LIBRARY)
    assert value(report, "value.closing.all.greenhouse_gas_regulation") == pytest.approx(39.22 * 264.93)
    assert value(report, "value.closing.all.timber") == pytest.approx(8 * 27 * 90.5005 / 96.2507)
    rent = (2 * 255 + 5 * 190) * 90.5005 / 96.2507
    assert value(report, "value.closing.all.agricultural_biomass") == pytest.approx(rent)
    whole = sum(f.value or 0.0 for f in report.figures
                if f.id.startswith("services.value.closing.all.") and not f.id.endswith("total"))  # fmt: skip
    total = report.figure("services.value.closing.all.total")
    assert (total.value, total.status, total.headline) == (pytest.approx(whole), "recalled", True)
    zones = [value(report, f"value.closing.{zone}.total") for zone in (WEST, EAST)]
    assert sum(zones) == pytest.approx(whole)
    assert "recalled or judged" in report.banners[-1]


def test_a_figure_walks_back_to_areas_and_factors(build: Build) -> None:
    report = build(LIBRARY)
    flow = report.figure(f"services.flow.closing.{WEST}.timber")
    assert flow.trace.parents == (f"extent.closing.{WEST}.deciduous_woodland",)
    assert report.figure(flow.trace.parents[0]).value == 8.0
    assert {f.id for f in flow.trace.factors} == {"flow.timber.deciduous_woodland.mean_annual_increment",
                                                  "flow.timber.deciduous_woodland.share_harvested"}  # fmt: skip
    assert {f.verified for f in flow.trace.factors} == {"recalled"}
    worth = report.figure(f"services.value.closing.{WEST}.greenhouse_gas_regulation")
    assert [f.id for f in worth.trace.factors] == ["carbon.desnz-2023.2023"]
    visits = report.figure(f"services.value.closing.{WEST}.recreation").trace
    assert [f.id for f in visits.factors] == ["value.recreation", "deflator.hmt-2025-12.2017",
                                              "deflator.hmt-2025-12.2022"]  # fmt: skip
    assert visits.how == f"1,964.8 x {1.085 * 90.5005 / 77.6367:.6g} GBP in 2022 prices"
    for figure in report.figures:
        if figure.id.startswith("services."):
            for parent in figure.trace.parents:
                report.figure(parent)


def test_what_is_not_there_is_missing_and_says_what_to_supply(build: Build) -> None:
    report = build(LIBRARY)
    noise = report.figure("services.value.closing.all.noise_mitigation")
    assert (noise.value, noise.status) == (None, "missing")
    assert any("Noise mitigation (building): Buildings that vegetation spares" in note for note in report.notes)
    section = report.section("services_physical_supply")
    row = section.table.index[(section.table["service"] == "noise_mitigation") & (section.table["date"] == "closing")]
    assert section.marks[int(row[0]), "total"] == "[x]"


def test_carbon_before_the_price_path_has_a_flow_and_no_value(build: Build) -> None:
    report = build(LIBRARY, years=(2018, 2023))
    assert value(report, "flow.opening.all.greenhouse_gas_regulation") > 0
    assert report.figure("services.value.opening.all.greenhouse_gas_regulation").value is None
    assert value(report, "value.opening.all.total") > 0
    assert any("carbon values desnz-2023 have no year 2018" in note for note in report.notes)
    assert "Greenhouse gas regulation" in report.figure("services.value.opening.all.total").trace.how


def test_an_emitting_habitat_lowers_the_total(build: Build) -> None:
    """A class of its own: 2 ha arable x -38 t = -76 t; with the rest of the zone 8 x 4.5 - 76 = -40 t, kept below 0."""
    peat = {"service": "greenhouse_gas_regulation", "habitat": "Arable", "parameter": "net removals", "value": -38.0,
            "unit": "tCO2e/ha/yr", "evidence": "peat survey"}  # fmt: skip
    report = build(LIBRARY, parameters=[peat])
    assert value(report, f"flow.closing.{WEST}.greenhouse_gas_regulation") == pytest.approx(-40.0)
    assert value(report, f"value.closing.{WEST}.greenhouse_gas_regulation") == pytest.approx(-40 * 264.93)
    trace = report.figure(f"services.flow.closing.{WEST}.greenhouse_gas_regulation").trace
    assert [(i.sheet, i.cell, i.value) for i in trace.inputs] == [("Parameters", "D2", "-38")]


def test_a_reading_takes_the_place_of_the_model(build: Build) -> None:
    """Visits read for the west, 5 thousand at 1.4 GBP in 2022 prices = 7,000 GBP; the opening stays a model."""
    read = READ | {"service": "Recreation and tourism", "zone": "Zone E06000016", "type": "Woodland", "flow": 5000.0,
                   "unit": "visits"}  # fmt: skip
    price = PRICE | {"service": "recreation", "value": 1.4, "unit": "GBP/visit"}
    report = build(LIBRARY, readings=[read], unit_values=[price])
    assert value(report, f"flow.closing.{WEST}.recreation") == 5000.0
    assert value(report, f"value.closing.{WEST}.recreation") == pytest.approx(7000.0)
    assert value(report, f"value.opening.{WEST}.recreation") == pytest.approx(6 * 245.6 * 1.4)
    where = report.figure(f"services.flow.closing.{WEST}.recreation").trace.inputs[0]
    assert (where.file, where.sheet, where.cell, where.value) == ("services.xlsx", "Readings", "E2", "5000")
    assert any("from model at the opening and model and reading at the closing" in n for n in report.notes)
    assert any("readings were taken in place" in n for n in report.run.fallbacks)


def test_abiotic_flows_stand_below_the_line(build: Build) -> None:
    """2 GWh at 15 GBP a MWh of 2022 = 30,000 GBP beside the total, not in it."""
    read = READ | {"service": "renewable_electricity", "flow": 2.0, "unit": "GWh"}
    bare, report = build(LIBRARY), build(LIBRARY, readings=[read])
    assert value(report, "flow.closing.all.renewable_electricity") == 2000.0
    assert value(report, "value.closing.all.total") == pytest.approx(value(bare, "value.closing.all.total"))
    both = value(report, "value.closing.all.with_abiotic") - value(report, "value.closing.all.total")
    assert both == pytest.approx(30_000)
    assert report.section("services_abiotic").number == "7c"


def test_own_means_nothing_but_what_is_given(build: Build) -> None:
    read = READ | {"service": "water_supply", "flow": 1e6, "unit": "m3"}
    report = build(None, readings=[read])
    assert value(report, "value.closing.all.total") == pytest.approx(1e6 * deflate(0.2, 2020, 2022))
    assert report.figure("services.flow.closing.all.timber").value is None


def test_a_cost_that_is_spared_is_named(build: Build) -> None:
    """1,000 m3 of storage at 0.42 GBP in 2018 prices."""
    report = build(None, readings=[READ | {"service": "flood_regulation", "flow": 1000.0, "unit": "m3"}])
    assert value(report, "value.closing.all.flood_regulation") == pytest.approx(deflate(420.0, 2018, 2022))
    assert any("cost that is spared" in note and "Flood" in note
               for note in report.section("services_money_supply").notes)  # fmt: skip


def test_users_of_ones_own(build: Build) -> None:
    """Water: 0.75 to the water industry, 0.25 to agriculture, of 1,000 m3."""
    read = READ | {"service": "water_supply", "flow": 1000.0, "unit": "m3"}
    own = [{"service": "water_supply", "user": user, "share": share, "evidence": "licences"}
           for user, share in (("Water supply industry", 0.75), ("agriculture", 0.25))]  # fmt: skip
    report = build(None, readings=[read], users=own)
    table = report.section("services_physical_use").table.set_index(["service", "date"])
    row = table.loc[("water_supply", "closing")]
    assert (row["water"], row["agriculture"], row["total"]) == (750.0, 250.0, 1000.0)


CLASSES = tuple(c for c in class_list("ukceh_lcm_21").classes if c.role == "class")
HABITATS = crosswalk("ukceh_lcm_21", "ons_broad_habitats").pick([c.code for c in CLASSES])


def land(opening: np.ndarray, closing: np.ndarray) -> Land:
    zones = tuple(f"z{n}" for n in range(len(opening)))
    return Land(zones, zones, zones, "ukceh_lcm_21", CLASSES, opening, closing, None, HABITATS)


areas = st.lists(st.lists(st.floats(0, 1e4), min_size=len(CLASSES), max_size=len(CLASSES)), min_size=1, max_size=4)


@settings(max_examples=25)
@given(areas, st.integers(0, 10_000), st.floats(0, 1))
def test_use_equals_supply_and_totals_add_up(grid: list[list[float]], seed: int, share: float) -> None:
    opening = np.array(grid)
    closing = np.random.default_rng(seed).permutation(opening.ravel()).reshape(opening.shape)
    account = service_account(land(opening, closing), ServicesInput((2020, 2023), 2024, True), Problems()).account
    rows = account.rows
    assert list(rows.columns) == [*ROWS, "classes"]
    assert rows["value"].to_numpy() == pytest.approx((rows["flow"] * rows["price"]).to_numpy())
    made = rows["hectares"] * rows["scale"] * [np.prod([account.factors[k].ref.value for k in ids])
                                               for ids in rows["factors"]]  # fmt: skip
    assert rows["flow"].to_numpy() == pytest.approx(made.to_numpy(), rel=1e-9)
    for date in ("opening", "closing"):
        assert account.type_area[date].to_numpy().sum() == pytest.approx(account.land.area(date).sum())
    split = account.uses.assign(share=share)
    split = split.merge(split.assign(user="exports", share=1 - share), how="outer")
    supply = rows.rename(columns={"date": "place"})
    for column in ("flow", "value"):
        gaps = difference(supply, use(supply, split, column), column, account.services)
        size = supply.groupby("service")[column].apply(lambda v: v.abs().sum())
        assert all(abs(gap) <= 1e-9 * max(size.get(key, 0.0), 1.0) for key, gap in gaps.items())


def test_sixty_zones_keep_shape_and_series_hold_every_year() -> None:
    rng = np.random.default_rng(1)
    opening, closing = rng.random((2, 60, len(CLASSES))) * 100
    account = service_account(land(opening, closing), ServicesInput((2020, 2023), 2024, True), Problems()).account
    held = account.rows[account.rows["service"] == "greenhouse_gas_regulation"]
    price = carbon_value(2023, price_year=2024)
    assert set(held.loc[held["date"] == "closing", "price"]) == {price}
    assert list(account.series.columns) == list(SERIES)
    assert not set(account.rows["zone"]) & {WHOLE}
    assert NO_TYPE not in account.types
    assert account.rows.groupby(["date", "service"])["zone"].nunique().eq(60).all()


def test_series_hold_years_beside_the_two_dates(build: Build, tmp_path: Path) -> None:
    """Five years of visits, 100 to 500 at 1.085 GBP of 2017: all in the series, two of them among the rows."""
    read_years = [READ | {"service": "recreation", "flow": 100.0 * n, "unit": "visit", "year": 2018 + n}
                  for n in range(1, 6)]  # fmt: skip
    report = build(None, readings=read_years)
    assert value(report, "flow.opening.all.recreation") == 300.0
    assert value(report, "flow.closing.all.recreation") == 500.0
    inputs = trunk.read(read_project(tmp_path))
    wing = next(read for spec, read in inputs.wings if spec.id == "services")
    series = service_account(land(np.ones((1, len(CLASSES))), np.ones((1, len(CLASSES)))), wing, Problems())
    table = series.account.series
    assert table["year"].tolist() == [2019, 2020, 2021, 2022, 2023]
    assert table["value"].to_numpy() == pytest.approx(table["flow"].to_numpy() * deflate(1.085, 2017, 2022))
    assert set(table["zone"]) == {WHOLE}
    assert any("Service readings of 2019, 2020, 2022 belong to neither" in note for note in report.notes)


@pytest.mark.office
def test_workbook_recalculates(build: Build, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    rows = [published(zone, year, "0.5") for zone in (WEST, EAST) for year in (2021, 2023)]
    regulating(tmp_path, rows)
    report = build(
        LIBRARY | {"published_price_year": 2023}, {"published": "ons.csv"},
        readings=[READ | {"service": "renewable_electricity", "flow": 2.0, "unit": "GWh"},
                  READ | {"service": "water_supply", "flow": 1e6, "unit": "m3"},
                  READ | {"service": "minerals", "flow": 1e4, "unit": "tonne"}],
        users=[{"service": "water_supply", "user": user, "share": share, "evidence": "x"}
               for user, share in (("water", 0.7), ("agriculture", 0.3))],
    )  # fmt: skip
    publish(report, tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 150
    assert wrong == []
