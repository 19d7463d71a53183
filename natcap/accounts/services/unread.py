"""Dates that nobody read, of flows that were read in the years before: not known, and no model stands in for them.

The asset value of such a flow rests on the years that were read (METHODS of the accounts, A4: the mean of the last
five years available). Readings of later years say nothing of a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from natcap.accounts.services.account import NO_TYPE, WHOLE, Service
from natcap.accounts.services.ground import DATES
from natcap.accounts.services.library import services
from natcap.accounts.services.prices import Prices

__all__ = ["is_unread", "unread_rows", "unread_said"]

Place = tuple[str, str, str]
_MOST = 5
"""Readings that a row names: as many as its expected flow rests on (METHODS of the accounts, A4)."""


def is_unread(rows: pd.DataFrame) -> pd.Series:
    """Which rows of the account stand for a date without a reading."""
    found: pd.Series = (rows["origin"] == "reading") & rows["flow"].isna()
    return found


def unread_rows(read: pd.DataFrame, prices: Prices, years: tuple[int, int], beside: pd.DataFrame) -> pd.DataFrame:
    """A row without a flow, columns of `read`, for each place of a service that was read before a date and not at it.

    A place that overlaps one that was read or published at the date (`beside`), or one that was read later, has none:
    it would count twice. The row names its last readings as factors.
    """
    if read.empty:
        return read
    made = [pd.DataFrame(_of(read, prices, date, year, beside)) for date, year in zip(DATES, years, strict=True)]
    made = [part for part in made if len(part)]
    return pd.concat(made, ignore_index=True) if made else read.iloc[:0]


def _of(read: pd.DataFrame, prices: Prices, date: str, year: int, beside: pd.DataFrame) -> Iterator[dict[str, object]]:
    past = read[read["year"] < year].sort_values("year", ascending=False, kind="stable")
    held = [*_places(read[read["date"] == date]), *(_places(beside[beside["date"] == date]) if len(beside) else ())]
    for place, rows in past.groupby(["service", "zone", "type"], sort=False):
        key = (str(place[0]), str(place[1]), str(place[2]))
        if any(_overlap(key, other) for other in held):
            continue
        held.append(key)
        yield _row(key, rows.iloc[:_MOST], prices, date, year)


def _row(place: Place, rows: pd.DataFrame, prices: Prices, date: str, year: int) -> dict[str, object]:
    """The row of a place at a date; `rows` are its readings, the newest first."""
    service, zone, kind = place
    newest = rows.iloc[0]
    applied = prices.of(services()[service], newest["habitats"], year)
    nets = [set(filter(None, str(net).split("; "))) for net in rows["net_read"]]
    own = sorted(set.intersection(*nets))
    return {
        **{str(name): value for name, value in newest.items()},
        "date": date, "year": year, "zone": zone, "service": service, "type": kind,
        "factors": tuple(rows["factors"].map(lambda ids: ids[0])), "flow": np.nan, "value": np.nan,
        "price": np.nan if applied is None else applied.amount,
        "price_factor": "" if applied is None else applied.id,
        "net_of": "; ".join(filter(None, [*own, "" if applied is None else applied.price.net_of])),
    }  # fmt: skip


def _places(rows: pd.DataFrame) -> Iterable[Place]:
    return dict.fromkeys(zip(rows["service"], rows["zone"], rows["type"], strict=True))


def _overlap(one: Place, other: Place) -> bool:
    """Whether two places of a service share land: the same, or a whole and a part of it."""
    if one[0] != other[0]:
        return False
    zones = one[1] == other[1] or WHOLE in (one[1], other[1])
    return zones and (one[2] == other[2] or NO_TYPE in (one[2], other[2]))


def unread_said(rows: pd.DataFrame, readings: pd.DataFrame, held: Mapping[str, Service]) -> Iterator[str]:
    """A sentence for each service and date without a reading: of which years there are some, and what that means."""
    gone = rows[is_unread(rows)]
    for (key, date), part in gone.groupby(["service", "date"], sort=False):
        year = int(part["year"].iloc[0])
        mine = readings[(readings["service"] == key) & (readings["year"] < year)]
        past = mine.merge(part[["zone", "type"]].drop_duplicates(), on=["zone", "type"])["year"]
        told = ", ".join(map(str, sorted(set(past.astype(int)))))
        path = held[str(key)].price == "carbon"
        rests = ("An asset value on the carbon path rests on the flow of its year: there is none" if path else
                 "An asset value rests on the mean of the years that were read")  # fmt: skip
        several = "" if len(part) == 1 else f" for {len(part)} places"
        yield (f"{held[str(key)].name} was read in {told}, not in {year}, the year of the {date}{several}: "
               f"its flow and value of {year} are not available, and no model stands in for them. {rests}")  # fmt: skip
