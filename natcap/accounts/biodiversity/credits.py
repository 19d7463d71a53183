"""Statutory credits as a memorandum: what the shortfall of a project would cost, by tier of the official workbook.

Sheet Unit shortfall calculations: the losses that trading leaves stand in the tier of their habitat; what is missing of
the required gain stands in tier A1 (area), H (hedgerow) and W (watercourse), at most the gain itself, because the rest
of the deficit is losses. Each unit takes two credits. Prices are deterrent prices, not exchange values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from natcap.accounts.biodiversity.edition import Edition, Kind
from natcap.accounts.biodiversity.trading import Deal
from natcap.core.report import FactorRef
from natcap.core.resources import root
from natcap.core.sources import source
from natcap.core.tables import load

__all__ = ["NO_TIER", "Shortfall", "credit_order", "credits_per_unit", "price_of", "shortfalls", "tier_of"]

NO_TIER = ""
"""Tier of a habitat for whose loss no credit is sold: it takes bespoke compensation."""

_GAIN: Mapping[str, str] = {"area": "A1", "hedgerow": "H", "watercourse": "W"}
_DEAREST_FIRST = ("A5", "A4", "A3", "A2", "A1", "H", "W", NO_TIER)


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Units missing in one tier: losses that trading leaves, and what is missing of the required gain."""

    kind: Kind
    tier: str
    losses: float
    gain: float

    @property
    def units(self) -> float:
        return self.losses + self.gain


@lru_cache(maxsize=4)
def _tiers(folder: str) -> pd.DataFrame:
    return pd.read_csv(root("factors") / "biodiversity" / folder / "credit_tiers.csv", dtype=str, keep_default_na=False)


def tier_of(e: Edition, kind: Kind, habitat: str) -> str:
    """Credit tier of a habitat, by its own name, else by its band and broad habitat; NO_TIER where none is sold."""
    table = _tiers(e.home)
    row = e.habitat(kind, habitat)
    broad = str(row["broad_habitat"]) if kind == "area" else ""
    mine = table[table["kind"] == kind]
    for names, band in (((habitat,), ""), ((broad, ""), str(row["distinctiveness"]))):
        found = mine[mine["habitat"].isin(names) & (mine["distinctiveness"] == band)]
        if len(found):
            return str(found["tier"].iloc[0])
    return NO_TIER


def credit_order(e: Edition, kind: Kind, habitats: Sequence[str]) -> dict[str, int]:
    """Position of each habitat in the order in which surpluses are used: dearest tier first."""
    return {name: _DEAREST_FIRST.index(tier_of(e, kind, name)) for name in habitats}


def shortfalls(e: Edition, kind: Kind, deals: Sequence[Deal], baseline: float, net: float) -> tuple[Shortfall, ...]:
    """Shortfall by tier. `baseline` are on-site units, `net` is the change of the whole project."""
    losses: dict[str, float] = {}
    for deal in deals:
        if not deal.passed:
            tier = tier_of(e, kind, deal.habitat)
            losses[tier] = losses.get(tier, 0.0) + deal.unmet
    wanted = baseline * e.multiplier("net_gain_target", "all")
    gain = min(max(wanted - net, 0.0), wanted)
    if gain > 1e-9:
        losses.setdefault(_GAIN[kind], 0.0)
    return tuple(
        Shortfall(kind, tier, units, gain if tier == _GAIN[kind] else 0.0)
        for tier, units in sorted(losses.items(), key=lambda item: _DEAREST_FIRST.index(item[0]))
    )


def _ref(row: Mapping[str, object], label: str) -> FactorRef:
    return FactorRef(
        str(row["id"]), label, float(str(row["value"])), str(row["unit"]), source(str(row["source"])).cite(),
        str(row["locator"]), str(row["verified"]), str(row["note"]),
    )  # fmt: skip


def price_of(tier: str) -> tuple[FactorRef, str] | None:
    """Price of a credit of the tier and its date; None where no credit is sold."""
    table = load("biodiversity/credit_prices")
    found = table[(table["tier"] == tier) & (table["parameter"] == "statutory credit price")]
    if not tier or found.empty:
        return None
    row = {str(k): v for k, v in found.iloc[0].to_dict().items()}
    return _ref(row, f"Statutory credit price, tier {tier}"), str(row["price_date"])


def credits_per_unit() -> FactorRef:
    """Credits to buy for each unit missing."""
    table = load("biodiversity/credit_prices")
    row = table[table["parameter"] == "credits per unit"].iloc[0].to_dict()
    return _ref({str(k): v for k, v in row.items()}, "Credits for each unit missing")
