"""What looks wrong in rows that can be read: each finding with its cell, as a problem or as a warning."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from natcap.core.problems import Problems
from natcap.core.project import Period

__all__ = ["THOUSANDFOLD", "check_rows", "outside_of", "unexplained"]

THOUSANDFOLD = 100.0
"""A row that is so many times its own series' median has probably slipped between kWh and MWh, or kg and t."""
_LEAST = 4
_MOST = 50

Teller = Callable[[int, str, object, str, str, bool], None]
"""(row position, field, found, expected, remedy, whether only a warning)."""


class _Tell:
    """Adds findings at the cells of a frame, at most `_MOST` of a kind; the rest are counted."""

    def __init__(self, frame: pd.DataFrame, problems: Problems, shown: str) -> None:
        self.frame, self.problems, self.shown = frame, problems, shown

    def each(
        self,
        mask: np.ndarray,
        field: str,
        found: Callable[[int], str],
        expected: str,
        remedy: str = "",
        warning: bool = False,
    ) -> None:
        places = np.flatnonzero(mask)
        for place in places[:_MOST]:
            row = self.frame.iloc[place]
            self.problems.add(
                self.shown, found(int(place)), expected, remedy, sheet=str(row["_sheet"]),
                cell=str(row[f"_cell_{field}"]), warning=warning,
            )  # fmt: skip
        if len(places) > _MOST:
            said = f"a further {len(places) - _MOST:,} rows of the same kind"
            self.problems.add(self.shown, said, expected, remedy, warning=warning)


def check_rows(
    frame: pd.DataFrame, use: np.ndarray, period: Period, refuse_outside: bool, problems: Problems, shown: str
) -> np.ndarray:
    """Tell what is wrong in the activity table; return a mask of the rows that belong to the period.

    Problems: an end before its start, a negative quantity that is no credit note, a row outside the period (unless
    left out by choice). Warnings: duplicates, thousandfold slips.
    """
    tell = _Tell(frame, problems, shown)
    start, end = frame["start"], frame["end"]
    backwards = (end < start).to_numpy()
    tell.each(
        backwards, "end", lambda i: f"{end.iloc[i].date()}, before its start {start.iloc[i].date()}",
        "a last day on or after the first", "Swap or correct the two days.",
    )  # fmt: skip
    _credit_notes(frame, tell)
    outside = outside_of(frame, period)
    tell.each(
        outside, "start", lambda i: f"{start.iloc[i].date()} to {end.iloc[i].date()}", f"days of {period}",
        "Left out, as chosen." if not refuse_outside else
        'Correct the days, move the row to another year\'s file, or set out_of_period = "leave out" in natcap.toml.',
        warning=not refuse_outside,
    )  # fmt: skip
    inside = ~outside & ~backwards & start.notna().to_numpy() & end.notna().to_numpy()
    _duplicates(frame, use, tell)
    _slips(frame, use, tell)
    return inside


def outside_of(frame: pd.DataFrame, period: Period) -> np.ndarray:
    """The rows whose days, in order, all lie outside the period."""
    start, end = frame["start"], frame["end"]
    apart = (end < pd.Timestamp(period.start)) | (start > pd.Timestamp(period.end))
    found: np.ndarray = apart.to_numpy() & ~(end < start).to_numpy()
    return found


def unexplained(frame: pd.DataFrame) -> np.ndarray:
    """The rows with a negative quantity that no credit note explains."""
    negative = (frame["quantity"] < 0).to_numpy()
    said = np.zeros(len(frame), dtype=bool)
    if negative.any():
        texts = frame.loc[negative, "evidence"].astype("str") + " " + frame.loc[negative, "note"].astype("str")
        said[negative] = texts.str.contains("credit", case=False).to_numpy()
    found: np.ndarray = negative & ~said
    return found


def _credit_notes(frame: pd.DataFrame, tell: _Tell) -> None:
    wrong = unexplained(frame)
    if not wrong.any():
        return
    tell.each(
        wrong, "quantity", lambda i: f"{frame['quantity'].iloc[i]:g}", "a quantity of zero or more",
        "If it is a credit note, write credit in its evidence or note; it then counts as negative.",
    )  # fmt: skip


def _duplicates(frame: pd.DataFrame, use: np.ndarray, tell: _Tell) -> None:
    """The same site, use, days, quantity and item twice."""
    key = pd.DataFrame({
        "use": use, "quantity": frame["quantity"].to_numpy(),
        "start": frame["start"].to_numpy(), "end": frame["end"].to_numpy(),
    })  # fmt: skip
    for name in ("site", "item"):
        key[name] = pd.factorize(frame[name])[0]
    again = key.duplicated().to_numpy() & (use >= 0)
    if not again.any():
        return
    alike = key[key.duplicated(keep=False)]
    first = (
        frame["_row"].iloc[alike.index].groupby(alike.groupby(list(key.columns)).ngroup().to_numpy()).transform("min")
    )
    earlier = dict(zip(alike.index, first, strict=True))
    tell.each(
        again, "quantity", lambda i: f"the same entry as in row {earlier[i]}", "each bill once",
        "It was counted twice; delete one if it is the same bill.", warning=True,
    )  # fmt: skip


def _slips(frame: pd.DataFrame, use: np.ndarray, tell: _Tell) -> None:
    """Rows a hundred times or more away from the median of their own series (site, use and item)."""
    amount = frame["quantity"].abs().to_numpy(dtype="float64", copy=True)
    amount[amount == 0] = np.nan
    key = pd.DataFrame({name: pd.factorize(frame[name])[0] for name in ("site", "item")})
    group = pd.Series(amount).groupby([key["site"], key["item"], use])
    median, count = group.transform("median").to_numpy(), group.transform("count").to_numpy()
    far = (amount > THOUSANDFOLD * median) | (amount * THOUSANDFOLD < median)
    tell.each(
        far & (count >= _LEAST) & (use >= 0), "quantity",
        lambda i: f"{frame['quantity'].iloc[i]:g} {frame['unit'].iloc[i]}",
        "about as much as the other entries of this series",
        "It was taken as it stands. Is the unit right (kWh or MWh, kg or tonnes)?", warning=True,
    )  # fmt: skip
