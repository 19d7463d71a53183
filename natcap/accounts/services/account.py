"""The account of ecosystem services: what each ecosystem type supplies in a year, as products of cited factors.

A row is one product: flow = hectares x factor x factor ... x scale, value = flow x price. It stands for one date, zone,
service and ecosystem type. Whatever follows (supply and use, asset values, ranges) is algebra on these rows, so that a
factor is drawn once and shared by all rows that name it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from natcap.accounts.land import Land
from natcap.core.report import FactorRef, InputRef

__all__ = ["NO_TYPE", "ROWS", "SERIES", "WHOLE", "Factor", "Intermediate", "Service", "ServiceAccount"]

WHOLE = "all"
"""Zone of a flow that is known for the whole accounting area only."""
NO_TYPE = "not_by_type"
"""Ecosystem type of a flow that no source divides among ecosystem types."""

ROWS: tuple[str, ...] = (
    "date", "year", "zone", "service", "type", "hectares", "factors", "scale", "flow", "price", "price_factor", "value",
    "origin",
)  # fmt: skip
"""`date` opening or closing; `year` the year of the flow; `zone` a zone id or WHOLE; `type` a key of `types` or
NO_TYPE; `hectares` NaN where the flow is not per hectare; `factors` a tuple of factor ids; `flow` in the unit of the
service; `price` in GBP of the account's price year per unit of flow, NaN where there is no exchange value;
`price_factor` its factor id; `value` GBP of the price year; `origin` model, reading or published."""
SERIES: tuple[str, ...] = ("service", "zone", "type", "year", "flow", "value", "origin")
"""Yearly flows where readings or published series give more years than the two dates. A column `factor` beside them
names the factor that holds the cell of each."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service of the accounts. `unit` is that of its flow; `life` the years its asset lasts.

    `abiotic` flows stand below the line and enter no total of ecosystem services. `health`: the value is a health
    effect and is discounted by the health schedule. `price`: what prices a unit of flow: one value per `unit`, the
    `carbon` path of each year, or none. `rental`: the price is the yearly equivalent of a capital value, and the asset
    is that capital, whatever the discount schedule.
    """

    id: str
    name: str
    section: Literal["provisioning", "regulating", "cultural", "abiotic", "intermediate"]
    unit: str
    life: int
    abiotic: bool = False
    health: bool = False
    price: Literal["unit", "carbon", "none"] = "unit"
    note: str = ""
    rental: bool = False


@dataclass(frozen=True, slots=True)
class Factor:
    """A number behind a flow or a price: with its page or its cell, its range, and how far it can be trusted.

    `low` and `high` are 5th and 95th percentile; equal to the value where there is no range. `rag`: Green, a local
    measurement or an official statistic under three years old; Amber, a national statistic scaled, or older; Red,
    recalled, judged or transferred. `tier` says in words why.
    """

    ref: FactorRef
    low: float
    high: float
    distribution: str = ""
    rag: Literal["Green", "Amber", "Red"] = "Red"
    tier: str = ""
    price_year: int | None = None
    input: InputRef | None = None


@dataclass(frozen=True)
class Intermediate:
    """Services that one ecosystem type supplies and another uses, such as pollination. Only readings stand here.

    They are no rows of the service account, so that nothing that sums or values those can count them: what they are
    worth is in the final services already. `services` are those with a reading, in the order of the library; `rows`
    has the columns ROWS, `type` never NO_TYPE; `uses` has service, user (a key of the ecosystem types), share, factor
    (id), the shares of a service with the sum 1.
    """

    services: Mapping[str, Service]
    factors: Mapping[str, Factor]
    rows: pd.DataFrame
    uses: pd.DataFrame

    def __post_init__(self) -> None:
        missing = [column for column in ROWS if column not in self.rows]
        if missing:
            raise ValueError(f"rows of intermediate services lack {', '.join(missing)}")


@dataclass(frozen=True)
class ServiceAccount:
    """Rows (columns ROWS), yearly series (columns SERIES), and what they name.

    A row of origin reading without a flow was read in years before its date and not at it: its flow is not known, its
    factors are the readings of those years.

    Rows may have a column `classes`: the codes of the classes whose land of the type the hectares are, () for all of
    it. `types` are ecosystem types by key (habitats where the class list has a crosswalk to them, else classes), `uses`
    has service, user, share, factor (id): how the supply of a service is divided among its users. `intermediate`
    services stand beside the rows, in no total and no asset value.
    """

    land: Land
    years: tuple[int, int]
    price_year: int
    services: Mapping[str, Service]
    types: Mapping[str, str]
    type_area: Mapping[str, pd.DataFrame]
    """By date: hectares, index zone ids, columns keys of `types`."""
    factors: Mapping[str, Factor]
    rows: pd.DataFrame
    uses: pd.DataFrame
    series: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(SERIES)))
    intermediate: Intermediate | None = None

    def __post_init__(self) -> None:
        for name, table, columns in (("rows", self.rows, ROWS), ("series", self.series, SERIES)):
            missing = [column for column in columns if column not in table]
            if missing:
                raise ValueError(f"{name} of the service account lack {', '.join(missing)}")
