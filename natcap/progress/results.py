"""Calculate: derived observations, every target assessed, the change of emissions attributed. Tables in, tables out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.core.problems import Problem, Problems
from natcap.core.targets import Target
from natcap.progress.assessment import Assessment, assess
from natcap.progress.definitions import derivations
from natcap.progress.derive import Compared, derive
from natcap.progress.inputs import Inputs
from natcap.progress.lmdi import Attribution, attribute
from natcap.progress.observations import current, series

__all__ = ["Attributed", "Results", "calculate", "own_ids"]

_EMISSIONS, _POPULATION = "C03", "X01"


@dataclass(frozen=True, slots=True)
class Attributed:
    """The change of CO2 of a whole between two years, split over population, shift between its areas, per person.

    kt CO2. `ids` are the observations it rests on.
    """

    area: str
    members: tuple[str, ...]
    years: tuple[int, int]
    start: float
    end: float
    result: Attribution
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Results:
    inputs: Inputs
    table: pd.DataFrame
    compared: tuple[Compared, ...]
    assessments: tuple[Assessment, ...]
    attributed: Attributed | None
    warnings: tuple[Problem, ...]


def own_ids(assessments: Iterable[Assessment]) -> dict[tuple[str, str], str]:
    """For each (area, target id): the suffix of its figures, empty for the target that counts.

    That is the first of an indicator in an area that stands, has a path and lies ahead; the others add their own id.
    """
    found: dict[tuple[str, str], str] = {}
    seen: set[tuple[str, str]] = set()
    for one in sorted(assessments, key=lambda a: (a.target.withdrawn, a.path_value is None)):
        key = (one.area, one.target.indicator)
        found[(one.area, one.target.id)] = f".{one.target.id}" if key in seen else ""
        seen.add(key)
    return found


def _places(target: Target, inputs: Inputs, table: pd.DataFrame) -> list[str]:
    """Areas in which a target is assessed: its own; a national one in every reported area that has the series."""
    if target.scope != "national":
        return [target.area] if target.area in inputs.reported else []
    rows = table[(table["indicator"] == target.indicator) & (table["part"] == "") & table["value"].notna()]
    have = set(rows["area"])
    return [code for code in inputs.reported if code in have]


def _value(table: pd.DataFrame, indicator: str, area: str, year: int) -> tuple[float, int] | None:
    rows = series(table, indicator, area)
    rows = rows[(rows["period"] == str(year)) & rows["value"].notna()]
    return (float(rows["value"].iloc[0]), int(rows["id"].iloc[0])) if len(rows) == 1 else None


def _attribute(inputs: Inputs, table: pd.DataFrame) -> Attributed | None:
    """Split the change of the widest reported whole; None when years are not asked for or inputs are missing."""
    wholes = [code for code in inputs.areas.wholes() if code in inputs.reported]
    if inputs.attribution_years is None or not wholes:
        return None
    whole, years = wholes[-1], inputs.attribution_years
    members = inputs.areas.members(whole)
    ids: list[int] = []
    sides = []
    for year in years:
        rows = []
        for area in members:
            pair = [_value(table, key, area, year) for key in (_EMISSIONS, _POPULATION)]
            if pair[0] is None or pair[1] is None:
                return None
            rows.append((pair[0][0], pair[1][0]))
            ids += [pair[0][1], pair[1][1]]
        emissions, people = (np.array(column) for column in zip(*rows, strict=True))
        total = people.sum()
        sides.append(np.column_stack([np.full(len(members), total), people / total, emissions / people]))
    result = attribute(sides[0], sides[1], ["population", "shift between areas", "emissions per person"])
    start, end = (float(side.prod(axis=1).sum()) for side in sides)
    return Attributed(whole, members, years, start, end, result, tuple(ids))


def calculate(inputs: Inputs) -> Results:
    """Everything that follows from the inputs."""
    said = Problems()
    table, compared = derive(inputs.table, inputs.indicators, derivations(), inputs.areas, said)
    now = current(table)
    found = []
    for target in inputs.targets:
        for area in _places(target, inputs, now):
            one = inputs.indicators[target.indicator]
            found.append(assess(series(now, target.indicator, area), target, area, one, inputs.bands, inputs.as_of))
    warnings = (*inputs.warnings, *said.warnings)
    return Results(inputs, table, compared, tuple(found), _attribute(inputs, now), warnings)
