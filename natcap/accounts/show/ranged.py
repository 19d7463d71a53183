"""Totals and changes with the range that was drawn for them, so that nothing shows one without the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from natcap.accounts.show.words import pounds
from natcap.core.report import Column, Figure, Section

__all__ = ["beside", "ranged"]

_TOTALS: Mapping[str, str] = {
    f"{total.format(date)}": f"ranges.{measure}.{date}.all.total"
    for date in ("opening", "closing")
    for total, measure in (("services.value.{}.all.total", "value"), ("assets.value.{}.total", "asset"))
}
"""Total -> the range of the same amount; its ends are figures under .p05 and .p95."""
_DRAWN: Mapping[str, str] = {
    f"carbon_stock.{date}.total": f"ranges.carbon_stock.{date}.all.total" for date in ("opening", "closing")
}
"""Totals whose own range has every density at its low or high end at once: the drawn one says more, and takes its
place."""
_COMPARED, _STOCK = "ranges.effect_compared.change.all.total", "ranges.carbon_change.change.all.total"
_CHANGES: Mapping[str, str] = {"assets.change.total": _COMPARED, "carbon_stock.change.total": _STOCK}
_PARTS: Mapping[str, str] = {"assets.effect.": "ranges.effect_", "assets.entry.": "ranges.entry_"}
"""What the ids of effects and entries begin with -> what those of their ranges begin with."""
_TOLD: Mapping[str, str] = {
    "asset_account": _COMPARED, "asset_decomposition": _COMPARED, "asset_waterfall": _COMPARED, "carbon_stock": _STOCK,
}  # fmt: skip
"""Section -> the range of the change that it shows, which its summary gets to say."""
_STEPS = "asset_waterfall"
_DRAWN_AT = ("ranges_change", "ranges_physical")
"""Sections with the ranges of changes."""
_SAME = 1e-9


def _key(name: str) -> str:
    """The id of the range of a figure, less its end; "" where none is drawn of it."""
    known = {**_TOTALS, **_DRAWN, **_CHANGES}.get(name, "")
    for start, stem in _PARTS.items():
        if name.startswith(start):
            return f"{stem}{name.removeprefix(start).removesuffix('.total')}.change.all.total"
    return known


def ranged(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """The figures, in which totals have their 5th and 95th percentile as low and high where ranges were drawn.

    A total that has a range already keeps it, but for the carbon stock. One for which no range was drawn stays without;
    so does a change whose range is that of another amount, or of nothing that varies.
    """
    ends = {f.id: f.value for f in figures if f.id.startswith("ranges.")}
    return tuple(_ranged(figures, ends))


def _ranged(figures: tuple[Figure, ...], ends: Mapping[str, float | None]) -> Iterator[Figure]:
    for figure in figures:
        key = _key(figure.id)
        low, high = ends.get(f"{key}.p05"), ends.get(f"{key}.p95")
        held = figure.low is not None and figure.id not in _DRAWN
        if figure.value is None or held or low is None or high is None:
            yield figure
            continue
        if ".change." in key and not _fits(figure.value, low, high, ends.get(f"{key}.central")):
            yield figure
            continue
        how = f"{figure.trace.how}; range: 5th to 95th percentile of the draws, {key}"
        yield replace(figure, low=low, high=high, trace=replace(figure.trace, how=how))


def _fits(value: float, low: float, high: float, central: float | None) -> bool:
    """Whether a range is that of a change: about the same central value, and of something that varies."""
    size = _SAME * max(abs(value), abs(low), abs(high), 1.0)
    return central is not None and abs(central - value) <= size and low < high


@dataclass(frozen=True)
class _Row:
    """A range of a change: its section, its row there, and what the row says."""

    section: str
    row: int
    unit: str
    low: float
    high: float
    verdict: str


def beside(sections: tuple[Section, ...], figures: tuple[Figure, ...]) -> tuple[Section, ...]:
    """The sections, in which those of changes say whether the change can be told from zero, and show P5 and P95."""
    units = {f.id: f.unit for f in figures if f.id.startswith("ranges.")}
    rows = {key: row for section in sections if section.id in _DRAWN_AT for key, row in _rows(section, units)}
    known = {f.id for f in figures if f.low is not None}
    return tuple(_stepped(_said(section, rows), rows, known) for section in sections)


def _rows(section: Section, units: Mapping[str, str]) -> Iterator[tuple[str, _Row]]:
    low, high, words = (section.table[name].tolist() for name in ("p05", "p95", "verdict"))
    for (row, column), name in section.figures.items():
        if column == "p50":
            key = name.removesuffix(".p50")
            yield key, _Row(section.id, row, units.get(name, ""), low[row], high[row], words[row])


def _said(section: Section, rows: Mapping[str, _Row]) -> Section:
    row = rows.get(_TOLD.get(section.id, ""))
    if row is None:
        return section
    what = "the change of what compares" if row.section == _DRAWN_AT[0] else "the change of the carbon stock"
    if row.low == row.high:
        return replace(section, summary=f"{section.summary} {what[0].upper()}{what[1:]}: {row.verdict}.")
    low, high = (pounds(v) if row.unit == "GBP" else f"{v:,.0f} {row.unit}" for v in (row.low, row.high))
    return replace(section, summary=f"{section.summary} In nine of ten draws {what} is {low} to {high}: {row.verdict}.")


def _stepped(section: Section, rows: Mapping[str, _Row], known: set[str]) -> Section:
    """The steps from opening to closing with the P5 and P95 of each and its words, live from the section of ranges."""
    if section.id != _STEPS or not rows:
        return section
    table, cells, marks = section.table.copy(), dict(section.cells), dict(section.marks)
    (unit,) = (column.unit for column in section.columns if column.name == "amount")
    found = [rows.get(_key(section.figures.get((n, "amount"), ""))) for n in range(len(table))]
    found = [row if section.figures.get((n, "amount")) in known else None for n, row in enumerate(found)]
    for name in ("p05", "p95", "verdict"):
        end = {"p05": "low", "p95": "high"}.get(name, name)
        values = [getattr(row, end) if row is not None else np.nan if name != "verdict" else "[z]" for row in found]
        table[name] = values
        for n, row in enumerate(found):
            if row is not None:
                cells[n, name] = f"[{row.section}.{name}@{row.row}]"
            elif name != "verdict":
                marks[n, name] = "[z]"
    ends = (Column(name, f"{end} of the draws", unit, "number", 0) for name, end in (("p05", "P5"), ("p95", "P95")))
    columns = (*ends, Column("verdict", "Told from zero (P5 to P95)"))
    return replace(section, table=table, columns=(*section.columns, *columns), cells=cells, marks=marks)
