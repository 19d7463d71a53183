"""Extent account: opening, additions, reductions, closing of every class, exact in cells (SEEA EA, Table 4.1).

With M[i, j] the cells that were i and became j: opening O_i = sum_j M[i, j]; closing C_j = sum_i M[i, j]; expansion and
reduction are the sums off the diagonal, each cell with one label, managed or unmanaged. What enters from or leaves for
"no data" is nobody's land use: it stands in a reappraisal column of its own, so that every account closes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from natcap.accounts.classes import LandClass

__all__ = ["ENTRIES", "ExtentAccount", "MatrixError", "check_margins", "extent_account", "managed_cells"]

ENTRIES: tuple[str, ...] = (
    "opening", "managed_expansion", "unmanaged_expansion", "managed_reduction", "unmanaged_reduction", "net_change",
    "reappraisal", "closing",
)  # fmt: skip


class MatrixError(ValueError):
    """A change matrix and the totals given with it do not agree."""


@dataclass(frozen=True)
class ExtentAccount:
    """Entries by zone and item, each int64 of shape (zones, items) in cells. Item 0 is "no data".

    Where only margins are known, expansions and reductions are `net`: nobody says what is behind them.
    """

    opening: np.ndarray
    managed_expansion: np.ndarray
    unmanaged_expansion: np.ndarray
    managed_reduction: np.ndarray
    unmanaged_reduction: np.ndarray
    reappraisal: np.ndarray
    closing: np.ndarray
    net: bool = False

    @property
    def net_change(self) -> np.ndarray:
        """Additions less reductions: change of land that is known at both dates, which sums to nothing over items.

        What data were gained or lost is no change; with the reappraisal it is closing less opening.
        """
        change: np.ndarray = self.additions - self.reductions
        return change

    @property
    def additions(self) -> np.ndarray:
        both: np.ndarray = self.managed_expansion + self.unmanaged_expansion
        return both

    @property
    def reductions(self) -> np.ndarray:
        both: np.ndarray = self.managed_reduction + self.unmanaged_reduction
        return both

    def entry(self, name: str) -> np.ndarray:
        """One of ENTRIES by name."""
        found: np.ndarray = getattr(self, name)
        return found

    def broken(self) -> list[str]:
        """Sentences about identities that do not hold, exactly; none for an account made from a matrix."""
        said = []
        if (self.opening + self.net_change + self.reappraisal != self.closing).any():
            said.append("opening + net change + reappraisal is not closing")
        if (self.opening.sum(axis=1) != self.closing.sum(axis=1)).any():
            said.append("the area accounted differs between opening and closing")
        if (self.additions.sum(axis=1) != self.reductions.sum(axis=1)).any():
            said.append("additions and reductions of all classes differ")
        if self.reappraisal.sum(axis=1).any() or self.net_change.sum(axis=1).any():
            said.append("reappraisals or net changes do not sum to nothing")
        return said


def managed_cells(classes: Sequence[LandClass]) -> np.ndarray:
    """Which transitions are managed, by the closing class: bool, shape (1 + classes, 1 + classes), no data first."""
    closing = np.array([False, *(c.managed == "yes" for c in classes)])
    table = np.broadcast_to(closing, (len(closing), len(closing))).copy()
    table[0, :] = False
    return table


def extent_account(cells: np.ndarray, managed: np.ndarray, broken: bool = False) -> ExtentAccount:
    """The account of change matrices `cells`, shape (zones, items, items) with no data at 0.

    `managed` says which transitions are managed, bool of shape (items, items), or how many cells of each, like `cells`.
    Where the series is `broken` between the dates nobody knows what changed: the whole difference is a reappraisal.
    """
    if cells.ndim != 3 or (cells < 0).any():
        raise MatrixError("change matrices hold no negative cells")
    change = ~np.eye(cells.shape[1], dtype=bool)
    change[0, :] = change[:, 0] = False
    moved = cells * change
    made = moved * managed if managed.dtype == bool else managed * change
    free = moved - made
    reappraisal = cells[:, 0, :] - cells[:, :, 0]
    reappraisal[:, 0] = -reappraisal[:, 1:].sum(axis=1)
    if broken:
        made, free = made * 0, free * 0
        reappraisal = cells.sum(axis=1) - cells.sum(axis=2)
    return ExtentAccount(
        opening=cells.sum(axis=2),
        managed_expansion=made.sum(axis=1),
        unmanaged_expansion=free.sum(axis=1),
        managed_reduction=made.sum(axis=2),
        unmanaged_reduction=free.sum(axis=2),
        reappraisal=reappraisal,
        closing=cells.sum(axis=1),
    )


def check_margins(
    cells: np.ndarray, opening: np.ndarray | None = None, closing: np.ndarray | None = None, names: Sequence[str] = ()
) -> None:
    """Refuse totals that disagree with the matrix (opening in rows) they came with: MatrixError with both sides."""
    said = []
    for what, axis, given in (("opening", 1, opening), ("closing", 0, closing)):
        if given is None:
            continue
        summed = cells.sum(axis=axis)
        for n in np.flatnonzero(summed != given):
            label = names[int(n)] if names else f"class {n + 1}"
            said.append(f"{what} of {label}: the matrix sums to {summed[n]}, the total given is {given[n]}")
    if said:
        raise MatrixError("; ".join(said))
