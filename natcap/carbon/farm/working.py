"""Working tables: every step from head of animals and bags of fertiliser to kilograms of gas, as live formulas."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.carbon.farm.calculate import Result
from natcap.carbon.farm.chemistry import N2O_PER_N
from natcap.carbon.farm.nitrogen import values
from natcap.core.report import Column, Section
from natcap.core.words import plural

__all__ = ["working_sections"]

_RATIO = "44/28"


def working_sections(result: Result) -> tuple[Section, ...]:
    """Herds, feeding, manure, soils, nitrogen and land, each where the farm has any."""
    found = [_herds(result), _energy(result), _manure(result), _soils(result), _budget(result), _land(result)]
    return tuple(section for section in found if section is not None)


def _number(name: str, label: str, unit: str, formula: str | None = None, decimals: int | None = None) -> Column:
    return Column(name, label, unit, "number", decimals, formula)


def _herds(result: Result) -> Section | None:
    herds = result.herds
    if herds.empty:
        return None
    table = herds[["herd", "label", "enterprise", "head", "days", "population", "tier"]].reset_index(drop=True)
    enteric = result.lines[result.lines["activity"].str.startswith("farm.enteric.")].set_index("item")
    table["ef"] = table["herd"].map(enteric["factor"])
    table["methane"] = table["herd"].map(enteric["kg"])
    table["mass"], table["vs_rate"] = values(herds["pick_mass"]), values(herds["pick_vs_rate"])
    table["solids"] = table["population"] * table["vs_rate"] * table["mass"] / 1000 * 365
    table["n_rate"] = values(herds["pick_n_rate"])
    table["excreted"] = table["population"] * table["n_rate"] * table["mass"] / 1000 * 365
    days = result.inputs.project.period.days
    columns = (
        Column("herd", "Herd"),
        Column("label", "Animal"),
        Column("enterprise", "Enterprise"),
        _number("head", "Average number", "head"),
        _number("days", "On the farm", "days"),
        _number("population", "Average over the year", "head", f"[head]*[days]/{days}", 2),
        Column("tier", "Method"),
        _number("ef", "Enteric factor", "kg CH4/head/year", decimals=2),
        _number("methane", "Enteric methane", "kg CH4", "[population]*[ef]", 1),
        _number("mass", "Live mass", "kg/head"),
        _number("vs_rate", "Volatile solids", "kg/1000 kg/day"),
        _number("solids", "Volatile solids", "kg VS", "[population]*[vs_rate]*[mass]/1000*365", 0),
        _number("n_rate", "Nitrogen excreted", "kg N/1000 kg/day"),
        _number("excreted", "Nitrogen excreted", "kg N", "[population]*[n_rate]*[mass]/1000*365", 0),
    )
    marks = {
        (row, name): "[x]" for name in ("ef", "methane") for row in range(len(table)) if pd.isna(table[name].iloc[row])
    }
    animals = table["population"].sum()
    summary = f"{animals:,.0f} animals on average over the year, in {plural(len(table), 'herd')}."
    notes = ("Equations 10.1 (population), 10.19 (enteric), 10.22A (volatile solids) and 10.30 (nitrogen).",)
    return Section("herds", "Herd working", table, columns, summary, notes, marks=marks, group="working")


_ENERGY = {
    "mass": ("Live mass", "kg"),
    "ne_maintenance": ("Maintenance (10.3)", "MJ/day"),
    "ne_activity": ("Activity (10.4)", "MJ/day"),
    "ne_lactation": ("Milk (10.8)", "MJ/day"),
    "ne_pregnancy": ("Pregnancy (10.13)", "MJ/day"),
    "ne_growth": ("Growth (10.6)", "MJ/day"),
    "rem": ("REM (10.14)", ""),
    "reg": ("REG (10.15)", ""),
    "de_pct": ("Digestibility", "%"),
}


def _energy(result: Result) -> Section | None:
    if result.energy.empty:
        return None
    table = result.energy[["herd", *_ENERGY, "gross_energy", "ym_pct", "ef"]].reset_index(drop=True)
    gross = "(([ne_maintenance]+[ne_activity]+[ne_lactation]+[ne_pregnancy])/[rem]+[ne_growth]/[reg])/([de_pct]/100)"
    columns = (
        Column("herd", "Herd"),
        *(_number(name, label, unit, decimals=4) for name, (label, unit) in _ENERGY.items()),
        _number("gross_energy", "Gross energy (10.16)", "MJ/day", gross, 2),
        _number("ym_pct", "Ym", "% of gross energy"),
        _number("ef", "Enteric factor (10.21)", "kg CH4/head/year", decimals=2),
    )
    summary = f"The energy model of {plural(len(table), 'herd')} on Tier 2."
    return Section("energy", "Feeding and energy working", table, columns, summary, group="working")


def _manure(result: Result) -> Section | None:
    if result.manure.empty:
        return None
    m = result.manure
    table = m[["herd", "system_label", "percent", "solids", "excreted", "bedding_n", "exported_pct"]].reset_index(
        drop=True
    )
    for name, pick in (
        ("ef_ch4", "pick_ef_ch4"),
        ("ef3", "pick_ef3"),
        ("gas", "pick_gas"),
        ("leach", "pick_leach"),
        ("r_n2", "pick_r_n2"),
    ):
        table[name] = values(m[pick])
    for name in ("methane", "n2o_n", "volatilised", "leached", "n2", "exported", "to_soil"):
        table[name] = m[name].to_numpy()
    of_herd = {name: row for row, name in enumerate(result.herds["herd"])}
    cells = {
        (row, name): f"[herds.{name}@{of_herd[herd]}]*[percent]/100"
        for row, herd in enumerate(table["herd"])
        for name in ("solids", "excreted")
    }
    columns = (
        Column("herd", "Herd"),
        Column("system_label", "Manure system"),
        _number("percent", "Share", "%"),
        _number("solids", "Volatile solids", "kg VS", None, 0),
        _number("ef_ch4", "Methane factor", "g CH4/kg VS"),
        _number("methane", "Methane", "kg CH4", "[solids]*[ef_ch4]/1000", 1),
        _number("excreted", "Nitrogen excreted", "kg N", None, 0),
        _number("bedding_n", "Nitrogen in bedding", "kg N"),
        _number("ef3", "EF3", "kg N2O-N/kg N"),
        _number("n2o_n", "Direct N2O", "kg N2O-N", "[excreted]*[ef3]", 2),
        _number("gas", "Volatilised share", "kg N/kg N"),
        _number("volatilised", "Volatilised", "kg N", "[excreted]*[gas]", 1),
        _number("leach", "Leached share", "kg N/kg N"),
        _number("leached", "Leached", "kg N", "[excreted]*[leach]", 1),
        _number("r_n2", "N2 per N2O", "kg N/kg N"),
        _number("n2", "Lost as N2", "kg N", "[excreted]*[ef3]*[r_n2]", 1),
        _number("exported_pct", "Taken off the farm", "%"),
        _number(
            "exported",
            "Taken off the farm",
            "kg N",
            "([excreted]-[n2o_n]-[volatilised]-[leached]-[n2]+[bedding_n])*[exported_pct]/100",
            1,
        ),
        _number(
            "to_soil",
            "To the land",
            "kg N",
            "[excreted]-[n2o_n]-[volatilised]-[leached]-[n2]+[bedding_n]-[exported]",
            1,
        ),
    )
    excreted, reached = table["excreted"].sum(), table["to_soil"].sum()
    summary = f"{excreted:,.0f} kg N were excreted; {reached:,.0f} kg N, bedding included, reached the land."
    notes = ("Equations 10.22, 10.25 to 10.27 and 10.34A. Losses of what is dropped on pasture stand with the soils.",)
    return Section("manure", "Manure working", table, columns, summary, notes, cells=cells, group="working")


_KINDS = {
    "synthetic": "Synthetic fertiliser",
    "organic": "Brought in",
    "manure": "Manure spread",
    "grazing": "Dropped while grazing",
}


def _soils(result: Result) -> Section | None:
    s, common = result.soils, result.inputs.common
    if s.empty or common is None:
        return None
    table = pd.DataFrame(
        {"item": s["item"], "kind": s["kind"].map(_KINDS), "enterprise": s["enterprise"], "nitrogen": s["nitrogen"]}
    )
    table["direct_ef"], table["gas"] = values(s["pick_direct"]), values(s["pick_gas"])
    table["ef4"], table["leach"], table["ef5"] = common.ef4.value, common.leach.value, common.ef5.value
    table["direct"] = s["direct_n"] * N2O_PER_N
    table["indirect"] = (s["volatilised_n2o_n"] + s["leached_n2o_n"]) * N2O_PER_N
    columns = (
        Column("item", "Nitrogen input"),
        Column("kind", "Kind"),
        Column("enterprise", "Enterprise"),
        _number("nitrogen", "Nitrogen", "kg N", decimals=0),
        _number("direct_ef", "EF1 or EF3PRP", "kg N2O-N/kg N"),
        _number("direct", "Direct N2O (11.1)", "kg N2O", f"[nitrogen]*[direct_ef]*{_RATIO}", 2),
        _number("gas", "Volatilised share", "kg N/kg N"),
        _number("ef4", "EF4", "kg N2O-N/kg N"),
        _number("leach", "Leached share", "kg N/kg N"),
        _number("ef5", "EF5", "kg N2O-N/kg N"),
        _number(
            "indirect",
            "Indirect N2O (11.9, 11.10)",
            "kg N2O",
            f"([nitrogen]*[gas]*[ef4]+[nitrogen]*[leach]*[ef5])*{_RATIO}",
            2,
        ),
    )
    table = table[[c.name for c in columns]].reset_index(drop=True)
    total, direct, indirect = (table[name].sum() for name in ("nitrogen", "direct", "indirect"))
    summary = f"{total:,.0f} kg N gave {direct:,.0f} kg N2O directly and {indirect:,.0f} kg indirectly."
    return Section("soils", "Soil and nitrogen working", table, columns, summary, group="working")


def _budget(result: Result) -> Section | None:
    """Nitrogen in and out of yards and soils; what remains in soil and crops is the rest, and said to be so."""
    m, s = result.manure, result.soils
    if s.empty:
        return None
    of = {kind: float(s.loc[s["kind"] == kind, "nitrogen"].sum()) for kind in _KINDS}

    def yard(name: str) -> float:
        return float(m[name].sum()) if len(m) else 0.0

    rows = [
        ("Excreted by the herds", "in", yard("excreted")),
        ("In bedding", "in", yard("bedding_n")),
        ("Synthetic fertiliser", "in", of["synthetic"]),
        ("Organic material brought in", "in", of["organic"]),
        ("Yards and stores: nitrous oxide", "out", yard("n2o_n")),
        ("Yards and stores: ammonia and NOx", "out", yard("volatilised")),
        ("Yards and stores: leached", "out", yard("leached")),
        ("Yards and stores: N2", "out", yard("n2")),
        ("Manure taken off the farm", "out", yard("exported")),
        ("Soils: nitrous oxide", "out", float(s["direct_n"].sum())),
        ("Soils: ammonia and NOx", "out", float(s["volatilised"].sum())),
        ("Soils: leached", "out", float(s["leached"].sum())),
        ("Left for crops, grass and soil", "out", float(s["remaining"].sum())),
    ]
    table = pd.DataFrame(rows, columns=["flow", "direction", "nitrogen"])
    columns = (
        Column("flow", "Nitrogen flow"),
        Column("direction", "In or out"),
        _number("nitrogen", "Nitrogen", "kg N", decimals=0),
    )
    total = float(table.loc[table["direction"] == "in", "nitrogen"].sum())
    lost = total - float(table["nitrogen"].iloc[-1])
    title = f"Of {total:,.0f} kg N that came in, {lost:,.0f} kg were lost or carted off before plants could use them"
    notes = (
        "What is left is the rest: it holds what crops and grass take up, what the soil keeps and what it loses as N2.",
    )
    return Section("nitrogen", "Nitrogen budget", table, columns, title + ".", notes, group="working")


def _land(result: Result) -> Section:
    table = result.inputs.land[["field", "label", "hectares", "agricultural", "enterprise"]].reset_index(drop=True)
    table["agricultural"] = np.where(table["agricultural"].astype(bool), "yes", "no")
    columns = (
        Column("field", "Field"),
        Column("label", "Use"),
        _number("hectares", "Area", "ha", decimals=2),
        Column("agricultural", "In the agricultural area"),
        Column("enterprise", "Enterprise"),
    )
    used = table.loc[table["agricultural"] == "yes", "hectares"].sum()
    summary = f"{table['hectares'].sum():,.1f} ha, of which {used:,.1f} ha are in agricultural use."
    return Section("land", "Land", table, columns, summary, group="working")
