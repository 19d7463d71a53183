"""What looks wrong in rows that can be read: each finding with its cell, as a problem or as a warning.

A warning never changes a number: the entry counts as it stands, and the report lists it under what to look at.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from natcap.core import tables
from natcap.core.problems import Problems
from natcap.core.project import Period
from natcap.core.words import plural

__all__ = ["check_rows", "outside_of", "thresholds", "unexplained"]

Mask = NDArray[np.bool_]
_MOST = 50


@lru_cache(maxsize=1)
def thresholds() -> dict[str, float]:
    """The thresholds of `factors/business/flags.csv` by the last part of their id."""
    table = tables.load("business/flags")
    return {str(key).rpartition(".")[2]: float(value) for key, value in zip(table["id"], table["value"], strict=True)}


class _Tell:
    """Adds findings at the cells of a frame, at most `_MOST` of a kind; the rest are counted."""

    def __init__(self, frame: pd.DataFrame, problems: Problems) -> None:
        self.frame, self.problems = frame, problems

    def each(
        self,
        mask: Mask,
        field: str,
        found: Callable[[int], str],
        expected: str,
        remedy: str = "",
        warning: bool = False,
    ) -> None:
        places = np.flatnonzero(mask)
        for place in places[:_MOST]:
            # By column: taking a row out of a wide frame costs as much as checking a thousand.
            file, sheet, cell = (str(self.frame[name].iloc[place]) for name in ("_file", "_sheet", f"_cell_{field}"))
            self.problems.add(file, found(int(place)), expected, remedy, sheet=sheet, cell=cell, warning=warning)
        if len(places) > _MOST:
            said = f"a further {plural(len(places) - _MOST, 'row')} of the same kind"
            file = str(self.frame["_file"].iloc[places[_MOST]])
            self.problems.add(file, said, expected, remedy, warning=warning)


def check_rows(
    frame: pd.DataFrame, use: np.ndarray, period: Period, refuse_outside: bool, problems: Problems
) -> np.ndarray:
    """Tell what is wrong in the activity table; return a mask of the rows that belong to the period.

    Problems: an end before its start, a negative quantity that is no credit note, a row outside the period (unless
    left out by choice). Warnings: duplicates, overlapping bills of one meter, thousandfold slips.
    """
    tell = _Tell(frame, problems)
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
    inside: np.ndarray = ~outside & ~backwards & start.notna().to_numpy() & end.notna().to_numpy()
    series = _series(frame, use)
    again = _duplicates(frame, use, series, tell)
    _overlaps(frame, series, inside & (use >= 0) & ~again, tell)
    _slips(frame, use, series, inside & (use >= 0), tell)
    return inside


def outside_of(frame: pd.DataFrame, period: Period) -> Mask:
    """The rows whose days, in order, all lie outside the period."""
    start, end = frame["start"], frame["end"]
    apart = (end < pd.Timestamp(period.start)) | (start > pd.Timestamp(period.end))
    found: Mask = apart.to_numpy() & ~(end < start).to_numpy()
    return found


def unexplained(frame: pd.DataFrame) -> Mask:
    """The rows with a negative quantity that no credit note explains."""
    negative = (frame["quantity"] < 0).to_numpy()
    said = np.zeros(len(frame), dtype=bool)
    if negative.any():
        texts = frame.loc[negative, "evidence"].astype("str") + " " + frame.loc[negative, "note"].astype("str")
        said[negative] = texts.str.contains("credit", case=False).to_numpy()
    found: Mask = negative & ~said
    return found


def _credit_notes(frame: pd.DataFrame, tell: _Tell) -> None:
    tell.each(
        unexplained(frame), "quantity", lambda i: f"{frame['quantity'].iloc[i]:g}", "a quantity of zero or more",
        "If it is a credit note, write credit in its evidence or note; it then counts as negative.",
    )  # fmt: skip


def _series(frame: pd.DataFrame, use: np.ndarray) -> NDArray[np.int64]:
    """Number of the series of each row: site, meter or item, and use."""
    joint = use.astype("int64") + 1
    for name in ("site", "item"):
        codes, values = pd.factorize(frame[name])
        joint = pd.factorize(joint * (len(values) + 1) + codes)[0]
    return joint


def _duplicates(frame: pd.DataFrame, use: np.ndarray, series: NDArray[np.int64], tell: _Tell) -> Mask:
    """The same site, use, days, quantity and item twice. Returns the second and later of them."""
    key = pd.DataFrame({
        "series": series, "quantity": frame["quantity"].to_numpy(),
        "start": frame["start"].to_numpy(), "end": frame["end"].to_numpy(),
    })  # fmt: skip
    # Most rows differ in one number already; only those that agree in it are compared whole.
    mixed = pd.util.hash_array(key["quantity"].to_numpy()) ^ pd.util.hash_array(series)
    alike = key[pd.Series(mixed).duplicated(keep=False).to_numpy() & (use >= 0)]
    alike = alike[alike.duplicated(keep=False)]
    again = np.zeros(len(frame), dtype=bool)
    if alike.empty:
        return again
    again[alike.index[alike.duplicated()]] = True
    groups = alike.groupby(list(key.columns), dropna=False).ngroup().to_numpy()
    first = frame["_row"].iloc[alike.index].groupby(groups).transform("first")
    files = frame["_file"].astype("str").iloc[alike.index].groupby(groups).transform("first")
    earlier = dict(zip(alike.index, first, strict=True))
    where = dict(zip(alike.index, files, strict=True))

    def said(place: int) -> str:
        other = where[place] if where[place] != str(frame["_file"].iloc[place]) else ""
        return f"the same entry as in row {earlier[place]}" + (f" of {other}" if other else "")

    tell.each(
        again, "quantity", said, "each bill once",
        "It was counted twice; delete one if it is the same bill.", warning=True,
    )  # fmt: skip
    return again


def _overlaps(frame: pd.DataFrame, series: NDArray[np.int64], among: Mask, tell: _Tell) -> None:
    """Bills of one named meter whose days overlap: one of them was probably entered with wrong days, or twice."""
    least = np.timedelta64(int(thresholds()["overlap_days"]) - 1, "D")
    start = frame["start"].to_numpy("datetime64[D]")
    end = frame["end"].to_numpy("datetime64[D]")
    metered = among & (frame["item"] != "").to_numpy() & (frame["quantity"] > 0).to_numpy()
    metered[metered] &= (end - start)[metered] >= least
    at = np.flatnonzero(metered)
    if len(at) < 2:
        return
    at = at[np.lexsort((end[at], start[at], series[at]))]
    first = start[at].astype("int64")
    last = end[at].astype("int64")
    # The latest day that an earlier bill of the same series reaches; a step per series keeps them apart.
    step = (series[at] - series[at].min()) * (int(last.max()) + 1 - min(0, int(first.min())))
    reach = np.maximum.accumulate(last + step)
    hit = np.flatnonzero((series[at[1:]] == series[at[:-1]]) & (first[1:] + step[1:] <= reach[:-1])) + 1
    earlier = dict(zip(at[hit].tolist(), at[hit - 1].tolist(), strict=True))
    mask = np.zeros(len(frame), dtype=bool)
    mask[at[hit]] = True

    def said(place: int) -> str:
        other = earlier[place]
        return f"{start[place]} to {end[place]}, overlapping row {frame['_row'].iloc[other]} of the same meter"

    tell.each(
        mask, "start", said, "days that no other bill of the meter covers",
        "Both were counted. Correct the days, or delete one if it replaces the other.", warning=True,
    )  # fmt: skip


def _slips(frame: pd.DataFrame, use: np.ndarray, series: NDArray[np.int64], among: Mask, tell: _Tell) -> None:
    """Entries far from the median per day of their own meter, or about a thousand times that of their peers."""
    limit = thresholds()
    days = (frame["end"].to_numpy("datetime64[D]") - frame["start"].to_numpy("datetime64[D]")).astype("float64") + 1
    amount = frame["quantity"].abs().to_numpy(dtype="float64", copy=True)
    amount[(amount == 0) | ~among] = np.nan
    rate = pd.Series(amount / np.where(days > 0, days, np.nan))
    # A delivery of one day says nothing of a day of a bill, so they are compared among themselves.
    single = (days <= 1).astype("int64")
    own = rate.groupby(series * 2 + single)
    median, count = own.transform("median").to_numpy(), own.transform("count").to_numpy()
    far = _beyond(rate.to_numpy(), median, limit["series_far"], np.inf) & (count >= limit["series_least"])
    tell.each(
        far, "quantity", lambda i: _slip(frame, i, rate.iloc[i] / median[i], "this series"),
        "about as much a day as the other entries of this series", _SLIPPED, warning=True,
    )  # fmt: skip
    peers = rate.groupby(use.astype("int64") * 2 + single)
    middle, many = peers.transform("median").to_numpy(), peers.transform("count").to_numpy()
    odd = _beyond(rate.to_numpy(), middle, limit["peers_low"], limit["peers_high"]) & (many >= limit["series_least"])
    tell.each(
        odd & (count < limit["series_least"]), "quantity",
        lambda i: _slip(frame, i, rate.iloc[i] / middle[i], "the same activity elsewhere"),
        "about as much a day as the same activity at other meters", _SLIPPED, warning=True,
    )  # fmt: skip


_SLIPPED = "It was taken as it stands. Is the unit right (kWh or MWh, kg or tonnes)?"


def _beyond(rate: np.ndarray, median: np.ndarray, low: float, high: float) -> Mask:
    """Whether a rate is `low` to `high` times its median, or that part of it."""
    ratio = rate / median
    found: Mask = ((ratio >= low) & (ratio <= high)) | ((ratio <= 1 / low) & (ratio >= 1 / high))
    return found


def _slip(frame: pd.DataFrame, place: int, ratio: float, what: str) -> str:
    times = f"{ratio:,.0f} times" if ratio >= 1 else f"1/{1 / ratio:,.0f} of"
    return f"{frame['quantity'].iloc[place]:,.10g} {frame['unit'].iloc[place]}, {times} the median per day of {what}"
