"""The stock to every depth of soil that there are figures for, one beside the other and never added."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.accounts.classes import ClassList
from natcap.accounts.densities import library_densities
from natcap.accounts.show.words import TC, amount, number, text
from natcap.accounts.stock import Densities
from natcap.accounts.stock_account.path import kind_of_pool
from natcap.accounts.stock_account.view import View
from natcap.accounts.stock_account.words import BANNER
from natcap.core.report import Section

__all__ = ["DEPTHS", "depth_section"]

DEPTHS: tuple[int, ...] = (15, 30, 100)


def depth_section(view: View, classes: ClassList) -> Section:
    """Stock by pool and depth, once settled: one row for each depth; a class without a figure leaves the row open."""
    rows = [row for n, pool in enumerate(view.pools) for row in _rows(view, classes, n, pool)]
    table = pd.DataFrame(rows, columns=["pool", "depth", "opening", "closing", "used", "missing"])
    table["change"] = table["closing"] - table["opening"]
    marks = {(int(row), name): "[x]" for name in ("opening", "closing", "change")
             for row in np.flatnonzero(table[name].isna())}  # fmt: skip
    soil = table[table["depth"] != "not applicable"].dropna(subset=["closing"])
    told = "; ".join(f"{row['depth']}: {amount(row['closing'], TC)}" for row in soil.to_dict("records"))
    return Section(
        "carbon_depths", "Carbon stock by pool and depth of soil, once settled", table,
        (
            text("pool", "Pool"), text("depth", "Depth of soil"),
            number("opening", f"Stock {view.setting.years[0]}", TC),
            number("closing", f"Stock {view.setting.years[1]}", TC),
            number("change", "Change", TC, "[closing]-[opening]"),
            text("used", "In the account"), text("missing", "Classes without a density"),
        ),
        summary=f"Soil carbon, {told}. The rows overlap and are never added." if told else "No soil carbon.",
        notes=((BANNER,) if view.recalled else ()) + (
            "The carbon to 100 cm holds that to 30 cm: rows of soil are the same soil seen to another depth.",
        ),
        marks=marks,
    )  # fmt: skip


def _rows(view: View, classes: ClassList, place: int, pool: str) -> list[tuple[str, str, float, float, str, str]]:
    if kind_of_pool(pool) != "soil":
        return [(pool, "not applicable", *_stock(view, view.densities.value[:, place]), "yes", "")]
    own = view.densities.depth_cm
    mine = (pool, f"0-{own} cm" if own else "not stated", *_stock(view, view.densities.value[:, place]), "yes", "")
    if view.densities.verified == "user":
        return [mine]
    found = []
    for depth in sorted({*DEPTHS, own}):
        found.append(mine if depth == own else _other(view, library_densities(classes, depth), pool, depth))
    return found


def _other(view: View, other: Densities, pool: str, depth: int) -> tuple[str, str, float, float, str, str]:
    lacking = [c.name for c in view.classes if c.code not in other.codes]
    if lacking:
        return pool, f"0-{depth} cm", float("nan"), float("nan"), "no", ", ".join(lacking)
    value = other.pick([c.code for c in view.classes]).value[:, other.pools.index(pool)]
    return pool, f"0-{depth} cm", *_stock(view, value), "no", ""


def _stock(view: View, value: np.ndarray) -> tuple[float, float]:
    """t C at the opening and the closing of all zones."""
    total = view.area.sum(axis=0)
    return float(total.sum(axis=1)[1:] @ value), float(total.sum(axis=0)[1:] @ value)
