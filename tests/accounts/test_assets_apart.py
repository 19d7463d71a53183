"""Flows that are no mean of five years, and assets that are no present value: carbon, and amenity in property."""

from __future__ import annotations

from pathlib import Path

import pytest

from natcap.accounts.asset_value import present_value_of_carbon
from natcap.accounts.services.account import Service
from natcap.core.money import deflate
from tests.accounts.service_projects import READ, builder

PREMIUM = 2_446.0
"""Pounds of 2016 a house (ONS urban accounts 2019); its yearly equivalent in the library is 88.4456 pounds."""


@pytest.mark.parametrize(
    "choices", [{}, {"discount_timing": "mid"}, {"discount_schedule": "sensitivity", "discount_timing": "end"}]
)
def test_the_asset_is_the_capital_under_every_schedule_and_timing(tmp_path: Path, choices: dict[str, str]) -> None:
    """9 dwellings x 2,446 pounds = 22,014 pounds of 2016.

    The yearly value is 9 x 2,446 x 0.035 / (1 - 1.035^-100) = 9 x 88.4456 = 796.01. Over the standard schedule from
    year 0 that would come to 796.01 x 29.8125 = 23,731, which is 8 % more than the houses sold for.
    """
    read = READ | {"service": "amenity", "flow": 9.0, "unit": "dwelling"}
    report = builder(tmp_path)(choices, readings=[read, read | {"year": 2021}])
    figures = {f.id: f for f in report.figures}
    yearly, asset = (figures[f"{key}.closing.all.amenity"].value for key in ("services.value", "assets.value"))
    assert yearly == pytest.approx(deflate(9 * PREMIUM * 0.035 / (1 - 1.035**-100), 2016, 2022), rel=1e-6)
    assert asset == pytest.approx(deflate(9 * PREMIUM, 2016, 2022), rel=1e-6)
    varied = next(s for s in report.sections if s.id == "asset_sensitivity").table
    assert varied["value"].to_numpy() == pytest.approx(asset, rel=1e-9)
    assert any("the asset is that capital" in note for s in report.sections for note in s.notes)


def test_carbon_has_the_flow_of_its_year_and_other_services_a_mean(tmp_path: Path) -> None:
    """Carbon: 2023 took up 500 t, the years before 100 to 400: 500 t x the path from 2023, not the mean of 300 t.

    The method sheet (A4) takes the mean of five years for every service but carbon. Visits of the same years: their
    mean of 300 stands.
    """
    kinds = (("greenhouse_gas_regulation", "tCO2e"), ("recreation", "visit"))
    sheets = [
        READ | {"service": s, "flow": 100.0 * n, "unit": u, "year": 2018 + n} for n in range(1, 6) for s, u in kinds
    ]
    report = builder(tmp_path)({}, readings=sheets)
    figures = {f.id: f.value for f in report.figures}
    path = present_value_of_carbon(1.0, 2023, 2022, "standard", 100)
    assert figures["assets.value.closing.all.greenhouse_gas_regulation"] == pytest.approx(500 * path)
    visits = figures["services.value.closing.all.recreation"] / 500 * 300 * 29.812545333317846  # type: ignore[operator]
    assert figures["assets.value.closing.all.recreation"] == pytest.approx(visits)
    assert not any("Greenhouse gas regulation" in said and "of 5 years" in said for said in report.run.fallbacks)


def test_only_the_price_of_a_house_stands_for_capital() -> None:
    from natcap.accounts.services.library import services

    assert [s.id for s in services().values() if s.rental] == ["amenity"]
    assert not Service("a", "A", "cultural", "visit", 100).rental
