"""Meter readings: the quantity is the present reading less the previous one, times the meter's multiplier.

Declared once with `layout = "readings"` in natcap.toml. A reading lower than the one before is refused: a meter that
passed zero or was changed cannot be told from a slip of the pen. Between two days of reading the first day is the day
after the earlier one, so that readings that follow each other do not overlap.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from natcap.core.problems import Problems
from natcap.core.workbook import Field, TableModel

__all__ = ["OWN", "names_reading", "quantities", "reading_model"]

_NEAR = 1e-6
OWN = ("previous", "present", "multiplier", "previous_day", "present_day")
"""Fields of the readings themselves, which the template does not have."""


def names_reading(text: str) -> bool:
    """Whether a header looks like the reading of a meter."""
    return "reading" in text.casefold() or "meter read" in text.casefold()


def reading_model(model: TableModel) -> TableModel:
    """The activity table with readings; the quantity and the days of the template may still stand there."""
    f = Field
    own = (
        f("previous", "Previous reading", "number", unit_field="unit",
          synonyms=("previous", "previous meter reading", "start reading", "opening reading", "last reading",
                    "reading from", "prev reading", "previous read", "opening read", "start read", "old reading")),
        f("present", "Present reading", "number", unit_field="unit",
          synonyms=("present", "present meter reading", "current reading", "end reading", "closing reading",
                    "reading to", "this reading", "present read", "closing read", "end read", "new reading",
                    "latest reading")),
        f("multiplier", "Multiplier", "number", required=False,
          synonyms=("meter multiplier", "meter factor", "ct ratio", "multiply by")),
        f("previous_day", "Previous reading date", "date", required=False,
          synonyms=("date of previous reading", "previous date", "previous read date", "last reading date",
                    "opening date", "start reading date", "opening reading date")),
        f("present_day", "Present reading date", "date", required=False,
          synonyms=("date of present reading", "present date", "present read date", "current reading date",
                    "reading date", "closing date", "end reading date", "closing reading date")),
    )  # fmt: skip
    loose = [replace(f, required=False) if f.name in ("quantity", "start") else f for f in model.fields]
    return TableModel(model.id, model.sheet, model.title, (*loose, *own), synonyms=model.synonyms)


def quantities(frame: pd.DataFrame, shown: str, problems: Problems) -> pd.DataFrame:
    """The activity table with the quantity of each pair of readings; what does not fit is told at its cell."""
    made = frame.drop(columns=[name for own in OWN for name in (own, f"_cell_{own}")])
    if frame.empty:
        return made
    tell = _Tell(frame, shown, problems)
    previous, present = frame["previous"], frame["present"]
    times = frame["multiplier"].fillna(1.0).to_numpy("float64")
    used = (present - previous).to_numpy("float64") * times
    tell.each(
        (present < previous).to_numpy(), "present",
        lambda i: f"a reading of {present.iloc[i]:,.10g}, lower than the previous {previous.iloc[i]:,.10g}",
        "a reading that is not lower", "If the meter passed zero or was changed, enter what was used as a bill.",
    )  # fmt: skip
    tell.each((times <= 0) | ~np.isfinite(times), "multiplier", lambda i: f"{times[i]:g}", "a number above zero")
    stated = frame["quantity"].to_numpy("float64")
    tell.each(
        np.isfinite(stated) & ~np.isclose(stated, used, rtol=_NEAR, atol=0.5), "quantity",
        lambda i: f"a quantity of {stated[i]:,.10g}",
        "the difference of the readings, times the multiplier",
        "Correct the reading or the quantity; where the quantity is in another unit, leave its column out.",
    )  # fmt: skip
    return _dated(frame, made, tell).assign(
        quantity=np.where(used < 0, np.nan, used), note=_notes(frame, times), _cell_quantity=frame["_cell_present"],
    )  # fmt: skip


def _dated(frame: pd.DataFrame, made: pd.DataFrame, tell: _Tell) -> pd.DataFrame:
    """First and last day: as given, else from the days of reading."""
    start = frame["start"].fillna(frame["previous_day"] + pd.Timedelta(days=1))
    end = frame["end"].fillna(frame["present_day"])
    tell.each(
        start.isna().to_numpy(), "present", lambda i: "a reading without its days",
        "the days of both readings, or the first and last day", "Fill Previous reading date and Present reading date.",
    )  # fmt: skip
    places = {
        f"_cell_{name}": frame[f"_cell_{name}"].where(frame[name].notna(), frame[f"_cell_{day}"])
        for name, day in (("start", "previous_day"), ("end", "present_day"))
    }
    return made.assign(start=start.astype("datetime64[s]"), end=end.astype("datetime64[s]"), **places)


def _notes(frame: pd.DataFrame, times: NDArray[np.float64]) -> pd.Series:
    """What the quantity was made from, before the note of the row."""
    said = [
        f"reading {b:,.10g} less {a:,.10g}" + (f", times {t:g}" if t != 1 else "")
        for a, b, t in zip(frame["previous"], frame["present"], times, strict=True)
    ]
    joined = pd.Series(said, index=frame.index, dtype="str") + "; " + frame["note"]
    return joined.str.removesuffix("; ")


class _Tell:
    """Adds problems at the cells of a column."""

    def __init__(self, frame: pd.DataFrame, shown: str, problems: Problems) -> None:
        self.frame, self.shown, self.problems = frame, shown, problems

    def each(
        self, mask: NDArray[np.bool_], field: str, found: Callable[[int], str], expected: str, remedy: str = ""
    ) -> None:
        for at in np.flatnonzero(mask)[:50].tolist():
            row = self.frame.iloc[at]
            self.problems.add(
                self.shown, found(at), expected, remedy, sheet=str(row["_sheet"]), cell=str(row[f"_cell_{field}"])
            )
