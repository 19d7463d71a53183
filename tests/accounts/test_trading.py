"""Trading rules: by hand, and against the arithmetic of the official workbook's summary sheets written out again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.accounts.biodiversity import MetricError, edition
from natcap.accounts.biodiversity.credits import NO_TIER, credit_order, price_of, shortfalls, tier_of
from natcap.accounts.biodiversity.trading import Deal, trade

E = edition("4.1")
NEUTRAL, CALCAREOUS = "Grassland - Other neutral grassland", "Grassland - Lowland calcareous grassland"
MODIFIED, CEREAL, MEADOW = "Grassland - Modified grassland", "Cropland - Cereal crops", "Grassland - Lowland meadows"
SCRUB, HEATH = "Heathland and shrub - Mixed scrub", "Heathland and shrub - Lowland heathland"
WET, OAK = "Woodland and forest - Wet woodland", "Woodland and forest - Upland oakwood"
BROADLEAF, POND = "Woodland and forest - Other woodland; broadleaved", "Lakes - Ponds (non-priority habitat)"
VERY_HIGH = "Species-rich native hedgerow with trees - associated with bank or ditch"
HEDGES = list(E.habitats["hedgerow"].index)


def area(net: dict[str, float]) -> dict[str, Deal]:
    return {deal.habitat: deal for deal in trade(E, "area", net, credit_order(E, "area", list(net)))}


def test_medium_takes_the_same_broad_habitat_or_a_higher_band() -> None:
    """8 units of neutral grassland lost: 9 of scrub are another broad habitat and do not count, 5 of wet wood do."""
    deals = area({NEUTRAL: -8.0, SCRUB: 9.0, WET: 5.0})
    assert deals[NEUTRAL].offsets == {WET: 5.0}
    assert deals[NEUTRAL].unmet == 3.0
    assert not deals[NEUTRAL].passed
    assert deals[SCRUB].spare == 9.0


def test_low_takes_the_same_band_then_the_next() -> None:
    """4 units lost: 1 of cereal crops (low), then 2 of scrub (medium); 1 is left."""
    deals = area({MODIFIED: -4.0, SCRUB: 2.0, CEREAL: 1.0})
    assert deals[MODIFIED].offsets == {CEREAL: 1.0, SCRUB: 2.0}
    assert deals[MODIFIED].unmet == 1.0
    assert area({MODIFIED: -3.0, SCRUB: 2.0, CEREAL: 1.0})[MODIFIED].passed


def test_high_takes_the_same_habitat_only_and_very_high_nothing() -> None:
    deals = area({OAK: -2.0, WET: 10.0, MEADOW: -1.0})
    assert (deals[OAK].unmet, deals[OAK].passed) == (2.0, False)
    assert (deals[MEADOW].unmet, deals[MEADOW].rule) == (1.0, "bespoke")


def test_a_surplus_goes_to_its_own_broad_habitat_then_to_the_dearest_tier() -> None:
    """Rules 1 and 2 of the sheet Unit shortfall calculations.

    4 units of heathland are free: ponds (tier A4) take 3, woodland (A2) the last and lacks 2. Where 2 units of
    calcareous grassland are free, neutral grassland takes them before ponds can.
    """
    deals = area({BROADLEAF: -3.0, POND: -3.0, HEATH: 4.0})
    assert (deals[POND].unmet, deals[BROADLEAF].unmet) == (0.0, 2.0)
    deals = area({POND: -3.0, NEUTRAL: -3.0, CALCAREOUS: 2.0})
    assert (deals[NEUTRAL].unmet, deals[POND].unmet) == (1.0, 3.0)


def test_hedgerows_by_their_own_rules() -> None:
    """3 very high are free: high takes 2, medium takes 1 of the 2 it lost (H33 = -2 + max(3 - 2, 0) = -1)."""
    deals = trade(E, "hedgerow", {VERY_HIGH: 3.0, "Species-rich native hedgerow with trees": -2.0,
                                  "Native hedgerow": 0.0, "Species-rich native hedgerow": -2.0})  # fmt: skip
    assert [deal.unmet for deal in deals] == [0.0, 0.0, 0.0, 1.0]
    assert trade(E, "hedgerow", {VERY_HIGH: -1.0, "Native hedgerow": 9.0})[0].unmet == 1.0


def test_watercourses_by_their_own_rules() -> None:
    """A ditch takes ditches only; a culvert takes anything better, and no other culvert can be better."""
    ditch, canal = trade(E, "watercourse", {"Ditches": -1.0, "Canals": 5.0})
    assert (ditch.passed, canal.spare) == (False, 5.0)
    assert trade(E, "watercourse", {"Culvert": -1.0, "Canals": 5.0})[0].passed
    assert not trade(E, "watercourse", {"Priority habitat": -1.0, "Other rivers and streams": 5.0})[0].passed


def test_habitats_of_no_distinctiveness_need_nothing_and_unknown_ones_are_refused() -> None:
    assert area({"Urban - Developed land; sealed surface": -1.0})["Urban - Developed land; sealed surface"].passed
    with pytest.raises(MetricError, match="Did you mean"):
        area({"Grassland - Modified grasland": -1.0})


units = st.integers(-400, 400).map(lambda n: n / 8)
"""Eighths are exact in binary, so sums compare exactly."""


@settings(max_examples=60)
@given(st.lists(units, min_size=13, max_size=13))
def test_hedgerow_bands_pass_as_the_official_summary_says(nets: list[float]) -> None:
    """Sheet Trading Summary Hedgerows, cells H13 to H54, without its two references to area habitats."""
    deals = trade(E, "hedgerow", dict(zip(HEDGES, nets, strict=True)))
    net = {band: [d.net for d in deals if d.band == band] for band in ("V.High", "High", "Medium", "Low", "V.Low")}
    plus, minus = ({b: sum(v for v in vs if (v > 0) == up) for b, vs in net.items()} for up in (True, False))
    h23 = plus["V.High"] + minus["High"]
    h33 = sum(net["Medium"]) + max(h23, 0) + plus["High"]
    h44 = sum(net["Low"]) + max(h33, 0)
    h54 = sum(net["V.Low"]) + max(h44, 0)
    wanted = {"V.High": minus["V.High"] >= 0, "High": h23 >= 0, "Medium": h33 >= 0, "Low": h44 >= 0, "V.Low": h54 >= 0}
    for band, satisfied in wanted.items():
        assert all(d.passed for d in deals if d.band == band) == satisfied, band
    unmet = {band: sum(d.unmet for d in deals if d.band == band) for band in wanted}
    assert unmet == {"V.High": -minus["V.High"], "High": max(-h23, 0), "Medium": max(-h33, 0), "Low": max(-h44, 0),
                     "V.Low": max(-h54, 0)}  # fmt: skip


@settings(max_examples=60)
@given(st.lists(units, min_size=5, max_size=5))
def test_watercourse_bands_pass_as_the_official_summary_says(nets: list[float]) -> None:
    """Sheet Trading Summary WaterC's, cells H12 to H42."""
    deals = trade(E, "watercourse", dict(zip(E.habitats["watercourse"].index, nets, strict=True)))
    h42 = nets[4] + sum(max(v, 0) for v in nets[:4])
    assert deals[4].unmet == max(-h42, 0) if nets[4] < 0 else deals[4].unmet == 0
    assert [d.unmet for d in deals[:4]] == [max(-v, 0) for v in nets[:4]]


@settings(max_examples=60)
@given(st.lists(units, min_size=8, max_size=8))
def test_medium_losses_by_tier_as_the_official_shortfall_says(nets: list[float]) -> None:
    """Sheet Unit shortfall calculations, cells E120 to M129: rules 1 to 4."""
    names = [NEUTRAL, CALCAREOUS, BROADLEAF, WET, POND, "Lakes - Marl lakes", SCRUB, HEATH]
    deals = area(dict(zip(names, nets, strict=True)))
    grass, wood, lake, heath = (
        max(nets[n + 1], 0) + min(nets[n], 0) for n in (0, 2, 4, 6)
    )  # column H: what is free in the broad habitat less its loss  # fmt: skip
    i127 = min(lake, 0) + sum(max(v, 0) for v in (grass, wood, lake, heath))
    j125 = min(wood, 0) + max(i127, 0)
    k120 = min(grass, 0) + min(heath, 0) + max(j125, 0)
    lost = {"A4": deals[POND].unmet, "A2": deals[BROADLEAF].unmet, "A1": deals[NEUTRAL].unmet + deals[SCRUB].unmet}
    assert lost == {"A4": max(-i127, 0), "A2": max(-j125, 0), "A1": max(-k120, 0)}


def test_every_habitat_has_its_tier() -> None:
    """42 high habitats by name, as the sheet lists them; very high has none; hedgerows H and watercourses W."""
    table = E.habitats["area"]
    tiers = {name: tier_of(E, "area", str(name)) for name in table.index}
    assert {tiers[n] for n in table.index[table["distinctiveness"] == "V.High"]} == {NO_TIER}
    high = [tiers[n] for n in table.index[table["distinctiveness"] == "High"]]
    assert (len(high), {t: high.count(t) for t in sorted(set(high))}) == (
        42, {"A1": 2, "A2": 7, "A3": 11, "A4": 17, "A5": 5})  # fmt: skip
    assert (tier_of(E, "hedgerow", VERY_HIGH), tier_of(E, "watercourse", "Ditches")) == ("H", "W")
    assert tier_of(E, "watercourse", "Priority habitat") == NO_TIER


def test_shortfall_of_net_gain_stands_in_the_first_tier_at_most_the_gain() -> None:
    """100 units before: 10 to gain. Net change +4 lacks 6; net change -3 lacks 10 of gain, its 3 are losses (F9)."""
    assert shortfalls(E, "area", (), 100.0, 12.0) == ()
    (one,) = shortfalls(E, "area", (), 100.0, 4.0)
    assert (one.tier, one.losses, one.gain) == ("A1", 0.0, pytest.approx(6.0))
    deals = tuple(trade(E, "area", {OAK: -3.0}, {}))
    found = shortfalls(E, "area", deals, 100.0, -3.0)
    assert [(s.tier, s.losses, s.gain) for s in found] == [("A4", 3.0, 0.0), ("A1", 0.0, 10.0)]


def test_prices_have_a_date_and_a_page() -> None:
    found = price_of("A1")
    assert found is not None
    assert (found[0].value, found[1], found[0].verified) == (42000.0, "2023-07-27", "read-secondary")
    assert price_of(NO_TIER) is None
