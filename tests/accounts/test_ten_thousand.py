"""Ten thousand random landscapes at once: every account closes, supply equals use, the decomposition sums.

Each landscape is a zone of 64 cells with its own classes, gaps and changes; the sums are taken here from the cells
themselves, with numpy, and not from the accounts.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

from natcap.accounts.classes import ClassList, class_list
from natcap.accounts.crosswalk import crosswalk
from natcap.accounts.decomposition import decompose, spread_conversions
from natcap.accounts.extent import extent_account, managed_cells
from natcap.accounts.land import Land
from natcap.accounts.services.account import ServiceAccount
from natcap.accounts.services.build import service_account
from natcap.accounts.services.read import ServicesInput
from natcap.accounts.supply_use import difference, use
from natcap.core.problems import Problems

LANDSCAPES, CELLS, CODES = 10_000, 64, (1, 2, 3, 4, 8, 21)
"""Woods, arable land, grassland, fen and suburbs of the UKCEH land cover map; 0 is no data."""


def landscapes() -> tuple[np.ndarray, np.ndarray]:
    """Positions in the list of classes, no data 0, opening and closing, shape (landscapes, cells)."""
    rng = np.random.default_rng(20231125)
    kinds = rng.integers(1, len(CODES) + 1, size=(LANDSCAPES, 1))
    opening = rng.integers(0, kinds + 1, size=(LANDSCAPES, CELLS))
    share = rng.random((LANDSCAPES, 1))
    changed = rng.random((LANDSCAPES, CELLS)) < share**3
    return opening, np.where(changed, rng.integers(0, len(CODES) + 1, size=opening.shape), opening)


def classes() -> ClassList:
    known = class_list("ukceh_lcm_21")
    return ClassList(known.id, known.title, tuple(known.of(code) for code in CODES))


@pytest.fixture(scope="module")
def maps() -> tuple[np.ndarray, np.ndarray]:
    return landscapes()


@pytest.fixture(scope="module")
def cells(maps: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The change matrices in cells, shape (landscapes, items, items)."""
    opening, closing = maps
    size = len(CODES) + 1
    keys = (np.arange(LANDSCAPES)[:, None] * size + opening) * size + closing
    return np.bincount(keys.ravel(), minlength=LANDSCAPES * size * size).reshape(LANDSCAPES, size, size)


def of(codes: np.ndarray) -> np.ndarray:
    """Cells of each item counted straight from the maps, shape (landscapes, items)."""
    return np.stack([(codes == item).sum(axis=1) for item in range(len(CODES) + 1)], axis=1)


def test_every_extent_account_closes(maps: tuple[np.ndarray, np.ndarray], cells: np.ndarray) -> None:
    found = extent_account(cells, managed_cells(classes().classes))
    opening, closing = maps
    assert (found.opening == of(opening)).all()
    assert (found.closing == of(closing)).all()
    made = found.opening + found.managed_expansion + found.unmanaged_expansion + found.reappraisal
    assert (made - found.managed_reduction - found.unmanaged_reduction == found.closing).all()
    moved = (opening != closing) & (opening > 0) & (closing > 0)
    assert (found.additions.sum(axis=1) == moved.sum(axis=1)).all()
    assert (found.additions.sum(axis=1) == found.reductions.sum(axis=1)).all()
    assert (found.net_change.sum(axis=1) == 0).all()
    assert (found.opening.sum(axis=1) == CELLS).all()
    kept = np.diagonal(cells, axis1=1, axis2=2)
    assert (kept <= np.minimum(found.opening, found.closing)).all()


@pytest.fixture(scope="module")
def account(cells: np.ndarray) -> ServiceAccount:
    zones = tuple(f"z{n}" for n in range(LANDSCAPES))
    areas = (cells.sum(axis=2)[:, 1:].astype(float), cells.sum(axis=1)[:, 1:].astype(float))
    land = Land(zones, zones, zones, "ukceh_lcm_21", classes().classes, *areas, cells.astype(float),
                crosswalk("ukceh_lcm_21", "ons_broad_habitats").pick(CODES))  # fmt: skip
    problems = Problems()
    made = service_account(land, ServicesInput((2020, 2023), 2024, True), problems).account
    assert problems.errors == ()
    return made


def test_supply_equals_use_in_every_landscape(account: ServiceAccount) -> None:
    rows = account.rows.rename(columns={"zone": "place"})
    assert rows["place"].nunique() == LANDSCAPES
    for column, date in product(("flow", "value"), ("opening", "closing")):
        mine = rows[rows["date"] == date].dropna(subset=[column])
        used = use(mine, account.uses, column)
        keys = [mine["place"], mine["service"]]
        supplied, size = mine[column].groupby(keys).sum(), mine[column].abs().groupby(keys).sum()
        taken = used.groupby(["place", "service"])[column].sum()
        assert len(taken) == len(supplied) > LANDSCAPES
        assert (taken - supplied).abs().le(1e-9 * size).all()
        gaps = difference(mine, used, column, mine["service"].unique())
        assert all(abs(gap) <= 1e-9 * size.xs(key, level="service").sum() for key, gap in gaps.items())


def test_flow_times_price_is_the_value_of_every_row(account: ServiceAccount) -> None:
    known = account.rows.dropna(subset=["flow", "price"])
    assert len(known) > 100_000
    assert np.allclose(known["flow"] * known["price"], known["value"], rtol=1e-9, atol=0)


def test_the_decomposition_sums_in_every_landscape(cells: np.ndarray) -> None:
    rng = np.random.default_rng(7)
    areas = cells.sum(axis=2)[:, 1:].astype(float), cells.sum(axis=1)[:, 1:].astype(float)
    flows = rng.normal(size=(2, *areas[0].shape)) * 10
    prices = rng.lognormal(3, 2, size=(2, *areas[0].shape))
    parts = decompose(areas, (flows[0], flows[1]), (prices[0], prices[1]))
    values = [area * flow * price for area, flow, price in zip(areas, flows, prices, strict=True)]
    size = np.abs(values[0]) + np.abs(values[1]) + np.abs(parts.extent) + np.abs(parts.flow) + np.abs(parts.price)
    gap = np.abs(parts.extent + parts.flow + parts.price - (values[1] - values[0]))
    assert (gap <= 1e-12 * size + 1e-12).all()
    assert (parts.enhancement + parts.degradation == parts.flow).all()
    assert (parts.extent[areas[0] == areas[1]] == 0).all()


def test_conversions_sum_to_the_effect_of_extent(cells: np.ndarray) -> None:
    """The first thousand landscapes, one by one: additions and reductions of a type sum to its effect of extent."""
    value = np.linspace(5, 50, len(CODES))
    for matrix in cells[:1000, 1:, 1:].astype(float):
        effect = (matrix.sum(axis=0) - matrix.sum(axis=1)) * value
        found = spread_conversions(matrix, value, effect)
        assert np.allclose(found.sum(axis=0), effect, rtol=1e-9, atol=1e-9)


def test_zones_stay_apart(account: ServiceAccount, cells: np.ndarray) -> None:
    """The hectares of the rows of a zone are those of its own cells."""
    farmed = account.rows[(account.rows["service"] == "agricultural_biomass") & (account.rows["date"] == "closing")]
    summed = farmed.groupby("zone")["hectares"].sum()
    wanted = pd.Series(cells.sum(axis=1)[:, 1:][:, [2, 3]].sum(axis=1), index=[f"z{n}" for n in range(LANDSCAPES)])
    assert (summed == wanted[summed.index]).all()
    assert wanted.drop(summed.index).sum() == 0
