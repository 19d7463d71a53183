"""Supply of services by ecosystem type, in physical terms (sheet 5) and in money (sheet 7), and by zone."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.accounts.services.account import WHOLE
from natcap.accounts.services.build import sums
from natcap.accounts.services.ground import DATES
from natcap.accounts.services.view import RECALLED_BANNER, View, plain, worth
from natcap.accounts.show.sure import rated, weakest
from natcap.accounts.show.words import pounds, text
from natcap.core.report import Chart, Column, Section

__all__ = [
    "abiotic_section",
    "by_zone_section",
    "figure_cells",
    "marked",
    "missing_notes",
    "money_section",
    "physical_section",
]

_NOTE_X = (
    "[x]: no flow, because nobody gave one and the library has none for it, or no value, because there is no exchange "
    "value for it or none in that year. It is not zero, and it is in no total."
)
_NOTE_NEGATIVE = "A negative flow is a disservice, such as an emission; it is kept and lowers the total."
_NOTE_BELOW = "Abiotic flows (minerals, fuels, wind, sun) are not supplied by ecosystems and are in no total of theirs."


def missing_notes(view: View) -> tuple[str, ...]:
    """What is not available, with what to supply, and values that lack a price."""
    held = {key for key, _ in view.totals["flow"]}
    lacking = [f"{s.name} ({s.unit}): {s.note}" for key, s in view.account.services.items() if key not in held]
    said = [f"Not available [x], with what to supply. {'. '.join(lacking)}."] if lacking else []
    said += [f"{one}." for one in view.built.unread]
    for (key, year), why in view.built.unpriced.items():
        said.append(f"{view.account.services[key].name} has no value in {year}: {why}.")
    return tuple(said)


def figure_cells(lines: pd.DataFrame, what: str, column: str = "total") -> dict[tuple[int, str], str]:
    pairs = zip(lines["service"], lines["date"], strict=True)
    return {(row, column): f"services.{what}.{date}.all.{key}" for row, (key, date) in enumerate(pairs)}


def _head() -> tuple[Column, ...]:
    return (text("name", "Service"), text("section", "Section"), text("date", "Date"),
            Column("year", "Year of the flow", "", "year"))  # fmt: skip


def marked(table: pd.DataFrame, names: list[str]) -> dict[tuple[int, str], str]:
    return {(int(row), name): "[x]" for name in names for row in np.flatnonzero(table[name].isna())}


def _picked(lines: pd.DataFrame, table: pd.DataFrame, types: list[str], column: str) -> dict[tuple[int, str], str]:
    """Sums over the working rows of a service, date and type; ids and keys hold nothing that a search would expand."""
    cells = {}
    for row, (key, date) in enumerate(zip(lines["service"], lines["date"], strict=True)):
        for name in types:
            if not np.isnan(table[name].iloc[row]):
                cells[row, name] = (
                    f'SUMIFS({{services_rows.{column}}},{{services_rows.service}},"{key}",'
                    f'{{services_rows.date}},"{date}",{{services_rows.type}},"{name}")'
                )
    return cells


def _type_columns(view: View, unit: str = "") -> tuple[Column, ...]:
    names = [view.account.types[key] for key in view.types]
    labels = [
        name if names.count(name) == 1 else f"{name} ({key})" for key, name in zip(view.types, names, strict=True)
    ]
    make = worth if unit else plain
    return tuple(make(key, label, unit) for key, label in zip(view.types, labels, strict=True))


def _across(view: View) -> str:
    return f"SUM([{view.types[0]}]:[{view.types[-1]}])"


def physical_section(view: View) -> Section:
    lines = view.lines()
    table = pd.concat([lines, view.by_type(lines, "flow")], axis=1).assign(total=view.total(lines, "flow"))
    held = lines.loc[table["total"].notna() & (table["date"] == "closing"), "service"].tolist()
    return Section(
        "services_physical_supply", "Supply of ecosystem services in physical terms", table,
        (*_head(), text("unit", "Unit of the flow"), *_type_columns(view),
         plain("total", "Total supply", "", _across(view)), text("confidence", "Confidence")),
        summary=f"{len(held)} of {len(view.account.services)} services have a flow in {view.year('closing')}.",
        notes=(*([RECALLED_BANNER] if view.recalled else []), _NOTE_X, _NOTE_NEGATIVE, _NOTE_BELOW,
               *missing_notes(view)),
        cells=_picked(lines, table, view.types, "flow"), marks=marked(table, [*view.types, "total"]),
        figures=figure_cells(lines, "flow"),
    )  # fmt: skip


def money_section(view: View) -> Section:
    lines = view.lines(abiotic=False)
    table = pd.concat([lines, view.by_type(lines, "value")], axis=1).assign(total=view.total(lines, "value"))
    cells = _picked(lines, table, view.types, "value")
    cells |= {(row, "total"): "" for row in map(int, np.flatnonzero(~table[view.types].notna().any(axis=1)))}
    last, names = len(table), [*view.types, "total"]
    for row, date in enumerate(DATES, last):
        mine = table["date"].iloc[:last] == date
        summed = {name: table.loc[mine[mine].index, name].sum(min_count=1) for name in names}
        table.loc[row] = {"service": "total", "date": date, "name": "All ecosystem services", "section": "all",
                          "unit": "", "year": view.year(date), "confidence": view.weakest(table, date),
                          **summed}  # fmt: skip
        cells |= {(row, name): f'SUMIFS({{{name}}},{{date}},"{date}")' for name in names}
    title = _finding(view)
    chart = Chart("stacked", view.setting.mark(title), "date", "total", series="name",
                  only={"service": view.valued("opening") + view.valued("closing")})  # fmt: skip
    figures = figure_cells(lines, "value") | {
        (last + n, "total"): f"services.value.{date}.all.total" for n, date in enumerate(DATES)
    }
    return Section(
        "services_money_supply", "Supply of ecosystem services in money", table,
        (*_head(), *_type_columns(view, view.money), worth("total", "Total supply", view.money, _across(view)),
         text("confidence", "Confidence")),
        summary=f"{title}.",
        notes=(*([RECALLED_BANNER] if view.recalled else []), _NOTE_X, _NOTE_NEGATIVE, _coverage(view),
               *_cost_based(view),
               "Exchange values in constant prices: what changes is flows and the price of carbon."),
        charts=(chart,) if view.valued("closing") else (), total_rows=(last, last + 1), cells=cells,
        marks=marked(table, names), figures=figures,
    )  # fmt: skip


def _coverage(view: View) -> str:
    parts = []
    for date in DATES:
        held = view.valued(date)
        out = [s.name for key, s in view.account.services.items() if not s.abiotic and key not in held]
        parts.append(f"The total at the {date} sums {len(held)} services and leaves out {', '.join(out) or 'none'}.")
    return " ".join(parts)


def _cost_based(view: View) -> tuple[str, ...]:
    """A sentence that names services valued by a cost that is spared, where there is one."""
    names = {view.account.services[a.price.service].name for a in view.built.prices.values()
             if a.price.basis == "cost-based"}  # fmt: skip
    return (
        (f"By a cost that is spared, which stands for an exchange value: {', '.join(sorted(names))}.",) if names else ()
    )


def _finding(view: View) -> str:
    held = view.valued("closing")
    if not held:
        return "No ecosystem service has a value at the closing"
    whole, year = view.whole("closing"), view.year("closing")
    most = max(held, key=lambda key: view.totals["value"][key, "closing"])
    word = "services are" if len(held) > 1 else "service is"
    return (f"{len(held)} ecosystem {word} worth {pounds(whole)} a year in {year} ({view.account.price_year} prices), "
            f"the largest part of it {view.account.services[most].name}")  # fmt: skip


def abiotic_section(view: View) -> Section | None:
    """Abiotic flows below the line, and the total with them; none where there is no such flow."""
    lines = view.lines(abiotic=True)
    lines = lines[[key in view.totals["flow"] for key in zip(lines["service"], lines["date"], strict=True)]]
    if lines.empty:
        return None
    lines = lines.reset_index(drop=True)
    table = lines.assign(flow=view.total(lines, "flow"), value=view.total(lines, "value"))
    cells = {(row, name): f'SUMIFS({{services_rows.{name}}},{{services_rows.service}},"{key}",{{services_rows.date}},'
                          f'"{date}")' for row, (key, date) in enumerate(zip(lines["service"], lines["date"],
             strict=True)) for name in ("flow", "value")}  # fmt: skip
    last, place = len(table), len(view.lines(abiotic=False))
    for row, date in enumerate(DATES, last):
        mine = table["date"].iloc[:last] == date
        value = table.loc[mine[mine].index, "value"].sum() + view.whole(date)
        table.loc[row] = {"service": "inclusive", "date": date, "name": "Ecosystem services and abiotic flows",
                          "section": "all", "unit": "", "year": view.year(date),
                          "confidence": view.weakest(pd.concat([table, view.lines(abiotic=False)]), date),
                          "flow": np.nan,
                          "value": value}  # fmt: skip
        cells[row, "value"] = f'SUMIFS({{value}},{{date}},"{date}")+[services_money_supply.total@{place + row - last}]'
    return Section(
        "services_abiotic", "Abiotic flows, below the line", table,
        (*_head(), text("unit", "Unit of the flow"), plain("flow", "Flow"), worth("value", "Value", view.money),
         text("confidence", "Confidence")),
        summary=_beside(lines["service"].nunique()),
        notes=(_NOTE_BELOW, "The last rows add both, as the accounts of the ONS do."), total_rows=(last, last + 1),
        cells=cells, marks={(row, "flow"): "[z]" for row in (last, last + 1)} | marked(table, ["value"]),
        figures={(last + n, "value"): f"services.value.{date}.all.with_abiotic" for n, date in enumerate(DATES)},
    )  # fmt: skip


def _beside(count: int) -> str:
    said = "1 abiotic flow stands" if count == 1 else f"{count} abiotic flows stand"
    return f"{said} beside the ecosystem services, in no total of theirs."


def by_zone_section(view: View) -> Section:
    """Values of the services by zone at the closing; what is not divided among zones stands in its own row."""
    land, date = view.account.land, "closing"
    zones, names = list(land.zones), list(land.names)
    if (view.rows["zone"] == WHOLE).any():
        zones, names = [*zones, WHOLE], [*names, "Whole area, not divided by zone"]
    keys = [key for key in view.account.services if not view.account.services[key].abiotic
            and (key, date) in view.totals["value"]]  # fmt: skip
    held = sums(view.rows[view.rows["date"] == date], ["zone", "service"], "value")
    table = pd.DataFrame({"no": [*range(1, len(land.zones) + 1), *([0] if len(zones) > len(land.zones) else [])],
                          "zone": zones, "name": names})  # fmt: skip
    for key in keys:
        table[key] = [float(held.get((zone, key), np.nan)) for zone in zones]
    table["total"] = table[keys].sum(axis=1, min_count=1) if keys else np.nan
    cells = {
        (row, key): f'SUMIFS({{services_rows.value}},{{services_rows.service}},"{key}",{{services_rows.date}},'
        f'"{date}",{{services_rows.zone_no}},[no])'
        for key in keys
        for row in range(len(table))
    }
    across = f"SUM([{keys[0]}]:[{keys[-1]}])" if keys else None
    figures = {(row, key): f"services.value.{date}.{zone}.{key}" for row, zone in enumerate(land.keys)
               for key in [*keys, "total"] if not np.isnan(table[key].iloc[row])}  # fmt: skip
    words = [weakest(view.weakest_of(zone, date)) for zone in zones]
    most = table["total"].iloc[: len(land.zones)]
    title = ("No zone has a value of its own" if most.isna().all() else
             f"{names[int(most.fillna(-np.inf).to_numpy().argmax())]} has the largest value, "
             f"{pounds(float(most.max()))} a year, in {view.year(date)}")  # fmt: skip
    loose = float(table["total"].iloc[len(land.zones) :].sum())
    told = (
        f"; {pounds(loose)} is not divided by zone and is no bar of the chart"
        if loose and not most.isna().all()
        else ""
    )
    section = Section(
        "services_by_zone", "Supply of ecosystem services by zone in money", table,
        (Column("no", "Zone number", "", "integer"), text("zone", "Zone code"), text("name", "Zone"),
         *(worth(key, view.account.services[key].name, view.money) for key in keys),
         worth("total", "Total of the services with a value", view.money, across)),
        summary=f"{title}{told}.", notes=(_NOTE_X, _coverage(view)),
        charts=() if most.isna().all() else (Chart("bar", view.setting.mark(title), "name", "total",
                                                   only={"zone": list(land.zones)}),),
        cells=cells, marks=marked(table, [*keys, "total"]), figures=figures,
    )  # fmt: skip
    return rated(section, words)
