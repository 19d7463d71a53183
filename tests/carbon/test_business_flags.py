"""What stands out in the entries is told with its cell, counted as it stands, and listed under what to look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from natcap.core.problems import Problem
from tests.carbon.bills import problems_of, read
from tests.carbon.books import report, value

GAS = {"Activity": "Natural gas", "Quantity": 100, "Unit": "kWh", "Calorific basis": "gross", "Meter or item": "M1"}


def _month(number: int, **changes: object) -> dict[str, object]:
    return {**GAS, "Period start": f"2025-{number:02d}-01", "Period end": f"2025-{number:02d}-28", **changes}


def _warned(told: list[Problem], text: str) -> list[Problem]:
    return [p for p in told if p.severity == "warning" and text in p.found]


def test_overlapping_bills_of_one_meter_are_told(tmp_path: Path) -> None:
    rows = [_month(1), _month(3, Quantity=90, **{"Period end": "2025-04-02"}), _month(4, Quantity=80), _month(6)]
    found = _warned(problems_of(tmp_path, rows), "overlapping")
    assert [p.cell for p in found] == ["E4"]
    assert "2025-04-01 to 2025-04-28, overlapping row 3 of the same meter" in found[0].found


def test_a_long_bill_overlaps_every_month_it_covers(tmp_path: Path) -> None:
    rows = [_month(1, Quantity=1300, **{"Period end": "2025-12-31"}), *[_month(m, Quantity=m) for m in (2, 5, 9)]]
    assert [p.cell for p in _warned(problems_of(tmp_path, rows), "overlapping")] == ["E3", "E4", "E5"]


@pytest.mark.parametrize(
    "second",
    [
        {"Meter or item": "M2"}, {"Site": "Yard"}, {"Activity": "Burning oil", "Unit": "litres", "Calorific basis": ""},
        {"Quantity": -20, "Evidence": "Credit note 4"}, {"Period start": "2025-01-29", "Period end": "2025-02-20"},
    ],
)  # fmt: skip
def test_what_does_not_overlap_is_quiet(tmp_path: Path, second: dict[str, object]) -> None:
    rows = [_month(1), _month(1, **{"Quantity": 50, "Period start": "2025-01-10", **second})]
    assert not _warned(problems_of(tmp_path, rows), "overlapping")


def test_meters_without_a_name_and_fuel_cards_are_not_compared(tmp_path: Path) -> None:
    unnamed = [_month(1, **{"Meter or item": ""}), _month(1, Quantity=5, **{"Meter or item": ""})]
    day = {"Activity": "Diesel", "Unit": "litres", "Calorific basis": "", "Period end": "2025-01-01"}
    cards = [_month(1, **day, Quantity=40), _month(1, **day, Quantity=35)]
    assert not _warned(problems_of(tmp_path, [*unnamed, *cards]), "overlapping")


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), min_size=2, max_size=12))
def test_overlaps_are_those_a_plain_search_finds(spans: list[tuple[int, int]]) -> None:
    import numpy as np
    import pandas as pd

    from natcap.carbon.business.checks import _overlaps, _Tell
    from natcap.core.problems import Problems

    start = np.datetime64("2025-01-01") + np.array([a for a, _ in spans])
    frame = pd.DataFrame({
        "start": start, "end": start + np.array([n for _, n in spans]), "item": "M", "quantity": 1.0,
        "_row": np.arange(len(spans)) + 2, "_file": "f", "_sheet": "s",
        "_cell_start": [f"E{n}" for n in range(len(spans))],
    })  # fmt: skip
    problems = Problems()
    _overlaps(frame, np.zeros(len(spans), dtype="int64"), np.ones(len(spans), dtype=bool), _Tell(frame, problems))
    order = sorted(range(len(spans)), key=lambda n: (spans[n][0], spans[n][0] + spans[n][1], n))
    expected = {
        f"E{b}" for at, b in enumerate(order)
        if any(spans[a][0] + spans[a][1] >= spans[b][0] for a in order[:at])
    }  # fmt: skip
    assert {p.cell for p in problems} == expected


def test_a_slip_is_seen_per_day(tmp_path: Path) -> None:
    """A quarter among months holds three times as much and is no slip; 1,000 times a month is."""
    months = [_month(m, Quantity=1000 + m) for m in (1, 2, 3, 4, 5)]
    quarter = _month(7, Quantity=3100, **{"Period end": "2025-09-30"})
    slip = _month(10, Quantity=1_005_000)
    found = _warned(problems_of(tmp_path, [*months, quarter, slip]), "median per day")
    assert [p.cell for p in found] == ["C8"]
    assert "times the median per day of this series" in found[0].found


def test_a_meter_with_one_bill_is_compared_with_its_peers(tmp_path: Path) -> None:
    year = {"Period start": "2025-01-01", "Period end": "2025-12-31"}
    rows = [_month(1, **year, **{"Meter or item": f"M{n}", "Quantity": 900 + 100 * n}) for n in range(6)]
    rows[3]["Quantity"] = 1.2
    rows[4]["Quantity"] = 90
    found = _warned(problems_of(tmp_path, rows), "median per day")
    assert [p.cell for p in found] == ["C5"]
    assert "the same activity elsewhere" in found[0].found


def test_flags_change_no_number(tmp_path: Path) -> None:
    book, told = read(tmp_path, [_month(1), _month(1)])
    assert list(book.rows.frame["quantity"]) == [100, 100]
    assert len(told) == 1


def test_credit_notes_are_netted_in_sight(tmp_path: Path) -> None:
    """1,000 kWh billed, 400 credited: 600 kWh at 0.177 are 0.1062 t; the section shows both."""
    row = {"activity": "Electricity", "unit": "kWh", "item": "M1"}
    rows = [{**row, "quantity": 1000}, {**row, "quantity": -400, "evidence": "Credit note 7"}]
    found = report(tmp_path, activity=rows)
    assert value(found, "scope2.location") == pytest.approx(0.1062)
    table = found.section("credits").table
    assert list(table[["billed", "credited", "net"]].iloc[0]) == [1000, -400, 600]
    assert "off the total" in found.section("credits").summary


def test_nothing_stands_out(tmp_path: Path) -> None:
    found = report(tmp_path, activity=[{"activity": "Water", "quantity": 4, "unit": "m3"}])
    assert found.section("look").summary == "Nothing stands out."
    assert "credits" not in [section.id for section in found.sections]


@pytest.mark.parametrize(
    "row, said",
    [
        ({"Quantity": 5, "Unit": "tons"}, "UK ton is 1,016 kg"),
        ({"Quantity": 5, "Unit": "gallons"}, "4.546 litres in the UK"),
        ({"Quantity": "1.234", "Unit": "litres"}, "1.234 or 1234"),
        ({"Quantity": "1,5", "Unit": "litres"}, "1.5"),
        ({"Activity": "Natural gas", "Quantity": 5, "Unit": "kWh", "Calorific basis": ""}, "gross or net"),
    ],
)
def test_everyday_spellings_that_could_be_two_things_are_asked(
    tmp_path: Path, row: dict[str, object], said: str
) -> None:
    """From the file to the refusal, with the choices. A workbook of semicolons hides what its dots mean."""
    text = "Activity;Quantity;Unit;Calorific basis;Period start\n"
    full = {"Activity": "Diesel", "Calorific basis": "", **row}
    text += f"{full['Activity']};{full['Quantity']};{full['Unit']};{full['Calorific basis']};2025-01-01\n"
    path = tmp_path / "bills.csv"
    path.write_text(text, encoding="utf-8")
    from natcap.carbon.business.models import Choices
    from natcap.carbon.business.reading import read_book
    from natcap.core.problems import Problems
    from natcap.core.project import Period

    problems = Problems()
    read_book(path, Period.parse("2025"), Choices(), problems, "bills.csv")
    assert problems.errors
    assert said in str(problems.errors[0])


def test_hundreds_of_cubic_feet_are_what_old_gas_meters_show(tmp_path: Path) -> None:
    """10 hundred cubic feet are 1,000 cubic feet, 28.3168 m3: 2.06318 kg CO2e/m3 (UK 2025) gives what m3 give."""
    feet = report(tmp_path / "a", activity=[{"activity": "Natural gas", "quantity": 10, "unit": "hundred cubic feet"}])
    metres = report(tmp_path / "b", activity=[{"activity": "Natural gas", "quantity": 28.316846592, "unit": "m3"}])
    assert value(feet, "scope1") == pytest.approx(value(metres, "scope1"), rel=1e-12)
