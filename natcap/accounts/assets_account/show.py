"""The asset wing: from the service account and the choices to sections, figures, checks and the product."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

import pandas as pd

from natcap.accounts.assets_account.changes import CHANGES, EFFECTS, UNVALUED, pairs_of
from natcap.accounts.assets_account.choices import AssetChoices
from natcap.accounts.assets_account.decomposed import decomposition_section, waterfall_section
from natcap.accounts.assets_account.figures import FigureMaker, confidence_of, recalled_rows
from natcap.accounts.assets_account.losses.applied import with_losses
from natcap.accounts.assets_account.losses.parts import loss_parts
from natcap.accounts.assets_account.product import Assets
from natcap.accounts.assets_account.projection_tables import projection_section
from natcap.accounts.assets_account.rows import valued_rows, weights_of
from natcap.accounts.assets_account.sensitivity import groups_of, groups_section, sensitivity, sensitivity_section
from natcap.accounts.assets_account.tables import by_service, by_type, by_type_and_service, by_zone
from natcap.accounts.assets_account.told import fallbacks, warnings
from natcap.accounts.assets_account.unit_values import DATES, Units, unit_values
from natcap.accounts.assets_account.words import Words
from natcap.accounts.assets_account.working import (
    carbon_section,
    discount_section,
    path_start,
    rows_section,
    units_section,
)
from natcap.accounts.assets_account.working_changes import changes_section
from natcap.accounts.services.account import ServiceAccount
from natcap.accounts.show.sure import rated, weakest
from natcap.accounts.wings import Setting, Wing
from natcap.core.money import CARBON_SERIES, DEFLATOR
from natcap.core.report import Check, Section

__all__ = ["RECALLED_BANNER", "show"]

RECALLED_BANNER = "Asset values rest in part on figures that were recalled or judged: to be checked before publication."


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
    whole = pairs_of(account, rows, broken)
    pairs, placed = with_losses(account, whole, given.losses, broken)
    words = Words(setting, account, given, units.curves)
    groups = groups_of(account, rows, units)
    varied = sensitivity(groups, given, account.price_year, units.curves)
    lost = loss_parts(words, whole, pairs, placed, partial(confidence_of, words, rows))
    recalled = bool(recalled_rows(words, rows, units)[(rows["basis"] != "none").to_numpy()].any())
    return Wing(
        (*_sections(words, rows, pairs, units, groups, varied), *lost.sections),
        tuple(lost.figures(FigureMaker(words, rows, pairs, units).all())),
        (*_checks(words, rows, pairs, varied), *lost.checks),
        banners=(RECALLED_BANNER,) if recalled else (),
        editions=_editions(given, units),
        choices={"discount_timing": given.timing, "discount_schedule": given.schedule, "carbon_path": given.level,
                 "discount_year": str(given.year or given.option.since), "carbon_before": given.before,
                 **({"projection_between": given.between, "projection_after": given.after} if units.curves else {})},
        controls={"asset values at the closing": str(int(pairs["closing"].notna().sum()))},
        fallbacks=(*fallbacks(words, rows, pairs, units, broken), *lost.left),
        warnings=tuple(warnings(words, rows, units)),
        product=Assets(account.price_year, given, weights_of(rows), rows, pairs),
    )  # fmt: skip


def _sections(
    words: Words,
    rows: pd.DataFrame,
    pairs: pd.DataFrame,
    units: Units,
    groups: pd.DataFrame,
    varied: pd.DataFrame,
) -> Iterator[tuple[int, Section]]:
    rags = partial(confidence_of, words, rows)
    by_id = {key[0]: word for key, word in rags("service").items()}
    yield 9, by_service(words, pairs, by_id)
    yield 9, discount_section(words, max((u.life for u in units), default=1))
    carbon = carbon_section(words, units)
    if carbon is not None:
        yield 9, carbon
    projections = projection_section(words, units)
    if projections is not None:
        yield 9, projections
    yield 9, units_section(words, units)
    yield 9, rows_section(words, rows, units)
    yield 10, by_type(words, pairs, rags("type", "counts"))
    yield 10, by_zone(words, pairs, rags("zone", "counts"))
    yield 10, by_type_and_service(words, pairs, rags("service", "type"))
    yield 11, decomposition_section(words, pairs, by_id)
    mine = [word for key, word in by_id.items() if not words.account.services[key].abiotic]
    waterfall = waterfall_section(words, pairs)
    yield 11, rated(waterfall, [weakest(mine)] * len(waterfall.table))
    yield 11, changes_section(words, pairs)
    varying = sensitivity_section(words, groups, varied, path_start(units))
    yield 15, rated(varying, [weakest(mine)] * len(varying.table))
    yield 15, groups_section(words, groups)


def _editions(given: AssetChoices, units: Units) -> tuple[str, ...]:
    used = dict.fromkeys(u.option.ref.id for u in units)
    carbon = (f"values/carbon_values {CARBON_SERIES}",) if any(u.carbon for u in units) else ()
    return (*(f"assets/schedules {key}" for key in used), *carbon, f"values/gdp_deflator {DEFLATOR}")


def _checks(words: Words, rows: pd.DataFrame, pairs: pd.DataFrame, varied: pd.DataFrame) -> Iterator[Check]:
    valued = pairs[pairs["how"] != UNVALUED]
    left = valued["opening"].fillna(0.0) + valued[[*CHANGES, "uncompared"]].sum(axis=1)
    right = valued["closing"].fillna(0.0)
    size = valued[["opening", *CHANGES, "uncompared", "closing"]].abs().sum(axis=1)
    yield _check(
        words,
        "closes",
        "opening + changes + what does not compare = closing, all assets",
        left.sum(),
        right.sum(),
        size.sum(),
    )
    gap = (left - right).abs() / size.where(size > 0, 1.0)
    if len(valued):
        at = int(gap.to_numpy().argmax())
        title = "the same where it fits worst"
        yield _check(words, "closes_everywhere", title, left.iloc[at], right.iloc[at], size.iloc[at])
        effects = valued[list(EFFECTS)].sum(axis=1)
        step = right - valued["opening"].fillna(0.0)
        at = int(((effects - step).abs() / size.where(size > 0, 1.0)).to_numpy().argmax())
        title = "effects = closing less opening value, where it fits worst"
        yield _check(words, "effects", title, effects.iloc[at], step.iloc[at], size.iloc[at])
    plain = rows[rows[["flow", "price", "value"]].notna().all(axis=1)]
    yearly = plain["flow"] * plain["price"]
    title = "flow x price of every row = its yearly value"
    yield _check(words, "yearly", title, yearly.sum(), plain["value"].sum(), yearly.abs().sum())
    for date in DATES:
        mine = rows.loc[rows["date"] == date, "asset"]
        title = f"values of the rows = values of the account, {date}"
        yield _check(words, f"rows.{date}", title, mine.sum(), pairs[date].sum(), mine.abs().sum())
    again = varied["value"].fillna(0.0).iloc[0]
    own = pairs.loc[~pairs["abiotic"], "closing"]
    title = "closing value of ecosystem services = central row of the sensitivity"
    yield _check(words, "sensitivity", title, again, own.sum(), own.abs().sum())


def _check(words: Words, key: str, title: str, left: float, right: float, size: float) -> Check:
    """An identity to 1e-9 of what enters it; sides to twelve digits of that, as spreadsheets drop the rest."""
    places = 12 - math.ceil(math.log10(max(float(size), 1.0)))
    sides = round(float(left), places), round(float(right), places)
    return Check(f"assets.{key}", f"Asset values: {title}", *sides, 1e-9 * max(float(size), 1.0), words.unit)
