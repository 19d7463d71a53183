"""What people write for an activity, and the published row it leads to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.carbon.business.vocabulary import UnknownActivity, rows_of, vocabulary
from natcap.carbon.business.words import key_of
from natcap.core.factors import library

EVERYDAY = {
    "gas": "natural-gas", "Mains Gas": "natural-gas", "natural gas (kWh)": "natural-gas",
    "Electricity": "electricity", "grid electricity": "electricity", "DERV": "diesel", "red diesel": "gas-oil",
    "Kerosene": "burning-oil", "heating oil": "burning-oil", "petrol": "petrol", "LPG": "lpg",
    "train": "rail", "taxis": "taxi", "hotel nights": "hotel", "London hotel": "hotel-london",
    "Water": "water-supply", "sewerage": "water-treatment", "R-410A": "r410a", "R410a top-up": None,
    "HFC-134a": "r134a", "general waste to landfill": "waste-general-landfill", "WFH": "homeworking",
    "cardboard recycling": "waste-cardboard-recycled", "grey fleet": "car-grey-average",
    "44t artic": "hgv-artic-large", "third party haulage": "freight-hgv", "HVO": "hvo", "wood pellets": "wood-pellets",
}  # fmt: skip
"""Text -> activity; None where the text must be refused."""


@pytest.mark.parametrize("text", [t for t, known in EVERYDAY.items() if known])
def test_everyday_words_find_their_activity(text: str) -> None:
    assert vocabulary().resolve(text).id == EVERYDAY[text]


@pytest.mark.parametrize(
    "text, stem",
    [
        ("company car, medium, diesel", "passenger-vehicles/cars-by-size/medium-car/diesel"),
        ("Medium diesel company cars", "passenger-vehicles/cars-by-size/medium-car/diesel"),
        ("EV company car large", "passenger-vehicles/cars-by-size/large-car/battery-electric-vehicle"),
        ("van class 2 diesel", "delivery-vehicles/vans/class-ii-1.305-to-1.74-tonnes/diesel"),
        ("HGV rigid >17t 50% laden", "delivery-vehicles/hgv-all-diesel/rigid-17-tonnes/50-laden"),
        ("chilled artic >33t full", "delivery-vehicles/hgvs-refrigerated-all-diesel/articulated-33t/100-laden"),
        ("freight artic >33t", "freighting-goods/hgv-all-diesel/articulated-33t/average-laden"),
        ("flights short haul business class without RF",
         "business-travel-air/flights/short-haul-to-from-uk/business-class/without-rf"),
        ("Hotel stay France", "hotel-stay/hotel-stay/france"),
        ("WEEE mixed recycled", "waste-disposal/electrical-items/weee-mixed/open-loop"),
        ("R1234yf", "refrigerant-other/other-products/r1234yf/emissions-including-only-non-kyoto-products"),
        ("water-supply/water-supply/water-supply/cubic-metres", "water-supply/water-supply/water-supply"),
    ],
)  # fmt: skip
def test_words_in_any_order_find_the_published_row(text: str, stem: str) -> None:
    assert vocabulary().resolve(text).stem == stem


@pytest.mark.parametrize(
    "text, offered",
    [("electricty", "Electricity from the grid"), ("red deisel", "Gas oil (red diesel)"), ("oil", "Heating oil"),
     ("R410a bottle", "Refrigerant: R410A"), ("wood", "Wood pellets")],
)  # fmt: skip
def test_what_is_not_known_is_refused_with_a_near_choice(text: str, offered: str) -> None:
    with pytest.raises(UnknownActivity, match="no known activity") as refused:
        vocabulary().resolve(text)
    assert any(offered in choice for choice in refused.value.choices)


def test_a_car_without_its_use_is_refused_with_the_uses() -> None:
    with pytest.raises(UnknownActivity, match="several activities") as refused:
        vocabulary().resolve("diesel car")
    assert [c.split(":")[0] for c in refused.value.choices] == [
        "Company car", "Employee's or hired car on business", "Commuting by car",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["bananas", "", "   ", "-", "the", "x" * 5000, "<script>", "=1+1", "🍌"])
def test_nonsense_is_refused_and_nothing_else(text: str) -> None:
    with pytest.raises(UnknownActivity):
        vocabulary().resolve(text)


@given(st.text(max_size=300))
def test_any_text_resolves_or_is_refused(text: str) -> None:
    labels = {a.label for a in vocabulary().activities.values()}
    offered: tuple[str, ...] = ()
    try:
        offered = (vocabulary().resolve(text).label,)
    except UnknownActivity as refused:
        offered = refused.choices
    assert set(offered) <= labels


@given(st.permutations(["medium", "company", "diesel", "cars"]))
def test_order_of_words_does_not_matter(words: list[str]) -> None:
    assert key_of(" ".join(words)) == key_of("Company car: Medium car, Diesel")


def test_flights_without_a_word_on_forcing_follow_the_choice() -> None:
    assert vocabulary().resolve("flight long haul economy").stem.endswith("with-rf")
    assert vocabulary().resolve("flight long haul economy", "without").stem.endswith("without-rf")
    assert vocabulary().resolve("flight long haul economy with RF", "without").stem.endswith("with-rf")


def test_every_label_of_the_vocabulary_leads_back_to_itself() -> None:
    """Whoever copies a label from a list, an error or a result gets that activity, or is told what is alike."""
    lost = []
    for activity in vocabulary().activities.values():
        found = {a.stem for a in vocabulary().candidates(activity.label)}
        if activity.stem not in found:
            lost.append((activity.label, found))
    assert not lost


def test_no_synonym_names_two_everyday_activities_without_a_unit_to_tell_them_apart() -> None:
    everyday, _ = vocabulary()._keys
    for ids in everyday.values():
        units = [{u for u, _ in vocabulary().get(i).units} for i in ids]
        assert len(ids) == 1 or not set.intersection(*units), ids


def test_every_published_emission_row_that_is_not_a_companion_can_be_entered() -> None:
    table = library().table("uk_gov", 2025)
    valued = table[(table["kind"] == "emission") & table["state"].str.contains("v")]["series"]
    reached = {series for a in vocabulary().activities.values() for _, series in a.units}
    gas = "refrigerant-other/"
    companions = {row["companion"] for row in rows_of("companions")} - {gas}
    plain = [s for s in valued if not s.startswith(gas)]
    assert not [s for s in plain if s not in reached and not any(s.startswith(c) for c in companions)]
    # Of the overlapping rows of a gas (its total, and its parts) exactly one is a main row.
    published = {s.rpartition("/")[0].rpartition("/")[0] for s in valued if s.startswith(gas)}
    entered = [s.rpartition("/")[0].rpartition("/")[0] for s in reached if s.startswith(gas)]
    assert sorted(entered) == sorted(published)
