"""One renderer: any Report becomes the parts of a page."""

from __future__ import annotations

from typing import Any

from natcap.core.report import Report, Section

from .charts import draw
from .groups import chapters, is_long
from .pieces import banners, bullets, card, fold, listed, top_line
from .safe import NOTHING, Html, Markup, Walk, chart, html, join, stack
from .tables import line_table, problem_table, section_table
from .walk import WALK_TABLES, walk_back
from .words import plural, short, unit_label

__all__ = ["EAGER", "ReportView"]

Chapters = tuple[tuple[str, tuple[Section, ...]], ...]
_LINES = "Lines: every flow with its cell and its factor"
EAGER = 3
"""Charts that are drawn at once; a long report draws the rest when asked, so that its page opens soon."""


class ReportView:
    """A report on a page. Holds what one session looks at; the report itself is only read.

    A page is a few components, each made of named fragments, so that opening one table redraws one component.
    """

    def __init__(self, report: Report, walk: Walk, key: str = "r") -> None:
        self.report, self.walk, self.key = report, walk, key
        self._pieces: dict[str, tuple[Html, dict[str, Markup]]] = {}
        self._holders: dict[str, tuple[Any, str, tuple[Section, ...]]] = {}
        self._drawn: dict[str, Any] = {}
        self._figure = ""
        self._left = EAGER
        self._levels: dict[str, int] = {}
        self._folded: set[str] = set()

    def parts(self) -> list[Any]:
        """Everything below the page's own heading."""
        found = chapters(self.report)
        body = [self._chapter(chapter, sections) for chapter, sections in found]
        return [self._piece({"#head": self._head(found)}), *body, self._piece(self._behind())]

    def _chapter(self, chapter: str, sections: tuple[Section, ...]) -> Any:
        """A heading and its sections in one stack; the first charts of a page are drawn, the others when asked for."""
        made = stack()
        for section in sections:
            self._levels[section.id] = 3 if chapter else 2
            self._holders[section.id] = (made, chapter, sections)
        for section in sections:
            if 0 < len(section.charts) <= self._left:
                self._left -= len(section.charts)
                self._drawn[section.id] = self._drawing(section)
        made[:] = self._laid(chapter, sections)
        return made

    def _laid(self, chapter: str, sections: tuple[Section, ...]) -> list[Any]:
        """The parts of a chapter: sections with drawn charts alone, what stands between them as one component."""
        made: list[Any] = []
        waiting: dict[str, Markup] = {}
        if chapter:
            anchor = self._anchor(f"chapter-{chapter}")
            waiting["#" + chapter] = html('<h2 class="chapter" data-anchor="{a}">{t}</h2>', a=anchor, t=chapter)
        for section in sections:
            if section.id not in self._drawn:
                waiting |= self._undrawn(section)
                continue
            made += [self._piece(waiting)] if waiting else []
            made.append(self._drawn[section.id])
            waiting = {}
        return [*made, self._piece(waiting)] if waiting else made

    def _piece(self, fragments: dict[str, Markup]) -> Html:
        """A component of fragments that `_put` can change one by one."""
        made = Html(join(fragments.values()), self.go)
        self._pieces |= dict.fromkeys(fragments, (made, fragments))
        return made

    def _put(self, name: str, fragment: Markup) -> None:
        piece, fragments = self._pieces[name]
        fragments[name] = fragment
        piece.html = join(fragments.values())

    def _anchor(self, name: str) -> str:
        return f"{self.key}-{name}"

    def _jumps(self, sections: tuple[Section, ...]) -> Markup:
        return join(
            html('<li><button class="link" data-jump="{a}">{t}</button></li>', a=self._anchor(s.id), t=s.title)
            for s in sections
        )

    def _links(self, found: Chapters) -> Markup:
        """Where one can go on this page: chapters with their sections, or the sections alone."""
        if not found[0][0]:
            return self._jumps(found[0][1])
        return join(
            html(
                '<li class="chapter"><button class="link" data-jump="{a}">{t}</button><ul>{s}</ul></li>',
                a=self._anchor(f"chapter-{chapter}"),
                t=chapter,
                s=self._jumps(sections),
            )
            for chapter, sections in found
        )

    def _head(self, found: Chapters) -> Markup:
        report = self.report
        ranged = any(f.low is not None for f in report.headlines)
        return html(
            '<h2 data-anchor="{anchor}">{title}</h2>{banners}{top}<ul class="cards">{cards}</ul>{notes}{warnings}'
            '<nav class="inside" aria-label="On this page"><ul>{links}</ul></nav>',
            title=report.title,
            banners=banners(report),
            top=top_line(report),
            cards=join(card(f, ranged) for f in report.headlines),
            notes=fold("about", "What to know about these figures", bullets(report.notes)) if report.notes else "",
            warnings=self._warnings(),
            links=self._links(found),
            anchor=self._anchor("head"),
        )

    def _warnings(self) -> Markup:
        parts = []
        if self.report.warnings:
            told = plural(len(self.report.warnings), "warning")
            parts.append(fold("warnings", f"{told} in the input", problem_table(self.report.warnings)))
        if taken := self.report.run.fallbacks:
            parts.append(fold("fallbacks", f"{plural(len(taken), 'fallback')} in the factors", bullets(taken)))
        return join(parts)

    def _undrawn(self, section: Section) -> dict[str, Markup]:
        """The fragments of a section without drawn charts, as the visitor left them.

        A short table without a chart stands open; a long one is named, and made when it's opened.
        """
        if section.id in self._pieces:
            names = [n for n in (f"title:{section.id}", section.id) if n in self._pieces]
            return {n: self._pieces[n][1][n] for n in names}
        low, titled = self._levels[section.id] == 3, self._title(section, bool(section.charts))
        if low and is_long(section):
            self._folded.add(section.id)
            return {section.id: self._table(section, None)}
        short = not is_long(section) if low else len(section.table) <= 12
        page = 0 if short and not section.charts else None
        return {f"title:{section.id}": titled, section.id: self._table(section, page)}

    def _title(self, section: Section, closed: bool) -> Markup:
        offer = html(
            '<button class="push" data-key="show-{id}" data-go="show:{id}">Show {c}'
            '<span class="hidden"> of {t}</span></button>',
            id=section.id,
            c=plural(len(section.charts), "chart"),
            t=section.title,
        )
        return html(
            "{h}{s}{b}",
            h=self._heading(section),
            s=html("<p>{s}</p>", s=section.summary) if section.summary else NOTHING,
            b=offer if closed and section.charts else NOTHING,
        )

    def _heading(self, section: Section) -> Markup:
        if self._levels[section.id] == 2:
            return html('<h2 data-anchor="{a}">{t}</h2>', a=self._anchor(section.id), t=section.title)
        return html('<h3 class="section" data-anchor="{a}">{t}</h3>', a=self._anchor(section.id), t=section.title)

    def _finding(self, section: Section, title: str) -> Markup:
        """The title of a chart, one level below its section."""
        if self._levels[section.id] == 2:
            return html('<h3><span class="hidden">Chart: </span>{t}</h3>', t=title)
        return html('<h4><span class="hidden">Chart: </span>{t}</h4>', t=title)

    def _show(self, section: Section) -> None:
        """Draw the charts of a section; what is drawn already stays as it is."""
        if section.id not in self._drawn:
            made, chapter, sections = self._holders[section.id]
            self._drawn[section.id] = self._drawing(section)
            made[:] = self._laid(chapter, sections)

    def _drawing(self, section: Section) -> Any:
        """A section with its charts between its title and its table."""
        before = [self._title(section, False)]
        parts: list[Any] = []
        for hint in section.charts:
            drawn = draw(section, hint, self.report.geometry)
            if drawn is None:
                continue
            before.append(self._finding(section, hint.title))
            parts += [Html(join(before), self.go), chart(drawn[0])]
            before = [html('<p class="small">{n}</p>', n=drawn[1])] if drawn[1] else []
        held = self._pieces.get(section.id)
        table = held[1][section.id] if held else self._table(section, None)
        return stack(*parts, self._piece({f"title:{section.id}": join(before), section.id: table}))

    def _table(self, section: Section, page: int | None) -> Markup:
        """The table of a section, folded (`page` None) or open; its notes and sources stand below an open one."""
        if page is None and section.id in self._folded:
            return _named(section, self._heading(section))
        if page is None:
            print_ = self._small_print(section) if section.group == "main" else NOTHING
            label, hidden = ("Table", section.title) if section.group == "main" else (section.title, "")
            return html('<div class="pair">{t}{p}</div>', t=_closed(section.id, label, hidden), p=print_)
        body = section_table(section, page)
        if section.id in self._folded:
            return _named(section, self._heading(section), join([body, self._small_print(section)]))
        if section.group != "main":
            return fold(section.id, section.title, join([body, self._small_print(section)]), is_open=True)
        table = fold(section.id, "Table", body, section.title, is_open=True)
        return html('<div class="pair">{t}{p}</div>', t=table, p=self._small_print(section))

    def _small_print(self, section: Section) -> Markup:
        if not section.notes and not section.sources:
            return NOTHING
        counts = [plural(len(section.notes), "note")] if section.notes else []
        counts += [plural(len(section.sources), "source")] if section.sources else []
        body = join([listed("Notes", section.notes), listed("Sources", section.sources)])
        return fold(f"{section.id}-print", " and ".join(counts).capitalize(), body, f"on {section.title}")

    def _behind(self) -> dict[str, Markup]:
        run = self.report.run
        checks = bullets(
            f"{c.title}: {'closes' if c.passed else 'does not close'}, "
            f"difference {short(c.difference)} {unit_label(c.unit)}"
            for c in self.report.checks
        )
        record = html(
            "<p><b>Inputs</b></p>{inputs}<p><b>Editions</b></p>{editions}<p><b>Choices</b></p>{choices}"
            "<p><b>Control totals</b></p>{controls}",
            editions=bullets(run.editions),
            choices=bullets(f"{k}: {v}" for k, v in run.choices.items()),
            controls=bullets(f"{k}: {v}" for k, v in run.controls.items()),
            inputs=bullets(", ".join(f"{k} {v}" for k, v in item.items()) for item in run.inputs),
        )
        made = {
            "#record": join(
                [
                    html("<h2>Working and record</h2>"),
                    fold("checks", f"{plural(len(self.report.checks), 'check')} made", checks),
                    fold("run", "What makes this result repeatable", record),
                ]
            )
        }
        made |= {s.id: self._table(s, None) for s in self.report.sections if s.group != "main"}
        if self.report.lines is not None and len(self.report.lines):
            made["lines"] = _closed("lines", _LINES)
        return made

    def go(self, word: str) -> None:
        """Act on a press: open a walk back, or turn a page of a table."""
        verb, _, rest = word.partition(":")
        if verb == "figure":
            self.open(rest)
        elif verb == "page":
            key, _, number = rest.rpartition(":")
            if number.isdecimal() and len(number) < 9:
                self._turn(key, int(number))
        elif verb == "open":
            self._turn(rest, 0)
        elif verb == "show" and rest in self._holders:
            self._show(self.report.section(rest))
        elif verb == "close":
            self.walk.html = NOTHING

    def open(self, figure: str) -> None:
        """Show the walk back of a figure."""
        self._figure = figure
        self.walk.listen(self.go)
        self.walk.html = walk_back(self.report, figure)

    def _turn(self, key: str, page: int) -> None:
        if key in WALK_TABLES:
            self.walk.html = walk_back(self.report, self._figure, {key: page})
        elif key == "lines" and self.report.lines is not None:
            self._put(
                "lines", fold("lines", _LINES, line_table(self.report.lines, "Lines", "lines", page), is_open=True)
            )
        elif any(s.id == key for s in self.report.sections):
            self._put(key, self._table(self.report.section(key), page))


def _closed(key: str, label: str, hidden: str = "") -> Markup:
    """A fold whose body is made when it's opened."""
    return html(
        '<details data-key="{key}" data-open="open:{key}"><summary>{label}<span class="hidden"> {hidden}</span>'
        '</summary><p class="small" role="status">One moment...</p></details>',
        key=key,
        label=label,
        hidden=hidden,
    )


def _named(section: Section, heading: Markup, body: Markup | None = None) -> Markup:
    """A long table under its own heading and finding, which are what opens it."""
    made = body is not None
    return html(
        '<details class="named"{open} data-key="{key}"{wanted}><summary>{heading} <span>{said}</span></summary>'
        "{body}</details>",
        open=html(" open") if made else NOTHING,
        key=section.id,
        wanted=NOTHING if made else html(' data-open="open:{key}"', key=section.id),
        heading=heading,
        said=section.summary,
        body=html('<p class="small" role="status">One moment...</p>') if body is None else body,
    )
