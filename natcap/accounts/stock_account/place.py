"""Put movements into the zone, class and pool they name; what fits none of the account is a problem with its cell."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.classes import LandClass
from natcap.accounts.stock_account.model import KINDS
from natcap.core.problems import Problems, did_you_mean

__all__ = ["placed_movements"]


class _Places:
    def __init__(self, zones: Sequence[str], classes: Sequence[LandClass], pools: Sequence[str]) -> None:
        self.zones = {zone.casefold(): n for n, zone in enumerate(zones)}
        self.classes: dict[str, int] = {}
        for n, land in enumerate(classes):
            self.classes |= {str(land.code): n, land.key.casefold(): n, land.name.casefold(): n}
        self.pools = {pool.casefold(): n for n, pool in enumerate(pools)}
        self.names = {"zone": list(zones), "class": [c.name for c in classes], "pool": list(pools)}

    def find(self, name: str, text: str) -> int | None:
        known = {"zone": self.zones, "class": self.classes, "pool": self.pools}[name]
        if name == "zone" and not text and len(known) == 1:
            return 0
        return known.get(text.casefold().strip())


def placed_movements(
    frame: pd.DataFrame, shown: str, zones: Sequence[str], classes: Sequence[LandClass], pools: Sequence[str],
    problems: Problems,
) -> tuple[dict[str, np.ndarray], pd.DataFrame]:  # fmt: skip
    """(t C by kind, shape (zones, classes, pools), NaN where nothing was given; the rows with positions z, c, p)."""
    places = _Places(zones, classes, pools)
    found = {kind: np.full((len(zones), len(classes), len(pools)), np.nan) for kind in KINDS}
    rows = []
    for row in frame.to_dict("records"):
        at = _at(row, places, shown, problems)
        if at is None:
            continue
        here = found[str(row["kind"])]
        here[at] = np.nan_to_num(here[at]) + float(row["tonnes"])
        rows.append({**row, "z": at[0], "c": at[1], "p": at[2]})
    return found, pd.DataFrame(rows)


def _at(row: Mapping[Hashable, Any], places: _Places, shown: str, problems: Problems) -> tuple[int, int, int] | None:
    at = []
    for name in ("zone", "class", "pool"):
        text = "" if row[name] is None or row[name] != row[name] else str(row[name])
        here = places.find(name, text)
        if here is None:
            known = places.names[name]
            told = text or f"no {name}"
            what = f"one of {', '.join(known[:20])}{' ...' if len(known) > 20 else ''}"
            remedy = f"{did_you_mean(text, known)} Name what the account shows at the closing".strip()
            problems.add(
                shown, told, what, remedy, sheet=row["_sheet"], cell=row[f"_cell_{name}"] or f"row {row['_row']}"
            )
            continue
        at.append(here)
    return (at[0], at[1], at[2]) if len(at) == 3 else None
