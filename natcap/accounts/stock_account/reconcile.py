"""The carbon account beside the service of greenhouse-gas regulation, by ecosystem type and year.

Taken up by change of stock x 44/12, less methane and nitrous oxide in CO2e, is what the account expects of the service;
what the service says beyond that is left unexplained (METHODS of the accounts, A5). Everything is t CO2e a year, taken
up above zero. Nothing is taken from the service into the account: that would make the two agree by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.accounts.land import Land
from natcap.accounts.stock import C_TO_CO2
from natcap.accounts.stock_account.account import known_sum
from natcap.accounts.stock_account.gases import GASES, Types, placed_gases
from natcap.accounts.stock_account.service import SERVICE, ServiceFlow, flow_of
from natcap.accounts.stock_account.view import View
from natcap.core.problems import Problems

__all__ = ["CAUSES", "SERVICE", "Reconciled", "reconciled"]

CAUSES: Mapping[str, Mapping[str, int]] = {
    "growth": {"growth": 1},
    "conversion": {"managed_expansion": 1, "unmanaged_expansion": 1, "conversion": -1},
    "harvest": {"harvest": -1},
    "disturbance": {"disturbance": -1},
}
"""Causes of a change on the ground, each with the entries of the account it is made of and their signs."""


@dataclass(frozen=True)
class Reconciled:
    """Arrays by type, t CO2e a year, taken up above zero; NaN where not known.

    `causes` and `gases` are lines of the account; `reappraised` is what the account holds beyond the flow, in total;
    `kept` hectares that kept their class; `rows` the gases that were given.
    """

    types: Types
    causes: Mapping[str, np.ndarray]
    reappraised: float
    gases: Mapping[str, np.ndarray]
    kept: np.ndarray
    rows: pd.DataFrame
    service: ServiceFlow

    @property
    def net(self) -> np.ndarray:
        """Taken up by change of stock; what was not given is left out."""
        return known_sum(np.array([*self.causes.values()]), (0,))

    @property
    def expected(self) -> np.ndarray:
        found: np.ndarray = self.net + np.nansum(np.array([*self.gases.values()]), axis=0)
        return found

    @property
    def residual(self) -> np.ndarray:
        """By type; NaN where the service has no flow of the type at both dates."""
        return np.where(self.service.compared == "yes", self.service.mean - self.expected, np.nan)

    @property
    def apart(self) -> float:
        """What the account expects of land whose type has no flow of the service."""
        return float(np.where(self.service.compared == "no", self.expected, 0.0).sum())

    @property
    def left(self) -> float:
        """The residual in total, of the land that the service covers."""
        return self.service.whole_mean - (float(self.expected.sum()) - self.apart)

    def gas(self, name: str) -> float:
        """A gas of all types; NaN where none was given."""
        return float(known_sum(self.gases[name], (0,)))

    @property
    def shown(self) -> list[int]:
        """Types that occur."""
        some = self.types.area.any(axis=0) | (np.nan_to_num(self.expected) != 0)
        return np.flatnonzero(some).tolist()


def reconciled(view: View, problems: Problems) -> Reconciled:
    """The two accounts side by side. Gases that fit no type are added to `problems`. ValueError without land."""
    land = view.setting.land
    if land is None:
        raise ValueError("the carbon account stands on land accounts")
    types = _types(land)
    rows = pd.DataFrame()
    if view.given.gases is not None:
        rows = placed_gases(view.given.gases, view.given.shown, types, view.given.gwp, problems)
    yearly = C_TO_CO2 / view.span if not view.broken else float("nan")
    entries = {name: known_sum(view.account.entries[name], (0, 2)) for name in view.account.entries}
    causes = {name: yearly * _by_type({n: sign * entries[n] for n, sign in parts.items()}, types.shares)
              for name, parts in CAUSES.items()}  # fmt: skip
    up, down = (float(np.nansum(entries[f"reappraisal_{way}"])) for way in ("up", "down"))
    kept = np.einsum("zii->i", view.area[:, 1:, 1:]) @ types.shares
    return Reconciled(types, causes, yearly * (up - down), _gases(rows, len(types.keys)), kept, rows,
                      flow_of(view.setting.products.get("services"), types, land))  # fmt: skip


def _types(land: Land) -> Types:
    """Habitats where the class list has a crosswalk to them, else classes: the types of the services."""
    # Importing the services costs what a build without them need not pay.
    from natcap.accounts.services.ground import ground_of

    ground = ground_of(land, ())
    area = np.array([land.area(date).sum(axis=0) for date in ("opening", "closing")])
    return Types(
        tuple(ground.types), tuple(ground.types.values()), land.classes, ground.shares, area @ ground.shares, area
    )


def _by_type(parts: Mapping[str, np.ndarray], shares: np.ndarray) -> np.ndarray:
    """A cause by type, t C over the span; NaN where no class of the type has a known entry."""
    known = np.array([~np.isnan(part) for part in parts.values()]).any(axis=0)
    values = sum(np.nan_to_num(part) for part in parts.values()) @ shares
    found: np.ndarray = np.where(known @ (shares > 0), values, np.nan)
    return found


def _gases(rows: pd.DataFrame, types: int) -> dict[str, np.ndarray]:
    """CO2e by gas and type, an emission below zero; NaN where none was given."""
    found = {}
    for gas in GASES:
        values = np.full(types, np.nan)
        mine = rows[rows["gas"] == gas] if not rows.empty else rows
        for at, amount in zip(mine["at"], mine["co2e"], strict=True) if len(mine) else ():
            values[at] = np.nan_to_num(values[at]) - amount
        found[gas] = values
    return found
