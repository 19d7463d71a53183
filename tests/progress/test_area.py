"""The trunk of progress: real input to figures and back, for Leicester and Leicestershire and for anywhere else."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from natcap.core.explain import explain
from natcap.core.outputs import to_json
from natcap.core.problems import InputProblems, Problems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import read_tables
from natcap.progress.results import Results
from natcap.progress.scaffold import observation_model
from natcap.progress.trunk import build, new
from tests.conftest import absent
from tests.core import recalc
from tests.progress.made import PROJECT, project, rows

SPOT = {
    "area.E06000016.C02.latest": 3.23, "area.E10000018.C02.latest": 5.90, "area.E06000016.E01.latest": 41.7,
    "area.E06000016.G10.latest": 11111, "area.E07000133.G10.latest": 10037, "area.E06000016.G11.latest": 2399,
    "area.E06000016.X01.latest": 379780, "area.E10000018.X01.latest": 734015,
}  # fmt: skip
IMPLIED = {
    "E06000016": 1226.7, "E07000129": 601.1, "E07000130": 836.6, "E07000131": 730.4, "E07000132": 656.5,
    "E07000133": 406.2, "E07000134": 915.6, "E07000135": 184.2,
}  # fmt: skip


@pytest.mark.parametrize("key", SPOT)
def test_published_values(key: str, report: Report) -> None:
    found = report.figure(key).value or 0
    assert found == pytest.approx(SPOT[key], abs=0.5 if SPOT[key] > 1000 else 1e-9)


def test_co2_of_leicester_and_the_county(report: Report) -> None:
    """Method sheet, C03: Leicester 2203.0 kt in 2005 and 1164.3 in 2020, Leicestershire 4998.0 and 3005.8."""
    table = report.section("emissions").table
    for code, first, last in (("E06000016", 2203.0, 1164.3), ("E10000018", 4998.0, 3005.8)):
        total = table[table["code"] == code].set_index("year")["total"]
        assert round(total[2005], 1) == first
        assert round(total[2020], 1) == last


@pytest.mark.parametrize("code", IMPLIED)
def test_implied_totals_of_2023(code: str, report: Report) -> None:
    found = report.figure(f"area.{code}.C01.latest")
    assert round(found.value or 0, 1) == IMPLIED[code]
    assert found.status == "estimated"
    assert found.low is not None
    assert found.low < (found.value or 0) < (found.high or 0)


def test_chargers_of_april_2026(report: Report) -> None:
    assert round(report.figure("area.E06000016.G12.latest").value or 0, 1) == 91.7
    assert round(report.figure("area.E10000018.G12.latest").value or 0, 1) == 122.2


def test_landfill_of_leicester_is_recomputed_from_tonnes(report: Report) -> None:
    found = report.figure("area.E06000016.E03.latest")
    assert found.value == pytest.approx(100 * 44581 / 136588)
    assert found.period == "2022/23"


def test_gap_and_path_by_hand(report: Report) -> None:
    """Leicester: 3.72 in 2019 to 0 by 2030; in 2023 the path stands at 3.72 * 7 / 11."""
    assert report.figure("area.E06000016.C02.base").value == 3.72
    assert report.figure("area.E06000016.C02.path").value == pytest.approx(3.72 * 7 / 11)
    assert report.figure("area.E06000016.C02.gap").value == pytest.approx(3.23 - 3.72 * 7 / 11)
    assert report.figure("area.E06000016.C02.path").status == "recalled", "its base year was chosen here"


def test_statuses_of_the_board(report: Report) -> None:
    table = report.section("board").table.set_index("aim")
    carbon = table[table["indicator"] == "Greenhouse gas emissions per resident"]["status"].to_dict()
    assert carbon["Leicester: 0 by 2030"] == "✖ well behind"
    assert carbon["Leicestershire: 0 by 2045 (set 2022-12)"] == "✔ on track"
    assert carbon["Leicestershire: 0 by 2030 (set 2020-03)"] == "✖ well behind"
    landfill = table[table["indicator"] == "Share of collected waste landfilled"]
    assert set(landfill["status"]) == {"? cannot say"}
    assert landfill["why"].str.contains("months old, more than 30").all()
    old = table[table["target_at"] == 2020]
    assert set(old["status"]) == {"✖ target missed"}


def test_the_target_that_counts_has_the_plain_ids(report: Report) -> None:
    ids = {f.id for f in report.figures}
    assert report.figure("area.E10000018.C02.gap").value == pytest.approx(5.9 - 7.0 * 22 / 26)
    assert "area.E10000018.C02.gap.leicestershire-joint-2030" in ids
    assert report.figure("area.E06000016.E01.gap").value == pytest.approx(41.7 - (39.2 + 25.8 * 5 / 17))


def test_council_operations_are_kept_without_a_series(report: Report) -> None:
    table = report.section("targets").table
    ops = table[table["scope"] == "council operations"]
    assert len(ops) == 6
    assert set(ops["series"]) == {"none here"}
    gone = table[table["withdrawn"] != ""]
    assert gone["id"].tolist() == ["leicestershire-operations-2030"]


def test_suppressed_cells_hide_totals_and_are_marked(report: Report) -> None:
    section = report.section("renewables")
    row = section.table.index[(section.table["code"] == "E06000016") & (section.table["year"] == 2024)][0]
    assert section.marks[(row, "of_anaerobic_digestion")] == "[c]"
    assert section.marks[(row, "total")] == "[x]"
    assert section.table["published"].iloc[row] > 0
    assert section.table["suppressed"].iloc[row] == 2


def test_a_rate_has_no_row_for_the_county_unless_published(report: Report) -> None:
    recycling = report.section("recycling").table
    assert "E10000018" not in set(recycling["code"])
    assert "area.LL.E01.latest" not in {f.id for f in report.figures}


def test_every_gap_walks_back_to_cells_and_citations(report: Report) -> None:
    for figure in report.figures:
        if not figure.id.endswith(".gap"):
            continue
        text = explain(report, figure.id).text()
        assert "observations/" in text
        assert "Target: " in text
        assert "input: " in text
        assert report.figure(figure.id).trace.parents[0].endswith(".latest")


def test_every_observed_figure_names_its_cell_and_what_stood_there(report: Report, example: Path) -> None:
    lines: dict[str, list[str]] = {}
    seen = 0
    for figure in report.figures:
        for ref in figure.trace.inputs:
            rows_ = lines.setdefault(ref.file, (example / ref.file).read_text(encoding="utf-8").splitlines())
            assert ref.cell[0] == "F"
            assert ref.value in rows_[int(ref.cell[1:]) - 1].split(",")
            seen += 1
    assert seen > 300


def test_derived_figures_walk_to_their_members(report: Report) -> None:
    trace = report.figure("area.LL.C03.latest").trace
    assert trace.parents == ("area.E06000016.C03.latest", "area.E10000018.C03.latest")


def test_headlines_carry_their_change(report: Report) -> None:
    first = report.headlines[0]
    assert first.id == "area.E06000016.C02.latest"
    assert (round(first.change or 0, 2), first.change_from) == (-0.49, "since 2019")
    assert len(report.headlines) == 5


def test_banners_say_what_is_transcribed_recalled_and_chosen(report: Report) -> None:
    text = " ".join(report.banners)
    for word in ("transcribed", "base years of 11 targets", "bands of the status words are recalled"):
        assert word in text


def test_all_checks_close(report: Report) -> None:
    assert len(report.checks) >= 12
    assert all(c.passed for c in report.checks)


def test_charts_and_marks_point_at_what_is_there(report: Report) -> None:
    ids = {f.id for f in report.figures}
    for section in report.sections:
        names = {c.name for c in section.columns}
        for chart in section.charts:
            assert {chart.x, chart.y} <= names, (section.id, chart.title)
            some = section.table
            for column, wanted in chart.only.items():
                some = some[some[column] == wanted]
            assert len(some), chart.title
        for row, name in section.marks:
            assert pd.isna(section.table[name].iloc[row]), (section.id, row, name)
        for (row, name), key in section.figures.items():
            assert key in ids
            assert report.figure(key).value == pytest.approx(section.table[name].iloc[row], rel=1e-9), key


def test_numbers_without_a_value_are_marked(report: Report) -> None:
    for section in report.sections:
        for column in section.columns:
            if column.kind == "text":
                continue
            gone = section.table.index[section.table[column.name].isna()]
            lacking = [r for r in gone if (r, column.name) not in section.marks]
            assert lacking == [], (section.id, column.name, lacking[:3])


def test_the_same_input_gives_the_same_bytes(report: Report, example: Path) -> None:
    assert to_json(build(read_project(example))) == to_json(report)


@pytest.mark.office
def test_every_formula_recalculates_to_its_value(report: Report, tmp_path: Path) -> None:
    from natcap.core.workbook import publish

    if recalc.office() is None:
        absent("LibreOffice, which recalculates the published workbooks")
    small = dataclasses.replace(report, sections=tuple(s for s in report.sections if s.id != "observations"))
    publish(small, tmp_path / "area.xlsx")
    count, wrong = recalc.compare(tmp_path / "area.xlsx", tmp_path)
    assert count > 700
    assert wrong == []


CURVED = (
    "curved,C01,A1,whole area,2020,,read,2030,400,kt CO2e,exponential,,,,,,natcap-choice,,read,a curve,\n"
    "older,C01,A1,whole area,2020,,read,2035,300,kt CO2e,linear,,,2019,2021-05,,natcap-choice,,read,a line,\n"
)
FALLING = {"2020": 1000, "2021": 1015, "2022": 960, "2023": 930, "2024": 905}


def test_another_place_and_a_compound_path(tmp_path: Path) -> None:
    """Worked row 7 through the whole trunk; the target that moved keeps its old line."""
    report = build(read_project(project(tmp_path / "p", rows("C01", "A1", FALLING), targets=CURVED)))
    board = report.section("board")
    first = board.table.iloc[0]
    assert first["ratio"] == pytest.approx(0.1937, abs=5e-5)
    assert board.cells[(0, "path")] == "[base]*([target]/[base])^(([latest_at]-[base_at])/([target_at]-[base_at]))"
    assert board.table["status"].tolist() == ["✖ well behind", "– withdrawn"]
    lines = set(report.section("paths").table["line"])
    assert "Path: 400 by 2030" in lines
    assert "Path, withdrawn: 300 by 2035 (set 2019, withdrawn 2021-05)" in lines
    assert report.figure("area.A1.C01.path").value == pytest.approx(1000 * 0.4**0.4)
    assert report.figure("area.A1.C01.path.older").value == pytest.approx(1000 - 700 * 4 / 15)
    assert report.figure("area.A1.C01.path").status == "calculated"


@pytest.mark.office
def test_compound_formulas_recalculate(tmp_path: Path) -> None:
    from natcap.core.workbook import publish

    if recalc.office() is None:
        absent("LibreOffice, which recalculates the published workbooks")
    report = build(read_project(project(tmp_path / "p", rows("C01", "A1", FALLING), targets=CURVED)))
    publish(report, tmp_path / "area.xlsx")
    count, wrong = recalc.compare(tmp_path / "area.xlsx", tmp_path)
    assert count >= 8
    assert wrong == []


def test_a_target_on_a_context_indicator_is_refused(tmp_path: Path) -> None:
    line = "x,G11,A1,whole area,2020,,read,2030,400,kWh per meter,linear,,,,,,natcap-choice,,read,less,\n"
    with pytest.raises(InputProblems, match="context and gets no status"):
        build(read_project(project(tmp_path / "p", rows("C01", "A1", FALLING), targets=line)))


def test_one_area_one_row_and_no_target_is_enough(tmp_path: Path) -> None:
    report = build(read_project(project(tmp_path / "p", rows("C02", "A1", {"2023": 5.0}))))
    assert report.figure("area.A1.C02.latest").value == 5.0
    assert report.section("board").summary == "No target has a series."


def test_an_unknown_headline_is_told(tmp_path: Path) -> None:
    toml = PROJECT + 'headlines = ["area.A1.C02.lates"]\n'
    with pytest.raises(InputProblems, match=r"Did you mean 'area\.A1\.C02\.latest'"):
        build(read_project(project(tmp_path / "p", rows("C02", "A1", {"2023": 5.0}), toml)))


def test_a_blank_project_tells_what_to_fill(tmp_path: Path) -> None:
    written = new(tmp_path / "blank", example=False)
    assert [p.name for p in written] == ["natcap.toml", "areas.csv", "observations.xlsx", "targets.csv", "sources.csv"]
    with pytest.raises(InputProblems) as caught:
        build(read_project(tmp_path / "blank"))
    assert [p.file for p in caught.value.problems] == ["areas.csv", "observations.xlsx"]


def test_the_template_reads_back_without_a_problem(tmp_path: Path) -> None:
    new(tmp_path / "blank", example=False)
    problems = Problems()
    read_tables(tmp_path / "blank" / "observations.xlsx", [observation_model()], problems)
    assert list(problems) == []


def test_observations_from_a_workbook(tmp_path: Path) -> None:
    """The same rows from a filled template and from CSV give the same figures, each with its own cell."""
    from natcap.core.workbook import write_template

    records = rows("C01", "A1", FALLING)
    plain = build(read_project(project(tmp_path / "csv", records)))
    folder = project(tmp_path / "book", records, PROJECT.replace("observations.csv", "observations.xlsx"))
    (folder / "observations.csv").unlink()
    write_template([observation_model()], folder / "observations.xlsx", "Observations", data={"observations": records})
    booked = build(read_project(folder))
    key = "area.A1.C01.latest"
    assert booked.figure(key).value == plain.figure(key).value == 905
    ref = booked.figure(key).trace.inputs[0]
    assert (ref.file, ref.sheet, ref.cell[0]) == ("observations.xlsx", "observations", "F")


def test_attribution_is_left_out_where_inputs_are_missing(results: Results, tmp_path: Path) -> None:
    assert results.attributed is not None
    toml = PROJECT + "attribution_years = [2010, 2019]\n"
    report = build(read_project(project(tmp_path / "p", rows("C03", "A1", {"2010": 5, "2019": 4}), toml)))
    assert "attribution" not in {s.id for s in report.sections}


def test_names_from_a_file_do_not_reach_formulas(tmp_path: Path) -> None:
    """Parts named like other columns, like each other, or like formulas get columns of their own."""
    parts = ["Year", "year", '=HYPERLINK("x")', "a]+[b"]
    made = rows("C03", "A1", {"2020": 10})
    made += [r for n, part in enumerate(parts, 1) for r in rows("C03", "A1", {"2020": n}, part=part)]
    section = build(read_project(project(tmp_path / "p", made))).section("emissions")
    assert len(section.table.columns) == len(set(section.table.columns))
    formula = section.cells[(0, "total")]
    assert set(formula) <= set("abcdefghijklmnopqrstuvwxyz0123456789_[]+")
    assert formula.count("[") == 4


def test_a_total_that_is_the_sum_only_up_to_rounding_is_not_live(tmp_path: Path) -> None:
    made = rows("C03", "A1", {"2020": "10.1"})
    made += rows("C03", "A1", {"2020": "4.0"}, part="Industry") + rows("C03", "A1", {"2020": "6.0"}, part="Domestic")
    section = build(read_project(project(tmp_path / "p", made))).section("emissions")
    assert section.table["total"].iloc[0] == 10.1
    assert section.cells[(0, "total")] == ""


def test_a_part_called_total_does_not_vanish(tmp_path: Path) -> None:
    made = rows("C03", "A1", {"2020": 10}, part="Total") + rows("C03", "A1", {"2020": 10}, part="Industry")
    with pytest.raises(InputProblems, match="Leave the part empty for the whole") as caught:
        build(read_project(project(tmp_path / "p", made)))
    assert caught.value.problems[0].cell == "row 2"
