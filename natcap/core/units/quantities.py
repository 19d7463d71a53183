"""Scalars with units: pint quantities over a registry that knows our table and nothing else.

The registry starts empty, so none of pint's own spellings (kt the knot, the US gallon) exists in it, and it is only
ever given canonical names. No contexts: GWPs, deflators and calorific values are explicit factors.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from natcap.core.units._grammar import unit
from natcap.core.units._model import Unit
from natcap.core.units._table import table

if TYPE_CHECKING:
    import pint

__all__ = ["quantity", "registry"]

_LOCK = Lock()


@lru_cache(maxsize=1)
def _made() -> pint.UnitRegistry[float]:
    import pint

    made: pint.UnitRegistry[float] = pint.UnitRegistry(None, on_redefinition="raise")
    for known in table().units.values():
        _define(made, known)
    return made


def _define(made: pint.UnitRegistry[float], known: Unit) -> None:
    """Tell pint one unit in base units; a base unit is a dimension of its own."""
    if known.dims == ((known.id, Fraction(1)),):
        made.define(f"{known.id} = [{known.id}]")
        return
    base = "".join(f" * {name} ** {power}" for name, power in known.dims)
    made.define(f"{known.id} = {float(known.size)!r}{base}")


def registry() -> pint.UnitRegistry[float]:
    """The one registry of this program, made on first use."""
    with _LOCK:
        return _made()


def _priced(made: pint.UnitRegistry[float], name: str) -> None:
    """Money of a price year is defined when it is first used: the currency of that year, then its multiple."""
    with _LOCK:
        money = unit(name)
        for known in (unit(money.dims[0][0]), money):
            if known.id not in made:
                _define(made, known)


def quantity(value: float, text: str) -> pint.Quantity[float]:
    """A scalar with a unit given in any accepted spelling; "GBP/100 m" comes out per metre. Raises UnitError."""
    import pint.util

    found, made = unit(text), registry()
    powers: dict[str, float] = {}
    for name, exponent, many in found.parts or ((found.id, Fraction(1), 1),):
        if name not in table().units:
            _priced(made, name)
        powers[name] = powers.get(name, 0.0) + float(exponent)
        value = value * float(many) ** float(exponent)
    container = pint.util.UnitsContainer({n: int(p) if p == int(p) else p for n, p in powers.items() if p})
    return made.Quantity(float(value), made.Unit(container))
