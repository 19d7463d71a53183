"""Factors that the user brings: the sheet Factors. Used where the column Activity names one, and only there.

A factor has one row, or one for each gas under the same name. It never stands in for a published one: a name that a
published activity has is refused. A bound ("< 1") counts at its upper end, with zero as the lower.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from natcap.carbon.business.blends import PREFIX
from natcap.carbon.business.vocabulary import Activity, UnknownActivity, rows_of, vocabulary
from natcap.carbon.inventory import SCOPE_1, SCOPE_2, SCOPE_3
from natcap.core.gwp import GwpError, gwp
from natcap.core.lines import OUTSIDE
from natcap.core.problems import Problems

__all__ = ["GASES", "REPORTED", "OwnFactor", "OwnGas", "gaps", "name_key", "read_own", "reported"]

GASES: tuple[str, ...] = ("CO2e", "CO2", "CH4", "N2O")
REPORTED = "Reported emissions"
"""An activity that is emissions already, as another organisation states them: one kilogram is one kilogram."""
_USUAL = {SCOPE_1: "fuels", SCOPE_2: "electricity", OUTSIDE: "biogenic"}


@dataclass(frozen=True, slots=True)
class OwnGas:
    """One row of the sheet: kg of `gas` per unit; `low` and `high` where a range or a bound is given."""

    gas: str
    value: float
    low: float | None
    high: float | None
    gwp: float
    gwp_set: str
    note: str
    id: str


@dataclass(frozen=True, slots=True)
class OwnFactor:
    """A user's factor, as an activity that a row can name."""

    activity: Activity
    gases: tuple[OwnGas, ...]
    source: str
    year: int | None


def name_key(text: str) -> str:
    """A name as compared: case and spaces do not matter."""
    return " ".join(str(text).split()).casefold()


def _activity(name: str, unit: str, section: str, category: str) -> Activity:
    stem = f"user:{name}"
    return Activity(stem, name, stem, "user", section, category, ((unit, f"{stem}/own"),), unit)


def reported() -> OwnFactor:
    """Emissions that others state, in mass of CO2e; the scope 3 category comes from the row."""
    gas = OwnGas("CO2e", 1.0, None, None, 1.0, "", "emissions as the other organisation states them", "user:reported")
    return OwnFactor(_activity(REPORTED, "kg_co2e", SCOPE_3, ""), (gas,), "the organisation that reports them", None)


def read_own(frame: pd.DataFrame, problems: Problems) -> dict[str, OwnFactor]:
    """The factors of the sheet by compared name; everything wrong goes to `problems`."""
    found: dict[str, OwnFactor] = {name_key(REPORTED): reported()}
    for record in frame.to_dict("records"):
        row = {str(key): value for key, value in record.items()}
        if row["name"] and row["value"] and row["unit"] and row["scope"]:
            _take(row, found, problems)
    return found


def _tell(problems: Problems, row: Mapping[str, Any], field: str, found: object, expected: str, remedy: str) -> None:
    cell = str(row[f"_cell_{field}"] or row["_cell_name"])
    problems.add(str(row["_file"]), found, expected, remedy, sheet=str(row["_sheet"]), cell=cell)


def _take(row: Mapping[str, Any], found: dict[str, OwnFactor], problems: Problems) -> None:
    key = name_key(row["name"])
    if means := REPORTED if key == name_key(REPORTED) else _published(str(row["name"])):
        remedy = f"It means {means!r}, and your factor never replaces a published one unseen. Name it apart."
        _tell(problems, row, "name", row["name"], "a name that no published activity has", remedy)
        return
    category = _category(row, problems)
    gas = _gas(row, problems)
    if category is None or gas is None:
        return
    year = None if np.isnan(row["year"]) else int(row["year"])
    name = " ".join(str(row["name"]).split())
    made = OwnFactor(_activity(name, str(row["unit"]), str(row["scope"]), category), (gas,), str(row["source"]), year)
    before = found.get(key)
    if before is None:
        found[key] = made
        return
    joined = _joined(before, made)
    if joined is None:
        expected = "one factor under each name; several rows only for several gases of the same unit and scope"
        _tell(problems, row, "name", row["name"], expected, "Delete one, or give it another name.")
        return
    found[key] = joined


def _joined(before: OwnFactor, more: OwnFactor) -> OwnFactor | None:
    """Both rows as one factor, or None where they are not gases of one."""
    gases = {gas.gas for gas in before.gases}
    same = (before.activity.unit, before.activity.section, before.activity.category, before.year) == (
        more.activity.unit, more.activity.section, more.activity.category, more.year,
    )  # fmt: skip
    if not same or more.gases[0].gas in gases or "CO2e" in gases | {more.gases[0].gas}:
        return None
    return replace(before, gases=(*before.gases, *more.gases))


def _published(name: str) -> str:
    """The label of the published activity that a name means, empty where it means none."""
    try:
        found = vocabulary().candidates(name)[0]
        return "" if found.stem.startswith(PREFIX) else found.label
    except UnknownActivity:
        return ""


def _category(row: Mapping[str, Any], problems: Problems) -> str | None:
    """The key of the heading a factor's lines stand under, or None with a problem."""
    scope, text = str(row["scope"]), str(row["category"]).strip()
    keys = [r["key"] for r in rows_of("categories") if r["section"] == scope]
    if scope == SCOPE_3 and text.isdigit() and 1 <= int(text) <= 15:
        return f"cat{int(text):02d}"
    if scope != SCOPE_3 and not text:
        return _USUAL[scope]
    names = {r["category"].casefold(): r["key"] for r in rows_of("categories") if r["section"] == scope}
    taken = names.get(text.casefold(), text.casefold())
    if taken in keys:
        return taken
    expected = "a scope 3 category from 1 to 15" if scope == SCOPE_3 else f"one of {', '.join(keys)}, or empty"
    _tell(problems, row, "category", text or "an empty cell", expected, f"The factor is of {scope}.")
    return None


def _gas(row: Mapping[str, Any], problems: Problems) -> OwnGas | None:
    text = str(row["value"])
    value, bound = float(text.lstrip("<")), text.startswith("<")
    low, high = (None if np.isnan(row[name]) else float(row[name]) for name in ("low", "high"))
    if bound:
        low, high = 0.0, value
    if (low is None) != (high is None) or (low is not None and high is not None and not low <= value <= high):
        _tell(problems, row, "low", f"{low} to {high}", f"both ends of a range around {value:g}", "")
        return None
    kind, potential, chosen = str(row["gas"] or "CO2e"), 1.0, str(row["gwp_set"])
    if kind in ("CH4", "N2O"):
        try:
            if not chosen:
                raise GwpError("no set of warming potentials is named")
            potential = gwp(kind, chosen).value
        except GwpError as error:
            _tell(
                problems,
                row,
                "gwp_set",
                chosen or "an empty cell",
                "AR4 or AR5 for methane and nitrous oxide",
                str(error),
            )
            return None
    note = f"printed as a bound, < {value:g}: counted at its upper end" if bound else ""
    key = f"user:{row['_file']}/{row['_sheet']}/{row['_cell_value']}"
    return OwnGas(kind, value, low, high, potential, chosen, note, key)


def gaps(own: OwnFactor) -> Iterator[str]:
    """What a user's factor does not bring along that a published one would."""
    if own.activity.section in (SCOPE_1, SCOPE_2) and own.activity.category in ("fuels", "electricity", "heat"):
        yield (
            f"{own.activity.label}, well-to-tank and losses (category 3): your factor brings none, "
            "they are missing and not zero"
        )
