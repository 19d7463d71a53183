"""Circular flows worked out: inflow and outflow shares, the memo of burden avoided, what stands in Activity too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.carbon.business.circular.published import ORIGINS, Looked, factor_of, materials, routes
from natcap.carbon.business.circular.read import Circular
from natcap.carbon.business.result import Result
from natcap.core.units import factor_between

__all__ = ["CIRCULAR", "Flows", "flows"]

CIRCULAR: tuple[str, ...] = ("Preparing for reuse", "Recycling")
"""Levels of the hierarchy that keep material in use."""
PREVENTION = "Prevention"
_KG = 1000.0
_MATERIAL, _WASTE = "material-use/", "waste-disposal/"


@dataclass(frozen=True)
class Flows:
    """What was worked out.

    `avoided`: by material with a circular part: factors in kg CO2e per tonne (NaN where none is published) and
    `saved_recycled`, `saved_reused`, `saved` in t CO2e. `levels`: tonnes by level of the hierarchy, best first,
    without prevention. `overlap`: tonnes here and in Activity. `looked`: factors by (position of the material, origin).
    """

    avoided: pd.DataFrame
    levels: pd.DataFrame
    overlap: pd.DataFrame
    looked: Mapping[tuple[int, str], Looked]
    inflow: float
    inflow_proven: float
    outflow: float
    prevented: float

    @property
    def fallbacks(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(look.said for look in self.looked.values() if look.fallback))

    @property
    def saved(self) -> float:
        """t CO2e of the rows that have both factors; NaN where none has."""
        return float(self.avoided["saved"].sum(min_count=1)) if len(self.avoided) else float("nan")


def flows(result: Result, given: Circular) -> Flows:
    """Work out the flows. Nothing here touches the lines of the inventory."""
    bought, waste = given.materials, given.outputs
    looked = _looked(result, bought)
    real = waste[waste["level"] != PREVENTION]
    circular = bought["recycled_tonnes"] + bought["reused_tonnes"]
    return Flows(
        _avoided(bought, looked), _levels(real), _overlap(result, bought, real), looked,
        _share(circular.sum(), bought["tonnes"].sum()),
        _share(circular[bought["evidence"] != ""].sum(), bought["tonnes"].sum()),
        _share(real.loc[real["level"].isin(CIRCULAR), "tonnes"].sum(), real["tonnes"].sum()),
        float(waste.loc[waste["level"] == PREVENTION, "tonnes"].sum(min_count=1)),
    )  # fmt: skip


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def _looked(result: Result, bought: pd.DataFrame) -> dict[tuple[int, str], Looked]:
    years, choices = result.this.year.years, result.inputs.choices
    found = {}
    for at, row in enumerate(bought.to_dict("records")):
        asked = [origin for origin in ("recycled", "reused") if row[origin] > 0]
        for origin in ("virgin", *asked) if asked else ():
            if row["published"]:
                found[at, origin] = factor_of(materials()[row["published"]], origin, years, choices)
            else:
                found[at, origin] = Looked(float("nan"), (), "no published material is named")
    return found


def _avoided(bought: pd.DataFrame, looked: Mapping[tuple[int, str], Looked]) -> pd.DataFrame:
    places = sorted({at for at, _ in looked})
    table = bought.iloc[places][["material", "published", "recycled_tonnes", "reused_tonnes"]].copy()
    table["at"] = places
    for origin in ORIGINS:
        table[f"factor_{origin}"] = [looked[at, origin].value if (at, origin) in looked else np.nan for at in places]
    for origin in ("recycled", "reused"):
        gap = table["factor_virgin"] - table[f"factor_{origin}"]
        table[f"saved_{origin}"] = table[f"{origin}_tonnes"] * gap / _KG
    asked = table[["recycled_tonnes", "reused_tonnes"]].to_numpy() > 0
    saved = table[["saved_recycled", "saved_reused"]].to_numpy()
    # A row counts whole or not at all: half of a material's burden would look like all of it.
    table["saved"] = np.where(asked, saved, 0.0).sum(axis=1) if len(table) else np.zeros(0)
    return table.reset_index(drop=True)


def _levels(waste: pd.DataFrame) -> pd.DataFrame:
    order = routes().sort_values("value", kind="stable")["level"].drop_duplicates()
    names = [name for name in order if name != PREVENTION]
    sums = waste.groupby("level")["tonnes"].sum()
    table = pd.DataFrame({"level": names, "tonnes": [float(sums.get(name, 0.0)) for name in names]})
    return table if len(waste) else table.iloc[:0]


def _overlap(result: Result, bought: pd.DataFrame, waste: pd.DataFrame) -> pd.DataFrame:
    """Tonnes here beside tonnes in the sheet Activity, by published material and by level of the hierarchy."""
    held = _in_activity(result)
    names = {stem: name for name, stem in materials().items()}
    rows: list[tuple[str, str, float, float]] = []
    here = bought.assign(published=bought["published"].replace("", "No published material named"))
    ours = here.groupby("published", sort=False)["tonnes"].sum()
    there = held[held["kind"] == "material"].groupby("key")["tonnes"].sum().rename(index=names)
    for name in dict.fromkeys((*ours.index, *there.index)):
        rows.append(("Material", str(name), float(ours.get(name, np.nan)), float(there.get(name, np.nan))))
    ours = waste.groupby("level")["tonnes"].sum()
    there = held[held["kind"] == "waste"].groupby("key")["tonnes"].sum()
    order = [name for name in routes().sort_values("value")["level"].drop_duplicates() if name != PREVENTION]
    rows += [
        ("Waste", name, float(ours.get(name, np.nan)), float(there.get(name, np.nan)))
        for name in order if name in ours.index or name in there.index
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["kind", "what", "here", "activity"])
    counted = np.where(table["activity"].notna(), "Activity", "not in the inventory")
    return table.assign(counts=counted)


def _in_activity(result: Result) -> pd.DataFrame:
    """kind, key (stem of the material, or level of the hierarchy) and tonnes of the rows of the inventory."""
    rows, uses = result.this.rows, result.this.year.book.rows.uses
    sums = rows.groupby("use")["quantity"].sum()
    ending = {row["ending"]: row["level"] for row in routes().to_dict("records") if row["ending"]}
    found = []
    for number, quantity in sums.items():
        use = uses[int(str(number))]
        stem = use.activity.stem
        if not stem.startswith((_MATERIAL, _WASTE)):
            continue
        material = stem.startswith(_MATERIAL)
        key = "/".join(stem.split("/")[:3]) if material else ending.get(stem.rpartition("/")[2], "")
        tonnes = float(quantity) * factor_between(use.unit, "tonne")
        found.append(("material" if material else "waste", key, tonnes))
    return pd.DataFrame(found, columns=["kind", "key", "tonnes"])
