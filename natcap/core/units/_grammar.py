"""Rates and products of units: `kg CO2e/ha/yr`, `kWh per m2`, `kg ha-1 yr-1`, `GBP/100 m/yr`, `MJ/day/kg^0.75`.

The grammar is closed: text is split at `/`, the word `per` and `.`, and each part must be in the table. A part may
carry one of a few round numbers in front (100, 1000, ...) or one of the powers 2, 3 and 0.75 behind.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

from natcap.core.units._atoms import atom, clean, shown
from natcap.core.units._model import Unit, UnitError, multiply
from natcap.core.units._table import key, table

__all__ = ["unit"]

_SLASH = re.compile(r" ?/ ?| per |^per (?=.)")
_PRODUCT = re.compile(r" ?[.*] ?")
_MINUS = re.compile(r"[ .]([A-Za-z]+[23]?)\^?-([123])(?![0-9A-Za-z])")
_PER_ANNUM = re.compile(r"[ /](?:p\.a\.|per annum|a year|per year)$", re.IGNORECASE)
_MANY = {"10": 10, "100": 100, "1000": 1000, "1,000": 1000, "10000": 10_000, "10,000": 10_000, "100000": 100_000,
         "100,000": 100_000, "1000000": 10**6, "thousand": 1000, "million": 10**6, "bn": 10**9,
         "billion": 10**9}  # fmt: skip
_MULTIPLE = re.compile(rf"({'|'.join(map(re.escape, sorted(_MANY, key=len, reverse=True)))})[ _](.+)", re.IGNORECASE)
_POWER = re.compile(r"(.+)\^(2|3|0\.75)")
_MOST_PARTS = 6

_Part = tuple[Unit, Fraction, int]
"""A unit, its exponent, and the round number in front of it."""


def _part(text: str) -> _Part | None:
    """One part: a unit, a unit to a power, or a round number of units."""
    found = atom(text)
    if found:
        return found, Fraction(1), 1
    power = _POWER.fullmatch(text)
    if power:
        base = atom(power[1])
        return (base, Fraction(power[2]), 1) if base else None
    many = _MULTIPLE.fullmatch(text)
    if many:
        counted = atom(many[2])
        return (counted, Fraction(1), _MANY[many[1].lower()]) if counted else None
    return None


def _segment(text: str) -> list[_Part] | None:
    """The parts of one side of a slash; a part as written wins over a product."""
    whole = _part(text)
    if whole:
        return [whole]
    parts = [_part(piece) for piece in _PRODUCT.split(text)]
    return [p for p in parts if p] if len(parts) > 1 and all(parts) else None


def _split(text: str) -> list[list[_Part]] | None:
    plain = _MINUS.sub(lambda m: f"/{m[1]}" + (f"^{m[2]}" if m[2] != "1" else ""), _PER_ANNUM.sub("/year", text))
    pieces = _SLASH.split(plain)
    if len(pieces) > _MOST_PARTS or not all(pieces[1:]):
        return None
    sides = [[] if piece in ("", "1") and not number else _segment(piece) for number, piece in enumerate(pieces)]
    if len(sides) == 1 and not sides[0]:
        return None
    return None if any(side is None for side in sides) else [side for side in sides if side is not None]


def _written(part: _Part) -> str:
    of, exponent, many = part
    return (f"{many}_" if many != 1 else "") + of.id + (f"^{_power(exponent)}" if exponent != 1 else "")


def _power(exponent: Fraction) -> str:
    return str(exponent) if exponent.denominator == 1 else str(float(exponent))


def _compose(sides: list[list[_Part]]) -> Unit:
    signed = [(p, 1) for p in sides[0]] + [(p, -1) for side in sides[1:] for p in side]
    size = Fraction(1)
    for (of, exponent, many), sign in signed:
        size *= _raise(of.size * many, exponent) ** sign
    dims = multiply([(p[0].dims, p[1] * sign) for p, sign in signed])
    above = ".".join(_written(p) for p in sides[0]) or "1"
    below = "".join("/" + ".".join(_written(p) for p in side) for side in sides[1:])
    names = " x ".join(p[0].dimension for p in sides[0]) or "number"
    per = "".join(" per " + " x ".join(p[0].dimension for p in side) for side in sides[1:])
    labels = " ".join(p[0].label for p in sides[0]) + "".join(
        " per " + " ".join(f"{p[2]} " * (p[2] != 1) + p[0].label for p in side) for side in sides[1:]
    )
    parts = tuple((p[0].id, p[1] * sign, p[2]) for p, sign in signed)
    return Unit(above + below, labels.strip(), names + per if dims else "ratio", size, dims, parts)


def _raise(size: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator == 1:
        return size ** int(exponent)
    return Fraction(float(size) ** float(exponent)).limit_denominator(10**12)


def _near(text: str) -> tuple[str, ...]:
    """At most three ids whose spelling is one slip away; cheap, because hostile text comes here too."""
    import difflib

    folded = key(text)[:20]
    same = [k for k in table().folded if k[:1] == folded[:1] and abs(len(k) - len(folded)) <= 3]
    return tuple(dict.fromkeys(table().folded[k] for k in difflib.get_close_matches(folded, same, n=3, cutoff=0.8)))


@lru_cache(maxsize=4096)
def unit(text: str) -> Unit:
    """Resolve a spelling or a canonical id.

    Raises UnitError, with the choices, when the text is unknown, ambiguous, longer than 40 characters or not text.
    """
    cleaned = clean(text)
    found = atom(cleaned)
    if found:
        return found
    sides = _split(cleaned)
    if sides is None:
        raise UnitError(f"{shown(text)} is not a known unit", _near(cleaned))
    if len(sides) == 1 and len(sides[0]) == 1 and sides[0][0][1:] == (Fraction(1), 1):
        return sides[0][0][0]
    return _compose(sides)
