"""Your own workbook: template, upload, every problem with its cell, or the result with its downloads.

Nothing of a visitor's file outlives the build: it's written to a temporary folder that is removed at once, and the
report belongs to that visitor's session alone.
"""

from __future__ import annotations

import asyncio
import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from natcap.core.problems import InputProblems, Problems
from natcap.core.project import FILE, Period
from natcap.core.workbook import UPLOAD, check_package

from .downloads import buttons, zipped
from .frame import failure, problem_list
from .render import ReportView
from .safe import NOTHING, Html, Markup, Walk, button, choice, download, entry, html, row, stack, upload
from .shelf import Entry, attempt

__all__ = ["FORMS", "LIMIT", "Form", "own_file", "project_text", "template_zip", "try_file"]

LIMIT = UPLOAD.file_bytes
"""Largest workbook that is taken, in bytes."""
_ENDINGS = (".xlsx", ".xlsm", ".ods", ".csv", ".xls")


@dataclass(frozen=True, slots=True)
class Form:
    """What a visitor fills in for one kind of project. `input` is the key of the workbook in natcap.toml."""

    kind: str
    input: str
    what: str
    choices: Mapping[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)


FORMS: dict[str, Form] = {
    "business": Form("business", "activity", "your bills, mileage and purchases"),
    "farm": Form("farm", "farm", "your herds, fields, fertiliser and fuel"),
    "area": Form("area", "statistics", "statistics and targets of your area"),
}


def project_text(form: Form, name: str, period: str, file: str, choices: Mapping[str, str]) -> str:
    """A natcap.toml. JSON strings are TOML strings once control characters are gone."""

    def quoted(text: str) -> str:
        return json.dumps(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", text), ensure_ascii=False)

    lines = [f"kind = {quoted(form.kind)}", f"name = {quoted(name)}", f"period = {quoted(period)}", "", "[inputs]"]
    lines.append(f"{form.input} = {quoted(file)}")
    if choices:
        lines += ["", "[choices]", *(f"{key} = {quoted(value)}" for key, value in choices.items())]
    return "\n".join(lines) + "\n"


def _refusals(name: str, period: str, file: str, content: bytes) -> Problems:
    """What can be told before the workbook is opened."""
    problems = Problems()
    if not name.strip() or len(name) > 200:
        problems.add("the form", name, "a name of 1 to 200 characters", cell="Name")
    try:
        Period.parse(period)
    except ValueError as error:
        problems.add("the form", period, str(error).partition(": ")[2] or str(error), cell="Period")
    if not content:
        problems.add("the form", "no file", "a filled-in workbook", "Choose a file first.", cell="File")
    elif len(content) > LIMIT:
        problems.add(_shown(file), f"{len(content):,} bytes", f"at most {LIMIT:,} bytes")
    elif Path(file).suffix.lower() not in _ENDINGS:
        problems.add(_shown(file), Path(file).suffix or "no ending", f"a file ending in {', '.join(_ENDINGS)}")
    return problems


def _shown(file: str) -> str:
    return re.split(r"[/\\]", file)[-1][:120] or "your file"


def _stored(file: str) -> str:
    """A plain name for the file on disk, the visitor's own as far as it is one."""
    stem = re.sub(r"[^A-Za-z0-9 _.-]+", "_", Path(_shown(file)).stem).strip(" ._-")[:80]
    return f"{stem or 'workbook'}{Path(file).suffix.lower()}"


def try_file(form: Form, name: str, period: str, file: str, content: bytes, choices: Mapping[str, str]) -> Entry:
    """Build a report from one uploaded workbook, in a folder that exists only meanwhile."""
    refused = _refusals(name, period, file, content)
    if refused:
        return Entry(form.kind, name, None, tuple(refused))
    with tempfile.TemporaryDirectory(prefix="natcap-") as made:
        folder = Path(made)
        (folder / FILE).write_text(project_text(form, name, period, _stored(file), choices), encoding="utf-8")
        (folder / _stored(file)).write_bytes(content)
        try:
            check_package(folder / _stored(file), _shown(file), UPLOAD)
        except InputProblems as error:
            return Entry(form.kind, name, None, error.problems)
        return attempt(folder, form.kind, name)


def template_zip(kind: str, example: bool) -> bytes:
    """The templates of one kind of project as `natcap new` writes them, in a zip."""
    from natcap.desk import doors

    with tempfile.TemporaryDirectory(prefix="natcap-") as made:
        folder = Path(made) / f"my-{kind}"
        doors.new(kind, folder, example)
        return zipped(folder)


class _Trial:
    """One visitor's form and its result."""

    def __init__(self, form: Form, walk: Walk) -> None:
        self.form, self.walk = form, walk
        self.name = entry("Name", placeholder="Whose figures are these?")
        self.period = entry("Period", value="2025", width=220)
        self.file = upload("Choose your workbook", ",".join(_ENDINGS), LIMIT)
        self.choices = {
            key: choice(label, list(options), value=options[0]) for key, (label, options) in form.choices.items()
        }
        self.button = button("Check and calculate", self.run)
        self.said = Html(NOTHING)
        self.result = stack(self.said)

    def parts(self) -> list[Any]:
        return [row(self.name, self.period, *self.choices.values()), row(self.file, self.button), self.result]

    async def run(self, _event: Any) -> None:
        """Check and build on a thread; the page stays alive."""
        self.button.loading = True
        self._say(html('<p role="status">Reading and checking your workbook.</p>'))
        try:
            made = await asyncio.to_thread(
                try_file,
                self.form,
                self.name.value or "",
                self.period.value or "",
                self.file.filename or "",
                self.file.value or b"",
                {key: control.value for key, control in self.choices.items()},
            )
        finally:
            self.button.loading = False
        self._show(made)

    def _say(self, words: Markup) -> None:
        self.said.html = words
        self.result[:] = [self.said]

    def _show(self, made: Entry) -> None:
        if made.reference:
            self._say(failure(made.reference))
        elif made.report is None:
            self._say(html('<div role="alert">{p}</div>', p=problem_list(made.problems)))
        else:
            view = ReportView(made.report, self.walk, "own")
            self.said.html = html(
                '<div class="ok" role="status"><h2>Your result</h2><p>No problems found. It is kept only while this '
                "page is open: download what you need.</p></div>"
            )
            self.result[:] = [self.said, buttons(made.report), *view.parts()]


def own_file(kind: str, walk: Walk) -> list[Any]:
    """The block on a page where a visitor tries a workbook of their own."""
    form = FORMS[kind]
    intro = Html(
        html(
            "<h2>Use your own workbook</h2><ol><li>Download the template: one sheet for each kind of record, with the "
            "units to choose from.</li><li>Fill in {what}. The example shows how.</li><li>Choose the file and press "
            "Check and calculate. You get a list of problems with their cells, or the result.</li></ol>",
            what=form.what,
        ),
        anchor="own",
    )
    templates = row(
        download("Download the template", f"natcap-{kind}-template.zip", lambda: template_zip(kind, False)),
        download("Download a filled example", f"natcap-{kind}-example.zip", lambda: template_zip(kind, True)),
    )
    return [intro, templates, *_Trial(form, walk).parts()]
