"""One business of a folder: read, checked and calculated as `natcap build` does it, then kept as sums alone."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from natcap.carbon.business import inputs as single
from natcap.carbon.business.figures import is_synthetic
from natcap.carbon.business.models import Choices, read_choices
from natcap.carbon.business.portfolio.folders import Place, escapes, is_inside
from natcap.carbon.business.result import Ratio, Result, calculate
from natcap.carbon.business.trunk import checks
from natcap.carbon.business.wings import SPECS
from natcap.carbon.inventory import FactorYears
from natcap.core.problems import InputProblems, Problem, Problems
from natcap.core.project import FILE, Project, hash_file, read_project
from natcap.core.wings import known_choices

__all__ = ["KEYS", "One", "Rule", "read_one"]

log = logging.getLogger("natcap.portfolio")

KEYS: tuple[str, ...] = ("section", "category", "verified", "match", "edition", "gwp_set")
"""What the lines of a business are summed by."""
_SAME: tuple[str, ...] = ("allow_earlier", "boundary", "radiative_forcing", "market_fallback", "gwp_set")
"""Choices that have to be those of the portfolio, beside period and factor years: other figures are not like it."""
_MOST = 20
_APART = "Businesses of another {what} are no like for like: put them into a portfolio of their own"


@dataclass(frozen=True)
class Rule:
    """What every business of a portfolio has to share: the folder that holds it, its period, factors and choices."""

    hub: Project
    choices: Choices
    years: FactorYears


@dataclass(frozen=True)
class One:
    """A business calculated. `sums`: the KEYS, kg CO2e and the number of lines. `total`: kg by its own inventory."""

    place: Place
    name: str
    sums: tuple[tuple[Any, ...], ...]
    total: float | None
    ratios: Mapping[str, Ratio]
    banners: tuple[str, ...]
    invented: bool
    files: tuple[Mapping[str, str], ...]
    records: tuple[str, ...]
    said: tuple[str, ...]
    warnings: tuple[Problem, ...]


def read_one(place: Place, rule: Rule) -> tuple[One | None, list[Problem]]:
    """(the business, or None with everything wrong in it). Nothing is raised: the others have to go on."""
    problems = Problems()
    try:
        result = _calculated(place, rule, problems)
        problems.raise_if_any()
        return _summed(place, result), []
    except InputProblems as error:
        return None, _few(error.problems, place)
    except Exception as error:
        log.debug("the project %s could not be calculated", place.shown, exc_info=True)
        said = "a project that natcap build can build"
        told = Problem(
            FILE, f"a fault of the program ({type(error).__name__})", said, f"Try: natcap build {place.name}"
        )
        return None, _few([*problems.errors, told], place)


def _calculated(place: Place, rule: Rule, problems: Problems) -> Result:
    project = _opened(place, rule.hub.root, problems)
    problems.raise_if_any()
    _alike(project, rule, problems)
    try:
        inputs = single.read(project)
    except InputProblems as error:
        problems.extend(error.problems)
        problems.raise_if_any()
        raise
    result = calculate(inputs)
    broken = [check.title for check in checks(result) if not check.passed]
    if broken:
        raise ArithmeticError("the inventory does not close: " + "; ".join(broken))
    return result


def _opened(place: Place, root: Path, problems: Problems) -> Project:
    """The project, of whose files none lies outside of the portfolio. Raises InputProblems."""
    if not (place.folder / FILE).is_file():
        problems.add(FILE, "no natcap.toml", "a project folder", f"Make one: natcap new business {place.name}")
    elif not is_inside(place.folder / FILE, root):
        problems.add(FILE, "a link", "a file inside the portfolio's folder", "Copy the file here.")
    problems.raise_if_any()
    project = read_project(place.folder)
    if project.kind != "business":
        problems.add(FILE, project.kind, 'kind = "business"', "A portfolio holds businesses alone.", cell="kind")
    for name, text in escapes(project, root):
        problems.add(FILE, text, "a file inside the portfolio's folder", "Copy it into the folder of the business.",
                     cell=f"inputs.{name}")  # fmt: skip
    return project


def _alike(project: Project, rule: Rule, problems: Problems) -> None:
    """Period, factor years and the choices that change figures are those of the portfolio."""
    if project.period != rule.hub.period:
        problems.add(FILE, str(project.period), f"{rule.hub.period}, the period of the portfolio",
                     _APART.format(what="period"), cell="period")  # fmt: skip
    others = known_choices(SPECS)
    own = read_choices({k: v for k, v in project.choices.items() if k not in others}, Problems())
    for name in ("factor_year_rule", "factor_year", *_SAME):
        mine, wanted = getattr(own, name), getattr(rule.choices, name)
        if mine != wanted and not (name == "factor_year" and mine == rule.years.years[0] == rule.years.years[-1]):
            problems.add(FILE, str(mine), f"{wanted}, as the portfolio chooses", _APART.format(what=name),
                         cell=f"choices.{name}")  # fmt: skip


def _summed(place: Place, result: Result) -> One:
    inputs, year = result.inputs, result.this
    found = year.lines.groupby(list(KEYS), observed=True, dropna=False)["kg_co2e"].agg(["sum", "size"]).reset_index()
    toml = {"file": f"{place.shown}/{FILE}", "sha256": hash_file(place.folder / FILE)}
    book = [dict(file) for file in year.year.book.inputs]
    warned = [replace(p, file=_at(place, p.file)) for p in inputs.warnings]
    if len(warned) > _MOST:
        more = Problem(place.shown, f"a further {len(warned) - _MOST:,} warnings", "none", severity="warning")
        warned = [*warned[:_MOST], more]
    return One(
        place, inputs.project.name, tuple(tuple(row) for row in found.itertuples(index=False, name=None)),
        year.totals.total, {ratio.id: _ratio(ratio, place) for ratio in year.ratios}, inputs.project.banners,
        is_synthetic(inputs.project),
        (toml, *({**file, "file": _at(place, file["file"])} for file in book)),
        tuple(sorted(file["sha256"] for file in book)),
        tuple(dict.fromkeys((*year.fallbacks, *year.plan.said("gaps")))),
        tuple(warned),
    )  # fmt: skip


def _ratio(ratio: Ratio, place: Place) -> Ratio:
    return replace(ratio, inputs=tuple(replace(ref, file=_at(place, ref.file)) for ref in ratio.inputs))


def _at(place: Place, file: str) -> str:
    return f"{place.shown}/{file}"


def _few(told: Iterable[Problem], place: Place) -> list[Problem]:
    """The first problems of a project with its folder before their file, and how many there are besides."""
    problems = [p for p in told if p.severity == "problem"]
    found = [replace(p, file=_at(place, FILE if Path(p.file).is_absolute() else p.file)) for p in problems[:_MOST]]
    if len(problems) > _MOST:
        said = f"a further {len(problems) - _MOST:,} problems"
        found.append(Problem(place.shown, said, "none", f"natcap check {place.shown} lists them"))
    return found
