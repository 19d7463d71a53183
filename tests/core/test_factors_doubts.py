"""Workbooks that read well and are wrong: cut off, without ids, zeros for blanks (METHODS_carbon A2, trap 3), slips."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from natcap.core.factors import doubts, library
from natcap.core.factors.add import add
from natcap.core.problems import InputProblems, Problems
from tests.core.flatbooks import LATE, official_rows, write_book

SHEET = ("new.xlsx", "Factors by Category")


def fuels() -> list[dict[str, Any]]:
    chosen = [r for r in official_rows(2024) if r["level1"] == "Fuels"]
    return [dict(r, row=at) for at, r in enumerate(chosen, 7)]


def refused(path: Path) -> str:
    with pytest.raises(InputProblems) as told:
        add(path, dry_run=True)
    return str(told.value)


def test_a_table_without_its_end_row_may_be_cut_off(tmp_path: Path) -> None:
    layout = (LATE, 6, None, "kg CO2e of {gas} per unit")
    said = refused(write_book(tmp_path / "new.xlsx", 2024, fuels(), layout=layout))
    assert "no END row" in said
    assert "factors, against" in said
    assert "Download the file anew" in said


def test_a_blank_id_is_told_with_its_first_cell_and_count(tmp_path: Path) -> None:
    rows = fuels()
    for row in rows[3:8]:
        row["id"] = ""
    said = refused(write_book(tmp_path / "new.xlsx", 2024, rows))
    assert "cell A10" in said
    assert "no ID in 5 of" in said


def test_a_total_a_thousand_times_its_gases_is_refused(tmp_path: Path) -> None:
    rows = fuels()
    slip = next(r for r in rows if r["ghg"] == "kg CO2e" and isinstance(r["value"], float))
    slip["value"] *= 1000
    said = refused(write_book(tmp_path / "new.xlsx", 2024, rows))
    assert f"cell J{slip['row']}" in said
    assert "the sum of its CO2, CH4 and N2O" in said


def test_a_total_that_changed_places_with_its_co2_is_refused(tmp_path: Path) -> None:
    """Butane by the tonne: 3,033.38 and 3,029.26 of it CO2, within a hundredth of each other."""
    rows = fuels()
    rows[0]["value"], rows[1]["value"] = rows[1]["value"], rows[0]["value"]
    assert "cell J7" in refused(write_book(tmp_path / "new.xlsx", 2024, rows))


def test_zeros_in_place_of_blanks_are_refused_and_a_few_are_warned_of() -> None:
    """The June 2026 file printed zeros for unavailable factors; single true zeros (battery vehicles) do come."""
    before = library().frame(library().edition("uk_gov", 2024))
    for many, wrong in ((60, True), (3, False)):
        now = before.copy()
        blank = now.index[(now["kind"] == "emission") & (now["state"].str[0] == "b")][:many]
        now.loc[blank, "kg_co2e"] = 0.0
        now.loc[blank, "state"] = "v" + now.loc[blank, "state"].str[1:]
        problems = Problems()
        doubts.against(before, now, True, SHEET, problems)
        assert bool(problems.errors) is wrong
        assert any(f"{many} factors of 0 that were blank" in str(p) for p in problems)


def test_a_new_year_without_end_is_only_warned_of() -> None:
    problems = Problems()
    doubts.ends(2027, 2026, False, SHEET, problems)
    assert not problems.errors
    assert len(list(problems.warnings)) == 1


def test_committed_editions_raise_no_problem_against_their_years_before() -> None:
    editions = [e for e in library().editions("uk_gov") if not e.partial]
    frames: list[pd.DataFrame] = [library().frame(e) for e in editions]
    problems = Problems()
    for before, now in pairwise(frames):
        doubts.against(before, now, False, SHEET, problems)
    assert not problems.errors
