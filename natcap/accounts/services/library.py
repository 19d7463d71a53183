"""The library of ecosystem services: what `factors/services` holds, as services and factors."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import pandas as pd

from natcap.accounts.services.account import Factor, Service
from natcap.core.money import CARBON_SERIES, CarbonValue, Level, carbon_value_row
from natcap.core.report import FactorRef, InputRef
from natcap.core.resources import root
from natcap.core.sources import source
from natcap.core.tables import load
from natcap.core.units import unit
from natcap.core.verification import UNPUBLISHED

__all__ = [
    "RAGS", "Parameter", "Price", "carbon_price", "economic_units", "factor", "first_carbon_year", "flow_parameters",
    "guards", "habitat_of", "published_services", "services", "spread", "supplies", "unit_values", "user_shares",
]  # fmt: skip

Rag = Literal["Green", "Amber", "Red"]
RAGS: tuple[Rag, ...] = ("Green", "Amber", "Red")
_TIER = {
    "read": "national figure, read at its source, scaled to the area",
    "derived": "arithmetic on national figures that were read, scaled to the area",
    "read-secondary": "national figure, read in a transcription, scaled to the area",
    "recalled": "recalled, no page in hand: to be checked before publication",
    "judged": "judged by this project: to be confirmed before publication",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that flows multiply. `rate`: per hectare and year; else a share. `scale` brings it to the unit of the
    service. `net_of`: what is already taken off it."""

    service: str
    habitat: str
    name: str
    factor: Factor
    scale: float
    rate: bool
    net_of: str = ""


@dataclass(frozen=True, slots=True)
class Price:
    """A unit value in its own price year. `habitat` "" and `year` None hold for any; `scale` as for parameters."""

    service: str
    habitat: str
    year: int | None
    factor: Factor
    scale: float
    price_year: int
    basis: str
    net_of: str = ""


def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(root("factors") / "services" / f"{name}.csv", dtype=str, keep_default_na=False)


def spread(value: float, low: float, high: float, share: bool = False) -> tuple[float, float, str]:
    """Low, high and the distribution that fits them: fixed without a range, lognormal above zero, else triangular."""
    low, high = (value if np.isnan(end) else end for end in (low, high))
    if low == high:
        return low, high, "fixed"
    return low, high, "lognormal" if low > 0 and not share else "triangular"


def factor(
    ref: FactorRef, low: float, high: float, rag: Rag, tier: str, price_year: int | None = None,
    given: InputRef | None = None,
) -> Factor:  # fmt: skip
    """A factor with the distribution that its range asks for."""
    ends = spread(ref.value, low, high, unit(ref.unit).dimension == "ratio")
    return Factor(ref, *ends, rag=rag, tier=tier, price_year=price_year, input=given)


def _factor(row: Mapping[Hashable, Any], label: str, price_year: int | None = None) -> Factor:
    state = str(row["verified"])
    ref = FactorRef(
        row["id"], label, float(row["value"]), row["unit"], source(row["source"]).cite(), row["locator"], state,
        row["note"],
    )  # fmt: skip
    rag: Rag = "Red" if state in UNPUBLISHED else "Amber"
    return factor(ref, float(row["low"]), float(row["high"]), rag, _TIER[state], price_year)


@lru_cache(maxsize=1)
def services() -> Mapping[str, Service]:
    """The sixteen services by id, in the order of the accounts."""
    return {
        row["service"]: Service(
            row["service"], row["name"], row["section"], row["flow_unit"], int(row["value"]), row["abiotic"] == "yes",
            row["health"] == "yes", row["price"], row["supply"],
            row["rental"] == "yes",
        )
        for row in load("services/services").to_dict("records")
    }  # fmt: skip


def supplies() -> Mapping[str, str]:
    """What a user gives for each service, as a sentence."""
    return {key: service.note for key, service in services().items()}


def flow_parameters() -> tuple[Parameter, ...]:
    """Every parameter of the library by service and habitat."""
    found = []
    for row in load("services/flows").to_dict("records"):
        label = f"{row['parameter']}, {row['habitat'].replace('_', ' ')}"
        rate = row["unit"] != "fraction"
        parameter = Parameter(row["service"], row["habitat"], row["parameter"], _factor(row, label), 1.0, rate,
                              row["net_of"])  # fmt: skip
        found.append(parameter)
    return tuple(found)


def unit_values() -> tuple[Price, ...]:
    """Every unit value of the library."""
    from natcap.core.units import factor_between

    found = []
    for row in load("services/values").to_dict("records"):
        place = f", {row['habitat'].replace('_', ' ')}" if row["habitat"] else ""
        year, key = int(row["price_year"]), row["service"]
        scale = factor_between(row["unit"], f"GBP_{year}/{services()[key].unit}")
        made = _factor(row, f"{row['parameter']}{place}", year)
        found.append(Price(key, row["habitat"], None, made, scale, year, row["basis"], row["net_of"]))
    return tuple(found)


@lru_cache(maxsize=1)
def first_carbon_year() -> int:
    """The first year of the carbon values."""
    table = load("values/carbon_values")
    return int(table.loc[table["series"] == CARBON_SERIES, "year"].astype(int).min())


def carbon_price(year: int, level: Level = "central", held: bool = False) -> Price:
    """The value of a year on a path of the Department for Energy Security and Net Zero. Raises MoneyError.

    `held`: a year before the first takes the value of the first, as the asset values do where it is so chosen.
    """
    row: CarbonValue = carbon_value_row(max(year, first_carbon_year()) if held else year)
    base, value = row.price_year, {"low": row.low, "central": row.value, "high": row.high}[level]
    ref = FactorRef(
        row.id, f"carbon value {row.year}, {level} series", value, f"GBP_{base}/tonne_co2e", source(row.source).cite(),
        row.locator, row.verified, row.note,
    )  # fmt: skip
    made = Factor(ref, row.low, row.high, "scenario", "Amber", "price path of the government, a scenario", base)
    return Price("greenhouse_gas_regulation", "", row.year, made, 1.0, base, "exchange")


def user_shares() -> pd.DataFrame:
    """service, user, share, factor (Factor): how the library divides use."""
    rows = load("services/users").to_dict("records")
    return pd.DataFrame(
        [
            (row["service"], row["user"], float(row["value"]), _factor(row, f"share of use, {row['user']}"))
            for row in rows
        ],
        columns=["service", "user", "share", "factor"],
    )


def economic_units() -> Mapping[str, str]:
    """Users by id, with their names."""
    table = _table("economic_units")
    return dict(zip(table["user"], table["name"], strict=True))


def habitat_of(list_id: str) -> Mapping[int, str]:
    """By code of a class list: the habitat whose parameters it takes. Empty for a list the library does not know."""
    table = _table("habitat_of_class")
    rows = table[table["list"] == list_id]
    return {int(code): str(habitat) for code, habitat in zip(rows["code"], rows["habitat"], strict=True)}


def guards() -> tuple[Mapping[str, str], ...]:
    """Double-counting guards: service, beside, net_of, by_type, message."""
    return tuple({str(k): str(v) for k, v in row.items()} for row in _table("guards").to_dict("records"))


def published_services() -> Mapping[str, Mapping[str, str]]:
    """By indicator of the published file: service, unit, net_of, source."""
    rows = _table("published").to_dict("records")
    return {str(row["indicator"]): {str(k): str(v) for k, v in row.items()} for row in rows}
