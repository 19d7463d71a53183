"""What to do about a problem of the activity table: remedies that a reader of tables cannot know."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from natcap.carbon.business.models import models
from natcap.core.problems import Problem
from natcap.core.project import FILE

__all__ = ["advised"]

_SEVERAL = re.compile(r"on several sheets \((.+)\)$")
_MONEY = "has a currency sign"


def advised(problem: Problem, activity: pd.DataFrame) -> Problem:
    """The problem with a remedy of this room's, or as it was. `activity` is the table as far as it was read."""
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
