"""The unit texts of the official workbooks and published tables, as they stand there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from natcap.core.units import UnitError, convert, factor_between, unit

OFFICIAL = {
    "km": "km", "miles": "mile", "tonne.km": "tonne_km", "tonnes": "tonne", "kWh": "kWh",
    "passenger.km": "passenger_km",
    "kWh (Gross CV)": "kWh_gross", "kWh (Net CV)": "kWh_net", "litres": "litre", "kg": "kg", "GJ": "GJ",
    "cubic metres": "m3", "million litres": "megalitre", "Room per night": "room_night", "Litres": "litre",
    "per FTE Working Hour": "fte_hour", "kgCO2e": "kg_co2e", "kgCO2e of CO2": "kg_co2e", "kgCO2e of CH4": "kg_co2e",
    "kgCO2e of N2O": "kg_co2e", "kWh (net)": "kWh_net", "kg CO2e of CO2 per unit": "kg_co2e",
    "GJ/tonne": "GJ/tonne", "kWh/kg": "kWh/kg", "kWh/litre": "kWh/litre", "kg/m3": "kg/m3",
    "litres/tonne": "litre/tonne",
}  # fmt: skip

# What a published table puts in its unit column although it is not a unit: a kind of value, a remark, two units,
# or a unit with a qualifier that belongs in a column of its own.
NOT_UNITS = {
    "", "`", "-", "text", "code", "band", "bool", "factor", "rule", "date", "R,G,B", "0-1", "1 bad .. 5 high",
    "Essential/Desirable", "Rate of growth", "NE condition class score/3", "index (1970=100)", "index, 2024=100",
    "net additional dwellings per 1,000 stock", "installations paid", "installations (cumulative)",
    "applications (cumulative)", "trees (approx)", "vehicles (end Q4)", "percent of area (approx)",
    "percent of area (less than)", "percent of land", "percent of adults", "percent of households", "GBP/t emitted",
    "GBP/ha/yr for 15 years", "GBP/ha one-off", "GBP/100 m one side/yr", "GBP/ha/yr on first 50 ha",
    "GBP/ha first 50 ha (GBP 40 in year 1 of SFI23)", "GBP/credit excl. VAT", "credits/unit", "GBP/house (capital)",
    "bn GBP (capital)", "GBP/ha urban/yr", "tCO2e/ha of hedge/yr", "tCO2e/ha/yr (negative = emission)",
    "tCO2e/ha urban/yr", "tC/ha city area", "tC/ha greenspace", "t C/ha (0-30 cm)", "t CO2e/ha/yr removal",
    "t CO2e/ha/yr for 20 yr", "t C/yr; D=20", "kg CH4/yr (Tier 1 2019; VS = rate*TAM/1000*365)",
    "kgN/ha/yr (low=bad: 15, high=good: 0)", "mg P/l (low=bad: 0.5)", "ug/m3 (low=bad: 20, high=good: 5 WHO)",
    "Mt CO2; years", "t CO2e; %", "t CO2e per GBP m (real)", "%; 1-5", "count; %", "t CO2e/ha; kg CO2e/kg", "%; 0-1",
    "kg; %", "ratio; days", "per 1,000", "per 100k", "kWh/meter", "kWh per unit", "fraction of GE", "fraction of Bo",
    "fraction of manure", "fraction of area", "fraction of enteric CH4", "fraction of storage NH3",
    "fraction of storage CH4", "fraction of emission intensity", "fraction of N excretion", "fraction of 0-30 cm C",
    "fraction of total agricultural area",
}  # fmt: skip


@pytest.mark.parametrize(("text", "name"), OFFICIAL.items(), ids=OFFICIAL.keys())
def test_units_of_the_official_workbooks(text: str, name: str) -> None:
    assert unit(text).id == name


def _texts(folder: Path) -> set[str]:
    found: set[str] = set()
    for path in sorted(folder.glob("*/*.csv")):
        with path.open(newline="", encoding="utf-8-sig") as handle:
            reader = csv.DictReader(handle)
            columns = [c for c in reader.fieldnames or () if "unit" in c.lower() or c.lower() == "uom"]
            for row in reader if columns else ():
                found.update(row[c] for c in columns)
    return found


def test_every_unit_text_of_the_reference_tables_is_known_or_named_as_no_unit(shared: Path) -> None:
    texts = _texts(shared / "reference")
    assert len(texts) > 150
    refused = set()
    for text in texts:
        try:
            unit(text)
        except UnitError:
            refused.add(text)
    assert refused == NOT_UNITS


RATES = [
    ("tC/ha", "kg C/m2", 0.1),
    ("tCO2e/ha/yr", "kg CO2e/ha/year", 1000.0),
    ("kg N2O-N/kg N", "g N2O-N/kg N", 1000.0),
    ("GBP/t", "pence/kg", 0.1),
    ("kg CH4/head/yr", "g CH4/head/month", 1000 / 12),
    ("kt CO2 per km2", "t CO2/ha", 10.0),
    ("bn tC", "MtC", 1000.0),
    ("chargers per 100,000 people", "charger/person", 1e-5),
    ("m3 CH4/kg VS", "m3 CH4/t VS", 1000.0),
    ("million GBP/yr", "GBP/yr", 1e6),
]


@pytest.mark.parametrize(("text", "to", "size"), RATES)
def test_rates_of_the_reference_tables(text: str, to: str, size: float) -> None:
    assert factor_between(text, to) == pytest.approx(size, rel=1e-14)


def test_freight_of_the_official_example() -> None:
    """5 t carried 100 km is 500 tonne.km (official example)."""
    assert convert(5 * 100, "t.km", "tonne.km") == 500
