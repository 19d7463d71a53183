"""Scope 3 by spend, where there is no activity data: money by industry times a multiplier in kg CO2e per pound.

Multipliers are in basic prices of their year, without VAT. Money is brought to the multiplier's price year with the
GDP deflator, VAT that was included is taken out at the rate the user states; each line says what was done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from natcap.carbon.business.plan import categories
from natcap.carbon.business.sic import Group, UnknownGroup, first_year, resolve
from natcap.carbon.inventory import SCOPE_3, span
from natcap.core import lines as core_lines
from natcap.core.factors import FactorError, Match, library
from natcap.core.money import DEFLATOR, MoneyError, deflate
from natcap.core.problems import Problems
from natcap.core.project import Period

__all__ = ["EXCLUDING", "INCLUDING", "Spend", "read_spend", "spend_lines"]

EXCLUDING, INCLUDING = "excluding VAT", "including VAT"
_ENERGY = ("35.1", "35.2-3")
_MOST = 50


@dataclass(frozen=True)
class Spend:
    """Spend that belongs to a period. `frame`: group (code into `groups`), counted (as entered, days inside the
    period), net (without VAT), year (price year), start, end, category, site, supplier, vat, evidence, sheet, cell."""

    frame: pd.DataFrame
    groups: tuple[Group, ...]
    period: Period
    file: str


class _Tell:
    """Adds a problem at a field of each marked row."""

    def __init__(self, frame: pd.DataFrame, problems: Problems) -> None:
        self.frame, self.problems = frame, problems

    def each(
        self, mask: NDArray[Any], field: str, found: Callable[[pd.Series], str], expected: str, remedy: str = ""
    ) -> NDArray[Any]:
        """Tell of the marked rows; return which rows are right."""
        for place in np.flatnonzero(mask)[:_MOST]:
            row = self.frame.iloc[place]
            self.problems.add(
                str(row["_file"]), found(row), expected, remedy, sheet=str(row["_sheet"]),
                cell=str(row[f"_cell_{field}"]),
            )  # fmt: skip
        return ~mask


def read_spend(frame: pd.DataFrame, period: Period, problems: Problems, shown: str) -> Spend:
    """Check the sheet Spend; everything wrong goes to `problems`, the rows that are right are kept."""
    frame = frame.assign(end=frame["end"].fillna(frame["start"]), category=frame["category"].fillna(1.0))
    tell = _Tell(frame, problems)
    codes, groups = _groups(frame, tell)
    fine = (codes >= 0) & frame["amount"].notna().to_numpy() & frame["start"].notna().to_numpy()
    fine &= _money(frame, tell) & _days(frame, period, tell)
    fine &= tell.each(
        ~frame["category"].between(1, 15).to_numpy(), "category", lambda r: f"{r['category']:g}",
        "a scope 3 category from 1 to 15",
    )  # fmt: skip
    if any(groups[code].code in _ENERGY for code in set(codes[fine].tolist())):
        problems.add(
            shown, "spend on electricity or gas", "energy by its bills only",
            "Where the kWh are on the sheet Activity, the spend counts them a second time: remove it here.",
            sheet=str(frame["_sheet"].iloc[0]), warning=True,
        )  # fmt: skip
    return Spend(_kept(frame[fine], codes[fine], period), groups, period, shown)


def _groups(frame: pd.DataFrame, tell: _Tell) -> tuple[NDArray[Any], tuple[Group, ...]]:
    """(group of each row or -1, the groups): each distinct text is looked up once."""
    codes, texts = pd.factorize(frame["industry"])
    found: list[Group] = []
    number = np.full(len(texts), -1, dtype="int64")
    for code, text in enumerate(texts):
        try:
            group = resolve(str(text)) if text else None
        except UnknownGroup as error:
            near = f"Did you mean {', or '.join(repr(c) for c in error.choices[:3])}?" if error.choices else ""
            first = np.arange(len(frame)) == int(np.argmax(codes == code))
            tell.each(first, "industry", lambda r: str(r["industry"]), "an industry group (SIC 2007)", near)
            continue
        if group is not None:
            found.append(group)
            number[code] = len(found) - 1
    return number[codes] if len(texts) else np.zeros(0, dtype="int64"), tuple(found)


def _money(frame: pd.DataFrame, tell: _Tell) -> NDArray[Any]:
    """Which rows have an amount and a VAT rate that can be used."""
    rate, taxed = frame["vat_rate"].to_numpy("float64"), (frame["vat"] == INCLUDING).to_numpy()
    credit = (frame["evidence"].astype("str") + " " + frame["supplier"].astype("str")).str.contains(
        "credit", case=False
    )
    fine = tell.each(
        (frame["amount"] < 0).to_numpy() & ~credit.to_numpy(), "amount", lambda r: f"{r['amount']:g}", "zero or more",
        "If it is a credit note, write credit in its evidence.",
    )  # fmt: skip
    fine &= tell.each(
        taxed & np.isnan(rate), "vat_rate", lambda _: "an empty cell", "the VAT rate in per cent",
        "Only money without VAT can be multiplied.",
    )  # fmt: skip
    odd = taxed & ((rate < 0) | (rate > 100) | ((rate > 0) & (rate < 1)))
    fine &= tell.each(odd, "vat_rate", lambda r: f"{r['vat_rate']:g}", "per cent, such as 20")
    return fine


def _days(frame: pd.DataFrame, period: Period, tell: _Tell) -> NDArray[Any]:
    first, last = pd.Timestamp(period.start), pd.Timestamp(period.end)
    backwards = (frame["end"] < frame["start"]).to_numpy()
    fine = tell.each(backwards, "end", lambda r: str(r["end"].date()), "a last day on or after the first")
    outside = ((frame["end"] < first) | (frame["start"] > last)).to_numpy() & ~backwards
    fine &= tell.each(
        outside, "start", lambda r: f"{r['start'].date()} to {r['end'].date()}", f"days of {period}",
        "Correct the days or remove the row.",
    )  # fmt: skip
    return fine


def _kept(rows: pd.DataFrame, codes: NDArray[Any], period: Period) -> pd.DataFrame:
    """Rows cut to the period by days, without VAT."""
    start, end = rows["start"].to_numpy("datetime64[D]"), rows["end"].to_numpy("datetime64[D]")
    inner, outer = np.maximum(start, np.datetime64(period.start)), np.minimum(end, np.datetime64(period.end))
    days, inside = (end - start).astype("int64") + 1, (outer - inner).astype("int64") + 1
    amount = rows["amount"].to_numpy("float64")
    counted = np.where(inside < days, amount * inside / days, amount)
    rate = np.where(rows["vat"] == INCLUDING, rows["vat_rate"].to_numpy("float64"), 0.0)
    middle = inner + (outer - inner) // 2
    return pd.DataFrame({
        "group": codes, "counted": counted, "net": counted / (1 + rate / 100),
        "year": middle.astype("datetime64[Y]").astype("int64") + 1970, "start": inner, "end": outer,
        "category": rows["category"].to_numpy("int64"), "sheet": rows["_sheet"].to_numpy(),
        "file": rows["_file"].to_numpy(),
        "cell": rows["_cell_amount"].to_numpy(),
        **{name: rows[name].astype("str").to_numpy() for name in ("site", "supplier", "vat", "evidence")},
    })  # fmt: skip


def spend_lines(spend: Spend, share: NDArray[np.float64] | None = None) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Lines of scope 3 by spend, and what stood in for something else. `share` is the owned part of each row."""
    frame = spend.frame
    if frame.empty:
        return core_lines.frame({"kg_co2e": np.zeros(0)}), ()
    keys = frame[["group", "year"]].drop_duplicates().reset_index(drop=True)
    priced = [_priced(spend.groups[group], year) for group, year in keys.itertuples(index=False, name=None)]
    # Each distinct (industry, year) is priced once; `at` points every row to its price.
    at = frame.merge(keys.assign(at=keys.index), on=["group", "year"], validate="many_to_one")["at"].to_numpy("int64")
    owned = np.ones(len(frame)) if share is None else share
    factor = np.array([p.match.factor.value for p in priced])[at]
    quantity = frame["net"].to_numpy("float64") * owned * np.array([p.price for p in priced])[at]
    kg = quantity * factor
    numbers = {
        "factor": factor, "factor_quantity": quantity, "kg": kg, "kg_co2e": kg.copy(), "gwp": np.ones(len(frame)),
        "quantity": frame["counted"].to_numpy("float64") * owned,
    }  # fmt: skip
    said = tuple(dict.fromkeys(f"Spend: {p.said}" for p in priced if p.said))
    return core_lines.frame({**_texts(spend, priced, at), **numbers}), said


def _texts(spend: Spend, priced: Sequence[_Priced], at: NDArray[np.int64]) -> dict[str, object]:
    """The text columns of spend lines."""
    frame, headings = spend.frame, categories()
    of_factor = {"factor_unit": "unit", "factor_id": "id", "edition": "edition", "gwp_set": "gwp_set",
                 "verified": "verified", "activity": "series"}  # fmt: skip
    found: dict[str, object] = {
        name: np.array([str(getattr(p.match.factor, field)) for p in priced], dtype=object)[at]
        for name, field in of_factor.items()
    }
    vat = np.where(frame["vat"] == INCLUDING, "spend, VAT taken out", "spend, without VAT").astype(object)
    vat += np.array([f", in prices of {p.match.factor.year}" for p in priced], dtype=object)[at]
    said = np.array([f"; {p.said}" if p.said else "" for p in priced], dtype=object)[at]
    days = {name: np.datetime_as_string(frame[name].to_numpy("datetime64[D]")) for name in ("start", "end")}
    return found | {
        "match": np.array([p.match.how for p in priced], dtype=object)[at], "note": vat + said,
        "unit": "GBP", "section": SCOPE_3, "basis": "spend", "gas": "CO2e", "tier": "spend",
        "period": span(spend.period), "file": frame["file"].to_numpy(),
        "period_start": days["start"], "period_end": days["end"],
        "category": np.array([headings[f"cat{n:02d}"] for n in frame["category"]], dtype=object),
        "place": frame["site"].to_numpy(), "item": frame["supplier"].to_numpy(),
        "evidence": frame["evidence"].to_numpy(), "sheet": frame["sheet"].to_numpy(), "cell": frame["cell"].to_numpy(),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Priced:
    """A multiplier, pounds of its price year per pound spent, and what a reader has to know."""

    match: Match
    price: float
    said: str


def _priced(group: Group, year: int) -> _Priced:
    found = _multiplier(group, year)
    price, how = _prices(year, found.factor.year)
    return _Priced(found, price, "; ".join(text for text in (found.note, how, found.factor.note) if text))


def _multiplier(group: Group, year: int) -> Match:
    """The multiplier of the year, or the newest before it, or for earlier years the oldest (said in the match)."""
    try:
        return library().match(group.series, year, family="spend", allow_earlier=True)
    except FactorError:
        oldest = first_year()
        found = library().match(group.series, oldest, family="spend")
        return Match(found.factor, "earlier edition", year, f"no multiplier for {year}: that of {oldest} is used")


def _prices(year: int, used: int) -> tuple[float, str]:
    """Pounds of `used` per pound of `year`; the newest deflator stands in for a later year, and that is said."""
    if year == used:
        return 1.0, ""
    step = -1 if year > used else 1
    for known in range(year, used + step, step):
        try:
            price = float(deflate(1.0, known, used))
        except MoneyError:
            continue
        if known == year:
            return price, f"prices of {year} brought to {used} with the GDP deflator {DEFLATOR}"
        return price, f"no GDP deflator for {year}: prices of {known} assumed and brought to {used}"
    return 1.0, f"no GDP deflator for {year}: prices of {used} assumed"
