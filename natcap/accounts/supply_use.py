"""Supply and use of ecosystem services: what each ecosystem type supplies, who uses it, in physical terms and money.

Supply of a service equals its use, exactly, because the use table is the supply allocated by shares that sum to 1.
Exchange values and welfare values measure different things: a table of one refuses the other.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import pandas as pd

__all__ = ["BASES", "ValueBasisError", "difference", "flows", "money", "net", "use"]

BASES: tuple[str, ...] = ("exchange", "welfare", "cost-based")
"""What a value per unit stands for. Accounts hold exchange values (SEEA EA 8.13)."""

Array = npt.NDArray[np.float64]


class ValueBasisError(ValueError):
    """Exchange and welfare values were about to be added."""


def flows(extent: pd.DataFrame, parameters: pd.DataFrame) -> pd.DataFrame:
    """Physical flow of each service by place and ecosystem type: F = A y k.

    `extent` has columns place, ecosystem, hectares. `parameters` has service, ecosystem, value (per hectare and year),
    unit (of the flow), and optionally condition (k, default 1). One row per (place, ecosystem, service) for which there
    is a parameter. Negative flows are kept. Raises ValueError for a missing area or parameter value: neither is zero.
    """
    if extent["hectares"].isna().any():
        raise ValueError("extent is missing for an ecosystem type")
    if parameters["value"].isna().any():
        names = sorted(set(parameters.loc[parameters["value"].isna(), "service"]))
        raise ValueError(f"a flow parameter is missing for {', '.join(names)}")
    if parameters.duplicated(["service", "ecosystem"]).any():
        raise ValueError("two flow parameters for one service and ecosystem type")
    table = extent.merge(parameters, on="ecosystem", how="inner", validate="many_to_many")
    k = table.get("condition", 1.0)
    return table.assign(flow=table["hectares"] * table["value"] * k)


def money(physical: pd.DataFrame, values: pd.DataFrame, basis: str = "exchange") -> pd.DataFrame:
    """Value of flows: E = F p. `values` has service, price (per unit flow), price_unit, basis, price_year.

    Raises ValueBasisError when a value of another basis is among those asked for, and ValueError for a service without
    a price, a price without a price year, or prices of different price years.
    """
    if basis not in BASES:
        raise ValueError(f"value basis {basis!r}: expected one of {', '.join(BASES)}")
    used = values[values["service"].isin(set(physical["service"]))]
    other = sorted(set(used.loc[used["basis"] != basis, "service"]))
    if other:
        raise ValueBasisError(f"values of another basis than {basis} cannot enter this table: {', '.join(other)}")
    missing = sorted(set(physical["service"]) - set(used["service"]))
    if missing:
        raise ValueError(f"no {basis} value for {', '.join(missing)}")
    years = set(used["price_year"])
    if any(pd.isna(year) for year in years):
        raise ValueError("a value has no price year")
    if len(years) > 1:
        raise ValueError(f"values of price years {', '.join(str(int(y)) for y in sorted(years))} cannot be added")
    priced = physical.merge(
        used[["service", "price", "price_unit", "price_year"]], on="service", validate="many_to_one"
    )
    return priced.assign(amount=priced["flow"] * priced["price"])


def use(supply: pd.DataFrame, shares: pd.DataFrame, column: str) -> pd.DataFrame:
    """Allocate supply to users by shares: one row per (place, service, user).

    `supply` has place, service and the `column` to allocate; `shares` has service, user, share. Raises ValueError for a
    service whose shares do not sum to 1 (1e-9), a negative share, or a service without users.
    """
    total = supply.groupby(["place", "service"], dropna=False)[column].sum(min_count=1).reset_index()
    sums = shares.groupby("service")["share"].sum()
    wrong = sorted(sums.index[(sums - 1).abs() > 1e-9])
    if wrong or (shares["share"] < 0).any():
        raise ValueError(f"shares of users must be 0 or more and sum to 1: {', '.join(wrong) or 'a negative share'}")
    missing = sorted(set(total["service"]) - set(sums.index))
    if missing:
        raise ValueError(f"no users for {', '.join(missing)}")
    table = total.merge(shares, on="service", validate="many_to_many")
    return table.assign(**{column: table[column] * table["share"]})[["place", "service", "user", column]]


def difference(supply: pd.DataFrame, used: pd.DataFrame, column: str, services: Iterable[str]) -> dict[str, float]:
    """Supply minus use per service: 0 to rounding by construction, printed as a check."""
    s, u = (frame.groupby("service")[column].sum() for frame in (supply, used))
    return {name: float(s.get(name, 0.0)) - float(u.get(name, 0.0)) for name in services}


def net(supply: pd.DataFrame, used: pd.DataFrame, column: str) -> pd.DataFrame:
    """Supply less use of intermediate services by place, service and ecosystem type: what one gives, another takes.

    `supply` has place, service, ecosystem and the `column`; `used` has place, service, user (an ecosystem type) and the
    column, as `use` allocates it. One row for each type that supplies or uses: `supplies`, `uses` (bool), `supplied`,
    `used`, `net`. A type that only uses supplies nothing, and the other way round; an amount that is missing (NaN)
    stays so. Over the types of a place and service `net` sums to 0 to rounding: nothing is left to final users.
    """
    keys = ["place", "service", "ecosystem"]
    given = supply.groupby(keys)[column].agg(lambda values: values.sum(skipna=False)).rename("supplied")
    taken = used.rename(columns={"user": "ecosystem"}).groupby(keys)[column].agg(lambda v: v.sum(skipna=False))
    table = pd.DataFrame(index=given.index.union(taken.index, sort=False))
    table["supplies"], table["uses"] = table.index.isin(given.index), table.index.isin(taken.index)
    table["supplied"], table["used"] = given.reindex(table.index), taken.reindex(table.index)
    table["net"] = table["supplied"].where(table["supplies"], 0.0) - table["used"].where(table["uses"], 0.0)
    return table.rename_axis(keys).reset_index()
