"""Say what is wrong with a row of the farm workbook, at its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from natcap.carbon.farm.words import Vocabulary, fold
from natcap.core.problems import Problems, did_you_mean

__all__ = ["Row", "Teller", "blank", "rows_of"]

Row = Mapping[str, Any]


def rows_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of an input table as dictionaries, with their cell addresses. A farm has dozens, not millions."""
    return [{str(k): v for k, v in row.items()} for row in frame.to_dict("records")]


def blank(value: Any) -> bool:
    """Whether a cell was left empty."""
    return value is None or value == "" or (isinstance(value, float) and np.isnan(value))


def _said(value: float) -> float | int:
    """A number as a person wrote it: 400, not 400.0."""
    return int(value) if float(value).is_integer() else float(value)


@dataclass
class Teller:
    """Adds problems about rows of one file; `ok` tells whether any was added about a row since `start`."""

    problems: Problems
    file: str

    def at(self, row: Row, field: str, found: object, expected: str, remedy: str = "", warning: bool = False) -> None:
        cell = row.get(f"_cell_{field}") or f"row {row['_row']}"
        self.problems.add(self.file, found, expected, remedy, sheet=row["_sheet"], cell=cell, warning=warning)

    def word(self, row: Row, field: str, vocabulary: Vocabulary) -> str:
        """The id of a word, or empty text with a problem. A blank was told by the reader already."""
        if blank(row[field]):
            return ""
        key, expected, remedy = vocabulary.find(str(row[field]))
        if not key:
            self.at(row, field, str(row[field]), expected, remedy)
        return key

    def within(self, row: Row, field: str, low: float, high: float, what: str) -> bool:
        """Whether a number that is given lies between two ends; a blank passes."""
        value = row[field]
        if blank(value) or low <= value <= high:
            return True
        self.at(row, field, _said(value), f"{what} from {low:,g} to {high:,g}")
        return False

    def share(self, row: Row, field: str, what: str) -> bool:
        """As `within` for per cent, and a number between 0 and 1 is asked about: it looks like a fraction."""
        if not self.within(row, field, 0, 100, f"{what} in per cent"):
            return False
        value = row[field]
        if blank(value) or value == 0 or value >= 1:
            return True
        self.at(
            row, field, _said(value), f"{what} in per cent", f"{value:g} looks like a fraction: write {value * 100:g}."
        )
        return False

    def name_of(self, row: Row, field: str, names: Mapping[str, str]) -> str:
        """The name among `names` (folded -> as written) that a row refers to, or empty text with a problem."""
        if blank(row[field]):
            return ""
        found = names.get(fold(str(row[field])))
        if found is None:
            near = did_you_mean(str(row[field]), list(names.values()))
            self.at(row, field, str(row[field]), f"one of the herds {', '.join(names.values())}", near)
        return found or ""
