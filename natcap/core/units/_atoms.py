"""Resolve one part of a unit: a unit of the table, money of a price year, or a mass of a substance."""

from __future__ import annotations

import re
from fractions import Fraction

from natcap.core.units._model import MAX_CHARACTERS, Unit, UnitError
from natcap.core.units._table import FIRST_PRICE_YEAR, LAST_PRICE_YEAR, Ambiguous, key, table

__all__ = ["atom", "clean", "shown"]

_SPACES = dict.fromkeys(map(ord, "\t\n\r\u00a0\u2009\u202f"), " ")
_SAME = {ord("²"): "2", ord("³"): "3", ord("₂"): "2", ord("₃"): "3", ord("₄"): "4", ord("×"): ".", ord("·"): ".",
         ord("’"): "'", ord("−"): "-", ord("‐"): "-", ord("‑"): "-", ord("–"): "-"}  # fmt: skip
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _/.,-^()*'%£€$µμ")
_PRICE_YEAR = re.compile(r"(?P<money>[^0-9]{1,30}?)[ _]?\(?(?P<year>\d{4})(?: ?prices?)?\)?", re.IGNORECASE)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4}) (?P<money>[^0-9]{1,30})")
_JOINS = (" of ", " ", "")


def shown(text: str) -> str:
    """The text as it may be printed: escaped and short."""
    return repr(text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS] + "...")


def clean(text: object) -> str:
    """Fold spaces and the few typographic characters that are everyday in units; UnitError for anything else."""
    if not isinstance(text, str):
        raise UnitError(f"a unit is text, not {type(text).__name__}")
    if len(text) > MAX_CHARACTERS:
        raise UnitError(f"{shown(text)} is longer than {MAX_CHARACTERS} characters")
    folded = " ".join(text.translate(_SPACES).translate(_SAME).split(" ")).strip(" ")
    for character in folded:
        if character not in _PLAIN:
            raise UnitError(f"{shown(text)} holds the character U+{ord(character):04X}, which no unit has")
    if not folded:
        raise UnitError("no unit is given")
    return re.sub(" +", " ", folded)


def _refuse(text: str, found: Ambiguous) -> UnitError:
    return UnitError(f"{shown(text)} is ambiguous: {found.reason}", found.choices)


def _listed(text: str) -> Unit | None:
    """A unit of the table; UnitError when the spelling is listed as ambiguous."""
    known, folded = table(), key(text)
    if text in known.exact:
        return known.units[known.exact[text]]
    doubtful = known.ambiguous_exact.get(text) or known.ambiguous_folded.get(folded)
    if doubtful:
        raise _refuse(text, doubtful)
    return known.units[known.folded[folded]] if folded in known.folded else None


def _money(text: str) -> Unit | None:
    """Money at the prices of a year: GBP_2024, "GBP (2024 prices)", "£2024", "GBP million 2024"."""
    match = _PRICE_YEAR.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    known = table()
    if not match or not (FIRST_PRICE_YEAR <= int(match["year"]) <= LAST_PRICE_YEAR):
        return None
    spelling = match["money"].strip(" _(")
    name = known.exact.get(spelling) or known.folded.get(key(spelling))
    money = known.units.get(name or "")
    if money is None or not money.dimension.startswith("money"):
        return None
    year, currency = match["year"], money.dims[0][0]
    return Unit(
        f"{money.id}_{year}", f"{money.label} ({year} prices)",
        f"money, {currency} at {year} prices", money.size, ((f"{currency}_{year}", Fraction(1)),),
    )  # fmt: skip


def _substance(text: str) -> Unit | None:
    """A mass of a substance: "kg N", "tCO2e", "tonnes of CO2e"."""
    known, folded = table(), key(text)
    for prefix, mass, exact in known.masses:
        rest = text[len(prefix):] if (text if exact else folded).startswith(prefix) else ""  # fmt: skip
        if not rest:
            continue
        for join in _JOINS:
            name = rest[len(join):] if rest.casefold().startswith(join) else ""  # fmt: skip
            found = known.substances_exact.get(name) or known.substances_folded.get(key(name))
            if found and (name in known.substances_exact or key(name) in known.substances_folded):
                return known.units[f"{mass}_{found}"]
    return None


def atom(text: str) -> Unit | None:
    """The unit that cleaned `text` names, or None; UnitError when it is ambiguous."""
    found = _listed(text) or _money(text) or _substance(text)
    if found is None and text.endswith(".") and len(text) > 1:
        return atom(text[:-1])
    return found
