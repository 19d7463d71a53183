"""A portfolio of a folder of projects: the figures of a long table, one faulty project alone, nothing from outside."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from natcap.carbon.business import trunk as single
from natcap.carbon.business.models import activity_model, models
from natcap.carbon.business.portfolio import one, trunk
from natcap.carbon.business.portfolio.bands import bands
from natcap.carbon.business.portfolio.example import rows as example_rows
from natcap.carbon.business.portfolio.model import REGISTER
from natcap.core.outputs import to_json
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, write_template
from tests.carbon.hubs import add_project, hub_of, write_csv, write_hub, write_table
from tests.conftest import optional

LEAVE = {"problem_businesses": "leave out"}
POWER: dict[str, Any] = {"activity": "Electricity from the grid", "quantity": 10_000, "unit": "kWh",
                         "start": "2025-01-01", "end": "2025-12-31"}  # fmt: skip
GAS = POWER | {"activity": "Natural gas", "quantity": 5_000, "basis": "gross"}


def who(name: str, **more: Any) -> dict[str, Any]:
    return {"business": name, "sector": "62", "size": "micro", "employees": 4} | more


def build(root: Path) -> Report:
    return trunk.build(read_project(root))


def told(root: Path) -> str:
    with pytest.raises(InputProblems) as caught:
        build(root)
    return str(caught.value)


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """Three businesses of 10,000, 11,000 and 12,000 kWh, B02 with gas as well."""
    for n, name in enumerate(("B01", "B02", "B03")):
        bills = [POWER | {"quantity": 10_000 + 1_000 * n}] + ([GAS] if n == 1 else [])
        add_project(tmp_path / "clients" / name, bills)
    return hub_of(tmp_path, [who(name) for name in ("B01", "B02", "B03")])


def choose(root: Path, text: str) -> Path:
    file = root / "natcap.toml"
    file.write_text(file.read_text(encoding="utf-8") + text + "\n", encoding="utf-8")
    return root


def left_out(root: Path) -> tuple[Report, pd.DataFrame]:
    report = build(choose(root, 'problem_businesses = "leave out"'))
    return report, report.section("portfolio_problems").table


def value(report: Report, key: str) -> float:
    found = report.figure(key).value
    assert found is not None
    return found


def thirty() -> list[dict[str, Any]]:
    """Thirty of the example's businesses, ten of each sector; the first states its divisors in its own workbook."""
    found = example_rows()
    names = list(dict.fromkeys(row["business"] for row in found))
    kept = [name for at in range(0, 48, 16) for name in names[at : at + 10]]
    return [row for row in found if row["business"] in kept]


def as_books(root: Path, rows: list[dict[str, Any]]) -> None:
    """The first two projects as workbooks, the third as Parquet, as clients send them."""
    names = list(dict.fromkeys(row["business"] for row in rows))
    for name in names[:3]:
        folder = root / "clients" / name
        (folder / "activity.csv").unlink()
        fields = {f.name: f.label for f in activity_model().fields}
        bills = [{k: v for k, v in row.items() if k in fields} for row in rows if row["business"] == name]
        file = "activity.xlsx"
        if name == names[2]:
            file = "meters.parquet"
            frame = pd.DataFrame([{fields[k]: v for k, v in bill.items()} for bill in bills])
            dates = {fields[k]: pd.to_datetime(frame[fields[k]]) for k in ("start", "end")}
            frame.assign(**dates).to_parquet(folder / file)
        else:
            staff = next(row["employees"] for row in rows if row["business"] == name)
            facts = [{"item": "employees", "amount": staff, "unit": "fte"}] if name == names[0] else []
            write_template(models(), folder / file, "Bills", (), False, {"activity": bills, "organisation": facts})
        text = (folder / "natcap.toml").read_text(encoding="utf-8").replace("activity.csv", file)
        (folder / "natcap.toml").write_text(text, encoding="utf-8")


def test_a_folder_gives_the_figures_of_a_long_table(tmp_path: Path) -> None:
    optional("pyarrow")
    rows = thirty()
    assert len({row["business"] for row in rows}) == 30
    table = build(write_table(tmp_path / "table", rows))
    root = write_hub(tmp_path / "folder", rows)
    as_books(root, rows)
    folder = build(root)
    assert [f.id for f in folder.figures] == [f.id for f in table.figures]
    for mine, other in zip(folder.figures, table.figures, strict=True):
        assert mine.value == pytest.approx(other.value, rel=1e-9), mine.id
        assert (mine.status, mine.unit, mine.label) == (other.status, other.unit, other.label)
    for mine_, other_ in zip(folder.sections, table.sections, strict=True):
        pd.testing.assert_frame_equal(mine_.table, other_.table, rtol=1e-9)
        assert mine_.marks == other_.marks
    assert folder.lines is None
    name = rows[0]["business"].lower()
    cell = folder.figure(f"portfolio.business.{name}.per_employees").trace.inputs[0]
    assert (cell.file, cell.sheet) == (f"clients/{rows[0]['business']}/activity.xlsx", "Organisation")
    other_cell = folder.figure(f"portfolio.business.{rows[-1]['business'].lower()}.per_employees").trace.inputs[0]
    assert other_cell.file == "register.csv"


def test_a_project_counts_as_its_own_build_says(hub: Path) -> None:
    """With what no long table holds: spend, a supply contract, a factor of its own."""
    folder = hub / "clients" / "B03"
    single.new(folder / "made", example=True)
    shutil.copy(folder / "made" / "activity.xlsx", folder / "activity.xlsx")
    shutil.rmtree(folder / "made")
    text = (folder / "natcap.toml").read_text(encoding="utf-8").replace("activity.csv", "activity.xlsx")
    (folder / "natcap.toml").write_text(text, encoding="utf-8")
    alone = single.build(read_project(folder))
    row = [who("B01"), who("B02"), who("B03", employees="")]
    report = build(hub_of(hub, row))
    table = report.section("portfolio_businesses").table.set_index("business")
    for column, key in {"total": "total", "market": "scope2.market", "scope3": "scope3"}.items():
        assert table.loc["B03", column] == pytest.approx(value(alone, f"business.{key}"), rel=1e-9)
    assert table.loc["B03", "per_employees"] == pytest.approx(value(alone, "business.intensity.employees"), rel=1e-9)
    trace = report.figure("portfolio.business.b03.total").trace
    assert trace.lines is None
    assert "natcap explain clients/B03 business.total" in trace.inputs[0].note
    assert "portfolio.business.b03.total" in report.figure("portfolio.total").trace.parents


def test_by_hand(hub: Path) -> None:
    """33,000 kWh x 0.177 = 5.841 t; 5,000 kWh x 0.18296 = 0.9148 t; the second over 4 employees 0.71545."""
    report = build(hub)
    assert value(report, "portfolio.scope2.location") == pytest.approx(5.841)
    assert value(report, "portfolio.scope1") == pytest.approx(0.9148)
    assert value(report, "portfolio.business.b02.per_employees") == pytest.approx((11 * 0.177 + 0.9148) / 4)
    hashed = {item["file"] for item in report.run.inputs}
    assert {"register.csv", "clients/B01/natcap.toml", "clients/B01/activity.csv"} <= hashed
    assert (report.run.controls["projects"], report.run.controls["businesses"]) == ("3", "3")


def test_a_faulty_project_refuses_all_unless_asked_and_then_says_so_everywhere(hub: Path) -> None:
    add_project(hub / "clients" / "B02", [POWER | {"quantity": -5}, POWER | {"unit": "litre"}])
    said = told(hub)
    assert "clients/B02/activity.csv, cell C2: found '-5'" in said
    assert "a unit of" in said
    report, problems = left_out(hub)
    assert value(report, "portfolio.scope2.location") == pytest.approx(22 * 0.177)
    assert set(problems["business"]) == {"B02"}
    assert problems[["file", "cell"]].to_numpy().tolist() == [["clients/B02/activity.csv", c] for c in ("D3", "C2")]
    assert report.figure("portfolio.total").label.endswith("2 of 3 businesses")
    assert "INCOMPLETE: 2 of 3 businesses" in " ".join(report.banners)
    assert report.section("portfolio_businesses").table["business"].iloc[-1] == "2 of 3 businesses"
    assert "2 of 3 businesses emit" in report.section("portfolio_businesses").summary
    assert any(warning.file == "clients/B02/activity.csv" for warning in report.warnings)


def test_every_project_is_told_of_at_once(hub: Path) -> None:
    add_project(hub / "clients" / "B01", [POWER | {"quantity": -5}])
    (hub / "clients" / "B02" / "natcap.toml").write_text("kind = ", encoding="utf-8")
    (hub / "clients" / "B03" / "activity.csv").unlink()
    said = told(hub)
    for place in ("clients/B01/activity.csv, cell C2", "clients/B02/natcap.toml", "clients/B03/natcap.toml"):
        assert place in said
    assert str(hub) not in said


def test_where_all_are_faulty_nothing_is_left_to_say(hub: Path) -> None:
    for name in ("B01", "B02", "B03"):
        add_project(hub / "clients" / name, [POWER | {"quantity": -5}])
    assert "clients/B03/activity.csv" in told(choose(hub, 'problem_businesses = "leave out"'))


APART: list[tuple[str, str, str]] = [
    ("", "2024", "2025, the period of the portfolio"),
    ("", "2025-04-01 to 2026-03-31", "2025, the period of the portfolio"),
    ('factor_year_rule = "blended"', "2025", "majority, as the portfolio chooses"),
    ("factor_year = 2024", "2025", "as the portfolio chooses"),
    ('boundary = "financial control"', "2025", "operational control, as the portfolio chooses"),
    ('market_fallback = "location"', "2025", "residual mix, as the portfolio chooses"),
    ("allow_earlier = true", "2025", "False, as the portfolio chooses"),
]


@pytest.mark.parametrize("choice, period, said", APART)
def test_what_is_no_like_for_like_is_never_mixed(hub: Path, choice: str, period: str, said: str) -> None:
    year = period[:4]
    bill = POWER | {"start": f"{year}-05-01", "end": f"{year}-06-30"}
    add_project(hub / "clients" / "B02", [bill], more=choice, period=period)
    text = told(hub)
    assert "clients/B02/natcap.toml" in text
    assert said in text
    assert "no like for like" in text
    report, _ = left_out(hub)
    assert value(report, "portfolio.scope2.location") == pytest.approx(22 * 0.177)


def test_the_factor_year_that_the_rule_gives_may_be_named(hub: Path) -> None:
    add_project(hub / "clients" / "B02", [POWER | {"quantity": 11_000}], more="factor_year = 2025")
    assert value(build(hub), "portfolio.scope2.location") == pytest.approx(33 * 0.177)


def test_other_warming_potentials_are_told(hub: Path) -> None:
    """A factor of its own for methane under the SAR, where the published ones of 2025 are under the AR5."""
    folder = hub / "clients" / "B02"
    own = {"name": "Pit gas", "value": 1, "unit": "kg", "gas": "CH4", "gwp_set": "SAR", "scope": "Scope 1",
           "category": "gases", "source": "Measured 2025"}  # fmt: skip
    bills = [POWER, POWER | {"activity": "Pit gas", "quantity": 10, "unit": "kg"}]
    for name, wanted in (("SAR", "factors of its own with SAR"), ("AR5", "")):
        factors = [own | {"gwp_set": name}]
        write_template(models(), folder / "activity.xlsx", "Bills", (), False, {"activity": bills, "factors": factors})
        text = (folder / "natcap.toml").read_text(encoding="utf-8").replace("activity.csv", "activity.xlsx")
        (folder / "natcap.toml").write_text(text, encoding="utf-8")
        assert (wanted in told(hub)) if wanted else value(build(hub), "portfolio.scope1") == pytest.approx(0.28)


def test_nothing_outside_of_the_portfolio_is_read(hub: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    add_project(outside / "B04", [POWER])
    (hub / "clients" / "B04").symlink_to(outside / "B04", target_is_directory=True)
    assert "clients/B04" in told(hub)
    assert "a link that leads out" in told(hub)
    (hub / "clients" / "B04").unlink()
    for text in ("../clients", str(outside), "clients/../..", "clients\\\\B01"):
        file = hub / "natcap.toml"
        file.write_text(file.read_text(encoding="utf-8").replace('"clients"', f'"{text}"'), encoding="utf-8")
        assert "a folder inside the portfolio's folder" in told(hub)
        file.write_text(file.read_text(encoding="utf-8").replace(f'"{text}"', '"clients"'), encoding="utf-8")


def test_files_of_a_project_lie_inside_as_well(hub: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    write_csv(outside / "secret.csv", {f.name: f.label for f in activity_model().fields}, [POWER])
    for where in (f'activity = "{outside}/secret.csv"', 'activity = ["activity.csv", "../../../x.csv"]'):
        add_project(hub / "clients" / "B02", [POWER | GAS], inputs=where)
        said = told(hub)
        assert "a file inside the portfolio's folder" in said
        assert "clients/B02/natcap.toml, cell inputs.activity" in said
    add_project(hub / "clients" / "B02", [POWER], inputs='activity = "link.csv"')
    (hub / "clients" / "B02" / "link.csv").symlink_to(outside / "secret.csv")
    assert "a file inside the portfolio's folder" in told(hub)


def test_the_same_records_twice_are_one_business_or_two(hub: Path) -> None:
    shutil.copy(hub / "clients" / "B01" / "activity.csv", hub / "clients" / "B03" / "activity.csv")
    said = told(hub)
    assert "the same records as those of B03" in said
    report, problems = left_out(hub)
    assert set(problems["business"]) == {"B01", "B03"}
    assert report.run.controls["businesses"] == "1"


REGISTERS: list[tuple[list[dict[str, Any]], str]] = [
    ([who("B01"), who("B02")], "clients/B03/natcap.toml: found a project that is not in the register"),
    ([who("B01"), who("B02"), who("B03"), who("B4")], "a folder of projects"),
    ([who("B01"), who("B02"), who("B03", sector="Zeppelins")], "an industry of the SIC 2007"),
    ([who("B01"), who("B02"), who("B03", size="")], "no size in any row"),
    ([who("B01"), who("B02"), who("B03"), who("B03")], "each business once"),
    ([who("B01"), who("B02"), who("B03"), who("X", folder="clients/B03")], "a folder of its own"),
]


@pytest.mark.parametrize("register, said", REGISTERS)
def test_the_register_says_who_each_is(hub: Path, register: list[dict[str, Any]], said: str) -> None:
    assert said in told(hub_of(hub, register))
    report, _ = left_out(hub)
    assert report.run.controls["businesses"] in ("2", "3")


def test_folders_by_a_pattern_and_by_their_path(tmp_path: Path) -> None:
    for n, name in enumerate(("ada", "bob")):
        add_project(tmp_path / "clients" / name / "2025", [POWER | {"quantity": 10_000 + n}], name=name.title())
        add_project(tmp_path / "clients" / name / "2024", [POWER])
    rows = [who("A", folder="clients/ada/2025"), who("B", folder="clients/bob/2025")]
    hub_of(tmp_path, rows, projects="clients/*/2025")
    assert build(tmp_path).section("portfolio_businesses").table["name"].tolist()[:2] == ["Ada", "Bob"]
    hub_of(tmp_path, [who("2025"), who("B", folder="clients/bob/2025")], projects="clients/*/2025")
    assert "2 folders are called so" in told(tmp_path)


def test_a_divisor_stated_twice_has_to_agree(hub: Path) -> None:
    folder = hub / "clients" / "B01"
    bills = [POWER]
    facts = [{"item": "employees", "amount": 9, "unit": "fte"}]
    write_template(models(), folder / "activity.xlsx", "Bills", (), False, {"activity": bills, "organisation": facts})
    text = (folder / "natcap.toml").read_text(encoding="utf-8").replace("activity.csv", "activity.xlsx")
    (folder / "natcap.toml").write_text(text, encoding="utf-8")
    said = told(hub)
    assert "register.csv" in said
    assert "9, as clients/B01/activity.xlsx states" in said


def test_a_fault_of_the_program_stops_no_other(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calculate = one.calculate

    def broken(inputs: Any) -> Any:
        if inputs.project.root.name == "B02":
            raise ZeroDivisionError
        return calculate(inputs)

    monkeypatch.setattr(one, "calculate", broken)
    report, problems = left_out(hub)
    assert "a fault of the program (ZeroDivisionError)" in problems["found"].tolist()
    assert report.run.controls["businesses"] == "2"


def test_invented_projects_make_invented_figures(hub: Path) -> None:
    file = hub / "clients" / "B02" / "natcap.toml"
    text = file.read_text(encoding="utf-8").replace("[inputs]", 'banners = ["EXAMPLE data of Mrs Doe"]\n[inputs]')
    file.write_text(text, encoding="utf-8")
    report = build(hub)
    assert report.figure("portfolio.total").status == "synthetic"
    assert report.figure("portfolio.business.b01.total").status == "calculated"
    assert report.banners[0].startswith("EXAMPLE data of Mrs Doe")


def test_what_is_for_publication_names_no_project(tmp_path: Path) -> None:
    rows = example_rows()
    root = write_hub(tmp_path, rows, contents="benchmark", **LEAVE)
    add_project(root / "clients" / rows[0]["business"], [POWER | {"quantity": -5}])
    report = build(root)
    text = str(to_json(report)).upper()
    assert not any(row[key].upper() in text for row in rows for key in ("business", "name") if key in row)
    assert report.figure("portfolio.total").label.endswith("47 of 48 businesses")
    assert "clients" not in str(to_json(report))
    assert any("one less the other would show them" in note for note in report.notes)


def test_a_table_or_a_folder_not_both(hub: Path) -> None:
    file = hub / "natcap.toml"
    text = file.read_text(encoding="utf-8").replace("[inputs]", '[inputs]\ntable = "portfolio.csv"')
    file.write_text(text, encoding="utf-8")
    assert "not both" in told(hub)


def test_the_new_folder_holds_a_register_to_fill(tmp_path: Path) -> None:
    written = trunk.new(tmp_path / "hub", example=False)
    assert [path.name for path in written] == ["natcap.toml", "portfolio.xlsx", "register.xlsx"]
    frame = pd.read_excel(written[2], sheet_name=REGISTER.sheet, header=None, engine="calamine")
    assert "Project folder" in frame.astype("str").to_numpy()


def test_it_publishes(hub: Path) -> None:
    publish(build(hub), hub / "out.xlsx")
    assert (hub / "out.xlsx").stat().st_size > 5_000


def test_bands_by_hand() -> None:
    """3, 4, 6, 7, 30, 31, 32, 90: of least 3 no band has fewer, and the last takes what is left."""
    found = bands(np.array([3.0, 4, 6, 7, 30, 31, 32, 90]), 3)
    assert sum(n for *_, n in found) == 8
    assert found[0][0] == -np.inf
    assert found[-1][1] == np.inf
    assert bands(np.array([1.0, 2.0]), 3) == []
    assert bands(np.array([0.0, 0.0, 0.0]), 3) == [(-np.inf, np.inf, 3)]


@settings(max_examples=50)
@given(st.lists(st.floats(-10, 1e6), max_size=60), st.integers(3, 9))
def test_no_band_is_of_fewer_than_the_least(values: list[float], least: int) -> None:
    array = np.array(values, dtype="float64")
    found = bands(array, least)
    assert sum(n for *_, n in found) == (len(values) if len(values) >= least else 0)
    for start, end, n in found:
        assert n >= least
        assert n == int(((array >= start) & (array < end)).sum())
    assert all(a[1] == b[0] for a, b in pairwise(found))
