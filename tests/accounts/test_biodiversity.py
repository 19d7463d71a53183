"""The statutory metric against values that Defra extracted from its own workbook (edition 4.1), and its identities."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.accounts.biodiversity import MetricError, baseline, creation, edition, enhancement, individual_trees
from natcap.accounts.biodiversity.units import final_years

E = edition("4.1")
LOW = "Area/compensation not in local strategy/ no local strategy"
HIGH = "Formally identified in local strategy"
WET = {"encroachment": "No Encroachment", "riparian": "Minor/ Minor"}


@pytest.fixture(scope="module")
def cases(shared: Path) -> dict[str, Any]:
    found = json.loads((shared / "worked" / "natural_capital.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in found}


def expect(case: dict[str, Any], got: float) -> None:
    (wanted,) = case["expected"].values()
    assert got == pytest.approx(wanted, abs=case["tolerance"])


def test_baseline_bng_b1(cases: dict[str, Any]) -> None:
    i = cases["BNG-B1"]["inputs"]
    got = baseline(E, "area", i["habitat"], i["area_ha"], i["condition"], i["strategic_significance"])
    expect(cases["BNG-B1"], got.units)


def test_creation_bng_c1(cases: dict[str, Any]) -> None:
    i = cases["BNG-C1"]["inputs"]
    got = creation(E, "area", i["habitat"], i["area_ha"], i["condition"], i["strategic_significance"])
    expect(cases["BNG-C1"], got.units)


def test_enhancement_multiplies_the_gain_only_bng_e1(cases: dict[str, Any]) -> None:
    i = cases["BNG-E1"]["inputs"]
    got = enhancement(
        E, "area", i["baseline_habitat"], i["baseline_condition"], i["proposed_habitat"], i["proposed_condition"],
        i["area_ha"], i["strategic_significance"],
    )  # fmt: skip
    expect(cases["BNG-E1"], got.units)
    assert got.units != pytest.approx(2.577039, abs=1e-3)  # the whole target multiplied: the known wrong answer


def test_hedgerow_bng_h1(cases: dict[str, Any]) -> None:
    i = cases["BNG-H1"]["inputs"]
    got = creation(E, "hedgerow", i["habitat"], i["length_km"], i["condition"], i["strategic_significance"])
    expect(cases["BNG-H1"], got.units)


def test_watercourse_bng_w1(cases: dict[str, Any]) -> None:
    i = cases["BNG-W1"]["inputs"]
    got = enhancement(
        E, "watercourse", i["baseline"], i["baseline_condition"], i["proposed"], i["condition"], i["length_km"],
        i["strategic_significance"], encroachment=i["watercourse_encroachment"], riparian=i["riparian_encroachment"],
    )  # fmt: skip
    expect(cases["BNG-W1"], got.units)


def test_tables_are_whole() -> None:
    """132 habitats by 7 target conditions, and by 22 pairs of start and target: 924 and 2,904 cells, as printed."""
    meta = ["source", "locator", "verified"]
    assert E.creation.drop(columns=meta).size == 924
    assert E.enhancement.drop(columns=meta).size == 2904
    assert E.condition.drop(columns=meta).size == 924
    assert not E.creation.eq("").any(axis=None)
    assert not E.enhancement.eq("").any(axis=None)


def test_every_table_names_the_one_edition_that_is_held() -> None:
    """A third-party transcription differs in 65 cells; which copy is current was not verified: it is no edition."""
    assert E.name == "4.1"
    for table in (*E.habitats.values(), E.condition, E.creation, E.enhancement):
        assert set(table["source"]) == {"defra_metric_4_1"}
        assert set(table["verified"]) == {"read"}
        assert table["locator"].ne("").all()
    with pytest.raises(MetricError, match=r"there is 4\.1, statutory$"):
        edition("4.0")


def test_temporal_multiplier_is_its_formula() -> None:
    """The metric discounts by 3.5 % a year to ten decimals; 30+ stands for 32 years (sheet G-4)."""
    for years in range(32):
        assert E.temporal(years) == pytest.approx(0.965**years, abs=6e-11)
    assert E.temporal("30+") == pytest.approx(0.965**32, abs=6e-11)


@pytest.mark.parametrize(
    ("standard", "advance", "delay", "wanted"),
    [(10, 0, 0, 10), (10, 4, 0, 6), (10, 12, 0, 0), (10, 0, 5, 15), (28, 0, 5, "30+"), ("30+", 0, 3, "30+"),
     ("30+", 10, 0, 20), ("30+", "30+", 0, 0), (5, 0, "30+", "30+")],
)  # fmt: skip
def test_years_in_advance_or_delayed(standard: Any, advance: Any, delay: Any, wanted: Any) -> None:
    """Sheet A-2, column S."""
    assert final_years(standard, advance, delay) == wanted


def test_in_place_before_the_loss_is_low_difficulty_and_no_wait() -> None:
    habitat = "Grassland - Other neutral grassland"
    years = E.creation_years("area", habitat, "Good")
    assert isinstance(years, int)
    got = creation(E, "area", habitat, 2, "Good", LOW, advance=years)
    assert (got.years, got.difficulty_band) == (0, "Low")
    assert got.units == pytest.approx(baseline(E, "area", habitat, 2, "Good", LOW).units)


def test_trees_stand_for_their_root_circle() -> None:
    """Sheet G-3 W:Z prints 0.0041 and 0.0163 ha for a small and a medium tree."""
    assert individual_trees(E, {"Small": 10, "Medium": 2}) == pytest.approx(10 * 0.0040715 + 2 * 0.0162860, abs=1e-5)


MODIFIED = "Grassland - Modified grassland"
NEUTRAL = "Grassland - Other neutral grassland"
TREE = "Individual trees - Urban tree"
ORNAMENTAL = "Non-native and ornamental hedgerow"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: baseline(E, "area", "Grassland - Modified gras", 1, "Good", LOW), "Did you mean"),
        (lambda: baseline(E, "area", "Cropland - Cereal crops", 1, "Good", LOW), "not possible"),
        (lambda: baseline(E, "area", MODIFIED, 0, "Good", LOW), "more than 0"),
        (lambda: creation(E, "area", NEUTRAL, 1, "Good", LOW, 2, 3), "at once"),
        (lambda: enhancement(E, "area", TREE, "Poor", TREE, "Good", 1, LOW), "cannot be enhanced"),
        (lambda: enhancement(E, "area", MODIFIED, "Good", MODIFIED, "Poor", 1, LOW), "falls"),
        (lambda: enhancement(E, "area", MODIFIED, "Poor", MODIFIED, "Poor", 1, LOW), "nothing"),
        (lambda: enhancement(E, "area", NEUTRAL, "Poor", MODIFIED, "Good", 1, LOW), "trades down"),
        (lambda: baseline(E, "watercourse", "Ditches", 1, "Good", LOW, "N/A - Culvert", "Minor/ Minor"), "not fit"),
        (lambda: baseline(E, "hedgerow", ORNAMENTAL, 1, "Good", LOW), "cannot be in condition"),
        (lambda: edition("9.9"), "there is 4.1"),
    ],
)
def test_refused_with_the_reason(call: Any, words: str) -> None:
    with pytest.raises(MetricError, match=words):
        call()


@given(st.floats(1e-6, 1e4), st.floats(0.01, 0.99))
def test_units_are_additive_in_size(size: float, share: float) -> None:
    def both(f: Any) -> None:
        assert f(size).units == pytest.approx(f(size * share).units + f(size * (1 - share)).units, rel=1e-9)

    both(lambda a: creation(E, "area", "Grassland - Other neutral grassland", a, "Fairly Good", HIGH))
    both(lambda a: enhancement(E, "watercourse", "Ditches", "Poor", "Ditches", "Good", a, HIGH, **WET))


def test_enhancement_lies_between_baseline_and_target_for_every_possible_pair() -> None:
    """Over every habitat and pair of conditions the metric allows."""
    tried = 0
    conditions = ["Poor", "Fairly Poor", "Moderate", "Fairly Good", "Good"]
    for habitat in E.habitats["area"].index:
        for position, start in enumerate(conditions):
            for target in conditions[position + 1 :]:
                try:
                    got = enhancement(E, "area", habitat, start, habitat, target, 1, LOW)
                except MetricError:
                    continue
                tried += 1
                before = baseline(E, "area", habitat, 1, start, LOW).units
                assert before < got.units <= baseline(E, "area", habitat, 1, target, LOW).units
    assert tried > 500
