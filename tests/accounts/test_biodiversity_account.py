"""The biodiversity wing on parcels whose units the publisher's own workbook gives (worked cases BNG-B1, C1, H1)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from natcap.accounts import trunk
from natcap.accounts.biodiversity import Parcel, edition
from natcap.accounts.biodiversity_account import MetricInput, show, unit_account
from natcap.accounts.wings import Setting
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from tests.accounts.maps import project

NOWHERE = "Area/compensation not in local strategy/ no local strategy"
CEREAL = Parcel("A-1 On-Site Habitat Baseline", 11, "area", True, "baseline", "Cropland - Cereal crops", 1.0,
                "Condition Assessment N/A", NOWHERE, 2.0, cells={"units": "X11"})  # fmt: skip
GRASS = Parcel("A-2 On-Site Habitat Creation", 11, "area", True, "creation", "Grassland - Other neutral grassland", 2.0,
               "Fairly Good", NOWHERE, 15.585516133999999, cells={"units": "Y11"})  # fmt: skip
HEDGE = Parcel("B-2 On-Site Hedge Creation", 11, "hedgerow", True, "creation", "Species-rich native hedgerow", 0.074,
               "Good", NOWHERE, 0.5790828803015999, cells={"units": "V11"})  # fmt: skip


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
    assert len(wing.warnings) == 1
    assert "cell X11" in str(wing.warnings[0])
    assert "2.5 units" in str(wing.warnings[0])
    assert wing.figures[0].id == "biodiversity.area.baseline.on_site"
    assert wing.figures[0].trace.inputs[0].cell == "X11"


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
