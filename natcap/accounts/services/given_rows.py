"""Flows that somebody read or published: resolved to zones and types, none counted twice, before any model."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.accounts.classes import slug
from natcap.accounts.services.account import NO_TYPE, WHOLE, Factor
from natcap.accounts.services.ground import DATES, Ground
from natcap.accounts.services.library import services
from natcap.accounts.services.prices import Prices
from natcap.accounts.services.published import published_factor
from natcap.accounts.services.read import ServicesInput
from natcap.core.money import deflate
from natcap.core.problems import Problems, did_you_mean
from natcap.core.workbook import RowTeller

__all__ = ["published_rows", "reading_rows", "resolved"]


def resolved(ground: Ground, table: pd.DataFrame, shown: str, problems: Problems) -> pd.DataFrame:
    """Readings with zone ids and type keys; names that the account does not know, and flows given twice, are told."""
    if table.empty:
        return table
    teller = RowTeller(shown, problems)
    zones = table["zone"].map(lambda name: ground.zone_names.get(slug(str(name))))
    types = table["type"].map(lambda name: ground.type_names.get(slug(str(name)) if name else ""))
    shown_zones = [f"{zone} {name}" for zone, name in zip(ground.land.zones, ground.land.names, strict=True)]
    for row in table[zones.isna()].to_dict("records"):
        near = did_you_mean(str(row["zone"]), [*ground.land.zones, *ground.land.names, "all"])
        teller.tell(row, "zone", f"the zone {row['zone']}", f"one of {', '.join(shown_zones)}, or all", near)
    for row in table[types.isna()].to_dict("records"):
        near = did_you_mean(str(row["type"]), ground.types.values())
        expected = f"one of {', '.join(ground.types.values())}, or blank"
        teller.tell(row, "type", f"the ecosystem type {row['type']}", expected, near)
    whole = zones.notna() & types.notna()
    table = table.assign(zone=zones, type=types)[whole].reset_index(drop=True)
    _twice(table, teller)
    return table


def _twice(table: pd.DataFrame, teller: RowTeller) -> None:
    """The same flow twice, a whole beside its parts by zone, a whole beside its parts by type."""
    for row in table[table.duplicated(["service", "zone", "type", "year"])].to_dict("records"):
        teller.tell(row, "flow", f"a second reading of {row['service']} in {row['year']:g}",
                    "each zone, service, type and year once", "Delete one of the rows")  # fmt: skip
    for keys, column, mark, whole, part in (
        (["service", "year"], "zone", WHOLE, "for the whole area", "for single zones"),
        (["service", "year", "zone"], "type", NO_TYPE, "without a type", "by type"),
    ):
        is_whole = table[column] == mark
        both = (~is_whole).groupby([table[k] for k in keys]).transform("any") & is_whole
        for row in table[both].to_dict("records"):
            teller.tell(row, column, f"a reading of {row['service']} {whole} beside others {part}",
                        "one or the other, so that no flow counts twice", "Delete one of the rows")  # fmt: skip


def _dated(table: pd.DataFrame, years: tuple[int, int]) -> pd.Series:
    return table["year"].map(dict(zip(years, DATES, strict=True)))


def reading_rows(ground: Ground, table: pd.DataFrame, prices: Prices, years: tuple[int, int]) -> pd.DataFrame:
    """Rows of the account for readings of any year; `date` is missing where the year is neither of the two."""
    made = []
    for row in table.to_dict("records"):
        factor: Factor = row["factor"]
        group = ground.group_of_type(row["type"])
        habitats = tuple(dict.fromkeys(name for name in (group, ground.habitat.get(group, "")) if name))
        applied = prices.of(services()[row["service"]], habitats, int(row["year"]))
        price = np.nan if applied is None else applied.amount
        net_of = "; ".join(filter(None, [row["net_of"], "" if applied is None else applied.price.net_of]))
        made.append((int(row["year"]), row["zone"], row["service"], row["type"], np.nan, (factor.ref.id,), 1.0,
                     row["flow"], price, "" if applied is None else applied.id, row["flow"] * price, "reading", "",
                     net_of, factor, habitats, row["net_of"]))  # fmt: skip
    columns = ["year", "zone", "service", "type", "hectares", "factors", "scale", "flow", "price", "price_factor",
               "value", "origin", "group", "net_of", "factor", "habitats", "net_read"]  # fmt: skip
    found = pd.DataFrame(made, columns=columns)
    return found.assign(date=_dated(found, years))


def published_rows(ground: Ground, given: ServicesInput, problems: Problems) -> pd.DataFrame:
    """Rows for published values: a value without a flow. Every zone must have one at both dates."""
    table = given.published[given.published["zone"].isin(ground.land.zones)]
    if given.published.empty:
        return table
    shown = str(given.published["shown"].iloc[0])
    wanted = list(dict.fromkeys(given.published["service"]))
    held = set(zip(table["service"], table["zone"], table["year"], strict=True))
    for service in wanted:
        for year in given.years:
            lack = [zone for zone in ground.land.zones if (service, zone, year) not in held]
            if lack:
                several = f"{len(lack)} of {len(ground.land.zones)} zones: {', '.join(lack[:5])}"
                problems.add(shown, f"no value of {service} in {year} for {several}",
                             "a value for every zone, by its code, at both dates",
                             "Choose other years, use zones that are local authorities, or name the services to take: "
                             "published_services in [choices]")  # fmt: skip
    if table.empty:
        return table
    amount = deflate(table["amount"].to_numpy(dtype=float), int(table["price_year"].iloc[0]), given.price_year)
    factors = [published_factor(row) for row in table.to_dict("records")]
    found = pd.DataFrame({
        "year": table["year"].to_numpy(), "zone": table["zone"].to_numpy(), "service": table["service"].to_numpy(),
        "type": NO_TYPE, "hectares": np.nan, "factors": [()] * len(table), "scale": np.nan, "flow": np.nan,
        "price": np.nan, "price_factor": [factor.ref.id for factor in factors], "value": amount, "origin": "published",
        "group": "", "net_of": table["net_of"].to_numpy(), "factor": factors,
    })  # fmt: skip
    return found.assign(date=_dated(found, given.years))
