"""Facts, sites and contracts as owners write them: units converted, spellings joined, what covers nothing told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from natcap.carbon.business import trunk
from natcap.carbon.business.models import models
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import write_template

GAS: dict[str, Any] = {"site": "Castle Depot", "activity": "Natural gas", "quantity": 1000, "unit": "kWh",
                       "basis": "gross", "start": "2025-01-01", "end": "2025-12-31"}  # fmt: skip


def build(folder: Path, **tables: list[dict[str, Any]]) -> Report:
    rows = {"activity": [GAS], **tables}
    write_template(models(), folder / "activity.xlsx", "Test", (), False, rows)
    (folder / "natcap.toml").write_text(
        'kind = "business"\nname = "Test"\nperiod = "2025"\n[inputs]\nactivity = "activity.xlsx"\n', encoding="utf-8"
    )
    return trunk.build(read_project(folder))


def value(report: Report, key: str) -> float:
    found = report.figure(f"business.{key}").value
    assert found is not None
    return found


@pytest.mark.parametrize(
    "item, amount, unit, key, divided",
    [
        ("turnover", 1.2, "£m", "turnover", 1.2),
        ("turnover", 1200, "£k", "turnover", 1.2),
        ("turnover", 1_200_000, "", "turnover", 1.2),
        ("floor area", 1000, "sq ft", "floor_area", 92.90304),
        ("floor area", 1000, "m2", "floor_area", 1000),
        ("employees", 4, "fte", "employees", 4),
    ],
)
def test_amounts_are_brought_to_the_unit_of_the_ratio(
    tmp_path: Path, item: str, amount: float, unit: str, key: str, divided: float
) -> None:
    """1,000 kWh of gas over GBP 1.2m; 1,000 sq ft are 92.90304 m2. Before, 1.2 £m was taken for one pound twenty."""
    report = build(tmp_path, organisation=[{"item": item, "amount": amount, "unit": unit}])
    tonnes = value(report, "scope1")
    scale = 1000.0 if key == "floor_area" else 1.0
    assert value(report, f"intensity.{key}") == pytest.approx(tonnes * scale / divided, rel=1e-9)


@pytest.mark.parametrize(
    "item, unit, said",
    [("turnover", "kWh", "GBP, £k, £m"), ("floor area", "", "m2 or sq ft"), ("employees", "tonnes", "full-time")],
)
def test_units_that_do_not_fit_are_told(tmp_path: Path, item: str, unit: str, said: str) -> None:
    with pytest.raises(InputProblems) as caught:
        build(tmp_path, organisation=[{"item": item, "amount": 5, "unit": unit}])
    assert said in str(caught.value)
    assert "sheet Organisation, cell " in str(caught.value)


def test_two_spellings_are_one_site_and_that_is_said(tmp_path: Path) -> None:
    report = build(tmp_path, activity=[GAS, GAS | {"site": "castle depot", "quantity": 500}])
    assert any("one spelling of Castle Depot" in str(w) for w in report.warnings)
    assert value(report, "site.castle_depot") == pytest.approx(value(report, "total"))


def test_half_of_a_site_is_not_half_a_per_cent(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="from 1 to 100, or 0"):
        build(tmp_path, sites=[{"site": "Castle Depot", "ownership": 0.5}])


def test_a_contract_that_covers_nothing_is_told(tmp_path: Path) -> None:
    contract = {"site": "Castel Depot", "start": "2025-01-01", "end": "2025-12-31", "kind": "supplier rate",
                "factor": 0.1, "evidence": "Fuel mix"}  # fmt: skip
    report = build(tmp_path, contracts=[contract])
    assert any("Did you mean 'Castle Depot'" in str(w) for w in report.warnings)


def test_hcf_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputProblems) as caught:
        build(tmp_path, activity=[GAS | {"unit": "hcf", "basis": ""}])
    assert "hundred cubic feet" in str(caught.value)


def test_an_unknown_activity_says_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(InputProblems, match="natcap factors find"):
        build(tmp_path, activity=[GAS | {"activity": "Zxqv"}])
