"""Zones of both dates: the same ones, by the same codes and names; and none that is the sum of all the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from natcap.accounts.landcover.job import Written
from natcap.accounts.landcover.sheet import Area, Sheet
from natcap.core.problems import did_you_mean

__all__ = ["judge_pairs", "judge_sums"]

_MOST = 20
_BOUNDARIES = (
    "An account compares the same land. Where a zone was split, joined or given another code, sum the old or the new "
    "zones to the same boundary in both tables; or set table_zones in [choices] to the zones that stand in both"
)


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("&", "and").split())


def judge_pairs(reads: Sequence[Written], found: Mapping[tuple[str, int, int], Area], dates: Sequence[str],
                table: Sheet) -> bool:  # fmt: skip
    """Refuse zones of one date alone, and a code with two names. Whether all zones stand at both dates."""
    at: list[dict[str, Area]] = [{}, {}]
    for (zone, _, date), area in found.items():
        if zone and date in (0, 1):
            at[date].setdefault(zone, area)
    names = [reads[which % len(reads)].names for which in (0, 1)]
    alone = [(which, zone) for which in (0, 1) for zone in sorted(at[which].keys() - at[1 - which].keys())]
    for which, zone in alone[:_MOST]:
        other = {key: names[1 - which].get(key, key) for key in at[1 - which]}
        table.tell_of(at[which][zone], f"the zone {_shown(zone, names[which])} at {dates[which]} alone",
                      f"zones of both dates (not at {dates[1 - which]}{_where(reads, 1 - which)})",
                      _remedy(zone, names[which].get(zone, zone), other))  # fmt: skip
    if len(alone) > _MOST:
        table.tell("", f"a further {len(alone) - _MOST} zones of one date alone", "zones of both dates", _BOUNDARIES)
    for zone in sorted(at[0].keys() & at[1].keys()) if len(reads) == 2 else ():
        first, second = (names[which].get(zone, zone) for which in (0, 1))
        if zone not in (first, second) and _plain(first) != _plain(second):
            table.tell_of(at[1][zone], f"the name {second} for the zone {zone}",
                          f"{first}, as in {reads[0].table.shown}", "Check that it is the same zone in the same "
                          "boundary, and write its name in one way")  # fmt: skip
    return not alone


def _where(reads: Sequence[Written], which: int) -> str:
    return f", in {reads[which].table.shown}" if len(reads) == 2 else ""


def _shown(zone: str, names: Mapping[str, str]) -> str:
    name = names.get(zone, zone)
    return zone if name == zone else f"{zone} {name}"


def _remedy(zone: str, name: str, other: Mapping[str, str]) -> str:
    """What to do about a zone that the other date does not have."""
    same = [key for key, text in other.items() if _plain(text) == _plain(name) or _plain(key) == _plain(zone)]
    if same and _plain(same[0]) == _plain(zone):
        return f"The other date writes it {same[0]}: write it in one way"
    if same:
        return f"The other date has {name} with the code {same[0]}: its boundary or status changed. {_BOUNDARIES}"
    return f"{did_you_mean(name, other.values())} {_BOUNDARIES}".strip()


def judge_sums(table: Sheet, names: Mapping[str, str], zones: Sequence[str], array: np.ndarray) -> None:
    """Refuse a zone whose area of every class is the sum of that of all others, of which there are two or more.

    `array` gives units by zone, class and date. Of one class alone three numbers may sum so by chance.
    """
    flat = array.reshape(len(zones), -1)
    if len(zones) < 3 or np.count_nonzero(array.any(axis=(0, 2))) < 2:
        return
    for place in np.flatnonzero((2 * flat == flat.sum(axis=0)).all(axis=1) & flat.any(axis=1)).tolist():
        if np.count_nonzero(flat.any(axis=1)) < 3:
            continue
        table.tell("", f"the zone {_shown(zones[place], names)}, which is the sum of the {len(zones) - 1} others",
                   "zones beside one another: land counts once", "Write Total as its zone, and it is compared with its "
                   "parts; or set table_zones in [choices] to the zones of the account")  # fmt: skip
