"""A table of areas as a GeoPackage: UK land cover statistics are published as CSV and as GeoPackage."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely

from natcap.accounts import trunk
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from tests.accounts.maps import project


def write_table(path: Path, columns: dict[str, list[Any]], layer: str = "statistics", shapes: bool = True) -> None:
    """A layer of one square a row, or a table without geometry."""
    rows = len(next(iter(columns.values())))
    geometry = shapely.to_wkb(np.array([shapely.box(n, 0, n + 1, 1) for n in range(rows)], dtype=object))
    data = [np.array(values, dtype=object if isinstance(values[0], str) else None) for values in columns.values()]
    pyogrio.raw.write(path, geometry if shapes else None, data, list(columns), layer=layer, driver="GPKG",
                      geometry_type="Polygon" if shapes else None, crs="EPSG:27700" if shapes else None,
                      append=path.exists())  # fmt: skip


WIDE: dict[str, list[Any]] = {
    "Area code": ["N", "N", "S", "S"], "year": [2018, 2023, 2018, 2023], "Arable (ha)": [60.5, 50.5, 10.0, 8.0],
    "Deciduous woodland (ha)": [39.5, 49.5, 0.5, 2.5],
}  # fmt: skip


def build(folder: Path, **choices: Any) -> Report:
    known = {"classes": "ukceh_lcm_21", "comparable": True, "opening_year": 2018, "closing_year": 2023}
    return trunk.build(read_project(project(folder, {"area_table": "t.gpkg"}, known | choices)))


def told(folder: Path, **choices: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        build(folder, **choices)
    return str(caught.value)


@pytest.mark.parametrize("shapes", [True, False])
def test_areas_of_a_layer_by_hand(tmp_path: Path, shapes: bool) -> None:
    """Arable 60.5 + 10 = 70.5 ha, then 58.5; woodland 40, then 52; together 110.5 ha at both dates."""
    write_table(tmp_path / "t.gpkg", WIDE, shapes=shapes)
    report = build(tmp_path)
    known = {"area.all": 110.5, "opening.all.arable": 70.5, "closing.all.arable": 58.5,
             "opening.all.deciduous_woodland": 40.0, "closing.S.deciduous_woodland": 2.5}  # fmt: skip
    for key, value in known.items():
        assert report.figure(f"extent.{key}").value == value, key
    cells = {given.cell: given.sheet for f in report.figures for given in f.trace.inputs if "t.gpkg" in given.file}
    assert cells["C2"] == "statistics"


def test_one_table_of_several_is_asked_for(tmp_path: Path) -> None:
    write_table(tmp_path / "t.gpkg", WIDE)
    write_table(tmp_path / "t.gpkg", WIDE, layer="older")
    assert "Set table_sheet in [choices] to one of: older, statistics" in told(tmp_path)
    assert build(tmp_path, table_sheet="older").figure("extent.area.all").value == 110.5


def test_what_is_wrong_is_told_by_cell(tmp_path: Path) -> None:
    write_table(tmp_path / "t.gpkg", WIDE | {"Arable (ha)": [60.5, -50.5, 10.0, 8.0]})
    assert "t.gpkg, sheet statistics, cell C3: found the area -50.5" in told(tmp_path)


def test_a_view_and_a_cut_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "t.gpkg"
    write_table(path, WIDE)
    data = path.read_bytes()
    with sqlite3.connect(path) as base:
        base.execute("ALTER TABLE statistics RENAME TO hidden")
        base.execute("CREATE VIEW statistics AS SELECT * FROM hidden")
    base.close()
    assert "a GeoPackage without a plain table" in told(tmp_path)
    path.write_bytes(data[: len(data) // 3])
    assert "a GeoPackage that cannot be read" in told(tmp_path)
