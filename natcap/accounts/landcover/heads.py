"""Headers of a table of areas: the unit that a header gives, and the class, measure and date of a column of a class.

People head the same column "Arable", "3", "LCM_3", "Arable (km2)", "arable_ha" or "percent_3", as public code reads it
in the layer regions of UKCEH's land cover statistics for 2024. A label is first taken whole, then without the words
around it that say what the numbers are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from natcap.core.units import UnitError, unit
from natcap.core.workbook.model import header_key, header_unit

__all__ = ["AREA", "CELLS", "PERCENT", "SHARE", "YEAR", "Head", "bare_label", "class_head", "unit_in"]

YEAR = re.compile(r"(19|20)\d\d")
AREA, PERCENT, SHARE, CELLS = "area", "percent", "share", "cells"
_WORDS = {
    **dict.fromkeys(("area", "areas", "extent"), AREA),
    **dict.fromkeys(("percent", "percentage", "pct", "perc", "pc"), PERCENT),
    **dict.fromkeys(("proportion", "fraction", "share", "prop", "frac"), SHARE),
    **dict.fromkeys(("cells", "cell", "pixels", "pixel", "count", "counts", "n", "px", "npix", "hist"), CELLS),
}
_IDLE = frozenset(("lcm", "lc", "class", "code", "cover", "landcover", "ukceh", "of", "in", "target", "aggregate"))
_EDITION = re.compile(r"lcm((?:19|20)\d\d)")
_WORD = re.compile(r"%|[^\s_:/()\[\]%-]+")
_MOST_WORDS = 12


@dataclass(frozen=True)
class Head:
    """What a header of a column says. `label` is the class as text, `date` a year, "opening", "closing" or empty.

    `measure` is area, percent, share, cells, or empty where the header names none; `unit` is that of an area.
    """

    label: str
    measure: str = ""
    unit: str = ""
    date: str = ""


@lru_cache(maxsize=1024)
def _is_unit(text: str) -> bool:
    try:
        return unit(text.strip()).dimension == "area"
    except UnitError:
        return False


def _bare(text: str) -> str:
    """A header without a unit behind a colon or as its last word: "Woodland:ha", "woodland_km2", "Woodland sq km"."""
    head, colon, tail = text.rpartition(":")
    if colon and _is_unit(tail):
        return head
    found = list(_WORD.finditer(text))
    for count in (2, 1):
        if len(found) > count and (first := found[-count]) and text.endswith(found[-1][0]):
            words = " ".join(word[0] for word in found[-count:])
            if len(words) > 1 and _is_unit(words):
                return text[: first.start()].rstrip(" _-")
    return text


def unit_in(header: str) -> str:
    """The unit that a header gives in brackets, behind a colon or as its last word; empty where it gives none."""
    if _is_unit(header):
        return header
    return header_unit(header) or header[len(_bare(header)) :].strip(" _-:")


def bare_label(header: str) -> str:
    """A label without the unit behind it: "Arable (ha)", "Arable:ha" and "arable_ha" are Arable."""
    found, bare = unit_in(header), header
    for ending in (f"({found})", f"[{found}]"):
        bare = bare.removesuffix(ending).strip() if found else bare
    return bare if bare != header or _is_unit(header) else _bare(header)


def class_head(text: str, known: Callable[[str], bool]) -> Head:
    """Read the header of a column; `known` says whether a text names a class or a total.

    The label is what is left when no further word around it says something else; it need not be known.
    """
    # A slug drops the sign of a percentage, and a share of land is no area of it.
    if "%" not in text and known(text):
        return Head(text)
    said: dict[str, str] = {}
    inner = header_unit(text)
    if not inner or not text.rstrip().endswith((")", "]")):
        return _stripped(text, said, known)
    bare = text[: text.rindex(inner) - 1].strip()
    if inner.isdigit():
        # "Broadleaved woodland (1)": the code of the class beside its name.
        return _stripped(bare if known(bare) else text, said, known)
    if not _say(inner, said):
        # Anything else in brackets is the unit, right or wrong: "Arable (kg)" is told as such.
        said["unit"] = inner
    return _stripped(bare, said, known)


def _say(word: str, said: dict[str, str]) -> bool:
    """Take a word for what it says of the numbers; False where it says nothing or contradicts what was said."""
    plain = "percent" if word.strip() == "%" else header_key(word)
    plain = "percent" if plain in ("per cent", "percent cover", "percentage cover") else plain
    edition = _EDITION.fullmatch(plain)
    if edition or YEAR.fullmatch(plain) or plain in ("opening", "closing"):
        return _keep(said, "date", edition[1] if edition else plain)
    if plain in _WORDS:
        return _keep(said, "measure", _WORDS[plain])
    if len(plain) > 1 and _is_unit(word):
        return _keep(said, "unit", word)
    return plain in _IDLE


def _keep(said: dict[str, str], key: str, value: str) -> bool:
    """Keep what a word says; False where another word said otherwise. A percentage of an area is a percentage."""
    if key == "measure" and said.get(key) == AREA:
        said[key] = value
    return said.setdefault(key, value) == value or (key == "measure" and value == AREA)


def _stripped(bare: str, said: dict[str, str], known: Callable[[str], bool]) -> Head:
    """Take words off the ends until what is left is known, or nothing more can go."""
    words = [(m.start(), m.end(), m[0]) for m in _WORD.finditer(bare)][:_MOST_WORDS]
    every, label = len(words), bare.strip()
    while words:
        label = bare[words[0][0] : words[-1][1]] if len(words) < every else label
        if "%" not in label and known(label):
            break
        if _two(words, said):
            continue
        if len(words) > 1 and _say(words[0][2], said):
            words.pop(0)
        elif len(words) > 1 and _say(words[-1][2], said):
            words.pop()
        else:
            break
    measure = said.get("measure", "")
    if said.get("unit") and not measure:
        measure = AREA
    return Head(label, measure, said.get("unit", ""), said.get("date", ""))


def _two(words: list[tuple[int, int, str]], said: dict[str, str]) -> bool:
    """Take two words at an end that are one: "sq km", "per cent"."""
    for ends in (slice(0, 2), slice(len(words) - 2, len(words))):
        pair = " ".join(word[2] for word in words[ends])
        if len(words) > 2 and (pair.casefold() == "per cent" or _is_unit(pair)) and _say(pair, said):
            del words[ends]
            return True
    return False
