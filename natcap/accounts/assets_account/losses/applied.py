"""Move losses out of reductions, degradation and other changes in volume into an entry of their own."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.changes import PER_HECTARE, VOLUME
from natcap.accounts.assets_account.losses.placed import Placed, placed_losses
from natcap.accounts.assets_account.losses.read import Losses
from natcap.accounts.services.account import ServiceAccount

__all__ = ["MOVED", "applied", "with_losses"]

MOVED: tuple[str, ...] = ("degradation", "reductions", "catastrophic", "other_volume")
"""The entries whose sum a loss leaves as it was."""


def with_losses(account: ServiceAccount, pairs: pd.DataFrame, given: Losses | None,
                broken: bool) -> tuple[pd.DataFrame, Placed | None]:  # fmt: skip
    """The pairs with losses in their own entry, and where each stands; as they were where none are given.

    Raises InputProblems where the account does not show what a row says.
    """
    if given is None:
        return pairs, None
    placed = placed_losses(account, pairs, given, broken)
    return applied(pairs, placed), placed


def applied(pairs: pd.DataFrame, placed: Placed) -> pd.DataFrame:
    """The pairs with `ha_lost`, `flow_lost` (a year), `flow_loss` (GBP), `catastrophic` and what is left of the others.

    An area is worth hectares x bracket, as it is in the reductions; a flow its share of the effect of the flow. NaN
    where a pair has no loss: none recorded is not zero.
    """
    made = pairs.copy()
    for name, column in (("ha_lost", "hectares"), ("flow_lost", "flow")):
        lost = placed.lines.groupby("pair")[column].sum(min_count=1)
        made[name] = pd.Series(lost.reindex(np.arange(len(made))).to_numpy(dtype=float), index=made.index)
    effect = made["flow"] + made["volume"]
    made["flow_loss"] = effect * made["flow_lost"] / made["fall"].where(made["flow_lost"].notna())
    some = made["ha_lost"].notna() | made["flow_lost"].notna()
    of_area, of_flow = -made["ha_lost"].fillna(0.0) * made["bracket"].fillna(0.0), made["flow_loss"].fillna(0.0)
    made["catastrophic"] = (of_area + of_flow).where(some)
    made["reductions"] = made["reductions"].where(
        made["ha_lost"].isna(), -(made["ha_out"] - made["ha_lost"]) * made["bracket"]
    )
    made["degradation"] = made["degradation"] - of_flow.where(made["how"] == PER_HECTARE, 0.0)
    made["other_volume"] = made["other_volume"] - of_flow.where(made["how"] == VOLUME, 0.0)
    return made
