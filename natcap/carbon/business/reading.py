"""Read a business's workbook: the activity table, sites, contracts and facts, with everything wrong told at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from natcap.carbon.business.checks import check_rows
from natcap.carbon.business.contracts import Contract, read_contracts
from natcap.carbon.business.models import CHANGE_KINDS, Choices, models
from natcap.carbon.business.spend import Spend, read_spend
from natcap.carbon.business.uses import Use, uses_of
from natcap.core.problems import Problems, did_you_mean
from natcap.core.project import Period, hash_file

__all__ = ["Book", "Change", "Fact", "Rows", "clipped", "read_book"]


NO_SITE = "Not stated"


@dataclass(frozen=True, slots=True)
class Fact:
    """One entry of the sheet Organisation, or of Sites summed up, with its cell."""

    item: str
    amount: float | None
    unit: str
    text: str
    sheet: str = ""
    cell: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A structural change, a change of method or a corrected error since the base year, with its signed effect."""

    day: date
    kind: str
    site: str
    tonnes: float
    reason: str
    sheet: str
    cell: str


@dataclass(frozen=True)
class Rows:
    """Activity rows that belong to a period, ready to be multiplied.

    `frame` columns: row (number), use (code into `uses`), quantity (in the use's unit), days_in and days (of the
    bill, in the period and in all), start, end (clipped to the period), site, item, status, note (categorical),
    evidence, sheet, cell.
    """

    frame: pd.DataFrame
    uses: list[Use]
    period: Period
    file: str


@dataclass(frozen=True)
class Book:
    """Everything read from one activity workbook for one period."""

    rows: Rows
    sites: pd.DataFrame
    contracts: tuple[Contract, ...]
    facts: dict[str, Fact]
    spend: Spend
    changes: tuple[Change, ...] = ()
    controls: dict[str, str] = field(default_factory=dict)
    inputs: tuple[Mapping[str, str], ...] = ()


def read_book(
    path: Path, period: Period, choices: Choices, problems: Problems, shown: str,
    mapping: Mapping[str, str] | None = None,
) -> Book:  # fmt: skip
    """Read and check one workbook. Everything wrong goes to `problems`; the caller raises."""
    from natcap.core.workbook import read_tables

    tables = read_tables(path, models(), problems, shown, mapping=mapping)
    sites = _sites(tables["sites"], problems, shown)
    rows = _rows(tables["activity"], sites, period, choices, problems, shown, len(tables["spend"]) > 0)
    contracts = read_contracts(tables["contracts"], sites, problems, shown)
    facts = _facts(tables["organisation"], problems, shown)
    changes = _changes(tables["changes"], problems, shown)
    money = tables["spend"].assign(site=_site_names(tables["spend"], sites, problems, shown))
    spend = read_spend(money, period, problems, shown)
    inputs = ({"file": shown, "sha256": hash_file(path)},)
    return Book(rows, sites, contracts, facts, spend, changes, dict(tables.controls), inputs)


def _rows(
    frame: pd.DataFrame, sites: pd.DataFrame, period: Period, choices: Choices, problems: Problems, shown: str,
    other: bool = False,
) -> Rows:  # fmt: skip
    if frame.empty and not other:
        problems.add(shown, "no rows", "at least one bill or log entry", "Fill the sheet Activity.")
    frame = frame.assign(end=frame["end"].fillna(frame["start"]), site=_site_names(frame, sites, problems, shown))
    use, uses = uses_of(frame, choices, problems, shown)
    inside = check_rows(frame, use, period, choices.out_of_period == "refuse", problems, shown)
    keep = np.flatnonzero(inside & (use >= 0) & frame["quantity"].notna().to_numpy())
    return Rows(clipped(frame, use, keep, period, problems, shown), uses, period, shown)


def clipped(
    frame: pd.DataFrame, use: np.ndarray, keep: np.ndarray, period: Period, problems: Problems, shown: str
) -> pd.DataFrame:
    """The kept rows, bills that straddle the period cut by days (both parts are told)."""
    kept = frame.iloc[keep]
    start, end = kept["start"].to_numpy("datetime64[D]"), kept["end"].to_numpy("datetime64[D]")
    first, last = np.datetime64(period.start), np.datetime64(period.end)
    inner, outer = np.maximum(start, first), np.minimum(end, last)
    days, days_in = (end - start).astype("int64") + 1, (outer - inner).astype("int64") + 1
    for place in np.flatnonzero(days_in < days)[:50]:
        row = kept.iloc[place]
        part = row["quantity"] * days_in[place] / days[place]
        said = (
            f"{days_in[place]} of its {days[place]} days lie in {period}: {part:,.6g} of {row['quantity']:,.10g} "
            f"{row['unit']} counted here, {row['quantity'] - part:,.6g} outside"
        )
        problems.add(
            shown, "a bill that straddles the period", "shares by days", said, sheet=str(row["_sheet"]),
            cell=str(row["_cell_start"]), warning=True,
        )  # fmt: skip
    quantity = kept["quantity"].to_numpy("float64")
    # Days multiply before they divide: a whole bill keeps its quantity to the last bit.
    quantity = np.where(days_in < days, quantity * days_in / days, quantity)
    return pd.DataFrame({
        "row": np.arange(len(keep)), "use": use[keep], "quantity": quantity, "days_in": days_in, "days": days,
        "start": inner, "end": outer,
        **{name: kept[name].astype("category").array for name in ("site", "item", "status", "note")},
        "evidence": kept["evidence"].array, "sheet": kept["_sheet"].astype("category").array,
        "cell": kept["_cell_quantity"].array,
    })  # fmt: skip


def _sites(frame: pd.DataFrame, problems: Problems, shown: str) -> pd.DataFrame:
    """The sheet Sites by name: area m2, employees, postcode, ownership as a share (NaN where not stated)."""
    named = frame[frame["site"] != ""]
    folded = named["site"].str.strip().str.casefold()
    for position in np.flatnonzero(folded.duplicated().to_numpy()):
        row = named.iloc[position]
        problems.add(shown, str(row["site"]), "each site once", sheet=row["_sheet"], cell=row["_cell_site"])
    for name, top in (("area", np.inf), ("employees", np.inf), ("ownership", 100.0)):
        wrong = ((named[name] < 0) | (named[name] > top)).to_numpy()
        for position in np.flatnonzero(wrong):
            row = named.iloc[position]
            expected = "per cent, from 0 to 100" if name == "ownership" else "zero or more"
            problems.add(shown, f"{row[name]:g}", expected, sheet=row["_sheet"], cell=row[f"_cell_{name}"])
    columns = ["site", "area", "employees", "postcode", "ownership", "_sheet", "_cell_area", "_cell_employees"]
    found = named[columns].assign(ownership=named["ownership"] / 100, site=named["site"].str.strip())
    return found.drop_duplicates("site").reset_index(drop=True)


def _site_names(frame: pd.DataFrame, sites: pd.DataFrame, problems: Problems, shown: str) -> pd.Series:
    """Site of each row, spelled as on the sheet Sites; a site that is not there is told once."""
    official = {name.casefold(): name for name in sites["site"]}
    codes, values = pd.factorize(frame["site"])
    names: list[str] = []
    for code, value in enumerate(values):
        text = " ".join(str(value).split())
        names.append(official.get(text.casefold(), text or NO_SITE))
        if official and text and text.casefold() not in official:
            row = frame.iloc[int(np.argmax(codes == code))]
            problems.add(
                shown, text, "a site of the sheet Sites", did_you_mean(text, sites["site"]) or "Add it there.",
                sheet=str(row["_sheet"]), cell=str(row["_cell_site"]), warning=True,
            )  # fmt: skip
    distinct = list(dict.fromkeys(names))
    places = np.array([distinct.index(name) for name in names], dtype="int64")
    taken: np.ndarray = places[codes] if len(names) else np.zeros(0, dtype="int64")
    return pd.Series(pd.Categorical.from_codes(taken, categories=pd.Index(distinct, dtype="str")))


def _changes(frame: pd.DataFrame, problems: Problems, shown: str) -> tuple[Change, ...]:
    found = []
    for row in frame.to_dict("records"):
        if pd.isna(row["day"]) or not row["kind"] or np.isnan(row["tonnes"]):
            continue
        sign = CHANGE_KINDS[row["kind"]]
        if row["tonnes"] < 0 and row["kind"] not in ("method", "error"):
            problems.add(
                shown, f"{row['tonnes']:g}", "zero or more", "The kind says whether it adds or leaves.",
                sheet=str(row["_sheet"]), cell=str(row["_cell_tonnes"]),
            )  # fmt: skip
        found.append(Change(
            row["day"].date(), str(row["kind"]), str(row["site"]), sign * float(row["tonnes"]), str(row["reason"]),
            str(row["_sheet"]), str(row["_cell_tonnes"]),
        ))  # fmt: skip
    return tuple(found)


def _facts(frame: pd.DataFrame, problems: Problems, shown: str) -> dict[str, Fact]:
    found: dict[str, Fact] = {}
    for record in frame.to_dict("records"):
        row: dict[str, Any] = {str(k): v for k, v in record.items()}
        if not row["item"]:
            continue
        if row["item"] in found:
            problems.add(shown, row["item"], "each item once", sheet=row["_sheet"], cell=row["_cell_item"])
        amount = None if np.isnan(row["amount"]) else float(row["amount"])
        if amount is not None and amount < 0:
            problems.add(shown, f"{amount:g}", "zero or more", sheet=row["_sheet"], cell=row["_cell_amount"])
        found[row["item"]] = Fact(
            row["item"], amount, row["unit"], row["text"], row["_sheet"], row["_cell_amount"], row["evidence"]
        )
    return found
