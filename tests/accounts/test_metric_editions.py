"""Editions of the metric side by side: what differs, how results say so, and that two are never mixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from natcap.accounts import trunk
from natcap.accounts.biodiversity import MetricError, creation, edition, enhancement
from natcap.accounts.biodiversity.differences import differences, overlaid
from natcap.accounts.biodiversity.edition import editions
from natcap.accounts.biodiversity.official import Filled, Parcel, read_filled
from natcap.accounts.biodiversity.stated import Stated, disagree
from natcap.accounts.biodiversity_account import MetricInput, show
from natcap.accounts.habitats_account.model import GUIDANCE, MODELS
from natcap.accounts.wings import Setting
from natcap.core.problems import InputProblems, Problems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.resources import root
from natcap.core.sources import sources
from natcap.core.workbook import publish, write_template
from tests.accounts.maps import project
from tests.conftest import absent
from tests.core import recalc

OLD, NEW = edition("4.1"), edition("statutory")
NO = "Area/compensation not in local strategy/ no local strategy"
WOOD, CEREAL = "Woodland and forest - Wet woodland", "Cropland - Cereal crops"
NEUTRAL, MODIFIED = "Grassland - Other neutral grassland", "Grassland - Modified grassland"
META = ["source", "locator", "verified"]
ON: dict[str, Any] = {"place": "on site", "significance": NO}
WET: dict[str, Any] = ON | {"label": "B", "habitat": WOOD, "size": 1.0, "condition": "Poor", "irreplaceable": "no",
                            "retained": 0.0, "enhanced": 1.0}  # fmt: skip
BETTER: dict[str, Any] = {"label": "C", "parcel": "B", "habitat": WOOD, "size": 1.0, "condition": "Fairly Poor",
                          "significance": NO}  # fmt: skip
MADE: dict[str, Any] = ON | {"label": "2", "habitat": NEUTRAL, "size": 2.0, "condition": "Fairly Good"}
GROUND: dict[str, Any] = WET | {"label": "S", "habitat": "Urban - Developed land; sealed surface", "size": 2.0,
                                "condition": "N/A - Other", "enhanced": 0.0}  # fmt: skip
"""Ground without units on which MADE is planted."""
BY_OLD = 6 + 3 * 0.67 * 0.7002822742
BY_NEW = 6 + 3 * 0.67 * 0.8368287006
"""1 ha of wet woodland, high (6), poor (1) to fairly poor (1.5), difficulty medium (0.67): the gain of 3 comes after 10
years by 4.1 (sheet G-5, cell O102) and 5 by the statutory tables; 0.965^10 and 0.965^5."""

Build = Callable[..., Report]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def job(name: str = "", **sheets: list[dict[str, Any]]) -> Report:
        write_template(MODELS, tmp_path / "habitats.xlsx", "Habitats", GUIDANCE, True, sheets)
        choices = {"metric_edition": name} if name else {}
        return trunk.build(read_project(project(tmp_path, {"habitats": "habitats.xlsx"}, choices)))

    return job


def test_both_editions_are_whole_and_differ_in_the_stated_cells_only() -> None:
    """65 cells were listed: 61 times and 2 difficulties differ; 2 more are printed on a sheet no formula reads."""
    assert editions() == ("4.1", "statutory")
    assert NEW.creation.drop(columns=META).size == 924
    assert NEW.enhancement.drop(columns=META).size == 2904
    assert not NEW.enhancement.eq("").any(axis=None)
    assert (NEW.enhancement != OLD.enhancement).sum().sum() == 61
    assert (NEW.habitats["area"] != OLD.habitats["area"]).sum().sum() == 2
    for name in ("area_creation_years", "area_condition", "hedgerow_uplift_years", "hedgerow_movement", "watercourses"):
        assert NEW.table(name).equals(OLD.table(name))
    assert NEW.multipliers == OLD.multipliers
    folder = root("factors") / "biodiversity" / "metric_statutory"
    assert len(NEW.differences) == 63
    assert len(pd.read_csv(folder / "without_effect.csv")) == 2
    for item in NEW.differences.values():
        assert item.verified == "read-secondary"
        assert {item.source, *item.also_in} <= set(sources())
        assert item.value == "not possible" or item.value == "30+" or item.value.isdigit() or item.value == "Low"


def test_the_time_of_the_edition_is_taken() -> None:
    for e, wanted, years in ((OLD, BY_OLD, 10), (NEW, BY_NEW, 5)):
        got = enhancement(e, "area", WOOD, "Poor", WOOD, "Fairly Poor", 1, NO)
        assert got.units == pytest.approx(wanted, abs=1e-9)
        assert got.years == years


def test_thirty_and_more_than_thirty_years() -> None:
    """Blanket bog, poor to good: 30 years by 4.1, 30+ by the statutory tables; 0.965^30 against 0.965^32."""
    bog = "Wetland - Blanket bog"
    multipliers = [enhancement(e, "area", bog, "Poor", bog, "Good", 1, NO).temporal for e in (OLD, NEW)]
    assert multipliers == [0.3434151104, 0.3197967361]


def test_what_one_edition_allows_and_the_other_does_not() -> None:
    """Modified grassland from something lower without a condition: 1 year by 4.1, not possible by the other."""
    cell = OLD.enhancement_cell("area", "Urban - Developed land; sealed surface", "N/A - Other", MODIFIED,
                                "Condition Assessment N/A")  # fmt: skip
    assert (OLD.held(cell), NEW.held(cell)) == ("1", "not possible")
    with pytest.raises(MetricError, match="not possible in metric statutory"):
        NEW.text(cell)


def test_a_base_that_was_edited_is_refused(tmp_path: Path) -> None:
    folder = root("factors") / "biodiversity" / "metric_statutory"
    rows = differences(folder / "differences.csv")
    first = next(iter(rows.values()))
    tables = {"area_enhancement_years": OLD.enhancement}
    with pytest.raises(ValueError, match=r"the base edition holds '1' in .*, not '7'"):
        overlaid(tables, [replace(first, base="7")])
    with pytest.raises(ValueError, match="has no cell"):
        overlaid(tables, [replace(first, cell=("area_enhancement_years", "Heath", "Poor - Good"))])
    text = (folder / "differences.csv").read_text(encoding="utf-8").splitlines()
    (tmp_path / "differences.csv").write_text("\n".join([*text, text[1]]), encoding="utf-8")
    with pytest.raises(ValueError, match="for the second time"):
        differences(tmp_path / "differences.csv")


def test_a_result_names_its_edition_and_marks_what_was_read_in_a_copy(build: Build) -> None:
    report = build("statutory", baseline=[WET, GROUND], enhanced=[BETTER], created=[MADE])
    assert report.run.choices["metric_edition"] == "statutory"
    assert "biodiversity metric statutory" in report.run.editions
    figure = report.figure("biodiversity.area.parcel.area_enhanced_c")
    assert figure.value == pytest.approx(BY_NEW, abs=1e-9)
    assert "read in a secondary copy, not verified" in figure.label
    ref = next(ref for ref in figure.trace.factors if ref.id == "bngstat-015")
    assert (ref.value, ref.verified) == (5.0, "read-secondary")
    assert "4.1 has 10" in ref.note
    assert "bng-metric-backend" in ref.source
    assert "secondary copy" in report.figure("biodiversity.area.net.project").label
    assert "secondary copy" not in report.figure("biodiversity.area.parcel.area_created_2").label
    assert any("1 parcel rests on cells of metric statutory" in banner for banner in report.banners)
    told = [s for s in report.sections if s.id.startswith("biodiversity_") and "beside" not in s.id]
    assert all(s.title.endswith(", metric statutory") for s in told)
    assert all("Computed by edition statutory" in s.notes[0] for s in told)
    enhanced, created = (report.section(f"biodiversity_{step}").table for step in ("enhanced", "created"))
    assert enhanced["origin"].tolist() == ["metric statutory: read in a secondary copy, not verified"]
    assert created["origin"].tolist() == ["metric 4.1, read"]


def test_the_plan_by_both_editions(build: Build) -> None:
    """Baseline 6; net change 3 x 0.67 x 0.965^n: +23.46 % by 4.1 and +28.03 % by the other: both meet 10 %."""
    report = build("", baseline=[WET], enhanced=[BETTER])
    assert report.run.choices["metric_edition"] == "4.1"
    assert report.figure("biodiversity.area.parcel.area_enhanced_c").value == pytest.approx(BY_OLD, abs=1e-9)
    assert not any("secondary" in banner for banner in report.banners)
    assert "secondary" not in report.figure("biodiversity.area.net.project").label
    section = report.section("biodiversity_beside_statutory")
    row = section.table.iloc[0]
    assert (row["cell"], row["other"]) == ("10", "5")
    assert row["more"] == pytest.approx(BY_NEW - BY_OLD, abs=1e-9)
    assert "by +1.4076 (+23.46%) by 4.1 and by +1.6820 (+28.03%) by statutory" in section.summary
    assert "the test of 10% comes out alike" in section.summary
    assert "found the years to target, Poor - Fairly Poor" in str(report.warnings[0])
    assert "metric statutory has 5" in str(report.warnings[0])


def test_a_plan_that_the_editions_share_says_so(build: Build) -> None:
    report = build("", baseline=[GROUND], created=[MADE])
    assert not [s.id for s in report.sections if "beside" in s.id]
    assert any("each gives the same units" in note for note in report.notes)
    assert report.warnings == ()


def test_rows_of_two_editions_are_never_mixed(build: Build) -> None:
    with pytest.raises(InputProblems) as caught:
        build("", baseline=[WET | {"edition": "4.1"}], enhanced=[BETTER | {"edition": "statutory"}])
    text = str(caught.value)
    assert "sheet Enhanced, cell J2: found 'metric statutory', expected 4.1, the edition of the project" in text
    assert "units of two editions are never mixed" in text
    assert build("statutory", baseline=[WET | {"edition": "statutory"}], enhanced=[BETTER])


@pytest.fixture(scope="module")
def empty(shared: Path) -> Filled:
    problems = Problems()
    found = read_filled(shared / "samples" / "biodiversity" / "metric-4.1-empty.xlsm", problems)
    assert problems == []
    return found


def test_the_official_workbook_says_which_edition_it_is(empty: Filled) -> None:
    """Start, cell D8, holds 4.1, which later tools may hold too; its sheet G-5 is that of 4.1 in all 2,904 cells."""
    assert (empty.parcels, empty.stated.version, empty.stated.cell) == ([], "4.1", "D8")
    assert len(empty.stated.times) == 2904
    assert (empty.stated.apart(OLD), empty.stated.apart(NEW)) == (0, 61)
    assert empty.stated.fits == ("4.1",)


@pytest.mark.parametrize("name", ["4.1", "statutory"])
def test_the_empty_workbook_opens_under_both(name: str, shared: Path, tmp_path: Path) -> None:
    folder = project(tmp_path, {"metric": "metric.xlsm"}, {"metric_edition": name})
    (folder / "metric.xlsm").write_bytes((shared / "samples" / "biodiversity" / "metric-4.1-empty.xlsm").read_bytes())
    with pytest.raises(InputProblems, match="without a parcel"):
        trunk.build(read_project(folder))


def test_a_workbook_of_another_edition_is_told(empty: Filled) -> None:
    problems = Problems()
    disagree(NEW, empty.stated, "metric.xlsm", problems)
    assert "sheet G-5 Enhancement Temporal: found '61 enhancement times that metric statutory holds otherwise" in str(
        problems.warnings[0]
    )
    assert 'metric_edition = "4.1"' in str(problems.warnings[0])
    for e, found, words in (
        (OLD, Stated("1.0.4", "D8"), "sheet Start, cell D8: found 'version 1.0.4', expected metric 4.1"),
        (OLD, replace(empty.stated, version="1.0.4"), "with the enhancement times of metric 4.1"),
    ):
        problems = Problems()
        disagree(e, found, "metric.xlsm", problems)
        assert words in str(problems.warnings[0])
    for e, found in ((OLD, empty.stated), (OLD, Stated()), (NEW, Stated("statutory"))):
        problems = Problems()
        disagree(e, found, "metric.xlsm", problems)
        assert problems == []


def test_an_official_workbook_by_both_editions(empty: Filled, tmp_path: Path) -> None:
    before = Parcel("A-1 On-Site Habitat Baseline", 11, "area", True, "baseline", WOOD, 1.0, "Poor", NO, 6.0,
                    enhanced=1.0, cells={"units": "X11"})  # fmt: skip
    after = Parcel("A-3 On-Site Habitat Enhancement", 12, "area", True, "enhancement", WOOD, 1.0, "Fairly Poor", NO,
                   BY_OLD, before=WOOD, start="Poor", cells={"units": "AN12"})  # fmt: skip
    setting = Setting(read_project(project(tmp_path, {}, {})), ("opening", "closing"))
    wing = show(setting, MetricInput("metric.xlsm", (before, after), NEW, empty.stated))
    assert wing.controls["metric workbook"] == "version 4.1 on its start sheet, enhancement times of 4.1"
    assert len(wing.warnings) == 2  # the workbook is of another edition, and one parcel differs for that
    sections = {section.id: section for _, section in wing.sections}
    assert sections["biodiversity_beside_4_1"].table["more"].tolist() == [pytest.approx(BY_OLD - BY_NEW, abs=1e-9)]
    made = next(f for f in wing.figures if f.id == "biodiversity.area.enhanced.on_site")
    assert [ref.id for ref in made.trace.factors] == ["bngstat-015"]
    assert "secondary copy" in made.label
    assert wing.banners


@pytest.mark.parametrize(
    ("kind", "move", "wet", "wanted"),
    [
        # Printed by sheets C-3 and A-3 of the official workbook 4.1, 1 km or 1 ha, as LibreOffice calculates them.
        # ((6 x 3 - 4 x 1.5) x 0.67 x 0.965^10 + 6) x 0.8 x 0.9
        ("watercourse", ("Canals", "Fairly Poor", "Other rivers and streams", "Good"), True, 8.37379402888896),
        # ((4 x 2.5 - 4 x 1) x 0.67 x 0.965^6 + 4) x 0.8 x 0.9
        ("watercourse", ("Canals", "Poor", "Ditches", "Fairly Good"), True, 5.21734289639184),
        # condition stays, only banks and channel change: 4 x 2.5 x 0.8 x 0.9
        ("watercourse", ("Ditches", "Fairly Good", "Ditches", "Fairly Good"), True, 7.2),
        # (4 x 3 - 4 x 1.5) x 0.67 x 0.965^4 + 6: medium to another broad habitat of its band
        ("area", ("Heathland and shrub - Gorse scrub", "Fairly Poor", "Intertidal sediment - Littoral sand", "Good"),
         False, 9.486063602412),
    ],
)  # fmt: skip
def test_moves_that_the_official_sheets_count(kind: Any, move: tuple[str, ...], wet: bool, wanted: float) -> None:
    banks = {"encroachment": "Minor", "riparian": "Moderate/ Minor"} if wet else {}
    for e in (OLD, NEW):
        assert enhancement(e, kind, *move, 1, NO, **banks).units == pytest.approx(wanted, abs=1e-9)  # type: ignore[arg-type]


def test_like_for_like_is_still_refused() -> None:
    oak = "Woodland and forest - Upland oakwood"
    with pytest.raises(MetricError, match="same habitat"):
        enhancement(OLD, "area", WOOD, "Poor", oak, "Good", 1, NO)
    with pytest.raises(MetricError, match="trades down"):
        enhancement(OLD, "watercourse", "Priority habitat", "Poor", "Ditches", "Good", 1, NO)


def test_a_move_that_breaks_a_trading_rule_fails_its_test(build: Build) -> None:
    """1 ha of gorse scrub (4 units) enhanced to littoral sand: the scrub is lost, and sand is not its broad habitat."""
    gorse, sand = "Heathland and shrub - Gorse scrub", "Intertidal sediment - Littoral sand"
    report = build(
        "", baseline=[WET | {"habitat": gorse, "condition": "Poor"}],
        enhanced=[BETTER | {"habitat": sand, "condition": "Good"}],
    )  # fmt: skip
    row = report.section("biodiversity_trading").table.set_index("habitat").loc[gorse]
    assert row["unmet"] == pytest.approx(4.0)
    assert row["result"].startswith("Fail")


@pytest.mark.office
def test_the_comparison_recalculates(build: Build, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    report = build("statutory", baseline=[WET, GROUND], enhanced=[BETTER], created=[MADE])
    publish(report, tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 20
    assert wrong == []


def test_creation_is_the_same_by_both() -> None:
    for habitat in OLD.creation.index[:40]:
        for condition in ("Good", "Poor"):
            try:
                wanted = creation(OLD, "area", habitat, 1, condition, NO).units
            except MetricError:
                continue
            assert creation(NEW, "area", habitat, 1, condition, NO).units == wanted


def test_two_hundred_random_enhancements_by_the_formula_alone() -> None:
    """((a D1 C1 - a D0 C0) F T + a D0 C0) S with scores of A6 of the method, T = 0.965^n and 0.965^32 for 30+."""
    bands = {"V.High": 8, "High": 6, "Medium": 4, "Low": 2, "V.Low": 0}
    hard = {"Low": 1.0, "Medium": 0.67, "High": 0.33, "Very High": 0.1}
    scores = {"Good": 3, "Fairly Good": 2.5, "Moderate": 2, "Fairly Poor": 1.5, "Poor": 1}
    draw, done = np.random.default_rng(4), 0
    habitats = OLD.habitats["area"]
    names = [name for name in habitats.index if not name.startswith("Individual")]
    while done < 200:
        e = (OLD, NEW)[done % 2]
        after = str(draw.choice(names))
        before = after if draw.random() < 0.6 else str(draw.choice(names))
        start, target = (str(c) for c in draw.choice(list(scores), 2))
        size, advance = float(draw.uniform(0.01, 30)), int(draw.integers(0, 20))
        try:
            got = enhancement(e, "area", before, start, after, target, size, NO, advance)
        except MetricError:
            continue
        lower, higher = (bands[str(habitats.loc[name, "distinctiveness"])] for name in (before, after))
        rises = before != after and lower < higher
        text = str(e.enhancement.loc[after, f"{'Lower Distinctiveness Habitat' if rises else start} - {target}"])
        left = (30 - advance if advance else 32) if text == "30+" else max(int(text) - advance, 0)
        reached = text != "30+" and int(text) <= advance
        f = 1.0 if reached else hard[str(e.habitats["area"].loc[after, "difficulty_enhancement"])]
        base = size * lower * scores[start]
        wanted = (size * higher * scores[target] - base) * f * 0.965**left + base
        assert got.units == pytest.approx(wanted, rel=1e-8), (before, start, after, target, advance)
        done += 1
