"""Reconcile disclosed lines: official examples fit their own set, slips and other sets are named, never forced."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.carbon.business.reconcile import half_unit, read_statement, reconcile, reconcile_line
from natcap.carbon.business.vocabulary import UnknownActivity
from natcap.core.problems import Problems
from natcap.core.project import Period
from natcap.core.units import UnitError

Y25 = Period.parse("2025")
FY24 = Period.parse("2024-04-01 to 2025-03-31")


def test_case_h04_and_its_slip() -> None:
    """worked/carbon.json H04: 1,000 MWh at 0.177 is 177 t; disclosed as 0.177 t somebody mixed MWh and kWh."""
    assert reconcile_line("Electricity", 1000, "MWh", 177.0, Y25).word == "RECONCILED"
    slipped = reconcile_line("Electricity", 1000, "MWh", 0.177, Y25)
    assert slipped.word == "MISMATCH"
    assert "slip of units" in slipped.note


def test_case_h08_year_to_march_2025_uses_the_2024_set() -> None:
    got = reconcile_line("Electricity", 100_000, "kWh", 20.705, FY24)
    assert got.word == "RECONCILED"
    assert got.expected is not None
    assert got.expected.year == 2024


def test_another_basis_is_named_and_another_set_is_said_to_be_another() -> None:
    """0.177 + 0.01853 kg per kWh (2025, with losses) makes 19.553 t; gas at 0.2027 kg per net kWh is the 2025 set."""
    with_losses = reconcile_line("Electricity", 100_000, "kWh", 19.55, Y25)
    assert with_losses.word == "RECONCILED"
    assert "losses" in with_losses.note
    other = reconcile_line("natural gas", 500_000, "kWh", 101.35, Period.parse("2023"))
    assert other.note.startswith("not the set of the period (2023)")
    assert "net" in other.note


def test_a_mismatch_gives_the_expected_figure() -> None:
    got = reconcile_line("Electricity", 1_234_567, "kWh", 300, Y25)
    assert got.word == "MISMATCH"
    assert got.expected is not None
    assert got.expected.tonnes == pytest.approx(218.518359)
    assert "218.518" in got.note


def test_several_sets_without_a_period_is_a_question() -> None:
    got = reconcile_line("natural gas", 500_000, "kWh", 91)
    assert got.word == "REVIEW"
    assert len(got.fits) > 1


def test_half_unit() -> None:
    assert [half_unit(v) for v in (177.0, 20.705, 0.5, 91_390.0)] == pytest.approx([0.5, 0.0005, 0.05, 0.5])


@given(st.integers(1, 10_000_000), st.integers(0, 3))
def test_an_honest_line_always_reconciles(quantity: int, decimals: int) -> None:
    """A line calculated with the set of its year and then rounded is never called a mismatch."""
    disclosed = round(quantity * 0.177 / 1000, decimals)
    if disclosed > 0:
        assert reconcile_line("Electricity", float(quantity), "kWh", disclosed, Y25).word == "RECONCILED"


@given(st.integers(1_000_000, 10_000_000), st.floats(1.2, 3.0))
def test_a_wrong_line_never_reconciles_with_its_own_set(quantity: int, times: float) -> None:
    got = reconcile_line("Electricity", float(quantity), "kWh", round(quantity * 0.177 / 1000 * times, 3), Y25)
    assert got.expected not in got.fits


def test_refused_with_choices() -> None:
    with pytest.raises(UnknownActivity):
        reconcile_line("moon rockets", 1, "kWh", 1.0)
    with pytest.raises(UnitError):
        reconcile_line("Electricity", 1, "hectare", 1.0)
    with pytest.raises(ValueError, match="blank is not zero"):
        reconcile_line("Electricity", float("nan"), "kWh", 1.0)


def test_statement_with_totals_that_do_not_foot(tmp_path: Path) -> None:
    """The SECR guidelines' own example prints 91,390 t where its rows foot to 61,390 t: flagged, never copied."""
    file = tmp_path / "statement.csv"
    file.write_text(
        "Activity,Quantity,Unit,Emissions (tCO2e)\nElectricity,1000000,kWh,177\nDiesel,10000,litres,25.71\n"
        "Total,,,302.71\n",
        encoding="utf-8",
    )
    problems = Problems()
    frame = read_statement(file, problems)
    verdicts = reconcile(frame, Y25, problems, file.name)
    assert [v.word for v in verdicts] == ["RECONCILED", "RECONCILED"]
    assert not problems.errors
    assert any("202.71" in str(p) and "302.71" in str(p) for p in problems.warnings)


def test_every_bad_row_is_told_with_its_cell(tmp_path: Path) -> None:
    file = tmp_path / "statement.csv"
    file.write_text(
        "Activity,Quantity,Unit,Emissions (tCO2e)\nElectrizity,1000,kWh,1\nElectricity,1000,tons,1\n", encoding="utf-8"
    )
    problems = Problems()
    frame = read_statement(file, problems)
    reconcile(frame, Y25, problems, file.name)
    assert len(problems.errors) == 2
    assert all(p.cell for p in problems.errors)


def test_the_residual_mix_is_named_and_zero_is_asked_about() -> None:
    """0.36515 kg per kWh is the residual mix of Great Britain of 2022 (METHODS_carbon A3), the last year held."""
    got = reconcile_line("Electricity", 1_000_000, "kWh", 365.15, Period.parse("2022"))
    assert (got.word, "market-based by the residual mix" in got.note) == ("RECONCILED", True)
    nothing = reconcile_line("Electricity", 1_000_000, "kWh", 0, Y25)
    assert nothing.word == "MISMATCH"
    assert "certificates (market-based)" in nothing.note
    assert "177 t" in nothing.note


def test_the_basis_that_the_statement_gives_is_the_one_expected() -> None:
    """500,000 kWh net at 0.202671 (2023) make 101.34 t; 2021, 2024 and 2025 round to figures near it."""
    got = reconcile_line("natural gas", 500_000, "kWh", 101.3, Period.parse("2023"), "net")
    assert got.word == "RECONCILED"
    assert got.expected is not None
    assert (got.expected.year, got.expected.factor_unit) == (2023, "kWh_net")
    silent = reconcile_line("natural gas", 500_000, "kWh", 101.3, Period.parse("2023"))
    assert (silent.word, silent.note.startswith("uk_gov 2023")) == ("RECONCILED", True)


def test_a_coarse_quantity_proves_nothing() -> None:
    """1 GWh may be 0.5 to 1.5 GWh: 300 t then lies within its rounding, and so does nearly everything."""
    assert reconcile_line("Electricity", 1, "GWh", 250, Y25).word == "REVIEW"
    assert reconcile_line("Electricity", 1, "GWh", 177, Y25).word == "RECONCILED"


def test_a_slip_of_units_is_seen_behind_rounded_digits() -> None:
    """91.4645 t written as 91,460: the last zero is no digit."""
    assert "slip of units" in reconcile_line("natural gas", 500_000, "kWh", 91_460, Period.parse("2023")).note
    assert "slip of units" not in reconcile_line("Electricity", -5, "kWh", 3, Period.parse("2023")).note


def test_flights_without_radiative_forcing_are_tried_too() -> None:
    """10,000 passenger km short-haul economy, 2023: 0.107939 without radiative forcing makes 1.08 t, with it 1.83 t."""
    got = reconcile_line("Flight short haul economy", 10_000, "passenger km", 1.08, Period.parse("2023"))
    assert got.word == "RECONCILED"
    assert "without rf" in got.note.casefold()


def test_a_question_says_what_the_set_of_the_period_gives() -> None:
    """R410A was 2,088 in every set to 2022 and is 1,924 in 2023."""
    got = reconcile_line("R410A", 10, "kg", 20.88, Period.parse("2023"))
    assert got.word == "REVIEW"
    assert "2023 v1.1 gives 19.24 t" in got.note


def _read(tmp_path: Path, text: str) -> tuple[list[str], Problems]:
    """Verdict words of a statement written as CSV below its usual header, and everything that was told."""
    file = tmp_path / "statement.csv"
    file.write_text(f"Activity,Quantity,Unit,Emissions (tCO2e)\n{text}", encoding="utf-8")
    problems = Problems()
    return [v.word for v in reconcile(read_statement(file, problems), Y25, problems, file.name)], problems


def test_headings_blank_rows_and_totals_are_told_and_carried_on_from(tmp_path: Path) -> None:
    """177 + 25.71 t: each heading is told once, subtotals foot, nothing is added twice, both lines reconcile."""
    words, problems = _read(
        tmp_path,
        "Scope 1,,,\nDiesel,10000,litres,25.71\nTotal scope 1,,,25.71\n,,,\nScope 2,,,\nElectricity,1000000,kWh,177\n"
        "Subtotal,,,177\n\nGrand total,,,202.71\n",
    )
    assert words == ["RECONCILED", "RECONCILED"]
    assert not problems.errors
    assert [(p.cell, p.found) for p in problems.warnings] == [("A2", "'Scope 1'"), ("A6", "'Scope 2'")]
    assert all("heading" in p.expected for p in problems.warnings)


def test_a_heading_that_bears_its_total_is_footed_and_not_counted(tmp_path: Path) -> None:
    """Scope 1 above its rows with their sum; gas 91.48 t (500,000 kWh gross at 0.18296) and 25.71 t are 117.19 t."""
    text = "Natural gas,500000,kWh gross,91.48\nDiesel,10000,litres,25.71\n"
    words, problems = _read(tmp_path, f"Scope 1,,,117.19\n{text}")
    assert (words, problems.errors) == (["RECONCILED", "RECONCILED"], ())
    assert ["sum" in p.expected for p in problems.warnings] == [False]
    words, problems = _read(tmp_path, f"Scope 1,,,171.19\n{text}")
    assert words == ["RECONCILED", "RECONCILED"]
    assert any(p.cell == "D2" and "117.19" in p.expected for p in problems.warnings)


def test_an_entry_without_its_quantity_is_still_asked_for(tmp_path: Path) -> None:
    _, problems = _read(tmp_path, "Electricity,,,177\nDiesel,10000,litres,\nWidgets,,kWh,3\n")
    assert sorted(p.cell for p in problems.errors) == ["B2", "B4", "C2", "D3"]


def test_a_statement_of_headings_alone_has_nothing_to_reconcile(tmp_path: Path) -> None:
    _, problems = _read(tmp_path, "Scope 1,,,\nScope 2,,,\n")
    assert [p.expected for p in problems.errors] == ["at least one line with a quantity and its emissions"]


def test_merged_headings_of_a_workbook(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Example plc, SECR statement"], [], ["Activity", "Quantity", "Unit", "Emissions (tCO2e)"],
        ["Scope 1 - direct"], ["Diesel", 10000, "litres", 25.71], ["Total", None, None, 25.71], [],
        ["Scope 2 - purchased electricity"], ["Electricity", 1000000, "kWh", 177],
        ["Total emissions", None, None, 202.71],
    ):  # fmt: skip
        sheet.append(row)
    sheet.merge_cells("A4:D4")
    sheet.merge_cells("A8:D8")
    book.save(tmp_path / "statement.xlsx")
    problems = Problems()
    frame = read_statement(tmp_path / "statement.xlsx", problems)
    words = [v.word for v in reconcile(frame, Y25, problems, "statement.xlsx")]
    assert (words, problems.errors) == (["RECONCILED", "RECONCILED"], ())
    assert [p.cell for p in problems.warnings] == ["A4", "A8"]


def test_a_statement_by_the_blended_rule(tmp_path: Path) -> None:
    """220 days of 2019 at 0.2556 and 145 days of 2020 at 0.23314: 100,000 kWh are 24.667753 t (official rule)."""
    period = Period.parse("2019-05-26 to 2020-05-24")
    found = reconcile_line("Electricity", 100_000, "kWh", 24.67, period)
    assert found.word == "RECONCILED"
    assert "blended by days (220 days of 2019, 145 days of 2020)" in found.note
    assert found.fits[0].tonnes == pytest.approx(24.667753, abs=1e-6)
    assert reconcile_line("Electricity", 100_000, "kWh", 24.69, period).word == "MISMATCH"


def test_electricity_with_losses_and_well_to_tank() -> None:
    """2025: 0.177 + 0.01853 + 0.0459 = 0.24143 kg/kWh."""
    found = reconcile_line("Electricity", 1_000_000, "kWh", 241.43, Period.parse("2025"))
    assert (found.word, "losses and well-to-tank" in found.note) == ("RECONCILED", True)
