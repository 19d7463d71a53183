"""The walk back of one figure: from the number to its lines, factor rows, pages and cells."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from natcap.core import lines as lines_module
from natcap.core.explain import Explanation, explain
from natcap.core.report import Column, FactorRef, Figure, InputRef, Report

from .safe import NOTHING, Markup, html, join
from .tables import line_table, plain_table
from .words import full, headline, plural, short, unit_label, verified_words

__all__ = ["WALK_TABLES", "walk_back"]

_INPUTS, _FACTORS, _LINES = "walk-inputs", "walk-factors", "walk-lines"
WALK_TABLES = (_INPUTS, _FACTORS, _LINES)
"""Keys of the tables in the dialog, for their next and previous buttons."""
_STATUS = {
    "observed": "observed, as published",
    "estimated": "estimated [e]",
    "provisional": "provisional [p]",
    "recalled": "rests on a recalled or judged number",
    "synthetic": "made from synthetic data; an illustration only",
    "missing": "not available [x]",
}


def _number(figure: Figure) -> Markup:
    value = "[x]" if figure.value is None else full(figure.value)
    span = ""
    if figure.low is not None and figure.high is not None:
        span = f"range {short(figure.low)} to {short(figure.high)}"
    facts = [text for text in (span, figure.period, figure.place, _STATUS.get(figure.status, "")) if text]
    return html(
        '<h3>{label}</h3><p class="card-number">{value} <span class="card-unit">{unit}</span></p>'
        '<p class="small">{facts}</p>',
        label=figure.label,
        value=value,
        unit=unit_label(figure.unit),
        facts=" · ".join(facts),
    )


def _inputs(inputs: tuple[InputRef, ...], page: int) -> Markup:
    if not inputs:
        return NOTHING
    names = {
        "file": "File",
        "sheet": "Sheet",
        "cell": "Cell",
        "value": "What stands there",
        "unit": "Unit",
        "note": "Note",
    }
    frame = pd.DataFrame([{k: getattr(i, k) for k in names} for i in inputs])
    columns = tuple(Column(k, v) for k, v in names.items() if k == "file" or (frame[k] != "").any())
    return html("<h3>Cells it came from</h3>{t}", t=plain_table(frame, columns, "Input cells", _INPUTS, page))


def _factors(factors: tuple[FactorRef, ...], page: int) -> Markup:
    if not factors:
        return NOTHING
    frame = pd.DataFrame(
        [
            {"label": f.label, "value": f.value, "unit": f.unit, "source": f.source, "locator": f.locator,
             "verified": verified_words(f.verified), "note": f.note, "id": f.id}
            for f in factors
        ]
    )  # fmt: skip
    columns = (
        Column("label", "Factor"), Column("value", "Value", kind="number"), Column("unit", "Unit"),
        Column("source", "Publication"), Column("locator", "Where in it"), Column("verified", "How it was checked"),
        Column("note", "Note"), Column("id", "Id"),
    )  # fmt: skip
    shown = tuple(c for c in columns if c.name != "note" or (frame["note"] != "").any())
    return html("<h3>Published numbers it uses</h3>{t}", t=plain_table(frame, shown, "Factors", _FACTORS, page))


def _parents(parents: tuple[Explanation, ...]) -> Markup:
    items = [
        html(
            '<li><button class="link" data-go="figure:{id}">{label}</button>: {value} {unit}</li>',
            id=figure.id,
            label=figure.label,
            value=headline(figure, figure.value),
            unit=unit_label(figure.unit),
        )
        for figure in (p.figure for p in parents)
    ]
    return html('<h3>Figures it rests on</h3><ul class="plain">{i}</ul>', i=join(items)) if items else NOTHING


def _lines(report: Report, node: Explanation, page: int) -> Markup:
    trace = node.figure.trace
    if trace.lines is None or report.lines is None:
        return NOTHING
    scale = f" (times {trace.scale:g})" if trace.scale != 1.0 else ""
    return html(
        "<h3>Lines it adds up</h3><p>{count}{scale}, together {total} {unit}: {verdict}.</p>{table}",
        count=plural(node.count, "line"),
        scale=scale,
        total="[x]" if node.line_sum is None else full(node.line_sum),
        unit=unit_label(node.figure.unit),
        verdict="equals the figure" if node.agrees else "does not equal the figure",
        table=line_table(lines_module.select(report.lines, dict(trace.lines)), "Lines", _LINES, page),
    )


def walk_back(report: Report, key: str, pages: Mapping[str, int] | None = None) -> Markup:
    """The content of the dialog for figure `key`; says so when the report has no such figure."""
    at = pages or {}
    try:
        node = explain(report, key, 0, depth=1)
    except KeyError:
        body = html("<p>This report has no figure called {key}.</p>", key=key)
    else:
        body = join(
            [
                _number(node.figure),
                html("<p>{how}</p>", how=node.figure.trace.how),
                _parents(node.parents),
                _inputs(node.inputs, at.get(_INPUTS, 0)),
                _factors(node.factors, at.get(_FACTORS, 0)),
                _lines(report, node, at.get(_LINES, 0)),
                html('<p class="small">Figure id <code>{key}</code></p>', key=key),
            ]
        )
    return html(
        '<div class="walk-head"><h2>How is this worked out?</h2>'
        '<button class="push" data-go="close">Close</button></div><div class="walk-body">{body}</div>',
        body=body,
    )
