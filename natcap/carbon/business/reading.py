"""Read a business's workbook: the activity table, sites, contracts and facts, with everything wrong told at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from natcap.carbon.business.checks import check_rows
from natcap.carbon.business.contracts import Contract, at_known_sites, read_contracts
from natcap.carbon.business.facts import Fact, read_facts
from natcap.carbon.business.files import Layout, Tables, read_files
from natcap.carbon.business.generation import Plant, read_generation
from natcap.carbon.business.models import CHANGE_KINDS, Choices
from natcap.carbon.business.own import OwnFactor, read_own
from natcap.carbon.business.spend import Spend, read_spend
from natcap.carbon.business.statement import Stated, read_statement
from natcap.carbon.business.survey import commuting_rows
from natcap.carbon.business.uses import Use, uses_of
from natcap.carbon.inventory import SCOPE_3
from natcap.core.problems import Problems, did_you_mean
from natcap.core.project import Period, hash_file

__all__ = ["Book", "Change", "Rows", "book_of", "check_shares", "clipped", "read_book"]


NO_SITE = "Not stated"
_HELD = frozenset({"cat08", "cat13", "cat14", "cat15"})
"""Categories of which an organisation may count a share."""


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
    file: str = ""


@dataclass(frozen=True)
class Rows:
    """Activity rows that belong to a period, ready to be multiplied.

    `frame` columns: row (number), use (code into `uses`), quantity (in the use's unit), days_in and days (of the
    bill, in the period and in all), start, end (clipped to the period), site, item, status, note (categorical),
    evidence, file, sheet, cell.
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
    own: Mapping[str, OwnFactor] = field(default_factory=dict)
    plants: tuple[Plant, ...] = ()
    stated: Mapping[int, Stated] = field(default_factory=dict)


def read_book(
    path: Path | Sequence[Path], period: Period, choices: Choices, problems: Problems, shown: str | Sequence[str],
    layout: Layout | None = None,
) -> Book:  # fmt: skip
    """Read and check one workbook, or several below each other. Everything wrong goes to `problems`."""
    paths = [path] if isinstance(path, Path) else list(path)
    names = [shown] if isinstance(shown, str) else list(shown)
    read = read_files(paths, names, problems, layout or Layout(), period)
    inputs = tuple({"file": name, "sha256": hash_file(one)} for one, name in zip(paths, names, strict=True))
    return book_of(read, period, choices, problems, inputs)


def book_of(
    read: Tables, period: Period, choices: Choices, problems: Problems, inputs: tuple[Mapping[str, str], ...] = ()
) -> Book:
    """Check the tables of a period as they were read. Everything wrong goes to `problems`."""
    tables = read.frames
    sites = _sites(tables["sites"], problems)
    own = read_own(tables["factors"], problems)
    activity = commuting_rows(tables["commuting"], tables["activity"], period, problems)
    other = len(tables["spend"]) + len(tables["generation"]) > 0
    rows = _rows(activity, sites, period, choices, problems, read.shown, own, other)
    contracts = at_known_sites(read_contracts(tables["contracts"], sites, problems), rows.frame["site"], problems)
    facts = read_facts(tables["organisation"], problems)
    changes = _changes(tables["changes"], problems)
    money = tables["spend"].assign(site=_site_names(tables["spend"], sites, problems))
    spend = read_spend(money, period, problems, read.shown)
    made = tables["generation"].assign(site=_site_names(tables["generation"], sites, problems))
    plants = read_generation(made, rows.frame, period, problems)
    stated = read_statement(tables["categories"], problems)
    return Book(
        rows, sites, contracts, facts, spend, changes, dict(read.controls), inputs, own, plants, stated
    )  # fmt: skip


def _rows(
    frame: pd.DataFrame, sites: pd.DataFrame, period: Period, choices: Choices, problems: Problems, shown: str,
    own: Mapping[str, OwnFactor], other: bool = False,
) -> Rows:  # fmt: skip
    if frame.empty and not other and not problems.errors:
        problems.add(shown, "no rows", "at least one bill or log entry", "Fill the sheet Activity.")
    frame = frame.assign(end=frame["end"].fillna(frame["start"]), site=_site_names(frame, sites, problems))
    use, uses = uses_of(frame, choices, problems, own)
    inside = check_rows(frame, use, period, choices.out_of_period == "refuse", problems)
    check_shares(frame, use, uses, problems)
    keep = np.flatnonzero(inside & (use >= 0) & frame["quantity"].notna().to_numpy())
    return Rows(clipped(frame, use, keep, period, problems), uses, period, shown)


def check_shares(frame: pd.DataFrame, use: np.ndarray, uses: Sequence[Use], problems: Problems) -> np.ndarray:
    """A share of an entry belongs to leased assets, franchises and investments, and is more than none of it.

    Returns a mask of the rows where it is wrong.
    """
    given = frame["owned"].to_numpy("float64")
    if np.isnan(given).all():
        return np.zeros(len(frame), dtype=bool)
    held = np.array([u.section == SCOPE_3 and u.category in _HELD for u in uses] + [True], dtype=bool)[use]
    wrong: np.ndarray = ~np.isnan(given) & (~held | ~((given >= 1) & (given <= 100)))
    for place in np.flatnonzero(wrong)[:50]:
        row = frame.iloc[place]
        expected = "per cent, from 1 to 100" if held[place] else "a share only in categories 8, 13, 14 and 15"
        problems.add(
            str(row["_file"]), f"{row['owned']:g}", expected, "Your own sites are shared on the sheet Sites.",
            sheet=str(row["_sheet"]), cell=str(row["_cell_owned"]),
        )  # fmt: skip
    return wrong


def _shared(kept: pd.DataFrame) -> tuple[np.ndarray, pd.Series]:
    """(the part of each row that counts, its note with that part said)."""
    part = kept["owned"].to_numpy("float64")
    note = kept["note"]
    if np.isnan(part).all():
        return np.ones(len(kept)), note
    said = pd.Series([f"your share: {p:g} %" if p == p else "" for p in part.tolist()], index=note.index, dtype="str")
    joined = note.where(said == "", said + "; " + note).str.removesuffix("; ")
    return np.where(np.isnan(part), 1.0, part / 100), joined


def clipped(frame: pd.DataFrame, use: np.ndarray, keep: np.ndarray, period: Period, problems: Problems) -> pd.DataFrame:
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
            str(row["_file"]), "a bill that straddles the period", "shares by days", said, sheet=str(row["_sheet"]),
            cell=str(row["_cell_start"]), warning=True,
        )  # fmt: skip
    quantity = kept["quantity"].to_numpy("float64")
    # Days multiply before they divide: a whole bill keeps its quantity to the last bit.
    quantity = np.where(days_in < days, quantity * days_in / days, quantity)
    part, note = _shared(kept)
    return pd.DataFrame({
        "row": np.arange(len(keep)), "use": use[keep], "quantity": quantity * part, "days_in": days_in, "days": days,
        "start": inner, "end": outer,
        **{name: kept[name].astype("category").array for name in ("site", "item", "status")},
        "note": note.astype("category").array,
        "evidence": kept["evidence"].array, "file": kept["_file"].astype("category").array,
        "sheet": kept["_sheet"].astype("category").array,
        "cell": kept["_cell_quantity"].array,
    })  # fmt: skip


def _sites(frame: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """The sheet Sites by name: area m2, employees, postcode, ownership as a share (NaN where not stated)."""
    named = frame[frame["site"] != ""]
    folded = named["site"].str.strip().str.casefold()
    for position in np.flatnonzero(folded.duplicated().to_numpy()):
        row = named.iloc[position]
        told = str(row["_file"])
        problems.add(told, str(row["site"]), "each site once", sheet=row["_sheet"], cell=row["_cell_site"])
    for name, top in (("area", np.inf), ("employees", np.inf), ("ownership", 100.0)):
        wrong = ((named[name] < 0) | (named[name] > top)).to_numpy()
        if name == "ownership":  # half written as 0.5 would count as half a per cent
            wrong = wrong | ((named[name] > 0) & (named[name] < 1)).to_numpy()
        for position in np.flatnonzero(wrong):
            row = named.iloc[position]
            expected = "per cent, from 1 to 100, or 0" if name == "ownership" else "zero or more"
            told = str(row["_file"])
            problems.add(told, f"{row[name]:g}", expected, sheet=row["_sheet"], cell=row[f"_cell_{name}"])
    columns = ["site", "area", "employees", "postcode", "ownership", "_file", "_sheet", "_cell_area", "_cell_employees"]
    found = named[columns].assign(ownership=named["ownership"] / 100, site=named["site"].str.strip())
    return found.drop_duplicates("site").reset_index(drop=True)


def _site_names(frame: pd.DataFrame, sites: pd.DataFrame, problems: Problems) -> pd.Series:
    """Site of each row, spelled as on the sheet Sites; a site that is not there is told once."""
    official = {name.casefold(): name for name in sites["site"]}
    codes, values = pd.factorize(frame["site"])
    names: list[str] = []
    seen: dict[str, str] = {}
    for code, value in enumerate(values):
        text = " ".join(str(value).split())
        first = seen.setdefault(text.casefold(), text)
        names.append(official.get(text.casefold(), first or NO_SITE))
        if first != text and not official:
            row = frame.iloc[int(np.argmax(codes == code))]
            problems.add(
                str(row["_file"]), text, f"one spelling of {first}", "Both were taken for one site.",
                sheet=str(row["_sheet"]), cell=str(row["_cell_site"]), warning=True,
            )  # fmt: skip
        if official and text and text.casefold() not in official:
            row = frame.iloc[int(np.argmax(codes == code))]
            problems.add(
                str(row["_file"]), text, "a site of the sheet Sites",
                did_you_mean(text, sites["site"]) or "Add it there.", sheet=str(row["_sheet"]),
                cell=str(row["_cell_site"]), warning=True,
            )  # fmt: skip
    distinct = list(dict.fromkeys(names))
    places = np.array([distinct.index(name) for name in names], dtype="int64")
    taken: np.ndarray = places[codes] if len(names) else np.zeros(0, dtype="int64")
    return pd.Series(pd.Categorical.from_codes(taken, categories=pd.Index(distinct, dtype="str")))


def _changes(frame: pd.DataFrame, problems: Problems) -> tuple[Change, ...]:
    found = []
    for row in frame.to_dict("records"):
        if pd.isna(row["day"]) or not row["kind"] or np.isnan(row["tonnes"]):
            continue
        sign = CHANGE_KINDS[row["kind"]]
        if row["tonnes"] < 0 and row["kind"] not in ("method", "error"):
            problems.add(
                str(row["_file"]), f"{row['tonnes']:g}", "zero or more", "The kind says whether it adds or leaves.",
                sheet=str(row["_sheet"]), cell=str(row["_cell_tonnes"]),
            )  # fmt: skip
        found.append(Change(
            row["day"].date(), str(row["kind"]), str(row["site"]), sign * float(row["tonnes"]), str(row["reason"]),
            str(row["_sheet"]), str(row["_cell_tonnes"]), str(row["_file"]),
        ))  # fmt: skip
    return tuple(found)
