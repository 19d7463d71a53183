"""What a business gets when its sheet is wrong: every problem at once, at its cell, with a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from natcap.carbon.business.contracts import read_contracts
from natcap.carbon.business.inputs import read as read_project_inputs
from natcap.carbon.business.inputs import year_before
from natcap.carbon.business.models import models
from natcap.core.problems import InputProblems, Problem, Problems
from natcap.core.project import Period, read_project
from natcap.core.workbook import write_template
from tests.carbon.bills import problems_of, read

GAS = {"Activity": "gas", "Quantity": 100, "Unit": "kWh", "Calorific basis": "gross"}


def only(told: list[Problem], severity: str = "problem") -> Problem:
    """The one problem that was told."""
    found = [p for p in told if p.severity == severity]
    assert len(found) == 1, [str(p) for p in told]
    return found[0]


@pytest.mark.parametrize(
    "row, cell, said",
    [
        ({"Activity": "diesel", "Quantity": 5, "Unit": "tons"}, "D2", "ambiguous"),
        ({"Activity": "diesel", "Quantity": 5, "Unit": "gallons"}, "D2", "imperial_gallon"),
        ({"Activity": "water", "Quantity": 5, "Unit": "kg CO2e"}, "D2", "a unit of Water supply"),
        ({"Activity": "gas", "Quantity": 5, "Unit": "therms"}, "D2", "therm_gross"),
        ({"Activity": "electricity", "Quantity": 5, "Unit": "units"}, "D2", "kWh"),
        ({"Activity": "diesel", "Quantity": 5, "Unit": "mt"}, "D2", "tonne"),
        ({"Activity": "diesel", "Quantity": "1,5", "Unit": "litres"}, "C2", "1,5"),
        ({"Activity": "diesel", "Quantity": "(3)", "Unit": "litres"}, "C2", "(3)"),
        ({"Activity": "diesel", "Quantity": "nan", "Unit": "litres"}, "C2", "nan"),
        ({"Activity": "diesel", "Quantity": "", "Unit": "litres"}, "C2", "an empty cell"),
        ({"Activity": "gas", "Quantity": 5, "Unit": "kWh"}, "D2", "gross is what UK gas bills show"),
        ({"Activity": "gas", "Quantity": 5, "Unit": "kWh_gross", "Calorific basis": "net"}, "G2", "Correct one"),
        ({"Activity": "bananas", "Quantity": 5, "Unit": "kg"}, "B2", "a known activity"),
        ({"Activity": "desel", "Quantity": 5, "Unit": "litres"}, "B2", "Diesel (forecourt blend)"),
        ({"Activity": "diesel car", "Quantity": 5, "Unit": "miles"}, "B2", "Company car"),
        ({"Activity": "electricity", "Quantity": 5, "Unit": "litres"}, "D2", "Electricity from the grid: kWh"),
        ({"Activity": "artic >33t", "Quantity": 5, "Unit": "tonne.km"}, "D2", "freight that others carry"),
        ({"Activity": "company car", "Quantity": 5, "Unit": "litres"}, "D2", "entered as the fuel"),
        ({"Activity": "artic >33t", "Quantity": 5, "Unit": "km", "Load or blend (%)": 0.75}, "H2", "Write 75"),
        ({"Activity": "artic >33t", "Quantity": 5, "Unit": "km", "Load or blend (%)": 130}, "H2", "from 0 to 100"),
        ({"Activity": "water", "Quantity": 5, "Unit": "m3", "Load or blend (%)": 50}, "H2", "Only lorries"),
        ({"Activity": "diesel", "Quantity": 5, "Unit": "litres", "Scope 3 category": 4}, "I2", "one of 8, 10, 11, 13"),
        ({"Activity": "water", "Quantity": 5, "Unit": "m3", "Scope 3 category": 16}, "I2", "from 1 to 15"),
        ({"Activity": "diesel", "Quantity": -5, "Unit": "litres"}, "C2", "credit note"),
        ({**GAS, "Period start": "2025-03-31", "Period end": "2025-03-01"}, "F2", "before its start"),
        ({**GAS, "Period start": "2024-03-01", "Period end": "2024-03-31"}, "E2", "out_of_period"),
        ({**GAS, "Period start": "03/31/2025"}, "E2", "month before day"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_cell(tmp_path: Path, row: dict[str, object], cell: str, said: str) -> None:
    found = only(problems_of(tmp_path, [row]))
    assert found.cell == cell
    assert said in str(found)


def test_units_from_far_away_are_read(tmp_path: Path) -> None:
    rows = [
        {"Activity": "water", "Quantity": 2, "Unit": "hundred cubic feet"},
        {"Activity": "petrol", "Quantity": 3, "Unit": "US gallon"},
    ]
    book, told = read(tmp_path, rows)
    assert not told
    assert [use.parts[0].scale for use in book.rows.uses] == pytest.approx([2.8316846592, 3.785411784])


def test_all_problems_at_once(tmp_path: Path) -> None:
    rows = [
        {"Activity": "bananas", "Quantity": 5, "Unit": "kg"},
        {"Activity": "gas", "Quantity": 5, "Unit": "kWh"},
        {"Activity": "diesel", "Quantity": 5, "Unit": "tons"},
        {"Activity": "diesel", "Quantity": -5, "Unit": "litres"},
    ]
    assert [p.cell for p in problems_of(tmp_path, rows)] == ["D4", "B2", "D3", "C5"]


def test_the_same_slip_in_many_rows_is_told_once_with_its_count(tmp_path: Path) -> None:
    found = only(problems_of(tmp_path, [{"Activity": "gas", "Quantity": n, "Unit": "kWh"} for n in range(1, 500)]))
    assert found.cell == "D2"
    assert "498 further rows" in found.expected


def test_a_choice_answers_the_question_of_gross_and_net(tmp_path: Path) -> None:
    row = {"Activity": "gas", "Quantity": 5, "Unit": "kWh"}
    book, told = read(tmp_path, [row], gas_kwh_basis="net")
    assert not told
    assert book.rows.uses[0].unit == "kWh_net"


def test_a_credit_note_stays_negative(tmp_path: Path) -> None:
    book, told = read(tmp_path, [GAS, {**GAS, "Quantity": -40, "Evidence": "Credit note 12"}])
    assert not told
    assert list(book.rows.frame["quantity"]) == [100, -40]


def test_duplicates_are_counted_and_told(tmp_path: Path) -> None:
    book, told = read(tmp_path, [GAS, {**GAS, "Quantity": 7}, GAS])
    found = only(told, "warning")
    assert (found.cell, found.found) == ("C4", "'the same entry as in row 2'") or "row 2" in found.found
    assert len(book.rows.frame) == 3


def test_a_thousandfold_slip_is_told(tmp_path: Path) -> None:
    months = [{**GAS, "Period start": f"2025-{m:02d}-01", "Period end": f"2025-{m:02d}-28"} for m in range(1, 13)]
    rows = [{**row, "Quantity": 1000 + n} for n, row in enumerate(months)]
    rows[5]["Quantity"] = 1.005
    found = only(problems_of(tmp_path, rows), "warning")
    assert found.cell == "C7"
    assert "kWh or MWh" in found.remedy


def test_a_bill_across_the_year_end_tells_both_parts(tmp_path: Path) -> None:
    row = {**GAS, "Quantity": 310, "Period start": "2024-12-16", "Period end": "2025-01-15"}
    book, told = read(tmp_path, [row])
    assert "15 of its 31 days lie in 2025: 150 of 310 kWh counted here, 160 outside" in only(told, "warning").remedy
    assert list(book.rows.frame["quantity"]) == [150.0]


def test_rows_of_other_years_can_be_left_out_on_record(tmp_path: Path) -> None:
    rows = [GAS, {**GAS, "Period start": "2023-01-01", "Period end": "2023-12-31"}]
    book, told = read(tmp_path, rows, out_of_period="leave out")
    assert "Left out, as chosen" in only(told, "warning").remedy
    assert len(book.rows.frame) == 1


def _project(folder: Path, text: str = "", period: str = "2025") -> Path:
    head = f'kind = "business"\nname = "Test Ltd"\nperiod = "{period}"\n'
    (folder / "natcap.toml").write_text(head + text, encoding="utf-8")
    return folder


def _book(folder: Path, **tables: list[dict[str, object]]) -> None:
    """A workbook made by the template writer, with the given rows."""
    bill = {"site": "Depot", "start": "2025-01-01", "end": "2025-12-31"}
    rows = [{**bill, **row} for row in tables.pop("activity")]
    write_template(models(), folder / "activity.xlsx", "Test", (), False, {"activity": rows, **tables})


def _refused(folder: Path) -> list[Problem]:
    with pytest.raises(InputProblems) as refused:
        read_project_inputs(read_project(folder))
    return list(refused.value.problems)


def test_a_year_without_an_edition_is_refused_with_the_nearest(tmp_path: Path) -> None:
    rows = [{"activity": "electricity", "quantity": 5, "unit": "kWh", "start": "2028-01-01", "end": "2028-12-31"}]
    _book(tmp_path, activity=rows)
    found = only(_refused(_project(tmp_path, '[inputs]\nactivity = "activity.xlsx"\n', "2028")))
    assert (found.file, found.cell) == ("natcap.toml", "period")
    assert "the nearest is 2026" in found.remedy
    allowed = '[inputs]\nactivity = "activity.xlsx"\n[choices]\nallow_earlier = true\n'
    inputs = read_project_inputs(read_project(_project(tmp_path, allowed, "2028")))
    assert inputs.this.years.years == (2028,)


def test_a_partial_edition_refuses_what_it_does_not_hold(tmp_path: Path) -> None:
    rows = [
        {"activity": "electricity", "quantity": 5, "unit": "kWh", "start": "2026-01-01", "end": "2026-12-31"},
        {"activity": "taxi", "quantity": 5, "unit": "km", "start": "2026-01-01", "end": "2026-12-31"},
    ]
    _book(tmp_path, activity=rows)
    found = only(_refused(_project(tmp_path, '[inputs]\nactivity = "activity.xlsx"\n', "2026")))
    assert (found.sheet, found.cell) == ("Activity", "C3")
    assert "2025" in found.remedy
    assert "allow_earlier" in found.remedy


def test_unknown_choices_and_missing_files_are_named(tmp_path: Path) -> None:
    text = '[inputs]\nactivity = "nowhere.xlsx"\n[choices]\nfactor_year_rule = "average"\nspeed = "fast"\n'
    told = _refused(_project(tmp_path, text))
    assert {p.cell for p in told} == {"choices.factor_year_rule", "choices.speed", "inputs.activity"}
    assert any("Known choices: factor_year_rule" in p.remedy for p in told)


def test_a_foreign_layout_is_read_through_its_column_mapping(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(
        "Where,What it was,How much,Measure,Von,Bis\nHall,Diesel,100,litres,2025-01-01,2025-01-31\n", encoding="utf-8"
    )
    mapping = (
        '[inputs]\nactivity = "export.csv"\n[inputs.columns]\nWhere = "site"\n"What it was" = "activity"\n'
        '"How much" = "quantity"\nMeasure = "unit"\nVon = "start"\nBis = "end"\n'
    )
    inputs = read_project_inputs(read_project(_project(tmp_path, mapping)))
    assert list(inputs.this.book.rows.frame["site"]) == ["Hall"]
    assert not inputs.warnings


def test_sites_contracts_and_facts_are_checked_together(tmp_path: Path) -> None:
    _book(
        tmp_path,
        activity=[{"activity": "electricity", "quantity": 5, "unit": "kWh", "site": "Depott"}],
        sites=[{"site": "Depot", "area": -5, "ownership": 120}, {"site": "depot"}],
        contracts=[
            {"site": "Depot", "start": "2025-01-01", "end": "2025-06-30", "kind": "supplier rate"},
            {"site": "Nowhere", "start": "2025-01-01", "end": "2025-06-30", "kind": "supplier rate", "factor": 198},
            {"start": "2025-01-01", "end": "2025-12-31", "kind": "renewable, certificates retired"},
            {"start": "2025-07-01", "end": "2025-12-31", "kind": "supplier rate", "factor": 0.2},
        ],
        organisation=[{"item": "turnover", "amount": -1}, {"item": "turnover", "amount": 5}],
    )
    told = _refused(_project(tmp_path, '[inputs]\nactivity = "activity.xlsx"\n'))
    said = {(p.sheet, p.cell): p for p in told}
    assert ("Sites", "B2") in said
    assert ("Sites", "E2") in said
    assert ("Sites", "A3") in said
    assert "the supplier's kg CO2e per kWh" in said[("Contracts", "E2")].expected
    assert "Is it grams?" in said[("Contracts", "E3")].remedy
    assert ("Contracts", "F4") in said
    assert any("one supply contract at a time" in p.remedy for p in told)
    assert ("Organisation", "A3") in said
    assert ("Organisation", "B2") in said


def test_equity_share_needs_the_ownership_of_every_site(tmp_path: Path) -> None:
    _book(
        tmp_path,
        activity=[{"activity": "electricity", "quantity": 5, "unit": "kWh"}],
        sites=[{"site": "Depot"}],
    )
    text = '[inputs]\nactivity = "activity.xlsx"\n[choices]\nboundary = "equity share"\n'
    assert "a share in per cent" in only(_refused(_project(tmp_path, text))).expected


def test_an_empty_template_has_no_rows(tmp_path: Path) -> None:
    write_template(models(), tmp_path / "activity.xlsx", "Test", (), True)
    found = only(_refused(_project(tmp_path, '[inputs]\nactivity = "activity.xlsx"\n')))
    assert "no rows" in found.found


def test_the_year_before_keeps_ends_of_months() -> None:
    assert str(year_before(Period.parse("2025"))) == "2024"
    assert str(year_before(Period.parse("2024-03-01 to 2025-02-28"))) == "2023-03-01 to 2024-02-29"
    assert str(year_before(Period.parse("2023-03-01 to 2024-02-29"))) == "2022-03-01 to 2023-02-28"
    assert str(year_before(Period.parse("2024-02-29 to 2024-03-15"))) == "2023-02-28 to 2023-03-15"


def test_no_contracts_at_all_is_fine() -> None:
    import pandas as pd

    problems = Problems()
    assert read_contracts(pd.DataFrame(), pd.DataFrame({"site": []}), problems) == ()
    assert not problems
