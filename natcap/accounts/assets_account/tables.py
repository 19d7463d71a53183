"""Sheets 9 and 10: the monetary asset account by service and by ecosystem type, and asset values by zone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.changes import CHANGES, ENTRIES
from natcap.accounts.assets_account.unit_values import DATES
from natcap.accounts.assets_account.words import Words, money, pounds
from natcap.accounts.show.words import text
from natcap.core.report import Chart, Column, Section

__all__ = ["ALL", "by_service", "by_type", "by_type_and_service", "by_zone", "sums", "unique_keys"]

ALL = "total"
_BELOW = "Abiotic flows stand below the line: they are no service of an ecosystem and enter no total of services."
_NOTES: tuple[str, ...] = (
    "Entries as in the monetary ecosystem asset account of SEEA EA (Table 10.1, names recalled). No entry of "
    "catastrophic losses was compiled: nothing that is read tells them.",
    "Enhancement and degradation: change of the flow per hectare, whatever its cause. Conversions: area that came from "
    "or went to other ecosystem types, at the value of a hectare; negative values make an addition negative.",
    "Other changes in volume, reappraisals: what is known at one date only, another source or factor at each date, and "
    "land that comes from or goes to no data.",
    "Revaluations: price, carbon path and discounting. Every account looks the same number of years ahead, so that the "
    "passage of time is inside revaluations.",
)


@dataclass(frozen=True, slots=True)
class _Group:
    """One row of an account: its label, the pairs that it sums, the SUMIFS conditions, the key of its figures."""

    label: str
    where: Mapping[str, str]
    key: str


def sums(pairs: pd.DataFrame, names: Sequence[str] = ENTRIES) -> dict[str, float]:
    """Sums over pairs; the sum of nothing is nothing."""
    return {name: float(pairs[name].sum(min_count=1)) for name in names}


def unique_keys(words: Words) -> bool:
    """Whether keys stay apart in a spreadsheet, which compares text without case."""
    sets = (words.zone_key.values(), words.type_key.values(), words.account.services)
    return all(len({k.casefold() for k in keys}) == len(list(keys)) for keys in sets)


def _select(pairs: pd.DataFrame, where: Mapping[str, str]) -> pd.DataFrame:
    for column, value in where.items():
        pairs = pairs[pairs[column] == value]
    return pairs


def _sumifs(name: str, where: Mapping[str, str]) -> str:
    parts = ",".join(f'{{asset_changes.{column}}},"{value}"' for column, value in where.items())
    return f"SUMIFS({{asset_changes.{name}}},{parts})"


def _ready(words: Words, pairs: pd.DataFrame) -> pd.DataFrame:
    return words.named(pairs).assign(counts=np.where(pairs["abiotic"], "abiotic", "ecosystem"))


def _account(
    words: Words, pairs: pd.DataFrame, groups: list[_Group], abiotic: list[_Group], label: str,
    figure: Callable[[str, str], str],
) -> tuple[pd.DataFrame, tuple[Column, ...], dict[tuple[int, str], str], dict[tuple[int, str], str],
           dict[tuple[int, str], str], tuple[int, ...]]:  # fmt: skip
    """Table, columns, cells, marks, figures and total rows: groups, their total, then what stands below the line."""
    total = _Group("All ecosystem services", {"counts": "ecosystem"}, ALL)
    rows = [*groups, total, *abiotic]
    records = [{"item": g.label} | sums(_select(pairs, g.where)) for g in rows]
    table = pd.DataFrame(records, columns=["item", *ENTRIES])
    table.insert(len(ENTRIES), "net", table[list(CHANGES)].sum(axis=1, min_count=1))
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    figures: dict[tuple[int, str], str] = {}
    last = len(groups)
    live = unique_keys(words) and len(pairs) > 0
    for row, group in enumerate(rows):
        for name in (*ENTRIES, "net"):
            if np.isnan(table[name].to_numpy()[row]):
                marks[row, name] = "[x]"
            elif name in ("net", "closing"):
                last_name = CHANGES[-1] if name == "net" else "net"
                start = f"[{CHANGES[0]}]:[{last_name}]" if name == "net" else "[opening],[net]"
                cells[row, name] = f"SUM({start})"
            elif row == last and groups:
                cells[row, name] = f"SUM([{name}@0]:[{name}@{last - 1}])"
            elif live:
                cells[row, name] = _sumifs(name, group.where)
        figures |= {(row, date): figure(date, group.key) for date in DATES}
        if row == last:
            figures |= {(row, name): f"assets.entry.{name}.{ALL}" for name in CHANGES}
    columns = [text("item", label), *(money(name, words.entry(name), words.unit) for name in ENTRIES)]
    columns.insert(len(columns) - 1, money("net", "Net change", words.unit))
    return table, tuple(columns), cells, marks, figures, (last,)


def _said(words: Words, table: pd.DataFrame, last: int, what: str) -> str:
    row = table.iloc[last]
    if np.isnan(row["closing"]):
        return f"No asset of an ecosystem service is valued at {words.dated('closing')}"
    shown = table.iloc[:last].dropna(subset=["closing"])
    found = f"Ecosystem assets are worth {pounds(row['closing'])} at {words.dated('closing')}"
    if not np.isnan(row["opening"]):
        found += f", against {pounds(row['opening'])} at {words.dated('opening')}"
    if len(shown):
        most = shown.iloc[int(shown["closing"].to_numpy().argmax())]
        found += f"; the largest {what} is {most['item']} with {pounds(most['closing'])}"
    return found


def by_service(words: Words, pairs: pd.DataFrame, confidence: Mapping[str, str]) -> Section:
    """9 Asset account by service."""
    ready = _ready(words, pairs)
    used = [s for s in words.account.services.values() if (pairs["service"] == s.id).any()]
    groups = [_Group(s.name, {"service": s.id}, s.id) for s in used if not s.abiotic]
    below = [_Group(f"{s.name} (abiotic, below the line)", {"service": s.id}, s.id) for s in used if s.abiotic]
    table, columns, cells, marks, figures, totals = _account(
        words, ready, groups, below, "Service", lambda date, key: f"assets.value.{date}.{key}"
        if key == ALL else f"assets.value.{date}.all.{key}",
    )  # fmt: skip
    order = [s for s in used if not s.abiotic], [s for s in used if s.abiotic]
    told = [confidence.get(s.id, "") for s in order[0]]
    rag = [*told, _worst(told), *(confidence.get(s.id, "") for s in order[1])]
    table["confidence"] = rag
    said = _said(words, table, totals[0], "service")
    chart = Chart("bar", words.setting.mark(said), "item", "closing")
    return Section(
        "asset_account", "Monetary asset account by service", table, (*columns, text("confidence", "Confidence")),
        f"{said}.", (*_NOTES, *((_BELOW,) if below else ()), *words.method), charts=(chart,), total_rows=totals,
        cells=cells, marks=marks, figures=figures,
    )  # fmt: skip


def _worst(words: Sequence[str]) -> str:
    return next((word for word in ("Red", "Amber", "Green") if word in words), "")


def by_type(words: Words, pairs: pd.DataFrame) -> Section:
    """10 Asset account by ecosystem type."""
    ready = _ready(words, pairs)
    used = [key for key in words.type_name if ((pairs["type"] == key) & ~pairs["abiotic"]).any()]
    groups = [_Group(words.type_name[k], {"type_key": words.type_key[k], "counts": "ecosystem"}, words.type_key[k])
              for k in used]  # fmt: skip
    below = (
        [_Group("Abiotic flows (below the line)", {"counts": "abiotic"}, "abiotic")] if pairs["abiotic"].any() else []
    )
    table, columns, cells, marks, figures, totals = _account(
        words, ready, groups, below, "Ecosystem type", lambda date, key: f"assets.value.{date}.{key}"
        if key == ALL else f"assets.value.{date}.abiotic" if key == "abiotic" else f"assets.type.{date}.all.{key}",
    )  # fmt: skip
    said = _said(words, table, totals[0], "ecosystem type")
    return Section(
        "asset_account_by_type", "Monetary asset account by ecosystem type", table, columns, f"{said}.",
        (*_NOTES, *((_BELOW,) if below else ()), *words.method),
        charts=(Chart("bar", words.setting.mark(said), "item", "closing"),), total_rows=totals,
        cells=cells, marks=marks, figures=figures,
    )  # fmt: skip


def _values(words: Words, ready: pd.DataFrame, keys: tuple[str, ...], names: tuple[str, ...]) -> pd.DataFrame:
    table = ready.groupby([*keys, *names], sort=False, dropna=False)[list(DATES)].sum(min_count=1).reset_index()
    table["change"] = table["closing"] - table["opening"]
    return table


def _value_columns(words: Words) -> tuple[Column, ...]:
    dated = (money(date, f"Asset value {words.dated(date)}", words.unit) for date in DATES)
    return (*dated, money("change", "Change", words.unit, "[closing]-[opening]"))


def _live(words: Words, table: pd.DataFrame, keys: tuple[str, ...]) -> tuple[dict[tuple[int, str], str],
                                                                            dict[tuple[int, str], str]]:  # fmt: skip
    cells, marks = {}, {}
    for row, record in enumerate(table.to_dict("records")):
        for name in (*DATES, "change"):
            if np.isnan(record[name]):
                marks[row, name] = "[x]"
            elif name != "change" and unique_keys(words):
                cells[row, name] = _sumifs(name, {key: record[key] for key in keys})
    return cells, marks


def by_zone(words: Words, pairs: pd.DataFrame) -> Section:
    """10b Asset values by zone, ecosystem services and abiotic flows apart."""
    ready = _ready(words, pairs)
    keys = ("zone_key", "counts")
    table = _values(words, ready, keys, ("zone_name",))
    cells, marks = _live(words, table, keys)
    shown = table[(table["counts"] == "ecosystem") & table["closing"].notna()]
    said = "No zone has an asset value"
    if len(shown):
        most = shown.iloc[int(shown["closing"].to_numpy().argmax())]
        said = f"Of {len(shown)} zones {most['zone_name']} has the largest asset value, {pounds(most['closing'])}"
    figures = {(row, date): f"assets.value.{date}.{r['zone_key']}.{ALL if r['counts'] == 'ecosystem' else 'abiotic'}"
               for row, r in enumerate(table.to_dict("records")) for date in DATES}  # fmt: skip
    chart = Chart("bar", words.setting.mark(said), "zone_name", "closing", only={"counts": "ecosystem"})
    return Section(
        "asset_values_by_zone", "Asset values by zone", table,
        (text("zone_name", "Zone"), text("zone_key", "Zone key"), text("counts", "Counts as"), *_value_columns(words)),
        f"{said}.", (_BELOW, *words.method), charts=(chart,), cells=cells, marks=marks, figures=figures,
    )  # fmt: skip


def by_type_and_service(words: Words, pairs: pd.DataFrame) -> Section:
    """10c Asset values by service and ecosystem type, all zones together."""
    ready = _ready(words, pairs)
    keys = ("service", "type_key")
    table = _values(words, ready, keys, ("service_name", "type_name", "counts"))
    cells, marks = _live(words, table, keys)
    figures = {(row, date): f"assets.value.{date}.all.{r['service']}.{r['type_key']}"
               for row, r in enumerate(table.to_dict("records")) for date in DATES}  # fmt: skip
    return Section(
        "asset_values_by_type_and_service", "Asset values by service and ecosystem type", table,
        (text("service_name", "Service"), text("type_name", "Ecosystem type"), text("service", "Service id"),
         text("type_key", "Type key"), text("counts", "Counts as"), *_value_columns(words)),
        f"{len(table)} pairs of a service and an ecosystem type.", words.method, cells=cells, marks=marks,
        figures=figures,
    )  # fmt: skip
