"""A report as one HTML page: no script, no request, ready to print, every text escaped on its way in."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pandas as pd

from natcap.core.outputs import figure_text
from natcap.core.report import Column, Report, Section
from natcap.core.workbook.text import format_of, header, shorthand, shown

__all__ = ["to_html"]

_STYLE = """
:root{color-scheme:light dark}
body{font:1rem/1.5 Arial,Helvetica,sans-serif;max-width:75rem;margin:0 auto;padding:1rem}
h1{font-size:1.8rem}h2{font-size:1.3rem;margin-top:2.5rem}
.banner{border:3px solid;padding:.5rem 1rem;font-weight:bold}
dl.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1rem}
dl.cards div{border:1px solid;padding:.75rem 1rem}dt{font-size:.95rem}dd{margin:0;font-size:1.3rem;font-weight:bold}
.scroll{overflow-x:auto}table{border-collapse:collapse;margin:.5rem 0}
caption{text-align:left;font-weight:bold;padding:.25rem 0}
th,td{padding:.3rem .7rem;border-bottom:1px solid #8888;text-align:left;vertical-align:top}
th.n,td.n{text-align:right;font-variant-numeric:tabular-nums}td.n{white-space:nowrap}
tbody th{font-weight:normal}tr.total>*{font-weight:bold;border-top:2px solid}
@media print{body{max-width:none}section{break-inside:auto}h2{break-after:avoid}thead{display:table-header-group}}
@page{size:A4 landscape;margin:15mm}
"""


def e(value: object) -> str:
    """The one way by which text gets into the page."""
    return html.escape(str(value), quote=True)


def to_html(report: Report) -> str:
    """The report as a self-contained page: headlines, then each section's finding, table, notes and sources."""
    parts = [
        "<!doctype html>",
        '<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
        f"<title>{e(report.title)}</title><style>{_STYLE}</style></head><body><header>",
        f"<h1>{e(report.title)}</h1>",
        *(f'<p class="banner">{e(b)}</p>' for b in report.banners),
        f"<p>{e(', '.join(p for p in (report.subject, report.place, report.period) if p))}. "
        f"{e(_editions(report))}</p></header><main>",
    ]
    if report.headlines:
        cards = (f"<div><dt>{e(f.label)}</dt><dd>{e(figure_text(f))}</dd></div>" for f in report.headlines)
        parts.append('<section><h2>Headline figures</h2><dl class="cards">' + "".join(cards) + "</dl></section>")
    parts += [_section(s) for s in report.sections]
    parts.append(_ending(report))
    parts.append("</main></body></html>\n")
    return "\n".join(parts)


def _editions(report: Report) -> str:
    return f"Factor editions: {', '.join(report.run.editions)}." if report.run.editions else ""


def _section(section: Section) -> str:
    key = e(section.id)
    parts = [f'<section aria-labelledby="s-{key}"><h2 id="s-{key}">{e(section.title)}</h2>']
    if section.summary:
        parts.append(f"<p>{e(section.summary)}</p>")
    used: set[str] = set()
    if section.columns and not section.table.empty:
        columns = [_shown(c, section) for c in section.columns]
        used = {text for texts in columns for text in texts if text in shorthand}
        parts.append(_table(section, columns))
    parts += [f"<p>Note: {e(text)}</p>" for text in section.notes]
    parts += [f"<p>Note on {e(header(c))}: {e(c.note)}</p>" for c in section.columns if c.note]
    parts += [f"<p>Source: {e(text)}</p>" for text in section.sources]
    if used:
        parts.append("<p>" + e(", ".join(f"{mark} {shorthand[mark].lower()}" for mark in sorted(used))) + "</p>")
    return "\n".join([*parts, "</section>"])


def _table(section: Section, columns: list[list[str]]) -> str:
    classes = ["" if c.kind == "text" else ' class="n"' for c in section.columns]
    head = "".join(f'<th scope="col"{k}>{e(header(c))}</th>' for c, k in zip(section.columns, classes, strict=True))
    totals = set(section.total_rows)
    rows = []
    for row, values in enumerate(zip(*columns, strict=True)):
        cells = [f"<td{k}>{e(v)}</td>" for v, k in zip(values, classes, strict=True)]
        if section.columns[0].kind in ("text", "year", "date") and values[0]:
            cells[0] = f'<th scope="row"{classes[0]}>{e(values[0])}</th>'
        start = '<tr class="total">' if row in totals else "<tr>"
        rows.append(f"{start}{''.join(cells)}</tr>")
    body = "\n".join(rows)
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{e(section.title)}, table"><table>'
        f"<caption>{e(section.title)}</caption><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>"
    )


def _shown(column: Column, section: Section) -> list[str]:
    code = format_of(column, section)
    values = [_text(v, column, code) for v in section.table[column.name].tolist()]
    for (row, name), mark in section.marks.items():
        if name == column.name:
            values[row] = mark
    return values


def _text(value: Any, column: Column, code: Callable[[Any], str]) -> str:
    """A value for reading: thousands separated, a true minus, "[x]" where a number is missing."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return "" if column.kind == "text" else "[x]"
    if column.kind == "text" or isinstance(value, str):
        return str(value)
    return str(value)[:10] if column.kind == "date" else shown(value, code(value))


def _ending(report: Report) -> str:
    notes = [*report.notes, *(f"Warning: {w}" for w in report.warnings)]
    parts = ["<section><h2>Notes and run</h2>"]
    if notes:
        parts.append("<ul>" + "".join(f"<li>{e(n)}</li>" for n in notes) + "</ul>")
    run = report.run
    facts = [("Version", run.version), *(("Input", ", ".join(f"{k} {v}" for k, v in i.items())) for i in run.inputs)]
    facts += [(key, str(value)) for key, value in sorted(run.choices.items())]
    facts += [("Check", f"{c.title}: {'closes' if c.passed else 'does not close'}") for c in report.checks]
    facts += [("Fallback", text) for text in run.fallbacks]
    parts.append("<ul>" + "".join(f"<li>{e(k)}: {e(v)}</li>" for k, v in facts) + "</ul></section>")
    return "\n".join(parts)
