"""Zones that cannot be read or placed: each a clear problem, never a crash."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely import Polygon, box

from natcap.accounts import trunk
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from tests.accounts.maps import project, write_geojson, write_tif

CHOICES: dict[str, Any] = {"classes": "ukceh_lcm_21", "comparable": True, "carbon": "none", "zone_field": "id"}
ZONES = {"N": box(400_000, 299_800, 400_500, 300_000), "S": box(400_000, 299_600, 400_500, 299_800)}


def built(folder: Path, spoil: Callable[[dict[str, Any]], object], **choices: Any) -> Report:
    for name in ("opening.tif", "closing.tif"):
        write_tif(folder / name, np.full((4, 5), 3, dtype=np.uint8), cell=100.0)
    path = write_geojson(folder / "zones.geojson", ZONES)
    found = json.loads(path.read_text(encoding="utf-8"))
    spoil(found)
    path.write_text(json.dumps(found), encoding="utf-8")
    inputs = {"opening": "opening.tif", "closing": "closing.tif", "zones": "zones.geojson"}
    return trunk.build(read_project(project(folder, inputs, CHOICES | choices)))


def first(found: dict[str, Any]) -> dict[str, Any]:
    feature: dict[str, Any] = found["features"][0]
    return feature


def bow_tie(found: dict[str, Any]) -> None:
    ring = Polygon([(4e5, 299_800), (400_500, 3e5), (400_500, 299_800), (4e5, 3e5)]).exterior.coords
    first(found)["geometry"]["coordinates"] = [[list(point) for point in ring]]


@pytest.mark.parametrize(
    ("spoil", "reasons"),
    [
        (lambda f: f.pop("crs"), ("states no projection", "its coordinates are no degrees", "expected zones in EPSG")),
        (lambda f: f.update(crs="here"), ("the projection 'here'", "EPSG code")),
        (lambda f: f.update(crs={"type": "name", "properties": "there"}), ("the projection 'there'",)),
        (lambda f: first(f).update(properties=["N"]), ("cell feature 1", "fields by name")),
        (lambda f: f.update(features=[]), ("no features",)),
        (lambda f: first(f)["properties"].update(id="S"), ("the zone 'S' 2 times", "Dissolve")),
        (lambda f: first(f)["geometry"].update(coordinates="x"), ("a geometry that cannot be read",)),
        (bow_tie, ("cell feature 1 N", "Self-intersection", "Fix Geometries")),
    ],
    ids=["no projection", "text", "text within", "properties", "empty", "twice", "coordinates", "bow tie"],
)
def test_zones_that_are_refused(tmp_path: Path, spoil: Callable[[dict[str, Any]], object], reasons: tuple[str, ...]
                                ) -> None:  # fmt: skip
    with pytest.raises(InputProblems) as caught:
        built(tmp_path, spoil)
    for reason in reasons:
        assert reason in str(caught.value)
    assert "zones.geojson" in str(caught.value)


def test_zones_that_share_a_name_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    report = built(tmp_path, lambda f: [zone["properties"].update(name="Same") for zone in f["features"]],
                   zone_name="name")  # fmt: skip
    assert any("the name 'Same' of 2 zones" in str(warning) for warning in report.warnings)


def test_an_address_is_not_a_file(tmp_path: Path) -> None:
    for text in ("/vsicurl/http://example.org/a.tif", "https://example.org/a.tif"):
        with pytest.raises(InputProblems, match="Addresses and virtual paths are not read: download the file"):
            trunk.build(read_project(project(tmp_path, {"opening": text, "closing": text}, CHOICES)))
