"""Which changes are none of the ground: another source or factor at each date, or known at one date only."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from natcap.accounts.assets_account.changes import APART, METHOD
from natcap.accounts.ranges_account.terms import TOTAL, TYPED
from natcap.accounts.services.account import ServiceAccount

__all__ = ["apart"]

_PLACE = ["service", "zone", "type"]


def apart(account: ServiceAccount, pairs: pd.DataFrame | None = None) -> frozenset[tuple[str, str]]:
    """(measure, item) whose opening and closing do not compare, in whole or in part.

    `pairs` are those of the asset account; without them asset values compare as yearly values do.
    """
    abiotic = {key for key, service in account.services.items() if service.abiotic}
    rows = account.rows
    flows, values = (_differing(rows[rows[name].notna()]) for name in ("flow", "value"))
    assets = values
    if pairs is not None:
        off = pairs[(pairs["how"] == APART) | ((pairs["cause"] == METHOD) & pairs["change"].notna())]
        assets = set(zip(off["service"], off["type"], strict=True))
    found = set(_items("flow", flows, set()))
    for measure, places in (("value", values), ("asset", assets)):
        found |= set(_items(measure, places, abiotic))
    return frozenset(found)


def _differing(rows: pd.DataFrame) -> set[tuple[str, str]]:
    """(service, type) with a place that has another origin, or other factors of a model, at each date.

    A model without a row at one date has no land there; what was read or published at one date only is not known at
    the other.
    """
    names = rows["factors"].map(lambda keys: "|".join(sorted(keys))).where(rows["origin"] == "model", "")
    seen = rows.assign(sign=rows["origin"] + ":" + names)[[*_PLACE, "date", "origin", "sign"]].drop_duplicates()
    dates = seen.groupby(_PLACE, dropna=False)["date"].transform("nunique")
    signs = seen.groupby([*_PLACE, "sign"], dropna=False)["date"].transform("nunique")
    off = seen[((dates == 2) & (signs == 1)) | ((dates == 1) & (seen["origin"] != "model"))]
    return set(zip(off["service"], off["type"], strict=True))


def _items(measure: str, places: set[tuple[str, str]], abiotic: set[str]) -> Iterable[tuple[str, str]]:
    """The items of a measure, by service, in total and by type, that hold one of the places."""
    typed = TYPED[measure]
    for service, kind in places:
        yield measure, service
        if measure == "flow":
            yield typed, f"{service}.{kind}"
        elif service not in abiotic:
            yield measure, TOTAL
            yield typed, kind
