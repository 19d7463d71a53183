"""Rows of the workbook of services, checked one by one: service, unit, range, price year, basis; each at its cell."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from natcap.accounts.classes import slug
from natcap.accounts.services.account import Factor, Service
from natcap.accounts.services.intermediate.rows import Between
from natcap.accounts.services.library import Parameter, Price, Rag, economic_units, factor, services
from natcap.core.money import DEFLATOR, deflator
from natcap.core.problems import Problems, did_you_mean
from natcap.core.report import FactorRef, InputRef
from natcap.core.units import UnitError, convert, factor_between, unit
from natcap.core.workbook import Row

__all__ = ["Checker"]


class Checker(Between):
    """Turns rows into parameters, prices and factors; what is wrong goes to `problems` with its cell."""

    def __init__(self, shown: str, problems: Problems, types: frozenset[str]) -> None:
        super().__init__(shown, problems, types)
        self.services = services()
        self.names = {slug(s.name): key for key, s in self.services.items()} | {key: key for key in self.services}
        self.users = {slug(name): key for key, name in economic_units().items()} | {k: k for k in economic_units()}

    def service(self, row: Row) -> Service | None:
        key = slug(str(row["service"]))
        if key in self.names:
            return self.services[self.names[key]]
        held = self.between(key)
        if held is not None:
            return held
        known = (*self.services, *self.kin)
        self.tell(row, "service", str(row["service"]), f"one of {', '.join(known)}",
                  did_you_mean(str(row["service"]), known))  # fmt: skip
        return None

    def user(self, row: Row, service: Service | None) -> str | None:
        """The economic unit; of an intermediate service the ecosystem type, as it was written."""
        word = str(row["user"])
        key = self.users.get(slug(word))
        if service is not None and service.section == "intermediate":
            return self.ecosystem(row, service, key is not None)
        if key is None and not (service is not None and self.refused(row, service)):
            near = did_you_mean(word, economic_units())
            self.tell(row, "user", word, f"one of {', '.join(economic_units())}", near)
        return key

    def ordered(self, row: Row, name: str) -> bool:
        """Whether low <= value <= high, as far as they are given."""
        value = row[name]
        fits = not (row["low"] > value or row["high"] < value)
        if not fits:
            self.tell(row, "low" if row["low"] > value else "high", f"a range from {row['low']:g} to {row['high']:g}",
                      f"a range around {value:g}")  # fmt: skip
        return fits

    def fits(self, row: Row, name: str, service: Service) -> bool:
        """Whether a flow has a sign it can have: below 0 only where a regulating service is a disservice."""
        if row[name] >= 0 or service.section == "regulating":
            return True
        self.tell(row, name, f"{row[name]:g}", f"a flow of {service.id} of 0 or more",
                  "Only regulating services, such as that of greenhouse gases, can be negative")  # fmt: skip
        return False

    def factor(self, row: Row, key: str, label: str, name: str, unit_id: str, price_year: int | None = None) -> Factor:
        cell = row[f"_cell_{name}"] or f"row {row['_row']}"
        told = str(row["evidence"])
        ref = FactorRef(key, label, float(row[name]), unit_id, told, f"{self.shown}, {row['_sheet']} {cell}", "user")
        entered, in_unit = row.get("_entered", (row[name], unit_id))
        given = InputRef(self.shown, row["_sheet"], cell, f"{entered:.10g}", in_unit, told)
        rag: Rag = row["confidence"] or "Amber"
        tier = "as the user says" if row["confidence"] else "given by the user, who did not say how sure it is"
        return factor(ref, float(row.get("low", np.nan)), float(row.get("high", np.nan)), rag, tier, price_year, given)

    def flow(self, row: Row, service: Service) -> dict[Hashable, Any] | None:
        """The row with flow and range in the unit of the service."""
        if not 1900 <= row["year"] <= 2200:
            self.tell(row, "year", f"{row['year']:g}", "a calendar year such as 2023")
            return None
        try:
            numbers: dict[Hashable, Any] = {
                name: convert(float(row[name]), str(row["unit"]), service.unit) for name in ("flow", "low", "high")
            }
        except UnitError as error:
            self.tell(row, "unit", str(row["unit"]), f"{service.unit}, or a unit that converts to it", str(error))
            return None
        entered = (row["flow"], str(row["unit"]))
        return (
            {**row, **numbers, "_entered": entered}
            if self.ordered(row, "flow") and self.fits(row, "flow", service)
            else None
        )

    def parameter(self, row: Row) -> Parameter | None:
        service = self.service(row)
        if service is None or not self.modelled(row, service):
            return None
        wanted = f"{service.unit}/hectare/year"
        try:
            known = unit(str(row["unit"]))
            rate = known.dimension != "ratio"
            scale = factor_between(known, wanted if rate else "fraction")
        except UnitError as error:
            self.tell(row, "unit", str(row["unit"]), f"{wanted}, fraction or percent", str(error))
            return None
        if not self.ordered(row, "value") or not self.fits(row, "value", service):
            return None
        key = f"services.own.{service.id}.{slug(str(row['habitat']))}.{slug(str(row['parameter']))}"
        made = self.factor(row, key, f"{row['parameter']}, {row['habitat']}", "value", known.id)
        return Parameter(service.id, slug(str(row["habitat"])), slug(str(row["parameter"])), made, scale, rate,
                         row["net_of"])  # fmt: skip

    def price(self, row: Row) -> Price | None:
        service = self.service(row)
        year = self.price_year(row)
        if row["basis"] == "welfare":
            self.tell(row, "basis", "a welfare value", "an exchange or cost-based value",
                      "Accounts hold exchange values (SEEA EA 8.13): what people would be willing to pay beyond what "
                      "they pay measures something else and cannot be added to them. Give what is paid, or the cost "
                      "that is spared, or take the row out")  # fmt: skip
            return None
        if service is None or not self.sound(row, service) or year is None or not self.ordered(row, "value"):
            return None
        wanted = f"GBP/{service.unit}"
        try:
            priced = unit(str(row["unit"])).id.replace(f"_{year}/", "/", 1)
            scale = factor_between(priced, wanted)
        except UnitError as error:
            self.tell(row, "unit", str(row["unit"]), f"{wanted}, or a unit that converts to it", str(error))
            return None
        flow_year = None if np.isnan(row["year"]) else int(row["year"])
        habitat = slug(str(row["habitat"])) if row["habitat"] else ""
        key = ".".join(["services.own.value", service.id, *([habitat] if habitat else []),
                        *([str(flow_year)] if flow_year else [])])  # fmt: skip
        made = self.factor(row, key, f"unit value, {service.name}", "value", f"GBP_{year}/{priced.split('/', 1)[1]}",
                           year)  # fmt: skip
        return Price(service.id, habitat, flow_year, made, scale, year, row["basis"], row["net_of"])

    def sound(self, row: Row, service: Service) -> bool:
        """Whether a unit value has a sign it can have: a resource rent, what is left of output after all costs, may be
        below 0 (told as a warning); elsewhere harm is a negative flow, never a negative price."""
        if row["value"] > 0:
            return True
        rent = service.section in ("provisioning", "abiotic")
        remedy = "Where a flow does harm, the flow is negative and not its price"
        if rent:
            remedy = "A resource rent may be so where costs exceed what is earned: it is kept, and lowers the totals"
        self.tell(row, "value", f"{row['value']:g}", "a unit value above 0", remedy, warning=rent)
        return rent

    def price_year(self, row: Row) -> int | None:
        held = deflator()
        span = f"a year from {held.index[0]} to {held.index[-1]}, those of the GDP deflator {DEFLATOR}"
        if np.isnan(row["price_year"]):
            self.tell(row, "price_year", "no price year", span,
                      "A price without its year cannot be brought to the prices of the account")  # fmt: skip
            return None
        if int(row["price_year"]) not in held.index:
            self.tell(row, "price_year", f"the price year {row['price_year']:g}", span)
            return None
        return int(row["price_year"])
