"""Words, keys and columns that the sections of the organisational account share."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.words import TIMINGS, money
from natcap.accounts.classes import slug
from natcap.accounts.organisation_account.account import OrganisationAccount
from natcap.accounts.organisation_account.given import OrganisationInput, Terms
from natcap.accounts.show.words import zone_keys
from natcap.accounts.wings import Setting
from natcap.core.report import Column

__all__ = ["ENTRY_NAMES", "SIDE_NAMES", "Words", "filled", "gaps"]

_TIMINGS = {
    **TIMINGS,
    "end": "end: the flow of a year stands at its end, at its price, and is discounted by a year more",
}
"""Lines of an organisation name their years, so that `end` moves no flow to another year."""

SIDE_NAMES: Mapping[str, str] = {
    "private": "Private (the organisation)", "external": "External (the rest of society)", "total": "Total",
}  # fmt: skip
ENTRY_NAMES: Mapping[str, str] = {
    "service": "Services supplied", "removal": "Greenhouse gases removed", "emissions": "Greenhouse gas emissions",
    "pollution": "Pollution", "water use": "Water use", "maintenance": "Maintenance of the assets", "other": "Other",
    "net": "Net natural capital income",
}  # fmt: skip


def gaps(table: pd.DataFrame, names: tuple[str, ...], mark: str = "[x]") -> dict[tuple[int, str], str]:
    """Marks for the numbers that are missing."""
    return {(int(row), name): mark for name in names for row in np.flatnonzero(table[name].isna())}


def filled(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The table with [x] where a text is blank."""
    return table.assign(**{name: table[name].replace("", "[x]") for name in names})


def _keys(names: list[str]) -> tuple[str, ...]:
    return zone_keys([slug(name) for name in names])


class Words:
    """Names, keys and notes of one account."""

    def __init__(self, setting: Setting, given: OrganisationInput, account: OrganisationAccount) -> None:
        self.setting, self.given, self.account, self.terms = setting, given, account, given.terms
        self.unit = given.terms.unit
        self.asset_key = dict(zip(given.assets["asset"], _keys(given.assets["asset"].tolist()), strict=True))
        self.asset_key[""] = "all_assets"
        kinds = given.assets[["habitat", "unit"]].drop_duplicates().to_dict("records")
        self.extents = [(row["habitat"], row["unit"]) for row in kinds]
        self.extent_keys = _keys([f"{habitat} {unit}" for habitat, unit in self.extents])
        flows, duties, items = (t.to_dict("records") for t in (account.flows, account.duties, account.items))
        self.flow_keys = _keys([f"{r['asset']} {r['service']} {r['column']}" for r in flows])
        self.duty_keys = _keys([f"{r['asset'] or 'all assets'} {r['work']} {r['column']}" for r in duties])
        self.item_keys = _keys([f"{r['asset'] or 'all assets'} {r['item']} {r['column']}" for r in items])

    def flow_id(self, at: int) -> str:
        memo = self.account.flows["column"].iloc[at] == "memo"
        return f"organisation.{'memo' if memo else 'flow'}.{self.flow_keys[at]}"

    def duty_id(self, at: int) -> str:
        return f"organisation.duty.{self.duty_keys[at]}"

    def item_id(self, at: int) -> str:
        return f"organisation.item.{self.item_keys[at]}"

    def side_columns(self, total: str = "SUM([private],[external])") -> tuple[Column, ...]:
        """Private, external and total, in the prices of the account."""
        return tuple(money(n, t, self.unit, total if n == "total" else None) for n, t in SIDE_NAMES.items())

    def schedule(self, row: Mapping[Hashable, Any], terms: Terms | None = None) -> str:
        return (terms or self.terms).choices.option_of(bool(row.get("health", False))).id

    def of(self, what: str) -> str:
        """A title with whose it is: `Asset register of Example Council`."""
        return f"{what} of {self.given.name}"

    @property
    def method(self) -> tuple[str, ...]:
        """How values were made, on every table with values."""
        choices = self.terms.choices
        option, health = choices.option, choices.option_of(True)
        beside = "" if health.id == option.id else f"; health effects by {health.name} of {health.since}"
        return (
            f"All values in pounds of {self.terms.price_year}. Year 0 is the reporting year {self.terms.year}: the "
            "balance sheet holds its flow and those after it, as the asset accounts of sheets 9 and 10 do.",
            f"Discounting: {option.name}, edition {option.since}{beside}. Timing {_TIMINGS[choices.timing]}.",
        )

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.given.shown + (" (SYNTHETIC)" if self.setting.synthetic else ""),)
