"""Methane and nitrous oxide by ecosystem type and year: tonnes of gas, and CO2e by one set of potentials."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.classes import LandClass, slug
from natcap.accounts.show.words import HA, amount, number, text
from natcap.accounts.stock_account.gas_rows import in_co2e, potential_of
from natcap.core.problems import Problems, did_you_mean
from natcap.core.report import FactorRef, InputRef, Section
from natcap.core.sources import source
from natcap.core.units import factor_between

__all__ = ["GASES", "Types", "gases_section", "inputs_of", "placed_gases", "potentials_used"]

GASES: Mapping[str, str] = {"CH4": "Methane (CH4)", "N2O": "Nitrous oxide (N2O)"}


@dataclass(frozen=True)
class Types:
    """Ecosystem types of the services, and how the classes of the map lead to them.

    `shares` (classes, types) sums to 1 by class; `area` (2, types) and `land` (2, classes) are hectares at both dates,
    all zones.
    """

    keys: tuple[str, ...]
    names: tuple[str, ...]
    classes: tuple[LandClass, ...]
    shares: np.ndarray
    area: np.ndarray
    land: np.ndarray

    def find(self, told: str) -> tuple[int, np.ndarray] | None:
        """The type of a name or key, or of a class that lies in one type; with the hectares of what was named."""
        known = {slug(name): n for n, name in enumerate(self.names)} | {key: n for n, key in enumerate(self.keys)}
        name = slug(told)
        if name in known:
            return known[name], self.area[:, known[name]]
        for n, one in enumerate(self.classes):
            held = np.flatnonzero(self.shares[n])
            if name in (slug(one.name), one.key, str(one.code)) and len(held) == 1:
                return int(held[0]), self.land[:, n]
        return None


def placed_gases(frame: pd.DataFrame, shown: str, types: Types, set_name: str, problems: Problems) -> pd.DataFrame:
    """The rows with `at` (position of the type), `over` (hectares, NaN for a total), `kilos` (how many of the unit make
    a tonne), `mass` (t of gas a year), `told` and `gwp` (potentials of the amount and of the account), `co2e` (t a
    year, emission above zero)."""
    made = [found for row in frame.to_dict("records") if (found := _row(row, shown, types, set_name, problems))]
    return pd.DataFrame(made)


def _row(
    row: dict[Hashable, Any], shown: str, types: Types, set_name: str, problems: Problems
) -> dict[Hashable, Any] | None:
    found = types.find(str(row["type"]))
    if found is None or not found[1].any():
        known = [name for name, area in zip(types.names, types.area.T, strict=True) if area.any()]
        problems.add(
            shown, str(row["type"]), f"an ecosystem type of the area: {', '.join(known)}",
            did_you_mean(str(row["type"]), known) or "Name the type as the service account does",
            sheet=row["_sheet"], cell=row["_cell_type"],
        )  # fmt: skip
        return None
    at, area = found
    over, most = row["hectares"], float(area.max())
    if over > most * (1 + 1e-9):
        problems.add(shown, f"{over:,.6g} ha", f"at most the {most:,.6g} ha that are {row['type']}",
                     "An emission cannot hold for more land than there is", sheet=row["_sheet"],
                     cell=row["_cell_hectares"])  # fmt: skip
        return None
    by_area = "/ha/" in row["unit"]
    over = float("nan") if not by_area else float(area.mean()) if np.isnan(over) else over
    kilos = factor_between("tonne", "kilogram") if row["unit"].startswith("kg") else 1.0
    told = potential_of(row["gas"], row["set"]).value if in_co2e(row["unit"]) else float("nan")
    tonnes = float(row["emission"]) * (over if by_area else 1.0) / kilos
    mass = tonnes if np.isnan(told) else tonnes / told
    potential = potential_of(row["gas"], set_name).value
    return {**row, "at": at, "over": over, "kilos": kilos, "told": told, "mass": mass, "gwp": potential,
            "co2e": mass * potential}  # fmt: skip


def potentials_used(rows: pd.DataFrame, set_name: str, gas: str) -> tuple[FactorRef, ...]:
    """The potential of the account, and those in which amounts in CO2e were given."""
    mine = rows[rows["gas"] == gas]
    sets = dict.fromkeys([set_name, *(name for name, told in zip(mine["set"], mine["told"], strict=True) if told > 0)])
    found = {}
    for one in sets:
        row = potential_of(gas, one)
        note = "; ".join(filter(None, (row.note, "methane of soils is biogenic" if gas == "CH4" else "")))
        found[row.id] = FactorRef(row.id, f"{GASES[gas]}, global warming potential over 100 years, {row.set}",
                                  row.value, "kg_co2e/kg", source(row.source).cite(), row.locator, row.verified,
                                  note)  # fmt: skip
    return tuple(found.values())


def inputs_of(rows: pd.DataFrame, shown: str) -> tuple[InputRef, ...]:
    return tuple(InputRef(shown, str(row["_sheet"]), str(row["_cell_emission"]), f"{row['emission']:.10g}", row["unit"],
                          "; ".join(filter(None, (str(row["source"]), str(row["note"])))))
                 for row in rows.to_dict("records"))  # fmt: skip


def _formula(row: Mapping[Hashable, Any]) -> str:
    area = "*[over]" if row["over"] == row["over"] else ""
    kilos = f"/{row['kilos']:g}" if row["kilos"] != 1 else ""
    return f"[emission]{area}{kilos}{'/[told]' if row['told'] == row['told'] else ''}"


def gases_section(rows: pd.DataFrame, shown: str, types: Types, set_name: str) -> tuple[Section, ...]:
    """Methane and nitrous oxide as given, with what becomes of them; nothing without."""
    if rows.empty:
        return ()
    names: Sequence[str] = ("emission", "over", "told", "mass", "gwp", "co2e")
    table = pd.DataFrame({
        "type": [types.names[at] for at in rows["at"]], "gas": rows["gas"].to_list(),
        **{name: rows[name].to_numpy(dtype=float) for name in names},
        "unit": rows["unit"].to_list(), "year": ["any" if y != y else f"{y:.0f}" for y in rows["year"]],
        "source": rows["source"].to_list(), "remark": [note or "none" for note in rows["note"]],
        "place": [f"{s} cell {c}".strip() for s, c in zip(rows["_sheet"], rows["_cell_emission"], strict=True)],
    })  # fmt: skip
    last = len(table)
    blank = [name for name in table.columns if name not in ("type", "co2e")]
    table.loc[last] = {"type": "All types", "gas": "all gases", "co2e": table["co2e"].sum(),
                       **dict.fromkeys(("unit", "year", "source", "remark", "place"), "")}  # fmt: skip
    numbers = [name for name in blank if name in names]
    marks = {(last, name): "[z]" for name in blank if name != "gas"}
    marks |= {(int(n), name): "[z]" for name in numbers for n in np.flatnonzero(table[name].isna())}
    cells = {(n, "mass"): _formula(row) for n, row in enumerate(rows.to_dict("records"))}
    cells |= {(last, "co2e"): "SUM({co2e})"} | {(last, name): "" for name in numbers}
    total = float(table["co2e"].iloc[last])
    return (Section(
        "other_gases", "Methane and nitrous oxide of organic soils, by year", table,
        (
            text("type", "Ecosystem type"), text("gas", "Gas"), number("emission", "Emission as given", ""),
            text("unit", "Unit of the emission"), number("over", "Hectares it holds for", HA),
            number("told", "Potential of CO2e as given", "t CO2e/t"),
            number("mass", "Gas by year", "t/year", decimals=4), number("gwp", f"Potential, {set_name}", "t CO2e/t"),
            number("co2e", f"Emission in CO2e, {set_name}", "t CO2e/year", "[mass]*[gwp]"),
            text("year", "Year of the emission"), text("source", "Source and evidence"), text("remark", "Remark"),
            text("place", "Place in the input"),
        ),
        summary=f"Organic soils emit {amount(total, 't CO2e')} a year of methane and nitrous oxide, as given.",
        notes=(f"Tonnes of gas become CO2e by {set_name} over 100 years (carbon_gwp in [choices]). CO2e that stand in "
               "another set are brought to it. A rate a hectare without hectares of its own holds for the mean area of "
               "what it names, a type or a class, at both dates.",),
        sources=(shown,), total_rows=(last,), cells=cells, marks=marks,
    ),)  # fmt: skip
