"""Find rows of a long table by words: a business by its ID, name, sector or size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from natcap.core.report import Column, Section

from .safe import NOTHING, Html, Markup, button, entry, html, row
from .tables import section_table

__all__ = ["Finder", "matching", "narrowed"]


def matching(section: Section, asked: str) -> np.ndarray[Any, Any]:
    """Positions of the rows in whose texts every word stands, in any case; totals are never among them."""
    texts = [c.name for c in section.columns if c.kind == "text"]
    joined = pd.Series("", index=section.table.index, dtype="str")
    for name in texts:
        joined = joined + " " + section.table[name].fillna("").astype("str")
    found = np.ones(len(section.table), dtype=bool)
    found[list(section.total_rows)] = False
    lower = joined.str.casefold()
    for word in asked.casefold().split():
        found &= lower.str.contains(word, regex=False).to_numpy(dtype=bool)
    return np.flatnonzero(found)


def narrowed(section: Section, rows: np.ndarray[Any, Any], key: str) -> Section:
    """The section with these rows alone, what is marked in them and what can be pressed; without its categories."""
    place = {int(old): new for new, old in enumerate(rows)}
    columns = sorted((c for c in section.columns if not c.name.removeprefix("c").isdecimal()), key=_rank)
    return replace(
        section, id=key, title="Businesses found", table=section.table.iloc[rows], columns=tuple(columns),
        total_rows=(), cells={}, charts=(),
        marks={(place[at], name): mark for (at, name), mark in section.marks.items() if at in place},
        figures={(place[at], name): figure for (at, name), figure in section.figures.items() if at in place},
    )  # fmt: skip


def _rank(column: Column) -> int:
    """Who it is, what it emits in all and beside others, then the rest as it stood."""
    first = ("business", "name", "total", "per_", "rank_")
    return next((at for at, start in enumerate(first) if column.name.startswith(start)), len(first))


class Finder:
    """A line to write in, and the rows that fit. What is pressed in them goes to `go`."""

    def __init__(
        self, section: Section, go: Callable[[str], None], left: Sequence[str] = (), key: str = "finder"
    ) -> None:
        self.section, self._go, self.left, self.key = section, go, left, key
        self.words = entry("Which business?", placeholder="name, ID, sector or size", width=320)
        self.words.param.watch(lambda _: self.search(), "value")
        self.results = Html(NOTHING, self.go)
        self._asked, self._found = "", np.zeros(0, dtype="int64")

    def parts(self) -> list[Any]:
        """A heading, the line with its button, what was found."""
        heading = Html(html('<h2 data-anchor="find">Find a business</h2>'))
        return [heading, row(self.words, button("Find", lambda _: self.search())), self.results]

    def search(self) -> None:
        """Show the rows that hold every word."""
        self._asked = (self.words.value_input or self.words.value or "").strip()[:200]
        self._found = matching(self.section, self._asked) if self._asked else np.zeros(0, dtype="int64")
        self.results.html = self._shown(self._asked, 0)

    def _shown(self, asked: str, page: int) -> Markup:
        if not asked:
            return NOTHING
        out = [name for name in self.left if asked.casefold() in name.casefold()]
        if not len(self._found) and out:
            return html(
                '<p role="status"><b>{n}</b> was left out for its problems: they stand under Businesses.</p>',
                n=", ".join(out[:5]),
            )
        if not len(self._found):
            return html(
                '<p role="status">No business has <b>{a}</b> in its ID, name, sector or size.</p>', a=asked[:80]
            )
        return html(
            '<p role="status">{n} of {all}.</p>{t}',
            n=f"{len(self._found):,}",
            all=f"{len(self.section.table) - len(self.section.total_rows):,} businesses",
            t=section_table(narrowed(self.section, self._found, self.key), page),
        )

    def go(self, word: str) -> None:
        """Turn a page of what was found; everything else is the report's."""
        verb, _, rest = word.partition(":")
        key, _, number = rest.rpartition(":")
        if verb == "page" and key == self.key:
            page = int(number) if number.isdecimal() and len(number) < 9 else 0
            self.results.html = self._shown(self._asked, page)
        else:
            self._go(word)
