"""Sheets of catastrophic losses: what each row of the workbook is worth, and the working behind it, live."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.losses.words import finding, notes, physical
from natcap.accounts.assets_account.words import Words, money
from natcap.accounts.show.words import HA, number, text
from natcap.core.report import Chart, Column, Section

__all__ = ["lines_section", "losses_section"]

_RAGS = ("Red", "Amber", "Green")


def losses_section(words: Words, rows: pd.DataFrame, confidence: Mapping[str, str]) -> Section:
    """9b Catastrophic losses by event, with a total; `confidence` by service id."""
    last = len(rows)
    total = {"item": "All catastrophic losses", "value": float(rows["value"].sum(min_count=1))}
    table = pd.concat([rows, pd.DataFrame([total])], ignore_index=True)
    words_of = [[confidence.get(s, "not stated") for s in services] for services in rows["services"]]
    table["confidence"] = [*map(_worst, words_of), _worst([word for one in words_of for word in one])]
    for name in ("event", "zone_name", "type_name", "service_name", "evidence", "note", "unit"):
        table[name] = table[name].fillna("")
    table["unit"] = table["unit"].replace("", "hectares")
    columns = _columns(words)
    table.loc[last, ["event", "zone_name", "type_name", "service_name", "unit"]] = [
        "All events", "All", "All", "All services with a loss", "",
    ]  # fmt: skip
    marks = {(n, name): "[z]" for name in ("year", "hectares", "flow") for n in np.flatnonzero(table[name].isna())}
    cells = {(n, "value"): f"SUMIFS({{asset_loss_lines.value}},{{asset_loss_lines.number}},{n + 1})"
             for n in range(last)}  # fmt: skip
    cells[last, "value"] = f"SUM([value@0]:[value@{last - 1}])"
    said = _said(words, rows)
    return Section(
        "asset_losses", "Catastrophic losses by event", table, columns, f"{said}.",
        (*notes(words), "An area is worth hectares times the value of a hectare that the reductions are made with; a "
         "flow its share of the effect of the flow. Below zero is a loss; land whose services do net harm is worth "
         "less than nothing, so that its loss stands above zero.", *physical(words), *words.method),
        charts=(Chart("bar", words.setting.mark(said), "item", "value"),), total_rows=(last,), cells=cells,
        marks={(int(n), name): sign for (n, name), sign in marks.items()},
        figures={(n, "value"): key for n, key in enumerate(rows["figure"])}
        | {(last, "value"): "assets.entry.catastrophic.total"},
    )  # fmt: skip


def _worst(words: list[str]) -> str:
    return next((word for word in _RAGS if word in words), "not stated")


def _said(words: Words, rows: pd.DataFrame) -> str:
    events = rows.groupby("event", sort=False)["value"].sum()
    said = finding(float(rows["value"].sum())).removeprefix(". ")
    if len(events) == 1:
        return f"{said}, all in one event: {events.index[0]}"
    return f"{said} in {len(events)} events; the largest is {events.abs().idxmax()}"


def _columns(words: Words) -> tuple[Column, ...]:
    return (
        text("item", "Loss"), text("event", "Event"), Column("year", "Year of the event", "", "year"),
        text("zone_name", "Zone"), text("type_name", "Ecosystem type"), text("service_name", "Service"),
        number("hectares", "Area that became another type", HA, None, 4),
        Column("flow", "Flow lost in a year", "", "number", None), text("unit", "Unit of what was lost"),
        money("value", "Catastrophic loss of asset value", words.unit), text("evidence", "Source and evidence"),
        text("note", "Note"), text("confidence", "Confidence"),
    )  # fmt: skip


def lines_section(words: Words, lines: pd.DataFrame) -> Section:
    """Every loss in every asset that it touches."""
    table = lines.reset_index(drop=True)
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    for at, (loss, pair, area) in enumerate(zip(table["loss"], table["pair"], table["hectares"].notna(), strict=True)):
        name = "hectares" if area else "flow"
        cells[at, name] = f"[asset_losses.{name}@{loss}]*[share]"
        if area:
            cells[at, "bracket"] = f"[asset_changes.bracket@{pair}]"
            cells[at, "value"] = "-[hectares]*[bracket]"
            marks |= {(at, name): "[z]" for name in ("flow", "fall", "effect")}
            continue
        cells[at, "fall"] = f"[asset_changes.fall@{pair}]"
        cells[at, "effect"] = f"[asset_changes.flow@{pair}]+[asset_changes.volume@{pair}]"
        cells[at, "value"] = "[effect]*[flow]/[fall]"
        marks |= {(at, name): "[z]" for name in ("hectares", "bracket")}
    table["effect"] = (table["value"] * table["fall"] / table["flow"]).where(table["flow"].notna())
    table["unit"] = table["unit"].replace("", "hectares")
    unit = words.unit
    columns = (
        Column("number", "Number of the loss", "", "integer"),
        Column("place", "Row in the table of changes", "", "integer"), text("event", "Event"),
        text("zone_name", "Zone"), text("service_name", "Service"), text("type_name", "Ecosystem type"),
        Column("share", "Share of the loss", "", "percent", 2),
        number("hectares", "Area lost", HA, None, 4), number("bracket", "Value of a hectare", unit),
        Column("flow", "Flow lost in a year", "", "number", None), text("unit", "Unit of what was lost"),
        Column("fall", "Fall of the expected flow by itself", "", "number", None),
        money("effect", "Effect of that fall on the asset value", unit),
        money("value", "Catastrophic loss of asset value", unit),
    )  # fmt: skip
    return Section(
        "asset_loss_lines", "Catastrophic losses in every asset that they touch", table[[c.name for c in columns]],
        columns, f"{len(table)} lines of {table['number'].nunique()} losses.",
        ("An area is worth hectares times the value of a hectare in the effect of extent. A flow is worth its share of "
         "the effect of the flow: flow lost over the fall of the expected flow at the mean area.",
         "Every service of the land bears an area whole. Where several flows of one service share a type, an area is "
         "divided among them by the area that each lost to other types; a flow by the fall of each.",),
        cells=cells, marks=marks, group="working",
    )  # fmt: skip
