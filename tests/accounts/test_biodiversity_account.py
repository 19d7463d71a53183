"""The biodiversity wing on parcels whose units the publisher's own workbook gives (worked cases BNG-B1, C1, H1)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from natcap.accounts import trunk
from natcap.accounts.biodiversity import Parcel, edition
from natcap.accounts.biodiversity.area_check import AreaCheck, area_checks
from natcap.accounts.biodiversity_account import MetricInput, show, unit_account
from natcap.accounts.wings import Setting, Wing
from natcap.core.problems import InputProblems, Problems
from natcap.core.project import read_project
from natcap.core.workbook import open_workbook
from tests.accounts.maps import project

NOWHERE = "Area/compensation not in local strategy/ no local strategy"
CEREAL = Parcel("A-1 On-Site Habitat Baseline", 11, "area", True, "baseline", "Cropland - Cereal crops", 1.0,
                "Condition Assessment N/A", NOWHERE, 2.0, cells={"units": "X11"})  # fmt: skip
GRASS = Parcel("A-2 On-Site Habitat Creation", 11, "area", True, "creation", "Grassland - Other neutral grassland", 2.0,
               "Fairly Good", NOWHERE, 15.585516133999999, cells={"units": "Y11"})  # fmt: skip
HEDGE = Parcel("B-2 On-Site Hedge Creation", 11, "hedgerow", True, "creation", "Species-rich native hedgerow", 0.074,
               "Good", NOWHERE, 0.5790828803015999, cells={"units": "V11"})  # fmt: skip


FAILS = AreaCheck("A-2 On-Site Habitat Creation", "K6", "Error - Area created does not equal area lost ▲")


def given(*parcels: Parcel) -> MetricInput:
    return MetricInput("metric.xlsx", parcels, edition("4.1"))


def test_totals_by_hand() -> None:
    """Cereal crops of 2 units are lost and 15.5855 units made: net 13.5855, and the hedgerow stands apart."""
    account = unit_account(given(CEREAL, GRASS, HEDGE))
    assert account.parcels["agrees"].all()
    area, hedge = account.totals.to_dict("records")
    assert area["baseline"] == pytest.approx(2.0, abs=1e-9)
    assert area["net"] == pytest.approx(13.585516133999999, abs=1e-9)
    assert area["percent"] == pytest.approx(6.792758067, abs=1e-9)
    assert hedge["created"] == pytest.approx(0.5790828803015999, abs=1e-9)
    assert hedge["percent"] != hedge["percent"]


def test_trading_and_net_gain_of_the_workbook_by_hand() -> None:
    """2 units of cereal crops (low) lost against 15.5855 of neutral grassland (medium, higher): offset; +679 %."""
    found = unit_account(given(CEREAL, GRASS, HEDGE)).outcome
    crops, grass = found.deals["area"]
    assert crops.passed
    assert crops.offsets == {GRASS.habitat: pytest.approx(2.0, abs=1e-9)}
    assert grass.net == pytest.approx(15.585516134, abs=1e-9)
    assert found.gain["percent"][0] == pytest.approx(6.792758067, abs=1e-9)
    assert found.shortfalls == ()


def test_no_outcome_where_totals_are_not_available() -> None:
    found = unit_account(given(replace(CEREAL, irreplaceable=True), GRASS, HEDGE)).outcome
    assert list(found.deals) == ["hedgerow"]


def test_a_difference_is_a_warning_with_its_cell(tmp_path: Path) -> None:
    setting = Setting(read_project(project(tmp_path, {}, {})), ("opening", "closing"))
    wing = show(setting, given(replace(CEREAL, printed=2.5), GRASS))
    land, told = wing.warnings if "land" in str(wing.warnings[0]) else wing.warnings[::-1]
    assert "found '2 ha created on site, 1 ha more than the 1 ha lost'" in str(land)
    assert "cell X11" in str(told)
    assert "2.5 units" in str(told)
    assert wing.figures[0].id == "biodiversity.area.baseline.on_site"
    assert wing.figures[0].trace.inputs[0].cell == "X11"


def wing(tmp_path: Path, given: MetricInput) -> Wing:
    return show(Setting(read_project(project(tmp_path, {}, {})), ("opening", "closing")), given)


def test_land_that_does_not_balance_takes_the_result_away(tmp_path: Path) -> None:
    """1 ha is lost and 2 ha are made: +679 %, which the check of the official workbook calls an error."""
    found = wing(tmp_path, replace(given(CEREAL, GRASS, HEDGE), checks={True: FAILS}))
    assert "sheet A-2 On-Site Habitat Creation, cell K6" in str(found.warnings[0])
    assert "says 'Error - Area created does not equal area lost" in str(found.warnings[0])
    assert "Its area units cannot be relied on" in found.banners[0]
    gain = next(s for _, s in found.sections if s.id == "biodiversity_gain").table.set_index("kind")["result"]
    assert gain["area"].endswith("no result can be relied on")
    assert "not tested" in gain["hedgerow"]
    figure = next(f for f in found.figures if f.id == "biodiversity.area.percent.project")
    assert (figure.value, figure.unit) == (pytest.approx(679.2758067), "%")
    assert "not to be relied on: the areas do not balance" in figure.label


def test_an_error_in_the_check_cell_is_told_though_the_parcels_balance(tmp_path: Path) -> None:
    both = given(replace(CEREAL, size=2.0, printed=4.0), GRASS)
    assert wing(tmp_path, both).warnings == ()
    told = wing(tmp_path, replace(both, checks={True: FAILS})).warnings
    assert "while by its parcels 2 ha are created and 2 lost" in str(told[0])


def test_the_check_cell_is_read_beside_its_label(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.create_sheet(FAILS.sheet)
    sheet["H6"], sheet["K6"] = "Area Check (excluding individual trees and green walls)", FAILS.text
    book.save(tmp_path / "metric.xlsx")
    opened = open_workbook(tmp_path / "metric.xlsx", Problems())
    assert opened is not None
    assert area_checks(opened) == {True: FAILS}


def test_parts_that_are_more_than_the_parcel_leave_no_total() -> None:
    """2 ha retained of 1 ha: sheet A-1 prints units all the same, and a net gain would rest on them."""
    account = unit_account(given(replace(CEREAL, retained=2.0)))
    assert account.parcels["note"][0] == "2 retained and 0 enhanced are not parts of 1"
    assert account.totals["net"].isna().all()


def test_what_is_to_be_enhanced_and_is_not_is_told(tmp_path: Path) -> None:
    told = wing(tmp_path, given(replace(CEREAL, enhanced=1.0))).warnings
    assert "found '1 enhanced at the baseline and 0 on the sheet of enhancements'" in str(told[0])


def test_irreplaceable_habitat_is_listed_and_counted_nowhere() -> None:
    account = unit_account(given(replace(CEREAL, irreplaceable=True, printed=""), GRASS))
    assert account.parcels["counted"].tolist() == [False, True]
    assert account.totals["baseline"].tolist() == [0.0]
    assert account.totals["created"][0] == pytest.approx(15.585516133999999, abs=1e-9)


def test_units_that_the_metric_refuses_leave_no_total() -> None:
    account = unit_account(given(replace(CEREAL, irreplaceable=True), GRASS, HEDGE))
    assert account.totals.loc[account.totals["kind"] == "area", "net"].isna().all()
    assert account.totals.loc[account.totals["kind"] == "hedgerow", "net"].notna().all()


def test_bad_input(tmp_path: Path) -> None:
    folder = project(tmp_path, {"metric": "absent.xlsx"}, {"metric_edition": "9.9"})
    with pytest.raises(InputProblems) as caught:
        trunk.build(read_project(folder))
    assert "absent.xlsx" in str(caught.value)
    assert "choices.metric_edition" in str(caught.value)


def test_an_empty_workbook_is_told(shared: Path, tmp_path: Path) -> None:
    folder = project(tmp_path, {"metric": "metric.xlsm"}, {})
    (folder / "metric.xlsm").write_bytes((shared / "samples" / "biodiversity" / "metric-4.1-empty.xlsm").read_bytes())
    with pytest.raises(InputProblems) as caught:
        trunk.build(read_project(folder))
    assert "without a parcel" in str(caught.value)
