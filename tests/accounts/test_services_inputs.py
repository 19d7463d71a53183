"""What a project gives of services: published values, and everything that is refused with its place and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from natcap.accounts.services.library import (
    guards,
)
from natcap.accounts.services.published import read_published
from natcap.core.problems import Problems
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
    told,
    value,
)


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return builder(tmp_path)


def test_published_values_take_the_place_of_a_model(build: Build, tmp_path: Path) -> None:
    """0.5 and -0.25 million GBP in 2023 prices, to 2022 prices by 90.5005 / 96.2507; no flow and no type is known."""
    rows = [published(zone, year, amount) for zone, amount in ((WEST, "0.5"), (EAST, "-0.25")) for year in
            (2020, 2021, 2022, 2023)]  # fmt: skip
    regulating(tmp_path, rows)
    report = build(LIBRARY | {"published_price_year": 2023}, {"published": "ons.csv"})
    worth = report.figure(f"services.value.closing.{EAST}.urban_cooling")
    assert worth.value == pytest.approx(-0.25e6 * 90.5005 / 96.2507)
    assert worth.trace.inputs[0].cell == "row 9"
    assert report.figure("services.flow.closing.all.urban_cooling").value is None
    assert value(report, "value.closing.all.urban_cooling") == pytest.approx(0.25e6 * 90.5005 / 96.2507)
    beside = report.section("services_beside_model").table
    assert beside["modelled"].tolist() == pytest.approx([5 * 132 * 90.5005 / 77.6367] * 2)
    assert any("published values (2023 prices) were taken in place of a model of Urban cooling" in n
               for n in report.run.fallbacks)  # fmt: skip


def test_published_values_that_do_not_fit_are_refused(build: Build, tmp_path: Path) -> None:
    named = {"published": "ons.csv"}
    regulating(tmp_path, [published(WEST, 2021, "1"), published(WEST, 2023, "1")])
    assert "published_price_year = 2024" in told(build, LIBRARY, named)
    good = LIBRARY | {"published_price_year": 2023}
    assert f"no value of urban_cooling in 2021 for 1 of 2 zones: {EAST}" in told(build, good, named)
    regulating(tmp_path, [published(WEST, 2021, "much"), published(WEST, 2021, "1")])
    text = told(build, good, named)
    assert "'much'" in text
    assert "one value for an area, a service and a year" in text
    assert "no value of timber" in told(build, good | {"published_services": ["timber"]}, named)
    assert "alone" in told(build, good)


def test_a_welfare_value_is_refused_and_says_why(build: Build) -> None:
    price = PRICE | {"service": "recreation", "value": 3.5, "unit": "GBP/visit", "basis": "welfare"}
    text = told(build, LIBRARY, unit_values=[price])
    assert "sheet Unit values, cell G2: found a welfare value" in text
    assert "SEEA EA 8.13" in text


def test_bad_rows_are_told_all_at_once(build: Build) -> None:
    read = READ | {"service": "timber", "flow": 5.0, "unit": "m3_overbark"}
    text = told(
        build, LIBRARY,
        readings=[read, read | {"service": "pollination"}, read | {"service": "timbr"}, read | {"unit": "kg"},
                  read | {"low": 6.0}, read | {"year": 20023}, read | {"flow": -5.0}],
        unit_values=[PRICE | {"service": "amenity", "value": -2.0, "unit": "GBP/dwelling"},
                     PRICE | {"service": "noise_mitigation", "value": 92.0, "unit": "GBP/building", "price_year": ""},
                     PRICE | {"service": "recreation", "value": 2.0, "unit": "GBP/ha"},
                     PRICE | {"service": "fish", "value": 2.0, "unit": "GBP/tonne", "price_year": 1066}],
        parameters=[{"service": "recreation", "habitat": "fen", "parameter": "visits", "value": 3.0, "unit": "visit",
                     "evidence": "x"}],
        users=[{"service": "recreation", "user": "households", "share": 0.7, "evidence": "x"},
               {"service": "timber", "user": "pixies", "share": 1.0, "evidence": "x"}],
    )  # fmt: skip
    for part in ("a unit value above 0", "a flow of timber of 0 or more",
                  "found '20023'", "cell C3: found no ecosystem type for the intermediate service Pollination",
                 "cell B3: found the intermediate service Pollination without users", "Did you mean 'timber'?",
                 "cell F5: found 'kg'", "a range around 5", "sheet Unit values, cell F3: found no price year",
                 "GBP/visit", "the price year 1066",
                 "visit/hectare/year, fraction or percent", "recreation with the sum 0.7", "'pixies'"):  # fmt: skip
        assert part in text, part


def test_a_negative_resource_rent_is_kept_and_told(build: Build) -> None:
    """5 t x (-100 GBP) = -500 GBP a year, over a hundred years from year 0 -500 x 29.8125 = -14,906 GBP (2022 prices).

    A rent is what is left of output after all costs, capital with them; the method clips no negative value.
    """
    read = READ | {"service": "fish", "flow": 5.0, "unit": "tonne"}
    report = build({}, readings=[read, read | {"year": 2021}],
                   unit_values=[PRICE | {"service": "fish", "value": -100.0, "low": -180.0, "high": 40.0,
                                         "unit": "GBP/tonne"}])  # fmt: skip
    assert value(report, "value.closing.all.total") == pytest.approx(-500)
    assert report.figure("assets.value.closing.total").value == pytest.approx(-500 * 29.812545333317846)
    low, high = (report.figure(f"ranges.value.closing.all.total.{end}").value for end in ("p05", "p95"))
    assert low < -500 < 0 < high  # type: ignore[operator]
    assert any("a unit value above 0" in str(problem) for problem in report.warnings)


def test_what_does_not_fit_the_land_is_told(build: Build) -> None:
    read = READ | {"service": "timber", "flow": 5.0, "unit": "m3_overbark"}
    text = told(
        build, LIBRARY,
        readings=[read, read, read | {"zone": "Oakham"}, read | {"type": "Tundra", "year": 2021},
                  read | {"zone": WEST}, read | {"year": 2020, "type": "Woodland"}, read | {"year": 2020}],
        parameters=[{"service": "recreation", "habitat": "jungle", "parameter": "visits", "value": 3.0,
                     "unit": "visit/ha/yr", "evidence": "x"},
                    {"service": "timber", "habitat": "arable", "parameter": "share harvested", "value": 0.3,
                     "unit": "fraction", "evidence": "x"}],
    )  # fmt: skip
    for part in ("a second reading of timber in 2023", "the zone Oakham", "the ecosystem type Tundra",
                 "for the whole area beside others for single zones", "without a type beside others by type",
                 "the habitat jungle", "the rates per hectare of timber: none"):  # fmt: skip
        assert part in text, part


def test_choices_that_are_wrong(build: Build) -> None:
    assert "no price_year" in told(build, LIBRARY | {"price_year": None})
    assert "a year from 1990 to 2024" in told(build, LIBRARY | {"price_year": 2030})
    assert "no years of the two dates" in told(build, LIBRARY | {"opening_year": None, "closing_year": None})
    assert '"library" or "own"' in told(build, {"services": "all"})
    assert "at least one row" in told(build, None, readings=[])
    assert "no flow of any service" in told(build, None, users=[
        {"service": "timber", "user": "forestry", "share": 1.0, "evidence": "x"}])  # fmt: skip


@pytest.mark.parametrize(("guard", "sheets"), [
    ("the premium on a house", {"readings": [READ | {"service": "amenity", "flow": 9.0, "unit": "dwelling"}]}),
    ("the carbon of what is felled", {"parameters": [
        {"service": "greenhouse_gas_regulation", "habitat": "deciduous_woodland", "parameter": "net removals",
         "value": 6.0, "unit": "tCO2e/ha/yr", "evidence": "x"}]}),
    ("the harvest counts wood for fuel", {"readings": [READ | {"service": "woodfuel", "flow": 9.0,
                                                               "unit": "m3_overbark"}]}),
    ("spending on the way", {
        "readings": [READ | {"service": "recreation_health", "flow": 9.0, "unit": "person"}],
        "unit_values": [PRICE | {"service": "recreation_health", "value": 9.0, "unit": "GBP/person"}]}),
])  # fmt: skip
def test_nothing_counts_twice(build: Build, guard: str, sheets: dict[str, Any]) -> None:
    text = told(build, LIBRARY, **sheets)
    assert guard in text
    assert "Net of" in text


def test_net_of_lets_two_services_stand_beside_each_other(build: Build) -> None:
    """9 dwellings at 50 GBP net of recreation; the check of the guard counts no row."""
    report = build(
        LIBRARY, readings=[READ | {"service": "amenity", "flow": 9.0, "unit": "dwelling"}],
        unit_values=[PRICE | {"service": "amenity", "value": 50.0, "unit": "GBP/dwelling", "net_of": "recreation"}],
    )  # fmt: skip
    assert value(report, "value.closing.all.amenity") == pytest.approx(450.0)
    assert {c.id for c in report.checks if c.id.startswith("services.guard.")} == {
        f"services.guard.{g['guard']}" for g in guards()
    }


def test_the_published_file_of_the_ons_reads(shared: Path) -> None:
    """Million pounds as the file prints them: Leicester, air pollution, 2023, 16.750162; Melton, gases, 2.219417."""
    path = shared / "samples" / "statistics" / "ons_els_environment_regulating.csv"
    problems = Problems()
    table = read_published(path, path.name, 2023, (), problems).set_index(["service", "zone", "year"])
    assert problems == []
    assert len(table) == 23_785
    assert table.loc[("air_pollutant_removal", WEST, 2023), "amount"] == pytest.approx(16_750_162)
    assert table.loc[("greenhouse_gas_regulation", EAST, 2023), "amount"] == pytest.approx(2_219_417)
    assert table.loc[("greenhouse_gas_regulation", WEST, 2023), "amount"] < 0


def test_a_bad_cell_hides_no_other_fault(build: Build) -> None:
    """One row has a word for confidence that is none; the others are checked all the same, and the sum of shares."""
    rows = [
        READ | {"service": "recreation", "flow": 10.0, "unit": "visit", "confidence": "Blue"},
        READ | {"service": "recreaton", "flow": 10.0, "unit": "visit"},
        READ | {"service": "timber", "flow": -10.0, "unit": "m3_overbark"},
    ]
    users = [{"service": "recreation", "user": "households", "share": 0.4, "evidence": "x"}]
    said = told(build, None, readings=rows, users=users)
    assert all(part in said for part in ("'Blue'", "recreaton", "0 or more"))
    assert "recreation with the sum 0.4" in said


def test_readings_of_other_years_are_named(build: Build) -> None:
    said = told(build, None, readings=[READ | {"service": "fish", "flow": 1.0, "unit": "tonne", "year": 2022}])
    assert "no flow of any service at 2021 or 2023; the readings are of 2022" in said
