"""Working of the change of asset values: each pair of opening and closing with its effects and entries, live."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.changes import (
    APART,
    EFFECTS,
    ENTRIES,
    FLOW,
    METHOD,
    PER_HECTARE,
    SAME,
    UNVALUED,
    VOLUME,
)
from natcap.accounts.assets_account.unit_values import DATES
from natcap.accounts.assets_account.words import Words, money
from natcap.accounts.show.words import HA, number, text
from natcap.core.report import Column, Section

__all__ = ["EFFECT_NAMES", "changes_section"]

EFFECT_NAMES: Mapping[str, str] = {
    "extent": "Extent: more or less area",
    "flow": "Flow per hectare: enhancement or degradation",
    "volume": "Flow that is not per hectare",
    "price": "Value of a unit of flow: revaluation",
    "uncompared": "Not comparable between the dates",
}
_BRACKET = (
    "([rate_opening]*[worth_opening]+[rate_closing]*[worth_closing])/3"
    "+([rate_opening]*[worth_closing]+[rate_closing]*[worth_opening])/6"
)
_TERM = (
    "([{a}_opening]*[{b}_opening]+[{a}_closing]*[{b}_closing])/3"
    "+([{a}_opening]*[{b}_closing]+[{a}_closing]*[{b}_opening])/6"
)
_STILL = f"ABS([rate_closing]-[rate_opening])<={SAME:.0E}*ABS([rate_opening])"
_STEP = f"IF({_STILL},0,([rate_closing]-[rate_opening])*({_TERM.format(a='area', b='worth')}))"
_CELLS: Mapping[str, str] = {
    "bracket": _BRACKET,
    "extent": "([area_closing]-[area_opening])*[bracket]",
    "flow": f'IF([how]="{PER_HECTARE}",{_STEP},0)',
    "volume": f'IF([how]="{VOLUME}",{_STEP},0)',
    "price": f"([worth_closing]-[worth_opening])*({_TERM.format(a='area', b='rate')})",
    "change": "[closing]-[opening]",
    "fall": "([rate_opening]-[rate_closing])*([area_opening]+[area_closing])/2",
    "enhancement": f'IF([cause]="{FLOW}",MAX([flow],0),0)',
    "degradation": f'IF([cause]="{FLOW}",MIN([flow],0),0)',
    "additions": "[ha_in]*[bracket]",
    "reductions": "-[ha_out]*[bracket]",
    "other_volume": f'IF([cause]="{FLOW}",[volume],0)',
    "reappraisals": f'IF([cause]="{METHOD}",[flow]+[volume],0)+[ha_unseen]*[bracket]',
    "revaluation": "[price]",
}
"""Formulas of a pair that is split."""
_LOST: tuple[str, ...] = ("ha_lost", "flow_lost", "flow_loss")
_LINES = "SUMIFS({{asset_loss_lines.{name}}},{{asset_loss_lines.place}},{at})"
"""The sum of the lines of a pair, by its row from 1; to be filled."""
_APART_CELLS: Mapping[str, str] = {"uncompared": "SUM([closing])-SUM([opening])"}
Row = Mapping[Hashable, Any]


def changes_section(words: Words, pairs: pd.DataFrame) -> Section:
    """Opening and closing of every zone, service and ecosystem type, and why they differ."""
    table = words.named(pairs).reset_index(drop=True)
    table["counts"] = np.where(table["abiotic"], "abiotic", "ecosystem")
    table["land"] = _land(words, pairs)
    table["place"] = np.arange(1, len(table) + 1)
    cells: dict[tuple[int, str], str] = {}
    for at, pair in enumerate(table.to_dict("records")):
        cells |= {(at, name): formula for name, formula in _cells(pair).items()}
    columns = _columns(words)
    for at in range(len(table)) if words.choices.losses is not None else ():
        cells |= {(at, name): formula for name, formula in _lost(table.iloc[at].to_dict()).items()}
    table = table[[c.name for c in columns]]
    numbers = [c.name for c in columns if c.kind == "number"]
    marks = {}
    for name in numbers:
        for row in np.flatnonzero(table[name].isna()):
            marks[int(row), name] = _sign(words, pairs.iloc[int(row)], name)
    split = int(pairs["how"].isin([PER_HECTARE, VOLUME]).sum())
    return Section(
        "asset_changes",
        "Change of every asset value and its causes",
        table,
        columns,
        summary=f"{len(pairs)} pairs of opening and closing, {split} of them split into causes.",
        notes=(
            "Value = area x flow per hectare x value of a unit. Effects are Shapley values: symmetric, and they sum to "
            "the change with nothing left over. The area of a flow that is not per hectare is 1.",
            "A date without any land of a type takes flow per hectare and value of a unit of the other date, so that "
            "the whole change is one of extent.",
            "Other land is every cell of the change matrix of classes (sheet 2) from or to a class that is not among "
            "those of the row: land of another ecosystem type, or of the same type with a flow in a row of its own.",
        ),
        cells={key: formula for key, formula in cells.items() if key not in marks},
        marks=marks,
        group="working",
    )


def _land(words: Words, pairs: pd.DataFrame) -> list[str]:
    """Names of the classes that the hectares of a pair are; nothing where it has no hectares."""
    names = {c.code: c.name for c in words.account.land.classes}
    told = [", ".join(names[code] for code in codes) or "All of the type" for codes in pairs["classes"]]
    return [land if how == PER_HECTARE else "" for land, how in zip(told, pairs["how"], strict=True)]


def _sign(words: Words, pair: Any, name: str) -> str:
    """[z] where a term does not apply to the pair, [x] where a value is not there."""
    if pair["how"] == UNVALUED:
        return words.sign(pair["service"])
    if name in ("catastrophic", *_LOST):
        return "[w]"
    return "[x]" if name in ("opening", "closing", "expected_opening", "expected_closing") else "[z]"


def _lost(pair: Row) -> dict[str, str]:
    """Formulas of the losses of a pair, and of what they leave of the entries that they are taken from."""
    at, parts = int(pair["place"]), []
    made = {}
    if not np.isnan(pair["ha_lost"]):
        made["ha_lost"] = _LINES.format(name="hectares", at=at)
        made["reductions"] = "-([ha_out]-[ha_lost])*[bracket]"
        parts.append("-[ha_lost]*[bracket]")
    if not np.isnan(pair["flow_lost"]):
        made["flow_lost"] = _LINES.format(name="flow", at=at)
        made["flow_loss"] = "([flow]+[volume])*[flow_lost]/[fall]"
        name = "degradation" if pair["how"] == PER_HECTARE else "other_volume"
        made[name] = f"{_CELLS[name]}-[flow_loss]"
        parts.append("[flow_loss]")
    return made | ({"catastrophic": "+".join(parts)} if parts else {})


def _cells(pair: Row) -> dict[str, str]:
    if pair["how"] == UNVALUED:
        return {}
    made = dict(_APART_CELLS if pair["how"] == APART else _CELLS)
    for date in DATES:
        row = pair[f"row_{date}"]
        if row >= 0 and pair[f"basis_{date}"] != "none":
            made |= {date: f"[asset_rows.asset@{row}]", f"expected_{date}": f"[asset_rows.expected@{row}]"}
            if pair["how"] != APART:
                made[f"worth_{date}"] = f"[asset_rows.per_unit@{row}]"
        if pair["how"] != APART:
            made |= _terms(pair, date, DATES[1 - DATES.index(date)])
    return made


def _terms(pair: Row, date: str, other: str) -> dict[str, str]:
    found = {}
    if pair[f"area_{date}"] != 0:
        found[f"rate_{date}"] = f"[expected_{date}]/[area_{date}]"
    elif pair[f"area_{other}"] != 0:
        found[f"rate_{date}"] = f"[rate_{other}]"
    lacks = pair[f"row_{date}"] < 0 or pair[f"basis_{date}"] == "none"
    if lacks and pair[f"row_{other}"] >= 0 and pair[f"basis_{other}"] != "none":
        found[f"worth_{date}"] = f"[worth_{other}]"
    return found


def _loss_columns(unit: str) -> tuple[Column, ...]:
    return (
        Column("fall", "Fall of the expected flow by itself", "", "number", None),
        number("ha_lost", "Area lost by catastrophes", HA, None, 4),
        Column("flow_lost", "Flow lost by catastrophes in a year", "", "number", None),
        money("flow_loss", "Value of the flow lost by catastrophes", unit),
    )


def _columns(words: Words) -> tuple[Column, ...]:
    unit = words.unit
    pairs = []
    for name, label, of, places in (
        ("area", "Area that counts", HA, 4), ("expected", "Expected flow", "", None),
        ("rate", "Flow per unit of area", "", None), ("worth", "Asset value of a unit of flow", unit, 4),
    ):  # fmt: skip
        pairs += [Column(f"{name}_{date}", f"{label}, {words.dated(date)}", of, "number", places) for date in DATES]
    return (
        text("zone_name", "Zone"), text("service_name", "Service"), text("type_name", "Ecosystem type"),
        text("land", "Classes of the land"),
        text("zone_key", "Zone key"), text("service", "Service id"), text("type_key", "Type key"),
        text("counts", "Counts as"), text("how", "Split"), text("cause", "Change of flow put down to"), *pairs,
        number("ha_in", "Area that came from other land", HA, None, 4),
        number("ha_out", "Area that went to other land", HA, None, 4),
        number("ha_unseen", "Net area that came from no data or does not compare", HA, None, 4),
        number("bracket", "Value of a hectare in the effect of extent", unit),
        *(money(name, EFFECT_NAMES[name], unit) for name in EFFECTS),
        money("change", "Change of the asset value", unit),
        *(_loss_columns(unit) if words.choices.losses is not None else ()),
        *(money(name, words.entry(name), unit) for name in ENTRIES),
    )  # fmt: skip
