"""Guards against counting twice: one service may stand beside another only net of what the other counts."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from natcap.accounts.services.account import NO_TYPE, WHOLE, Factor
from natcap.accounts.services.library import guards, services
from natcap.accounts.services.unread import is_unread
from natcap.core.problems import Problems
from natcap.core.project import FILE

__all__ = ["overlaps", "refuse_overlaps"]


def overlaps(rows: pd.DataFrame, guard: Mapping[str, str]) -> pd.DataFrame:
    """Rows of the guarded service that are not net of what the service beside it counts in the same place and date."""
    by_type, unread = guard["by_type"] == "yes", is_unread(rows)
    mine = rows[(rows["service"] == guard["service"]) & (rows["net_of"].map(lambda n: guard["net_of"] not in n))]
    # A flow that was not read at the date has an asset value all the same, from the years that were.
    some = (rows["flow"].fillna(0) != 0) | (rows["value"].fillna(0) != 0) | unread
    other, mine = rows[(rows["service"] == guard["beside"]) & some], mine[some.loc[mine.index]]
    held = set(zip(other["date"], other["zone"], other["type"], strict=True))
    places = {(date, zone if not zone_any else None, kind if by_type and not type_any else None)
              for date, zone, kind in held for zone_any in (False, True) for type_any in (False, True)}  # fmt: skip
    wide = {(d, z, t) for d, z, t in held if z == WHOLE or t == NO_TYPE}

    def meets(date: str, zone: str, kind: str) -> bool:
        seen = (date, None if zone == WHOLE else zone, None if kind == NO_TYPE or not by_type else kind)
        if seen in places:
            return True
        return any(d == date and (z in (zone, WHOLE) or zone == WHOLE) and
                   (not by_type or t in (kind, NO_TYPE) or kind == NO_TYPE) for d, z, t in wide)  # fmt: skip

    keep = [meets(*place) for place in zip(mine["date"], mine["zone"], mine["type"], strict=True)]
    return mine[keep]


def refuse_overlaps(rows: pd.DataFrame, factors: Mapping[str, Factor], problems: Problems) -> None:
    """A problem for each guard that the rows break, at the first figure of the user's that does."""
    for guard in guards():
        broken = overlaps(rows, guard)
        if broken.empty:
            continue
        ids = [key for row in broken.to_dict("records") for key in (*row["factors"], row["price_factor"]) if key]
        place = next((factors[key].input for key in ids if key in factors and factors[key].input is not None), None)
        first, second = (services()[guard[name]].name for name in ("service", "beside"))
        found = f"the service {first} beside {second}, though {guard['message']}"
        expected = f"{first} net of {guard['net_of']}"
        remedy = (f"Give its flow or unit value net of {guard['net_of']} and say so in the column Net of, or leave one "
                  "of the two services out")  # fmt: skip
        if place is None:
            problems.add(FILE, found, expected, remedy)
        else:
            problems.add(place.file, found, expected, remedy, sheet=place.sheet, cell=place.cell)
