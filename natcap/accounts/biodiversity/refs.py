"""The rows of an edition's tables that a parcel's units rest on, as references for the walk back of a figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import cast

import pandas as pd

from natcap.accounts.biodiversity.differences import Cell
from natcap.accounts.biodiversity.edition import Edition, Kind
from natcap.accounts.biodiversity.units import Units
from natcap.core.report import FactorRef
from natcap.core.sources import source
from natcap.core.tables import load

__all__ = ["SECONDARY", "cell_ref", "habitat_ref", "multiplier_ref", "unit_refs"]

SECONDARY = "read in a secondary copy, not verified"
_TABLES = {"area": "area_habitats", "hedgerow": "hedgerows", "watercourse": "watercourses"}


@lru_cache(maxsize=4)
def _multipliers(folder: str) -> dict[tuple[str, str], FactorRef]:
    return {
        (row["parameter"], row["subject"]): FactorRef(
            row["id"], f"{row['parameter'].replace('_', ' ').capitalize()}: {row['subject']}", float(row["value"]),
            row["unit"], source(row["source"]).cite(), row["locator"], row["verified"], row["note"],
        )
        for row in load(f"biodiversity/{folder}/multipliers").to_dict("records")
    }  # fmt: skip


def multiplier_ref(e: Edition, parameter: str, subject: str) -> FactorRef:
    """The row of a multiplier or score. Raises LookupError where the edition has none."""
    found = _multipliers(e.home).get((parameter, subject))
    if found is None:
        raise LookupError(f"no {parameter} for {subject!r} in metric {e.name}")
    return found


def habitat_ref(e: Edition, kind: Kind, habitat: str) -> FactorRef:
    """The row of a habitat, with its distinctiveness score."""
    row = e.habitat(kind, habitat)
    key = f"biodiversity/{e.home}/{_TABLES[kind]}/{habitat}"
    return FactorRef(key, f"Distinctiveness score: {habitat} ({row['distinctiveness']})",
                     e.distinctiveness(kind, habitat), "score", source(str(row["source"])).cite(),
                     str(row["locator"]), str(row["verified"]))  # fmt: skip


def cell_ref(e: Edition, cell: Cell) -> FactorRef | None:
    """A cell of years to target condition, with where it was read; None for a cell that is no number of years."""
    table, row, column = cell
    text = e.held(cell)
    if "difficulty" in column or text in ("", "not possible"):
        return None
    mine = e.differences.get(cell)
    where = mine if mine is not None else _row(e, cell)
    key = mine.id if mine is not None else f"biodiversity/{e.home}/{table}/{row}/{column}"
    note = "30+: more than 30 years, which the metric counts as 32" if text == "30+" else ""
    if mine is not None:
        note = f"{note}; {SECONDARY}; {e.based_on} has {mine.base}".removeprefix("; ")
    label = f"Years to target condition: {row}, {column or 'rise in distinctiveness'} ({text})"
    return FactorRef(key, label, 30.0 if text == "30+" else float(text), "year", source(str(where.source)).cite(),
                     str(where.locator), str(where.verified), note)  # fmt: skip


def _row(e: Edition, cell: Cell) -> pd.Series[str]:
    """The row of the base tables that a cell stands in."""
    name, row, column = cell
    if name == "watercourse_years":
        table = load(f"biodiversity/{e.home}/{name}")
        return table[(table["parameter"] == row) & (table["subject"] == column)].iloc[0]
    return cast("pd.Series[str]", e.table(name).loc[row])


def unit_refs(e: Edition, kind: Kind, habitat: str, condition: str, units: Units, words: dict[str, str],
              cells: Sequence[Cell] = ()) -> Iterator[FactorRef]:  # fmt: skip
    """What a parcel multiplies. `words` holds the subjects of significance, encroachment and riparian (blank: none).

    `cells` are the cells that it rests on; those of years are references too.
    """
    yield from (ref for cell in cells if (ref := cell_ref(e, cell)) is not None)
    yield habitat_ref(e, kind, habitat)
    yield multiplier_ref(e, "condition_score", condition)
    for name in ("strategic_significance", "watercourse_encroachment", "riparian_encroachment", "spatial_risk",
                 "watercourse_spatial_risk"):  # fmt: skip
        if words.get(name):
            yield multiplier_ref(e, f"{name}_multiplier", words[name])
    if words.get("tree"):
        yield multiplier_ref(e, "individual_tree_area_ha", words["tree"])
    if units.years is not None:
        yield multiplier_ref(e, "temporal_multiplier", f"{units.years} years")
        yield multiplier_ref(e, "difficulty_multiplier", units.difficulty_band)
