"""Discount schedules as dated data: which there are, since when, and what they do with health effects."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from natcap.core.money import Timing, discount_factors, schedules
from natcap.core.report import FactorRef
from natcap.core.sources import source
from natcap.core.tables import load

__all__ = [
    "HEALTH",
    "RENTAL",
    "Option",
    "annuity_factors",
    "choosable",
    "editions",
    "in_force",
    "longest_life",
    "options",
]

HEALTH = "health"
RENTAL = "rental"
"""The rate that turns a capital value into its yearly equivalent, and back."""


@dataclass(frozen=True, slots=True)
class Option:
    """A schedule in one edition. `rates`: id of a schedule of `factors/values`, or one flat rate a year.

    `health`: the schedule that health effects have beside it, by id.
    """

    id: str
    name: str
    since: int
    rates: str | float
    health: str
    choose: bool
    ref: FactorRef


def _option(row: Mapping[Hashable, Any]) -> Option:
    key = str(row["schedule"])
    ref = FactorRef(
        str(row["id"]), f"{row['name']}: {row['parameter']}", float(row["value"]), str(row["unit"]),
        source(str(row["source"])).cite(), str(row["locator"]), str(row["verified"]), str(row["note"]),
    )  # fmt: skip
    rates = key if key in schedules() else float(row["value"])
    beside = HEALTH if row["health"] == HEALTH else key
    return Option(key, str(row["name"]), int(row["from_year"]), rates, beside, row["choose"] == "yes", ref)


@lru_cache(maxsize=1)
def editions() -> tuple[Option, ...]:
    """Every edition of every schedule, in the order of the table."""
    return tuple(_option(row) for row in load("assets/schedules").to_dict("records"))


def options(year: int | None = None) -> dict[str, Option]:
    """The edition of each schedule in force in a year (None: the newest); a schedule that came later is left out."""
    found: dict[str, Option] = {}
    for edition in editions():
        held = found.get(edition.id)
        if (year is None or edition.since <= year) and (held is None or edition.since > held.since):
            found[edition.id] = edition
    return found


def choosable() -> tuple[str, ...]:
    """Schedules that may be chosen: all but the one that health effects have anyway."""
    return tuple(dict.fromkeys(edition.id for edition in editions() if edition.choose))


def in_force(key: str, year: int | None) -> Option:
    """A schedule as of a year. Raises LookupError that says what is held."""
    found = options(year)
    if key in found:
        return found[key]
    since = [edition.since for edition in editions() if edition.id == key]
    if since:
        raise LookupError(
            f"no edition of discount schedule {key!r} is in force in {year}: the first is of {min(since)}"
        )
    raise LookupError(f"no discount schedule {key!r}; held: {', '.join(choosable())}")


def annuity_factors(option: Option, life: int, timing: Timing) -> npt.NDArray[np.float64]:
    """Discount factors of `life` yearly flows under an option, shape (life,)."""
    return discount_factors(option.rates, life, timing)


@lru_cache(maxsize=1)
def longest_life() -> tuple[int, FactorRef]:
    """The longest asset life in the sensitivity table, in years, with its row."""
    row = load("assets/lives").to_dict("records")[0]
    ref = FactorRef(row["id"], row["parameter"], float(row["value"]), row["unit"], source(row["source"]).cite(),
                    row["locator"], row["verified"], row["note"])  # fmt: skip
    return int(row["value"]), ref
