"""The service of greenhouse-gas regulation as it was accounted, by ecosystem type and date, and what land it covers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.land import Land
from natcap.accounts.stock_account.gases import Types
from natcap.core.resources import root

__all__ = ["SERVICE", "ServiceFlow", "flow_of", "gases_of_rate"]

SERVICE = "greenhouse_gas_regulation"
_DATES = ("opening", "closing")


@dataclass(frozen=True)
class ServiceFlow:
    """t CO2e a year. `by_type` has the shape (2, types), `whole` both dates of all land; NaN where not known.

    `compared` by type: "yes"; "no", no flow of the service at all; "part", a flow for some of its land or one of the
    dates only; "total", only in a flow that no source divides by type. `why` says why there is no total; `factors` are
    ids of the factors by type; `hectares` by type the land that rates were applied to, mean of both dates, NaN where
    the flow was given as a whole.
    """

    by_type: np.ndarray
    whole: tuple[float, float]
    compared: np.ndarray
    why: str = ""
    factors: tuple[tuple[str, ...], ...] = ()
    hectares: np.ndarray = field(default_factory=lambda: np.empty(0))

    @property
    def mean(self) -> np.ndarray:
        found: np.ndarray = self.by_type.mean(axis=0)
        return found

    @property
    def whole_mean(self) -> float:
        return (self.whole[0] + self.whole[1]) / 2

    @property
    def total_only(self) -> bool:
        return bool((self.compared == "total").any())


_NOTHING = "the service of greenhouse-gas regulation was not accounted in this project"


def flow_of(account: Any, types: Types, land: Land) -> ServiceFlow:
    """The service by type; `account` is the product of the services, or None."""
    rows = pd.DataFrame() if account is None else account.rows[account.rows["service"] == SERVICE]
    size = len(types.keys)
    if rows.empty:
        none = np.full((2, size), np.nan)
        return ServiceFlow(none, (np.nan, np.nan), np.full(size, "no", dtype=object), _NOTHING, ((),) * size)
    from natcap.accounts.services.account import NO_TYPE

    marked = np.array([_marked(rows[rows["date"] == date], types, land) for date in _DATES])
    held = np.array([(land.area(date) @ types.shares) > 0 for date in _DATES])
    some, lacking = marked.any(axis=(0, 1)), (held & ~marked).any(axis=(0, 1))
    loose = bool((rows["type"] == NO_TYPE).any())
    compared = np.where(some & lacking, "part", np.where(some, "total" if loose else "yes", "no")).astype(object)
    flows = [[_flow(rows, date, key) for key in types.keys] for date in _DATES]
    by_type = np.where(compared == "yes", np.array(flows), np.nan)
    part = [types.names[n] for n in np.flatnonzero(compared == "part")]
    opening, closing = (float(rows.loc[rows["date"] == date, "flow"].sum(skipna=False)) for date in _DATES)
    why = _without_flow(rows) if np.isnan(opening + closing) else ""
    if part:
        opening, closing = np.nan, np.nan
        why = f"the service has no flow of {', '.join(part)} in every zone and at both dates"
    return ServiceFlow(
        by_type, (opening, closing), compared, why, _factors(rows, types.keys), _hectares(rows, types.keys)
    )


def _without_flow(rows: pd.DataFrame) -> str:
    unread = rows[rows["flow"].isna() & (rows["origin"] == "reading")]
    if len(unread):
        return f"the service was not read in {', '.join(map(str, unread['year'].unique()))}"
    return "the service was given as a value in pounds, without a flow"


def _marked(rows: pd.DataFrame, types: Types, land: Land) -> np.ndarray:
    """Which zones and types a flow is known for, shape (zones, types)."""
    from natcap.accounts.services.account import NO_TYPE, WHOLE

    found = np.zeros((len(land.zones), len(types.keys)), dtype=bool)
    known = rows[rows["flow"].notna()]
    for zone, kind in set(zip(known["zone"], known["type"], strict=True)):
        z = slice(None) if zone == WHOLE else land.zones.index(zone)
        found[z, slice(None) if kind == NO_TYPE else types.keys.index(kind)] = True
    return found


def _flow(rows: pd.DataFrame, date: str, key: str) -> float:
    """0 where there is no row: a type that is compared has none only where it has no land."""
    return float(rows.loc[(rows["date"] == date) & (rows["type"] == key), "flow"].sum())


def _factors(rows: pd.DataFrame, keys: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(dict.fromkeys(one for ids in rows.loc[rows["type"] == key, "factors"] for one in ids)) for key in keys
    )


def _hectares(rows: pd.DataFrame, keys: tuple[str, ...]) -> np.ndarray:
    return np.array([float(rows.loc[rows["type"] == key, "hectares"].sum(skipna=False)) / len(_DATES) for key in keys])


@lru_cache(maxsize=1)
def gases_of_rate() -> pd.DataFrame:
    """Which gases the library's rates of the service hold, and in which potentials: index the id of the rate."""
    path = root("factors") / "carbon_stock" / "gases_of_rate.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False).set_index("factor")
