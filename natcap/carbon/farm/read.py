"""Read a farm: workbook and choices, every problem at once, every factor found before anything is calculated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.carbon.farm.ask import refusal
from natcap.carbon.farm.book import Book, NoFactor, Unverified
from natcap.carbon.farm.choices import Choices, read_choices
from natcap.carbon.farm.herds import read_feeding, read_herds, read_manure
from natcap.carbon.farm.models import models
from natcap.carbon.farm.soilset import SoilSet, soil_set
from natcap.carbon.farm.stores import read_fertiliser, read_fuel, read_land, read_lime, read_production
from natcap.carbon.farm.tell import Teller
from natcap.carbon.farm.words import fold
from natcap.core.problems import Problem, Problems
from natcap.core.project import FILE, Project, hash_file, require
from natcap.core.workbook import read_tables

__all__ = ["Inputs", "hectares", "one_spelling", "read"]

_LONGEST, _SHORTEST = 366, 365


@dataclass(frozen=True)
class Inputs:
    """A farm as read. Each table has plain columns in stated units and, as `pick_<name>`, the factors of its rows.

    `missing` lists what cannot be estimated and is left out: (source, item, reason).
    """

    project: Project
    choices: Choices
    book: Book
    file: str
    sha256: str
    controls: Mapping[str, str]
    herds: pd.DataFrame
    manure: pd.DataFrame
    fertiliser: pd.DataFrame
    lime: pd.DataFrame
    fuel: pd.DataFrame
    land: pd.DataFrame
    production: pd.DataFrame
    common: SoilSet | None
    missing: tuple[tuple[str, str, str], ...]
    warnings: tuple[Problem, ...]


def read(project: Project) -> Inputs:
    """Read a farm project. Raises InputProblems with everything that is wrong in its folder."""
    problems = Problems()
    choices = read_choices(project, problems)
    _check_period(project, problems)
    path = require(project, "farm", problems, "Make a template: natcap new farm my-farm")
    if path is None:
        problems.raise_if_any()
        raise AssertionError("unreachable")
    file = project.shown(path)
    tables = read_tables(path, models(), problems, file)
    tell, book = Teller(problems, file), Book(choices.allow_unverified)
    missing: list[tuple[str, str, str]] = []
    herds = read_herds(tables["herds"], tell, book, choices, project.period.days, missing)
    if choices.enteric == "tier2":
        herds = read_feeding(herds, tables["feeding"], tell, book, choices)
    names = [name for name in tables["herds"]["herd"] if name]
    manure = read_manure(tables["manure"], herds, names, tell, book, choices)
    fertiliser = read_fertiliser(tables["fertiliser"], tell, book, choices, missing)
    lime = read_lime(tables["lime"], tell, book)
    fuel = read_fuel(tables["fuel"], tell, choices, project.period, missing)
    land = read_land(tables["land"], tell)
    production = read_production(tables["production"], tell)
    one_spelling((herds, fertiliser, lime, fuel, land, production))
    if not problems.errors and not (len(herds) or len(lime) or len(fuel) or _emits(fertiliser)):
        problems.add(
            file, "no source of emissions", "a herd, fertiliser, lime or fuel", "Fill at least one of these sheets."
        )
    common = _common(herds, fertiliser, book, choices, problems)
    problems.raise_if_any()
    _missing_bedding(manure, missing)
    return Inputs(
        project,
        choices,
        book,
        file,
        hash_file(path),
        tables.controls,
        herds,
        manure,
        fertiliser,
        lime,
        fuel,
        land,
        production,
        common,
        tuple(dict.fromkeys(missing)),
        problems.warnings,
    )


def _check_period(project: Project, problems: Problems) -> None:
    """The annual factors want a year; a shorter account would understate every herd without saying so."""
    if not _SHORTEST <= project.period.days <= _LONGEST:
        expected = "twelve months, such as 2025 or 2024-10-01 to 2025-09-30"
        problems.add(FILE, f"{project.period} ({project.period.days} days)", expected, cell="period")


def _common(
    herds: pd.DataFrame, fertiliser: pd.DataFrame, book: Book, choices: Choices, problems: Problems
) -> SoilSet | None:
    """The factors that every nitrogen input shares; None on a farm without any."""
    groups = [str(group) for group in herds["grazing"]] if len(herds) else []
    if not groups and (fertiliser.empty or not (fertiliser["nitrogen"] > 0).any()):
        return None
    try:
        return soil_set(book, choices.soils_set, groups)
    except (NoFactor, Unverified) as error:
        found, expected, remedy = refusal(error, "choose soils_set = 'ipcc2019_wet'")
        problems.add(FILE, found, expected, remedy, cell="choices.soils_set")
    return None


def _missing_bedding(manure: pd.DataFrame, missing: list[tuple[str, str, str]]) -> None:
    if manure.empty:
        return
    housed = manure[(manure["system"] != "pasture") & (manure["bedding_n"] == 0)]
    missing += [("Nitrogen in bedding", str(herd), "not given") for herd in dict.fromkeys(housed["herd"])]


def _emits(fertiliser: pd.DataFrame) -> bool:
    """Whether any product has nitrogen, urea or a footprint."""
    return any(r["nitrogen"] > 0 or r["urea"] > 0 or r["pick_embedded"] for r in fertiliser.to_dict("records"))


def one_spelling(frames: tuple[pd.DataFrame, ...]) -> None:
    """Give an enterprise that is written in several ways ("dairy", "Dairy ") the spelling that came first."""
    first: dict[str, str] = {}
    for frame in frames:
        if len(frame):
            names = [first.setdefault(fold(str(name)), str(name).strip()) for name in frame["enterprise"]]
            frame["enterprise"] = pd.Series(names, index=frame.index, dtype=object)


def hectares(land: pd.DataFrame) -> float:
    """Utilised agricultural area of the farm, ha; NaN when there is none."""
    area = float(land.loc[land["agricultural"], "hectares"].sum(min_count=1))
    return area if area > 0 else float(np.nan)
