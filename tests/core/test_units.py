"""Everyday units: every trap is right or refused with its choices."""

from __future__ import annotations

import math

import pint
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.core.units import (
    UnitError,
    compatible_units,
    convert,
    factor_between,
    known_units,
    quantity,
    registry,
    unit,
)
from natcap.core.units._table import MASSES, table

# Sizes a reader can check: pint gives another answer, or none, for nearly every one of these spellings.
RIGHT = [
    ("kt", "tonne", 1000.0),  # pint: knot
    ("Kt", "kg", 1e6),
    ("Mt", "tonne", 1e6),
    ("t", "kg", 1000.0),
    ("te", "kg", 1000.0),
    ("Tonnes", "kg", 1000.0),
    ("metric ton", "kg", 1000.0),
    ("Mg", "kg", 1000.0),
    ("Gg", "tonne", 1000.0),
    ("long ton", "kg", 1016.0469088),
    ("US tons", "kg", 907.18474),
    ("UK hundredweight", "kg", 50.80234544),
    ("imperial gallons", "litre", 4.54609),  # pint's gallon: 3.785
    ("gallons (US)", "litre", 3.785411784),
    ("UK pint", "litre", 0.56826125),
    ("oil barrel", "litre", 158.987294928),
    ("hundred cubic feet", "m3", 2.8316846592),
    ("acre", "m2", 4046.8564224),  # pint: 4046.8726
    ("acres", "hectare", 0.40468564224),
    ("miles", "km", 1.609344),
    ("nautical mile", "km", 1.852),
    ("kwh", "MJ", 3.6),
    ("KWH", "kWh", 1.0),
    ("mwh", "kWh", 1000.0),
    ("MWH", "kWh", 1000.0),
    ("GWh", "MWh", 1000.0),
    ("therms (gross)", "kWh_gross", 29.307107015930),
    ("toe (net)", "MWh_net", 11.63),
    ("Litres", "m3", 0.001),
    ("Ml", "litre", 1e6),
    ("mL", "litre", 1e-3),
    ("million litres", "m3", 1000.0),
    ("m2", "hectare", 1e-4),
    ("m²", "m2", 1.0),
    ("m3", "litre", 1000.0),
    ("km2", "ha", 100.0),
    ("tCO2e", "kg CO2e", 1000.0),
    ("tCO₂e", "kg_co2e", 1000.0),
    ("kg N", "tonne N", 0.001),  # pint: kilogram newton
    ("kg P", "kg_p", 1.0),  # pint: poise
    ("kg K/ha", "g K/m2", 0.1),  # pint: kelvin
    ("t C/ha", "kg C/m2", 0.1),  # pint: coulomb
    ("kg N/ha", "kg_n/hectare", 1.0),
    ("GBP", "pence", 100.0),
    ("£m", "GBP", 1e6),
    ("GBP million (2024 prices)", "GBP_2024", 1e6),
    ("head", "head", 1.0),
    ("Room per night", "room_night", 1.0),
    ("per FTE Working Hour", "fte_hour", 1.0),
    ("tonne.km", "kg.km", 1000.0),
    ("vehicle km", "mile", 0.621371192237334),
    ("year", "month", 12.0),
    ("day", "hour", 24.0),
    ("percent", "fraction", 0.01),
    ("kg ha-1 yr-1", "t/ha/yr", 0.001),
    ("kWh p.a.", "kWh/year", 1.0),
    ("kWh per annum", "kWh/year", 1.0),
    ("km/km2", "m/ha", 10.0),
    ("kW", "kWh/day", 24.0),
    ("GBP/100 m/yr", "GBP/m/yr", 0.01),
    ("l/100km", "litre/km", 0.01),
    ("kg VS/1000 kg animal mass/day", "g VS/kg liveweight/day", 1.0),
    ("MJ/day/kg^0.75", "kJ/day/kg^0.75", 1000.0),
]


@pytest.mark.parametrize(("text", "to", "size"), RIGHT)
def test_an_everyday_spelling_has_its_size(text: str, to: str, size: float) -> None:
    assert convert(1.0, text, to) == pytest.approx(size, rel=1e-12)


REFUSED = [
    ("ton", {"tonne", "long_ton_uk", "short_ton_us"}),
    ("Tons", {"tonne", "long_ton_uk", "short_ton_us"}),
    ("cwt", {"hundredweight_uk", "hundredweight_us"}),
    ("gallon", {"imperial_gallon", "us_gallon"}),
    ("Gallons", {"imperial_gallon", "us_gallon"}),
    ("pint", {"imperial_pint", "us_pint"}),
    ("barrel", {"oil_barrel", "beer_barrel_uk"}),
    ("mt", {"tonne", "megatonne"}),
    ("MT", {"tonne", "megatonne"}),
    ("MTCO2e", {"tonne_co2e", "megatonne_co2e"}),
    ("tons CO2e", {"tonne_co2e"}),
    ("T", {"tonne"}),
    ("a", {"year", "acre"}),
    ("kg/ha/a", {"year", "acre"}),
    ("pa", {"1/year"}),
    ("mWh", {"MWh", "kWh"}),
    ("mW", {"MW", "kW"}),
    ("ml", {"millilitre", "megalitre"}),
    ("ML", {"millilitre", "megalitre"}),
    ("mm3", {"million_m3", "m3"}),
    ("MG", {"milligram", "tonne"}),
    ("therm", {"therm_gross", "therm_net"}),
    ("kWh gas", {"kWh_gross", "kWh_net"}),
    ("unit", {"kWh", "item", "biodiversity_unit", "hundred_ft3", "m3"}),
    ("Units", {"kWh", "item", "biodiversity_unit", "hundred_ft3", "m3"}),
    ("pounds", {"lb", "GBP"}),
    ("$", {"USD"}),
    ("p/kWh", {"GBP_pence", "person", "passenger"}),
    ("meter", {"metre", "meter_point"}),
    ("M", {"metre", "mile", "GBP_million"}),
    ("N", {"kg_n", "tonne_n"}),
    ("C", {"kg_c", "tonne_c"}),
    ("CO2e", {"kg_co2e", "tonne_co2e"}),
]


@pytest.mark.parametrize(("text", "choices"), REFUSED)
def test_an_ambiguous_spelling_is_refused_with_its_choices(text: str, choices: set[str]) -> None:
    with pytest.raises(UnitError) as caught:
        unit(text)
    assert set(caught.value.choices) == choices
    assert "ambiguous" in caught.value.message
    for choice in caught.value.choices:
        assert unit(choice).id == choice


@pytest.mark.parametrize(
    "text", ["1000 kg", "10 kg", "100", "", "   ", "`", "-", "/", "kg/", "per", "kg..m", "t²", "kgg"]
)
def test_what_is_not_a_unit_is_refused(text: str) -> None:
    with pytest.raises(UnitError):
        unit(text)


def test_a_slip_is_answered_with_the_nearest_unit() -> None:
    with pytest.raises(UnitError, match="not a known unit") as caught:
        unit("kilowat hours")
    assert caught.value.choices == ("kWh",)


APART = [
    ("kg", "kg_co2e"),
    ("kg_co2", "kg_co2e"),
    ("kg_co2_biogenic", "kg_co2"),
    ("kg_ch4_fossil", "kg_ch4_biogenic"),
    ("kg_ch4", "kg_ch4_fossil"),
    ("kg_c", "kg_co2"),
    ("kg_n", "kg_n2o"),
    ("kg_n2o_n", "kg_n2o"),
    ("kg_p", "kg_p2o5"),
    ("kg_k", "kg_k2o"),
    ("kg_dm", "kg"),
    ("kWh_gross", "kWh_net"),
    ("kWh_gross", "kWh"),
    ("GBP", "GBP_2024"),
    ("GBP_2023", "GBP_2024"),
    ("GBP_2024", "EUR_2024"),
    ("GBP", "EUR"),
    ("year", "day"),
    ("month", "hour"),
    ("fte_hour", "hour"),
    ("passenger_km", "tonne_km"),
    ("passenger_km", "km"),
    ("head", "visit"),
    ("person", "employee"),
    ("room_night", "day"),
    ("MVA", "MW"),
    ("MWp", "MW"),
    ("MW", "MWh"),
    ("biodiversity_unit", "hectare"),
    ("m3", "m3_overbark"),
    ("dwelling", "household"),
    ("m3", "kWh_gross"),
    ("litre", "kg"),
]


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_things_do_not_convert(one: str, other: str) -> None:
    for pair in ((one, other), (other, one)):
        with pytest.raises(UnitError, match="does not convert"):
            convert(1.0, *pair)


def test_the_refusal_names_the_remedy() -> None:
    with pytest.raises(UnitError, match="kWh_gross"):
        convert(1, "kWh", "kWh (Gross CV)")
    with pytest.raises(UnitError, match="365 or 366"):
        convert(1, "year", "day")
    with pytest.raises(UnitError, match="deflator"):
        convert(1, "GBP_2020", "GBP_2024")


def test_every_unit_reads_back_from_its_id_its_label_and_its_spellings() -> None:
    known = known_units()
    assert len(known) > 400
    for row in known.itertuples():
        assert unit(row.id).id == row.id
        assert unit(row.label).id == row.id
        assert all(unit(text).id == row.id for text in row.spellings.split(", ") if text)


def _id_or_choices(text: str) -> str | tuple[str, ...]:
    try:
        return unit(text).id
    except UnitError as error:
        return error.choices


def test_spellings_in_capitals_are_the_same_unit_or_refused_with_choices() -> None:
    """Shouting changes a unit only where the table says that letter case matters."""
    folded = {text: name for text, name in table().spellings.folded.items() if text.isascii()}
    assert len(folded) > 800
    for text, name in folded.items():
        found = _id_or_choices(text.upper())
        assert found == name or (isinstance(found, tuple) and found), text


def test_conversion_is_exact_where_decimal_arithmetic_is() -> None:
    assert convert(1234.5, "kg", "tonne") == 1.2345
    assert convert(3, "kg", "tonne") == 0.003
    assert convert(0.1, "MWh", "kWh") == 100
    assert convert(7, "litre", "imperial_gallon") == pytest.approx(7 / 4.54609, rel=1e-15)
    assert factor_between("acre", "m2") == 4046.8564224
    assert math.isnan(convert(math.nan, "kg", "tonne"))


_KNOWN = sorted(table().units)


@settings(max_examples=300)
@given(st.sampled_from(_KNOWN), st.data(), st.floats(-1e12, 1e12))
def test_there_and_back_is_the_same_number(name: str, data: st.DataObject, value: float) -> None:
    other = data.draw(st.sampled_from(compatible_units(name)))
    assert convert(convert(value, name, other), other, name) == pytest.approx(value, rel=1e-14, abs=1e-300)
    assert factor_between(name, other) * factor_between(other, name) == pytest.approx(1, rel=1e-15)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(_KNOWN), min_size=2, max_size=4), st.lists(st.booleans(), min_size=3, max_size=3))
def test_a_rate_reads_back_from_its_id(names: list[str], slashes: list[bool]) -> None:
    text = names[0] + "".join(("/" if slash else ".") + n for slash, n in zip(slashes, names[1:], strict=False))
    if len(text) <= 40:
        made = unit(text)
        assert unit(made.id) == made
        assert factor_between(made, made.id) == 1


def test_pint_agrees_with_every_conversion() -> None:
    """The registry is made from the same table; base units, sizes and dimensions must come out the same."""
    for row in known_units().itertuples():
        for other in compatible_units(row.id)[:2]:
            assert quantity(1, row.id).to(registry().Unit(other)).magnitude == pytest.approx(
                factor_between(row.id, other), rel=1e-12
            )


def test_the_sizes_agree_with_the_definitions_in_pint() -> None:
    """An independent check of the imperial and American sizes, in the registry that pint ships."""
    shipped = pint.UnitRegistry()
    names = {
        "lb": "pound", "long_ton_uk": "long_ton", "short_ton_us": "short_ton", "hundredweight_uk": "long_hundredweight",
        "hundredweight_us": "hundredweight", "yard": "yard", "foot": "foot", "mile": "mile",
        "nautical_mile": "nautical_mile", "imperial_gallon": "imperial_gallon", "imperial_pint": "imperial_pint",
        "us_gallon": "gallon", "oil_barrel": "oil_barrel", "beer_barrel_uk": "imperial_barrel", "kWh": "kilowatt_hour",
        "hectare": "hectare", "litre": "liter", "day": "day", "kW": "kilowatt",
    }  # fmt: skip
    bases = {"mass": ("kg", "kg"), "length": ("metre", "m"), "volume": ("litre", "l"), "energy": ("MJ", "MJ"),
             "area": ("m2", "m**2"), "time": ("second", "s"), "power": ("kW", "kW")}  # fmt: skip
    for ours, theirs in names.items():
        base, shipped_base = bases[unit(ours).dimension]
        assert factor_between(ours, base) == pytest.approx(
            shipped.Quantity(1, theirs).to(shipped_base).magnitude, 1e-12
        )


def test_quantities_multiply_and_refuse() -> None:
    """12.5 ha of 5.7 tCO2e/ha/yr at 256 GBP_2023/tCO2e is 18,240 GBP_2023 a year."""
    worth = quantity(12.5, "ha") * quantity(5.7, "tCO2e/ha/yr") * quantity(256, "GBP_2023/tCO2e")
    assert worth.to("GBP_2023/year").magnitude == pytest.approx(18_240)
    assert (quantity(5, "t") * quantity(100, "km")).to("tonne_km").magnitude == pytest.approx(500)
    assert quantity(5, "GBP/100 m").to("GBP/metre").magnitude == pytest.approx(0.05)
    for one, other in [("kg", "kg CO2e"), ("GBP_2020", "GBP_2023"), ("kWh", "kWh (gross)"), ("head", "visit")]:
        with pytest.raises(pint.DimensionalityError):
            quantity(1, one) + quantity(1, other)
    with pytest.raises(pint.DimensionalityError):
        quantity(1, "visit") + 1


def test_the_registry_knows_nothing_of_its_own() -> None:
    for text in ("knot", "gallon", "newton", "ton", "kelvin"):
        assert text not in registry()


def test_units_that_convert_into_each_other_are_listed_for_a_form() -> None:
    assert compatible_units("energy, gross calorific value") == compatible_units("kWh_gross")
    assert {"kWh_gross", "MWh_gross", "therm_gross"} <= set(compatible_units("kWh_gross"))
    assert "kWh" not in compatible_units("kWh_gross")
    assert compatible_units("kg_co2e") == [f"{m}_co2e" for m in sorted(MASSES, key=lambda m: unit(m).size)]
    with pytest.raises(UnitError):
        compatible_units("temperature")


def test_a_thousand_mwh_is_not_a_thousand_kwh() -> None:
    """Worked case H04: 1,000 MWh at 0.177 kg CO2e/kWh is 177 t, as kWh it would be 0.177 t."""
    assert convert(convert(1000, "MWh", "kWh") * 0.177, "kg CO2e", "t CO2e") == pytest.approx(177.0, abs=1e-9)


@pytest.mark.parametrize("basis", ["gross", "net"])
@pytest.mark.parametrize("name, base", [("therms", "therm"), ("therm", "therm"), ("kWh", "kWh"), ("MWh", "MWh")])
def test_the_basis_stands_before_or_behind_as_on_bills(name: str, base: str, basis: str) -> None:
    """Gross therms, therms (gross CV), kWh, gross and kWh(gross) on a gas bill: each basis is taken as said."""
    short = {"gross": "GCV", "net": "NCV"}[basis]
    forms = (
        f"{basis} {name}", f"{basis.title()} {name.title() if base == 'therm' else name}", f"{name} {basis}",
        f"{name} ({basis})", f"{name}({basis})", f"{name}, {basis}", f"{name} - {basis}", f"{name} {basis} CV",
        f"{name} ({basis.title()} CV)", f"{name} {short}", f"{name} ({short})", f"{name} {basis} calorific value",
    )  # fmt: skip
    assert {unit(form).id for form in forms} == {f"{base}_{basis}"}
