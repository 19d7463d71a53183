"""The whole example in one go: accounts, a business, a farm and the area's progress, written and then served."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from natcap.core.report import Report

__all__ = ["KINDS", "prepare", "run"]

KINDS: tuple[str, ...] = ("accounts", "business", "farm", "area")
_MARK = ".natcap-demo"


def prepare(folder: Path) -> None:
    """Make an empty demo folder. Raises FileExistsError when the folder holds somebody's own files."""
    if folder.exists():
        if any(folder.iterdir()) and not (folder / _MARK).is_file():
            raise FileExistsError(folder)
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARK).write_text("Made by natcap demo; the next run replaces this folder.\n", encoding="utf-8")


def run(folder: Path, formats: tuple[str, ...]) -> Iterator[tuple[str, Report, list[Path]]]:
    """Fill, build and write each project in turn; yields kind, report and the files written."""
    from natcap.core.outputs import write_outputs
    from natcap.desk import doors

    for kind in KINDS:
        project = folder / kind
        doors.new(kind, project, example=True)
        report = doors.build(project)
        yield kind, report, write_outputs(report, project / "results", formats)
