"""Tables of areas of one date, as statistics of land cover come, for the tests that read them.

A county of 100 ha has 60 ha of arable land, 40 of improved grassland at the opening, and 15 of woodland at the closing;
a city beside it is twice that.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pytest
import shapely
from shapely import box

from natcap.accounts.cover import read_cover
from natcap.accounts.margins import Margins
from natcap.accounts.reader import InputReader
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from tests.accounts.maps import project

__all__ = ["Areas", "folder_of", "gpkg", "judge", "one", "pair", "read", "told", "wide"]

Areas = dict[tuple[str, int], tuple[float, float]]
NAMES = {"Deciduous woodland": (0, 15), "Arable": (60, 50), "Improved grassland": (40, 35)}
CODES = {"Deciduous woodland": "1", "Arable": "3", "Improved grassland": "4"}
ZONES = {"E10000018": ("Leicestershire", 1), "E06000016": ("Leicester", 2)}


def wide(which: int, heads: str = "{name} (ha)", factor: float = 1, extra: str = "", more: str = "") -> str:
    """A table of one date: zones with their code and name, classes with these headers, hectares times a factor.

    `extra` are headers and `more` the values behind the classes, in which {ha} is the area of the zone in hectares.
    """
    header = ["CTYUA23CD", "CTYUA23NM"]
    header += [f'"{heads.format(name=name, code=CODES[name], year=(2015, 2023)[which])}"' for name in NAMES]
    lines = [",".join([*header, extra] if extra else header)]
    for key, (name, size) in ZONES.items():
        areas = [f"{areas[which] * size * factor:.10g}" for areas in NAMES.values()]
        lines.append(",".join([key, name, *areas, *([more.format(ha=100 * size, km2=size)] if more else [])]))
    return "\n".join(lines) + "\n"


def folder_of(tmp_path: Path, tables: dict[str, str | bytes], **choices: Any) -> Path:
    """A project of these tables by input; a text is a CSV file, bytes are a GeoPackage."""
    inputs = {}
    for role, table in tables.items():
        inputs[role] = f"{role}.gpkg" if isinstance(table, bytes) else f"{role}.csv"
        (tmp_path / inputs[role]).write_bytes(table if isinstance(table, bytes) else table.encode())
    return project(tmp_path, inputs, {"classes": "ukceh_lcm_21", "comparable": True} | choices)


def pair(opening: str | bytes, closing: str | bytes) -> dict[str, str | bytes]:
    return {"opening_table": opening, "closing_table": closing}


def read(tmp_path: Path, tables: dict[str, str | bytes], **choices: Any) -> tuple[InputReader, Areas]:
    """Hectares by zone and class code at both dates; every problem is a failure."""
    reader = InputReader(read_project(folder_of(tmp_path, tables, **choices)))
    found = read_cover(reader, reader.classes())
    reader.problems.raise_if_any()
    assert found is not None
    assert found.areas is not None
    counts = found.areas.counts
    assert isinstance(counts, Margins)
    codes = (0, *counts.codes)
    areas = {
        (zone, code): (float(counts.begin[z, n]) / 1e6, float(counts.end[z, n]) / 1e6)
        for z, zone in enumerate(counts.zones)
        for n, code in enumerate(codes)
    }
    return reader, areas


def told(tmp_path: Path, tables: dict[str, str | bytes], **choices: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        read(tmp_path, tables, **choices)
    said = str(caught.value)
    assert str(tmp_path.resolve()) not in said
    return said


def one(text: str) -> dict[str, str | bytes]:
    return {"area_table": text}


EXPECTED = {
    ("E10000018", 1): (0, 15), ("E10000018", 3): (60, 50), ("E10000018", 4): (40, 35),
    ("E06000016", 1): (0, 30), ("E06000016", 3): (120, 100), ("E06000016", 4): (80, 70),
}  # fmt: skip


def judge(areas: Areas) -> None:
    assert {key: hectares for key, hectares in areas.items() if key[1]} == EXPECTED
    assert all(hectares == (0, 0) for key, hectares in areas.items() if not key[1])


def gpkg(path: Path, layers: dict[str, str]) -> bytes:
    """A GeoPackage with tables as layers, each row on a square of 1 km2."""
    for name, text in layers.items():
        header, *rows = [line.split(",") for line in text.replace('"', "").splitlines()]
        shapes = np.array([box(1000 * n, 0, 1000 * n + 1000, 1000) for n in range(len(rows))], dtype=object)
        columns = [
            np.array(values, dtype=object if n < 2 else float) for n, values in enumerate(zip(*rows, strict=True))
        ]
        pyogrio.raw.write(path, shapely.to_wkb(shapes), columns, header, layer=name, driver="GPKG", crs="EPSG:27700",
                          geometry_type="Polygon", append=path.exists())  # fmt: skip
    found = path.read_bytes()
    path.unlink()
    return found
