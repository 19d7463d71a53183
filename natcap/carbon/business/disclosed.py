"""Read a published statement to be reconciled: its lines, with its headings and totals told and never counted.

Statements group their lines: "Scope 1" alone above its rows, or with their sum beside it. Such a row is no entry. It
is told as a heading; a sum beside it is footed against the rows below it. Every total foots over the lines alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from natcap.carbon.business.vocabulary import UnknownActivity, vocabulary
from natcap.core.numbers import NumberError, number
from natcap.core.problems import Problem, Problems
from natcap.core.workbook import Field, TableModel, read_tables

__all__ = ["MODEL", "half_unit", "read_statement"]

MODEL = TableModel(
    "statement",
    "Statement",
    "Disclosed quantities and emissions",
    (
        Field("item", "Activity", synonyms=("item", "source", "emission source", "fuel"), example="Electricity"),
        Field("quantity", "Quantity", kind="number", synonyms=("consumption", "amount", "usage"), example="1000000"),
        Field("unit", "Unit", kind="unit", example="kWh"),
        Field("tonnes", "Emissions (tCO2e)", kind="number", synonyms=("tco2e", "tonnes co2e", "emissions")),
        Field("basis", "Calorific basis", kind="choice", required=False, choices=("gross", "net")),
        Field("period", "Period", required=False, help="A year, or 2024-04-01 to 2025-03-31"),
    ),
)
_EMPTY = ("quantity", "unit", "tonnes")
_HEADING = re.compile(r"\b(?:scopes?|totals?|emissions?|of which)\b", re.IGNORECASE)
_TOTAL = "a total of "


def half_unit(value: float) -> float:
    """Half of the last place that a number shows: 177 gives 0.5, 12.50 read as 12.5 gives 0.05."""
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    # trailing zeros of a whole number may or may not be meant; the narrow reading is kept
    return 0.5 * 10.0 ** min(exponent, 0)


def read_statement(path: Path, problems: Problems) -> pd.DataFrame:
    """The lines of a statement (workbook or CSV). Headings, and totals that do not foot, become warnings."""
    told = Problems()
    frame = read_tables(path, [MODEL], told)[MODEL.id]
    heads = _headings(frame)
    problems.extend(_without(frame[heads], told))
    for place in np.flatnonzero(heads):
        _tell_heading(frame, int(place), heads, path.name, problems)
    lines = frame[~heads]
    _refoot(frame, lines, path.name, problems)
    if lines.empty and len(frame) and not problems.errors:
        expected = "at least one line with a quantity and its emissions"
        problems.add(path.name, "no line", expected, sheet=str(frame["_sheet"].iloc[0]))
    return lines.reset_index(drop=True)


def _headings(frame: pd.DataFrame) -> np.ndarray:
    """Rows that are headings: a text with neither quantity nor unit, and no emissions or those of the rows below."""
    bare = ((frame["item"] != "") & frame["quantity"].isna() & (frame["unit"] == "")).to_numpy(copy=True)
    summed = bare & frame["tonnes"].notna().to_numpy()
    for place in np.flatnonzero(summed):
        item = str(frame["item"].iloc[place])
        bare[place] = not _known(item) and (bool(_HEADING.search(item)) or _foots(frame, int(place), bare))
    found: np.ndarray = bare
    return found


def _known(item: str) -> bool:
    try:
        return bool(vocabulary().candidates(item))
    except UnknownActivity:
        return False


def _runs(frame: pd.DataFrame, place: int, heads: np.ndarray) -> Iterator[pd.Series]:
    """Emissions of the lines below a heading: to the next heading, to each one after it, to the end."""
    counted = frame["tonnes"].where(~heads)
    ends = [int(end) for end in np.flatnonzero(heads) if end > place] + [len(frame)]
    for end in ends:
        yield counted.iloc[place + 1 : end].dropna()


def _foots(frame: pd.DataFrame, place: int, heads: np.ndarray) -> bool:
    """Whether the emissions beside a heading are the sum of lines below it, within what is printed."""
    stated = float(frame["tonnes"].iloc[place])
    return any(_near(stated, run) for run in _runs(frame, place, heads))


def _near(stated: float, run: pd.Series) -> bool:
    slack = half_unit(stated) + sum(half_unit(float(value)) for value in run) + 1e-9 * abs(stated)
    return len(run) > 0 and abs(float(run.sum()) - stated) <= slack


def _without(heads: pd.DataFrame, told: Problems) -> Iterator[Problem]:
    """What the reader told, without the cells that are empty because their row is a heading."""
    cells = {
        (str(sheet), str(cell))
        for name in _EMPTY
        for sheet, cell in zip(heads["_sheet"], heads[f"_cell_{name}"], strict=True)
    }
    for problem in told:
        if problem.found != "an empty cell" or (problem.sheet, problem.cell) not in cells:
            yield problem


def _tell_heading(frame: pd.DataFrame, place: int, heads: np.ndarray, shown: str, problems: Problems) -> None:
    row = frame.iloc[place]
    item, sheet, stated = str(row["item"]), str(row["_sheet"]), float(row["tonnes"])
    if np.isnan(stated):
        told = (item, "a line, or a heading of the lines below", "Taken as a heading and passed over.", "item")
    elif _foots(frame, place, heads):
        told = (item, "a line, or a heading with their total", "It foots with the rows below; not counted.", "item")
    else:
        run = next(_runs(frame, place, heads))
        told = (
            f"a heading with {stated:,.10g}", f"the sum of the rows below, {float(run.sum()):,.10g}",
            "Not counted. The rows were taken; check which is right.", "tonnes",
        )  # fmt: skip
    found, expected, remedy, name = told
    cell = str(row[f"_cell_{name}"])
    problems.add(shown, found, expected, remedy, sheet=sheet, cell=cell, warning=True)


def _refoot(frame: pd.DataFrame, lines: pd.DataFrame, shown: str, problems: Problems) -> None:
    """Foot totals of emissions again without the headings that bear sums: the reader added those as rows."""
    if len(lines) == len(frame) or frame.empty or frame["tonnes"].drop(lines.index).isna().all():
        return
    letters = str(frame["_cell_tonnes"].iloc[0]).rstrip("0123456789")
    for position, problem in enumerate(problems):
        cell = problem.cell.removeprefix(letters)
        stated = _stated(problem)
        if stated is None or not cell.isdigit() or problem.file != shown:
            continue
        above = lines[lines["_row"] < int(cell)]
        runs = [above["tonnes"].iloc[start:] for start in range(len(above))]
        expected = f"the sum of the lines, {float(above['tonnes'].sum()):,.10g}"
        problems[position] = replace(problem, expected="" if any(_near(stated, r) for r in runs) else expected)
    problems[:] = [problem for problem in problems if problem.expected]


def _stated(problem: Problem) -> float | None:
    if problem.severity != "warning" or not problem.found.startswith(_TOTAL):
        return None
    try:
        return number(problem.found.removeprefix(_TOTAL))
    except NumberError:
        return None
