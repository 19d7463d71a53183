"""Everything the sections of the carbon account show, worked out once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.accounts.classes import LandClass
from natcap.accounts.counts import Counts
from natcap.accounts.stock import Densities
from natcap.accounts.stock_account.account import CarbonAccount, carbon_account
from natcap.accounts.stock_account.path import Path, habits, path_of, settled_path
from natcap.accounts.stock_account.place import placed_movements
from natcap.accounts.stock_account.read import StockInput
from natcap.accounts.wings import Setting
from natcap.core.problems import Problems
from natcap.core.verification import UNPUBLISHED

__all__ = ["View", "view_of"]


@dataclass(frozen=True)
class View:
    """The account with its words. `span` is the years between the maps, NaN where they were not given.

    `area` and `managed` are hectares by zone, class before and class after, no data first. `movements` are the rows
    that were given with their positions; `fallback` says why the path of years was not taken.
    """

    setting: Setting
    given: StockInput
    account: CarbonAccount
    path: Path
    densities: Densities
    classes: tuple[LandClass, ...]
    zones: tuple[str, ...]
    keys: tuple[str, ...]
    names: tuple[str, ...]
    area: np.ndarray
    managed: np.ndarray
    span: float
    broken: bool
    movements: pd.DataFrame
    fallback: str = ""

    @property
    def pools(self) -> tuple[str, ...]:
        return self.densities.pools

    @property
    def converts(self) -> bool:
        """Whether any land changed to a class of another density, on the ground."""
        moved = self.area.sum(axis=0)[1:, 1:, None] * self.path.step
        return not self.broken and bool(moved.any())

    @property
    def yearly(self) -> bool:
        """Whether the path of years was taken."""
        return not np.isnan(self.path.elapsed)

    @property
    def recalled(self) -> bool:
        states = {ref.verified for ref in self.path.factors} | {self.densities.verified}
        return bool(states & UNPUBLISHED)


def view_of(setting: Setting, given: StockInput) -> View | None:
    """The view of a project with carbon densities and a change matrix; None without. Raises InputProblems."""
    show = setting.show
    if show is None or show.results.densities is None or not isinstance(show.counts, Counts):
        return None
    if not show.results.classes:
        return None
    results, counts, densities = show.results, show.counts, show.results.densities
    span = _span(setting.years)
    path, fallback = _path(given, densities, results.classes, results.inputs.classes.id, span)
    problems = Problems()
    movements: dict[str, np.ndarray] = {}
    rows = pd.DataFrame()
    if given.movements is not None:
        movements, rows = placed_movements(
            given.movements, given.shown, counts.zones, results.classes, densities.pools, problems
        )
        if show.broken:
            problems.add(given.shown, "a table of movements across a break in the series", "maps without a break",
                         "The whole difference is a reappraisal already; leave carbon_movements out")  # fmt: skip
    problems.raise_if_any()
    area, managed = counts.area(counts.array), counts.area(results.managed)
    account = carbon_account(area, managed, densities.value, path, movements, show.broken)
    view = View(setting, given, account, path, densities, results.classes, counts.zones, show.keys, results.names,
                area, managed, span, show.broken, rows, fallback)  # fmt: skip
    _below_zero(view)
    return view


def _span(years: tuple[str, str]) -> float:
    return float(years[1]) - float(years[0]) if years[0].isdigit() and years[1].isdigit() else float("nan")


def _path(given: StockInput, densities: Densities, classes: tuple[LandClass, ...], list_id: str,
          span: float) -> tuple[Path, str]:  # fmt: skip
    if given.path == "settled":
        return settled_path(densities.value), ""
    if np.isnan(span):
        said = (
            "The carbon account takes the whole change of each conversion within the span: opening_year and "
            "closing_year are not given, so that nobody can say how far soil and trees have come"
        )
        return settled_path(densities.value), said
    elapsed = span / 2 if given.timing == "middle" else span
    return path_of(densities.value, densities.pools, habits(list_id, [c.code for c in classes]), elapsed), ""


def _below_zero(view: View) -> None:
    """Refuse movements that take away more carbon than there is."""
    closing = view.account.closing
    size = 1e-9 * max(float(np.abs(view.account.opening).sum()), 1.0)
    problems = Problems()
    for z, c, p in zip(*(at.tolist() for at in np.nonzero(closing < -size)), strict=True):
        mine = view.movements[(view.movements["z"] == z) & (view.movements["c"] == c) & (view.movements["p"] == p)]
        row = mine.to_dict("records")[-1] if len(mine) else {"_sheet": "", "_cell_tonnes": ""}
        place = f"{view.classes[c].name}, {view.pools[p]}, {view.names[z]}"
        problems.add(
            view.given.shown, f"a closing stock of {closing[z, c, p]:,.1f} t C in {place}", "a stock of zero or more",
            "More carbon is taken away than the class holds: correct the movement, or name the class that lost it",
            sheet=str(row["_sheet"]), cell=str(row["_cell_tonnes"]),
        )  # fmt: skip
    problems.raise_if_any()
