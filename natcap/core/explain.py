"""Walk a figure back: the sentence, the lines it sums, the factors with their pages, the figures it rests on."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from natcap.core.lines import select
from natcap.core.problems import did_you_mean
from natcap.core.report import FactorRef, Figure, InputRef, Report

__all__ = ["Explanation", "explain"]

_WIDTH = 100
_MOST_REFS = 10
"""Inputs, and factors, that a figure shows where its walk back is cut."""


@dataclass(frozen=True)
class Explanation:
    """One node of the walk back. `lines` are the first of `count` lines; `line_sum` is over all of them, scaled."""

    figure: Figure
    lines: tuple[dict[str, Any], ...] = ()
    count: int = 0
    line_sum: float | None = None
    agrees: bool | None = None
    factors: tuple[FactorRef, ...] = ()
    inputs: tuple[InputRef, ...] = ()
    parents: tuple[Explanation, ...] = ()
    again: bool = False
    notes: tuple[str, ...] = field(default_factory=tuple)

    def as_dict(self) -> dict[str, Any]:
        """The tree as plain values."""
        return {
            "id": self.figure.id,
            "label": self.figure.label,
            "value": self.figure.value,
            "unit": self.figure.unit,
            "low": self.figure.low,
            "high": self.figure.high,
            "status": self.figure.status,
            "how": self.figure.trace.how,
            "lines": list(self.lines),
            "line_count": self.count,
            "line_sum": self.line_sum,
            "agrees": self.agrees,
            "factors": [{name: getattr(f, name) for name in f.__slots__} for f in self.factors],
            "inputs": [{name: getattr(i, name) for name in i.__slots__} for i in self.inputs],
            "parents": [p.as_dict() for p in self.parents],
            "explained_above": self.again,
        }

    @property
    def depth(self) -> int:
        """Levels of figures below this one."""
        return max((1 + parent.depth for parent in self.parents), default=0)

    def text(self, most: int | None = None, go_on: str = "") -> str:
        """The tree for the terminal, at most 100 columns.

        A tree of more than `most` lines is cut at the deepest level that fits, one level at least: its figures stand
        there with value and id alone, no figure has more than ten inputs and ten factors, and `go_on` is the last line,
        which says how to see more.
        """
        whole = list(_text(self, 0))
        if most is None or len(whole) <= most:
            return "\n".join(whole) + "\n"
        lines = list(_text(self, 0, 1))
        for level in range(2, self.depth + 2):
            deeper = list(_text(self, 0, level))
            if len(deeper) > most:
                break
            lines = deeper
        left = f"Cut here: {len(whole):,} lines in all. {go_on}".strip()
        return "\n".join([*lines, *_wrap(left, 0)]) + "\n"


def explain(report: Report, figure_id: str, most_lines: int = 10, depth: int | None = None) -> Explanation:
    """Walk back one figure, showing at most `most_lines` lines of each. KeyError names the nearest figure id.

    With a `depth`, figures so many levels below it are not followed any further.
    """
    return _node(_Held(report, {figure.id: figure for figure in report.figures}, most_lines, set()), figure_id, depth)


@dataclass(frozen=True, slots=True)
class _Held:
    """A report with its figures by id, and those that were walked."""

    report: Report
    figures: Mapping[str, Figure]
    most: int
    seen: set[str]

    def figure(self, key: str) -> Figure:
        if key in self.figures:
            return self.figures[key]
        ids = list(self.figures)
        remedy = did_you_mean(key, ids) or f"There are {len(ids)}, such as {', '.join(ids[:3])}."
        raise KeyError(f"no figure {key!r} in this report. {remedy}")


def _node(held: _Held, key: str, depth: int | None) -> Explanation:
    figure = held.figure(key)
    if key in held.seen:
        return Explanation(figure, again=True)
    if depth == 0:
        return Explanation(figure)
    held.seen.add(key)
    report, most = held.report, held.most
    chosen = None
    if figure.trace.lines is not None and report.lines is not None:
        chosen = select(report.lines, dict(figure.trace.lines))
    factors = _factors(figure, chosen)
    under = None if depth is None else depth - 1
    parents = tuple(_node(held, parent, under) for parent in figure.trace.parents)
    if chosen is None:
        return Explanation(figure, factors=factors, inputs=figure.trace.inputs, parents=parents)
    total = float(chosen["kg_co2e"].sum(min_count=1)) * figure.trace.scale
    agrees = figure.value is not None and math.isclose(total, figure.value, rel_tol=1e-9, abs_tol=1e-12)
    shown = chosen.reindex(chosen["kg_co2e"].abs().sort_values(ascending=False, kind="stable").index).head(most)
    return Explanation(
        figure, tuple(_line(r) for r in shown.to_dict("records")), len(chosen), total, agrees, factors,
        figure.trace.inputs, parents,
    )  # fmt: skip


_LINE = (
    "line", "period", "place", "section", "category", "item", "activity", "gas", "quantity", "unit", "factor_quantity",
    "factor_unit", "factor", "factor_id", "edition", "match", "kg", "gwp", "gwp_set", "kg_co2e", "verified", "file",
    "sheet", "cell", "evidence", "note",
)  # fmt: skip


def _line(record: dict[Any, Any]) -> dict[str, Any]:
    return {name: _value(record[name]) for name in _LINE if name in record}


def _value(value: Any) -> Any:
    if value is None or value != value:
        return None
    return value.item() if hasattr(value, "item") else value


def _factors(figure: Figure, chosen: pd.DataFrame | None) -> tuple[FactorRef, ...]:
    """Factors named by the trace, then those of the lines: from the library, else as the lines have them."""
    from natcap.core.workbook.back import refs_of_lines

    refs = {ref.id: ref for ref in figure.trace.factors}
    if chosen is not None:
        for ref in refs_of_lines(chosen, set(refs)):
            refs.setdefault(ref.id, ref)
    return tuple(refs.values())


def _wrap(text: str, depth: int, hang: int = 2) -> list[str]:
    first = "  " * min(depth, 12)
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=first + " " * hang) or [first]


def _number(value: float | None) -> str:
    return "[x]" if value is None else f"{value:,.10g}"


def _text(node: Explanation, depth: int, most: int | None = None) -> Iterator[str]:
    """Lines of a node and what is under it, down to the level `most`, whose nodes have their headline alone."""
    figure = node.figure
    spread = f" ({_number(figure.low)} to {_number(figure.high)})" if figure.low is not None else ""
    status = "" if figure.status == "calculated" else f" [{figure.status}]"
    yield from _wrap(f"{figure.label} = {_number(figure.value)} {figure.unit}{spread}{status}  <{figure.id}>", depth)
    if node.again:
        yield from _wrap("explained above" if most is None else figure.trace.how, depth + 1)
        return
    yield from _wrap(figure.trace.how, depth + 1)
    if depth == most:
        return
    if node.count:
        yield from _lines_text(node, depth + 1)
    at_most = None if most is None else _MOST_REFS
    for ref in node.inputs[:at_most]:
        place = ", ".join(part for part in (ref.file, ref.sheet, ref.cell) if part)
        note = f" ({ref.note})" if ref.note else ""
        yield from _wrap(f"input: {ref.value} {ref.unit} from {place}{note}", depth + 1)
    yield from _factors_text(node.factors[:at_most], depth + 1)
    for word, refs in (("inputs", node.inputs), ("factors", node.factors)):
        if at_most is not None and len(refs) > at_most:
            yield from _wrap(f"… and {len(refs) - at_most:,} more {word}", depth + 1)
    if summed := _summed(node):
        yield from _wrap(summed, depth + 1)
    for parent in node.parents:
        yield from _text(parent, depth + 1, most)


def _factors_text(factors: tuple[FactorRef, ...], depth: int) -> Iterator[str]:
    """Each factor with its page; of several in a row from one page, the first alone has it."""
    before = ""
    for factor in factors:
        said = f"factor {factor.id}: {factor.label}, {_number(factor.value)} {factor.unit}"
        page = ", ".join(part for part in (factor.source, factor.locator, factor.verified, factor.note) if part)
        yield from _wrap(f"{said}; {'same page' if page == before else page}" if page else said, depth)
        before = page


def _summed(node: Explanation) -> str:
    """That the figures below sum to this one, where they do."""
    parts, value = [parent.figure for parent in node.parents], node.figure.value
    known = [part.value for part in parts if part.value is not None]
    alike = {part.unit for part in parts} == {node.figure.unit}
    if value is None or len(known) < 2 or not alike or not math.isclose(math.fsum(known), value, rel_tol=1e-9):
        return ""
    missing = f" ({len(parts) - len(known)} more have no value)" if len(parts) > len(known) else ""
    return f"sum of the {len(known)} figures below{missing} = {_number(math.fsum(known))}: equals the figure"


def _lines_text(node: Explanation, depth: int) -> Iterator[str]:
    for line in node.lines:
        yield from _wrap(_line_text(line), depth)
        where = ", ".join(str(line[k]) for k in ("file", "sheet", "cell", "evidence") if line.get(k))
        source = ", ".join(str(line[k]) for k in ("factor_id", "edition", "match", "verified") if line.get(k))
        yield from _wrap("; ".join(part for part in (where, f"factor {source}" if source else "") if part), depth + 2)
    if node.count > len(node.lines):
        yield from _wrap(f"… and {node.count - len(node.lines):,} more lines", depth)
    verdict = "equals the figure" if node.agrees else "DOES NOT EQUAL the figure"
    scale = node.figure.trace.scale
    times = "" if scale == 1 else f" times {scale:g}"
    yield from _wrap(
        f"sum of {node.count:,} lines{times} = {_number(node.line_sum)} {node.figure.unit}: {verdict}", depth
    )


def _line_text(line: dict[str, Any]) -> str:
    """One line as its own sum: quantity, factor, gas, result."""
    used = f"{_number(line['factor_quantity'])} {line['factor_unit']}"
    entered = f"{_number(line['quantity'])} {line['unit']}"
    start = entered if entered == used else f"{entered} = {used}"
    text = f"line {line['line']}  {line['item'] or line['activity']}: {start} x {_number(line['factor'])}"
    if line["gas"] != "CO2e":
        text += f" = {_number(line['kg'])} kg {line['gas']} x {_number(line['gwp'])} ({line['gwp_set']})"
    return f"{text} = {_number(line['kg_co2e'])} kg CO2e"
