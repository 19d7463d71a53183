"""Figures of catastrophic losses: each row of the workbook with its cell, each event, and the entry of the account."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from natcap.accounts.assets_account.losses.placed import Placed
from natcap.accounts.assets_account.losses.read import AREA, FIELDS, Loss
from natcap.accounts.assets_account.losses.words import MISSING, listed
from natcap.accounts.assets_account.unit_values import DATES
from natcap.accounts.assets_account.words import Words
from natcap.core.report import Figure, InputRef, Trace

__all__ = ["ENTRY", "figures_with_losses"]

ENTRY = "assets.entry.catastrophic.total"


def figures_with_losses(words: Words, figures: Iterable[Figure], placed: Placed | None, lines: pd.DataFrame,
                        rows: pd.DataFrame) -> Iterator[Figure]:  # fmt: skip
    """The figures of the account, the entry of losses walked back to its events, these to rows, and rows to cells."""
    status: dict[str, str] = {}
    for figure in figures:
        status[figure.id] = figure.status
        if figure.id != ENTRY:
            yield figure
        elif placed is None:
            yield replace(figure, trace=Trace(MISSING))
        else:
            events = tuple(dict.fromkeys(rows["event_figure"]))
            yield replace(figure, trace=Trace(f"sum of {len(events)} events", parents=events))
    if placed is not None:
        yield from _losses(words, placed, lines, rows, status)


def _losses(words: Words, placed: Placed, lines: pd.DataFrame, rows: pd.DataFrame,
            status: Mapping[str, str]) -> Iterator[Figure]:  # fmt: skip
    judged: dict[str, bool] = {}
    made = []
    for n, row in enumerate(rows.to_dict("records")):
        mine = lines[lines["loss"] == n]
        parents = tuple(dict.fromkeys(
            f"assets.value.{date}.{line['zone_key']}.{line['service']}.{line['type_key']}"
            for line in mine.to_dict("records") for date in DATES
        ))  # fmt: skip
        recalled = any(status.get(key) == "recalled" for key in parents)
        judged[row["event_figure"]] = judged.get(row["event_figure"], False) or recalled
        loss = placed.given.rows[n]
        trace = Trace(_how(words, loss, mine), parents=parents, inputs=(_cell(placed, loss),))
        label = f"Catastrophic loss, {loss.event}, {row['type_name']}, {row['service_name'].lower()}"
        made.append(_figure(words, row["figure"], label, row["value"], trace, recalled, str(loss.year),
                            row["zone_name"]))  # fmt: skip
    for key, part in rows.groupby("event_figure", sort=False):
        trace = Trace(f"sum of {len(part)} rows of {placed.given.shown}", parents=tuple(part["figure"]))
        yield _figure(words, str(key), f"Catastrophic losses, {part['event'].iloc[0]}", float(part["value"].sum()),
                      trace, judged[str(key)], listed(part["year"]), words.setting.project.place)  # fmt: skip
    yield from made


def _figure(words: Words, key: str, label: str, value: float, trace: Trace, recalled: bool, period: str,
            place: str) -> Figure:  # fmt: skip
    status = words.setting.status(recalled)
    return Figure(key, label, float(value), words.unit, trace, status=status, period=period, place=place)


def _how(words: Words, loss: Loss, lines: pd.DataFrame) -> str:
    kept = "taken out of the other changes of these assets"
    if loss.measure != AREA:
        unit = words.account.services[loss.service].unit
        fall = float(lines["fall"].sum())
        return (f"{loss.amount:.10g} of {fall:.10g} {unit} a year by which the expected flow fell by itself, times "
                f"the effect of that fall on the asset value; {kept}")  # fmt: skip
    if len(lines) == 1:
        return f"{loss.amount:.10g} ha x {float(lines['bracket'].iloc[0]):,.10g} a hectare; {kept}"
    several = f"{lines['service'].nunique()} services, {len(lines)} assets"
    return f"{loss.amount:.10g} ha x the value of a hectare of {several} (working table 'Catastrophic losses'); {kept}"


def _cell(placed: Placed, loss: Loss) -> InputRef:
    name = FIELDS[loss.measure]
    cell = str(loss.row.get(f"_cell_{name}") or f"row {loss.row['_row']}")
    return InputRef(placed.given.shown, str(loss.row["_sheet"]), cell, f"{loss.entered:.10g}", loss.unit, loss.evidence)
