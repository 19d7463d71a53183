"""The carbon account by zone, class and pool: opening, what was added and taken away, closing; exact in every cell.

SEEA's carbon account (SEEA EA, chapter 13, recalled): opening, additions, reductions, net balance, closing. Land that
changes class carries its carbon with it; what it then gains or loses stands with the class it has at the closing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from natcap.accounts.stock_account.path import Path

__all__ = ["ADDED", "GIVEN", "SIGNS", "TAKEN", "CarbonAccount", "carbon_account", "known_sum"]

ADDED: tuple[str, ...] = ("managed_expansion", "unmanaged_expansion", "growth", "reappraisal_up")
TAKEN: tuple[str, ...] = ("conversion", "harvest", "disturbance", "reappraisal_down")
GIVEN: tuple[str, ...] = ("growth", "harvest", "disturbance")
"""Entries that come from the user alone: NaN where nothing was given."""
SIGNS: Mapping[str, int] = {
    "carried_in": 1, "carried_out": -1, **dict.fromkeys(ADDED, 1), **dict.fromkeys(TAKEN, -1)
}  # fmt: skip


@dataclass(frozen=True)
class CarbonAccount:
    """Tonnes of carbon, arrays of shape (zones, classes, pools); every entry is zero or more, NaN where not known.

    `settled` is the closing stock once everything has settled, without movements; `to_come` what is missing to it
    (gains less losses). `carried_in` and `carried_out` move with the land and cancel over all classes.
    """

    opening: np.ndarray
    entries: Mapping[str, np.ndarray]
    closing: np.ndarray
    settled: np.ndarray
    to_come: np.ndarray

    def side(self, names: tuple[str, ...]) -> np.ndarray:
        """The sum of entries, what is not known left out."""
        found: np.ndarray = sum(np.nan_to_num(self.entries[name]) for name in names) + np.zeros_like(self.opening)
        return found

    def moved(self) -> np.ndarray:
        """What movements and reappraisals beyond the maps add, so that settled + moved - to come = closing."""
        found: np.ndarray = self.closing - (self.settled - self.to_come)
        return found


def known_sum(values: np.ndarray, axis: tuple[int, ...]) -> np.ndarray:
    """Sums of what is known; NaN where nothing is."""
    some = ~np.isnan(values).all(axis=axis)
    found: np.ndarray = np.where(some, np.nansum(values, axis=axis), np.nan)
    return found


def carbon_account(
    area: np.ndarray, managed: np.ndarray, value: np.ndarray, path: Path, movements: Mapping[str, np.ndarray],
    broken: bool = False,
) -> CarbonAccount:  # fmt: skip
    """The account of hectares `area`, shape (zones, 1 + classes, 1 + classes), no data first; `managed` of them so.

    `value` is t C a hectare by class and pool; `movements` holds t C by kind (GIVEN and reappraisal), shape (zones,
    classes, pools), NaN where not given. Across a break (`broken`) the whole difference is a reappraisal.
    """
    inner, ours = area[:, 1:, 1:], managed[:, 1:, 1:]
    opening, settled = area.sum(axis=2)[:, 1:, None] * value, area.sum(axis=1)[:, 1:, None] * value
    entries = dict.fromkeys(SIGNS, np.zeros_like(opening))
    if broken:
        to_come = np.zeros_like(opening)
        up, down = np.maximum(settled - opening, 0), np.maximum(opening - settled, 0)
    else:
        off = inner * ~np.eye(inner.shape[1], dtype=bool)
        entries["carried_in"] = np.einsum("zij,ip->zjp", off, value)
        entries["carried_out"] = off.sum(axis=2)[:, :, None] * value
        entries["managed_expansion"] = np.einsum("zij,ijp->zjp", ours, path.gain)
        entries["unmanaged_expansion"] = np.einsum("zij,ijp->zjp", inner - ours, path.gain)
        entries["conversion"] = np.einsum("zij,ijp->zjp", inner, path.loss)
        up, down = area[:, 0, 1:, None] * value, area[:, 1:, 0, None] * value
        to_come = np.einsum("zij,ijp->zjp", inner, path.step - path.reached)
    given = np.nan_to_num(movements.get("reappraisal", np.zeros_like(opening)))
    entries["reappraisal_up"], entries["reappraisal_down"] = up + np.maximum(given, 0), down + np.maximum(-given, 0)
    for name in GIVEN:
        entries[name] = movements.get(name, np.full_like(opening, np.nan))
    closing = opening + sum(sign * np.nan_to_num(entries[name]) for name, sign in SIGNS.items())
    return CarbonAccount(opening, entries, closing, settled, to_come)
