"""Use of services by economic unit, in physical terms (sheet 6) and in money (sheet 8): supply divided by shares."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.accounts.services.ground import DATES
from natcap.accounts.services.library import economic_units
from natcap.accounts.services.supply import figure_cells
from natcap.accounts.services.view import RECALLED_BANNER, View, plain, worth
from natcap.accounts.show.words import pounds, text
from natcap.core.report import Column, Section

__all__ = ["allocated", "use_section"]

_NOTE_Z = "[z]: not a user of this service. [x]: the flow, or its value, is not available."


def allocated(view: View, lines: pd.DataFrame, column: str) -> pd.DataFrame:
    """Use by line (same index) and user: supply times share; NaN where the supply is missing or there is no share."""
    supply = np.array(view.total(lines, column))
    shares = view.account.uses.pivot(index="service", columns="user", values="share").reindex(columns=view.users)
    found: pd.DataFrame = shares.reindex(lines["service"]).set_axis(lines.index).mul(supply, axis=0)
    return found


def use_section(view: View, money: bool) -> Section:
    """The use table, with supply and the difference beside it."""
    column, supply = ("value", "services_money_supply") if money else ("flow", "services_physical_supply")
    lines = view.lines(abiotic=False if money else None)
    used = allocated(view, lines, column)
    table = pd.concat([lines, used], axis=1).assign(total=used.sum(axis=1, min_count=1),
                                                    supply=view.total(lines, column))  # fmt: skip
    table["difference"] = table["supply"] - table["total"]
    table["confidence"] = view.with_shares(lines)
    cells, marks = _cells(view, lines, supply)
    total_rows: tuple[int, ...] = ()
    if money:
        total_rows = _totals(view, table, cells)
    names = [*view.users, "total", "supply", "difference"]
    marks |= {(int(row), name): "[x]" for name in names for row in np.flatnonzero(table[name].isna())
              if (int(row), name) not in marks}  # fmt: skip
    unit, make = (view.money, worth) if money else ("", plain)
    units = economic_units()
    columns = [text("name", "Service"), text("section", "Section"), text("date", "Date"),
               Column("year", "Year of the flow", "", "year")]  # fmt: skip
    columns += [] if money else [text("unit", "Unit of the flow")]
    columns += [make(key, units[key], unit) for key in view.users]
    columns += [
        make("total", "Total use", unit, f"SUM([{view.users[0]}]:[{view.users[-1]}])"),
        make("supply", "Total supply", unit),
        make("difference", "Supply less use", unit, "[supply]-[total]"),
        text("confidence", "Confidence"),
    ]
    return Section(
        "services_money_use" if money else "services_physical_use",
        f"Use of ecosystem services in {'money' if money else 'physical terms'}", table, tuple(columns),
        summary=_finding(view, table) if money else "Use equals supply for every service.",
        notes=(*([RECALLED_BANNER] if view.recalled else []), _NOTE_Z,
               "Users and their shares are on the worksheet of shares; those of the library are judged."),
        total_rows=total_rows, cells=cells, marks=marks,
        figures=figure_cells(lines, "value" if money else "flow", "supply"),
    )  # fmt: skip


def _cells(
    view: View, lines: pd.DataFrame, supply: str
) -> tuple[dict[tuple[int, str], str], dict[tuple[int, str], str]]:
    """Formulas of uses and supply; lines stand in the order of the supply table."""
    cells, marks = {}, {}
    for row, key in enumerate(lines["service"]):
        shares = dict(zip(*(view.used(key)[name] for name in ("user", "at")), strict=True))
        for user in view.users:
            if user in shares:
                cells[row, user] = f"[{supply}.total@{row}]*[services_shares.share@{shares[user]}]"
            else:
                marks[row, user] = "[z]"
        cells[row, "supply"] = f"[{supply}.total@{row}]"
    return cells, marks


def _totals(view: View, table: pd.DataFrame, cells: dict[tuple[int, str], str]) -> tuple[int, ...]:
    """Add a row of sums for each date."""
    last, names = len(table), [*view.users, "total", "supply", "difference"]
    for row, date in enumerate(DATES, last):
        mine = table.index[:last][(table["date"].iloc[:last] == date).to_numpy()]
        table.loc[row] = {"service": "total", "date": date, "name": "All ecosystem services", "section": "all",
                          "unit": "", "year": view.year(date), "confidence": view.weakest(table.iloc[:last], date),
                          **{name: table.loc[mine, name].sum(min_count=1) for name in names}}  # fmt: skip
        cells |= {(row, name): f'SUMIFS({{{name}}},{{date}},"{date}")' for name in names}
    return (last, last + 1)


def _finding(view: View, table: pd.DataFrame) -> str:
    row = table.iloc[-1]
    held = {user: float(row[user]) for user in view.users if row[user] == row[user]}
    if not held:
        return "No use has a value at the closing."
    most = max(held, key=lambda user: held[user])
    total = pounds(float(row["total"]))
    return f"{economic_units()[most]} used most: {pounds(held[most])} of {total} a year at the closing."
