"""Bills for the tests of the business room: written as CSV, read as a user's file is."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from natcap.carbon.business import trunk
from natcap.carbon.business.lines import calculate
from natcap.carbon.business.models import Choices
from natcap.carbon.business.reading import Book, read_book
from natcap.carbon.inventory import factor_years
from natcap.core.problems import Problem, Problems
from natcap.core.project import Period

__all__ = ["BILL", "example_with", "kg", "lines_of", "problems_of", "read"]

BILL = {"Site": "Depot", "Period start": "2025-01-01", "Period end": "2025-12-31"}
"""What every row has unless it says otherwise."""
_HEADERS = (
    "Site", "Activity", "Quantity", "Unit", "Period start", "Period end", "Calorific basis", "Load or blend (%)",
    "Scope 3 category", "Evidence", "Read or estimated", "Meter or item", "Note",
)  # fmt: skip

Rows = Sequence[Mapping[str, object]]


def read(folder: Path, rows: Rows, period: str = "2025", **choices: object) -> tuple[Book, list[Problem]]:
    """The book read from the rows, and everything that was told."""
    path = folder / "bills.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, _HEADERS)
        writer.writeheader()
        writer.writerows(_row(row, period) for row in rows)
    problems = Problems()
    book = read_book(path, Period.parse(period), Choices.model_validate(choices), problems, "bills.csv")
    return book, list(problems)


def _row(row: Mapping[str, object], period: str) -> dict[str, object]:
    days = Period.parse(period)
    whole = {"Site": "Depot", "Period start": days.start.isoformat(), "Period end": days.end.isoformat()}
    return {**whole, **row}


def problems_of(folder: Path, rows: Rows, period: str = "2025", **choices: object) -> list[Problem]:
    """What was told about the rows."""
    return read(folder, rows, period, **choices)[1]


def lines_of(folder: Path, rows: Rows, period: str = "2025", **choices: object) -> pd.DataFrame:
    """The lines of the rows; fails the test when there was a problem or a factor is missing."""
    book, told = read(folder, rows, period, **choices)
    wrong = [str(p) for p in told if p.severity == "problem"]
    assert not wrong, wrong
    chosen = Choices.model_validate(choices)
    years = factor_years(Period.parse(period), chosen.factor_year_rule, chosen.factor_year)
    lines, _, plan = calculate(book.rows, book.contracts, years, chosen)
    assert not plan.errors, plan.errors
    return lines


def kg(lines: pd.DataFrame, section: str, category: str = "") -> float:
    """kg CO2e of a section, or of the headings of it that begin with `category`."""
    part = lines[lines["section"] == section]
    return float(part[part["category"].astype("str").str.startswith(category)]["kg_co2e"].sum())


def example_with(folder: Path, **inputs: str) -> None:
    """The example business in `folder`, of its forms only those named: input = file."""
    trunk.new(folder, example=True)
    settings = folder / "natcap.toml"
    kept = [line for line in settings.read_text(encoding="utf-8").splitlines() if "SYNTHETIC_" not in line]
    at = kept.index("[inputs]") + 1
    kept[at:at] = [f'{name} = "{file}"' for name, file in inputs.items()]
    settings.write_text("\n".join(kept), encoding="utf-8")
