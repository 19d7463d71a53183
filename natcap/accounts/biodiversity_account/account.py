"""Read a filled official metric workbook and recompute it: every parcel, and totals of the three kinds of unit.

Area, hedgerow and watercourse units never add. A parcel from which both the workbook and the metric withhold units
(irreplaceable habitat, a move the rules do not allow) is listed and stands in no total; where only one of the two has a
number the totals of its kind are not available.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from natcap.accounts.biodiversity import Edition, MetricError, Parcel, edition, recompute, totals
from natcap.accounts.biodiversity.area_check import AreaCheck
from natcap.accounts.biodiversity.edition import DEFAULT
from natcap.accounts.biodiversity.official import read_filled
from natcap.accounts.biodiversity.outcome import Outcome, outcome
from natcap.accounts.biodiversity.stated import Stated
from natcap.accounts.wings import Reader
from natcap.core.project import FILE

__all__ = ["KINDS", "MetricInput", "UnitAccount", "read", "unit_account"]

KINDS: tuple[str, ...] = ("area", "hedgerow", "watercourse")
_PARTS = ("baseline", "retained", "created", "enhanced", "net", "percent")


@dataclass(frozen=True)
class MetricInput:
    """The parcels of one workbook, in its order, the edition they are computed by, and what it says of its own."""

    shown: str
    parcels: tuple[Parcel, ...]
    edition: Edition
    stated: Stated = field(default_factory=Stated)
    checks: Mapping[bool, AreaCheck] = field(default_factory=dict)
    """Area checks of the workbook by place, on site or not."""


@dataclass(frozen=True)
class UnitAccount:
    """`parcels`: one row a parcel with `printed`, `computed`, `difference`, `agrees`, `note`, `counted`.

    `totals`: kind, on_site, baseline, retained, created, enhanced, net, percent (a share); NaN where not available.
    `outcome`: net gain, trading and shortfall of the kinds whose totals are available.
    """

    parcels: pd.DataFrame
    totals: pd.DataFrame
    outcome: Outcome


def read(reader: Reader) -> MetricInput | None:
    """The filled workbook named as `metric`; everything that cannot be read goes to the reader's problems."""
    path: Path | None = reader.file("metric", "Name a filled official metric workbook")
    name = str(reader.project.choices.get("metric_edition", DEFAULT))
    try:
        rules = edition(name)
    except MetricError as error:
        remedy = f"Leave it out for {DEFAULT}"
        reader.problems.add(FILE, name, "an edition of the metric", f"{error}. {remedy}", cell="choices.metric_edition")
        return None
    if path is None:
        return None
    shown, before = reader.project.shown(path), len(reader.problems.errors)
    filled = read_filled(path, reader.problems, shown)
    if not filled.parcels and len(reader.problems.errors) == before:
        expected = "at least one parcel on the sheets A-1 to F-3"
        reader.problems.add(shown, "a metric workbook without a parcel", expected, "Fill the workbook and save it")
    return MetricInput(shown, tuple(filled.parcels), rules, filled.stated, filled.checks)


def unit_account(given: MetricInput) -> UnitAccount:
    """Recompute every parcel, then the totals of each kind, on site and off site."""
    table = recompute(given.edition, given.parcels)
    table["row"] = [p.row for p in given.parcels]
    table["counted"] = table["computed"].notna()
    # Where the workbook prints a number that the metric refuses, a total without the parcel would be wrong.
    table["broken"] = table["computed"].isna() & table["printed"].notna()
    rows = []
    for kind in KINDS:
        for on_site in (True, False):
            mine = np.flatnonzero(((table["kind"] == kind) & (table["on_site"] == on_site)).to_numpy())
            if len(mine):
                rows.append((kind, on_site, *_total(given.edition, [given.parcels[n] for n in mine], table.iloc[mine])))
    sums = pd.DataFrame(rows, columns=["kind", "on_site", *_PARTS])
    lacking = set(sums.loc[sums["net"].isna(), "kind"])
    known = table[table["counted"] & ~table["kind"].isin(lacking)]
    return UnitAccount(table, sums, outcome(given.edition, sums[~sums["kind"].isin(lacking)], known))


def _total(rules: Edition, parcels: Sequence[Parcel], table: pd.DataFrame) -> tuple[float, ...]:
    if table["broken"].any():
        return (np.nan,) * len(_PARTS)
    counted = [p for p, whether in zip(parcels, table["counted"], strict=True) if whether]
    found = totals(rules, counted)
    if found.empty:
        return (np.nan,) * len(_PARTS)
    row = found.iloc[0]
    return (*(float(row[name]) for name in _PARTS[:-1]), float(row["percent"]) / 100)
