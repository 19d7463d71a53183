"""The closed table: units, substances, accepted and ambiguous spellings, read once from `factors/units`."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from natcap.core.resources import root
from natcap.core.units._model import Dims, Unit, multiply

__all__ = ["FIRST_PRICE_YEAR", "LAST_PRICE_YEAR", "MASSES", "Ambiguous", "Spellings", "Table", "key", "table"]

FIRST_PRICE_YEAR, LAST_PRICE_YEAR = 1900, 2150
MASSES = ("kg", "g", "milligram", "microgram", "tonne", "kilotonne", "megatonne", "gigatonne")
"""Masses that a substance can follow: kg N, tonne CO2e."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Why a spelling is refused, and the ids it could have meant."""

    choices: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Spellings:
    """Text to id: `exact` as written, `folded` by `key(text)`."""

    exact: dict[str, str] = field(default_factory=dict)
    folded: dict[str, str] = field(default_factory=dict)

    def add(self, text: str, name: str, exact: bool = False) -> None:
        """Add a spelling; ValueError when it stands for something else already."""
        places = [(self.exact, text)] if exact else [(self.exact, text), (self.folded, key(text))]
        for where, spelling in places:
            if where.setdefault(spelling, name) != name:
                raise ValueError(f"factors/units: {text!r} stands for both {where[spelling]} and {name}")

    def find(self, text: str) -> str | None:
        return self.exact.get(text) or self.folded.get(key(text))


@dataclass(frozen=True, slots=True)
class Table:
    """Everything in `factors/units`. `masses` are the spellings a substance can follow, longest first."""

    units: dict[str, Unit]
    dimensions: dict[Dims, str]
    notes: dict[str, str]
    spellings: Spellings
    substances: Spellings
    doubtful_exact: dict[str, Ambiguous]
    doubtful_folded: dict[str, Ambiguous]
    masses: tuple[tuple[str, bool], ...]

    def doubt(self, text: str) -> Ambiguous | None:
        return self.doubtful_exact.get(text) or self.doubtful_folded.get(key(text))


def key(text: str) -> str:
    """Fold a spelling: letter case, underscores as spaces, runs of spaces."""
    return " ".join(text.casefold().replace("_", " ").split())


def _rows(name: str) -> list[dict[str, str]]:
    with (root("factors") / "units" / name).open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def _defined(row: dict[str, str], found: dict[str, Unit]) -> tuple[Fraction, Dims]:
    """Size and powers of one row; its definition ("kWh/hour", "metre.metre") uses units above it in the table."""
    size = Fraction(row["value"])
    if row["unit"] == row["id"]:  # a base unit; that of ratios is the pure number
        return size, () if row["dimension"] == "ratio" else ((row["id"], Fraction(1)),)
    above, *below = (side.split(".") for side in row["unit"].split("/"))
    parts = [(found[name], 1) for name in above] + [(found[name], -1) for side in below for name in side]
    for part, sign in parts:
        size *= part.size**sign
    return size, multiply([(part.dims, Fraction(sign)) for part, sign in parts])


def _units(rows: Iterable[dict[str, str]], substances: Iterable[dict[str, str]]) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for row in rows:
        size, dims = _defined(row, found)
        found[row["id"]] = Unit(row["id"], row["label"], row["dimension"], size, dims)
    for row in substances:
        base: Dims = ((f"kg_{row['substance']}", Fraction(1)),)
        for mass in MASSES:
            of, name = found[mass], f"{mass}_{row['substance']}"
            found[name] = Unit(name, f"{of.label} {row['label']}", row["dimension"], of.size, base)
    return found


def _substances(rows: Iterable[dict[str, str]]) -> Spellings:
    found = Spellings()
    for row in rows:
        for text in filter(None, [*row["exact"].split("|"), row["label"]]):
            found.add(text, row["substance"], exact=True)
        for text in filter(None, row["spellings"].split("|")):
            found.add(text, row["substance"])
    return found


def _spellings(units: dict[str, Unit], rows: Iterable[dict[str, str]]) -> Spellings:
    found = Spellings()
    for name, known in units.items():
        found.add(name, name)
        found.add(known.label, name, exact=True)
    for row in rows:
        found.add(row["spelling"], units[row["unit"]].id, exact=bool(row["exact"]))
    return found


def _doubtful(rows: Iterable[dict[str, str]], exact: bool) -> dict[str, Ambiguous]:
    return {
        row["spelling"] if exact else key(row["spelling"]): Ambiguous(tuple(row["choices"].split("|")), row["reason"])
        for row in rows
        if bool(row["exact"]) == exact
    }


def _masses(spellings: Spellings, doubtful: dict[str, Ambiguous]) -> tuple[tuple[str, bool], ...]:
    """Spellings of masses, and doubtful ones that may be masses; True where letter case matters."""
    exact = {text for text, name in spellings.exact.items() if name in MASSES}
    folded = {text for text, name in spellings.folded.items() if name in MASSES}
    folded |= {text for text, meant in doubtful.items() if set(meant.choices) & set(MASSES)}
    found = [(text, True) for text in exact - folded] + [(text, False) for text in folded]
    return tuple(sorted(found, key=lambda item: (-len(item[0]), item[0])))


@lru_cache(maxsize=1)
def table() -> Table:
    """Read and check the tables; raises ValueError when a spelling stands for two units."""
    rows, substances, ambiguous = _rows("units.csv"), _rows("substances.csv"), _rows("ambiguous.csv")
    units = _units(rows, substances)
    spellings = _spellings(units, _rows("spellings.csv"))
    folded = _doubtful(ambiguous, exact=False)
    notes = {row["id"]: row["note"] for row in rows}
    notes |= {f"{mass}_{row['substance']}": row["note"] for row in substances for mass in MASSES}
    dimensions = {known.dims: known.dimension for known in reversed(units.values())}
    return Table(
        units, dimensions, notes, spellings, _substances(substances), _doubtful(ambiguous, exact=True), folded,
        _masses(spellings, folded),
    )  # fmt: skip
