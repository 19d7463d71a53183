"""Targets of a business: the published path, this year's place on it, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.carbon.business import trunk
from natcap.carbon.business.pathway.model import GUIDANCE, MODEL
from natcap.carbon.business.pathway.path import Path as TargetPath
from natcap.carbon.business.pathway.path import contraction_rate
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, write_template
from tests.carbon.bills import example_with
from tests.conftest import absent
from tests.core import recalc

HALF: dict[str, Any] = {"target": "Half", "kind": "absolute", "coverage": "scope 1 and 2", "base_year": 2020,
                        "base": 1000, "year": 2030, "cut": 50}  # fmt: skip
SBTI: dict[str, Any] = {"target": "SBTi", "kind": "absolute contraction 1.5C", "coverage": "scope 1 and 2",
                        "base_year": 2022, "base": 12_500, "year": 2032}  # fmt: skip
PER_HEAD: dict[str, Any] = {"target": "Per head", "kind": "intensity", "coverage": "scope 1 and 2",
                            "per": "employees", "base_year": 2024, "year": 2030, "cut": 30}  # fmt: skip
Build = Callable[..., Report]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    example_with(tmp_path, targets="targets.xlsx")

    def job(*targets: dict[str, Any]) -> Report:
        write_template([MODEL], tmp_path / "targets.xlsx", "Targets", GUIDANCE, True, {MODEL.id: list(targets)})
        return trunk.build(read_project(tmp_path))

    return job


@pytest.mark.parametrize("year, tonnes", [(2022, 12_500), (2025, 10_925), (2030, 8_300), (2032, 7_250), (2040, 7_250)])
def test_the_published_contraction(build: Build, year: int, tonnes: float) -> None:
    """METHODS_progress A3, row 8: 12,500 t of 2022 at 4.2 % a year is 10,925 in 2025, 8,300 in 2030, 7,250 in 2032."""
    report = build(SBTI)
    table = report.section("target_paths").table
    path = TargetPath(2022, 12_500, 2032, 12_500 * (1 - contraction_rate().value * 10), 2025, np.nan, "", "")
    assert path.required(year) == pytest.approx(tonnes)
    if year <= 2032:
        found = table[(table["what"] == "path") & (table["year"] == year)]["value"].tolist()
        assert found == [pytest.approx(tonnes)]
    figure = report.figure("business.target.sbti.required")
    assert figure.value == pytest.approx(10_925)
    assert figure.trace.factors[0].verified == "recalled"
    assert any("absolute contraction is recalled" in banner for banner in report.banners)


def test_by_hand(build: Build) -> None:
    """1,000 t of 2020 halved by 2030: 750 t in 2025. The example's scope 1 and 2 stand beside it."""
    report = build(HALF)
    one, two = (report.figure(f"business.{key}").value for key in ("scope1", "scope2.location"))
    assert one is not None
    assert two is not None
    assert report.figure("business.target.half.required").value == pytest.approx(750)
    assert report.figure("business.target.half.actual").value == pytest.approx(one + two)
    assert report.figure("business.target.half.gap").value == pytest.approx(one + two - 750)
    row = report.section("targets").table.iloc[0]
    assert row["word"] == ("on track" if one + two <= 750 else "behind")
    assert row["still"] == pytest.approx((one + two - 500) / 5)


def test_an_intensity_takes_its_base_from_last_year(build: Build) -> None:
    report = build(PER_HEAD)
    before, now = (report.figure(f"business.intensity.employees{end}").value for end in (".prior", ""))
    row = report.section("targets").table.iloc[0]
    assert row["base"] == pytest.approx(before)
    assert row["actual"] == pytest.approx(now)
    assert row["end"] == pytest.approx(0.7 * row["base"])
    assert row["from"] == "from the inventory of 2024"


def test_a_base_that_nobody_gave_is_missing_and_not_zero(build: Build) -> None:
    report = build(HALF | {"base": "", "base_year": 2019})
    assert report.section("targets").table.iloc[0]["word"] == "cannot say"
    assert report.figure("business.target.half.gap").status == "missing"
    assert any("neither stated nor supplied" in note for note in report.section("targets").notes)


def test_less_than_the_least_rate_is_said(build: Build) -> None:
    report = build(SBTI | {"cut": 20})
    assert any("20 % is less than the 42.0%" in note for note in report.section("targets").notes)


@pytest.mark.parametrize(
    "change, said",
    [
        ({"year": 2019}, "a year after the base year 2020"),
        ({"cut": ""}, "per cent of the base amount"),
        ({"cut": 120}, "above 0 and up to 100 %"),
        ({"cut": 0.5}, "Write 50 for half"),
        ({"cut": 0}, "above 0 and up to 100 %"),
        ({"base": -3}, "above zero"),
        ({"kind": "intensity"}, "what an intensity is divided by"),
        ({"per": "turnover"}, "nothing, as the target is absolute"),
    ],
)
def test_wrong_targets_are_told_with_their_cell(build: Build, change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputProblems) as caught:
        build(HALF | change)
    text = str(caught.value)
    assert said in text
    assert "targets.xlsx, sheet Targets, cell " in text


@given(st.floats(1, 1e6), st.floats(0, 1), st.integers(1, 40), st.integers(0, 60))
def test_the_path_is_straight_and_ends_at_its_target(base: float, cut: float, years: int, at: int) -> None:
    end = base * (1 - cut)
    path = TargetPath(2020, base, 2020 + years, end, 2020 + at, base, "t", "")
    assert path.required(2020) == base
    assert path.required(2020 + years + at) == pytest.approx(end, abs=1e-9 * base)
    whole = [path.required(2020 + n) for n in range(years + 1)]
    assert np.allclose(np.diff(whole), -(base - end) / years)


@pytest.mark.office
def test_it_recalculates_to_its_own_values(build: Build, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice is not installed")
    publish(build(HALF, SBTI, PER_HEAD), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert not wrong
    assert count > 100


def test_a_stated_base_that_is_not_the_inventory_of_its_year_is_told(build: Build) -> None:
    """The example's own 2024 is about 1,550 t of scope 1 and 2: 3,000 t as base amount of 2024 does not fit it."""
    report = build(HALF | {"base_year": 2024, "base": 3000}, PER_HEAD)
    notes = [note for note in report.section("targets").notes if "is not that of the inventory" in note]
    assert len(notes) == 1
    assert notes[0].startswith("Half: the base amount as stated, 3,000 t CO2e")
