"""Land cover as parcels: whole units that close, figures by hand, and everything a layer can get wrong."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio import Affine, features
from shapely import box

from natcap.accounts import trunk
from natcap.accounts.counts import Scan, count_cells
from natcap.accounts.landcover.overlay import apportion, scan_parcels, whole_units
from natcap.accounts.landcover.parcels import Parcels
from natcap.accounts.zones import PolygonZones, WholeMap
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish
from tests.accounts.maps import accept, classes_of, project, write_geojson, write_tif

X, Y = 400_000.0, 300_000.0


def write_layer(path: Path, parcels: Sequence[tuple[shapely.Geometry, Mapping[str, Any]]], *, layer: str = "parcels",
                crs: str = "EPSG:27700", append: bool = False) -> Path:  # fmt: skip
    """A layer of a GeoPackage with one text field for every key."""
    shapes = shapely.to_wkb(np.array([shape for shape, _ in parcels], dtype=object))
    names = list(parcels[0][1])
    columns = [np.array([row[name] for _, row in parcels], dtype=object) for name in names]
    pyogrio.raw.write(path, shapes, columns, names, layer=layer, driver="GPKG", geometry_type="Polygon", crs=crs,
                      append=append)  # fmt: skip
    return path


def strip(left: float, right: float, low: float = 0, high: float = 100) -> shapely.Geometry:
    return box(X + left, Y + low, X + right, Y + high)


OPENING = [(strip(0, 100), {"cover": "Arable"}), (strip(100, 200), {"cover": "Improved grassland"})]
CLOSING = [(strip(0, 60), {"cover": "3"}), (strip(60, 150), {"cover": "Deciduous woodland"}),
           (strip(150, 200), {"cover": "improved_grassland"})]  # fmt: skip


def folder_of(tmp_path: Path, opening: Sequence[Any] = OPENING, closing: Sequence[Any] = CLOSING,
              zones: Mapping[str, shapely.Geometry] | None = None, **choices: Any) -> Path:  # fmt: skip
    """A project of two layers in two files and two zones."""
    write_layer(tmp_path / "a.gpkg", opening)
    write_layer(tmp_path / "b.gpkg", closing)
    write_geojson(tmp_path / "z.geojson", zones or {"W": strip(0, 120), "E": strip(120, 200)})
    inputs = {"opening": "a.gpkg", "closing": "b.gpkg", "zones": "z.geojson"}
    known = {"classes": "ukceh_lcm_21", "class_field": "cover", "zone_field": "id", "comparable": True}
    return project(tmp_path, inputs, known | choices)


def told(folder: Path) -> str:
    with pytest.raises(InputProblems) as caught:
        trunk.build(read_project(folder))
    text = str(caught.value)
    assert str(folder.resolve()) not in text
    return text


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return trunk.build(read_project(folder_of(tmp_path_factory.mktemp("parcels"))))


def value(report: Report, key: str) -> float:
    found = report.figure(key).value
    assert found is not None
    return float(found)


def test_figures_by_hand(report: Report) -> None:
    """Strips 100 m high, so 1 m is 0.01 ha. West of 120: arable 100 m becomes 60 arable + 40 woodland; 20 m of grass
    become woodland. East: grass 80 m, of which 30 become woodland."""
    assert value(report, "extent.area.all") == 2.0
    assert value(report, "extent.opening.W.arable") == 1.0
    assert value(report, "extent.closing.W.arable") == 0.6
    assert value(report, "extent.closing.W.deciduous_woodland") == 0.6
    assert value(report, "extent.closing.E.deciduous_woodland") == 0.3
    assert value(report, "extent.opening.W.improved_grassland") == 0.2
    assert value(report, "extent.changed.all") == 0.9
    assert value(report, "habitat.closing.all.woodland") == 0.9
    assert value(report, "carbon_stock.opening.total") == pytest.approx(1 * (70 + 2) + 1 * (80 + 1.5), rel=1e-12)


def test_figures_walk_back_to_file_layer_and_field(report: Report) -> None:
    ref = report.figure("extent.opening.W.arable").trace.inputs[0]
    assert (ref.file, ref.cell, ref.value, ref.unit) == ("a.gpkg", "layer parcels, field cover", "1000000", "units")
    assert "0.01 m2 / 10,000" in report.figure("extent.opening.W.arable").trace.how
    assert any("whole units of 0.01 square metres" in said for said in report.run.fallbacks)


def test_checks_and_record(report: Report) -> None:
    assert {"parcels.whole", "parcels.zones", "extent.closes"} <= {check.id for check in report.checks}
    assert all(check.passed for check in report.checks)
    assert report.run.controls["parcels at the opening"] == "2"
    assert report.run.controls["units inside the zones"] == "2000000"
    assert report.geometry is not None


def test_publishes_a_workbook(report: Report, tmp_path: Path) -> None:
    publish(report, tmp_path / "out.xlsx")
    assert (tmp_path / "out.xlsx").stat().st_size > 10_000


def test_both_dates_in_one_layer(tmp_path: Path) -> None:
    """The overlay of the layers above as one layer with two fields gives the same matrix."""
    both = [(strip(0, 60), {"then": "3", "now": "3"}), (strip(60, 100), {"then": "3", "now": "1"}),
            (strip(100, 150), {"then": "4", "now": "1"}), (strip(150, 200), {"then": "4", "now": "4"})]  # fmt: skip
    write_layer(tmp_path / "h.gpkg", both)
    write_geojson(tmp_path / "z.geojson", {"W": strip(0, 120), "E": strip(120, 200)})
    choices = {"classes": "ukceh_lcm_21", "opening_class_field": "then", "closing_class_field": "now",
               "zone_field": "id", "comparable": True}  # fmt: skip
    inputs = {"opening": "h.gpkg", "closing": "h.gpkg", "zones": "z.geojson"}
    found = trunk.build(read_project(project(tmp_path, inputs, choices)))
    assert value(found, "extent.changed.all") == 0.9
    assert value(found, "extent.closing.E.deciduous_woodland") == 0.3


def test_without_zones_the_opening_parcels_are_the_area(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, closing=CLOSING[:2])
    text = (folder / "natcap.toml").read_text().replace('zones = "z.geojson"\n', "")
    (folder / "natcap.toml").write_text(text)
    found = trunk.build(read_project(folder))
    assert value(found, "extent.area.all") == 2.0
    assert value(found, "extent.closing.all.no_data") == 0.5


def test_gaps_are_no_data(tmp_path: Path) -> None:
    """A zone 10 m wider than the parcels at the opening: 0.1 ha without data there, woodland at the closing."""
    closing = [*CLOSING[:2], (strip(150, 210), {"cover": "1"})]
    found = trunk.build(read_project(folder_of(tmp_path, closing=closing, zones={"all1": strip(0, 210)})))
    assert value(found, "extent.opening.all.no_data") == 0.1
    assert value(found, "extent.closing.all.deciduous_woodland") == 1.5
    assert "without data at the opening" in " ".join(str(p) for p in found.warnings)
    assert all(check.passed for check in found.checks)


def made(edges_x: Sequence[int], edges_y: Sequence[int], positions: np.ndarray) -> Parcels:
    """A partition into rectangles between edges in tenths of a metre, each with a class."""
    shapes = [box(X + a / 10, Y + c / 10, X + b / 10, Y + d / 10)
              for a, b in pairwise(edges_x)
              for c, d in pairwise(edges_y)]  # fmt: skip
    labels = tuple(map(str, range(len(shapes))))
    path = Path(f"p{edges_x}{edges_y}.gpkg")
    return Parcels(path, path.name, "", "f", np.array(shapes, dtype=object), positions, labels, None, False)


edges = st.sets(st.integers(1, 999), min_size=1, max_size=5).map(lambda s: [0, *sorted(s), 1000])


@st.composite
def partitions(draw: st.DrawFn) -> Parcels:
    across, along = draw(edges), draw(edges)
    number = (len(across) - 1) * (len(along) - 1)
    positions = draw(st.lists(st.integers(1, 4), min_size=number, max_size=number))
    return made(across, along, np.array(positions, dtype=np.int64))


def turn(shapes: np.ndarray, angle: float) -> np.ndarray:
    found = [shapely.affinity.rotate(shape, angle, origin=(X, Y), use_radians=True) for shape in shapes]
    return np.array(found, dtype=object)


def ok(scan: Scan) -> bool:
    return all(check.passed for check in scan.checks)


@settings(max_examples=50, deadline=None)
@given(partitions(), partitions(), edges)
def test_classes_sum_to_the_zone_exactly(opening: Parcels, closing: Parcels, cuts: list[int]) -> None:
    """Random rectangles partition 100 m x 100 m: by zone and date, classes sum to the zone to the last 0.01 m2."""
    shapes = [box(X + a / 10, Y, X + b / 10, Y + 100) for a, b in pairwise(cuts)]
    ids = tuple(str(n) for n in range(len(shapes)))
    zones = PolygonZones(ids, ids, np.array(shapes, dtype=object), None, "z")
    scan = scan_parcels(opening, closing, zones, classes_of([1, 2, 3, 4]))
    wide = (np.diff(cuts) * 1000).tolist()
    assert scan.counts.accounted.tolist() == wide
    assert scan.counts.closing.sum(axis=1).tolist() == wide
    assert not scan.counts.array[:, 0].any()
    assert not scan.counts.array[:, :, 0].any()
    assert ok(scan)
    whole = scan_parcels(opening, closing, WholeMap(), classes_of([1, 2, 3, 4]))
    assert whole.counts.array.sum() == 1_000_000
    assert (whole.counts.array[0] == scan.counts.total()).all()
    for parcels, mine in ((opening, scan.counts.opening), (closing, scan.counts.closing)):
        units = whole_units(shapely.area(parcels.geometry))
        by_class = [int(units[parcels.position == n].sum()) for n in range(1, 5)]
        place = {code: n for n, code in enumerate(scan.counts.codes, 1)}
        assert by_class == [int(mine[:, place[n]].sum()) if n in place else 0 for n in range(1, 5)]


@settings(max_examples=50, deadline=None)
@given(partitions(), partitions(), st.floats(0.01, 3.0))
def test_pieces_of_a_turned_parcel_are_the_parcel(opening: Parcels, closing: Parcels, angle: float) -> None:
    """Turned by any angle areas are no whole units any more; pieces still sum to their parcels exactly."""
    turned = [replace(p, geometry=turn(p.geometry, angle)) for p in (opening, closing)]
    shapes = np.array([strip(-50, 20, -50, 60), strip(20, 90, -50, 60)], dtype=object)
    scan = scan_parcels(*turned, PolygonZones(("a", "b"), ("a", "b"), shapes, None, "z"), classes_of([1, 2, 3, 4]))
    assert ok(scan)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 1e6)), max_size=20), st.lists(st.integers(0, 10**9),
       min_size=4, max_size=4))  # fmt: skip
def test_apportion_keeps_every_unit(pieces: list[tuple[int, float]], units: list[int]) -> None:
    parent = np.array([p for p, _ in pieces], dtype=np.int64)
    area, whole = np.array([a for _, a in pieces]), np.array(units, dtype=np.int64)
    found = apportion(area, parent, whole)
    assert (found >= 0).all()
    for n in range(4):
        if area[parent == n].sum() > 0:
            assert found[parent == n].sum() == units[n]


def test_parcels_made_of_maps_give_the_account_of_the_maps(tmp_path: Path) -> None:
    """Every patch of two random maps as a polygon: the same matrix in every zone, a cell being 10,000 units."""
    rng = np.random.default_rng(11)
    codes = [np.kron(rng.integers(1, 5, (15, 15)), np.ones((2, 2))).astype("uint8") for _ in range(2)]
    maps = [accept(write_tif(tmp_path / f"{n}.tif", array, origin=(X, Y + 300), nodata=None))
            for n, array in enumerate(codes)]  # fmt: skip
    layers = []
    for n, array in enumerate(codes):
        shapes = list(features.shapes(array, transform=Affine(10, 0, X, 0, -10, Y + 300)))
        geometry = np.array([shapely.geometry.shape(shape) for shape, _ in shapes], dtype=object)
        position = np.array([int(code) for _, code in shapes], dtype=np.int64)
        labels = tuple(map(str, range(len(shapes))))
        layers.append(Parcels(Path(f"{n}.gpkg"), "p", "", "f", geometry, position, labels, None, False))
    halves = np.array([strip(0, 140, 0, 300), strip(140, 300, 0, 300)], dtype=object)
    zones = PolygonZones(("a", "b"), ("a", "b"), halves, None, "z")
    classes = classes_of([1, 2, 3, 4])
    cells = count_cells(*maps, zones, classes).counts
    units = scan_parcels(*layers, zones, classes).counts
    assert units.codes == cells.codes
    assert (units.array == cells.array * 10_000).all()


def test_overlapping_parcels_are_refused_with_their_ids(tmp_path: Path) -> None:
    bad = [*OPENING, (strip(90, 110, 40, 60), {"cover": "1"})]
    text = told(folder_of(tmp_path, opening=bad))
    assert "feature 1 (fid 1) and feature 3 (fid 3)" in text
    assert "0.020000 ha" in text
    assert "cut the overlap away" in text


def test_a_hair_of_an_overlap_is_rounding_and_is_told(tmp_path: Path) -> None:
    """A wedge of 100 m by 0.8 mm at its base overlaps the first parcel: 100 x 0.0008 / 2 = 0.04 m2, mean width 0.4 mm.

    Reprojecting neighbours whose corners do not meet leaves such wedges. The first parcel keeps it: 1 ha and 1 ha.
    """
    wedge = shapely.Polygon([(X + 99.9992, Y), (X + 200, Y), (X + 200, Y + 100), (X + 100, Y + 100)])
    report = trunk.build(read_project(folder_of(tmp_path, opening=[OPENING[0], (wedge, OPENING[1][1])])))
    assert value(report, "extent.opening.all.arable") == pytest.approx(1.0, abs=1e-6)
    assert value(report, "extent.opening.all.improved_grassland") == pytest.approx(1.0, abs=1e-6)
    assert value(report, "extent.area.all") == pytest.approx(2.0, abs=1e-6)
    assert any("a.gpkg: 1 overlap thinner than a millimetre, 0.04 m2 in all" in said for said in report.run.fallbacks)
    assert not any("0.00 ha" in banner for banner in report.banners)


def test_a_class_of_no_list_is_told_with_its_feature(tmp_path: Path) -> None:
    bad = [(strip(0, 100), {"cover": "Arabel"}), (strip(100, 200), {"cover": None})]
    text = told(folder_of(tmp_path, opening=bad))
    assert "feature 1 (fid 1): found the class 'Arabel' in cover" in text
    assert "Did you mean 'Arable'?" in text
    assert "feature 2 (fid 2): found no class in cover" in text


def test_a_missing_class_field_offers_those_present(tmp_path: Path) -> None:
    assert "Did you mean 'cover'? Set class_field = one of: cover" in told(folder_of(tmp_path, class_field="covr"))


def test_a_geographic_layer_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (tmp_path / "a.gpkg").unlink()
    write_layer(tmp_path / "a.gpkg", [(box(-1.2, 52, -1.1, 52.1), {"cover": "3"})], crs="EPSG:4326")
    text = told(folder)
    assert "the geographic projection EPSG:4326 (degrees)" in text
    assert "EPSG:27700" in text


def test_layers_of_two_projections_are_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (tmp_path / "b.gpkg").unlink()
    write_layer(tmp_path / "b.gpkg", CLOSING, crs="EPSG:32630")
    assert "a layer in EPSG:32630, expected parcels in EPSG:27700" in told(folder)


def test_an_ambiguous_layer_is_asked_for(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    write_layer(tmp_path / "a.gpkg", OPENING, layer="other", append=True)
    assert "Set class_layer in [choices] to one of: other, parcels" in told(folder)
    text = (folder / "natcap.toml").read_text() + 'opening_class_layer = "parcels"\n'
    (folder / "natcap.toml").write_text(text)
    assert trunk.build(read_project(folder)).figure("extent.area.all").value == 2.0


def test_a_truncated_geopackage_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    data = (tmp_path / "a.gpkg").read_bytes()
    (tmp_path / "a.gpkg").write_bytes(data[: len(data) // 3])
    text = told(folder)
    assert "a.gpkg" in text
    assert "whole GeoPackage" in text or "layer of polygons" in text


def test_a_map_and_a_layer_do_not_mix(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    write_tif(tmp_path / "a.tif", np.full((10, 20), 3, "uint8"), origin=(X, Y + 100))
    text = (folder / "natcap.toml").read_text().replace("a.gpkg", "a.tif")
    (folder / "natcap.toml").write_text(text)
    said = told(folder)
    assert "a GeoTIFF at the opening and a layer of parcels at the closing" in said
    assert "Rasterize" in said


def test_a_table_as_opening_is_sent_to_its_own_input(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (tmp_path / "a.csv").write_text("zone,class,date,area (ha)\n")
    (folder / "natcap.toml").write_text((folder / "natcap.toml").read_text().replace("a.gpkg", "a.csv"))
    assert "area_table" in told(folder)


def test_choices_of_maps_mean_nothing_here(tmp_path: Path) -> None:
    text = told(folder_of(tmp_path, minimum_patch_ha=0.5, align="nearest"))
    assert "minimum_patch_ha" in text
    assert "align" in text


def test_lines_and_broken_polygons_are_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    features = [{"type": "Feature", "id": 7, "properties": {"cover": 3}, "geometry": json.loads(shapely.to_geojson(g))}
                for g in (shapely.LineString([(X, Y), (X + 1, Y)]),
                          shapely.Polygon([(X, Y), (X + 9, Y + 9), (X + 9, Y), (X, Y + 9)]))]  # fmt: skip
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    (folder / "natcap.toml").write_text((folder / "natcap.toml").read_text().replace("a.gpkg", "a.geojson"))
    text = told(folder)
    assert "feature 1 (id 7): found a LineString" in text
    assert "an invalid polygon (Self-intersection" in text


def test_overlapping_zones_are_refused(tmp_path: Path) -> None:
    text = told(folder_of(tmp_path, zones={"W": strip(0, 130), "E": strip(120, 200)}))
    assert "an overlap of the zones" in text
    assert "(0.100000 ha)" in text


def test_a_break_in_the_series_is_a_reappraisal(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    text = (folder / "natcap.toml").read_text().replace("comparable = true", "break_in_series = true")
    (folder / "natcap.toml").write_text(text)
    found = trunk.build(read_project(folder))
    assert found.figure("extent.changed.all").value is None
    assert any("BREAK IN SERIES" in banner for banner in found.banners)


def test_a_raster_of_zones_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    write_tif(tmp_path / "z.tif", np.ones((10, 20), "uint8"), origin=(X, Y + 100))
    (folder / "natcap.toml").write_text((folder / "natcap.toml").read_text().replace("z.geojson", "z.tif"))
    assert "Polygonize" in told(folder)


def test_a_file_of_zeros_with_the_right_start_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (tmp_path / "a.gpkg").write_bytes(
        b"SQLite format 3\0" + bytes(52) + b"GPKG" + struct.pack(">I", 10300) + bytes(900)
    )
    assert "GeoPackage" in told(folder)
