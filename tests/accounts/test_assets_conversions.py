"""Conversions by cells of the change matrix: classes of one habitat with flows of their own, by hand and in general."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.accounts.assets_account import AssetChoices
from natcap.accounts.assets_account.conversions import moves_of, parts_of
from natcap.accounts.assets_account.losses.applied import with_losses
from natcap.accounts.classes import LandClass
from natcap.accounts.crosswalk import Crosswalk
from natcap.accounts.land import Land
from natcap.accounts.services.account import ROWS, ServiceAccount
from natcap.core.problems import InputProblems
from tests.accounts.maps import write_tif
from tests.accounts.service_account import account, pairs, row, shown, wing
from tests.accounts.service_projects import LIBRARY, WEST, builder
from tests.accounts.test_catastrophic_losses import lost

Z = 29.812545333317846
"""One pound a year for a hundred years, standard schedule, timing start: case DF-3 of the worked cases."""
CLASSES = (
    LandClass(1, "broad", "Broadleaved"),
    LandClass(2, "conifer", "Coniferous"),
    LandClass(3, "plough", "Arable"),
)
WHOLE_CLASSES = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
MATRIX = np.array([[0, 0, 2, 0], [0, 50, 4, 3], [0, 1, 30, 2], [0, 6, 5, 100]], dtype=float)
"""Hectares, opening in rows, no data first."""
RATES = {1: 1.0, 2: 3.0}


def land(matrix: np.ndarray = MATRIX, shares: np.ndarray = WHOLE_CLASSES) -> Land:
    """One zone; broadleaves and conifers are one habitat, the wood."""
    habitats = Crosswalk("test", "wide", (1, 2, 3), ("wood", "open"), ("Woodland", "Open land"), shares)
    opening, closing = matrix.sum(axis=1)[None, 1:], matrix.sum(axis=0)[None, 1:]
    return Land(("A",), ("A",), ("Zone A",), "test", CLASSES, opening, closing, matrix[None], habitats)


def timber(where: Land, sets: Sequence[tuple[int, ...]] = ((1,), (2,)), **given_: Any) -> ServiceAccount:
    """Timber of the wood, a row for each set of classes, at RATES of its first class and £1."""
    shares = where.habitats.shares[:, 0] if where.habitats is not None else np.ones(3)
    rows = []
    for date in ("opening", "closing"):
        for codes in sets:
            ha = sum(float(where.area(date)[0, c - 1] * shares[c - 1]) for c in codes)
            rows.append(row(date, "timber", hectares=ha, flow=ha * RATES[codes[0]], price=1.0,
                            factors=(f"f.{codes[0]}",)) | {"classes": codes})  # fmt: skip
    areas = {date: pd.DataFrame(where.area(date) @ where.habitats.shares, ["A"], ["wood", "open"])  # type: ignore[union-attr]
             for date in ("opening", "closing")}  # fmt: skip
    made = replace(account([], land=where), types={"wood": "Woodland", "open": "Open land"}, type_area=areas)
    return replace(made, rows=pd.DataFrame(rows, columns=[*ROWS, "classes"]), **given_)


def test_classes_of_one_habitat_with_rates_of_their_own() -> None:
    """Broadleaves at 1, conifers at 3 a hectare. To broadleaves came 1 + 6 = 7 ha, from them went 4 + 3 = 7; to
    conifers came 4 + 5 = 9 ha and 2 of no data, from them went 1 + 2 = 3. Additions 7 x 1 + 9 x 3 = 34, reductions
    7 x 1 + 3 x 3 = 16, reappraisals 2 x 3 = 6, all x 29.8125; of the conifers only, 41 - 33 = 8 ha x 3 = 24 in all."""
    found = pairs(timber(land()))
    assert found["ha_in"].tolist() == [7.0, 9.0]
    assert found["ha_out"].tolist() == [7.0, 3.0]
    assert found["ha_unseen"].tolist() == [0.0, 2.0]
    assert found["ha_left"].tolist() == [3.0, 2.0]
    assert found["gross"].all()
    assert found["additions"].tolist() == pytest.approx([7 * Z, 27 * Z])
    assert found["reductions"].tolist() == pytest.approx([-7 * Z, -9 * Z])
    assert found["reappraisals"].tolist() == pytest.approx([0.0, 6 * Z])
    assert found["extent"].tolist() == pytest.approx([0.0, 24 * Z])


def test_classes_of_one_flow_convert_nothing_among_themselves() -> None:
    """One flow for both: 4 + 1 ha stay in it, 6 + 5 came, 3 + 2 went; no data gave 2. So without classes."""
    named = timber(land(), [(1, 2)])
    for given_ in (named, replace(named, rows=named.rows[list(ROWS)])):
        found = pairs(given_)
        assert found[["ha_in", "ha_out", "ha_unseen", "ha_left"]].to_numpy().tolist() == [[11.0, 5.0, 2.0, 5.0]]


def test_net_where_the_classes_are_not_known_or_there_is_no_matrix() -> None:
    """Conifers 33 to 41 ha, broadleaves 57 at both dates: net of each, no share of what the wood gained and lost."""
    known = timber(land())
    for given_ in (replace(known, rows=known.rows[list(ROWS)]), timber(replace(land(), matrix=None))):
        found = pairs(given_)
        assert found[["ha_in", "ha_out", "ha_unseen"]].to_numpy().tolist() == [[0.0, 0.0, 0.0], [8.0, 0.0, 0.0]]
        assert not found["gross"].any()
    broken = pairs(known, broken=True)
    assert broken["ha_unseen"].tolist() == [0.0, 8.0]
    assert broken["additions"].abs().sum() == 0


def test_a_fire_takes_what_each_flow_lost_to_other_types() -> None:
    """The wood lost 3 ha of broadleaves and 2 of conifers; of 4 ha burnt 2.4 and 1.6. 5.5 ha are more than left it."""
    given_ = timber(land())
    after, _ = with_losses(given_, pairs(given_), lost({"hectares": 4.0}), False)
    assert after["ha_lost"].tolist() == pytest.approx([2.4, 1.6])
    assert after["catastrophic"].tolist() == pytest.approx([-2.4 * Z, -4.8 * Z])
    assert after["reductions"].tolist() == pytest.approx([-4.6 * Z, -4.2 * Z])
    with pytest.raises(InputProblems) as caught:
        with_losses(given_, pairs(given_), lost({"hectares": 5.5}), False)
    assert "at most 5 ha" in str(caught.value)


def test_an_addition_walks_back_to_cells_of_the_matrix() -> None:
    report = shown(wing(timber(land()), AssetChoices(losses=lost({"hectares": 4.0}))))
    ids = {f.id for f in report.figures}
    for name, total in (("additions", 34), ("reductions", -16 + 2.4 + 4.8)):
        entry = report.figure(f"assets.entry.{name}.total")
        assert entry.value == pytest.approx(total * Z)
        (service,) = entry.trace.parents
        (leaf,) = report.figure(service).trace.parents
        assert leaf == f"assets.conversion.{name}.A.timber.wood"
        assert report.figure(leaf).value == report.figure(service).value == pytest.approx(entry.value)
        assert set(report.figure(leaf).trace.parents) <= ids
    how = report.figure("assets.conversion.additions.A.timber.wood").trace.how
    assert "7 ha came (change matrix: 6 Arable to Broadleaved, 1 Coniferous to Broadleaved) x 29.81254533" in how
    assert "9 ha came (change matrix: 5 Arable to Coniferous, 4 Broadleaved to Coniferous) x 89.437636" in how
    gone = report.figure("assets.conversion.reductions.A.timber.wood").trace.how
    assert "3 ha went (change matrix: 2 Coniferous to Arable, 1 Coniferous to Broadleaved) less 1.6 ha" in gone
    changes = report.section("asset_changes").table
    assert changes["land"].tolist() == ["Broadleaved", "Coniferous"]


def test_rows_of_a_project_know_their_classes(tmp_path: Path) -> None:
    """Ten hectares in the west: deciduous lose one to conifers and one to arable and gain one of each; conifers lose
    and gain one, of deciduous; the five cells of the east stay."""
    build = builder(tmp_path)
    for name, west in (("opening", [1, 1, 1, 2, 2, 3, 3, 1, 1, 2]), ("closing", [2, 1, 1, 2, 1, 1, 3, 3, 1, 2])):
        codes = np.array([[*west[:5], 20, 20, 20, 21, 21], [*west[5:], 4, 4, 4, 4, 4]], dtype=np.uint8)
        write_tif(tmp_path / f"{name}.tif", codes, cell=100.0)
    report = build(LIBRARY)
    table = report.section("asset_changes").table
    table = table[(table["service"] == "timber") & (table["zone_key"] == WEST)].set_index("land")
    assert table.loc["Deciduous woodland", ["ha_in", "ha_out"]].tolist() == [2.0, 2.0]
    assert table.loc["Coniferous woodland", ["ha_in", "ha_out"]].tolist() == [1.0, 1.0]
    leaf = report.figure(f"assets.conversion.additions.{WEST}.timber.woodland")
    assert "1 Deciduous woodland to Coniferous woodland" in leaf.trace.how
    assert leaf.trace.parents[0] == f"extent.changed.{WEST}"
    assert {p for f in report.figures for p in f.trace.parents} <= {f.id for f in report.figures}


areas = st.lists(st.lists(st.integers(0, 500), min_size=4, max_size=4), min_size=4, max_size=4)


@settings(max_examples=50, deadline=None)
@given(areas, st.sampled_from([0.0, 0.3, 1.0]), st.sampled_from([((1,), (2,)), ((1, 2),), ((2,),), ((1, 3), (2,))]))
def test_hectares_and_values_add_up(cells: list[list[int]], part: float, sets: Any) -> None:
    """What came less what went and what no data gave is the change of area; the cells of a pair sum to its hectares;
    what leaves the type is the same by class and by type, wherever the flows are all of the type."""
    shares = np.array([[1.0, 0.0], [1.0, 0.0], [part, 1 - part]])
    given_ = timber(land(np.array(cells, dtype=float) / 100, shares), sets)
    found = pairs(given_)
    found = found[found["how"] == "per hectare"]
    net = found["area_closing"] - found["area_opening"]
    assert (found["ha_in"] - found["ha_out"] + found["ha_unseen"]).tolist() == pytest.approx(net.tolist(), abs=1e-9)
    made = found["additions"] + found["reductions"] + found["reappraisals"]
    assert made.tolist() == pytest.approx(found["extent"].tolist(), abs=1e-6)
    assert found["gross"].all()
    for pair in found.to_dict("records"):
        came, went = parts_of(given_, "A", "wood", pair["classes"])
        assert (came.sum(), went.sum()) == (pytest.approx(pair["ha_in"]), pytest.approx(pair["ha_out"]))
    if {code for codes in sets for code in codes} == {1, 2, 3} or (part == 0 and sets != ((2,),)):
        assert found["ha_left"].sum() == pytest.approx(float(moves_of(given_)["A", "wood"].out), abs=1e-9)
