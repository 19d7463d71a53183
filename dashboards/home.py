"""Home: the newest headline of every room, what needs attention, three doors for newcomers."""

from __future__ import annotations

from typing import Any

from natcap.core.report import Report

from .board import off_path
from .frame import KINDS, PAGES, head
from .safe import NOTHING, Html, Markup, html, join
from .shelf import Entry, Shelf
from .words import change_words, headline, plural, unit_label

__all__ = ["parts"]

_EMPTY = {
    "accounts": "Extent, carbon stock and what changed between two land-cover maps.",
    "business": "Emissions by scope from bills, mileage and purchases.",
    "portfolio": "Many businesses at once, each beside similar ones.",
    "farm": "Emissions of herds, soils and fuel, per hectare.",
    "area": "Targets of the area with where it stands and where it should be.",
}


def _tile(kind: str, entries: list[Entry]) -> Markup:
    route = KINDS[kind]
    lines = []
    for entry in entries[:3]:
        if entry.report is None:
            lines.append(html("<p>{name}: {what}</p>", name=entry.name, what=_trouble(entry)))
            continue
        figure = next(iter(entry.report.headlines), None)
        if figure is None:
            lines.append(html("<p>{name}, {period}</p>", name=entry.report.subject, period=entry.report.period))
            continue
        lines.append(
            html(
                '<p class="small">{name}, {period}</p><p><b>{label}</b><br><span class="card-number">{value}</span> '
                '<span class="card-unit">{unit}</span><br>{change}</p>{synthetic}',
                name=entry.report.subject,
                period=entry.report.period,
                label=figure.label,
                value=headline(figure, figure.value),
                unit=unit_label(figure.unit),
                change=change_words(figure),
                synthetic=_marked(entry.report),
            )
        )
    body = join(lines) if lines else html("<p>{text} Nothing here yet.</p>", text=_EMPTY[kind])
    return html('<li><h2><a href="./{route}">{name}</a></h2>{body}</li>', route=route, name=PAGES[route], body=body)


def _marked(report: Report) -> Markup:
    """Examples and synthetic data say so wherever a figure of theirs stands."""
    marked = any(b.upper().startswith(("SYNTHETIC", "EXAMPLE")) for b in report.banners)
    return html('<p class="small word">Synthetic or example data</p>') if marked else NOTHING


def _trouble(entry: Entry) -> str:
    if entry.reference:
        return f"could not be built (reference {entry.reference})"
    return f"{plural(len(entry.problems), 'problem')} in its input"


def _attention(entries: list[Entry]) -> Markup:
    items = []
    for entry in entries:
        route = KINDS[entry.kind]
        if entry.report is None:
            items.append((route, entry.name, _trouble(entry)))
            continue
        off, every = off_path(entry.report)
        if off:
            items.append((route, entry.name, f"{off} of {plural(every, 'target')} missed, moving away or well behind"))
        if entry.report.warnings:
            items.append((route, entry.name, plural(len(entry.report.warnings), "warning") + " in its input"))
        if entry.report.run.fallbacks:
            items.append((route, entry.name, plural(len(entry.report.run.fallbacks), "fallback") + " in its factors"))
    listed = join(html('<li><a href="./{r}">{n}</a>: {t}</li>', r=r, n=n, t=t) for r, n, t in items)
    body = html('<ul class="plain">{l}</ul>', l=listed) if items else html("<p>Nothing is waiting.</p>")
    return html("<h2>What needs attention</h2>{body}", body=body)


_DOORS = (
    (
        "natural-capital",
        "I compile accounts",
        "Bring two land-cover maps and the zones to account for.",
        "accounts my-area",
    ),
    (
        "business",
        "I run a business",
        "Bring bills, mileage and refrigerant logs in one workbook.",
        "business my-business",
    ),
    ("farm", "I advise farms", "Bring herds, fields, inputs and fuel in one workbook.", "farm my-farm"),
)


def _doors() -> Markup:
    doors = join(
        html(
            '<li><h3><a href="./{route}">{who}</a></h3><p>{what}</p><p class="small">With a filled example:<br>'
            "<code>natcap new {command} --example</code></p></li>",
            route=route,
            who=who,
            what=what,
            command=command,
        )
        for route, who, what, command in _DOORS
    )
    return html(
        '<h2>New here?</h2><ul class="cards">{doors}</ul><p>All on an example first: <code>natcap demo</code></p>',
        doors=doors,
    )


def parts(shelf: Shelf) -> list[Any]:
    """The page's parts, from what the shelf holds now."""
    entries = shelf.entries()
    held = {kind: [e for e in entries if e.kind == kind] for kind in KINDS}
    # Few have a portfolio: its tile stands where there is one.
    tiles = join(_tile(kind, found) for kind, found in held.items() if found or kind != "portfolio")
    return [
        head(
            "",
            "Natural capital and net zero in one set of books. Every number opens to its cell and its page.",
        ),
        Html(html('<ul class="cards">{tiles}</ul>{attention}', tiles=tiles, attention=_attention(entries))),
        Html(_doors()),
    ]
