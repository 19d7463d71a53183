"""The working behind supply: parameters, unit values, shares of use, and every product of hectares and parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from natcap.accounts.services.account import WHOLE, Factor, Service
from natcap.accounts.services.prices import Applied
from natcap.accounts.services.view import View, plain
from natcap.accounts.show.words import text
from natcap.core.money import DEFLATOR, deflator
from natcap.core.report import Column, Section

__all__ = ["TOLD", "parameters_section", "prices_section", "rows_section", "shares_section", "told"]

_NOTE_RANGE = "Low and high are 5th and 95th percentile; empty of meaning where they equal the value."
SOURCE = (
    text("confidence", "Confidence"), text("tier", "Why"), text("verified", "Verification"), text("source", "Source"),
    text("locator", "Place in the source"), text("note", "Note"),
)  # fmt: skip
TOLD = SOURCE[:-1]
"""Without notes: what a user gives has none, and a blank column is a blank to whoever listens to a worksheet."""


def told(factors: Iterable[Factor]) -> dict[str, list[object]]:
    factors = list(factors)
    made: dict[str, list[object]] = {
        "value": [f.ref.value for f in factors], "low": [f.low for f in factors], "high": [f.high for f in factors],
        "unit": [f.ref.unit for f in factors], "confidence": [f.rag for f in factors],
        "tier": [f.tier for f in factors], "verified": [f.ref.verified for f in factors],
        "source": [f.ref.source for f in factors], "locator": [f.ref.locator for f in factors],
        "note": [f.ref.note for f in factors],
    }  # fmt: skip
    return made


def _figures() -> tuple[Column, ...]:
    return (plain("value", "Value", decimals=None), plain("low", "Low", decimals=None),
            plain("high", "High", decimals=None), text("unit", "Unit"))  # fmt: skip


def parameters_section(view: View) -> Section:
    """Flow parameters in use, one a row, in the order of `Built.parameters`."""
    parts = view.built.parameters
    table = pd.DataFrame({
        "service": [view.account.services[p.service].name for p in parts], "habitat": [p.habitat for p in parts],
        "parameter": [p.name for p in parts], **told(p.factor for p in parts),
        "net_of": [p.net_of or "nothing" for p in parts],
    })  # fmt: skip
    return Section(
        "services_parameters", "Parameters of service flows", table,
        (text("service", "Service"), text("habitat", "Habitat or class"), text("parameter", "Parameter"), *_figures(),
         text("net_of", "Net of"), *SOURCE),
        summary=f"{len(parts)} parameters make the flows that are modelled.", notes=(_NOTE_RANGE,), group="working",
    )  # fmt: skip


def prices_section(view: View, services: Mapping[str, Service], prices: Mapping[str, Applied],
                   key: str = "services_prices", title: str = "Unit values of services") -> Section:  # fmt: skip
    """Unit values in use for some services, brought to the price year of the account."""
    applied = list(prices.values())
    index, base = deflator(), view.account.price_year
    table = pd.DataFrame({
        "service": [services[a.price.service].name for a in applied],
        "habitat": [a.price.habitat or "everywhere" for a in applied],
        "flow_year": [str(a.price.year or "any") for a in applied], **told(a.price.factor for a in applied),
        "basis": [a.price.basis for a in applied], "net_of": [a.price.net_of or "nothing" for a in applied],
        "price_year": [a.price.price_year for a in applied],
        "index_from": [float(index[a.price.price_year]) for a in applied], "index_to": float(index[base]),
        "scale": [a.price.scale for a in applied], "amount": [a.amount for a in applied],
        "per": [services[a.price.service].unit for a in applied],
    })  # fmt: skip
    return Section(
        key, title, table,
        (text("service", "Service"), text("habitat", "Habitat or class"), text("flow_year", "Year of the flow"),
         *_figures(), text("basis", "Basis"), text("net_of", "Net of"), Column("price_year", "Price year", "", "year"),
         plain("index_from", "GDP deflator of the price year", decimals=4),
         plain("index_to", f"GDP deflator of {base}", decimals=4),
         plain("scale", "Units of the value in a unit of flow", decimals=None), text("per", "Unit of flow"),
         plain("amount", "Value of a unit of flow", view.money, "[value]*[scale]*[index_to]/[index_from]", 4),
         *(SOURCE if table["note"].any() else TOLD)),
        summary=f"{len(applied)} unit value{'' if len(applied) == 1 else 's'}, brought to {base} prices.",
        notes=(f"GDP deflator, calendar years, {DEFLATOR}, 2024 = 100.", _NOTE_RANGE,
               "Exchange values and cost-based values only; no welfare value enters the accounts."),
        group="working",
    )  # fmt: skip


def shares_section(view: View) -> Section:
    """Shares by which use is divided, in the order of the account's uses."""
    uses = view.account.uses
    table = pd.DataFrame({
        "service": [view.account.services[key].name for key in uses["service"]], "user": uses["user"].tolist(),
        "share": uses["share"].to_numpy(), **told(view.account.factors[key] for key in uses["factor"]),
    })  # fmt: skip
    return Section(
        "services_shares", "Who uses the services", table,
        (text("service", "Service"), text("user", "User"), Column("share", "Share", "", "percent", 1), *SOURCE),
        summary="Shares of each service sum to one, so that use equals supply.", group="working",
    )  # fmt: skip


def rows_section(view: View) -> Section:
    """Every row of the account: flow and value as products of cells of the tables of parameters and unit values."""
    rows, land = view.rows, view.account.land
    at = {part.factor.ref.id: place for place, part in enumerate(view.built.parameters)}
    most = max((len(ids) for ids, origin in zip(rows["factors"], rows["origin"], strict=True) if origin == "model"),
               default=0)  # fmt: skip
    number = {zone: place for place, zone in enumerate(land.zones, 1)} | {WHOLE: 0}
    names = dict(zip(land.zones, land.names, strict=True)) | {WHOLE: "Whole area"}
    table = rows[["date", "year", "zone", "service", "type", "group", "hectares", "scale", "flow", "price", "value",
                  "origin"]].assign(zone_no=rows["zone"].map(number), name=rows["zone"].map(names))  # fmt: skip
    factors = [f"factor_{n + 1}" for n in range(most)]
    cells, marks = _row_cells(view, rows, at, factors, table)
    columns = (
        text("date", "Date"), Column("year", "Year", "", "year"), Column("zone_no", "Zone number", "", "integer"),
        text("zone", "Zone code"), text("name", "Zone"), text("service", "Service"), text("type", "Ecosystem type"),
        text("group", "Habitat or class"), plain("hectares", "Area", "ha"),
        *(plain(name, f"Parameter {n}", decimals=None) for n, name in enumerate(factors, 1)),
        plain("scale", "Scale to the unit of the service", decimals=None),
        plain("flow", "Flow in the unit of the service"),
        plain("price", "Value of a unit of flow", view.money, decimals=4),
        plain("value", "Value", view.money, "[flow]*[price]"), text("origin", "Origin"),
    )  # fmt: skip
    return Section(
        "services_rows", "Products behind the services", table, columns,
        summary=f"{len(rows):,} products of hectares, parameters and unit values.",
        notes=("Flow = area x parameters x scale; a flow that was read stands as it was read, and a published value "
               "has no flow here. Zone number 0 is the whole area.",),
        cells=cells, marks=marks, group="working",
    )  # fmt: skip


def _row_cells(
    view: View, rows: pd.DataFrame, at: dict[str, int], factors: list[str], table: pd.DataFrame
) -> tuple[dict[tuple[int, str], str], dict[tuple[int, str], str]]:
    """Formulas and marks of the rows; fills the columns of parameters in `table`."""
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    held = view.account.factors
    priced = {key: place for place, key in enumerate(view.built.prices)}
    values = np.full((len(rows), len(factors)), np.nan)
    for row, (ids, origin, price) in enumerate(zip(rows["factors"], rows["origin"], rows["price_factor"], strict=True)):
        modelled = origin == "model"
        used = list(zip(factors, ids, strict=False)) if modelled else []
        for place, (name, key) in enumerate(used):
            values[row, place] = held[key].ref.value
            cells[row, name] = f"[services_parameters.value@{at[key]}]"
        if modelled:
            cells[row, "flow"] = "*".join(["[hectares]", *(f"[{name}]" for name, _ in used), "[scale]"])
        else:
            marks |= {(row, name): "[z]" for name in ("hectares", "scale")}
        marks |= {(row, name): "[z]" for name in factors[len(used) :]}
        if price in priced:
            cells[row, "price"] = f"[services_prices.amount@{priced[price]}]"
        if origin == "published":
            cells[row, "value"] = ""
    for place, name in enumerate(factors):
        table[name] = values[:, place]
    for name in ("flow", "price", "value"):
        marks |= {(int(row), name): "[x]" for row in np.flatnonzero(rows[name].isna())}
    return cells, marks
