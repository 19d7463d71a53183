"""What a table of observations must be: every problem at once, each at its cell; gaps are words and never zero."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from natcap.core.problems import InputProblems, Problems
from natcap.core.project import read_project
from natcap.progress.observations import current, series
from natcap.progress.periods import in_words, months_between, parse
from natcap.progress.trunk import read
from tests.progress.made import PROJECT, areas, numbers, project, rows


def said(records: list[dict[str, Any]]) -> list[str]:
    problems = Problems()
    numbers(records, problems)
    return [str(p) for p in problems]


def test_good_rows_have_no_problem() -> None:
    assert said(rows("C02", "A1", {"2022": 5.1, "2023": 5.0})) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"area": "A11"}, "found 'A11', expected an area of the areas table. Did you mean 'A1'?"),
        ({"indicator": "C0Z"}, "found 'C0Z', expected an indicator of the definitions. Did you mean 'C"),
        ({"status": ""}, "found a blank cell, expected one of observed, estimated, not occurring"),
        ({"status": "obsrved"}, "Did you mean 'observed'?"),
        ({"unit": "kWh"}, "found 'kWh', expected t CO2e per person, the unit of C02"),
        ({"unit": "wombats"}, "found 'wombats', expected t CO2e per person, the unit of C02"),
        ({"value": "1,234"}, "expected a number with a full stop as decimal mark"),
        ({"value": "1.2.3"}, "expected a number with a full stop as decimal mark"),
        ({"value": "nan"}, "expected a number with a full stop as decimal mark"),
        ({"value": ""}, "found a blank cell, expected a number, as the status says"),
        ({"status": "confidential", "value": "0"}, "A missing value is not zero."),
        ({"status": "not yet published", "value": "5"}, "expected a blank cell, as the status says there is no value"),
        ({"period": "2023/24"}, "expected a calendar year such as 2023"),
        ({"period": "2023/25", "period_type": "financial year"}, "expected a financial year such as 2023/24"),
        ({"period": "2026-02-30", "period_type": "point in time"}, "expected a point in time such as 2026-04-01"),
        ({"period_type": "fiscal year"}, "Did you mean 'financial year'?"),
        ({"source": "hearsay"}, "found 'hearsay', expected a source of sources.csv"),
        ({"low": "5.5", "high": "6"}, "expected a value between low and high"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_told(change: dict[str, str], told: str) -> None:
    record = rows("C02", "A1", {"2023": 5.0})[0] | change
    found = said([record])
    assert any(told in text for text in found), found
    assert all(text.startswith("made.csv, cell ") for text in found)


def test_every_problem_is_told_at_once() -> None:
    bad = [*rows("C02", "A9", {"2023": 5}), *rows("C02", "A1", {"2022": "x"}), *rows("C02", "A1", {"20": 4})]
    assert len(said(bad)) == 3


def test_the_same_row_twice_is_refused_and_a_new_release_is_not() -> None:
    twice = rows("C02", "A1", {"2023": 5.0}) + rows("C02", "A1", {"2023": 5.1})
    found = said(twice)
    assert len(found) == 1
    assert "one row for C02 , A1, 2023 in one release" in found[0]
    assert "The other is at made.csv" in found[0]
    assert said(rows("C02", "A1", {"2023": 5.0}) + rows("C02", "A1", {"2023": 5.1}, release="2027")) == []


def test_the_newest_vintage_is_used_and_the_older_kept() -> None:
    table = numbers(rows("C02", "A1", {"2023": 5.1}, release="2027") + rows("C02", "A1", {"2023": 5.0}))
    assert len(table) == 2
    assert current(table)["value"].tolist() == [5.1]
    assert series(table, "C02", "A1")["value"].tolist() == [5.1]


def test_types_of_period_do_not_mix_in_one_series() -> None:
    mixed = rows("E01", "A1", {"2022": 40}) + rows("E01", "A1", {"2023/24": 41}, period_type="financial year")
    assert "expected one type of period for E01" in said(mixed)[0]


def test_other_units_of_the_same_quantity_are_converted_and_said() -> None:
    table = numbers(rows("C01", "A1", {"2023": 1234567}, unit="t CO2e"))
    assert table["value"].tolist() == [1234.567]
    assert table["unit"].tolist() == ["kt CO2e"]
    assert "entered in t CO2e" in table["note"].iloc[0]


def test_a_gap_stays_a_gap() -> None:
    table = numbers(rows("G20", "A1", {"2024": None}, part="Hydro"))
    assert math.isnan(table["value"].iloc[0])
    assert table["status"].iloc[0] == "confidential"


@pytest.mark.parametrize(
    ("text", "kind", "start", "end", "position"),
    [
        ("2023", "calendar year", "2023-01-01", "2023-12-31", 2023.0),
        ("2023/24", "financial year", "2023-04-01", "2024-03-31", 2023.0),
        ("1999/00", "financial year", "1999-04-01", "2000-03-31", 1999.0),
        ("2024-05-15/P1Y", "gas year", "2024-05-15", "2025-05-14", 2024.0),
        ("2026-01-01", "point in time", "2026-01-01", "2026-01-01", 2026.0),
        ("2010-04-01/2018-09-30", "span", "2010-04-01", "2018-09-30", 2018.0),
    ],
)
def test_periods(text: str, kind: str, start: str, end: str, position: float) -> None:
    found = parse(text, kind)
    assert (found.start.isoformat(), found.end.isoformat(), found.position) == (start, end, position)


def test_months_and_words() -> None:
    assert months_between(date(2023, 12, 31), date(2026, 6, 30)) == 29
    assert months_between(date(2023, 12, 31), date(2026, 7, 1)) == 30
    assert in_words("2024-05-15/P1Y") == "year from 2024-05-15"
    assert in_words("2010-04-01/2018-09-30") == "2010-04-01 to 2018-09-30"


def test_areas_are_checked() -> None:
    problems = Problems()
    areas(problems, [("A1", "Aford", "district", "C9", ""), ("A1", "Aford", "", "", "all"), ("B1", "B", "x", "B1", "")])
    told = " ".join(str(p) for p in problems)
    for text in ("the code of another area", "each code once", "the kind of the area", "complete, or nothing",
                 "not part of itself"):  # fmt: skip
        assert text in told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "no choice 'as_of'"),
        ('as_of = "June 2026"', "a day such as"),
        ('as_of = "2026-06-01"\nareas = ["A7"]', "an area of the areas table"),
        ('as_of = "2026-06-01"\nclaim = "carbon neutral"', "ISO 14068-1"),
        ('as_of = "2026-06-01"\nas_off = 1', "Did you mean 'as_of'?"),
        ('as_of = "2026-06-01"\nattribution_years = [2019, 2010]', "two years such as"),
        ('as_of = "2026-06-01"\n[choices.bands]\nratio_on_trak = 1.0', "Did you mean 'ratio_on_track'?"),
        ('as_of = "2026-06-01"\n[choices.bands]\nratio_on_track = 0.5', "bands must fall"),
    ],
)
def test_choices_are_checked(tmp_path: Path, line: str, told: str) -> None:
    toml = PROJECT.replace('as_of = "2026-06-01"', line)
    folder = project(tmp_path / "p", rows("C02", "A1", {"2023": 5.0}), toml)
    with pytest.raises(InputProblems, match=r"natcap\.toml") as caught:
        read(read_project(folder))
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('observations = "nowhere"', "a folder or file of the project"),
        ("observations = 3", "no input 'observations'"),
        ('observations = "observations.csv"\nobservation = "x"', "Did you mean 'observations'?"),
        ('observations = "observations.csv"\nofficial = [{adapter = "la_co"}]', "adapter, file and release"),
        (
            'observations = "observations.csv"\nofficial = [{adapter = "la_co", file = "areas.csv", release = "1"}]',
            "Did you mean 'la_co2'?",
        ),
    ],
)
def test_inputs_are_checked(tmp_path: Path, line: str, told: str) -> None:
    toml = PROJECT.replace('observations = "observations.csv"', line)
    folder = project(tmp_path / "p", rows("C02", "A1", {"2023": 5.0}), toml)
    with pytest.raises(InputProblems) as caught:
        read(read_project(folder))
    assert told in str(caught.value)
