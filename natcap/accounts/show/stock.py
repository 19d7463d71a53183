"""Sections of the carbon stock account: by class and pool, by zone, by pool, by transition."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from natcap.accounts.show.sure import rated, weakest, word_of
from natcap.accounts.show.words import HA, TC, Show, amount, number, text
from natcap.accounts.stock import Densities, StockAccount
from natcap.core.report import Chart, Section
from natcap.core.verification import UNPUBLISHED

__all__ = ["RECALLED_BANNER", "recalled", "stock_sections"]

RECALLED_BANNER = (
    "Carbon stock rests on densities that were recalled or judged, not read at their source: for orientation only, "
    "not for publication."
)
_NOTE_SETTLED = (
    "The change is what the new land use stores less what the old one stored once both have settled; soils take about "
    "two decades to do so."
)
_NOTE_RANGE = "The range takes every density at its low or at its high end at once."


def recalled(densities: Densities) -> bool:
    return densities.verified in UNPUBLISHED


def _notes(densities: Densities) -> tuple[str, ...]:
    depth = f"Soil carbon to {densities.depth_cm} cm; stocks to another depth are not added to it."
    depth = depth if densities.depth_cm else "The densities do not say to which depth their soil carbon stands."
    tier = (RECALLED_BANNER,) if recalled(densities) else ()
    return (*tier, _NOTE_SETTLED, depth)


def stock_sections(show: Show) -> tuple[Section, ...]:
    """The carbon sections; none without a carbon account."""
    stock, densities = show.results.stock, show.results.densities
    if stock is None or densities is None:
        return ()
    rows = [(n, p) for n in _used(show) for p in range(len(densities.pools))]
    every = [word_of(densities.states_of([n], [p])) for n, p in rows]
    area = show.results.extent.opening + show.results.extent.closing
    zones = [word_of(densities.states_of(np.flatnonzero(held))) for held in area[:, 1:]]
    pools = [
        word_of(densities.states_of(_used(show), [p])) if rows else word_of(()) for p in range(len(densities.pools))
    ]
    found = (
        rated(_by_class(show, densities), [*every, weakest(every)]),
        rated(_by_zone(show, stock, densities), [*zones, weakest(zones)]),
        rated(_by_pool(show, stock, densities), [*pools, weakest(pools)]),
    )
    return found if show.broken or show.net else (*found, _by_transition(show, stock, densities))


def _used(show: Show) -> list[int]:
    """Positions of the classes that occur."""
    account = show.results.extent
    return [
        n
        for n in range(len(show.results.classes))
        if account.opening[:, n + 1].any() or account.closing[:, n + 1].any()
    ]


def _grown(show: Show) -> tuple[str, str]:
    """Labels of gains and losses; of margins they are those of classes that grew or shrank net."""
    if show.net:
        return "Gains of classes that grew, net", "Losses of classes that shrank, net"
    return "Gains by change of land use", "Losses by change of land use"


def _by_class(show: Show, densities: Densities) -> Section:
    classes, account, counts = show.results.classes, show.results.extent, show.counts
    rows = [(n, p) for n in _used(show) for p in range(len(densities.pools))]
    table = pd.DataFrame({"item": [classes[n].name for n, _ in rows], "pool": [densities.pools[p] for _, p in rows]})
    for key, cells in (("area_opening", account.opening), ("area_closing", account.closing)):
        table[key] = [float(counts.area(cells[:, n + 1].sum())) for n, _ in rows]
    table["density"] = [densities.value[n, p] for n, p in rows]
    for key in ("opening", "closing"):
        table[key] = table[f"area_{key}"] * table["density"]
    unseen = account.reappraisal[:, 1:].sum(axis=0)
    if seen_once := bool(unseen.any()) and not show.broken:
        table["area_unseen"] = [float(counts.area(unseen[n])) for n, _ in rows]
    moved = table["area_unseen"] * table["density"] if seen_once else 0.0
    table["change"] = np.nan if show.broken else table["closing"] - table["opening"] - moved
    last = len(table)
    total = {name: table[name].sum(min_count=last) for name in ("opening", "closing", "change")}
    blank = ("area_opening", "area_closing", "density", *(["area_unseen"] if seen_once else []))
    summed = ("opening", "closing", *(["change"] if seen_once else []))
    table.loc[last] = {"item": "All", "pool": "all pools", **dict.fromkeys(blank, np.nan), **total}
    most = table.iloc[:last].groupby("item", dropna=False)["closing"].sum(min_count=1).idxmax() if last else ""
    stored = f"{amount(total['closing'], TC)} stored once the land cover of {show.closing} has settled"
    title = f"{stored}, most of it in {most}" if last else "No stock"
    formula = "[closing]-[opening]" + ("-[area_unseen]*[density]" if seen_once else "")
    return Section(
        "carbon_stock",
        "Carbon stock by class and pool, once settled",
        table,
        (
            text("item", "Land-cover class"),
            text("pool", "Pool"),
            number("area_opening", f"Area at {show.opening}"),
            number("area_closing", f"Area at {show.closing}"),
            number("density", "Carbon density", "t C/ha"),
            number("opening", f"Stock at {show.opening}", TC, "[area_opening]*[density]"),
            number("closing", f"Stock at {show.closing}", TC, "[area_closing]*[density]"),
            *([number("area_unseen", "Area with data at one date only, gained less lost")] if seen_once else []),
            number("change", "Change", TC, None if show.broken else formula),
        ),
        summary=f"{title}.",
        notes=_notes(densities),
        charts=(Chart("stacked", show.mark(title), "item", "closing", series="pool"),) if last else (),
        total_rows=(last,),
        cells={(last, name): f"SUM({{{name}}})" for name in summed}
        | {(last, name): "" for name in blank},
        marks={(last, name): "[z]" for name in blank}
        | ({(row, "change"): "[b]" for row in range(last + 1)} if show.broken else {}),
        figures={(last, "opening"): "carbon_stock.opening.total", (last, "closing"): "carbon_stock.closing.total",
                 (last, "change"): "carbon_stock.change.total"},
    )  # fmt: skip


def _by_zone(show: Show, stock: StockAccount, densities: Densities) -> Section:
    table = pd.DataFrame({"zone_id": list(show.counts.zones), "zone": list(show.results.names)})
    table["area"] = show.counts.area(show.counts.accounted)
    table["opening"] = stock.opening.sum(axis=(1, 2))
    for key, values in (("gains", stock.gains), ("losses", stock.losses), ("reappraisal", stock.reappraisal)):
        table[key] = values.sum(axis=1)
    table["closing"] = stock.closing.sum(axis=(1, 2))
    columns = [text("zone_id", "Zone code"), text("zone", "Zone"), number("area", "Area accounted", HA)]
    columns += [number("opening", f"Stock at {show.opening}", TC), number("gains", _grown(show)[0], TC)]
    columns += [number("losses", _grown(show)[1], TC), number("reappraisal", "Reappraisals", TC)]
    columns.append(number("closing", f"Stock at {show.closing}", TC, "[opening]+[gains]-[losses]+[reappraisal]"))
    if stock.closing_range is not None:
        table["low"], table["high"] = stock.closing_range
        columns += [
            number("low", "Low end of the closing stock", TC),
            number("high", "High end of the closing stock", TC),
        ]
    summed = [c.name for c in columns[2:] if not c.formula]
    last = len(table)
    table.loc[last] = {"zone_id": "all", "zone": "All zones", **{c.name: table[c.name].sum() for c in columns[2:]}}
    table["per_ha"] = table["closing"] / table["area"]
    columns.append(number("per_ha", "Closing stock per hectare", "t C/ha", "[closing]/[area]"))
    most = int(table["per_ha"].iloc[:last].to_numpy().argmax())
    largest = int(table["closing"].iloc[:last].to_numpy().argmax())
    title = f"{table['zone'][largest]} stores most, {amount(table['closing'][largest], TC)} at {show.closing}"
    dense = f"{table['zone'][most]} stores most to the hectare: {amount(table['per_ha'][most], 't C')}"
    only = {"zone_id": list(show.counts.zones)}
    chart = Chart("bar", show.mark(title), "zone", "closing", only=only)
    if stock.closing_range is not None:
        chart = replace(chart, kind="range", low="low", high="high")
    figures = {
        (row, what): f"carbon_stock.{what}.{key}"
        for row, key in enumerate(show.keys)
        for what in ("opening", "closing")
    }
    return Section(
        "carbon_by_zone",
        "Carbon stock by zone, once settled",
        table,
        tuple(columns),
        summary=f"{title}. {dense}.",
        notes=(*_notes(densities), _NOTE_RANGE),
        charts=(chart, Chart("bar", show.mark(dense), "zone", "per_ha", only=only)),
        total_rows=(last,),
        cells={(last, name): f"SUM({{{name}}})" for name in summed},
        figures=figures,
    )


def _by_pool(show: Show, stock: StockAccount, densities: Densities) -> Section:
    table = pd.DataFrame({"pool": list(densities.pools), "opening": stock.opening.sum(axis=(0, 1))})
    for key, values in (("gains", stock.gains), ("losses", stock.losses), ("reappraisal", stock.reappraisal)):
        table[key] = values.sum(axis=0)
    table["net"] = table["gains"] - table["losses"] + table["reappraisal"]
    table["closing"] = stock.closing.sum(axis=(0, 1))
    last = len(table)
    names = [c for c in table.columns if c != "pool"]
    table.loc[last] = {"pool": "All pools", **{name: table[name].sum() for name in names}}
    return Section(
        "carbon_by_pool",
        "Carbon stock by pool, once settled",
        table,
        (
            text("pool", "Pool"),
            number("opening", f"Stock at {show.opening}", TC),
            number("gains", _grown(show)[0], TC),
            number("losses", _grown(show)[1], TC),
            number("reappraisal", "Reappraisals", TC),
            number("net", "Net balance", TC, "[gains]-[losses]+[reappraisal]"),
            number("closing", f"Stock at {show.closing}", TC, "[opening]+[net]"),
        ),
        summary=_most_pool(table),
        notes=_notes(densities),
        total_rows=(last,),
        cells={(last, name): f"SUM({{{name}}})" for name in ("opening", "gains", "losses", "reappraisal")},
    )


def _most_pool(table: pd.DataFrame) -> str:
    """Which pool holds most at the closing; nothing where the amounts are not all known."""
    pools, total = table.iloc[:-1], float(table["closing"].iloc[-1])
    if pools.empty or not total > 0 or pools["closing"].isna().any():
        return ""
    most = pools.iloc[int(pools["closing"].to_numpy().argmax())]
    return f"{most['closing'] / total:.0%} of the carbon at the closing is in {most['pool']}."


def _by_transition(show: Show, stock: StockAccount, densities: Densities) -> Section:
    cells = show.matrix.total()[1:, 1:]
    first, second = np.nonzero(cells * ~np.eye(len(cells), dtype=bool))
    step = densities.value.sum(axis=1)
    names = np.array([c.name for c in show.results.classes], dtype=object)
    change = stock.transitions.sum(axis=0)[first, second]
    order = np.argsort(change, kind="stable")
    first, second, change = first[order], second[order], change[order]
    table = pd.DataFrame({"from": names[first], "to": names[second], "area": show.counts.area(cells[first, second])})
    table["density_from"], table["density_to"] = step[first], step[second]
    table["change"] = change
    last = len(table)
    table.loc[last] = {"from": "All", "to": "all", "area": table["area"].sum(), "change": change.sum()}
    if last:
        title = f"{table['from'][0]} to {table['to'][0]} changed the stock by {change[0]:+,.0f} t C, the largest loss"
        title = title if change[0] < 0 else "No change of land use lowered the stock"
    else:
        title = "No class changed"
    blank = ("density_from", "density_to")
    words = [word_of(densities.states_of(pair)) for pair in zip(first.tolist(), second.tolist(), strict=True)]
    section = Section(
        "carbon_transitions",
        "Carbon stock change by change of land use, once settled",
        table,
        (
            text("from", "From"),
            text("to", "To"),
            number("area", "Area", HA),
            number("density_from", "Carbon density before, all pools", "t C/ha"),
            number("density_to", "Carbon density after, all pools", "t C/ha"),
            number("change", "Change in stock", TC, "[area]*([density_to]-[density_from])"),
        ),
        summary=f"{title}.",
        notes=_notes(densities),
        total_rows=(last,),
        cells={(last, name): f"SUM({{{name}}})" if last else "" for name in ("area", "change")}
        | {(last, name): "" for name in blank},
        marks={(last, name): "[z]" for name in blank},
    )
    return rated(section, [*words, weakest(words)])
