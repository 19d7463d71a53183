"""Small business projects for tests: a workbook made by the template writer, a natcap.toml, and the build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from natcap.carbon.business.models import models
from natcap.carbon.business.trunk import build
from natcap.core.problems import InputProblems, Problem
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import write_template

__all__ = ["BILL", "project", "refused", "report", "value"]

BILL = {"site": "Depot", "start": "2025-01-01", "end": "2025-12-31"}
Rows = Sequence[Mapping[str, object]]


def project(folder: Path, period: str = "2025", choices: str = "", inputs: str = "", **tables: Rows) -> Path:
    """Write a project; rows of the sheet Activity get a site and the whole of 2025 unless they say otherwise."""
    folder.mkdir(exist_ok=True)
    rows = [{**BILL, **row} for row in tables.pop("activity", [])]
    write_template(models(), folder / "activity.xlsx", "Test", (), False, {"activity": rows, **tables})
    (folder / "natcap.toml").write_text(
        f'kind = "business"\nname = "Test Ltd"\nperiod = "{period}"\n[inputs]\nactivity = "activity.xlsx"\n{inputs}'
        f"[choices]\n{choices}",
        encoding="utf-8",
    )
    return folder


def report(folder: Path, **tables: Rows) -> Report:
    """The report of the sheets given, for 2025."""
    return build(read_project(project(folder, **tables)))


def refused(folder: Path, **tables: Rows) -> dict[tuple[str, str], Problem]:
    """Every problem of the sheets given, by sheet and cell."""
    with pytest.raises(InputProblems) as told:
        report(folder, **tables)
    return {(p.sheet, p.cell): p for p in told.value.problems}


def value(found: Report, key: str) -> float:
    """A figure of the report, which must have one."""
    number = found.figure(f"business.{key}").value
    assert number is not None
    return number
