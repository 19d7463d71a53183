"""Extent by other typologies, IUCN Global Ecosystem Typology and EU ecosystem types, by crosswalks of the library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.accounts.classes import NODATA
from natcap.accounts.classes import table as library
from natcap.accounts.crosswalk import Crosswalk, crosswalk
from natcap.accounts.extent import ExtentAccount
from natcap.accounts.ofcounts import account_of
from natcap.accounts.show.extent import NOTE_BREAK
from natcap.accounts.show.words import HA, NO_DATA_NAME, Show, amount, number, text
from natcap.core.report import Check, Column, Figure, Section, Trace
from natcap.core.sources import source
from natcap.core.verification import UNPUBLISHED, worst

__all__ = ["level_banners", "level_checks", "level_editions", "level_figures", "level_sections"]

_LISTS = {"iucn_get": "IUCN GET group", "eu_level1": "EU ecosystem type, level 1"}
_NET = {"net": "[additions]-[reductions]", "closing": "[opening]+[net]+[reappraisal]"}
_BROKEN = {"closing": "[opening]+[reappraisal]"}


@dataclass(frozen=True)
class _Level:
    """The account by one typology. Item 0 is no data; `states` is the weakest verification of each other item."""

    word: str
    walk: Crosswalk
    account: ExtentAccount
    states: tuple[str, ...]
    cited: tuple[str, ...]

    def entries(self) -> dict[str, np.ndarray]:
        """Cells of all zones by item."""
        a = self.account
        found = {"opening": a.opening, "additions": a.additions, "reductions": a.reductions,
                 "net": a.net_change, "reappraisal": a.reappraisal, "closing": a.closing}  # fmt: skip
        return {name: cells.sum(axis=0) for name, cells in found.items()}

    def members(self, item: int) -> list[int]:
        """Positions of the classes that go to an item, from 0."""
        return [int(n) for n in np.flatnonzero(self.walk.shares[:, item - 1])]


def _levels(show: Show) -> Iterator[_Level]:
    results = show.results
    if not results.inputs.classes.source:
        return
    frame = library("crosswalks")
    for target, word in _LISTS.items():
        rows = frame[(frame["from_list"] == results.inputs.classes.id) & (frame["to_list"] == target)]
        if rows.empty or not show.counts.codes:
            continue
        walk = crosswalk(results.inputs.classes.id, target).pick(show.counts.codes)
        mine = rows[rows["code"].isin([str(code) for code in walk.codes])]
        states = tuple(worst(mine.loc[mine["to_key"] == key, "verified"]) for key in walk.keys)
        account = account_of(show.counts, results.managed, results.broken, walk)
        yield _Level(word, walk, account, states, tuple(source(s).cite() for s in dict.fromkeys(mine["source"])))


def level_sections(show: Show) -> tuple[Section, ...]:
    """A short account of all zones together for each typology that the class list leads to."""
    return tuple(_section(show, level) for level in _levels(show))


def _section(show: Show, level: _Level) -> Section:
    entries, walk = level.entries(), level.walk
    used = np.flatnonzero(entries["opening"] + entries["closing"] > 0)
    classes = [c.name for c in show.results.classes]
    table = pd.DataFrame({"item": [(NO_DATA_NAME, *walk.names)[n] for n in used]})
    table["classes"] = ["; ".join(classes[m] for m in level.members(int(n))) if n else "no data" for n in used]
    for name, cells in entries.items():
        table[name] = show.counts.area(cells[used])
    table["state"] = ["" if not n else _confidence(level.states[n - 1]) for n in used]
    last = len(table)
    table.loc[last] = {"item": "All", "classes": "all", "state": "",
                       **{name: float(show.counts.area(cells.sum())) for name, cells in entries.items()}}  # fmt: skip
    unknown = ("additions", "reductions", "net") if show.broken else ()
    marks = {(row, name): "[b]" for row in range(last + 1) for name in unknown}
    table[list(unknown)] = np.nan
    formulas = _BROKEN if show.broken else _NET
    moves = ("Net expansion", "Net reduction") if show.net else ("Additions", "Reductions")
    labels = {"opening": "Opening extent", "additions": moves[0], "reductions": moves[1],
              "net": "Net change", "reappraisal": "Reappraisals", "closing": "Closing extent"}  # fmt: skip
    columns: list[Column] = [
        text("item", level.word),
        text("classes", "Classes of the maps" if show.unit == "cells" else "Classes of the list"),
    ]
    columns += [number(name, label, formula=formulas.get(name)) for name, label in labels.items()]
    return Section(
        f"extent_{walk.to_list}",
        f"Extent by {level.word}",
        table,
        (*columns, text("state", "Confidence in the assignment")),
        summary=_finding(show, level, entries),
        notes=(_note(level), *([NOTE_BREAK] if show.broken else [])),
        sources=level.cited,
        total_rows=(last,),
        cells={(last, n): f"SUM({{{n}}})" for n in labels if n not in (*formulas, *unknown)},
        marks=marks,
        figures={
            (row, column): f"level.{walk.to_list}.{what}.all.{(NODATA, *walk.keys)[n]}"
            for row, n in enumerate(used)
            if n
            for column, what in (("opening", "opening"), ("closing", "closing"), ("net", "net_change"))
        },
        group="working",
    )


def _confidence(state: str) -> str:
    return f"Red: {state}" if state in UNPUBLISHED else state


def _note(level: _Level) -> str:
    said = f"Crosswalk {level.walk.from_list} to {level.walk.to_list} (factors/landcover/crosswalks.csv); "
    state = worst(level.states)
    if state in UNPUBLISHED:
        return said + f"which class goes where is {state} here, to be confirmed before publication."
    return said + f"verification: {state}."


def _finding(show: Show, level: _Level, entries: dict[str, np.ndarray]) -> str:
    most = int(entries["closing"][1:].argmax())
    area, whole = (show.counts.ha(int(n)) for n in (entries["closing"][most + 1], max(entries["closing"].sum(), 1)))
    return f"{level.walk.names[most]} is the largest: {amount(area)}, {area / whole:.0%} of the area, {show.closing}."


def level_figures(show: Show) -> Iterator[Figure]:
    """Opening, closing and net change of every item, all zones together, summed from the classes."""
    for level in _levels(show):
        entries = level.entries()
        for item in np.flatnonzero(entries["opening"] + entries["closing"] > 0):
            if item:
                yield from _item(show, level, int(item), entries)


def _item(show: Show, level: _Level, item: int, entries: dict[str, np.ndarray]) -> Iterator[Figure]:
    walk, status = level.walk, show.status(level.states[item - 1] in UNPUBLISHED)
    account, classes = show.results.extent, show.results.classes
    here = [m for m in level.members(item) if account.opening[:, m + 1].any() or account.closing[:, m + 1].any()]
    name, stem = walk.names[item - 1], f"level.{walk.to_list}"
    how = "sum of the classes" if walk.whole else "classes x their shares in the crosswalk"
    for what, when in (("opening", show.opening), ("closing", show.closing)):
        parents = tuple(f"extent.{what}.all.{classes[m].key}" for m in here)
        trace = Trace(f"{how}: {', '.join(classes[m].name for m in here)}", parents=parents)
        yield Figure(
            f"{stem}.{what}.all.{walk.keys[item - 1]}",
            f"{name}, {what}",
            float(show.counts.area(entries[what][item])),
            HA,
            trace,
            status=status,
            period=when,
            place="all zones",
        )
    parents = tuple(f"{stem}.{what}.all.{walk.keys[item - 1]}" for what in ("opening", "closing"))
    label = f"{name}, net change" + (", a reappraisal: break in the series" if show.broken else "")
    yield Figure(
        f"{stem}.net_change.all.{walk.keys[item - 1]}",
        label,
        float(show.counts.area(entries["net"][item])),
        HA,
        Trace("closing less opening", parents=parents),
        status=status,
        period=show.span,
        place="all zones",
    )


def level_checks(show: Show) -> Iterator[Check]:
    for level in _levels(show):
        off, size = level.account, 0.0 if level.walk.whole else 1e-9 * max(float(show.counts.accounted.sum()), 1.0)
        left = off.opening + off.net_change + off.reappraisal
        title = f"{level.word}: opening + additions - reductions + reappraisals = closing everywhere, {show.unit} off"
        yield Check(
            f"level.{level.walk.to_list}.closes", title, float(np.abs(left - off.closing).sum()), 0.0, size, show.unit
        )
        yield Check(
            f"level.{level.walk.to_list}.area",
            f"{level.word}: area = area by class, closing",
            float(off.closing.sum()),
            float(show.counts.accounted.sum()),
            size,
            show.unit,
        )


def level_banners(show: Show) -> tuple[str, ...]:
    judged = [level.word for level in _levels(show) if worst(level.states) in UNPUBLISHED]
    if not judged:
        return ()
    return (
        f"Extent by {' and by '.join(judged)} rests on assignments judged here: to be confirmed before publication.",
    )


def level_editions(show: Show) -> tuple[str, ...]:
    return tuple(f"landcover/crosswalks {level.walk.from_list} to {level.walk.to_list}" for level in _levels(show))
