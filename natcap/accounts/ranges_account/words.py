"""Names of what has a range: labels, units, periods, places, and the words for its main cause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from natcap.accounts.assets_account.words import ENTRY_NAMES
from natcap.accounts.assets_account.working_changes import EFFECT_NAMES
from natcap.accounts.ranges_account.account import CHANGE, Item, RangesAccount
from natcap.accounts.ranges_account.effects import COMPARED, EFFECT, ENTRY
from natcap.accounts.ranges_account.stocks import STOCK_CHANGE
from natcap.accounts.ranges_account.terms import TOTAL, TYPED
from natcap.accounts.services.account import NO_TYPE, WHOLE, ServiceAccount
from natcap.accounts.show.words import HA, TC
from natcap.accounts.wings import Setting

__all__ = ["MEASURES", "Words"]

MEASURES: Mapping[str, str] = {
    "flow": "Flow of the service", "value": "Annual value", "asset": "Asset value", "carbon_stock": "Carbon stock",
    "area": "Adjusted area", STOCK_CHANGE: "Carbon stock once settled, on land known at both dates",
    TYPED["flow"]: "Flow by ecosystem type", TYPED["value"]: "Annual value by ecosystem type",
    TYPED["asset"]: "Asset value by ecosystem type",
    **{f"{EFFECT}{name}": said for name, said in EFFECT_NAMES.items()}, COMPARED: "Change of asset values that compare",
    **{f"{ENTRY}{name}": said for name, said in ENTRY_NAMES.items()},
    f"{ENTRY}conversions": "Additions less reductions",
}  # fmt: skip
_IN_TOTAL = (TYPED["value"], TYPED["asset"])
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
        if item.measure in TYPED or item.measure == TYPED["flow"]:
            service = self.services.services.get(self.parts(item)[0])
            return _GBP if service is None or item.measure not in ("flow", TYPED["flow"]) else service.unit
        return {"carbon_stock": TC, STOCK_CHANGE: TC, "area": HA}.get(item.measure, _GBP)

    def parts(self, item: Item) -> tuple[str, str]:
        """Service and ecosystem type of an item; "" where it has none."""
        if item.measure in _IN_TOTAL:
            return "", item.item
        service, _, kind = item.item.partition(".")
        return service, kind

    def type_name(self, kind: str) -> str:
        return self.services.types.get(kind, "Not by ecosystem type" if kind == NO_TYPE else kind)

    def name(self, item: Item) -> str:
        """What stands in the row: a service, a class, or the total."""
        if item.measure == "area":
            return {c.key: c.name for c in self.services.land.classes}[item.item]
        if item.item == TOTAL:
            stock = item.measure in ("carbon_stock", STOCK_CHANGE)
            return "All classes and pools" if stock else "All ecosystem services"
        key, kind = self.parts(item)
        if not key:
            return self.type_name(kind)
        service = self.services.services[key]
        name = f"{service.name} (abiotic, in no total)" if service.abiotic else service.name
        return f"{name}, {self.type_name(kind)}" if kind else name

    def label(self, item: Item) -> str:
        price = f", {self.services.price_year} prices" if self.unit(item) == _GBP else ""
        return f"{MEASURES[item.measure]}, {self.name(item)}, {self.date(item.date)}{price}"

    def cause(self, account: RangesAccount, key: str) -> str:
        """A factor or a group of areas in words."""
        if key in account.known:
            return account.known[key].factor.ref.label or key
        return f"Areas at the {key.removeprefix('area.')}"
