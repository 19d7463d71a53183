"""Why asset values changed: pairs of opening and closing, three effects each, and the entries of the asset account.

Effects: Shapley values of V = hectares x flow per hectare x value of a unit (METHODS of the accounts, A4). Entries are
those of the monetary ecosystem asset account (SEEA EA Table 10.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.accounts.assets_account.conversions import moved
from natcap.accounts.assets_account.rows import KEY
from natcap.accounts.assets_account.unit_values import DATES
from natcap.accounts.decomposition import decompose
from natcap.accounts.services.account import WHOLE, ServiceAccount

__all__ = [
    "APART",
    "CHANGES",
    "EFFECTS",
    "ENTRIES",
    "FLOW",
    "METHOD",
    "PER_HECTARE",
    "SAME",
    "UNVALUED",
    "VOLUME",
    "pairs_of",
]

Array = npt.NDArray[np.float64]
EFFECTS: tuple[str, ...] = ("extent", "flow", "volume", "price", "uncompared")
"""Effects of a pair: area, flow per hectare, flow that is not per hectare, value of a unit; and what does not compare,
known at one date only, or as a flow at one date and as money at the other: no change, but a step between two totals."""
CHANGES: tuple[str, ...] = (
    "enhancement", "degradation", "additions", "reductions", "catastrophic", "other_volume", "reappraisals",
    "revaluation",
)  # fmt: skip
"""Entries between opening and closing."""
ENTRIES: tuple[str, ...] = ("opening", *CHANGES, "closing")
PER_HECTARE, VOLUME, APART, UNVALUED = "per hectare", "whole flow", "not comparable", "not valued"
"""How a pair is split."""
FLOW, METHOD = "flow", "method"
"""What a change of flow per hectare is put down to: the ecosystem and its use, or another source or factor."""
SAME = 1e-12
"""Relative difference of two flows per hectare below which they are one, as quotients of floats come out."""


def pairs_of(account: ServiceAccount, rows: pd.DataFrame, broken: bool = False) -> pd.DataFrame:
    """One row for each pair: the KEY, both dates of what a value is made of, `how`, EFFECTS, ENTRIES and `change`.

    `area` is 1 for a flow that is not per hectare; `classes` the codes of its classes (none: all
    of its type); `ha_in`, `ha_out`, `ha_unseen` the hectares that came from and went to other land and (net) no data;
    `bracket` the value of a hectare that makes extent effect and conversions; `fall`
    the expected flow a year lost by the change of the flow per hectare alone, at the mean area. Catastrophic losses
    are missing: where any are recorded, they are taken out of other entries afterwards. A missing value is NaN; an
    ecosystem type of no area is worth 0. A pair that does not compare has no effects, no entries between opening and
    closing and no `change`; its step between the totals of the two dates is `uncompared`, which is 0 for the others:
    opening + entries + uncompared = closing. `broken`: the maps do not compare, so that a change of area is a
    reappraisal.
    """
    pairs = _matched(account, rows)
    known = pairs[[f"asset_{date}" for date in DATES]].notna().to_numpy()
    both, some = known.all(axis=1) & _alike(pairs), known.any(axis=1)
    pairs["how"] = np.select([both & _per_hectare(pairs), both, some], [PER_HECTARE, VOLUME, APART], UNVALUED)
    pairs["cause"] = np.where(_method_changed(pairs), METHOD, FLOW)
    _terms(pairs)
    _effects(pairs)
    counts = (pairs["how"] == PER_HECTARE).to_numpy(dtype=bool)
    pairs = pd.concat([pairs, moved(pairs, account, counts, broken)], axis=1)
    _entries(pairs)
    return pairs


def _matched(account: ServiceAccount, rows: pd.DataFrame) -> pd.DataFrame:
    names = ["row", "basis", "hectares", "expected", "per_unit", "asset", "origin", "factors", "price_factor",
             "classes"]  # fmt: skip
    sides = []
    for date in DATES:
        side = rows[rows["date"] == date].assign(row=np.flatnonzero(rows["date"] == date))
        sides.append(side[[*KEY, *names]].rename(columns={name: f"{name}_{date}" for name in names}))
    pairs = sides[0].merge(sides[1], on=list(KEY), how="outer", validate="one_to_one")
    order = {key: place for place, key in enumerate(account.services)}
    pairs = pairs.assign(_order=pairs["service"].map(order)).sort_values(
        ["_order", "zone", "type", "nth"], kind="stable"
    )
    pairs = pairs.drop(columns="_order").reset_index(drop=True)
    pairs["classes"] = [_same(*both) for both in zip(*(pairs[f"classes_{d}"] for d in DATES), strict=True)]
    pairs["abiotic"] = np.array([account.services[s].abiotic for s in pairs["service"]], dtype=bool)
    for date in DATES:
        gone = _no_land(account, pairs, date) & pairs[f"asset_{date}"].isna() & ~_unvalued(rows, pairs, date)
        pairs[f"row_{date}"] = pairs[f"row_{date}"].fillna(-1).astype(int)
        for name in ("hectares", "expected", "asset"):
            pairs.loc[gone, f"{name}_{date}"] = 0.0
    return pairs


def _same(one: object, other: object) -> tuple[int, ...]:
    """The classes of a pair, where its dates do not name different ones."""
    named = [tuple(codes) for codes in (one, other) if isinstance(codes, tuple)]
    return named[0] if named and named[0] == named[-1] else ()


def _no_land(account: ServiceAccount, pairs: pd.DataFrame, date: str) -> npt.NDArray[np.bool_]:
    """Where a type has no hectare at a date, as the account or the row itself says."""
    areas: Mapping[Any, float] = account.type_area[date].stack().to_dict()
    whole = account.type_area[date].sum().to_dict()
    said = [
        whole.get(kind, np.nan) if zone == WHOLE else areas.get((zone, kind), np.nan)
        for zone, kind in zip(pairs["zone"], pairs["type"], strict=True)
    ]
    empty: npt.NDArray[np.bool_] = (np.array(said, dtype=float) == 0) | (pairs[f"hectares_{date}"] == 0).to_numpy()
    return empty


def _unvalued(rows: pd.DataFrame, pairs: pd.DataFrame, date: str) -> npt.NDArray[np.bool_]:
    """Where nothing of a service is valued at a date, so that no land is no reason to say that it is worth 0."""
    mine = rows[rows["date"] == date]
    blind = set(mine["service"]) - set(mine.loc[mine["basis"] != "none", "service"])
    found: npt.NDArray[np.bool_] = pairs["service"].isin(blind).to_numpy()
    return found


def _alike(pairs: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Both dates on one basis: flows with flows, money with money; no row at all compares with either."""
    one = pairs["basis_opening"].where(pairs["row_opening"] >= 0, pairs["basis_closing"])
    other = pairs["basis_closing"].where(pairs["row_closing"] >= 0, pairs["basis_opening"])
    none = (one == "none") | (other == "none")
    found: npt.NDArray[np.bool_] = ((one == other) | none).to_numpy()
    return found


def _per_hectare(pairs: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Hectares at both dates, and no flow from an area of nothing (a mean over years when there was some)."""
    fits = np.ones(len(pairs), dtype=bool)
    for date in DATES:
        area, flow = pairs[f"hectares_{date}"], pairs[f"expected_{date}"]
        fits &= area.notna().to_numpy() & ~((area == 0) & (flow != 0)).to_numpy()
    return fits


def _method_changed(pairs: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether the flows of the two dates come from another kind of source, or from other factors."""
    both = ((pairs["row_opening"] >= 0) & (pairs["row_closing"] >= 0)).to_numpy()
    origins = (pairs["origin_opening"] != pairs["origin_closing"]).to_numpy()
    model = (pairs["origin_opening"] == "model").to_numpy()
    named = zip(pairs["factors_opening"], pairs["factors_closing"], both, strict=True)
    other = np.array([bool(known) and set(a) != set(b) for a, b, known in named], dtype=bool)
    found: npt.NDArray[np.bool_] = both & (origins | (model & other))
    return found


def _terms(pairs: pd.DataFrame) -> None:
    """`area`, `rate` and `worth` at both dates. A date without land takes rate and worth of the other date."""
    split = pairs["how"].isin([PER_HECTARE, VOLUME])
    for date in DATES:
        area = pairs[f"hectares_{date}"].where(pairs["how"] == PER_HECTARE, 1.0).where(split)
        pairs[f"area_{date}"] = area
        pairs[f"rate_{date}"] = pairs[f"expected_{date}"] / area.where(area != 0)
        pairs[f"worth_{date}"] = pairs[f"per_unit_{date}"].where(split)
    for date, other in (DATES, DATES[::-1]):
        for name in ("rate", "worth"):
            here = pairs[f"{name}_{date}"]
            pairs[f"{name}_{date}"] = here.fillna(pairs[f"{name}_{other}"]).where(split)
    for date in DATES:
        for name in ("rate", "worth"):
            pairs[f"{name}_{date}"] = pairs[f"{name}_{date}"].fillna(0.0).where(split)
    still = (pairs["rate_closing"] - pairs["rate_opening"]).abs() <= SAME * pairs["rate_opening"].abs()
    pairs["rate_closing"] = pairs["rate_closing"].mask(still, pairs["rate_opening"])


def _effects(pairs: pd.DataFrame) -> None:
    for name in ("bracket", "fall", *EFFECTS, "change"):
        pairs[name] = np.nan
    at = pairs["how"].isin([PER_HECTARE, VOLUME])
    some = pairs[at]
    area, rate, worth = ((some[f"{n}_opening"], some[f"{n}_closing"]) for n in ("area", "rate", "worth"))
    found = decompose(area, rate, worth)
    per = (some["how"] == PER_HECTARE).to_numpy()
    pairs.loc[at, "extent"], pairs.loc[at, "price"] = found.extent, found.price
    pairs.loc[at, "flow"], pairs.loc[at, "volume"] = found.flow * per, found.flow * ~per
    (y0, y1), (z0, z1) = rate, worth
    pairs.loc[at, "bracket"] = (y0 * z0 + y1 * z1) / 3 + (y0 * z1 + y1 * z0) / 6
    pairs.loc[at, "fall"] = (y0 - y1) * (area[0] + area[1]) / 2
    pairs.loc[at, "uncompared"] = 0.0
    single = pairs["how"] == APART
    step = pairs["asset_closing"].fillna(0.0) - pairs["asset_opening"].fillna(0.0)
    pairs.loc[single, "uncompared"] = step[single]
    pairs["change"] = step.where(at)


def _entries(pairs: pd.DataFrame) -> None:
    """The effects as entries of the account; NaN where a pair is not valued or does not compare."""
    valued, compared = pairs["how"] != UNVALUED, pairs["how"].isin([PER_HECTARE, VOLUME])
    here = pairs["bracket"].fillna(0.0)
    step = pairs["flow"].where(pairs["cause"] == FLOW, 0.0)
    method = (pairs["flow"] + pairs["volume"]).where(pairs["cause"] == METHOD, 0.0)
    made = {
        "opening": pairs["asset_opening"],
        "enhancement": step.clip(lower=0.0),
        "degradation": step.clip(upper=0.0),
        "additions": pairs["ha_in"].fillna(0.0) * here,
        "reductions": -pairs["ha_out"].fillna(0.0) * here,
        "catastrophic": pd.Series(np.nan, index=pairs.index),
        "other_volume": pairs["volume"].where(pairs["cause"] == FLOW, 0.0),
        "reappraisals": method + pairs["ha_unseen"].fillna(0.0) * here,
        "revaluation": pairs["price"],
        "closing": pairs["asset_closing"],
    }
    for name, values in made.items():
        pairs[name] = values.where(valued if name in DATES else compared)
