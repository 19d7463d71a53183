"""Sheets 9 and 10: the monetary asset account by service and by ecosystem type, and asset values by zone."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.changes import APART
from natcap.accounts.assets_account.laid import ALL, Group, Laid, lay_out, sumifs, unique_keys
from natcap.accounts.assets_account.losses import words as losses
from natcap.accounts.assets_account.unit_values import DATES
from natcap.accounts.assets_account.words import APART_NAME, Words, money, pounds
from natcap.accounts.services.account import NO_TYPE, WHOLE, Service
from natcap.accounts.show.words import text
from natcap.core.report import Chart, Column, Section

__all__ = ["Confidence", "by_service", "by_type", "by_type_and_service", "by_zone", "worst"]

Confidence = Mapping[tuple[str, ...], str]
_CONFIDENCE = text("confidence", "Confidence")

_BELOW = "Abiotic flows stand below the line: they are no service of an ecosystem and enter no total of services."
_NOTES: tuple[str, ...] = (
    "Entries as in the monetary ecosystem asset account of SEEA EA (Table 10.1, names recalled).",
    "Enhancement and degradation: change of the flow per hectare, whatever its cause. Conversions: area that came from "
    "or went to other ecosystem types, or classes of the type with a flow of their own, at the value of a hectare; "
    "negative values make an addition negative.",
    "Other changes in volume, reappraisals: another source or factor at each date, and land that comes from or goes to "
    "no data.",
    "Not comparable between the dates: an asset that is known at one date only, or as a flow at one date and as money "
    "at the other. Nobody knows its change: it is in no entry and in no net change, and stands between the two values. "
    "Opening value + net change + what does not compare = closing value.",
    "Revaluations: price, carbon path and discounting. Every account looks the same number of years ahead, so that the "
    "passage of time is inside revaluations.",
)


def _ready(words: Words, pairs: pd.DataFrame) -> pd.DataFrame:
    return words.named(pairs).assign(counts=np.where(pairs["abiotic"], "abiotic", "ecosystem"))


def _said(words: Words, pairs: pd.DataFrame, table: pd.DataFrame, last: int, what: str) -> str:
    row = table.iloc[last]
    if np.isnan(row["closing"]):
        return f"No asset of an ecosystem service is valued at {words.dated('closing')}"
    valued = table.iloc[:last].dropna(subset=["closing"])
    shown = valued[valued["item"] != words.type_name[NO_TYPE]]
    found = f"Ecosystem assets are worth {pounds(row['closing'])} at {words.dated('closing')}"
    if not np.isnan(row["opening"]):
        found += f", against {pounds(row['opening'])} at {words.dated('opening')}{_only(words, pairs)}"
    if len(shown):
        most = shown.iloc[int(shown["closing"].to_numpy().argmax())]
        found += f"; the largest {what} is {most['item']} with {pounds(most['closing'])}"
    if len(shown) < len(valued):
        found += f"; {pounds(valued['closing'].sum() - shown['closing'].sum())} is not divided by ecosystem type"
    return found


def _only(words: Words, pairs: pd.DataFrame) -> str:
    """Names what is in one of the two totals only, so that nobody takes their difference for a change."""
    apart = pairs[(pairs["how"] == APART) & ~pairs["abiotic"]]
    if apart.empty:
        return ""
    names = ", ".join(words.service_name[s] for s in apart["service"].unique())
    return f" (not to be compared as they stand: {names} in part or whole at one date only)"


def by_service(words: Words, pairs: pd.DataFrame, confidence: Mapping[str, str]) -> Section:
    """9 Asset account by service; `confidence` by service id."""
    used = [s for s in words.account.services.values() if (pairs["service"] == s.id).any()]
    own, abiotic = [s for s in used if not s.abiotic], [s for s in used if s.abiotic]
    laid = lay_out(
        words, _ready(words, pairs), [_service(words, s) for s in own], [_service(words, s) for s in abiotic], "Service"
    )
    told = [confidence.get(s.id, "no value") for s in own]
    laid.table["confidence"] = [*told, worst(told), *(confidence.get(s.id, "no value") for s in abiotic)]
    return _section(words, pairs, laid, "asset_account", "Monetary asset account by service", "service", bool(abiotic))


def _service(words: Words, service: Service) -> Group:
    label = f"{service.name} (abiotic, below the line)" if service.abiotic else service.name
    return Group(label, {"service": service.id}, f"assets.value.{{date}}.all.{service.id}", words.sign(service.id))


def worst(words: Sequence[str]) -> str:
    """The lowest confidence among words."""
    return next((word for word in ("Red", "Amber", "Green") if word in words), "not stated")


def by_type(words: Words, pairs: pd.DataFrame, confidence: Confidence) -> Section:
    """10 Asset account by ecosystem type; `confidence` by type and whether it counts as ecosystem or abiotic."""
    used = [key for key in words.type_name if ((pairs["type"] == key) & ~pairs["abiotic"]).any()]
    groups = [
        Group(words.type_name[key], {"type_key": words.type_key[key], "counts": "ecosystem"},
              f"assets.type.{{date}}.all.{words.type_key[key]}")
        for key in used
    ]  # fmt: skip
    abiotic = bool(pairs["abiotic"].any())
    below = [Group("Abiotic flows (below the line)", {"counts": "abiotic"}, "assets.value.{date}.abiotic")]
    laid = lay_out(words, _ready(words, pairs), groups, below if abiotic else [], "Ecosystem type")
    told = [confidence.get((key, "ecosystem"), "no value") for key in used]
    beside = [worst([word for (_, counts), word in confidence.items() if counts == "abiotic"])] if abiotic else []
    laid.table["confidence"] = [*told, worst(told), *beside]
    title = "Monetary asset account by ecosystem type"
    return _section(words, pairs, laid, "asset_account_by_type", title, "ecosystem type", abiotic)


def _section(words: Words, pairs: pd.DataFrame, laid: Laid, key: str, title: str, what: str, abiotic: bool) -> Section:
    said = _said(words, pairs, laid.table, laid.total, what)
    return Section(
        key, title, laid.table, (*laid.columns, _CONFIDENCE),
        f"{said}{losses.finding(float(laid.table['catastrophic'].iloc[laid.total]))}.",
        (*_NOTES, *losses.notes(words), *((_BELOW,) if abiotic else ()), *words.method),
        charts=(Chart("bar", words.setting.mark(said), "item", "closing"),), total_rows=(laid.total,),
        cells=laid.cells, marks=laid.marks, figures=laid.figures,
    )  # fmt: skip


def _values(words: Words, ready: pd.DataFrame, keys: tuple[str, ...], names: tuple[str, ...]) -> pd.DataFrame:
    summed = [*DATES, "uncompared", "change"]
    return ready.groupby([*keys, *names], sort=False, dropna=False)[summed].sum(min_count=1).reset_index()


def _value_columns(words: Words) -> tuple[Column, ...]:
    dated = (money(date, f"Asset value {words.dated(date)}", words.unit) for date in DATES)
    return (*dated, money("change", "Change of what compares", words.unit),
            money("uncompared", APART_NAME, words.unit))  # fmt: skip


def _live(words: Words, table: pd.DataFrame, keys: tuple[str, ...]) -> tuple[dict[tuple[int, str], str],
                                                                            dict[tuple[int, str], str]]:  # fmt: skip
    cells, marks = {}, {}
    for row, record in enumerate(table.to_dict("records")):
        for name in (*DATES, "change", "uncompared"):
            if np.isnan(record[name]):
                marks[row, name] = words.sign(record["service"]) if "service" in record else "[x]"
            elif unique_keys(words):
                cells[row, name] = sumifs(name, {key: record[key] for key in keys})
    return cells, marks


def by_zone(words: Words, pairs: pd.DataFrame, confidence: Confidence) -> Section:
    """10b Asset values by zone, ecosystem services and abiotic flows apart; `confidence` by zone and which of them."""
    ready = _ready(words, pairs)
    keys = ("zone_key", "counts")
    table = _values(words, ready, keys, ("zone_name",))
    rags = {(words.zone_key[zone], counts): word for (zone, counts), word in confidence.items()}
    table["confidence"] = [rags.get(key, "no value") for key in zip(*(table[name] for name in keys), strict=True)]
    cells, marks = _live(words, table, keys)
    own = (table["counts"] == "ecosystem") & (table["zone_key"] != words.zone_key[WHOLE])
    shown = table[own & table["closing"].notna()]
    said = "No zone has an asset value"
    if len(shown):
        most = shown.iloc[int(shown["closing"].to_numpy().argmax())]
        said = f"Of {len(shown)} zones {most['zone_name']} has the largest asset value, {pounds(most['closing'])}"
    figures = {(row, date): f"assets.value.{date}.{r['zone_key']}.{ALL if r['counts'] == 'ecosystem' else 'abiotic'}"
               for row, r in enumerate(table.to_dict("records")) for date in DATES}  # fmt: skip
    chart = Chart(
        "bar",
        words.setting.mark(said),
        "zone_name",
        "closing",
        only={"counts": "ecosystem", "zone_key": [words.zone_key[zone] for zone in words.account.land.zones]},
    )
    loose = table[(table["counts"] == "ecosystem") & (table["zone_key"] == words.zone_key[WHOLE])]["closing"].sum()
    told = f"; {pounds(loose)} is not divided by zone and is no bar of the chart" if loose else ""
    return Section(
        "asset_values_by_zone", "Asset values by zone", table,
        (text("zone_name", "Zone"), text("zone_key", "Zone key"), text("counts", "Counts as"), *_value_columns(words),
         _CONFIDENCE),
        f"{said}{told}.", (_BELOW, *words.method), charts=(chart,), cells=cells, marks=marks, figures=figures,
    )  # fmt: skip


def _largest_pair(table: pd.DataFrame, words: Words) -> str:
    """The pair with the largest value at the closing."""
    known = table[table["closing"].notna()]
    if known.empty:
        return f"None of {len(table)} pairs of a service and an ecosystem type has a value at the closing."
    most = known.nlargest(1, "closing").to_dict("records")[0]
    return (
        f"Of {len(table)} pairs of a service and an ecosystem type, {_pair(words, most)} has "
        f"the largest value at {words.dated('closing')}: {pounds(float(most['closing']))}."
    )


def _pair(words: Words, row: Mapping[Hashable, Any]) -> str:
    """ "Timber of Woodland"; a service that stands for no type says so."""
    if row["type_name"] == words.type_name[NO_TYPE]:
        return f"{row['service_name']}, not divided by ecosystem type,"
    return f"{row['service_name']} of {row['type_name']}"


def by_type_and_service(words: Words, pairs: pd.DataFrame, confidence: Confidence) -> Section:
    """10c Asset values by service and ecosystem type, all zones together; `confidence` by both."""
    ready = _ready(words, pairs)
    keys = ("service", "type_key")
    table = _values(words, ready, keys, ("service_name", "type_name", "counts"))
    rags = {(service, words.type_key[kind]): word for (service, kind), word in confidence.items()}
    table["confidence"] = [rags.get(key, "no value") for key in zip(*(table[name] for name in keys), strict=True)]
    cells, marks = _live(words, table, keys)
    figures = {(row, date): f"assets.value.{date}.all.{r['service']}.{r['type_key']}"
               for row, r in enumerate(table.to_dict("records")) for date in DATES}  # fmt: skip
    return Section(
        "asset_values_by_type_and_service", "Asset values by service and ecosystem type", table,
        (text("service_name", "Service"), text("type_name", "Ecosystem type"), text("service", "Service id"),
         text("type_key", "Type key"), text("counts", "Counts as"), *_value_columns(words), _CONFIDENCE),
        _largest_pair(table, words), words.method, cells=cells, marks=marks,
        figures=figures,
    )  # fmt: skip
