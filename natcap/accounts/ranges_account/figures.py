"""Figures of the ranges: P5, median and P95 of every item, with the factors drawn; of changes the central value."""

from __future__ import annotations

from collections.abc import Iterator

from natcap.accounts.ranges_account.account import CHANGE, Item, RangesAccount
from natcap.accounts.ranges_account.effects import EFFECT, ENTRY
from natcap.accounts.ranges_account.stocks import STOCK_CHANGE
from natcap.accounts.ranges_account.words import Words
from natcap.accounts.ranges_account.zero import said
from natcap.accounts.services.account import WHOLE
from natcap.accounts.wings import Setting
from natcap.core.report import Figure, Trace

__all__ = ["figure_id", "range_figures"]

_ENDS = (("p05", "5th percentile"), ("p50", "median"), ("p95", "95th percentile"))


def figure_id(words: Words, item: Item, end: str) -> str:
    """Stable id of one percentile: ranges.<measure>.<date>.<zone or all>.<item or total>.<p05, p50 or p95>."""
    return f"ranges.{item.measure}.{item.date}.{words.zone_key(item.zone)}.{item.item}.{end}"


def range_figures(setting: Setting, account: RangesAccount, words: Words) -> Iterator[Figure]:
    """Three figures an item; the median has the factors, the two ends lead back to it."""
    for item in account.items.values():
        summary = item.drawn.summary
        recalled = any(key in account.known and account.known[key].recalled for key in item.gross)
        middle = figure_id(words, item, "p50")
        for (end, name), value in zip(_ENDS, summary, strict=True):
            trace = _trace(account, words, item) if end == "p50" else Trace(f"{name} of the same draws",
                                                                           parents=(middle,))  # fmt: skip
            low, high = (summary.p5, summary.p95) if end == "p50" else (None, None)
            yield Figure(figure_id(words, item, end), f"{words.label(item)}, {name}", value, words.unit(item), trace,
                         low, high, setting.status(recalled), words.period(item), words.place(item))  # fmt: skip
        if item.date == CHANGE:
            trace = Trace("every factor and area at its central value; not the median", parents=(middle,))
            yield Figure(figure_id(words, item, "central"), f"{words.label(item)}, central value", item.central,
                         words.unit(item), trace, summary.p5, summary.p95, setting.status(recalled),
                         words.period(item), words.place(item))  # fmt: skip


def _trace(account: RangesAccount, words: Words, item: Item) -> Trace:
    drawn = f"median of {account.draws.n:,} draws from seed {account.draws.seed}; central value {item.central:,.10g}"
    if item.measure == "area":
        how = f"normal error of the adjusted area; standard error {item.drawn.deviation:,.6g} ha"
        return Trace(how, parents=(f"accuracy.area_{item.date}.all.{item.item}",))
    if item.zone != WHOLE:
        how = f"{drawn}; the draws of all zones with the hectares of {words.place(item)}"
        whole = f"ranges.{item.measure}.{item.date}.{WHOLE}.{item.item}.p50"
        return Trace(how, parents=(whole,))
    if item.date == CHANGE:
        return Trace(f"{drawn}; {_changed(item)}; {said(item)}", parents=_dates(account, item))
    factors = [account.known[key].factor for key in sorted(item.gross) if key in account.known]
    inputs = tuple(f.input for f in factors if f.input is not None)
    parents = (f"carbon_stock.{item.date}.total",) if item.measure == "carbon_stock" else ()
    how = f"{drawn}; each factor drawn once a draw for all rows" if factors else f"{drawn}; no factor is stated"
    return Trace(how, parents=parents, inputs=inputs, factors=tuple(f.ref for f in factors))


def _changed(item: Item) -> str:
    if item.measure.startswith(EFFECT):
        return "effects are split draw by draw, both dates with the same draw of each factor"
    if item.measure.startswith(ENTRY):
        return "entries are made draw by draw of the effects of the same draws"
    return "closing less opening draw by draw"


def _dates(account: RangesAccount, item: Item) -> tuple[str, ...]:
    """The ranges of what a change is between, closing first."""
    parent = {STOCK_CHANGE: "carbon_stock"}.get(item.measure, item.measure)
    parent = "asset" if parent.startswith((EFFECT, ENTRY)) else parent
    keys = ((parent, date, item.zone, item.item) for date in ("closing", "opening"))
    return tuple(f"ranges.{m}.{d}.{WHOLE}.{i}.p50" for m, d, z, i in keys if (m, d, z, i) in account.items)
