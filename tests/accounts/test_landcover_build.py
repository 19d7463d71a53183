"""Whole builds from the command line: a project of parcels and one of a table give a report and a workbook."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from natcap.accounts import trunk
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish
from tests.accounts.maps import project
from tests.accounts.test_landcover_tables import CHANGE, LONG
from tests.accounts.test_landcover_vector import CLOSING, OPENING, folder_of
from tests.conftest import absent
from tests.core import recalc

_RUN = "from natcap.desk.cli import main; main()"


def tables(folder: Path, text: str, role: str) -> Path:
    folder.mkdir()
    (folder / "areas.csv").write_text(text, encoding="utf-8")
    return project(folder, {role: "areas.csv"}, {"classes": "ukceh_lcm_21", "comparable": True})


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("build")
    (folder / "parcels").mkdir()
    return {
        "parcels": folder_of(folder / "parcels", OPENING, CLOSING),
        "margins": tables(folder / "margins", LONG, "area_table"),
        "matrix": tables(folder / "matrix", CHANGE, "change_table"),
    }


@pytest.mark.parametrize("kind", ["parcels", "margins", "matrix"])
def test_build_writes_report_and_workbook(folders: dict[str, Path], kind: str) -> None:
    folder = folders[kind]
    done = subprocess.run([sys.executable, "-c", _RUN, "build", str(folder)], capture_output=True, text=True,
                          check=False, timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 problems" in done.stdout
    (written,) = (folder / "results").glob("*.json")
    assert (folder / "results" / f"{written.stem}.xlsx").is_file()
    assert str(folder) not in written.read_text(encoding="utf-8")
    found = json.loads(written.read_text(encoding="utf-8"))
    assert "extent.area.all" in json.dumps(found)


def made(folder: Path) -> Report:
    return trunk.build(read_project(folder))


@pytest.mark.office
@pytest.mark.parametrize("kind", ["parcels", "margins", "matrix"])
def test_formulas_give_the_same_numbers(folders: dict[str, Path], tmp_path: Path, kind: str) -> None:
    """LibreOffice recalculates the workbook from its formulas and finds what was published."""
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    publish(made(folders[kind]), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 80
    assert wrong == []
