"""The projects that the server shows: built once per content, then only read."""

from __future__ import annotations

import hashlib
import logging
import threading
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from natcap.carbon.business.portfolio.folders import files_below
from natcap.carbon.business.typed import PATTERN
from natcap.core.problems import InputProblems, Problem
from natcap.core.project import FILE, Project, hash_file, read_project
from natcap.core.report import Report

__all__ = ["Entry", "Shelf", "attempt", "lend"]

log = logging.getLogger("natcap.dashboards")


@dataclass(frozen=True, slots=True)
class Entry:
    """One project: its report, or every problem in its input, or a reference to the server's log."""

    kind: str
    name: str
    report: Report | None = None
    problems: tuple[Problem, ...] = ()
    reference: str = ""
    folder: Path | None = None
    """Where the project is kept; None for what was made of an upload or handed over."""


def lend(report: Report) -> Report:
    """A view of a report for one session: frames are lazy copies, mappings can't be written."""

    def lent(value: Any) -> Any:
        return MappingProxyType(dict(value)) if isinstance(value, Mapping) else value

    sections = tuple(
        replace(s, table=s.table.copy(deep=False), cells=lent(s.cells), marks=lent(s.marks), figures=lent(s.figures))
        for s in report.sections
    )
    lines = None if report.lines is None else report.lines.copy(deep=False)
    return replace(report, sections=sections, lines=lines, geometry=lent(report.geometry))


def attempt(folder: Path, kind: str = "", name: str = "") -> Entry:
    """Build a project folder; nothing but an Entry ever comes out."""
    from natcap.desk import doors

    try:
        project = read_project(folder)
        kind, name = project.kind, project.name
        return Entry(kind, name, doors.build(project))
    except InputProblems as error:
        return Entry(kind, name, None, error.problems)
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("reference %s: a project could not be built", reference)
        return Entry(kind, name, None, (), reference)


def _named(value: Any, project: Project) -> Iterator[Path]:
    """Files named anywhere in a project's inputs."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from _named(inner, project)
    elif isinstance(value, list):
        for inner in value:
            yield from _named(inner, project)
    elif isinstance(value, str) and value and project.path(value).is_file():
        yield project.path(value)


def _files(folder: Path) -> list[Path]:
    try:
        project = read_project(folder)
    except InputProblems:
        return [folder / FILE] if (folder / FILE).is_file() else []
    below = files_below(project) if project.kind == "portfolio" else []
    return [folder / FILE, *_named(project.inputs, project), *sorted(folder.glob(PATTERN)), *below]


def _lent(entry: Entry) -> Entry:
    return replace(entry, report=lend(entry.report)) if entry.report else entry


class Shelf:
    """Projects by folder. A report is made again only when the content of its files has changed."""

    def __init__(self, folders: Iterable[Path] = (), made: Iterable[Entry] = (), writes: bool = True) -> None:
        """`writes`: whether bills typed on a page may be written into the project folders."""
        self.writes = writes
        self.folders = tuple(dict.fromkeys(f.resolve() for f in folders))
        self._made = tuple(made)
        self._lock = threading.Lock()
        self._stamps: dict[Path, tuple[tuple[str, int, int], ...]] = {}
        self._hashes: dict[Path, str] = {}
        self._entries: dict[Path, Entry] = {}

    def entries(self, kind: str = "") -> list[Entry]:
        """Every project of `kind` (or of all kinds), up to date with its files, each lent to one session."""
        with self._lock:
            found = [*self._made, *(self.entry(folder) for folder in self.folders)]
        return [_lent(e) for e in found if kind in ("", e.kind)]

    def again(self, folder: Path) -> Entry:
        """One project, up to date with its files, lent to one session."""
        with self._lock:
            return _lent(self.entry(folder))

    def entry(self, folder: Path) -> Entry:
        """The project in `folder`, built anew only if its content has changed."""
        files = _files(folder)
        stamp = tuple((p.name, s.st_size, s.st_mtime_ns) for p in files for s in [p.stat()])
        if self._stamps.get(folder) != stamp or folder not in self._entries:
            content = hashlib.sha256("".join(hash_file(p) for p in files).encode()).hexdigest()
            if self._hashes.get(folder) != content or folder not in self._entries:
                self._entries[folder] = replace(attempt(folder, _kind_of(folder), folder.name), folder=folder)
            self._hashes[folder], self._stamps[folder] = content, stamp
        return self._entries[folder]


def _kind_of(folder: Path) -> str:
    """The kind a broken project says it is, so that its problems stand on the right page."""
    try:
        text = (folder / FILE).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "business"
    return next((k for k in ("portfolio", "accounts", "business", "farm", "area") if f'"{k}"' in text), "business")
