"""What a reader of asset values has to be told: short means, flows that do not compare, net conversions, no value."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.changes import APART, METHOD, VOLUME
from natcap.accounts.assets_account.projection_tables import told_projections
from natcap.accounts.assets_account.rows import KEY, WINDOW
from natcap.accounts.assets_account.unit_values import (
    Units,
    UnitValue,
    carbon_path,
    first_carbon_year,
    first_flow,
)
from natcap.accounts.assets_account.words import Words, pounds
from natcap.core.problems import Problem
from natcap.core.project import FILE

__all__ = ["fallbacks", "warnings"]


def fallbacks(words: Words, rows: pd.DataFrame, pairs: pd.DataFrame, units: Units, broken: bool) -> Iterator[str]:
    """Sentences about what was taken in place of something better."""
    few = rows[(rows["years"] < WINDOW) & (rows["basis"] != "none") & ~rows["alone"].astype(bool)]
    for (service, years), part in few.groupby(["service", "years"], sort=False):
        name = words.service_name[str(service)]
        yield f"Asset values: {name}, {len(part)} expected flows rest on {years} of {WINDOW} years."
    yield from (f"Asset values: {said}." for said in _wide(words, rows))
    for service in _same_years(rows):
        yield (f"Asset values: {words.service_name[service]} rests on the same years at both dates, in part or whole, "
               "as it was not read since: that its flow did not change is not known")  # fmt: skip
    told = pairs[pairs["how"].isin([APART, VOLUME])]
    for (service, how), part in told.groupby(["service", "how"], sort=False):
        yield _unsplit(words.service_name[str(service)], str(how), float(part["uncompared"].sum()))
    method = pairs[(pairs["cause"] == METHOD) & (pairs["how"] != APART)]
    for service in method["service"].unique():
        name = words.service_name[service]
        yield f"Asset values: {name} has another source or factor at each date: a change of its flow is a reappraisal."
    early = [unit for unit in units.dated.values() if unit.on_path and unit.year < first_carbon_year()]
    first = first_carbon_year()
    for unit in early:
        name = words.service_name[unit.service]
        yield f"Asset values: {name}, {unit.date}: the carbon value of {first} stands for years before it, as chosen."
    yield from (f"Asset values: {said[0].lower()}{said[1:]}" for said in told_projections(words, words.curves))
    yield from _net(words, pairs, broken)


def _unsplit(name: str, how: str, amount: float) -> str:
    if how == VOLUME:
        return (
            f"Asset values: the flow of {name} is not per hectare: its change is put down to no area and no condition."
        )
    return (
        f"Asset values: {name} does not compare between the dates, in part or whole: {pounds(amount)} stands between "
        "the two totals and is in no change."
    )


def _same_years(rows: pd.DataFrame) -> list[str]:
    """Services with a mean of readings that is the same one at both dates."""
    held = rows[(rows["origin"] == "reading") & (rows["basis"] != "none") & ~rows["alone"].astype(bool)]
    twice = held[held.duplicated([*KEY, "spanned"])]
    return [str(service) for service in twice["service"].unique()]


def _wide(words: Words, rows: pd.DataFrame) -> Iterator[str]:
    """Means that hold years before the five that end with the date, and which years those are."""
    held = rows[(rows["basis"] != "none") & (rows["since"] <= rows["year"] - WINDOW) & ~rows["alone"].astype(bool)]
    for (service, date, spanned), _ in held.groupby(["service", "date", "spanned"], sort=False):
        yield f"{words.service_name[str(service)]} at {words.dated(str(date))} rests on the mean of {spanned}"


def _net(words: Words, pairs: pd.DataFrame, broken: bool) -> Iterator[str]:
    if broken:
        yield "Asset values: the maps do not compare, so that a change of area is a reappraisal, not a conversion."
        return
    moved = pairs[~pairs["gross"] & (pairs["ha_in"] + pairs["ha_out"] > 0)]
    if len(moved):
        names = ", ".join(words.service_name[s] for s in moved["service"].unique())
        yield f"Asset values: conversions are net where no change matrix has the areas of the flows: {names}."


def warnings(words: Words, rows: pd.DataFrame, units: Units) -> Iterator[Problem]:
    """Flows that are priced otherwise than the first year of the carbon path, and services without a value."""
    wide = "; ".join(_wide(words, rows))
    if wide:
        yield Problem(
            FILE, f"means that reach back: {wide}", f"flows of each of the {WINDOW} years that end with a date",
            "They are the last years that have a value; the method takes them however old they are. Give readings of "
            "the years between, or ask whether such years still describe the flow", severity="warning",
        )  # fmt: skip
    for (service, date), unit in units.dated.items():
        first = _first(words, unit)
        mine = rows[(rows["service"] == service) & (rows["date"] == date)]
        other = mine[mine["price"].notna() & ~np.isclose(mine["price"], first, rtol=1e-6)]
        if unit.lacks and len(mine):
            yield _lacking(words, unit)
        if unit.on_path and len(other):
            yield Problem(
                FILE, f"a price of {other['price'].iloc[0]:,.2f} for {words.service_name[service]}, {date}",
                f"the {words.choices.level} carbon value of {unit.year}, {first:,.2f}",
                "The yearly value takes the first, the asset value the published path", severity="warning",
            )  # fmt: skip
    for service in rows["service"].unique():
        mine = rows[rows["service"] == service]
        held = np.array([not unit.lacks for unit in units.by_row(mine)], dtype=bool)
        lacking = mine[(mine["basis"] == "none") & held]
        if len(lacking) and words.account.services[service].price != "none":
            yield Problem(
                FILE, f"no asset value for {len(lacking)} of {len(mine)} flows of {words.service_name[service]}",
                "a flow and a price, or a yearly value", "They are marked [x] and are in no total", severity="warning",
            )  # fmt: skip
    for key, curve in words.curves.by_id.items():
        if not (rows["followed"].eq(key) & rows["basis"].ne("none")).any():
            place = curve.given.names[0]
            yield Problem(
                place.file, f"a projection of {key}, no flow of which has an asset value", "a flow with a price",
                "It changes nothing as long as the flow has none", place.sheet, place.cell, "warning",
            )  # fmt: skip


def _first(words: Words, unit: UnitValue) -> float:
    """The carbon value of the date on the chosen path; NaN where there is none."""
    if not unit.on_path:
        return np.nan
    made = carbon_path(unit.year, 1, words.choices.level, words.account.price_year, words.choices.held)
    return float(made[0])


def _lacking(words: Words, unit: UnitValue) -> Problem:
    first = first_flow(unit.year, words.choices.timing)
    last = first + unit.life - 1
    remedy = 'carbon_before = "first" in [choices] takes the first value for the years before it'
    return Problem(
        FILE, f"the {unit.date} year {unit.year} with an asset life of {unit.life} years for "
        f"{words.service_name[unit.service]}", f"a carbon value for every year from {first} to {last}",
        f"{unit.lacks}. Nothing is extrapolated: the service has no asset value at the {unit.date}, and stands in no "
        f"total of that date. {remedy if unit.year < first_carbon_year() else 'Choose an earlier date'}",
        cell=f"choices.{unit.date}_year", severity="warning",
    )  # fmt: skip
