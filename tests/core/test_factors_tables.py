"""Concordance, search, history, differences, and the proof of every row."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from natcap.core.factors import FactorError, library
from natcap.core.factors.check import check, edition_problems, row_problems
from natcap.core.factors.concordance import load_concordance
from natcap.core.factors.diff import numbers
from natcap.core.factors.editions import parse_factors
from natcap.core.factors.layout import LABELS, VALUE, series_of
from natcap.core.factors.library import Library
from natcap.core.resources import root

OWN = ("uk_gov", "uk_electricity", "spend", "residual_mix", "fuel_properties")
ELECTRICITY = "uk-electricity/electricity-generated/electricity-uk/kwh"


@pytest.mark.parametrize("year", range(2016, 2025))
def test_valued_labels_are_joined_to_the_year_after(year: int) -> None:
    """Labels alone join 65 % of 2021 to 2022. The concordance joins all that have a counterpart.

    Without one in 2022: the 122 rows of well-to-tank overseas electricity, which ended, and a hotel.
    """
    lib = library()
    before, after = lib.table("uk_gov", year), set(lib.table("uk_gov", year + 1)["series"])
    valued = before[(before["kind"] == "emission") & (before["state"].str[0] == VALUE)]
    ended = valued["level2"].str.contains("overseas") & ~valued["series"].isin(after)
    there = valued[~ended]
    assert there["series"].isin(after).mean() > 0.99
    if year == 2021:
        assert ended.sum() == 122
        assert (~there["series"].isin(after)).sum() == 1
        assert valued["series"].isin(after).mean() == pytest.approx(0.9495, abs=5e-4)


def test_every_concordance_row_holds_in_its_years() -> None:
    """Label printed in the first and last year named, series known in the year after, evidence given."""
    lib = library()
    labels = {e.year: set(map(tuple, lib.frame(e)[list(LABELS)].to_numpy())) for e in lib.editions() if not e.partial}
    series = {e.year: set(lib.frame(e)["series"]) for e in lib.editions() if not e.partial}
    printed = {year: {series_of(label) for label in found} for year, found in labels.items()}
    rows = load_concordance(root("factors") / "uk_gov/concordance.csv").rows
    assert len(rows) > 800
    for row in rows:
        own = series_of([row[name] for name in LABELS])
        first, last = int(row["first"]), int(row["last"])
        assert own in printed[first]
        assert own in printed[last]
        assert row["series"] != own
        assert row["series"] in series[first]
        assert row["series"] in series[last + 1], "the series goes on under its new label"
        assert row["evidence"]


def test_fuels_of_2021_join_2022_with_values_near_each_other() -> None:
    lib = library()
    one, two = (lib.table("uk_gov", year).query("series != ''").set_index("series") for year in (2021, 2022))
    fuels = one[one["level1"] == "Fuels"].assign(kg_co2e_next=two["kg_co2e"])
    both = fuels.dropna(subset=["kg_co2e", "kg_co2e_next"])
    assert len(both) == len(fuels["kg_co2e"].dropna())
    assert ((both["kg_co2e_next"] / both["kg_co2e"] - 1).abs() < 0.05).mean() > 0.97


def test_one_id_is_one_series_from_2023_on() -> None:
    lib = library()
    ids = [
        lib.frame(e).query("source_id != ''").set_index("source_id")["series"] for e in lib.editions() if e.year > 2022
    ]
    for one, two in pairwise(ids):
        both = one.to_frame("one").join(two.rename("two"), how="inner")
        assert len(both) >= 39
        assert (both["one"] == both["two"]).all()


@pytest.mark.parametrize(
    ("said", "series"),
    [
        ("electricity", ELECTRICITY),
        ("gas kWh", "fuels/gaseous-fuels/natural-gas/kwh-gross-cv"),
        ("diesel van", "delivery-vehicles/vans/average-up-to-3.5-tonnes/diesel/km"),
        ("petrol car miles", "passenger-vehicles/cars-by-size/average-car/petrol/miles"),
        ("red diesel litres", "fuels/liquid-fuels/gas-oil/litres"),
        ("R410A", "refrigerant-other/blends/r410a/total-emissions-including-non-kyoto-products/kg"),
        ("hotel UK", "hotel-stay/hotel-stay/uk/room-per-night"),
        ("T&D electricity", "transmission-and-distribution/t-d-uk-electricity/electricity-uk/kwh"),
        ("tap water", "water-supply/water-supply/water-supply/cubic-metres"),
        ("GENERAL WASTE landfill", "waste-disposal/refuse/commercial-and-industrial-waste/landfill/tonnes"),
        ("wtt diesel litres", "wtt-fuels/liquid-fuels/diesel-average-biofuel-blend/litres"),
    ],
)
def test_search_as_one_would_say_it(said: str, series: str) -> None:
    found = library().find(said)
    assert found["series"].iloc[0] == series
    assert found["score"].is_monotonic_decreasing


def test_search_takes_any_text_as_words() -> None:
    for text in ("", " ", "(.*[", "a" * 100_000, "@__import__('os')", "\0", "%s %d {0}", "£$&"):
        assert list(library().find(text).columns) == list(library().find("gas").columns)
    assert len(library().find("gas", 2018, limit=3)) == 3
    assert set(library().find("gas", 2018)["year"]) == {2018}


def test_history_of_a_factor_with_its_pages() -> None:
    history = library().show(ELECTRICITY)
    table = history.table.set_index("year")
    assert list(table.index) == list(range(2016, 2027))
    assert table.loc[2025, "value"] == 0.177
    assert table.loc[2025, "change"] == pytest.approx(0.177 / 0.20705 - 1)
    assert table.loc[2025, "locator"] == "sheet Factors by Category, row 3066"
    assert set(table["gwp_set"]) == {"AR4", "AR5"}
    assert "2020 in 2022 only" in table.loc[2022, "joined"]
    assert history.unit == "kWh"
    assert library().show(str(table.loc[2018, "factor_id"])).table.equals(history.table)
    assert library().show("spend/2023/sic-62").series == "spend/sic-62"
    assert library().show("uk_electricity/generated").table["year"].min() == 2002


def test_history_tells_blank_bound_and_co2_only() -> None:
    lib = library()
    assert "blank" in set(lib.show("hotel-stay/hotel-stay/poland/room-per-night").table["state"])
    states = lib.show("refrigerant-other/other-products/r1234yf/total-emissions-including-non-kyoto-products/kg").table
    assert list(states["state"]) == ["bound < 1"] * 7 + ["published"] * 3
    assert set(lib.show("outside-of-scopes/biofuel/biodiesel-me/litres").table["state"]) == {"CO2 only"}
    with pytest.raises(FactorError, match="no factor series"):
        lib.show("nothing/at/all")


def test_differences_by_cause_add_up() -> None:
    lib = library()
    for first, second in ((2021, 2022), (2024, 2025), (2025, 2025)):
        found = lib.diff(first, second)
        one, two = (set(lib.table("uk_gov", year).query("series != ''")["series"]) for year in (first, second))
        assert set(found.query("cause == 'gone'")["series"]) == one - two
        assert set(found.query("cause == 'new'")["series"]) == two - one
        changed = found.query("cause == 'changed'")
        assert (changed["old"] != changed["new"]).all()
    assert lib.diff(2025, 2025).empty
    found = lib.diff(2024, 2025)
    assert found["relabelled"].sum() == 42, "waste to incineration was renamed in 42 rows"
    row = found.set_index("series").loc[ELECTRICITY]
    assert (row["cause"], row["old"], row["new"]) == ("changed", 0.20705, 0.177)


def test_check_finds_nothing_in_these_families() -> None:
    said = [text for text in check(library()) if text.startswith((*OWN, "concordance", "source"))]
    assert said == []


@pytest.fixture
def broken(tmp_path: Path) -> Library:
    """A library of two editions and the smaller families, to be spoilt."""
    older = shutil.ignore_patterns("201*", "202[0-36]*")
    for name in (*OWN, "units", "gwp"):
        shutil.copytree(root("factors") / name, tmp_path / name, ignore=older)
    return Library([tmp_path])


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("uk_gov/2025/factors.csv", "3033.38067,3029.26", "3133.38067,3029.26", "gases do not sum"),
        ("uk_gov/2025/factors.csv", "3033.38067,3029.26", ",3029.26", "state and value of kg_co2e disagree"),
        ("uk_gov/2025/factors.csv", "3033.38067,3029.26", "-3033.38067,3029.26", "below zero"),
        ("uk_gov/2025/factors.csv", "vvvv,7 8 9 10", "vvxv,7 8 9 10", "unknown state of kg_ch4"),
        ("uk_gov/2025/factors.csv", "vvvv,7 8 9 10", "vvvv,11 8 9 10", "a sheet row is used twice"),
        ("uk_gov/2025/factors.csv", "vvvv,7 8 9 10", "vvvv,7 8 9", "as many sheet rows as states"),
        ("uk_gov/2025/factors.csv", "butane/tonnes,", "butane/litres,", "the series is used twice"),
        ("uk_gov/2025/factors.csv", "butane/tonnes,", "butan/tonnes,", "not the series it should be"),
        ("uk_gov/2025/factors.csv", "butane/tonnes,1_100_1000_15", "butane/tonnes,1_100_1000_8", "id is used twice"),
        ("uk_gov/2025/factors.csv", ",tonnes,emission", ",tuns,emission", "unit 'tuns'"),
        ("uk_gov/2025/factors.csv", ",emission,", ",omission,", "unknown kind"),
        ("uk_gov/2025/edition.toml", "rows = 8740", "rows = 8741", "holds 8740 official rows"),
        ("uk_gov/2025/edition.toml", 'verified = "read"', 'verified = "sure"', "verified is 'sure'"),
        ("uk_gov/2025/edition.toml", 'default = "AR5"', 'default = "AR7"', "unknown GWP set AR7"),
        ("uk_gov/2025/sources.csv", "8bfdb45b", "", "without the hash"),
        ("uk_gov/2025/sources.csv", "OGL-UK-3.0", "", "no licence"),
        (
            "uk_gov/concordance.csv",
            "blends/r410a/total",
            "blends/r410a/tutal",
            "r410a/tutal-emissions-including-non-kyoto-products/kg: no edition",
        ),
        ("uk_electricity/electricity.csv", ",0.177,", ",0.178,", "is not what the flat file has"),
        ("spend/multipliers.csv", ",uk_spend_multipliers_2023,", ",nobody,", "not in any sources.csv"),
        ("residual_mix/gb.csv", "kg_co2e/kWh", "kg/floz", "unit 'kg/floz'"),
    ],
)
def test_check_finds_each_planted_fault(broken: Library, file: str, old: str, new: str, said: str) -> None:
    edit(broken.folders[0] / file, old, new)
    found = check(broken)
    assert any(said in text for text in found), found


def test_check_says_at_most_a_score_of_rows_of_one_kind(broken: Library) -> None:
    table = parse_factors(broken.folders[0] / "uk_gov/2025/factors.csv")
    said = row_problems("here", table.assign(kg_co2e=table["kg_co2e"] * 2))
    assert len(said) == 21
    assert "more rows" in said[-1]


def test_check_of_an_edition_that_cannot_be_read(broken: Library) -> None:
    (broken.folders[0] / "uk_gov/2025/factors.csv").write_text("not, a table", encoding="utf-8")
    edition = broken.edition("uk_gov", 2025)
    assert any("cannot be read" in text for text in edition_problems(broken, edition))


def test_one_number_per_row() -> None:
    table = library().table("uk_gov", 2025)
    found = numbers(table)
    assert (found.notna() == (table["state"].str[0].eq(VALUE) | table["state"].eq(".v.."))).all()
