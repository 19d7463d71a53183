"""Base year, the bridge that sums exactly, restatement, the SECR statement."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.carbon.business import base, example, trunk
from natcap.carbon.business.bridge import TERMS, bridge
from natcap.carbon.business.inputs import read
from natcap.carbon.business.models import models
from natcap.carbon.business.restate import restate
from natcap.carbon.business.result import Result, calculate
from natcap.core.lines import frame
from natcap.core.outputs import to_json
from natcap.core.problems import InputProblems
from natcap.core.project import Project, read_project
from natcap.core.workbook import publish, write_template
from tests.conftest import absent
from tests.core import recalc


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The example business without homeworking, which no edition before 2022 publishes."""
    folder = tmp_path_factory.mktemp("base")
    trunk.new(folder, example=True)
    tables = example._data({})
    tables["activity"] = [row for row in tables["activity"] if "Homeworking" not in str(row["activity"])]
    tables["changes"] = [
        {"day": "2025-02-01", "kind": "divestment", "site": "Hinckley Yard", "tonnes": 60, "reason": "Sold"},
        {"day": "2025-07-01", "kind": "insourcing", "tonnes": 30, "reason": "Own vans instead of couriers"},
    ]
    write_template(models(), folder / "activity.xlsx", "Test", (), False, tables)
    return read_project(folder)


def _run(project: Project, year: int) -> Result:
    choices = project.choices | {"factor_year": year}
    return calculate(read(replace(project, inputs={"activity": "activity.xlsx"}, choices=choices)))


def test_the_bridge_over_the_official_sets_sums_to_nothing_left_over(project: Project) -> None:
    """2021 to 2022 to 2023 on the same bills: AR4 to AR5 stands as its own term, and only there."""
    runs = {year: _run(project, year) for year in (2021, 2022, 2023)}
    for first, second in pairwise(runs):
        found = bridge(runs[first].this.lines, runs[second].this.lines, same_period=True)
        terms = found.terms()
        assert found.old == pytest.approx(runs[first].this.totals.total)
        assert found.new == pytest.approx(runs[second].this.totals.total)
        assert sum(terms.values()) - (found.new - found.old) == pytest.approx(0, abs=1e-9)
        assert terms["activity"] == terms["error"] == terms["boundary"] == 0
        assert (terms["gwp"] != 0) is (second == 2023)


def test_the_gwp_term_by_hand(project: Project) -> None:
    """R410A goes from 2,088 to 1,924; diesel's methane and nitrous oxide are re-weighted with 28/25 and 265/298."""
    old, new = _run(project, 2022).this.lines, _run(project, 2023).this.lines
    table = bridge(old, new, True).table.set_index("series")
    gas = next(key for key in table.index if "r410a" in key)
    assert table.loc[gas, "gwp"] == pytest.approx(4.5 * (1924 - 2088))
    diesel = old[(old["activity"] == "diesel") & (old["section"] == "Scope 1")]
    by_hand = diesel["kg_ch4"].sum() * (28 / 25 - 1) + diesel["kg_n2o"].sum() * (265 / 298 - 1)
    row = table[(table["what"] == "diesel") & (table["section"] == "Scope 1")].iloc[0]
    assert row["gwp"] == pytest.approx(by_hand)


def _lines(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    """(place, series, quantity, factor) as scope 1 lines."""
    place, series, quantity, factor = zip(*rows, strict=True) if rows else ((), (), (), ())
    kg = np.array(quantity) * np.array(factor)
    return frame({
        "place": list(place), "activity": list(series), "item": [""] * len(rows), "section": ["Scope 1"] * len(rows),
        "category": ["Fuels"] * len(rows), "factor_id": [f"uk_gov/2025/{s}" for s in series],
        "factor_quantity": np.array(quantity), "kg_co2e": kg, "gwp_set": ["AR5"] * len(rows),
    })  # fmt: skip


def test_reasons_of_what_only_one_side_has() -> None:
    old = _lines([("A", "gas", 10, 2), ("A", "coal", 5, 3), ("Sold", "gas", 7, 2)])
    new = _lines([("A", "gas", 12, 2.5), ("A", "oil", 4, 3), ("Bought", "gas", 9, 2)])
    terms = bridge(old, new, same_period=False).terms()
    assert terms == {"activity": 2 * 2 - 15 + 12, "factor": 12 * 0.5, "gwp": 0, "boundary": -14 + 18, "error": 0}
    same = bridge(old, new, same_period=True).terms()
    assert same["error"] == terms["activity"]
    owned = bridge(old, new, same_period=True, owned=True).terms()
    assert owned["boundary"] == terms["activity"] + terms["boundary"]
    moved = bridge(old, new, same_period=False, moved=["A"]).terms()
    assert moved["boundary"] == terms["boundary"] - 15 + 12


_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", "C"]), st.sampled_from(["gas", "coal", "oil"]),
        st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), st.floats(0, 100).map(lambda x: round(x, 4)),
    ),
    max_size=12,
)  # fmt: skip


@given(_ROWS, _ROWS, st.booleans(), st.sets(st.sampled_from(["A", "B", "C"])))
def test_any_bridge_is_exact(old: list[Any], new: list[Any], same: bool, moved: set[str]) -> None:
    found = bridge(_lines(old), _lines(new), same, moved)
    size = max(1.0, float(found.table[["old", "new"]].abs().sum().sum()), *found.table[list(TERMS)].abs().sum())
    assert sum(found.terms().values()) == pytest.approx(found.new - found.old, abs=1e-9 * size)


def test_h19_a_sale_above_the_threshold(shared: Path) -> None:
    """Annex H of the SECR guidelines: 2,000 t sold, restated base 31,120 t: 6.04 % of the old base, so restate."""
    cases = {c["id"]: c for c in json.loads((shared / "worked" / "carbon.json").read_text(encoding="utf-8"))}
    given_, expected = cases["H19"]["inputs"], cases["H19"]["expected"]
    old = given_["restated_base"] + given_["removed"]
    assert base.significance(given_["removed"], old) == pytest.approx(expected, abs=cases["H19"]["abs_tolerance"])
    with pytest.raises(ValueError, match="above zero"):
        base.significance(1, 0)


@pytest.fixture(scope="module")
def with_base(project: Project) -> Project:
    inputs = {"activity": "activity.xlsx", "base": "activity_2024.xlsx", "prior": "activity_2024.xlsx"}
    return replace(project, inputs=inputs, choices=project.choices | {"base_period": "2024"})


def test_the_base_year_in_the_report(with_base: Project, tmp_path: Path) -> None:
    report = trunk.build(with_base)
    terms = sum(report.figure(f"business.base.{name}").value or 0 for name in TERMS)
    change = (report.figure("business.total").value or 0) - (report.figure("business.base.total").value or 0)
    assert terms == pytest.approx(change, abs=1e-9)
    old = report.figure("business.base.total").value or 0
    assert report.figure("business.base.restated").value == pytest.approx(old - 60 + 30)
    assert report.figure("business.base.significance").value == pytest.approx(90 / old * 100)
    assert "the base year stands" in report.section("changes").summary
    assert list(report.section("base").total_rows) == [0, 6]
    # Base year and last year are one workbook here, and stand once among the lines.
    assert report.lines is not None
    assert report.lines["period"].nunique() == 2
    publish(report, tmp_path / "base.xlsx")
    if recalc.office() is None:
        absent("LibreOffice, which recalculates the published workbooks")
    _, wrong = recalc.compare(tmp_path / "base.xlsx", tmp_path)
    assert not wrong


def test_above_the_threshold_a_restatement_is_due(with_base: Project) -> None:
    project = replace(with_base, choices=with_base.choices | {"base_threshold": 3})
    assert "the base year has to be restated" in trunk.build(project).section("changes").summary


def test_a_base_year_without_its_period_is_asked_for(with_base: Project) -> None:
    with pytest.raises(InputProblems, match="base_period"):
        read(replace(with_base, choices={}))


def test_restate_leaves_the_old_run_and_bridges_to_the_new(project: Project) -> None:
    report = restate(project, factors=2023)
    values = {f.id.rpartition(".")[2]: f.value or 0 for f in report.figures}
    assert values["old"] == pytest.approx((_run(project, 2025).this.totals.total or 0) / 1000)
    assert values["new"] == pytest.approx((_run(project, 2023).this.totals.total or 0) / 1000)
    assert sum(values[name] for name in TERMS) == pytest.approx(values["new"] - values["old"], abs=1e-9)
    assert "factors of 2025 to factors of 2023" in report.title


def test_restate_against_a_stored_result_finds_a_corrected_error(project: Project, tmp_path: Path) -> None:
    stored = tmp_path / "filed.json"
    stored.write_text(to_json(trunk.build(project)), encoding="utf-8")
    before = stored.read_bytes()
    tables = example._data({})
    tables["activity"] = [row for row in tables["activity"] if "Homeworking" not in str(row["activity"])]
    first = next(row for row in tables["activity"] if row["activity"] == "LPG")
    first["quantity"] = float(str(first["quantity"])) + 1000
    write_template(models(), tmp_path / "activity.xlsx", "Test", (), False, tables)
    corrected = replace(project, root=tmp_path, inputs={"activity": "activity.xlsx"})
    report = restate(corrected, against=stored)
    printed = sum(f.value or 0.0 for f in report.headlines if f.id.split(".")[-1] in TERMS)
    assert printed == pytest.approx(sum(report.figure(f"business.restatement.{name}").value or 0 for name in TERMS))
    values = {f.id.rpartition(".")[2]: f.value or 0 for f in report.figures}
    lpg = (values["error"], values["factor"], values["activity"])
    assert lpg[0] == pytest.approx(values["new"] - values["old"])
    assert lpg[0] > 1.5
    assert lpg[1:] == pytest.approx((0, 0), abs=1e-9)
    assert stored.read_bytes() == before
    assert report.run.inputs[0]["file"] == "filed.json"


def test_another_boundary_is_no_error(tmp_path: Path) -> None:
    """1,000 kWh at a site owned to 40 %: under equity share 60 % of it leave by the boundary, not as an error."""
    site = {"site": "Depot", "ownership": 40}
    bill = {"site": "Depot", "activity": "Electricity from the grid", "quantity": 1000, "unit": "kWh",
            "start": "2025-01-01", "end": "2025-12-31"}  # fmt: skip
    write_template(models(), tmp_path / "a.xlsx", "Test", (), False, {"activity": [bill], "sites": [site]})
    text = 'kind = "business"\nname = "X"\nperiod = "2025"\n[inputs]\nactivity = "a.xlsx"\n'
    (tmp_path / "natcap.toml").write_text(text, encoding="utf-8")
    stored = tmp_path / "filed.json"
    stored.write_text(to_json(trunk.build(read_project(tmp_path))), encoding="utf-8")
    (tmp_path / "natcap.toml").write_text(f'{text}[choices]\nboundary = "equity share"\n', encoding="utf-8")
    report = restate(read_project(tmp_path), against=stored)
    values = {f.id.rpartition(".")[2]: f.value or 0 for f in report.figures}
    assert values["boundary"] == pytest.approx(-0.6 * values["old"])
    assert values["error"] == 0
    assert any("another share" in note for note in report.notes)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"lines": 5}', '{"lines": []}', '{"lines": [{"period": "2025"}]}'])
def test_a_stored_result_that_is_none_is_refused(project: Project, tmp_path: Path, text: str) -> None:
    (tmp_path / "filed.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputProblems):
        restate(project, against=tmp_path / "filed.json")


def test_restate_needs_something_to_compare_with(project: Project) -> None:
    with pytest.raises(InputProblems, match="--factors YEAR"):
        restate(project)


def test_the_secr_statement_recomputes_by_hand(project: Project) -> None:
    """Each mandatory part from the bills and the printed factors of 2025, and their total."""
    report = trunk.build(project)
    assert report.lines is not None
    bills = pd.DataFrame(example._data({})["activity"]).assign(quantity=lambda t: t["quantity"].astype("float64"))
    used = bills.groupby("activity")["quantity"].sum()
    gas = used["Natural gas"] * 0.18296
    electricity = used["Electricity from the grid"] * 0.177
    diesel = used["Diesel (forecourt blend)"] * 2.57082
    value = {key: (report.figure(f"business.secr.{key}").value or 0) * 1000 for key in ("gas", "transport", "travel")}
    assert value["gas"] == pytest.approx(gas)
    ev = report.figure("business.scope2.location.ev").value or 0
    assert report.figure("business.secr.electricity").value == pytest.approx(electricity / 1000 + ev)
    vehicles = (report.figure("business.scope1.vehicles").value or 0) * 1000
    assert value["transport"] == pytest.approx(diesel + vehicles)
    # Only the journey itself: well-to-tank is not asked for.
    travel = report.lines[report.lines["category"] == "Category 6: business travel"]
    car = travel[travel["factor_id"].astype("str").str.contains("2025/business-travel-land/cars")]
    assert value["travel"] == pytest.approx(car["kg_co2e"].sum())
    total = sum(report.figure(f"business.secr.{k}").value or 0 for k in ("gas", "transport", "electricity", "travel"))
    assert report.figure("business.secr.total").value == pytest.approx(total)
    notes = " ".join(report.section("secr").notes)
    for said in ("LED lighting", "operational control", "uk_gov 2025", "estimated quantities"):
        assert said in notes


def test_the_statement_pairs_emissions_with_the_energy_they_come_from(tmp_path: Path) -> None:
    """1,000 kWh of gas make 0.18296 t; beside it 100 litres of heating oil, 1,029.4 kWh and 0.254016 t, are voluntary.

    Mandatory 0.18296 t from 1,000 kWh; in all 0.436976 t from 2,029.4 kWh (10.294 kWh a litre, 2.54016 kg a litre).
    """
    days = {"start": "2025-01-01", "end": "2025-12-31"}
    gas = {**days, "activity": "Natural gas", "quantity": 1000, "unit": "kWh", "basis": "gross"}
    oil = {**days, "activity": "Heating oil", "quantity": 100, "unit": "litre"}
    write_template(models(), tmp_path / "a.xlsx", "Test", (), False, {"activity": [gas, oil]})
    text = 'kind = "business"\nname = "X"\nperiod = "2025"\n[inputs]\nactivity = "a.xlsx"\n'
    (tmp_path / "natcap.toml").write_text(text, encoding="utf-8")
    report = trunk.build(read_project(tmp_path))
    found = {key: report.figure(f"business.{key}").value for key in (
        "secr.total", "secr.energy_kwh", "secr.whole", "energy_kwh")}  # fmt: skip
    assert found == {
        "secr.total": pytest.approx(0.18296), "secr.energy_kwh": pytest.approx(1000),
        "secr.whole": pytest.approx(0.436976), "energy_kwh": pytest.approx(2029.4),
    }  # fmt: skip
    assert "0.2 t CO2e from 1,000 kWh" in report.section("secr").summary
    assert "0.4 t CO2e, and 2,029 kWh" in report.section("secr").summary


def _owned(folder: Path, percent: float, kwh: float, boundary: str = "equity share") -> Project:
    """A site owned in part, its electricity and its spend on IT, in a project of its own."""
    folder.mkdir(exist_ok=True)
    days = {"site": "Depot", "start": "2025-01-01", "end": "2025-12-31"}
    bill = {**days, "activity": "Electricity from the grid", "quantity": kwh, "unit": "kWh"}
    spend = {**days, "supplier": "IT", "industry": "62", "amount": 10_000, "vat": "excluding VAT"}
    tables = {"activity": [bill], "spend": [spend], "sites": [{"site": "Depot", "ownership": percent}]}
    write_template(models(), folder / "a.xlsx", "Test", (), False, tables)
    text = 'kind = "business"\nname = "X"\nperiod = "2025"\n[inputs]\nactivity = "a.xlsx"\n'
    (folder / "natcap.toml").write_text(f'{text}[choices]\nboundary = "{boundary}"\n', encoding="utf-8")
    return read_project(folder)


def _bridged(tmp_path: Path, new: Project, silent: bool = False) -> tuple[dict[str, float], tuple[str, ...]]:
    """The figures of the restatement of a Depot owned to 60 %, with 1,000 kWh, as `new`; and its notes."""
    document = json.loads(to_json(trunk.build(_owned(tmp_path / "old", 60, 1000))))
    if silent:
        kept = {name: text for name, text in document["run"]["choices"].items() if "owned share" not in name}
        document["run"]["choices"] = kept
    stored = tmp_path / "filed.json"
    stored.write_text(json.dumps(document), encoding="utf-8")
    report = restate(new, against=stored)
    values = {f.id.rpartition(".")[2]: f.value or 0 for f in report.figures}
    assert sum(values[name] for name in TERMS) == pytest.approx(values["new"] - values["old"], abs=1e-12)
    return values, report.notes


def test_more_of_the_same_site_is_boundary_and_no_error(tmp_path: Path) -> None:
    """60 % to 80 %: a third more of everything, electricity and spend alike, and all of it is the boundary."""
    values, _ = _bridged(tmp_path, _owned(tmp_path / "new", 80, 1000))
    assert values["boundary"] == pytest.approx(values["old"] / 3)
    assert values["new"] == pytest.approx(values["old"] * 4 / 3)
    assert [values[name] for name in ("activity", "factor", "gwp", "error")] == pytest.approx([0] * 4, abs=1e-12)


def test_another_share_and_a_corrected_bill_are_told_apart(tmp_path: Path) -> None:
    """0.6 x 1,000 to 0.8 x 1,100 kWh: 200 kWh by the share, 80 by the bill, at 0.177 and all that comes with it."""
    values, _ = _bridged(tmp_path, _owned(tmp_path / "new", 80, 1100))
    alone, _ = _bridged(tmp_path, _owned(tmp_path / "same", 60, 1100))
    assert values["error"] == pytest.approx(alone["error"] * 80 / 60)
    assert values["boundary"] == pytest.approx(values["old"] / 3)


def test_a_boundary_drawn_otherwise_tells_corrected_bills_apart(tmp_path: Path) -> None:
    """60 % of 1,000 kWh to all of 1,100: 400 kWh by the boundary, 100 kWh by the bill."""
    values, notes = _bridged(tmp_path, _owned(tmp_path / "new", 60, 1100, "operational control"))
    alone, _ = _bridged(tmp_path, _owned(tmp_path / "same", 60, 1100))
    assert values["error"] == pytest.approx(alone["error"] / 0.6)
    assert values["boundary"] == pytest.approx(values["old"] * 0.4 / 0.6)
    assert any("another share" in note for note in notes)


def test_a_run_that_did_not_record_its_shares_says_so(tmp_path: Path) -> None:
    """Before the shares stood in the record: the sum of the column tells that they differ, not by how much each."""
    values, notes = _bridged(tmp_path, _owned(tmp_path / "new", 80, 1000), silent=True)
    assert values["boundary"] == pytest.approx(values["old"] / 3)
    assert any("restate in two steps" in note for note in notes)
    same, notes = _bridged(tmp_path, _owned(tmp_path / "same", 60, 1100), silent=True)
    assert same["boundary"] == pytest.approx(0)
    assert same["error"] > 0
    assert not any("two steps" in note for note in notes)


def test_a_share_bought_since_the_base_year_is_boundary(tmp_path: Path) -> None:
    """The base year's own sheet says 60 %, this year's 80 %: the bridge between them says it too."""
    _owned(tmp_path, 80, 1000)
    base_book = _owned(tmp_path / "b", 60, 1000).root / "a.xlsx"
    (tmp_path / "base.xlsx").write_bytes(base_book.read_bytes())
    settings = tmp_path / "natcap.toml"
    text = settings.read_text(encoding="utf-8").replace(
        "[choices]", 'base = "base.xlsx"\n[choices]\nbase_period = "2025"'
    )
    settings.write_text(text, encoding="utf-8")
    report = trunk.build(read_project(tmp_path))
    terms = {name: report.figure(f"business.base.{name}").value or 0 for name in TERMS}
    assert terms["boundary"] == pytest.approx((report.figure("business.base.total").value or 0) / 3)
    assert terms["error"] == pytest.approx(0, abs=1e-12)
    assert terms["activity"] == pytest.approx(0, abs=1e-12)


@given(
    st.floats(0.01, 1), st.floats(0.01, 1), st.floats(1, 1e6), st.floats(1, 1e6), st.floats(0.01, 5), st.floats(0.01, 5)
)
def test_shares_split_exactly(s0: float, s1: float, a0: float, a1: float, f0: float, f1: float) -> None:
    """share x activity x factor on both sides: the boundary is (s1 - s0) a0 f0, and nothing is left over."""
    old, new = (
        frame({"place": "A", "activity": "x", "section": "Scope 1", "category": "Fuels", "factor_id": "u/1/x",
               "factor_quantity": np.array([s * a]), "kg_co2e": np.array([s * a * f])})
        for s, a, f in ((s0, a0, f0), (s1, a1, f1))
    )  # fmt: skip
    found = bridge(old, new, same_period=True, shares=({"A": s0}, {"A": s1}))
    assert found.terms()["boundary"] == pytest.approx((s1 - s0) * a0 * f0, rel=1e-9, abs=1e-9)
    assert found.terms()["error"] == pytest.approx(s1 * (a1 - a0) * f0, rel=1e-9, abs=1e-6)
    assert sum(found.terms().values()) == pytest.approx(found.new - found.old, rel=1e-9, abs=1e-6)
