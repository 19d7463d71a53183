"""Living England: polygons by the names of their classes; a raster by a class list of the user's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from shapely import box

from natcap.accounts import trunk
from natcap.accounts.classes import class_list
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from tests.accounts.maps import project, write_geojson, write_tif


def layer(path: Path, **names: str) -> None:
    """Three squares of 1 ha, a, b and c, with the class of each as A_pred and Primary_Hab."""
    import json

    shapes = {key: box(4e5 + 100 * n, 3e5, 4e5 + 100 * n + 100, 3e5 + 100) for n, key in enumerate(names)}
    write_geojson(path, shapes)
    found = json.loads(path.read_text())
    for feature in found["features"]:
        name = names[feature["properties"]["id"]]
        feature["properties"] |= {"A_pred": name, "Primary_Hab": name}
    path.write_text(json.dumps(found))


def polygons(tmp_path: Path, classes: str, field: str, opening: dict[str, str], closing: dict[str, str]) -> Report:
    layer(tmp_path / "a.geojson", **opening)
    layer(tmp_path / "b.geojson", **closing)
    folder = project(tmp_path, {"opening": "a.geojson", "closing": "b.geojson"},
                     {"classes": classes, "class_field": field, "carbon": "none", "comparable": True})  # fmt: skip
    return trunk.build(read_project(folder))


def value(report: Report, key: str) -> float:
    found = report.figure(key).value
    assert found is not None
    return float(found)


def test_polygons_of_2021_by_A_pred(tmp_path: Path) -> None:
    """Of 3 ha one is wood, one grass that becomes fen; one is unclassified at the opening: land of no class, 1 ha."""
    opening = {
        "a": "Broadleaved, Mixed and Yew Woodland",
        "b": "Acid, Calcareous, Neutral Grassland",
        "c": "Unclassified",
    }
    found = polygons(tmp_path, "living_england_2021", "A_pred", opening,
                     opening | {"b": "Fen, Marsh and Swamp", "c": "Water"})  # fmt: skip
    assert value(found, "extent.opening.all.broadleaved_mixed_and_yew_woodland") == 1
    assert value(found, "extent.closing.all.fen_marsh_and_swamp") == 1
    assert value(found, "extent.opening.all.no_data") == 1
    assert value(found, "habitat.opening.all.semi_natural_grassland") == 1
    assert found.figure("habitat.opening.all.semi_natural_grassland").status == "recalled"  # the crosswalk is judged
    assert all(check.passed for check in found.checks)


def test_polygons_of_2022_23_by_Primary_Hab(tmp_path: Path) -> None:
    opening = {"a": "Improved and Semi-Improved Grassland", "b": "Unimproved Grassland"}
    found = polygons(tmp_path, "living_england_2022_23", "Primary_Hab", opening, opening | {"a": "Solar Farms"})
    assert value(found, "extent.closing.all.solar_farms") == 1
    assert value(found, "habitat.closing.all.urban") == 1


def test_names_of_one_edition_are_not_those_of_the_other(tmp_path: Path) -> None:
    opening = {"a": "Solar Farms", "b": "Bog, Bracken"}
    with pytest.raises(InputProblems) as caught:
        polygons(tmp_path, "living_england_2021", "A_pred", opening, opening)
    assert "the class 'Solar Farms' in A_pred" in str(caught.value)
    assert "the class 'Bog, Bracken' in A_pred" in str(caught.value)


def test_editions_differ_and_share_no_code() -> None:
    """16 classes and 17; no code of either would fit the byte of somebody's raster by chance."""
    one, other = class_list("living_england_2021"), class_list("living_england_2022_23")
    assert (len(one.codes), len(other.codes)) == (16, 17)
    assert not set(one.codes) & set(other.codes)
    assert min(*one.codes, *other.codes) > 255
    assert one.verified == "read-secondary"


def test_a_raster_has_codes_that_nobody_published(tmp_path: Path) -> None:
    """Codes 1 and 2 are refused under the list of the library, and read with the names that the user gives them."""
    for name in ("a.tif", "b.tif"):
        write_tif(tmp_path / name, np.array([[1, 2], [2, 2]], dtype=np.uint8))
    inputs = {"opening": "a.tif", "closing": "b.tif"}
    choices = {"carbon": "none", "comparable": True}
    with pytest.raises(InputProblems) as caught:
        trunk.build(read_project(project(tmp_path, inputs, choices | {"classes": "living_england_2022_23"})))
    said = str(caught.value)
    print(said)
    assert "class_list" in said
    (tmp_path / "le.csv").write_text("code,name,habitat\n1,Bog,Wetland\n2,Scrub,Woodland\n")
    found = trunk.build(read_project(project(tmp_path, inputs | {"class_list": "le.csv"}, choices)))
    assert value(found, "extent.opening.all.bog") == 0.01
