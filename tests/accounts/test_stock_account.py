"""The carbon account: worked by hand, then its identities, then what it must tell and must refuse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from natcap.accounts import trunk
from natcap.accounts.stock_account.account import carbon_account
from natcap.accounts.stock_account.model import GUIDANCE, KINDS, MODEL
from natcap.accounts.stock_account.path import habits, path_of, settled_path, tonnes_grown
from natcap.core import tables
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, write_template
from tests.accounts.maps import project, write_tif
from tests.conftest import absent
from tests.core import recalc

OPENING = np.array([[1, 3, 3, 4], [1, 1, 3, 20]], dtype="uint8")
CLOSING = np.array([[1, 1, 3, 4], [1, 20, 4, 0]], dtype="uint8")
"""Cells of 1 ha: wood to urban, arable to wood, arable to grass, urban to no data; four cells stay."""
YEARS = {"classes": "ukceh_lcm_21", "opening_year": 2018, "closing_year": 2023, "comparable": True}
HEAD = "zone,class,pool,kind,tonnes,source\n"
FOREST = HEAD + ",Deciduous woodland,vegetation,harvest,12,licence\n,1,vegetation,growth,5,survey\n"

Build = Callable[..., Any]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def job(
        movements: str = "", inputs: dict[str, Any] | None = None, make: Build = trunk.build, **choices: Any
    ) -> Any:
        write_tif(tmp_path / "a.tif", OPENING, cell=100.0)
        write_tif(tmp_path / "b.tif", CLOSING, cell=100.0)
        named = {"opening": "a.tif", "closing": "b.tif"} | (inputs or {})
        if movements:
            (tmp_path / "m.csv").write_text(movements)
            named["carbon_movements"] = "m.csv"
        return make(read_project(project(tmp_path, named, YEARS | choices)))

    return job


def told(build: Build, *args: Any, **choices: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        build(*args, **choices)
    return str(caught.value)


def value(report: Report, key: str) -> float:
    found = report.figure(f"carbon_account.{key}").value
    assert found is not None
    return found


def test_by_hand(build: Build) -> None:
    """Densities of the library: wood 70 + 100, arable 2 + 70, grass 1.5 + 80, urban 3 + 35 t C/ha. 5 of 20 years.

    Wood to urban loses 67 at once and 65 x 5/20 = 16.25; arable to wood gains 5 x 0.39 x 12/44 = 0.531818 of trees and
    30 x 5/20 = 7.5; arable to grass loses 0.5 and gains 10 x 5/20 = 2.5; urban to no data is 38 less.
    """
    report = build()
    assert value(report, "opening.total") == pytest.approx(3 * 170 + 3 * 72 + 81.5 + 38)
    assert value(report, "managed_expansion.total") == pytest.approx(2.5)
    assert value(report, "unmanaged_expansion.all.vegetation") == pytest.approx(5 * 0.39 * 12 / 44)
    assert value(report, "unmanaged_expansion.all.soil") == pytest.approx(7.5)
    assert value(report, "conversion.all.vegetation") == pytest.approx(67.5)
    assert value(report, "conversion.all.soil") == pytest.approx(16.25)
    assert value(report, "reappraisal_down.total") == pytest.approx(38)
    net = 2.5 + 7.5 + 5 * 0.39 * 12 / 44 - 67.5 - 16.25 - 38
    assert value(report, "change.total") == pytest.approx(net)
    assert value(report, "closing.total") == pytest.approx(845.5 + net)
    assert value(report, "closing.map") == value(report, "closing.total")
    assert value(report, "flux.total") == pytest.approx((net + 38) / 5 * 44 / 12)
    settled = report.figure("carbon_stock.closing.total").value
    assert value(report, "closing.total") + value(report, "to_come.total") == pytest.approx(settled)
    assert {f.status for f in report.figures if f.id.startswith("carbon_account")} == {"recalled"}
    assert any("recalled or judged" in banner and "carbon account" in banner for banner in report.banners)


def test_a_conversion_walks_back_to_the_hectares_that_moved(build: Build) -> None:
    """Lost vegetation, 67.5 t C: one hectare of wood to urban at 70 - 3, one of arable to grass at 2 - 1.5. Arable to
    wood gains in vegetation and soil: it stands with the expansion and not here."""
    report = build()
    lost = report.figure("carbon_account.conversion.all.vegetation").trace
    assert lost.parents == (
        "extent.moved.all.deciduous_woodland.urban", "extent.moved.all.arable.improved_grassland",
    )  # fmt: skip
    densities = {f.label.rsplit(", ", 1)[-1]: f.value for f in lost.factors if f.unit == "tonne_c/hectare"}
    hectares = [report.figure(key).value or 0.0 for key in lost.parents]
    assert len(densities) == 4
    assert hectares == [1.0, 1.0]
    by_hand = hectares[0] * (70 - 3) + hectares[1] * (2 - 1.5)
    assert (by_hand, value(report, "conversion.all.vegetation")) == (67.5, pytest.approx(67.5))
    moved = report.figure(lost.parents[0]).trace
    assert moved.how.startswith("1 cells of Deciduous woodland at the opening and Urban at the closing x 10,000 m2")
    assert [(i.file, i.cell, i.value) for i in moved.inputs] == [("a.tif", "band 1", "1"), ("b.tif", "band 1", "1")]
    expansion = report.figure("carbon_account.unmanaged_expansion.all.vegetation").trace.parents
    assert expansion == ("extent.moved.all.arable.deciduous_woodland",)
    section = report.section("carbon_path")
    ids = {f.id for f in report.figures}
    assert set(section.figures.values()) <= ids
    for (row, name), key in section.figures.items():
        assert section.table[name][row] == report.figure(key).value


def test_what_was_not_given_is_not_zero(build: Build) -> None:
    report = build()
    section = report.section("carbon_account")
    rows = {row: n for n, row in enumerate(section.table["entry"])}
    for name in ("Growth of standing vegetation", "Harvest", "Disturbance"):
        assert np.isnan(section.table["all"][rows[name]])
        assert section.marks[rows[name], "soil"] == "[x]"
    assert not [f.id for f in report.figures if ".harvest." in f.id]


def test_movements_enter_with_their_cells(build: Build) -> None:
    report = build(FOREST + ",4,soil,reappraisal,-3,new survey\n")
    assert value(report, "harvest.total") == 12
    assert value(report, "growth.all.vegetation") == 5
    assert value(report, "reappraisal_down.all.soil") == pytest.approx(3 + 35)
    where = report.figure("carbon_account.harvest.all.vegetation").trace.inputs[0]
    assert (where.file, where.cell, where.value, where.note) == ("m.csv", "E2", "12", "licence")
    assert value(report, "closing.total") == pytest.approx(value(build(), "closing.total") + 5 - 12 - 3)
    assert len(report.section("carbon_movements").table) == 3


@pytest.mark.parametrize(
    ("rows", "cell", "said"),
    [
        (",1,vegetation,harvest,-5,x\n", "E2", "zero or more"),
        (",Deciduous wodland,vegetation,harvest,5,x\n", "B2", "Did you mean 'Deciduous woodland'?"),
        (",1,trees,harvest,5,x\n", "C2", "one of vegetation, soil"),
        (",1,vegetation,felling,5,x\n", "D2", "growth, harvest, disturbance, reappraisal"),
        ("north,1,vegetation,harvest,5,x\n", "A2", "one of map"),
        (",1,vegetation,harvest,5,x\n,1,vegetation,harvest,5,x\n", "D3", "each movement once"),
        (",1,vegetation,harvest,5000,x\n", "E2", "a stock of zero or more"),
    ],
)
def test_bad_movements_name_their_cell(build: Build, rows: str, cell: str, said: str) -> None:
    text = told(build, HEAD + rows)
    assert f"m.csv, cell {cell}" in text.replace(", sheet m", "")
    assert said in text


def test_all_problems_at_once(build: Build) -> None:
    text = told(
        build, HEAD + ",1,vegetation,harvest,-5,x\n,1,soil,growth,-1,y\n", carbon_change="fast", carbon_timing="end"
    )
    assert text.count("zero or more") == 2
    assert "choices.carbon_change" in text
    assert "choices.carbon_timing" in text


def test_a_break_takes_no_movements_and_has_no_flux(build: Build) -> None:
    report = build(break_in_series=True, comparable=False)
    assert value(report, "conversion.total") == 0
    assert value(report, "closing.total") == pytest.approx(783)
    assert not [f for f in report.figures if f.id == "carbon_account.flux.total"]
    assert "leave carbon_movements out" in told(build, FOREST, break_in_series=True, comparable=False)


def test_choices_of_path_and_timing(build: Build) -> None:
    settled = build(carbon_change="settled")
    assert value(settled, "closing.total") == pytest.approx(783)
    assert value(settled, "to_come.total") == 0
    middle = build(carbon_timing="middle")
    assert value(middle, "conversion.all.soil") == pytest.approx(65 * 2.5 / 20)
    assert middle.run.choices["carbon_timing"] == "middle"


def test_without_years_the_whole_change_counts_and_it_is_said(tmp_path: Path) -> None:
    write_tif(tmp_path / "a.tif", OPENING, cell=100.0)
    write_tif(tmp_path / "b.tif", CLOSING, cell=100.0)
    named = {"opening": "a.tif", "closing": "b.tif"}
    report = trunk.build(read_project(project(tmp_path, named, {"classes": "ukceh_lcm_21", "comparable": True})))
    assert value(report, "closing.total") == pytest.approx(783)
    assert any("opening_year" in said for said in report.run.fallbacks)
    assert "opening_year and closing_year" in report.section("carbon_flux").summary


def pools_of(folder: Path, depth: str = "") -> dict[str, str]:
    more = (",soil_depth_cm", f",{depth}") if depth else ("", "")
    text = f"lucode,C_above,C_below,C_soil,C_dead{more[0]}\n1,15,10,60,1{more[1]}\n2,5,3,20,0{more[1]}\n"
    (folder / "pools.csv").write_text(text)
    return {"carbon_pools": "pools.csv"}


def invest(folder: Path, pools: dict[str, str], kind: str, **choices: Any) -> Any:
    """Case INV-1 of natcap/invest tests/test_carbon.py as whole maps: cells of 100 m2 go from class 1 to class 2."""
    (folder / "classes.csv").write_text("code,name\n1,One\n2,Two\n")
    size = 0.01 if kind == "t/cell" else 1.0
    for name, code, stock in (("a", 1, 86.0), ("b", 2, 28.0)):
        write_tif(folder / f"{name}.tif", np.full((3, 5), code, dtype="uint8"))
        write_tif(folder / f"stock_{name}.tif", np.full((3, 5), stock * size, dtype="float32"), nodata=-1)
    named = {"opening": "a.tif", "closing": "b.tif", "invest_opening": "stock_a.tif", "invest_closing": "stock_b.tif"}
    chosen = {"classes": "classes.csv", "comparable": True, "carbon_change": "settled", "invest_unit": kind} | choices
    return trunk.build(read_project(project(folder, named | pools, chosen)))


@pytest.mark.parametrize("kind", ["t/ha", "t/cell"])
def test_inv_1_totals_and_change_are_those_of_invest(tmp_path: Path, shared: Path, kind: str) -> None:
    """0.86, 0.28 and -0.58 t C for one cell of 100 m2, here 15 of them; relative difference below 1e-6."""
    cases = json.loads((shared / "worked" / "natural_capital.json").read_text(encoding="utf-8"))
    expected = next(c for c in cases if c["id"] == "INV-1")["expected"]
    report = invest(tmp_path, pools_of(tmp_path), kind)
    assert value(report, "opening.total") == pytest.approx(15 * expected["total_baseline_t"], rel=1e-9)
    assert value(report, "closing.total") == pytest.approx(15 * expected["total_alternate_t"], rel=1e-9)
    assert value(report, "change.total") == pytest.approx(15 * expected["total_change_t"], rel=1e-9)
    table = report.section("carbon_invest").table
    assert (table["relative"].abs() <= 1e-6).all()
    assert report.run.controls["InVEST totals that differ"] == "0"
    assert "same totals" in report.section("carbon_invest").summary


def test_another_total_of_invest_is_a_warning(tmp_path: Path) -> None:
    pools = pools_of(tmp_path)
    invest(tmp_path, pools, "t/ha")
    report = invest(tmp_path, pools, "t/cell", invest_unit="t/ha")
    assert sum("a total of InVEST" in str(warning) for warning in report.warnings) == 2


def test_a_raster_of_invest_on_another_grid_is_refused(build: Build, tmp_path: Path) -> None:
    write_tif(
        tmp_path / "s.tif", np.ones((2, 4), dtype="float32"), cell=100.0, origin=(400_010.0, 300_005.0), nodata=-1
    )
    text = told(build, "", {"invest_opening": "s.tif"}, invest_unit="t/ha")
    assert "the grid of a.tif" in text
    assert "no invest_unit" in told(build, "", {"invest_opening": "s.tif"})


def test_depth_of_a_table_of_densities(tmp_path: Path) -> None:
    """Not stated: said so. Stated: taken. Another than asked for, or two: refused at the cell."""
    report = invest(tmp_path, pools_of(tmp_path), "t/ha")
    assert report.run.choices["soil_depth_cm"] == "not stated"
    assert any("does not say to which depth" in note for note in report.section("carbon_account").notes)
    report = invest(tmp_path, pools_of(tmp_path, "100"), "t/ha")
    assert report.run.choices["soil_depth_cm"] == "100"
    assert "0-100 cm" in set(report.section("carbon_depths").table["depth"])
    with pytest.raises(InputProblems) as caught:
        invest(tmp_path, pools_of(tmp_path, "100"), "t/ha", soil_depth_cm=30)
    assert "cell F2: found 'a density to 100 cm'" in str(caught.value).replace("found a", "found 'a").replace(
        "cm,", "cm',"
    )
    text = (tmp_path / "pools.csv").read_text().replace("2,5,3,20,0,100", "2,5,3,20,0,30")
    (tmp_path / "pools.csv").write_text(text)
    with pytest.raises(InputProblems, match="F3"):
        invest(tmp_path, {"carbon_pools": "pools.csv"}, "t/ha")


def test_depths_stand_beside_each_other(build: Build) -> None:
    table = build().section("carbon_depths").table.set_index("depth")
    assert table.loc["0-30 cm", "closing"] == pytest.approx(565)
    assert table.loc["0-100 cm", "missing"] == "Urban"
    assert np.isnan(table.loc["0-100 cm", "closing"])
    assert np.isnan(table.loc["0-15 cm", "closing"])
    assert table.loc["0-30 cm", "used"] == "yes"


@st.composite
def cases(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    zones, classes, pools = draw(st.integers(1, 3)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    area = draw(arrays(np.int64, (zones, classes + 1, classes + 1), elements=st.integers(0, 10**6))).astype(float)
    share = draw(arrays(np.float64, area.shape, elements=st.floats(0, 1)))
    density = draw(arrays(np.float64, (classes, pools), elements=st.floats(0, 500)))
    size = (zones, classes, pools)
    tonnes = arrays(np.float64, size, elements=st.one_of(st.just(np.nan), st.floats(0, 1e6)))
    moved = {kind: draw(tonnes) for kind in draw(st.sets(st.sampled_from(KINDS)))}
    return area, area * share, density, moved


@settings(max_examples=50, deadline=None)
@given(cases(), st.floats(0.5, 60), st.booleans())
def test_every_account_closes_and_what_moves_with_land_cancels(found: Any, elapsed: float, broken: bool) -> None:
    area, managed, density, moved = found
    pools, habit = (
        ("vegetation", "soil", "above ground")[: density.shape[1]],
        ["woodland_broadleaved", "herbaceous"] * 2,
    )
    path = path_of(density, pools, habit[: len(density)], elapsed)
    account = carbon_account(area, managed, density, path, moved, broken)
    size = 1e-9 * max(account.opening.sum(), account.settled.sum(), sum(np.nansum(m) for m in moved.values()), 1)
    expected = (
        account.settled - account.to_come + np.nan_to_num(moved.get("reappraisal", np.zeros_like(account.opening)))
    )
    for kind, sign in (("growth", 1), ("harvest", -1), ("disturbance", -1)):
        expected = expected + sign * np.nan_to_num(account.entries[kind])
    assert np.abs(expected - account.closing).max() <= size
    carried = account.entries["carried_in"].sum(axis=1) - account.entries["carried_out"].sum(axis=1)
    assert np.abs(carried).max() <= size
    assert min(np.nanmin(np.where(np.isnan(e), 0, e)) for e in account.entries.values()) >= 0
    assert ((path.reached * path.step) >= 0).all()
    assert (np.abs(path.reached) <= np.abs(path.step) * (1 + 1e-12)).all()


def test_trees_follow_their_curve_until_the_density_of_their_class() -> None:
    """Woodland Carbon Code, broadleaves, years 0-5, 5-10, 10-15: 0.39, 1.59, 5.9 t CO2e/ha/year of standing trees."""
    by_hand = (5 * 0.39 + 5 * 1.59 + 2.5 * 5.9) * 12 / 44
    assert tonnes_grown("woodland_broadleaved", 12.5) == pytest.approx(by_hand)
    density = np.array([[0.0, 0.0], [30.0, 10.0]])
    path = path_of(density, ("above ground", "below ground"), ("herbaceous", "woodland_broadleaved"), 12.5)
    assert path.reached[0, 1].tolist() == pytest.approx([by_hand * 0.75, by_hand * 0.25])
    late = path_of(density, ("above ground", "below ground"), ("herbaceous", "woodland_broadleaved"), 40)
    assert late.reached[0, 1].tolist() == [30.0, 10.0]
    assert late.reached[1, 0].tolist() == [-30.0, -10.0]
    assert settled_path(density).reached[0, 1].tolist() == [30.0, 10.0]
    with pytest.raises(LookupError):
        tonnes_grown("herbaceous", 5)


def test_rates_of_the_library_keep_their_rules() -> None:
    for name in ("transition", "growth"):
        assert tables.problems_in(f"carbon_stock/{name}") == []
    rates = tables.load("carbon_stock/transition")
    assert set(rates.loc[rates["pool"] == "soil", "value"]) == {20.0}
    assert habits("ukceh_lcm_21", [1, 2, 3, 99]) == (
        "woodland_broadleaved", "woodland_coniferous", "herbaceous", "unknown",
    )  # fmt: skip
    known = {"woodland_broadleaved", "woodland_coniferous"} | set(rates["habit"])
    for list_id, codes in (
        ("ukceh_lcm_21", range(1, 22)),
        ("esa_worldcover", (10, 20, 30, 40, 50, 60, 70, 80, 90, 95)),
    ):
        assert set(habits(list_id, list(codes))) <= known


def test_the_template_can_be_filled(tmp_path: Path, build: Build) -> None:
    row = {"class": "Deciduous woodland", "pool": "vegetation", "kind": "harvest", "tonnes": 12.0, "source": "licence"}
    write_template([MODEL], tmp_path / "m.xlsx", "Carbon movements", GUIDANCE, True, {"carbon_movements": [row]})
    report = build("", {"carbon_movements": "m.xlsx"})
    assert value(report, "harvest.total") == 12
    assert report.figure("carbon_account.harvest.all.vegetation").trace.inputs[0].sheet == "Carbon movements"


@pytest.mark.office
def test_workbook_recalculates(build: Build, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    publish(build(FOREST), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 200
    assert wrong == []


def test_maps_without_a_change_and_across_a_break_make_a_workbook(build: Build, tmp_path: Path) -> None:
    write_tif(tmp_path / "same.tif", OPENING, cell=100.0)
    report = build("", {"opening": "same.tif", "closing": "same.tif"})
    assert value(report, "change.total") == 0
    assert "carbon_path" not in {section.id for section in report.sections}
    publish(report, tmp_path / "same.xlsx")
    publish(build(break_in_series=True, comparable=False), tmp_path / "break.xlsx")


def test_densities_of_the_library_are_red_and_those_of_a_user_amber(build: Build, tmp_path: Path) -> None:
    """Densities and rates of the library are recalled or judged: Red. A user's own claim no better than Amber."""
    pools = "lucode,C_above,C_below,C_soil,C_dead\n1,60,10,100,1\n3,1,1,70,0\n4,1,1,80,0\n20,2,1,35,0\n"
    (tmp_path / "pools.csv").write_text(pools)
    library, own = build(), build(inputs={"carbon_pools": "pools.csv"}, carbon_change="settled")
    for name in ("carbon_stock", "carbon_account_by_class", "carbon_flux"):
        assert set(library.section(name).table["confidence"]) == {"Red"}, name
        assert set(own.section(name).table["confidence"]) == {"Amber"}, name
    entries = library.section("carbon_account").table.set_index("entry")["confidence"]
    assert entries["Harvest"] == "not available"
    assert entries["Net balance"] == "Red"
