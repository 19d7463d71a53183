"""The factors behind the ranges: how each was drawn, how far it can be trusted, and what it does to the result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd

from natcap.accounts.ranges_account.account import CHANGE, Item, RangesAccount
from natcap.accounts.ranges_account.known import Known
from natcap.accounts.ranges_account.terms import TOTAL
from natcap.accounts.ranges_account.words import Words
from natcap.accounts.services.account import WHOLE
from natcap.accounts.show.words import text
from natcap.core.report import Column, Section

__all__ = ["factors_section"]

_NOTE_PAGES = "The worksheet Factors used has the source of every factor and the place in it."
_NOTE_SHARE = (
    "Share of the variance: variance of the result when the factor alone varies and all others stand at their means, "
    "over the sum of such variances. What factors do only together is in no share."
)
_NOTE_SCENARIO = "A scenario, such as the carbon values of a year, is chosen and not drawn."

_MEASURES = ("flow", "value", "asset", "carbon_stock")
"""Measures whose largest share is told: of a single ecosystem type one factor nearly always carries all."""


def factors_section(account: RangesAccount, words: Words) -> Section:
    """Every factor that the ranges rest on, the one that carries most of the total value first."""
    whole = next((i for date in ("closing", "opening") for i in account.of("value")
                  if i.item == TOTAL and i.date == date), None)  # fmt: skip
    shares = {} if whole is None else whole.drawn.shares
    rows, largest, counts = [], _largest(account), _counts(account, words)
    for key, known in account.known.items():
        rows.append(_row(account, key, known) | _does(key, shares, largest, counts, words))
    for key in sorted({group for item in account.items.values() for group in item.gross} - set(account.known)):
        rows.append(_area(account, words, key) | _does(key, shares, largest, counts, words))
    table = pd.DataFrame(rows, columns=[c.name for c in _COLUMNS])
    table = table.sort_values("share", ascending=False, kind="stable", na_position="last").reset_index(drop=True)
    marks = {(int(n), name): "[x]" for name in ("low", "high") for n in np.flatnonzero(table[name].isna())}
    marks |= {
        (int(n), name): "[z]"
        for name in ("value", "price_year", "share", "largest")
        for n in np.flatnonzero(table[name].isna())
    }
    return Section(
        "ranges_factors",
        "Factors behind the ranges",
        table,
        _COLUMNS,
        summary=_summary(account, words, whole),
        notes=(_NOTE_PAGES, _NOTE_SHARE, _NOTE_SCENARIO),
        marks=marks,
    )


_COLUMNS: tuple[Column, ...] = (
    text("id", "Factor row"), text("label", "What it is for"), Column("value", "Value", kind="number"),
    Column("low", "Low", kind="number"), Column("high", "High", kind="number"), text("kind", "Distribution"),
    text("unit", "Unit"), Column("price_year", "Price year", kind="year"), text("verified", "How verified"),
    text("rag", "Confidence"), text("why", "Why"), Column("rows", "Rows that use it", kind="integer"),
    text("used", "Used for"), Column("share", "Share of the variance of the total value", "", "percent", 1),
    Column("largest", "Largest share of the variance of any item", "", "percent", 1), text("most", "In which item"),
)  # fmt: skip


def _row(account: RangesAccount, key: str, known: Known) -> dict[str, object]:
    factor, ref = known.factor, known.factor.ref
    kind = "scenario, not drawn" if known.scenario else "no range" if not known.varies else known.of.kind
    year = np.nan if factor.price_year is None else factor.price_year
    return {
        "id": key, "label": ref.label, "value": ref.value, "low": factor.low, "high": factor.high, "kind": kind,
        "unit": ref.unit, "price_year": year, "verified": ref.verified, "rag": account.rule.of_factor(known),
        "why": factor.tier or ref.verified,
    }  # fmt: skip


def _area(account: RangesAccount, words: Words, key: str) -> dict[str, object]:
    return {
        "id": key, "label": words.cause(account, key), "value": np.nan, "low": np.nan, "high": np.nan,
        "kind": "normal, with covariance", "unit": "ha", "price_year": np.nan, "verified": "user", "rag": "Green",
        "why": "a sample of reference points in this area",
    }  # fmt: skip


def _largest(account: RangesAccount) -> dict[str, tuple[float, Item]]:
    """By factor or group: its largest share of the variance of any item of all zones."""
    found: dict[str, tuple[float, Item]] = {}
    for item in account.items.values():
        if item.zone == WHOLE and item.date != CHANGE and item.measure in _MEASURES:
            for key, share in item.drawn.shares.items():
                if key not in found or share > found[key][0]:
                    found[key] = (share, item)
    return found


def _counts(account: RangesAccount, words: Words) -> dict[str, tuple[int, str]]:
    """By factor: rows of the service account that use it, and the services they are of."""
    rows = words.services.rows
    rows = rows[rows["flow"].notna() | rows["value"].notna()]
    number: Counter[str] = Counter()
    named: dict[str, dict[str, None]] = {}
    groups = Counter(zip(rows["service"], rows["factors"], rows["price_factor"].fillna(""), strict=True))
    for (service, factors, price), size in groups.items():
        for key in dict.fromkeys((*factors, *((price,) if price else ()))):
            number[key] += size
            named.setdefault(key, {})[words.services.services[service].name] = None
    for item in account.of("carbon_stock"):
        for key in item.gross:
            named.setdefault(key, {})["Carbon stock"] = None
    found = {key: (number[key], "; ".join(names)) for key, names in named.items()}
    for date, size in rows[rows["hectares"].notna()].groupby("date", sort=False).size().items():
        found[f"area.{date}"] = (int(size), "what is reckoned by the hectare")
    return found


def _does(key: str, shares: Mapping[str, float], largest: Mapping[str, tuple[float, Item]],
          counts: Mapping[str, tuple[int, str]], words: Words) -> dict[str, object]:  # fmt: skip
    rows, used = counts.get(key, (0, "none"))
    share, item = largest.get(key, (np.nan, None))
    most = "none" if item is None else words.label(item)
    return {"rows": rows, "used": used, "share": shares.get(key, 0.0) if shares else np.nan, "largest": share,
            "most": most}  # fmt: skip


def _summary(account: RangesAccount, words: Words, whole: Item | None) -> str:
    drawn = sum(known.varies for known in account.known.values())
    red = sum(account.rule.of_factor(known) == "Red" for known in account.known.values())
    said = f"{drawn} of {len(account.known)} factors have a range; confidence is Red for {red}."
    if whole is None or not whole.drawn.shares:
        return said
    most = max(whole.drawn.shares, key=lambda key: whole.drawn.shares[key])
    part = f"{whole.drawn.shares[most]:.0%} of the variance of the total value"
    cause = words.cause(account, most)
    return f"{said} {cause[:1].upper()}{cause[1:]} carries {part}."
