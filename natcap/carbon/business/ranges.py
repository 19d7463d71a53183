"""Ranges of totals: quality of quantities and factors as distributions, drawn together (Monte Carlo, seeded).

A line is a quantity times a factor. Each series of entries has one draw of its quantity and each factor one draw,
shared by all that use it, whatever the heading. A factor with a range of its own (a printed bound, a user's low and
high) keeps that; every other takes the half range r of its grade, from value / (1 + r) to value x (1 + r), read as
5th to 95th percentile and lognormal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from natcap.core import tables
from natcap.core.lines import MARKET
from natcap.core.report import FactorRef
from natcap.core.sources import source
from natcap.core.uncertainty import Draws, Summary, distribution, summary

__all__ = ["DRAWS", "Ranges", "half_range", "qualities", "ranges_of"]

Floats = NDArray[np.float64]
DRAWS = 4_000
_MOST_SERIES = 1_000


@dataclass(frozen=True)
class Ranges:
    """5th, 50th and 95th percentile in kg CO2e by (section, category); ("", "") is the total by location, and a
    section with an empty category its sum. `refs` are the grades used, `said` what was simplified."""

    found: Mapping[tuple[str, str], Summary]
    refs: tuple[FactorRef, ...]
    said: str = ""


@lru_cache(maxsize=1)
def qualities() -> dict[str, dict[str, FactorRef]]:
    """Half ranges by what they are for ("activity", "factor") and key, with source and state."""
    found: dict[str, dict[str, FactorRef]] = {}
    for row in tables.load("business/quality").to_dict("records"):
        found.setdefault(str(row["what"]), {})[str(row["key"])] = FactorRef(
            row["id"], row["parameter"], float(row["value"]), row["unit"], source(row["source"]).cite(),
            row["locator"], row["verified"], row["note"],
        )  # fmt: skip
    return found


def half_range(what: str, key: str) -> FactorRef:
    """The half range of an activity status, or of a factor id (by the longest beginning of its series)."""
    known = qualities()[what]
    if what == "activity":
        return known.get(key, known[""])
    series = key if key.startswith("user:") else key.split("/", 2)[-1]
    best = max((begin for begin in known if series.startswith(begin)), key=len)
    return known[best]


def ranges_of(lines: pd.DataFrame, seed: int, n: int = DRAWS) -> Ranges:
    """Ranges of every heading of a lines table. A line without emissions adds nothing."""
    table, said = _grouped(lines)
    if table.empty:
        return Ranges({}, ())
    draws = Draws(seed, n)
    activity = {str(key): half_range("activity", str(key)) for key in table["tier"].unique()}
    factor = {str(key): half_range("factor", str(key)) for key in table["factor_id"].unique()}
    series = table["series"].unique()
    grade = dict(zip(table["series"], table["tier"], strict=True))
    drawn = np.vstack([_draw(draws, f"quantity:{name}", activity[grade[name]].value) for name in series])
    at = {name: place for place, name in enumerate(series)}
    totals: dict[tuple[str, str], Floats] = {}
    for (section, category, key), part in table.groupby(["section", "category", "factor_id"], sort=True):
        quantity = part["kg"].to_numpy() @ drawn[[at[name] for name in part["series"]]]
        made = quantity * _factor(draws, str(key), part, factor[str(key)].value)
        for head in _heads(str(section), str(category)):
            totals[head] = totals.get(head, np.zeros(n)) + made
    refs = {ref.id: ref for ref in (*activity.values(), *factor.values())}
    return Ranges({head: summary(values) for head, values in totals.items()}, tuple(refs.values()), said)


def _heads(section: str, category: str) -> tuple[tuple[str, str], ...]:
    """The headings a line counts under. Market-based lines are in no total by location."""
    whole = section.startswith("Scope") and section != MARKET
    return ((section, category), (section, ""), *((("", ""),) if whole else ()))


def _grouped(lines: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Sums by series of entries, factor and heading: section, category, factor_id, tier, series, kg, low, high."""
    where, said = ["place", "item", "activity"], ""
    if len(lines[where].drop_duplicates()) > _MOST_SERIES:
        where, said = ["activity"], f"More than {_MOST_SERIES:,} meters: quantities of one activity vary together."
    keys = ["section", "category", "factor_id", "tier", *where]
    used = lines[lines["kg_co2e"].to_numpy() != 0]
    sums = used.groupby(keys, observed=True, dropna=False, sort=True)[["kg_co2e", "low", "high"]]
    table = sums.sum(min_count=1).reset_index().rename(columns={"kg_co2e": "kg"})
    for name in keys:
        table[name] = table[name].astype("str")
    table["series"] = table[["tier", *where]].agg("|".join, axis=1) if len(table) else ""
    return table, said


def _draw(draws: Draws, key: str, half: float) -> Floats:
    """Draws around 1 with a half range."""
    return draws.draw(key, distribution(1.0, 1 / (1 + half), 1 + half))


def _factor(draws: Draws, key: str, part: pd.DataFrame, half: float) -> Floats:
    """Draws of a factor around 1: its own range where the lines carry one, else that of its grade."""
    low, kg, high = (float(part[name].sum(min_count=len(part))) for name in ("low", "kg", "high"))
    if np.isnan(low) or np.isnan(high) or kg == 0:
        return _draw(draws, key, half)
    ends = sorted((low / kg, high / kg))
    return draws.draw(key, distribution(1.0, min(ends[0], 1.0), max(ends[1], 1.0)))
