"""Every asset value walks back to cells: of the maps, of each year in its mean, of the rates and carbon values."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from natcap.core.explain import Explanation, explain
from natcap.core.report import Report
from tests.accounts.service_projects import LIBRARY, PRICE, READ, WEST, builder

_VISITS = {2019: 110_000.0, 2020: 140_000.0, 2022: 131_000.0, 2023: 128_500.0}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    folder: Path = tmp_path_factory.mktemp("walk")
    read = READ | {"service": "recreation", "unit": "visit"}
    return builder(folder)(
        LIBRARY,
        readings=[read | {"year": year, "flow": flow} for year, flow in _VISITS.items()],
        unit_values=[PRICE | {"service": "recreation", "value": 1.4, "unit": "GBP/visit", "price_year": 2019}],
    )


def _all(node: Explanation) -> list[Explanation]:
    return [node, *(one for parent in node.parents for one in _all(parent))]


def _leaf(report: Report, start: str) -> str:
    (found,) = (f.id for f in report.figures if f.id.startswith(start))
    return found


def test_a_modelled_value_walks_back_to_hectares_and_the_map(report: Report) -> None:
    """West has 8 ha of deciduous woodland at the closing: 8 ha x 5 m3 x 0.2 = 8 m3 a year."""
    leaf = _leaf(report, f"assets.value.closing.{WEST}.timber.")
    told = explain(report, leaf)
    assert "expected flow 8 m3_overbark a year (mean of 2023: 8 ha x 5 x 0.2) x " in told.figure.trace.how
    flow, unit = told.parents
    assert (flow.figure.id, flow.figure.value) == (f"services.flow.closing.{WEST}.timber", 8.0)
    (extent,) = flow.parents
    assert (extent.figure.id, extent.figure.value) == (f"extent.closing.{WEST}.deciduous_woodland", 8.0)
    assert (extent.inputs[0].file, extent.inputs[0].value) == ("closing.tif", "8")
    assert unit.figure.id == "assets.unit.closing.timber"
    assert {f.id for f in told.factors} >= {"deflator.hmt-2025-12.2022", "deflator.hmt-2025-12.2023"}


def test_the_mean_names_the_cell_of_each_of_its_years(report: Report) -> None:
    """(110,000 + 140,000 + 131,000 + 128,500) / 4 = 127,375 visits; 1.4 GBP of 2019 x 90.5005 / 81.1085 in 2022 prices;
    29.8125 for 100 years from now at 3.5 % for 30, 3 % to 75 and 2.5 % to 99."""
    figure = report.figure(_leaf(report, "assets.value.closing.whole_area.recreation."))
    trace = figure.trace
    assert "expected flow 127,375 visit a year (mean of 2019, 2020, 2022, 2023: " in trace.how
    assert "(110,000 + 140,000 + 131,000 + 128,500) / 4)" in trace.how
    values = {i.cell: float(i.value) for i in trace.inputs if i.unit == "visit"}
    assert sorted(values.values()) == sorted(_VISITS.values())
    assert len(values) == 4
    held = {f.id: f.value for f in trace.factors}
    price = (
        held["services.own.value.recreation"] * held["deflator.hmt-2025-12.2022"] / held["deflator.hmt-2025-12.2019"]
    )
    unit = report.figure("assets.unit.closing.recreation")
    assert [f.value for f in unit.trace.factors if f.id.startswith("discount.")] == [0.035, 0.03, 0.025]
    assert figure.value == pytest.approx(sum(values.values()) / 4 * price * (unit.value or 0.0), rel=1e-12)
    assert trace.parents == ("services.flow.closing.all.recreation", unit.id)


def test_the_carbon_path_can_be_rebuilt_from_what_its_figure_names(report: Report) -> None:
    """Sum of 100 carbon values of 2023 to 2122 x discount factors, DF(k) = DF(k - 1) / (1 + rate of year k)."""
    unit = report.figure("assets.unit.closing.greenhouse_gas_regulation")
    values = {int(f.id.rsplit(".", 1)[1]): f.value for f in unit.trace.factors if f.id.startswith("carbon.")}
    assert sorted(values) == list(range(2023, 2123))
    rates = [f.value for f in unit.trace.factors if f.id.startswith("discount.")]
    factor, total = 1.0, 0.0
    for k in range(100):
        factor /= 1.0 if k == 0 else 1 + (rates[0] if k <= 30 else rates[1] if k <= 75 else rates[2])
        total += values[2023 + k] * factor
    deflators = [f.value for f in unit.trace.factors if f.id.startswith("deflator.")]
    ratio = deflators[1] / deflators[0] if deflators else 1.0
    assert unit.value == pytest.approx(total * ratio, rel=1e-12)
    section = report.section("asset_units")
    for (row, name), key in section.figures.items():
        assert section.table[name][row] == report.figure(key).value


def test_every_asset_value_reaches_a_cell(report: Report) -> None:
    ids = {f.id for f in report.figures}
    assert {p for f in report.figures for p in f.trace.parents} <= ids
    known = [f for f in report.figures if f.id.startswith(("assets.value.", "assets.type.")) and f.value]
    assert len(known) > 20
    for figure in known:
        assert any(node.inputs for node in _all(explain(report, figure.id))), figure.id
    total = _all(explain(report, "assets.value.closing.total"))
    assert {"closing.tif", "services.xlsx"} <= {i.file for node in total for i in node.inputs}
    parts = [p.figure.value for p in explain(report, "assets.value.closing.total", depth=1).parents]
    assert math.fsum(part for part in parts if part) == pytest.approx(report.figure("assets.value.closing.total").value)
