"""Maps of cells as people have them: codes as floating-point numbers, two bands, cells cut by the edges of fields."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import box

from natcap.accounts import cover, trunk
from natcap.accounts.classes import class_list
from natcap.accounts.counts import count_cells
from natcap.accounts.crosswalk import crosswalk
from natcap.accounts.landcover.edges import coverage, scan_edges
from natcap.accounts.landcover.grid import Grid
from natcap.accounts.zones import PolygonZones, WholeMap
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from tests.accounts.maps import accept, classes_of, project, write_geojson, write_tif

X, Y = 400_000.0, 300_000.0
CODES = np.repeat(np.repeat(np.array([[3, 1], [4, 21]]), 20, axis=0), 20, axis=1)


def folder_of(tmp_path: Path, opening: np.ndarray, closing: np.ndarray,
              zones: dict[str, shapely.Geometry] | None = None, tif: dict[str, Any] | None = None,
              **choices: Any) -> Path:  # fmt: skip
    for name, codes in (("a.tif", opening), ("b.tif", closing)):
        write_tif(tmp_path / name, codes, **(tif or {}))
    inputs = {"opening": "a.tif", "closing": "b.tif"}
    known: dict[str, Any] = {"classes": "ukceh_lcm_21", "comparable": True}
    if zones:
        write_geojson(tmp_path / "z.geojson", zones)
        inputs["zones"], known["zone_field"] = "z.geojson", "id"
    return project(tmp_path, inputs, known | choices)


def build(folder: Path) -> Report:
    return trunk.build(read_project(folder))


def told(folder: Path) -> str:
    with pytest.raises(InputProblems) as caught:
        build(folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("kind", "nodata"),
    [
        ("float32", -3.4028234663852886e38),
        ("float64", -9999.0),
        ("float32", float("nan")),
        ("int32", -2147483648),
        ("int32", -9999),
    ],
)
def test_codes_as_other_numbers(tmp_path: Path, kind: str, nodata: float) -> None:
    """A quarter of 40 x 40 cells of 100 m2 is 4 ha; ten cells have no data, which is 0.1 ha."""
    codes = CODES.astype(kind)
    codes[0, :10] = nodata
    found = build(folder_of(tmp_path, codes, codes, tif={"nodata": nodata}))
    assert found.figure("extent.opening.map.arable").value == 3.9
    assert found.figure("extent.opening.map.no_data").value == 0.1
    assert found.figure("extent.closing.map.suburban").value == 4.0


def test_a_map_of_a_quantity_is_refused_with_its_cell(tmp_path: Path) -> None:
    codes = CODES.astype("float32")
    codes[7, 12] = 3.5
    text = told(folder_of(tmp_path, CODES.astype("uint8"), codes))
    assert "b.tif, cell row 8, column 13: found the value 3.5, expected whole numbers" in text


def test_float_codes_count_as_bytes_do(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 5, (300, 700)).astype("uint8")
    later = rng.integers(0, 5, (300, 700)).astype("uint8")
    paths = [write_tif(tmp_path / f"{name}.tif", array.astype(kind), nodata=0, **layout)
             for name, array, kind, layout in (
                 ("a", codes, "uint8", {}), ("b", later, "uint8", {}), ("c", codes, "float32", {}),
                 ("d", later, "float64", {"tiled": True, "blockxsize": 128, "blockysize": 128}))]  # fmt: skip
    plain, floating = ([accept(path) for path in pair] for pair in (paths[:2], paths[2:]))
    classes = classes_of([1, 2, 3, 4])
    one = count_cells(*plain, WholeMap(), classes).counts
    other = count_cells(*floating, WholeMap(), classes).counts
    assert (one.array == other.array).all()


def test_two_bands_read_the_first_and_say_so(tmp_path: Path) -> None:
    codes = np.array([CODES, np.full_like(CODES, 90)]).astype("uint8")
    found = build(folder_of(tmp_path, codes, codes))
    assert found.figure("extent.opening.map.arable").value == 4.0
    assert sum("has 2 bands; band 1 was read" in said for said in found.run.fallbacks) == 2
    quiet = build(folder_of(tmp_path, codes, codes, band=1))
    assert not any("bands" in said for said in quiet.run.fallbacks)


def test_a_truncated_map_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, CODES.astype("uint8"), CODES.astype("uint8"))
    data = (tmp_path / "b.tif").read_bytes()
    (tmp_path / "b.tif").write_bytes(data[: len(data) // 2])
    assert "b.tif" in told(folder)


# Fractional edges.

FIELD = {"F": box(X + 5, Y - 95, X + 95, Y - 5), "G": box(X + 95, Y - 95, X + 395, Y - 5)}


def test_a_field_by_hand(tmp_path: Path) -> None:
    """A field of 90 m x 90 m that cuts its edge cells in half: 0.81 ha, all arable; by centres it would be 0.81 too or
    1.0, as they fall. The field beside it is 300 x 90 m: 105 m of it arable, 195 m woodland."""
    found = build(folder_of(tmp_path, CODES.astype("uint8"), CODES.astype("uint8"), FIELD, edges="fractional"))
    assert found.figure("extent.area.F").value == 0.81
    assert found.figure("extent.opening.G.arable").value == pytest.approx(105 * 90 / 10_000)
    assert found.figure("extent.opening.G.deciduous_woodland").value == pytest.approx(195 * 90 / 10_000)
    assert any("counted in proportion" in said for said in found.run.fallbacks)
    zones = next(s for s in found.sections if s.id == "zones")
    assert any("fractional edges" in note for note in zones.notes)
    checks = {check.id: check for check in found.checks}
    assert checks["edges.whole"].left == checks["edges.whole"].right == 16_000_000
    assert all(check.passed for check in found.checks)


def test_coverage_of_a_cell() -> None:
    grid = Grid(None, (10.0, 0.0, X, 0.0, -10.0, Y), 4, 5)
    share = coverage(box(X + 5, Y - 15, X + 20, Y), grid, (0, 4, 0, 5))
    assert share.tolist()[:2] == [[0.5, 1, 0, 0, 0], [0.25, 0.5, 0, 0, 0]]
    inner = coverage(box(X + 5, Y - 15, X + 20, Y), grid, (1, 2, 1, 2))
    assert inner.tolist() == [[0.5, 0], [0, 0]]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(3, 390), min_size=1, max_size=4, unique=True), st.floats(0, 1.5))
def test_zones_and_the_rest_are_the_map(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[float], turn: float
) -> None:
    folder = tmp_path_factory.mktemp("edges")
    codes = np.random.default_rng(5).integers(0, 4, (40, 40)).astype("uint8")
    opening = accept(write_tif(folder / "a.tif", codes))
    closing = accept(write_tif(folder / "b.tif", codes[::-1].copy()))
    places = [0.0, *sorted(cuts), 400.0]
    strips = [box(X + a, Y - 400, X + b, Y) for a, b in pairwise(places) if b - a > 1e-3]
    turned = [shapely.affinity.rotate(s, turn, origin=(X + 200, Y - 200), use_radians=True) for s in strips]
    ids = tuple(str(n) for n in range(len(strips)))
    zones = PolygonZones(ids, ids, np.array(turned, dtype=object), None, "z")
    scan = scan_edges(opening, closing, zones, classes_of([1, 2, 3]), False)
    assert all(check.passed for check in scan.checks)
    assert scan.counts.array.sum() + scan.counts.outside == 16_000_000


def test_large_zones_agree_with_the_centres_of_cells(tmp_path: Path) -> None:
    """Where a zone's edges run along cells both ways count the same."""
    zones = {"N": box(X, Y - 200, X + 400, Y), "S": box(X, Y - 400, X + 400, Y - 200)}
    later = np.roll(CODES, 7, axis=1).astype("uint8")
    plain = build(folder_of(tmp_path, CODES.astype("uint8"), later, zones))
    part = build(folder_of(tmp_path, CODES.astype("uint8"), later, zones, edges="fractional"))
    for figure in plain.figures:
        if figure.id.startswith(("extent.", "habitat.")):
            assert part.figure(figure.id).value == pytest.approx(figure.value, rel=1e-12)


def test_strange_codes_are_told_with_their_cell(tmp_path: Path) -> None:
    codes = CODES.astype("uint8")
    codes[2, 3] = 77
    text = told(folder_of(tmp_path, codes, CODES.astype("uint8"), FIELD, edges="fractional"))
    assert "the code 77 in 1 cells" in text
    assert "row 3, column 4" in text


def test_fractional_edges_need_polygons(tmp_path: Path) -> None:
    text = told(folder_of(tmp_path, CODES.astype("uint8"), CODES.astype("uint8"), edges="fractional"))
    assert "fractional edges without polygons" in text


def test_fractional_edges_do_not_mix_with_rules_for_cells(tmp_path: Path) -> None:
    text = told(folder_of(tmp_path, CODES.astype("uint8"), CODES.astype("uint8"), FIELD, edges="fractional",
                          minimum_patch_ha=0.5))  # fmt: skip
    assert "fractional edges with rules for changes" in text


def test_fractional_edges_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cover, "available", lambda: False)
    text = told(folder_of(tmp_path, CODES.astype("uint8"), CODES.astype("uint8"), FIELD, edges="fractional"))
    assert "without the library exactextract" in text
    assert "leave edges out" in text


def test_overlapping_fields_are_refused(tmp_path: Path) -> None:
    zones = {"F": FIELD["F"], "G": box(X + 94, Y - 95, X + 395, Y - 5)}
    text = told(folder_of(tmp_path, CODES.astype("uint8"), CODES.astype("uint8"), zones, edges="fractional"))
    assert "an overlap of the zones F and G (0.009000 ha)" in text


# ESA WorldCover to broad habitats.


def test_worldcover_goes_to_broad_habitats_by_judgement(tmp_path: Path) -> None:
    """Tree cover 4 ha, grassland 4, cropland 4, built-up 4: enclosed farmland 8 ha, and all of it said to be judged."""
    walk = crosswalk("esa_worldcover", "ons_broad_habitats")
    assert walk.codes == class_list("esa_worldcover").codes
    assert walk.verified == "judged"
    codes = np.repeat(np.repeat(np.array([[10, 30], [40, 50]], dtype="uint8"), 20, axis=0), 20, axis=1)
    found = build(folder_of(tmp_path, codes, codes, classes="esa_worldcover"))
    figure = found.figure("habitat.closing.all.enclosed_farmland")
    assert (figure.value, figure.status) == (8.0, "recalled")
    assert found.figure("extent.closing.all.cropland").status == "calculated"
    assert any(banner.startswith("Habitats rest on an assignment") and "Red" in banner for banner in found.banners)


def test_a_plain_map_is_said_to_be_read(tmp_path: Path) -> None:
    found = build(folder_of(tmp_path, CODES.astype("uint8"), CODES.astype("uint8")))
    assert found.figure("habitat.closing.all.woodland").status == "calculated"
