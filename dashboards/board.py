"""The board of targets: where each stands, in words, the ones that need a decision first."""

from __future__ import annotations

from itertools import groupby

import pandas as pd

from natcap.core.report import Report

from .safe import NOTHING, Markup, html, join
from .words import plural, short

__all__ = ["board", "off_path"]

_NEEDED = {"theme", "area", "aim", "status", "unit", "period", "latest", "path", "indicator"}
_ORDER = ("target missed", "moving away", "well behind", "slightly behind", "on track", "target met", "cannot say")
_OFF = ("target missed", "moving away", "well behind")


def _table(report: Report) -> pd.DataFrame | None:
    found = next((s.table for s in report.sections if s.id == "board"), None)
    return found if found is not None and set(found.columns) >= _NEEDED else None


def off_path(report: Report) -> tuple[int, int]:
    """(targets that are missed, moving away or well behind, all targets on the board)."""
    table = _table(report)
    if table is None:
        return 0, 0
    off = sum(any(str(status).endswith(word) for word in _OFF) for status in table["status"])
    return off, len(table)


def _rank(status: str) -> int:
    return next((i for i, word in enumerate(_ORDER) if status.endswith(word)), len(_ORDER))


def _number(value: object) -> str:
    return "[x]" if value is None or value != value else short(float(value))  # type: ignore[arg-type]


def _row(record: dict[str, object]) -> Markup:
    return html(
        '<tr><th scope="row">{aim}</th><td class="word">{status}</td><td>{indicator}</td>'
        '<td class="num">{latest} <span class="unit">{unit}, {period}</span></td><td class="num">{path}</td></tr>',
        aim=str(record["aim"]),
        status=str(record["status"]),
        indicator=str(record["indicator"]),
        latest=_number(record["latest"]),
        unit=str(record["unit"]),
        period=str(record["period"]),
        path=_number(record["path"]),
    )


def board(report: Report) -> Markup:
    """Targets by theme, the worst first; nothing for a report without a board."""
    table = _table(report)
    if table is None or table.empty:
        return NOTHING
    records = sorted(table.to_dict("records"), key=lambda r: (str(r["theme"]), _rank(str(r["status"])), str(r["aim"])))
    off, every = off_path(report)
    parts = []
    for theme, rows in groupby(records, key=lambda r: str(r["theme"])):
        held = list(rows)
        parts.append(
            html(
                '<div class="scroll" tabindex="0" role="group" aria-label="Targets: {t}"><table>'
                "<caption>{t}: {n}</caption>"
                '<thead><tr><th scope="col">Target</th><th scope="col">Status</th><th scope="col">Indicator</th>'
                '<th scope="col" class="num">Newest value</th><th scope="col" class="num">Where it should be</th></tr>'
                "</thead><tbody>{rows}</tbody></table></div>",
                t=theme.capitalize(),
                n=plural(len(held), "target"),
                rows=join(_row({str(k): v for k, v in r.items()}) for r in held),
            )
        )
    return html(
        "<h2>Where the targets stand</h2><p>{off} of {every} are missed, moving away or well behind their path.</p>"
        "{parts}",
        off=off,
        every=plural(every, "target"),
        parts=join(parts),
    )
