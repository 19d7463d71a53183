"""Discount factors year by year as a table that a reader can follow: the working behind every present value."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.schedules import Option
from natcap.core.money import Timing, discount_factors
from natcap.core.report import Column, FactorRef, Section
from natcap.core.sources import source
from natcap.core.tables import load

__all__ = ["discount_table", "rates_of"]

_METHOD = (
    "DF(0) = 1 and DF(k) = DF(k - 1) / (1 + rate of year k); the mid-year factor is the root of DF(k) times DF(k + 1)."
)


def discount_table(key: str, title: str, summary: str, held: Mapping[str, Option], last: int) -> Section:
    """Rate, factor and mid-year factor of years 0 to `last` under each schedule, in columns `rate_`, `df_`, `mid_`.

    Formulas of other sections take sums over its columns. Raises MoneyError beyond the last year of a schedule.
    """
    table, columns = pd.DataFrame({"k": np.arange(last + 1)}), [Column("k", "Year k of the flow", "", "integer")]
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    for name, option in held.items():
        df = discount_factors(option.rates, last + 1, "start")
        table[f"rate_{name}"] = np.concatenate([[np.nan], df[:-1] / df[1:] - 1.0]).round(10)
        table[f"df_{name}"] = df
        table[f"mid_{name}"] = np.concatenate([np.sqrt(df[:-1] * df[1:]), [np.nan]])
        edition = f"{option.name} ({option.since})"
        columns += [
            Column(f"rate_{name}", f"Rate of the year, {edition}", "", "percent", 2),
            Column(f"df_{name}", f"Discount factor, {edition}", "", "number", 6),
            Column(f"mid_{name}", f"Mid-year factor, {edition}", "", "number", 6),
        ]
        marks[0, f"rate_{name}"] = marks[last, f"mid_{name}"] = "[z]"
        cells |= {(k, f"df_{name}"): f"[df_{name}@{k - 1}]/(1+[rate_{name}])" for k in range(1, last + 1)}
        cells |= {(k, f"mid_{name}"): f"SQRT([df_{name}]*[df_{name}@{k + 1}])" for k in range(last)}
    return Section(
        key, title, table, tuple(columns), summary,
        (_METHOD, *(f"{o.name}: {o.ref.verified}; {o.ref.note}." for o in held.values())),
        tuple(dict.fromkeys(o.ref.source for o in held.values())), cells=cells, marks=marks, group="working",
    )  # fmt: skip


@lru_cache(maxsize=256)
def rates_of(option: Option, life: int, timing: Timing) -> tuple[FactorRef, ...]:
    """The rates by which `life` yearly flows are discounted: every band of the schedule that they touch.

    Flows from the start of year 0 on end with DF(life - 1), the others with DF(life). Nothing beyond the rate of the
    option itself where it is flat.
    """
    if not isinstance(option.rates, str):
        return ()
    table, last = load("values/discount_rates"), life - (timing == "start")
    mine = table[(table["schedule"] == option.rates) & (table["first_year"].astype(int) <= last)]
    return tuple(
        FactorRef(row["id"], f"Discount rate, {option.name}, years {row['first_year']} to {row['last_year']}",
                  float(row["value"]), row["unit"], source(row["source"]).cite(), row["locator"], row["verified"],
                  row["note"])
        for row in mine.to_dict("records")
    )  # fmt: skip
