"""A bill typed in: the preview is what the build counts, every rule of a row holds, and the file is kept safely.

Worked by hand: 1,234 kWh (gross CV) of natural gas in 2025 is 1,234 x 0.18296 = 225.77264 kg CO2e in scope 1 (UK
Government 2025, flat file, row 83) and 1,234 x 0.03021 = 37.27914 kg in category 3 (row 3477), 263.05178 together.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from natcap.carbon.business.models import Choices
from natcap.carbon.business.offers import activities, unit_text, units
from natcap.carbon.business.preview import Ledger, Preview
from natcap.carbon.business.trunk import build
from natcap.carbon.business.typed import FIELDS, Bill, Folder, Memory, name_of
from natcap.carbon.business.vocabulary import vocabulary
from natcap.core.problems import InputProblems
from natcap.core.project import Period, read_project
from natcap.core.report import Report

GAS = {
    "activity": "gas", "quantity": "1,234", "unit": "kWh (gross CV)", "start": "2025-03-01", "end": "2025-03-31",
    "site": "Depot", "item": "G1", "evidence": "Inv 77",
}  # fmt: skip
HEAD = "Site,Activity,Quantity,Unit,Period start,Period end,Meter\n"


def project(folder: Path, rows: str = "Depot,Electricity,100,kWh,2025-01-01,2025-01-31,E1\n", more: str = "") -> Ledger:
    """A project with a file of records, ready for typing."""
    (folder / "records.csv").write_text(HEAD + rows, encoding="utf-8")
    (folder / "natcap.toml").write_text(
        f'kind = "business"\nname = "Test"\nperiod = "2025"\n[inputs]\nactivity = "records.csv"\n{more}',
        encoding="utf-8",
    )
    return Ledger(read_project(folder))


def told(made: Preview) -> list[tuple[str, bool]]:
    return [(f.field, f.warning) for f in made.findings]


def counted(folder: Path, row: int, name: str = "typed_2025.csv") -> tuple[Report, list[float]]:
    """The account as `natcap build` makes it, and kg CO2e of each line of a typed row."""
    report = build(read_project(folder))
    assert report.lines is not None
    mine = report.lines[(report.lines["file"] == name) & (report.lines["cell"] == f"C{row}")]
    return report, mine["kg_co2e"].tolist()


def test_a_bill_comes_to_what_the_build_counts_with_its_cell(tmp_path: Path) -> None:
    ledger = project(tmp_path)
    made = ledger.preview(GAS)
    assert made.ready
    assert made.lines["kg_co2e"].tolist() == pytest.approx([225.77264, 37.27914], rel=1e-12)
    assert not (tmp_path / "typed_2025.csv").exists()
    assert ledger.sheet.add(made.texts) == made.row == 2
    report, kg = counted(tmp_path, 2)
    assert kg == made.lines["kg_co2e"].tolist()
    assert [f["file"] for f in report.run.inputs] == ["records.csv", "typed_2025.csv"]
    assert (tmp_path / "records.csv").read_text(encoding="utf-8").count("\n") == 2


@pytest.mark.parametrize(
    "bill",
    [
        {"activity": "electricity", "quantity": "2.5", "unit": "MWh", "item": "E1"},
        {"activity": "diesel van", "quantity": "412", "unit": "miles"},
        {"activity": "R410A", "quantity": "0.8", "unit": "kg", "end": ""},
        {"start": "2024-12-15", "end": "2025-01-14"},
        {"quantity": "-50", "evidence": "credit note 3"},
        {"unit": "kWh", "basis": "net"},
        {"activity": "Own HGV: articulated over 33 t, average laden", "quantity": "1 500", "unit": "km", "share": "75"},
        {"category": "13", "owned": "40"},
    ],
    ids=["other unit", "mileage", "one day", "straddling", "credit", "net", "load", "share of a leased asset"],
)
def test_every_kind_of_bill_is_counted_as_shown(tmp_path: Path, bill: dict[str, str]) -> None:
    ledger = project(tmp_path)
    made = ledger.preview(GAS | bill)
    assert made.ready, made.findings
    ledger.sheet.add(made.texts)
    assert counted(tmp_path, made.row)[1] == made.lines["kg_co2e"].tolist() != []


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"unit": "litres of gas"}, "unit", "unit"),
        ({"activity": "electricity", "unit": "litre"}, "unit", "a unit of Electricity from the grid: kWh"),
        ({"unit": "tons"}, "unit", "one of tonne, long_ton_uk, short_ton_us"),
        ({"unit": "kWh"}, "unit", "Write gross or net in the column Calorific basis"),
        ({"quantity": "1.234"}, "quantity", "could be 1.234 or 1234"),
        ({"quantity": "a lot"}, "quantity", "not a number"),
        ({"quantity": "-5"}, "quantity", "If it is a credit note, write credit in its evidence or note"),
        ({"start": "2024-03-01", "end": "2024-03-31"}, "start", "days of 2025"),
        ({"end": "2025-02-01"}, "end", "Swap or correct the two days"),
        ({"activity": "natural gaz"}, "activity", "Did you mean"),
        ({"evidence": "=HYPERLINK(1)"}, "evidence", "A spreadsheet would take it for a formula"),
        ({"site": "@depot"}, "site", "begins with a letter or a digit"),
        ({"note": "x" * 301}, "note", "at most 300 characters"),
        ({"owned": "50"}, "owned", "categories 8, 13, 14 and 15"),
        ({"activity": "total"}, "", "taken for a total"),
        ({"note": "a;" * 40}, "", "could not be read back"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(tmp_path: Path, wrong: dict[str, str], field: str, words: str) -> None:
    made = project(tmp_path).preview(GAS | wrong)
    assert not made.ready
    assert made.lines.empty
    assert field in [f.field for f in made.problems]
    assert words in " ".join(f.text for f in made.problems if f.field == field)


def test_what_is_missing_is_asked_and_not_called_wrong(tmp_path: Path) -> None:
    made = project(tmp_path).preview({"activity": "gas", "quantity": "5"})
    assert (made.missing, made.findings) == (("unit", "start"), ())


def test_a_fault_that_the_records_share_is_told_at_the_typed_row(tmp_path: Path) -> None:
    ledger = project(tmp_path, "Depot,Gas,100,kWh,2025-01-01,2025-01-31,G1\n" * 2)
    assert told(ledger.preview(GAS | {"unit": "kWh"})) == [("unit", False)]
    assert ledger.preview(GAS).ready


def test_among_the_records_duplicates_overlaps_and_slips_are_told(tmp_path: Path) -> None:
    months = "".join(f"Depot,Gas,1000,kWh_gross,2025-{m:02d}-01,2025-{m:02d}-28,G1\n" for m in range(4, 10))
    ledger = project(tmp_path, months)
    again = ledger.preview(GAS | {"quantity": "1000", "start": "2025-05-01", "end": "2025-05-28"})
    assert (again.ready, told(again)) == (True, [("quantity", True)])
    assert "the same entry as in row 3 of records.csv" in again.findings[0].text
    over = ledger.preview(GAS | {"quantity": "990", "start": "2025-05-10", "end": "2025-05-30"})
    assert "overlapping row 3" in over.findings[0].text
    slip = ledger.preview(GAS | {"quantity": "1100000"})
    assert "Is the unit right" in slip.findings[0].text


def test_a_bill_that_would_be_left_out_is_not_saved(tmp_path: Path) -> None:
    ledger = project(tmp_path, more='[choices]\nout_of_period = "leave out"\n')
    made = ledger.preview(GAS | {"start": "2024-03-01", "end": "2024-03-31"})
    assert not made.ready
    assert "would not be counted" in made.problems[-1].text


def test_headers_and_fixed_values_of_foreign_files_do_not_reach_typed_rows(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "records.csv").write_text("Activity,When,kW\nBoiler,2025-01-01,5\n", encoding="utf-8")
    text = (tmp_path / "natcap.toml").read_text(encoding="utf-8")
    text += 'columns = { When = "start", kW = "quantity", Activity = "item" }\n'
    text += 'fixed = { activity = "Electricity", unit = "kWh" }\n'
    (tmp_path / "natcap.toml").write_text(text, encoding="utf-8")
    ledger = Ledger(read_project(tmp_path))
    made = ledger.preview(GAS)
    ledger.sheet.add(made.texts)
    assert counted(tmp_path, 2)[1] == made.lines["kg_co2e"].tolist()


def test_typed_rows_belong_to_their_period_and_count_once(tmp_path: Path) -> None:
    ledger = project(tmp_path, more='prior = "old.csv"\n')
    (tmp_path / "old.csv").write_text(HEAD + "Depot,Electricity,90,kWh,2024-01-01,2024-01-31,E1\n", encoding="utf-8")
    ledger.sheet.add(ledger.preview(GAS).texts)
    old = Folder(tmp_path, Period.parse("2024"))
    old.add(
        dict(zip(FIELDS, ledger.sheet.bills()[0].texts, strict=True)) | {"start": "2024-03-01", "end": "2024-03-31"}
    )
    assert len(counted(tmp_path, 2)[1]) == len(counted(tmp_path, 2, "typed_2024.csv")[1]) == 2
    text = (tmp_path / "natcap.toml").read_text(encoding="utf-8")
    (tmp_path / "natcap.toml").write_text(text.replace('"records.csv"', '["records.csv", "typed_2025.csv"]'), "utf-8")
    assert len(counted(tmp_path, 2)[1]) == 2
    assert name_of(Period.parse("2024-04-01 to 2025-03-31")) == "typed_2024-04-01_to_2025-03-31.csv"


def test_a_first_bill_needs_no_records(tmp_path: Path) -> None:
    ledger = project(tmp_path, "")
    with pytest.raises(InputProblems):
        build(read_project(tmp_path))
    ledger.sheet.add(ledger.preview(GAS).texts)
    total = next(f for f in build(read_project(tmp_path)).figures if f.id == "business.total")
    assert total.value == pytest.approx(0.26305178, rel=1e-12)


def test_rows_are_added_below_what_stands_and_taken_out_alone(tmp_path: Path) -> None:
    sheet = Folder(tmp_path, Period.parse("2025"))
    for number in range(3):
        assert sheet.add({"activity": "gas", "note": f'n{number}, "q"'}) == number + 2
    before = sheet.read()
    sheet.add({"activity": "diesel"})
    assert sheet.read().startswith(before)
    first, second, *_ = sheet.bills()
    sheet.remove(second)
    assert [b["note"] for b in sheet.bills()] == ['n0, "q"', 'n2, "q"', ""]
    with pytest.raises(InputProblems, match="another row in its place"):
        sheet.remove(second)
    assert sheet.bills()[0] == first == Bill(2, first.texts)
    assert list(tmp_path.iterdir()) == [tmp_path / "typed_2025.csv"]


def test_a_file_changed_elsewhere_is_never_written_over(tmp_path: Path) -> None:
    sheet = Folder(tmp_path, Period.parse("2025"))
    for data in (b"Site;Activity\nDepot;Gas\n", b"\xff\xfe\x00bad", b"Total\n"):
        sheet.path.write_bytes(data)
        with pytest.raises(InputProblems, match=r"typed_2025\.csv"):
            sheet.add({"activity": "gas"})
        assert sheet.path.read_bytes() == data


def test_a_write_that_fails_leaves_the_file_and_no_part_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = Folder(tmp_path, Period.parse("2025"))
    sheet.add({"activity": "gas"})
    before = sheet.read()

    def fails(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(InputProblems, match="Close it where it is open"):
        sheet.add({"activity": "diesel"})
    assert sheet.read() == before
    assert list(tmp_path.iterdir()) == [sheet.path]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    sheet = Folder(tmp_path / "inside", Period.parse("2025"))
    sheet.path.symlink_to(tmp_path / "outside.csv")
    with pytest.raises(InputProblems, match="a link to another place"):
        sheet.add({"activity": "gas"})
    assert not (tmp_path / "outside.csv").exists()


def test_rows_of_many_at_once_are_all_kept(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(
            pool.map(
                lambda n: Folder(tmp_path, Period.parse("2025")).add({"note": str(n), "activity": "gas"}), range(40)
            )
        )
    assert sorted(int(b["note"]) for b in Folder(tmp_path, Period.parse("2025")).bills()) == list(range(40))


TEXTS = st.one_of(
    st.text(max_size=40), st.sampled_from(["=1+1", "total", "Notes: x", "1e5", "-3", "gas", "kWh_gross", "2025-02-01"])
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, TEXTS)))
def test_no_text_breaks_the_form_and_what_is_ready_reads_back(tmp_path: Path, texts: dict[str, str]) -> None:
    ledger = Ledger(project(tmp_path).project, Memory("typed_2025.csv"))
    made = ledger.preview(GAS | texts)
    assert made.ready or made.problems or made.missing
    if made.ready:
        ledger.sheet.add(made.texts)
        (bill,) = ledger.sheet.bills()
        assert dict(zip(FIELDS, bill.texts, strict=True)) == dict(made.texts)
        assert ledger.preview(dict(made.texts)).warnings


def test_only_units_that_fit_are_offered() -> None:
    assert [unit_text(u) for u in units("gas", Choices())][:4] == ["kWh (gross CV)", "tonne", "m3", "kWh (net CV)"]
    assert "kWh" not in units("gas", Choices())
    assert not {"kg", "litre", "kWh_gross"} & set(units("electricity", Choices()))
    assert units("nothing of the kind", Choices()) == ()
    assert all(units(a.label, Choices()) for a in vocabulary().everyday)


def test_activities_are_found_in_everyday_words() -> None:
    assert activities("gas")[0].label == "Natural gas"
    assert activities("petrol va")[0].label.startswith("Own van")
    assert activities("derv")[0].label == "Diesel (forecourt blend)"
    assert [a.label for a in activities("")][:2] == ["Natural gas", "Electricity from the grid"]
    assert activities("zzzz") == []
