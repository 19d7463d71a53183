"""The extent account by period: one for each pair of neighbouring maps, each opening linked to the closing before."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.accounts.change import Period
from natcap.accounts.classes import NODATA
from natcap.accounts.show.words import HA, NO_DATA_NAME, Show, amount, number, text
from natcap.core.report import Chart, Figure, InputRef, Section, Trace

__all__ = ["period_figures", "period_sections"]

_NET = "[additions]-[reductions]"
_CLOSING = "[opening]+[net]+[reappraisal]"
_UNKNOWN = ("additions", "reductions", "net")
_SUMMED = ("opening", "additions", "reductions", "reappraisal")
_NOTE_CHAIN = (
    "The closing of each period is the opening of the next. Cells without data at one date are reappraisals, and in no "
    "net change."
)
_NOTE_BREAK = "[b]: the series breaks within the period; the whole difference is a reappraisal."
_NOTE_RAW = (
    "These are the maps as they are: the rules that leave changes out are applied to the whole span alone, so the last "
    "closing here is that of the closing map."
)


def _names(show: Show) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Keys and names of the items of the periods, no data first."""
    classes = show.results.inputs.classes.pick(show.results.periods[0].counts.codes)
    return (NODATA, *(c.key for c in classes)), (NO_DATA_NAME, *(c.name for c in classes))


def period_sections(show: Show) -> tuple[Section, ...]:
    """The account by period; none with two maps alone."""
    if not show.results.periods:
        return ()
    return (_section(show, "extent_by_period", None), *_zones(show))


def _zones(show: Show) -> tuple[Section, ...]:
    if len(show.counts.zones) < 2:
        return ()
    return (_section(show, "extent_by_period_and_zone", np.arange(len(show.counts.zones))),)


def _rows(show: Show, zones: np.ndarray | None) -> list[pd.DataFrame]:
    """One table a period, with the same rows in the same order in each."""
    _, names = _names(show)
    used = np.zeros((1 if zones is None else len(zones), len(names)), dtype=bool)
    every = []
    for period in show.results.periods:
        entries = {k: v.sum(axis=0, keepdims=True) if zones is None else v for k, v in period.entries().items()}
        used |= (entries["opening"] > 0) | (entries["closing"] > 0)
        every.append((period, entries))
    at = np.nonzero(used)
    tables = []
    for period, entries in every:
        table = pd.DataFrame(
            {"period": f"{period.start} to {period.end}", "item": np.array(names, dtype=object)[at[1]]}
        )
        if zones is not None:
            table.insert(1, "zone_id", np.array(show.counts.zones, dtype=object)[at[0]])
            table.insert(2, "zone", np.array(show.results.names, dtype=object)[at[0]])
        for name, cells in entries.items():
            table[name] = show.counts.area(cells[at])
        tables.append(table)
    return tables


def _section(show: Show, key: str, zones: np.ndarray | None) -> Section:
    tables, periods = _rows(show, zones), show.results.periods
    size = len(tables[0])
    totals = []
    for table in tables:
        total = {"period": table["period"].iloc[0], "item": "All", **{n: table[n].sum() for n in (*_SUMMED, "closing")}}
        totals.append(total | ({} if zones is None else {"zone_id": "all", "zone": "All zones"}))
    table = pd.concat([*tables, pd.DataFrame(totals)], ignore_index=True)
    table["net"] = table["additions"] - table["reductions"]
    first = size * len(periods)
    rows_of = [[*range(n * size, (n + 1) * size), first + n] for n in range(len(periods))]
    cells = {
        (first + n, name): f"SUM([{name}@{n * size}]:[{name}@{(n + 1) * size - 1}])"
        for n in range(len(periods)) for name in _SUMMED
    }  # fmt: skip
    cells |= {(row, "opening"): f"[closing@{row - size}]" for row in range(size, first)}
    marks: dict[tuple[int, str], str] = {}
    for rows, period in zip(rows_of, periods, strict=True):
        if period.broken:
            cells = {at: formula for at, formula in cells.items() if at[0] not in rows or at[1] not in _UNKNOWN}
            cells |= {(row, "closing"): "[opening]+[reappraisal]" for row in rows}
            cells |= {(row, "net"): "" for row in rows}
            marks |= {(row, name): "[b]" for row in rows for name in _UNKNOWN}
            table.loc[rows, list(_UNKNOWN)] = np.nan
    place = () if zones is None else (text("zone_id", "Zone code"), text("zone", "Zone"))
    title = _finding(show)
    colours = show.classes().colours
    chart = Chart("line", show.mark(title), "period", "closing", series="item", colours=colours,
                  only={"item": [n for n in dict.fromkeys(table["item"]) if n != "All"]})  # fmt: skip
    return Section(
        key,
        "Extent account by period" + ("" if zones is None else " and zone"),
        table[
            [
                "period",
                *(c.name for c in place),
                "item",
                "opening",
                "additions",
                "reductions",
                "net",
                "reappraisal",
                "closing",
            ]
        ],
        (
            text("period", "Period"),
            *place,
            text("item", "Land-cover class"),
            number("opening", "Opening extent"),
            number("additions", "Additions"),
            number("reductions", "Reductions"),
            number("net", "Net change", formula=_NET),
            number("reappraisal", "Reappraisals"),
            number("closing", "Closing extent", formula=_CLOSING),
        ),
        summary=f"{title}.",
        notes=(
            _NOTE_CHAIN,
            *([_NOTE_BREAK] if marks else []),
            *([_NOTE_RAW] if show.results.inputs.change.leaves_out else []),
        ),
        sources=tuple(
            shown
            for role, _, shown, _ in show.results.inputs.files
            if role in ("opening", "closing") or role.startswith("between")
        ),
        charts=(chart,) if zones is None else (),
        total_rows=tuple(range(first, first + len(periods))),
        cells=cells,
        marks=marks,
        figures={} if zones is not None else _links(show, tables),
        group="main" if zones is None else "working",
    )


def _links(show: Show, tables: list[pd.DataFrame]) -> dict[tuple[int, str], str]:
    keys, names = _names(show)
    size = len(tables[0])
    place = dict(zip(names, keys, strict=True))
    return {
        (n * size + row, what): f"extent_period.{what}.{period.key}.{place[item]}"
        for n, (table, period) in enumerate(zip(tables, show.results.periods, strict=True))
        for row, item in enumerate(table["item"])
        for what in ("opening", "closing")
    }


def _finding(show: Show) -> str:
    """The period in which most changed class."""
    known = [p for p in show.results.periods if not p.broken]
    if not known:
        return f"The series breaks in each of {len(show.results.periods)} periods: nothing is known of change"
    changed = [show.counts.ha(int(p.entries()["additions"].sum())) / (p.end - p.start) for p in known]
    most = int(np.argmax(changed))
    return (
        f"Most changed class from {known[most].start} to {known[most].end}, {amount(changed[most])} a year, of "
        f"{len(show.results.periods)} periods"
    )


def period_figures(show: Show) -> Iterator[Figure]:
    """Opening and closing of every class in every period, all zones together."""
    if not show.results.periods:
        return
    keys, names = _names(show)
    maps = [
        f for f in show.results.inputs.files if f[0] == "opening" or f[0].startswith("between") or f[0] == "closing"
    ]
    order = sorted(
        maps, key=lambda f: (f[0] != "opening", f[0] == "closing", int(f[0].split()[-1]) if " " in f[0] else 0)
    )
    used = set().union(*(_used(period) for period in show.results.periods))
    for n, period in enumerate(show.results.periods):
        for what, (_, _, shown, sha), year in (
            ("opening", order[n], period.start),
            ("closing", order[n + 1], period.end),
        ):
            cells = period.entries()[what].sum(axis=0)
            for item in sorted(used):
                count = int(cells[item])
                ref = InputRef(shown, "", "", str(count), "cells", f"SHA-256 {sha[:16]}...")
                trace = Trace(
                    f"{count:,} cells of {names[item]} x {show.counts.cell_area:,.10g} m2 / 10,000", inputs=(ref,)
                )
                yield Figure(
                    f"extent_period.{what}.{period.key}.{keys[item]}",
                    f"{names[item]}, {what} of {period.start} to {period.end}",
                    show.counts.ha(count), HA, trace, status=show.status(), period=str(year), place="all zones",
                )  # fmt: skip


def _used(period: Period) -> set[int]:
    cells = period.counts.total()
    return {int(n) for n in np.flatnonzero(cells.sum(axis=0) + cells.sum(axis=1))}
