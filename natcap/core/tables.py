"""Parameter tables: published numbers as rows of `factors/<family>/<table>.csv`.

Every table carries the columns of `REQUIRED`; any further columns (subject, gas, climate, ...) are its key.
A blank value is a question, not a zero: it stays missing and `value_of` refuses it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from natcap.core.resources import root
from natcap.core.sources import sources
from natcap.core.verification import STATES

__all__ = ["REQUIRED", "load", "problems_in", "row", "tables"]

REQUIRED: tuple[str, ...] = ("id", "parameter", "value", "low", "high", "unit", "source", "locator", "verified", "note")
_NUMBERS = ("value", "low", "high")


def tables(folder: Path | None = None) -> list[str]:
    """Names ("farm/enteric") of all parameter tables, i.e. CSV files whose header holds every REQUIRED column."""
    base = folder or root("factors")
    names = []
    for path in sorted(base.glob("**/*.csv")):
        with path.open(encoding="utf-8") as handle:
            header = handle.readline().strip().split(",")
        if set(REQUIRED) <= set(header):
            names.append(path.relative_to(base).with_suffix("").as_posix())
    return names


@lru_cache(maxsize=64)
def _read(path: Path) -> pd.DataFrame:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    for column in _NUMBERS:
        frame[column] = pd.to_numeric(frame[column].replace("", np.nan))
    return frame


def load(name: str, folder: Path | None = None) -> pd.DataFrame:
    """Return a copy of table `name`: text columns as str, `value`, `low`, `high` as float64 (missing = NaN).

    Raises FileNotFoundError when there is no such table.
    """
    return _read((folder or root("factors")) / f"{name}.csv").copy()


def row(table: pd.DataFrame, **key: str) -> pd.Series:
    """Return the one row of `table` where every column equals the key; LookupError for none or several."""
    mask = np.ones(len(table), dtype=bool)
    for column, wanted in key.items():
        mask &= (table[column] == wanted).to_numpy()
    found = table[mask]
    if len(found) != 1:
        asked = ", ".join(f"{k}={v!r}" for k, v in key.items())
        raise LookupError(f"{len(found)} rows for {asked}; expected exactly one")
    return found.iloc[0]


def problems_in(name: str, folder: Path | None = None) -> list[str]:
    """Sentences about rows of table `name` that break the rules: id, unit, source, locator, state, order of range."""
    frame = load(name, folder)
    known = sources()
    said = [f"{name}: id {key!r} is used twice" for key in frame["id"][frame["id"].duplicated()]]
    for record in frame.to_dict("records"):
        where = f"{name} {record['id'] or '(no id)'}"
        said += [f"{where}: no {column}" for column in ("id", "unit", "source", "locator") if not record[column]]
        if record["source"] and record["source"] not in known:
            said.append(f"{where}: source {record['source']!r} is not in any sources.csv")
        if record["verified"] not in STATES:
            said.append(f"{where}: verified is {record['verified']!r}, expected one of {', '.join(STATES)}")
        low, value, high = record["low"], record["value"], record["high"]
        if (not np.isnan(low) and low > value) or (not np.isnan(high) and high < value):
            said.append(f"{where}: value {value} lies outside {low} to {high}")
    return said
