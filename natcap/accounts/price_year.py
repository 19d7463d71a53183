"""The price year of an account, told in one way by every part of it that brings money to that year."""

from __future__ import annotations

from natcap.core.money import DEFLATOR, deflator
from natcap.core.problems import Problems
from natcap.core.project import FILE, shown_value, unquoted

__all__ = ["deflated", "newest", "tell_price_year"]


def deflated(year: object) -> bool:
    """Whether the GDP deflator holds a year."""
    return isinstance(year, int) and not isinstance(year, bool) and year in deflator().index


def newest() -> int:
    """The last year that the GDP deflator holds."""
    return int(deflator().index[-1])


def tell_price_year(problems: Problems, key: str, year: object) -> None:
    """That a price year is missing, is none, or lies beyond the deflator; told once however many amounts need it."""
    held = deflator().index
    found = f"no {key}" if year is None else shown_value(year)
    remedy = f"Set {key} = {held[-1]} in [choices]: money of different years is never added"
    if year is not None:
        late = isinstance(year, int) and year > held[-1]
        beyond = f"The deflator has no later year: choose {held[-1]}, or convert the values first" if late else ""
        remedy = unquoted(key, year) or beyond
    told = Problems()
    told.add(FILE, found, f"a year from {held[0]} to {held[-1]}, those of the GDP deflator {DEFLATOR}", remedy,
             cell=f"choices.{key}")  # fmt: skip
    problems += [problem for problem in told if problem not in problems]
