"""Adjusted areas of classes at each date, of strata of change, and what they say of the change of each class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from natcap.accounts.accuracy import Adjusted, adjust, change_is_distinguishable
from natcap.accounts.accuracy_account.read import AccuracyInput
from natcap.accounts.accuracy_account.strata import Strata, class_strata, stratum_masks
from natcap.accounts.classes import LandClass, slug
from natcap.core.problems import Problems
from natcap.core.workbook import Row, RowTeller

__all__ = ["AccuracyAccount", "ClassChange", "Estimate", "accuracy_account"]

_MOST = 20


@dataclass(frozen=True)
class Estimate:
    """Areas of one sample in hectares. `points[i, j]` are points mapped as i and found to be j."""

    of: str
    strata: Strata
    points: np.ndarray
    adjusted: Adjusted


@dataclass(frozen=True)
class ClassChange:
    """Closing less opening of one class in hectares, as mapped and as adjusted. `basis`: "dates" or "change".

    `parts` are (stratum, sign) of a change estimated from strata.
    """

    item: int
    basis: str
    mapped: float
    area: float
    error: float
    parts: tuple[tuple[int, int], ...] = ()

    @property
    def certain(self) -> bool:
        return bool(change_is_distinguishable([self.area], [self.error])[0])


@dataclass(frozen=True)
class AccuracyAccount:
    """Estimates by "opening", "closing", "change", and the change of classes of which the samples say something.

    For the wings after: `estimates[date].adjusted` has area, standard error and covariance in hectares, by the classes
    in `classes`. The samples of two dates count as independent.
    """

    classes: tuple[LandClass, ...]
    estimates: Mapping[str, Estimate]
    changes: tuple[ClassChange, ...]


def accuracy_account(given: AccuracyInput, classes: Sequence[LandClass], opening: np.ndarray, closing: np.ndarray,
                     matrix: np.ndarray | None, problems: Problems) -> AccuracyAccount | None:  # fmt: skip
    """Estimates from points and mapped hectares: `opening`, `closing` by class, `matrix` (classes, classes) or None.

    Adds every problem of points that do not fit the areas; None with any.
    """
    job = _Account(given, tuple(classes), problems)
    before = len(problems.errors)
    estimates: dict[str, Estimate] = {}
    for of, hectares in (("opening", opening), ("closing", closing)):
        if job.rows(of):
            found = job.estimate(of, class_strata(classes, hectares))
            estimates |= {} if found is None else {of: found}
    if job.rows("change"):
        strata = job.change_strata(matrix)
        found = None if strata is None else job.estimate("change", strata)
        estimates |= {} if found is None else {"change": found}
    if len(problems.errors) > before:
        return None
    changes = () if matrix is None else _changes(estimates, opening, closing)
    return AccuracyAccount(tuple(classes), estimates, changes)


class _Account(RowTeller):
    def __init__(self, given: AccuracyInput, classes: tuple[LandClass, ...], problems: Problems) -> None:
        super().__init__(given.shown, problems)
        self.given, self.classes = given, classes

    def rows(self, of: str) -> list[Row]:
        frame = self.given.table
        return [*frame[frame["of"] == of].to_dict("records")]

    def change_strata(self, matrix: np.ndarray | None) -> Strata | None:
        """Strata of the change matrix, which have to cover every transition with area once."""
        rows = self.rows("change")
        if matrix is None:
            self.tell(rows[0], "of", "a sample of change without a change matrix", "maps that are compared",
                      "Across a break in the series, or without a matrix, nothing is known of change")  # fmt: skip
            return None
        texts = [str(row[name]) for row in rows for name in ("map_class", "reference_class")]
        masks, wrong = stratum_masks(texts, self.classes)
        for row in rows:
            for name in ("map_class", "reference_class"):
                if row[name] in wrong:
                    known = ", ".join(c.name for c in self.classes)
                    self.tell(
                        row,
                        name,
                        str(row[name]),
                        "no change, stable X, gain of X, loss of X, X to Y or other change",
                        f"X and Y are classes that occur: {known}",
                    )
        if wrong:
            return None
        stack = np.array([mask for _, mask in masks.values()])
        cover = stack.sum(axis=0)
        for problem, at in (("more than one stratum", cover > 1), ("no stratum", (cover == 0) & (matrix > 0))):
            places = np.argwhere(at)[:_MOST]
            if len(places):
                a, b = (self.classes[int(n)].name for n in places[0])
                self.tell(
                    rows[0],
                    "map_class",
                    f"the transition {a} to {b} in {problem}",
                    "strata that cover the area once",
                    "Name the rest other change and no change, and no transition twice",
                )
        if (cover > 1).any() or ((cover == 0) & (matrix > 0)).any():
            return None
        hectares = np.array([float(matrix[mask].sum()) for mask in stack])
        titles = tuple(name for name, _ in masks.values())
        return Strata(titles, tuple(slug(n) for n in titles), hectares, {key: n for n, key in enumerate(masks)}, stack)

    def estimate(self, of: str, strata: Strata) -> Estimate | None:
        size, before = len(strata.names), len(self.problems.errors)
        points = np.zeros((size, size))
        for row in self.rows(of):
            at = [strata.words.get(slug(str(row[name]))) for name in ("map_class", "reference_class")]
            for name, found in zip(("map_class", "reference_class"), at, strict=True):
                if found is None:
                    self.tell(row, name, str(row[name]), f"a class that occurs in the maps: {', '.join(strata.names)}",
                              "A class that never occurs has no area to adjust")  # fmt: skip
            if None not in at:
                points[at[0], at[1]] += float(str(row["points"]))
        few = np.flatnonzero((points.sum(axis=1) < 2) & (strata.hectares > 0))
        if len(self.problems.errors) == before and len(few):
            names = ", ".join(strata.names[int(n)] for n in few[:_MOST])
            self.problems.add(
                self.given.shown,
                f"no two points for {names}, {of}",
                "two points or more in every class with area",
                "Add points, or join classes in a class list of your own",
                sheet=str(self.rows(of)[0]["_sheet"]),
                cell=str(self.rows(of)[0]["_cell_of"]),
            )
        if len(self.problems.errors) > before:
            return None
        return Estimate(of, strata, points, adjust(points, strata.hectares))


def _changes(estimates: Mapping[str, Estimate], opening: np.ndarray, closing: np.ndarray) -> tuple[ClassChange, ...]:
    """The change of each class: from the sample of change where its strata tell it, else from those of both dates."""
    found = []
    dates = [estimates[of].adjusted for of in ("opening", "closing") if of in estimates]
    for item in range(len(opening)):
        mapped = float(closing[item] - opening[item])
        parts = _parts(estimates["change"], item) if "change" in estimates else None
        if parts is not None:
            sign = np.zeros(len(estimates["change"].strata.names))
            for n, way in parts:
                sign[n] = way
            part = estimates["change"].adjusted
            error = float(np.sqrt(np.maximum(sign @ part.covariance @ sign, 0.0)))
            found.append(ClassChange(item, "change", mapped, float(sign @ part.area), error, parts))
        elif len(dates) == 2:
            error = float(np.hypot(dates[0].standard_error[item], dates[1].standard_error[item]))
            found.append(ClassChange(item, "dates", mapped, float(dates[1].area[item] - dates[0].area[item]), error))
    return tuple(found)


def _parts(change: Estimate, item: int) -> tuple[tuple[int, int], ...] | None:
    """(stratum, +1 or -1) of the strata that are all gain or all loss of a class; None where one mixes or none is."""
    if change.strata.masks is None:
        return None
    size = change.strata.masks.shape[1]
    step = np.zeros((size, size), dtype=int)
    step[:, item] += 1
    step[item, :] -= 1
    parts = []
    for n, mask in enumerate(change.strata.masks):
        ways = set(step[mask].tolist())
        if len(ways) > 1:
            return None
        if ways - {0}:
            parts.append((n, int(ways.pop())))
    return tuple(parts) or None
