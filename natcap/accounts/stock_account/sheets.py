"""Sections of the carbon account: by pool, by class, by zone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from natcap.accounts.show.words import TC, amount, number, text
from natcap.accounts.stock_account.account import ADDED, GIVEN, SIGNS, TAKEN, known_sum
from natcap.accounts.stock_account.view import View
from natcap.accounts.stock_account.words import ENTRIES, notes
from natcap.core.report import Chart, Column, Section

__all__ = ["ROWS", "account_section", "class_section", "listed_classes", "pool_key", "zone_section"]

ROWS: tuple[str, ...] = ("opening", *ADDED, "additions", *TAKEN, "reductions", "net", "closing")
"""Entries in the rows of the account by pool."""


def pool_key(pool: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", pool.casefold())


def _label(view: View, row: str) -> str:
    words = {"additions": "All additions", "reductions": "All reductions", "net": "Net balance"}
    return ENTRIES.get(row) or words.get(row) or f"{row.capitalize()} stock, {view.setting.years[row == 'closing']}"


def _by_pool(view: View) -> pd.DataFrame:
    """One row an entry, one column a pool, t C."""
    account = view.account
    rows: dict[str, np.ndarray] = {
        "opening": account.opening.sum(axis=(0, 1)),
        "closing": account.closing.sum(axis=(0, 1)),
    }
    rows |= {name: known_sum(account.entries[name], (0, 1)) for name in (*ADDED, *TAKEN)}
    rows["additions"] = account.side(ADDED).sum(axis=(0, 1))
    rows["reductions"] = account.side(TAKEN).sum(axis=(0, 1))
    rows["net"] = rows["additions"] - rows["reductions"]
    table = pd.DataFrame([rows[name] for name in ROWS], columns=[pool_key(pool) for pool in view.pools])
    table["all"] = known_sum(table.to_numpy(dtype=float), (1,))
    table.insert(0, "entry", [_label(view, name) for name in ROWS])
    return table


def _cells(view: View) -> dict[tuple[int, str], str]:
    """Formulas of the account by pool."""
    at = {name: n for n, name in enumerate(ROWS)}
    found: dict[tuple[int, str], str] = {}
    for pool in view.pools:
        key = pool_key(pool)
        found[at["opening"], key] = f'SUMIFS({{carbon_stock.opening}},{{carbon_stock.pool}},"{pool}")'
        if view.converts:
            found |= {(at[name], key): f'SUMIFS({{carbon_path.{name}}},{{carbon_path.pool}},"{pool}")'
                      for name in ("managed_expansion", "unmanaged_expansion", "conversion")}  # fmt: skip
        if not view.movements.empty:
            found |= {(at[name], key): f'SUMIFS({{carbon_movements.tonnes}},{{carbon_movements.kind}},"{name}",'
                      f'{{carbon_movements.pool}},"{pool}")' for name in GIVEN}  # fmt: skip
    for key in (*(pool_key(pool) for pool in view.pools), "all"):
        for total, parts in (("additions", ADDED), ("reductions", TAKEN)):
            found[at[total], key] = f"SUM({','.join(f'[{key}@{at[name]}]' for name in parts)})"
        found[at["net"], key] = f"[{key}@{at['additions']}]-[{key}@{at['reductions']}]"
        found[at["closing"], key] = f"[{key}@{at['opening']}]+[{key}@{at['net']}]"
    for row in ("opening", *ADDED, *TAKEN):
        found[at[row], "all"] = f"SUM({','.join(f'[{pool_key(pool)}]' for pool in view.pools)})"
    return found


def _marks(table: pd.DataFrame, names: Sequence[str]) -> dict[tuple[int, str], str]:
    return {(int(row), name): "[x]" for name in names for row in np.flatnonzero(table[name].isna())}


def _finding(view: View, change: float) -> str:
    way = "rose" if change > 0 else "fell" if change < 0 else "did not change"
    size = "" if change == 0 else f" by {amount(abs(change), TC)}"
    return f"The carbon stock {way}{size}, {view.setting.span}"


def account_section(view: View) -> Section:
    """SEEA's carbon account: entries in rows, pools in columns."""
    table = _by_pool(view)
    pools = [pool_key(pool) for pool in view.pools]
    columns = [
        text("entry", "Entry"),
        *(number(pool_key(p), p.capitalize(), TC) for p in view.pools),
        number("all", "All pools", TC),
    ]
    change = float(table["all"].iloc[ROWS.index("net")])
    title = _finding(view, change)
    given = [name for name in (*ADDED, *TAKEN) if not np.isnan(table["all"].iloc[ROWS.index(name)])]
    steps = [_label(view, name) for name in given]
    signs = np.array([SIGNS.get(name, np.nan) for name in ROWS])
    signed = table.assign(signed=signs * table["all"].to_numpy(dtype=float) + 0.0)
    columns.append(number("signed", "All pools, signed", TC))
    missing = _marks(table, (*pools, "all"))
    cells = _cells(view) | {
        (row, "signed"): f"{'-' if SIGNS[name] < 0 else ''}[all]" for row, name in enumerate(ROWS) if name in SIGNS
    }
    ends = {(row, "signed"): "[x]" if name in SIGNS else "[z]" for row, name in enumerate(ROWS)
            if name not in SIGNS or (row, "all") in missing}  # fmt: skip
    marks = missing | ends
    cells = {at: formula for at, formula in cells.items() if at not in marks}
    totals = tuple(n for n, name in enumerate(ROWS) if name in ("additions", "reductions", "net", "closing"))
    keys = {"opening": "opening", "net": "change", "closing": "closing"}
    ids = {(row, column): "total" if column == "all" else f"all.{column}" for row in (*ADDED, *TAKEN, *keys)
           for column in (*pools, "all")}  # fmt: skip
    figures = {(ROWS.index(row), column): f"carbon_account.{keys.get(row, row)}.{end}"
               for (row, column), end in ids.items() if (ROWS.index(row), column) not in missing}  # fmt: skip
    return Section(
        "carbon_account", "Carbon account by pool", signed, tuple(columns), summary=f"{title}.", notes=notes(view),
        charts=(Chart("waterfall", view.setting.mark(title), "entry", "signed", only={"entry": steps}),),
        total_rows=totals, cells=cells, marks=marks, figures=figures,
    )  # fmt: skip


def _entry_columns(carried: bool) -> list[Column]:
    plus = [number("carried_in", "Carbon on land that came from other classes", TC)] if carried else []
    minus = [number("carried_out", "Carbon on land that went to other classes", TC)] if carried else []
    added, taken = ([number(name, ENTRIES[name], TC) for name in names] for names in (ADDED, TAKEN))
    return [*plus, *added, *minus, *taken]


def _closing(view: View, columns: Sequence[Column]) -> Column:
    plus = [c.name for c in columns if SIGNS[c.name] > 0]
    minus = [c.name for c in columns if SIGNS[c.name] < 0]
    sums = [f"SUM({','.join(f'[{name}]' for name in names)})" for names in (["opening", *plus], minus)]
    return number("closing", f"Stock {view.setting.years[1]}", TC, "-".join(sums))


def _listed(view: View, section: str, title: str, heads: Mapping[str, tuple[str, Sequence[str]]], axis: tuple[int, ...],
            only: np.ndarray, summary: str) -> Section:  # fmt: skip
    """A section with one row a class or zone and one column an entry."""
    account, by_class = view.account, 0 in axis
    columns = _entry_columns(by_class)
    table = pd.DataFrame({name: np.array(values, dtype=object)[only] for name, (_, values) in heads.items()})
    table["opening"] = account.opening.sum(axis=axis)[only]
    for column in columns:
        table[column.name] = known_sum(account.entries[column.name], axis)[only]
    table["closing"] = account.closing.sum(axis=axis)[only]
    numbers = ["opening", *(c.name for c in columns), "closing"]
    last = len(table)
    names = list(heads)
    table.loc[last] = dict(zip(names, ("all", "All zones") if len(names) > 1 else ("All",), strict=True)) | {
        name: table[name].sum(min_count=1) for name in numbers
    }
    shown = [*(text(name, label) for name, (label, _) in heads.items())]
    shown += [number("opening", f"Stock {view.setting.years[0]}", TC), *columns, _closing(view, columns)]
    shown.append(number("change", "Change", TC, "[closing]-[opening]"))
    table["change"] = table["closing"] - table["opening"]
    cells = {(last, name): f"SUM({{{name}}})" for name in numbers[:-1]}
    marks = _marks(table, [c.name for c in columns])
    return Section(section, title, table, tuple(shown), summary=summary, notes=notes(view), total_rows=(last,),
                   cells={at: formula for at, formula in cells.items() if at not in marks}, marks=marks)  # fmt: skip


def listed_classes(view: View) -> list[int]:
    """Positions of the classes in the account by class: those that hold carbon, or where some came or went."""
    account = view.account
    parts = (account.opening, account.closing, *(np.nan_to_num(entry) for entry in account.entries.values()))
    found: list[int] = np.flatnonzero(sum(part.any(axis=(0, 2)) for part in parts)).tolist()
    return found


def class_section(view: View) -> Section:
    """The account by land-cover class, all pools and zones."""
    change = (view.account.closing - view.account.opening).sum(axis=(0, 2))
    used = np.array(listed_classes(view), dtype=int)
    names = [c.name for c in view.classes]
    told = "No class holds carbon."
    if len(used):
        most = int(used[np.abs(change[used]).argmax()])
        way = "gained" if change[most] > 0 else "lost"
        told = f"{names[most]} {way} most: {amount(abs(change[most]), TC)}, land that came and went included."
    return _listed(view, "carbon_account_by_class", "Carbon account by land-cover class",
                   {"item": ("Land-cover class", names)}, (0, 2), used, told)  # fmt: skip


def zone_section(view: View) -> Section:
    """The account by zone, all pools and classes."""
    net = (view.account.closing - view.account.opening).sum(axis=(1, 2))
    most = int(np.abs(net).argmax())
    way = "rose" if net[most] > 0 else "fell"
    heads = {"zone_id": ("Zone code", view.zones), "zone": ("Zone", view.names)}
    told = f"In {view.names[most]} the stock {way} by {amount(abs(net[most]), TC)}, the largest change."
    every = np.arange(len(view.zones))
    return _listed(view, "carbon_account_by_zone", "Carbon account by zone", heads, (1, 2), every, told)
