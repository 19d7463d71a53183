"""Working of the organisational account: discount factors and carbon values by year, every flow and every duty."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.discounting import discount_table
from natcap.accounts.assets_account.unit_values import carbon_row, first_carbon_year
from natcap.accounts.assets_account.words import money
from natcap.accounts.organisation_account.given import Terms
from natcap.accounts.organisation_account.words import Words, filled, gaps
from natcap.accounts.show.words import number, text
from natcap.core.money import CARBON_SERIES, DEFLATOR, carbon_values, deflate
from natcap.core.report import Column, Section
from natcap.core.sources import source

__all__ = ["carbon_section", "carbon_start", "discount_section", "duties_section", "flows_section"]

Row = Mapping[Hashable, Any]


def _last(words: Words) -> int:
    tables = (words.account.flows, words.account.duties)
    ends = [t["offset"] + t["years"] for t in tables] + [t["then_offset"] + t["then_years"] for t in tables]
    return int(pd.concat(ends).max()) if any(e.notna().any() for e in ends) else 0


def discount_section(words: Words) -> Section:
    """Discount factors of the schedules in use, year 0 to the last one that counts."""
    last = _last(words)
    beside = words.terms.other
    terms = [words.terms, *([] if beside is None else [beside])]
    rows = words.account.flows.to_dict("records")
    used = {words.schedule(row, by) for row in rows for by in terms} | {by.choices.option.id for by in terms}
    held = {o.id: o for by in terms for o in (by.choices.option, by.choices.option_of(True)) if o.id in used}
    return discount_table(
        "organisation_discounting", words.of("Discount factors by year for the account"),
        f"Discount factors of {len(held)} schedules, years 0 to {last}.", held, last,
    )  # fmt: skip


def carbon_start(words: Words) -> int:
    """The first year of the table of carbon values."""
    previous = words.terms.previous
    any_path = bool((words.account.flows["carbon"] & words.account.flows["valued"]).any())
    return previous if previous is not None and any_path else words.terms.year


def carbon_section(words: Words) -> Section | None:
    """Carbon values of every year that a path or the income statement asks for; None where nothing does."""
    if np.isnan(words.account.carbon_price):
        return None
    terms, start = words.terms, carbon_start(words)
    paths = words.account.flows[words.account.flows["carbon"] & words.account.flows["valued"]]
    ends = (terms.year + paths["offset"] + paths["years"]).to_list()
    years = np.arange(start, int(max([terms.year + 1, *ends])))
    asked = np.maximum(years, first_carbon_year())
    level, held = terms.choices.level, [carbon_row(int(year)) for year in asked]
    base = held[0].price_year
    ratio = 1.0 if base == terms.price_year else float(deflate(1.0, base, terms.price_year))
    table = pd.DataFrame({
        "year": years, "published": carbon_values(asked, level), "ratio": ratio, "verified": [v.verified for v in held],
    })  # fmt: skip
    table["value"] = table["published"] * table["ratio"]
    columns = (
        Column("year", "Year", "", "year"),
        number("published", f"Carbon value, {level}, as published", f"GBP_{base}/tonne_co2e"),
        Column("ratio", f"GDP deflator, {terms.price_year} over {base}", "", "number", 6),
        number("value", f"Carbon value, {level}, in the prices of the account", f"{words.unit}/tonne_co2e",
               "[published]*[ratio]"),
        text("verified", "How verified"),
    )  # fmt: skip
    early = years[0] < first_carbon_year()
    note = f"Years before {first_carbon_year()} take its value, as chosen by carbon_before."
    return Section(
        "organisation_carbon", words.of("Carbon values by year for the account"), table, columns,
        f"Carbon values from {years[0]} to {years[-1]}, the same for what is removed and what is emitted.",
        (f"Series {CARBON_SERIES}, rebased with the GDP deflator {DEFLATOR}.", *((note,) if early else ())),
        (source(held[0].source).cite(),), group="working",
    )  # fmt: skip


def _factor(words: Words, row: Row, lead: str, year: int, terms: Terms) -> str:
    """The annuity, or the discounted carbon path, as a formula on the two tables above."""
    timing, key = terms.choices.timing, words.schedule(row, terms)
    first, late = f"[{lead}offset]+1", 1 if timing == "end" else 0
    column = f"{{organisation_discounting.{'mid' if timing == 'mid' else 'df'}_{key}}}"
    factors = f"INDEX({column},{first}+{late}):INDEX({column},[{lead}offset]+[{lead}years]+{late})"
    if not row.get("carbon", False):
        return f"SUM({factors})"
    gap = year - carbon_start(words)
    path = "{organisation_carbon.value}"
    return f"SUMPRODUCT(INDEX({path},{first}+{gap}):INDEX({path},[{lead}offset]+[{lead}years]+{gap}),{factors})"


def _worth_columns(words: Words, value: str) -> tuple[Column, ...]:
    """From the first year to the value; with a previous account, the same seen from its year."""
    year, previous = words.terms.year, words.terms.previous
    columns = [
        Column("offset", f"Years from {year} to the first flow", "", "integer"),
        Column("years", f"Years that count, seen from {year}", "", "integer"),
        Column("factor", f"Present value of a unit a year, {year}", "", "number", 6),
        money("value", f"Present value {year}", words.unit, value.format("[factor]")),
    ]
    if words.terms.other is not None:
        beside = words.terms.other.choices.schedule
        columns += [
            Column("other_factor", f"Present value of a unit a year, schedule {beside}", "", "number", 6),
            money("other", f"Present value {year}, schedule {beside}", words.unit, value.format("[other_factor]")),
        ]
    if previous is not None:
        columns += [
            Column("then_offset", f"Years from {previous} to the first flow", "", "integer"),
            Column("then_years", f"Years that count, seen from {previous}", "", "integer"),
            Column("then_factor", f"Present value of a unit a year, {previous}", "", "number", 6),
            money("then", f"The same flow seen from {previous}", words.unit, value.format("[then_factor]")),
            money("time", "Passage of time", words.unit),
        ]
    return tuple(columns)


def _worth_cells(words: Words, table: pd.DataFrame) -> tuple[dict[tuple[int, str], str], dict[tuple[int, str], str]]:
    """Formulas of the present values, and marks where there is none."""
    cells: dict[tuple[int, str], str] = {}
    names: tuple[str, ...] = ("offset", "years", "factor", "value")
    terms = words.terms
    views = [("", "", terms.year, terms)]
    if terms.other is not None:
        views.append(("other_", "", terms.year, terms.other))
        names += ("other_factor", "other")
    if terms.previous is not None:
        views.append(("then_", "then_", terms.previous, terms))
        names += ("then_offset", "then_years", "then_factor", "then", "time")
    for at, row in enumerate(table.to_dict("records")):
        for name, lead, year, by in views:
            if row[f"{name}factor"] == row[f"{name}factor"]:
                cells[at, f"{name}factor"] = _factor(words, row, lead, year, by)
        if terms.previous is not None and row["value"] == row["value"] and not row["added"]:
            cells[at, "time"] = "[value]-[then]"
    return cells, gaps(table, names)


def flows_section(words: Words) -> Section:
    """Every flow with its price, its discounting and its value."""
    table = words.account.flows.assign(asset_key=words.account.flows["asset"].map(words.asset_key))
    table["discounting"] = [words.schedule(row) for row in table.to_dict("records")]
    table["place"] = table["_sheet"] + " row " + table["_row"].astype(str)
    table = filled(table, "evidence", "unit") if "unit" in table else filled(table, "evidence")
    cells, marks = _worth_cells(words, table)
    for at, row in enumerate(table.to_dict("records")):
        if row["carbon"]:
            marks |= {(at, name): "[z]" for name in ("unit_value", "price_year", "scale")}
            cells[at, "price"] = ""
        elif row["price"] != row["price"]:
            marks |= {(at, name): "[x]" for name in ("unit_value", "price_year", "scale", "price")
                      if row[name] != row[name]}  # fmt: skip
    marks |= gaps(table, ("flow",))
    columns = (
        text("asset", "Asset"), text("asset_key", "Asset key"), text("habitat", "Habitat"),
        text("habitat_key", "Habitat key"), text("service", "Service"), text("column", "Column"),
        text("kind", "Kind of value"), Column("flow", "Expected flow a year", "", "number"),
        text("unit", "Unit of flow"),
        Column("unit_value", "Unit value as given", "GBP", "number", 4), Column("price_year", "Price year", "", "year"),
        Column("scale", f"Factor to prices of {words.terms.price_year}", "", "number", 6),
        Column("price", "Unit value (1 on a carbon path)", words.unit, "number", 4, "[unit_value]*[scale]"),
        text("discounting", "Discount schedule"), *_worth_columns(words, "[flow]*[price]*{}"),
        text("evidence", "Source and evidence"), text("place", "Place in the input"),
    )  # fmt: skip
    silent = int((~words.account.flows["valued"]).sum())
    said = f"{len(table)} flows, {silent} of them without a number or a price."
    figures = {(at, "value"): words.flow_id(at) for at in range(len(table))}
    return Section(
        "organisation_flows", words.of("Present value of every flow"), table[[c.name for c in columns]], columns, said,
        ("Value = flow x unit value x present value of a unit a year; on a carbon path the last is the sum over the "
         "years of carbon value times discount factor.", *words.method), words.sources, cells=cells, marks=marks,
        figures=figures, group="working",
    )  # fmt: skip


def duties_section(words: Words) -> Section | None:
    """Every duty with its cost, its discounting and its value; None where none is stated."""
    table = words.account.duties
    if table.empty:
        return None
    table = table.assign(asset_key=table["asset"].map(words.asset_key), place=table["_sheet"] + " row " +
                         table["_row"].astype(str), asset=table["asset"].replace("", "All assets"))  # fmt: skip
    table = filled(table, "evidence", "unit") if "unit" in table else filled(table, "evidence")
    cells, marks = _worth_cells(words, table)
    columns = (
        text("asset", "Asset"), text("asset_key", "Asset key"), text("work", "Work"), text("duty", "Duty"),
        text("column", "Column"), Column("cost", "Cost a year as given", "GBP", "number", 2),
        Column("price_year", "Price year", "", "year"),
        Column("scale", f"Factor to prices of {words.terms.price_year}", "", "number", 6),
        *_worth_columns(words, "-[cost]*[scale]*{}"), text("evidence", "Source and evidence"),
        text("place", "Place in the input"),
    )  # fmt: skip
    figures = {(at, "value"): words.duty_id(at) for at in range(len(table))}
    return Section(
        "organisation_duties", words.of("Present value of every duty to keep the assets"),
        table[[c.name for c in columns]], columns,
        f"{len(table)} {'duty' if len(table) == 1 else 'duties'}.",
        ("Value = - cost x present value of a unit a year.", *words.method),
        words.sources, cells=cells, marks=marks, figures=figures, group="working",
    )  # fmt: skip
