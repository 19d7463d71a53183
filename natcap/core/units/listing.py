"""Lists of units for drop-downs, pages and documentation."""

from __future__ import annotations

import pandas as pd

from natcap.core.units._grammar import unit
from natcap.core.units._model import UnitError
from natcap.core.units._table import table

__all__ = ["compatible_units", "known_units"]


def known_units() -> pd.DataFrame:
    """Every unit of the table: id, label, dimension, size in base units, base, accepted spellings, note.

    Rates and money of a price year are made from these and are not listed.
    """
    known = table()
    spelled: dict[str, list[str]] = {}
    for text, name in known.spellings.exact.items():
        if text != name and "," not in text:  # the listing sets commas between spellings
            spelled.setdefault(name, []).append(text)
    columns = ("id", "label", "dimension", "size", "base", "spellings", "note")
    rows = [
        (
            u.id, u.label, u.dimension, float(u.size),
            ".".join(b if p == 1 else f"{b}^{p}" for b, p in u.dims),
            ", ".join(sorted(spelled.get(u.id, []))), known.notes.get(u.id, ""),
        )
        for u in known.units.values()
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=pd.Index(columns))


def compatible_units(dimension: str) -> list[str]:
    """Ids that convert into each other, smallest first, for a dimension ("mass") or for a unit ("kWh")."""
    units = list(table().units.values())
    named = [u for u in units if u.dimension == dimension]
    dims = named[0].dims if named else unit(dimension).dims
    found = [u for u in units if u.dims == dims]
    if not found:
        raise UnitError(f"no listed unit has the dimension of {dimension}")
    return [u.id for u in sorted(found, key=lambda u: (u.size, u.id))]
