"""Headers of zones as the ONS and GIS write them: CTYUA23CD beside CTYUA23NM, RGN22CD, lad_code, county name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from natcap.core.problems import Problems, did_you_mean
from natcap.core.workbook.model import header_key
from natcap.core.workbook.scan import address

__all__ = ["OF_LAYERS", "place_zones", "zone_head"]

_KINDS = ("ctyua|cty|ctry|utla|ltla|lad|ua|rgn|cauth|msoa|lsoa|wd|par|parncp|npark|pcon|itl ?[123]|nuts ?[123]|eer|"
          "lnrs|county|country|region|district|council|authority|geography|ons|gss|parish|ward")  # fmt: skip
_CODE = re.compile(rf"({_KINDS}) ?(\d\d)? ?(cd|code|id)")
_NAME = re.compile(rf"({_KINDS}) ?(\d\d)? ?(nm|name)")
_WORDS = frozenset({"county", "counties", "country", "region", "district", "council", "ward"})
OF_LAYERS = frozenset({
    "objectid", "fid", "ogc fid", "gid", "globalid", "global id", "bng e", "bng n", "long", "lat", "longitude",
    "latitude", "easting", "northing", "eastings", "northings", "shape area", "shape length", "shape leng",
    "st area shape", "st length shape", "st areashape", "st lengthshape", "perimeter", "area st", "length st",
})  # fmt: skip
"""Fields that the boundaries of the ONS and GIS software add to a layer; none of them is a class."""


def zone_head(header: object) -> tuple[str, str]:
    """The field that a header is of ("zone", "zone_name" or empty) and its kind of area, such as ctyua."""
    key = header_key(header)
    for field, pattern in (("zone", _CODE), ("zone_name", _NAME)):
        if found := pattern.fullmatch(key):
            return field, found[1]
    return ("zone_name", key) if key in _WORDS else ("", "")


def place_zones(texts: Sequence[str], row: int, columns: dict[str, int], known: dict[str, int], wanted: str,
                where: tuple[str, str], problems: Problems) -> None:  # fmt: skip
    """Set the columns zone and zone_name of a table with these headers in `row`; `where` is its file and sheet.

    `known` are those found by a plain word, `wanted` the header that natcap.toml names. Several kinds of area and none
    of them named are a problem: a region beside its county is another level.
    """
    heads = {n: zone_head(text) for n, text in enumerate(texts)}
    for field in ("zone", "zone_name"):
        columns.pop(field, None)
    columns.update(known)
    kind = ""
    if wanted:
        exact = [n for n, text in enumerate(texts) if header_key(text) == header_key(wanted)]
        # CTYUA19CD of one year is CTYUA23CD of another.
        alike = [n for n, head in heads.items() if head[1] and head == zone_head(wanted)]
        place = next(iter(exact or (alike if len(alike) == 1 else [])), None)
        if place is None:
            problems.add(where[0], f"no column {wanted!r}", f"one of {', '.join(filter(None, texts))}",
                         did_you_mean(wanted, texts), sheet=where[1], cell="choices.table_zone")  # fmt: skip
            return
        columns["zone"], kind = place, heads[place][1]
        if columns.get("zone_name") == place:
            del columns["zone_name"]
    for field in ("zone", "zone_name"):
        if field in columns or (field == "zone_name" and wanted and not kind):
            continue
        found = [n for n, (of, _) in heads.items() if of == field and n not in columns.values()]
        same = [n for n in found if kind and heads[n][1] == kind]
        plain = [n for n in found if header_key(texts[n]) not in _WORDS]
        found = same or ([] if kind else plain or ([] if "zone" in columns else found))
        if len(found) > 1:
            said = " and ".join(texts[n] for n in found)
            problems.add(where[0], f"the columns {said}", "one column of zones: land counts once",
                         "Set table_zone in [choices] to the header of the column with the zones of the account, "
                         f'such as table_zone = "{texts[found[0]]}"', sheet=where[1],
                         cell=address(row, found[1]))  # fmt: skip
        if found:
            columns[field] = found[0]
            kind = kind or (heads[found[0]][1] if field == "zone" else "")
