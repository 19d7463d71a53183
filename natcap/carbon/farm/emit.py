"""The lines of each source: animals, manure, soils, carbonates, fertiliser production, fuel and power."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from natcap.carbon.farm.book import Pick
from natcap.carbon.farm.chemistry import CO2_PER_C, N2O_PER_N, THOUSAND
from natcap.carbon.farm.feeding import WORKED
from natcap.carbon.farm.flows import Flows
from natcap.carbon.farm.methods import livestock, soils
from natcap.carbon.farm.nitrogen import values
from natcap.carbon.farm.soilset import SoilSet
from natcap.carbon.farm.sources import GASES, SOURCES

__all__ = ["emit_carbonates", "emit_enteric", "emit_fuel", "emit_making", "emit_manure", "emit_soils"]

Part = tuple[str, str, float, tuple[Pick, ...], str]
"""source, path, kg of nitrogen, the picks it is multiplied by, what is said of it."""


def _rows(table: pd.DataFrame) -> Iterator[dict[Any, Any]]:
    yield from table.to_dict("records")


def emit_enteric(flows: Flows, herds: pd.DataFrame, energy: pd.DataFrame) -> None:
    """Eq 10.19, with the factor of Eq 10.21 for herds on Tier 2."""
    worked = dict(zip(energy["herd"], energy["ef"], strict=True)) if len(energy) else {}
    for row in _rows(herds):
        pick: Pick | None = row["pick_enteric"]
        if row["herd"] in worked:
            drivers, factor, tier = (row["pick_ym"],), worked[row["herd"]], "Tier 2"
            note = f"factor worked out from feeding ({row['_feeding']}), Eqs 10.3 to 10.21"
        elif pick is not None:
            drivers, factor, tier = (pick,), pick.value, "Tier 1"
            note = pick.note if pick.source == "user" else "Eq 10.19"
        else:
            continue
        kg = livestock.enteric_tier1(np.array([row["population"]]), np.array([factor]))
        flows.add(
            "enteric",
            "CH4",
            row,
            drivers,
            item=row["herd"],
            activity=f"farm.enteric.{row['category']}",
            quantity=row["head"],
            unit="head",
            factor_quantity=row["population"],
            factor_unit="head",
            factor=factor,
            kg=float(kg[0]),
            tier=tier,
            note=_days(row, note),
        )


def _days(row: dict[Any, Any], note: str) -> str:
    if abs(row["population"] - row["head"]) < 1e-12:
        return note
    return f"{note}; {row['head']:g} animals for {row['days']:g} days are {row['population']:.4g} over the year"


def emit_manure(flows: Flows, manure: pd.DataFrame) -> None:
    """Methane (Eq 10.22), direct N2O (10.25) and indirect N2O (10.28, 10.29) of each herd and system."""
    common = flows.inputs.common
    for row in _rows(manure):
        flows.add(
            "manure_ch4",
            "CH4",
            row,
            (row["pick_mass"], row["pick_vs_rate"], row["pick_ef_ch4"]),
            item=_item(row),
            activity=f"farm.manure_ch4.{row['system']}",
            quantity=row["percent"],
            unit="percent",
            factor_quantity=row["solids"] / THOUSAND,
            factor_unit="tonne_vs",
            factor=row["pick_ef_ch4"].value,
            kg=row["methane"],
            tier="Tier 2" if row["pick_vs_rate"].factor_set == WORKED else "Tier 1",
            note="Eqs 10.22 and 10.22A; share of the herd's manure, as volatile solids",
        )
        if row["system"] != "pasture" and common is not None:
            origin = (row["pick_mass"], row["pick_n_rate"])
            for part in _stored(row, common):
                _nitrous(flows, row, part, origin, f"{part[0]}.{row['system']}", row["percent"], "percent", _item(row))


def _item(row: dict[Any, Any]) -> str:
    return f"{row['herd']}: {str(row['system_label']).casefold()}"


def _stored(row: dict[Any, Any], common: SoilSet) -> Iterator[Part]:
    """The nitrogen paths of a store that lose anything."""
    gas, leach = row["pick_gas"], row["pick_leach"]
    yield "manure_n2o", "direct", row["excreted"], (row["pick_ef3"],), "Eq 10.25; nitrogen excreted into the system"
    said = f"Eq 10.28; {gas.value:g} of its nitrogen is volatilised"
    yield "manure_n2o_indirect", "volatilised", row["volatilised"], (gas, common.ef4), said
    if leach.value > 0:
        said = f"Eq 10.29; {leach.value:g} of its nitrogen is leached"
        yield "manure_n2o_indirect", "leached", row["leached"], (leach, common.ef5), said


def emit_soils(flows: Flows, soil: pd.DataFrame) -> None:
    """Direct N2O (Eq 11.1) and indirect N2O (11.9, 11.10) of each nitrogen input."""
    common = flows.inputs.common
    if common is None:
        return
    for row in _rows(soil):
        gas, leach = row["pick_gas"], common.leach
        parts: list[Part] = [
            ("soils_n2o", "direct", row["nitrogen"], (row["pick_direct"],), "Eq 11.1"),
            (
                "soils_n2o_indirect",
                "volatilised",
                row["volatilised"],
                (gas, common.ef4),
                f"Eq 11.9; {gas.value:g} of its nitrogen is volatilised",
            ),
            (
                "soils_n2o_indirect",
                "leached",
                row["leached"],
                (leach, common.ef5),
                f"Eq 11.10; {leach.value:g} of its nitrogen is leached",
            ),
        ]
        for part in parts:
            activity = f"{part[0]}.{row['kind']}"
            _nitrous(flows, row, part, row["origin"], activity, row["quantity"], row["unit"], row["item"])


def _nitrous(
    flows: Flows,
    row: dict[Any, Any],
    part: Part,
    origin: tuple[Pick, ...],
    activity: str,
    quantity: float,
    unit: str,
    item: str,
) -> None:
    """One line of N2O: kg N times the last factor times 44/28."""
    source, path, mass, drivers, said = part
    kg = float(livestock.nitrogen_to_n2o(np.array([mass * drivers[-1].value]))[0])
    flows.add(
        source,
        "N2O",
        row,
        (*origin, *drivers),
        item=item,
        activity=f"farm.{activity}.{path}",
        quantity=quantity,
        unit=unit,
        factor_quantity=mass,
        factor_unit="kg_n",
        factor=drivers[-1].value * N2O_PER_N,
        kg=kg,
        note=f"{said}; factor times 44/28",
    )


def emit_carbonates(flows: Flows, lime: pd.DataFrame, fertiliser: pd.DataFrame) -> None:
    """CO2 of lime (Eq 11.12) and of the urea in fertiliser (Eq 11.13)."""
    if len(lime):
        kg = soils.lime_co2(lime["mass"].to_numpy(np.float64), values(lime["pick_lime"]))
        for row, mass in zip(_rows(lime), kg, strict=True):
            name = str(row["material"])
            _carbonate(flows, "lime", row, row["pick_lime"], name.capitalize(), f"farm.lime.{name}", row["mass"], mass)
    bought = fertiliser[fertiliser["urea"] > 0] if len(fertiliser) else fertiliser
    if len(bought):
        kg = soils.urea_co2(bought["urea"].to_numpy(np.float64), values(bought["pick_urea"]))
        for row, mass in zip(_rows(bought), kg, strict=True):
            _carbonate(flows, "urea", row, row["pick_urea"], row["label"], "farm.urea", row["urea"], mass)


def _carbonate(
    flows: Flows, source: str, row: dict[Any, Any], pick: Pick, item: str, activity: str, mass: float, kg: float
) -> None:
    flows.add(
        source,
        "CO2",
        row,
        (pick,),
        item=item,
        activity=activity,
        quantity=row["amount"],
        unit=row["unit"],
        factor_quantity=mass,
        factor_unit="kg",
        factor=pick.value * CO2_PER_C,
        kg=float(kg),
        note=f"{'Eq 11.12' if source == 'lime' else 'Eq 11.13'}; factor times 44/12",
    )


def emit_making(flows: Flows, fertiliser: pd.DataFrame) -> None:
    """Emissions of making fertiliser as its maker or the chosen set counts them: in CO2e, on whatever GWPs that had."""
    for row in _rows(fertiliser):
        pick: Pick | None = row["pick_embedded"]
        if pick is None:
            continue
        per_n = pick.unit.endswith("/kg N")
        mass = row["nitrogen"] if per_n else row["mass"]
        flows.add(
            "fertiliser_embedded",
            "CO2e",
            row,
            (pick,),
            item=row["label"],
            activity=f"farm.fertiliser_embedded.{row['product']}",
            quantity=row["amount"],
            unit=row["unit"],
            factor_quantity=mass,
            factor_unit="kg_n" if per_n else "kg",
            factor=pick.value,
            kg=mass * pick.value,
            gwp_set="not stated",
            tier="published footprint",
            note=pick.note,
        )


def emit_fuel(flows: Flows, fuel: pd.DataFrame) -> None:
    """Fuel and power by the UK Government factors of the year, in CO2e on the edition's own GWP set."""
    for row in _rows(fuel):
        factor, biogenic = row["match"].factor, row["source"] == "biogenic"
        kg = row["quantity"] * factor.value
        split = {GASES[gas]: row["quantity"] * value for gas, value in factor.gases.items() if gas in GASES}
        line = {
            "section": row["section"],
            "category": SOURCES[row["source"]].label,
            "place": row["enterprise"],
            "item": row["label"],
            "activity": factor.series,
            "basis": "location" if row["source"] == "electricity" else "",
            "gas": "CO2" if biogenic else "CO2e",
            "quantity": row["amount"],
            "unit": row["unit"],
            "factor_quantity": row["quantity"],
            "factor_unit": factor.unit,
            "factor": factor.value,
            "factor_id": factor.id,
            "edition": factor.edition,
            "match": row["match"].how,
            "kg": kg,
            "gwp": 1.0,
            "gwp_set": factor.gwp_set,
            "kg_co2e": kg,
            "tier": "published factor",
            "verified": factor.verified,
            "sheet": row["_sheet"],
            "cell": row["_cell"],
            "evidence": row["evidence"],
            "note": "; ".join(part for part in (row["match"].note, factor.note) if part),
        }
        flows.put(line | ({"kg_co2": kg} if biogenic else split))
