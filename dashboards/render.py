"""One renderer: any Report becomes the parts of a page."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from natcap.core.report import Figure, Report, Section

from .charts import draw
from .safe import NOTHING, Html, Markup, Walk, chart, html, join, stack
from .tables import line_table, problem_table, section_table
from .walk import WALK_TABLES, walk_back
from .words import change_words, fingerprint, plural, short, sureness, unit_label

__all__ = ["ReportView", "banners", "card", "top_line"]


def banners(report: Report) -> Markup:
    """What a reader must know before the first number."""
    return join(html('<p class="banner" role="note">{text}</p>', text=text) for text in report.banners)


def top_line(report: Report) -> Markup:
    """Whose figures, which period, which factors, how sure, from which input."""
    word, reason = sureness(report)
    facts = [
        ("Whose figures", report.subject),
        ("Period", report.period),
        ("Factors", ", ".join(report.run.editions) or "none used"),
        ("How sure", html('<span class="word">{w}</span>: {r}', w=word, r=reason)),
        ("Input", f"{plural(len(report.run.inputs), 'file')}, fingerprint {fingerprint(report)}"),
        ("Version", report.run.version),
    ]
    items = join(html("<div><dt>{k}</dt><dd>{v}</dd></div>", k=k, v=v) for k, v in facts)
    return html('<dl class="top">{items}</dl>', items=items)


def card(figure: Figure) -> Markup:
    """A headline: number to three figures, unit, change in words, range, and the way to its walk back."""
    span = NOTHING
    if figure.low is not None and figure.high is not None:
        span = html('<div class="small">range {a} to {b}</div>', a=short(figure.low), b=short(figure.high))
    mark = {"estimated": " [e]", "provisional": " [p]", "recalled": " [recalled]", "synthetic": " [synthetic]"}
    return html(
        '<li><div class="card-label">{label}</div><div class="card-number">{value}</div>'
        '<div class="card-unit">{unit}{mark}</div><div>{change}</div>{span}<div class="card-foot">'
        '<button class="link" data-key="card-{id}" data-go="figure:{id}">How is this worked out?'
        '<span class="hidden"> {label}</span></button></div></li>',
        label=figure.label,
        value=short(figure.value),
        unit=unit_label(figure.unit),
        mark=mark.get(figure.status, ""),
        change=change_words(figure),
        span=span,
        id=figure.id,
    )


def _listed(title: str, items: tuple[str, ...]) -> Markup:
    if not items:
        return NOTHING
    return html(
        '<p class="small"><b>{title}</b></p><ul class="plain small">{items}</ul>',
        title=title,
        items=join(html("<li>{i}</li>", i=i) for i in items),
    )


def _fold(key: str, label: str, body: Markup, hidden: str = "", is_open: bool = False) -> Markup:
    """Something that opens at a press. `hidden` completes the label for those who can't see what it stands under."""
    return html(
        '<details{open} data-key="{key}"><summary>{label}<span class="hidden"> {hidden}</span></summary>'
        "{body}</details>",
        open=html(" open") if is_open else NOTHING,
        key=key,
        label=label,
        hidden=hidden,
        body=body,
    )


def _bullets(items: Iterable[Markup | str]) -> Markup:
    return html('<ul class="plain">{items}</ul>', items=join(html("<li>{i}</li>", i=i) for i in items))


class ReportView:
    """A report on a page. Holds what one session looks at; the report itself is only read."""

    def __init__(self, report: Report, walk: Walk, key: str = "r") -> None:
        self.report, self.walk, self.key = report, walk, key
        self._tables: dict[str, Html] = {}
        self._figure = ""

    def parts(self) -> list[Any]:
        """Everything below the page's own heading."""
        sections = [s for s in self.report.sections if s.group == "main"]
        behind = [s for s in self.report.sections if s.group != "main"]
        found: list[Any] = [self._head(sections)]
        for section in sections:
            found += self._section(section)
        found.append(self._behind())
        for section in behind:
            found.append(self._table(section, "<h3>"))
        if self.report.lines is not None and len(self.report.lines):
            self._tables["lines"] = self._html(NOTHING)
            self._lines(self.report.lines, 0)
            found.append(self._tables["lines"])
        return found

    def panel(self) -> Any:
        """The parts in one component."""
        return stack(*self.parts())

    def _html(self, markup: Markup, anchor: str = "") -> Html:
        return Html(markup, self.go, anchor=f"{self.key}-{anchor}" if anchor else "")

    def _head(self, sections: list[Section]) -> Html:
        report = self.report
        links = join(
            html('<li><button class="link" data-jump="{k}-{id}">{t}</button></li>', k=self.key, id=s.id, t=s.title)
            for s in sections
        )
        cards = join(card(f) for f in report.headlines)
        return self._html(
            html(
                '<h2>{title}</h2>{banners}{top}<ul class="cards">{cards}</ul>{notes}{warnings}'
                '<nav class="inside" aria-label="On this page"><ul>{links}</ul></nav>',
                title=report.title,
                banners=banners(report),
                top=top_line(report),
                cards=cards,
                notes=join(html("<p>{n}</p>", n=n) for n in report.notes),
                warnings=self._warnings(),
                links=links,
            ),
            "head",
        )

    def _warnings(self) -> Markup:
        parts = []
        if self.report.warnings:
            told = plural(len(self.report.warnings), "warning")
            parts.append(_fold("warnings", f"{told} in the input", problem_table(self.report.warnings)))
        if taken := self.report.run.fallbacks:
            parts.append(
                _fold("fallbacks", f"{plural(len(taken), 'fallback')} in the factors", _listed("Taken", taken))
            )
        return join(parts)

    def _section(self, section: Section) -> list[Any]:
        summary = html("<p>{s}</p>", s=section.summary) if section.summary else NOTHING
        found: list[Any] = [
            self._html(html("<h2>{t}</h2>{s}", t=section.title, s=summary), section.id),
        ]
        for hint in section.charts:
            drawn = draw(section, hint, self.report.geometry)
            if drawn is None:
                continue
            plot, note = drawn
            found.append(self._html(html('<h3 class="hidden">Chart: {t}</h3>', t=hint.title)))
            found.append(chart(plot))
            if note:
                found.append(self._html(html('<p class="small">{n}</p>', n=note)))
        found.append(self._table(section))
        return found

    def _table(self, section: Section, heading: str = "") -> Html:
        piece = self._html(NOTHING)
        self._tables[section.id] = piece
        self._fill(section, 0, bool(heading))
        return piece

    def _fill(self, section: Section, page: int, titled: bool) -> None:
        """A short table without a chart is open at once; others open at a press."""
        open_now = not section.charts and len(section.table) <= 12 and not titled
        label = section.title if titled else "Table"
        self._tables[section.id].html = join(
            [
                _fold(section.id, label, section_table(section, page), "" if titled else section.title, open_now),
                _listed("Notes", section.notes),
                _listed("Sources", section.sources),
            ]
        )

    def _behind(self) -> Html:
        run = self.report.run
        checks = _bullets(
            f"{c.title}: {'closes' if c.passed else 'does not close'}, "
            f"difference {short(c.difference)} {unit_label(c.unit)}"
            for c in self.report.checks
        )
        record = html(
            "<p><b>Choices</b></p>{choices}<p><b>Control totals</b></p>{controls}<p><b>Inputs</b></p>{inputs}",
            choices=_bullets(f"{k}: {v}" for k, v in run.choices.items()),
            controls=_bullets(f"{k}: {v}" for k, v in run.controls.items()),
            inputs=_bullets(", ".join(f"{k} {v}" for k, v in item.items()) for item in run.inputs),
        )
        parts = [
            html("<h2>Working and record</h2>"),
            _fold("checks", f"{plural(len(self.report.checks), 'check')} made", checks),
            _fold("run", "What makes this result repeatable", record),
        ]
        return self._html(join(parts), "behind")

    def _lines(self, lines: pd.DataFrame, page: int) -> None:
        self._tables["lines"].html = html(
            '<details data-key="lines"><summary>Lines: every flow with its cell and its factor</summary>{t}</details>',
            t=line_table(lines, "Lines", "lines", page),
        )

    def go(self, word: str) -> None:
        """Act on a press: open a walk back, or turn a page of a table."""
        verb, _, rest = word.partition(":")
        if verb == "figure":
            self.open(rest)
        elif verb == "page":
            key, _, number = rest.rpartition(":")
            if number.isdecimal() and len(number) < 9:
                self._turn(key, int(number))
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
            self._lines(self.report.lines, page)
        elif key in self._tables:
            section = self.report.section(key)
            self._fill(section, page, section.group != "main")
