"""Manure and nitrogen of the herds, system by system, and every nitrogen input of the soils. Masses in kg a year."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.carbon.farm.chemistry import PERCENT
from natcap.carbon.farm.methods import livestock, soils
from natcap.carbon.farm.soilset import SoilSet

__all__ = ["handled", "soil_inputs", "soil_losses", "values"]

Array = npt.NDArray[np.float64]
_FROM_HERD = ("label", "enterprise", "grazing", "population", "pick_mass", "pick_vs_rate", "pick_n_rate")


def values(picks: pd.Series) -> Array:
    """The figures of a column of picks; zero where a row has none because the loss does not occur there."""
    return np.array([0.0 if pick is None else pick.value for pick in picks], dtype=np.float64)


def handled(herds: pd.DataFrame, manure: pd.DataFrame) -> pd.DataFrame:
    """One row per herd and system: solids, methane, and where the nitrogen goes (Eqs 10.22 to 10.34A).

    `excreted` plus `bedding_n` is `n2o_n` + `volatilised` + `leached` + `n2` + `exported` + `to_soil`, where `to_soil`
    is dropped on pasture for the system pasture and applied to fields for all others.
    """
    if manure.empty:
        return pd.DataFrame()
    table = manure.merge(herds[["herd", *_FROM_HERD]], on="herd", how="left", validate="m:1")
    share = table["percent"].to_numpy(np.float64) / PERCENT
    population, mass = table["population"].to_numpy(np.float64), values(table["pick_mass"])
    table["solids"] = livestock.volatile_solids(population, values(table["pick_vs_rate"]), mass) * share
    table["methane"] = livestock.manure_methane(table["solids"].to_numpy(np.float64), values(table["pick_ef_ch4"]))
    table["excreted"] = livestock.excreted_nitrogen(population, values(table["pick_n_rate"]), mass) * share
    excreted = table["excreted"].to_numpy(np.float64)
    ef3, gas, leach = values(table["pick_ef3"]), values(table["pick_gas"]), values(table["pick_leach"])
    r_n2 = values(table["pick_r_n2"])
    table["n2o_n"] = livestock.manure_direct_n2o(excreted, ef3)
    table["volatilised"], table["leached"], table["n2"] = excreted * gas, excreted * leach, excreted * ef3 * r_n2
    kept = excreted * (1.0 - livestock.loss_fraction(gas, leach, ef3, r_n2)) + table["bedding_n"].to_numpy(np.float64)
    table["exported"] = kept * table["exported_pct"].to_numpy(np.float64) / PERCENT
    table["to_soil"] = kept - table["exported"]
    return table


def soil_inputs(fertiliser: pd.DataFrame, manure: pd.DataFrame, common: SoilSet | None) -> pd.DataFrame:
    """Every nitrogen input of the soils, one row each, with its EF1 or EF3PRP and its volatilised fraction.

    `origin` holds the picks that the nitrogen of manure itself rests on.
    """
    rows: list[dict[str, object]] = []
    for r in fertiliser.to_dict("records"):
        if r["nitrogen"] > 0:
            rows.append(
                {
                    "kind": r["kind"],
                    "item": r["label"],
                    "enterprise": r["enterprise"],
                    "nitrogen": r["nitrogen"],
                    "product": r["product"],
                    "land": r["land"],
                    "group": "",
                    "pick_direct": r["pick_direct"],
                    "pick_gas": r["pick_gas"],
                    "origin": (),
                    "_sheet": r["_sheet"],
                    "_cell": r["_cell_n"] or r["_cell"],
                    "quantity": r["amount"],
                    "unit": r["unit"],
                }
            )
    for r in manure.to_dict("records"):
        if r["to_soil"] <= 0 or common is None:
            continue
        grazing = r["system"] == "pasture"
        rows.append(
            {
                "kind": "grazing" if grazing else "manure",
                "item": f"{r['herd']}: {r['system_label'].casefold()}",
                "enterprise": r["enterprise"],
                "nitrogen": r["to_soil"],
                "product": "",
                "land": "",
                "group": r["grazing"],
                "pick_direct": common.grazing[r["grazing"]] if grazing else common.organic,
                "pick_gas": common.gas_organic,
                "origin": (r["pick_mass"], r["pick_n_rate"]),
                "_sheet": r["_sheet"],
                "_cell": r["_cell"],
                "quantity": r["percent"],
                "unit": "percent",
            }
        )
    return pd.DataFrame(rows)


def soil_losses(inputs: pd.DataFrame, common: SoilSet) -> pd.DataFrame:
    """The inputs with their losses: direct N2O-N, volatilised and leached N, and the N2O-N that follows from each."""
    table = inputs.copy()
    nitrogen = table["nitrogen"].to_numpy(np.float64)
    gas = values(table["pick_gas"])
    table["direct_n"] = soils.direct_n2o_n(nitrogen, values(table["pick_direct"]))
    table["volatilised"] = nitrogen * gas
    table["leached"] = nitrogen * common.leach.value
    table["volatilised_n2o_n"] = soils.volatilised_n2o_n(nitrogen, gas, np.full_like(nitrogen, common.ef4.value))
    leach = np.full_like(nitrogen, common.leach.value)
    table["leached_n2o_n"] = soils.leached_n2o_n(nitrogen, leach, np.full_like(nitrogen, common.ef5.value))
    table["remaining"] = nitrogen - table["direct_n"] - table["volatilised"] - table["leached"]
    return table
