"""Pieces that pages are put together from: banners, the top line, cards, folds, lists."""

from __future__ import annotations

from collections.abc import Iterable

from natcap.core.report import Figure, Report

from .safe import NOTHING, Markup, html, join
from .words import change_words, fingerprint, headline, large, plural, sureness, unit_label

__all__ = ["banners", "bullets", "card", "fold", "listed", "top_line"]


def banners(report: Report) -> Markup:
    """What a reader must know before the first number: what is made up, each alone; the rest, where many, as a list."""
    said = sorted(report.banners, key=lambda text: not text.upper().startswith("SYNTHETIC"))
    made_up = max(sum(text.upper().startswith("SYNTHETIC") for text in said), 1)
    first, rest = said[:made_up], said[made_up:]
    if len(rest) > 1:
        told = html('<ul class="plain">{i}</ul>', i=join(html("<li>{t}</li>", t=text) for text in rest))
        return join([*(_banner(html("{t}", t=text)) for text in first), _banner(told)])
    return join(_banner(html("{t}", t=text)) for text in said)


def _banner(body: Markup) -> Markup:
    return html('<div class="banner" role="note">{body}</div>', body=body)


def _editions(report: Report) -> str:
    text = ", ".join(report.run.editions)
    return (
        (text or "none used") if len(text) < 160 else f"{len(report.run.editions)} editions, under Working and record"
    )


def top_line(report: Report) -> Markup:
    """Whose figures, which period, which factors, how sure, from which input."""
    word, reason = sureness(report)
    facts = [
        ("Whose figures", report.subject),
        ("Period", report.period),
        ("Factors", _editions(report)),
        ("How sure", html('<span class="word">{w}</span>: {r}', w=word, r=reason)),
        ("Input", f"{plural(len(report.run.inputs), 'file')}, fingerprint {fingerprint(report)}"),
        ("Version", report.run.version),
    ]
    items = join(html("<div><dt>{k}</dt><dd>{v}</dd></div>", k=k, v=v) for k, v in facts)
    return html('<dl class="top">{items}</dl>', items=items)


def card(figure: Figure, ranged: bool = False) -> Markup:
    """A headline: number (to three figures unless it is exact), unit, change in words, range, the way to its walk back.

    `ranged`: other cards beside it have a range, so one without says so.
    """
    span = html('<div class="small">no range worked out</div>') if ranged else NOTHING
    if figure.low is not None and figure.high is not None:
        span = html('<div class="small">range {a} to {b}</div>', a=large(figure.low), b=large(figure.high))
    mark = {"estimated": " [e]", "provisional": " [p]", "recalled": " [recalled]", "synthetic": " [synthetic]"}
    return html(
        '<li><div class="card-label">{label}</div><div class="card-number">{value}</div>'
        '<div class="card-unit">{unit}{mark}</div><div>{change}</div>{span}<div class="card-foot">'
        '<button class="link" data-key="card-{id}" data-go="figure:{id}">How is this worked out?'
        '<span class="hidden"> {label}</span></button></div></li>',
        label=figure.label,
        value=headline(figure, figure.value),
        unit=unit_label(figure.unit),
        mark=mark.get(figure.status, ""),
        change=change_words(figure),
        span=span,
        id=figure.id,
    )


def listed(title: str, items: tuple[str, ...]) -> Markup:
    if not items:
        return NOTHING
    return html(
        '<p class="small"><b>{title}</b></p><ul class="plain small">{items}</ul>',
        title=title,
        items=join(html("<li>{i}</li>", i=i) for i in items),
    )


def fold(key: str, label: str, body: Markup, hidden: str = "", is_open: bool = False) -> Markup:
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


def bullets(items: Iterable[Markup | str]) -> Markup:
    return html('<ul class="plain">{items}</ul>', items=join(html("<li>{i}</li>", i=i) for i in items))
