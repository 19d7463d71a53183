"""A survey of commuting and homeworking as activity rows: people x days x weeks x way there and back, or hours.

Where the survey did not reach everybody, Headcount over Answers scales it. Every row is an estimate of category 7.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from natcap.carbon.business.vocabulary import UnknownActivity, vocabulary
from natcap.core.problems import Problems
from natcap.core.project import Period
from natcap.core.units import unit

__all__ = ["commuting_rows"]

_CATEGORY = 7.0
_DAYS, _WEEKS = 7.0, 53.0
_HOURS = {"hour": 1.0, "fte_hour": 1.0}
Tell = Callable[..., None]


def commuting_rows(frame: pd.DataFrame, like: pd.DataFrame, period: Period, problems: Problems) -> pd.DataFrame:
    """The activity table with a row for each row of the survey below it; wrong rows are told and left out."""
    made = []
    for record in frame.to_dict("records"):
        row = {str(key): value for key, value in record.items()}
        if found := _row(row, period, problems):
            made.append(found)
    if not made:
        return like
    blank = dict.fromkeys(like.columns, "")
    more = pd.DataFrame([{**blank, **found} for found in made], columns=like.columns)
    for name in ("share", "owned"):
        more[name] = np.nan
    more = more.astype({name: kind for name, kind in like.dtypes.items() if kind.kind in "fiM"})
    return pd.concat([like, more], ignore_index=True) if len(like) else more


def _row(row: Mapping[str, Any], period: Period, problems: Problems) -> dict[str, Any] | None:
    fine = True

    def tell(field: str, found: object, expected: str, remedy: str = "") -> None:
        nonlocal fine
        fine = False
        cell = str(row[f"_cell_{field}"] or row["_cell_people"])
        problems.add(str(row["_file"]), found, expected, remedy, sheet=str(row["_sheet"]), cell=cell)

    needed = [row["people"], row["days"], row["weeks"], row["each"]]
    if not row["mode"] or not row["unit"] or any(np.isnan(value) for value in needed):
        return None  # the reader has told of the empty cells
    for field, most in (("people", np.inf), ("days", _DAYS), ("weeks", _WEEKS), ("each", np.inf)):
        if not 0 <= row[field] <= most:
            tell(field, f"{row[field]:g}", "zero or more" if most == np.inf else f"from 0 to {most:g}")
    scale = _scale(row, tell)
    entered = _unit(str(row["mode"]), str(row["unit"]), tell)
    if not fine or entered is None:
        return None
    hours = unit(entered).dimension == "working time"
    ways = 1 if hours else 2
    quantity = row["people"] * scale * row["days"] * row["weeks"] * ways * row["each"]
    what = f"{row['each']:g} {'hours' if hours else row['unit']}" + ("" if hours else " there and back")
    note = f"survey: {row['people']:g} people x {row['days']:g} days x {row['weeks']:g} weeks x {what}"
    if scale != 1:
        note += f", scaled by {row['headcount']:g} of {row['answers']:g} answers"
    cell = row["_cell_people"]
    return {
        "site": row["site"], "activity": row["mode"], "quantity": quantity, "unit": entered,
        "start": pd.Timestamp(period.start), "end": pd.Timestamp(period.end), "category": _CATEGORY,
        "status": "estimated",
        "evidence": row["evidence"], "note": note, "_file": row["_file"], "_sheet": row["_sheet"], "_row": row["_row"],
        "_cell_quantity": cell, "_cell_activity": row["_cell_mode"], "_cell_unit": row["_cell_unit"],
        "_cell_start": cell, "_cell_end": cell, "_cell_site": row["_cell_site"], "_cell_category": cell,
    }  # fmt: skip


def _scale(row: Mapping[str, Any], tell: Tell) -> float:
    """From those who answered to everybody; 1 where the survey does not say."""
    answers, everybody = row["answers"], row["headcount"]
    if np.isnan(answers) and np.isnan(everybody):
        return 1.0
    if np.isnan(answers) or np.isnan(everybody):
        tell("answers", "only one of Answers in all and Headcount", "both, or none", "Together they scale the survey.")
        return 1.0
    if not row["people"] <= answers <= everybody or answers <= 0:
        tell("answers", f"{answers:g}", f"from {row['people']:g} people up to a headcount of {everybody:g}")
        return 1.0
    return float(everybody / answers)


def _unit(mode: str, given: str, tell: Tell) -> str | None:
    """The unit to enter: passenger distance for buses and trains, working hours at home; None with a problem."""
    try:
        units = [u for found in vocabulary().candidates(mode) for u, _ in found.units]
    except UnknownActivity:
        return given  # told with its choices where activities are resolved
    dimensions = {unit(name).dimension for name in units}
    if "working time" in dimensions:
        if given in _HOURS:
            return "fte_hour"
        tell("unit", given, "hours, for working at home", "Hours of a day; they are counted once.")
        return None
    if unit(given).dimension != "length":
        tell("unit", given, "mile or km, for a journey")
        return None
    return given if "length" in dimensions else {"mile": "passenger_mile", "km": "passenger_km"}.get(given, given)
