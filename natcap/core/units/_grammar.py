"""Rates and products of units: `kg CO2e/ha/yr`, `kWh per m2`, `kg ha-1 yr-1`, `GBP/100 m/yr`, `MJ/day/kg^0.75`.

The grammar is closed: text is split at `/`, the word `per` and `.`, and each part must be in the table. A part may
carry one of the powers 2, 3 and 0.75. A part below a slash may have a round number in front (`GBP/100 m`); above the
slash digits are refused, because there they are a quantity that slipped into the unit (`1000 kg`).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from natcap.core.units._atoms import atom, clean, shown
from natcap.core.units._model import MAX_CHARACTERS, Unit, UnitError, multiply
from natcap.core.units._table import key, table

__all__ = ["unit"]

_SLASH = re.compile(r" ?/ ?| per |^per (?=.)", re.IGNORECASE)
_PRODUCT = re.compile(r" ?[.*] ?")
_MINUS = re.compile(r"[ .]([A-Za-z]+[23]?)\^?-([123])(?![0-9A-Za-z])")
_PER_ANNUM = re.compile(r"[ /](?:p\.a\.|per annum|a year)$", re.IGNORECASE)
_WORDS = {"thousand": 1000, "million": 10**6, "bn": 10**9, "billion": 10**9}
_DIGITS = {"10": 10, "100": 100, "1000": 1000, "1,000": 1000, "10000": 10**4, "10,000": 10**4, "100000": 10**5,
           "100,000": 10**5, "1000000": 10**6, "1,000,000": 10**6}  # fmt: skip
_SAID = {1000: "thousand", 10**6: "million", 10**9: "billion"}
_MULTIPLE = re.compile(r"(?:(thousand|million|bn|billion)[ _]|([0-9][0-9,]*)[ _]?)([^0-9 _].*)", re.IGNORECASE)
_POWER = re.compile(r"(.+)\^(2|3|0\.75)")
_MOST_PARTS = 6
_ONE = Fraction(1)


class _Part(NamedTuple):
    """A unit, its exponent, and the round number in front of it (as a word, because it reads on either side)."""

    of: Unit
    exponent: Fraction = _ONE
    many: int = 1

    def _framed(self, name: str, gap: str) -> str:
        front = f"{_SAID.get(self.many, self.many)}{gap}" if self.many != 1 else ""
        return front + name + (f"^{_plain(self.exponent)}" if self.exponent != 1 else "")

    @property
    def written(self) -> str:
        return self._framed(self.of.id, "_")

    @property
    def label(self) -> str:
        return self._framed(self.of.label, " ")

    @property
    def size(self) -> Fraction:
        whole = self.of.size * self.many
        if self.exponent.denominator == 1:
            return whole ** int(self.exponent)
        return Fraction(float(whole) ** float(self.exponent)).limit_denominator(10**12)


def _plain(exponent: Fraction) -> str:
    return str(exponent) if exponent.denominator == 1 else str(float(exponent))


def _part(text: str, below: bool) -> _Part | None:
    """One part: a unit, a unit to a power, or a round number of units (digits only below a slash)."""
    found = atom(text)
    if found:
        return _Part(found)
    power = _POWER.fullmatch(text)
    if power:
        base = atom(power[1])
        return _Part(base, Fraction(power[2])) if base else None
    multiple = _MULTIPLE.fullmatch(text)
    if multiple is None:
        return None
    many = _WORDS[multiple[1].lower()] if multiple[1] else _DIGITS.get(multiple[2], 0) * below
    counted = atom(multiple[3]) if many else None
    return _Part(counted, many=many) if counted else None


def _side(text: str, below: bool) -> list[_Part] | None:
    """The parts of one side of a slash; a part as written wins over a product."""
    whole = _part(text, below)
    if whole:
        return [whole]
    pieces = _PRODUCT.split(text)
    parts = [_part(piece, below) for piece in pieces] if 1 < len(pieces) <= _MOST_PARTS else [None]
    return None if None in parts else [part for part in parts if part]


def _sides(text: str) -> list[list[_Part]] | None:
    """What stands above and below the slashes; None when a part is not in the table."""
    slashed = _PER_ANNUM.sub("/year", text)
    slashed = _MINUS.sub(lambda found: f"/{found[1]}" + (f"^{found[2]}" if found[2] != "1" else ""), slashed)
    above, *below = _SLASH.split(slashed)
    if len(below) >= _MOST_PARTS or (not below and not above):
        return None
    first = [] if below and above in ("", "1") else _side(above, below=False)
    sides = [first, *(_side(piece, below=True) for piece in below)]
    return None if None in sides else [side for side in sides if side is not None]


def _names(parts: Sequence[_Part]) -> str:
    return " x ".join(part.of.dimension for part in parts)


def _compose(sides: list[list[_Part]]) -> Unit:
    """One unit from the parts above and below the slashes; its id is written so that it reads back."""
    above, *below = sides
    signed = [(part, 1) for part in above] + [(part, -1) for side in below for part in side]
    size = _ONE
    for part, sign in signed:
        size *= part.size**sign
    dims = multiply([(part.of.dims, part.exponent * sign) for part, sign in signed])
    name = (".".join(p.written for p in above) or "1") + "".join(
        "/" + ".".join(p.written for p in side) for side in below
    )
    label = " ".join(p.label for p in above) + "".join(" per " + " ".join(p.label for p in side) for side in below)
    said = (_names(above) or "number") + "".join(" per " + _names(side) for side in below)
    dimension = said if below and dims else table().dimensions.get(dims, said)
    listed = table().spellings.exact.get(name)
    if listed:
        return table().units[listed]
    parts = tuple((part.of.id, part.exponent * sign, part.many) for part, sign in signed)
    return Unit(name, label.strip(), dimension, size, dims, parts)


def _near(text: str) -> tuple[str, ...]:
    """At most three ids whose spelling is a slip away; only among few candidates, because hostile text comes here."""
    folded = key(text)
    if len(folded) > 24:
        return ()
    candidates = [k for k in table().spellings.folded if k[:1] == folded[:1] and abs(len(k) - len(folded)) <= 2]
    return tuple(
        dict.fromkeys(table().spellings.folded[k] for k in difflib.get_close_matches(folded, candidates, 3, 0.8))
    )


@lru_cache(maxsize=4096)
def _resolve(text: str) -> Unit:
    cleaned = clean(text)
    found = atom(cleaned)
    if found:
        return found
    sides = _sides(cleaned)
    if sides is None:
        raise UnitError(f"{shown(text)} is not a known unit", _near(cleaned))
    return _compose(sides)


def unit(text: str | Unit) -> Unit:
    """Resolve a spelling or a canonical id; a Unit is returned as it is.

    Raises UnitError, with the choices, when the text is unknown, ambiguous, longer than 40 characters or not text.
    """
    if isinstance(text, Unit):
        return text
    if not isinstance(text, str) or len(text) > MAX_CHARACTERS:
        clean(text)  # says what is wrong, before the text is hashed for the cache
    return _resolve(text)
