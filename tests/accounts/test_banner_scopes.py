"""Banners of the accounts name the sheets they concern; findings are grammatical; zones are not flattened."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from shapely import box

from natcap.accounts import trunk
from natcap.accounts.condition_account.show import _finding
from natcap.accounts.ranges_account.show import BANNER as RANGES
from natcap.accounts.services.view import RECALLED_BANNER as SERVICES
from natcap.accounts.show.stock import RECALLED_BANNER as CARBON
from natcap.accounts.wings import Setting
from natcap.core.project import read_project
from natcap.core.report import Report
from tests.accounts.maps import project, write_geojson, write_tif
from tests.accounts.service_projects import LIBRARY, PRICE, READ, builder


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Two zones with library values, and a visit count of the whole area that is divided by neither zone nor type."""
    rows = [READ | {"service": "recreation", "flow": 5_000, "unit": "visit"}]
    prices = [PRICE | {"service": "recreation", "value": 90_000, "unit": "GBP/visit"}]
    build = builder(tmp_path_factory.mktemp("scopes"))
    return build(LIBRARY | {"carbon": "library", "draws": 1000}, readings=rows, unit_values=prices)


def test_a_banner_names_the_sheets_it_concerns(report: Report) -> None:
    number = {section.id: section.number.rstrip("abcdefghijklmnop") for section in report.sections if section.number}
    concerns = {text: {number[key] for key in ids & set(number)} for text, ids in report.scopes.items()}
    assert {"12"} <= concerns[CARBON] <= {"12", "12w"}
    assert {"5", "7"} <= {n[:1] for n in concerns[SERVICES]}
    assert not {"1", "2", "12", "13"} & concerns[SERVICES]
    assert concerns[RANGES] == {"14"}
    assert set(report.scopes) <= set(report.banners)


def test_what_is_not_divided_by_zone_is_no_bar_and_the_text_says_so(report: Report) -> None:
    for key, name, whole in (("asset_values_by_zone", "zone_name", "Whole area, not by zone"),
                             ("services_by_zone", "name", "Whole area, not divided by zone")):  # fmt: skip
        section = report.section(key)
        assert whole in set(section.table[name])
        keep = section.table
        for column, wanted in section.charts[0].only.items():
            keep = keep[keep[column].isin(wanted if isinstance(wanted, list) else [wanted])]
        assert len(keep) == 2
        assert whole not in set(keep[name])
        assert "is not divided by zone and is no bar of the chart" in section.summary


def test_what_is_not_divided_by_type_is_no_ecosystem_type(report: Report) -> None:
    assert "not divided by ecosystem type" in report.section("asset_account_by_type").summary
    assert "ecosystem type is Not" not in report.section("asset_account_by_type").summary
    said = report.section("asset_values_by_type_and_service").summary
    assert "Recreation and tourism, not divided by ecosystem type, has the largest value" in said


def test_one_zone_is_one_zone(tmp_path: Path) -> None:
    """Ten cells of a hectare are a single zone under 100 ha."""
    for name in ("opening", "closing"):
        write_tif(tmp_path / f"{name}.tif", np.full((2, 5), 3, dtype=np.uint8), cell=100.0)
    write_geojson(tmp_path / "zones.geojson", {"A": box(400_000, 299_800, 400_500, 300_000)})
    inputs = {"opening": "opening.tif", "closing": "closing.tif", "zones": "zones.geojson"}
    choices = {"classes": "ukceh_lcm_21", "zone_field": "id", "carbon": "none"}
    report = trunk.build(read_project(project(tmp_path, inputs, choices)))
    assert any("a layer with 1 zone of less than 100 ha" in str(warning) for warning in report.warnings)


@pytest.mark.parametrize(("count", "said"), [(1, "from 0.20 to 0.50, 2018"), (2, "the largest change of 2, 2018")])
def test_a_single_change_is_not_the_largest_of_one(count: int, said: str) -> None:
    table = pd.DataFrame({"ecosystem": ["Woodland", "Fen"], "opening": [0.2, 0.3], "closing": [0.5, 0.4]})[:count]
    setting = Setting(None, ("2018", "2023"))  # type: ignore[arg-type]
    assert said in _finding(setting, table.assign(change=table["closing"] - table["opening"]))
