"""Tables of the workbook of carbon: movements of carbon beyond land cover, and gases that hold no stock of carbon."""

from __future__ import annotations

from natcap.core.workbook.model import Field, TableModel

__all__ = ["GASES", "GAS_UNITS", "GUIDANCE", "KINDS", "MODEL", "MODELS"]

KINDS: tuple[str, ...] = ("growth", "harvest", "disturbance", "reappraisal")
GAS_UNITS: tuple[str, ...] = (
    "t/year", "t/ha/year", "kg/ha/year", "t CO2e/year", "t CO2e/ha/year", "kg CO2e/ha/year",
)  # fmt: skip

MODEL = TableModel(
    "carbon_movements",
    "Carbon movements",
    "Carbon movements",
    (
        Field("zone", "Zone code", required=False, help="Code of the zone, as in the account; blank with one zone only",
              synonyms=("zone", "zone id")),
        Field("class", "Land-cover class", help="Name or code of the class at the closing",
              example="Deciduous woodland", synonyms=("class", "code", "lucode")),
        Field("pool", "Pool", help="A pool of the densities, such as vegetation or soil", example="vegetation"),
        Field("kind", "Kind", "choice", choices=KINDS,
              help="growth adds; harvest and disturbance take away; a reappraisal corrects what was known",
              example="harvest", synonyms=("kind", "entry")),
        Field("tonnes", "Carbon (t C)", "number", example="120",
              help="Tonnes of carbon over the whole span, not of CO2. Above zero; a reappraisal may be below zero",
              synonyms=("tonnes", "tonnes_c", "carbon")),
        Field("source", "Source and evidence", help="Felling licence, survey, report",
              example="Felling licence 012/345, 2024", synonyms=("source", "evidence")),
    ),
)  # fmt: skip

GASES = TableModel(
    "other_gases",
    "Other gases",
    "Methane and nitrous oxide of organic soils, by year",
    (
        Field("type", "Ecosystem type", help="As the service account names it, or a land-cover class within one type",
              example="Fen", synonyms=("type", "habitat", "class")),
        Field("gas", "Gas", "choice", choices=("CH4", "N2O"), help="CH4 methane, N2O nitrous oxide; not CO2",
              example="CH4"),
        Field("emission", "Emission", "number", example="120",
              help="Emitted in one year; below zero where the soil takes the gas up. N2O, not N2O-N: times 44/28",
              synonyms=("emission", "amount")),
        Field("unit", "Unit", "choice", choices=GAS_UNITS, example="kg/ha/year",
              help="Of the gas, or CO2e; for all the land of the type, or a hectare"),
        Field("hectares", "Hectares it holds for (ha)", "number", required=False, example="35",
              help="With a unit per hectare: the organic soil it holds for; blank for all of it",
              synonyms=("hectares", "area")),
        Field("set", "GWP set of CO2e", required=False, help="With CO2e only: the set it stands in, such as AR5",
              synonyms=("gwp set", "gwp")),
        Field("year", "Year", "integer", required=False, example="2023",
              help="Year of the measurement; one year by type and gas. Blank for a usual year"),
        Field("source", "Source and evidence", help="Survey, flux tower, emission factor with its table",
              example="IPCC 2013 Wetlands Supplement, Table 3.3", synonyms=("source", "evidence")),
        Field("note", "Note", required=False, help="Whatever a reader should know", synonyms=("note", "notes")),
    ),
    required=False,
    named=True,
)  # fmt: skip

MODELS: tuple[TableModel, ...] = (MODEL, GASES)

GUIDANCE: tuple[str, ...] = (
    "Carbon movements: one row for each movement of carbon that land cover does not show, over the whole span of the "
    "account.",
    "growth: standing vegetation or soil gained carbon. harvest: carbon left with wood or crops. disturbance: fire, "
    "storm, pest, drainage. reappraisal: what was known at the opening was wrong.",
    "Tonnes of carbon (t C): divide tonnes of CO2 by 44/12. What was not given is shown as [x], never as zero; if you "
    "know that nothing grew or was felled, enter 0 with your source.",
    "Change of land use is not entered here: it comes from the maps.",
    "Other gases: what organic soils emit as methane and nitrous oxide in one year, by ecosystem type. It holds no "
    "stock of carbon, yet the service of greenhouse gas regulation may count it: the report sets both side by side.",
    "Tonnes or kilograms of the gas become CO2e by the potentials of carbon_gwp in [choices] (AR5 if not given: 28 and "
    "265, those of the UK inventory). Amounts in CO2e need the set of potentials they stand in.",
)
