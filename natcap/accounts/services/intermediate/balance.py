"""What the tables of intermediate services show: by service, date and ecosystem type, supplied, used and net."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from natcap.accounts.services.account import Intermediate, Service
from natcap.accounts.services.ground import DATES
from natcap.accounts.services.intermediate.account import Made
from natcap.accounts.services.view import View
from natcap.accounts.show.sure import weakest
from natcap.accounts.supply_use import net, use

__all__ = ["Balance", "Block"]


@dataclass(frozen=True)
class Block:
    """One service at one date, in physical terms or in money. `lines` as of `natcap.accounts.supply_use.net`, in the
    order of the types, without a line where nothing was read; `supplied` and `used` are totals, NaN where a part is
    missing or nothing was read."""

    service: Service
    date: str
    lines: pd.DataFrame

    @property
    def known(self) -> bool:
        """Whether the supply of every type is known."""
        return not np.isnan(self.supplied)

    @property
    def supplied(self) -> float:
        return self._sum("supplied", "supplies")

    @property
    def used(self) -> float:
        return self._sum("used", "uses")

    def _sum(self, column: str, which: str) -> float:
        held = self.lines[self.lines[which].astype(bool)][column]
        return float(held.sum(skipna=False)) if len(held) else float("nan")

    @property
    def given(self) -> tuple[float, float]:
        """What types give more than they take, and what others take more than they give; equal, so that nothing is
        left to final users."""
        net_of = self.lines["net"]
        return float(net_of[net_of > 0].sum()), float(-net_of[net_of < 0].sum())


@dataclass(frozen=True)
class Balance:
    """The account of intermediate services in the setting of a view."""

    view: View
    made: Made

    @property
    def account(self) -> Intermediate:
        return self.made.account

    @property
    def names(self) -> Mapping[str, str]:
        """Names of the ecosystem types by key."""
        return self.view.account.types

    @cached_property
    def blocks(self) -> Mapping[str, tuple[Block, ...]]:
        """By "flow" or "value": a block for each service and date, the opening first."""
        return {column: tuple(self._blocks(column)) for column in ("flow", "value")}

    def _blocks(self, column: str) -> Iterable[Block]:
        rows = self.account.rows.rename(columns={"date": "place", "type": "ecosystem"})
        whole = rows.groupby(["place", "service"])[column].agg(lambda v: v.sum(skipna=False)).reset_index()
        table = net(rows, use(whole, self.account.uses, column), column)
        order = {key: at for at, key in enumerate(self.names)}
        table = table.iloc[np.argsort(table["ecosystem"].map(order), kind="stable")]
        for key, service in self.account.services.items():
            for date in DATES:
                mine = (table["service"] == key) & (table["place"] == date)
                yield Block(service, date, table[mine].reset_index(drop=True))

    def supply_ids(self, block: Block, column: str, kind: str = "") -> tuple[str, ...]:
        """Ids of the readings behind a supply, and in money of their unit values; of one type, or of all."""
        rows = self.account.rows
        mine = rows[(rows["service"] == block.service.id) & (rows["date"] == block.date)]
        mine = mine[mine["type"] == kind] if kind else mine
        ids = [key for named in mine["factors"] for key in named]
        return tuple(dict.fromkeys([*ids, *(filter(None, mine["price_factor"]) if column == "value" else ())]))

    def share(self, block: Block, kind: str) -> tuple[int, str]:
        """Row of the table of shares, and factor id, of a user."""
        uses = self.account.uses
        at = int(np.flatnonzero((uses["service"] == block.service.id) & (uses["user"] == kind))[0])
        return at, str(uses["factor"].iloc[at])

    def word(self, ids: Iterable[str]) -> str:
        """The weakest confidence among factors."""
        return weakest(self.account.factors[key].rag for key in ids)

    def all_ids(self, block: Block, column: str) -> tuple[str, ...]:
        uses = self.account.uses
        return (*self.supply_ids(block, column), *uses.loc[uses["service"] == block.service.id, "factor"])
