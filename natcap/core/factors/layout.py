"""The stored form of one edition: a wide CSV table, one row per factor, and the writer: same edition, same bytes.

Columns, in order:

- `series`: id that stays the same over editions; empty for rows that the publisher left without unit and value.
- `source_id`: the publisher's own id without its last part (the gas), from 2023; else empty.
- `scope`, `level1` .. `level4`, `text`, `uom`: labels as printed, runs of spaces made one.
- `kind`: "emission", "energy" (kWh per unit, for SECR) or "empty" (a row with neither unit nor value).
- `kg_co2e`, `kg_co2`, `kg_ch4`, `kg_n2o`: kg CO2e per `uom`. The gas figures are CO2e already: no GWP is to be applied.
- `kwh`: kWh per `uom`, on energy rows only.
- `state`: one letter per official row behind this line, in the order of STATES; `.` where there is no such row.
- `rows`: the sheet rows in the same order, space separated.
- `printed`: the unit of an energy row as printed, what a value cell held that was neither number nor blank ("< 1"),
  or a remark on the label.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

__all__ = [
    "BLANK", "BOUND", "COLUMNS", "GASES", "LABELS", "NO_ROW", "VALUE", "csv_text", "number_text", "series_of", "tidy",
]  # fmt: skip

LABELS: tuple[str, ...] = ("scope", "level1", "level2", "level3", "level4", "text", "uom")
GASES: tuple[str, ...] = ("kg_co2e", "kg_co2", "kg_ch4", "kg_n2o")
COLUMNS: tuple[str, ...] = ("series", "source_id", *LABELS, "kind", *GASES, "kwh", "state", "rows", "printed")
VALUE, BLANK, BOUND, NO_ROW = "v", "b", "<", "."
_NOT_SLUG = re.compile(r"(?:[^a-z0-9.]|(?<![a-z0-9])\.|\.(?![a-z0-9]))+")
_SPACES = re.compile(r"\s+")


def tidy(text: object) -> str:
    """A label as text: runs of white space (no-break spaces too) become one space, none at the ends."""
    return _SPACES.sub(" ", str(text)).strip()


def series_of(labels: Sequence[str]) -> str:
    """The readable id of a label tuple (LABELS order): lower-case parts without the scope, blanks left out.

    Case, spaces and punctuation do not matter, so `Litres`, `litres` and `WTT- business travel (air)` against
    `WTT- business travel- air` are one series without any entry in the concordance.
    A label that only repeats the unit (Level 4 of electricity since 2023) is left out.
    """
    parts = [_NOT_SLUG.sub("-", part.lower()).strip("-") for part in labels[1:]]
    return "/".join(part for part in [*(p for p in parts[:-1] if p != parts[-1]), parts[-1]] if part)


def number_text(value: float) -> str:
    """The shortest plain decimal that reads back as the same float; empty for a missing number."""
    if value != value:
        return ""
    return np.format_float_positional(value, trim="-")


def csv_text(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV text with line feeds; numbers by `number_text`, everything else as it is."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        cells = (row.get(name, "") for name in columns)
        writer.writerow([number_text(cell) if isinstance(cell, float) else cell for cell in cells])
    return out.getvalue()
