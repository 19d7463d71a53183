"""Projections of flows as a project gives them: the workbook, the CSV, the choices, and the way back to the cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from natcap.accounts import start
from natcap.accounts.assets_account.projection_model import GUIDANCE, MODEL
from natcap.core.explain import explain
from natcap.core.report import Report
from natcap.core.workbook import write_template
from tests.accounts.projections import factors_of
from tests.accounts.service_projects import PRICE, READ, Build, builder, told

DF = factors_of(100)
FILL = {"projection_between": "linear", "projection_after": "last"}
FLOWS: dict[str, Any] = {
    "readings": [{**READ, "service": "timber", "year": year, "flow": flow, "unit": "m3_overbark"}
                 for year, flow in ((2021, 90), (2022, 130), (2023, 100))],
    "unit_values": [{**PRICE, "service": "timber", "value": 27, "unit": "GBP/m3_overbark"}],
}  # fmt: skip
ROWS = [{"service": "timber", "year": year, "index": index, "source": "a forecast, table 3"}
        for year, index in ((2021, 100), (2023, 100), (2032, 100), (2033, 50))]  # fmt: skip


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Build:
    return builder(tmp_path_factory.mktemp("projections"))


def sheet(build: Build, rows: list[dict[str, Any]], choices: dict[str, Any] | None = None, **other: Any) -> Report:
    folder = Path(build.__closure__[0].cell_contents)  # type: ignore[attr-defined]
    write_template((MODEL,), folder / "p.xlsx", "Projections", GUIDANCE, False, {"projections": rows})
    return build(FILL | (choices or {}), {"projections": "p.xlsx"}, **(FLOWS | other))


def test_timber_of_a_project_by_hand(build: Build) -> None:
    """100 m3 at 27 GBP in 2023 (the mean of the three years would be 106.67): ten years whole, ninety half."""
    report = sheet(build, ROWS)
    value = report.figure("assets.value.closing.all.timber").value
    assert value == pytest.approx(2700 * (DF[:10].sum() + DF[10:100].sum() / 2), rel=1e-12)
    assert any(i["name"] == "projections" and len(i["sha256"]) == 64 for i in report.run.inputs)
    said = explain(report, "assets.value.closing.all.timber").text()
    assert "from p.xlsx, Projections, D" in said
    assert "factor projection.timber.2033" in said
    ranges = next(s for s in report.sections if s.id == "ranges_asset").table
    assert ranges["central"].max() == pytest.approx(value)


def written(build: Build, lines: list[str]) -> dict[str, str]:
    """A CSV in the folder of the project, as its input."""
    folder = Path(build.__closure__[0].cell_contents)  # type: ignore[attr-defined]
    (folder / "p.csv").write_text("\n".join(["service,year,index,source", *lines]) + "\n", encoding="utf-8")
    return {"projections": "p.csv"}


LINES = [f"timber,{r['year']},{r['index']},a forecast" for r in ROWS]


def test_a_csv_does_as_well(build: Build) -> None:
    report = build(FILL, written(build, LINES), **FLOWS)
    assert report.figure("assets.projection.closing.timber").value == pytest.approx(0.55)
    assert report.figure("assets.projection.closing.timber").trace.inputs[0].cell == "C3"


def test_what_is_no_projection_is_refused_at_its_cell(build: Build) -> None:
    bad = ["timber,2040,a lot,x", "timber,2033,1,x", "amenity,2023,1,x", "timber,2041,,x", "timbre,2042,1,x",
           "pollination,2023,1,x"]  # fmt: skip
    said = told(build, FILL, written(build, [*LINES, *bad]), **FLOWS)
    for part in ("cell C6: found a lot", "cell B7: found the year 2033 of timber for the second time",
                 "cell A8: found a projection of Amenity", "cell C9: found", "cell A10: found 'timbre'",
                 "cell A11: found a projection of Pollination"):  # fmt: skip
        assert part in said, part
    said = told(build, {}, written(build, LINES[1:]), **FLOWS)
    assert "no index of timber for 2021" in said
    assert 'projection_after = "last"' in said


def test_projections_stand_beside_services_and_choices_beside_projections(build: Build) -> None:
    assert "choices.projection_after: found the choice projection_after alone" in told(
        build, {"projection_after": "last"}, **FLOWS)  # fmt: skip
    assert "inputs.projections: found 'projections without asset values'" in told(
        build, {"assets": False}, {"projections": "p.csv"}, **FLOWS)  # fmt: skip
    assert "services, and not assets = false" in told(build, {"services": None}, {"projections": "p.csv"})
    said = told(build, {"projection_between": "spline"}, {"projections": "p.csv"}, **FLOWS)
    assert "projection_between: one of none, linear, step" in said


def test_new_projects_have_the_template(tmp_path: Path) -> None:
    written = [path.name for path in start.write_templates(tmp_path)]
    assert "projections.xlsx" in written
    assert 'projections = "projections.xlsx"' in (tmp_path / "natcap.toml").read_text(encoding="utf-8")
