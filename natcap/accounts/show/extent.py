"""Sections of the extent account: all zones together, zone by zone, change matrix, flows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.accounts.extent import ENTRIES
from natcap.accounts.show.words import HA, Items, Show, amount, number, text
from natcap.core.report import Chart, Column, Section

__all__ = ["account_section", "flows_section", "long_matrix_section", "matrix_section", "zone_account_section"]

_LABELS = {
    "opening": "Opening extent",
    "managed_expansion": "Managed expansion",
    "unmanaged_expansion": "Unmanaged expansion",
    "managed_reduction": "Managed reduction",
    "unmanaged_reduction": "Unmanaged reduction",
    "net_change": "Net change",
    "reappraisal": "Reappraisals",
    "closing": "Closing extent",
}
_NET = ("opening", "additions", "reductions", "net_change", "closing")
_NET_LABELS = {"additions": "Net expansion", "reductions": "Net reduction"}
_NET_FORMULAS = {"net_change": "[additions]-[reductions]", "closing": "[opening]+[net_change]"}
_NOTE_NET = (
    "The source says how much there was at each date, and not what became what. Expansion and reduction are therefore "
    "net: behind them land may have been gained in one place and lost in another, and gross additions and reductions "
    "may be any larger. There is no change matrix."
)
_FORMULAS = {
    "net_change": "[managed_expansion]+[unmanaged_expansion]-[managed_reduction]-[unmanaged_reduction]",
    "closing": "[opening]+[net_change]+[reappraisal]",
}
_BROKEN_FORMULAS = {"closing": "[opening]+[reappraisal]"}
_BROKEN = ("managed_expansion", "unmanaged_expansion", "managed_reduction", "unmanaged_reduction", "net_change")
_SUMMED = tuple(name for name in ENTRIES if name not in _FORMULAS)
_NOTE_MANAGED = (
    "Managed or unmanaged follows from the class at the closing date alone (factors/landcover/managed_rule.csv); "
    "where the cause is not known the change counts as unmanaged."
)
_NOTE_REAPPRAISAL = (
    "Net change is of land that is known at both dates. Reappraisals are cells that have data at one date only: cover "
    "whose data were gained (+) or lost (-). They are not a change on the ground; opening extent + net change + "
    "reappraisals = closing extent."
)
_NOTE_SURVEYS = (
    "Part of every difference between two surveys is boundaries drawn anew, misclassification and change of method: "
    "compare only surveys that their makers call comparable, and read small changes with care."
)
NOTE_LEFT_OUT = (
    "Changes that do not count were put back to the class at the opening: the closing extent is that of the closing "
    "map without them. The section Changes left out says how many."
)
NOTE_DIFFERENCE = (
    "Part of every difference between two maps is misclassification and change of method: compare only maps that their "
    "producer calls comparable, and read small changes with care."
)


NOTE_BREAK = (
    "The series breaks between the maps: their difference is not change on the ground. All of it stands as a "
    "reappraisal; additions, reductions and net change are not known."
)


def _columns(show: Show) -> tuple[Column, ...]:
    dated = {"opening": f"Opening extent {show.opening}", "closing": f"Closing extent {show.closing}"}
    plain = {"opening", "closing"} & {show.opening, show.closing}
    labels = _LABELS if plain else _LABELS | dated
    if _is_net(show):
        labels = labels | _NET_LABELS
        return tuple(number(name, labels[name], formula=_NET_FORMULAS.get(name)) for name in _NET)
    formulas = _BROKEN_FORMULAS if show.broken else _FORMULAS
    return tuple(number(name, labels[name], formula=formulas.get(name)) for name in ENTRIES)


def _is_net(show: Show) -> bool:
    """Expansions and reductions are net. Across a break even those are unknown."""
    return show.net and not show.broken


def _entries(show: Show) -> tuple[str, ...]:
    return _NET if _is_net(show) else ENTRIES


def _unknown(show: Show, table: pd.DataFrame) -> dict[tuple[int, str], str]:
    """Across a break: blank what nobody knows, and mark it."""
    if not show.broken:
        return {}
    table[list(_BROKEN)] = np.nan
    return {(row, name): "[b]" for row in range(len(table)) for name in _BROKEN}


def _sums(show: Show) -> tuple[str, ...]:
    if _is_net(show):
        return tuple(name for name in _NET if name not in _NET_FORMULAS)
    return tuple(name for name in _SUMMED if not (show.broken and name in _BROKEN))


def _notes(show: Show) -> tuple[str, ...]:
    areas = show.results.inputs.change.areas
    known = () if areas is None else (
        f"Change to fen and open water is managed inside an area of {areas.shown} of the right kind, change to "
        "woodland in a whole patch that meets a planting scheme; elsewhere it is unmanaged "
        "(factors/landcover/managed_areas.csv).",
    )  # fmt: skip
    broken = (NOTE_BREAK,) if show.broken else ()
    if show.net:
        return (*broken, *(() if show.broken else (_NOTE_NET,)))
    left = (NOTE_LEFT_OUT,) if show.results.inputs.change.leaves_out else ()
    unseen = _NOTE_REAPPRAISAL if show.unit == "cells" else _NOTE_REAPPRAISAL.replace("cells that have", "land with")
    return (*broken, *left, _NOTE_MANAGED, *known, unseen)


def _present(items: Items, zones: bool) -> np.ndarray:
    """Items with any cell at either date, shape (zones, items), or (items,) of all zones together."""
    cells = items.account.opening + items.account.closing
    found: np.ndarray = (cells if zones else cells.sum(axis=0)) > 0
    return found


def _biggest(show: Show, items: Items) -> str:
    account = items.account
    if show.broken and (account.opening != account.closing).any():
        return f"Break in the series, {show.span}: the difference between the maps is not change on the ground"
    net = account.net_change.sum(axis=0)[1:]
    if not len(net) or not net.any():
        return f"No {items.word.lower()} changed in extent, {show.span}"
    up, down = int(net.argmax()), int(net.argmin())
    gain, loss = (amount(float(show.counts.area(net[n]))) for n in (up, down))
    return f"{items.names[up + 1]} grew by {gain} net and {items.names[down + 1]} shrank by {loss}, {show.span}"


def account_section(show: Show, items: Items, key: str) -> Section:
    """The account of all zones together, one row an item, with its total."""
    used, entries = np.flatnonzero(_present(items, False)), _entries(show)
    table = pd.DataFrame({"item": [items.names[n] for n in used]})
    for name in entries:
        table[name] = show.counts.area(items.account.entry(name).sum(axis=0)[used])
    total = {"item": "All"} | {name: float(show.counts.area(items.account.entry(name).sum())) for name in entries}
    table.loc[len(table)] = total
    last, marks = len(table) - 1, _unknown(show, table)
    figures: dict[tuple[int, str], str] = {}
    for row, n in enumerate(used):
        figures |= {
            (row, what): f"{items.prefix}.{what}.all.{items.keys[n]}" for what in ("opening", "net_change", "closing")
        }
    title = _biggest(show, items)
    colours = {name: items.colours[name] for name in table["item"] if name in items.colours}
    return Section(
        key,
        f"{'Extent' if items.kind == 'class' else 'Habitat extent'} account",
        table,
        (text("item", items.word), *_columns(show)),
        summary=f"{title}.",
        notes=(*_notes(show), NOTE_DIFFERENCE if show.unit == "cells" else _NOTE_SURVEYS),
        sources=_sources(show),
        charts=(Chart("bar", show.mark(title), "item", "net_change", colours=colours),),
        total_rows=(last,),
        cells={(last, name): f"SUM({{{name}}})" for name in _sums(show)},
        marks=marks,
        figures=figures,
    )


def _sources(show: Show) -> tuple[str, ...]:
    inputs = show.results.inputs
    made = " (SYNTHETIC)" if show.synthetic else ""
    return tuple(f"{land.shown}, {land.part}{made}" for land in (inputs.opening, inputs.closing))


def zone_account_section(show: Show, items: Items, key: str) -> Section:
    """The account of every zone, one row a zone and item; below them the total of each zone."""
    (zones, used), entries = np.nonzero(_present(items, True)), _entries(show)
    place = {name: show.counts.area(items.account.entry(name)) for name in entries}
    names = show.results.names
    table = pd.DataFrame(
        {"zone_id": np.array(show.counts.zones, dtype=object)[zones], "zone": np.array(names, dtype=object)[zones]}
    )
    table["item"] = np.array(items.names, dtype=object)[used]
    for name in entries:
        table[name] = place[name][zones, used]
    first = np.searchsorted(zones, np.arange(len(names)))
    last = np.searchsorted(zones, np.arange(len(names)), side="right") - 1
    totals = pd.DataFrame({"zone_id": list(show.counts.zones), "zone": list(names), "item": "All"})
    for name in entries:
        totals[name] = show.counts.area(items.account.entry(name).sum(axis=1))
    rows = len(table)
    cells = {
        (rows + n, name): f"SUM([{name}@{first[n]}]:[{name}@{last[n]}])"
        for n in range(len(names))
        for name in _sums(show)
    }
    figures = {
        (row, what): f"{items.prefix}.{what}.{show.keys[z]}.{items.keys[n]}"
        for row, (z, n) in enumerate(zip(zones.tolist(), used.tolist(), strict=True))
        for what in ("opening", "net_change", "closing")
    }
    whole = pd.concat([table, totals], ignore_index=True)
    return Section(
        key,
        f"{'Extent' if items.kind == 'class' else 'Habitat extent'} account by zone",
        whole,
        (text("zone_id", "Zone code"), text("zone", "Zone"), text("item", items.word), *_columns(show)),
        summary=f"{len(names)} zones; the totals of the zones stand in the last rows.",
        notes=_notes(show),
        sources=_sources(show),
        total_rows=tuple(range(rows, rows + len(names))),
        cells=cells,
        marks=_unknown(show, whole),
        figures=figures,
    )


def matrix_section(show: Show, items: Items) -> Section:
    """Opening in rows, closing in columns, all zones together, in hectares."""
    cells = items.cells.sum(axis=0)
    used = np.flatnonzero(_present(items, False))
    area = show.counts.area(cells)[np.ix_(used, used)]
    keys = [f"to_{items.keys[n]}" for n in used]
    table = pd.DataFrame(area, columns=keys)
    table.insert(0, "item", [items.names[n] for n in used])
    table["total"] = area.sum(axis=1)
    table.loc[len(table)] = {"item": "All", **dict(zip(keys, area.sum(axis=0), strict=True)), "total": area.sum()}
    last = len(table) - 1
    columns = [text("item", f"{items.word} at the opening")]
    columns += [number(key, f"{items.names[n]} at the closing") for key, n in zip(keys, used, strict=True)]
    columns.append(number("total", "All", formula=f"SUM([{keys[0]}]:[{keys[-1]}])"))
    known = cells[1:, 1:]
    stayed = float(np.trace(known) / known.sum()) if known.sum() else 1.0
    of = "of the area" if known.sum() == cells.sum() else "of the area with data at both dates"
    said = "carries the same class in both maps" if show.broken else "kept its class"
    return Section(
        "matrix",
        "Change matrix",
        table,
        tuple(columns),
        summary=f"{stayed:.1%} {of} {said}, {show.span}; the diagonal is what did not change.",
        notes=(NOTE_BREAK,) if show.broken else (),
        sources=_sources(show),
        total_rows=(last,),
        cells={(last, key): f"SUM({{{key}}})" for key in keys},
    )


def _label(show: Show, items: Items, first: np.ndarray, second: np.ndarray, zones: np.ndarray | None = None
           ) -> np.ndarray:  # fmt: skip
    """The word for each transition, of all zones together or of the zone given with it."""
    made, cells = show.results.managed, items.cells
    at = (first, second) if zones is None else (zones, first, second)
    some, every = (part.sum(axis=0)[at] if zones is None else part[at] for part in (made, cells))
    label = np.where(some == every, "managed", np.where(some > 0, "managed in part", "unmanaged")).astype(object)
    label[(first == 0) | (second == 0)] = "reappraisal"
    if show.broken:
        label[:] = "reappraisal (break in series)"
    label[first == second] = "no change"
    return label


def flows_section(show: Show, items: Items) -> Section:
    """What became what, all zones together, largest first, without what did not change."""
    cells = items.cells.sum(axis=0)
    first, second = np.nonzero(cells * ~np.eye(len(cells), dtype=bool))
    order = np.argsort(-cells[first, second], kind="stable")
    first, second = first[order], second[order]
    names = np.array(items.names, dtype=object)
    table = pd.DataFrame({"from": names[first], "to": names[second], "area": show.counts.area(cells[first, second])})
    table["label"] = _label(show, items, first, second)
    if len(table):
        size = amount(float(table["area"][0]))
        what = "difference across the break" if show.broken else "flow"
        title = f"The largest {what} is from {table['from'][0]} to {table['to'][0]}: {size}, {show.span}"
    else:
        title = f"Nothing changed, {show.span}"
    return Section(
        "flows",
        "Flows between classes",
        table,
        (text("from", "From"), text("to", "To"), number("area", "Area"), text("label", "Label")),
        summary=f"{title}.",
        notes=(NOTE_BREAK,) if show.broken else (_NOTE_MANAGED,),
        sources=_sources(show),
        charts=(Chart("sankey", show.mark(title), "from", "area", target="to", colours=items.colours),)
        if len(table)
        else (),
    )


def long_matrix_section(show: Show, items: Items) -> Section:
    """The counts themselves: cells by zone, opening and closing class, and what they are in hectares."""
    zones, first, second = np.nonzero(items.cells)
    names = np.array(items.names, dtype=object)
    cells = items.cells[zones, first, second]
    table = pd.DataFrame(
        {
            "zone_id": np.array(show.counts.zones, dtype=object)[zones],
            "zone": np.array(show.results.names, dtype=object)[zones],
            "from": names[first],
            "to": names[second],
            "label": _label(show, items, first, second, zones),
            "cells": cells,
            "area": show.counts.area(cells),
        }
    )
    size = show.counts.cell_area
    return Section(
        "matrix_by_zone",
        f"Change matrix by zone, in {show.unit}",
        table,
        (
            text("zone_id", "Zone code"),
            text("zone", "Zone"),
            text("from", f"{items.word} at the opening"),
            text("to", f"{items.word} at the closing"),
            text("label", "Label"),
            Column("cells", show.counted[0].upper() + show.counted[1:], "", "integer"),
            number("area", "Area", HA, f"[cells]*{size!r}/10000"),
        ),
        summary=f"Every {show.unit[:-1]} of the account once; a {show.unit[:-1]} is {size:,.10g} square metres.",
        sources=_sources(show),
        group="working",
    )
