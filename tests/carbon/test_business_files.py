"""Several files to an input, foreign layouts that the project remembers, Parquet, and rows that look like totals."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from natcap.carbon.business.inputs import read
from natcap.carbon.business.trunk import build
from natcap.core.problems import InputProblems, Problem
from natcap.core.project import read_project
from natcap.core.report import Report

HEAD = "Site,Activity,Quantity,Unit,Period start,Period end,Meter\n"


def _project(folder: Path, inputs: str) -> Path:
    (folder / "natcap.toml").write_text(
        f'kind = "business"\nname = "Test"\nperiod = "2025"\n[inputs]\n{inputs}', encoding="utf-8"
    )
    return folder


def _report(folder: Path, inputs: str) -> Report:
    return build(read_project(_project(folder, inputs)))


def _refused(folder: Path, inputs: str) -> list[Problem]:
    with pytest.raises(InputProblems) as told:
        read(read_project(_project(folder, inputs)))
    return list(told.value.problems)


def _bill(activity: str = "Electricity", quantity: object = 100, unit: str = "kWh", month: int = 1) -> str:
    return f"Depot,{activity},{quantity},{unit},2025-{month:02d}-01,2025-{month:02d}-28,M1\n"


def test_several_files_are_one_input_and_each_line_keeps_its_file(tmp_path: Path) -> None:
    (tmp_path / "q1.csv").write_text(HEAD + _bill(), encoding="utf-8")
    (tmp_path / "q2.csv").write_text(HEAD + _bill(month=4, quantity=50), encoding="utf-8")
    found = _report(tmp_path, 'activity = ["q1.csv", "q2.csv"]\n')
    lines = found.lines
    assert lines is not None
    main = lines[lines["section"] == "Scope 2"]
    assert list(zip(main["file"], main["cell"], main["quantity"], strict=True)) == [
        ("q1.csv", "C2", 100), ("q2.csv", "C2", 50),
    ]  # fmt: skip
    assert [file["file"] for file in found.run.inputs] == ["q1.csv", "q2.csv"]
    assert found.run.controls["2025: q2.csv: activity.quantity.sum"] == "50.0"


def test_one_bill_in_two_files_is_told_with_both(tmp_path: Path) -> None:
    for name in ("q1.csv", "q2.csv"):
        (tmp_path / name).write_text(HEAD + _bill(), encoding="utf-8")
    told = _report(tmp_path, 'activity = ["q1.csv", "q2.csv"]\n').warnings
    assert [(w.file, w.cell) for w in told] == [("q2.csv", "C2")]
    assert "the same entry as in row 2 of q1.csv" in told[0].found


def test_a_problem_names_the_file_it_is_in(tmp_path: Path) -> None:
    (tmp_path / "q1.csv").write_text(HEAD + _bill(), encoding="utf-8")
    (tmp_path / "q2.csv").write_text(HEAD + _bill("bananas"), encoding="utf-8")
    told = _refused(tmp_path, 'activity = ["q1.csv", "q2.csv"]\n')
    assert [(p.file, p.cell) for p in told] == [("q2.csv", "B2")]


@pytest.mark.parametrize(
    "inputs, said",
    [
        ('activity = ["q1.csv", "gone.csv"]\n', "inputs.activity[2]"),
        ('activity = ["q1.csv", "q1.csv"]\n', "each file once"),
        ("activity = []\n", "at least one file"),
        ('activity = "q1.csv"\ncolumns = "gone.csv"\n', "inputs.columns"),
        ('activity = "q1.csv"\ncolumns = { Where = "place" }\n', "the name of a field"),
        ('activity = "q1.csv"\nfixed = { unitt = "kWh" }\n', "'unit'"),
        ('activity = "q1.csv"\nfixed = "kWh"\n', "a table such as"),
    ],
)
def test_inputs_that_do_not_fit_are_told(tmp_path: Path, inputs: str, said: str) -> None:
    (tmp_path / "q1.csv").write_text(HEAD + _bill(), encoding="utf-8")
    assert any(said in str(p) for p in _refused(tmp_path, inputs))


def test_a_foreign_layout_is_remembered_in_a_file(tmp_path: Path) -> None:
    """A meter export has no activity and no unit: both are fixed in natcap.toml, its headers in a file."""
    (tmp_path / "meter.csv").write_text("Zaehler,Von,Bis,Wert\nM1,2025-01-01,2025-01-31,250.5\n", encoding="utf-8")
    (tmp_path / "layout.csv").write_text("header,field\nZaehler,item\nVon,start\nBis,end\nWert,quantity\n")
    found = _report(
        tmp_path, 'activity = "meter.csv"\ncolumns = "layout.csv"\nfixed = { activity = "Electricity", unit = "kWh" }\n'
    )
    assert found.lines is not None
    line = found.lines[found.lines["section"] == "Scope 2"].iloc[0]
    assert (line["quantity"], line["unit"], line["item"], line["cell"]) == (250.5, "kWh", "M1", "D2")


def test_a_fixed_value_that_does_not_fit_is_told_once(tmp_path: Path) -> None:
    rows = "M1,2025-01-01,2025-01-31,250.5\n" * 3
    (tmp_path / "meter.csv").write_text("Meter,Period start,Period end,Quantity\n" + rows, encoding="utf-8")
    told = _refused(tmp_path, 'activity = "meter.csv"\nfixed = { activity = "Electricity", unit = "gallons" }\n')
    assert len([p for p in told if "gallon" in str(p)]) == 1


def test_parquet_is_read_like_a_sheet(tmp_path: Path) -> None:
    frame = pd.DataFrame({
        "Site": ["Depot", None], "Activity": pd.Categorical(["Electricity", "Diesel"]), "Quantity": [100.5, 20.0],
        "Unit": ["kWh", "litres"], "Period start": pd.to_datetime(["2025-01-01", "2025-02-01"]),
        "Period end": [pd.Timestamp("2025-01-31"), None],
    })  # fmt: skip
    frame.to_parquet(tmp_path / "bills.parquet")
    found = _report(tmp_path, 'activity = "bills.parquet"\n')
    assert found.lines is not None
    main = found.lines[found.lines["section"].isin(["Scope 1", "Scope 2"])]
    assert list(zip(main["cell"], main["quantity"], strict=True)) == [("C2", 100.5), ("C3", 20)]


@pytest.mark.parametrize("column", [[[1]], [{"a": 1}], [b"x"], pd.to_datetime(["2025-01-01"], utc=True)])
def test_parquet_that_is_no_plain_table_is_refused(tmp_path: Path, column: object) -> None:
    pd.DataFrame({"Quantity": column}).to_parquet(tmp_path / "bills.parquet")
    told = _refused(tmp_path, 'activity = "bills.parquet"\n')
    assert "plain columns" in told[0].expected


def test_damaged_parquet_is_refused(tmp_path: Path) -> None:
    pd.DataFrame({"Quantity": range(1000)}).to_parquet(tmp_path / "bills.parquet")
    data = (tmp_path / "bills.parquet").read_bytes()
    for cut in (data[:4] + b"\0" * 60 + data[-4:], data[:40] + data[90:], data[: len(data) // 2] + b"PAR1"):
        (tmp_path / "bills.parquet").write_bytes(cut)
        told = _refused(tmp_path, 'activity = "bills.parquet"\n')
        assert told[0].file == "bills.parquet"


def test_a_whole_row_named_total_is_left_out_and_told(tmp_path: Path) -> None:
    """A row with every value whose site is Total: not counted, told at its cell, and compared with the rows."""
    total = "Total,Electricity,350,kWh,2025-01-01,2025-12-31,\n"
    (tmp_path / "a.csv").write_text(HEAD + _bill() + _bill(month=2, quantity=200) + total, encoding="utf-8")
    found = _report(tmp_path, 'activity = "a.csv"\n')
    told = {w.cell: w for w in found.warnings}
    assert "a whole row that is named a total" in told["A4"].found
    assert (told["C4"].found, told["C4"].expected) == ("a total of 350", "the sum of the rows, 300")
    assert found.lines is not None
    assert found.lines.loc[found.lines["section"] == "Scope 2", "quantity"].sum() == 300
    look = found.section("look")
    assert list(look.table["cell"]) == ["A4", "C4"]
    assert "2 entries stand out" in look.summary


def test_the_published_example_whose_total_does_not_foot(tmp_path: Path) -> None:
    """A gross total of 91,390 t whose own rows foot to 61,390 t (SECR guidelines, 2012-13): flagged, never copied."""
    rows = _bill("Reported emissions", 40_000, "tCO2e") + _bill("Reported emissions", 21_390, "tCO2e", 2)
    rows = rows.replace("M1", "M1,15")
    head = HEAD.replace("Meter", "Meter,Scope 3 category")
    (tmp_path / "a.csv").write_text(head + rows + "Gross total,,91390,,,,,\n", encoding="utf-8")
    found = _report(tmp_path, 'activity = "a.csv"\n')
    assert found.figure("business.total").value == pytest.approx(61_390)
    assert ("a total of 91,390", "the sum of the rows, 61,390") in [(w.found, w.expected) for w in found.warnings]
