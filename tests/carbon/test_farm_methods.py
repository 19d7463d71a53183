"""Equations of IPCC volume 4 against worked figures and against the tables that rest on them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.carbon.farm.book import Book, Pick
from natcap.carbon.farm.feeding import coefficients
from natcap.carbon.farm.methods import energy, livestock, soils
from natcap.carbon.farm.ranges import draw

BOOK = Book()
SET = "ipcc2019"


def a(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


@pytest.fixture(scope="module")
def worked(shared: Path) -> dict[str, dict[str, object]]:
    cases = json.loads((shared / "worked" / "farm.json").read_text(encoding="utf-8"))
    return {case["id"]: case for case in cases}


def dairy_cow(c: energy.Coefficients) -> tuple[np.ndarray, np.ndarray]:
    """Gross energy and digestibility of the Western European dairy cow of Table 10A.1 (600 kg, 20.3 kg milk, 4.2 %)."""
    keep, de = energy.maintenance(a(600), a(0.386), c), a(71)
    upkeep = keep + energy.lactation(a(20.3), a(4.2), c) + 0.1 * 0.9 * keep
    return energy.gross_energy(upkeep, a(0), energy.rem(de, c), energy.reg(de, c), de), de


def test_d5_lime_dolomite_and_urea(worked: dict[str, dict[str, object]]) -> None:
    """Eqs 11.12 and 11.13: a tonne each gives 440, 476.67 and 733.33 kg CO2."""
    case = worked["D5"]
    factors = [
        BOOK.pick("EF_lime", "ipcc2006", "limestone").value,
        BOOK.pick("EF_lime", "ipcc2006", "dolomite").value,
        BOOK.pick("EF_urea", "ipcc2006", "urea").value,
    ]
    assert factors == case["inputs"]["EF"]  # type: ignore[index]
    found = [*soils.lime_co2(a(1000, 1000), a(*factors[:2])), *soils.urea_co2(a(1000), a(factors[2]))]
    assert found == pytest.approx(case["expected"], rel=1e-6)


def test_b6_gross_energy_of_a_peer_calculator(worked: dict[str, dict[str, object]]) -> None:
    case = worked["B6"]
    i = {k: a(v) for k, v in case["inputs"].items()}  # type: ignore[attr-defined]
    upkeep = i["NEm"] + i["NEa"] + i["NEl"] + i["NEp"]
    found = energy.gross_energy(upkeep, i["NEg"], i["REM"], i["REG"], i["DE_pct"])
    assert found[0] == pytest.approx(case["expected"], rel=1e-9)


def test_a1_the_dairy_cow_of_annex_10a_lands_on_her_tier_1_factor(worked: dict[str, dict[str, object]]) -> None:
    """Tier 2 gives 125.87 where Table 10.11 prints 126. A calculator that drops DE from REM gives 204 MJ, not 304.6."""
    c = coefficients()
    gross, _ = dairy_cow(c)
    factor = energy.enteric_factor(gross, a(6.3), c)[0]
    assert gross[0] == pytest.approx(304.6, abs=0.05)
    assert factor == pytest.approx(125.87, abs=0.005)
    assert factor == pytest.approx(worked["A1"]["expected"], abs=0.5)
    assert round(factor) == BOOK.pick("EF_enteric", SET, "cattle-dairy", "western_europe").value


def test_the_same_cow_lands_on_the_tables_of_solids_and_nitrogen() -> None:
    """Tier 2 against Tables 10.13A (8.4 kg VS per 1000 kg and day) and 10.19 (0.54 kg N), which were made from it."""
    c = coefficients()
    gross, de = dairy_cow(c)
    solids = energy.volatile_solids_per_day(gross, de, c)[0]
    assert solids == pytest.approx(BOOK.pick("VS_rate", SET, "cattle-dairy").value * 0.6, rel=0.01)
    kept = energy.nitrogen_retention(a(20.3), a(3.2), a(0), a(0), c)
    excreted = energy.excreted_per_head(energy.nitrogen_intake(gross, a(16.1), c), kept)[0]
    tier1 = livestock.excreted_nitrogen(a(1), a(BOOK.pick("N_rate", SET, "cattle-dairy").value), a(600))[0]
    assert tier1 == pytest.approx(118.26)
    assert excreted == pytest.approx(tier1, rel=0.005)
    retained = (kept / energy.nitrogen_intake(gross, a(16.1), c))[0]
    assert retained == pytest.approx(BOOK.pick("N_retention", SET, "cattle-dairy").value, abs=0.005)


def test_inputs_of_the_worked_cow_are_those_of_the_annex() -> None:
    of = {
        name: BOOK.pick(f"annex_{name}", SET, "cattle-dairy").value
        for name in ("weight", "milk_yield", "milk_fat", "DE")
    }
    assert of == {"weight": 600, "milk_yield": 20.3, "milk_fat": 4.2, "DE": 71}


MCF_OF = {
    "solid_storage": "solid_storage",
    "drylot": "drylot",
    "daily_spread": "daily_spread",
    "lagoon": "lagoon",
    "pit_over_1_month": "pit_over_1_month",
    "pit_under_1_month": "pit_under_1_month",
    "slurry_no_cover": "pit_over_1_month",  # Table 10.14 prints slurry for six months of storage
}
BO_OF = {
    "cattle-dairy": "cattle-dairy",
    "cattle-other": "cattle-other",
    "sheep-mature": "sheep-mature",
    "goat": "goat",
    "horse": "horse",
    "swine-growing": "swine-growing",
    "poultry": "poultry-chicken_layer",
}


def test_table_10_14_is_bo_times_density_times_mcf() -> None:
    """Every printed cell whose Bo and MCF are printed too agrees to the rounding of the table (one decimal)."""
    density, checked = coefficients().methane_density, 0
    for animal, bo in BO_OF.items():
        for system, mcf in MCF_OF.items():
            for climate in ("cool_moist", "cool_dry"):
                if not BOOK.has("EF_CH4", SET, animal, system, climate):
                    continue
                made = livestock.manure_emission_factor(
                    a(BOOK.pick("Bo", SET, bo).value), a(BOOK.pick("MCF", SET, "all", mcf, climate).value), density
                )
                printed = BOOK.pick("EF_CH4", SET, animal, system, climate).value
                assert made[0] == pytest.approx(printed, abs=0.0501), (animal, system, climate)
                checked += 1
    assert checked >= 50


def test_dung_on_pasture_has_one_factor_for_all_animals() -> None:
    """0.6 g per kg: Bo 0.19, MCF 0.47 %."""
    made = livestock.manure_emission_factor(
        a(0.19), a(BOOK.pick("MCF", SET, "all", "pasture", "cool_moist").value), 0.67
    )
    assert round(made[0], 1) == BOOK.pick("EF_CH4", SET, "cattle-dairy", "pasture", "cool_moist").value == 0.6


def test_population_counts_the_days_present() -> None:
    """Eq 10.1: 450 lambs for 150 days are 185 sheep over the year, not 450."""
    assert livestock.average_population(a(450), a(150), 365)[0] == pytest.approx(184.93, abs=0.005)


@pytest.mark.parametrize("given_fat", [0.042, 0.9])
def test_fat_as_a_fraction_is_refused(given_fat: float) -> None:
    """Eq 10.8 wants per cent; 0.042 would take a third off the cow's milk energy without a sign."""
    with pytest.raises(ValueError, match="looks like a fraction"):
        energy.lactation(a(20.3), a(given_fat), coefficients())


def test_per_cent_outside_0_to_100_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 100"):
        energy.percent(a(101), "Ym")
    assert energy.percent(a(0, 1, 100), "Ym").tolist() == [0, 1, 100]


share = st.floats(0, 0.4)


@given(st.floats(0, 1e6), share, share, st.floats(0, 0.05), st.floats(0, 4))
def test_storage_losses_and_what_is_left_are_the_whole(
    n: float, gas: float, leach: float, ef3: float, r: float
) -> None:
    """Eq 10.34A: each path and the rest add up to the nitrogen that came in."""
    parts = n * gas + n * leach + livestock.manure_direct_n2o(a(n), a(ef3))[0] + n * ef3 * r
    left = n * (1 - livestock.loss_fraction(a(gas), a(leach), a(ef3), a(r))[0])
    assert parts + left == pytest.approx(n, rel=1e-9, abs=1e-9)


@given(st.floats(0, 1e5), st.floats(0.1, 50), st.floats(1, 900), st.floats(0, 10))
def test_herd_equations_are_linear_in_the_animals(head: float, rate: float, mass: float, times: float) -> None:
    for job in (livestock.volatile_solids, livestock.excreted_nitrogen):
        assert job(a(head * times), a(rate), a(mass))[0] == pytest.approx(
            times * job(a(head), a(rate), a(mass))[0], rel=1e-9
        )


@given(st.floats(45, 85), st.floats(100, 400))
def test_better_feed_needs_less_gross_energy(de: float, upkeep: float) -> None:
    """Eqs 10.14 to 10.16: the same net energy from more digestible feed is less gross energy."""
    c = coefficients()

    def gross(value: float) -> float:
        digestible = a(value)
        return float(
            energy.gross_energy(a(upkeep), a(0), energy.rem(digestible, c), energy.reg(digestible, c), digestible)[0]
        )

    assert gross(de + 1) < gross(de)


def test_draws_keep_the_value_as_median_and_stay_within_the_printed_ends() -> None:
    """EF1 of 2006 runs from 0.003 to 0.03 around 0.01: lopsided, and the value stays in the middle of the draws."""
    pick = BOOK.pick("EF1", "ipcc2006", "synthetic")
    low, high = draw(a(1.0), [(pick,)]).interval(np.array([True])) or (0.0, 0.0)
    assert 0.3 < low < 0.5 < 1 < 2.5 < high < 3.0
    ratios = draw(a(1.0), [(pick,)]).ratios[0]
    assert np.median(ratios) == pytest.approx(1.0, abs=0.03)
    assert ratios.min() >= 0.3
    assert ratios.max() <= 3.0


def test_lines_that_share_a_factor_move_together() -> None:
    """Two lines on one factor spread twice as far as one; on two factors they partly cancel."""
    one, other = BOOK.pick("EF1", "ipcc2019_wet", "synthetic"), BOOK.pick("EF1", "ipcc2019_wet", "organic")
    both = np.array([True, True])

    def width(*drivers: Pick) -> float:
        low, high = draw(a(1.0, 1.0), [(driver,) for driver in drivers]).interval(both) or (0.0, 0.0)
        return high - low

    alone = draw(a(1.0), [(one,)]).interval(np.array([True])) or (0.0, 0.0)
    assert width(one, one) == pytest.approx(2 * (alone[1] - alone[0]))
    apart = draw(a(1.0), [(other,)]).interval(np.array([True])) or (0.0, 0.0)
    assert width(one, other) < alone[1] - alone[0] + apart[1] - apart[0]
