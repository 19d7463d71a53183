"""Totals of services and assets with the range that was drawn for them, so that no card shows one without the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from natcap.core.report import Figure

__all__ = ["ranged"]

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


def ranged(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """The figures, in which totals have their 5th and 95th percentile as low and high where ranges were drawn.

    A total that has a range already keeps it, but for the carbon stock. One for which no range was drawn stays without.
    """
    ends = {f.id: f.value for f in figures if f.id.endswith((".p05", ".p95"))}
    return tuple(_ranged(figures, ends))


def _ranged(figures: tuple[Figure, ...], ends: Mapping[str, float | None]) -> Iterator[Figure]:
    for figure in figures:
        key = {**_TOTALS, **_DRAWN}.get(figure.id, "")
        low, high = ends.get(f"{key}.p05"), ends.get(f"{key}.p95")
        held = figure.low is not None and figure.id not in _DRAWN
        if figure.value is None or held or low is None or high is None:
            yield figure
            continue
        how = f"{figure.trace.how}; range: 5th to 95th percentile of the draws, {key}"
        yield replace(figure, low=low, high=high, trace=replace(figure.trace, how=how))
