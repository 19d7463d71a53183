"""Flows that were not read in every year: means of the years there are, dates that nobody read, one path of carbon."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from natcap.core.money import annuity, carbon_value
from natcap.core.problems import InputProblems
from natcap.core.report import Report
from tests.accounts.projections import chosen, projection
from tests.accounts.service_account import account, row, wing
from tests.accounts.service_projects import LIBRARY, PRICE, READ, Build, builder, published, regulating

VISIT = READ | {"service": "recreation", "unit": "visit"}
HEALTH = READ | {"service": "recreation_health", "unit": "person"}
START = annuity("standard", 100)


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return builder(tmp_path)


def years(base: dict[str, Any], flows: dict[int, float]) -> list[dict[str, Any]]:
    return [base | {"year": year, "flow": flow} for year, flow in flows.items()]


def asset(report: Report, service: str, date: str = "closing") -> float | None:
    return report.figure(f"assets.value.{date}.all.{service}").value


def test_the_last_five_years_that_were_read_however_far_back(build: Build) -> None:
    """Visits of 2018-20, 2022 and 2023, none of 2021: (104 + 109 + 118 + 138 + 144.5) / 5 = 122.7 thousand, and not the
    127,375 of the four that fall into the five calendar years to 2023. 2012 is a sixth year and stays out."""
    flows = {2012: 1e6, 2018: 104e3, 2019: 109e3, 2020: 118e3, 2022: 138e3, 2023: 144.5e3}
    report = build({}, years=(2019, 2023), readings=years(VISIT, flows))
    price = report.figure("services.value.closing.all.recreation").value / 144.5e3
    assert asset(report, "recreation") == pytest.approx(122_700 * price * START)
    trace = report.figure("assets.value.closing.whole_area.recreation.not_by_type").trace
    assert "mean of 2018, 2019, 2020, 2022, 2023" in trace.how
    assert {ref.value for ref in trace.inputs} == {"104000", "109000", "118000", "138000", "144500"}
    reach = [str(w) for w in report.warnings if "reach back" in w.found]
    assert len(reach) == 1
    assert "Recreation and tourism at 2023 (closing) rests on the mean of 2018, 2019, 2020, 2022, 2023" in reach[0]


def test_a_date_that_nobody_read_keeps_its_asset_and_no_flow(build: Build) -> None:
    """Persons of 2018-20 and 2022: (4,000 + 4,300 + 4,800 + 5,000) / 4 = 4,525, whatever the library would model.

    The flow of 2023 is not known: [x] on sheets 5 to 8. Readings after a date say nothing of it.
    """
    flows = {2018: 4000.0, 2019: 4300.0, 2020: 4800.0, 2022: 5000.0}
    report = build(LIBRARY, years=(2018, 2023), readings=years(HEALTH, flows) + years(VISIT, {2022: 9.0, 2024: 7e6}))
    price, health = 312.5, annuity("health", 100)
    assert asset(report, "recreation_health") == pytest.approx(4_525 * price * health)
    assert asset(report, "recreation_health", "opening") == pytest.approx(4_000 * price * health)
    for what in ("flow", "value"):
        assert report.figure(f"services.{what}.closing.all.recreation_health").status == "missing"
    for key in ("services_physical_supply", "services_physical_use", "services_money_supply", "services_money_use"):
        section = report.section(key)
        at = [n for n, (name, day) in enumerate(zip(section.table["name"], section.table["date"], strict=True))
              if name == "Health benefits from recreation" and day == "closing"]  # fmt: skip
        assert "[x]" in {mark for (n, _), mark in section.marks.items() if n in at}, key
    how = report.figure("services.flow.closing.all.recreation_health").trace
    assert "not read in 2023" in how.how
    assert len(how.inputs) == 4
    visits = report.section("services_rows").table.query("service == 'recreation' and date == 'closing'")
    assert visits["origin"].tolist() == ["reading"]
    assert visits["flow"].isna().all()
    assert asset(report, "recreation") == pytest.approx(9.0 * visits["price"].iloc[0] * START)
    said = [w for w in report.warnings if "was read in 2018, 2019, 2020, 2022, not in 2023" in w.found]
    assert [w.file for w in said] == ["services.xlsx"]
    assert any("no model stands in for them" in one for one in report.run.fallbacks)
    assert all(check.passed for check in report.checks)


def test_an_asset_known_at_one_date_only_is_no_change(build: Build) -> None:
    """9 visits read in 2022, between 2021 and 2023: 0 is not known at the opening, so nothing grew. The whole of it
    stands between the two totals: opening + net change + what does not compare = closing."""
    report = build({}, readings=[*years(VISIT, {2022: 9.0}), *years(HEALTH, {2021: 3.0, 2023: 3.0})])
    row = report.section("asset_account").table.set_index("item").loc["Recreation and tourism"]
    assert row[["opening", "net", "reappraisals"]].isna().all()
    assert row["uncompared"] == pytest.approx(row["closing"])
    section = report.section("asset_account")
    total = section.table.iloc[section.total_rows[0]]
    assert total["net"] == pytest.approx(0, abs=1e-6)
    assert total["opening"] + total["net"] + total["uncompared"] == pytest.approx(total["closing"])
    assert report.figure("assets.change.total").value == pytest.approx(0, abs=1e-6)
    assert all(check.passed for check in report.checks)


def test_the_same_years_at_both_dates_are_told(build: Build) -> None:
    report = build({}, years=(2019, 2023), readings=[*years(VISIT, {2018: 9.0}), *years(HEALTH, {2019: 3.0})])
    assert report.section("asset_account").table["net"].iloc[0] == pytest.approx(0, abs=1e-9)
    assert any("rests on the same years at both dates" in one for one in report.run.fallbacks)


def test_no_place_counts_twice(build: Build) -> None:
    """Zones were read in 2018, the whole area in 2020: the later reading stands for both dates that were not read."""
    zones = [VISIT | {"zone": zone, "year": 2018, "flow": 5.0} for zone in ("E06000016", "E07000133")]
    report = build({}, readings=[*zones, *years(VISIT, {2020: 12.0}), *years(HEALTH, {2021: 3.0, 2023: 3.0})])
    rows = report.section("services_rows").table.query("service == 'recreation'")
    assert rows["zone"].tolist() == ["all", "all"]


def test_published_values_of_the_date_stand_before_readings_of_other_years(tmp_path: Path, build: Build) -> None:
    regulating(tmp_path, [published(z, y, "2") for z in ("E06000016", "E07000133") for y in (2021, 2023)])
    read = [READ | {"service": "urban_cooling", "unit": "ha", "year": 2020, "flow": 4.0}]
    report = build({"published_price_year": 2022}, {"published": "ons.csv"}, readings=read)
    assert set(report.section("services_rows").table["origin"]) == {"published"}


def test_a_projection_needs_the_flow_of_the_year() -> None:
    """What goes on from the flow of the year has nothing to go on from where nobody read that year."""
    rows = [row("opening", "timber", flow=5.0, price=1.0, origin="reading"),
            row("closing", "timber", price=1.0, origin="reading")]  # fmt: skip
    choices = chosen(projection({2020: 100.0, 2023: 110.0}), after="last", between="linear")
    with pytest.raises(InputProblems) as caught:
        wing(account(rows), choices)
    assert "a projection of timber, which was not read in 2023" in str(caught.value)
    assert "Give the reading of Timber of 2023, or take its projection out" in str(caught.value)


@pytest.mark.parametrize("level", ["low", "central", "high"])
def test_carbon_has_one_price_in_services_and_assets(build: Build, level: str) -> None:
    """100 t in 2021 and 2023 at the value of each year, of the series that the project chose."""
    read = years(READ | {"service": "greenhouse_gas_regulation", "unit": "tCO2e"}, {2021: 100.0, 2023: 100.0})
    report = build({"carbon_path": level}, readings=read)
    for date, year in (("opening", 2021), ("closing", 2023)):
        figure = report.figure(f"services.value.{date}.all.greenhouse_gas_regulation")
        assert figure.value == pytest.approx(100 * carbon_value(year, level, 2022))
    price = report.figure("services.value.closing.all.greenhouse_gas_regulation").trace.factors[0]
    assert price.label == f"carbon value 2023, {level} series"
    refs = report.figure("assets.value.closing.whole_area.greenhouse_gas_regulation.not_by_type").trace.factors
    assert {ref.value for ref in refs if ref.id == price.id} == {price.value}
    assert not any("carbon value of 2023" in str(w) for w in report.warnings)


def test_the_first_carbon_value_prices_the_years_before_it_where_chosen(build: Build) -> None:
    read = years(READ | {"service": "greenhouse_gas_regulation", "unit": "tCO2e"}, {2018: 100.0, 2023: 100.0})
    key = "services.value.opening.all.greenhouse_gas_regulation"
    assert build({}, years=(2018, 2023), readings=read).figure(key).value is None
    early = build({"carbon_before": "first"}, years=(2018, 2023), readings=read)
    assert early.figure(key).value == pytest.approx(100 * carbon_value(2020, "central", 2022))
    assert any("carbon value of 2020 prices the flows of years before it" in one for one in early.run.fallbacks)


def test_a_price_of_ones_own_is_told_beside_the_path(build: Build) -> None:
    read = years(READ | {"service": "greenhouse_gas_regulation", "unit": "tCO2e"}, {2021: 100.0, 2023: 100.0})
    own = PRICE | {"service": "greenhouse_gas_regulation", "year": 2023, "value": 50.0, "unit": "GBP/tCO2e"}
    report = build({"carbon_path": "high"}, readings=read, unit_values=[own])
    assert any("the high carbon value of 2023" in str(w) for w in report.warnings)
