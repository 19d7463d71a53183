"""What holds for every asset account: it closes, effects sum, values are linear, earlier is worth more."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.accounts.assets_account.changes import CHANGES, EFFECTS
from natcap.accounts.services.account import ServiceAccount
from tests.accounts.service_account import LAND, account, pairs, row

values = st.floats(-1e5, 1e5, allow_subnormal=False).map(lambda x: round(x, 3))
prices = st.floats(0.01, 1e4).map(lambda x: round(x, 3))
flows = st.lists(
    st.tuples(st.sampled_from(["timber", "ghg", "air", "minerals"]), st.sampled_from(LAND.zones),
              st.sampled_from(["wood", "arable", "fen", "not_by_type"]), values | st.none(), values | st.none(), prices,
              prices),
    max_size=8, unique_by=lambda t: t[:3],
)  # fmt: skip


def made(rows: list[Any], scale: float = 1.0) -> ServiceAccount:
    found = []
    for service, zone, kind, flow0, flow1, price0, price1 in rows:
        sides = (("opening", flow0, price0), ("closing", flow1, price1))
        found += [row(d, service, zone, kind, flow=scale * f, price=p) for d, f, p in sides if f is not None]
    return account(found)


@settings(max_examples=50, deadline=None)
@given(flows)
def test_the_account_closes_and_effects_sum(rows: list[Any]) -> None:
    table = pairs(made(rows))
    valued = table[table["how"] != "not valued"]
    size = valued[["opening", "closing", *CHANGES]].abs().sum(axis=1) + 1e-6
    step = valued["closing"].fillna(0.0) - valued["opening"].fillna(0.0)
    whole = valued[[*CHANGES, "uncompared"]].sum(axis=1)
    assert ((whole - step).abs() <= 1e-9 * size).all()
    assert ((valued[list(EFFECTS)].sum(axis=1) - step).abs() <= 1e-9 * size).all()
    apart = valued["how"] == "not comparable"
    assert valued.loc[apart, [*CHANGES, "change"]].isna().all(axis=None)
    assert (valued.loc[~apart, "uncompared"] == 0).all()
    assert (valued.loc[~apart, "enhancement"] >= 0).all()
    assert (valued.loc[~apart, "degradation"] <= 0).all()


@settings(max_examples=30, deadline=None)
@given(flows, st.sampled_from([0.5, 2.0, 1024.0]))
def test_values_are_linear_in_flows(rows: list[Any], scale: float) -> None:
    one_, more = pairs(made(rows)), pairs(made(rows, scale))
    for name in ("opening", "closing", *CHANGES):
        assert more[name].to_numpy() == pytest.approx(scale * one_[name].to_numpy(), rel=1e-9, abs=1e-6, nan_ok=True)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.01, 1e6), st.sampled_from(["timber", "ghg", "air", "minerals"]))
def test_earlier_is_worth_more(flow: float, service: str) -> None:
    given_ = account([row("closing", service, flow=flow, price=1.0)])
    start, mid, end = (float(pairs(given_, timing=t)["closing"].iloc[0]) for t in ("start", "mid", "end"))
    assert start > mid > end > 0
    assert mid**2 <= start * end * (1 + 1e-9)  # Cauchy: the sum of roots of products
