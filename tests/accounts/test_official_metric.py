"""The whole metric against its publisher's own workbook, filled with hundreds of parcels and run in LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from natcap.accounts import trunk
from natcap.accounts.biodiversity import MetricError, Parcel, edition, read_official, recompute, totals
from natcap.core.problems import Problems
from natcap.core.project import read_project
from natcap.core.workbook import publish
from tests.accounts.maps import project
from tests.accounts.official_metric import fill
from tests.conftest import absent
from tests.core import recalc

E = edition("4.1")
C2_BLANK = "C-2 On-Site WaterC' Creation"
"""The printed formula here writes "30+ " with a space for delays beyond 30 years, and then finds no multiplier."""


@pytest.fixture(scope="module")
def filled(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = shutil.which("soffice")
    if office is None:
        absent("LibreOffice (soffice)")
    folder = tmp_path_factory.mktemp("metric")
    fill(shared / "samples" / "biodiversity" / "metric-4.1-empty.xlsm", folder / "filled.xlsx", E, seed=3)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    convert = ["--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out"), "filled.xlsx"]
    subprocess.run([str(office), profile, *convert], cwd=folder, check=True, capture_output=True, timeout=300)
    return folder / "out" / "filled.xlsx"


@pytest.fixture(scope="module")
def parcels(filled: Path) -> list[Parcel]:
    problems = Problems()
    found = read_official(filled, problems)
    assert problems == []
    return found


@pytest.mark.office
def test_the_report_shows_every_parcel_and_every_difference(filled: Path, tmp_path: Path) -> None:
    folder = project(tmp_path / "estate", {"metric": "filled.xlsx"}, {})
    shutil.copyfile(filled, folder / "filled.xlsx")
    report = trunk.build(read_project(folder))
    problems = Problems()
    parcels = read_official(filled, problems)
    table = report.section("biodiversity_parcels").table
    assert len(table) == len(parcels)
    assert report.section("biodiversity_units").number == "13"
    assert set(table.loc[table["agrees"] == "differs", "sheet"]) <= {C2_BLANK}
    # Parcels were drawn without regard to the land: sheet A-2 says so itself, and sizes are to be enhanced in vain.
    land, *others = [w for w in report.warnings if "agree" not in str(w) and "units that follow" not in str(w)]
    assert "sheet A-2 On-Site Habitat Creation, cell K6" in str(land)
    assert "the check of the workbook says 'Error - Area created does not equal area lost" in str(land)
    assert all("on the sheet of enhancements" in str(w) for w in others)
    assert len(report.warnings) - len(others) - 1 == (table["agrees"] == "differs").sum()
    assert "no result can be relied on" in report.section("biodiversity_gain").table["result"][0]
    assert any("area units cannot be relied on" in banner for banner in report.banners)
    expected = totals(E, [parcels[n] for n in np.flatnonzero(recompute(E, parcels)["computed"].notna())])
    for row in expected.to_dict("records"):
        for part in ("baseline", "net"):
            assert report.figure(f"biodiversity.{row['kind']}.{part}.on_site").value == pytest.approx(row[part])
    traced = report.figure("biodiversity.area.baseline.on_site").trace.inputs
    assert sum(float(ref.value) for ref in traced) == pytest.approx(expected["baseline"][0], rel=1e-9)
    publish(report, tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert count > 400
    assert wrong == []


@pytest.mark.office
def test_every_parcel_agrees_with_the_official_formulas(parcels: list[Parcel]) -> None:
    table = recompute(E, parcels)
    by_sheet = table.groupby("sheet").size()
    assert by_sheet.sum() > 800
    assert len(by_sheet) == 9
    apart = table[~table["agrees"]]
    known = (apart["sheet"] == C2_BLANK) & apart["printed"].isna()
    assert apart[~known].empty, apart[~known].to_string()
    assert (~table["computed"].isna()).mean() > 0.95


@pytest.mark.office
def test_totals_keep_the_three_kinds_apart(parcels: list[Parcel]) -> None:
    with pytest.raises(MetricError, match="unacceptable"):
        totals(E, parcels)
    table = totals(E, [parcels[n] for n in np.flatnonzero(recompute(E, parcels)["computed"].notna())])
    assert table["kind"].tolist() == ["area", "hedgerow", "watercourse"]
    apart = table["retained"] + table["created"] + table["enhanced"] - table["baseline"] - table["net"]
    assert apart.abs().max() < 1e-9 * table["baseline"].sum()


@pytest.mark.office
def test_withheld_units_are_withheld_where_the_official_formulas_do(parcels: list[Parcel]) -> None:
    """45 rows: irreplaceable wood, lowland meadow and priority river, each kept, enhanced or lost, agreed or not."""
    table = recompute(E, parcels)
    mine = [n for n, p in enumerate(parcels) if p.step == "baseline" and p.size == 2 and p.retained + p.enhanced < 2
            and (p.irreplaceable or p.habitat in ("Grassland - Lowland meadows", "Priority habitat"))]  # fmt: skip
    assert len(mine) == 27
    for n in mine:
        assert bool(np.isnan(table.loc[n, "printed"])) != parcels[n].agreed, parcels[n]
        assert table.loc[n, "agrees"], parcels[n]


@pytest.mark.office
def test_a_changed_figure_is_shown(parcels: list[Parcel]) -> None:
    """The comparison can fail: one printed value off by 0.001 is told."""
    printed = parcels[5].printed
    assert isinstance(printed, float)
    bent = [*parcels[:5], replace(parcels[5], printed=printed + 0.001), *parcels[6:]]
    table = recompute(E, bent)
    assert not table.loc[5, "agrees"]
    assert table.loc[5, "difference"] == pytest.approx(-0.001, abs=1e-9)


def test_empty_official_workbook_opens(shared: Path) -> None:
    problems = Problems()
    found = read_official(shared / "samples" / "biodiversity" / "metric-4.1-empty.xlsm", problems)
    assert (found, problems) == ([], [])


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_csv(tmp_path / "x.csv")
    problems = Problems()
    assert read_official(tmp_path / "x.csv", problems) == []
    assert "no sheet of the metric" in str(problems[0])


def test_a_broken_workbook_is_a_problem(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "x.xlsx", "w") as archive:
        archive.writestr("nothing.txt", "x")
    problems = Problems()
    assert read_official(tmp_path / "x.xlsx", problems) == []
    assert len(problems.errors) == 1
