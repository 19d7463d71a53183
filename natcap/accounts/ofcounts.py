"""The extent account of what was counted: of the classes, or of what a crosswalk leads them to."""

from __future__ import annotations

import numpy as np

from natcap.accounts.counts import Counts
from natcap.accounts.crosswalk import Crosswalk
from natcap.accounts.extent import ExtentAccount, extent_account
from natcap.accounts.margins import Margins, net_account

__all__ = ["account_of"]


def account_of(counts: Counts | Margins, managed: np.ndarray, broken: bool, walk: Crosswalk | None = None
               ) -> ExtentAccount:  # fmt: skip
    """The account by class, or by the targets of `walk`. `managed` are the managed cells of each transition.

    Margins give a net account: what became what is not known, and is not made up.
    """
    if isinstance(counts, Margins):
        begin, end = counts.opening, counts.closing
        if walk is not None:
            begin, end = walk.margin(begin), walk.margin(end)
        return net_account(begin, end, broken)
    if walk is None:
        return extent_account(counts.array, managed, broken)
    return extent_account(walk.matrix(counts.array), walk.matrix(managed), broken)
