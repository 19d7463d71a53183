"""An edition stated as the cells in which it differs from another: read, checked against the base and laid over it.

Every cell keeps its own source, locator and state of verification, because a row of the base table that it stands in
was read elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

__all__ = ["Cell", "Difference", "differences", "overlaid"]

Cell = tuple[str, str, str]
"""A cell of an edition: table, row, column."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell: `base` is what the edition it is based on holds, `value` what this edition holds instead."""

    id: str
    cell: Cell
    base: str
    value: str
    source: str
    locator: str
    verified: str
    also_in: tuple[str, ...]


def differences(path: Path) -> dict[Cell, Difference]:
    """The cells of `differences.csv`; none where an edition has no such file. Raises ValueError for a repeated cell."""
    if not path.is_file():
        return {}
    found: dict[Cell, Difference] = {}
    for row in pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records"):
        cell = (row["table"], row["habitat"], row["column"])
        if cell in found:
            raise ValueError(f"{path.name}: {row['id']} states {' / '.join(cell)} for the second time")
        copies = tuple(name.strip() for name in row["also_in"].split(";") if name.strip())
        found[cell] = Difference(row["id"], cell, row["base"], row["cell"], row["source"], row["locator"],
                                 row["verified"], copies)  # fmt: skip
    return found


def overlaid(tables: Mapping[str, pd.DataFrame], rows: Iterable[Difference]) -> dict[str, pd.DataFrame]:
    """Copies of the base tables with the differing cells laid over them.

    Raises ValueError for a table, row or column that the base does not have, and where the base does not hold what the
    difference says it does: then one of the two was edited, and nobody knows which is meant.
    """
    out = {name: table.copy() for name, table in tables.items()}
    for item in rows:
        name, row, column = item.cell
        if name not in out or row not in out[name].index or column not in out[name].columns:
            raise ValueError(f"{item.id}: the base edition has no cell {' / '.join(item.cell)}")
        held = str(out[name].loc[row, column])
        if held != item.base:
            raise ValueError(
                f"{item.id}: the base edition holds {held!r} in {' / '.join(item.cell)}, not {item.base!r}"
            )
        out[name].loc[row, column] = item.value
    return out
