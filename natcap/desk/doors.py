"""Doors: the name of a job leads to the room that does it, imported only when asked for."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from natcap.core.project import Project, read_project
from natcap.core.report import Report

__all__ = ["BATCHES", "ROOMS", "build", "new"]

ROOMS: dict[str, str] = {
    "accounts": "natcap.accounts.trunk",
    "business": "natcap.carbon.business.trunk",
    "farm": "natcap.carbon.farm.trunk",
    "area": "natcap.progress.trunk",
}
"""Kind of project -> module with `read`, `build` and `new`."""

BATCHES: dict[str, str] = {"portfolio": "natcap.carbon.business.portfolio.trunk"}
"""Kinds that hold many projects of a room at once; their report has a page as well."""


def build(path: Path | Project) -> Report:
    """Build the report of a project folder in memory. Raises InputProblems with everything wrong in its input."""
    project = path if isinstance(path, Project) else read_project(path)
    job: Callable[[Project], Report] = import_module((ROOMS | BATCHES)[project.kind]).build
    return job(project)


def new(kind: str, folder: Path, example: bool) -> list[Path]:
    """Start a project folder of that kind; returns the files written, in the order a newcomer should open them."""
    job: Callable[[Path, bool], list[Path]] = import_module((ROOMS | BATCHES)[kind]).new
    return job(folder, example)
