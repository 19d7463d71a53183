"""The service account from land, the library and what a project gives: readings before published values before models.

Flow F = A y k by place, habitat and service, value E = F p with the price of the flow's year in the price year of the
account (METHODS of the accounts, A3). Whatever is read or published takes the place of what would be modelled there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from natcap.accounts.land import Land
from natcap.accounts.services.account import NO_TYPE, ROWS, SERIES, WHOLE, Factor, Service, ServiceAccount
from natcap.accounts.services.given_rows import published_rows, reading_rows, resolved
from natcap.accounts.services.ground import DATES, Ground, ground_of
from natcap.accounts.services.guards import refuse_overlaps
from natcap.accounts.services.intermediate.account import Made, intermediate_account
from natcap.accounts.services.library import Parameter, services, user_shares
from natcap.accounts.services.model_rows import Chosen, chosen_parameters, model_rows, placed
from natcap.accounts.services.prices import Applied, Prices
from natcap.accounts.services.read import ServicesInput
from natcap.accounts.services.unread import unread_rows, unread_said
from natcap.core.problems import Problems
from natcap.core.project import FILE

__all__ = ["Built", "service_account", "sums"]

_EMPTY = pd.DataFrame(columns=[*ROWS, "group", "net_of"])


@dataclass(frozen=True)
class Built:
    """The account with its working: `rows` are those of the account, in the same order, with group and net_of.

    `prices` are the unit values in use by factor id; `unpriced` says for a service and year why there is none; `mixed`
    names services that come from elsewhere at one of the dates; `replaced` are modelled rows for which a reading or a
    published value stands. `unread` says which flows were read in other years than that of a date.
    `intermediate` services stand apart from all of these.
    """

    account: ServiceAccount
    ground: Ground
    rows: pd.DataFrame
    parameters: tuple[Parameter, ...]
    prices: Mapping[str, Applied]
    unpriced: Mapping[tuple[str, int], str]
    mixed: tuple[str, ...]
    replaced: pd.DataFrame
    unread: tuple[str, ...] = ()
    intermediate: Made | None = None


def service_account(land: Land, given: ServicesInput, problems: Problems) -> Built:
    """The whole account. Everything that does not fit the land is added to `problems`."""
    ground = ground_of(land, [*(p.habitat for p in given.parameters), *(p.habitat for p in given.prices if p.habitat)])
    prices = Prices(placed(ground, given.prices, problems), given.price_year, given.level, given.early)
    own = placed(ground, given.parameters, problems)
    chosen = chosen_parameters(ground, own, given.library, problems)
    modelled = model_rows(ground, chosen, prices, given.years)
    published = published_rows(ground, given, problems)
    readings = resolved(ground, given.readings, given.shown, problems)
    read = reading_rows(ground, readings, prices, given.years)
    unread = unread_rows(read, prices, given.years, published)
    rows = _ranked(modelled, published, read, unread, problems)
    uses = _uses(given)
    factors = _factors(rows, chosen, prices, published, read, uses)
    refuse_overlaps(rows, factors, problems)
    between = intermediate_account(ground, given.intermediate, given.shown, given.years, given.price_year, problems)
    if not rows[["flow", "value"]].notna().to_numpy().any() and not problems.errors:
        other = sorted({int(y) for y in readings["year"]} - set(given.years)) if len(readings) else []
        beside = f"; the readings are of {', '.join(map(str, other))}" if other else ""
        if not given.intermediate.readings.empty:
            beside += "; intermediate services alone make no account of services"
        dates = " or ".join(map(str, given.years))
        problems.add(FILE, f"no flow of any service at {dates}{beside}",
                     f"a reading, a parameter or a published value of {dates}",
                     'services = "library" in [choices] takes flows per hectare where the library knows the classes',
                     cell="choices.services")  # fmt: skip
    names = _types(ground, rows)
    areas = {date: ground.type_area(date) for date in DATES}
    held = rows[list(ROWS)].assign(classes=rows["group"].map(ground.codes))
    plain = uses.assign(factor=uses["factor"].map(lambda f: f.ref.id))
    account = ServiceAccount(
        land, given.years, given.price_year, _services(prices, rows), names, areas, factors, held, plain,
        _series(read, published), None if between is None else between.account,
    )  # fmt: skip
    return Built(account, ground, rows, _used(chosen, rows), _prices_of(prices, rows), _unpriced(prices, rows),
                 tuple(_mixed(rows, services())), _replaced(modelled, rows),
                 tuple(unread_said(rows, readings, account.services)), between)  # fmt: skip


def _types(ground: Ground, rows: pd.DataFrame) -> Mapping[str, str]:
    loose = {NO_TYPE: "Not divided by type"} if (rows["type"] == NO_TYPE).any() else {}
    return {**ground.types, **loose}


def _services(prices: Prices, rows: pd.DataFrame) -> Mapping[str, Service]:
    """The services with what prices them here: a value of the user's own for the carbon path, none where none was
    found."""
    own = {price.service for price in prices.own if price.year is None}
    priced = set(rows.loc[rows["value"].notna(), "service"])
    met = set(rows["service"])
    found = {}
    for key, service in services().items():
        bare = key in met and key not in priced and service.price != "carbon"
        found[key] = replace(service, price="none" if bare else "unit" if key in own else service.price)
    return found


def _replaced(modelled: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Modelled rows that are not among the rows of the account."""
    if modelled.empty:
        return _EMPTY
    left = _keys(rows[rows["origin"] == "model"])
    gone = [key not in left for key in zip(modelled["date"], modelled["service"], modelled["zone"], modelled["type"],
            strict=True)]  # fmt: skip
    return modelled[gone].reset_index(drop=True)


def _keys(rows: pd.DataFrame) -> set[tuple[str, ...]]:
    return set(zip(rows["date"], rows["service"], rows["zone"], rows["type"], strict=True))


def _without(rows: pd.DataFrame, better: pd.DataFrame) -> pd.DataFrame:
    """Rows that nothing better covers: the same place, or a whole that holds it, or a part of it."""
    if rows.empty or better.empty:
        return rows
    keys = _keys(better)
    keep = [
        not ({(d, s, z, t), (d, s, WHOLE, t), (d, s, z, NO_TYPE), (d, s, WHOLE, NO_TYPE)} & keys)
        for d, s, z, t in zip(rows["date"], rows["service"], rows["zone"], rows["type"], strict=True)
    ]
    return rows[keep]


def _ranked(
    modelled: pd.DataFrame, published: pd.DataFrame, read: pd.DataFrame, unread: pd.DataFrame, problems: Problems
) -> pd.DataFrame:
    """Rows of the two dates: readings, published values that no reading replaces, models that neither replaces, nor a
    flow that was read before the date and not at it."""
    read, published = (rows[rows["date"].notna()] if not rows.empty else rows for rows in (read, published))
    if not published.empty and not read.empty:
        held = set(zip(published["date"], published["service"], strict=True))
        parts = read[[(d, s) in held and t != NO_TYPE
                      for d, s, t in zip(read["date"], read["service"], read["type"], strict=True)]]  # fmt: skip
        for factor in parts["factor"]:
            where = factor.input
            problems.add(where.file, "a reading by type beside a published value of the same service",
                         "a reading that is not divided by type",
                         "Leave the type blank, or take the service out of published_services in [choices]",
                         sheet=where.sheet, cell=where.cell)  # fmt: skip
    published = _without(published, read)
    for better in (read, published, unread):
        modelled = _without(modelled, better)
    found = [rows for rows in (modelled, published, read, unread) if not rows.empty]
    if not found:
        return _EMPTY
    order = {key: at for at, key in enumerate(services())}
    whole = pd.concat([rows[list(_EMPTY.columns)] for rows in found], ignore_index=True)
    place = whole.assign(at=whole["service"].map(order), when=whole["date"].map({"opening": 0, "closing": 1}))
    return whole.loc[place.sort_values(["at", "when"], kind="stable").index].reset_index(drop=True)


def _uses(given: ServicesInput) -> pd.DataFrame:
    held = user_shares()
    own = set(given.uses["service"])
    parts = [rows for rows in (held[~held["service"].isin(own)], given.uses) if not rows.empty]
    found = pd.concat(parts, ignore_index=True)
    order = {key: at for at, key in enumerate(services())}
    return found.loc[found["service"].map(order).sort_values(kind="stable").index].reset_index(drop=True)


def _factors(
    rows: pd.DataFrame, chosen: Chosen, prices: Prices, published: pd.DataFrame, read: pd.DataFrame, uses: pd.DataFrame
) -> Mapping[str, Factor]:
    """Factors that the rows, the series of other years and the uses name."""
    known = {part.factor.ref.id: part.factor for parts in chosen.values() for part in parts}
    known |= {key: applied.price.factor for key, applied in prices.used.items()}
    given: list[Factor] = [f for table in (published, read) if "factor" in table for f in table["factor"]]
    known |= {factor.ref.id: factor for factor in given}
    named = {key for ids in rows["factors"] for key in ids} | set(rows["price_factor"])
    named |= {factor.ref.id for factor in given}
    found = {key: factor for key, factor in known.items() if key in named}
    return found | {factor.ref.id: factor for factor in uses["factor"]}


def _used(chosen: Chosen, rows: pd.DataFrame) -> tuple[Parameter, ...]:
    """The parameters that rows name, each once."""
    named = {key for ids in rows["factors"] for key in ids}
    found = {part.factor.ref.id: part for parts in chosen.values() for part in parts}
    return tuple(part for key, part in found.items() if key in named)


def _prices_of(prices: Prices, rows: pd.DataFrame) -> Mapping[str, Applied]:
    named = set(rows["price_factor"])
    return {key: applied for key, applied in prices.used.items() if key in named}


def _unpriced(prices: Prices, rows: pd.DataFrame) -> Mapping[tuple[str, int], str]:
    held = {(s, int(y)) for s, y in zip(rows["service"], rows["year"], strict=True)}
    return {key: why for key, why in prices.missing.items() if key in held}


def _series(read: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    parts = [rows.assign(factor=[f.ref.id for f in rows["factor"]])[[*SERIES, "factor"]]
             for rows in (read, published) if not rows.empty]  # fmt: skip
    if not parts:
        return pd.DataFrame(columns=list(SERIES))
    return pd.concat(parts, ignore_index=True).sort_values(["service", "zone", "type", "year"], ignore_index=True)


def _mixed(rows: pd.DataFrame, known: Mapping[str, Service]) -> Iterable[str]:
    """A sentence for each service that comes from other places, or covers other ones, at the two dates."""
    for key, mine in rows.groupby("service", sort=False):
        origins = [sorted(set(mine.loc[mine["date"] == date, "origin"])) for date in DATES]
        places = [_keys(mine[mine["date"] == date].assign(date="")) for date in DATES]
        name = known[str(key)].name
        if origins[0] != origins[1]:
            told = " and ".join(f"{' and '.join(found) or 'nothing'} at the {date}"
                                for found, date in zip(origins, DATES, strict=True))  # fmt: skip
            yield f"{name}: from {told}; the difference between the dates is no change"
        elif places[0] != places[1]:
            yield f"{name}: other zones or types at the opening than at the closing; their difference is no change"


def sums(rows: pd.DataFrame, by: list[str], column: str) -> pd.Series:
    """Sums of a column by keys; missing where one of the summands is."""
    keys = [rows[key] for key in by]
    whole: pd.Series = rows[column].astype(float).groupby(keys, sort=False).sum()
    return whole.where(~rows[column].isna().groupby(keys, sort=False).any())
