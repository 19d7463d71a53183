"""From flows and duties to the balance sheet, the way there from the previous one, and the income statement.

Assets are present values of flows, liabilities minus those of maintenance costs, net = assets + liabilities (BS
8632:2021, METHODS of the accounts A8). What is not stated stays missing; a sum is one of what is stated.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.unit_values import carbon_path
from natcap.accounts.classes import slug
from natcap.accounts.organisation_account.given import OrganisationInput
from natcap.accounts.organisation_account.model import ENTRIES, PARTS, SIDES
from natcap.accounts.organisation_account.worth import window, worth
from natcap.accounts.show.words import zone_keys
from natcap.core.money import MoneyError

__all__ = ["COLUMNS", "STEPS", "OrganisationAccount", "organisation_account", "stated"]

COLUMNS: tuple[str, ...] = (*SIDES, "total")
STEPS: Mapping[str, str] = {
    "opening": "Closing of the previous account, as published",
    "price_level": "Change of the price year",
    "addition": "Additions",
    "disposal": "Disposals",
    "revaluation": "Revaluations",
    "time": "Consumption and unwinding: the passage of time",
    "residual": "Not explained by the rows above",
    "closing": "Closing of this account",
}
"""Rows of the way from one balance sheet to the next."""


@dataclass(frozen=True)
class OrganisationAccount:
    """`flows`, `duties`: the input with `offset`, `years`, `factor`, `price` (in the account's prices), `value` (GBP).

    Of those counted, `other` is the value by the schedule shown beside, `then` that seen from the previous account's
    year, `time` what time changed (0 for an asset that was added); `quantity` and `year_price` those of the reporting
    year. `balance`: by row (id `key`) and column. `steps`: by row of STEPS, columns such as `assets_private` and `net`
    (empty without a previous account). `items`: lines of the income statement; `income`: by entry.
    """

    flows: pd.DataFrame
    duties: pd.DataFrame
    habitats: Mapping[str, str]
    balance: pd.DataFrame
    steps: pd.DataFrame
    items: pd.DataFrame
    income: pd.DataFrame
    carbon_price: float

    def at(self, key: str, column: str) -> float:
        """One cell of the balance sheet; NaN where nothing is stated."""
        return float(self.balance.loc[self.balance["key"] == key, column].iloc[0])


def stated(values: Iterable[float]) -> float:
    """The sum of what is stated; NaN where nothing is."""
    known = [value for value in values if not math.isnan(value)]
    return math.fsum(known) if known else math.nan


def organisation_account(given: OrganisationInput) -> OrganisationAccount:
    """The whole account. Raises MoneyError only where reading let a year pass that no table holds."""
    habitats = _habitats(given)
    price = _carbon_price(given)
    flows = _worked(given, given.flows, "flow", given.flows["unit_value"])
    flows["habitat"] = flows["asset"].map(dict(zip(given.assets["asset"], given.assets["habitat"], strict=True)))
    flows["habitat_key"] = flows["habitat"].map(habitats).astype("str")
    flows["quantity"] = flows["actual"].where(flows["actual"].notna(), flows["flow"].where(_at_work(given, flows)))
    flows["year_price"] = flows["price"].mask(flows["carbon"], price)
    duties = _worked(given, given.maintenance, "cost", pd.Series(-1.0, index=given.maintenance.index))
    spent = duties["spent"].where(duties["spent"].notna(), duties["cost"].where(_at_work(given, duties)))
    duties = duties.assign(quantity=-spent, year_price=duties["scale"])
    balance = _balance(flows, duties, habitats)
    items = _items(given, flows, duties, price)
    return OrganisationAccount(
        flows, duties, habitats, balance, _steps(given, flows, duties, balance), items, _income(items), price
    )


def _habitats(given: OrganisationInput) -> Mapping[str, str]:
    names = list(dict.fromkeys(given.assets["habitat"]))
    return dict(zip(names, zone_keys([slug(name) for name in names]), strict=True))


def _carbon_price(given: OrganisationInput) -> float:
    """The carbon value of the reporting year in the prices of the account; NaN where nothing asks for one."""
    terms = given.terms
    if given.emissions is None and not given.flows["carbon"].any():
        return math.nan
    try:
        return float(carbon_path(terms.year, 1, terms.choices.level, terms.price_year, terms.choices.held)[0])
    except MoneyError:
        return math.nan


def _worked(given: OrganisationInput, table: pd.DataFrame, amount: str, prices: pd.Series) -> pd.DataFrame:
    """The table with what a unit is worth and what the row is worth, from this year and from the previous one."""
    terms, rows = given.terms, table.to_dict("records")
    views = (("", terms.year, terms), ("then_", terms.previous, terms), ("other_", terms.year, terms.other))
    columns: dict[str, list[float]] = {
        lead + name: [] for lead, _, _ in views for name in ("offset", "years", "factor")
    }
    for row in rows:
        health, carbon = bool(row.get("health", False)), bool(row.get("carbon", False))
        for lead, year, by in views:
            if year is None or by is None or not row.get("valued", True):
                found = (math.nan, math.nan, math.nan)
            else:
                made = worth(row["start"], row["life"], health, carbon, year, by)
                found = (made.offset, made.years, made.factor)
            for name, value in zip(("offset", "years", "factor"), found, strict=True):
                columns[lead + name].append(float(value))
    made_table = table.assign(**{name: np.array(values, dtype=float) for name, values in columns.items()})
    carbon_rows = _flag(table, "carbon")
    made_table["price"] = np.where(carbon_rows, 1.0, prices.to_numpy(dtype=float) * table["scale"].to_numpy(float))
    size = table[amount].to_numpy(dtype=float) * made_table["price"].to_numpy()
    made_table["value"] = size * made_table["factor"].to_numpy()
    made_table["other"] = size * made_table["other_factor"].to_numpy()
    made_table["then"] = size * made_table["then_factor"].to_numpy()
    held = given.movements
    added = set(held.loc[held["move"] == "addition", "asset"]) - {""}
    made_table["added"] = table["asset"].isin(added).to_numpy()
    made_table["time"] = np.where(made_table["added"], 0.0, made_table["value"] - made_table["then"])
    return made_table


def _flag(table: pd.DataFrame, name: str) -> np.ndarray:
    return table[name].to_numpy(dtype=bool) if name in table else np.zeros(len(table), dtype=bool)


def _at_work(given: OrganisationInput, table: pd.DataFrame) -> np.ndarray:
    """Whether a row's years hold the reporting year, shape (rows,)."""
    spans = [window(s, n, given.terms.year) for s, n in zip(table["start"], table["life"], strict=True)]
    return np.array([offset == 0 and years > 0 for offset, years in spans], dtype=bool)


def _balance(flows: pd.DataFrame, duties: pd.DataFrame, habitats: Mapping[str, str]) -> pd.DataFrame:
    counted = flows[flows["counted"]]
    legal = duties["duty"] != "constructive"
    parts: list[tuple[str, str, pd.DataFrame]] = [
        (f"habitat.{key}", name, counted[counted["habitat_key"] == key]) for name, key in habitats.items()
    ]
    parts += [
        ("assets", "Gross asset value", counted),
        ("legal", "Maintenance provisions, legal and contractual", duties[legal]),
        ("other", "Maintenance provisions, other (constructive)", duties[~legal]),
        ("liabilities", "Maintenance liabilities", duties),
    ]
    rows: list[dict[str, Any]] = []
    for key, label, part in parts:
        sides = {side: stated(part.loc[part["column"] == side, "value"]) for side in SIDES}
        rows.append({"key": key, "label": label, **sides, "total": stated(sides.values())})
    net = {side: stated(float(row[side]) for row in rows if row["key"] in PARTS) for side in SIDES}
    rows.append({"key": "net", "label": "Net natural capital", **net, "total": stated(net.values())})
    return pd.DataFrame(rows)


def _steps(given: OrganisationInput, flows: pd.DataFrame, duties: pd.DataFrame, balance: pd.DataFrame) -> pd.DataFrame:
    names = [f"{part}_{side}" for part in PARTS for side in SIDES]
    if given.terms.previous is None:
        return pd.DataFrame(columns=["key", "label", *names, "net"])
    columns: dict[str, list[float]] = {}
    for part in PARTS:
        for side in SIDES:
            row = _one(given.previous, part, side).iloc[0]
            moves = _one(given.movements, part, side)
            table = flows[flows["counted"]] if part == "assets" else duties
            steps = [row["amount"], row["amount"] * (row["scale"] - 1.0)]
            for move in ("addition", "disposal", "revaluation"):
                mine = moves[moves["move"] == move]
                steps.append(math.fsum(mine["change"] * mine["scale"]))
            steps.append(math.fsum(table.loc[table["column"] == side, "time"]))
            end = stated((float(balance.loc[balance["key"] == part, side].iloc[0]), 0.0))
            columns[f"{part}_{side}"] = [*steps, end - math.fsum(steps), end]
    table = pd.DataFrame({"key": list(STEPS), "label": list(STEPS.values()), **columns})
    return table.assign(net=[math.fsum(values) for values in zip(*(columns[name] for name in names), strict=True)])


def _one(table: pd.DataFrame, part: str, side: str) -> pd.DataFrame:
    return table[(table["part"] == part) & (table["column"] == side)]


def _items(given: OrganisationInput, flows: pd.DataFrame, duties: pd.DataFrame, price: float) -> pd.DataFrame:
    """Lines of the income statement: value = quantity (of the year) times price; `at` is the row in `origin`."""
    lines: list[dict[str, object]] = []
    for origin, table, name in (("flows", flows, "service"), ("duties", duties, "work")):
        for at, row in enumerate(table.to_dict("records")):
            if not math.isnan(row["quantity"] * row["year_price"]):
                unit = row["unit"] if origin == "flows" else "GBP"
                lines.append(_line(row, _entry(row, origin), row[name], origin, at, row["quantity"], row["year_price"],
                                   unit))  # fmt: skip
    for at, row in enumerate(given.income.to_dict("records")):
        lines.append(_line(row, row["entry"], row["item"], "income", at, row["amount"], row["scale"], "GBP"))
    if given.emissions is not None:
        row = {"asset": "", "column": "external", "kind": "exchange"}
        lines.append(_line(row, "emissions", given.emissions.label, "emissions", 0, -given.emissions.tonnes, price,
                           "t CO2e"))  # fmt: skip
    names = ["entry", "item", "asset", "column", "kind", "origin", "at", "quantity", "unit", "price"]
    table = pd.DataFrame(lines, columns=names)
    return table.assign(value=table["quantity"].astype(float) * table["price"].astype(float))


def _line(row: Mapping[Hashable, Any], entry: str, item: str, origin: str, at: int, quantity: float, price: float,
          unit: str) -> dict[str, object]:  # fmt: skip
    return {"entry": entry, "item": item, "asset": row["asset"], "column": row["column"],
            "kind": row.get("kind", "exchange"), "origin": origin, "at": at, "quantity": quantity, "unit": unit,
            "price": price}  # fmt: skip


def _entry(row: Mapping[Hashable, Any], origin: str) -> str:
    if origin == "duties":
        return "maintenance"
    if row["carbon"]:
        return "removal" if row["quantity"] >= 0 else "emissions"
    return "service"


def _income(items: pd.DataFrame) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for entry in ENTRIES:
        part = items[(items["entry"] == entry) & items["column"].isin(SIDES)]
        if len(part):
            sides = {side: stated(part.loc[part["column"] == side, "value"]) for side in SIDES}
            rows.append({"entry": entry, **sides, "total": stated(sides.values())})
    last = {side: stated(float(row[side]) for row in rows) for side in SIDES}
    rows.append({"entry": "net", **last, "total": stated(last.values())})
    return pd.DataFrame(rows)
