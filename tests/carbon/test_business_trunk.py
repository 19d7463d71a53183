"""The business trunk from template to report, workbook and walk back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from natcap.carbon.business import sections, trunk
from natcap.carbon.business.models import models
from natcap.carbon.business.months import by_site_and_month, coverage
from natcap.core.explain import explain
from natcap.core.lines import MARKET, select
from natcap.core.outputs import to_json
from natcap.core.problems import Problems
from natcap.core.project import Period, read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, read_tables, write_template
from tests.carbon import books
from tests.carbon.bills import lines_of, read
from tests.conftest import absent
from tests.core import recalc


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example business, new."""
    made = tmp_path_factory.mktemp("business")
    trunk.new(made, example=True)
    return made


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return trunk.build(read_project(folder))


def test_the_example_says_everywhere_that_it_is_invented(report: Report) -> None:
    assert "EXAMPLE data" in report.banners[0]
    assert {f.status for f in report.figures} == {"synthetic"}


def test_the_example_has_no_problem_and_no_warning(report: Report) -> None:
    assert not report.warnings
    assert all(check.passed for check in report.checks)
    assert len(report.checks) == 11


def test_figures_are_sums_of_their_lines(report: Report) -> None:
    assert report.lines is not None
    summed = [f for f in report.figures if f.trace.lines is not None and f.value is not None]
    assert len(summed) > 50
    for figure in summed:
        lines = select(report.lines, dict(figure.trace.lines or {}))
        assert float(lines["kg_co2e"].sum()) * figure.trace.scale == pytest.approx(figure.value, rel=1e-12), figure.id


def test_the_total_leaves_the_market_based_figure_out(report: Report) -> None:
    values = {f.id.removeprefix("business."): f.value or 0.0 for f in report.figures}
    parts = values["scope1"] + values["scope2.location"] + values["scope3"]
    assert values["total"] == pytest.approx(parts, rel=1e-12)
    assert values["total_market"] == pytest.approx(parts - values["scope2.location"] + values["scope2.market"])
    sites = sum(v for k, v in values.items() if k.startswith("site.") and not k.endswith(".prior"))
    assert sites == pytest.approx(parts, rel=1e-12)
    categories = sum(v for k, v in values.items() if k.startswith("scope3.cat") and not k.endswith(".prior"))
    assert categories == pytest.approx(values["scope3"], rel=1e-12)


def test_last_year_is_calculated_with_its_own_factors(report: Report) -> None:
    assert report.lines is not None
    before = report.lines[report.lines["period"] == "2024-01-01 to 2024-12-31"]
    assert set(before["edition"].astype("str")) == {"uk_gov 2024 v1.1", "residual_mix 2022"}
    figure = report.figure("business.scope1")
    earlier = report.figure("business.scope1.prior")
    assert figure.change == pytest.approx((figure.value or 0) - (earlier.value or 0))
    assert figure.change_from == "2024"


def test_headlines_are_at_most_five_and_in_order(report: Report) -> None:
    ids = [f.id for f in report.headlines]
    assert ids == [
        "business.total", "business.scope1", "business.scope2.location", "business.scope3",
        "business.intensity.turnover",
    ]  # fmt: skip


def test_energy_use_by_hand(report: Report) -> None:
    """SECR: litres of diesel times that year's gross calorific value (10.531 kWh per litre in 2025)."""
    table = report.section("energy").table
    diesel = table[table["activity"] == "Diesel (forecourt blend)"].iloc[0]
    assert diesel["rate"] == 10.531
    assert diesel["kwh"] == pytest.approx(diesel["quantity"] * 10.531)
    total = report.figure("business.energy_kwh").value
    assert total == pytest.approx(table[table["kind"] != "All energy"]["kwh"].sum())
    assert "Flight" not in " ".join(table["activity"])
    assert "Commuting" not in " ".join(table["activity"])


def test_intensity_by_hand(report: Report) -> None:
    parts = sum(report.figure(f"business.{key}").value or 0 for key in ("scope1", "scope2.location"))
    turnover = report.figure("business.intensity.turnover")
    assert turnover.value == pytest.approx(parts / 14.2)
    assert turnover.trace.inputs[0].cell == "B2"
    assert report.figure("business.intensity.employees").value == pytest.approx(parts / 86)
    assert report.figure("business.intensity.floor_area").value == pytest.approx(parts * 1000 / 10_300)


def test_a_figure_walks_back_to_its_cell_and_its_page(report: Report) -> None:
    told = explain(report, "business.scope1.gases")
    assert told.agrees
    assert told.lines[0]["cell"] == "C152"
    text = " ".join(told.text().split())
    assert "4.5 kg x 1,924" in text
    assert "sheet Factors by Category, row 688" in text


def test_contracts_come_before_the_residual_mix(report: Report) -> None:
    """Castle Depot has a supplier's rate from April, Wigston Yard certificates all year."""
    table = report.section("scope2").table
    grid = table[table["category"] == "Electricity"]
    assert list(grid[grid["place"] == "Wigston Yard"]["market"]) == [0.0]
    castle = grid[grid["place"] == "Castle Depot"].set_index("factor")
    assert set(castle.index) == {0.36515, 0.198}
    kwh = castle["kwh"]
    assert castle.loc[0.198, "market"] == pytest.approx(kwh[0.198] * 0.198 / 1000)
    assert grid["location"].sum() == pytest.approx(report.figure("business.scope2.location.electricity").value)


def test_two_builds_give_the_same_bytes(folder: Path, report: Report, tmp_path: Path) -> None:
    again = trunk.build(read_project(folder))
    assert to_json(report) == to_json(again)
    publish(report, tmp_path / "one.xlsx")
    publish(again, tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


@pytest.mark.office
def test_the_workbook_recalculates_to_its_values(report: Report, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice, which recalculates the published workbooks")
    publish(report, tmp_path / "business.xlsx")
    count, wrong = recalc.compare(tmp_path / "business.xlsx", tmp_path)
    assert count > 1500
    assert not wrong


def test_without_last_year_its_columns_are_marked_missing(folder: Path) -> None:
    project = read_project(folder)
    report = trunk.build(replace(project, inputs={"activity": "activity.xlsx"}))
    section = report.section("summary")
    assert {section.marks[(row, "prior")] for row in range(len(section.table))} == {"[x]"}
    assert report.figure("business.total").change is None
    assert not [f for f in report.figures if f.id.endswith(".prior")]


def test_nothing_entered_for_a_scope_is_missing_and_not_zero(tmp_path: Path) -> None:
    rows = [{"activity": "water", "quantity": 5, "unit": "m3", "start": "2025-01-01", "end": "2025-12-31"}]
    write_template(models(), tmp_path / "activity.xlsx", "Test", (), False, {"activity": rows})
    text = 'kind = "business"\nname = "Test"\nperiod = "2025"\n[inputs]\nactivity = "activity.xlsx"\n'
    (tmp_path / "natcap.toml").write_text(text, encoding="utf-8")
    report = trunk.build(read_project(tmp_path))
    assert report.figure("business.scope1").status == "missing"
    assert report.figure("business.scope1").value is None
    assert report.figure("business.total").value == pytest.approx(5 * 0.1913 / 1000, rel=0.2)
    assert report.section("intensity").table.empty
    publish(report, tmp_path / "out.xlsx")


def test_equity_share_counts_the_owned_part(tmp_path: Path) -> None:
    rows = [{"site": "A", "activity": "water", "quantity": 5, "unit": "m3", "start": "2025-01-01", "end": "2025-12-31"}]
    sites = [{"site": "A", "ownership": 40}]
    write_template(models(), tmp_path / "activity.xlsx", "Test", (), False, {"activity": rows, "sites": sites})
    text = (
        'kind = "business"\nname = "T"\nperiod = "2025"\n[inputs]\nactivity = "activity.xlsx"\n[choices]\nboundary = '
    )
    (tmp_path / "natcap.toml").write_text(text + '"operational control"\n', encoding="utf-8")
    whole = trunk.build(read_project(tmp_path)).figure("business.total").value
    (tmp_path / "natcap.toml").write_text(text + '"equity share"\n', encoding="utf-8")
    assert trunk.build(read_project(tmp_path)).figure("business.total").value == pytest.approx(0.4 * (whole or 0))


def test_equity_share_counts_the_owned_part_of_what_emissions_are_divided_by(tmp_path: Path) -> None:
    """900 kWh whole and 500 kWh at 40 %: 1,100 kWh at 0.177 are 194.7 kg, over 1,000 + 0.4 x 500 = 1,200 m2."""
    folder = books.project(
        tmp_path / "p", choices='boundary = "equity share"\n',
        activity=[{"activity": "Electricity", "quantity": 900, "unit": "kWh"},
                  {"activity": "Electricity", "quantity": 500, "unit": "kWh", "site": "Venture"}],
        sites=[{"site": "Depot", "ownership": 100, "area": 1000}, {"site": "Venture", "ownership": 40, "area": 500}],
    )  # fmt: skip
    report = trunk.build(read_project(folder))
    assert report.figure("business.intensity.floor_area").value == pytest.approx(194.7 / 1200)


def test_template_and_reader_agree(tmp_path: Path) -> None:
    """What the template writes, the reader reads without a word; the example rows of the template are not read."""
    for example in (True, False):
        trunk.new(tmp_path / str(example), example)
        problems = Problems()
        tables = read_tables(tmp_path / str(example) / "activity.xlsx", models(), problems)
        assert not problems
        assert (len(tables["activity"]) > 0) is example


def test_months_share_a_bill_by_days(tmp_path: Path) -> None:
    row = {"Activity": "water", "Quantity": 59, "Unit": "m3", "Period start": "2025-01-01", "Period end": "2025-02-28"}
    lines = lines_of(tmp_path, [row])
    wide = by_site_and_month(lines, Period.parse("2025"))
    assert wide["2025-01"].iloc[0] / wide["2025-02"].iloc[0] == pytest.approx(31 / 28)
    assert wide.drop(columns="place").sum().sum() == pytest.approx(lines["kg_co2e"].sum())
    assert pd.isna(wide["2025-03"].iloc[0])


def test_days_without_a_bill_are_seen(tmp_path: Path) -> None:
    rows = [
        {"Activity": "electricity", "Quantity": 10, "Unit": "kWh", "Period start": f"2025-{m:02d}-01",
         "Period end": f"2025-{m:02d}-28"} for m in (1, 2, 3)
    ]  # fmt: skip
    book, _ = read(tmp_path, rows)
    table = coverage(book.rows.frame, ["Electricity"], Period.parse("2025"))
    assert list(table[["covered", "days", "bills"]].iloc[0]) == [84, 365, 3]


def test_a_bill_across_two_contracts_is_cut_by_days(tmp_path: Path) -> None:
    contracts = [
        {"start": "2025-01-01", "end": "2025-01-10", "kind": "supplier rate", "factor": 0.1},
        {"start": "2025-01-21", "end": "2025-12-31", "kind": "supplier rate", "factor": 0.3},
    ]
    rows = [{"activity": "electricity", "quantity": 310, "unit": "kWh", "start": "2025-01-01", "end": "2025-01-31"}]
    write_template(models(), tmp_path / "activity.xlsx", "Test", (), False, {"activity": rows, "contracts": contracts})
    text = 'kind = "business"\nname = "Test"\nperiod = "2025"\n[inputs]\nactivity = "activity.xlsx"\n'
    (tmp_path / "natcap.toml").write_text(text, encoding="utf-8")
    report = trunk.build(read_project(tmp_path))
    assert report.lines is not None
    market = report.lines[report.lines["section"] == MARKET]
    assert sorted(zip(market["quantity"], market["factor"], strict=True)) == [(100, 0.1), (100, 0.36515), (110, 0.3)]
    assert report.figure("business.scope2.location").value == pytest.approx(310 * 0.177 / 1000)


def test_more_lines_than_a_worksheet_sums_stand_as_computed(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sections, "LIVE", 10)
    report = trunk.build(read_project(folder))
    formulas = [f for s in report.sections for f in s.cells.values()]
    formulas += [c.formula for s in report.sections for c in s.columns if c.formula]
    assert not [f for f in formulas if "lines." in f]
    publish(report, tmp_path / "large.xlsx")
