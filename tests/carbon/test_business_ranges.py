"""Ranges: grades of quantities and factors drawn together; each factor once; the same seed, the same range."""

from __future__ import annotations

from math import exp, log, sqrt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.carbon.business.ranges import half_range, ranges_of
from natcap.core import tables
from natcap.core.sources import sources
from tests.carbon.books import project, report, value

GAS = {"activity": "Natural gas", "quantity": 1_000_000, "unit": "kWh", "basis": "gross", "status": "read"}


def _lines(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    """Lines of one site: item, factor id, tier, kg."""
    frame = pd.DataFrame(rows, columns=["item", "factor_id", "tier", "kg_co2e"])
    return frame.assign(section="Scope 1", category="Fuels", place="Depot", activity="a", low=np.nan, high=np.nan)


def test_one_line_by_hand() -> None:
    """Both halves are 0.05 here: in logarithms two normals of the same width, so ends at exp(+-sqrt(2) ln 1.05)."""
    found = ranges_of(_lines(("M", "uk_gov/2025/fuels/gas/x", "read", 1000)), 1).found[("", "")]
    width = sqrt(2) * log(1 + half_range("activity", "read").value)
    assert half_range("factor", "uk_gov/2025/fuels/gas/x").value == half_range("activity", "read").value
    assert found.p5 == pytest.approx(1000 * exp(-width), rel=0.01)
    assert found.p95 == pytest.approx(1000 * exp(width), rel=0.01)


def test_meters_average_out_and_their_factor_does_not() -> None:
    """Of a hundred estimated meters little is left but the factor's own 5 %."""
    many = [(f"M{n}", "uk_gov/2025/fuels/gas/x", "estimated", 10.0) for n in range(100)]
    one = ranges_of(_lines(("M", "uk_gov/2025/fuels/gas/x", "estimated", 1000)), 1).found[("", "")]
    found = ranges_of(_lines(*many), 1).found[("", "")]
    assert found.p95 - found.p5 < (one.p95 - one.p5) / 2
    assert found.p95 / found.p5 > 1.05**2 * 0.99


def test_a_factor_is_drawn_once_for_all_headings() -> None:
    """Two headings with one factor move together: the ends of their sum are the sums of their ends."""
    lines = _lines(("M", "uk_gov/2025/fuels/gas/x", "read", 700), ("M", "uk_gov/2025/fuels/gas/x", "read", 300))
    lines["category"] = ["Fuels", "Company vehicles"]
    found = ranges_of(lines, 5).found
    parts = [found[("Scope 1", name)] for name in ("Fuels", "Company vehicles")]
    assert found[("Scope 1", "")].p95 == pytest.approx(sum(p.p95 for p in parts), rel=1e-12)


def test_a_range_of_its_own_comes_before_a_grade() -> None:
    lines = _lines(("M", "user:a", "read", 100)).assign(low=0.0, high=100.0)
    found = ranges_of(lines, 1).found[("", "")]
    assert found.p5 < 60
    assert found.p95 < 110


def test_market_and_location_are_never_in_one_range() -> None:
    lines = _lines(("M", "x/1/uk-electricity/e", "read", 100), ("M", "user:c", "read", 900))
    lines["section"] = ["Scope 2", "Scope 2 (market-based)"]
    found = ranges_of(lines, 1).found
    assert found[("", "")].p95 < 120
    assert found[("Scope 2 (market-based)", "")].p5 > 700


@settings(max_examples=20)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=6), st.integers(0, 99))
def test_ends_are_in_order_and_the_seed_decides(kilograms: list[float], seed: int) -> None:
    rows = [(f"M{n}", f"x/1/f{n}", "read", kg) for n, kg in enumerate(kilograms)]
    first, again = (ranges_of(_lines(*rows), seed, 200) for _ in range(2))
    assert first.found == again.found
    assert all(found.p5 <= found.median <= found.p95 for found in first.found.values())


def test_many_meters_are_pooled_and_that_is_said() -> None:
    rows = [(f"M{n}", "x/1/fuels/gas", "read", 1.0) for n in range(1001)]
    assert "vary together" in ranges_of(_lines(*rows), 1, 50).said


def test_nothing_has_no_range() -> None:
    assert not ranges_of(_lines().astype({"kg_co2e": "float64"}), 1, 50).found


@pytest.mark.parametrize(
    "key, grade",
    [
        ("uk_gov/2025/fuels/gaseous-fuels/natural-gas/kwh-gross-cv", "fuels"),
        ("uk_gov/2025/wtt-fuels/gaseous-fuels/natural-gas/kwh-gross-cv", "wtt"),
        ("uk_gov/2025/hotel-stay/hotel-stay/uk/room-per-night", "other"),
        ("residual_mix/2022/gb", "residual"),
        ("spend/2023/sic-62", "spend"),
        ("user:activity.xlsx/Contracts/E3", "user"),
    ],
)
def test_every_factor_has_a_grade(key: str, grade: str) -> None:
    assert half_range("factor", key).id == f"quality.factor.{grade}"


def test_the_report_shows_ranges_as_judged(tmp_path: Path) -> None:
    found = report(tmp_path, activity=[GAS])
    figure = found.figure("business.range.total")
    assert figure.status == "recalled"
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < value(found, "total") < figure.high
    assert figure.trace.parents == ("business.total",)
    assert {ref.verified for ref in figure.trace.factors} == {"judged"}
    beside = found.figure("business.total")
    assert (beside.low, beside.high, beside.status) == (figure.low, figure.high, "calculated")
    assert "judged grades of quality" in beside.trace.how
    assert any("judged or recalled" in note for note in found.notes)
    section = found.section("ranges")
    assert "judged or recalled, not published" in section.notes[0]
    assert list(section.table["heading"])[:2] == ["Total, scope 2 by location", "Scope 1"]


def test_another_seed_is_on_record(tmp_path: Path) -> None:
    from natcap.carbon.business.trunk import build
    from natcap.core.project import read_project

    built = [
        build(read_project(project(tmp_path / name, choices=text, activity=[GAS])))
        for name, text in (("a", ""), ("b", "seed = 7\n"), ("c", "seed = 7\n"))
    ]
    ends = [found.figure("business.range.total").low for found in built]
    assert ends[1] == ends[2] != ends[0]
    assert built[1].run.choices["seed"] == "7"


@pytest.mark.parametrize("name", ["business/quality", "business/flags", "business/chp"])
def test_tables_hold_to_the_rules(name: str) -> None:
    assert not tables.problems_in(name)
    assert {"natcap-choice-business", "ghgp-uncertainty"} <= set(sources())


def test_headlines_have_their_range_in_the_workbook_and_on_the_page(tmp_path: Path) -> None:
    """What cover and terminal print, and the page, has the ends beside the figure, as in the section of ranges."""
    from natcap.core.outputs import figure_text, significant
    from natcap.core.page import to_html

    found = report(tmp_path, activity=[GAS, {"activity": "Electricity", "quantity": 50_000, "unit": "kWh"}])
    table = found.section("ranges").table.set_index("heading")
    heads = {"business.total": "Total, scope 2 by location", "business.scope1": "Scope 1",
             "business.scope2.location": "Scope 2", "business.scope3": "Scope 3"}  # fmt: skip
    for key, heading in heads.items():
        figure = found.figure(key)
        assert (figure.low, figure.high) == pytest.approx(tuple(table.loc[heading, ["p5", "p95"]]))
        text = f"({significant(figure.low or 0)} to {significant(figure.high or 0)})"
        assert text in figure_text(figure)
        assert text in to_html(found)


def test_a_figure_outside_its_draws_keeps_no_range() -> None:
    from natcap.carbon.business.ranges_shown import ranged
    from natcap.core.report import Figure, Trace

    total = Figure("business.total", "Total", 5.0, "t CO2e", Trace("Sum."))
    drawn = Figure("business.range.total", "Range", 2.0, "t CO2e", Trace("Draws."), 1.0, 3.0)
    assert list(ranged([total], [drawn])) == [total]
