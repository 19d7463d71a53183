"""Ranges of the accounts: products and sums with a known spread, then what must not change them, then what is told."""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.accounts.accuracy import adjust
from natcap.accounts.accuracy_account import AccuracyAccount, Estimate
from natcap.accounts.accuracy_account.strata import class_strata
from natcap.accounts.crosswalk import Crosswalk
from natcap.accounts.ranges_account.account import CHANGE, RangesAccount, Sources, ranges_account
from natcap.accounts.ranges_account.area import area_error, class_id, type_id
from natcap.accounts.ranges_account.confidence import NOT_RATED, rule
from natcap.accounts.ranges_account.read import RangesInput
from natcap.accounts.ranges_account.terms import asset_of_rows
from natcap.accounts.services.account import NO_TYPE, WHOLE, ServiceAccount
from natcap.accounts.stock import Densities
from natcap.core.problems import Problems
from natcap.core.report import FactorRef, InputRef
from natcap.core.uncertainty import Draws
from tests.accounts.ranges import draw, factor, row, services

Z = NormalDist().inv_cdf(0.95)
A = ("closing", WHOLE)


def item(account: RangesAccount, measure: str, name: str, date: str = "closing", zone: str = WHOLE) -> Any:
    return account.items[measure, date, zone, name]


def told(account: ServiceAccount, **more: Any) -> str:
    problems = Problems()
    assert ranges_account(Sources(account, **more), RangesInput(1000), problems) is None
    return "\n".join(str(problem) for problem in problems)


def test_product_of_two_lognormals_by_hand() -> None:
    """f = 100 (50 to 200) and p = 10 (5 to 20): sigma = ln 4 / (2 z) = ln 2 / z each, of the product ln 2 sqrt(2) / z.

    P5 and P95 of the product are 1,000 x 2^(-+ sqrt 2) = 375.2 and 2,665.1; its standard deviation is
    1,000 e^(s^2/2) sqrt(e^(s^2) - 1) with s = 0.59594.
    """
    timber = row("timber", ("f",), 100.0, price=10.0, price_factor="p")
    found = draw(services([factor("f", 100, 50, 200), factor("p", 10, 5, 20)], [timber]), draws=100_000)
    flow, value = item(found, "flow", "timber").drawn, item(found, "value", "timber").drawn
    assert flow.summary == pytest.approx((50, 100, 200), rel=1e-4)
    assert value.summary == pytest.approx((1000 * 2 ** -math.sqrt(2), 1000, 1000 * 2 ** math.sqrt(2)), rel=0.01)
    s = math.sqrt(2) * math.log(2) / Z
    assert value.deviation == pytest.approx(1000 * math.exp(s**2 / 2) * math.sqrt(math.exp(s**2) - 1), rel=0.02)
    assert value.shares == pytest.approx({"f": 0.5, "p": 0.5})
    assert found.off == 0.0


def test_shares_of_one_product_by_hand() -> None:
    """f alone gives (20 x 10 / z)^2, p alone (100 x 4 / z)^2: normals 100 +- 10 and 20 +- 4 carry 1 : 4."""
    kinds: dict[str, Any] = {"distribution": "normal"}
    factors = [factor("f", 100, 90, 110, **kinds), factor("p", 20, 16, 24, **kinds)]
    found = draw(services(factors, [row("timber", ("f",), 100.0, price=20.0, price_factor="p")]))
    assert item(found, "value", "timber").drawn.shares == pytest.approx({"f": 0.2, "p": 0.8}, abs=2e-3)


def test_shared_factor_widens_linearly_and_own_factors_in_quadrature() -> None:
    """Two rows of 100 +- 10 %: one shared factor gives exactly twice the width of one, two factors sqrt(2) times it."""
    normal: dict[str, Any] = {"distribution": "normal"}
    factors = [factor(key, 100, 90, 110, **normal) for key in ("f", "g")]
    shared = draw(services(factors, [row("one", ("f",), 100.0), row("one", ("f",), 200.0, hectares=2.0, zone="b")]))
    alone = draw(services(factors, [row("one", ("f",), 100.0)]))
    width = {n: np.ptp(item(a, "flow", "one").drawn.summary) for n, a in (("shared", shared), ("alone", alone))}
    assert width["shared"] == pytest.approx(3 * width["alone"], rel=1e-12)
    own = draw(services(factors, [row("one", ("f",), 100.0), row("one", ("g",), 100.0, zone="b")]))
    assert np.ptp(item(own, "flow", "one").drawn.summary) == pytest.approx(math.sqrt(2) * width["alone"], rel=0.02)


def test_fixed_factors_have_no_width() -> None:
    found = draw(services([factor("f", 3), factor("g", 2, 2, 2)], [row("one", ("f", "g"), 6.0)]))
    one = item(found, "flow", "one")
    assert one.drawn.summary == (6.0, 6.0, 6.0)
    assert (one.drawn.deviation, one.drawn.shares, one.ranged) == (0.0, {}, 0.0)


def test_range_through_zero_keeps_its_sign() -> None:
    """Net rate 0 (-1 to 1) t/ha on 10 ha, triangular: P5 = 10 (sqrt(0.1) - 1) = -6.84; nothing is clipped."""
    found = draw(services([factor("rate", 0, -1, 1)], [row("gas", ("rate",), 0.0, hectares=10.0)]))
    low, middle, high = item(found, "flow", "gas").drawn.summary
    assert (low, middle, high) == pytest.approx((10 * (math.sqrt(0.1) - 1), 0, 10 * (1 - math.sqrt(0.1))), abs=0.01)
    assert found.off == 0.0


def test_price_in_another_price_year_moves_in_proportion() -> None:
    """The factor is 27 (20 to 40) of 2022; the row is priced at 30 of 2023: draws are 30 / 27 of the factor."""
    timber = row("timber", ("f",), 4.0, hectares=2.0, price=30.0, price_factor="p")
    found = draw(services([factor("f", 2), factor("p", 27, 20, 40)], [timber]))
    alone = draw(services([factor("p", 27, 20, 40)], [row("one", ("p",), 27.0)]))
    value, one = (item(a, m, n).drawn.summary for a, m, n in ((found, "value", "timber"), (alone, "flow", "one")))
    assert np.array(value) == pytest.approx(np.array(one) * 4 * 30 / 27)


def test_carbon_values_are_a_scenario() -> None:
    gas = row("gas", ("f",), 5.0, price=250.0, price_factor="path")
    account = services([factor("f", 5), factor("path", 250, 125, 375)], [gas], gas={"price": "carbon"})
    found = draw(account)
    assert item(found, "value", "gas").drawn.summary == (1250.0, 1250.0, 1250.0)
    assert found.known["path"].scenario


def test_change_is_paired() -> None:
    """10 ha to 12 ha at one rate of 100 +- 10: the change is 2 ha of it, and its width a fifth of the opening's."""
    rows = [row("one", ("f",), 100.0 * ha, hectares=ha, date=date, price=1.0, price_factor="")
            for date, ha in (("opening", 10.0), ("closing", 12.0))]  # fmt: skip
    account = services([factor("f", 100, 90, 110, distribution="normal")], rows)
    found = draw(account)
    change, opening = (item(found, "value", "total", date) for date in (CHANGE, "opening"))
    assert change.central == pytest.approx(200.0)
    assert np.ptp(change.drawn.summary) == pytest.approx(np.ptp(opening.drawn.summary) / 5)
    broken = draw(account, comparable=False)
    assert ("value", CHANGE, WHOLE, "total") not in broken.items
    assert any("not comparable" in said for said in broken.notes)


def test_abiotic_and_missing_stay_out_of_totals() -> None:
    """Wind stands below the line; a flow without a price has no value, which is not 0."""
    rows = [row("timber", ("f",), 2.0, price=3.0), row("wind", ("f",), 2.0, price=100.0), row("fish", ("f",), 2.0),
            row("lost", ("gone",), math.nan)]  # fmt: skip
    factors = [factor("f", 2, 1, 4), factor("gone", math.nan)]
    found = draw(services(factors, rows, wind={"abiotic": True}))
    assert item(found, "value", "total").central == 6.0
    assert item(found, "value", "wind").central == 200.0
    assert ("value", *A, "fish") not in found.items
    assert ("flow", *A, "lost") not in found.items


def test_flow_of_the_whole_area_is_in_no_zone() -> None:
    rows = [row("one", ("f",), 2.0, price=1.0), row("one", ("f",), 10.0, zone=WHOLE, type=NO_TYPE, scale=5.0,
                                                    hectares=math.nan, price=1.0)]  # fmt: skip
    found = draw(services([factor("f", 2, 1, 4)], rows))
    assert item(found, "value", "total").central == 12.0
    assert item(found, "value", "total", zone="a").central == 2.0
    assert {key[2] for key in found.items} == {WHOLE, "a"}


def test_reading_without_a_factor_is_not_rated() -> None:
    found = draw(services([], [row("one", (), 7.0, hectares=math.nan, origin="reading")]))
    one = item(found, "flow", "one")
    assert one.drawn.summary == (7.0, 7.0, 7.0)
    assert one.rating.word == NOT_RATED


def test_factor_twice_in_a_row_is_its_square() -> None:
    found = draw(services([factor("f", 3, 2, 4, distribution="normal")], [row("one", ("f", "f"), 9.0)]))
    one = item(found, "flow", "one").drawn
    assert one.summary == pytest.approx((4, 9, 16), abs=0.02)
    assert one.shares == pytest.approx({"f": 1.0})


def test_wrong_product_is_seen() -> None:
    found = draw(services([factor("f", 3)], [row("one", ("f",), 3.3)]))
    assert found.off == pytest.approx(0.3 / 3.3)


def awkward() -> ServiceAccount:
    kinds = ("wood", "grass", NO_TYPE)
    factors = [factor(f"f{n}", v, lo, hi) for n, (v, lo, hi) in enumerate(
        [(5, 3, 8), (0.2, 0.1, 0.4), (0, -1, 1), (-2, -5, 1), (7, math.nan, math.nan)])]  # fmt: skip
    by = {f.ref.id: f.ref.value for f in factors}
    rows = []
    for n in range(60):
        names = tuple(f"f{(n * step) % 5}" for step in range(1, n % 3 + 2) if (n * step) % 5 != 4 or step == 1)
        names = tuple(dict.fromkeys(names))
        ha = float(n % 7)
        flow = ha * math.prod(by[k] for k in names)
        rows.append(row(f"s{n % 4}", names, flow, hectares=ha, zone="ab"[n % 2], type=kinds[n % 3],
                        date=("opening", "closing")[n % 8 > 3], price=float(n % 5), price_factor=""))  # fmt: skip
    return services(factors, rows)


def test_seed_repeats_and_memory_changes_nothing() -> None:
    account = awkward()
    whole = draw(account, 2000)
    for keep in (1, 2, 7):
        assert draw(account, 2000, keep=keep).items == whole.items
    assert draw(account, 2000).items == whole.items
    assert draw(account, 2000, seed=2).items != whole.items
    assert whole.off < 1e-9


def test_order_of_rows_changes_only_rounding() -> None:
    account = awkward()
    other = ServiceAccount(**{**vars(account), "rows": account.rows.sample(frac=1, random_state=3)})
    one, two = draw(account, 2000), draw(other, 2000)
    assert one.items.keys() == two.items.keys()
    for key, found in one.items.items():
        assert two.items[key].drawn.summary == pytest.approx(found.drawn.summary, rel=1e-9, abs=1e-9)


def test_as_bare_numpy_says() -> None:
    """The same draws row by row, without any of the shortcuts."""
    account = awkward()
    found = draw(account, 1500)
    vectors = {key: found.draws.draw(key, known.of) for key, known in found.known.items()}
    total = np.zeros(1500)
    for record in account.rows[account.rows["date"] == "closing"].to_dict("records"):
        part = np.full(1500, record["hectares"] * record["price"])
        for key in record["factors"]:
            part = part * vectors[key]
        total += part
    got = item(found, "value", "total").drawn
    assert got.summary == pytest.approx(np.percentile(total, [5, 50, 95]))
    assert got.deviation == pytest.approx(total.std())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(1, 1e3), st.floats(0.01, 0.3), st.floats(0.1, 50)), min_size=1, max_size=5))
def test_symmetric_ranges_hold_their_centre(parts: list[tuple[float, float, float]]) -> None:
    """Sums of normal factors: the central value is the median, and lies between P5 and P95; shares sum to 1."""
    factors = [factor(f"f{n}", v, v - half * v, v + half * v, distribution="normal")
               for n, (v, half, _) in enumerate(parts)]  # fmt: skip
    rows = [row("one", (f"f{n}",), v * ha, hectares=ha) for n, (v, _, ha) in enumerate(parts)]
    found = item(draw(services(factors, rows), 1000), "flow", "one")
    low, middle, high = found.drawn.summary
    assert low < found.central < high
    assert middle == pytest.approx(found.central, rel=0.02)
    assert sum(found.drawn.shares.values()) == pytest.approx(1.0)


def test_asset_moves_with_its_value() -> None:
    """Asset 30 times the value: the same range times 30. Where the value is 0 it moves with the flow, else not."""
    rows = [row("one", ("f",), 2.0, price=10.0, price_factor="p"),
            row("free", ("f",), 2.0, price=0.0, price_factor="z"),
            row("still", ("f",), 0.0, hectares=0.0, price=1.0), row("none", ("f",), 2.0)]  # fmt: skip
    account = services([factor("f", 2, 1, 4), factor("p", 10, 5, 20), factor("z", 0)], rows)
    account = ServiceAccount(**{**vars(account), "rows": account.rows.set_axis([7, 5, 3, 1])})
    weights = pd.DataFrame({"asset": [600.0, 8.0, 50.0, math.nan]}, index=account.rows.index)
    found = draw(account, weights=weights)
    value, asset = (item(found, measure, "one").drawn for measure in ("value", "asset"))
    assert np.array(asset.summary) == pytest.approx(30 * np.array(value.summary))
    assert item(found, "asset", "free").drawn.summary == pytest.approx((4, 8, 16), rel=2e-3)
    assert item(found, "asset", "still").drawn.summary == (50.0, 50.0, 50.0)
    assert ("asset", *A, "none") not in found.items
    assert item(found, "asset", "total").central == 658.0
    assert found.off < 1e-12


def test_asset_for_a_pound_of_value() -> None:
    account = services([factor("f", 2)], [row("one", ("f",), 2.0, price=10.0)])
    weights = pd.DataFrame({"asset_per_unit": [30.0]}, index=account.rows.index)
    assert asset_of_rows(account.rows, weights).tolist() == [600.0]
    with pytest.raises(ValueError, match="beside the rows"):
        asset_of_rows(account.rows, weights.set_axis([9]))


def accuracy(account: ServiceAccount, dates: tuple[str, ...] = ("closing",)) -> AccuracyAccount:
    """Wood is mapped as 4 ha and grass as 6 ha at both dates; 5 of 100 and 20 of 200 points are wrong."""
    sample, hectares = np.array([[95, 5], [20, 180]]), np.array([4.0, 6.0])
    strata = class_strata(account.land.classes, hectares)
    made = {date: Estimate(date, strata, sample, adjust(sample, hectares)) for date in dates}
    return AccuracyAccount(account.land.classes, made, ())


def test_error_of_area() -> None:
    """Fixed rates: a tonne a hectare of wood has the relative error of wood; both classes together have none."""
    rows = [row("one", ("f",), 4.0, hectares=4.0), row("both", ("f",), 4.0, hectares=4.0),
            row("both", ("f",), 6.0, hectares=6.0, type="grass")]  # fmt: skip
    account = services([factor("f", 1, rag="Green")], rows)
    given_ = accuracy(account)
    found = draw(account, accuracy=given_)
    error = given_.estimates["closing"].adjusted.standard_error[0]
    one = item(found, "flow", "one")
    assert one.drawn.deviation == pytest.approx(error, rel=1e-6)
    assert one.drawn.summary == pytest.approx((4 - Z * error, 4, 4 + Z * error), rel=1e-3)
    assert one.drawn.shares == {"area.closing": 1.0}
    assert one.rating.word == "Green"
    assert np.ptp(item(found, "flow", "both").drawn.summary) == pytest.approx(0, abs=1e-9)
    wood = item(found, "area", "wood")
    assert wood.central == pytest.approx(0.95 * 4 + 0.1 * 6)
    assert wood.drawn.summary.p95 == pytest.approx(wood.central + Z * error)
    assert any("opening" in said for said in found.notes)


def test_draws_of_areas_have_the_covariance_given() -> None:
    """What is added to one class is taken from another; opening and closing are independent; habitats sum classes."""
    account = services([factor("f", 1)], [row("one", ("f",), 1.0)])
    walk = Crosswalk("test", "broad", (1, 2), ("green", "grey"), ("Green", "Grey"), np.array([[1.0, 0.0], [0.5, 0.5]]))
    land = replace(account.land, habitats=walk)
    sample = accuracy(account, ("opening", "closing"))
    found = area_error(sample, land, ["green", "grey", NO_TYPE], Draws(1)).draws
    off = np.array([(found[class_id("closing", key)] - 1) * ha for key, ha in (("wood", 4.0), ("grass", 6.0))])
    assert np.cov(off, ddof=0) == pytest.approx(sample.estimates["closing"].adjusted.covariance, rel=1e-6)
    assert off.sum(axis=0) == pytest.approx(0, abs=1e-9)
    green = (found[type_id("closing", "green")] - 1) * (4 + 3)
    assert green == pytest.approx(off[0] + off[1] / 2)
    both = np.corrcoef(found[class_id("opening", "wood")], found[class_id("closing", "wood")])
    assert abs(both[0, 1]) < 0.05


def test_area_of_no_known_type_counts_as_free_of_error() -> None:
    account = services([factor("f", 1)], [row("one", ("f",), 4.0, hectares=4.0, type="moor")])
    account = ServiceAccount(**{**vars(account), "types": {"moor": "Moor"}})
    found = draw(account, accuracy=accuracy(account))
    assert item(found, "flow", "one").drawn.deviation == 0.0
    assert any("neither classes nor habitats" in said for said in found.notes)


def test_carbon_stock() -> None:
    """4 ha at 100 (50 to 200) t C, 6 ha at 10 without a range. The same area at both dates: the change has no width."""
    refs = tuple((FactorRef(key, key, value, "tonne_c/hectare", "s", "p", "recalled"),)
                 for key, value in (("wood", 100.0), ("grass", 10.0)))  # fmt: skip
    densities = Densities((1, 2), ("all",), np.array([[100.0], [10.0]]), 30, "recalled",
                          np.array([[50.0], [math.nan]]), np.array([[200.0], [math.nan]]), refs)  # fmt: skip
    account = services([factor("f", 1)], [row("one", ("f",), 1.0)])
    found = draw(account, densities=densities)
    stock = item(found, "carbon_stock", "total")
    assert stock.central == 460.0
    assert stock.drawn.summary == pytest.approx((4 * 50 + 60, 460, 4 * 200 + 60), rel=2e-3)
    assert stock.rating.word == "Red"
    assert item(found, "carbon_stock", "total", CHANGE).drawn.deviation == 0.0


@pytest.mark.parametrize(
    ("one", "other", "word"),
    [
        ({}, {}, "Amber"),
        ({"rag": "Green"}, {"rag": "Green"}, "Green"),
        ({"rag": "Red"}, {"rag": "Green"}, "Red"),
        ({"rag": "Green"}, {"rag": "Red", "low": 1.9, "high": 2.1}, "Green"),
        ({"rag": "Green"}, {"rag": "Red", "low": 1.9, "high": 2.1, "verified": "recalled"}, "Amber"),
        ({"rag": "Green", "verified": "judged"}, {"rag": "Green"}, "Red"),
        ({"rag": "Green"}, {"rag": "Green", "low": math.nan, "high": math.nan, "verified": "recalled"}, "Red"),
        ({"rag": "Green"}, {"rag": "Amber", "low": 2.0, "high": 2.0}, "Amber"),
    ],
    ids=["both carry", "Green", "worst counts", "carries little", "recalled, little", "judged is Red",
         "recalled, no range", "no range is no certainty"],
)  # fmt: skip
def test_confidence(one: dict[str, Any], other: dict[str, Any], word: str) -> None:
    factors = [factor("f", **({"value": 2.0, "low": 1.0, "high": 4.0} | one)),
               factor("g", **({"value": 2.0, "low": 1.0, "high": 4.0} | other))]  # fmt: skip
    found = item(draw(services(factors, [row("one", ("f", "g"), 4.0)]), 1000), "flow", "one")
    assert found.rating.word == word


def test_confidence_where_nothing_varies_and_rule_is_data() -> None:
    factors = [factor("f", 2.0, rag="Green"), factor("g", 2.0, rag="Amber")]
    found = item(draw(services(factors, [row("one", ("f", "g"), 4.0)]), 1000), "flow", "one")
    assert found.rating.word == "Amber"
    assert rule().carrying == 0.2


def test_confidence_weighs_unranged_recalled_factors_by_amount() -> None:
    """Recalled without a range: a tenth of the total rests on it, so the total is Amber and its own row Red."""
    factors = [factor("f", 9.0, 5, 12, rag="Green"), factor("g", 1.0, verified="recalled", rag="Red")]
    rows = [row("one", ("f",), 9.0, price=1.0), row("two", ("g",), 1.0, price=1.0)]
    found = draw(services(factors, rows), 1000)
    assert item(found, "value", "total").rating.word == "Amber"
    assert item(found, "value", "two").rating.word == "Red"


def test_every_bad_range_is_told_at_once() -> None:
    where = InputRef("prices.xlsx", "Prices", "D4")
    factors = [factor("a", 5, 7, 9), factor("b", 5, 0, 9, distribution="lognormal"), factor("c", 5, 4),
               factor("d", 5, 4, 6, distribution="beta"), factor("e", 5, 6, 7, input=where), factor("h", math.nan),
               factor("unused", 5, 7, 9)]  # fmt: skip
    said = told(services(factors, [row("one", tuple("abcdeh"), 1.0)]))
    assert "factors, cell a: found 'the factor a: low 7, value 5, high 9', expected low <= value <= high" not in said
    assert "cell a: found the factor a: low 7, value 5, high 9, expected low <= value <= high. Correct the row" in said
    assert "cell b: found the factor b: a lognormal range from 0, expected a low end above 0. Use triangular" in said
    assert "the factor c: a range of 4 to nan, expected both ends of a range, or neither" in said
    assert "the factor d: the distribution beta, expected one of fixed, lognormal" in said
    assert "prices.xlsx, sheet Prices, cell D4: found the factor e: low 6" in said
    assert "the factor h: no value" in said
    assert "unused" not in said


def test_negative_lognormal_is_told() -> None:
    said = told(services([factor("neg", -5, -8, -3, distribution="lognormal")], [row("one", ("neg",), -5.0)]))
    assert "the factor neg: a lognormal range from -8, expected a low end above 0" in said


def test_price_of_zero_with_a_range_is_told() -> None:
    rows = [row("one", ("f",), 2.0, price=0.0, price_factor="p")]
    assert "the price p: a value of 0 with a range" in told(services([factor("f", 2), factor("p", 0, -1, 1)], rows))


def test_unknown_factor_is_a_fault_of_the_program() -> None:
    with pytest.raises(ValueError, match="ghost"):
        draw(services([], [row("one", ("ghost",), 1.0)]))
