"""A project of two zones for the tests of services, and the published file of the ONS in small."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely import box

from natcap.accounts import trunk
from natcap.accounts.services.model import GUIDANCE, MODELS
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import write_template
from tests.accounts.maps import project, write_geojson, write_tif

__all__ = ["EAST", "LIBRARY", "PRICE", "READ", "WEST", "Build", "builder", "published", "regulating", "told", "value"]

Build = Callable[..., Report]
LIBRARY: dict[str, Any] = {"services": "library"}
READ: dict[str, Any] = {"zone": "all", "year": 2023, "evidence": "a survey of 2023"}
PRICE: dict[str, Any] = {"price_year": 2022, "basis": "exchange", "evidence": "a study"}
WEST, EAST = "E06000016", "E07000133"


def landscape(folder: Path) -> None:
    """Two zones of ten cells of a hectare. West: 6 deciduous, 4 arable; then 8 and 2. East: 3 urban, 2 suburban, 5
    improved grassland at both dates."""
    east = [20] * 3 + [21] * 2 + [4] * 5
    for name, west in (("opening", [1] * 6 + [3] * 4), ("closing", [1] * 8 + [3] * 2)):
        codes = np.array([west[:5] + east[:5], west[5:] + east[5:]], dtype=np.uint8)
        write_tif(folder / f"{name}.tif", codes, cell=100.0)
    write_geojson(folder / "zones.geojson", {WEST: box(400_000, 299_800, 400_500, 300_000),
                                             EAST: box(400_500, 299_800, 401_000, 300_000)})  # fmt: skip


def builder(folder: Path) -> Build:
    """A function that builds the account of the two zones with choices, inputs and sheets of the workbook."""
    landscape(folder)

    def job(choices: dict[str, Any] | None = None, inputs: dict[str, str] | None = None, years: tuple[int, int] =
            (2021, 2023), **sheets: list[dict[str, Any]]) -> Report:  # fmt: skip
        named: dict[str, Any] = {"opening": "opening.tif", "closing": "closing.tif", "zones": "zones.geojson"}
        if sheets:
            write_template(MODELS, folder / "services.xlsx", "Services", GUIDANCE, True, sheets)
            named["services"] = "services.xlsx"
        chosen = {"classes": "ukceh_lcm_21", "zone_field": "id", "zone_name": "name", "carbon": "none",
                  "price_year": 2022, "opening_year": years[0], "closing_year": years[1]}  # fmt: skip
        chosen = {key: value for key, value in (chosen | (choices or {})).items() if value is not None}
        return trunk.build(read_project(project(folder, named | (inputs or {}), chosen)))

    return job


def told(build: Build, *args: Any, **sheets: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        build(*args, **sheets)
    return str(caught.value)


def value(report: Report, key: str) -> float:
    found = report.figure(f"services.{key}").value
    assert found is not None, key
    return found


def regulating(folder: Path, rows: list[str]) -> None:
    head = "areacd,areanm,geography,indicator,period,observation,measure,unit,lci_95,uci_95,status,notes"
    (folder / "ons.csv").write_text("\ufeff" + "\n".join([head, *rows]) + "\n", encoding="utf-8")


def published(zone: str, year: int, amount: str, indicator: str = "Urban heat regulating") -> str:
    return f"{zone},x,Local Authority District,{indicator},{year}-01-01/P1Y,{amount},Pounds,£ million,,,,"
