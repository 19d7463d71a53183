"""A portfolio: one pass equals single inventories, suppression by hand, problems of everybody at once."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from natcap.carbon.business import trunk as single
from natcap.carbon.business.models import models
from natcap.carbon.business.portfolio import trunk
from natcap.carbon.business.portfolio.benchmark import ALL_SECTORS, ALL_SIZES, benchmark, suppressed
from natcap.carbon.business.portfolio.example import rows as example_rows
from natcap.carbon.business.portfolio.model import MODEL
from natcap.core.outputs import to_json
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, write_template
from natcap.desk.cli import app
from tests.conftest import absent, optional
from tests.core import recalc

WHO: dict[str, Any] = {"business": "A", "name": "Alpha Ltd", "sector": "62", "size": "micro", "employees": 4,
                       "turnover": 200_000}  # fmt: skip
POWER: dict[str, Any] = {"activity": "Electricity from the grid", "quantity": 10_000, "unit": "kWh",
                         "start": "2025-01-01", "end": "2025-12-31"}  # fmt: skip
GAS = POWER | {"activity": "Natural gas", "quantity": 5_000, "basis": "gross"}
DIESEL = POWER | {"activity": "Diesel (forecourt blend)", "quantity": 300, "unit": "litre"}
BETA = WHO | {"business": "B", "name": "Beta Ltd", "size": "small", "employees": 20, "turnover": ""}
Build = Callable[..., Report]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    def job(rows: list[dict[str, Any]], **choices: Any) -> Report:
        labels = {f.name: f.label for f in MODEL.fields}
        with (tmp_path / "portfolio.csv").open("w", newline="", encoding="utf-8") as handle:
            writer = csv.DictWriter(handle, list(labels.values()))
            writer.writeheader()
            writer.writerows({labels[name]: value for name, value in row.items()} for row in rows)
        text = 'kind = "portfolio"\nname = "Hub"\nperiod = "2025"\n[inputs]\ntable = "portfolio.csv"\n'
        (tmp_path / "natcap.toml").write_text(text, encoding="utf-8")
        project = read_project(tmp_path)
        project.choices.update(choices)
        return trunk.build(project)

    return job


def told(build: Build, rows: list[dict[str, Any]], **choices: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        build(rows, **choices)
    return str(caught.value)


def value(report: Report, key: str) -> float:
    found = report.figure(f"portfolio.{key}").value
    assert found is not None
    return found


def test_by_hand(build: Build) -> None:
    """10,000 kWh x 0.177 = 1.77 t; 5,000 kWh x 0.18296 = 0.9148 t; over 4 employees 0.6712, over £0.2m 13.424."""
    report = build([WHO | POWER, WHO | GAS, BETA | DIESEL])
    table = report.section("portfolio_businesses").table.set_index("business")
    assert table.loc["A", "scope2"] == pytest.approx(1.77)
    assert table.loc["A", "scope1"] == pytest.approx(0.9148)
    assert table.loc["A", "per_employees"] == pytest.approx(2.6848 / 4)
    assert table.loc["A", "per_turnover"] == pytest.approx(2.6848 / 0.2)
    assert table.loc["B", "scope1"] == pytest.approx(300 * 2.57082 / 1000)
    assert np.isnan(table.loc["B", "scope2"])
    assert np.isnan(table.loc["B", "per_turnover"])
    assert table.loc["All businesses", "total"] == pytest.approx(value(report, "total"))
    assert report.section("portfolio_businesses").marks[1, "per_turnover"] == "[x]"
    cell = report.figure("portfolio.business.a.per_employees").trace.inputs[0]
    assert (cell.file, cell.cell, cell.value) == ("portfolio.csv", "E2", "4")


def test_one_pass_equals_single_inventories(build: Build, tmp_path: Path) -> None:
    rows = example_rows()
    report = build(rows)
    table = report.section("portfolio_businesses").table.set_index("business")
    for name in ("B4935MI01", "B62SM03", "B56ME02"):
        folder = tmp_path / name
        folder.mkdir()
        mine = [r for r in rows if r["business"] == name]
        fields = {f.name for f in models()[0].fields}
        bills = [{key: v for key, v in row.items() if key in fields} for row in mine]
        write_template(models(), folder / "activity.xlsx", "Activity", (), False, {"activity": bills})
        text = f'kind = "business"\nname = "{name}"\nperiod = "2025"\n[inputs]\nactivity = "activity.xlsx"\n'
        (folder / "natcap.toml").write_text(text, encoding="utf-8")
        alone = single.build(read_project(folder))
        keys = {"total": "total", "scope1": "scope1", "scope2": "scope2.location", "scope3": "scope3",
                "market": "scope2.market", "outside": "outside_scopes"}  # fmt: skip
        for column, key in keys.items():
            assert table.loc[name, column] == pytest.approx(alone.figure(f"business.{key}").value, rel=1e-9)


def counts(**groups: int) -> pd.Series:
    """Businesses by (sector, size) from names such as s1_small."""
    index = pd.MultiIndex.from_tuples([tuple(name.split("_")) for name in groups], names=["sector", "size"])
    return pd.Series(list(groups.values()), index=index)


@pytest.mark.parametrize(
    "groups, hidden, sectors, everything",
    [
        (counts(a_x=5, a_y=9), [], [], False),
        # Three are too few; six of the same sector, the next smallest, go with them: 12 and 21 stay.
        (counts(a_x=3, a_y=6, a_z=12), [("a", "x"), ("a", "y")], [], False),
        # Two of two are too few together: the third goes as well.
        (counts(a_x=2, a_y=2, a_z=7, a_w=30), [("a", "x"), ("a", "y"), ("a", "z")], [], False),
        # A sector of four is hidden whole, and the next smallest sector with all it is made of.
        (counts(a_x=4, b_x=7, b_y=8, c_x=40), [("a", "x"), ("b", "x"), ("b", "y")], ["a", "b"], False),
        (counts(a_x=1, b_x=2), [("a", "x"), ("b", "x")], ["a", "b"], True),
    ],
)
def test_suppression_by_hand(
    groups: pd.Series, hidden: list[tuple[str, str]], sectors: list[str], everything: bool
) -> None:
    gone, gone_sectors, all_gone = suppressed(groups, 5)
    assert gone.index[gone].tolist() == sorted(hidden)
    assert gone_sectors.index[gone_sectors].tolist() == sectors
    assert all_gone == everything


NAMES = st.tuples(st.sampled_from("abcd"), st.sampled_from("wxyz"))


@settings(max_examples=50)
@given(st.dictionaries(NAMES, st.integers(1, 20), min_size=1, max_size=16))
def test_no_subtraction_brings_back_fewer_than_the_least(groups: dict[tuple[str, str], int]) -> None:
    cells = pd.Series(list(groups.values()), index=pd.MultiIndex.from_tuples(groups, names=["sector", "size"]))
    gone, gone_sectors, everything = suppressed(cells, 5)
    cells = cells.sort_index()
    assert (cells[~gone] >= 5).all()
    if everything:
        assert gone.all()
        return
    for sector, part in cells.groupby(level=0):
        rest = part[gone[part.index]]
        if not gone_sectors[sector]:
            assert rest.empty or (rest.sum() >= 5 and (len(rest) >= 2 or len(part) == 1))
        else:
            assert len(rest) == len(part)
    lost = cells.groupby(level=0).sum()[gone_sectors]
    assert lost.empty or lost.sum() >= 5


def test_quartiles_and_percentiles_by_hand() -> None:
    """1, 2, 3, 4, 10: quartiles 2, 3, 4; the third of five is at (3 - 0.5) / 5 = 0.5. Four others are too few."""
    table = pd.DataFrame({
        "sector": ["a"] * 5 + ["b"] * 4 + ["c"] * 6, "size": ["small"] * 15,
        "per": [1, 2, 3, 4, 10.0, 5, 6, 7, 8, *range(6)],
    })  # fmt: skip
    made = benchmark(table, "per", 5)
    groups = made.groups.set_index(["sector", "size"])
    assert groups.loc[("a", "small"), ["lower", "median", "upper"]].tolist() == [2, 3, 4]
    assert groups.loc[("b", "small"), "hidden"]
    assert groups.loc[("a", ALL_SIZES), "hidden"]
    assert not groups.loc[("c", "small"), "hidden"]
    assert groups.loc[(ALL_SECTORS, ALL_SIZES), "n"] == 15
    assert np.isnan(made.percentile[2])
    alone = benchmark(table[table["sector"] == "a"], "per", 5)
    assert alone.percentile.tolist() == pytest.approx([0.1, 0.3, 0.5, 0.7, 0.9])


def test_a_suppressed_group_shows_nothing(build: Build) -> None:
    report = build(example_rows())
    section = report.section("benchmark_employees")
    table = section.table.set_index(["sector", "size"])
    medium = [pair for pair in table.index if pair[1] == "medium"]
    assert table.loc[medium, ["n", "lower", "median", "upper"]].isna().all().all()
    assert set(table.loc[medium, "state"]) == {"[c] fewer than 5, or protects such a group: not shown"}
    assert {section.marks[at, "n"] for at in range(len(table)) if table.index[at][1] == "medium"} == {"[c]"}
    whole = report.section("portfolio_businesses")
    at = whole.table["business"].tolist().index("B62ME01")
    assert whole.marks[at, "rank_employees"] == "[c]"
    ids = {figure.id for figure in report.figures}
    assert not any(key.endswith(".medium.median") for key in ids)


def test_what_is_for_publication_names_nobody(build: Build) -> None:
    report = build(example_rows(), contents="benchmark")
    assert report.lines is None
    text = str(to_json(report))
    assert "Example 62MI01" not in text
    assert "B62MI01" not in text.upper()
    assert value(report, "total") > 0
    hub = build(example_rows()).section("benchmark_employees").table["median"].dropna()
    shown = report.section("benchmark_employees").table["median"].dropna()
    assert shown.tolist() == [float(f"{number:.1e}") for number in hub]
    kinds = {section.id.partition("_")[0] for section in report.sections}
    assert kinds == {"benchmark", "distribution"}


def test_a_scope_of_few_is_in_no_published_total(build: Build) -> None:
    """Six businesses with electricity, one of them with diesel: the total less scope 2 and 3 would be its diesel."""
    rows = [WHO | POWER | {"business": f"B{n}"} for n in range(6)]
    keys = ("scope1", "scope2.location", "scope3")
    ids = {f.id for f in build(rows, contents="benchmark").figures}
    assert {f"portfolio.{key}" for key in ("total", *keys)} <= ids
    ids = {f.id for f in build([*rows, {"business": "B3"} | DIESEL], contents="benchmark").figures}
    assert "portfolio.total" in ids
    assert not {f"portfolio.{key}" for key in keys} & ids


def test_without_lines_the_figures_stand_as_they_are(build: Build) -> None:
    rows = [WHO | POWER | {"business": "Alpha"}, BETA | DIESEL]
    whole, short = build(rows), build(rows, contents="businesses")
    assert short.lines is None
    assert {f.id: f.value for f in whole.figures} == {f.id: f.value for f in short.figures}
    assert whole.figure("portfolio.business.alpha.per_employees").trace.lines is not None
    assert short.figure("portfolio.business.alpha.per_employees").trace.lines is None


BAD: list[tuple[dict[str, Any], str]] = [
    (WHO | POWER | {"business": ""}, "Business ID"),
    (BETA | POWER | {"sector": ""}, "no sector in any row"),
    (BETA | POWER | {"size": ""}, "no size in any row"),
    (BETA | POWER | {"size": "tiny"}, "micro, small, medium, large"),
    (BETA | POWER | {"sector": "Zeppelins"}, "an industry of the SIC 2007"),
    (WHO | POWER | {"employees": 5}, "another employees than in an earlier row"),
    (WHO | POWER | {"business": "a"}, "one spelling of each ID"),
    (BETA | POWER | {"employees": 0}, "above zero, or blank"),
    (BETA | POWER | {"quantity": "many"}, "a number"),
    (BETA | POWER | {"quantity": -5}, "zero or more"),
    (BETA | POWER | {"activity": "Witchcraft"}, "a known activity"),
    (BETA | POWER | {"unit": "litre"}, "a unit of"),
    (BETA | GAS | {"basis": ""}, "calorific basis"),
    (BETA | POWER | {"owned": 40}, "a share only in categories 8, 13, 14 and 15"),
    (BETA | POWER | {"start": "2023-01-01", "end": "2023-02-01"}, "days of 2025"),
]


@pytest.mark.parametrize("row, said", BAD)
def test_bad_rows_are_told_with_their_cell(build: Build, row: dict[str, Any], said: str) -> None:
    text = told(build, [WHO | POWER, row])
    assert said in text
    assert "portfolio.csv" in text
    assert ", cell " in text


def test_every_problem_of_every_business_is_told_at_once(build: Build) -> None:
    text = told(build, [WHO | POWER | {"unit": "litre"}, BETA | POWER | {"quantity": -5}])
    assert "a unit of" in text
    assert "zero or more" in text


def test_a_business_with_a_problem_is_left_out_only_if_asked(build: Build) -> None:
    rows = [WHO | POWER, BETA | DIESEL, BETA | POWER | {"quantity": -5}]
    assert "zero or more" in told(build, rows)
    report = build(rows, problem_businesses="leave out")
    assert value(report, "total") == value(build([WHO | POWER]), "total")
    table = report.section("portfolio_left_out").table
    assert table[["business", "problems"]].to_numpy().tolist() == [["B", 1]]
    assert "zero or more" in table["first"][0]
    assert any("zero or more" in warning.expected for warning in report.warnings)
    assert any("1 businesses with a problem are left out" in note for note in report.notes)


def test_a_use_that_many_share_leaves_all_of_them_out(build: Build) -> None:
    bad = POWER | {"unit": "litre"}
    report = build([WHO | POWER, BETA | bad, BETA | bad | {"business": "C"}], problem_businesses="leave out")
    assert report.section("portfolio_left_out").table["business"].tolist() == ["B", "C"]


def test_what_is_nobodys_cannot_be_left_out(build: Build) -> None:
    text = told(build, [WHO | POWER, POWER | {"business": ""}], problem_businesses="leave out")
    assert "Business ID" in text
    assert "in every business" in told(build, [WHO | POWER | {"unit": "litre"}], problem_businesses="leave out")


def test_wrong_choices_are_told(build: Build) -> None:
    text = told(build, [WHO | POWER], problem_businesses="ignore", suppress_below=1, boundary="equity share")
    for said in ("refuse or leave out", "3 or more", "a boundary of control"):
        assert said in text


def test_sectors_in_own_words(build: Build) -> None:
    report = build([WHO | POWER | {"sector": "Zeppelins"}], sectors="own")
    assert report.section("portfolio_businesses").table["sector"][0] == "Zeppelins"


def test_what_stands_in_the_first_row_counts_for_all(build: Build) -> None:
    short = {"business": "A"}
    one = build([WHO | POWER, short | GAS]).section("portfolio_businesses").table
    two = build([WHO | POWER, WHO | GAS]).section("portfolio_businesses").table
    pd.testing.assert_frame_equal(one, two)


def test_parquet_is_read_like_a_sheet(build: Build, tmp_path: Path) -> None:
    optional("pyarrow")
    expected = build([WHO | POWER, BETA | DIESEL])
    frame = pd.read_csv(tmp_path / "portfolio.csv", parse_dates=["Period start", "Period end"])
    frame.to_parquet(tmp_path / "portfolio.parquet")
    settings_file = tmp_path / "natcap.toml"
    text = settings_file.read_text(encoding="utf-8").replace("portfolio.csv", "portfolio.parquet")
    settings_file.write_text(text, encoding="utf-8")
    report = trunk.build(read_project(tmp_path))
    key = "portfolio_businesses"
    pd.testing.assert_frame_equal(report.section(key).table, expected.section(key).table)
    frame.assign(Quantity=-1).to_parquet(tmp_path / "portfolio.parquet")
    with pytest.raises(InputProblems, match=r"portfolio.parquet, cell I2: found '-1', expected a quantity of zero"):
        trunk.build(read_project(tmp_path))


def test_the_command_line_makes_one_and_walks_back(tmp_path: Path) -> None:
    runner, folder = CliRunner(), tmp_path / "hub"
    assert runner.invoke(app, ["new", "portfolio", str(folder), "--example"]).exit_code == 0
    built = runner.invoke(app, ["build", str(folder), "--format", "csv,json", "--json"])
    assert built.exit_code == 0
    assert json.loads(built.stdout)["headlines"]["portfolio.total"]["status"] == "synthetic"
    explained = runner.invoke(app, ["explain", str(folder), "portfolio.business.b62mi01.total"])
    assert explained.exit_code == 0


@pytest.mark.office
def test_it_recalculates_to_its_own_values(build: Build, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice is not installed")
    publish(build([*example_rows(), BETA | DIESEL]), tmp_path / "out.xlsx")
    count, wrong = recalc.compare(tmp_path / "out.xlsx", tmp_path)
    assert not wrong
    assert count > 100
