"""What to do about a problem of the activity table: remedies that a reader of tables cannot know."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd

from natcap.carbon.business.models import models
from natcap.core.problems import Problem
from natcap.core.project import FILE
from natcap.core.units import UnitError, unit

__all__ = ["advised"]

_SEVERAL = re.compile(r"on several sheets \((.+)\)$")
_MONEY = "has a currency sign"
_NONE = re.compile(
    r"-+|–|—|\?+|\.+|n\.?/?a\.?|nil return|none|tb[acd]|unknown|missing|not (?:available|known|applicable|read)|"
    r"no (?:data|bill|reading)",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"(?:approx(?:imately|\.)?|about|around|circa|ca?\.?|est(?:imated?|\.)?|~|≈|>|<)\s*(?P<a>\d[\d, .]*)|"
    r"(?P<b>\d[\d, .]*?)\s*(?:approx\.?|\(?est(?:imated?|\.)?\)?|\(?e\)?|\*+)",
    re.IGNORECASE,
)
_WITH_UNIT = re.compile(r"(-?\d[\d, .]*?)\s*([a-zA-Z].{0,20})")


def advised(problem: Problem, activity: pd.DataFrame) -> Problem:
    """The problem with a remedy of this room's, or as it was. `activity` is the table as far as it was read."""
    model = models()[0]
    several = _SEVERAL.search(problem.found)
    if several and model.title in problem.found:
        names = ", ".join(f'"{name}"' for name in several[1].split(", "))
        return _more(problem, f"Or have them read one below the other: sheets = [{names}] under [inputs] in {FILE}.")
    if problem.found.startswith(("a second table", "a table above")):
        both = (
            f'sheets = ["{problem.sheet}", "the other"]'
            if problem.sheet
            else f'activity = ["{problem.file}", "the other"]'
        )
        return _more(problem, f"Sheets of bills are read one below the other: {both} under [inputs] in {FILE}.")
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
    if _is_quantity(problem, activity) and (told := _of_words(problem.found.strip("'\""))):
        return replace(problem, remedy=told)
    return problem


def _of_words(text: str) -> str:
    """What to do with words in a cell of quantities; "" where nothing more is known than the reader said."""
    if _NONE.fullmatch(text):
        return (
            "Leave the row out where nothing was used or nothing is known, or write 0 or an estimate (estimated under "
            "'Read or estimated'). A blank is not zero."
        )
    if about := _ABOUT.fullmatch(text):
        return (
            f"If it is an estimate, write {about['a'] or about['b']} alone, and 'estimated' under 'Read or estimated'."
        )
    found = _WITH_UNIT.fullmatch(text)
    if found and _known_unit(found[2]):
        return f"A number stands alone: write {found[1]} here and {found[2]} under 'Unit'."
    return ""


def _known_unit(text: str) -> bool:
    try:
        return bool(unit(text))
    except UnitError as error:
        return bool(error.choices)


def _more(problem: Problem, told: str) -> Problem:
    return replace(problem, remedy=f"{problem.remedy} {told}".strip())


def _is_quantity(problem: Problem, activity: pd.DataFrame) -> bool:
    here = (activity["_cell_quantity"] == problem.cell) & (activity["_sheet"] == problem.sheet)
    return bool(here.any())
