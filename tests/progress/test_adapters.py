"""Official files as they are: each adapter gives the tidy rows that travel with the program."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from natcap.core.problems import Problems
from natcap.core.project import read_project
from natcap.core.resources import root
from natcap.core.sources import sources
from natcap.progress.adapters import ADAPTERS, adapt
from natcap.progress.definitions import indicators
from natcap.progress.inputs import Inputs
from natcap.progress.observations import observations_from
from natcap.progress.trunk import read

FILES = [
    ("la_co2", "la_co2_emissions_2005_2020.csv", 4640),
    ("ons_els", "ons_els_greenhouse_gas_emissions.csv", 266),
    ("ons_els", "ons_els_environment_regulating.csv", 726),
    ("recycling", "recycling.csv", 81),
    ("renewables", "renewable_electricity_generation.csv", 99),
    ("ev_charging", "electric-vehicle-charging-device-statistics-july-2023.ods", 448),
]


@pytest.fixture(scope="module")
def statistics(shared: Path) -> Path:
    return shared / "samples" / "statistics"


def adapted(name: str, path: Path, inputs: Inputs) -> tuple[pd.DataFrame, Problems]:
    problems = Problems()
    raw = adapt(name, path, path.name, "2099", inputs.areas, problems)
    known = set(sources()) | set(sources(root("data")))
    return observations_from(raw, indicators(), inputs.areas, known, problems), problems


@pytest.mark.parametrize(("name", "file", "count"), FILES, ids=[f[1][:20] for f in FILES])
def test_the_tidy_data_are_what_the_file_says(
    name: str, file: str, count: int, statistics: Path, inputs: Inputs
) -> None:
    found, problems = adapted(name, statistics / file, inputs)
    assert list(problems) == []
    assert len(found) == count
    keys = ["indicator", "part", "area", "period"]
    both = found.merge(inputs.table, on=keys, how="left", suffixes=("", "_ours"), validate="one_to_one")
    assert both["status_ours"].notna().all(), "every row is in the data"
    assert (both["status"] == both["status_ours"]).all()
    assert (both["unit"] == both["unit_ours"]).all()
    valued = both["value"].notna()
    assert (valued == both["value_ours"].notna()).all()
    assert (both["value"] - both["value_ours"])[valued].abs().max() < 1e-9


def test_a_suppressed_cell_is_a_word(statistics: Path, inputs: Inputs) -> None:
    found, _ = adapted("renewables", statistics / "renewable_electricity_generation.csv", inputs)
    hidden = found[(found["area"] == "E06000016") & (found["part"] == "Anaerobic Digestion")]
    assert hidden["status"].tolist() == ["confidential"]
    assert hidden["value"].isna().all()


def test_a_value_keeps_its_cell(statistics: Path, inputs: Inputs) -> None:
    found, _ = adapted("la_co2", statistics / "la_co2_emissions_2005_2020.csv", inputs)
    leicester = found[(found["area"] == "E06000016") & (found["period"] == "2005") & (found["part"] == "")]
    total = leicester[leicester["indicator"] == "C03"].iloc[0]
    line = (statistics / "la_co2_emissions_2005_2020.csv").read_text(encoding="utf-8").splitlines()[total["_row"] - 1]
    assert line.startswith("2005,LCE,Leicester City Council")
    assert total["_cell_value"] == f"AE{total['_row']}"
    assert total["value_text"] in line


def test_a_file_of_another_layout_is_refused_by_its_columns(statistics: Path, inputs: Inputs) -> None:
    for name in ADAPTERS:
        _, problems = adapted(name, statistics / "repd-q2-june-2021.csv", inputs)
        assert problems.errors, name


def test_a_project_reads_an_official_file(statistics: Path, tmp_path: Path) -> None:
    file = "ons_els_greenhouse_gas_emissions.csv"
    (tmp_path / file).write_bytes((statistics / file).read_bytes())
    (tmp_path / "areas.csv").write_text("code,name,kind\nE06000016,Leicester,city\n", encoding="utf-8")
    (tmp_path / "none.csv").write_text(
        "indicator,area,period,period_type,value,unit,status,source\n"
        "X01,E06000016,2023,calendar year,379780,persons,observed,ons-population-2023\n",
        encoding="utf-8",
    )
    toml = f"""kind = "area"
name = "Leicester"
period = "2026"
[inputs]
areas = "areas.csv"
observations = "none.csv"
official = [{{ adapter = "ons_els", file = "{file}", release = "2025-07-03" }}]
[choices]
as_of = "2026-06-01"
"""
    (tmp_path / "natcap.toml").write_text(toml, encoding="utf-8")
    found = read(read_project(tmp_path)).table
    assert len(found[found["indicator"] == "C02"]) == 19
    assert found[(found["indicator"] == "C02") & (found["period"] == "2023")]["value"].tolist() == [3.23]
