"""Base year: the bridge from it to this year, its restatement by structural changes, and when a restatement is due."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from natcap.carbon.business import periods
from natcap.carbon.business.bridge import TERMS, Bridge, bridge
from natcap.carbon.business.figures import GROSS, TONNE, UNIT, Maker
from natcap.carbon.business.ownership import shares
from natcap.carbon.business.reading import Change
from natcap.carbon.business.result import Result, YearResult
from natcap.core.report import Chart, Column, Figure, InputRef, Section, Trace

__all__ = ["LABELS", "bridge_of", "changes_section", "figures", "section", "significance", "waterfall"]

LABELS: dict[str, str] = {
    "activity": "Activity: more or less was used", "factor": "Factors: the published factors changed",
    "gwp": "GWP: the same gases under other warming potentials",
    "boundary": "Boundary: sites that came or went, or another share",
    "error": "Error: entries of the same days that were corrected",
}  # fmt: skip


def significance(effect: float, old_base: float) -> float:
    """A structural effect in per cent of the base year as it stood. ValueError where the base is not above zero."""
    if old_base <= 0:
        raise ValueError("a base year needs emissions above zero to be compared with")
    return abs(effect) / old_base * 100


def bridge_of(result: Result) -> Bridge | None:
    """The bridge from the base year to this year, or None without a base year of its own."""
    if result.base is None or result.base.totals.total is None:
        return None
    moved = {change.site for change in result.this.year.book.changes if change.site}
    same = result.base.year.period == result.this.year.period
    held = (shares(result.base.year, result.inputs.choices), shares(result.this.year, result.inputs.choices))
    return bridge(result.base.lines, result.this.lines, same, moved, shares=held)


def _effect(changes: tuple[Change, ...]) -> tuple[float, float]:
    """(signed, absolute) tonnes of all changes: a purchase and a sale do not cancel when significance is judged."""
    return sum(c.tonnes for c in changes), sum(abs(c.tonnes) for c in changes)


def figures(result: Result) -> Iterator[Figure]:
    """The base year's total, the restated base, the change by its terms."""
    found, base = bridge_of(result), result.base
    if found is None or base is None or base.totals.total is None:
        return
    make = Maker(result, base)
    yield make.sum("base.total", f"Base year {base.period}: total as calculated", {"section": GROSS})
    this = Maker(result, result.this)
    for name, kg in found.terms().items():
        yield this.derived(
            f"base.{name}", f"Change since {base.period}, {LABELS[name].split(':')[0].lower()}", kg / TONNE, UNIT,
            f"{LABELS[name]}. The five terms sum to the change of the total.",
            ("business.total", "business.base.total"),
        )  # fmt: skip
    yield from _restated(result, base)


def _restated(result: Result, base: YearResult) -> Iterator[Figure]:
    changes = result.this.year.book.changes
    total = (base.totals.total or 0.0) / TONNE
    if not changes or total <= 0:
        return
    signed, absolute = _effect(changes)
    cells = tuple(InputRef(c.file, c.sheet, c.cell, f"{c.tonnes:g}", UNIT, f"{c.kind}: {c.reason}") for c in changes)
    status = Maker(result, base).status(base.lines)
    how = "Base year total plus what came and minus what went, as stated on the sheet Changes."
    yield Figure(
        "business.base.restated", f"Base year {base.period}, restated", total + signed, UNIT,
        Trace(how, parents=("business.base.total",), inputs=cells), status=status, period=base.period,
    )  # fmt: skip
    how = f"All changes without regard to their sign, in per cent of the base year; {_policy(result)}"
    yield Figure(
        "business.base.significance", "Structural changes since the base year", significance(absolute, total), "%",
        Trace(how, parents=("business.base.total",), inputs=cells), status=status, period=base.period,
    )  # fmt: skip


def _policy(result: Result) -> str:
    return f"the base year is restated at {result.inputs.choices.base_threshold:g} % or more."


def waterfall(found: Bridge, first: str, last: str) -> pd.DataFrame:
    """Old total, the five terms, new total, in tonnes: heading, amount, level."""
    rows = [(first, found.old / TONNE, "total")]
    rows += [(LABELS[name], kg / TONNE, "change") for name, kg in found.terms().items()]
    return pd.DataFrame([*rows, (last, found.new / TONNE, "total")], columns=["heading", "tonnes", "kind"])


def section(result: Result) -> Section | None:
    """7 Base year and bridge: from the base year's total to this year's, by cause."""
    found = bridge_of(result)
    if found is None or result.base is None:
        return None
    table = waterfall(found, f"Base year {result.base.period}", result.this.period)
    last = len(table) - 1
    cells = {(last, "tonnes"): "+".join(f"[tonnes@{row}]" for row in range(last))}
    change = found.new - found.old
    word = "less" if change < 0 else "more"
    said = f"{abs(change) / TONNE:,.1f} {UNIT} {word} than in the base year {result.base.period}; "
    largest = max(found.terms(), key=lambda name: abs(found.terms()[name]))
    said += f"most of it by {LABELS[largest].split(':')[0].lower()}."
    if periods.unlike(result.this.year.period, result.base.year.period):
        said = (
            f"The base year {result.base.period} and {result.this.period} are not of one length: "
            f"{change / TONNE:+,.1f} {UNIT} between them is no trend."
        )
    ids = ("business.base.total", *(f"business.base.{name}" for name in TERMS), "business.total")
    notes = [f"Restatement policy: {_policy(result)}", *periods.notes(result, others=(result.base,))]
    if found.unsplit:
        notes.append(
            f"For {found.unsplit / TONNE:,.1f} {UNIT} of the factor term the warming potentials changed as well, but "
            "no split by gas is published: it cannot be told apart."
        )
    columns = (Column("heading", "Step"), Column("tonnes", "Emissions", UNIT, "number", 3))
    chart = Chart("waterfall", said.rstrip("."), "heading", "tonnes")
    return Section(
        "base", "Base year and bridge", table, columns, said, tuple(notes), charts=(chart,), total_rows=(0, last),
        cells=cells, figures={(row, "tonnes"): key for row, key in enumerate(ids)},
    )  # fmt: skip


def changes_section(result: Result) -> Section | None:
    """Structural changes with their effect on the base year, and whether it has to be restated."""
    changes = result.this.year.book.changes
    base = result.base.totals.total if result.base else None
    if not changes:
        return None
    table = pd.DataFrame({
        "day": pd.to_datetime([c.day for c in changes]), "kind": [c.kind for c in changes],
        "site": [c.site for c in changes], "tonnes": [c.tonnes for c in changes],
        "percent": [c.tonnes * TONNE / base if base else float("nan") for c in changes],
        "reason": [c.reason for c in changes],
    })  # fmt: skip
    marks = {} if base else {(row, "percent"): "[x]" for row in range(len(table))}
    columns = (
        Column("day", "Date", kind="date"), Column("kind", "Kind"), Column("site", "Site"),
        Column("tonnes", "Effect on the base year", UNIT, "number", 1),
        Column("percent", "Of the base year", "%", "percent", 2), Column("reason", "Reason"),
    )  # fmt: skip
    said = "No base year was supplied."
    if base:
        share = significance(_effect(changes)[1], base / TONNE)
        due = share >= result.inputs.choices.base_threshold
        verdict = "so the base year has to be restated" if due else "so the base year stands"
        said = f"Changes come to {share:.2f} % of the base year; {_policy(result)[:-1]}, {verdict}."
    return Section("changes", "Structural changes", table, columns, said, marks=marks)
