"""The account of an organisation: worked by hand, its identities, then what it must tell and must refuse."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from natcap.accounts.show.words import pounds
from natcap.core.outputs import to_json
from natcap.core.problems import InputProblems
from natcap.core.report import Report
from natcap.core.workbook import publish
from tests.accounts.maps import write_tif
from tests.accounts.organisation import PREVIOUS, WOOD, Rows, build, carbon, duty, flow, inventory, item, move
from tests.conftest import absent
from tests.core import recalc

ANNUITY = 29.812545333317846
"""1 a year for a hundred years, years 0 to 99, standard schedule: case DF-3 of the worked natural capital cases."""
END = 28.863363355642228
"""The same, years 1 to 100."""
WHOLE: Rows = {
    "assets": [WOOD, WOOD | {"asset": "Pond", "habitat": "Standing water", "extent": 2.0, "previous_extent": 2.0}],
    "flows": [
        flow(), flow(service="Visits", flow=50.0, unit="visits", unit_value=4.0, column="external"),
        flow(service="Views", unit_value="", price_year="", unit=""),
        flow(asset="Pond", service="Well-being", flow=3.0, unit="people", unit_value=1000.0, column="memo",
             kind="welfare", health="yes"),
        carbon(flow=2.0, actual=3.0),
    ],
    "maintenance": [duty(), duty(work="Fences", duty="constructive", cost=20.0, start=2020, life=5, spent=15.0)],
    "income": [item()],
    "movements": [move(), move(move="disposal", amount=200.0, price_year=2022),
                  move(part="liabilities", move="addition", asset="", amount=300.0)],
    "previous": PREVIOUS,
}  # fmt: skip
CARBON_2023 = 264.93 * 96.2507 / 90.5005
"""DESNZ central value of 2023 in 2022 prices, by the GDP deflator of 2023 over 2022 (factors/values)."""


def told(folder: Path, rows: Rows, inputs: dict[str, str] | None = None, **choices: Any) -> str:
    with pytest.raises(InputProblems) as caught:
        build(folder, rows, inputs, **choices)
    return str(caught.value)


def value(report: Report, key: str) -> float:
    found = report.figure(f"organisation.{key}").value
    assert found is not None, key
    return found


def simple(*flows: dict[str, Any], **more: Any) -> Rows:
    return {"assets": [WOOD], "flows": list(flows) or [flow()]} | more


def test_balance_by_hand(tmp_path: Path) -> None:
    """Timber 10 x 30 = 300 a year x 29.8125 = 8,943.76; visits 50 x 4 = 200 x 29.8125 = 5,962.51.

    Thinning 100 x 29.8125 = 2,981.25; fences from 2020 for 5 years: 2023 and 2024 are left, 20 x (1 + 1/1.035) = 39.32.
    """
    report = build(tmp_path, WHOLE)
    private, fences = 300 * ANNUITY, 20 * (1 + 1 / 1.035)
    assert value(report, "assets.private") == pytest.approx(private, rel=1e-12)
    assert value(report, "flow.long_wood_visits_external") == pytest.approx(200 * ANNUITY)
    assert value(report, "liabilities_legal.private") == pytest.approx(-100 * ANNUITY)
    assert value(report, "liabilities_other.private") == pytest.approx(-fences)
    assert value(report, "net.private") == pytest.approx(private - 100 * ANNUITY - fences)
    assert report.figure("organisation.liabilities.external").value is None
    assert value(report, "net.total") == pytest.approx(value(report, "net.private") + value(report, "net.external"))
    assert report.headlines[0].id == "organisation.net.total"
    assert (report.headlines[0].unit, report.headlines[0].status) == ("GBP_2023", "calculated")
    assert [s.number for s in report.sections if s.group == "main"] == ["18", "18b", "18c", "18d", "18e", "18f", "19"]


def test_timing_end_takes_the_other_annuity(tmp_path: Path) -> None:
    report = build(tmp_path, simple(), discount_timing="end")
    assert value(report, "net.total") == pytest.approx(300 * END, rel=1e-12)
    assert any("timing" in note.casefold() and "end" in note for note in report.section("organisation_balance").notes)


def test_prices_move_with_the_deflator_and_say_so(tmp_path: Path) -> None:
    """A unit value of 2022 in prices of 2023: 96.2507 / 90.5005."""
    report = build(tmp_path, simple(flow(price_year=2022)))
    assert value(report, "net.total") == pytest.approx(300 * 96.2507 / 90.5005 * ANNUITY)
    trace = report.figure("organisation.flow.long_wood_timber_private").trace
    ids = [ref.id for ref in trace.factors]
    assert ids == ["asset.schedule.standard.2026", "deflator.hmt-2025-12.2022", "deflator.hmt-2025-12.2023"]
    assert [(ref.sheet, ref.cell, ref.value) for ref in trace.inputs][:2] == [
        ("Flows", "C2", "10"),
        ("Flows", "F2", "30"),
    ]


def test_a_flow_that_begins_later_is_discounted_until_then(tmp_path: Path) -> None:
    """Two years from 2025: DF(2) + DF(3) at 3.5 %."""
    report = build(tmp_path, simple(flow(start=2025, life=2)))
    assert value(report, "net.total") == pytest.approx(300 * (1.035**-2 + 1.035**-3))
    assert "organisation.income.service.total" not in {f.id for f in report.figures}


def test_carbon_path_year_by_year(tmp_path: Path) -> None:
    """2 t in 2023 and 2024: 264.93 and 268.97 (2022 prices), the second over 1.035, into prices of 2023."""
    report = build(tmp_path, simple(carbon(flow=2.0) | {"life": 2}))
    expected = 2 * (264.93 + 268.97 / 1.035) * 96.2507 / 90.5005
    assert value(report, "assets.external") == pytest.approx(expected)
    assert value(report, "income.removal.external") == pytest.approx(2 * CARBON_2023)
    ids = {ref.id for ref in report.figure("organisation.flow.long_wood_carbon_external").trace.factors}
    assert {"carbon.desnz-2023.2023", "carbon.desnz-2023.2024"} <= ids


def test_the_sensitivity_schedule_stands_beside(tmp_path: Path) -> None:
    """Two years of 300: 1 + 1 / 1.035 as chosen, 1 + 1 / 1.03 without pure time preference."""
    report = build(tmp_path, simple(flow(life=2)))
    assert value(report, "net.total") == pytest.approx(300 * (1 + 1 / 1.035))
    assert value(report, "sensitivity.net") == pytest.approx(300 * (1 + 1 / 1.03))
    assert "organisation.sensitivity.net" not in {
        f.id for f in build(tmp_path, simple(flow(life=2)), discount_year=2023).figures
    }


def test_a_schedule_that_was_judged_marks_what_rests_on_it(tmp_path: Path) -> None:
    report = build(tmp_path, simple(), discount_schedule="flat_3_5")
    assert report.figure("organisation.net.total").status == "recalled"
    assert any("Red" in banner for banner in report.banners)
    assert value(report, "net.total") == pytest.approx(300 * (1 - 1.035**-100) / (1 - 1 / 1.035))


def test_beside_land_cover_maps(tmp_path: Path) -> None:
    """Two cells of two classes; the wing stands with extent, and the reporting year is that of the closing map."""
    codes = np.array([[1, 3]], dtype="uint8")
    for name in ("a.tif", "b.tif"):
        write_tif(tmp_path / name, codes)
    maps = {"opening": "a.tif", "closing": "b.tif"}
    report = build(tmp_path, simple(), maps, classes="ukceh_lcm_21", carbon="none", comparable=True, opening_year=2018,
                   closing_year=2024)  # fmt: skip
    assert report.figure("extent.area.all").value is not None
    assert report.figure("organisation.net.total").period == "2024"
    assert [s.number for s in report.sections if s.id in ("organisation_balance", "organisation_income")] == [
        "18",
        "19",
    ]


def test_the_way_from_the_previous_account_closes(tmp_path: Path) -> None:
    """Private assets: 8,000 of 2022, + 500 - 200 x D, D = 96.2507 / 90.5005; timber rolls on, so time changes nothing.

    Fences: 20 a year until 2024, seen from 2022 three years, from 2023 two: time gives 20 x 1.035^-2 back.
    """
    report, rise = build(tmp_path, WHOLE), 96.2507 / 90.5005
    name = "assets_private"
    steps = ("opening", "price_level", "addition", "disposal", "revaluation", "time", "residual", "closing")
    found = [value(report, f"change.{step}.{name}") for step in steps]
    expected = [8000, 8000 * (rise - 1), 0, -200 * rise, 500, 0]
    assert found[:6] == pytest.approx(expected, abs=1e-9)
    assert found[6] == pytest.approx(300 * ANNUITY - sum(expected))
    assert sum(found[:7]) == pytest.approx(found[7])
    assert value(report, "change.addition.liabilities_private") == -300
    assert value(report, "change.time.liabilities_private") == pytest.approx(20 * 1.035**-2)
    assert value(report, "change.closing.net") == pytest.approx(value(report, "net.total"))


def test_income_statement_takes_the_year(tmp_path: Path) -> None:
    """Timber 300 and spending -100 - 15 private; visits 200, carbon 3 t, water -40 and 12 t of emissions external."""
    report = build(tmp_path, WHOLE, {"emissions": inventory(tmp_path)})
    assert value(report, "income.net.private") == pytest.approx(300 - 100 - 15)
    assert value(report, "income.emissions.external") == pytest.approx(-12 * CARBON_2023)
    assert value(report, "income.net.external") == pytest.approx(200 + (3 - 12) * CARBON_2023 - 40)
    assert value(report, "emissions") == 12
    where = report.figure("organisation.emissions").trace.inputs[0]
    assert (where.file, where.cell) == ("inventory.json", "figures.business.total")


def test_made_up_emissions_mark_what_rests_on_them(tmp_path: Path) -> None:
    name = inventory(tmp_path, banners=["EXAMPLE data: an invented business."])
    report = build(tmp_path, simple(), {"emissions": name})
    assert report.figure("organisation.income.net.total").status == "synthetic"
    assert report.figure("organisation.net.total").status == "calculated"
    assert any("SYNTHETIC emissions" in banner for banner in report.banners)


def test_what_is_not_included_is_listed_and_not_zero(tmp_path: Path) -> None:
    report = build(tmp_path, WHOLE | {"assets": [*WHOLE["assets"], WOOD | {"asset": "Meadow"}]})
    section = report.section("organisation_outside")
    assert section.table["service"].tolist() == ["Views", "Well-being", "All services"]
    assert section.marks == {(0, "value"): "[x]", (2, "value"): "[x]"}
    assert report.figure("organisation.flow.long_wood_views_private").value is None
    memo = value(report, "memo.pond_well_being_memo")
    assert memo > 3000 * ANNUITY  # the health schedule is the lower one
    assert value(report, "net.total") < memo
    register = report.section("organisation_register")
    assert register.marks[2, "private"] == "[x]"


def test_the_previous_account_stands_beside_in_its_own_prices(tmp_path: Path) -> None:
    section = build(tmp_path, WHOLE).section("organisation_balance")
    assert section.table["previous_total"].tolist()[2::3] == [9000.0, -2000.0]
    assert {c.unit for c in section.columns if c.name.startswith("previous")} == {"GBP_2022"}
    assert section.table["previous_total"].iloc[6] == 7000.0
    assert section.marks[3, "previous_total"] == "[x]"


def test_no_duty_is_said_at_the_top(tmp_path: Path) -> None:
    report = build(tmp_path, simple())
    assert any("before the cost of keeping" in banner for banner in report.banners)
    assert report.section("organisation_balance").marks[4, "total"] == "[w]"


def test_extents_of_different_units_are_never_added(tmp_path: Path) -> None:
    hedge = WOOD | {"asset": "Hedge", "extent": 1.5, "unit": "km", "previous_extent": ""}
    report = build(tmp_path, simple() | {"assets": [WOOD, hedge]})
    table = report.section("organisation_habitats").table
    assert table[["unit", "extent"]].to_numpy().tolist() == [["hectare", 10.0], ["km", 1.5]]
    assert table["change"].iloc[0] == 2.0
    assert report.section("organisation_habitats").marks == {(1, "previous_extent"): "[x]", (1, "change"): "[x]"}


BAD: list[tuple[Rows, tuple[str, ...]]] = [
    (simple(flow(price_year="")), ("sheet Flows, cell G2", "no price year", "of which year it is")),
    (simple(flow(price_year=1980)), ("cell G2", "runs from 1990 to 2024")),
    (simple(flow(kind="welfare")), ("cell I2", "a welfare value in the column private", "consumer surplus")),
    (simple(flow(asset="Long Wod")), ("cell A2", "Did you mean 'Long Wood'?")),
    (simple(flow(unit="")), ("cell D2", "no unit")),
    (simple(flow(flow=-1.0)), ("cell C2", "a cost belongs on Income")),
    (simple(flow(life=0)), ("cell L2", "years from 1 to 200")),
    (simple(flow(start=2000, life=10)), ("cell L2", "a last year 2009", "It is over")),
    (simple(flow(), flow()), ("cell B3", "twice in the same years")),
    (simple(carbon() | {"unit": "tC"}), ("cell D2", "t CO2e, the unit of the carbon values")),
    (simple(carbon() | {"unit_value": 5.0}), ("cell F2", "beside the carbon path")),
    (simple(flow(actual=1.0, flow="")), ("cell C2", "no expected flow")),
    (simple(maintenance=[duty(cost=-5.0)]), ("sheet Maintenance, cell D2", "without a minus")),
    (simple(maintenance=[duty(price_year="")]), ("sheet Maintenance, cell E2", "no price year")),
    (simple(income=[item(amount=40.0)]), ("sheet Income, cell D2", "A cost to anybody is negative")),
    (simple(income=[item(kind="welfare")]), ("sheet Income, cell G2", "a welfare value")),
    (simple(income=[item(asset="Long Wood", item="timber", entry="service", amount=3.0)]),
     ("sheet Income, cell A2", "counted from that sheet")),
    (simple(movements=[move()]), ("sheet Movements, cell B2", "without a previous account")),
    (simple(previous=PREVIOUS[:2]), ("sheet Previous", "no row of liabilities, private")),
    (simple(previous=[*PREVIOUS, PREVIOUS[0]]), ("sheet Previous, cell A6", "for the second time")),
    (simple(previous=[row | {"year": 2023} for row in PREVIOUS]), ("sheet Previous, cell E2", "a year before")),
    (simple(previous=[row | {"amount": 5.0} for row in PREVIOUS]), ("cell C4", "a liability is negative")),
    (simple(previous=PREVIOUS), ("cell C3", "1,000 of external assets", "is not worth 0")),
    (simple(previous=PREVIOUS, movements=[move(move="disposal", amount=-1.0)]),
     ("sheet Movements, cell E2", "A disposal is taken off")),
    ({"assets": [WOOD, WOOD], "flows": [flow()]}, ("sheet Assets, cell A3", "each asset once")),
    ({"assets": [WOOD | {"extent": -1.0}], "flows": [flow()]}, ("sheet Assets, cell D2", "0 or more")),
    ({"assets": [WOOD | {"biodiversity": 3.0}], "flows": [flow()]}, ("cell K2", "never add")),
    ({"assets": [WOOD | {"date": date(2024, 1, 1)}], "flows": [flow()]}, ("cell I2", "a day of 2023 or before")),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "parts"), BAD, ids=[" ".join(parts)[:40] for _, parts in BAD])
def test_bad_input_has_its_cell(tmp_path: Path, rows: Rows, parts: tuple[str, ...]) -> None:
    text = told(tmp_path, rows)
    for part in parts:
        assert part in text, text


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = told(tmp_path, simple(flow(price_year="", kind="welfare"), income=[item(amount=4.0)]))
    assert text.count("\n") == 2
    assert "no price_year" in told(tmp_path, simple(), price_year=None)
    assert "no row" in told(tmp_path, {"assets": [], "flows": []})


def test_an_inventory_of_another_year_or_kind_is_refused(tmp_path: Path) -> None:
    def refused(name: str, rows: Rows | None = None) -> str:
        return told(tmp_path, rows or simple(), {"emissions": name})

    assert "inventory.json, cell period: found the period 2022" in refused(inventory(tmp_path, period="2022"))
    assert "kind 'area'" in refused(inventory(tmp_path, kind="area"))
    assert "business.total in t CO2e" in refused(inventory(tmp_path, tonnes=None))
    assert "emissions of 0 or more" in refused(inventory(tmp_path, tonnes=-1))
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    assert "not a document of natcap" in refused("broken.json")
    early = told(tmp_path, simple(), {"emissions": inventory(tmp_path, period="2018")}, closing_year=2018)
    assert "cell inputs.emissions" in early
    assert "carbon_before" in early
    rows = simple(income=[item(entry="emissions", item="Diesel")])
    assert "sheet Income, cell B2" in refused(inventory(tmp_path), rows)


def test_carbon_values_that_do_not_reach_are_told(tmp_path: Path) -> None:
    text = told(tmp_path, simple(carbon()), opening_year=2017, closing_year=2018)
    assert "sheet Flows, cell L2" in text
    assert "carbon_before" in text
    assert "of another price" not in text


amounts = st.floats(0, 1e6)
given_flows = st.lists(
    st.tuples(amounts, st.sampled_from(["private", "external", "memo"]), st.integers(1, 120), st.booleans(),
              st.sampled_from([1995, 2022, 2023])),
    min_size=1, max_size=6,
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    given_flows,
    st.lists(st.tuples(amounts, st.sampled_from(["private", "external"])), max_size=3),
    st.sampled_from(["start", "mid", "end"]),
    st.floats(-1e6, 0),
)
def test_identities_hold(tmp_path: Path, rows: list[Any], costs: list[Any], timing: str, owed: float) -> None:
    """Net = assets + liabilities, private + external = total, previous + movements = closing."""
    flows = [flow(service=f"S{n}", flow=a, column=c, life=life, start=2023 if dated else "", price_year=year)
             for n, (a, c, life, dated, year) in enumerate(rows)]  # fmt: skip
    duties = [duty(work=f"W{n}", cost=cost, column=side) for n, (cost, side) in enumerate(costs)]
    moves = [move(part=p, column=c) for p in ("assets", "liabilities") for c in ("private", "external")]
    previous = [r | ({"amount": owed} if r["part"] == "liabilities" else {}) for r in PREVIOUS]
    report = build(tmp_path, simple(*flows, maintenance=duties, movements=moves, previous=previous),
                   discount_timing=timing)  # fmt: skip
    found = {f.id.removeprefix("organisation."): f.value or 0.0 for f in report.figures}
    size = max(1.0, *(abs(v) for v in found.values()))
    for column in ("private", "external", "total"):
        assert found[f"net.{column}"] == pytest.approx(
            found[f"assets.{column}"] + found[f"liabilities.{column}"], abs=1e-9 * size)  # fmt: skip
    for part in ("assets", "liabilities", "net"):
        assert found[f"{part}.total"] == pytest.approx(found[f"{part}.private"] + found[f"{part}.external"])
    steps = [found[f"change.{s}.net"] for s in ("opening", "price_level", "addition", "disposal", "revaluation", "time",
                                                "residual")]  # fmt: skip
    assert sum(steps) == pytest.approx(found["change.closing.net"], abs=1e-9 * size)
    assert found["change.closing.net"] == pytest.approx(found["net.total"], abs=1e-9 * size)
    assert all(check.passed for check in report.checks)


def test_a_way_from_the_previous_account_is_told_in_prices_of_one_year_and_written_as_json(tmp_path: Path) -> None:
    """Net was 7,000 in prices of 2022, 7,000 x 96.2507 / 90.5005 in those of 2023: that difference is not a rise."""
    report = build(tmp_path, WHOLE)
    change = value(report, "net.total") - 7000 * 96.2507 / 90.5005
    summary = report.section("organisation_movements").summary
    assert summary.startswith(f"Net natural capital of the organisation rose by {pounds(change)} in prices of 2023")
    assert json.loads(to_json(report))["figures"]["organisation.net.total"]["value"] == value(report, "net.total")


def test_the_account_says_whose_it_is(tmp_path: Path) -> None:
    report = build(tmp_path, simple(), organisation_name="Example Council")
    for key in ("balance", "register", "outside", "income"):
        section = report.section(f"organisation_{key}")
        assert "Example Council" in section.title, key
    assert "Example Council" in report.section("organisation_balance").summary
    assert "choices.organisation_name" in told(tmp_path, simple(), organisation_name=3)


def test_a_workbook_named_synthetic_marks_every_number_of_it(tmp_path: Path) -> None:
    build(tmp_path, WHOLE)
    (tmp_path / "organisation.xlsx").rename(tmp_path / "SYNTHETIC_organisation.xlsx")
    report = build(tmp_path, WHOLE, {"organisation": "SYNTHETIC_organisation.xlsx"})
    assert {figure.status for figure in report.figures} == {"synthetic", "missing"}
    assert report.banners[0].startswith("SYNTHETIC organisation")
    assert all(chart.title.startswith("SYNTHETIC") for section in report.sections for chart in section.charts)
    assert all("SYNTHETIC" in " ".join(section.sources) for section in report.sections if section.group == "main")


def _recalculated(report: Report, folder: Path) -> int:
    publish(report, folder / "out.xlsx")
    count, wrong = recalc.compare(folder / "out.xlsx", folder)
    assert wrong == []
    return count


@pytest.mark.office
@pytest.mark.parametrize("timing", ["end", "mid"])
def test_workbook_recalculates(tmp_path: Path, timing: str) -> None:
    if recalc.office() is None:
        absent("LibreOffice (soffice)")
    odd = WOOD | {"asset": "=1+1*", "habitat": "woodland?", "previous_extent": ""}
    rows = WHOLE | {
        "assets": [*WHOLE["assets"], odd, odd | {"asset": "1+1"}],
        "flows": [*WHOLE["flows"], carbon(asset="Pond", start=2025) | {"life": 30}, flow(asset="=1+1*"),
                  flow(asset="1+1", column="external", start=2010)],
    }  # fmt: skip
    report = build(tmp_path, rows, {"emissions": inventory(tmp_path)}, discount_timing=timing)
    assert _recalculated(report, tmp_path) > 400
