"""Names of what has a range: labels, units, periods, places, and the words for its main cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from natcap.accounts.ranges_account.account import CHANGE, Item, RangesAccount
from natcap.accounts.ranges_account.terms import TOTAL
from natcap.accounts.services.account import WHOLE, ServiceAccount
from natcap.accounts.show.words import HA, TC
from natcap.accounts.wings import Setting

__all__ = ["MEASURES", "Words"]

MEASURES: Mapping[str, str] = {
    "flow": "Flow of the service", "value": "Annual value", "asset": "Asset value", "carbon_stock": "Carbon stock",
    "area": "Adjusted area",
}  # fmt: skip
_GBP = "GBP"


@dataclass(frozen=True)
class Words:
    """Words of one report. Area items are keys of land-cover classes, all others service ids or the total."""

    setting: Setting
    services: ServiceAccount

    def zone_key(self, zone: str) -> str:
        land = self.services.land
        return WHOLE if zone == WHOLE else dict(zip(land.zones, land.keys, strict=True)).get(zone, zone)

    def place(self, item: Item) -> str:
        land = self.services.land
        return "all zones" if item.zone == WHOLE else dict(zip(land.zones, land.names, strict=True))[item.zone]

    def period(self, item: Item) -> str:
        return self.date(item.date, bare=True)

    def date(self, date: str, bare: bool = False) -> str:
        """The year of a date with the word for it, "2023 (closing)"; the span of a change."""
        if date == CHANGE:
            return self.setting.span if bare else f"change, {self.setting.span}"
        year = self.setting.years[("opening", "closing").index(date)]
        return year if bare or year == date else f"{year} ({date})"

    def unit(self, item: Item) -> str:
        if item.measure == "flow":
            return self.services.services[item.item].unit
        return {"carbon_stock": TC, "area": HA}.get(item.measure, _GBP)

    def name(self, item: Item) -> str:
        """What stands in the row: a service, a class, or the total."""
        if item.measure == "area":
            return {c.key: c.name for c in self.services.land.classes}[item.item]
        if item.item == TOTAL:
            return "All classes and pools" if item.measure == "carbon_stock" else "All ecosystem services"
        service = self.services.services[item.item]
        return f"{service.name} (abiotic, in no total)" if service.abiotic else service.name

    def label(self, item: Item) -> str:
        price = f", {self.services.price_year} prices" if item.measure in ("value", "asset") else ""
        return f"{MEASURES[item.measure]}, {self.name(item)}, {self.date(item.date)}{price}"

    def cause(self, account: RangesAccount, key: str) -> str:
        """A factor or a group of areas in words."""
        if key in account.known:
            return account.known[key].factor.ref.label or key
        return f"Areas at the {key.removeprefix('area.')}"
