"""Periods of other than twelve months: said with their lengths, never compared as though like for like."""

from __future__ import annotations

from pathlib import Path

import pytest

from natcap.carbon.business.models import models
from natcap.carbon.business.periods import length, unlike
from natcap.carbon.business.trunk import build
from natcap.core.problems import InputProblems
from natcap.core.project import Period, read_project
from natcap.core.report import Report
from natcap.core.workbook import write_template
from tests.carbon.books import project, report

LONG = "2024-07-01 to 2025-12-31"
FACTS = [{"item": "turnover", "amount": 900_000, "unit": "GBP"}]


def _two(folder: Path, period: str, prior: str) -> Report:
    """A project whose period and prior period each have one bill of all their days."""

    def book(name: str, days: str, kwh: float) -> None:
        span = Period.parse(days)
        bill = {"site": "Depot", "activity": "Electricity", "quantity": kwh, "unit": "kWh", "start": span.start,
                "end": span.end}  # fmt: skip
        write_template(models(), folder / name, "Test", (), False, {"activity": [bill], "organisation": FACTS})

    choices = f'prior_period = "{prior}"\n' if prior else ""
    project(folder, period, choices, 'prior = "before.xlsx"\n')
    book("activity.xlsx", period, 150_000)
    book("before.xlsx", prior or period, 100_000)
    return build(read_project(folder))


@pytest.mark.parametrize(
    "text, said",
    [
        ("2025", "12 months (365 days)"), (LONG, "18 months (549 days)"),
        ("2025-04-01 to 2025-12-31", "9 months (275 days)"),
        ("2025-01-06 to 2026-01-04", "364 days"), ("2025-03-01 to 2025-03-31", "1 month (31 days)"),
    ],
)  # fmt: skip
def test_length_in_words(text: str, said: str) -> None:
    assert length(Period.parse(text)) == said


def test_a_leap_day_is_no_other_length() -> None:
    assert not unlike(Period.parse("2024"), Period.parse("2023"))
    assert unlike(Period.parse("2025-01-06 to 2026-01-04"), Period.parse("2024-01-01 to 2025-01-05"))
    assert unlike(Period.parse(LONG), Period.parse("2023-07-01 to 2024-06-30"))


def test_eighteen_months_beside_twelve_say_so_and_print_no_percentage(tmp_path: Path) -> None:
    found = _two(tmp_path, LONG, "2023-07-01 to 2024-06-30")
    both = "18 months (549 days)"
    said = " ".join(found.notes)
    assert both in said
    assert "12 months (366 days)" in said
    for key in ("summary", "categories", "intensity", "secr"):
        section = found.section(key)
        assert any(both in note and "12 months (366 days)" in note for note in section.notes), key
    table = found.section("summary")
    assert table.table["relative"].isna().all()
    assert table.table["change"].isna().all()
    assert {table.marks[(0, name)] for name in ("change", "relative")} <= {"[x]", "[z]"}
    assert table.marks[(1, "relative")] == "[z]"
    assert all(not table.cells.get((1, name), "") for name in ("change", "relative"))
    assert "%" not in table.summary.partition(";")[2]
    assert all(figure.change is None for figure in found.figures)


def test_a_period_of_eighteen_months_alone_says_what_its_ratios_mean(tmp_path: Path) -> None:
    bill = {"activity": "Electricity", "quantity": 1, "unit": "kWh", "start": "2024-07-01", "end": "2025-12-31"}
    found = build(read_project(project(tmp_path, LONG, activity=[bill], organisation=FACTS)))
    assert any("18 months (549 days)" in note for note in found.notes)
    assert any("not a year" in note for note in found.section("intensity").notes)
    assert any("18 months (549 days)" in note for note in found.section("secr").notes)


def test_like_periods_keep_their_percentage(tmp_path: Path) -> None:
    """150,000 against 100,000 kWh over the same nine months: the lengths are alike, and not a year."""
    found = _two(tmp_path, "2025-04-01 to 2025-12-31", "2024-04-01 to 2024-12-31")
    assert found.section("summary").table["relative"].notna().any()
    assert any("9 months (275 days)" in note for note in found.notes)
    assert found.figure("business.total").change is not None


def test_a_year_says_nothing(tmp_path: Path) -> None:
    found = report(tmp_path, activity=[{"activity": "Electricity", "quantity": 1, "unit": "kWh"}])
    assert not any("days" in note for note in found.notes)


def test_a_long_period_has_no_year_before_it_of_itself(tmp_path: Path) -> None:
    """18 months a year earlier would overlap this period by six: the prior period has to be named."""
    with pytest.raises(InputProblems, match="overlap") as told:
        _two(tmp_path, LONG, "")
    assert [p.cell for p in told.value.problems] == ["choices.prior_period"]


def test_nine_months_are_no_reduction_and_meet_no_target(tmp_path: Path) -> None:
    """75,000 kWh in nine months against 100,000 in twelve: the same power, and neither a fall nor on track."""
    from natcap.carbon.business.inputs import read
    from natcap.carbon.business.neutrality.ledger import _reduced
    from natcap.carbon.business.pathway.path import path_of
    from natcap.carbon.business.result import calculate

    _two(tmp_path, "2025-04-01 to 2025-12-31", "2024-04-01 to 2025-03-31")
    result = calculate(read(read_project(tmp_path)))

    class Ledger:
        import pandas as pd

        credits = pd.DataFrame({"counts": pd.Series([], dtype=bool), "retired": pd.Series([], dtype="datetime64[s]")})

    fell = next(c for c in _reduced(result, Ledger(), None) if c.what.startswith("Emissions fell"))  # type: ignore[arg-type]
    assert not fell.met
    assert "9 months (275 days) against 12 months (365 days)" in fell.found
    target = {"kind": "absolute", "scope2": "location", "coverage": "scope 2", "base": 20.0, "base_year": 2024,
              "year": 2030, "cut": 42.0, "per": ""}  # fmt: skip
    assert path_of(result, target).word == "cannot say"
    project(tmp_path / "year", activity=[{"activity": "Electricity", "quantity": 75_000, "unit": "kWh"}])
    year = calculate(read(read_project(tmp_path / "year")))
    assert path_of(year, target).word == "on track"
