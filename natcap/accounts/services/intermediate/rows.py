"""Rows about intermediate services, checked at their cells: type, unit, and who may use what."""

from __future__ import annotations

from dataclasses import replace

from natcap.accounts.classes import slug
from natcap.accounts.services.account import Service
from natcap.accounts.services.intermediate.library import (
    ends_in,
    intermediate_names,
    intermediate_services,
    offered_units,
)
from natcap.accounts.services.library import economic_units
from natcap.core.problems import Problems
from natcap.core.units import UnitError, convert
from natcap.core.workbook import Row, RowTeller

__all__ = ["Between"]


class Between(RowTeller):
    """What holds for rows of intermediate services. `types` are names of ecosystem types as keys, as far as known."""

    def __init__(self, shown: str, problems: Problems, types: frozenset[str]) -> None:
        super().__init__(shown, problems)
        self.types, self.kin = types, dict(intermediate_services())
        self.settled: set[str] = set()

    def between(self, name: str) -> Service | None:
        """The intermediate service of a name as a key, in the unit of its readings once one was met."""
        key = intermediate_names().get(name)
        return None if key is None else self.kin[key]

    def measured(self, row: Row, service: Service) -> Service | None:
        """The service in the unit in which it is read here: the first reading settles which of those offered.

        Final services pass as they are.
        """
        if service.section != "intermediate":
            return service
        if not row["type"]:
            self.tell(row, "type", f"no ecosystem type for the intermediate service {service.name}",
                      "the ecosystem type that supplies it", "Give a row for each ecosystem type")  # fmt: skip
            return None
        if service.id in self.settled:
            return service
        for name in offered_units(service.id):
            try:
                convert(1.0, str(row["unit"]), name)
            except UnitError:
                continue
            self.kin[service.id] = replace(service, unit=name)
            self.settled.add(service.id)
            return self.kin[service.id]
        offered = " or ".join(offered_units(service.id))
        self.tell(row, "unit", str(row["unit"]), f"{offered}, or a unit that converts to it",
                  "All readings of the service are in one unit")  # fmt: skip
        return None

    def modelled(self, row: Row, service: Service) -> bool:
        """Whether flows of the service may be modelled by the hectare; those of intermediate services are read."""
        if service.section != "intermediate":
            return True
        self.tell(row, "service", f"a parameter of the intermediate service {service.name}",
                  "readings of what each ecosystem type supplies", "Give the flow on the sheet Readings")  # fmt: skip
        return False

    def ecosystem(self, row: Row, service: Service, economic: bool) -> str | None:
        """The user of an intermediate service as it was written; an economic unit is none."""
        word = str(row["user"])
        if not economic or slug(word) in self.types:
            return word
        self.tell(row, "user", f"the economic unit {word} as a user of {service.name}",
                  "the ecosystem type that uses it, as the account of extent names it",
                  f"{service.name} is intermediate: what people get of it is in final services already "
                  f"({ends_in(service.id)}) and would count twice. Name ecosystem types, or leave it out")  # fmt: skip
        return None

    def refused(self, row: Row, service: Service) -> bool:
        """Whether an ecosystem type was named as the user of a final service, which is told."""
        word = str(row["user"])
        if slug(word) not in self.types:
            return False
        names = ", ".join(held.name for held in self.kin.values())
        self.tell(row, "user", f"the ecosystem type {word} as a user of {service.name}",
                  f"one of {', '.join(economic_units())}",
                  f"{service.name} is a final service, which economic units use. Ecosystem types use intermediate "
                  f"services only: {names}")  # fmt: skip
        return True
