"""Sections of an outcome: net gain and its target, trading by habitat, and credits as a memorandum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from natcap.accounts.biodiversity.credits import NO_TIER, Shortfall, credits_per_unit, price_of
from natcap.accounts.biodiversity.outcome import Outcome
from natcap.accounts.biodiversity.trading import Deal
from natcap.accounts.show.words import number, text
from natcap.accounts.wings import Setting
from natcap.core.report import Chart, Column, Section
from natcap.core.sources import source

__all__ = ["MEMO", "NOTE_KINDS", "credit_table", "outcome_sections", "sentence", "verdict"]

MEMO = "Memorandum: credit prices deter, they are no exchange values, and stand in no total of the accounts."
NOTE_KINDS = "Area, hedgerow and watercourse units are three things; they are never added to each other."
_NOTE_TARGET = "The target is a share of the units on site before the plan, for each kind of unit by itself."
_NOTE_BOTH = "A net gain of the share is not enough: the trading rules have to be satisfied as well."
_NOTE_TRADE = (
    "A loss is a negative change of one habitat over the whole project. Very high distinctiveness takes bespoke "
    "compensation; high the same habitat; medium the same broad habitat or a higher band; low the same band or higher. "
    "Hedgerows and watercourses have rules of their own, named in each row."
)


def outcome_sections(setting: Setting, outcome: Outcome, cited: str,
                     flaws: Mapping[str, str] | None = None) -> Iterator[Section]:  # fmt: skip
    """Net gain first, then trading, then credits where something is short.

    `flaws` are words by kind of unit: what is wrong with the sizes that its result rests on.
    """
    if outcome.gain.empty:
        return
    yield _gain(setting, outcome, cited, flaws or {})
    yield _trading(outcome, cited)
    if outcome.shortfalls:
        yield _credits(outcome.shortfalls, cited)


def _gain(setting: Setting, outcome: Outcome, cited: str, flaws: Mapping[str, str]) -> Section:
    target = float(outcome.gain["target"].iloc[0])
    table = outcome.gain.assign(
        result=[
            f"{flaws[row['kind']]}: no result can be relied on" if row["kind"] in flaws else _tested(row)
            for row in outcome.gain.to_dict("records")
        ],
        trading=[_traded(outcome.deals.get(kind, ())) for kind in outcome.gain["kind"]],
    )
    blank = {(int(row), name): "[z]" for row in np.flatnonzero(table["percent"].isna())
             for name in ("percent", "wanted", "short")}  # fmt: skip
    columns = (
        text("kind", "Kind of unit"), number("baseline", "Units on site before", "units", decimals=4),
        number("on", "Net change on site", "units", decimals=4),
        number("off", "Net change off site, after spatial risk", "units", decimals=4),
        number("net", "Net change of the project", "units", "[on]+[off]", 4),
        Column("percent", "Net change against the units on site before", "", "percent", 2, "[net]/[baseline]"),
        Column("target", "Net gain that is required", "", "percent", 0),
        number("wanted", "Units to gain", "units", "[baseline]*[target]", 4),
        number("short", "Units short of the target", "units", "MAX([wanted]-[net],0)", 4),
        text("result", "Result of the share"), text("trading", "Trading rules"),
    )  # fmt: skip
    told = [
        f"{row['kind']} units {_percent(row)}: {row['result']}; trading rules {row['trading']}"
        for row in table.to_dict("records")
    ]
    known = table.loc[table["percent"].notna(), "kind"].tolist()
    met = [f"{row['kind']} {row['percent']:+.0%}" for row in table.to_dict("records") if row["kind"] in known]
    title = setting.mark(f"Net change against the units on site before: {', '.join(met)}; {target:.0%} is required")
    chart = (Chart("bar", title, "kind", "percent", only={"kind": known}),) if known else ()
    return Section(
        "biodiversity_gain", f"Net change in biodiversity units and the test of {target:.0%}", table, columns,
        summary=" ".join(map(sentence, told)), notes=(NOTE_KINDS, _NOTE_TARGET, _NOTE_BOTH), sources=(cited,),
        charts=chart, cells=dict.fromkeys(blank, ""), marks=blank,
    )  # fmt: skip


def sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _percent(row: Mapping[object, object]) -> str:
    value = float(str(row["percent"]))
    return f"change by {float(str(row['net'])):+,.2f}" if value != value else f"change by {value:+.2%}"


def _tested(row: Mapping[object, object]) -> str:
    target, short = float(str(row["target"])), float(str(row["short"]))
    if short != short:
        return "not tested, because no units stand on site before"
    if short <= 1e-9:
        return f"meets the net gain of {target:.0%}"
    return f"does not meet the net gain of {target:.0%}, {short:,.4f} units short"


def _traded(deals: Sequence[Deal]) -> str:
    failed = sum(not deal.passed for deal in deals)
    return f"not satisfied for {failed} of {len(deals)} habitats" if failed else "satisfied"


def verdict(deal: Deal) -> str:
    """The result of a habitat in words."""
    if not deal.deficit:
        return "Pass: no loss"
    if deal.rule == "none":
        return "Pass: no compensation is required"
    if deal.passed:
        return "Pass: the loss is offset as the rule asks"
    if deal.rule == "bespoke":
        return f"Fail: {deal.unmet:,.4f} units lost; only bespoke compensation that is agreed can answer for them"
    return f"Fail: {deal.unmet:,.4f} units of the loss are not offset; the rule is {deal.rule}"


def _trading(outcome: Outcome, cited: str) -> Section:
    rows = []
    for kind, deals in outcome.deals.items():
        for deal in deals:
            mine = outcome.changes[(outcome.changes["kind"] == kind) & (outcome.changes["habitat"] == deal.habitat)]
            by = "; ".join(f"{units:,.4f} units of {name}" for name, units in deal.offsets.items())
            rows.append({
                "kind": kind, "habitat": deal.habitat, "band": deal.band, "rule": deal.rule,
                "on": float(mine["on"].iloc[0]), "off": float(mine["off"].iloc[0]), "net": deal.net,
                "deficit": deal.deficit, "offset": sum(deal.offsets.values()), "unmet": deal.unmet,
                "by": by or "none", "result": verdict(deal),
            })  # fmt: skip
    table = pd.DataFrame(rows)
    failed = [row["habitat"] for row in rows if str(row["result"]).startswith("Fail")]
    told = "every loss is offset as the trading rules ask" if not failed else (
        f"{len(failed)} of {len(rows)} habitats fail the trading rules: {', '.join(map(str, failed[:5]))}"
    )  # fmt: skip
    columns = (
        text("kind", "Kind of unit"), text("habitat", "Habitat"), text("band", "Distinctiveness"),
        text("rule", "Trading rule: what may offset a loss"), number("on", "Change on site", "units", decimals=4),
        number("off", "Change off site", "units", decimals=4), number("net", "Net change", "units", "[on]+[off]", 4),
        number("deficit", "Loss", "units", "MAX(-[net],0)", 4), number("offset", "Offset", "units", decimals=4),
        number("unmet", "Loss that is not offset", "units", "[deficit]-[offset]", 4), text("by", "Offset by"),
        text("result", "Result"),
    )  # fmt: skip
    return Section(
        "biodiversity_trading", "Trading rules by habitat", table, columns, summary=sentence(told),
        notes=(_NOTE_TRADE, NOTE_KINDS), sources=(cited,),
    )  # fmt: skip


def credit_table(shortfalls: tuple[Shortfall, ...]) -> pd.DataFrame:
    """Shortfall by tier with credits and cost; NaN where no credit is sold."""
    per = credits_per_unit().value
    rows = []
    for item in shortfalls:
        found = price_of(item.tier)
        price, date = (found[0].value, found[1]) if found else (np.nan, "")
        rows.append({
            "kind": item.kind, "tier": item.tier if item.tier != NO_TIER else "none sold", "losses": item.losses,
            "gain": item.gain, "units": item.units, "per": per, "credits": item.units * per if found else np.nan,
            "price": price, "date": date or "none", "cost": item.units * per * price,
        })  # fmt: skip
    return pd.DataFrame(rows)


def _credits(shortfalls: tuple[Shortfall, ...], cited: str) -> Section:
    table = credit_table(shortfalls)
    marks = {(int(row), name): "[z]" for row in np.flatnonzero(table["price"].isna())
             for name in ("credits", "price", "cost")}  # fmt: skip
    columns = (
        text("kind", "Kind of unit"), text("tier", "Credit tier"),
        number("losses", "Losses that are not offset", "units", decimals=4),
        number("gain", "Short of the net gain", "units", decimals=4),
        number("units", "Shortfall", "units", "[losses]+[gain]", 4),
        Column("per", "Credits for each unit (spatial risk multiplier)", "", "number", 0),
        number("credits", "Credits", "credits", "[units]*[per]", 4),
        Column("price", "Price of a credit, before tax", "GBP_2023", "money", 0), text("date", "Date of the price"),
        Column("cost", "Memorandum: cost of the credits, before tax", "GBP_2023", "money", 0, "[credits]*[price]"),
    )  # fmt: skip
    priced = float(table["cost"].sum(min_count=1))
    told = f"the credits would cost {priced:,.0f} pounds" if priced == priced else "no credit is sold for it"
    return Section(
        "biodiversity_credits", "Memorandum: statutory credits for the shortfall", table, columns,
        summary=f"Memorandum, in no total of the accounts: at indicative prices of July 2023 {told}.",
        notes=(MEMO, "The price of a credit may have changed since: check before it is quoted.",
               "Losses of very high distinctiveness take bespoke compensation; no credit is sold for them.",
               "A shortfall of net gain stands in tier A1, H or W, at most the gain itself, as in the official "
               "workbook."),
        sources=(cited, source("defra_credit_prices_2023").cite()),
        cells={key: "" for key in marks if key[1] != "price"}, marks=marks,
    )  # fmt: skip
