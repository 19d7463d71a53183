"""The farm's workbook: every formula, calculated anew by LibreOffice, gives the figure the program printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from natcap.carbon.farm.trunk import build, new
from natcap.core.project import read_project
from natcap.core.workbook import publish
from tests.conftest import absent
from tests.core.recalc import compare, office


@pytest.mark.office
def test_every_formula_recalculates(tmp_path: Path) -> None:
    if office() is None:
        absent("LibreOffice (soffice)")
    new(tmp_path / "farm", True)
    publish(build(read_project(tmp_path / "farm")), tmp_path / "farm.xlsx")
    count, wrong = compare(tmp_path / "farm.xlsx", tmp_path)
    assert wrong == []
    assert count > 300
