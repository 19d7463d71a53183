"""Read a portfolio: its table in one pass, every problem of every business at once, and who is left out if asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from natcap.carbon.business.checks import check_rows, outside_of, unexplained
from natcap.carbon.business.models import Choices, read_choices
from natcap.carbon.business.plan import edition_missing, make_plan
from natcap.carbon.business.portfolio.folders import INPUT
from natcap.carbon.business.portfolio.model import LEAVE_OUT, MODEL, REGISTER, Ways, read_ways
from natcap.carbon.business.portfolio.one import Rule
from natcap.carbon.business.portfolio.projects import Sums, read_projects
from natcap.carbon.business.portfolio.table import businesses_of, read_frame
from natcap.carbon.business.reading import Rows, check_shares, clipped
from natcap.carbon.business.uses import Use, uses_of
from natcap.carbon.inventory import FactorYears, factor_years
from natcap.core.problems import Problem, Problems
from natcap.core.project import FILE, Project, hash_file, require

__all__ = ["Inputs", "batch_of", "read"]

_INPUT = "table"
_CELL = re.compile(r"(?:[A-Z]+|row )(\d+)")
_LETTERS = re.compile(r"[A-Z]+")
_OF_ROWS = frozenset({"gas_kwh_basis", "out_of_period"})
_COVERED = ("business", "activity", "quantity", "unit", "start")
"""Fields whose bad cells make their row unusable, so that such a row is known even where its problem was not told."""


@dataclass(frozen=True)
class Inputs:
    """A portfolio that was read: a table, or a folder of projects.

    `rows` holds the bills of all businesses of a table, their business as the site; `sums` what each project of a
    folder comes to. `businesses`: business, name, sector, size, employees, turnover. `left`: business, problems (how
    many), first; `told` has every problem of those left out. `shown` is the file that says who the businesses are.
    """

    project: Project
    choices: Choices
    ways: Ways
    rows: Rows | None
    years: FactorYears
    businesses: pd.DataFrame
    left: pd.DataFrame
    warnings: tuple[Problem, ...]
    files: tuple[Mapping[str, str], ...]
    controls: Mapping[str, str]
    shown: str
    told: tuple[tuple[str, Problem], ...] = ()
    sums: Sums | None = None

    @property
    def whole(self) -> bool:
        """Whether the report holds the lines; those of a folder stand in the reports of its projects."""
        return self.rows is not None and self.ways.whole

    @property
    def counted(self) -> str:
        """Whose figures the totals are: all businesses, or so many of so many."""
        inside, out = len(self.businesses), len(self.left)
        return f"{inside:,} of {inside + out:,} businesses" if out else "all businesses"


def read(project: Project) -> Inputs:
    """Read and check a portfolio project. Raises InputProblems with everything wrong in every business."""
    problems = Problems()
    folder = INPUT in project.inputs
    known = (INPUT, REGISTER.id) if folder else (_INPUT,)
    for name in sorted(set(project.inputs) - set(known)):
        both = folder and name == _INPUT
        problems.add(FILE, name, " and ".join(known), "A portfolio is a table or a folder, not both." if both else "",
                     cell=f"inputs.{name}", warning=not both)  # fmt: skip
    ways, rest = read_ways(project.choices, problems)
    choices = read_choices(rest, problems)
    years = factor_years(project.period, choices.factor_year_rule, choices.factor_year)
    if missing := edition_missing(years, choices):
        problems.add(FILE, f"a period that needs factors of {years.years[-1]}", "a period with a factor edition",
                     str(missing), cell="period")  # fmt: skip
    if folder:
        return _of_projects(project, ways, choices, years, problems)
    if choices.boundary == "equity share":
        problems.add(FILE, choices.boundary, "a boundary of control", "Shares of sites belong in a project of its own.",
                     cell="choices.boundary")  # fmt: skip
    path = require(project, _INPUT, problems, "Fill the template that natcap new portfolio writes.")
    problems.raise_if_any()
    assert path is not None  # a missing file is a problem and was raised above
    shown = project.shown(path)
    frame, controls = read_frame(path, problems, shown)
    frame = frame.assign(_file=pd.Categorical.from_codes(np.zeros(len(frame), "int8"), categories=pd.Index([shown])))
    if frame.empty and not problems.errors:
        problems.add(shown, "no rows", "at least one bill of one business", sheet=MODEL.sheet)
    if frame.empty:
        problems.raise_if_any()
    rows, businesses, left = batch_of(frame, project, choices, ways, years, problems, shown)
    files = ({"file": shown, "sha256": hash_file(path)},)
    return Inputs(project, choices, ways, rows, years, businesses, _counted_out(left), problems.warnings, files,
                  controls, shown, tuple((name, p) for name, told in left.items() for p in told))  # fmt: skip


def _of_projects(
    project: Project, ways: Ways, choices: Choices, years: FactorYears, problems: Problems
) -> Inputs:  # fmt: skip
    """A folder of projects, each read and calculated by itself."""
    for name in sorted(_OF_ROWS & set(project.choices)):
        problems.add(FILE, name, "a choice of each project", "Bills are read as their own project chooses.",
                     cell=f"choices.{name}", warning=True)  # fmt: skip
    joined = read_projects(Rule(project, choices, years), ways, problems)
    told = tuple((name, p) for name, found in joined.left.items() for p in found)
    warnings = (*problems.warnings, *joined.warnings, *(replace(p, severity="warning") for _, p in told))
    shown = joined.files[0]["file"]
    return Inputs(project, choices, ways, None, years, joined.businesses, _counted_out(joined.left), warnings,
                  joined.files, joined.controls, shown, told, joined.sums)  # fmt: skip


def _counted_out(left: Mapping[str, list[Problem]]) -> pd.DataFrame:
    """business, problems (how many), first."""
    rows = [(name, len(told), str(told[0])) for name, told in left.items()]
    return pd.DataFrame(rows, columns=["business", "problems", "first"])


def batch_of(
    frame: pd.DataFrame, project: Project, choices: Choices, ways: Ways, years: FactorYears, problems: Problems,
    shown: str,
) -> tuple[Rows, pd.DataFrame, dict[str, list[Problem]]]:  # fmt: skip
    """(rows, businesses, problems of those left out) of a table as read. Raises InputProblems unless they can."""
    codes, businesses, wrong = businesses_of(frame, ways, problems, shown)
    site = pd.Categorical.from_codes(codes, categories=pd.Index(businesses["business"], dtype="str"))
    frame = frame.assign(end=frame["end"].fillna(frame["start"]), item=_items(frame), site=site)
    use, uses = uses_of(frame, choices, problems)
    refuse = choices.out_of_period == "refuse"
    inside = check_rows(frame, use, project.period, refuse, problems)
    wrong = wrong | _unusable(frame, use, refuse, project, inside)
    wrong |= check_shares(frame, use, uses, problems)
    wrong |= _without_factor(frame, use, uses, years, choices, problems, shown)
    left = _left(frame, codes, businesses, wrong, ways, problems)
    gone = businesses["business"].isin(list(left)).to_numpy()
    kept = np.flatnonzero(inside & (use >= 0) & frame["quantity"].notna().to_numpy() & ~gone[codes])
    businesses = businesses[~gone].reset_index(drop=True)
    if businesses.empty:
        problems.add(shown, "a problem in every business", "one business at least without", sheet=MODEL.sheet)
    elif not len(kept):
        problems.add(shown, "no row inside the period", f"bills of {project.period}", sheet=MODEL.sheet)
    problems.raise_if_any()
    return Rows(clipped(frame, use, kept, project.period, problems), uses, project.period, shown), \
        businesses, left  # fmt: skip


def _items(frame: pd.DataFrame) -> pd.Series:
    """The meter or item, with the site before it where both are stated: places are businesses here."""
    site, item = frame["site"].astype("str"), frame["item"].astype("str")
    both = (site != "") & (item != "")
    return site.where(site != "", item).where(~both, site + ": " + item)


def _unusable(frame: pd.DataFrame, use: np.ndarray, refuse: bool, project: Project, inside: np.ndarray) -> np.ndarray:
    blank = (frame["quantity"].isna() | frame["start"].isna()).to_numpy() | (use < 0)
    apart = ~inside if refuse else ~inside & ~outside_of(frame, project.period)
    found: np.ndarray = blank | apart | unexplained(frame)
    return found


def _without_factor(
    frame: pd.DataFrame, use: np.ndarray, uses: list[Use], years: FactorYears, choices: Choices, problems: Problems,
    shown: str,
) -> np.ndarray:  # fmt: skip
    """The rows whose main factor is not published, each use told once at its first cell."""
    plan = make_plan(uses, [(n, -1) for n in range(len(uses))], (), years, choices)
    for number, error in sorted(plan.errors.items()):
        places = np.flatnonzero(use == number)
        row = frame.iloc[places[0]]
        more = f" ({len(places) - 1:,} further rows say the same)" if len(places) > 1 else ""
        problems.add(
            shown, f"{uses[number].activity.label} in {uses[number].unit}",
            f"a published factor of {', '.join(str(y) for y in years.years)}{more}", str(error),
            sheet=str(row["_sheet"]), cell=str(row["_cell_quantity"]),
        )  # fmt: skip
    return np.isin(use, list(plan.errors))


def _left(
    frame: pd.DataFrame, codes: np.ndarray, businesses: pd.DataFrame, wrong: np.ndarray, ways: Ways, problems: Problems
) -> dict[str, list[Problem]]:
    """The businesses left out with their problems, which become warnings. Raises where that was not asked, or cannot.

    A problem that belongs to no row (a header, a field of which too many cells are wrong) is everybody's.
    """
    row_of = {number: at for at, number in enumerate(frame["_row"].tolist())}
    mine: dict[int, list[Problem]] = {}
    common: list[Problem] = []
    for problem in problems.errors:
        cell = _CELL.fullmatch(problem.cell)
        at = row_of.get(int(cell[1])) if cell else None
        if at is not None and businesses["business"].iloc[codes[at]]:
            mine.setdefault(int(codes[at]), []).append(problem)
        elif not _counted(problem, frame):
            common.append(problem)
    if (problems.errors and ways.problem_businesses != LEAVE_OUT) or common:
        problems.raise_if_any()
    out = np.union1d(np.unique(codes[wrong]), np.array(sorted(mine), dtype="int64")).astype("int64")
    problems[:] = [replace(p, severity="warning") for p in problems]
    names = businesses["business"]
    more = Problem(str(frame["_file"].iloc[0]), "the same as in another row that is told", "what is told there")
    return {str(names.iloc[code]): mine.get(code) or [more] for code in out.tolist()}


def _counted(problem: Problem, frame: pd.DataFrame) -> bool:
    """Whether this is the count of further problems whose rows are known by other means."""
    if not problem.found.startswith("a further "):
        return False
    if not problem.cell:
        return True
    letters = {str(frame[f"_cell_{name}"].iloc[0]) for name in _COVERED}
    return any(_LETTERS.match(cell) and _LETTERS.match(cell)[0] == problem.cell for cell in letters)  # type: ignore[index]
