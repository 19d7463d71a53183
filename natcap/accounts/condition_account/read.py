"""Read condition readings: both levels or none, one area for an asset, no reading twice, no share beyond 0 to 1."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.classes import slug
from natcap.accounts.condition import ECT
from natcap.accounts.condition_account.model import MODEL, Starter, starters
from natcap.accounts.wings import Reader
from natcap.core.problems import Problem, Problems, did_you_mean
from natcap.core.project import FILE, shown_value
from natcap.core.report import FactorRef
from natcap.core.units import UnitError, unit
from natcap.core.workbook import Row, RowTeller, read_tables, sound_sheets

__all__ = ["ConditionInput", "read"]

_WHOLE = {"fraction": 1.0, "percent": 100.0}


@dataclass(frozen=True)
class ConditionInput:
    """Accepted readings: the fields of the model with levels, unit and class filled, and `starter` (bool) by row.

    `factors` holds the starter levels of a row by its position.
    """

    table: pd.DataFrame
    factors: Mapping[int, tuple[FactorRef, FactorRef]]
    shown: str
    years: tuple[str, str]
    weights: Mapping[str, float] | None = None
    """Of ECT classes, in the sum 1; a class that is not named has none. None: all six alike."""


def _weights(reader: Reader) -> Mapping[str, float] | None:
    """The choice condition_weights; what is wrong with it goes to the problems."""
    given = reader.project.choices.get("condition_weights")
    if given is None:
        return None

    def tell(found: str, remedy: str = "") -> None:
        expected = f"condition_weights: weights of {', '.join(ECT)} that sum to 1"
        reader.problems.add(FILE, found, expected, remedy, cell="choices.condition_weights")

    if not isinstance(given, dict) or not given:
        tell(shown_value(given), "Write them in braces, such as { B1 = 0.5, B2 = 0.5 }")
        return None
    for key, value in given.items():
        if key not in ECT:
            tell(f"the class {key}", did_you_mean(key, ECT))
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            tell(f"the weight {value!r} of {key}", "A weight is a number from 0 to 1")
            return None
    if abs(math.fsum(given.values()) - 1) > 1e-9:
        tell(f"weights with the sum {math.fsum(given.values()):.10g}")
    return {key: float(value) for key, value in given.items()}


def read(reader: Reader) -> ConditionInput | None:
    """The readings of the input `condition`; None where something is wrong, which is then in the problems."""
    path = reader.file("condition", "Name the workbook with the condition readings")
    if path is None:
        return None
    shown, problems = reader.project.shown(path), reader.problems
    before = len(problems.errors)
    weights = _weights(reader)
    held = len(problems)
    frame = read_tables(path, [MODEL], problems, shown)["condition"]
    broken = len(problems.errors) > before
    if broken:
        frame = sound_sheets(frame, problems[held:])
    if frame.empty and broken:
        return None
    if frame.empty:
        problems.add(shown, "no row", "at least one condition reading", "Fill the sheet Condition", sheet=MODEL.sheet)
        return None
    checker = _Checker(shown, problems, problems[held:])
    filled, factors = checker.levels(frame)
    checker.areas(filled)
    checker.twice(filled)
    for row in filled.to_dict("records"):
        checker.readings(row)
    if len(problems.errors) > before:
        return None
    return ConditionInput(filled.reset_index(drop=True), factors, shown, reader.years(), weights)


class _Checker(RowTeller):
    def __init__(self, shown: str, problems: Problems, broken: Sequence[Problem]) -> None:
        super().__init__(shown, problems, broken)
        self.known = starters()

    def levels(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[int, tuple[FactorRef, FactorRef]]]:
        """Fill levels, unit, class and reference type of starter variables where both levels are blank."""
        rows: list[dict[Hashable, Any]] = []
        factors: dict[int, tuple[FactorRef, FactorRef]] = {}
        for row in frame.to_dict("records"):
            found = self.known.get((slug(row["ecosystem"]), slug(row["variable"])))
            read = self.intact(row, "lower", "upper")
            blank = bool(read and np.isnan(row["lower"]) and np.isnan(row["upper"]))
            if blank and found is not None and self.same_unit(row, found):
                factors[len(rows)] = (found.lower, found.upper)
                row |= {"lower": found.lower.value, "upper": found.upper.value, "unit": found.unit}
                row["ect"] = row["ect"] or found.ect
                row["reference_type"] = row["reference_type"] or found.reference_type
            elif blank and found is None and self.intact(row, "ecosystem", "variable"):
                self.no_levels(row)
            elif not blank:
                self.own_levels(row)
            row["starter"] = len(rows) in factors
            rows.append(row)
        return pd.DataFrame(rows), factors

    def same_unit(self, row: Row, found: Starter) -> bool:
        if not row["unit"]:
            return True
        try:
            if unit(row["unit"]).id == unit(found.unit).id:
                return True
        except UnitError:
            pass
        remedy = "Convert the readings, or give both reference levels in your own unit"
        self.tell(row, "unit", row["unit"], f"{found.unit}, the unit of the starter levels", remedy)
        return False

    def no_levels(self, row: Row) -> None:
        here = [s.variable for (eco, _), s in self.known.items() if eco == slug(row["ecosystem"])]
        near = did_you_mean(row["variable"], here)
        types = ", ".join(dict.fromkeys(s.ecosystem for s in self.known.values()))
        offered = f"Ecosystem types with starter variables: {types}"
        if here:
            offered = f"Starter variables of {row['ecosystem']}: {', '.join(here)}"
        remedy = f"{near} Give both levels. {offered}".strip()
        self.tell(row, "lower", f"no reference levels for {row['variable']}", "a lower and an upper level", remedy)

    def own_levels(self, row: dict[Hashable, Any]) -> None:
        for name, other in (("lower", "upper"), ("upper", "lower")):
            if np.isnan(row[name]) and self.intact(row, other):
                self.tell(row, name, f"no {name} reference level beside the {other} one", "both levels, or neither")
        if row["lower"] == row["upper"]:
            self.tell(row, "upper", f"the level {row['upper']:g} twice", "an upper level unlike the lower one")
        if not row["ect"]:
            self.tell(row, "ect", "no ECT class", f"one of {', '.join(MODEL.field('ect').choices)}")
        if not row["unit"]:
            self.tell(row, "unit", "no unit", "the unit of the readings and levels", "Write 1 or index for a score")
        if row["unit"] == "1":
            row["unit"] = "score"

    def areas(self, frame: pd.DataFrame) -> None:
        for row in frame[~(frame["area"] > 0)].to_dict("records"):
            self.tell(row, "area", f"{row['area']:g}", "hectares, more than 0")
        first = frame.groupby(["asset", "ecosystem"], dropna=False)["area"].transform("first")
        for row, area in zip(frame.to_dict("records"), first, strict=True):
            if row["area"] != area and row["area"] > 0:
                found = f"the area {row['area']:g} ha for {row['asset']}"
                self.tell(row, "area", found, f"{area:g} ha, as in its first row", "Give an asset one area")

    def twice(self, frame: pd.DataFrame) -> None:
        named = [self.intact(row, "asset", "ecosystem", "variable") for row in frame.to_dict("records")]
        frame = frame[named]
        keys = frame[["asset", "ecosystem", "variable"]].apply(lambda c: c.map(slug))
        for row in frame[keys.duplicated()].to_dict("records"):
            found = f"the variable {row['variable']} of {row['asset']} for the second time"
            self.tell(row, "variable", found, "each variable of an asset once")

    def readings(self, row: Row) -> None:
        if np.isnan(row["opening"]) and np.isnan(row["closing"]) and self.intact(row, "opening", "closing"):
            self.tell(
                row, "closing", "no reading", "a reading at one date at least", "It is shown as [x]", warning=True
            )
        low, high = sorted((row["lower"], row["upper"]))
        bounds = self.bounds(row)
        for name in ("opening", "closing"):
            value = row[name]
            if np.isnan(value) or np.isnan(low) or np.isnan(high):
                continue
            if bounds and not bounds[0] <= value <= bounds[1]:
                what = "score" if row["unit"] == "score" else "share"
                self.tell(row, name, f"the reading {value:g} of a {what}",
                          f"a {what} from {bounds[0]:g} to {bounds[1]:g}",
                          "Condition lies outside its bounds: correct the reading or its unit")  # fmt: skip
            elif not low <= value <= high:
                end = 0 if (value < low) == (row["lower"] < row["upper"]) else 1
                self.tell(
                    row, name, f"the reading {value:g} {row['unit']} of {row['variable']}",
                    f"a reading within the reference levels {low:g} to {high:g}",
                    f"Condition lies outside its bounds: the indicator is held at {end}. Confirm the reading",
                    warning=True,
                )  # fmt: skip

    @staticmethod
    def bounds(row: Row) -> tuple[float, float] | None:
        """Between which readings are possible: shares, scores from 0 to 1, and the scales of starter scores.

        Own levels of another score may be targets inside their scale, so that a reading beyond them is possible.
        """
        levels = sorted((float(row["lower"]), float(row["upper"])))
        if row["unit"] == "score" and row["starter"]:
            return levels[0], levels[1]
        if row["unit"] in ("score", "index") and levels == [0.0, 1.0]:
            return 0.0, 1.0
        try:
            size = _WHOLE.get(unit(row["unit"]).id, 0.0)
        except UnitError:
            return None
        return (0.0, size) if size and all(0 <= level <= size for level in levels) else None
