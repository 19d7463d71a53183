"""The account of intermediate services from the readings and users of a project, beside that of final services."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from natcap.accounts.classes import slug
from natcap.accounts.services.account import NO_TYPE, ROWS, Factor, Intermediate, Service
from natcap.accounts.services.given_rows import resolved
from natcap.accounts.services.ground import DATES, Ground
from natcap.accounts.services.intermediate.given import Given
from natcap.accounts.services.intermediate.library import intermediate_services
from natcap.accounts.services.library import Price
from natcap.accounts.services.prices import Applied, Prices
from natcap.core.problems import Problems, did_you_mean
from natcap.core.workbook import RowTeller

__all__ = ["Made", "intermediate_account"]


@dataclass(frozen=True)
class Made:
    """The account with its working: unit values in use by factor id, and why a service and year have none."""

    account: Intermediate
    prices: Mapping[str, Applied]
    unpriced: Mapping[tuple[str, int], str]


def intermediate_account(
    ground: Ground, given: Given, shown: str, years: tuple[int, int], price_year: int, problems: Problems
) -> Made | None:
    """The account of the two dates; None where nothing of them was read. What does not fit is added to `problems`."""
    if given.readings.empty:
        return None
    before = len(problems.errors)
    table = resolved(ground, given.readings, shown, problems)
    uses = _users(ground, given.uses, RowTeller(shown, problems))
    prices = Prices(_placed(ground, given.prices, problems), price_year)
    rows = _rows(table, prices, years)
    if len(problems.errors) > before or rows.empty:
        return None
    services = {key: service for key, service in _units(given).items() if (rows["service"] == key).any()}
    uses = uses[uses["service"].isin(list(services))].reset_index(drop=True)
    known: Iterable[Factor] = [*table["factor"], *uses["factor"]]
    factors = {factor.ref.id: factor for factor in known} | {k: a.price.factor for k, a in prices.used.items()}
    plain = uses.assign(factor=uses["factor"].map(lambda f: f.ref.id))
    return Made(Intermediate(services, factors, rows, plain), prices.used, prices.missing)


def _units(given: Given) -> Mapping[str, Service]:
    """The services in the units that their readings have."""
    held = dict(zip(given.readings["service"], given.readings["unit"], strict=True))
    return {key: replace(service, unit=held.get(key, service.unit)) for key, service in intermediate_services().items()}


def _users(ground: Ground, uses: pd.DataFrame, teller: RowTeller) -> pd.DataFrame:
    """service, user (key of a type), share, factor; names that are no type, and a type named twice, are told."""
    found, met = [], set[tuple[str, str]]()
    for row in uses.to_dict("records"):
        key = ground.type_names.get(slug(row["user"]), NO_TYPE)
        if key == NO_TYPE:
            names = list(ground.types.values())
            teller.tell(row, "user", f"the user {row['user']}", f"one of the ecosystem types {', '.join(names)}",
                        did_you_mean(row["user"], names) or "Name it as the account of extent does")  # fmt: skip
        elif (row["service"], key) in met:
            teller.tell(row, "user", f"a second share of {ground.types[key]}", "each ecosystem type once",
                        "Delete one of the rows")  # fmt: skip
        else:
            met.add((row["service"], key))
            found.append((row["service"], key, row["share"], row["factor"]))
    order, place = list(intermediate_services()), list(ground.types)
    found.sort(key=lambda use: (order.index(use[0]), place.index(use[1])))
    return pd.DataFrame(found, columns=["service", "user", "share", "factor"])


def _placed(ground: Ground, prices: Iterable[Price], problems: Problems) -> Iterator[Price]:
    """Unit values with the ecosystem type whose supply they price, "" for any."""
    for price in prices:
        key = ground.type_names.get(slug(price.habitat) if price.habitat else "")
        if key is not None:
            yield replace(price, habitat="" if key == NO_TYPE else key)
        elif price.factor.input is not None:
            place, names = price.factor.input, list(ground.types.values())
            problems.add(place.file, f"the ecosystem type {price.habitat}", f"one of {', '.join(names)}, or blank",
                         did_you_mean(price.habitat, names) or "The value is of what that ecosystem type supplies",
                         sheet=place.sheet, cell=place.cell)  # fmt: skip


def _rows(table: pd.DataFrame, prices: Prices, years: tuple[int, int]) -> pd.DataFrame:
    """Rows of the two dates with the columns ROWS: readings, priced where there is a unit value."""
    made = []
    dates = dict(zip(years, DATES, strict=True))
    for row in table[table["year"].isin(years)].to_dict("records"):
        year, factor = int(row["year"]), row["factor"]
        applied = prices.of(intermediate_services()[row["service"]], (row["type"],), year)
        price, priced = (np.nan, "") if applied is None else (applied.amount, applied.id)
        made.append((dates[year], year, row["zone"], row["service"], row["type"], np.nan, (factor.ref.id,), 1.0,
                     row["flow"], price, priced, row["flow"] * price, "reading"))  # fmt: skip
    order = {key: at for at, key in enumerate(intermediate_services())}
    made.sort(key=lambda row: (order[row[3]], row[1]))
    return pd.DataFrame(made, columns=list(ROWS))
