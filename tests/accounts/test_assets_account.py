"""Monetary asset accounts by hand: values, causes of change, entries, sensitivities, figures."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from natcap.accounts.asset_value import present_value_of_carbon
from natcap.accounts.assets_account import AssetChoices, show
from natcap.accounts.crosswalk import Crosswalk
from natcap.accounts.services.account import ServiceAccount
from natcap.core.money import Timing, carbon_values
from natcap.core.report import Report
from natcap.core.workbook import publish
from tests.accounts.service_account import AWKWARD, LAND, account, pairs, row, setting, shown, wing
from tests.conftest import absent
from tests.core import recalc

START, END, MID = 29.812545333317846, 28.863363355642228, 29.33408408051052
"""One pound a year for a hundred years, standard schedule: case DF-3 of the worked cases."""


def built(given: ServiceAccount, **choices: Any) -> Report:
    return shown(wing(given, AssetChoices(**choices)))


def one(*dates: str, **given: Any) -> ServiceAccount:
    """Timber in the woods of zone A: 100 ha at the opening, 110 at the closing; flow and price 1 unless given."""
    return account(
        [row(date, "timber", **({"flow": 1.0, "price": 1.0} | given)) for date in dates or ("opening", "closing")]
    )


@pytest.mark.parametrize(("timing", "annuity"), [("start", START), ("end", END), ("mid", MID)])
def test_one_pound_a_year_for_a_hundred_years(timing: Timing, annuity: float) -> None:
    report = built(one(), timing=timing)
    figure = report.figure("assets.value.closing.total")
    assert figure.value == pytest.approx(annuity, abs=1e-9)
    assert (figure.unit, figure.headline, figure.period) == ("GBP_2022", True, "2023")
    assert f"annuity {annuity:.10g}" in report.figure("assets.value.closing.A.timber.wood").trace.how
    assert any(f"Timing {timing}" in note for note in report.section("asset_account").notes)


def test_health_effects_have_their_schedule_and_minerals_their_life() -> None:
    """Health: 1.5 % in years 1-30, 1.29 % to 75, 1.07 % beyond; years 0 to 99. Minerals: 25 years at 3.5 %:
    (1 - 1.035^-25) / 0.035 x 1.035 = 17.0584."""
    factors, at = [1.0], 1.0
    for year in range(1, 100):
        at /= 1 + (0.015 if year <= 30 else 0.0129 if year <= 75 else 0.0107)
        factors.append(at)
    given = account([row("closing", "air", flow=1.0, price=1.0), row("closing", "minerals", flow=1.0, price=1.0)])
    report = built(given)
    assert report.figure("assets.value.closing.all.air").value == pytest.approx(sum(factors), abs=1e-9)
    assert report.figure("assets.value.closing.abiotic").value == pytest.approx((1 - 1.035**-25) / 0.035 * 1.035)
    assert report.figure("assets.value.closing.total").value == pytest.approx(sum(factors))
    table = report.section("asset_account").table
    assert table["item"].tolist() == ["Air pollutant removal", "All ecosystem services",
                                      "Minerals (abiotic, below the line)"]  # fmt: skip


def test_a_tonne_a_year_from_2024_over_the_carbon_path() -> None:
    """12,901 GBP of 2022 for 1 t CO2e a year from 2024, 47.97 times the value of 2024, 268.97 (methods, A4); -2 t are
    -2 times that. In prices of 2023: times 96.2507 / 90.5005."""
    rows = [row("closing", "ghg", flow=-2.0, price=268.97, year=2024)]
    value = built(account(rows, years=(2021, 2024))).figure("assets.value.closing.total").value
    assert value == pytest.approx(-2 * 12_901, abs=2)
    assert value == pytest.approx(-2 * 268.97 * 47.97, abs=6)
    dear = [row("closing", "ghg", flow=-2.0, price=268.97 * 96.2507 / 90.5005, year=2024)]
    later = built(account(dear, years=(2021, 2024), price_year=2023))
    assert later.figure("assets.value.closing.total").value == pytest.approx(value * 96.2507 / 90.5005)
    assert later.warnings == ()
    half = built(account(rows, years=(2021, 2024)), level="low").figure("assets.value.closing.total").value
    assert half == pytest.approx(value / 2, rel=1e-4)


def test_flows_at_the_end_of_the_year_have_the_carbon_values_of_their_own_years() -> None:
    """V = sum over k from 1 to 100 of F p(t + k) DF(k) (methods, A4): the flows are those of 2025 to 2124, each with
    the value of its year. Discount factors by hand: 3.5 % in years 1-30, 3 % to 75, 2.5 % beyond."""
    factors, at = [], 1.0
    for year in range(1, 101):
        at /= 1 + (0.035 if year <= 30 else 0.03 if year <= 75 else 0.025)
        factors.append(at)
    wanted = float(np.asarray(factors) @ carbon_values(range(2025, 2125)))
    rows = [row("closing", "ghg", flow=1.0, price=268.97, year=2024)]
    report = built(account(rows, years=(2021, 2024)), timing="end")
    figure = report.figure("assets.value.closing.total")
    assert figure.value == pytest.approx(wanted, rel=1e-12)
    told = [part.trace.how for part in report.figures if part.id.startswith("assets.value.closing.A.ghg")]
    assert any("100 years from 2025" in how for how in told)
    table = report.section("asset_sensitivity").table
    ended = table[(table["timing"] == "end") & (table["schedule"] == "standard") & (table["carbon"] == "central")]
    assert ended["value"].iloc[0] == pytest.approx(wanted, rel=1e-12)
    assert float(present_value_of_carbon(1.0, 2024, 2022, "standard", 100, "end")) == pytest.approx(wanted, rel=1e-12)


def test_the_mean_of_the_years_there_are() -> None:
    """Closing: 2019 is 800, 2020 1000, 2021 unknown, 2022 1300, 2023 1500, and the fifth
    last year that has a value is 2012 with 600: mean 1040. Opening 2020: 600, 800 and 1000, mean 800. Price 1.085."""
    report = built(AWKWARD)
    assert report.figure("assets.value.closing.all.recreation").value == pytest.approx(1040 * 1.085 * START)
    assert report.figure("assets.value.opening.all.recreation").value == pytest.approx(800 * 1.085 * START)
    assert "mean of 2012, 2019, 2020, 2022, 2023" in report.figure(
        "assets.value.closing.whole_area.recreation.not_by_type").trace.how  # fmt: skip
    assert "Asset values: Recreation, 1 expected flows rest on 3 of 5 years." in report.run.fallbacks
    reach = [w for w in report.warnings if "means that reach back" in w.found]
    assert len(reach) == 1
    assert "Recreation at 2023 (closing) rests on the mean of 2012, 2019, 2020, 2022, 2023" in str(reach[0])
    seen = {"service": "timber", "zone": "A", "type": "wood", "value": np.nan, "origin": "reading"}
    full = [seen | {"year": year, "flow": 2.0} for year in range(2016, 2024)]
    whole = built(account([row("closing", "timber", flow=7.0, price=1.0, origin="reading")], full))
    modelled = built(account([row("closing", "timber", flow=7.0, price=1.0)], full))
    assert modelled.figure("assets.value.closing.total").value == pytest.approx(7 * START)
    assert whole.figure("assets.value.closing.total").value == pytest.approx((4 * 2 + 7) / 5 * START)
    assert not any("of 5 years" in said for said in whole.run.fallbacks)


def test_three_causes_by_hand() -> None:
    """Case MON-1: 100 to 110 ha, 5 to 4.8 a hectare, 2000 to 2200 a unit: 102,866.67, -44,133.33 and 102,866.67."""
    given = account([
        row("opening", "timber", hectares=100.0, flow=500.0, price=2000 / START),
        row("closing", "timber", hectares=110.0, flow=528.0, price=2200 / START),
    ])  # fmt: skip
    report = built(given)
    expected = {
        "extent": 102_866.666667,
        "flow": -44_133.333333,
        "volume": 0.0,
        "price": 102_866.666667,
        "uncompared": 0.0,
    }
    for name, value in expected.items():
        assert report.figure(f"assets.effect.{name}.total").value == pytest.approx(value, abs=1e-6), name
    assert report.figure("assets.change.total").value == pytest.approx(161_600)
    assert report.figure("assets.entry.degradation.total").value == pytest.approx(-44_133.333333)
    assert report.figure("assets.entry.revaluation.total").value == pytest.approx(102_866.666667)
    table = report.section("asset_waterfall").table
    assert table["amount"].iloc[:-1].sum() == pytest.approx(table["amount"].iloc[-1])
    assert report.section("asset_waterfall").charts[0].kind == "waterfall"


def test_conversions_come_from_the_matrix() -> None:
    """Zone A, woodland: 100 ha, 15 come from arable, 5 go (3 to arable, 2 to fen): 110 ha. One unit a hectare at 1:
    additions 15 x annuity, reductions 5 x annuity. Zone B: 40 stay, 2 come from no data: a reappraisal."""
    rows = [row(date, "timber", zone, flow=float(LAND.area(date)[n, 0]), price=1.0)
            for date in ("opening", "closing") for n, zone in enumerate(LAND.zones)]  # fmt: skip
    report = built(account(rows))
    assert report.figure("assets.entry.additions.total").value == pytest.approx(15 * START)
    assert report.figure("assets.entry.reductions.total").value == pytest.approx(-5 * START)
    assert report.figure("assets.entry.reappraisals.total").value == pytest.approx(2 * START)
    assert report.figure("assets.entry.enhancement.total").value == pytest.approx(0.0, abs=1e-9)
    assert not any("net" in said for said in report.run.fallbacks)
    plain = built(account(rows, land=replace(LAND, matrix=None)))
    assert plain.figure("assets.entry.additions.total").value == pytest.approx(12 * START)
    assert any("conversions are net" in said for said in plain.run.fallbacks)
    unlike = pairs(account(rows), broken=True)
    assert unlike["reappraisals"].sum() == pytest.approx(12 * START)
    assert unlike["additions"].abs().sum() == 0


def test_flows_that_share_a_type_are_paired_by_their_factors() -> None:
    """Two flows in the woods of zone A, 100 and 110 ha: 60 to 50 ha of one, 40 to 60 ha of the other, in another order
    at the closing. 15 ha came and 5 went; as nobody says of which land each is, only their net change is known."""
    half = dict.fromkeys(("price",), 1.0)
    rows = [
        row("opening", "timber", hectares=60.0, flow=60.0, factors=("a",), **half),
        row("opening", "timber", hectares=40.0, flow=80.0, factors=("b",), **half),
        row("closing", "timber", hectares=60.0, flow=120.0, factors=("b",), **half),
        row("closing", "timber", hectares=50.0, flow=50.0, factors=("a",), **half),
    ]
    found = pairs(account(rows))
    assert found["extent"].tolist() == pytest.approx([-10 * START, 20 * 2 * START])
    assert found["flow"].tolist() == pytest.approx([0.0, 0.0])
    assert not found["gross"].any()
    assert found["ha_in"].tolist() == [0.0, 20.0]
    assert found["ha_out"].tolist() == [10.0, 0.0]


def test_conversions_between_habitats() -> None:
    """Arable and fen are one habitat, so that nothing converts between them: zone B has 310 ha of it at both dates."""
    shares = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    land = replace(LAND, habitats=Crosswalk("test", "wide", (1, 2, 3), ("wood", "open"), ("Wood", "Open"), shares))
    areas = {date: pd.DataFrame(LAND.area(date) @ shares, index=list(LAND.zones), columns=["wood", "open"])
             for date in ("opening", "closing")}  # fmt: skip
    rows = [row(d, "timber", "b 2", "open", hectares=310.0, flow=310.0, price=1.0)
            for d in ("opening", "closing")]  # fmt: skip
    given = replace(account(rows, land=land), types={"wood": "Wood", "open": "Open"}, type_area=areas)
    found = pairs(given)
    assert found["gross"].tolist() == [True]
    assert found[["ha_in", "ha_out", "change"]].to_numpy().tolist() == [[0.0, 0.0, 0.0]]


def test_a_new_ecosystem_type_is_all_conversion() -> None:
    """Fen of zone B: no hectare at the opening, 10 at the closing, 9 t CO2e a year."""
    found = pairs(account([row("closing", "ghg", "b 2", "fen", flow=9.0, price=264.93)]))
    assert found["opening"].tolist() == [0.0]
    assert found["additions"].tolist() == pytest.approx(found["closing"].tolist())
    assert found["revaluation"].tolist() == [0.0]


def test_what_does_not_compare_is_no_change() -> None:
    """Timber at the closing only: 1 x annuity stands between the two totals, and nobody says that it grew by that."""
    late = built(one("closing"))
    assert late.figure("assets.value.opening.total").value is None
    assert late.figure("assets.entry.reappraisals.total").value is None
    assert late.figure("assets.change.total").value is None
    assert late.figure("assets.effect.uncompared.total").value == pytest.approx(START)
    table = late.section("asset_account").table
    assert table["uncompared"].tolist() == pytest.approx([START, START])
    assert table["closing"].tolist() == pytest.approx([START, START])
    assert late.section("asset_account").marks[0, "net"] == "[x]"
    assert any("Timber does not compare" in said for said in late.run.fallbacks)
    assert late.section("asset_account").marks[0, "opening"] == "[x]"
    other = account([row("opening", "timber", flow=100.0, price=1.0, factors=("f.timber",)),
                     row("closing", "timber", flow=120.0, price=1.0, origin="reading")])  # fmt: skip
    found = pairs(other)
    assert found["enhancement"].tolist() == [0.0]
    assert found["reappraisals"].tolist() == pytest.approx(found["flow"].tolist())
    mixed = account([row("opening", "timber", flow=100.0, value=np.nan, price=2.0),
                     row("closing", "timber", value=300.0)])  # fmt: skip
    table = pairs(mixed)
    assert table["how"].tolist() == ["not comparable"]
    assert table["uncompared"].tolist() == pytest.approx([100 * START])


def test_no_price_is_marked_and_a_missing_flow_told() -> None:
    report = built(account([row("opening", "timber", price=2.0), row("closing", "timber", flow=1.0, price=2.0),
                            row("closing", "fish", flow=3.0)]))  # fmt: skip
    marks = report.section("asset_account").marks
    assert (marks[0, "opening"], marks[1, "closing"]) == ("[x]", "[z]")
    assert report.figure("assets.value.closing.all.fish").status == "missing"
    assert [w.found for w in report.warnings] == ["no asset value for 1 of 2 flows of Timber"]
    odd = built(account([row("closing", "ghg", flow=1.0, price=300.0)]))
    assert "central carbon value of 2023, 264.93" in str(odd.warnings[0])


def test_published_values_without_a_flow() -> None:
    """5 million a year for 25 years at the opening; a value of carbon is first turned into tonnes."""
    report = built(AWKWARD)
    per = (1 - 1.035**-25) / 0.035 * 1.035
    assert report.figure("assets.value.opening.abiotic").value == pytest.approx(5e6 * per)
    tonnes = built(account([row("closing", "ghg", flow=2.0, price=264.93)]))
    money = built(account([row("closing", "ghg", value=2 * 264.93)]))
    ids = "assets.value.closing.total"
    assert money.figure(ids).value == pytest.approx(tonnes.figure(ids).value)


def test_product_for_the_wings_after_it() -> None:
    product = wing(AWKWARD).product
    weights, rows = product.weights, AWKWARD.rows
    assert weights.index.equals(rows.index)
    assert product.price_year == 2022
    linear = rows["flow"] * weights["asset_per_unit"]
    known = weights["asset_per_unit"].notna() & rows["flow"].notna()
    assert linear[known].to_numpy() == pytest.approx(weights.loc[known, "asset"].to_numpy())
    by_value = rows["value"] * weights["asset_per_value"]
    some = weights["asset_per_value"].notna()
    assert by_value[some].to_numpy() == pytest.approx(weights.loc[some, "asset"].to_numpy())
    assert weights.loc[rows["service"] == "fish", "basis"].tolist() == ["none", "none"]
    assert weights["asset"].sum() == pytest.approx(sum(
        f.value for f in wing(AWKWARD).figures if f.id in {f"assets.value.{d}.{w}" for d in ("opening", "closing")
                                                         for w in ("total", "abiotic")}))  # fmt: skip


def test_sensitivities_against_the_central_value() -> None:
    """One pound a year: standard end 28.8634; flat 3.5 % at the end of years 27.6554 (case DF-3)."""
    table = built(one()).section("asset_sensitivity").table
    assert (table.loc[0, "value"], table.loc[0, "difference"]) == (pytest.approx(START), 0.0)

    def value(**where: str) -> float:
        found = table
        for column, wanted in ({"carbon": "central", "life": "as the service"} | where).items():
            found = found[found[column] == wanted]
        (only,) = found["value"]
        return float(only)

    assert value(schedule="standard", timing="end") == pytest.approx(END)
    assert value(schedule="flat_3_5", timing="end") == pytest.approx(27.655425402001324)
    assert value(schedule="sensitivity", timing="start") > START
    at_most = table[
        (table["schedule"] == "flat_3_5") & (table["timing"] == "end") & (table["life"] == "at most 50 years")
    ]
    assert at_most["value"].iloc[0] == pytest.approx((1 - 1.035**-50) / 0.035)
    health = built(account([row("closing", "air", flow=1.0, price=1.0)])).section("asset_sensitivity").table
    own = health[
        (health["schedule"] == "standard_for_all") & (health["timing"] == "start") & (health["carbon"] == "low")
    ]
    assert own["value"].iloc[0] == pytest.approx(START)


def test_figures_walk_back_and_judged_rates_show() -> None:
    report = built(AWKWARD)
    leaf = report.figure("assets.value.closing.A.timber.wood")
    assert {f.id for f in leaf.trace.factors} == {"f.timber", "p.timber", "asset.schedule.standard.2026"}
    assert leaf.trace.inputs[0].cell == "C2"
    ids = {f.id for f in report.figures}
    assert {p for f in report.figures for p in f.trace.parents if not p.startswith("services.")} <= ids
    assert {key for s in report.sections for key in s.figures.values()} <= ids
    assert leaf.trace.parents == ("services.flow.closing.A.timber", "assets.unit.closing.timber")
    for f in report.figures:
        if f.id.startswith("assets.value.") and "sum of" in f.trace.how and f.value is not None:
            parts = [report.figure(p).value for p in f.trace.parents]
            assert sum(p for p in parts if p is not None) == pytest.approx(f.value), f.id
    assert report.banners == ()
    judged = built(AWKWARD, schedule="review_2026")
    assert judged.figure("assets.value.closing.total").status == "recalled"
    assert "recalled or judged" in judged.banners[0]


def test_a_type_for_what_is_not_divided_changes_nothing() -> None:
    named = replace(AWKWARD, types={**AWKWARD.types, "not_by_type": "Not divided by type"})
    one_, other = built(AWKWARD), built(named)
    assert [(f.id, f.value) for f in one_.figures] == [(f.id, f.value) for f in other.figures]
    assert "Not divided by type" in set(other.section("asset_account_by_type").table["item"])


def test_nothing_without_services_or_when_switched_off() -> None:
    assert show(replace(setting(AWKWARD), products={}), AssetChoices()).sections == ()
    assert show(setting(AWKWARD), None).sections == ()
    empty = built(account([]))
    assert empty.figure("assets.value.closing.total").value is None


@pytest.mark.office
@pytest.mark.parametrize("choices", [{}, {"timing": "mid", "schedule": "sensitivity", "level": "high"},
                                     {"timing": "end", "schedule": "flat_1_5"}])  # fmt: skip
def test_workbook_recalculates(choices: dict[str, Any], tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    publish(built(AWKWARD, **choices), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 2000
    assert wrong == []
