"""The trunk: a project folder in, a report that closes out; and everything a user can get wrong, told at once."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from shapely import box

from natcap.accounts import trunk
from natcap.accounts.forms import FORMS
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from tests.accounts.maps import project, write_geojson, write_tif
from tests.conftest import absent
from tests.core import recalc

CORINE = ("pylandstats_ls100_06.tif", "pylandstats_ls100_12.tif")
WORLDCOVER = ("ESA_WorldCover_10m_2020_v100_N00E006_Map.tif", "ESA_WorldCover_10m_2021_v200_N00E006_Map.tif")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("accounts") / "leicestershire"
    trunk.new(folder, example=True)
    return folder


@pytest.fixture(scope="module")
def report(example: Path) -> Report:
    return trunk.build(read_project(example))


def told(folder: Path, job: Callable[..., object] = trunk.build) -> str:
    with pytest.raises(InputProblems) as caught:
        job(read_project(folder))
    text = str(caught.value)
    assert str(folder.resolve()) not in text
    return text


def sample_pair(shared: Path, names: tuple[str, str]) -> dict[str, str]:
    return dict(zip(("opening", "closing"), (str(shared / "samples" / "landcover" / n) for n in names), strict=True))


@pytest.fixture
def small(tmp_path: Path) -> Callable[..., Path]:
    """A project of two maps of 40 x 50 cells and two zones, to be spoilt."""

    def make(closing: dict[str, object] | None = None, zones: dict[str, shapely.Geometry] | None = None,
             inputs: dict[str, str] | None = None, **choices: str | int) -> Path:  # fmt: skip
        codes = np.full((40, 50), 3, "uint8")
        codes[:, 25:] = 1
        later = codes.copy()
        later[:10, :5] = 21
        write_tif(tmp_path / "a.tif", codes)
        write_tif(tmp_path / "b.tif", later, **(closing or {}))  # type: ignore[arg-type]
        west, east = box(400_000, 299_600, 400_250, 300_000), box(400_250, 299_600, 400_500, 300_000)
        write_geojson(tmp_path / "z.geojson", zones or {"W": west, "E": east})
        named = {"opening": "a.tif", "closing": "b.tif", "zones": "z.geojson"} | (inputs or {})
        return project(tmp_path, named, {"classes": "ukceh_lcm_21", "zone_field": "id", "zone_name": "name"} | choices)

    return make


def test_figures_by_hand(small: Callable[..., Path]) -> None:
    """50 cells of 100 m2 went from arable (2 + 70 t C/ha) to suburban (10 + 70): 0.5 ha, 4 t C gained."""
    found = trunk.build(read_project(small()))
    assert found.figure("extent.area.all").value == 20.0
    assert found.figure("extent.opening.W.arable").value == 10.0
    assert found.figure("extent.closing.W.arable").value == 9.5
    assert found.figure("extent.closing.W.suburban").value == 0.5
    assert found.figure("extent.net_change.all.arable").value == -0.5
    assert found.figure("habitat.closing.all.urban").value == 0.5
    assert found.figure("carbon_stock.opening.total").value == pytest.approx(10 * 72 + 10 * 170)
    assert found.figure("carbon_stock.change.total").value == pytest.approx(0.5 * (80 - 72))
    assert found.figure("carbon_stock.change.total").status == "recalled"
    assert found.figure("extent.closing.W.arable").status == "calculated"
    row = found.section("extent").table.set_index("item").loc["Suburban"]
    assert (row["managed_expansion"], row["unmanaged_expansion"], row["closing"]) == (0.5, 0.0, 0.5)
    assert found.section("flows").table[["from", "to", "area", "label"]].to_numpy().tolist() == [
        ["Arable", "Suburban", 0.5, "managed"]
    ]


def test_example_closes_and_says_that_it_is_synthetic(example: Path, report: Report) -> None:
    assert report.checks
    assert all(check.passed for check in report.checks)
    assert report.banners[0].startswith("SYNTHETIC")
    assert {f.status for f in report.figures} == {"synthetic", "missing"}
    assert {f.id.partition(".")[0] for f in report.figures if f.status == "missing"} == {
        "services", "organisation", "assets"}  # fmt: skip
    assert all(c.title.startswith("SYNTHETIC") for s in report.sections for c in s.charts)
    assert 3 <= len(report.headlines) <= 5
    assert not any(f.headline for f in report.figures if f.id.startswith("organisation."))
    for path in example.glob("*.tif"):
        assert path.name.startswith("SYNTHETIC")
        with rasterio.open(path) as land:
            assert "SYNTHETIC" in land.tags()
            assert (land.crs.to_epsg(), land.transform.a) == (27700, 25.0)
    zones = report.section("zones").table
    assert len(zones) == 9
    assert zones["published_off"].abs().max() < 0.02
    assert zones["published_off"].abs().max() > 0
    assert report.geometry is not None
    assert {f["id"] for f in report.geometry["features"]} == set(zones["zone_id"]) - {"all"}


def test_example_is_the_same_every_time_and_quick(example: Path, tmp_path: Path) -> None:
    start = time.perf_counter()
    written = trunk.new(tmp_path / "again", example=True)
    assert time.perf_counter() - start < 30
    for path in written:
        assert path.read_bytes() == (example / path.name).read_bytes(), path.name


def test_example_keeps_the_shares_it_was_asked_for(report: Report) -> None:
    """Leicester is asked to be 44 of 99.8 parts suburban; a parcel is a few hectares."""
    opening = report.figure("extent.opening.E06000016.suburban").value
    area = report.figure("extent.area.E06000016").value
    assert opening is not None
    assert area is not None
    assert opening / area == pytest.approx(0.44, abs=0.005)


def test_every_figure_walks_back_to_a_map(report: Report) -> None:
    known = {f.id: f for f in report.figures}
    for figure in report.figures:
        assert set(figure.trace.parents) <= set(known), figure.id
        if figure.status == "missing":
            said = ("supply" in figure.trace.how, "none recorded" in figure.trace.how)
            assert any(said) or figure.id.startswith("organisation."), figure.id
            continue
        assert figure.trace.parents or figure.trace.inputs or figure.trace.factors, figure.id
        if figure.trace.parents and figure.trace.how.endswith(("zones", "cells")):
            parts = [known[p].value or 0.0 for p in figure.trace.parents]
            assert sum(parts) == pytest.approx(figure.value), figure.id
    for section in report.sections:
        for (row, column), key in section.figures.items():
            value, cell = known[key].value, section.table[column][row]
            same = np.isnan(cell) if value is None else value == pytest.approx(cell, rel=1e-12)
            assert same, (section.id, row, column)


def test_parts_are_the_whole_in_every_section(report: Report) -> None:
    whole = report.figure("extent.area.all").value
    for key in ("extent", "habitats"):
        table = report.section(key).table
        assert table["closing"].iloc[:-1].sum() == pytest.approx(whole, rel=1e-12)
    by_zone = report.section("extent_by_zone")
    totals = by_zone.table.iloc[list(by_zone.total_rows)]
    assert totals["closing"].sum() == pytest.approx(whole, rel=1e-12)
    matrix = report.section("matrix").table
    assert matrix.iloc[:-1, 1:-1].to_numpy().sum() == pytest.approx(whole, rel=1e-12)
    assert report.section("matrix_by_zone").table["area"].sum() == pytest.approx(whole, rel=1e-12)
    carbon = report.figure("carbon_stock.closing.total").value
    for key in ("carbon_stock", "carbon_by_pool"):
        assert report.section(key).table["closing"].iloc[:-1].sum() == pytest.approx(carbon, rel=1e-12)
    change = report.section("carbon_transitions").table["change"].iloc[:-1].sum()
    assert change == pytest.approx(report.figure("carbon_stock.change.total").value, rel=1e-9)


def test_workbook_is_the_same_bytes_and_a_report_stays_off_this_machine(example: Path, report: Report) -> None:
    from natcap.core.outputs import to_json
    from natcap.core.workbook import publish

    again = trunk.build(read_project(example))
    books = [io.BytesIO(), io.BytesIO()]
    for book, found in zip(books, (report, again), strict=True):
        publish(found, book)
    assert books[0].getvalue() == books[1].getvalue()
    assert to_json(report) == to_json(again)
    assert str(example.resolve()) not in to_json(report)


@pytest.mark.office
def test_every_formula_of_the_workbook_recalculates_to_its_value(report: Report, tmp_path: Path) -> None:
    from natcap.core.workbook import publish

    if recalc.office() is None:
        absent("LibreOffice")
    path = tmp_path / "accounts.xlsx"
    publish(report, path)
    number, wrong = recalc.compare(path, tmp_path)
    assert wrong == []
    assert number > 500


def test_corine_pair_is_refused_and_closes_once_alignment_is_asked_for(shared: Path, tmp_path: Path) -> None:
    """CORINE 2006 and 2012 of a Swiss canton: cells of 100.005 and 99.992 m, origins 61 and 144 m apart."""
    pair = sample_pair(shared, CORINE)
    text = told(project(tmp_path, pair, {"classes": "corine"}))
    assert "cells of 99.99245896 x 99.99245896 m instead of 100.0051243 x 100.0051243 m" in text
    assert "61.0213 m to the west and 144.415 m to the south (0.6102 and 1.444 cells)" in text
    assert 'align = "nearest"' in text
    found = trunk.build(read_project(project(tmp_path, pair, {"classes": "corine", "align": "nearest"})))
    assert all(check.passed for check in found.checks)
    assert "aligned by nearest neighbour" in found.run.fallbacks[0]
    assert any(banner.startswith("ALIGNED") for banner in found.banners)
    assert found.run.choices["align"] == "nearest"
    cell = 100.00512429624578**2 / 10_000
    with rasterio.open(pair["opening"]) as land:
        codes = land.read(1)
    arable = found.figure("extent.opening.map.non_irrigated_arable_land").value
    assert arable == pytest.approx((codes == 12).sum() * cell, rel=1e-12)
    assert found.figure("extent.area.all").value == pytest.approx(codes.size * cell, rel=1e-12)
    assert found.section("habitats").table["item"].tolist()[1:3] == ["Artificial surfaces", "Agricultural areas"]
    assert any("no carbon densities" in str(w) for w in found.warnings)


def test_worldcover_in_degrees_is_refused(shared: Path, tmp_path: Path) -> None:
    start = time.perf_counter()
    text = told(project(tmp_path, sample_pair(shared, WORLDCOVER), {"classes": "esa_worldcover"}))
    assert time.perf_counter() - start < 2
    assert text.count("EPSG:4326") == 2
    assert "Reproject the map with nearest neighbour" in text


def test_map_of_another_list_is_refused_with_codes_cells_and_place(shared: Path, tmp_path: Path) -> None:
    """A crop map of the United States declared as a UKCEH map: 152 is shrubland there."""
    path = str(shared / "samples" / "landcover" / "USDA_CDL_2021_30m.tif")
    text = told(project(tmp_path, {"opening": path, "closing": path}, {"classes": "ukceh_lcm_21"}))
    assert "the code 176 in 303,665 cells" in text
    assert "row 1, column" in text


def test_own_class_list_with_codes_above_255(tmp_path: Path) -> None:
    first = np.array([[111, 231, 231, 512], [111, 311, 311, 512]], "uint16")
    second = np.array([[111, 111, 231, 512], [111, 311, 522, 999]], "uint16")
    for name, codes in (("a.tif", first), ("b.tif", second)):
        write_tif(tmp_path / name, codes, cell=100.0, nodata=None)
    (tmp_path / "classes.csv").write_text(
        "code,name,colour,habitat,managed,semi_natural,role\n111,Town,#aa0000,Built,yes,no,\n231,Meadow,,Green,no,yes,\n"
        "311,Wood,,Green,no,yes,\n512,Lake,,Water,no,yes,\n522,Mudflat,,Water,no,yes,\n999,Nothing,,,,,nodata\n"
    )
    (tmp_path / "pools.csv").write_text(
        "lucode,C_above,C_below,C_soil,C_dead\n111,1,0,0,0\n231,2,0,0,0\n311,9,0,0,0\n512,0,0,0,0\n522,3,0,0,0\n"
    )
    inputs = {"opening": "a.tif", "closing": "b.tif", "class_list": "classes.csv", "carbon_pools": "pools.csv"}
    found = trunk.build(read_project(project(tmp_path, inputs, {})))
    assert found.figure("extent.closing.map.mudflat").value == 1.0
    assert found.figure("extent.net_change.map.no_data").value == 0.0
    assert found.figure("extent.reappraisal.map.no_data").value == 1.0
    assert found.section("extent").table.set_index("item").loc["Town", "managed_expansion"] == 1.0
    assert found.section("extent").table.set_index("item").loc["Lake", "reappraisal"] == -1.0
    assert found.figure("carbon_stock.opening.total").value == 2 + 4 + 18
    assert found.figure("carbon_stock.closing.total").value == 3 + 2 + 9 + 3
    assert found.figure("carbon_stock.change.total").status == "calculated"
    assert found.section("habitats").table["item"].tolist() == ["No data", "Built", "Green", "Water", "All"]
    assert [w for w in found.warnings if "without data" in str(w)]


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    write_tif(tmp_path / "a.tif", np.ones((4, 4), "uint8"), crs="EPSG:4326", origin=(0, 1), cell=0.1)
    (tmp_path / "b.tif").write_text("<VRTDataset/>")
    (tmp_path / "z.geojson").write_text("not json")
    inputs = {"opening": "a.tif", "closing": "b.tif", "zones": "z.geojson", "map": "x"}
    choices = {
        "classes": "ukceh_lcm",
        "align": "bilinear",
        "band": 0,
        "opening_year": 2023,
        "closing_year": 2018,
        "zonefield": "a",
    }
    text = told(project(tmp_path, inputs, choices), trunk.read)  # type: ignore[arg-type]
    for reason in (
        "inputs.map", "choices.zonefield", "Did you mean 'zone_field'?", "choices.align", "choices.band",
        "choices.closing_year",
        "Did you mean 'ukceh_lcm_21'?", "a.tif: found the geographic projection", "b.tif: found a text or XML document",
        "z.geojson: found a file of another kind",
    ):  # fmt: skip
        assert reason in text, reason


def test_missing_files_and_addresses_are_told(tmp_path: Path) -> None:
    text = told(
        project(tmp_path, {"opening": "https://example.org/a.tif", "closing": "nowhere.tif"}, {"classes": "corine"})
    )
    assert "inputs.opening" in text
    assert "inputs.closing" in text


@pytest.mark.parametrize(
    ("spoilt", "reason"),
    [
        ({"closing": {"origin": (400_005.0, 300_000.0)}}, "a shift by half a cell"),
        ({"closing": {"cell": 9.0}}, "cells of 9 x 9 m"),
        ({"closing": {"crs": "EPSG:32630"}}, "projection EPSG:32630 instead of EPSG:27700"),
        ({"closing": {"crs": "EPSG:32630"}, "align": "nearest"}, "Bring both maps to one projection"),
        ({"closing": {"origin": (900_000.0, 300_000.0)}, "align": "nearest"}, "a map of another place"),
        ({"closing": {"nodata": 255}}, "nodata 255 instead of 0"),
        ({"closing": {"nodata": 3}}, "a nodata value, 3, which is also the class Arable"),
        ({"zone_field": "nothing"}, "Set zone_field = one of: id, name"),
        ({"carbon": "all"}, "carbon: one of library, pools, none"),
        ({"soil_depth_cm": 100}, "the soil depth 100 cm, expected soil_depth_cm: one of 30"),
        ({"zones": {"A": box(4e5, 299_700, 400_200, 3e5), "B": box(400_100, 299_700, 400_300, 3e5)}},
         "an overlap of zones in 300 cells: A and B (3.00 ha)"),
        ({"zones": {"A": box(0, 0, 100, 100)}}, "a zone, A, without a cell"),
    ],
    ids=["half cell", "cell size", "projection", "projection asked", "elsewhere", "nodata", "nodata is a class",
         "field", "carbon word", "depth", "overlap", "zone outside"],
)  # fmt: skip
def test_one_thing_wrong(small: Callable[..., Path], spoilt: dict[str, object], reason: str) -> None:
    assert reason in told(small(**spoilt))


def test_zones_in_degrees_are_refused_with_the_reason(small: Callable[..., Path], tmp_path: Path) -> None:
    folder = small()
    write_geojson(tmp_path / "z.geojson", {"A": box(-1.2, 52.5, -1.1, 52.6)}, crs=None)
    text = told(folder)
    assert "a layer of zones in EPSG:4326" in text
    assert "OSTN15" in text


def test_damage_inside_a_map_is_told(small: Callable[..., Path], tmp_path: Path) -> None:
    folder = small()
    noise = np.random.default_rng(1).integers(1, 4, (40, 50)).astype("uint8")
    path = write_tif(tmp_path / "b.tif", noise)
    data = bytearray(path.read_bytes())
    data[-400:-100] = bytes(300)
    path.write_bytes(data)
    assert "b.tif, cell from row 1: found a map that cannot be read" in told(folder)


def test_each_map_may_have_its_own_nodata_when_asked(small: Callable[..., Path]) -> None:
    found = trunk.build(read_project(small(closing={"nodata": 255}, nodata="each")))
    assert "nodata 255 instead of 0" in found.run.fallbacks[0]


def test_zone_partly_outside_the_map_and_small_zones_are_warned_of(small: Callable[..., Path]) -> None:
    found = trunk.build(read_project(small(zones={"A": box(398_000, 298_000, 400_500, 300_000)})))
    assert any("of cells for a zone of 500.0 ha" in str(w) for w in found.warnings)
    assert any("of less than 100 ha" in str(w) for w in trunk.build(read_project(small())).warnings)


def test_strange_zone_ids_make_sound_figure_ids(small: Callable[..., Path]) -> None:
    west, east = box(400_000, 299_600, 400_250, 300_000), box(400_250, 299_600, 400_500, 300_000)
    found = trunk.build(read_project(small(zones={"all": west, "Überfeld <b>": east})))
    assert found.figure("extent.closing.all_2.arable").value == 9.5
    assert found.figure("extent.closing.berfeld_b.deciduous_woodland").value == 10.0
    assert found.section("zones").table["zone_id"].tolist() == ["all", "Überfeld <b>", "all"]


def test_templates_say_what_to_put_in(tmp_path: Path) -> None:
    written = trunk.new(tmp_path / "mine", example=False)
    books = {form.file for form in FORMS}
    assert {p.name for p in written} == {"natcap.toml", "README.md", "carbon_pools.csv"} | books
    settings = (tmp_path / "mine" / "natcap.toml").read_text(encoding="utf-8")
    assert all(f'# {form.input} = "{form.file}"' in settings for form in FORMS)
    text = told(tmp_path / "mine", trunk.read)
    assert {"inputs.opening", "inputs.closing", "inputs.zones"} <= {word.strip(":,") for word in text.split()}
    assert "UKCEH" in (tmp_path / "mine" / "README.md").read_text(encoding="utf-8")
