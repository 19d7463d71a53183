"""The same nitrogen under every factor set: how far the soil's nitrous oxide depends on the set that was chosen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.carbon.farm.book import Book, NoFactor, Pick, Unverified
from natcap.carbon.farm.chemistry import N2O_PER_N
from natcap.carbon.farm.choices import Choices
from natcap.carbon.farm.nitrogen import soil_inputs, soil_losses
from natcap.carbon.farm.ranges import draw
from natcap.carbon.farm.read import Inputs
from natcap.carbon.farm.soilset import SoilSet, product_picks, soil_set
from natcap.carbon.farm.warming import warming
from natcap.carbon.farm.words import vocabulary

__all__ = ["ALTERNATIVES", "spread"]

ALTERNATIVES: dict[str, tuple[str, dict[str, str]]] = {
    "ipcc2019_wet": ("IPCC 2019, wet climate", {"soils_set": "ipcc2019_wet", "synthetic_set": "same"}),
    "ipcc2019_agg": ("IPCC 2019, all climates", {"soils_set": "ipcc2019_agg", "synthetic_set": "same"}),
    "ipcc2019_dry": ("IPCC 2019, dry climate", {"soils_set": "ipcc2019_dry", "synthetic_set": "same"}),
    "ipcc2006": ("IPCC 2006", {"soils_set": "ipcc2006", "synthetic_set": "same", "volatilisation": "all_synthetic"}),
    "uk_nir": (
        "UK means for synthetic N, IPCC 2019 wet for the rest",
        {"soils_set": "ipcc2019_wet", "synthetic_set": "uk_nir"},
    ),
}
"""Slug -> name and the choices that make it."""


def spread(inputs: Inputs, manure: pd.DataFrame) -> pd.DataFrame:
    """One row per set: direct and indirect soil N2O in kg CO2e with its range, or why the set cannot be used here.

    No rows when no nitrogen reaches the soils.
    """
    rows: list[dict[str, object]] = []
    if soil_inputs(inputs.fertiliser, manure, inputs.common).empty:
        return pd.DataFrame()
    for key, (label, changed) in ALTERNATIVES.items():
        choices = inputs.choices.model_copy(update=changed)
        chosen = all(getattr(inputs.choices, name) == value for name, value in changed.items())
        row = {"key": key, "label": label, "chosen": "yes" if chosen else "no", "reason": "", "verified": ""}
        try:
            rows.append(row | _soils(inputs, manure, choices))
        except (NoFactor, Unverified) as error:
            nan = float("nan")
            rows.append(
                row | {"direct": nan, "indirect": nan, "total": nan, "low": nan, "high": nan, "reason": _why(error)}
            )
    return pd.DataFrame(rows)


def _why(error: LookupError) -> str:
    return f"not shown: {error}" + ("; set allow_unverified = true to see it" if isinstance(error, Unverified) else "")


def _soils(inputs: Inputs, manure: pd.DataFrame, choices: Choices) -> dict[str, object]:
    book = Book(inputs.choices.allow_unverified)
    groups = [str(group) for group in inputs.herds["grazing"]] if len(inputs.herds) else []
    common = soil_set(book, choices.soils_set, groups)
    table = soil_losses(soil_inputs(_repicked(inputs.fertiliser, book, choices), manure, common), common)
    co2e = N2O_PER_N * warming(choices.gwp)["N2O"].value
    parts = [(table["direct_n"], _direct), (table["volatilised_n2o_n"], _gas), (table["leached_n2o_n"], _leach)]
    values = np.concatenate([part.to_numpy(np.float64) * co2e for part, _ in parts])
    drivers = [(*row["origin"], *who(row, common)) for _, who in parts for row in table.to_dict("records")]
    ends = draw(values, drivers).interval(np.ones(len(values), dtype=bool)) or (float("nan"), float("nan"))
    direct = float(table["direct_n"].sum()) * co2e
    indirect = float(table["volatilised_n2o_n"].sum() + table["leached_n2o_n"].sum()) * co2e
    states = sorted({pick.verified for line in drivers for pick in line})
    return {
        "direct": direct,
        "indirect": indirect,
        "total": direct + indirect,
        "low": ends[0],
        "high": ends[1],
        "verified": ", ".join(states),
    }


def _repicked(fertiliser: pd.DataFrame, book: Book, choices: Choices) -> pd.DataFrame:
    """The fertiliser with EF1 and the volatilised fraction of other choices."""
    if fertiliser.empty:
        return fertiliser
    words = vocabulary("fertilisers")
    found: list[tuple[Pick | None, Pick | None]] = [
        product_picks(book, choices, words.row(row["product"]), row["land"])
        if row["kind"] != "mineral"
        else (None, None)
        for row in fertiliser.to_dict("records")
    ]
    table = fertiliser.copy()
    table["pick_direct"] = pd.Series([direct for direct, _ in found], index=table.index, dtype=object)
    table["pick_gas"] = pd.Series([gas for _, gas in found], index=table.index, dtype=object)
    return table


def _direct(row: dict[object, object], common: SoilSet) -> tuple[object, ...]:
    return (row["pick_direct"],)


def _gas(row: dict[object, object], common: SoilSet) -> tuple[object, ...]:
    return (row["pick_gas"], common.ef4)


def _leach(row: dict[object, object], common: SoilSet) -> tuple[object, ...]:
    return (common.leach, common.ef5)
