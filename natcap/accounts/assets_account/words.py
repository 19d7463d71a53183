"""Words and columns that the sections of the asset account share."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from natcap.accounts.assets_account.choices import AssetChoices
from natcap.accounts.assets_account.projection import Curve, Curves
from natcap.accounts.assets_account.schedules import RENTAL, Option, options
from natcap.accounts.services.account import NO_TYPE, WHOLE, ServiceAccount
from natcap.accounts.show.words import pounds, zone_keys
from natcap.accounts.wings import Setting
from natcap.core.report import Column

__all__ = ["APART_NAME", "ENTRY_NAMES", "TIMINGS", "Words", "money", "pounds"]

ENTRY_NAMES: Mapping[str, str] = {
    "opening": "Opening value",
    "enhancement": "Ecosystem enhancement",
    "degradation": "Ecosystem degradation",
    "additions": "Ecosystem conversions, additions",
    "reductions": "Ecosystem conversions, reductions",
    "catastrophic": "Other changes in volume, catastrophic losses",
    "other_volume": "Other changes in volume, flow not per hectare",
    "reappraisals": "Other changes in volume, reappraisals",
    "revaluation": "Revaluations",
    "closing": "Closing value",
}
"""Entries of the monetary ecosystem asset account (SEEA EA Table 10.1, row names recalled)."""
APART_NAME = "Not comparable between the dates: no change"
"""What stands between two totals beside the net change: assets known at one date only, or in other terms at each."""
TIMINGS: Mapping[str, str] = {
    "start": "start: the flow of the first year counts whole (Green Book year 0)",
    "end": "end: the first flow is that of the year after, at its price, discounted by one year",
    "mid": "mid: the geometric mean of start and end",
}


def money(name: str, label: str, unit: str, formula: str | None = None, note: str = "") -> Column:
    """A column of money without pence."""
    return Column(name, label, unit, "number", 0, formula, note)


class Words:
    """Names, keys and dates of one account."""

    def __init__(self, setting: Setting, account: ServiceAccount, choices: AssetChoices,
                 curves: Curves | None = None) -> None:  # fmt: skip
        self.setting, self.account, self.choices = setting, account, choices
        self.curves = Curves() if curves is None else curves
        self.unit = f"GBP_{account.price_year}"
        land = account.land
        self.zone_key = dict(zip(land.zones, land.keys, strict=True))
        self.zone_key[WHOLE] = zone_keys((*land.keys, "whole_area"))[-1]
        self.zone_name = {WHOLE: "Whole area, not by zone"} | dict(zip(land.zones, land.names, strict=True))
        names = list(dict.fromkeys((*account.types, NO_TYPE)))
        self.type_key = dict(zip(names, zone_keys(names), strict=True))
        self.type_name = {name: account.types.get(name, "Not by ecosystem type") for name in names}
        self.service_name = {s.id: s.name for s in account.services.values()}

    def dated(self, date: str) -> str:
        """ "2023 (closing)"."""
        return f"{self.account.years[0 if date == 'opening' else 1]} ({date})"

    def sign(self, service: str) -> str:
        """The mark of a missing value: [z] where a service has no exchange value, else [x] not available."""
        return "[z]" if self.account.services[service].price == "none" else "[x]"

    @property
    def span(self) -> str:
        return f"{self.account.years[0]} to {self.account.years[1]}"

    def entry(self, name: str) -> str:
        """The label of an entry; the two values with their year."""
        return f"{ENTRY_NAMES[name]} {self.dated(name)}" if name in ("opening", "closing") else ENTRY_NAMES[name]

    @property
    def method(self) -> tuple[str, ...]:
        """How values were made, as notes that every asset table carries."""
        option, health = self.choices.option, self.choices.option_of(True)
        beside = "" if health.id == option.id else f"; health effects by {health.name} of {health.since}"
        return (
            f"Discounting: {option.name}, edition {option.since}{beside}. Timing {TIMINGS[self.choices.timing]}.",
            f"All values in pounds of {self.account.price_year}; greenhouse gas regulation by the {self.choices.level} "
            "carbon value of every year of the path on the flow of the year, other services by their price of the date "
            f"on the mean of the last five years that have one, or of fewer. {self._projected()}",
            *self._rental(),
        )

    def curve_name(self, curve: Curve) -> str:
        """ "Timber" or "Timber, Woodland"."""
        kind = f", {self.type_name[curve.type]}" if curve.type else ""
        return f"{self.service_name[curve.service]}{kind}"

    def _projected(self) -> str:
        """Which flows follow a projection, and where its change stands in the account."""
        if not self.curves:
            return "Flows are held constant: no projection is read."
        names = "; ".join(map(self.curve_name, self.curves.held.values()))
        return (
            f"Flows that follow a projection ({names}): the flow of the year of the date, not a mean, x index of each "
            "year over the index of that year; other flows are held constant. The projection is part of the value of a "
            "unit: that the closing counts another stretch of it than the opening is inside revaluation. It is a "
            "scenario, chosen and not drawn: no range of an asset value covers it."
        )

    @property
    def rental(self) -> tuple[str, ...]:
        """Names of the services of the account whose price stands for capital."""
        met = set(self.account.rows["service"])
        return tuple(s.name for s in self.account.services.values() if s.rental and s.id in met)

    @property
    def schedules(self) -> dict[str, Option]:
        """The schedules in force, with the rate of rental equivalents where a service asks for it."""
        held = options(self.choices.year)
        return {key: option for key, option in held.items() if key != RENTAL or self.rental}

    def _rental(self) -> tuple[str, ...]:
        return tuple(
            f"{name}: the yearly value is the rent that stands for a capital value; the asset is that capital, "
            "whatever the discount schedule and timing."
            for name in self.rental
        )

    def named(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """Pairs with the names and keys of zone, service and type."""
        return pairs.assign(
            zone_name=pairs["zone"].map(self.zone_name), zone_key=pairs["zone"].map(self.zone_key),
            service_name=pairs["service"].map(self.service_name),
            type_name=pairs["type"].map(self.type_name), type_key=pairs["type"].map(self.type_key),
        )  # fmt: skip
