"""Find the business projects of a portfolio: a folder of folders, or a pattern; nothing outside the portfolio's own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from natcap.core.problems import Problems
from natcap.core.project import FILE, Project

__all__ = ["INPUT", "Place", "escapes", "files_below", "is_inside", "places_of"]

INPUT = "projects"
_WILD = frozenset("*?[")
_RESULTS = "results"
"""Where `natcap build` writes: no project, unless somebody made it one."""


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one project. `shown` is its path from the portfolio's folder, `name` the last part of it."""

    folder: Path
    shown: str

    @property
    def name(self) -> str:
        return PurePosixPath(self.shown).name


def places_of(project: Project, problems: Problems) -> list[Place]:
    """The project folders that `projects` names, by path. What is no project stays in: it is told when it is read."""
    text = project.inputs.get(INPUT)
    remedy = f'{INPUT} = "clients", or a pattern: {INPUT} = "clients/*/2025"'
    if not isinstance(text, str) or not text.strip():
        problems.add(FILE, str(text), "the name of a folder, in quotes", remedy, cell=f"inputs.{INPUT}")
        return []
    given = PurePosixPath(text)
    if given.is_absolute() or Path(text).is_absolute() or ".." in given.parts or "\\" in text:
        problems.add(FILE, text, "a folder inside the portfolio's folder", remedy, cell=f"inputs.{INPUT}")
        return []
    found: dict[Path, Place] = {}
    for folder in _folders(project.root, text):
        shown = folder.relative_to(project.root).as_posix()
        if not is_inside(folder, project.root):
            problems.add(FILE, shown, "a folder inside the portfolio's folder", "It is a link that leads out of it.",
                         cell=f"inputs.{INPUT}")  # fmt: skip
        elif folder.resolve() in found:
            first = found[folder.resolve()].shown
            problems.add(FILE, shown, "each project once", f"It is a link to {first}.", cell=f"inputs.{INPUT}")
        else:
            found[folder.resolve()] = Place(folder, shown)
    if not found and not problems.errors:
        problems.add(FILE, text, "a folder that holds folders of business projects", remedy, cell=f"inputs.{INPUT}")
    return list(found.values())


def _folders(root: Path, text: str) -> Iterator[Path]:
    """Folders by path; hidden ones, and results that `natcap build` wrote, are none."""
    pattern = text if _WILD & set(text) else f"{text.rstrip('/')}/*"
    for path in sorted(root.glob(pattern)):
        folder = path.parent if path.name == FILE else path
        hidden = any(part.startswith(".") for part in folder.relative_to(root).parts)
        written = folder.name == _RESULTS and not (folder / FILE).is_file()
        if folder != root and folder.is_dir() and not hidden and not written:
            yield folder


def is_inside(path: Path, root: Path) -> bool:
    """Whether a path, its links followed, lies in a folder."""
    return path.resolve().is_relative_to(root.resolve())


def escapes(project: Project, root: Path) -> list[tuple[str, str]]:
    """(input, file) of every file that a project names outside of `root`."""
    named = [
        (key, text) for key, value in project.inputs.items() for text in (value if isinstance(value, list) else [value])
    ]
    return [(key, text) for key, text in named if isinstance(text, str) and not is_inside(project.root / text, root)]


def files_below(project: Project) -> list[Path]:
    """Every file in the project folders, for whoever has to know when one of them changes."""
    places = places_of(project, Problems())
    return [path for place in places for path in sorted(place.folder.rglob("*")) if path.is_file()]
