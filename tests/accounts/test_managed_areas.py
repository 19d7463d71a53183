"""Areas that say what is managed: polygons of planting schemes, of mineral permissions and of created wetlands."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from shapely import box

from tests.accounts.maps import write_geojson
from tests.accounts.test_change_rules import FEN, WOOD, Maps, build, folder, land, told

__all__ = ["folder"]


def areas(path: Path, **kinds: shapely.Geometry) -> None:
    """One polygon a kind; underscores stand for the spaces."""
    features = write_geojson(path, kinds).read_text()
    for kind in kinds:
        features = features.replace(f'"id": "{kind}"', f'"kind": "{kind.replace("_", " ")}"')
    path.write_text(features)


def test_managed_inside_the_right_polygon_alone(folder: Maps, tmp_path: Path) -> None:
    """To fen: 10 cells in the scheme, 10 in the pit, 10 in neither: 10 managed. To woodland the same 30 cells are one
    patch that meets the scheme, and so managed as a whole (method sheet A1)."""
    later = land(4, 30)
    later[0, :], later[1, :] = WOOD, FEN
    areas(tmp_path / "a.geojson", planting_scheme=box(4e5, 299_900, 400_100, 3e5),
          mineral_permission=box(400_100, 299_900, 400_200, 3e5))  # fmt: skip
    report = build(folder(land(4, 30), later, inputs={"managed_areas": "a.geojson"}))
    table = report.section("extent").table.set_index("item")
    for name, managed, free in (("Deciduous woodland", 0.3, 0.0), ("Fen", 0.1, 0.2)):
        assert table.loc[name, "managed_expansion"] == pytest.approx(managed)
        assert table.loc[name, "unmanaged_expansion"] == pytest.approx(free)
    assert set(report.section("flows").table["label"]) == {"managed in part", "managed"}
    assert report.run.controls["changed cells in managed areas"] == "40"


def test_a_patch_that_meets_no_planting_scheme_stays_unmanaged(folder: Maps, tmp_path: Path) -> None:
    """Two new woods: cells 0 to 4 meet the scheme over cells 3 and 4, cells 8 to 11 do not: 5 managed, 4 unmanaged."""
    later = land(4, 30)
    later[0, 0:5] = later[0, 8:12] = WOOD
    areas(tmp_path / "a.geojson", planting_scheme=box(400_030, 299_900, 400_070, 3e5))
    report = build(folder(land(4, 30), later, inputs={"managed_areas": "a.geojson"}))
    row = report.section("extent").table.set_index("item").loc["Deciduous woodland"]
    assert row["managed_expansion"] == pytest.approx(0.05)
    assert row["unmanaged_expansion"] == pytest.approx(0.04)
    assert any("a.geojson" in note for note in report.section("extent").notes)


def test_bad_managed_areas(folder: Maps, tmp_path: Path) -> None:
    areas(tmp_path / "a.geojson", planting_sceme=box(4e5, 299_900, 400_100, 3e5))
    text = told(folder(land(), land(), inputs={"managed_areas": "a.geojson"}))
    assert "a.geojson, cell feature 1: found 'planting sceme'" in text
    assert "Did you mean 'planting scheme'?" in text
    write_geojson(tmp_path / "a.geojson", {"x": box(4e5, 299_900, 400_100, 3e5)})
    assert "no field kind" in told(folder(land(), land(), inputs={"managed_areas": "a.geojson"}))
