"""How far a change of land use has gone: soil in a straight line over twenty years, vegetation lost at once, trees by
their curve of growth.

IPCC 2006, volume 4, chapter 2 (Equation 2.25 for soil, 2.16 and 2.23 for biomass and dead wood); factors in
carbon_stock/transition, curves of growth of trees in carbon_stock/growth, habit of a class in
carbon_stock/habit_of_class. A step is what a hectare holds after the change less what it held before, by pool.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.stock import C_TO_CO2
from natcap.core.report import FactorRef
from natcap.core.resources import root
from natcap.core.sources import source
from natcap.core.tables import load

__all__ = ["Path", "habits", "kind_of_pool", "path_of", "settled_path", "tonnes_grown"]

_KINDS: Mapping[str, str] = {"soil": "soil", "dead wood and litter": "dead"}
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Path:
    """Tonnes of carbon a hectare, shape (classes before, classes after, pools): the whole `step`, and `reached`.

    `elapsed` is the years a change has had by the closing, NaN where the whole step is taken. `factors` are those that
    were used.
    """

    step: np.ndarray
    reached: np.ndarray
    elapsed: float
    factors: tuple[FactorRef, ...] = ()

    @property
    def gain(self) -> np.ndarray:
        found: np.ndarray = np.maximum(self.reached, 0)
        return found

    @property
    def loss(self) -> np.ndarray:
        found: np.ndarray = np.maximum(-self.reached, 0)
        return found


def kind_of_pool(pool: str) -> str:
    """soil, dead or vegetation."""
    return _KINDS.get(pool, "vegetation")


@lru_cache(maxsize=1)
def _habit_table() -> pd.DataFrame:
    return pd.read_csv(root("factors") / "carbon_stock" / "habit_of_class.csv", dtype=str, keep_default_na=False)


def habits(list_id: str, codes: Sequence[int]) -> tuple[str, ...]:
    """The habit of growth of each class of a list of the library, else UNKNOWN."""
    frame = _habit_table()
    mine = frame[frame["list"] == list_id]
    known = dict(zip(mine["code"], mine["habit"], strict=True))
    return tuple(known.get(str(code), UNKNOWN) for code in codes)


def _ref(row: Mapping[Hashable, Any], label: str) -> FactorRef:
    return FactorRef(row["id"], label, float(row["value"]), row["unit"], source(row["source"]).cite(), row["locator"],
                     row["verified"], row["note"])  # fmt: skip


@lru_cache(maxsize=1)
def _rules() -> Mapping[tuple[str, str, str], FactorRef]:
    """Years to settle by pool, direction and habit."""
    found = {}
    for row in load("carbon_stock/transition").to_dict("records"):
        habit = f", {row['habit']}" if row["habit"] else ""
        label = f"Years to settle, {row['pool']}, {row['direction']}{habit}"
        found[row["pool"], row["direction"], row["habit"]] = _ref(row, label)
    return found


@lru_cache(maxsize=8)
def _curve(habit: str) -> tuple[np.ndarray, np.ndarray, tuple[FactorRef, ...]]:
    """(years, t C a hectare grown by then, factors) of a habit with a curve; empty arrays without one."""
    frame = load("carbon_stock/growth")
    frame = frame[frame["habit"] == habit]
    if frame.empty:
        return np.empty(0), np.empty(0), ()
    start, end = frame["year_from"].astype(float).to_numpy(), frame["year_to"].astype(float).to_numpy()
    if start[0] != 0 or (start[1:] != end[:-1]).any():
        raise ValueError(f"the growth curve of {habit} has a gap")
    grown = np.cumsum((end - start) * frame["value"].to_numpy()) / C_TO_CO2
    name = habit.replace("_", " ")
    refs = tuple(_ref(row, f"Growth of standing trees, {name}, years {row['year_from']} to {row['year_to']}")
                 for row in frame.to_dict("records"))  # fmt: skip
    return np.concatenate([[0.0], end]), np.concatenate([[0.0], grown]), refs


def tonnes_grown(habit: str, years: float) -> float:
    """Tonnes of carbon that a hectare of new trees holds after so many years; LookupError without a curve."""
    at, grown, _ = _curve(habit)
    if not len(at):
        raise LookupError(habit)
    return float(np.interp(years, at, grown))


def settled_path(value: np.ndarray) -> Path:
    """The whole step at once, as InVEST takes it. `value` has the shape (classes, pools), t C a hectare."""
    step = value[None, :, :] - value[:, None, :]
    return Path(step, step, float("nan"))


def path_of(value: np.ndarray, pools: Sequence[str], habit: Sequence[str], elapsed: float) -> Path:
    """What was reached `elapsed` years after the change. `habit` is that of each class.

    Trees gain what their curve has grown by then, until the density of their class is reached; pools of vegetation
    share it as they share the step.
    """
    step = value[None, :, :] - value[:, None, :]
    share = np.zeros_like(step)
    used: dict[str, FactorRef] = {}
    for place, pool in enumerate(pools):
        kind = kind_of_pool(pool)
        for way, mask in (("gain", step[:, :, place] > 0), ("loss", step[:, :, place] < 0)):
            for after in np.flatnonzero(mask.any(axis=0)).tolist():
                found = _share(kind, way, habit[after], elapsed, used)
                if not np.isnan(found):
                    share[:, after, place] = np.where(mask[:, after], found, share[:, after, place])
    _trees(step, share, pools, habit, elapsed, used)
    return Path(step, step * share, elapsed, tuple(used.values()))


def _share(kind: str, way: str, habit: str, elapsed: float, used: dict[str, FactorRef]) -> float:
    """Share of a step that was reached, NaN where a curve says it."""
    by_habit = kind == "vegetation" and way == "gain"
    if by_habit and len(_curve(habit)[0]):
        return float("nan")
    rule = _rules()[kind, way, habit if by_habit else ""]
    used.setdefault(rule.id, rule)
    return 1.0 if rule.value == 0 else min(1.0, elapsed / rule.value)


def _trees(step: np.ndarray, share: np.ndarray, pools: Sequence[str], habit: Sequence[str], elapsed: float,
           used: dict[str, FactorRef]) -> None:  # fmt: skip
    """Fill the shares of gains in vegetation of classes that grow along a curve."""
    living = [n for n, pool in enumerate(pools) if kind_of_pool(pool) == "vegetation"]
    for after, name in enumerate(habit):
        at, _, refs = _curve(name)
        whole = np.maximum(step[:, after][:, living], 0).sum(axis=1)
        if not len(at) or not whole.any():
            continue
        past = [ref for ref, start in zip(refs, at[:-1], strict=True) if start < elapsed]
        used.update({ref.id: ref for ref in past})
        grown = tonnes_grown(name, elapsed)
        part = np.divide(np.minimum(whole, grown), whole, out=np.zeros_like(whole), where=whole > 0)
        for place in living:
            up = step[:, after, place] > 0
            share[up, after, place] = part[up]
