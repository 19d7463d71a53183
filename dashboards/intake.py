"""Take a visitor's file: checked before it's opened, built in a folder that exists only meanwhile."""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Any

from natcap.core.problems import InputProblems, Problems
from natcap.core.project import FILE, Period, read_project
from natcap.core.workbook import UPLOAD, check_package

from .downloads import zipped
from .shelf import Entry, attempt

__all__ = ["FORMS", "LIMIT", "Form", "Given", "Slot", "template", "try_files"]

LIMIT = UPLOAD.file_bytes
"""Largest file that is taken, in bytes."""
BOOKS = (".xlsx", ".xlsm", ".ods", ".csv", ".xls")
TEXTS = (".csv", ".toml", ".md", ".txt")
"""Endings of files that are taken out of a zip; nothing else in it is written to disk."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One file of a form: its key in natcap.toml, what it's called on the page, whether it's needed."""

    key: str
    label: str
    needed: bool = True


@dataclass(frozen=True, slots=True)
class Form:
    """What a visitor gives for one kind of project: workbooks, or a whole project folder as a zip."""

    kind: str
    slots: tuple[Slot, ...]
    what: str
    shape: str
    choices: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    folder: bool = False

    @property
    def endings(self) -> tuple[str, ...]:
        return (".zip",) if self.folder else BOOKS


FORMS: dict[str, Form] = {
    "business": Form(
        "business",
        (Slot("activity", "Choose this year's workbook"), Slot("prior", "Last year's workbook, if you have it", False)),
        "your bills, mileage, freight, waste and refrigerants",
        "a workbook with a sheet of activities and the units to choose from",
        {"factor_year_rule": ("Factors when the period crosses two years", ("majority", "blended"))},
    ),
    "farm": Form(
        "farm",
        (Slot("farm", "Choose your workbook"),),
        "your herds, fertiliser, lime, fuel, fields and products",
        "a workbook with a sheet for each kind of record",
        {"gwp": ("Global warming potentials", ("AR5", "AR4", "AR6"))},
    ),
    "area": Form(
        "area",
        (Slot("zip", "Choose the zip"),),
        "the tables of areas, observations, targets and sources, and zip the folder again",
        "a folder of CSV tables and its natcap.toml, in a zip",
        folder=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Given:
    """One file as it arrived."""

    name: str
    content: bytes

    @property
    def shown(self) -> str:
        """The name without any path, as the visitor knows it."""
        return re.split(r"[/\\]", self.name)[-1][:120] or "your file"

    @property
    def stored(self) -> str:
        """A plain name for the disk, the visitor's own as far as it is one."""
        stem = re.sub(r"[^A-Za-z0-9 _.-]+", "_", Path(self.shown).stem).strip(" ._-")[:80]
        return f"{stem or 'workbook'}{Path(self.shown).suffix.lower()}"


def _refused(form: Form, name: str, period: str, files: Mapping[str, Given]) -> Problems:
    """What can be told before any file is opened."""
    problems = Problems()
    if not form.folder and (not name.strip() or len(name) > 200):
        problems.add("the form", name, "a name of 1 to 200 characters", "Fill in Name.", cell="Name")
    try:
        _ = form.folder or Period.parse(period)
    except ValueError as error:
        problems.add("the form", period, str(error).partition(": ")[2] or str(error), "Correct Period.", cell="Period")
    for slot in form.slots:
        given = files.get(slot.key)
        if given is None or not given.content:
            if slot.needed:
                problems.add("the form", "no file", "a filled-in file", f"{slot.label} first.", cell="File")
        elif len(given.content) > LIMIT:
            problems.add(given.shown, f"{len(given.content):,} bytes", f"at most {LIMIT:,} bytes")
        elif Path(given.shown).suffix.lower() not in form.endings:
            problems.add(given.shown, Path(given.shown).suffix or "no ending", f"one of {', '.join(form.endings)}")
    return problems


def try_files(form: Form, name: str, period: str, files: Mapping[str, Given], choices: Mapping[str, str]) -> Entry:
    """Build a report from uploaded files; the folder is gone when this returns."""
    try:
        _refused(form, name, period, files).raise_if_any()
        with tempfile.TemporaryDirectory(prefix="natcap-") as made:
            folder = Path(made)
            if form.folder:
                folder = _unpack(files[form.slots[0].key], folder)
                _inside(folder, form)
            else:
                _lay_out(form, name, period, files, choices, folder)
            return attempt(folder, form.kind, name)
    except InputProblems as error:
        return Entry(form.kind, name, None, error.problems)


def _quoted(text: str) -> str:
    """A TOML string; JSON's are the same once control characters and lone surrogates are gone."""
    return json.dumps(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", text), ensure_ascii=False)


def _lay_out(
    form: Form, name: str, period: str, files: Mapping[str, Given], choices: Mapping[str, str], folder: Path
) -> None:
    """Write the workbooks and the natcap.toml that names them; each workbook passes the guard for uploads."""
    lines = [f"kind = {_quoted(form.kind)}", f"name = {_quoted(name)}", f"period = {_quoted(period)}", "", "[inputs]"]
    taken: set[str] = set()
    for slot in form.slots:
        given = files.get(slot.key)
        if given is None or not given.content:
            continue
        stored = given.stored if given.stored not in taken else f"{slot.key}-{given.stored}"
        taken.add(stored)
        (folder / stored).write_bytes(given.content)
        check_package(folder / stored, given.shown, UPLOAD)
        lines.append(f"{slot.key} = {_quoted(stored)}")
    lines += ["", "[choices]", *(f"{key} = {_quoted(value)}" for key, value in choices.items())]
    (folder / FILE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _unpack(given: Given, into: Path) -> Path:
    """Write a zip's tables into `into` and return the folder that holds natcap.toml. Nothing else gets to the disk."""
    problems = Problems()
    try:
        with zipfile.ZipFile(BytesIO(given.content)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if len(members) > UPLOAD.members or sum(m.file_size for m in members) > UPLOAD.unpacked_bytes:
                limit = f"at most {UPLOAD.members} files and {UPLOAD.unpacked_bytes:,} bytes unpacked"
                problems.add(given.shown, "a zip that unpacks to more", limit)
                problems.raise_if_any()
            for member in members:
                _write(archive, member, into, given.shown, problems)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        problems.add(given.shown, "a damaged file", "a zip of the project folder")
    problems.raise_if_any()
    found = sorted(into.rglob(FILE), key=lambda p: (len(p.parts), str(p)))
    if not found:
        problems.add(given.shown, f"no {FILE}", f"a zip with {FILE} and the tables it names")
        problems.raise_if_any()
    return found[0].parent


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path, shown: str, problems: Problems) -> None:
    path = PurePosixPath(member.filename.replace("\\", "/"))
    plain = all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _.-]{0,99}", part) for part in path.parts)
    if path.suffix.lower() not in TEXTS or path.name.startswith("."):
        return
    if not plain or len(path.parts) > 4:
        problems.add(shown, member.filename, "plain names inside the folder", "Zip the folder again.")
        return
    with archive.open(member) as source:
        content = source.read(UPLOAD.unpacked_bytes + 1)
    if len(content) > member.file_size:
        problems.add(shown, member.filename, "a zip whose sizes are true")
        return
    target = into.joinpath(*path.parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from (text for inner in value.values() for text in _texts(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in _texts(inner))


def _inside(folder: Path, form: Form) -> None:
    """A visitor's natcap.toml may name files of its own folder only."""
    project = read_project(folder)
    problems = Problems()
    if project.kind != form.kind:
        problems.add(FILE, project.kind, form.kind, "Use the page of that kind.", cell="kind")
    for text in _texts(project.inputs):
        if not project.path(text).is_relative_to(folder.resolve()):
            problems.add(FILE, text, "a file of the zip", cell="inputs")
    problems.raise_if_any()


def template(form: Form, example: bool) -> bytes:
    """The workbook to fill as `natcap new` writes it, or the folder to fill as a zip."""
    from natcap.desk import doors

    with tempfile.TemporaryDirectory(prefix="natcap-") as made:
        folder = Path(made) / f"my-{form.kind}"
        doors.new(form.kind, folder, example)
        if form.folder:
            return zipped(folder)
        project = read_project(folder)
        return project.path(str(project.inputs[form.slots[0].key])).read_bytes()
