"""What every indicator means, how some follow from others, and the bands: tables under `factors/progress`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path

from natcap.core.report import FactorRef
from natcap.core.resources import root
from natcap.core.tables import load, row

__all__ = ["Bands", "Derivation", "Indicator", "bands", "derivations", "indicators", "parameter"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One definition. `direction` is up, down or context (no rating).

    `adds_areas`: the whole is the sum over areas. `parts_sum`: its parts sum to its "total", to "100", or are not a
    whole (""). `closes_within`: allowance for such sums in its unit, on top of rounding.
    """

    indicator: str
    core: bool
    theme: str
    level: str
    title: str
    definition: str
    formula: str
    unit: str
    direction: str
    adds_areas: bool
    parts_sum: str
    closes_within: float
    frequency: str
    lag_months: str
    data_source: str
    verified: str
    traps: str


@dataclass(frozen=True, slots=True)
class Derivation:
    """How `indicator` follows from others: product, ratio, part, or sum_parts (of `left`, into `left_part`)."""

    indicator: str
    rule: str
    left: str
    left_part: str
    right: str
    right_part: str
    multiplier: float
    from_year: int
    note: str


def _rows(name: str) -> list[dict[str, str]]:
    path: Path = root("factors") / "progress" / name
    with path.open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@lru_cache(maxsize=1)
def indicators() -> Mapping[str, Indicator]:
    """Every indicator by id, in the order of the table."""
    found = {}
    for one in _rows("indicators.csv"):
        words = {name: one[name] for name in (f.name for f in fields(Indicator))}
        flags = {"core": one["core"] == "yes", "adds_areas": one["adds_areas"] == "yes"}
        found[one["indicator"]] = Indicator(**words | flags | {"closes_within": float(one["closes_within"] or 0)})  # type: ignore[arg-type]
    return found


@lru_cache(maxsize=1)
def derivations() -> tuple[Derivation, ...]:
    """Every rule, in the order in which it is applied."""
    found = []
    for one in _rows("derivations.csv"):
        texts = {name: one[name] for name in ("indicator", "rule", "left", "left_part", "right", "right_part", "note")}
        numbers = {"multiplier": float(one["multiplier"] or 1), "from_year": int(one["from_year"] or 0)}
        found.append(Derivation(**texts, **numbers))  # type: ignore[arg-type]
    return tuple(found)


def parameter(key: str) -> FactorRef:
    """One row of the bands table as a reference for the walk back; LookupError when there is none."""
    found = row(load("progress/bands"), id=key).to_dict()
    names = ("unit", "source", "locator", "verified", "note")
    return FactorRef(key, str(found["parameter"]), float(found["value"]), *(str(found[n]) for n in names))


@dataclass(frozen=True, slots=True)
class Bands:
    """Thresholds of the status words. Ratios are without unit, ages in months, the window in years."""

    ratio_on_track: float
    ratio_slightly_behind: float
    ratio_moving_away: float
    chance_on_track: float
    chance_slightly_behind: float
    newest_months: float
    fewest_points: float
    window_years: float

    def changed(self, given: Mapping[str, float]) -> Bands:
        """The bands with some replaced; raises KeyError for an unknown name, ValueError when they are out of order."""
        unknown = sorted(set(given) - {f.name for f in fields(self)})
        if unknown:
            raise KeyError(unknown[0])
        new = replace(self, **given)
        ratios = new.ratio_on_track > new.ratio_slightly_behind > new.ratio_moving_away
        if not (ratios and 1 >= new.chance_on_track > new.chance_slightly_behind >= 0):
            raise ValueError("bands must fall from on track to moving away")
        if new.window_years < 1 or new.fewest_points < 2 or new.newest_months <= 0:
            raise ValueError("a window of a year or more, two points or more, and an age above zero are needed")
        return new


@lru_cache(maxsize=1)
def bands() -> Bands:
    """The bands as they stand in `factors/progress/bands.csv`."""
    table = load("progress/bands").set_index("id")["value"]
    return Bands(**{f.name: float(table[f.name]) for f in fields(Bands)})
