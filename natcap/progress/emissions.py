"""Emissions of the report: by area, year and sector; the newest year; greenhouse gas totals; what moved them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.core.report import Chart, Check, Column, Section
from natcap.progress.derive import spread
from natcap.progress.observations import current
from natcap.progress.results import Attributed, Results
from natcap.progress.shape import Measure, agree, citations, names_for, single, sum_cells, wide

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
    names = names_for(_sectors(results))
    measures = [Measure(name, _CO2, sector) for sector, name in names.items()]
    made = wide(results, [*measures, Measure("total", _CO2), Measure("population", _PEOPLE)])
    made = made.keep(made.table["total"].notna())
    table = made.table
    if not names or table.empty:
        return None
    table["per_person"] = table["total"] * 1000 / table["population"].where(table["population"] > 0)
    lacking = {(r, "per_person"): "[x]" for r in np.flatnonzero(table["per_person"].isna()).tolist()}
    columns = (
        Column("code", "Code"), Column("area", "Area"), Column("year", "Year", kind="year"),
        *(Column(name, sector, "kt CO2", "number", 1) for sector, name in names.items()),
        Column("total", "Total", "kt CO2", "number", 1), Column("population", "Population", "persons", "integer"),
        Column("per_person", "CO2 per resident", "t CO2 per person", "number", 2, formula="[total]*1000/[population]"),
    )  # fmt: skip
    title = _spread_title(table, results)
    cells = sum_cells(table, list(names.values()), "total") | dict.fromkeys(lacking, "")
    notes = (
        "Without motorways, sites under emissions trading, diesel railways and land use.",
        "Not to be added to greenhouse gas totals.",
    )
    return Section(
        "emissions", "CO2 by area, year and sector", table, columns, title + ".", notes,
        citations(results, [_CO2, _PEOPLE]), (Chart("line", title, "year", "total", "area"),),
        (), cells, made.marks | lacking, made.figures(latest),
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
    made = made.keep(made.table["total"].notna())
    table = made.table
    if table.empty:
        return None
    rows = results.table.set_index("id").loc[[made.ids[(r, "total")] for r in range(len(table))]]
    low, high = spread(rows)
    table["low"], table["high"] = low.to_numpy(), high.to_numpy()
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
    return Section(
        "ghg_totals", "Greenhouse gas totals, implied", table, columns, summary, (),
        citations(results, [_PER_HEAD, _PEOPLE]), (), (), _total_cells(results, table), made.marks,
        made.figures(latest),
    )  # fmt: skip


def _total_cells(results: Results, table: pd.DataFrame) -> dict[tuple[int, str], str]:
    """Wholes are live sums of their areas, areas live products; a plain value where it is neither."""
    at = {(c, y): n for n, (c, y) in enumerate(zip(table["code"], table["year"], strict=True))}
    product = agree(table["per_person"] * table["population"] / 1000, table["total"])
    cells: dict[tuple[int, str], str] = {}
    for n, (code, year) in enumerate(zip(table["code"], table["year"], strict=True)):
        members = [at[(m, year)] for m in results.inputs.areas.members(code) if (m, year) in at]
        whole = bool(members) and len(members) == len(results.inputs.areas.members(code))
        for name in ("total", "low", "high") if whole else ():
            if agree(table[name].iloc[[n]], pd.Series([table[name].iloc[members].sum()], index=[n])).iloc[0]:
                cells[(n, name)] = "+".join(f"[{name}@{m}]" for m in members)
        if (n, "total") not in cells and not product.iloc[n]:
            cells[(n, "total")] = ""
    return cells


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
