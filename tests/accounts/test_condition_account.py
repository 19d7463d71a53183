"""The condition account from a filled workbook: worked by hand, then what it must tell and must refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.accounts import trunk
from natcap.accounts.condition_account import ConditionInput
from natcap.accounts.condition_account.account import condition_account
from natcap.accounts.condition_account.model import GUIDANCE, MODEL, starters
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, write_template
from tests.accounts.maps import project
from tests.conftest import absent
from tests.core import recalc

WOOD: dict[str, Any] = {"asset": "Long Wood", "ecosystem": "Woodland", "area": 60.0}
SMALL: dict[str, Any] = {"asset": "Small Wood", "ecosystem": "Woodland", "area": 20.0}
OWN: dict[str, Any] = {"variable": "lichen score", "ect": "B1", "unit": "score", "lower": 1.0, "upper": 5.0}
LEAD: dict[str, Any] = {"variable": "lead in moss", "ect": "A2", "unit": "mg/kg", "lower": 100.0, "upper": 20.0}

Build = Callable[..., Report]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def job(*rows: dict[str, Any], make: Callable[..., Any] = trunk.build) -> Any:
        write_template([MODEL], tmp_path / "condition.xlsx", "Condition", GUIDANCE, True, {"condition": list(rows)})
        return make(read_project(project(tmp_path, {"condition": "condition.xlsx"}, {})))

    return job


def told(build: Build, *rows: dict[str, Any]) -> str:
    with pytest.raises(InputProblems) as caught:
        build(*rows)
    return str(caught.value)


def whole(build: Build) -> Report:
    """Long Wood: lichen 2 to 4 of 1..5 (0.25, 0.75), lead 60 to 40 of 100..20 (0.5, 0.75): index 0.375, 0.75.

    Small Wood: lichen 3, 3 (0.5), lead 20, 20 (1): index 0.75. By area: (60 x 0.375 + 20 x 0.75) / 80 = 0.46875.
    """
    return build(
        WOOD | OWN | {"opening": 2.0, "closing": 4.0}, WOOD | LEAD | {"opening": 60.0, "closing": 40.0},
        SMALL | OWN | {"opening": 3.0, "closing": 3.0}, SMALL | LEAD | {"opening": 20.0, "closing": 20.0},
    )  # fmt: skip


def weighted(tmp_path: Path, weights: str, make: Callable[..., Any] = trunk.build) -> Any:
    """The readings of `whole`, with a line condition_weights in natcap.toml."""
    rows = [WOOD | OWN | {"opening": 2.0, "closing": 4.0}, WOOD | LEAD | {"opening": 60.0, "closing": 40.0},
            SMALL | OWN | {"opening": 3.0, "closing": 3.0}, SMALL | LEAD | {"opening": 20.0}]  # fmt: skip
    write_template([MODEL], tmp_path / "condition.xlsx", "Condition", GUIDANCE, True, {"condition": rows})
    folder = project(tmp_path, {"condition": "condition.xlsx"}, {})
    with (folder / "natcap.toml").open("a", encoding="utf-8") as file:
        file.write(f"condition_weights = {weights}\n")
    return make(read_project(folder))


def test_weights_of_classes_by_hand(tmp_path: Path) -> None:
    """Long Wood at the opening: lichen (B1) 0.25, lead (A2) 0.5: 0.75 x 0.25 + 0.25 x 0.5 = 0.3125.

    Small Wood at the closing has one of the two classes: no index. C1 has a weight and no reading at all: the mean is
    over the classes present, so that 0.6, 0.2 and 0.2 of C1 give the same (0.15 + 0.1) / 0.8 = 0.3125.
    """
    for weights in ("{ B1 = 0.75, A2 = 0.25 }", "{ B1 = 0.6, A2 = 0.2, C1 = 0.2 }"):
        report = weighted(tmp_path, weights)
        assert report.figure("condition.index_opening.long_wood.woodland").value == pytest.approx(0.3125)
        assert report.figure("condition.index_closing.small_wood.woodland").value is None
        assert "B1 0." in report.run.choices["condition_weights"]
        assert report.section("condition_index").table["coverage"].tolist() == pytest.approx([2 / 6] * 3 + [1 / 6])


@pytest.mark.parametrize(("weights", "part"), [
    ("{ B1 = 0.5, A2 = 0.25 }", "weights with the sum 0.75"), ("{ B9 = 1 }", "the class B9"),
    ("{ B1 = 1.5, A2 = -0.5 }", "the weight 1.5 of B1"), ("0.5", "found the value 0.5"),
])  # fmt: skip
def test_weights_that_do_not_fit(tmp_path: Path, weights: str, part: str) -> None:
    with pytest.raises(InputProblems) as caught:
        weighted(tmp_path, weights)
    assert part in str(caught.value)
    assert "choices.condition_weights" in str(caught.value)


@pytest.mark.office
def test_weighted_workbook_recalculates(tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    publish(weighted(tmp_path, "{ B1 = 0.6, A2 = 0.2, C1 = 0.2 }"), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 40
    assert wrong == []


def test_by_hand(build: Build) -> None:
    report = whole(build)
    assert report.figure("condition.indicator_opening.long_wood.woodland.lichen_score").value == 0.25
    assert report.figure("condition.index_opening.long_wood.woodland").value == pytest.approx(0.375)
    assert report.figure("condition.index_opening.all.woodland").value == pytest.approx(0.46875)
    assert report.figure("condition.index_closing.all.woodland").value == pytest.approx(0.75)
    assert report.figure("condition.index_change.all.woodland").value == pytest.approx(0.28125)
    assert report.figure("condition.index_closing.all.woodland").status == "calculated"
    table = report.section("condition_index").table
    assert table["coverage"].tolist() == pytest.approx([2 / 6] * 4)
    assert report.sections[0].id == "condition_variables"
    where, *levels = report.figure("condition.indicator_opening.long_wood.woodland.lichen_score").trace.inputs
    assert (where.file, where.sheet, where.cell, where.value) == ("condition.xlsx", "Condition", "J2", "2")
    assert [(i.sheet, i.cell, i.value, i.note) for i in levels] == [
        ("Condition", "G2", "1", "lower reference level"), ("Condition", "H2", "5", "upper reference level"),
    ]  # fmt: skip
    areas = report.figure("condition.index_closing.all.woodland").trace.inputs
    assert [(i.cell, i.value) for i in areas] == [("C2", "60"), ("C4", "20")]


def test_one_class_gives_no_index_and_a_gap_no_change(build: Build) -> None:
    report = build(
        WOOD | OWN | {"opening": 2.0, "closing": 4.0},
        SMALL | OWN | {"opening": 3.0, "closing": 3.0}, SMALL | LEAD | {"opening": 20.0},
    )  # fmt: skip
    index = report.figure("condition.index_closing.long_wood.woodland")
    assert (index.value, index.status) == (None, "missing")
    section = report.section("condition_index")
    marks = {(row, name) for (row, name), mark in section.marks.items() if mark == "[x]" and name == "index"}
    assert marks == {(0, "index"), (1, "index"), (3, "index")}
    assert report.figure("condition.index_opening.all.woodland").value == pytest.approx(0.75)
    assert report.figure("condition.index_change.all.woodland").value is None
    assert report.section("condition_by_ecosystem").table["covered_opening"].tolist() == pytest.approx([0.25])


def test_starter_levels_say_that_they_have_to_be_confirmed(build: Build) -> None:
    report = build(
        WOOD | {"variable": "Deadwood volume", "opening": 10.0, "closing": 20.0},
        WOOD | {"variable": "native tree share", "opening": 0.5, "closing": 0.6},
    )
    assert report.figure("condition.index_opening.all.woodland").value == pytest.approx((10 / 40 + 0.5) / 2)
    assert {f.status for f in report.figures} == {"recalled"}
    assert "to be confirmed" in report.banners[0]
    table = report.section("condition_variables").table
    assert set(table["levels"]) == {"starter level, to be confirmed"}
    assert table["confidence"].str.startswith("Red").all()
    factors = report.figure("condition.indicator_opening.long_wood.woodland.deadwood_volume").trace.factors
    assert {f.verified for f in factors} == {"judged"}


def test_seventeen_starters_are_all_judged() -> None:
    assert len(starters()) == 17
    assert {ref.verified for s in starters().values() for ref in (s.lower, s.upper)} == {"judged"}


def test_a_reading_outside_its_levels_is_told(build: Build) -> None:
    report = build(
        WOOD | OWN | {"opening": 0.5, "closing": 4.0}, WOOD | LEAD | {"opening": 60.0, "closing": 10.0},
    )  # fmt: skip
    said = [str(w) for w in report.warnings]
    assert len(said) == 2
    assert "cell J2" in said[0]
    assert "held at 0" in said[0]
    assert "cell K3" in said[1]
    assert "held at 1" in said[1]


def test_a_score_beyond_the_scale_of_a_starter_is_refused(build: Build) -> None:
    """WFD status runs from bad 1 to high 5 (METHODS of the accounts, A2): there is no 7, so nothing is held at 1."""
    river = {"asset": "Soar", "ecosystem": "Freshwater, wetlands, and floodplains", "area": 3.0}
    text = told(build, river | {"variable": "WFD ecological status score", "opening": 7.0, "closing": 0.5})
    assert "the reading 7 of a score" in text
    assert "the reading 0.5 of a score" in text
    assert "a score from 1 to 5" in text


def test_bad_input_all_at_once(build: Build) -> None:
    text = told(
        build,
        WOOD | OWN | {"lower": 5.0, "opening": 1.0},
        WOOD | {"variable": "deadwod volume", "opening": 1.0},
        WOOD | {"variable": "native tree share", "opening": 1.2},
        SMALL | {"variable": "deadwood volume", "unit": "kg", "opening": 5.0},
        SMALL | LEAD | {"area": 21.0, "opening": 50.0},
        SMALL | LEAD | {"upper": "", "variable": "zinc"},
        SMALL | LEAD | {"ect": "", "opening": 50.0},
    )
    for part in ("cell H2", "Did you mean 'deadwood volume'?", "reading 1.2 of a share", "m3/hectare, the unit of the",
                 "20 ha, as in its first row", "no upper reference level", "no ECT class", "second time"):  # fmt: skip
        assert part in text, part
    assert "one of A1, A2" in told(build, WOOD | OWN | {"ect": "Z9", "opening": 2.0})
    assert "no row" in told(build)


readings = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["A1", "B2", "C1"]), st.none() | st.floats(-2, 3)),
    min_size=1, max_size=20,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(readings, st.floats(0.1, 100))
def test_indices_stay_within_bounds_and_close(rows: list[tuple[str, str, float | None]], area: float) -> None:
    import numpy as np
    import pandas as pd

    table = pd.DataFrame(rows, columns=["asset", "ect", "opening"])
    table = table.assign(
        ecosystem=np.where(table["asset"] == "c", "Urban", "Woodland"), variable=[str(n) for n in range(len(rows))],
        closing=table["opening"].astype(float), opening=table["opening"].astype(float), lower=0.0, upper=1.0,
        area=table["asset"].map({"a": area, "b": 2 * area, "c": 1.0}), starter=False,
    )  # fmt: skip
    account = condition_account(ConditionInput(table, {}, "x", ("opening", "closing")))
    known = account.assets["index"].dropna()
    assert known.between(0, 1).all()
    assert ((account.assets["classes"] >= 2) == account.assets["index"].notna()).all()
    found = account.ecosystems.dropna(subset=["change"])
    assert (found["change"] == 0).all()
    mine = account.assets[account.assets["date"] == "closing"]
    total = (account.ecosystems["closing"] * account.ecosystems["covered_closing"] * account.ecosystems["area"]).sum()
    assert total == pytest.approx((mine["index"] * mine["area"]).sum())


@pytest.mark.office
def test_workbook_recalculates(build: Build, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    publish(whole(build), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 40
    assert wrong == []
