"""Figures of an outcome: net gain, shortfall, losses that nothing offsets, and the credit memorandum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pandas as pd

from natcap.accounts.biodiversity.credits import credits_per_unit, price_of
from natcap.accounts.biodiversity.edition import Edition
from natcap.accounts.biodiversity.outcome import Outcome
from natcap.accounts.biodiversity.refs import multiplier_ref
from natcap.accounts.biodiversity.sections import credit_table
from natcap.accounts.wings import Setting
from natcap.core.report import Figure, Trace

__all__ = ["figure", "outcome_figures"]


def figure(setting: Setting, key: str, label: str, value: float, unit: str, trace: Trace, place: str = "",
           headline: bool = False) -> Figure:  # fmt: skip
    """A figure, missing where its value is NaN."""
    missing = value != value
    return Figure(key, label, None if missing else float(value), unit, trace, place=place, headline=headline,
                  status="missing" if missing else setting.status(), period=setting.span)  # fmt: skip


def outcome_figures(setting: Setting, e: Edition, outcome: Outcome, totals: pd.DataFrame,
                    marks: Mapping[str, str] | None = None) -> Iterator[Figure]:  # fmt: skip
    """Figures of the whole project; their parents are the figures of each place (`biodiversity.<kind>.net.on_site`).

    `marks` are words for the labels of a kind, where a parcel of it rests on a cell that was not read at its source.
    """
    for item in (*_gain(setting, e, outcome, totals), *_trading(setting, outcome), *_credits(setting, outcome)):
        said = (marks or {}).get(item.id.split(".")[1], "")
        yield replace(item, label=f"{item.label}{said}") if said else item


def _gain(setting: Setting, e: Edition, outcome: Outcome, totals: pd.DataFrame) -> Iterator[Figure]:
    places: dict[str, list[str]] = {str(r["kind"]): [] for r in totals.to_dict("records")}
    for row in totals.to_dict("records"):
        places[str(row["kind"])].append("on_site" if row["on_site"] else "off_site")
    target = multiplier_ref(e, "net_gain_target", "all")
    for row in outcome.gain.to_dict("records"):
        kind = str(row["kind"])
        stem = f"biodiversity.{kind}"
        sums = Trace("net change on site + net change off site after spatial risk",
                     parents=tuple(f"{stem}.net.{end}" for end in places[kind]))  # fmt: skip
        yield figure(setting, f"{stem}.net.project", f"Net change in {kind} units", row["net"], f"{kind} units", sums)
        before = (f"{stem}.baseline.on_site",) if "on_site" in places[kind] else ()
        share = Trace("net change of the project / units on site before x 100; none without units before",
                      parents=(f"{stem}.net.project", *before))  # fmt: skip
        label = f"Net change in {kind} units against the units on site before"
        yield figure(setting, f"{stem}.percent.project", label, row["percent"] * 100, "%", share,
                          headline=row["percent"] == row["percent"])  # fmt: skip
        short = Trace("units on site before x required gain - net change, not below 0",
                      parents=(f"{stem}.net.project", *before), factors=(target,))  # fmt: skip
        label = f"{kind.capitalize()} units short of the required net gain"
        yield figure(setting, f"{stem}.short.project", label, row["short"], f"{kind} units", short)


def _trading(setting: Setting, outcome: Outcome) -> Iterator[Figure]:
    for kind, deals in outcome.deals.items():
        trace = Trace(f"losses of {len(deals)} habitats that the trading rules leave without an offset",
                      parents=(f"biodiversity.{kind}.net.project",))  # fmt: skip
        unmet = sum(deal.unmet for deal in deals if not deal.passed)
        label = f"{kind.capitalize()} units lost that nothing offsets"
        yield figure(setting, f"biodiversity.{kind}.unmet.project", label, unmet, f"{kind} units", trace)


def _credits(setting: Setting, outcome: Outcome) -> Iterator[Figure]:
    for row, item in zip(credit_table(outcome.shortfalls).to_dict("records"), outcome.shortfalls,
                         strict=True):  # fmt: skip
        found = price_of(item.tier)
        stem = f"biodiversity.{item.kind}"
        parents = (f"{stem}.unmet.project", f"{stem}.short.project")
        trace = Trace("shortfall x credits for each unit x price; a memorandum, in no total of the accounts",
                      parents=parents, factors=(credits_per_unit(), *((found[0],) if found else ())))  # fmt: skip
        tier = item.tier.lower() or "none"
        label = f"Memorandum: cost of statutory credits, tier {item.tier or 'none sold'}, price of {row['date']}"
        yield figure(setting, f"{stem}.credits.{tier}", label, row["cost"], "GBP_2023", trace)
