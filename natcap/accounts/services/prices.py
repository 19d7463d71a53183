"""The price of a unit of flow: a user's own before the library's, brought to the price year of the account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from natcap.accounts.services.account import Service
from natcap.accounts.services.library import Price, carbon_price, unit_values
from natcap.core.money import DEFLATOR, Level, MoneyError, deflate
from natcap.core.report import FactorRef
from natcap.core.sources import source
from natcap.core.tables import load, row

__all__ = ["Applied", "Prices", "deflator_ref"]


@lru_cache(maxsize=64)
def deflator_ref(year: int) -> FactorRef:
    """The GDP deflator of a year as a factor. Raises LookupError for a year it does not hold."""
    found = row(load("values/gdp_deflator"), vintage=DEFLATOR, year=str(year))
    return FactorRef(found["id"], f"GDP deflator {year}", float(found["value"]), found["unit"],
                     source(found["source"]).cite(), found["locator"], found["verified"], found["note"])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Applied:
    """A price in use: GBP of the account's price year for a unit of flow of the service."""

    price: Price
    amount: float

    @property
    def id(self) -> str:
        return self.price.factor.ref.id


class Prices:
    """Finds prices; remembers the ones that were used, and why there was none.

    `level` is the series of carbon values; `early`: whether the first of them stands for the years before it.
    """

    def __init__(self, own: Iterable[Price], price_year: int, level: Level = "central", early: bool = False) -> None:
        self.own, self.held, self.price_year = tuple(own), unit_values(), price_year
        self.level, self.early = level, early
        self.used: dict[str, Applied] = {}
        self.missing: dict[tuple[str, int], str] = {}
        self._found: dict[tuple[str, tuple[str, ...], int], Applied | None] = {}

    def of(self, service: Service, habitats: tuple[str, ...], year: int) -> Applied | None:
        """The price of a service in a year; `habitats` from the closest name of the place to the widest."""
        key = (service.id, habitats, year)
        if key not in self._found:
            found = self._pick(service, habitats, year)
            applied = None
            if found is not None:
                amount = found.factor.ref.value * found.scale
                applied = Applied(found, float(deflate(amount, found.price_year, self.price_year)))
                self.used[applied.id] = applied
            self._found[key] = applied
        return self._found[key]

    def _pick(self, service: Service, habitats: tuple[str, ...], year: int) -> Price | None:
        for held in (self.own, self.held):
            mine = [p for p in held if p.service == service.id]
            for habitat in (*habitats, ""):
                for wanted in (year, None):
                    for price in mine:
                        if (price.habitat, price.year) == (habitat, wanted):
                            return price
        if service.price == "carbon":
            try:
                return carbon_price(year, self.level, self.early)
            except MoneyError as error:
                self.missing[service.id, year] = f"{error}; a unit value of your own for that year can be given"
                return None
        self.missing[service.id, year] = "no unit value in the library and none on the sheet Unit values"
        return None
