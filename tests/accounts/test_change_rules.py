"""Rules for what counts as change, on maps small enough to count by hand; and the same counts cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from shapely import box

from natcap.accounts import trunk
from natcap.accounts.change.sieve import lasting
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish
from tests.accounts.flood import flood
from tests.accounts.maps import project, write_geojson, write_tif
from tests.conftest import absent
from tests.core import recalc

WOOD, ARABLE, GRASS, FEN, SUBURB = 1, 3, 4, 8, 21
Maps = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Maps:
    """A project of the maps given in order of their dates, of cells of 10 m."""

    def make(*maps: np.ndarray, inputs: dict[str, Any] | None = None, nodata: int = 0, **choices: Any) -> Path:
        names = []
        for number, codes in enumerate(maps):
            names.append(write_tif(tmp_path / f"m{number}.tif", codes.astype("uint8"), nodata=nodata).name)
        named: dict[str, Any] = {"opening": names[0], "closing": names[-1]} | (inputs or {})
        if len(names) > 2:
            named["between"] = names[1:-1]
        base = {"classes": "ukceh_lcm_21", "carbon": "none", "comparable": True}
        return project(tmp_path, named, base | choices)

    return make


def build(path: Path) -> Report:
    return trunk.build(read_project(path))


def told(path: Path) -> str:
    with pytest.raises(InputProblems) as caught:
        build(path)
    return str(caught.value)


def land(rows: int = 20, columns: int = 20) -> np.ndarray:
    return np.full((rows, columns), ARABLE)


def test_a_cell_is_left_out_and_sixty_cells_count(folder: Maps) -> None:
    """One cell (0.01 ha) of a 5 x 5 corner is below 0.5 ha = 50 cells; 6 x 10 = 60 cells (0.6 ha) are not."""
    later = land()
    later[2, 2] = SUBURB
    later[10:16, 5:15] = SUBURB
    report = build(folder(land(), later, minimum_patch_ha=0.5))
    value = {key: report.figure(f"extent.{key}.all").value for key in ("changed_on_maps", "left_out_patch", "changed")}
    assert value == pytest.approx({"changed_on_maps": 0.61, "left_out_patch": 0.01, "changed": 0.6})
    table = report.section("changes_left_out").table
    assert table[["raw", "patch", "rotation", "kept"]].to_numpy().tolist() == [[61, 1, 0, 60]] * 2
    assert report.figure("extent.closing.map.suburban").value == 0.6
    assert report.figure("extent.closing.map.arable").value == pytest.approx(3.4)
    assert report.run.controls["changed patches left out"] == "1"
    assert report.run.controls["changed patches kept"] == "1"
    assert "8 neighbours" in report.run.controls["cells are connected by"]
    assert "fewer than 50 cells" in report.section("changes_left_out").notes[0]


def test_a_patch_of_just_the_minimum_counts_and_zones_do_not_cut_it(folder: Maps, tmp_path: Path) -> None:
    later = land()
    later[5:10, 5:15] = SUBURB
    halves = {"W": box(4e5, 299_800, 400_100, 3e5), "E": box(400_100, 299_800, 400_200, 3e5)}
    write_geojson(tmp_path / "z.geojson", halves)
    path = folder(land(), later, inputs={"zones": "z.geojson"}, zone_field="id", minimum_patch_ha=0.5)
    assert build(path).figure("extent.changed.W").value == 0.25


def test_five_by_five(folder: Maps) -> None:
    """A map of 25 cells with one changed cell: nothing counts from 0.02 ha up."""
    later = land(5, 5)
    later[2, 2] = WOOD
    report = build(folder(land(5, 5), later, minimum_patch_ha=0.02))
    assert report.figure("extent.changed.all").value == 0
    assert report.section("extent").table["net_change"].tolist() == [0.0, 0.0]
    assert "nothing would be left out" in told(folder(land(5, 5), later, minimum_patch_ha=0.01))


def test_rotation_with_two_maps(folder: Maps) -> None:
    """4 cells of arable to grass within five years are rotation; nine years apart two maps cannot say; wood stays."""
    later = land(5, 5)
    later[0, :4] = GRASS
    later[1, 0] = WOOD
    report = build(folder(land(5, 5), later, rotation_years=5, opening_year=2018, closing_year=2023))
    assert report.figure("extent.left_out_rotation.all").value == 0.04
    assert report.figure("extent.changed.all").value == 0.01
    far = build(folder(land(5, 5), later, rotation_years=5, opening_year=2014, closing_year=2023))
    assert far.figure("extent.left_out_rotation.all").value == 0
    assert far.figure("extent.changed.all").value == 0.05
    assert far.section("changes_left_out").table["undecided"].iloc[-1] == 4
    assert any("may have changed in rotation" in str(w) for w in far.warnings)
    small = build(folder(land(5, 5), later, rotation_years=5, opening_year=2014, closing_year=2023, minimum_patch_ha=1))
    assert small.section("changes_left_out").table[["patch", "undecided"]].iloc[-1].tolist() == [5, 0]


def test_rotation_with_three_maps(folder: Maps) -> None:
    """Columns, 2013, 2018, 2023: A G A did not change; A A G began after 2018: out; A G G has lasted 5 years: kept."""
    first = np.full((2, 4), ARABLE)
    second, third = first.copy(), first.copy()
    second[:, 0], second[:, 2] = GRASS, GRASS
    third[:, 1], third[:, 2] = GRASS, GRASS
    report = build(
        folder(first, second, third, rotation_years=5, opening_year=2013, between_years=[2018], closing_year=2023)
    )
    assert report.figure("extent.changed.all").value == 0.02
    assert report.figure("extent.left_out_rotation.all").value == 0.02
    periods = report.section("extent_by_period").table
    rows = periods[periods["item"] == "Improved grassland"]
    assert rows["closing"].tolist() == [0.04, 0.04]
    assert rows["additions"].tolist() == pytest.approx([0.04, 0.02])
    assert rows["reductions"].tolist() == pytest.approx([0.0, 0.02])


@pytest.mark.parametrize(
    ("classes", "years", "short", "unknown"),
    [
        ((1, 2), (2018, 2023), True, False),
        ((1, 2), (2014, 2023), False, True),
        ((1, 2, 2), (2010, 2018, 2023), False, False),
        ((1, 2, 2), (2010, 2019, 2023), False, True),
        ((1, 1, 2), (2010, 2018, 2023), True, False),
        ((1, 0, 2), (2010, 2018, 2023), False, True),
        ((1, 0, 2, 2), (2010, 2015, 2018, 2023), False, False),
        ((1, 2, 0, 2), (2010, 2015, 2018, 2023), False, True),
        ((1, 2, 1, 2), (2010, 2015, 2019, 2023), True, False),
    ],
)
def test_lasting(classes: tuple[int, ...], years: tuple[int, ...], short: bool, unknown: bool) -> None:
    found = lasting([np.array([c]) for c in classes], years, 5)
    assert (bool(found[0][0]), bool(found[1][0])) == (short, unknown)


def test_a_break_leaves_no_change(folder: Maps) -> None:
    later = land(5, 5)
    later[0, :4] = SUBURB
    report = build(
        folder(land(5, 5), later, break_in_series=True, comparable=False, minimum_patch_ha=0.5, carbon="library")
    )
    section = report.section("extent")
    row = section.table.set_index("item").loc["Suburban"]
    assert (row["opening"], row["reappraisal"], row["closing"]) == (0, 0.04, 0.04)
    assert section.table["managed_expansion"].isna().all()
    assert set(section.marks.values()) == {"[b]"}
    assert any(banner.startswith("BREAK IN SERIES") for banner in report.banners)
    assert report.figure("extent.changed.all").value is None
    assert "minimum_patch_ha not applied" in report.run.fallbacks[0]
    assert "carbon_transitions" not in {s.id for s in report.sections}
    stock = report.section("carbon_by_zone").table.iloc[0]
    assert (stock["gains"], stock["losses"]) == (0, 0)
    assert stock["reappraisal"] == pytest.approx(stock["closing"] - stock["opening"])


def test_a_break_in_one_period(folder: Maps) -> None:
    """The series begins anew in 2018: that period is a reappraisal, the next is change, the whole span is not."""
    second, third = land(5, 5), land(5, 5)
    second[0, :] = third[0, :] = SUBURB
    third[1, :] = WOOD
    years = {"opening_year": 2013, "between_years": [2018], "closing_year": 2023}
    report = build(folder(land(5, 5), second, third, break_in_series=[2018], **years))
    section = report.section("extent_by_period")
    rows = section.table[section.table["item"] == "Suburban"]
    assert rows["reappraisal"].tolist() == pytest.approx([0.05, 0.0])
    rows = section.table[section.table["item"] == "Deciduous woodland"]
    assert rows["additions"].tolist()[1] == 0.05
    assert section.marks[0, "additions"] == "[b]"
    assert "2013 to 2018" in next(b for b in report.banners if b.startswith("BREAK"))
    assert report.section("extent").table["managed_expansion"].isna().all()


def test_gaps_between_dates_are_reappraisals(folder: Maps) -> None:
    second, third = land(2, 2), land(2, 2)
    second[0, 0] = 0
    report = build(folder(land(2, 2), second, third, opening_year=2013, between_years=[2018], closing_year=2023))
    rows = report.section("extent_by_period").table
    assert rows[rows["item"] == "Arable"]["reappraisal"].tolist() == pytest.approx([-0.01, 0.01])
    assert rows[rows["item"] == "No data"]["closing"].tolist() == pytest.approx([0.01, 0.0])


def test_word_on_comparability(folder: Maps) -> None:
    path = folder(land(5, 5), land(5, 5))
    assert not [w for w in build(path).warnings if "compared" in str(w)]
    text = (path / "natcap.toml").read_text()
    (path / "natcap.toml").write_text(text.replace("comparable = true\n", ""))
    assert any("break_in_series = true" in w.remedy for w in build(path).warnings)
    assert "said not to be comparable" in told(folder(land(5, 5), land(5, 5), comparable=False))
    assert "one of the two" in told(folder(land(5, 5), land(5, 5), break_in_series=True))


def test_everything_wrong_is_told_at_once(folder: Maps) -> None:
    path = folder(land(5, 5), land(5, 5), land(5, 5), break_in_series=True, minimum_patch_ha=-1, rotation_years=5,
                  rotation_classes=[3, 99], between_years=[2018, 2019], comparable=False)  # fmt: skip
    text = told(path)
    for cell in ("break_in_series", "minimum_patch_ha", "rotation_years", "rotation_classes", "between_years"):
        assert f"cell choices.{cell}" in text, cell
    rising = told(
        folder(land(5, 5), land(5, 5), land(5, 5), opening_year=2018, between_years=[2018], closing_year=2023)
    )
    assert "years that rise" in rising
    absent_ = told(folder(land(5, 5), land(5, 5), inputs={"between": ["none.tif"]}, between_years=[2018]))
    assert "none.tif" in absent_
    assert "Accounts by period need the year of every map" in absent_
    shifted = folder(land(5, 5), land(5, 5), land(5, 5), opening_year=2013, between_years=[2018], closing_year=2023)
    write_tif(shifted / "m1.tif", land(5, 5).astype("uint8"), origin=(400_005.0, 300_000.0))
    assert "m1.tif: found a grid with" in told(shifted).replace(", cell choices.align", "")


def test_an_unknown_code_in_a_map_between_is_told(folder: Maps) -> None:
    second = land(5, 5)
    second[3, 3] = 77
    text = told(folder(land(5, 5), second, land(5, 5), opening_year=2013, between_years=[2018], closing_year=2023))
    assert "m1.tif, cell row 4, column 4" in text


codes = st.sampled_from([0, WOOD, ARABLE, GRASS, SUBURB])


@settings(max_examples=25, deadline=None)
@given(arrays(np.uint8, (3, 7, 6), elements=codes), st.sampled_from([0.02, 0.05]), st.sampled_from([2015, 2018, 2020]))
def test_chain_and_sift_hold_on_any_maps(tmp_path_factory: pytest.TempPathFactory, maps: np.ndarray, least: float,
                                         year: int) -> None:  # fmt: skip
    """All checks of the report are exact, and cells left out are those of a count cell by cell."""
    maps[:, 0, 0] = WOOD
    folder = tmp_path_factory.mktemp("any")
    for number, codes_ in enumerate(maps):
        write_tif(folder / f"m{number}.tif", codes_)
    choices: dict[str, Any] = {
        "classes": "ukceh_lcm_21",
        "carbon": "none",
        "comparable": True,
        "rotation_years": 5,
        "minimum_patch_ha": least,
        "opening_year": 2013,
        "between_years": [year],
        "closing_year": 2023,
    }
    inputs: dict[str, Any] = {"opening": "m0.tif", "between": ["m1.tif"], "closing": "m2.tif"}
    report = build(project(folder, inputs, choices))
    assert all(check.passed and check.difference == 0 for check in report.checks if check.unit == "cells")
    farm = np.isin(maps[0], (ARABLE, GRASS)) & np.isin(maps[2], (ARABLE, GRASS)) & (maps[0] != maps[2])
    short = farm & ~((maps[1] == maps[2]) & (2023 - year >= 5))
    short &= (maps[1] != maps[2]) & (maps[1] != 0) & (2023 - year <= 5)
    found = report.section("changes_left_out").table.iloc[-1]
    assert found["rotation"] == short.sum()
    kinds = np.where(
        (maps[0] > 0) & (maps[2] > 0) & (maps[0] != maps[2]) & ~short, maps[0] * 100 + maps[2].astype(int), 0
    )
    cells = round(least * 100)
    assert found["patch"] == sum(size for _, size in flood(kinds, True) if size < cells)


def noise(seed: int, rows: int = 60, columns: int = 70) -> np.ndarray:
    """Two classes in clumps of a few cells, with every code of a class list that rotates."""
    rng = np.random.default_rng(seed)
    clumps = rng.choice([WOOD, ARABLE, GRASS], (rows // 2 + 1, columns // 3 + 1))
    return np.kron(clumps, np.ones((2, 3), dtype=int))[:rows, :columns]


def test_strips_and_blocks_do_not_matter(folder: Maps, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row at a time, in one go, in tiles: the same cells are left out, and by zones of a raster as of the whole."""
    maps, years = [noise(n) for n in range(3)], {"opening_year": 2013, "between_years": [2018], "closing_year": 2023}
    choices = {"minimum_patch_ha": 0.2, "rotation_years": 5, **years}
    path = folder(*maps, **choices)
    whole = build(path)
    monkeypatch.setattr("natcap.accounts.change.sieve._STRIP", 1)
    rows = build(path)
    for number, codes_ in enumerate(maps):
        write_tif(path / f"m{number}.tif", codes_.astype("uint8"), tiled=True, blockxsize=16, blockysize=16)
    tiled = build(path)
    zones = np.where(np.arange(70) < 30, 7, 900) * np.ones((60, 1), dtype=int)
    zones[:, 60:] = 0
    write_tif(path / "zones.tif", zones.astype("uint16"))
    zoned = build(folder(*maps, inputs={"zones": "zones.tif"}, **choices))
    keys = [f"extent.{key}.all" for key in ("changed_on_maps", "left_out_patch", "left_out_rotation", "changed")]
    for other in (rows, tiled):
        assert [other.figure(key).value for key in keys] == [whole.figure(key).value for key in keys]
        assert other.run.controls == whole.run.controls
    assert whole.figure(keys[1]).value
    assert whole.figure(keys[2]).value
    assert zoned.run.controls["changed patches kept"] == whole.run.controls["changed patches kept"]
    parts = [zoned.figure(f"extent.left_out_patch.{zone}").value or 0.0 for zone in ("7", "900")]
    assert 0 < sum(parts) == pytest.approx(zoned.figure("extent.left_out_patch.all").value)


def test_maps_between_on_another_grid_are_aligned_on_request(folder: Maps) -> None:
    """The map of 2018 has cells of 5 m and lies one cell of 10 m to the east: the first column is no data in it."""
    years = {"opening_year": 2013, "between_years": [2018], "closing_year": 2023}
    path = folder(land(4, 4), land(4, 4), land(4, 4), align="nearest", **years)
    write_tif(path / "m1.tif", np.full((8, 8), ARABLE, "uint8"), origin=(400_010.0, 300_000.0), cell=5.0)
    report = build(path)
    rows = report.section("extent_by_period").table
    assert rows[rows["item"] == "Arable"]["closing"].tolist() == pytest.approx([0.12, 0.16])
    assert any("m1.tif was aligned" in said for said in report.run.fallbacks)


def test_corine_leads_to_eu_types_by_judged_rows(folder: Maps) -> None:
    """Pastures (18) and non-irrigated arable land (12) are grassland and cropland at EU level 1."""
    later = np.full((5, 5), 12)
    later[0, :] = 18
    report = build(folder(np.full((5, 5), 12), later, classes="corine"))
    table = report.section("extent_eu_level1").table.set_index("item")
    assert table.loc["Grassland", "closing"] == pytest.approx(0.05)
    assert table.loc["Cropland", "state"] == "Red: judged"
    assert "extent_iucn_get" not in {s.id for s in report.sections}


def test_other_typologies(folder: Maps) -> None:
    later = land(5, 5)
    later[0, :] = WOOD
    report = build(folder(land(5, 5), later))
    table = report.section("extent_iucn_get").table.set_index("item")
    assert table.loc["T7.1 Annual croplands", "closing"] == pytest.approx(0.2)
    assert table.loc["T7.1 Annual croplands", "state"] == "Red: judged"
    eu = report.section("extent_eu_level1").table.set_index("item")
    assert eu.loc["Forest and woodland", "additions"] == pytest.approx(0.05)
    assert report.figure("level.eu_level1.closing.all.cropland").status == "recalled"
    assert report.figure("level.eu_level1.closing.all.cropland").trace.parents == ("extent.closing.all.arable",)
    assert any("judged here" in banner for banner in report.banners)


def test_figures_match_sections_and_walk_back(folder: Maps) -> None:
    later = land()
    later[2, 2], later[5:12, 5:15], later[0, 0] = SUBURB, WOOD, GRASS
    report = build(folder(land(), land(), later, minimum_patch_ha=0.5, rotation_years=5, opening_year=2013,
                          between_years=[2018], closing_year=2023))  # fmt: skip
    known = {f.id: f for f in report.figures}
    for figure in report.figures:
        assert set(figure.trace.parents) <= set(known), figure.id
        assert figure.trace.parents or figure.trace.inputs, figure.id
    for section in report.sections:
        for (row, column), key in section.figures.items():
            assert known[key].value == pytest.approx(section.table[column][row], rel=1e-12), (section.id, row, column)


@pytest.mark.office
@pytest.mark.parametrize("broken", [[], [2018]])
def test_workbook_recalculates(folder: Maps, tmp_path: Path, broken: list[int]) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    later = land()
    later[2, 2], later[5:12, 5:15], later[0, 0] = SUBURB, WOOD, GRASS
    years = {"opening_year": 2013, "between_years": [2018], "closing_year": 2023}
    choices = {"break_in_series": broken} if broken else {"minimum_patch_ha": 0.5, "rotation_years": 5}
    publish(build(folder(land(), land(), later, **years, **choices)), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 40
    assert wrong == []
