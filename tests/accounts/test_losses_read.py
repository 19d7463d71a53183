"""The workbook of catastrophic losses: what is read, and every bad row at its cell with its remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from natcap.accounts.assets_account.losses.model import GUIDANCE, MODEL
from natcap.accounts.assets_account.losses.read import Losses, read_losses
from natcap.accounts.reader import InputReader
from natcap.core.project import Period, Project
from natcap.core.workbook import write_template
from tests.accounts.service_projects import PRICE, WEST, Build, builder, told

_ROW = {"event": "Storm", "year": 2022, "zone": "West", "type": "Woodland", "evidence": "a survey"}


def read(folder: Path, *rows: dict[str, Any], valued: bool = True, **choices: Any) -> tuple[Losses | None, list[str]]:
    write_template([MODEL], folder / "losses.xlsx", "Losses", GUIDANCE, True, {"losses": [_ROW | row for row in rows]})
    named = {"services": "library", "opening_year": 2020, "closing_year": 2023} | choices
    named = {key: value for key, value in named.items() if value is not None}
    project = Project(folder, "accounts", "Test", Period.parse("2023"), "", {"losses": "losses.xlsx"}, named)
    reader = InputReader(project)
    found = read_losses(reader, valued)
    return found, [str(problem) for problem in reader.problems]


def test_area_and_flow(tmp_path: Path) -> None:
    """20,000 litres are 20 m3."""
    found, said = read(
        tmp_path, {"hectares": 15}, {"flow": 20_000, "unit": "litre", "service": "Water supply", "note": "burst bank"}
    )
    assert said == []
    assert found is not None
    area, flow = found.rows
    assert (area.event, area.year, area.measure, area.amount, area.service) == ("Storm", 2022, "area", 15.0, "")
    assert (flow.service, flow.measure, flow.unit, flow.entered) == ("water_supply", "flow", "litre", 20_000.0)
    assert flow.amount == pytest.approx(20.0)
    assert area.row["_cell_hectares"].startswith("F")


@pytest.mark.parametrize(
    ("row", "column", "parts"),
    [
        ({"hectares": 1, "flow": 2, "service": "timber", "unit": "m3"}, "G", ["an area and a flow", "two rows"]),
        ({}, "F", ["no area and no flow", "either an area or a flow"]),
        ({"hectares": -3}, "F", ["-3", "an amount above 0", "without a minus"]),
        ({"hectares": 0}, "F", ["an amount above 0", "delete the row"]),
        ({"hectares": 3, "year": 2020}, "B", ["the year 2020", "from 2021 to 2023", "opening value"]),
        ({"hectares": 3, "year": 2024}, "B", ["the year 2024", "from 2021 to 2023"]),
        ({"hectares": 3, "service": "timbr"}, "E", ["Did you mean 'timber'?"]),
        ({"hectares": 3, "service": "minerals"}, "E", ["abiotic flow", "below the line"]),
        ({"hectares": 3, "unit": "m2"}, "H", ["An area is given in hectares", "ha, or blank"]),
        ({"hectares": 3, "type": ""}, "D", ["no ecosystem type"]),
        ({"flow": 3, "unit": "m3"}, "E", ["no service", "Name one in each row"]),
        ({"flow": 3, "service": "timber"}, "H", ["no unit", "m3_overbark"]),
        ({"flow": 3, "service": "timber", "unit": "kg"}, "H", ["m3_overbark, or a unit that converts", "different"]),
    ],
)
def test_a_bad_row_is_told_at_its_cell(row: dict[str, Any], column: str, parts: list[str], tmp_path: Path) -> None:
    found, said = read(tmp_path, {"hectares": 1, "event": "Fire"}, row)
    assert found is None
    (only,) = said
    assert f"losses.xlsx, sheet Losses, cell {column}" in only
    assert all(part in only for part in parts), only


def test_a_loss_that_stands_twice(tmp_path: Path) -> None:
    _, said = read(tmp_path, {"hectares": 1}, {"hectares": 2, "service": "timber", "event": "STORM"})
    assert len(said) == 1
    assert "a second area of STORM" in said[0]
    assert "a blank service stands for every service" in said[0]
    apart, none = read(tmp_path, {"hectares": 1, "service": "timber"}, {"hectares": 2, "service": "recreation"},
                       {"flow": 2, "service": "timber", "unit": "m3_overbark"},
                       {"hectares": 1, "event": "Fire"})  # fmt: skip
    assert none == []
    assert apart is not None


def test_losses_need_an_account_to_be_taken_from(tmp_path: Path) -> None:
    _, said = read(tmp_path, {"hectares": 1}, services=None)
    assert "natcap.toml, cell inputs.losses: found losses without services" in said[0].replace("'", "")
    assert 'services = "library"' in said[0]
    _, said = read(tmp_path, {"hectares": 1}, valued=False)
    assert "assets = false" in said[0]
    _, said = read(tmp_path)
    assert "sheet Losses: found no row" in said[0]
    assert "none recorded" in said[0]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    return builder(tmp_path)


def test_a_project_with_a_workbook_of_losses(build: Build, tmp_path: Path) -> None:
    """West: 4 ha of arable become 2, each with 310 visits at £1.40: 310 x 1.4 x 29.8125 = £12,938.64 a hectare. Of the
    2 ha a flood took 1.5, £19,408; the reductions keep 0.5, £6,469."""
    row = _ROW | {"event": "Flood", "zone": WEST, "type": "Enclosed farmland", "hectares": 1.5}
    write_template([MODEL], tmp_path / "losses.xlsx", "Losses", GUIDANCE, True, {"losses": [row]})
    told_by = {"confidence": "Green", "evidence": "a count"}
    visits = {"service": "recreation", "habitat": "arable", "parameter": "visits", "value": 310, "unit": "visit/ha/yr"}
    price = PRICE | {"service": "recreation", "value": 1.4, "unit": "GBP/visit"}
    report = build({"services": "own"}, {"losses": "losses.xlsx"}, parameters=[visits | told_by], unit_values=[price])
    assert report.figure("assets.entry.catastrophic.total").value == pytest.approx(-19_408, abs=1)
    assert report.figure("assets.entry.reductions.total").value == pytest.approx(-6_469, abs=1)
    cell = report.figure("assets.loss.flood.E06000016.enclosed_farmland.all.area").trace.inputs[0]
    assert (cell.file, cell.cell[0], cell.value) == ("losses.xlsx", "F", "1.5")
    assert "losses.xlsx" in str(report.run.inputs)


def test_a_project_asks_for_services(build: Build, tmp_path: Path) -> None:
    write_template([MODEL], tmp_path / "losses.xlsx", "L", GUIDANCE, True, {"losses": [_ROW | {"hectares": 1.5}]})
    assert "losses without services" in told(build, {}, {"losses": "losses.xlsx"})
