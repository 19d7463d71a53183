"""Facts about the organisation: each item once, its amount in the unit that the ratios divide by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from natcap.core.problems import Problems
from natcap.core.units import UnitError, factor_between, unit

__all__ = ["Fact", "read_facts"]

_INTO: dict[str, str] = {"turnover": "GBP", "floor area": "m2"}
"""What an amount is brought to; a floor area has to say its unit, turnover without one is in pounds."""
_PEOPLE = frozenset({"fte", "head", "employee", "person"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about the organisation. `amount` is in GBP for turnover, m2 for floor area; else as stated."""

    item: str
    amount: float | None
    unit: str
    text: str
    sheet: str
    cell: str
    evidence: str = ""
    file: str = ""


def read_facts(frame: pd.DataFrame, problems: Problems) -> dict[str, Fact]:
    """The facts by item; an item twice, an amount below zero, a unit that does not fit are told with their cell."""
    found: dict[str, Fact] = {}
    for record in frame.to_dict("records"):
        row: dict[str, Any] = {str(k): v for k, v in record.items()}
        if not row["item"]:
            continue
        if row["item"] in found:
            problems.add(row["_file"], row["item"], "each item once", sheet=row["_sheet"], cell=row["_cell_item"])
        amount = None if np.isnan(row["amount"]) else float(row["amount"])
        if amount is not None and amount < 0:
            problems.add(row["_file"], f"{amount:g}", "zero or more", sheet=row["_sheet"], cell=row["_cell_amount"])
        amount, shown = (amount, row["unit"]) if amount is None else _brought(row, amount, problems)
        found[row["item"]] = Fact(row["item"], amount, shown, row["text"], row["_sheet"], row["_cell_amount"],
                                  row["evidence"], str(row["_file"]))  # fmt: skip
    return found


def _brought(row: Mapping[str, Any], amount: float, problems: Problems) -> tuple[float, str]:
    """(amount, unit) of an item in the unit that the ratios divide by."""
    item, given = row["item"], str(row["unit"]).strip()
    wanted = _INTO.get(item, "")
    if item == "employees":
        return amount, _people(row, given, problems)
    if not wanted or (not given and item == "turnover"):
        return amount, wanted or given
    try:
        if not given:
            raise UnitError("no unit")
        return amount * factor_between(unit(given).id, wanted), wanted
    except UnitError as error:
        told = {"turnover": "GBP, £k, £m", "floor area": "m2 or sq ft"}[item]
        problems.add(row["_file"], given or "no unit", f"a unit of {item}: {told}", str(error), sheet=row["_sheet"],
                     cell=row["_cell_unit"] or row["_cell_amount"])  # fmt: skip
        return amount, wanted


def _people(row: Mapping[str, Any], given: str, problems: Problems) -> str:
    try:
        fits = not given or unit(given).id in _PEOPLE
    except UnitError:
        fits = False
    if not fits:
        problems.add(row["_file"], given, "full-time equivalents: fte, employees, or no unit",
                     sheet=row["_sheet"], cell=row["_cell_unit"])  # fmt: skip
    return given
