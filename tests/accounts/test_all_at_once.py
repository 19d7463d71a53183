"""Every problem in one round: what the cells show beside grids that differ, own lists and points beside the rest."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely import box

from natcap.accounts import trunk
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from tests.accounts.maps import project, write_geojson, write_tif

ARABLE = np.full((4, 5), 3, dtype=np.uint8)
CHOICES: dict[str, Any] = {"classes": "ukceh_lcm_21", "comparable": True, "carbon": "none"}


def told(folder: Path, inputs: Mapping[str, Any] | None = None, **choices: Any) -> str:
    named = {"opening": "opening.tif", "closing": "closing.tif"} | dict(inputs or {})
    given = {key: value for key, value in (CHOICES | choices).items() if value is not None}
    with pytest.raises(InputProblems) as caught:
        trunk.build(read_project(project(folder, named, given)))
    lines = str(caught.value).split("\n")
    assert len(lines) == len(set(lines))
    return str(caught.value)


def test_classes_are_told_beside_grids_that_differ(tmp_path: Path) -> None:
    odd = ARABLE.copy()
    odd[2, 3] = 77
    write_tif(tmp_path / "opening.tif", ARABLE, cell=100.0)
    write_tif(tmp_path / "closing.tif", odd, cell=100.0, origin=(400_050.0, 300_000.0))
    zones = {"A": box(400_000, 299_600, 400_300, 300_000), "B": box(400_200, 299_600, 400_500, 300_000)}
    write_geojson(tmp_path / "zones.geojson", zones)
    text = told(tmp_path, {"zones": "zones.geojson"}, zone_field="id")
    assert "a grid with an origin 50 m to the east" in text
    assert "closing.tif, cell row 3, column 4" in text
    assert "the code 77 in 1 cells" in text
    assert "zones.geojson, cell first at" in text
    assert "an overlap of zones in 4 cells: A and B (4.00 ha)" in text


def test_an_own_class_list_tells_all_its_faults_beside_others(tmp_path: Path) -> None:
    write_tif(tmp_path / "opening.tif", ARABLE, cell=100.0)
    write_tif(tmp_path / "closing.tif", ARABLE, cell=90.0)
    (tmp_path / "own.csv").write_text("code,name,colour,role\n3,Field,green,\n3,Wood,,\nx,Lake,,\n5,Town,,tow\n")
    text = told(tmp_path, {"class_list": "own.csv"}, classes=None, minimum_patch_ha="1")
    for said in ("cell C2: found 'green'", "cell A3: found a code, 3, for the second time", "cell A4", "cell D5",
                 "cells of 90 x 90 m", "minimum_patch_ha = 1"):  # fmt: skip
        assert said in text, said


def test_points_of_no_class_are_told_beside_other_faults(tmp_path: Path) -> None:
    write_tif(tmp_path / "opening.tif", ARABLE, cell=100.0)
    write_tif(tmp_path / "closing.tif", ARABLE, cell=90.0)
    (tmp_path / "points.csv").write_text("of,map class,reference class,points\nopening,Arabel,Arable,9\n")
    text = told(tmp_path, {"accuracy": "points.csv"})
    assert "points.csv, cell B2: found the class 'Arabel'" in text
    assert "Did you mean 'Arable'?" in text
    assert "cells of 90 x 90 m" in text


def test_habitats_of_classes_that_occur_are_told_beside_other_faults(tmp_path: Path) -> None:
    write_tif(tmp_path / "opening.tif", ARABLE, cell=100.0)
    write_tif(tmp_path / "closing.tif", ARABLE, cell=90.0)
    (tmp_path / "own.csv").write_text("code,name,habitat\n3,Field,\n5,Town,Built\n")
    text = told(tmp_path, {"class_list": "own.csv"}, classes=None)
    assert "no habitat for the class 3, Field" in text
    assert "cells of 90 x 90 m" in text
