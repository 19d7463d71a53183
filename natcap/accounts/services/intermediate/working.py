"""The working behind intermediate services: every reading with its cell, the shares of use, the unit values."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.accounts.services.account import WHOLE
from natcap.accounts.services.intermediate.balance import Balance
from natcap.accounts.services.view import plain
from natcap.accounts.services.working import TOLD, prices_section, told
from natcap.accounts.show.words import text
from natcap.core.report import Column, Section

__all__ = ["working_sections"]


def working_sections(balance: Balance) -> Iterator[tuple[int, Section]]:
    """Readings, shares and, where there are any, unit values, each with the number of its sheet."""
    yield 5, _rows(balance)
    yield 6, _shares(balance)
    if balance.made.prices:
        yield 7, prices_section(balance.view, balance.account.services, balance.made.prices,
                                "intermediate_prices", "Unit values of intermediate services")  # fmt: skip


def _rows(balance: Balance) -> Section:
    rows, land = balance.account.rows, balance.view.account.land
    names = dict(zip(land.zones, land.names, strict=True)) | {WHOLE: "Whole area"}
    factors = [balance.account.factors[ids[0]] for ids in rows["factors"]]
    held, kept = told(factors), ["date", "year", "zone", "service", "type", "flow", "price", "value"]
    table = pd.DataFrame({
        **{key: rows[key] for key in kept}, **{key: held[key] for key in ("low", "high", *(c.name for c in TOLD))},
        "name": rows["zone"].map(names), "unit": [balance.account.services[key].unit for key in rows["service"]],
    })  # fmt: skip
    priced = {key: place for place, key in enumerate(balance.made.prices)}
    cells = {(row, "price"): f"[intermediate_prices.amount@{priced[key]}]"
             for row, key in enumerate(rows["price_factor"]) if key}  # fmt: skip
    marks = {(int(row), name): "[x]" for name in ("price", "value") for row in np.flatnonzero(rows[name].isna())}
    return Section(
        "intermediate_rows", "Readings of intermediate services", table,
        (text("date", "Date"), Column("year", "Year", "", "year"), text("zone", "Zone code"), text("name", "Zone"),
         text("service", "Service"), text("type", "Ecosystem type"), plain("flow", "Flow in the unit of the service"),
         plain("low", "Low", decimals=None), plain("high", "High", decimals=None), text("unit", "Unit"),
         plain("price", "Value of a unit of flow", balance.view.money, decimals=4),
         plain("value", "Value", balance.view.money, "[flow]*[price]"), *TOLD),
        summary=f"{len(rows):,} readings make the supply of intermediate services.", cells=cells, marks=marks,
        group="working",
    )  # fmt: skip


def _shares(balance: Balance) -> Section:
    """Shares by which use is divided, in the order of the uses of the account."""
    uses, services = balance.account.uses, balance.account.services
    factors = [balance.account.factors[key] for key in uses["factor"]]
    held = told(factors)
    table = pd.DataFrame({
        "service": [services[key].name for key in uses["service"]],
        "user": [balance.names[key] for key in uses["user"]], "share": uses["share"],
        **{column.name: held[column.name] for column in TOLD},
    })  # fmt: skip
    return Section(
        "intermediate_shares", "Ecosystem types that use intermediate services", table,
        (text("service", "Service"), text("user", "Ecosystem type that uses it"),
         Column("share", "Share", "", "percent", 1), *TOLD),
        summary="Shares of each service sum to one, so that use equals supply.", group="working",
    )  # fmt: skip
