"""Sections, checks and figures of the ranges: uncertainty, of changes as well, and the factors behind it (14)."""

from __future__ import annotations

from collections.abc import Iterator

from natcap.accounts.accuracy_account import AccuracyAccount
from natcap.accounts.assets_account.product import Assets
from natcap.accounts.ranges_account.account import CHANGE, RangesAccount, Sources, ranges_account
from natcap.accounts.ranges_account.effects import COMPARED
from natcap.accounts.ranges_account.effects_table import effects_section
from natcap.accounts.ranges_account.factors import factors_section
from natcap.accounts.ranges_account.figures import range_figures
from natcap.accounts.ranges_account.read import RangesInput
from natcap.accounts.ranges_account.tables import money_section, physical_section, zone_section
from natcap.accounts.ranges_account.terms import TYPED
from natcap.accounts.ranges_account.type_tables import typed_flows_section, typed_money_section
from natcap.accounts.ranges_account.words import Words
from natcap.accounts.services.account import ServiceAccount
from natcap.accounts.wings import Setting, Wing
from natcap.core.problems import Problems
from natcap.core.report import Check, Section

__all__ = ["BANNER", "show"]

BANNER = (
    "Ranges of the accounts rest in part on factors that were recalled or judged: the ranges are for orientation only."
)


def show(setting: Setting, given: RangesInput) -> Wing:
    """The ranges wing. Raises InputProblems where the range of a factor cannot be drawn, each with its factor.

    Without a service account, or a flow in it, there is nothing to draw, and the report says so.
    """
    services = setting.products.get("services")
    if not isinstance(services, ServiceAccount) or services.rows["flow"].isna().all():
        return Wing(notes=("No ranges were drawn: there is no account of services with a flow.",))
    problems = Problems()
    account = ranges_account(_sources(setting, services), given, problems)
    problems.raise_if_any()
    if account is None:
        raise AssertionError("ranges were refused without a problem")
    words = Words(setting, services)
    return Wing(
        tuple(_sections(setting, account, words)),
        tuple(range_figures(setting, account, words)),
        tuple(_checks(account, services)),
        banners=(BANNER,) if any(known.recalled for known in account.known.values()) else (),
        notes=account.notes,
        editions=("ranges/rules",),
        choices={"draws": str(given.draws), "seed": str(given.seed)},
        controls={
            "generator of the draws": "PCG64, one stream a factor from seed and id",
            "factors that are drawn": str(sum(known.varies for known in account.known.values())),
        },
        fallbacks=account.area.left_out,
        product=account,
    )


def _sources(setting: Setting, services: ServiceAccount) -> Sources:
    accuracy, assets = setting.products.get("accuracy"), setting.products.get("assets")
    results = None if setting.show is None else setting.show.results
    broken = setting.show.broken if setting.show is not None else services.land.matrix is None
    return Sources(
        services,
        getattr(assets, "weights", None),
        accuracy if isinstance(accuracy, AccuracyAccount) else None,
        None if results is None or results.stock is None else results.densities,
        not broken,
        assets.pairs if isinstance(assets, Assets) else None,
    )


def _sections(setting: Setting, account: RangesAccount, words: Words) -> Iterator[tuple[int, Section]]:
    for measure in ("value", "asset"):
        if account.of(measure):
            yield 14, money_section(setting, account, words, measure)
    if account.of(COMPARED):
        yield 14, effects_section(setting, account, words)
    if any(account.of(measure) for measure in ("flow", "carbon_stock", "area")):
        yield 14, physical_section(account, words)
    if account.of(TYPED["flow"]):
        yield 14, typed_flows_section(account, words)
    if account.of(TYPED["value"]) or account.of(TYPED["asset"]):
        yield 14, typed_money_section(account, words)
    zoned = zone_section(setting, account, words)
    if zoned is not None:
        yield 14, zoned
    yield 14, factors_section(account, words)


def _checks(account: RangesAccount, services: ServiceAccount) -> Iterator[Check]:
    title = "Ranges: every row = coefficient x its factors at their central values, largest relative difference"
    yield Check("ranges.products", title, account.off, 0.0, 1e-9, "share")
    values = services.rows["value"].dropna()
    items = [i for i in account.of("value") if i.date != CHANGE and i.item in services.services]
    size = 1e-9 * max(float(values.abs().sum()), 1.0)
    yield Check("ranges.value", "Ranges: central values of all services and dates = rows of the services",
                float(sum(item.central for item in items)), float(values.sum()), size, "GBP")  # fmt: skip
    if account.of(COMPARED):
        title = "Ranges: central effects and changes = those of the asset account, largest relative difference"
        yield Check("ranges.effects", title, account.gap, 0.0, 1e-9, "share")
    mixed = [i for i in account.items.values() if not i.drawn.summary.p5 <= i.drawn.summary.p95]
    yield Check("ranges.order", "Ranges: items whose P5 exceeds their P95 = none", float(len(mixed)), 0.0, 0, "items")
