"""Identities of published figures: the whole is the sum of its areas, the total the sum of its parts.

The allowance is the rounding of the printed numbers, plus what the definition of the indicator concedes. Where a
published figure is not the sum it is a problem; rows that are not meant to add up have another `method_version`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.core.problems import Problems
from natcap.core.report import Check
from natcap.progress.areas import Areas
from natcap.progress.definitions import Indicator
from natcap.progress.observations import current
from natcap.progress.reading import at

__all__ = ["Closing", "closings"]

_SAME = ["period", "method_version", "unit"]


@dataclass(frozen=True, slots=True)
class Closing:
    """One kind of sum of one indicator: how many were checked, the largest difference and its allowance."""

    id: str
    title: str
    count: int
    largest: float
    allowed: float
    unit: str

    def check(self) -> Check:
        """As a check of the report: largest difference against zero."""
        title = f"{self.title} ({self.count} checked; largest difference)"
        return Check(self.id, title, self.largest, 0.0, self.allowed, self.unit)


def _allowance(both: pd.DataFrame, within: pd.Series) -> pd.Series:
    digits = both[["digits", "digits_parts"]].min(axis=1)
    rounding = 0.5 * 10.0 ** -digits.astype("float64") * (both["n"] + 1)
    exact = digits > 6
    return both["indicator"].map(within).astype("float64") + rounding.mask(exact, 0.0) + 1e-9 * both["total"].abs()


def _sums(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Sums by `keys` where no member lacks a value."""
    rows = rows.assign(_missing=rows["value"].isna())
    found = rows.groupby(keys, dropna=False).agg(
        n=("id", "size"), total=("value", "sum"), digits_parts=("digits", "min"), missing=("_missing", "any")
    )
    return found[~found["missing"]].reset_index()


def _over_areas(table: pd.DataFrame, whole: str, areas: Areas) -> pd.DataFrame:
    members = areas.members(whole)
    sums = _sums(table[table["area"].isin(members)], ["indicator", "part", *_SAME])
    top = table[(table["area"] == whole) & table["value"].notna()]
    return top.merge(sums[sums["n"] == len(members)], on=["indicator", "part", *_SAME], validate="many_to_one")


def _over_parts(table: pd.DataFrame, hundred: set[str]) -> pd.DataFrame:
    """Each row that has parts beside the sum of those parts; shares beside 100."""
    parts = table[table["part"] != ""].copy()
    parts["part"] = np.where(parts["part"].str.contains("/"), parts["part"].str.rsplit("/", n=1).str[0], "")
    keys = ["indicator", "part", "area", *_SAME]
    sums = _sums(parts, keys)
    shares = table[table["indicator"].isin(hundred)].drop_duplicates(["indicator", "area", *_SAME])
    top = pd.concat([table[table["value"].notna()], shares.assign(part="", value=100.0)])
    return top.merge(sums, on=keys, validate="one_to_one")


def _tell(both: pd.DataFrame, what: str, areas: Areas, problems: Problems) -> None:
    for _, row in both[(both["value"] - both["total"]).abs() > both["allowed"]].iterrows():
        name = f"{row['indicator']} {row['part']}".strip()
        problems.add(
            row["_file"], f"{row['value']:g} {row['unit']} for {name}, {areas.name(row['area'])}, {row['period']}",
            f"{row['total']:.10g}, the sum of its {what}",
            "Correct the figure, or give it another method_version if it is not meant to be that sum.",
            sheet=str(row.get("_sheet", "")), cell=at(row, "value"),
        )  # fmt: skip


def _closings(both: pd.DataFrame, key: str, said: str, indicators: Mapping[str, Indicator]) -> list[Closing]:
    off = both.assign(off=(both["value"] - both["total"]).abs())
    found = []
    for name, rows in off.groupby("indicator", sort=True):
        one = indicators[str(name)]
        title = f"{one.title}: {said}"
        found.append(
            Closing(f"{name}.{key}", title, len(rows), float(rows["off"].max()), float(rows["allowed"].max()), one.unit)
        )
    return found


def closings(
    table: pd.DataFrame, indicators: Mapping[str, Indicator], areas: Areas, problems: Problems
) -> tuple[Closing, ...]:
    """Check every published sum of the newest vintages; sums that do not hold are added to `problems`."""
    table = current(table)
    within = pd.Series({key: found.closes_within for key, found in indicators.items()})
    found: list[Closing] = []
    for whole in areas.wholes():
        both = _over_areas(
            table[table["indicator"].isin([k for k, i in indicators.items() if i.adds_areas])], whole, areas
        )
        both["allowed"] = _allowance(both, within)
        _tell(both, "areas", areas, problems)
        found += _closings(both, whole, f"{areas.name(whole)} is the sum of its areas", indicators)
    summed = {key for key, i in indicators.items() if i.parts_sum}
    hundred = {key for key in summed if indicators[key].parts_sum == "100"}
    both = _over_parts(table[table["indicator"].isin(summed)], hundred)
    both["allowed"] = _allowance(both, within)
    _tell(both, "parts", areas, problems)
    return (*found, *_closings(both, "parts", "the parts are the whole", indicators))
