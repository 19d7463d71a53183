"""Working of the asset account: discount factors by year, the carbon path, what a unit is worth, every row by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.discounting import discount_table
from natcap.accounts.assets_account.projection_tables import growth_range, projection_id, unit_id
from natcap.accounts.assets_account.unit_values import (
    Units,
    UnitValue,
    carbon_row,
    first_carbon_year,
    first_flow,
    last_carbon_year,
)
from natcap.accounts.assets_account.words import Words, money
from natcap.accounts.services.account import ServiceAccount
from natcap.accounts.show.words import number, text
from natcap.core.money import CARBON_SERIES, DEFLATOR, Timing, carbon_values, deflate
from natcap.core.report import Column, Section
from natcap.core.sources import source

__all__ = [
    "annuity_formula", "carbon_section", "discount_section", "path_formula", "path_start", "rows_section",
    "units_section",
]  # fmt: skip


def _factor(name: str, label: str, formula: str | None = None) -> Column:
    return Column(name, label, "", "number", 6, formula)


def discount_section(words: Words, life: int) -> Section:
    """Discount factors of years 0 to `life` under every schedule in force."""
    held = words.schedules
    summary = f"Discount factors of {len(held)} schedules for {life} years and the year after them."
    return discount_table("asset_discounting", "Discount factors by year and schedule", summary, held, life)


def carbon_section(words: Words, units: Units) -> Section | None:
    """Carbon values of every year of both paths, as published and in the prices of the account."""
    found = [unit for unit in units if unit.on_path]
    if not found:
        return None
    first, last = path_start(units), max(u.year + u.life for u in found)
    last = min(last, last_carbon_year())
    shown, account = np.arange(first, last + 1), words.account
    years = np.maximum(shown, first_carbon_year())
    base = carbon_row(int(years[0])).price_year
    table = pd.DataFrame({"year": shown, "ratio": deflate(1.0, base, account.price_year)})
    columns = [Column("year", "Year", "", "year")]
    for level in ("low", "central", "high"):
        table[f"published_{level}"] = carbon_values(years, level)
        columns.append(number(f"published_{level}", f"Carbon value, {level}, as held", f"GBP_{base}/tonne_co2e"))
    columns.append(Column("ratio", f"GDP deflator, {account.price_year} over {base}", "", "number", 6))
    for level in ("low", "central", "high"):
        table[level] = table[f"published_{level}"] * table["ratio"]
        label = f"Carbon value, {level}, in the prices of the account"
        columns.append(number(level, label, f"{words.unit}/tonne_co2e", f"[published_{level}]*[ratio]"))
    held = [carbon_row(int(year)) for year in years]
    table["verified"] = [value.verified for value in held]
    derived = next((value for value in held if value.verified == "derived"), None)
    told = "" if derived is None else f"From {derived.year} on they are derived, not read: {derived.locator}."
    return Section(
        "asset_carbon_path",
        "Carbon values by year",
        table,
        (*columns, text("verified", "How verified")),
        summary=f"Carbon values from {first} to {last}. {told}".strip(),
        notes=(f"Series {CARBON_SERIES}, rebased with the GDP deflator {DEFLATOR}.", *_early(shown)),
        sources=(source(held[0].source).cite(),),
        group="working",
    )


def _early(years: np.ndarray) -> tuple[str, ...]:
    first = first_carbon_year()
    said = f"Years before {first} are not held: the value of {first} stands for them, as chosen by carbon_before."
    return (said,) if years[0] < first else ()


def path_start(units: Units) -> int:
    """The first year of the table of carbon values."""
    return min((unit.year for unit in units if unit.on_path), default=0)


def annuity_formula(key: str, life: str, timing: Timing, growth: str = "") -> str:
    """The sum of discount factors as a formula; `life` a number or a reference in the grammar of columns.

    With `growth`, a range of the g of each year, that of their products.
    """
    name, first, last = _span(key, life, timing)
    column = f"{{asset_discounting.{name}}}"
    factors = f"INDEX({column},{first}):INDEX({column},{last})"
    return f"SUMPRODUCT({growth},{factors})" if growth else f"SUM({factors})"


def path_formula(key: str, life: str, timing: Timing, level: str, offset: int, growth: str = "") -> str:
    """The carbon path of an asset value of the year at position `offset`, discounted, as a formula.

    With `growth`, a range of the g of each year, every product has that as well.
    """
    name, first, last = _span(key, life, timing)
    factors, path = f"{{asset_discounting.{name}}}", f"{{asset_carbon_path.{level}}}"
    offset = first_flow(offset, timing)
    prices = f"INDEX({path},{offset + 1}):INDEX({path},{offset}+{life})"
    prices += f",{growth}" if growth else ""
    return f"SUMPRODUCT({prices},INDEX({factors},{first}):INDEX({factors},{last}))"


def _span(key: str, life: str, timing: Timing) -> tuple[str, int, str]:
    if timing == "end":
        return f"df_{key}", 2, f"{life}+1"
    return f"{'mid' if timing == 'mid' else 'df'}_{key}", 1, life


def unit_growth(units: Units, unit: UnitValue, life: str, timing: Timing) -> str:
    """The g that a unit counts, as a range for formulas; "" for a constant flow."""
    if unit.curve is None:
        return ""
    offset = first_flow(unit.year, timing) - units.curves.start
    return growth_range(units.curves, unit.curve, unit.date, offset, life)


def units_section(words: Words, units: Units) -> Section:
    """What 1 a year is worth over the life of each service at each date."""
    choices = words.choices
    start = path_start(units)
    table = pd.DataFrame({
        "service": [u.service for u in units],
        "service_name": [words.service_name[u.service] for u in units],
        "date": [u.date for u in units], "year": [u.year for u in units],
        "schedule": [u.option.id for u in units], "timing": [u.timing for u in units],
        "life": [u.life for u in units], "annuity": [u.annuity for u in units],
        "path": [u.path for u in units], "first": [u.first for u in units],
        "followed": [u.followed or "constant" for u in units],
        "projected": [np.nan if u.curve is None else float(u.curve.growth(u.year, u.life, u.timing).mean())
                      for u in units],
    })  # fmt: skip
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    figures: dict[tuple[int, str], str] = {}
    for row, unit in enumerate(units):
        growth = unit_growth(units, unit, "[life]", unit.timing)
        cells[row, "annuity"] = annuity_formula(unit.option.id, "[life]", unit.timing, growth)
        if not unit.lacks:
            figures[row, "path" if unit.on_path else "annuity"] = unit_id(words, unit)
        if unit.curve is None:
            marks[row, "projected"] = "[z]"
        else:
            cells[row, "projected"] = f"AVERAGE({growth})"
            figures[row, "projected"] = projection_id(words, unit)
        if unit.on_path:
            cells[row, "path"] = path_formula(
                unit.option.id, "[life]", choices.timing, choices.level, unit.year - start, growth
            )
            cells[row, "first"] = f"[asset_carbon_path.central@{unit.year - start}]"
        else:
            marks[row, "path"] = marks[row, "first"] = "[x]" if unit.carbon else "[z]"
    per = f"{words.unit}/tonne_co2e"
    projected = (
        text("followed", "Projection of the flow"), _factor("projected", "Mean flow over the flow of the date"),
    ) if units.curves else ()  # fmt: skip
    return Section(
        "asset_units",
        "What a yearly flow of one is worth over the life of its asset",
        table,
        (
            text("service", "Service id"), text("service_name", "Service"), text("date", "Date"),
            Column("year", "Year of the asset value", "", "year"), text("schedule", "Discount schedule"),
            text("timing", "Timing"), Column("life", "Asset life", "year", "integer"),
            _factor("annuity", "Annuity: present value of 1 a year"),
            number("path", "Present value of 1 tonne CO2e a year over the carbon path", per),
            number("first", "Central carbon value of that year", per),
            *projected,
        ),
        summary=f"Annuities and carbon paths of {len({u.service for u in units})} services at two dates.",
        notes=words.method,
        cells=cells,
        marks=marks if units.curves else {key: mark for key, mark in marks.items() if key[1] != "projected"},
        figures=figures,
        group="working",
    )  # fmt: skip


def rows_section(words: Words, rows: pd.DataFrame, units: Units) -> Section:
    """Every row of the service account with its asset value: expected flow x price x annuity."""
    account: ServiceAccount = words.account
    place = {key: n for n, key in enumerate(units.held)}
    table = words.named(rows).reset_index(drop=True)
    table["unit"] = [account.services[s].unit if b == "flow" else words.unit
                     for s, b in zip(table["service"], table["basis"], strict=True)]  # fmt: skip
    carbon = np.array([unit.carbon for unit in units.by_row(table)], dtype=bool)
    table["price"] = table["price"].mask(carbon | (table["basis"] != "flow"))
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    for row, r in enumerate(table.to_dict("records")):
        at = place[units.key(r)]
        if r["basis"] == "none":
            sign = words.sign(r["service"])
            marks |= {(row, name): sign for name in ("expected", "price", "per_unit", "asset")}
            continue
        if r["basis"] == "flow" and not carbon[row]:
            cells[row, "per_unit"] = f"[price]*[asset_units.annuity@{at}]"
        else:
            marks[row, "price"] = "[z]"
            path = f"[asset_units.path@{at}]"
            by_value = f"{path}/[asset_units.first@{at}]" if carbon[row] else f"[asset_units.annuity@{at}]"
            cells[row, "per_unit"] = path if r["basis"] == "flow" else by_value
        cells[row, "asset"] = "[expected]*[per_unit]"
    marks |= {(int(n), "flow"): "[x]" for n in np.flatnonzero(table["flow"].isna())}
    few = int(((table["years"] < 5) & (table["basis"] != "none") & ~table["alone"].astype(bool)).sum())
    per_unit = number("per_unit", "Asset value of a unit of expected flow", f"{words.unit}")
    columns = (
        text("date", "Date"), text("zone_name", "Zone"), text("service", "Service id"), text("type_key", "Type key"),
        text("service_name", "Service"), text("type_name", "Ecosystem type"), text("origin", "Origin of the flow"),
        Column("flow", "Flow of the year", "", "number", None), Column("expected", "Expected flow", "", "number", None),
        text("unit", "Unit of the expected flow"), Column("years", "Years in the mean", "", "integer"),
        text("spanned", "Which years"), number("price", "Price of a unit at the date", words.unit), per_unit,
        money("asset", "Asset value", words.unit),
    )  # fmt: skip
    return Section(
        "asset_rows",
        "Asset value of every flow",
        table[[c.name for c in columns]],
        columns,
        summary=f"{len(table)} flows; {few} rest on fewer than five years.",
        notes=("Asset value = expected flow times the asset value of a unit; that is price times annuity, or the "
               "discounted carbon path.",
               "The expected flow is the mean of the last five years that have a number, up to the year of the flow "
               "and however far back. A year without a number is passed over, never counted as 0. On a carbon path "
               "and on a projection it is the flow of the year.",
               *words.method),
        cells=cells,
        marks=marks,
        group="working",
    )  # fmt: skip
