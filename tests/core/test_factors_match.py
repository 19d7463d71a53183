"""Asking for a factor: worked figures, what is refused, blends, many rows at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.core.factors import FactorError, library

ELECTRICITY = "uk-electricity/electricity-generated/electricity-uk/kwh"
LOSSES = "transmission-and-distribution/t-d-uk-electricity/electricity-uk/kwh"
GAS = "fuels/gaseous-fuels/natural-gas/kwh-gross-cv"
GAS_NET = "fuels/gaseous-fuels/natural-gas/kwh-net-cv"
DIESEL = "fuels/liquid-fuels/diesel-average-biofuel-blend/litres"
PETROL = "fuels/liquid-fuels/petrol-average-biofuel-blend/litres"
R410A = "refrigerant-other/blends/r410a/total-emissions-including-non-kyoto-products/kg"
HOTEL = "hotel-stay/hotel-stay/uk/room-per-night"
ARTIC = "freighting-goods/hgv-all-diesel/articulated-33t"

NONE = None
# METHODS_carbon.md, "Known values, all reproduced", 2016 to 2026
KNOWN: dict[str, list[float | None]] = {
    ELECTRICITY: [.41205, .35156, .28307, .2556, .23314, .21233, .19338, .207074, .20705, .177, .13096],
    LOSSES: [.03727, .03287, .02413, .0217, .02005, .01879, .01769, .017915, .0183, .01853, .01299],
    GAS: [.183997, .184164, .18396, .18385, .18387, .18316, .18254, .182929, .1829, .18296, .18231],
    GAS_NET: [.204441, .204627, .20437, .20428, .20374, .20297, .20227, .202671, .20264, .2027, NONE],
    DIESEL: [2.611625, 2.600163, 2.62694, 2.59411, 2.54603, 2.51233, 2.55784, 2.512064, 2.51279, 2.57082, 2.58354],
    PETROL: [2.196974, 2.198354, 2.20307, 2.20904, 2.16802, 2.19352, 2.16185, 2.097473, 2.0844, 2.06916, 2.075],
    R410A: [2088, 2088, 2088, 2088, 2088, 2088, 2088, 1924, 1924, 1924, 1924],
    HOTEL: [NONE, 31.1, 26.4, 17.4, 15.7, 13.9, 10.4, 10.4, 10.4, 10.4, 10.4],
}  # fmt: skip


@pytest.fixture(scope="module")
def worked(shared: Path) -> dict[str, dict[str, Any]]:
    cases = json.loads((shared / "worked/carbon.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in cases}


@pytest.mark.parametrize("series", KNOWN)
def test_known_values_by_one_series_over_all_years(series: str) -> None:
    for year, due in zip(range(2016, 2027), KNOWN[series], strict=True):
        if due is None:
            with pytest.raises(FactorError, match="is not in the"):
                library().match(series, year)
            continue
        found = library().match(series, year)
        assert found.factor.value == pytest.approx(due, abs=5e-7)
        assert found.how == ("partial edition" if year == 2026 else "exact")


def test_h04_megawatt_hours_against_kilowatt_hours(worked: dict[str, Any]) -> None:
    from natcap.core.units import convert

    value = library().match(ELECTRICITY, 2025).factor.value
    assert convert(1000, "MWh", "kWh") * value / 1000 == pytest.approx(worked["H04"]["expected"], abs=1e-9)
    assert 1000 * value / 1000 == pytest.approx(0.177, abs=1e-12)


def test_h08_majority_rule_uses_the_2024_set(worked: dict[str, Any]) -> None:
    case = worked["H08"]
    kilograms = case["inputs"]["electricity_kWh"] * library().match(ELECTRICITY, 2024).factor.value
    assert kilograms / 1000 == pytest.approx(case["expected"], abs=case["abs_tolerance"])


def test_h09_blended_rule_by_days(worked: dict[str, Any]) -> None:
    case = worked["H09"]
    days = {int(year): number for year, number in case["inputs"]["days"].items()}
    found = library().blend(days, ELECTRICITY)
    assert found.how == "blended"
    assert found.factor.value == pytest.approx(0.24667753, abs=5e-9)
    assert found.factor.value * 100 == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    assert sum(found.factor.gases.values()) == pytest.approx(found.factor.value, rel=1e-3)
    assert "220 days of 2019 at 0.2556" in found.note
    ref = library().ref(found.factor.id)
    assert ref.value == found.factor.value


def test_h10_official_blend_of_biodiesel(worked: dict[str, Any]) -> None:
    share = worked["H10"]["inputs"]["share_biodiesel"]
    bio = library().match("bioenergy/biofuel/biodiesel-me/litres", 2021).factor.value
    mineral = library().match("fuels/liquid-fuels/diesel-100-mineral-diesel/litres", 2021).factor.value
    assert share * round(bio, 3) + (1 - share) * round(mineral, 3) == pytest.approx(worked["H10"]["expected"], abs=1e-9)
    assert share * bio + (1 - share) * mineral == pytest.approx(2.197926, abs=5e-7)


def test_h13_freight_and_h14_half_between_loads(worked: dict[str, Any]) -> None:
    laden = library().match(f"{ARTIC}/average-laden/tonne.km", 2025).factor
    assert 5 * 100 * laden.value == pytest.approx(worked["H13"]["expected"], abs=1e-3)
    assert laden.unit == "tonne_km"
    half, full = (library().match(f"{ARTIC}/{load}-laden/km", 2025).factor.value for load in ("50", "100"))
    assert (half + full) / 2 == pytest.approx(worked["H14"]["expected"], abs=1e-6)


def test_h22_electricity_of_2023_by_gas(worked: dict[str, Any]) -> None:
    from natcap.core.gwp import gwp

    case, factor = worked["H22"], library().match(ELECTRICITY, 2023).factor
    masses = case["inputs"]
    due = {
        "CO2": masses["kg_CO2"],
        "CH4": masses["kg_CH4"] * gwp("CH4", "AR5").value,
        "N2O": masses["kg_N2O"] * gwp("N2O", "AR5").value,
    }
    assert factor.gases == pytest.approx(due, abs=1e-9)
    assert factor.value == pytest.approx(case["expected"], abs=1e-9)
    assert factor.gwp_set == "AR5"


def test_h36_spend_on_it_services(worked: dict[str, Any]) -> None:
    found = library().match("spend/sic-62", 2023)
    assert 10_000 * found.factor.value == pytest.approx(worked["H36"]["expected"], abs=0.01)
    assert found.factor.unit == "GBP_2023"
    assert library().ref(found.factor.id).unit == "kg CO2e/GBP_2023"


def test_10_000_miles_in_a_large_plug_in_hybrid() -> None:
    """Official example: 0.11397 kg per mile (2023 set) gives 1,140 kg."""
    series = "passenger-vehicles/cars-by-size/large-car/plug-in-hybrid-electric-vehicle/miles"
    assert library().match(series, 2023).factor.value * 10_000 == pytest.approx(1140, abs=0.5)


def test_other_families_by_year() -> None:
    lib = library()
    assert lib.match("residual_mix/gb", 2022).factor.value == 0.36515
    assert lib.match("uk_electricity/generated", 2002).factor.value == 0.44914
    assert lib.match("uk_electricity/generated", 2002).factor.gases["CO2"] == 0.44628
    diesel = lib.match("fuel_properties/diesel-100-mineral-diesel/gross-cv/kwh-per-litre", 2025).factor
    assert (diesel.value, diesel.unit, diesel.kind) == (10.561, "kWh_gross/litre", "property")
    with pytest.raises(FactorError, match="nearest year is 2022"):
        lib.match("residual_mix/gb", 2025)
    assert lib.match("residual_mix/gb", 2025, allow_earlier=True).how == "earlier edition"
    assert len(lib.table("spend", 2023)) == 112


def test_what_is_refused_and_what_is_offered() -> None:
    lib = library()
    with pytest.raises(FactorError, match="is not published for 2021: left blank"):
        lib.match("hotel-stay/hotel-stay/oman/room-per-night", 2021)
    with pytest.raises(FactorError, match="Did you mean 'fuels/gaseous-fuels/natural-gas/kwh-gross-cv'"):
        lib.match("fuel/gaseous-fuels/natural-gas/kwh-gross-cv", 2025)
    with pytest.raises(FactorError, match="nearest is 2026"):
        lib.match(GAS, 2031)
    with pytest.raises(FactorError, match="2026 edition \\(partial\\)") as caught:
        lib.match(GAS_NET, 2026)
    assert caught.value.nearest == 2025
    with pytest.raises(FactorError, match="energy in kWh"):
        lib.match("secr-kwh-pass-delivery-vehs/cars-by-size/average-car/diesel/miles", 2025)
    with pytest.raises(FactorError, match="no factor family 'desnz'"):
        lib.match(GAS, 2025, family="desnz")


def test_an_earlier_edition_only_on_request_and_on_record() -> None:
    found = library().match(GAS_NET, 2026, allow_earlier=True)
    assert (found.how, found.factor.year, found.asked_year) == ("earlier edition", 2025, 2026)
    assert "no factor for 2026" in found.note
    with pytest.raises(FactorError):
        library().match(HOTEL, 2016, allow_earlier=True)


def test_a_blank_is_passed_over_for_the_year_before_on_request() -> None:
    series = "hotel-stay/hotel-stay/poland/room-per-night"
    with pytest.raises(FactorError, match="not published"):
        library().match(series, 2022)
    assert library().match(series, 2022, allow_earlier=True).factor.year == 2021


def test_a_bound_is_no_value_unless_asked_for_as_one() -> None:
    series = "refrigerant-other/other-products/r1234ze/total-emissions-including-non-kyoto-products/kg"
    with pytest.raises(FactorError, match="'< 1', a bound and no value"):
        library().match(series, 2018)
    factor = library().match(series, 2018, bound=True).factor
    assert (factor.low, factor.high, factor.value) == (0.0, 1.0, 1.0)
    assert library().match(series, 2023).factor.value == 1.0


def test_kwh_rows_on_request() -> None:
    series = "secr-kwh-pass-delivery-vehs/cars-by-size/average-car/diesel/miles"
    factor = library().match(series, 2025, kind="energy").factor
    assert (factor.kind, factor.unit, factor.gases) == ("energy", "mile", {})
    assert factor.ref().unit == "kWh/mile"


def test_biogenic_co2_is_published_without_a_total() -> None:
    factor = library().match("outside-of-scopes/biofuel/biodiesel-me/litres", 2021).factor
    assert factor.value == 2.36
    assert factor.note == "published as CO2 only, without a total"


def test_refrigerant_variants_are_three_series_and_the_total_is_the_sum_of_none() -> None:
    stem = "refrigerant-other/blends/r410a"
    total = library().match(f"{stem}/total-emissions-including-non-kyoto-products/kg", 2025).factor.value
    kyoto = library().match(f"{stem}/emissions-including-only-kyoto-products/kg", 2025).factor.value
    assert total == kyoto == 1924


@given(
    days=st.dictionaries(st.integers(2016, 2025), st.integers(1, 366), min_size=1, max_size=4),
    series=st.sampled_from([ELECTRICITY, GAS, DIESEL, R410A]),
)
def test_a_blend_lies_between_its_factors_and_weighs_by_days(days: dict[int, int], series: str) -> None:
    lib = library()
    values = {year: lib.match(series, year).factor.value for year in days}
    found = lib.blend(days, series).factor
    due = sum(days[year] * value for year, value in values.items()) / sum(days.values())
    assert found.value == pytest.approx(due, rel=1e-12)
    low, high = min(values.values()), max(values.values())
    assert low - 1e-12 * low <= found.value <= high + 1e-12 * high
    doubled = lib.blend({year: 2 * number for year, number in days.items()}, series).factor
    assert doubled.value == pytest.approx(found.value, rel=1e-12)
    assert lib.ref(found.id).value == pytest.approx(found.value, rel=1e-12)


def test_a_blend_without_days_or_with_a_missing_year_is_refused() -> None:
    with pytest.raises(ValueError, match="above zero"):
        library().blend({2024: 0}, GAS)
    with pytest.raises(ValueError, match="above zero"):
        library().blend({}, GAS)
    with pytest.raises(FactorError):
        library().blend({2015: 100, 2016: 265}, GAS)


def test_many_rows_are_matched_as_one_by_one() -> None:
    lib = library()
    names = [*KNOWN, "outside-of-scopes/biofuel/biodiesel-me/litres", "no/such/series", "spend/sic-62"]
    rng = np.random.default_rng(7)
    asked = pd.Categorical(np.asarray(names)[rng.integers(0, len(names), 3000)])
    years = rng.integers(2015, 2028, 3000)
    found = lib.match_table(asked, years)
    for name, year, place in zip(asked, years.tolist(), found.index.tolist(), strict=True):
        if place == -1:
            with pytest.raises(FactorError) as refused:
                lib.match(name, year)
            assert str(found.errors[(name, year)]) == str(refused.value)
            continue
        one = lib.match(name, year)
        row = found.factors.iloc[place]
        assert (row["factor_id"], row["value"], row["how"]) == (one.factor.id, one.factor.value, one.how)
        assert (row["unit"], row["edition"], row["locator"]) == (
            one.factor.unit,
            one.factor.edition,
            one.factor.locator,
        )
        assert (row["gwp_set"], row["verified"], row["source"]) == (
            one.factor.gwp_set, one.factor.verified, one.factor.source.id,
        )  # fmt: skip
        assert row["kg_co2"] == pytest.approx(one.factor.gases.get("CO2", np.nan), nan_ok=True)
        assert row["series"] == name
        assert row["asked_year"] == year


def test_many_rows_a_missing_series_is_a_hole_and_not_an_error() -> None:
    found = library().match_table(pd.Categorical([GAS, None, GAS]), 2025)
    assert found.index.tolist() == [0, -1, 0]
    assert not found.errors
    assert found.column("value").tolist() == pytest.approx([0.18296, np.nan, 0.18296], nan_ok=True)
    assert list(found.labels("unit")) == ["kWh_gross", np.nan, "kWh_gross"]


def test_many_rows_none_at_all() -> None:
    found = library().match_table(pd.Categorical([]), np.zeros(0, dtype=np.int64))
    assert len(found.index) == 0
    assert len(found.factors) == 0


def test_a_reference_of_an_unknown_id_is_a_key_error() -> None:
    for wrong in ("uk_gov/2025/nothing", "uk_gov", "spend/2023/sic-0", "5*uk_gov/2025/nothing", "a*b", ""):
        with pytest.raises(KeyError):
            library().ref(wrong)
