"""Type in a bill: worked out while it's typed, saved below the records of the project, taken out again.

Nothing is calculated here: the ledger reads a typed row as it reads a row of a workbook, and the account is built anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from natcap.carbon.business.offers import unit_text
from natcap.carbon.business.preview import Ledger, Preview
from natcap.carbon.business.typed import Bill, Memory
from natcap.core.problems import InputProblems
from natcap.core.project import read_project

from .blank import NAMES, blank
from .counted import result, saved, saved_rows, spoken, total
from .frame import problem_list
from .offered import offered
from .pieces import bullets
from .safe import NOTHING, Fields, Html, Markup, download, html, row, stack
from .shelf import Entry, Shelf

__all__ = ["bill_form"]

_KEPT = ("site", "activity", "unit", "basis", "item", "status")
"""What the next bill probably shares with the one just saved; its number and days never are."""


def bill_form(shelf: Shelf, entry: Entry, show: Callable[[Entry], None]) -> list[Any]:
    """The block of a page on which a bill is typed; nothing for what has no folder."""
    if entry.kind != "business" or entry.folder is None:
        return []
    try:
        ledger = Ledger(read_project(entry.folder))
    except InputProblems:
        return []
    return _BillForm(shelf, entry, ledger, show).parts()


class _BillForm:
    """One visitor's form, what it says, and the rows typed so far."""

    def __init__(self, shelf: Shelf, entry: Entry, ledger: Ledger, show: Callable[[Entry], None]) -> None:
        self.shelf, self.entry, self.ledger, self.show = shelf, entry, ledger, show
        self.texts: dict[str, str] = dict.fromkeys(NAMES, "")
        self.preview: Preview | None = None
        self.kept = shelf.writes
        if not self.kept:
            self._only_here()
        self.fields = Fields(blank(), NAMES, self.typed)
        self.result = Html(result(None))
        self.actions = Html(NOTHING, self.go)
        self.said = Html(NOTHING, self.go, arrive=True)
        self.rows = Html(NOTHING, self.go)
        self._turn = 0
        self._busy = False
        self._shown: list[Bill] = []
        self._seen: frozenset[str] = frozenset()
        self.fields.offers = offered(ledger, self.texts)
        self._act()
        self._list()

    def _only_here(self) -> None:
        """Keep the rows in this session, below those of the file, to be given away as a download."""
        try:
            data = self.ledger.sheet.read()
        except InputProblems:
            data = b""
        self.ledger.sheet = Memory(self.ledger.sheet.name, data)
        self.kept = False

    def parts(self) -> list[Any]:
        name = self.ledger.sheet.name
        where = (
            html("Saving adds a row to <code>{n}</code> in the project folder and counts it; your own files are never "
                 "changed.", n=name)
            if self.kept else
            html("This page does not write into the project folder: download what you typed as <code>{n}</code> and "
                 "put it beside natcap.toml, and a build counts it.", n=name)
        )  # fmt: skip
        intro = html(
            '<h2 data-anchor="bill">Add a bill</h2><p>One bill, delivery or log entry of {period}, worked out as you '
            "type by the same rules as your records. {where}</p>",
            period=str(self.ledger.period), where=where,
        )  # fmt: skip
        given = row(download("Download the typed bills as CSV", name, self._file))
        return [stack(Html(intro), self.fields, self.result, self.actions, self.said, self.rows, given)]

    def _file(self) -> bytes:
        """The rows as a file; its header alone where there are none."""
        data = self.ledger.sheet.read()
        return data if data.strip() else self.ledger.sheet.head()

    async def typed(self, texts: dict[str, str]) -> None:
        """Work out what stands in the form; only the newest answer is shown."""
        if texts == self.texts:
            return
        self.texts = texts
        await self._work_out()

    async def _work_out(self) -> None:
        self._turn += 1
        turn, texts = self._turn, dict(self.texts)
        try:
            made = await asyncio.to_thread(self.ledger.preview, texts)
        except InputProblems as error:
            self.said.html = html('<div role="alert">{p}</div>', p=problem_list(error.problems))
            return
        if turn == self._turn:
            self.preview = made if any(t.strip() for t in texts.values()) else None
            self._tell()

    def _tell(self, all_missing: bool = False) -> None:
        """Put the words beside the fields, the result below them, and the label on the button."""
        made = self.preview
        told: dict[str, tuple[str, str]] = {}
        for finding in (*made.warnings, *made.problems) if made else ():
            kind = "warning" if finding.warning else "problem"
            before = told.get(finding.field)
            joined = f"{before[1]} {finding.text}" if before and before[0] == kind else finding.text
            told[finding.field] = (kind, joined)
        if made and all_missing:
            told |= {name: ("problem", "This is needed.") for name in made.missing if name not in told}
        self.fields.told = told
        self.fields.said = spoken(made) if made else ""
        self.result.html = result(made)
        self.fields.offers = offered(self.ledger, self.texts)
        self._act()

    def _act(self) -> None:
        """The buttons, under what has to be looked at first."""
        made = self.preview
        label = "Save this bill" if self.kept else "Add this bill"
        look: Markup = NOTHING
        self._seen = frozenset(f.text for f in made.warnings) if made and made.ready else frozenset()
        if self._seen:
            label = f"{label} all the same"
            look = html("<p>Look at this first:</p>{items}", items=bullets(sorted(self._seen)))
        self.actions.html = html(
            '{look}<p class="acts"><button class="push main" data-key="save" data-go="save">{label}</button> '
            '<button class="push" data-key="clear" data-go="clear">Clear the form</button></p>',
            look=look, label=label,
        )  # fmt: skip

    def go(self, word: str) -> Any:
        """Hear the buttons."""
        verb, _, rest = word.partition(":")
        if verb == "clear":
            self._fill({})
            self.said.html = NOTHING
        elif verb == "save":
            return self.save()
        elif verb == "out" and rest.isdecimal() and len(rest) < 9:
            return self.take_out(int(rest))
        return None

    async def save(self) -> None:
        """Write the row and build the account anew; refused with words beside the fields where it isn't fit."""
        if self._busy:
            return
        self._busy = True
        try:
            await self._save(dict(self.texts))
        finally:
            self._busy = False

    async def _save(self, texts: dict[str, str]) -> None:
        seen = self._seen
        await self._work_out()
        made = self.preview
        if texts != self.texts or made is None or not made.ready:
            self._tell(all_missing=True)
            self._refuse(spoken(made) if made else "Fill in the form first.")
            return
        if {f.text for f in made.warnings} - seen:
            self._refuse("Something stands above the button that you have not seen yet.")
            return
        try:
            at = await asyncio.to_thread(self.ledger.sheet.add, made.texts)
        except InputProblems as error:
            self._stopped(error, made)
            return
        await self._built()
        self.said.html = self._saved(at, made)
        self._fill({name: self.texts[name] for name in _KEPT})

    def _refuse(self, why: str) -> None:
        self.said.html = html('<div class="trouble" role="alert"><h2>Not saved yet</h2><p>{why}</p></div>', why=why)

    def _stopped(self, error: InputProblems, made: Preview) -> None:
        """A file that can't be written: the row is kept here and offered as a download."""
        self._only_here()
        self.ledger.sheet.add(made.texts)
        self.said.html = html(
            '<div class="trouble" role="alert"><h2>Not saved in the folder</h2><p>{why}</p><p>The row is kept while '
            "this page is open: download the typed bills as CSV.</p></div>",
            why="; ".join(str(p) for p in error.problems),
        )
        self._list()

    async def _built(self) -> None:
        """The account as it is now, on the page and in the list of rows."""
        folder = self.entry.folder
        if self.kept and folder is not None:
            self.entry = await asyncio.to_thread(self.shelf.again, folder)
            self.show(self.entry)
        self._list()

    def _list(self) -> None:
        try:
            self._shown = bills = self.ledger.sheet.bills()
        except InputProblems as error:
            self._shown = []
            self.rows.html = problem_list(error.problems)
            return
        self.rows.html = saved_rows(self.ledger.sheet.name, bills, self.entry.report, self.kept)

    def _saved(self, at: int, made: Preview) -> Markup:
        if not self.kept:
            now = "Kept while this page is open: download the typed bills as CSV below."
        elif self.entry.report is None:
            now = "The account can't be worked out yet: what is in the way stands at the top of the page."
        else:
            now = f"The account above counts it: {total(self.entry.report)}."
        return saved("Saved" if self.kept else "Added", made, f"{self.ledger.sheet.name}, cell C{at}", now)

    async def take_out(self, number: int) -> None:
        """Take a row out of the file; its texts go back into the form, from where it can be saved again."""
        try:
            bill = next((b for b in self._shown if b.row == number), None)
            if bill is None:
                return
            await asyncio.to_thread(self.ledger.sheet.remove, bill)
        except InputProblems as error:
            self.said.html = html('<div role="alert">{p}</div>', p=problem_list(error.problems))
            return
        await self._built()
        self.said.html = html(
            '<div class="fine" role="status"><h2>Taken out</h2><p>Row {row} is no longer in {name}. What it said '
            "stands in the form: change it and save it again, or clear the form.</p></div>",
            row=str(number), name=self.ledger.sheet.name,
        )  # fmt: skip
        self._fill(_texts(bill))

    def _fill(self, texts: dict[str, str]) -> None:
        self.texts = {name: texts.get(name, "") for name in NAMES}
        self.fields.fill = {**self.texts, "*": "activity" if not texts else ""}
        self.preview = None
        self._turn += 1
        self._tell()


def _texts(bill: Bill) -> dict[str, str]:
    """A row as it stands in a form, its unit in words."""
    return {name: unit_text(bill[name]) if name == "unit" and bill[name] else bill[name] for name in NAMES}
