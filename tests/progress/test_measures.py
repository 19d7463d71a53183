"""Neutrality, delivery, headroom and circular use against the method sheet, A3, rows 10 to 13."""

from __future__ import annotations

import pytest

from natcap.progress.measures import TerritoryClaim, circular_use, delivery, headroom, neutrality, refuse_territory

PLAN = [(780, 1200, 0.4), (24, 30, 0.3), (410, 400, 0.3)]


def test_row_10_balance_is_65_and_not_neutral() -> None:
    found = neutrality([420, 180, 2400], 35, 2900, plan=True, reductions_shown=True)
    assert found.balance == 65
    assert not found.may_claim
    assert found.why == "65 t CO2e are left"


def test_a_claim_needs_plan_and_reductions_beside_the_balance() -> None:
    assert neutrality([100], 0, 100, plan=True, reductions_shown=True).may_claim
    bare = neutrality([100], 0, 100)
    assert bare.balance == 0
    assert not bare.may_claim
    assert "no management plan" in bare.why
    assert "reductions are not shown" in bare.why


def test_a_territory_is_refused_with_the_reason() -> None:
    with pytest.raises(TerritoryClaim, match=r"Leicester is a territory\. ISO 14068-1"):
        neutrality([420, 180, 2400], 35, 2965, plan=True, reductions_shown=True, territory="Leicester")
    with pytest.raises(TerritoryClaim, match="not meant for regions, countries, states or cities"):
        refuse_territory("Leicestershire")


def test_negative_amounts_are_refused() -> None:
    with pytest.raises(ValueError, match="positive numbers"):
        neutrality([100], -35, 0)


def test_row_11_delivery_is_capped_part_by_part() -> None:
    assert delivery(PLAN) == pytest.approx(0.8, abs=1e-12)
    assert sum(w * done / planned for done, planned, w in PLAN) == pytest.approx(0.8075, abs=1e-12)


def test_weights_must_sum_to_one() -> None:
    with pytest.raises(ValueError, match="sum to 1"):
        delivery([(1, 2, 0.4), (1, 2, 0.4)])


def test_row_12_headroom() -> None:
    free, used = headroom(38.0, 29.4, 3.1)
    assert free == pytest.approx(5.5, abs=1e-12)
    assert round(100 * used, 2) == 77.37


def test_row_13_circular_material_use() -> None:
    assert round(circular_use(120, 15, 25, 900), 6) == 0.126214
