"""Convert numbers and whole columns; each distinct unit is resolved once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from natcap.core.units._grammar import unit
from natcap.core.units._model import Unit, UnitError

__all__ = ["convert", "convert_column", "factor_between"]

Floats = NDArray[np.float64]
Column = Sequence[str] | pd.Series | pd.Categorical
_EXACT = 2**53


def _reason(frm: Unit, to: Unit) -> str:
    """Why two units do not convert, with the remedy where one is known."""
    kinds = {frm.dimension, to.dimension}
    if any("calorific" in kind for kind in kinds) and any(kind.startswith("energy") for kind in kinds):
        return "fuel energy needs its basis: kWh_gross (as gas bills state it) or kWh_net"
    if all(kind.startswith("money") for kind in kinds):
        one, two = (u.dimension.partition(" per ")[2] for u in (frm, to))
        if one != two:  # another price year or currency besides would be second to that
            one, two = (f"money per {of}" if of else "a sum of money" for of in (one, two))
            return f"{one} and {two} are different things"
        return "money changes its price year with a deflator and its currency with a rate, not as a unit"
    if "year of account" in kinds and "time" in kinds:
        return "a year of account has 365 or 366 days: say how many"
    return f"{frm.dimension} and {to.dimension} are different things"


@lru_cache(maxsize=4096)
def _ratio(frm: Unit, to: Unit) -> tuple[float, float]:
    """Numerator and denominator of the factor, both exact where that is possible."""
    if frm.dims != to.dims:
        raise UnitError(f"{frm.id} does not convert to {to.id}: {_reason(frm, to)}")
    exact: Fraction = frm.size / to.size
    if exact.numerator <= _EXACT and exact.denominator <= _EXACT:
        return float(exact.numerator), float(exact.denominator)
    return float(exact), 1.0


def factor_between(frm: str | Unit, to: str | Unit) -> float:
    """How many `to` one `frm` is, correctly rounded. Raises UnitError when the dimensions differ."""
    above, below = _ratio(unit(frm), unit(to))
    return above / below


def convert(value: float, frm: str | Unit, to: str | Unit) -> float:
    """Convert one number; a missing one (NaN) stays missing. Raises UnitError when the dimensions differ."""
    above, below = _ratio(unit(frm), unit(to))
    return value * above / below


def _codes(units: Column, rows: int) -> tuple[NDArray[np.intp], list[str]]:
    """Codes and the distinct spellings that occur in a column; UnitError for missing units and another length."""
    values = units.array if isinstance(units, pd.Series) else units
    if isinstance(values, pd.Categorical):
        codes = np.asarray(values.codes, dtype=np.intp)
        distinct = list(values.categories)
    else:
        try:
            codes, found = pd.factorize(np.asarray(values, dtype=object))
        except TypeError:
            raise UnitError("a column of units holds something that is not text") from None
        distinct = list(found)
    if len(codes) != rows:
        raise UnitError(f"{rows} values but {len(codes)} units")
    missing = np.flatnonzero(codes < 0)
    if missing.size:
        raise UnitError(f"no unit is given in {missing.size} rows, first in row {missing[0] + 1} of the column")
    used = np.flatnonzero(np.bincount(codes, minlength=len(distinct)))
    if len(used) < len(distinct):
        codes, distinct = np.searchsorted(used, codes), [distinct[place] for place in used]
    return codes, distinct


def _ratios(pairs: Sequence[tuple[str, str]]) -> Floats:
    """Numerator and denominator of every pair (shape pairs x 2); one UnitError that holds every failure."""
    failed: list[UnitError] = []
    found = np.ones((len(pairs), 2))
    for row, (frm, to) in enumerate(pairs):
        try:
            found[row] = _ratio(unit(frm), unit(to))
        except UnitError as error:
            failed.append(error)
    if len(failed) == 1:
        raise UnitError(failed[0].message, failed[0].choices, failed)
    if failed:
        raise UnitError("; ".join(str(error) for error in failed), (), failed)
    return found


def _pairs(units: str | Column, to: str | Column, rows: int) -> tuple[NDArray[np.intp], list[tuple[str, str]]]:
    """One code per row and the distinct (from, to) pairs the codes stand for."""
    codes, distinct = (np.zeros(rows, np.intp), [units]) if isinstance(units, str) else _codes(units, rows)
    if isinstance(to, str):
        return codes, [(frm, to) for frm in distinct]
    goals, targets = _codes(to, rows)
    joint, used = pd.factorize(codes * len(targets) + goals)
    return joint, [(distinct[pair // len(targets)], targets[pair % len(targets)]) for pair in used]


def convert_column(values: ArrayLike, units: str | Column, to: str | Column) -> Floats:
    """Convert a column (shape n, float64) row by row; a missing number stays missing.

    `units` and `to` are one unit for all rows or one per row; a Categorical is fastest. Raises UnitError naming
    every distinct unit that is unknown or does not fit (`several`), and for missing units.
    """
    numbers = np.asarray(values, dtype=np.float64)
    if isinstance(units, str) and isinstance(to, str):
        above, below = _ratio(unit(units), unit(to))
        return numbers * above / below
    codes, pairs = _pairs(units, to, len(numbers))
    ratios = _ratios(pairs)
    if not len(numbers):
        return numbers.copy()
    result: Floats = numbers * ratios[:, 0].take(codes)
    if (ratios[:, 1] != 1.0).any():
        result /= ratios[:, 1].take(codes)
    return result
