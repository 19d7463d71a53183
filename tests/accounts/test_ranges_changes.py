"""Whether a change can be told from zero: changes, effects and entries drawn with the same factors at both dates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.accounts.accuracy import Adjusted
from natcap.accounts.accuracy_account import AccuracyAccount, Estimate
from natcap.accounts.accuracy_account.strata import class_strata
from natcap.accounts.assets_account import AssetChoices
from natcap.accounts.assets_account import show as show_assets
from natcap.accounts.assets_account.changes import pairs_of
from natcap.accounts.assets_account.rows import valued_rows, weights_of
from natcap.accounts.assets_account.unit_values import unit_values
from natcap.accounts.ranges_account import RangesInput, show
from natcap.accounts.ranges_account.account import CHANGE, Item, RangesAccount
from natcap.accounts.ranges_account.area import type_id
from natcap.accounts.ranges_account.effects import COMPARED, effect_terms
from natcap.accounts.ranges_account.known import known_factors
from natcap.accounts.ranges_account.sums import Sampler, total_of
from natcap.accounts.ranges_account.terms import RowFactors, join, service_terms
from natcap.accounts.ranges_account.zero import (
    ABOVE,
    APART,
    BELOW,
    MAPPED,
    NO_CHANGE,
    NO_RANGE,
    NOT_TOLD,
    verdict,
)
from natcap.accounts.services.account import WHOLE, Factor, ServiceAccount
from natcap.accounts.show.ranged import beside, ranged
from natcap.accounts.show.sheets import placed
from natcap.core.explain import explain
from natcap.core.problems import Problems
from natcap.core.report import Report, Run
from natcap.core.uncertainty import Draws
from natcap.core.version import VERSION
from natcap.core.workbook import publish
from tests.accounts.ranges import draw, factor
from tests.accounts.service_account import AWKWARD, LAND, account, row, setting
from tests.accounts.test_ranges_account import item
from tests.conftest import absent
from tests.core import recalc

ANNUITY = 29.812545333317846
"""Standard schedule over 100 years, first year whole: case DF-3 of the tests of asset values."""
Z = NormalDist().inv_cdf(0.95)
DATES = ("opening", "closing")


def with_factors(rows: Sequence[dict[str, Any]], *factors: Factor) -> ServiceAccount:
    return replace(account(rows), factors={f.ref.id: f for f in factors})


def one_type(opening: float, closing: float, yield_: float = 5.0) -> list[dict[str, Any]]:
    """Timber of the woods of zone A at a price of 1, from `opening` to `closing` hectares."""
    return [row(date, "timber", hectares=ha, flow=ha * yield_, price=1.0, factors=("f",))
            for date, ha in zip(DATES, (opening, closing), strict=True)]  # fmt: skip


def drawn(made: ServiceAccount, accuracy: AccuracyAccount | None = None, draws: int = 10_000) -> RangesAccount:
    assets = show_assets(setting(made), AssetChoices()).product
    return draw(made, draws, weights=assets.weights, pairs=assets.pairs, accuracy=accuracy)


def errors(opening: float, closing: float, hectares: tuple[float, float]) -> AccuracyAccount:
    """Independent standard errors of the wood at both dates, in hectares; the other classes have none."""
    made = {}
    for date, error, ha in zip(DATES, (opening, closing), hectares, strict=True):
        mapped = np.array([ha, 1.0, 1.0])
        adjusted = Adjusted(mapped, mapped, np.array([error, 0, 0]), np.diag([error**2, 0, 0]))
        made[date] = Estimate(date, class_strata(LAND.classes, mapped), np.eye(3), adjusted)
    return AccuracyAccount(LAND.classes, made, ())


def test_more_area_of_a_fixed_map_is_above_zero_by_hand() -> None:
    """10 to 12 ha, 5 (4 to 6.25) a hectare, price 1, annuity 29.8125: 2 x 5 x 29.8125 = 298.125.

    The yield is one draw for both dates, so the change rises with it: 2 x 29.8125 x (4 ... 6.25) = 238.5 ... 372.66.
    All of it is extent; flow per hectare and price did not change, in any draw.
    """
    found = drawn(with_factors(one_type(10, 12), factor("f", 5, 4, 6.25)))
    for measure in ("asset", COMPARED, "effect_extent"):
        change = item(found, measure, "timber", CHANGE)
        assert change.central == pytest.approx(10 * ANNUITY)
        assert change.drawn.summary == pytest.approx((8 * ANNUITY, 10 * ANNUITY, 12.5 * ANNUITY), rel=1e-3)
        assert change.drawn.shares == pytest.approx({"f": 1.0})
        assert verdict(change) == ABOVE + MAPPED
    for measure in ("effect_flow", "effect_price"):
        change = item(found, measure, "timber", CHANGE)
        assert change.drawn.summary == (0, 0, 0)
        assert verdict(change) == NO_CHANGE
    assert item(found, "flow", "timber", CHANGE).drawn.summary == pytest.approx((8, 10, 12.5), rel=1e-3)
    assert verdict(item(found, "value", "total", CHANGE)) == ABOVE + MAPPED
    assert item(found, "entry_additions", "total", CHANGE).central == pytest.approx(10 * ANNUITY)
    assert found.gap < 1e-12


def test_error_of_areas_takes_the_certainty_away_by_hand() -> None:
    """Errors of 0.9 and 1.2 ha, independent: 2 ha +- 1.5, so that P5 of the change is 2 - 1.645 x 1.5 = -0.467 ha.

    At a fixed 5 a hectare it is 5 x 29.8125 x (-0.467 ... 4.467) = -70 ... 666. With errors of a tenth of that it is
    5 x 29.8125 x (1.753 ... 2.247), and told from zero, now without a word on maps.
    """
    made = with_factors(one_type(10, 12), factor("f", 5))
    change = item(drawn(made, errors(0.9, 1.2, (10, 12)), 100_000), COMPARED, "total", CHANGE)
    ends = [5 * ANNUITY * (2 + sign * Z * 1.5) for sign in (-1, 1)]
    assert (change.drawn.summary.p5, change.drawn.summary.p95) == pytest.approx(ends, abs=5)
    assert change.drawn.shares == pytest.approx({"area.opening": 0.36, "area.closing": 0.64}, rel=1e-6)
    assert verdict(change) == NOT_TOLD
    assert verdict(item(drawn(made, errors(0.09, 0.12, (10, 12))), COMPARED, "total", CHANGE)) == ABOVE
    wide = with_factors(one_type(10, 12), factor("f", 5, 4, 6.25))
    assert verdict(item(drawn(wide, errors(0.9, 1.2, (10, 12))), "asset", "total", CHANGE)) == NOT_TOLD


def test_a_change_that_is_rounding_is_none_whatever_its_areas_do() -> None:
    """0.1 + 0.2 ha became 0.3 ha, with an error at each date: the change is 0 and no spread stands over 1e-17."""
    rows = [row("opening", "timber", hectares=ha, flow=ha * 5, price=1.0, factors=("f",)) for ha in (0.1, 0.2)]
    made = with_factors([*rows, *one_type(0.1, 0.3)[1:]], factor("f", 5))
    change = item(drawn(made, errors(0.09, 0.12, (0.3, 0.3))), "flow", "timber", CHANGE)
    assert change.central == 0
    assert verdict(change) == NOT_TOLD


def test_less_area_is_below_zero_and_what_has_no_range_is_not_certain() -> None:
    assert verdict(item(drawn(with_factors(one_type(12, 10), factor("f", 5, 4, 6))), COMPARED, "total", CHANGE)) == (
        BELOW + MAPPED
    )
    still = item(drawn(with_factors(one_type(10, 12), factor("f", 5))), COMPARED, "total", CHANGE)
    assert still.drawn.summary == (still.central,) * 3
    assert verdict(still) == NO_RANGE


def test_a_price_of_each_date_is_drawn_for_itself() -> None:
    """Two prices of 10 (5 to 20), one a date, on 50 m3: the effect of price is told from zero by neither."""
    rows = [row(date, "timber", hectares=10.0, flow=50.0, price=10.0, price_factor=f"p{date}") for date in DATES]
    found = drawn(with_factors(rows, *(factor(f"p{date}", 10, 5, 20) for date in DATES)))
    change = item(found, "effect_price", "timber", CHANGE)
    assert change.central == 0
    assert change.drawn.shares == pytest.approx({"popening": 0.5, "pclosing": 0.5}, rel=0.01)
    assert verdict(change) == NOT_TOLD
    assert verdict(item(found, "effect_extent", "timber", CHANGE)) == NO_CHANGE


def test_a_removal_about_zero_has_a_range_of_its_asset() -> None:
    """Net removal 0 (-1 to 1) t/ha on 10 ha, 100 GBP/t: 1,000 x annuity x P5 of the triangle, sqrt(0.1) - 1."""
    rows = [row(date, "timber", hectares=10.0, flow=0.0, price=100.0, factors=("f",)) for date in DATES]
    found = drawn(with_factors(rows, factor("f", 0, -1, 1)))
    low, middle, high = item(found, "asset", "timber").drawn.summary
    end = 1000 * ANNUITY * (1 - math.sqrt(0.1))
    assert (low, middle, high) == pytest.approx((-end, 0, end), abs=0.01 * end)
    assert verdict(item(found, COMPARED, "timber", CHANGE)) == NO_CHANGE


def test_pairs_that_do_not_compare_stay_out() -> None:
    """Visits are read at the closing only, minerals come as money: the effects hold timber alone."""
    rows = [
        *one_type(10, 12),
        row("closing", "recreation", "all", "not_by_type", flow=9.0, price=1.0, origin="reading"),
    ]
    found = drawn(with_factors(rows, factor("f", 5, 4, 6.25)))
    assert {key[3] for key in found.items if key[0] == COMPARED} == {"timber", "total"}
    total = item(found, COMPARED, "total", CHANGE)
    assert total.central == pytest.approx(10 * ANNUITY)
    assert verdict(item(found, "asset", "total", CHANGE)) == APART


def test_another_source_at_each_date_does_not_compare() -> None:
    rows = [*one_type(10, 12), *one_type(10, 12)]
    for n, extra in enumerate(rows[2:]):
        extra |= {"service": "air", "factors": ("fg"[n],)}
    found = drawn(with_factors(rows, factor("f", 5, 4, 6), factor("g", 5, 4, 6)))
    assert verdict(item(found, "flow", "air", CHANGE)) == APART
    assert verdict(item(found, "flow", "timber", CHANGE)) == ABOVE + MAPPED
    assert verdict(item(found, "value", "total", CHANGE)) == APART
    assert verdict(item(found, "type_value", "wood", CHANGE)) == APART
    assert verdict(item(found, "type_flow", "timber.wood", CHANGE)) == ABOVE + MAPPED
    assert item(found, "entry_reappraisals", "total", CHANGE).central == pytest.approx(0)


numbers = st.floats(0.1, 50).map(lambda x: round(x, 2))
pairs = st.lists(
    st.tuples(st.sampled_from(["timber", "air"]), st.sampled_from(["wood", "arable"]), st.floats(0, 30) | st.just(0.0),
              st.floats(0, 30), numbers, numbers, st.booleans(), st.booleans()),
    min_size=1, max_size=4, unique_by=lambda t: t[:2],
)  # fmt: skip


def awkward(parts: list[Any]) -> ServiceAccount:
    """Flows of factors that are shared or of one date, prices likewise, dates without land."""
    rows, factors = [], {"f": factor("f", 5, 4, 6.25), "p": factor("p", 10, 5, 20), "z": factor("z", 0, -1, 1)}
    for n, (service, kind, opening, closing, rate, price, shared, zero) in enumerate(parts):
        for date, ha in zip(DATES, (opening, closing), strict=True):
            own = f"g{n}{'' if shared else date}"
            factors[own] = factor(own, rate, rate / 2, rate * 2)
            names, flow = (("z",), 0.0) if zero else (("f", own), ha * 5 * rate)
            rows.append(row(date, service, "A", kind, hectares=ha, flow=flow, price=price, factors=names,
                            price_factor="p"))  # fmt: skip
    factors["p"] = factor("p", 10, 5, 20)
    return with_factors(rows, *factors.values())


@settings(max_examples=40, deadline=None)
@given(pairs, st.booleans())
def test_effects_sum_to_the_change_in_every_draw(parts: list[Any], maps: bool) -> None:
    """phi_A + phi_y + phi_Z = V1 - V0 draw by draw, and V1 - V0 is that of the assets as they are drawn elsewhere."""
    made = awkward(parts)
    valued = valued_rows(made, unit_values(made, AssetChoices()))
    weights, table = weights_of(valued), pairs_of(made, valued)
    known = known_factors(made.factors, made.factors, frozenset(), Problems())
    draws = Draws(3, 200)
    vectors = {key: draws.draw(key, one.of) for key, one in known.items()}
    names = [type_id(date, kind) for date in DATES for kind in ("wood", "arable")] if maps else []
    vectors |= {key: 1 + 0.1 * np.random.default_rng(n).standard_normal(200) for n, key in enumerate(names)}
    levels = service_terms(made, known, frozenset(names), weights, Problems())
    found = effect_terms(RowFactors(made, known, frozenset(names)), table, weights, frozenset())
    terms = join([levels, found.terms]) if len(found.terms.rows) else levels
    sampler = Sampler(vectors, 200)

    def total(measure: str, date: str = CHANGE) -> np.ndarray:
        rows = terms.rows[(terms.rows["measure"] == measure) & (terms.rows["date"] == date)
                          & (terms.rows["item"] == "total") & (terms.rows["zone"] == WHOLE)]  # fmt: skip
        return total_of(sampler, rows["coefficient"].tolist(), [terms.products[n] for n in rows["product"]])

    change = total("asset", "closing") - total("asset", "opening")
    size = np.abs(total("asset", "closing")) + np.abs(total("asset", "opening")) + 1
    effects = sum(total(f"effect_{name}") for name in ("extent", "flow", "volume", "price"))
    measures = {name for name in terms.rows["measure"] if name.startswith("entry_")}
    entries = sum((total(name) for name in measures), np.zeros(200))
    for one in (effects, total(COMPARED), entries):
        assert (np.abs(one - change) <= 1e-9 * size).all()
    assert found.gap < 1e-9


def test_memory_and_seed_change_nothing() -> None:
    made = awkward([("timber", "wood", 10.0, 12.0, 2.0, 3.0, True, False), ("air", "wood", 1, 0, 2, 3, False, False)])
    assets = show_assets(setting(made), AssetChoices()).product
    found = [draw(made, 1000, keep=keep, weights=assets.weights, pairs=assets.pairs).items for keep in (256, 1)]
    assert found[0] == found[1]


def products_of_factors() -> ServiceAccount:
    """The account of the tests of assets; what its factors do not make up is in the scale of each row."""
    rows = AWKWARD.rows.copy()
    timber = rows["service"] == "timber"
    rows.loc[timber, "scale"] = rows["flow"] / rows["hectares"] / 2.0
    return replace(AWKWARD, rows=rows)


def whole(made: ServiceAccount, accuracy: AccuracyAccount | None = None) -> Report:
    """Assets and ranges as one report, the ranges beside the changes."""
    here = setting(made)
    assets = show_assets(here, AssetChoices())
    products = {"services": made, "assets": assets.product, "accuracy": accuracy}
    wings = (assets, show(replace(here, products=products), RangesInput(2000, 7)))
    figures = ranged(tuple(f for wing in wings for f in wing.figures))
    sections = placed([pair for wing in wings for pair in wing.sections])
    checks = tuple(check for wing in wings for check in wing.checks)
    return Report("accounts", "Test", "Test", "2020 to 2023", figures, beside(sections, figures),
                  Run(VERSION, (), (), {}), checks=checks)  # fmt: skip


def test_ranges_stand_beside_the_decomposition() -> None:
    report = whole(with_factors(one_type(10, 12), factor("f", 5, 4, 6.25)))
    figure = report.figure("assets.change.total")
    assert (figure.low, figure.high) == pytest.approx((8 * ANNUITY, 12.5 * ANNUITY), rel=1e-2)
    assert report.figure("assets.effect.extent.total").high == figure.high
    table = report.section("asset_waterfall").table.set_index("step")
    extent = table.loc["Extent: more or less area"]
    assert extent["verdict"] == ABOVE + MAPPED
    assert extent["p05"] == pytest.approx(8 * ANNUITY, rel=1e-2)
    for key in ("asset_decomposition", "asset_waterfall", "asset_account"):
        assert ABOVE + MAPPED in report.section(key).summary
    section = report.section("ranges_change")
    assert section.number == "14c"
    assert "Asset values that compare changed by £298" in section.summary
    ids = {figure.id for figure in report.figures}
    for figure in report.figures:
        beyond = {parent for parent in figure.trace.parents if parent not in ids}
        assert all(parent.startswith("services.flow.") for parent in beyond)
        assert beyond or explain(report, figure.id, depth=1)


def test_what_does_not_compare_takes_no_range() -> None:
    """The account of the tests of assets: fen of one zone at one date only, so the totals hold what has no pair."""
    report = whole(products_of_factors())
    apart = report.figure("assets.effect.uncompared.total")
    assert apart.value
    change = report.figure("assets.change.total")
    assert change.low <= change.value <= change.high
    assert report.figure("assets.effect.price.total").low is not None
    assert any("Only assets that compare" in note for note in report.section("ranges_change").notes)


@pytest.mark.office
def test_the_workbook_recalculates(tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    for n, error in enumerate((None, errors(2.0, 2.0, (140, 152)))):
        publish(whole(products_of_factors(), error), tmp_path / f"changes{n}.xlsx")
        count, wrong = recalc.compare(tmp_path / f"changes{n}.xlsx", tmp_path)
        assert wrong == []
        assert count > 100


def test_an_amount_at_a_date_has_no_verdict() -> None:
    found = drawn(with_factors(one_type(10, 12), factor("f", 5, 4, 6.25)))
    levels = [one for one in found.items.values() if isinstance(one, Item) and one.date != CHANGE]
    assert {verdict(one) for one in levels} == {"[z]"}
