"""The carbon account as a yearly flow, by pool."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.accounts.show.words import TC, number, text
from natcap.accounts.stock import C_TO_CO2
from natcap.accounts.stock_account.account import ADDED, TAKEN
from natcap.accounts.stock_account.sheets import pool_key
from natcap.accounts.stock_account.view import View
from natcap.accounts.stock_account.words import notes
from natcap.core.report import FactorRef, Section
from natcap.core.sources import source
from natcap.core.tables import load

__all__ = ["CO2", "RATIO", "Flux", "flux_of", "flux_section", "no_flux"]


def _ratio() -> FactorRef:
    (row,) = (row for row in load("gwp/mass_ratios").to_dict("records") if row["id"] == "ratio.C.CO2")
    return FactorRef("ratio.C.CO2", "Carbon dioxide by carbon, ratio of masses", C_TO_CO2, row["unit"],
                     source(row["source"]).cite(), row["locator"], row["verified"], row["note"])  # fmt: skip


RATIO = _ratio()
CO2 = "t CO2/year"
_PHYSICAL_IN = tuple(name for name in ADDED if name != "reappraisal_up")
_PHYSICAL_OUT = tuple(name for name in TAKEN if name != "reappraisal_down")


@dataclass(frozen=True)
class Flux:
    """By pool: the change that happened on the ground (t C over the span), and by year in t CO2, taken up positive."""

    change: np.ndarray
    yearly: np.ndarray

    @property
    def total(self) -> float:
        return float(self.yearly.sum())


def flux_of(view: View) -> Flux:
    """The yearly flux; reappraisals are no flow and are left out."""
    account = view.account
    change = (account.side(_PHYSICAL_IN) - account.side(_PHYSICAL_OUT)).sum(axis=(0, 1))
    if view.broken:
        change = np.full_like(change, np.nan)
    return Flux(change, change / view.span * C_TO_CO2)


def flux_section(view: View, flux: Flux) -> Section:
    """Change on the ground by pool, by year, in carbon and in carbon dioxide."""
    table = pd.DataFrame({"pool": list(view.pools), "change": flux.change})
    table["years"] = view.span
    table["yearly"] = table["change"] / table["years"]
    table["ratio"] = C_TO_CO2
    table["co2"] = flux.yearly
    last = len(table)
    table.loc[last] = {"pool": "All pools", "years": view.span, "ratio": C_TO_CO2,
                       **{name: table[name].sum(min_count=1) for name in ("change", "yearly", "co2")}}  # fmt: skip
    names = ("change", "years", "yearly", "co2")
    known = not np.isnan(flux.total)
    cells = {(last, "change"): "SUM({change})"} if known else {}
    if known:
        parts = {"+": _PHYSICAL_IN, "-": _PHYSICAL_OUT}
        at = {
            "managed_expansion": 1,
            "unmanaged_expansion": 2,
            "growth": 3,
            "conversion": 6,
            "harvest": 7,
            "disturbance": 8,
        }
        for row, pool in enumerate(view.pools):
            sums = [f"SUM({','.join(f'[carbon_account.{pool_key(pool)}@{at[n]}]' for n in parts[s])})" for s in "+-"]
            cells[row, "change"] = "-".join(sums)
    way = "took up" if flux.total > 0 else "gave off"
    said = f"Land {way} {abs(flux.total):,.0f} t CO2 a year by change of stock." if known else no_flux(view)
    marks = {(int(row), n): "[x]" for n in names for row in np.flatnonzero(table[n].isna())}
    return Section(
        "carbon_flux", "Carbon taken up or given off by year", table,
        (
            text("pool", "Pool"), number("change", "Change on the ground over the span", TC),
            number("years", "Years", "year", decimals=0),
            number("yearly", "Change by year", "t C/year", "[change]/[years]"),
            number("ratio", "Carbon dioxide by carbon", "t CO2/t C", decimals=4),
            number("co2", "Taken up (+) or given off (-) by year", CO2, "[yearly]*[ratio]"),
        ),
        summary=said, notes=(*notes(view), "Reappraisals are no flow and are left out. Carbon to carbon dioxide: "
                                         f"{RATIO.locator} (factors/gwp/mass_ratios.csv)."),
        total_rows=(last,), cells=cells, marks=marks,
    )  # fmt: skip


def no_flux(view: View) -> str:
    """Why there is no flow by year."""
    return (
        "No yearly flow: the series breaks between the dates."
        if view.broken
        else "No yearly flow: opening_year and closing_year are not given."
    )
