"""The closed table: units, substances, accepted and ambiguous spellings, read once from `factors/units`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

from natcap.core.resources import root
from natcap.core.units._model import Dims, Unit, multiply

__all__ = [
    "CURRENCIES",
    "FIRST_PRICE_YEAR",
    "LAST_PRICE_YEAR",
    "MASSES",
    "Ambiguous",
    "Substance",
    "Table",
    "key",
    "table",
]

CURRENCIES = ("GBP", "EUR", "USD")
FIRST_PRICE_YEAR, LAST_PRICE_YEAR = 1900, 2150
MASSES = ("kg", "g", "milligram", "microgram", "tonne", "kilotonne", "megatonne", "gigatonne")
"""Masses that a substance can follow: kg N, tonne CO2e."""


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A spelling that could mean several things."""

    choices: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Substance:
    """What a mass can be of; each substance is a dimension of its own."""

    id: str
    label: str
    dimension: str


@dataclass(frozen=True, slots=True)
class Table:
    """Lookups: `exact` by the text as written, `folded` by `key(text)`; ambiguous spellings likewise."""

    units: dict[str, Unit]
    definitions: dict[str, tuple[float, str]]
    notes: dict[str, str]
    exact: dict[str, str]
    folded: dict[str, str]
    ambiguous_exact: dict[str, Ambiguous]
    ambiguous_folded: dict[str, Ambiguous]
    substances: dict[str, Substance]
    substances_exact: dict[str, str]
    substances_folded: dict[str, str]
    masses: tuple[tuple[str, str, bool], ...]


def key(text: str) -> str:
    """Fold a spelling: letter case, underscores as spaces, runs of spaces."""
    return " ".join(text.casefold().replace("_", " ").split())


def _rows(name: str, folder: Path) -> list[dict[str, str]]:
    with (folder / name).open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def _put(into: dict[str, str], text: str, unit: str) -> None:
    if into.setdefault(text, unit) != unit:
        raise ValueError(f"factors/units: {text!r} stands for both {into[text]} and {unit}")


def _units(rows: list[dict[str, str]]) -> tuple[dict[str, Unit], dict[str, tuple[float, str]]]:
    """Units in the order of the table: a definition may only use units above it."""
    found: dict[str, Unit] = {}
    definitions: dict[str, tuple[float, str]] = {}
    for row in rows:
        name, value = row["id"], Fraction(row["value"])
        dims: Dims
        if row["unit"] == name:
            size, dims = value, ((name, Fraction(1)),)
        else:
            parts = [found[part] for part in row["unit"].replace("/", ".").split(".")]
            signs = [1] + [-1 if mark == "/" else 1 for mark in row["unit"] if mark in "./"]
            size, dims = value, multiply([(p.dims, Fraction(s)) for p, s in zip(parts, signs, strict=True)])
            for part, sign in zip(parts, signs, strict=True):
                size *= part.size**sign
        found[name] = Unit(name, row["label"], row["dimension"], size, dims)
        definitions[name] = (float(value), row["unit"])
    return found, definitions


def _substances(rows: list[dict[str, str]]) -> tuple[dict[str, Substance], dict[str, str], dict[str, str]]:
    found: dict[str, Substance] = {}
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    for row in rows:
        name = row["substance"]
        found[name] = Substance(name, row["label"], row["dimension"])
        for text in filter(None, row["exact"].split("|")):
            _put(exact, text, name)
        for text in filter(None, row["spellings"].split("|")):
            _put(folded, key(text), name)
    return found, exact, folded


def _add_substance_units(units: dict[str, Unit], substances: dict[str, Substance]) -> None:
    for substance in substances.values():
        dims: Dims = ((f"kg_{substance.id}", Fraction(1)),)
        for mass in MASSES:
            name, of = f"{mass}_{substance.id}", units[mass]
            units[name] = Unit(name, f"{mass} {substance.label}", substance.dimension, of.size, dims)


@lru_cache(maxsize=1)
def table() -> Table:
    """Read and check the tables; raises ValueError when a spelling stands for two units."""
    folder = root("factors") / "units"
    unit_rows = _rows("units.csv", folder)
    units, definitions = _units(unit_rows)
    substances, sub_exact, sub_folded = _substances(_rows("substances.csv", folder))
    _add_substance_units(units, substances)
    exact = {name: name for name in units}
    folded: dict[str, str] = {}
    for name in units:
        _put(folded, key(name), name)
    masses = [(name, name, False) for name in MASSES]
    for row in _rows("spellings.csv", folder):
        text, name = row["spelling"], units[row["unit"]].id
        _put(exact, text, name)
        if not row["exact"]:
            _put(folded, key(text), name)
        if name in MASSES:
            masses.append((text if row["exact"] else key(text), name, bool(row["exact"])))
    doubtful = {row["spelling"]: Ambiguous(tuple(row["choices"].split("|")), row["reason"]) for row in
                _rows("ambiguous.csv", folder) if row["exact"]}  # fmt: skip
    doubtful_folded = {key(row["spelling"]): Ambiguous(tuple(row["choices"].split("|")), row["reason"]) for row in
                       _rows("ambiguous.csv", folder) if not row["exact"]}  # fmt: skip
    masses.sort(key=lambda item: -len(item[0]))
    return Table(
        units, definitions, {row["id"]: row["note"] for row in unit_rows}, exact, folded, doubtful, doubtful_folded,
        substances, sub_exact, sub_folded, tuple(masses),
    )  # fmt: skip
