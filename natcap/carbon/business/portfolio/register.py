"""The register of a folder of projects: who each business is, its folder, what its figures are divided by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isclose

import numpy as np
import pandas as pd

from natcap.carbon.business.portfolio.folders import INPUT, Place
from natcap.carbon.business.portfolio.model import MEASURES, REGISTER, Ways
from natcap.carbon.business.portfolio.one import One
from natcap.carbon.business.portfolio.table import businesses_of, rows_with
from natcap.core.problems import Problem, Problems, did_you_mean
from natcap.core.project import FILE, Project, hash_file, require
from natcap.core.report import InputRef
from natcap.core.workbook import read_tables

__all__ = ["Register", "divisors", "read_register"]

_REMEDY = "Fill register.xlsx, which natcap new portfolio writes: who each business is, its sector and its size."
_RELATIVE = 1e-9


@dataclass
class Register:
    """`businesses` as in a portfolio's table; `places` by business; `wrong`: business -> what is wrong with its row."""

    shown: str
    sha256: str
    businesses: pd.DataFrame
    places: dict[str, Place]
    wrong: dict[str, list[Problem]] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    controls: Mapping[str, str] = field(default_factory=dict)


def read_register(project: Project, places: Sequence[Place], ways: Ways, problems: Problems) -> Register | None:
    """The register with the folder of each business. What is nobody's (a missing column) goes to `problems`."""
    path = require(project, REGISTER.id, problems, _REMEDY)
    if path is None:
        return None
    shown = project.shown(path)
    told = Problems()
    tables = read_tables(path, [REGISTER], told, shown)
    frame = tables[REGISTER.id]
    if frame.empty:
        told.add(shown, "no rows", "a row for each business", _REMEDY, sheet=REGISTER.sheet)
        problems.extend(told)
        return None
    codes, businesses, wrong = businesses_of(frame, ways, told, shown)
    twice = pd.Series(codes).duplicated().to_numpy() & (frame["business"] != "").to_numpy()
    rows_with(frame, twice, "business", told, shown, "each business once")
    found = Register(shown, hash_file(path), businesses, {}, {}, told.warnings, dict(tables.controls))
    found.wrong, common = _told_of(frame, codes, businesses, told)
    names = businesses["business"]
    for name in sorted({str(names.iloc[code]) for code in np.unique(codes[wrong])} - {"", *found.wrong}):
        found.wrong[name] = [
            Problem(shown, f"the same as in another row that is told, for {name}", "what is told there")
        ]
    # The count of rows that are not told one by one: each of their businesses has just got its own.
    problems.extend(p for p in common if p.cell or not p.found.startswith("a further "))
    _settle(found, frame, codes, places)
    return found


def _told_of(
    frame: pd.DataFrame, codes: np.ndarray, businesses: pd.DataFrame, told: Problems
) -> tuple[dict[str, list[Problem]], list[Problem]]:
    """(business -> problems in its rows, problems that belong to no row)."""
    row_of = {number: at for at, number in enumerate(frame["_row"].tolist())}
    mine: dict[str, list[Problem]] = {}
    common = []
    for problem in told.errors:
        digits = problem.cell.removeprefix("row ").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        at = row_of.get(int(digits)) if digits.isdecimal() else None
        name = "" if at is None else str(businesses["business"].iloc[codes[at]])
        if name:
            mine.setdefault(name, []).append(problem)
        else:
            common.append(problem)
    return mine, common


def _settle(found: Register, frame: pd.DataFrame, codes: np.ndarray, places: Sequence[Place]) -> None:
    """Give each business its folder; a folder without a business, and a business without one, are problems."""
    counted = Counter(place.name for place in places)
    by_path = {place.shown: place for place in places}
    by_name = {place.name: place for place in places if counted[place.name] == 1}
    taken: dict[str, str] = {}
    for at in np.flatnonzero(~pd.Series(codes).duplicated().to_numpy()).tolist():
        row, name = frame.iloc[at], str(found.businesses["business"].iloc[codes[at]])
        key = str(row["folder"]).strip().strip("/") or name
        place = by_path.get(key) or by_name.get(key)
        cell = str(row["_cell_folder"] if row["folder"] else row["_cell_business"])
        said = Problems()
        if not name:
            continue
        if place is None:
            many = f"{counted[key]} folders are called so: name one by its path." if counted[key] > 1 else ""
            said.add(found.shown, key, f"a folder of {INPUT}", many or did_you_mean(key, by_name), cell=cell,
                     sheet=str(row["_sheet"]))  # fmt: skip
        elif place.shown in taken:
            said.add(found.shown, key, "a folder of its own", f"{taken[place.shown]} has it already.", cell=cell,
                     sheet=str(row["_sheet"]))  # fmt: skip
        else:
            taken[place.shown] = name
            found.places[name] = place
        if said:
            found.wrong.setdefault(name, []).extend(said)
    for place in places:
        if place.shown not in taken:
            told = Problem(f"{place.shown}/{FILE}", "a project that is not in the register", f"a row of {found.shown}",
                           "Add who it is, its sector and its size, or take the folder away.")  # fmt: skip
            found.wrong.setdefault(place.shown, []).append(told)


def divisors(
    register: Register, name: str, one: One, row: Mapping[str, object]
) -> tuple[dict[str, tuple[float, tuple[InputRef, ...]]], list[Problem]]:
    """(employees and turnover with their cells, by the project or the register; where both differ, a problem)."""
    found: dict[str, tuple[float, tuple[InputRef, ...]]] = {}
    told: list[Problem] = []
    for measure in MEASURES:
        stated = float(row[measure])  # type: ignore[arg-type]
        sheet, cell = str(row["_sheet"]), str(row[f"_cell_{measure}"])
        ratio = one.ratios.get(measure)
        ref = InputRef(register.shown, sheet, cell, f"{stated:g}", note=f"{measure} of {name}")
        if ratio is not None and not np.isnan(stated) and not isclose(ratio.amount, stated, rel_tol=_RELATIVE):
            where, problems = ratio.inputs[0], Problems()
            expected = f"{ratio.amount:.10g}, as {where.file} states ({where.cell})"
            problems.add(register.shown, f"{stated:.10g}", expected,
                         "Correct one of them, or leave it blank here.", sheet=sheet, cell=cell)  # fmt: skip
            told += problems
        if ratio is not None:
            found[measure] = (ratio.amount, ratio.inputs)
        elif not np.isnan(stated):
            found[measure] = (stated, (ref,))
    return found, told
