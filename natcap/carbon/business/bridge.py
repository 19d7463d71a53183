"""The bridge between two inventories: what changed and why, in terms that sum exactly to the change.

Lines of both sides are joined by site, activity, item, scope, category and factor series. Terms are taken in a fixed
order, each valued with what the terms before it left, so that nothing is left over:

- boundary: sites that only one side has, or that were named as bought, sold or outsourced, and another owned share;
- activity: quantities of other days; error: quantities of the same days that were entered otherwise before;
- gwp: the same gas under another set of warming potentials, as far as the split by gas is published;
- factor: what remains of the change of the published factor, rows that appeared or vanished included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.core.gwp import gwp
from natcap.core.lines import gross

__all__ = ["TERMS", "Bridge", "bridge"]

TERMS: tuple[str, ...] = ("activity", "factor", "gwp", "boundary", "error")
_ENTRY = ["place", "activity", "item"]
Shares = Mapping[str, float]
_KEY = [*_ENTRY, "section", "category", "series"]
_GASES = ("CH4", "N2O")


@dataclass(frozen=True)
class Bridge:
    """One row per joined key (`what` is the activity): old, new (kg CO2e), and the five terms.

    `unsplit` is the part of the factor term, in kg, where the warming potentials changed but no split by gas is
    published: it cannot be told apart.
    """

    table: pd.DataFrame
    unsplit: float

    @property
    def old(self) -> float:
        return float(self.table["old"].sum())

    @property
    def new(self) -> float:
        return float(self.table["new"].sum())

    def terms(self) -> dict[str, float]:
        """Kilograms CO2e of each term; their sum is `new` - `old`."""
        return {name: float(self.table[name].sum()) for name in TERMS}

    def by(self, key: str) -> pd.DataFrame:
        """Old, new and terms summed by a column of the table."""
        return self.table.groupby(key, sort=True)[["old", "new", *TERMS]].sum().reset_index()


def bridge(
    old: pd.DataFrame, new: pd.DataFrame, same_period: bool, moved: Iterable[str] = (), owned: bool = False,
    shares: tuple[Shares, Shares] = ({}, {}),
) -> Bridge:  # fmt: skip
    """Explain the change from the old lines to the new ones (scope 1, 2 by location and 3).

    `same_period`: both sides are about the same days, so that another quantity is a corrected error. `moved`: sites
    that came or went by a structural change. `owned`: the boundary itself was drawn otherwise (equity share), so that
    another quantity is boundary. `shares` are the owned shares of both sides by site, 1 where none is given: what
    another share alone changes is boundary, at the activity and the factors of before.
    """
    one, two = _summed(old), _summed(new)
    joined = one.merge(two, on=_KEY, how="outer", suffixes=("_old", "_new"), validate="one_to_one", indicator=True)
    gone, come = set(moved), _entries(one, two)
    quantity = "boundary" if owned else "error" if same_period else "activity"
    terms = {name: np.zeros(len(joined)) for name in TERMS}
    both = (joined["_merge"] == "both").to_numpy() & (joined["q_old"] != 0).to_numpy()
    held = tuple(joined["place"].map(side).fillna(1.0).to_numpy("float64") for side in shares)
    both &= held[0] != 0
    unsplit = _both(joined, both, quantity, terms, (held[1] / np.where(held[0] != 0, held[0], 1.0))[both])
    kg = joined[["kg_old", "kg_new"]].fillna(0.0)
    change = (kg["kg_new"] - kg["kg_old"]).to_numpy()
    for row in np.flatnonzero(~both):
        none = (held[0][row] == 0) != (held[1][row] == 0)
        terms["boundary" if none else _reason(joined.iloc[row], gone, come, quantity)][row] = change[row]
    named = joined[_KEY].rename(columns={"activity": "what"})
    return Bridge(named.assign(old=kg["kg_old"], new=kg["kg_new"], **terms), unsplit)


def _summed(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines by key: quantity in the factor's unit, kg CO2e, its gases (missing where any line has none), GWP set."""
    counted = gross(lines)
    frame = pd.DataFrame({name: counted[name].astype("str") for name in (*_ENTRY, "section", "category")})
    frame["series"] = counted["factor_id"].astype("str").str.split("/", n=2).str[-1]
    frame["q"], frame["kg"] = counted["factor_quantity"].astype("float64"), counted["kg_co2e"].astype("float64")
    frame["CH4"], frame["N2O"] = counted["kg_ch4"].astype("float64"), counted["kg_n2o"].astype("float64")
    frame["set"] = counted["gwp_set"].astype("str")
    grouped = frame.groupby(_KEY, sort=True)
    sums = grouped[["q", "kg"]].sum()
    for gas in _GASES:
        sums[gas] = grouped[gas].sum(min_count=1).where(grouped[gas].count() == grouped.size())
    sums["set"] = grouped["set"].agg(lambda sets: sets.iloc[0] if sets.nunique() == 1 else "mixed")
    return sums.reset_index()


def _entries(one: pd.DataFrame, two: pd.DataFrame) -> tuple[set[tuple[str, ...]], set[str]]:
    """(entries on both sides, sites on both sides)."""
    entries = [set(frame[_ENTRY].itertuples(index=False, name=None)) for frame in (one, two)]
    return entries[0] & entries[1], set(one["place"]) & set(two["place"])


def _reason(row: pd.Series, moved: set[str], shared: tuple[set[tuple[str, ...]], set[str]], quantity: str) -> str:
    """The term of a key that only one side has (or that had no quantity before)."""
    entries, places = shared
    if row["place"] in moved or row["place"] not in places:
        return "boundary"
    if tuple(row[_ENTRY]) in entries and row["_merge"] != "both":
        return "factor"
    return quantity


def _both(
    joined: pd.DataFrame, both: np.ndarray, quantity: str, terms: dict[str, np.ndarray], share: np.ndarray
) -> float:
    """Fill the terms of keys that both sides have; return the kg that could not be split by gas.

    `share` is the owned share of the new side over that of the old, for each of those keys.
    """
    q_old, q_new, kg_old, kg_new = (joined[n].to_numpy("float64")[both] for n in ("q_old", "q_new", "kg_old", "kg_new"))
    factor = kg_old / q_old
    other, known = _revalued(joined[both], factor, q_old)
    gas = (joined["category"] == "Refrigerants and process gases").to_numpy()[both]
    changed = (joined["set_old"] != joined["set_new"]).to_numpy()[both]
    # A refrigerant's factor is its warming potential and nothing else.
    other = np.where(gas & changed & (q_new != 0), np.divide(kg_new, q_new, where=q_new != 0, out=other.copy()), other)
    terms["boundary"][both] = q_old * (share - 1) * factor
    terms[quantity][both] += (q_new - q_old * share) * factor
    terms["gwp"][both] = q_new * (other - factor)
    terms["factor"][both] = kg_new - q_new * other
    lost = changed & ~known & ~gas
    return float(np.abs(terms["factor"][both][lost]).sum())


def _revalued(rows: pd.DataFrame, factor: np.ndarray, quantity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(old factor under the new GWP set, where that is known). CH4 and N2O are scaled, CO2 stays."""
    out, known = factor.copy(), np.zeros(len(rows), dtype=bool)
    sets = rows[["set_old", "set_new"]]
    for before, after in sets.drop_duplicates().itertuples(index=False, name=None):
        if before == after or not _is_set(before) or not _is_set(after):
            continue
        here = ((sets["set_old"] == before) & (sets["set_new"] == after)).to_numpy()
        split = here & rows[["CH4_old", "N2O_old"]].notna().all(axis=1).to_numpy()
        for name in _GASES:
            ratio = gwp(name, after).value / gwp(name, before).value
            out[split] += rows[f"{name}_old"].to_numpy("float64")[split] / quantity[split] * (ratio - 1)
        known |= split
    return out, known


def _is_set(name: str) -> bool:
    return name in ("SAR", "AR4", "AR5", "AR6")
