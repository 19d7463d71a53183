"""The tables under factors/progress and data/leicestershire: complete, consistent, and small enough to read."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from natcap.core.resources import root
from natcap.core.sources import sources
from natcap.core.tables import problems_in
from natcap.core.verification import STATES
from natcap.progress.adapters import ADAPTERS
from natcap.progress.definitions import bands, derivations, indicators, parameter
from natcap.progress.inputs import Inputs
from natcap.progress.observations import current

KNOWN = indicators()


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.parametrize("name", ["bands", "projection_errors", "projection_backtest"])
def test_published_numbers_have_source_place_and_state(name: str) -> None:
    assert problems_in(f"progress/{name}") == []


def test_every_indicator_of_the_reference_is_defined(shared: Path) -> None:
    wanted = {row["id"]: row for row in table(shared / "reference" / "progress" / "indicators.csv")}
    assert set(wanted) <= set(KNOWN)
    for key, row in wanted.items():
        assert (row["core"] == "yes") == KNOWN[key].core, key


def test_indicators_are_complete() -> None:
    rows = table(root("factors") / "progress" / "indicators.csv")
    assert len({r["indicator"] for r in rows}) == len(rows)
    for one in KNOWN.values():
        assert one.title, one
        assert one.definition
        assert one.unit
        assert one.direction in ("up", "down", "context")
        assert one.theme in ("carbon", "circular", "energy", "nature", "context")
        assert one.level in ("area", "organisation", "farm")
        assert one.parts_sum in ("", "total", "100")
        assert one.verified in STATES


def test_rates_are_not_marked_as_additive() -> None:
    for one in KNOWN.values():
        if one.unit == "%" or " per " in one.unit:
            assert not one.adds_areas, one.indicator


def test_rules_of_derivation_name_indicators() -> None:
    for rule in derivations():
        assert rule.rule in ("product", "ratio", "part", "sum_parts")
        assert {rule.indicator, rule.left} <= set(KNOWN)
        if rule.rule in ("product", "ratio"):
            assert rule.right in KNOWN


def test_adapters_name_indicators_in_their_unit() -> None:
    rows = table(root("factors") / "progress" / "adapters.csv")
    assert {r["adapter"] for r in rows} == set(ADAPTERS)
    for row in rows:
        assert row["unit"] == KNOWN[row["indicator"]].unit
        assert row["source"] in sources(root("data"))


def test_bands_are_the_recalled_ones_and_say_so() -> None:
    found = bands()
    assert (found.ratio_on_track, found.ratio_slightly_behind, found.ratio_moving_away) == (0.95, 0.60, 0.0)
    assert (found.chance_on_track, found.chance_slightly_behind, found.newest_months) == (0.66, 0.33, 30)
    assert parameter("ratio_on_track").verified == "recalled"


def data_files() -> Iterator[Path]:
    folder = root("data") / "leicestershire"
    yield from sorted((folder / "observations").glob("*.csv"))
    yield from (folder / name for name in ("areas.csv", "targets.csv", "sources.csv"))


def test_the_data_are_modest_and_in_order() -> None:
    assert sum(p.stat().st_size for p in data_files()) < 2_000_000
    for path in data_files():
        assert b"\r" not in path.read_bytes()
    for path in sorted((root("data") / "leicestershire" / "observations").glob("*.csv")):
        keys = [(r["indicator"], r["part"], r["area"], r["period"]) for r in table(path)]
        assert keys == sorted(keys), path.name
        assert len(set(keys)) == len(keys), path.name


def test_every_source_has_a_licence_and_is_used(inputs: Inputs) -> None:
    rows = table(root("data") / "leicestershire" / "sources.csv")
    used = set(inputs.table["source"]) | {t.source for t in inputs.targets}
    assert {r["source"] for r in rows} == used
    assert all(r["licence"] and r["publisher"] and r["title"] and r["published"] for r in rows)
    compiled = next(r for r in rows if r["source"] == "desnz-la-co2-2020")
    assert "CC-BY-4.0" in compiled["licence"]
    assert "mySociety" in compiled["note"]


REFERENCE = {
    "emissions_co2_by_sector_2005_2020": ("co2_within_la_influence", "C03", "kt CO2"),
    "emissions_ghg_per_person_2005_2023": ("ghg_territorial_per_person", "C02", "t CO2e per person"),
    "waste_circular_economy": ("household_waste_recycling_rate_ni192", "E01", "%"),
    "renewables_and_low_carbon_heat": ("renewable_electricity_generation", "G20", "MWh"),
    "energy_consumption": ("final_energy_consumption", "G18", "GWh"),
    "natural_capital_regulating_services": ("natural_capital_urban_heat_regulating", "N12", "GBP million, 2024 prices"),
    "fuel_poverty": ("households_fuel_poor_lilee", "G17N", "households"),
    "economy_gva_gdp": ("gva_balanced_current_prices", "X05", "GBP million, current prices"),
    "tree_planting": ("trees_planted_with_fc_grant_support_apr2010_sep2018", "N06", "trees"),
}


@pytest.mark.parametrize("file", REFERENCE)
def test_the_reference_was_carried_over_whole(file: str, shared: Path, inputs: Inputs) -> None:
    """Same count, same sum over the areas, same blanks: nothing lost and no blank turned into a number."""
    measure, indicator, unit = REFERENCE[file]
    theirs = [r for r in table(shared / "reference" / "area" / f"{file}.csv") if r["measure"] == measure]
    rows = current(inputs.table)
    ours = rows[(rows["indicator"] == indicator) & rows["area"].isin({r["area_code"] for r in theirs})]
    assert len(ours) == len(theirs)
    assert set(ours["unit"]) == {unit}
    assert int(ours["value"].isna().sum()) == sum(r["value"] == "" for r in theirs)
    assert ours["value"].sum() == pytest.approx(sum(float(r["value"]) for r in theirs if r["value"]), rel=1e-12)


def test_nothing_in_the_code_knows_the_place() -> None:
    folder = root("factors").parent / "natcap" / "progress"
    for path in sorted(folder.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for code in ("E07000", "E10000", "Leicester "):
            lines = [line for line in text.splitlines() if code in line and not line.lstrip().startswith(("#", '"""'))]
            assert all("example" in line for line in lines), (path.name, lines)
