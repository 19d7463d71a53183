"""Global warming potentials: worked figures, the packaged transcription, blends against the official factors."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import globalwarmingpotentials
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.core.gwp import GwpError, blend_gwp, gas_id, gwp, gwp_sets, mass_ratio
from natcap.core.sources import source
from natcap.core.tables import load, problems_in

PUBLISHED = [
    ("CH4", "SAR", 21), ("CH4", "AR4", 25), ("CH4", "AR5", 28), ("CH4", "AR5CCF", 34), ("N2O", "AR4", 298),
    ("N2O", "AR5", 265), ("N2O", "AR6", 273), ("CO2", "AR5", 1), ("CH4_fossil", "AR6", 29.8),
    ("CH4_biogenic", "AR6", 27.0), ("SF6", "AR5", 23500), ("R32", "AR4", 675), ("R125", "AR4", 3500),
    ("HFC-32", "AR5", 677), ("HFC125", "AR5", 3170), ("R134a", "AR5", 1300), ("R22", "AR5", 1760),
]  # fmt: skip


@pytest.mark.parametrize(("gas", "name", "value"), PUBLISHED)
def test_published_potentials(gas: str, name: str, value: float) -> None:
    assert gwp(gas, name).value == value


def test_uk_electricity_2023_by_gas() -> None:
    """METHODS of carbon: 0.20496 CO2 + 28 x 3.2e-5 CH4 + 265 x 4.597e-6 N2O is 0.207074 kg CO2e/kWh (AR5)."""
    total = 0.20496 + gwp("CH4", "AR5").value * 3.2e-5 + gwp("N2O", "AR5").value * 4.597e-6
    assert total == pytest.approx(0.207074, abs=5e-7)


def test_r410a_is_half_r32_and_half_r125(shared: Path) -> None:
    """Worked case H28: 1923.5, published as 1924; 2087.5 under AR4, published as 2088."""
    case = next(c for c in json.loads((shared / "worked/carbon.json").read_text(encoding="utf-8")) if c["id"] == "H28")
    assert blend_gwp(case["inputs"], case["factor_set"]).value == case["recomputed_here"] == 1923.5
    assert abs(gwp("R410A", "AR5").value - case["expected"]) <= case["abs_tolerance"]
    assert gwp("R-410A", "AR4").value == 2087.5


def test_methane_under_ar6_needs_its_origin() -> None:
    for name in ("AR6", "AR6GWP20", "AR6GTP100"):
        with pytest.raises(GwpError) as caught:
            gwp("methane", name)
        assert caught.value.choices == ("CH4_fossil", "CH4_biogenic")


def test_older_sets_have_one_value_for_methane_and_say_so() -> None:
    found = gwp("CH4_fossil", "AR5")
    assert found.value == 28
    assert found.gas == "CH4_fossil"
    assert "one value" in found.note
    with pytest.raises(GwpError, match="no potential of CH4_fossil in AR6GWP20"):
        gwp("CH4_fossil", "AR6GWP20")


def test_absence_is_refused_not_zero() -> None:
    with pytest.raises(GwpError, match=r"no potential of NF3 in SAR; there is one in TAR, AR4"):
        gwp("NF3", "SAR")
    with pytest.raises(GwpError, match="R1234yf in AR6"):
        gwp("R448A", "AR6")


@pytest.mark.parametrize("gas", ["", "kryptonite", "CO2 biogenic", "R" * 100, "R4", 5])
def test_unknown_gases_are_refused(gas: object) -> None:
    with pytest.raises(GwpError):
        gwp(gas, "AR5")  # type: ignore[arg-type]


def test_unknown_sets_are_refused_with_the_choices() -> None:
    with pytest.raises(GwpError) as caught:
        gwp("CH4", "AR7")
    assert caught.value.choices == gwp_sets()
    assert gwp("CH4", "ar5").value == 28


def test_spellings_of_gases() -> None:
    spelled = {
        "HFC-134a": "HFC134a", "R 134A": "HFC134a", "PFC-14": "CF4", "R12": "CFC12", "R-404A": "R404A",
        "HFC-43-10mee": "HFC4310mee", "nitrous oxide": "N2O", "R744": "CO2", "sulphur hexafluoride": "SF6",
    }  # fmt: skip
    assert {text: gas_id(text) for text in spelled} == spelled
    with pytest.raises(GwpError) as caught:
        gas_id("methan")
    assert "CH4" in caught.value.choices


def test_every_row_equals_the_packaged_transcription() -> None:
    """Each value of the installed globalwarmingpotentials package, and nothing that it does not have."""
    ours = load("gwp/gwp")
    ours = ours[ours["source"] == "globalwarmingpotentials-0.13.2"]
    short = {"SAR": "SARGWP100", "TAR": "TARGWP100", "AR4": "AR4GWP100", "AR5": "AR5GWP100",
             "AR5CCF": "AR5CCFGWP100", "AR6": "AR6GWP100"}  # fmt: skip
    assert len(ours) == 879
    for row in ours.to_dict("records"):
        metric = short.get(row["set"], row["set"])
        assert globalwarmingpotentials.data[metric][row["gas"]] == row["value"], row["id"]
    for name, metric in short.items():
        assert set(ours[ours["set"] == name]["gas"]) == set(globalwarmingpotentials.data[metric])


def test_blends_recompute_the_official_factors_of_2025(shared: Path) -> None:
    """80 blends of the official set (AR5), except those whose composition or component is not held."""
    published = {}
    with (shared / "reference/carbon/uk_gov_factors_2025.csv").open(newline="", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            if row["level2"] == "Blends" and row["column_text"].startswith("Total") and row["ghg_unit"] == "kgCO2e":
                published[row["level3"]] = float(row["value"])
    blends = set(load("gwp/blends")["blend"])
    absent = set(published) - blends
    assert absent == {"R405A", "R505", "R506", "R511A"}
    differing = {b for b in set(published) & blends if abs(gwp(b, "AR5").value - published[b]) > 0.51}
    assert differing == set()
    assert len(set(published) & blends) == 80


def test_the_shares_of_every_blend_sum_to_one() -> None:
    sums = load("gwp/blends").groupby("blend", dropna=False)["value"].sum(min_count=1)
    assert (abs(sums - 1) < 1e-9).all()


@given(st.floats(0, 1))
def test_a_blend_lies_between_its_gases(share: float) -> None:
    mixed = blend_gwp({"R32": share, "R125": 1 - share}, "AR5").value
    assert 677 - 1e-9 <= mixed <= 3170 + 1e-9


@pytest.mark.parametrize("shares", [{}, {"R32": 0.5}, {"R32": 1.5, "R125": -0.5}, {"R32": 50, "R125": 50}])
def test_shares_that_are_no_blend_are_refused(shares: dict[str, float]) -> None:
    with pytest.raises(GwpError, match="sum to 1"):
        blend_gwp(shares, "AR5")


def test_ratios_of_mass() -> None:
    assert mass_ratio("C", "CO2") == 44 / 12
    assert mass_ratio("N2O-N", "N2O") == 44 / 28
    assert mass_ratio("P2O5", "P") == pytest.approx(0.4366, abs=1e-4)
    assert mass_ratio("K", "K2O") == pytest.approx(1.205, abs=1e-3)
    with pytest.raises(GwpError):
        mass_ratio("C", "CH4")
    for row in load("gwp/mass_ratios").to_dict("records"):
        assert row["value"] == int(row["above"]) / int(row["below"])


@pytest.mark.parametrize("name", ["gwp/gwp", "gwp/blends", "gwp/mass_ratios", "units/units"])
def test_the_tables_keep_the_rules(name: str) -> None:
    assert problems_in(name) == []


def test_a_potential_names_its_source_and_state() -> None:
    found = gwp("CH4_biogenic", "AR6")
    assert source(found.source).publisher == "Intergovernmental Panel on Climate Change"
    assert (found.locator, found.verified, found.id) == ("Table 7.15", "read-secondary", "gwp.AR6.CH4_biogenic")
    assert gwp("R404A", "AR5").verified == "read-secondary"
