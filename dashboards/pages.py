"""Routes and the pages of the rooms: what the shelf holds of a kind, then a visitor's own workbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from natcap.core.report import Report

from . import home
from .bill import bill_form
from .board import board
from .downloads import buttons
from .finder import Finder
from .frame import KINDS, PAGES, failure, guarded, head, problem_list
from .intake import FORMS
from .render import ReportView
from .safe import NOTHING, Choice, Html, Walk, html, stack
from .shelf import Entry, Shelf
from .upload import own_file

__all__ = ["room", "routes"]

_INTRO = {
    "accounts": "What the area holds, what changed between two dates, and what it stores.",
    "business": "What a business emits by scope, where it comes from, and the bill behind every number.",
    "portfolio": "Many businesses at once: what they emit together, how they spread, each beside similar ones.",
    "farm": "What a farm emits by source, per hectare, and what the figures rest on.",
    "area": "Where the area stands against its dated targets for carbon, circular economy and energy.",
}
_EMPTY = {
    "accounts": "This page will show extent and change of every habitat by zone, a map, and carbon stock.",
    "business": "This page will show emissions by scope, category and site, with the bill behind every number.",
    "portfolio": "This page will show what many businesses emit, how they spread, and each beside similar ones.",
    "farm": "This page will show emissions by source and gas, per hectare, and what they rest on.",
    "area": "This page will show the board of targets, the series behind each, and how far it is off its path.",
}


def _empty(kind: str) -> Html:
    return Html(
        html(
            '<div class="empty"><h2>Nothing here yet</h2><p>{text}</p><p>Next step: <code>natcap new {kind} my-{kind} '
            "--example</code>, then <code>natcap serve my-{kind}</code>. The example is filled in, so that you see a "
            "whole result first.</p></div>",
            text=_EMPTY[kind],
            kind=kind,
        )
    )


def _own_maps() -> Html:
    """Maps are large and stay where they are: a folder on this machine, not an upload."""
    return Html(
        html(
            '<h2 data-anchor="own">Use your own maps</h2><ol>'
            "<li>Make a folder: <code>natcap new accounts my-area</code>.</li>"
            "<li>Put two land-cover maps (GeoTIFF) and the zones into it and name them in its natcap.toml.</li>"
            "<li><code>natcap check my-area</code> lists every problem; <code>natcap build my-area</code> writes the "
            "workbook; <code>natcap serve my-area</code> shows this page for it.</li></ol>"
        )
    )


def _own_folder() -> Html:
    """Thousands of businesses stay where they are: a folder on this machine, not an upload."""
    return Html(
        html(
            '<h2 data-anchor="own">Use your own businesses</h2><ol>'
            "<li>Make a folder: <code>natcap new portfolio my-hub</code>.</li>"
            "<li>Fill one long table of all their bills; or put a folder of business projects into it, name it in its "
            "natcap.toml, and say in the register who each of them is.</li>"
            "<li><code>natcap check my-hub</code> lists every problem of every business; <code>natcap build my-hub"
            "</code> writes the workbook; <code>natcap serve my-hub</code> shows this page for it.</li></ol>"
        )
    )


def _finder(report: Report, go: Callable[[str], None]) -> list[Any]:
    """Where there is a table of businesses, a line to find one in it."""
    held = {s.id: s for s in report.sections}
    if "portfolio_businesses" not in held:
        return []
    left = held["portfolio_left_out"].table["business"].tolist() if "portfolio_left_out" in held else []
    return Finder(held["portfolio_businesses"], go, left).parts()


def _entry_parts(entry: Entry, walk: Walk) -> list[Any]:
    if entry.reference:
        return [Html(failure(entry.reference))]
    if entry.report is None:
        return [Html(html("<p>{name}</p>{list}", name=entry.name, list=problem_list(entry.problems)))]
    view = ReportView(entry.report, walk)
    first, *rest = view.parts()
    targets = board(entry.report)
    finders = _finder(entry.report, view.go)
    return [first, buttons(entry.report), *([Html(targets)] if targets else []), *finders, *rest]


def _ways(kind: str, entries: list[Entry]) -> Html:
    """What a visitor can do on the page beside reading it."""
    bill = html('<button class="link" data-jump="bill">Add a bill</button> · ')
    return Html(
        html(
            '<p>{bill}<button class="link" data-jump="own">Use your own figures</button></p>',
            bill=bill if kind == "business" and any(e.folder for e in entries) else NOTHING,
        )
    )


def room(shelf: Shelf, kind: str) -> list[Any]:
    """The page of one kind of project."""
    walk = Walk()
    entries = shelf.entries(kind)
    parts: list[Any] = [head(KINDS[kind], _INTRO[kind]), _ways(kind, entries)]
    body = stack(*(_entry_parts(entries[0], walk) if entries else [_empty(kind)]))

    def show(entry: Entry) -> None:
        body[:] = _entry_parts(entry, walk)

    bill = stack(*(bill_form(shelf, entries[0], show) if entries else []))
    if len(entries) > 1:
        names = {f"{index}. {entry.name}": entry for index, entry in enumerate(entries, 1)}

        def switch(entry: Entry) -> None:
            show(entry)
            bill[:] = bill_form(shelf, entry, show)

        parts.append(Choice("Which one", names, switch))
    parts += [body, bill]
    parts += own_file(kind, walk) if kind in FORMS else [_own_folder() if kind == "portfolio" else _own_maps()]
    return [*parts, walk]


def routes(shelf: Shelf) -> dict[str, Callable[[], Any]]:
    """Every route with the function that makes its page anew for each session."""
    from . import factors

    builds: dict[str, Callable[[], list[Any]]] = {"": lambda: home.parts(shelf), "factors": factors.parts}
    for kind, route in KINDS.items():
        builds[route] = lambda kind=kind: room(shelf, kind)  # type: ignore[misc]
    return {f"/{route}": guarded(route, builds[route]) for route in PAGES}
