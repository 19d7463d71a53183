"""Resolve one part of a unit: a unit of the table, money of a price year, or a mass of a substance."""

from __future__ import annotations

import re
from fractions import Fraction

from natcap.core.units._model import MAX_CHARACTERS, Unit, UnitError
from natcap.core.units._table import FIRST_PRICE_YEAR, LAST_PRICE_YEAR, MASSES, Ambiguous, table

__all__ = ["atom", "clean", "shown"]

_SPACES = dict.fromkeys(map(ord, "\t\n\r\u00a0\u2009\u202f"), " ")
_SAME = str.maketrans({
    "\u00b2": "2", "\u00b3": "3", "\u2082": "2", "\u2083": "3", "\u2084": "4", "\u00d7": ".", "\u00b7": ".",
    "\u2019": "'", "\u2212": "-", "\u2010": "-", "\u2011": "-", "\u2013": "-", "\u03bc": "\u00b5",
})  # fmt: skip
"""Superscript and subscript two, three and four, dots, dashes, the apostrophe and the Greek mu."""
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _/.,-^()*'%$\u00a3\u20ac\u00b5")
_PRICE_YEAR = re.compile(r"(?P<money>[^0-9]{1,30}?)[ _]?\(?(?P<year>[0-9]{4})(?: ?prices?)?\)?", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4}) (?P<money>[^0-9]{1,30})")
_JOINS = (" of ", " ", "_", "")


def shown(text: str) -> str:
    """The text as it may be printed: escaped and short."""
    return repr(text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS] + "...")


def clean(text: object) -> str:
    """Fold spaces and the few typographic characters that are everyday in units; UnitError for anything else."""
    if not isinstance(text, str):
        raise UnitError(f"a unit is text, not {type(text).__name__}")
    if len(text) > MAX_CHARACTERS:
        raise UnitError(f"{shown(text)} is longer than {MAX_CHARACTERS} characters")
    folded = re.sub(" +", " ", text.translate(_SPACES).translate(_SAME)).strip(" ")
    for character in folded:
        if character not in _PLAIN:
            raise UnitError(f"{shown(text)} holds the character U+{ord(character):04X}, which no unit has")
    if not folded:
        raise UnitError("no unit is given")
    return folded


def _refused(text: str, found: Ambiguous) -> UnitError:
    return UnitError(f"{shown(text)} is ambiguous: {found.reason}", found.choices)


def _listed(text: str) -> Unit | None:
    """A unit of the table; UnitError when the spelling is listed as ambiguous."""
    known = table()
    if text in known.spellings.exact:
        return known.units[known.spellings.exact[text]]
    doubtful = known.doubt(text)
    if doubtful:
        raise _refused(text, doubtful)
    name = known.spellings.find(text)
    return known.units[name] if name else None


def _money(text: str) -> Unit | None:
    """Money at the prices of a year: GBP_2024, "GBP (2024 prices)", "GBP million 2024", "2024 GBP"."""
    match = _PRICE_YEAR.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    if not match or not FIRST_PRICE_YEAR <= int(match["year"]) <= LAST_PRICE_YEAR:
        return None
    money = table().units.get(table().spellings.find(match["money"].strip(" _(")) or "")
    if money is None or not money.dimension.startswith("money"):
        return None
    year, currency = match["year"], money.dims[0][0]
    return Unit(
        f"{money.id}_{year}", f"{money.label} ({year} prices)", f"money, {currency} at {year} prices", money.size,
        ((f"{currency}_{year}", Fraction(1)),),
    )  # fmt: skip


def _substance(text: str) -> Unit | None:
    """A mass of a substance: "kg N", "tCO2e", "tonnes of CO2e"; UnitError for "mt CO2e" and "tons CO2e"."""
    known, folded = table(), text.casefold()
    for prefix, exact in known.masses:
        if not (text if exact else folded).startswith(prefix):
            continue
        rest = text[len(prefix) :]
        for join in _JOINS:
            found = known.substances.find(rest[len(join) :]) if rest.casefold().startswith(join) else None
            if found:
                return _mass_of(text, text[: len(prefix)], found)
    return None


def _mass_of(text: str, mass: str, substance: str) -> Unit:
    """The unit "mass of substance", the mass spelled as one of `masses`."""
    known = table()
    doubtful = None if mass in known.spellings.exact else known.doubt(mass)
    if doubtful:
        choices = [f"{name}_{substance}" for name in doubtful.choices if name in MASSES]
        raise _refused(text, Ambiguous(tuple(choices), doubtful.reason))
    return known.units[f"{known.spellings.find(mass)}_{substance}"]


def atom(text: str) -> Unit | None:
    """The unit that cleaned `text` names, or None; UnitError when it is ambiguous."""
    found = _listed(text) or _money(text) or _substance(text)
    if found is None and text.endswith(".") and len(text) > 1:
        return atom(text[:-1])
    return found
