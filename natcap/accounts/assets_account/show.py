"""The asset wing: from the service account and the choices to sections, figures, checks and the product."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.changes import APART, CHANGES, EFFECTS, METHOD, UNVALUED, VOLUME, pairs_of
from natcap.accounts.assets_account.choices import AssetChoices
from natcap.accounts.assets_account.decomposed import decomposition_section, waterfall_section
from natcap.accounts.assets_account.figures import FigureMaker, confidence_of, recalled_rows
from natcap.accounts.assets_account.product import Assets
from natcap.accounts.assets_account.rows import WINDOW, valued_rows, weights_of
from natcap.accounts.assets_account.sensitivity import groups_of, groups_section, sensitivity, sensitivity_section
from natcap.accounts.assets_account.tables import by_service, by_type, by_type_and_service, by_zone
from natcap.accounts.assets_account.unit_values import DATES, UnitValue, unit_values
from natcap.accounts.assets_account.words import Words, pounds
from natcap.accounts.assets_account.working import carbon_section, discount_section, rows_section, units_section
from natcap.accounts.assets_account.working_changes import changes_section
from natcap.accounts.services.account import ServiceAccount
from natcap.accounts.wings import Setting, Wing
from natcap.core.money import CARBON_SERIES, DEFLATOR
from natcap.core.problems import Problem
from natcap.core.project import FILE
from natcap.core.report import Check, Section

__all__ = ["RECALLED_BANNER", "show"]

RECALLED_BANNER = "Asset values rest in part on figures that were recalled or judged: to be checked before publication."
Units = Mapping[tuple[str, str], UnitValue]


def show(setting: Setting, given: AssetChoices | None) -> Wing:
    """The asset wing; nothing where assets are switched off or there is no service account.

    Raises InputProblems where a year of a carbon path, a discount rate or a deflator is not held.
    """
    account = setting.products.get("services")
    if given is None or not isinstance(account, ServiceAccount):
        return Wing()
    units = unit_values(account, given)
    rows = valued_rows(account, units)
    broken = setting.show is not None and setting.show.broken
    pairs = pairs_of(account, rows, broken)
    words = Words(setting, account, given)
    groups = groups_of(account, rows, units)
    recalled = bool(recalled_rows(words, rows, units)[(rows["basis"] != "none").to_numpy()].any())
    return Wing(
        tuple(_sections(words, rows, pairs, units, groups)),
        tuple(FigureMaker(words, rows, pairs, units).all()),
        tuple(_checks(words, rows, pairs, groups)),
        banners=(RECALLED_BANNER,) if recalled else (),
        editions=_editions(given, units),
        choices={"discount_timing": given.timing, "discount_schedule": given.schedule, "carbon_path": given.level,
                 "discount_year": str(given.year or given.option.since)},
        controls={"asset values at the closing": str(int(pairs["closing"].notna().sum()))},
        fallbacks=tuple(_fallbacks(words, rows, pairs, broken)),
        warnings=tuple(_warnings(words, rows, units)),
        product=Assets(account.price_year, given, weights_of(rows), rows, pairs),
    )  # fmt: skip


def _sections(
    words: Words, rows: pd.DataFrame, pairs: pd.DataFrame, units: Units, groups: pd.DataFrame
) -> Iterator[tuple[int, Section]]:
    yield 9, by_service(words, pairs, confidence_of(words, rows))
    yield 9, discount_section(words, max((u.life for u in units.values()), default=1))
    carbon = carbon_section(words, units)
    if carbon is not None:
        yield 9, carbon
    yield 9, units_section(words, units)
    yield 9, rows_section(words, rows, units)
    yield 10, by_type(words, pairs)
    yield 10, by_zone(words, pairs)
    yield 10, by_type_and_service(words, pairs)
    yield 11, decomposition_section(words, pairs)
    yield 11, waterfall_section(words, pairs)
    yield 11, changes_section(words, pairs)
    yield 15, sensitivity_section(words, groups, sensitivity(groups, words.choices, words.account.price_year))
    yield 15, groups_section(words, groups)


def _editions(given: AssetChoices, units: Units) -> tuple[str, ...]:
    used = dict.fromkeys(u.option.ref.id for u in units.values())
    carbon = (f"values/carbon_values {CARBON_SERIES}",) if any(u.carbon for u in units.values()) else ()
    return (*(f"assets/schedules {key}" for key in used), *carbon, f"values/gdp_deflator {DEFLATOR}")


def _checks(words: Words, rows: pd.DataFrame, pairs: pd.DataFrame, groups: pd.DataFrame) -> Iterator[Check]:
    valued = pairs[pairs["how"] != UNVALUED]
    left = valued["opening"].fillna(0.0) + valued[list(CHANGES)].sum(axis=1)
    right = valued["closing"].fillna(0.0)
    size = valued[["opening", *CHANGES, "closing"]].abs().sum(axis=1)
    yield _check(words, "closes", "opening + changes = closing, all assets", left.sum(), right.sum(), size.sum())
    gap = (left - right).abs() / size.where(size > 0, 1.0)
    if len(valued):
        worst = gap.idxmax()
        yield _check(words, "closes_everywhere", "the same where it fits worst", left[worst], right[worst], size[worst])
        effects = valued[list(EFFECTS)].sum(axis=1)
        off = ((effects - valued["change"]).abs() / size.where(size > 0, 1.0)).idxmax()
        title = "effects = change of the value, where it fits worst"
        yield _check(words, "effects", title, effects[off], valued["change"][off], size[off])
    for date in DATES:
        mine = rows.loc[rows["date"] == date, "asset"]
        title = f"values of the rows = values of the account, {date}"
        yield _check(words, f"rows.{date}", title, mine.sum(), pairs[date].sum(), mine.abs().sum())
    again = sensitivity(groups, words.choices, words.account.price_year)["value"].fillna(0.0).iloc[0]
    own = pairs.loc[~pairs["abiotic"], "closing"]
    title = "closing value of ecosystem services = central row of the sensitivity"
    yield _check(words, "sensitivity", title, again, own.sum(), own.abs().sum())


def _check(words: Words, key: str, title: str, left: float, right: float, size: float) -> Check:
    return Check(f"assets.{key}", f"Asset values: {title}", float(left), float(right), 1e-9 * max(float(size), 1.0),
                 words.unit)  # fmt: skip


def _fallbacks(words: Words, rows: pd.DataFrame, pairs: pd.DataFrame, broken: bool) -> Iterator[str]:
    few = rows[(rows["years"] < WINDOW) & (rows["basis"] != "none")]
    for (service, years), part in few.groupby(["service", "years"], sort=False):
        yield (f"Asset values: {words.service_name[str(service)]}, {len(part)} expected flows rest on {years} of {WINDOW} "
               "years.")  # fmt: skip
    for (service, how), part in pairs[pairs["how"].isin([APART, VOLUME])].groupby(["service", "how"], sort=False):
        name = words.service_name[str(service)]
        if how == VOLUME:
            yield f"Asset values: the flow of {name} is not per hectare: its change is not put down to area or condition."
        else:
            amount = pounds(float(part["uncompared"].sum()))
            yield f"Asset values: {name} does not compare between the dates: {amount} enters as a reappraisal."
    for service in pairs.loc[(pairs["cause"] == METHOD) & (pairs["how"] != APART), "service"].unique():
        yield (f"Asset values: {words.service_name[service]} has another source or other factors at each date: a change of "
               "its flow is a reappraisal.")  # fmt: skip
    yield from _net(words, pairs, broken)


def _net(words: Words, pairs: pd.DataFrame, broken: bool) -> Iterator[str]:
    if broken:
        yield "Asset values: the maps do not compare, so that a change of area is a reappraisal, not a conversion."
        return
    moved = pairs[~pairs["gross"] & (pairs["ha_in"] + pairs["ha_out"] > 0)]
    if len(moved):
        names = ", ".join(words.service_name[s] for s in moved["service"].unique())
        yield f"Asset values: conversions are net, not gross, where no change matrix has the areas of the flows: {names}."


def _warnings(words: Words, rows: pd.DataFrame, units: Units) -> Iterator[Problem]:
    """Flows that are priced otherwise than the first year of the carbon path, and services without a value."""
    for (service, date), unit in units.items():
        mine = rows[(rows["service"] == service) & (rows["date"] == date)]
        other = mine[mine["price"].notna() & ~np.isclose(mine["price"], unit.first, rtol=1e-6)]
        if unit.carbon and len(other):
            yield Problem(
                FILE, f"a price of {other['price'].iloc[0]:,.2f} for {words.service_name[service]}, {date}",
                f"the central carbon value of {unit.year}, {unit.first:,.2f}",
                "The yearly value takes the first, the asset value the published path", severity="warning",
            )  # fmt: skip
    for service in rows["service"].unique():
        mine = rows[rows["service"] == service]
        lacking = mine[mine["basis"] == "none"]
        if len(lacking) and words.account.services[service].price != "none":
            yield Problem(
                FILE, f"no asset value for {len(lacking)} of {len(mine)} flows of {words.service_name[service]}",
                "a flow and a price, or a yearly value", "They are marked [x] and stand in no total", severity="warning",
            )  # fmt: skip
