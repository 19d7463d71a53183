"""Rows of methane and nitrous oxide as they were given: each checked by itself and beside the others, at its cell."""

from __future__ import annotations

import pandas as pd

from natcap.core.gwp import Gwp, GwpError, gwp
from natcap.core.workbook import Row, RowTeller

__all__ = ["DEFAULT_SET", "in_co2e", "judge_gases", "potential_of"]

DEFAULT_SET = "AR5"
"""The potentials of the UK greenhouse gas inventory, which the service's rates are mostly scaled from."""
_NAMES = {"CH4": "CH4_biogenic", "N2O": "N2O"}
"""Methane of soils is biogenic: sets that tell origins apart have a value of its own for it."""


def potential_of(gas: str, set_name: str) -> Gwp:
    """The potential of CH4 or N2O of a soil, t CO2e a t of gas. Raises GwpError."""
    return gwp(_NAMES[gas], set_name)


def in_co2e(unit: str) -> bool:
    return "CO2e" in unit


def judge_gases(frame: pd.DataFrame, teller: RowTeller) -> None:
    """A problem for each row that says too little or too much, or that stands twice."""
    for row in frame.to_dict("records"):
        _one(row, teller)
    keys = frame[["type", "gas"]].apply(lambda c: c.astype(str).str.casefold().str.strip())
    whole = pd.concat([keys, frame["source"].astype(str).str.casefold().str.strip()], axis=1)
    for row in frame[whole.duplicated()].to_dict("records"):
        if not teller.intact(row, "type", "gas", "source"):
            continue
        teller.tell(row, "gas", f"{row['gas']} of {row['type']} from the same source for the second time",
                    "each emission once", "Add them up, or name two sources")  # fmt: skip
    for _, rows in frame.groupby([keys["type"], keys["gas"]], sort=False):
        entries = rows.to_dict("records")
        if rows["year"].nunique(dropna=False) > 1 and all(teller.intact(r, "type", "gas", "year") for r in entries):
            last = entries[-1]
            teller.tell(last, "year", f"the {last['gas']} of {last['type']} for several years",
                        "one year by type and gas", "Rows of a type and gas are added: give the mean of the "
                        "years in one row")  # fmt: skip


def _one(row: Row, teller: RowTeller) -> None:
    if not teller.intact(row, "unit", "gas"):
        return
    if in_co2e(row["unit"]):
        try:
            potential_of(row["gas"], row["set"])
        except GwpError as error:
            teller.tell(row, "set", row["set"] or "no set of potentials", "the set that the CO2e stand in, such as AR5",
                        str(error) if row["set"] else "CO2e without its set cannot be compared")  # fmt: skip
    elif row["set"]:
        teller.tell(row, "set", f"the set {row['set']} beside an amount of the gas itself", "a blank cell",
                    "Amounts of the gas take the set of carbon_gwp in [choices]")  # fmt: skip
    hectares = row["hectares"]
    if "/ha/" not in row["unit"] and hectares == hectares:
        teller.tell(row, "hectares", f"{hectares:g} ha beside {row['unit']}", "a blank cell, or a unit per hectare",
                    "An amount for all the land of the type holds for no hectares of its own")  # fmt: skip
    elif hectares <= 0:
        teller.tell(row, "hectares", f"{hectares:g} ha", "hectares above 0")
    if row["year"] == row["year"] and not 1900 <= row["year"] <= 2200:
        teller.tell(row, "year", f"{row['year']:g}", "a calendar year such as 2023")
