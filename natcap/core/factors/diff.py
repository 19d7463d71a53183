"""What differs between two editions, row by row and by cause."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.core.factors.layout import BOUND, VALUE

__all__ = ["CAUSES", "compare", "numbers"]

CAUSES: tuple[str, ...] = ("changed", "new", "gone", "now published", "now blank", "relabelled", "same")
_DIGITS = 1e-12
"""Numbers closer than this are one: the last of 17 digits depends on the program that saved the workbook."""
_SHOWN = ("level1", "level2", "level3", "level4", "text", "uom")


def numbers(table: pd.DataFrame) -> pd.Series:
    """The one number of each row: the total, else the CO2 figure of a row published as CO2 only, else kWh."""
    only_co2 = (table["state"] == ".v..").to_numpy()
    total = np.where(only_co2, table["kg_co2"], table["kg_co2e"])
    return pd.Series(np.where(table["kind"] == "energy", table["kwh"], total), index=table.index)


def _side(table: pd.DataFrame) -> pd.DataFrame:
    named = table[table["series"] != ""]
    label = [" / ".join(part for part in parts if part) for parts in zip(*(named[c] for c in _SHOWN), strict=True)]
    first = named["state"].str[0]
    return pd.DataFrame(
        {
            "series": named["series"],
            "kind": named["kind"],
            "label": label,
            "value": numbers(named),
            "there": (first == VALUE) | (first == BOUND) | (named["state"] == ".v.."),
        }
    )


def compare(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Differences of two wide tables, joined by series; one row per series that is not the same in both.

    Columns: cause (one of CAUSES, without "same"), series, kind, label_old, label_new, relabelled, old, new,
    change (new / old - 1; missing where there is nothing to divide). Ordered by cause, then by size of change.
    """
    both = _side(old).merge(
        _side(new), on="series", how="outer", suffixes=("_old", "_new"), indicator="side", validate="one_to_one"
    )
    had, has = both["there_old"].eq(True), both["there_new"].eq(True)
    before, after = both["value_old"], both["value_new"]
    both["relabelled"] = (both["side"] == "both") & (both["label_old"] != both["label_new"])
    same_number = np.isclose(before, after, rtol=_DIGITS, atol=0, equal_nan=True)
    both["cause"] = np.select(
        [both["side"] == "left_only", both["side"] == "right_only", had & ~has, ~had & has, ~same_number,
         both["relabelled"]],
        ["gone", "new", "now blank", "now published", "changed", "relabelled"], "same",
    )  # fmt: skip
    both["kind"] = both["kind_new"].fillna(both["kind_old"])
    both["change"] = (after / before.where(before != 0)) - 1
    shown = both[both["cause"] != "same"].rename(columns={"value_old": "old", "value_new": "new"})
    shown = shown[["cause", "series", "kind", "label_old", "label_new", "relabelled", "old", "new", "change"]]
    shown = shown.assign(
        label_old=shown["label_old"].fillna(""), label_new=shown["label_new"].fillna(""),
        rank=shown["cause"].map({cause: at for at, cause in enumerate(CAUSES)}), size=-shown["change"].abs(),
    )  # fmt: skip
    return shown.sort_values(["rank", "size", "series"]).drop(columns=["rank", "size"]).reset_index(drop=True)
