"""The ranges in a report: tables with live formulas, figures that lead back, words for what is not known."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from natcap.accounts import trunk, wings
from natcap.accounts.accuracy_account.model import GUIDANCE, MODEL
from natcap.accounts.ranges_account import RangesInput, read, show
from natcap.accounts.ranges_account.show import BANNER
from natcap.accounts.services.account import NO_TYPE, WHOLE, ServiceAccount
from natcap.accounts.show.sheets import placed
from natcap.accounts.wings import Setting, Spec, Wing, active
from natcap.core.explain import explain
from natcap.core.problems import InputProblems, Problems
from natcap.core.project import read_project
from natcap.core.report import InputRef, Report, Run
from natcap.core.version import VERSION
from natcap.core.workbook import publish, write_template
from tests.accounts.maps import project, write_tif
from tests.accounts.ranges import factor, row, services
from tests.accounts.test_ranges_account import accuracy
from tests.conftest import absent
from tests.core import recalc

Make = Callable[..., tuple[Wing, Report]]


def county() -> ServiceAccount:
    """Two zones, two dates, four services: one priced by a recalled factor, one abiotic, one without a price."""
    factors = [factor("yield", 5, 3, 8, rag="Green"), factor("price", 20, 10, 40, verified="recalled", rag="Red"),
               factor("removal", 0.5, -1, 2), factor("path", 250, 125, 375), factor("wind", 9),
               factor("visits", 1000, 500, 2000, input=InputRef("visits.xlsx", "Visits", "C4"))]  # fmt: skip
    rows = []
    for date, grown in (("opening", 1.0), ("closing", 1.5)):
        for zone, ha in (("a", 10.0 * grown), ("b", 4.0)):
            shared: dict[str, Any] = {"date": date, "zone": zone, "hectares": ha}
            rows += [row("timber", ("yield",), 5 * ha, price=20.0, price_factor="price", **shared),
                     row("gas", ("removal",), 0.5 * ha, price=250.0, price_factor="path", type="grass", **shared),
                     row("wind", ("wind",), 9 * ha, price=2.0, **shared)]  # fmt: skip
        rows.append(row("visits", ("visits",), 1000.0, date=date, zone=WHOLE, type=NO_TYPE, hectares=math.nan))
    return services(factors, rows, gas={"price": "carbon"}, wind={"abiotic": True})


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def job(account: ServiceAccount | None = None, draws: int = 2000, **products: Any) -> tuple[Wing, Report]:
        setting = Setting(read_project(project(tmp_path, {}, {})), ("2018", "2023"),
                          products={"services": account or county(), **products})  # fmt: skip
        wing = show(setting, RangesInput(draws, 7))
        report = Report("accounts", "Test", "Test", "2018 to 2023", wing.figures, placed(wing.sections),
                        Run(VERSION, (), (), wing.choices), checks=wing.checks, banners=wing.banners)  # fmt: skip
        return wing, report

    return job


class _Assets:
    def __init__(self, weights: pd.DataFrame) -> None:
        self.weights = weights


def assets(account: ServiceAccount) -> _Assets:
    return _Assets(pd.DataFrame({"asset": account.rows["value"] * 30}))


def test_sections_stand_under_their_sheets(make: Make) -> None:
    account = county()
    _, report = make(account, assets=assets(account), accuracy=accuracy(account, ("opening", "closing")))
    numbers = {section.number: section.id for section in report.sections}
    assert numbers == {"14": "ranges_value", "14b": "ranges_asset", "14c": "ranges_physical", "14d": "ranges_type_flow",
                       "14e": "ranges_type_money", "14f": "ranges_by_zone", "14g": "ranges_factors"}  # fmt: skip
    assert all(check.passed for check in report.checks)
    assert report.run.choices == {"draws": "2000", "seed": "7"}


def test_totals_and_words(make: Make) -> None:
    wing, report = make()
    table = report.section("ranges_value").table
    total = table[(table["date"] == "2023 (closing)") & (table["item"] == "All ecosystem services")].iloc[0]
    assert total["central"] == 19 * 5 * 20 + 19 * 0.5 * 250
    assert total["p05"] < total["p50"] < total["p95"]
    assert total["rag"] == "Amber"
    assert "removal (read) carries" in total["why"]
    timber = table[(table["date"] == "2023 (closing)") & (table["item"] == "Timber")].iloc[0]
    assert timber["rag"] == "Red"
    assert "price (recalled) carries" in timber["why"]
    assert BANNER in wing.banners
    assert "confidence Amber" in report.section("ranges_value").summary
    assert "abiotic, in no total" in " ".join(table["item"])
    physical = report.section("ranges_physical").table
    assert set(physical["item"]) >= {"Visits", "Timber"}
    assert report.section("ranges_by_zone").table["zone"].tolist() == ["Zone A", "Zone B"]


def test_factors_table(make: Make) -> None:
    _, report = make()
    section = report.section("ranges_factors")
    table = section.table.set_index("id")
    assert table.loc["path", "kind"] == "scenario, not drawn"
    assert table.loc["wind", "kind"] == "no range"
    assert section.marks[section.table["id"].tolist().index("wind"), "low"] == "[x]"
    assert table.loc["removal", "kind"] == "triangular"
    assert table.loc["yield", "rows"] == 4
    assert table.loc["price", "rag"] == "Red"
    assert table["share"].sum() == pytest.approx(1.0)
    assert table["share"].is_monotonic_decreasing
    assert "4 of 6 factors have a range; confidence is Red for 1." in section.summary


def test_figures_lead_back(make: Make) -> None:
    account = county()
    _, report = make(account, assets=assets(account))
    high = report.figure("ranges.value.closing.all.timber.p95")
    middle = report.figure(high.trace.parents[0])
    assert {ref.id for ref in middle.trace.factors} == {"yield", "price"}
    assert (middle.low, middle.high) == (report.figure("ranges.value.closing.all.timber.p05").value, high.value)
    assert middle.status == "recalled"
    assert report.figure("ranges.flow.closing.all.timber.p50").status == "calculated"
    assert report.figure("ranges.flow.closing.all.visits.p50").trace.inputs[0].cell == "C4"
    assert report.figure("ranges.asset.closing.all.total.p50").unit == "GBP"
    for figure in report.figures:
        assert explain(report, figure.id)
        assert figure.trace.parents or figure.trace.factors


def test_no_services_no_ranges(tmp_path: Path) -> None:
    setting = Setting(read_project(project(tmp_path, {}, {})), ("2018", "2023"))
    for given in (
        setting,
        replace(setting, products={"services": services([], [])}),
        replace(setting, products={"services": services([factor("f", 1)], [row("one", ("f",), math.nan)])}),
    ):
        wing = show(given, RangesInput())
        assert wing.sections == ()
        assert "no account of services" in wing.notes[0]


def test_flows_without_prices(make: Make) -> None:
    _, report = make(services([factor("f", 2, 1, 4)], [row("one", ("f",), 2.0)]))
    assert [section.id for section in report.sections] == ["ranges_physical", "ranges_type_flow", "ranges_factors"]
    assert report.section("ranges_factors").marks[0, "share"] == "[z]"


def test_bad_range_refuses(make: Make) -> None:
    with pytest.raises(InputProblems, match="the factor f: low 3, value 2, high 4"):
        make(services([factor("f", 2, 3, 4)], [row("one", ("f",), 2.0)]))


def test_false_product_refuses(make: Make) -> None:
    with pytest.raises(ArithmeticError, match="its factors at their central values"):
        make(services([factor("f", 2)], [row("one", ("f",), 2.5)]))


@pytest.mark.parametrize(
    ("name", "value"), [("draws", 10), ("draws", "many"), ("seed", -1), ("seed", 1.5), ("draws", True)]
)
def test_bad_choice_is_told(tmp_path: Path, name: str, value: Any) -> None:
    class _Reader:
        project = read_project(project(tmp_path, {}, {name: value}))
        problems = Problems()

    assert read(_Reader()) is None  # type: ignore[arg-type]
    assert f"cell choices.{name}" in str(_Reader.problems[0])
    assert "a whole number from" in str(_Reader.problems[0])


def test_starts_with_services_and_stands_last(tmp_path: Path) -> None:
    given = read_project(project(tmp_path, {}, {"services": "library"}))
    assert active(given)[-1].id == "ranges"
    assert "ranges" not in [spec.id for spec in active(read_project(project(tmp_path, {}, {})))]


@pytest.mark.office
def test_workbook_recalculates(make: Make, tmp_path: Path) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    account = county()
    _, report = make(account, assets=assets(account), accuracy=accuracy(account, ("opening", "closing")))
    publish(report, tmp_path / "ranges.xlsx")
    count, wrong = recalc.compare(tmp_path / "ranges.xlsx", tmp_path)
    assert wrong == []
    assert count > 60


def test_whole_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Maps, points and carbon densities: 100 ha, half wood, of which a tenth is felled; services from a stand-in."""
    stand_in = Spec("services", "tests.accounts.ranges", {}, {"services": "a stand-in"}, ("choices.services",))
    kept = tuple(spec for spec in wings.SPECS if spec.id in ("accuracy", "ranges"))
    monkeypatch.setattr(wings, "SPECS", (kept[0], stand_in, kept[1]))
    opening = np.repeat([1, 3], 5000).reshape(100, 100).astype("uint8")
    closing = np.repeat([1, 3], [4500, 5500]).reshape(100, 100).astype("uint8")
    for name, codes in (("a.tif", opening), ("b.tif", closing)):
        write_tif(tmp_path / name, codes)
    points = [{"of": "closing", "map_class": a, "reference_class": b, "points": n}
              for a, b, n in (("1", "1", 95), ("1", "3", 5), ("3", "3", 180), ("3", "1", 20))]  # fmt: skip
    write_template([MODEL], tmp_path / "points.xlsx", "Accuracy", GUIDANCE, True, {"accuracy": points})
    choices = {"classes": "ukceh_lcm_21", "comparable": True, "carbon": "library", "services": "made up", "draws": 2000}
    named = {"opening": "a.tif", "closing": "b.tif", "accuracy": "points.xlsx"}
    report = trunk.build(read_project(project(tmp_path, named, choices)))
    assert {"ranges_value", "ranges_physical", "ranges_factors"} <= {section.id for section in report.sections}
    assert report.figure("ranges.value.closing.all.total.p50").value == pytest.approx(1000, rel=0.02)
    stock = report.figure("ranges.carbon_stock.closing.all.total.p50")
    central = report.figure("carbon_stock.closing.total")
    assert (central.low, central.high) == (stock.low, stock.high)
    assert stock.low < central.value < stock.high  # type: ignore[operator]
    assert stock.trace.parents == ("carbon_stock.closing.total",)
    assert stock.status == "recalled"
    assert BANNER in report.banners
    assert report.figure("ranges.area.closing.all.arable.p95").trace.parents
    change = report.figure("ranges.carbon_stock.change.all.total.p50")
    assert change.low < change.value < 0  # type: ignore[operator]
    assert any("opening" in said for said in report.run.fallbacks)
    for figure in report.figures:
        if figure.id.startswith("ranges."):
            assert explain(report, figure.id)
