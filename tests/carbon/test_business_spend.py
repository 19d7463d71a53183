"""Scope 3 by spend: industries, price years, VAT, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.carbon.business import sic, trunk
from natcap.carbon.business.models import models
from natcap.core.lines import select
from natcap.core.money import deflate
from natcap.core.problems import InputProblems
from natcap.core.project import read_project
from natcap.core.report import Report
from natcap.core.workbook import publish, write_template

HEAD = 'kind = "business"\nname = "Test"\nperiod = "{period}"\n[inputs]\nactivity = "activity.xlsx"\n'


def _project(folder: Path, rows: list[dict[str, object]], period: str, more: str = "", **tables: Any) -> Path:
    """A project whose workbook holds only spend."""
    whole = {"start": f"{period}-01-01", "end": f"{period}-12-31", "vat": "excluding VAT", "industry": "62"}
    spend = [{**whole, **row} for row in rows]
    write_template(models(), folder / "activity.xlsx", "Test", (), False, {"spend": spend, **tables})
    (folder / "natcap.toml").write_text(HEAD.format(period=period) + more, encoding="utf-8")
    return folder


def _build(folder: Path, rows: list[dict[str, object]], period: str = "2023", more: str = "", **tables: Any) -> Report:
    return trunk.build(read_project(_project(folder, rows, period, more, **tables)))


def _refused(folder: Path, rows: list[dict[str, object]], period: str = "2023") -> str:
    with pytest.raises(InputProblems) as refused:
        _build(folder, rows, period)
    assert len(refused.value.problems) == 1, refused.value
    return str(refused.value)


def test_h36_ten_thousand_pounds_of_it_services(tmp_path: Path, shared: Path) -> None:
    cases = {c["id"]: c for c in json.loads((shared / "worked" / "carbon.json").read_text(encoding="utf-8"))}
    case = cases["H36"]
    report = _build(tmp_path, [{"amount": case["inputs"]["spend_GBP"]}])
    found = report.figure("business.scope3.cat01")
    assert (found.value or 0) * 1000 == pytest.approx(case["expected"], abs=case["abs_tolerance"])
    assert report.lines is not None
    line = report.lines.iloc[0]
    assert (line["basis"], line["factor_unit"], line["match"]) == ("spend", "GBP_2023", "exact")
    assert "without VAT" in line["note"]
    assert (line["sheet"], line["cell"]) == ("Spend", "C2")


def test_vat_that_is_included_is_taken_out(tmp_path: Path) -> None:
    report = _build(tmp_path, [{"amount": 12_000, "vat": "including VAT", "vat_rate": 20}])
    assert (report.figure("business.total").value or 0) * 1000 == pytest.approx(999.177, abs=0.01)
    assert report.lines is not None
    assert list(report.lines[["quantity", "factor_quantity"]].iloc[0]) == pytest.approx([12_000, 10_000])


def test_money_is_brought_to_the_price_year_of_the_multiplier(tmp_path: Path) -> None:
    report = _build(tmp_path, [{"amount": 10_000}], "2024")
    assert report.lines is not None
    line = report.lines.iloc[0]
    assert line["factor_quantity"] == pytest.approx(deflate(10_000.0, 2024, 2023))
    assert line["factor_quantity"] < 10_000
    assert "prices of 2024 brought to 2023" in line["note"]
    assert line["match"] == "earlier edition"
    assert any("no factor for 2024: that of 2023 is used" in text for text in report.run.fallbacks)


def test_without_a_deflator_the_last_one_stands_in_and_is_said(tmp_path: Path) -> None:
    report = _build(tmp_path, [{"amount": 10_000}], "2025")
    assert report.lines is not None
    assert "no GDP deflator for 2025: prices of 2024 assumed" in report.lines.iloc[0]["note"]
    assert any("no GDP deflator for 2025" in text for text in report.run.fallbacks)


@pytest.mark.parametrize(
    "text, code",
    [("62", "62"), ("SIC 62", "62"), ("62020", "62"), ("62.02", "62"), ("01110", "1"), ("49410", "49.3-5"),
     ("35110", "35.1"), ("35220", "35.2-3"), ("10200", "10.2-3"), ("25400", "25.4"), ("25990", "25OTHER"),
     ("10.1", "10.1"), ("Dairy products", "10.5"), ("Computer programming, consultancy and related services", "62"),
     ("computer programming", "62")],
)  # fmt: skip
def test_an_industry_is_found_by_code_or_name(text: str, code: str) -> None:
    assert sic.resolve(text).code == code


@pytest.mark.parametrize("text", ["", "99999", "201", "20", "services", "bananas", "35", "1e5", "x" * 3000])
def test_an_industry_that_is_none_or_several_is_refused(text: str) -> None:
    with pytest.raises(sic.UnknownGroup):
        sic.resolve(text)


def test_every_group_is_found_by_its_own_label() -> None:
    assert len(sic.groups()) == 112
    for group in sic.groups():
        assert sic.resolve(group.label) == group
        assert sic.resolve(group.code) == group


@given(st.text(max_size=60))
def test_any_text_is_an_industry_or_refused(text: str) -> None:
    try:
        found = sic.resolve(text)
    except sic.UnknownGroup as refused:
        found = None
        offered = refused.choices
        assert len(offered) <= 5
    assert found is None or found in sic.groups()


@pytest.mark.parametrize(
    "row, said",
    [
        ({"amount": 5, "industry": "bananas"}, "an industry group"),
        ({"amount": 5, "industry": "35"}, "35.1"),
        ({"amount": -5}, "credit"),
        ({"amount": 5, "vat": "including VAT"}, "the VAT rate in per cent"),
        ({"amount": 5, "vat": "including VAT", "vat_rate": 0.2}, "such as 20"),
        ({"amount": 5, "category": 16}, "from 1 to 15"),
        ({"amount": 5, "start": "2019-01-01", "end": "2019-12-31"}, "days of 2023"),
        ({"amount": 5, "start": "2023-06-30", "end": "2023-06-01"}, "on or after the first"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell(tmp_path: Path, row: dict[str, object], said: str) -> None:
    text = _refused(tmp_path, [row])
    assert "sheet Spend" in text
    assert said in text


def test_a_purchase_across_two_years_is_shared_by_days(tmp_path: Path) -> None:
    report = _build(tmp_path, [{"amount": 730, "start": "2023-01-01", "end": "2024-12-30"}])
    assert report.lines is not None
    assert report.lines["quantity"].iloc[0] == pytest.approx(365)


def test_spend_on_energy_beside_bills_is_told(tmp_path: Path) -> None:
    report = _build(tmp_path, [{"amount": 5, "industry": "35.1"}])
    assert any("a second time" in w.remedy for w in report.warnings)


def test_spend_joins_the_rest_of_the_inventory(tmp_path: Path) -> None:
    bill = {"site": "A", "activity": "electricity", "quantity": 1000, "unit": "kWh", "start": "2023-01-01",
            "end": "2023-12-31"}  # fmt: skip
    spend = [{"amount": 10_000, "site": "a", "category": 2}, {"amount": -1000, "evidence": "Credit 4", "site": "A"}]
    sites = [{"site": "A", "ownership": 50}]
    report = _build(tmp_path, spend, activity=[bill], sites=sites)
    assert report.lines is not None
    assert set(report.lines["place"]) == {"A"}
    spent = select(report.lines, {"basis": "spend"})
    assert spent["kg_co2e"].sum() == pytest.approx(0.0999177 * 9000)
    assert report.figure("business.scope3.cat02").value == pytest.approx(0.999177)
    assert "Spend: Computer programming" in " ".join(report.section("activities").table["label"])
    publish(report, tmp_path / "out.xlsx")
    half = _build(tmp_path, spend, more='[choices]\nboundary = "equity share"\n', activity=[bill], sites=sites)
    assert (half.figure("business.total").value or 0) * 2 == pytest.approx(report.figure("business.total").value)


@pytest.mark.parametrize(("industry", "said"), [("46", "artefact of the model"), ("7", "artefact of the model")])
def test_a_multiplier_that_is_an_artefact_says_so(tmp_path: Path, industry: str, said: str) -> None:
    """1,000 pounds of wholesale make 4,516 kg and of metal ores nothing: both only in the model behind the table."""
    found = _build(tmp_path, [{"industry": industry, "amount": 1000}])
    assert found.lines is not None
    assert found.lines["note"].str.contains(said).all()
    assert any(said in text for text in found.run.fallbacks)
