"""Sums and ratios: what may be added, what must be recomputed, what is refused, and what does not close."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.core.problems import Problems
from natcap.progress.definitions import derivations, indicators
from natcap.progress.derive import NotAdditive, derive, refuse_average
from natcap.progress.identities import closings
from natcap.progress.observations import series
from natcap.progress.results import Results
from tests.progress.made import areas, numbers, rows

KNOWN = indicators()


def derived(records: list[dict[str, Any]], problems: Problems | None = None) -> pd.DataFrame:
    said = problems if problems is not None else Problems()
    table, _ = derive(numbers(records), KNOWN, derivations(), areas(), said)
    return table


def test_a_whole_is_the_sum_of_its_areas_and_knows_them() -> None:
    table = derived(rows("C01", "A1", {"2023": 10.5}) + rows("C01", "A2", {"2023": 4.25}))
    whole = series(table, "C01", "C1").iloc[0]
    assert whole["value"] == 14.75
    assert whole["made_of"] == (0, 1)
    assert whole["how"] == "Sum over the 2 areas that make up Ceeshire."
    assert whole["derived"]


def test_a_missing_member_leaves_the_whole_missing_with_the_reason() -> None:
    table = derived(rows("G08B", "A1", {"2023": 31}) + rows("G08B", "A2", {"2023": None}))
    whole = series(table, "G08B", "C1").iloc[0]
    assert math.isnan(whole["value"])
    assert whole["status"] == "not estimated"
    assert whole["note"] == "not summed: Bebury confidential"


def test_an_absent_member_makes_no_whole_at_all() -> None:
    assert series(derived(rows("C01", "A1", {"2023": 10})), "C01", "C1").empty


def test_members_of_different_method_are_not_added() -> None:
    made = rows("C01", "A1", {"2023": 10}) + rows("C01", "A2", {"2023": 4}, method_version="two")
    assert series(derived(made), "C01", "C1").empty


def test_a_published_whole_is_kept() -> None:
    made = [r for area, v in (("A1", 10), ("A2", 4), ("C1", 14)) for r in rows("C01", area, {"2023": v})]
    table = derived(made)
    assert len(series(table, "C01", "C1")) == 1
    assert not series(table, "C01", "C1").iloc[0]["derived"]


def test_rates_are_never_added_or_averaged() -> None:
    table = derived(rows("E01", "A1", {"2023": 40}) + rows("E01", "A2", {"2023": 50}))
    assert series(table, "E01", "C1").empty
    with pytest.raises(NotAdditive, match="neither added nor averaged"):
        refuse_average(KNOWN["E01"], "Ceeshire")
    with pytest.raises(NotAdditive, match="Median domestic gas use"):
        refuse_average(KNOWN["G10"], "Ceeshire")
    refuse_average(KNOWN["C01"], "Ceeshire")


def test_the_rate_of_a_whole_comes_from_its_numerator_and_denominator() -> None:
    """10 of 100 and 30 of 100,000: the mean of the rates would be 5 %, the rate is 0.04 %."""
    made = [
        r
        for area, poor, all_ in (("A1", 10, 100), ("A2", 30, 100_000))
        for r in rows("G17N", area, {"2022": poor}) + rows("G17H", area, {"2022": all_})
    ]
    table = derived(made)
    assert series(table, "G17", "C1").iloc[0]["value"] == pytest.approx(100 * 40 / 100_100)
    assert series(table, "G17", "A1").iloc[0]["value"] == 10.0


def test_a_zero_denominator_gives_no_rate() -> None:
    table = derived(rows("G17N", "A1", {"2022": 0}) + rows("G17H", "A1", {"2022": 0}))
    assert series(table, "G17", "A1").empty


def test_a_published_rate_that_is_not_its_ratio_is_told() -> None:
    made = rows("G17N", "A1", {"2022": 10}) + rows("G17H", "A1", {"2022": 100}) + rows("G17", "A1", {"2022": 10.5})
    said = Problems()
    table = derived(made, said)
    assert len(said.warnings) == 1
    assert "10.5 % published for Aford, 2022" in str(said[0])
    assert "recomputed as: 100 x G17N / G17H" in str(said[0])
    assert series(table, "G17", "A1").iloc[0]["value"] == 10.5, "the published value stays"


def test_rounding_of_the_published_rate_is_not_a_disagreement() -> None:
    made = rows("G17N", "A1", {"2022": 1}) + rows("G17H", "A1", {"2022": 3}) + rows("G17", "A1", {"2022": 33.33})
    said = Problems()
    derived(made, said)
    assert not said


def test_implied_totals_have_the_range_that_rounding_leaves() -> None:
    made = rows("C02", "A1", {"2023": "3.23"}) + rows("X01", "A1", {"2023": 379780})
    found = series(derived(made), "C01", "A1").iloc[0]
    assert found["value"] == pytest.approx(3.23 * 379.780)
    assert (found["low"], found["high"]) == pytest.approx((3.225 * 379.780, 3.235 * 379.780))
    assert found["status"] == "estimated"


def test_no_total_is_implied_before_the_population_was_rebased() -> None:
    made = rows("C02", "A1", {"2020": 3.38}) + rows("X01", "A1", {"2020": 354000})
    assert series(derived(made), "C01", "A1").empty


def test_parts_that_do_not_sum_to_their_total_are_a_problem() -> None:
    made = rows("C03", "A1", {"2020": "10.0000001"}) + rows("C03", "A1", {"2020": "4.0000001"}, part="Industry")
    made += rows("C03", "A1", {"2020": "6.5000001"}, part="Domestic")
    said = Problems()
    closings(numbers(made), KNOWN, areas(), said)
    assert len(said.errors) == 1
    assert "10 kt CO2 for C03, Aford, 2020" in str(said[0])
    assert "10.5000002, the sum of its parts" in str(said[0])


def test_a_whole_that_is_not_the_sum_of_its_areas_is_a_problem() -> None:
    made = [r for area, v in (("A1", 10), ("A2", 4), ("C1", 20)) for r in rows("C01", area, {"2023": v})]
    said = Problems()
    closings(numbers(made), KNOWN, areas(), said)
    assert "14, the sum of its areas" in str(said[0])
    made[-1]["method_version"] = "with the airport"
    assert closings(numbers(made), KNOWN, areas(), Problems()) == ()


def test_rounding_is_allowed_for_and_no_more() -> None:
    made = [r for area, v in (("A1", "10.4"), ("A2", "4.4"), ("C1", "14.9")) for r in rows("C01", area, {"2023": v})]
    said = Problems()
    found = closings(numbers(made), KNOWN, areas(), said)
    assert not said
    assert found[0].largest == pytest.approx(0.1)
    assert found[0].allowed == pytest.approx(0.05 * 3, abs=1e-6)


def test_shares_sum_to_a_hundred() -> None:
    made = rows("E06", "A1", {"2020": 60}, part="Landfill") + rows("E06", "A1", {"2020": 30}, part="Other")
    said = Problems()
    closings(numbers(made), KNOWN, areas(), said)
    assert "90, the sum of its parts" in str(said[0])


@settings(deadline=None, max_examples=8)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=2), st.integers(2005, 2023))
def test_a_derived_whole_always_closes(values: list[float], year: int) -> None:
    made = rows("C01", "A1", {str(year): f"{values[0]:.6f}"}) + rows("C01", "A2", {str(year): f"{values[1]:.6f}"})
    whole = series(derived(made), "C01", "C1").iloc[0]["value"]
    assert whole == pytest.approx(sum(float(r["value"]) for r in made), abs=1e-9)


def test_every_identity_of_the_example_holds(results: Results) -> None:
    found = {c.id: c for c in results.inputs.closings}
    assert found["C03.parts"].count == 1280
    assert found["C03.E10000018"].count == 448
    for one in found.values():
        assert one.largest <= one.allowed


def test_every_published_rate_of_the_example_agrees(results: Results) -> None:
    found = {c.indicator: c for c in results.compared}
    assert found["C03P"].count == 160
    assert found["G17"].count == 48
    assert found["C02"].count == 1, "the county, from the totals of its districts"
    assert found["C02"].largest < 0.005
    assert results.warnings == ()


def test_all_rows_a_derived_one_was_made_of_are_there(results: Results) -> None:
    ids = set(results.table["id"])
    assert results.table["id"].is_unique
    made = results.table[results.table["derived"]]
    assert all(set(of) <= ids and of for of in made["made_of"])
