"""What to do about a problem of the activity table: remedies that a reader of tables cannot know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import pandas as pd

from natcap.carbon.business.models import models
from natcap.carbon.business.shapes import advice
from natcap.core.problems import Problem
from natcap.core.project import FILE

__all__ = ["advised"]

_SEVERAL = re.compile(r"on several sheets \((.+)\)$")
_MONEY = "has a currency sign"
_UNKNOWN = "a column of this table"
_ROW_BY_ROW = ("no column 'Quantity'", "no column 'Period start'")
"""What a reader of tables says where bills are kept otherwise than row by row."""


def advised(told: Iterable[Problem], activity: pd.DataFrame) -> Iterator[Problem]:
    """Each problem with a remedy of this room's, or as it was. `activity` is the table as far as it was read."""
    all_of_it = list(told)
    passed = [p.found.strip("'") for p in all_of_it if p.expected == _UNKNOWN]
    layout = advice(passed)
    for problem in all_of_it:
        yield _advised(problem, activity, layout, passed)


def _advised(problem: Problem, activity: pd.DataFrame, layout: str, passed: Sequence[str]) -> Problem:
    model = models()[0]
    several = _SEVERAL.search(problem.found)
    if several and model.title in problem.found:
        names = ", ".join(f'"{name}"' for name in several[1].split(", "))
        return _more(problem, f"Or have them read one below the other: sheets = [{names}] under [inputs] in {FILE}.")
    for f in model.fields:
        if f.required and problem.found == f"no column {f.label!r}" and f.name in ("activity", "unit"):
            example = "Electricity" if f.name == "activity" else "kWh"
            told = f'Where every row has the same: fixed = {{ {f.name} = "{example}" }} under [inputs] in {FILE}.'
            return _more(problem, told)
    if layout and problem.found in _ROW_BY_ROW:
        return _more(problem, layout)
    lacking = next((f.name for f in model.fields if problem.found == f"no column {f.label!r}"), "")
    if lacking and passed and "It could be" not in problem.remedy:
        header = passed[0] if len(passed) == 1 else "your header"
        return _more(problem, f'Or name it: columns = {{ "{header}" = "{lacking}" }} under [inputs] in {FILE}.')
    if _MONEY in f"{problem.expected} {problem.remedy}" and _is_quantity(problem, activity):
        return replace(
            problem, expected="what was used, such as kWh, litres or miles; not what it cost",
            remedy="Money is no quantity: name its column otherwise, or enter purchases on the sheet Spend.",
        )  # fmt: skip
    return problem


def _more(problem: Problem, told: str) -> Problem:
    return replace(problem, remedy=f"{problem.remedy} {told}".strip())


def _is_quantity(problem: Problem, activity: pd.DataFrame) -> bool:
    here = (activity["_cell_quantity"] == problem.cell) & (activity["_sheet"] == problem.sheet)
    return bool(here.any())
