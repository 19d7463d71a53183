"""What every page has: where you are, where you can go, and a plain word when something fails."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from typing import Any

from natcap.core.problems import Problem

from .safe import Html, Markup, html, join, page
from .tables import problem_table
from .words import plural

__all__ = ["KINDS", "PAGES", "failure", "guarded", "head", "problem_list"]

log = logging.getLogger("natcap.dashboards")

PAGES: dict[str, str] = {
    "": "Home",
    "natural-capital": "Natural capital",
    "business": "Business",
    "portfolio": "Portfolio",
    "farm": "Farm",
    "progress": "Progress",
    "factors": "Factors",
}
"""Route -> name, in the order of the menu."""

KINDS: dict[str, str] = {
    "accounts": "natural-capital",
    "business": "business",
    "portfolio": "portfolio",
    "farm": "farm",
    "area": "progress",
}
"""Kind of project -> route of its page."""


def head(route: str, intro: str) -> Html:
    """Menu, heading and one sentence of what the page is for."""
    items = join(
        html('<li><a href="./{r}" aria-current="page">{n}</a></li>', r=r, n=n)
        if r == route
        else html('<li><a href="./{r}">{n}</a></li>', r=r, n=n)
        for r, n in PAGES.items()
    )
    return Html(
        html(
            '<a class="skip" href="./{route}" data-jump="content">Skip to the content</a>'
            '<nav aria-label="Pages"><ul>{items}</ul></nav><h1 data-anchor="content">{title}</h1><p>{intro}</p>',
            route=route,
            items=items,
            title=PAGES[route],
            intro=intro,
        )
    )


def problem_list(problems: tuple[Problem, ...]) -> Markup:
    """Every problem with its place and remedy, and what that means."""
    return html(
        '<div class="trouble"><h2>{count} to put right</h2><p>Nothing was calculated. Every problem stands here with '
        "its place: correct them in the file and try again.</p></div>{table}",
        count=plural(len(problems), "problem"),
        table=problem_table(problems),
    )


def failure(reference: str) -> Markup:
    """A plain word about a fault of the program; the log has the rest under the same reference."""
    return html(
        '<div class="trouble" role="alert"><h2>Something went wrong here</h2><p>That is a fault of the program, not of '
        "your file. Whoever runs it finds the details in the server's log under <code>{ref}</code>.</p></div>",
        ref=reference,
    )


def guarded(route: str, build: Callable[[], list[Any]]) -> Callable[[], Any]:
    """The function that serves a route: builds the parts anew for each session and never shows a traceback."""

    def serve() -> Any:
        title = f"{PAGES[route]} - natcap"
        try:
            return page(title, *build())
        except Exception:
            reference = uuid.uuid4().hex[:8]
            log.exception("reference %s: page %r failed", reference, route)
            return page(title, head(route, ""), Html(failure(reference)))

    return serve
