"""Circular flows of a business: published cases of the indicator, flows by hand, identities, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.carbon.business import trunk
from natcap.carbon.business.circular import read
from natcap.carbon.business.circular.indicator import mci
from natcap.carbon.business.circular.model import GUIDANCE, MODELS
from natcap.carbon.business.circular.published import factor_of, materials
from natcap.carbon.business.models import Choices
from natcap.carbon.business.wings import Reader
from natcap.carbon.inventory import FactorYears
from natcap.core.factors import library
from natcap.core.problems import InputProblems, Problems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, write_template
from tests.conftest import absent
from tests.core import recalc

STEEL: dict[str, Any] = {"material": "Strapping", "published": "Metal: scrap metal", "tonnes": 50, "virgin": 60,
                         "recycled": 40, "reused": 0, "evidence": "Declaration"}  # fmt: skip
WOOD: dict[str, Any] = {"material": "Pallets", "published": "Wood", "tonnes": 30, "virgin": 50, "recycled": 0,
                        "reused": 50}  # fmt: skip
LEATHER: dict[str, Any] = {"material": "Leather", "tonnes": 20, "virgin": 90, "recycled": 10, "reused": 0}
WASTE: list[dict[str, Any]] = [
    {"waste": "Cardboard", "route": "recycling, closed loop", "tonnes": 12},
    {"waste": "Mixed", "route": "energy recovery", "tonnes": 5},
    {"waste": "Mixed", "route": "landfill", "tonnes": 2},
    {"waste": "Pallets", "route": "reuse", "tonnes": 1},
    {"waste": "Film", "route": "prevented", "tonnes": 7, "evidence": "Trial of March"},
]
ZERO: dict[str, Any] = dict.fromkeys(("fr", "fu", "fs", "cr", "cu", "cc", "ce"), 0)
BOX: dict[str, Any] = ZERO | {"product": "Box", "mass": 10, "fr": 25, "cr": 40, "ef": 80, "ec": 75, "sold": 120,
                              "revenue": 1000}  # fmt: skip
LINEAR: dict[str, Any] = ZERO | {"product": "Bag", "mass": 1, "life": 8, "life_average": 10, "sold": 40,
                                 "revenue": 3000}  # fmt: skip
Build = Callable[..., Report]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with the input; each job writes the workbook anew."""
    made = tmp_path_factory.mktemp("circular")
    trunk.new(made, example=True)
    settings_file = made / "natcap.toml"
    text = settings_file.read_text(encoding="utf-8").replace(
        'prior = "activity_2024.xlsx"', 'circular = "circular.xlsx"'
    )
    settings_file.write_text(text, encoding="utf-8")
    return made


def write(folder: Path, materials: Any = (), outputs: Any = (), products: Any = ()) -> None:
    tables = {"materials": list(materials), "outputs": list(outputs), "products": list(products)}
    write_template(MODELS, folder / "circular.xlsx", "Circular", GUIDANCE, True, tables)


@pytest.fixture
def build(folder: Path) -> Build:

    def job(materials: Any = (), outputs: Any = (), products: Any = (), **choices: str) -> Report:
        write(folder, materials, outputs, products)
        project = read_project(folder)
        project.choices.update(choices)
        return trunk.build(project)

    return job


def value(report: Report, key: str) -> float:
    found = report.figure(f"business.circular.{key}").value
    assert found is not None
    return found


def case(x: float = 1.0, **parts: float) -> pd.DataFrame:
    """One product of the indicator; what is not named is 0, yields are 1."""
    names = dict.fromkeys(("fr", "fu", "fs", "cr", "cu", "cc", "ce"), 0.0) | {"mass": 1.0, "ec": 1.0, "ef": 1.0}
    return pd.DataFrame([names | parts | {"x": x}])


@pytest.mark.parametrize(
    "parts, x, lfi, expected",
    [
        ({}, 1, 1, 0.1),
        ({"fu": 1, "cu": 1}, 1, 0, 1.0),
        ({"mass": 10, "fr": 0.25, "cr": 0.40, "ef": 0.80, "ec": 0.75}, 1, 0.722397, 0.349842),
        ({"mass": 10, "fr": 0.25, "cr": 0.40, "ef": 0.80, "ec": 0.75}, 1.5, 0.722397, 0.566562),
        ({"mass": 10, "fu": 0.30, "cu": 0.30}, 1, 0.7, 0.37),
        ({}, 0.8, 1, 0.0),
    ],
)
def test_the_published_cases(parts: dict[str, float], x: float, lfi: float, expected: float) -> None:
    """METHODS_progress, the table of the material circularity indicator; its trap, 2 M alone, gives 0.355938."""
    found = mci(case(x, **parts)).iloc[0]
    assert found["lfi"] == pytest.approx(lfi, abs=1e-6)
    assert found["mci"] == pytest.approx(expected, abs=1e-6)


def test_steps_by_hand() -> None:
    """M 10: V 7.5, W0 6, WC 10 x 0.4 x 0.25 = 1, WF 10 x 0.25 x 0.2 / 0.8 = 0.625, W 6 + 1.625 / 2 = 6.8125."""
    found = mci(case(1.0, mass=10, fr=0.25, cr=0.40, ef=0.80, ec=0.75)).iloc[0]
    assert found[["v", "w0", "wc", "wf", "w"]].tolist() == pytest.approx([7.5, 6, 1, 0.625, 6.8125])


@pytest.mark.parametrize(
    "parts, x",
    [({"fr": 0.6, "fu": 0.5}, 1), ({"cr": 0.5, "ce": 0.6}, 1), ({"fr": 0.1, "ef": 0}, 1), ({}, 0), ({"mass": 0}, 1)],
)
def test_what_the_method_cannot_take(parts: dict[str, float], x: float) -> None:
    with pytest.raises(ValueError, match="no material circularity indicator"):
        mci(case(x, **parts))


PART = st.floats(0, 1)


@settings(max_examples=50)
@given(st.lists(PART, min_size=7, max_size=7), st.floats(0.01, 1), PART, st.floats(0.05, 10), st.floats(0.01, 1e4))
def test_it_stays_between_0_and_1_and_mass_does_not_matter(
    parts: list[float], ef: float, ec: float, x: float, mass: float
) -> None:
    feed, after = np.array(parts[:3]), np.array(parts[3:])
    feed, after = (group / max(group.sum(), 1.0) for group in (feed, after))
    shares = dict(zip(("fr", "fu", "fs", "cr", "cu", "cc", "ce"), (*feed, *after), strict=True))
    one = mci(case(x, **shares, ef=ef, ec=ec)).iloc[0]
    many = mci(case(x, **shares, ef=ef, ec=ec, mass=mass)).iloc[0]
    assert 0 <= one["mci"] <= 1 + 1e-12
    assert many["mci"] == pytest.approx(one["mci"], abs=1e-9)
    assert one["lfi"] >= -1e-12
    longer = mci(case(x * 1.5, **shares, ef=ef, ec=ec)).iloc[0]
    assert longer["mci"] >= one["mci"] - 1e-12


def test_inputs_by_hand(build: Build) -> None:
    """20 t of 50 t and 15 t of 30 t are circular: 35 of 80 t is 43.75 %; with evidence 20 of 80 t is 25 %."""
    report = build([STEEL, WOOD])
    assert value(report, "inflow_share") == pytest.approx(43.75)
    assert value(report, "inflow_share_evidenced") == pytest.approx(25)
    assert any("circular without evidence" in w.found for w in report.warnings)
    cell = report.figure("business.circular.inflow.tonnes").trace.inputs[0]
    assert (cell.sheet, cell.value, cell.unit) == ("Materials", "50", "t")


def test_the_memo_is_the_difference_of_two_published_factors_and_in_no_total(build: Build) -> None:
    """Set of 2025, scrap metal 3,473.11953 and 1,706.42359, wood 269.50416 and 38.54288 kg CO2e per tonne.

    20 t x 1,766.69594 kg + 15 t x 230.96128 kg = 35.3339188 + 3.4644192 = 38.798338 t.
    """
    held = library().match("material-use/metal/metal-scrap-metal/closed-loop-source/tonnes", 2025)
    assert held.factor.value == 1706.42359
    before = build([STEEL | {"virgin": 100, "recycled": 0}])
    report = build([STEEL, WOOD])
    assert value(report, "avoided") == pytest.approx(38.798338, abs=1e-9)
    for key in ("total", "scope1", "scope3"):
        assert report.figure(f"business.{key}").value == before.figure(f"business.{key}").value
    assert report.lines is not None
    assert before.lines is not None
    pd.testing.assert_frame_equal(report.lines, before.lines)
    refs = {ref.value for ref in report.figure("business.circular.avoided").trace.factors}
    assert {3473.11953, 1706.42359, 269.50416, 38.54288} == refs
    assert "outside of every total" in report.section("circular_avoided").title


def test_two_factor_years_are_blended_by_their_shares() -> None:
    years = FactorYears("blended", ((2024, 0.25), (2025, 0.75)), "")
    stem = materials()["Metal: scrap metal"]
    parts = [library().match(f"{stem}/closed-loop-source/tonnes", year).factor.value for year in (2024, 2025)]
    found = factor_of(stem, "recycled", years, Choices())
    assert found.value == pytest.approx(0.25 * parts[0] + 0.75 * parts[1], rel=1e-12)
    assert [ref.value for ref in found.refs] == parts


def test_a_factor_that_is_not_published_is_missing_and_not_zero(build: Build) -> None:
    report = build([LEATHER, WOOD | {"virgin": 50, "recycled": 10, "reused": 40}])
    assert report.figure("business.circular.avoided").status == "missing"
    section = report.section("circular_avoided")
    assert section.marks[0, "factor_virgin"] == "[x]"
    assert section.marks[1, "saved"] == "[x]"
    assert section.marks[0, "factor_reused"] == "[z]"
    assert any("not in the sum: Leather, Pallets" in note for note in section.notes)


def test_outputs_by_hand(build: Build) -> None:
    """12 + 1 of 20 t are recycled or reused: 65 %. The 7 t prevented stand beside it."""
    report = build((), WASTE)
    assert value(report, "outflow.tonnes") == 20
    assert value(report, "outflow_share") == pytest.approx(65)
    assert [value(report, f"outflow.{k}") for k in ("preparing_for_reuse", "recycling", "other_recovery", "disposal")] \
        == [1, 12, 5, 2]  # fmt: skip
    assert value(report, "prevented") == 7
    assert report.section("circular_outputs").table["tonnes"].tolist() == [1, 12, 5, 2, 20]
    assert not any("hierarchy is recalled" in banner for banner in report.banners)


def test_a_recalled_place_in_the_hierarchy_is_said(build: Build) -> None:
    report = build((), [{"waste": "Food", "route": "anaerobic digestion", "tonnes": 3}])
    assert any("hierarchy is recalled" in banner for banner in report.banners)
    assert value(report, "outflow_share") == 0


def test_products_and_their_average(build: Build) -> None:
    """Box 0.349842 (120 t sold), bag 1 - 0.9 / 0.8 = -0.125, shown as 0 (40 t): 0.262381 by mass sold."""
    report = build((), (), [BOX, LINEAR])
    assert value(report, "mci.box") == pytest.approx(0.349842, abs=1e-6)
    assert value(report, "mci.bag") == 0
    assert value(report, "mci.weighted") == pytest.approx(0.349842 * 120 / 160, abs=1e-6)
    notes = report.section("circular_products").notes
    assert any("Bag: -0.125 before the floor" in note for note in notes)
    by_money = build((), (), [BOX, LINEAR], circular_weight="revenue")
    assert value(by_money, "mci.weighted") == pytest.approx(0.349842 / 4, abs=1e-6)


def test_what_stands_in_activity_too_is_told_and_counts_there(build: Build) -> None:
    report = build([STEEL], WASTE)
    table = report.section("circular_overlap").table.set_index("what")
    lines = report.lines
    assert lines is not None
    mine = lines[
        (lines["period"] == "2025-01-01 to 2025-12-31")
        & lines["factor_id"].astype("str").str.contains("waste|Waste")
        & lines["category"].astype("str").str.contains("Category 5")
    ]
    held = table[(table["kind"] == "Waste") & table["activity"].notna()]
    assert len(held) == 0 or held["activity"].sum() == pytest.approx(mine["factor_quantity"].sum())
    assert table.loc["Metal: scrap metal", "counts"] == "not in the inventory"
    assert "only Activity counts" in report.section("circular_overlap").summary


@pytest.mark.parametrize(
    "tables, said",
    [
        (([STEEL | {"recycled": 30}],), "100 % in all"),
        (([STEEL | {"virgin": 99.5, "recycled": 0.5}],), "Write 25 for a quarter"),
        (([STEEL | {"tonnes": 0}],), "above zero"),
        (([STEEL | {"published": "Metal: scrap"}],), "Metal: scrap metal"),
        (((), [WASTE[0] | {"route": "recycled"}]), "recycling"),
        (((), [WASTE[4] | {"evidence": ""}]), "how the waste that did not arise was worked out"),
        (((), [WASTE[0] | {"tonnes": -1}]), "above zero"),
        (((), (), [BOX | {"fr": 60, "fu": 50}]), "FR + FU + FS = 110 %"),
        (((), (), [BOX | {"cr": 60, "cc": 50}]), "CR + CU + CC + CE = 110 %"),
        (((), (), [BOX | {"ef": 0}]), "above 0 %, as there is recycled feedstock"),
        (((), (), [BOX | {"ec": ""}]), "as some is collected for recycling"),
        (((), (), [LINEAR | {"life": 0}]), "above zero"),
        (((), (), [LINEAR | {"life": ""}]), "as there is one beside it (10)"),
        (((), (), [BOX, BOX]), "each name once"),
        (((), (), [BOX, LINEAR | {"sold": ""}]), "averaged by mass"),
        (((), (), [BOX | {"fu": ""}]), "FU"),
    ],
)
def test_wrong_rows_are_told_with_their_cell(folder: Path, tables: tuple[Any, ...], said: str) -> None:
    write(folder, *tables)
    reader = Reader(read_project(folder), Choices(), Problems())
    assert read(reader) is None
    text = "\n".join(str(p) for p in reader.problems.errors)
    assert said in text
    assert "circular.xlsx, sheet " in text
    assert ", cell " in text


def test_an_empty_workbook_and_an_unknown_weight_are_refused(build: Build) -> None:
    with pytest.raises(InputProblems, match="no row on any sheet"):
        build()
    with pytest.raises(InputProblems, match="mass or revenue"):
        build((), (), [BOX], circular_weight="units")


@pytest.mark.office
def test_it_recalculates_to_its_own_values(build: Build, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice is not installed")
    publish(build([STEEL, WOOD, LEATHER], WASTE, [BOX, LINEAR]), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert not wrong
    assert count > 100
