"""The history of one factor: every edition that has it, with its gases, unit, GWP set, page and trust."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from natcap.core.factors import parameters
from natcap.core.factors.concordance import load_concordance
from natcap.core.factors.diff import numbers
from natcap.core.factors.editions import FAMILY, Edition
from natcap.core.factors.layout import LABELS
from natcap.core.factors.match import label_of
from natcap.core.factors.model import FactorError

if TYPE_CHECKING:
    from natcap.core.factors.library import Library

__all__ = ["COLUMNS", "History", "history"]

COLUMNS: tuple[str, ...] = (
    "year", "edition", "value", "change", "kg_co2", "kg_ch4", "kg_n2o", "unit", "gwp_set", "state", "locator",
    "verified", "label", "joined", "factor_id",
)  # fmt: skip
"""`state` in words: published, blank, bound ("< 1"), CO2 only. `joined`: why these labels are this series."""

_STATES = {"v": "published", "b": "blank", "<": "bound"}


@dataclass(frozen=True)
class History:
    """One series over the years. `label` and `unit` are those of the newest edition."""

    series: str
    label: str
    unit: str
    kind: str
    table: pd.DataFrame


def history(lib: Library, key: str) -> History:
    """The history of a series, or of the series of a factor id. FactorError when there is none."""
    series = _series_of(lib, key)
    if parameters.family_of(series):
        return _parameter_history(lib, series)
    held = [e for e in lib.editions(FAMILY) if series in lib.positions(e)]
    if not held:
        lib.match(series, lib.editions(FAMILY)[-1].year)
    concordance = load_concordance(lib.folders[0] / FAMILY / "concordance.csv")
    records = []
    for edition in held:
        row = lib.row(edition, series)
        assert row is not None
        _, why = concordance.series(tuple(str(row[name]) for name in LABELS), edition.year)
        records.append(_record(edition, row, why))
    table = _with_change(pd.DataFrame(records))
    newest = records[-1]
    return History(series, str(newest["label"]), str(newest["unit"]), str(newest["kind"]), table[list(COLUMNS)])


def _series_of(lib: Library, key: str) -> str:
    if key.startswith(f"{FAMILY}/"):
        try:
            return lib.factor(key).series
        except KeyError:
            return key.split("/", 2)[-1]
    if parameters.family_of(key):
        try:
            return lib.factor(key).series
        except KeyError:
            return key
    return key


def _with_change(table: pd.DataFrame) -> pd.DataFrame:
    """Change against the row before, as a share; missing where there is no number to compare with."""
    before = table["value"].shift()
    return table.assign(change=table["value"] / before.where(before != 0) - 1)


def _record(edition: Edition, row: pd.Series, why: str) -> dict[str, object]:
    state = str(row["state"])
    words = "CO2 only" if state == ".v.." else _STATES.get(state[0], "no total")
    return {
        "year": edition.year, "edition": edition.id, "value": float(numbers(row.to_frame().T).iloc[0]),
        **{gas: row[gas] for gas in ("kg_co2", "kg_ch4", "kg_n2o")}, "unit": row["unit"], "gwp_set": row["gwp_set"],
        "state": f"bound {row['printed']}" if words == "bound" else words, "locator": row["locator"],
        "verified": edition.verified, "label": label_of(row), "joined": why, "factor_id": row["factor_id"],
        "kind": row["kind"],
    }  # fmt: skip


def _parameter_history(lib: Library, series: str) -> History:
    family = parameters.family_of(series)
    assert family is not None
    rows = parameters.family_table(family, lib.folders[0])
    rows = rows[rows["series"] == series].sort_values("year")
    if rows.empty:
        raise FactorError(f"there is no series {series!r} in {family}")
    main = rows[rows["gas"] == ""].rename(columns={"id": "factor_id", "parameter": "label"})
    for gas, column in (("CO2", "kg_co2"), ("CH4", "kg_ch4"), ("N2O", "kg_n2o")):
        part = rows[rows["gas"] == gas].set_index("year")["value"]
        main[column] = main["year"].map(part) if len(part) else np.nan
    per = main["unit"].str.partition("/")
    emission = per[0] == "kg_co2e"
    table = _with_change(
        main.assign(
            edition=main["source"],
            unit=main["unit"].where(~emission, per[2]),
            state=np.where(main["value"].notna(), "published", "blank"),
            joined="same label",
        )
    )
    newest = table.iloc[-1]
    kind = "emission" if bool(emission.iloc[-1]) else "property"
    table = table[list(COLUMNS)].reset_index(drop=True)
    return History(series, str(newest["label"]), str(newest["unit"]), kind, table)
