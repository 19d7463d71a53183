"""Emissions of the report: by area, year and sector; the newest year; greenhouse gas totals; what moved them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.core.report import Chart, Check, Column, Section
from natcap.progress.derive import spread
from natcap.progress.observations import current
from natcap.progress.results import Attributed, Results
from natcap.progress.shape import Measure, citations, short, single, wide

__all__ = ["attribution", "attribution_check", "by_sector", "newest", "totals"]

_CO2, _PEOPLE, _PER_HEAD, _GHG = "C03", "X01", "C02", "C01"


def _sectors(results: Results) -> list[str]:
    rows = current(results.table)
    rows = rows[(rows["indicator"] == _CO2) & (rows["part"] != "") & ~rows["part"].str.contains("/")]
    return sorted(set(rows["part"]))


def _spread_title(table: pd.DataFrame, results: Results) -> str:
    """What happened to totals, over areas that are not the sum of others."""
    years = (int(table["year"].min()), int(table["year"].max()))
    alone = table[table["area"].isin(single(results))]
    ends = (alone if len(alone) else table).groupby("area", sort=False)["total"].agg(["first", "last"])
    fell = int((ends["last"] < ends["first"]).sum())
    change = ends["last"] / ends["first"] - 1
    most, least = str(change.idxmin()), str(change.idxmax())
    return (
        f"CO2 within local influence fell in {fell} of {len(ends)} areas from {years[0]} to {years[1]}: from "
        f"{change[least]:+.0%} in {least} to {change[most]:+.0%} in {most}"
    ).replace("-", "\N{MINUS SIGN}")


def by_sector(results: Results, latest: dict[int, str]) -> Section | None:
    """CO2 within local influence by area, year and sector; totals and per resident are live formulas."""
    sectors = _sectors(results)
    measures = [Measure(short(s), _CO2, s) for s in sectors]
    made = wide(results, [*measures, Measure("total", _CO2), Measure("population", _PEOPLE)])
    keep = made.table["total"].notna()
    if not sectors or not keep.any():
        return None
    rows = np.flatnonzero(keep.to_numpy())
    place = {int(old): new for new, old in enumerate(rows)}
    table = made.table.iloc[rows].reset_index(drop=True)
    table["per_person"] = table["total"] * 1000 / table["population"]
    moved = {(place[r], n): v for (r, n), v in made.marks.items() if r in place}
    lacking = {(r, "per_person"): "[x]" for r in np.flatnonzero(table["per_person"].isna()).tolist()}
    columns = (
        Column("code", "Code"), Column("area", "Area"), Column("year", "Year", kind="year"),
        *(Column(short(s), s, "kt CO2", "number", 1) for s in sectors),
        Column("total", "Total", "kt CO2", "number", 1, formula="+".join(f"[{short(s)}]" for s in sectors)),
        Column("population", "Population", "persons", "integer"),
        Column("per_person", "CO2 per resident", "t CO2 per person", "number", 2, formula="[total]*1000/[population]"),
    )  # fmt: skip
    title = _spread_title(table, results)
    cells = dict.fromkeys([*lacking, *[c for c in moved if c[1] == "total"]], "")
    cells |= {(r, "total"): "" for r, n in moved if n in {short(s) for s in sectors}}
    shown = {(place[r], n): v for (r, n), v in made.figures(latest).items() if r in place}
    return Section(
        "emissions", "CO2 by area, year and sector", table, columns, title + ".",
        ("Without motorways, sites under emissions trading, diesel railways and land use.",
            "Not to be added to greenhouse gas totals.",),
        citations(results, [_CO2, _PEOPLE]), (Chart("line", title, "year", "total", "area"),),
        (), cells, moved | lacking, shown,
    )  # fmt: skip


def newest(results: Results) -> Section | None:
    """The newest year of CO2 by sector, one row an area and sector, with shares."""
    rows = current(results.table)
    rows = rows[(rows["indicator"] == _CO2) & rows["part"].isin(_sectors(results)) & rows["value"].notna()]
    rows = rows[rows["area"].isin(results.inputs.reported)]
    if rows.empty:
        return None
    year = int(rows["position"].max())
    rows = rows[rows["position"] == year]
    order = {code: n for n, code in enumerate(results.inputs.reported)}
    rows = rows.assign(_order=rows["area"].map(order)).sort_values(["_order", "part"]).reset_index(drop=True)
    table = pd.DataFrame({"area": rows["area"].map(results.inputs.areas.name), "sector": rows["part"]})
    table["value"] = rows["value"]
    whole = table.groupby("area")["value"].transform("sum")
    table["share"] = table["value"] / whole
    columns = (
        Column("area", "Area"), Column("sector", "Sector"), Column("value", f"CO2 in {year}", "kt CO2", "number", 1),
        Column("share", "Share of the area", kind="percent", decimals=1,
               formula="[value]/SUMIFS({value},{area},[area])"),
    )  # fmt: skip
    alone = table[table["area"].isin(single(results))]
    alone = alone if len(alone) else table
    largest = alone.groupby("sector")["value"].sum().idxmax()
    count = int((alone.loc[alone.groupby("area")["value"].idxmax(), "sector"] == largest).sum())
    title = f"{largest} was the largest sector in {count} of {alone['area'].nunique()} areas in {year}"
    return Section(
        "emissions_newest", "CO2 by sector, newest year", table, columns, title + ".", (),
        citations(results, [_CO2]), (Chart("stacked", title, "area", "value", "sector"),),
    )  # fmt: skip


def totals(results: Results, latest: dict[int, str]) -> Section | None:
    """Greenhouse gas totals implied by the published figure per person and the population, with their range."""
    made = wide(results, [Measure("per_person", _PER_HEAD), Measure("population", _PEOPLE), Measure("total", _GHG)])
    keep = np.flatnonzero(made.table["total"].notna().to_numpy())
    if not len(keep):
        return None
    place = {int(old): new for new, old in enumerate(keep)}
    table = made.table.iloc[keep].reset_index(drop=True)
    ids = [made.ids[(int(r), "total")] for r in keep]
    rows = results.table.set_index("id").loc[ids]
    low, high = spread(rows)
    table["low"], table["high"] = low.to_numpy(), high.to_numpy()
    at = {(c, y): n for n, (c, y) in enumerate(zip(table["code"], table["year"], strict=True))}
    cells: dict[tuple[int, str], str] = {}
    for n, (code, year) in enumerate(zip(table["code"], table["year"], strict=True)):
        members = results.inputs.areas.members(code)
        if members and all((m, year) in at for m in members):
            cells |= {(n, c): "+".join(f"[{c}@{at[(m, year)]}]" for m in members) for c in ("total", "low", "high")}
        elif members or bool(pd.isna(table["per_person"].iloc[n])):
            cells[(n, "total")] = ""
    columns = (
        Column("code", "Code"), Column("area", "Area"), Column("year", "Year", kind="year"),
        Column("per_person", "Greenhouse gases per resident", "t CO2e per person", "number", 2),
        Column("population", "Population", "persons", "integer"),
        Column("total", "Greenhouse gases, implied", "kt CO2e", "number", 1, formula="[per_person]*[population]/1000"),
        Column("low", "Low", "kt CO2e", "number", 1), Column("high", "High", "kt CO2e", "number", 1),
    )  # fmt: skip
    lead = table.iloc[0]
    summary = (
        f"{lead['area']} emitted about {lead['total']:,.0f} kt CO2e in {lead['year']}, as implied by the published "
        "figure per person, which has two decimals, and the population. Estimated, with the range that rounding leaves."
    )
    marks = {(place[r], n): m for (r, n), m in made.marks.items() if r in place}
    shown = {(place[r], n): v for (r, n), v in made.figures(latest).items() if r in place}
    return Section(
        "ghg_totals", "Greenhouse gas totals, implied", table, columns, summary, (),
        citations(results, [_PER_HEAD, _PEOPLE]), (), (), cells, marks, shown,
    )  # fmt: skip


def attribution(results: Results) -> Section | None:
    """What moved CO2: population, shift between areas, emissions per person (additive LMDI-I)."""
    one = results.attributed
    if one is None:
        return None
    effects = one.result.effects
    steps = [f"CO2 in {one.years[0]}", *(f.capitalize() for f in one.result.factors), f"CO2 in {one.years[1]}"]
    table = pd.DataFrame({"step": steps, "change": [one.start, *effects, one.end]})
    name = results.inputs.areas.name(one.area)
    title = (
        f"CO2 within local influence in {name} changed by {one.result.change:+,.0f} kt from {one.years[0]} to "
        f"{one.years[1]}: {_said(one)}"
    ).replace("-", "\N{MINUS SIGN}")
    columns = (Column("step", "Step"), Column("change", "Amount or change", "kt CO2", "number", 1))
    parts = ", ".join(results.inputs.areas.name(m) for m in one.members)
    notes = (f"Logarithmic mean Divisia index, additive form; exact. Areas: {parts}.",)
    cells = {(len(table) - 1, "change"): "+".join(f"[change@{n}]" for n in range(len(table) - 1))}
    return Section(
        "attribution", "What moved emissions", table, columns, title + ".", notes,
        citations(results, [_CO2, _PEOPLE]), (Chart("waterfall", title, "step", "change"),), (), cells,
    )  # fmt: skip


def _said(one: Attributed) -> str:
    return ", ".join(f"{f} {e:+,.1f}" for f, e in zip(one.result.factors, one.result.effects, strict=True))


def attribution_check(results: Results) -> tuple[Check, ...]:
    """The effects sum to the change."""
    one = results.attributed
    if one is None:
        return ()
    left, right = float(one.result.effects.sum()), one.result.change
    title = "The effects of the attribution are the change of emissions"
    return (Check("attribution", title, left, right, 1e-9 * max(abs(right), 1.0), "kt CO2"),)
