"""The sources of a farm account: their names, scopes and order."""

from __future__ import annotations

from dataclasses import dataclass

from natcap.core.lines import OUTSIDE

__all__ = ["GASES", "SOURCES", "Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """One heading of the account. Scopes as in the GHG Protocol's agricultural guidance."""

    label: str
    section: str
    what: str


SOURCES: dict[str, Source] = {
    "enteric": Source("Enteric fermentation", "Scope 1", "methane of digestion"),
    "manure_ch4": Source("Manure methane", "Scope 1", "methane of manure in store and on pasture"),
    "manure_n2o": Source("Manure nitrous oxide", "Scope 1", "nitrous oxide of housing and storage"),
    "manure_n2o_indirect": Source(
        "Manure nitrous oxide, indirect", "Scope 1", "from ammonia and leaching of housing and storage"
    ),
    "soils_n2o": Source("Soil nitrous oxide", "Scope 1", "nitrous oxide of nitrogen put on the land"),
    "soils_n2o_indirect": Source(
        "Soil nitrous oxide, indirect", "Scope 1", "from ammonia and leaching of nitrogen put on the land"
    ),
    "lime": Source("Lime", "Scope 1", "carbon dioxide of carbonates"),
    "urea": Source("Urea", "Scope 1", "carbon dioxide of urea"),
    "fuel": Source("Fuel", "Scope 1", "fuel burnt on the farm"),
    "electricity": Source("Electricity", "Scope 2", "electricity from the grid, location based"),
    "fuel_upstream": Source("Fuel and power supply", "Scope 3", "making and bringing fuel and power"),
    "fertiliser_embedded": Source("Fertiliser production", "Scope 3", "making of the fertiliser"),
    "biogenic": Source("Biogenic carbon dioxide", OUTSIDE, "carbon dioxide of burnt biomass, in no total"),
}
"""Slug (as in figure ids) -> heading, in the order of the report."""

GASES: dict[str, str] = {"CO2": "kg_co2", "CH4": "kg_ch4", "N2O": "kg_n2o", "CO2e": "kg_co2e"}
"""Gas of a line -> the column of its share in CO2e."""
