"""Your own figures on a page: template, upload, every problem with its cell, or the result with its downloads.

A result belongs to one visitor's session; nothing of it is kept anywhere else.
"""

from __future__ import annotations

import asyncio
from typing import Any

from .downloads import buttons
from .frame import failure, problem_list
from .intake import FORMS, LIMIT, Form, Given, template, try_files
from .render import ReportView
from .safe import NOTHING, Choice, Html, Markup, Walk, button, download, entry, html, row, stack, upload
from .shelf import Entry

__all__ = ["own_file"]


class _Trial:
    """One visitor's form and its result."""

    def __init__(self, form: Form, walk: Walk) -> None:
        self.form, self.walk = form, walk
        self.name = entry("Name", placeholder="Whose figures are these?")
        self.period = entry("Period", value="2025", width=260)
        self.files = {slot.key: upload(slot.label, ",".join(form.endings), LIMIT) for slot in form.slots}
        self.choices = {
            key: Choice(label, {text: text for text in options}) for key, (label, options) in form.choices.items()
        }
        self.said = Html(NOTHING, arrive=True)
        self.result = stack(self.said)
        self.button = button("Check and calculate", self.run)

    def parts(self) -> list[Any]:
        asked = [] if self.form.folder else [row(self.name, self.period, *self.choices.values())]
        return [*asked, row(*self.files.values()), row(self.button), self.result]

    async def run(self, _event: Any) -> None:
        """Check and build on a thread; the page stays alive meanwhile."""
        self.button.loading = True
        self._say(html('<p role="status">Reading and checking your file.</p>'))
        files = {k: Given(str(w.filename or ""), bytes(w.value)) for k, w in self.files.items() if w.value}
        chosen = {key: str(picked.value) for key, picked in self.choices.items()}
        try:
            made = await asyncio.to_thread(
                try_files, self.form, self.name.value or "", self.period.value or "", files, chosen
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
            self.result[:] = [self.said, buttons(made.report), *view.parts()]
            self.said.html = html(
                '<div class="fine" role="status"><h2>Your result</h2><p>No problems found. It is kept only while this '
                "page is open: download what you need.</p></div>"
            )


def own_file(kind: str, walk: Walk) -> list[Any]:
    """The block on a page where a visitor tries figures of their own."""
    form = FORMS[kind]
    intro = Html(
        html(
            '<h2 data-anchor="own">Use your own figures</h2><ol><li>Download the template: {shape}.</li>'
            "<li>Fill in {what}. The filled example shows how.</li><li>Choose the file and press Check and calculate. "
            "You get a list of problems with their cells, or the result.</li></ol>",
            shape=form.shape,
            what=form.what,
        )
    )
    ending = "zip" if form.folder else "xlsx"
    templates = row(
        download("Download the template", f"natcap-{kind}-template.{ending}", lambda: template(form, False)),
        download("Download a filled example", f"natcap-{kind}-example.{ending}", lambda: template(form, True)),
    )
    return [intro, templates, *_Trial(form, walk).parts()]
