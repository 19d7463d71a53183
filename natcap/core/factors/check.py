"""Prove every row: of every edition, of the concordance, of every parameter table and of every source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from natcap.core import tables
from natcap.core.factors import parameters
from natcap.core.factors.concordance import load_concordance
from natcap.core.factors.editions import FAMILY, Edition, parse_factors
from natcap.core.factors.layout import BLANK, BOUND, GASES, LABELS, NO_ROW, VALUE
from natcap.core.gwp import gwp_sets
from natcap.core.sources import sources
from natcap.core.units import UnitError, unit
from natcap.core.verification import STATES

if TYPE_CHECKING:
    from natcap.core.factors.library import Library

__all__ = ["check", "edition_problems", "row_problems", "unit_problems"]

_ROUNDING = 2e-5
_RATIO = 0.01
_HASH = re.compile(r"[0-9a-f]{64}")
_MOST = 20


def check(lib: Library) -> list[str]:
    """Sentences about everything that breaks the rules; an empty list means that all is well."""
    said: list[str] = []
    for edition in lib.editions():
        said += edition_problems(lib, edition)
    said += _concordance_problems(lib)
    for folder in lib.folders:
        said += _table_problems(folder)
        said += _source_problems(folder)
    return said + _electricity_problems(lib)


def _few(where: str, rows: pd.DataFrame, what: str) -> Iterator[str]:
    """One sentence per row, at most a score of them, then how many more."""
    for name in rows["series"].head(_MOST):
        yield f"{where}: {name or '(no series)'}: {what}"
    if len(rows) > _MOST:
        yield f"{where}: {what}: {len(rows) - _MOST} more rows"


def edition_problems(lib: Library, edition: Edition) -> list[str]:
    """What is wrong with one edition: its record, its rows, its units, its series against the concordance."""
    where = edition.key
    said = [f"{where}: {what}" for what in _record_problems(edition)]
    try:
        table = parse_factors(edition.folder / "factors.csv")
    except (OSError, ValueError) as error:
        return [*said, f"{where}: factors.csv cannot be read ({type(error).__name__})"]
    counted = int(table["state"].str.count(r"[^.]").sum())
    if counted != edition.rows:
        said.append(f"{where}: holds {counted} official rows, edition.toml says {edition.rows}")
    said += row_problems(where, table)
    said += unit_problems(where, table["uom"].unique())
    if not edition.partial:
        said += _sheet_row_problems(where, table)
        said += _series_problems(lib, edition, table)
    return said


def _record_problems(edition: Edition) -> Iterator[str]:
    if edition.verified not in STATES:
        yield f"verified is {edition.verified!r}, expected one of {', '.join(STATES)}"
    if edition.verified == "read" and not _HASH.fullmatch(edition.source.sha256):
        yield "read at its source, but without the hash of the workbook"
    known = set(gwp_sets()) | {"mixed"}
    used = {edition.gwp_set, *(e["set"] for e in edition.facts["gwp"].get("exception", []))}
    if used - known:
        yield f"unknown GWP set {', '.join(sorted(used - known))}"
    for name in ("title", "publisher", "published", "licence"):
        if not getattr(edition.source, name):
            yield f"its source has no {name}"
    if edition.source.id != f"{edition.family}_{edition.folder.name}":
        yield f"source {edition.source.id!r} is not named after the folder"


def row_problems(where: str, table: pd.DataFrame) -> list[str]:
    """Rows whose id is not unique, whose state does not fit the numbers, or whose gases do not sum to the total."""
    named = table[table["kind"] != "empty"]
    said = list(_few(where, named[named["series"].duplicated()], "the series is used twice"))
    said += _few(where, named[named["series"] == ""], "a factor without a series")
    ids = table[(table["source_id"] != "") & (table["kind"] != "empty")]
    said += _few(where, ids[ids["source_id"].duplicated()], "the publisher's id is used twice")
    emission = table[table["kind"] == "emission"]
    said += _few(where, table[~table["kind"].isin(["emission", "energy", "empty"])], "unknown kind")
    said += _few(where, emission[emission["state"].str.len() != len(GASES)], "state must have four letters")
    for place, name in enumerate(GASES):
        said += _state_problems(where, emission, emission["state"].str[place], name)
    energy = table[table["kind"] != "emission"]
    said += _state_problems(where, energy, energy["state"], "kwh")
    said += _few(where, energy[energy[list(GASES)].notna().any(axis=1)], "a kWh row with kg of CO2e")
    said += _few(where, emission[emission["kwh"].notna()], "an emission factor with kWh")
    gases = emission[list(GASES[1:])]
    total = emission["kg_co2e"]
    whole = gases.notna().all(axis=1) & total.notna()
    off = (gases.sum(axis=1, min_count=3) - total).abs() > np.maximum(_RATIO * total.abs(), _ROUNDING)
    said += _few(where, emission[whole & off], "the gases do not sum to the total")
    return said


def _state_problems(where: str, rows: pd.DataFrame, state: pd.Series, name: str) -> Iterator[str]:
    yield from _few(where, rows[~state.isin([VALUE, BLANK, BOUND, NO_ROW])], f"unknown state of {name}")
    yield from _few(where, rows[(state == VALUE) != rows[name].notna()], f"state and value of {name} disagree")
    yield from _few(where, rows[rows[name] < 0], f"{name} below zero")
    yield from _few(
        where, rows[(state == BOUND) & ~rows["printed"].str.startswith("<")], f"no bound printed for {name}"
    )


def _sheet_row_problems(where: str, table: pd.DataFrame) -> list[str]:
    """Every official row has its own sheet row, and as many as the state says."""
    letters = table["state"].str.count(r"[^.]")
    numbers = table["rows"].str.count(r"\d+")
    said = list(_few(where, table[letters != numbers], "as many sheet rows as states"))
    rows = " ".join(table["rows"]).replace(".", " ").split()
    if len(set(rows)) != len(rows):
        said.append(f"{where}: a sheet row is used twice")
    return said


def unit_problems(where: str, units: pd.Index | np.ndarray[tuple[int], np.dtype[np.object_]]) -> list[str]:
    """Units that natcap.core.units does not know."""
    said = []
    for text in sorted({str(u) for u in units}):
        try:
            unit(text)
        except UnitError as error:
            said.append(f"{where}: unit {text!r}: {error.message}")
    return said


def _series_problems(lib: Library, edition: Edition, table: pd.DataFrame) -> Iterator[str]:
    """The stored series is the one that the concordance, the id before or the labels give."""
    from natcap.core.factors.add import namer

    name = namer(lib)
    named = table[table["series"] != ""]
    labels = zip(*(named[c] for c in LABELS), strict=True)
    due = [name(own, stem, edition.year) for own, stem in zip(labels, named["source_id"], strict=True)]
    yield from _few(
        edition.key, named[named["series"] != pd.Series(due, index=named.index)], "not the series it should be"
    )


def _concordance_problems(lib: Library) -> list[str]:
    known = {n for e in lib.editions(FAMILY) for n in lib.positions(e) if isinstance(n, str)}
    said = []
    for row in load_concordance(lib.folders[0] / FAMILY / "concordance.csv").rows:
        where = f"concordance, {row['series']}"
        if row["series"] not in known:
            said.append(f"{where}: no edition has this series")
        if not row["evidence"]:
            said.append(f"{where}: no evidence")
        if not row["first"] <= row["last"]:
            said.append(f"{where}: the years {row['first']} to {row['last']} are in the wrong order")
    return said


def _table_problems(folder: Path) -> list[str]:
    """Every parameter table under a factors folder: natcap.core.tables.problems_in, and units that are known."""
    said = []
    for name in tables.tables(folder):
        try:
            said += tables.problems_in(name, folder)
            said += unit_problems(name, tables.load(name, folder)["unit"].unique())
        except (ValueError, KeyError) as error:
            said.append(f"{name}: cannot be read ({error})")
    return said


def _source_problems(folder: Path) -> list[str]:
    try:
        found = sources(folder)
    except ValueError as error:
        return [str(error)]
    needed = ("title", "publisher", "published", "licence")
    return [f"source {key}: no {what}" for key, s in found.items() for what in needed if not getattr(s, what)]


def _electricity_problems(lib: Library) -> list[str]:
    """Where a year is in two tables, the electricity factor is the same in both (5 decimals)."""
    pairs = {
        "uk_electricity/generated": "uk-electricity/electricity-generated/electricity-uk/kwh",
        "uk_electricity/transmission-and-distribution": (
            "transmission-and-distribution/t-d-uk-electricity/electricity-uk/kwh"
        ),
    }
    rows = parameters.family_table("uk_electricity", lib.folders[0])
    said = []
    for edition in lib.editions(FAMILY):
        for own, flat in pairs.items():
            value = rows.loc[(rows["series"] == own) & (rows["year"] == edition.year) & (rows["gas"] == ""), "value"]
            row = lib.row(edition, flat)
            if row is None or value.empty or abs(float(value.iloc[0]) - row["kg_co2e"]) > 1e-5:
                said.append(f"{edition.key}: {own} is not what the flat file has")
    return said
