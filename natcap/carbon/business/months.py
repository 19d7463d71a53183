"""Spread lines over calendar months by days, and say which months of which series are covered."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.carbon.inventory import month_starts
from natcap.core.project import Period

__all__ = ["by_site_and_month", "coverage"]


def _pieces(start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(row, month since 1970, share of the row's days) of every month that a row of days touches."""
    first, last = (days.astype("datetime64[M]").astype("int64") for days in (start, end))
    counts = last - first + 1
    row = np.repeat(np.arange(len(start)), counts)
    month = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    opens = month.astype("datetime64[M]").astype("datetime64[D]")
    closes = (month + 1).astype("datetime64[M]").astype("datetime64[D]") - np.timedelta64(1, "D")
    inside = (np.minimum(end[row], closes) - np.maximum(start[row], opens)).astype("int64") + 1
    return row, month, inside / ((end - start).astype("int64") + 1)[row]


def _days(column: pd.Series) -> np.ndarray:
    """ISO days of a categorical column as datetime64[D]."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return np.asarray(column.cat.categories, dtype="datetime64[D]")[column.cat.codes.to_numpy()]
    return column.to_numpy("datetime64[D]")


def by_site_and_month(lines: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Kilograms CO2e by place and month of the period (columns "2025-01", ...), by days where a bill spans months.

    A site without a line in a month has a missing value there, not zero.
    """
    months = [day.isoformat()[:7] for day in month_starts(period.start, period.end)]
    row, month, share = _pieces(_days(lines["period_start"]), _days(lines["period_end"]))
    kg = lines["kg_co2e"].to_numpy()[row] * share
    long = pd.DataFrame({
        "place": lines["place"].astype("str").to_numpy()[row], "kg": kg,
        "month": np.datetime_as_string(month.astype("datetime64[M]"), unit="M") if len(month) else [],
    })  # fmt: skip
    wide = long.groupby(["place", "month"])["kg"].sum(min_count=1).unstack("month")
    return wide.reindex(columns=months).sort_index().reset_index()


def coverage(rows: pd.DataFrame, names: list[str], period: Period) -> pd.DataFrame:
    """Days that bills cover, by site and activity: site, activity, days covered, days of the period, bills.

    `rows` holds site, use, start and end; `names` the activity of each use. Only series of at least three bills are
    shown: a single delivery covers no days.
    """
    found = []
    frame = rows.assign(activity=np.array(names, dtype=object)[rows["use"].to_numpy()] if len(rows) else [])
    for (site, activity), part in frame.groupby(["site", "activity"], observed=True, sort=True):
        if len(part) < 3:
            continue
        offset = np.datetime64(period.start)
        first = (part["start"].to_numpy("datetime64[D]") - offset).astype("int64")
        last = (part["end"].to_numpy("datetime64[D]") - offset).astype("int64")
        steps = np.zeros(period.days + 1, dtype="int64")
        np.add.at(steps, first, 1)
        np.add.at(steps, last + 1, -1)
        found.append((site, activity, int((np.cumsum(steps)[:-1] > 0).sum()), period.days, len(part)))
    return pd.DataFrame(found, columns=["site", "activity", "covered", "days", "bills"])
