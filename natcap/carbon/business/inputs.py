"""Read a business project: this year's workbook, last year's, the choices; every problem of all of them at once."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from natcap.carbon.business.charging import check_charging
from natcap.carbon.business.files import Layout, layout_of, paths_of
from natcap.carbon.business.models import Choices, read_choices
from natcap.carbon.business.periods import length
from natcap.carbon.business.plan import categories, edition_missing, make_plan
from natcap.carbon.business.reading import Book, read_book
from natcap.carbon.business.size import check_sizes
from natcap.carbon.business.statement import check_statement
from natcap.carbon.business.typed import with_typed
from natcap.carbon.business.wings import SPECS, Given, Reader, read_wings
from natcap.carbon.inventory import SCOPE_3, FactorYears, factor_years
from natcap.core.problems import Problem, Problems
from natcap.core.project import FILE, Period, Project
from natcap.core.wings import known_choices, known_inputs
from natcap.core.words import plural

__all__ = ["Inputs", "Year", "read", "year_before", "year_of"]

_INPUTS = ("activity", "prior", "base", "columns", "fixed", "sheets", "layout")


@dataclass(frozen=True)
class Year:
    """One reporting period: its workbook, and the factor years that apply to it."""

    period: Period
    book: Book
    years: FactorYears


@dataclass(frozen=True)
class Inputs:
    """Everything a business inventory is made from. `prior` and `base` are None when they were not supplied."""

    project: Project
    choices: Choices
    this: Year
    prior: Year | None
    base: Year | None
    warnings: tuple[Problem, ...] = field(default=())
    wings: Given = ()
    files: tuple[Mapping[str, str], ...] = ()
    fallbacks: tuple[str, ...] = ()


def year_before(period: Period) -> Period:
    """The same days a year earlier; the last day of a month stays the last day of its month."""

    def back(day: date) -> date:
        last = monthrange(day.year - 1, day.month)[1]
        end = day.day == monthrange(day.year, day.month)[1]
        return day.replace(year=day.year - 1, day=last if end else min(day.day, last))

    return Period(back(period.start), back(period.end))


def read(project: Project) -> Inputs:
    """Read and check a business project. Raises InputProblems with everything wrong, in every file at once."""
    problems = Problems()
    known = (*_INPUTS, *known_inputs(SPECS))
    for name in sorted(set(project.inputs) - set(known)):
        problems.add(FILE, name, f"one of {', '.join(known)}", cell=f"inputs.{name}", warning=True)
    others = known_choices(SPECS)
    choices = read_choices({k: v for k, v in project.choices.items() if k not in others}, problems)
    paths = paths_of(project, "activity", problems, "Fill the template that natcap new business writes.")
    layout = layout_of(project, problems)
    this = _year(project, paths, layout, project.period, choices, choices.factor_year, problems)
    prior = _earlier(project, "prior", layout, choices, problems)
    base = _earlier(project, "base", layout, choices, problems)
    if prior and base and prior.period == base.period and prior.book.inputs == base.book.inputs:
        base = prior
    reader = Reader(project, choices, problems)
    wings = read_wings(reader)
    problems.raise_if_any()
    assert this is not None  # a missing file is a problem and was raised above
    return Inputs(
        project, choices, this, prior, base, problems.warnings, wings, tuple(reader.files), tuple(reader.fallbacks)
    )


def _earlier(project: Project, name: str, layout: Layout, choices: Choices, problems: Problems) -> Year | None:
    """The year before, or the base year, where its file is named.

    A factor year asked for by name is this year's; earlier years keep the year that the rule gives.
    """
    if name not in project.inputs:
        return None
    paths = paths_of(project, name, problems)
    return _year(project, paths, layout, _period(project, name, choices, problems), choices, None, problems)


def _period(project: Project, name: str, choices: Choices, problems: Problems) -> Period:
    key = f"{name}_period"
    text = str(getattr(choices, key))
    if not text and name == "prior":
        before = year_before(project.period)
        if before.end >= project.period.start:
            problems.add(
                FILE, f"a period of {length(project.period)} without prior_period",
                f"the period of the file prior: a year earlier, {before}, would overlap this one",
                'Set prior_period = "2023-07-01 to 2024-06-30" under [choices].', cell="choices.prior_period",
            )  # fmt: skip
        return before
    try:
        return Period.parse(text)
    except ValueError as error:
        problems.add(
            FILE, text or f"no {key}", str(error), f'Set {key} = "2021" under [choices].', cell=f"choices.{key}"
        )
    return year_before(project.period)


def _year(
    project: Project, paths: Sequence[Path], layout: Layout, period: Period, choices: Choices, fixed: int | None,
    problems: Problems,
) -> Year | None:  # fmt: skip
    if not paths:
        return None
    paths = with_typed(project.root, paths, period)
    book = read_book(paths, period, choices, problems, [project.shown(path) for path in paths], layout)
    return year_of(book, period, choices, fixed, problems)


def year_of(book: Book, period: Period, choices: Choices, fixed: int | None, problems: Problems) -> Year:
    """A period with its book and factor years; what the factors and the boundary do not allow goes to `problems`."""
    years = factor_years(period, choices.factor_year_rule, fixed)
    _factors_there(book, years, choices, problems)
    check_statement(book.stated, _categories(book, years, choices), problems)
    _owned(book, choices, problems)
    return Year(period, book, years)


def _factors_there(book: Book, years: FactorYears, choices: Choices, problems: Problems) -> None:
    """A problem for a factor year without an edition, else for each use without a published main factor."""
    if missing := edition_missing(years, choices):
        said = f"a factor edition for {', '.join(str(y) for y in years.years)}"
        problems.add(FILE, f"a period that needs factors of {years.years[-1]}", said, str(missing), cell="period")
        return
    uses, frame = book.rows.uses, book.rows.frame
    plan = make_plan(uses, [(n, -1) for n in range(len(uses))], (), years, choices)
    check_sizes(book, plan, years, choices, problems)
    check_charging(book, problems)
    for number, error in sorted(plan.errors.items()):
        places = np.flatnonzero((frame["use"] == number).to_numpy())
        if not len(places):
            continue
        row = frame.iloc[places[0]]
        more = (
            f" ({plural(len(places) - 1, 'further row says', 'further rows say')} the same)" if len(places) > 1 else ""
        )
        remedy = str(error) if error.nearest is None else f"{error}. Or set allow_earlier = true in {FILE}, on record"
        problems.add(
            str(row["file"]), f"{uses[number].activity.label} in {uses[number].unit}",
            f"a published factor of {', '.join(str(y) for y in years.years)}{more}", remedy,
            sheet=str(row["sheet"]), cell=str(row["cell"]),
        )  # fmt: skip


def _categories(book: Book, years: FactorYears, choices: Choices) -> frozenset[int]:
    """Numbers of the scope 3 categories that have entries."""
    uses = book.rows.uses
    plan = make_plan(uses, [(n, -1) for n in range(len(uses))], (), years, choices)
    heads = {line.category for found in plan.lines.values() for line in found.lines if line.section == SCOPE_3}
    numbers = {int(key[3:]) for key, heading in categories().items() if key.startswith("cat") and heading in heads}
    return frozenset(numbers | {int(number) for number in book.spend.frame["category"].unique()})


def _owned(book: Book, choices: Choices, problems: Problems) -> None:
    """With equity share as the boundary, every site that has rows needs its ownership."""
    if choices.boundary != "equity share":
        return
    known = set(book.sites["site"][book.sites["ownership"].notna()])
    for frame in (book.rows.frame, book.spend.frame):
        used = frame["site"].astype("str") if len(frame) else pd.Series([], dtype="str")
        for site in sorted(set(used.unique()) - known):
            row = frame.iloc[int(np.argmax((used == site).to_numpy()))]
            problems.add(
                str(row["file"]), f"the site {site} without its ownership", "a share in per cent on the sheet Sites",
                "The boundary is equity share.", sheet=str(row["sheet"]), cell=str(row["cell"]),
            )  # fmt: skip
