"""Levels of zones: a country, its regions and their counties in one table would count the same land two or three times.

Levels are told by the codes of the Office for National Statistics (the first three characters name the kind of area),
and without codes by the names of the countries and regions. What neither tells is not judged here: `areas` also
refuses a zone that is the sum of all others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

__all__ = ["levels_of", "nested"]

_CODE = re.compile(r"[EWSNK]\d{8}")
_KINDS = {
    "K02": "United Kingdom", "K03": "Great Britain", "K04": "England and Wales",
    "E92": "country", "W92": "country", "S92": "country", "N92": "country",
    "E12": "region", "E47": "combined authority", "E10": "county", "E11": "metropolitan county", "E13": "London part",
    "E06": "unitary authority", "W06": "unitary authority", "S12": "council area", "N09": "local government district",
    "E07": "district", "E08": "metropolitan district", "E09": "London borough",
    "E05": "ward", "W05": "ward", "S13": "ward", "N08": "ward", "E04": "parish", "W04": "community",
}  # fmt: skip
"""Kind of area by the first three characters of its code, as the ONS Register of Geographic Codes has them."""
_LAND = ("E06", "E07", "E08", "E09", "W06", "S12", "N09")
_SMALL = ("E05", "W05", "S13", "N08", "E04", "W04")
_HOLDS = {"E10": ("E07",), "E11": ("E08",), "E13": ("E09",), "E47": ("E06", "E07", "E08", "E10", "E11")}
_NATIONS = {"K02": "EWSN", "K03": "EWS", "K04": "EW"}
_UNIONS = frozenset({"united kingdom", "uk", "great britain", "gb", "england and wales"})
_COUNTRIES = frozenset({"england", "scotland", "wales", "northern ireland"})
_REGIONS = frozenset({"north east", "north west", "yorkshire and the humber", "east midlands", "west midlands",
                      "east of england", "london", "south east", "south west"})  # fmt: skip
_ALSO_COUNTIES = frozenset({"west midlands", "london"})
"""Names of a region that are names of a county or city as well."""


def nested(one: str, other: str) -> bool:
    """Whether an area of the first kind (three characters) may hold one of the second."""
    if one in _NATIONS:
        # England and Wales lie in Great Britain, and that in the United Kingdom.
        return other[0] in _NATIONS[one] or (other in _NATIONS and set(_NATIONS[other]) < set(_NATIONS[one]))
    if one[1:] == "92":
        return other[0] == one[0] and other != one
    if one == "E12":
        return other[0] == "E" and other not in ("E92", "E12")
    if other in _SMALL and other[0] == one[0]:
        return one in (*_LAND, *_HOLDS)
    return other in _HOLDS.get(one, ())


def levels_of(zones: Mapping[str, str]) -> dict[str, list[str]]:
    """Zones (id: name) by level, if some of them may hold others; empty where all stand beside one another."""
    codes = {key: key[:3] for key in zones if _CODE.fullmatch(key) and key[:3] in _KINDS}
    found: dict[str, list[str]] = {}
    if codes:
        kinds = set(codes.values())
        if any(nested(one, other) for one in kinds for other in kinds):
            for key, kind in codes.items():
                found.setdefault(_KINDS[kind], []).append(f"{key} {zones[key]}" if zones[key] != key else key)
        return found
    return _of_names(zones.values())


def _of_names(names: Iterable[str]) -> dict[str, list[str]]:
    by: dict[str, list[str]] = {"part of the United Kingdom": [], "country": [], "region": [], "other zone": []}
    plain = {name: " ".join(name.casefold().replace("&", "and").split()) for name in names}
    some_regions = bool(set(plain.values()) & (_REGIONS - _ALSO_COUNTIES))
    for name, text in plain.items():
        kind = "region" if text in _REGIONS and (some_regions or text not in _ALSO_COUNTIES) else "other zone"
        kind = "country" if text in _COUNTRIES else "part of the United Kingdom" if text in _UNIONS else kind
        by[kind].append(name)
    unions, countries, regions, others = ({plain[name] for name in by[kind]} for kind in by)
    beside = unions <= {"great britain", "gb"} and countries <= {"northern ireland"} and len(unions) < 2
    wrong = (
        (unions and not (beside and not regions and not others) and len(plain) > 1)
        or (countries and others)
        or ("england" in countries and regions)
        or (regions and others)
    )
    return {kind: some for kind, some in by.items() if some} if wrong else {}
