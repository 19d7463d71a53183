"""The tables behind the first ones: scope 2 two ways, intensity, energy, what is covered and what is not."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.carbon.business import periods
from natcap.carbon.business.figures import TONNE, UNIT, per, slug
from natcap.carbon.business.months import coverage
from natcap.carbon.business.plan import categories
from natcap.carbon.business.records import STATES
from natcap.carbon.business.result import Result, YearResult
from natcap.carbon.business.sections import is_live, share_text, sumifs, tonnes
from natcap.carbon.business.statement import state_of
from natcap.carbon.inventory import SCOPE_1, SCOPE_2, SCOPE_3
from natcap.core.lines import MARKET
from natcap.core.report import Chart, Column, Section

__all__ = ["completeness", "covered", "energy", "gaps", "intensity", "two_ways"]


def two_ways(result: Result) -> Section:
    """5 Scope 2 two ways: the same electricity by the grid's average and by what was contracted."""
    year = result.this
    lines = year.lines
    market = lines[lines["section"] == MARKET]
    # Every location-based line has its market-based twin right behind it, so the two tables run in step.
    location = lines[lines["section"] == SCOPE_2]
    table = pd.DataFrame({
        "place": market["place"].astype("str").to_numpy(), "category": market["category"].astype("str").to_numpy(),
        "supply": market["factor_id"].astype("str").to_numpy(), "how": market["note"].astype("str").to_numpy(),
        "kwh": market["factor_quantity"].where(market["factor_unit"] == "kWh").to_numpy("float64"),
        "factor": market["factor"].to_numpy(), "location": location["kg_co2e"].to_numpy() / TONNE,
        "market": market["kg_co2e"].to_numpy() / TONNE,
    })  # fmt: skip
    keys = ["place", "category", "supply", "factor"]
    table = table.groupby(keys, sort=True).agg(
        how=("how", "first"), kwh=("kwh", lambda x: x.sum(min_count=1)), location=("location", "sum"),
        market=("market", "sum"),
    ).reset_index()  # fmt: skip
    marks = {(row, "kwh"): "[z]" for row in np.flatnonzero(table["kwh"].isna().to_numpy()).tolist()}
    cells = {}
    if is_live(result):
        where = {"place": "[place]", "category": "[category]", "factor_id": "[supply]", "period": year.span}
        cells = {(row, "market"): sumifs({"section": MARKET, **where}) for row in range(len(table))}
    columns = (
        Column("place", "Site"), Column("category", "Category"), Column("kwh", "Electricity, heat", "kWh", "number", 0),
        Column("location", "Location-based", UNIT, "number", 3), Column("market", "Market-based", UNIT, "number", 3),
        Column("factor", "Market-based factor", "kg CO2e per unit", "number"), Column("supply", "Factor row"),
        Column("how", "How the market-based factor was found"),
    )  # fmt: skip
    said = ""
    if year.totals.location is not None and year.totals.market is not None:
        said = (
            f"Scope 2 is {year.totals.location / TONNE:,.1f} {UNIT} by location and "
            f"{year.totals.market / TONNE:,.1f} {UNIT} by market. The two are never added."
        )
    return Section(
        "scope2", "Scope 2 two ways", table, columns, said,
        ("Market-based: the supplier's rate where a contract covers the days, else the residual mix of Great Britain, "
         "else the location-based factor; which of them is said in each row.",),
        cells=cells, marks=marks,
    )  # fmt: skip


def intensity(result: Result) -> Section:
    """6 Intensity: scope 1 and 2 by the amounts that the organisation stated."""
    rows: list[tuple[str, float, str, float, float, str]] = []
    figures: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    cells: dict[tuple[int, str], str] = {}
    before = {ratio.id: ratio for ratio in result.prior.ratios} if result.prior else {}
    for row, ratio in enumerate(result.this.ratios):
        label, unit, scale = per(ratio)
        earlier = before.get(ratio.id)
        values = [_over(result.this, scale), _over(result.prior, per(earlier)[2] if earlier else None)]
        rows.append((label, ratio.amount, ratio.unit, values[0], values[1], unit))
        figures[(row, "this")] = f"business.intensity.{ratio.id}"
        if earlier:
            figures[(row, "prior")] = f"business.intensity.{ratio.id}.prior"
        if is_live(result) and not np.isnan(values[0]):
            cells[(row, "this")] = _live_ratio(result.this, scale * ratio.amount)
        marks |= {(row, name): "[x]" for name, value in zip(("this", "prior"), values, strict=True) if np.isnan(value)}
    table = pd.DataFrame(rows, columns=["label", "amount", "unit", "this", "prior", "per"])
    for name in ("amount", "this", "prior"):
        table[name] = table[name].astype("float64")
    columns = (
        Column("label", "Ratio"), Column("amount", "Divided by", "", "number"), Column("unit", "Unit of the amount"),
        Column("this", result.this.period, "", "number", 4),
        Column("prior", result.prior.period if result.prior else "Year before", "", "number", 4), Column("per", "Unit"),
    )  # fmt: skip
    said = (
        f"{rows[0][0]}: {rows[0][3]:,.4g} {rows[0][5]}." if rows else "No amount was stated on the sheet Organisation."
    )
    notes = periods.notes(result, ratios=True)
    return Section("intensity", "Intensity", table, columns, said, notes, figures=figures, marks=marks, cells=cells)


def _over(year: YearResult | None, scale: float | None) -> float:
    if year is None or scale is None:
        return float("nan")
    parts = [kg for kg in (year.totals.scope1, year.totals.location) if kg is not None]
    return sum(parts) * scale if parts else float("nan")


def _live_ratio(year: YearResult, factor: float) -> str:
    """Scope 1 and 2 of the lines over the amount in the same row. `factor` turns kg into the unit's numerator."""
    both = "+".join(sumifs({"section": name, "period": year.span}, 1.0) for name in (SCOPE_1, SCOPE_2))
    return f"({both.replace('*1.0', '')})*{factor!r}/[amount]"


def energy(result: Result) -> Section:
    """Energy use in kWh, on the basis that UK energy and carbon reporting asks for."""
    found = result.this.energy
    table = found.table.drop(columns="use").reset_index(drop=True)
    total = found.kwh()
    sums = pd.DataFrame([{"kind": "All energy", "activity": "", "unit": "", "how": "", "kwh": tonnes(total) * TONNE}])
    table = pd.concat([table, sums], ignore_index=True)
    last = len(table) - 1
    marks = {(last, name): "[z]" for name in ("quantity", "rate")}
    cells = {(last, "kwh"): "SUM({kwh})" if last else ""}
    if total is None:
        marks[(last, "kwh")] = "[x]"
    figures = {(last, "kwh"): "business.energy_kwh"}
    columns = (
        Column("kind", "Energy"), Column("activity", "Activity"), Column("quantity", "Quantity", "", "number"),
        Column("unit", "Unit"), Column("rate", "kWh per unit", "", "number"),
        Column("kwh", "Energy use", "kWh", "number", 0, "[quantity]*[rate]"), Column("how", "How it was converted"),
    )  # fmt: skip
    said = f"{total:,.0f} kWh in all." if total is not None else "No energy was entered."
    kinds = found.table.groupby("kind", sort=False)["kwh"].sum()
    if total and len(kinds):
        said += f" {kinds.idxmax()} is the largest part, {share_text(float(kinds.max()), total)}."
    return Section(
        "energy", "Energy use", table, columns, said,
        ("Fuels are counted on gross calorific value, vehicles by distance with the published kWh rows, which are on "
         "net calorific value.", *found.gaps),
        charts=(Chart("bar", said, "activity", "kwh", only={"kind": list(kinds.index)}),) if len(kinds) else (),
        total_rows=(last,), cells=cells, marks=marks, figures=figures,
    )  # fmt: skip


def completeness(result: Result) -> Section:
    """The fifteen categories of scope 3, each in exactly one state: covered, estimated, not relevant or missing."""
    lines = result.this.lines
    scope3 = lines[lines["section"] == SCOPE_3]
    grouped = scope3.groupby("category", observed=True)["kg_co2e"]
    sums, sizes = grouped.sum().to_dict(), grouped.size().to_dict()
    headings = [heading for key, heading in categories().items() if key.startswith("cat")]
    there = [heading in sums for heading in headings]
    tiers = {
        str(name): frozenset(part.astype("str")) for name, part in scope3.groupby("category", observed=True)["tier"]
    }
    stated = result.this.year.book.stated
    said_of = [state_of(tiers.get(heading), stated.get(number)) for number, heading in enumerate(headings, 1)]
    table = pd.DataFrame({
        "category": headings,
        "state": [state for state, _ in said_of],
        "tonnes": [sums.get(heading, np.nan) / TONNE for heading in headings],
        "lines": [float(sizes.get(heading, np.nan)) for heading in headings],
        "reason": [reason for _, reason in said_of],
    })  # fmt: skip
    keys = {heading: key for key, heading in categories().items()}
    marks = {
        (row, name): "[z]" if said_of[row][0] == "not relevant" else "[x]"
        for row, found in enumerate(there) for name in ("tonnes", "lines") if not found
    }  # fmt: skip
    figures = {(row, "tonnes"): f"business.scope3.{slug(keys[h])}" for row, h in enumerate(headings) if there[row]}
    cells = {}
    if is_live(result):
        where = {"section": SCOPE_3, "category": "[category]", "period": result.this.span}
        cells = {(row, "tonnes"): sumifs(where) for row, found in enumerate(there) if found}
    columns = (
        Column("category", "Category"), Column("state", "State"), Column("tonnes", "Emissions", UNIT, "number", 3),
        Column("lines", "Lines", "", "integer"), Column("reason", "Reason"),
    )  # fmt: skip
    counts = {name: sum(state == name for state, _ in said_of) for name in STATES}
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    said = f"Of the {len(there)} categories of scope 3: {said}. Missing is not zero."
    return Section(
        "completeness", "Scope 3 by category", table, columns, said, cells=cells, marks=marks, figures=figures,
        group="working",
    )  # fmt: skip


def covered(result: Result) -> Section:
    """Days of the period covered by bills, for every series of bills."""
    rows = result.this.year.book.rows
    table = coverage(result.this.rows, [use.activity.label for use in rows.uses], result.this.year.period)
    table["share"] = table["covered"] / table["days"].where(table["days"] > 0)
    columns = (
        Column("site", "Site"), Column("activity", "Activity"), Column("bills", "Entries", "", "integer"),
        Column("covered", "Days covered", "days", "integer"), Column("days", "Days of the period", "days", "integer"),
        Column("share", "Covered", "%", "percent", 1, "[covered]/[days]"),
    )  # fmt: skip
    short = int((table["covered"] < table["days"]).sum())
    verb = "does" if short == 1 else "do"
    said = f"{short} of {len(table)} series of bills {verb} not cover the whole period." if len(table) else ""
    return Section("coverage", "Days covered by bills", table, columns, said, group="working")


def gaps(result: Result) -> Section:
    """Everything that stands in for something else, and every published number that is missing."""
    rows = [
        (year.period, what, text)
        for year in result.years
        for what, texts in (("stands in", year.fallbacks), ("missing", year.gaps))
        for text in texts
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["period", "what", "text"])
    columns = (Column("period", "Period"), Column("what", "Kind"), Column("text", "What"))
    many = "1 factor stands in or is missing" if len(rows) == 1 else f"{len(rows)} factors stand in or are missing"
    said = f"{many}." if rows else "Every factor is that of its year."
    return Section("gaps", "Stand-ins and gaps", table, columns, said, group="working")
