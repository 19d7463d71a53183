"""Layouts in which bills are kept otherwise than row by row: declared in natcap.toml, turned into rows when read."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from natcap.carbon.business.shapes.months import long_form, names_month, wide_model
from natcap.carbon.business.shapes.readings import OWN, names_reading, quantities, reading_model
from natcap.core.problems import Problems
from natcap.core.project import FILE, Period
from natcap.core.workbook import TableModel

__all__ = ["FIELDS", "SHAPES", "advice", "model_in", "rows_of"]

SHAPES: tuple[str, ...] = ("bills", "months", "readings")
"""A row for each bill; a column for each month; previous and present reading of a meter."""
FIELDS: tuple[str, ...] = OWN
"""Fields beside those of the template to which a foreign header may be sent."""
_FEWEST_MONTHS, _FEWEST_READINGS = 3, 2


def model_in(shape: str, model: TableModel, period: Period) -> TableModel:
    """The activity table as it stands in a file of that layout."""
    if shape == "months":
        return wide_model(model, period)
    return reading_model(model) if shape == "readings" else model


def rows_of(shape: str, frame: pd.DataFrame, period: Period, shown: str, problems: Problems) -> pd.DataFrame:
    """The activity table of a file of that layout, a row for each quantity."""
    if shape == "months":
        return long_form(frame, period, shown, problems)
    return quantities(frame, shown, problems) if shape == "readings" else frame


def advice(headers: Iterable[str]) -> str:
    """What to write in natcap.toml where headers that are not known are months or readings; else an empty text."""
    texts = list(headers)
    if sum(map(names_month, texts)) >= _FEWEST_MONTHS:
        return f'Each month has a column of its own: write layout = "months" under [inputs] in {FILE}.'
    if sum(map(names_reading, texts)) >= _FEWEST_READINGS:
        return f'For meter readings write layout = "readings" under [inputs] in {FILE}; they are subtracted.'
    return ""
