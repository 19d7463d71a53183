"""Sections of results: units by place, and what stands outside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from natcap.accounts.biodiversity.balance import SMALL
from natcap.accounts.biodiversity.sections import NOTE_KINDS, outcome_sections, sentence
from natcap.accounts.habitats_account.account import PARTS, HabitatAccount
from natcap.accounts.habitats_account.parcels import place_words
from natcap.accounts.show.words import number, text
from natcap.accounts.wings import Setting
from natcap.core.report import Column, Section

__all__ = ["PART_WORDS", "result_sections"]

PART_WORDS: Mapping[str, str] = {
    "baseline": "Units before",
    "retained": "Units retained",
    "lost": "Units lost",
    "created": "Units created",
    "enhanced": "Units after enhancement",
    "net": "Net change in units",
}
_BEFORE = {
    "created": "biodiversity_created",
    "enhanced": "biodiversity_enhanced",
    "baseline": "biodiversity_baseline",
    "retained": "biodiversity_baseline",
    "lost": "biodiversity_baseline",
}


def result_sections(setting: Setting, account: HabitatAccount, cited: str) -> Iterator[Section]:
    first, *others = outcome_sections(setting, account.outcome, cited)
    yield first
    yield _totals(account, cited)
    yield from others
    listed = _bespoke(account.plots, cited)
    if listed is not None:
        yield listed


def _totals(account: HabitatAccount, cited: str) -> Section:
    table = account.totals.assign(on_site=[place_words(bool(b)) for b in account.totals["on_site"]])
    steps = set(account.plots["step"])
    columns = [text("kind", "Kind of unit"), text("on_site", "Place")]
    for part in PARTS[:-1]:
        step = part if part in ("created", "enhanced") else "baseline"
        where = f"{{{_BEFORE[part]}.{part}}}"
        own = f"SUMIFS({where},{{{_BEFORE[part]}.kind}},[kind],{{{_BEFORE[part]}.on_site}},[on_site])"
        columns.append(number(part, PART_WORDS[part], "units", own if step in steps else None, 4))
    columns.append(number("net", PART_WORDS["net"], "units", "[retained]+[created]+[enhanced]-[baseline]", 4))
    return Section(
        "biodiversity_units", "Biodiversity units by place", table, tuple(columns),
        summary=sentence("; ".join(
            f"{r['kind']} units {r['on_site']} change by {r['net']:+,.2f}" for r in table.to_dict("records")
        )),
        notes=(NOTE_KINDS, "Units retained and units lost do not hold the part that is enhanced."), sources=(cited,),
    )  # fmt: skip


def _bespoke(plots: pd.DataFrame, cited: str) -> Section | None:
    mine = plots[(plots["step"] == "baseline") & (plots["irreplaceable"] | ((plots["d"] >= 8) & (plots["agreed"])))]
    mine = mine[mine["kind"].ne("hedgerow")].reset_index(drop=True)
    if mine.empty:
        return None
    lost = (mine["size"] - mine["stays"]).where(mine["size"] - mine["stays"] > SMALL * mine["size"], 0.0)
    table = mine.assign(
        on_site=[place_words(bool(b)) for b in mine["on_site"]], gone=lost,
        why=np.where(mine["irreplaceable"], "irreplaceable habitat", "very high distinctiveness"),
        said=np.where(lost <= 0, "nothing is lost", "lost; bespoke compensation is stated as agreed"),
    )  # fmt: skip
    columns = (
        text("label", "Parcel"), text("sheet", "Sheet of the input"), text("kind", "Kind of unit"),
        text("on_site", "Place"), text("habitat", "Habitat"), text("why", "Reason"),
        Column("size", "Size (hectares, or kilometres of watercourse)", "", "number", 6),
        Column("stays", "Retained or enhanced", "", "number", 6),
        Column("gone", "Lost", "", "number", 6, "IF([size]-[stays]>1E-9*[size],[size]-[stays],0)"),
        text("said", "Compensation"),
    )  # fmt: skip
    return Section(
        "biodiversity_bespoke", "Irreplaceable habitat and bespoke compensation", table, columns,
        summary=f"{len(table)} parcels stand outside the units; {int((lost > 0).sum())} of them lose habitat for which "
        "bespoke compensation is stated as agreed.",
        notes=("Irreplaceable habitat generates no units; its loss is answered outside the metric.",), sources=(cited,),
    )  # fmt: skip
