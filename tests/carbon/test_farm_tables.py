"""The farm's factor tables: every row sound, every figure as in the reference, nothing of low trust carried."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from natcap.carbon.farm.book import TABLES, Book, NoFactor, Unverified
from natcap.carbon.farm.choices import SETS
from natcap.carbon.farm.soilset import soil_set
from natcap.carbon.farm.words import vocabulary
from natcap.core import tables
from natcap.core.factors import library
from natcap.core.resources import root
from natcap.core.units import unit

SET = "ipcc2019"


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_unit_source_page_and_state(name: str) -> None:
    assert tables.problems_in(f"farm/{name}") == []


def test_each_question_has_one_answer() -> None:
    """The book refuses to open when two rows answer the same question; opening it is the test."""
    assert Book().pick("EF1", "ipcc2019_wet", "synthetic").value == 0.016


def reference(shared: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(shared / "reference" / "farm" / f"{name}.csv", dtype=str, keep_default_na=False)


def carried(name: str, parameter: str) -> pd.Series:
    frame = tables.load(f"farm/{name}")
    frame = frame[(frame["parameter"] == parameter) & (frame["verified"] != "derived")]
    return frame.set_index(["category", "subcategory", "climate"])["value"]


CLIMATES = {"cool_moist": "temperate-cool moist", "cool_dry": "temperate-cool dry"}
SYSTEMS = {
    "slurry_no_cover": "liquid-slurry-nocover",
    "slurry_crust": "liquid-slurry-naturalcover",
    "slurry_covered": "liquid-slurry-cover",
    "pit_over_1_month": "pit-long",
    "pit_under_1_month": "pit-short",
    "poultry_litter": "poultry-litter",
    "poultry_no_litter": "poultry-nolitter",
    "bedding_over_1_month": "bedding",
    "bedding_under_1_month": "bedding",
}


def test_methane_factors_are_those_of_the_reference(shared: Path) -> None:
    theirs = reference(shared, "ipcc2019_manure_ch4")
    theirs = theirs[theirs["parameter"] == "EF_CH4_T1"].set_index(["category", "subcategory", "climate"])["value"]
    ours = carried("manure_ch4", "EF_CH4")
    for (animal, system, climate), value in ours.items():
        name = animal.replace("-mature_breeding", "-mature_hp_breeding") if "breeding" in animal else f"{animal}_hp"
        key = (name, SYSTEMS.get(system, system.replace("_", "-")), CLIMATES[climate])
        assert float(theirs[key]) == value, key
    assert len(ours) >= 120


@pytest.mark.parametrize("parameter", ["FracGasMS", "FracLeachMS"])
def test_losses_of_storage_are_those_of_the_reference(shared: Path, parameter: str) -> None:
    """Two deliberate differences: leaching from cattle bedding (0.035, not the misprinted 0.036)."""
    theirs = reference(shared, "ipcc2019_manure_n2o")
    theirs = theirs[theirs["parameter"] == parameter].set_index(["category", "subcategory"])["value"]
    differ = []
    for (animal, system, _), value in carried("manure_n2o", parameter).items():
        if float(theirs[animal, SYSTEMS.get(system, system.replace("_", "-"))]) != value:
            differ.append((animal, system, value))
    allowed = (
        []
        if parameter == "FracGasMS"
        else [(c, s, 0.035) for c in ("cattle-dairy", "cattle-other") for s in SYSTEMS if "bedding" in s]
    )
    assert sorted(differ) == sorted(allowed)


def test_a_volatilised_share_of_zero_is_not_taken_for_a_printed_one() -> None:
    """The transcription fills empty cells with 0: sheep in deep bedding, cattle in poultry litter."""
    gas = carried("manure_n2o", "FracGasMS")
    assert (gas > 0).all()
    assert not Book().has("FracGasMS", SET, "sheep", "bedding_over_1_month")


def test_nothing_of_low_trust_is_carried(shared: Path) -> None:
    low = reference(shared, "fertiliser_embedded")
    low = low[low["verified"] == "RECALL-low"]
    assert list(low["category"]) == ["pesticides"]
    assert not tables.load("farm/fertiliser_embedded")["category"].str.contains("pesticide").any()


def test_recalled_rows_stay_closed_until_they_are_asked_for() -> None:
    with pytest.raises(Unverified, match="recalled, not read"):
        Book().pick("EF_enteric", SET, "goat", "high_productivity")
    book = Book(allow_unverified=True)
    assert book.pick("EF_enteric", SET, "goat", "high_productivity").verified == "recalled"
    assert list(book.used) == ["farm.enteric.ipcc2019.goat.high_productivity"]


def test_defaults_rest_on_nothing_recalled() -> None:
    """A dairy farm, a sheep farm and an arable farm run on the default sets without any recalled figure."""
    book = Book()
    soil_set(book, "ipcc2019_wet", ["cpp", "so"])
    for animal, sub in (
        ("cattle-dairy", "western_europe"),
        ("sheep", "high_productivity"),
        ("swine", "high_productivity"),
    ):
        book.pick("EF_enteric", SET, animal, sub)
    book.pick("FracGASF", "ipcc2019_wet", "synthetic")
    assert {pick.verified for pick in book.used.values()} <= {"read", "read-secondary", "derived"}


def test_a_set_is_not_mixed_with_another() -> None:
    """Each row handed out for a set carries one of that set's own names, and 2006 never borrows from 2019."""
    for name, rows in SETS.items():
        if name in ("ipcc2019", "uk_nir"):
            continue
        found = soil_set(Book(allow_unverified=True), name, ["cpp", "so"])
        picks = [found.organic, found.gas_organic, found.ef4, found.leach, found.ef5, *found.grazing.values()]
        assert {pick.factor_set for pick in picks} <= set(rows)
    with pytest.raises(NoFactor, match="ipcc2006 has no FracGASF for urea"):
        Book(allow_unverified=True).pick("FracGASF", "ipcc2006", "urea")


def test_every_animal_has_its_factors_or_asks_for_them() -> None:
    book = Book(allow_unverified=True)
    for key in vocabulary("categories").ids:
        kind = vocabulary("categories").row(key)
        assert book.has("VS_rate", SET, kind["vs_rate"]), key
        assert book.has("N_rate", SET, kind["n_rate"]), key
        assert not kind["mass"] or book.has("animal_mass", SET, kind["mass"]), key
        assert kind["grazing"] in ("cpp", "so")
        assert "pasture" in book.subcategories("EF_CH4", kind["ef_ch4"]), key
        assert book.subcategories("FracGasMS", kind["losses"]) & book.subcategories("EF_CH4", kind["ef_ch4"]), key


def test_every_fuel_series_is_published_in_every_whole_edition_since_2016() -> None:
    series = pd.read_csv(root("factors") / "farm" / "fuel_series.csv", dtype=str)
    assert set(series["fuel"]) == set(vocabulary("fuels").ids)
    for record in series[series["source"].isin(["fuel", "electricity"])].to_dict("records"):
        for year in range(2016, 2026):
            factor = library().match(record["series"], year).factor
            assert unit(factor.unit).id == record["unit"], record


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dairy cows", "dairy_cow"),
        ("suckler cow", "beef_cow"),
        ("TUP", "ram"),
        ("finishing pigs", "growing_pig"),
        ("Ewe", "ewe"),
    ],
)
def test_spellings_that_are_accepted(text: str, expected: str) -> None:
    assert vocabulary("categories").find(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "choice"),
    [("sheep", "ewe, ram, lamb"), ("Cows", "dairy_cow, beef_cow"), ("pigs", "sow, weaner, growing_pig")],
)
def test_words_that_mean_several_animals_are_refused_with_the_choices(text: str, choice: str) -> None:
    key, expected, remedy = vocabulary("categories").find(text)
    assert (key, expected) == ("", f"one of {choice}")
    assert "can mean several" in remedy
