"""Doubts about a workbook that reads well: cut off, without its ids, zeros for blanks, gases that do not sum.

Each was seen in an official file or in a copy that somebody had saved anew. A doubt that could make a wrong factor
look like a published one is a problem, and nothing is written; one that only may be odd is a warning.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from natcap.core.factors.layout import BLANK, NO_ROW, VALUE
from natcap.core.factors.widen import FlatRow, Wide
from natcap.core.problems import Problems

__all__ = ["END_SINCE", "against", "alone", "ends", "gaps", "named"]

END_SINCE = 2020
"""Every official flat file from this year on closes with a row END; earlier ones do or do not."""

_ROUNDING = 2e-5
_RATIO = 0.01
_PART = 1e-3
_GROSS_RATIO = 0.5
_FEWER = 0.9
_MANY_ZEROS = 50
_REMEDY = "Download the file anew and use it as it is, without opening and saving it"

Where = Callable[[int, str], tuple[str, str, str]]


def ends(year: int, newest: int, ended: bool, sheet: tuple[str, str], problems: Problems) -> None:
    """A file of a known year without its END row may be cut off. `newest` is the newest year that is held."""
    if ended or year < END_SINCE:
        return
    shown, name = sheet
    problems.add(
        shown, "no END row below the factors", f"a row END, as in every official flat file since {END_SINCE}",
        f"The table may be cut off. {_REMEDY}", sheet=name, warning=year > newest,
    )  # fmt: skip


def named(rows: list[FlatRow], has_ids: bool, where: Where, problems: Problems) -> None:
    """Where a file has a column of ids, every factor has one: series over the years hang on them."""
    missing = [row for row in rows if has_ids and not row.source_id and (row.ghg or row.value is not None)]
    if missing:
        file, sheet, cell = where(missing[0].row, "source_id")
        found = f"no ID in {len(missing):,} of {len(rows):,} rows, this the first"
        problems.add(file, found, "an ID in every row of the column ID", _REMEDY, sheet=sheet, cell=cell)


def alone(wide: list[Wide], where: Where, problems: Problems) -> None:
    """The gases of a factor sum to its total, to a hundredth or the rounding of the file."""
    for factor in wide:
        if factor.kind != "emission" or len(factor.values) < 4:
            continue
        total, gases = factor.values[0], sum(factor.values[place] for place in (1, 2, 3))
        off = abs(gases - total)
        more = max(factor.values[place] for place in (1, 2, 3)) - total
        swapped = total >= 0 and more > max(_PART * total, _ROUNDING)  # a part is never more than the whole
        if off <= max(_RATIO * abs(total), _ROUNDING) and not swapped:
            continue
        wrong = swapped or off > max(_GROSS_RATIO * min(abs(total), abs(gases)), _ROUNDING)
        file, sheet, cell = where(factor.rows[0], "value")
        expected = f"the sum of its CO2, CH4 and N2O, {gases:.6g}"
        problems.add(file, f"{total:.6g}", expected, _REMEDY, sheet=sheet, cell=cell, warning=not wrong)


def against(before: pd.DataFrame, now: pd.DataFrame, ended: bool, sheet: tuple[str, str], problems: Problems) -> None:
    """Compared with the edition before (both as the library holds them): far fewer factors, zeros where blanks stood.

    Few factors above a row END may be meant (a part of the set); without one the table is cut off.
    """
    shown, name = sheet
    if len(now) < _FEWER * len(before):
        found = f"{len(now):,} factors, against {len(before):,} in the edition before"
        problems.add(shown, found, "about as many", f"The table may be cut off. {_REMEDY}", sheet=name,
                     warning=ended)  # fmt: skip
    zeros = _zeros(before, now)
    if zeros:
        found = f"{len(zeros):,} factors of 0 that were blank in the edition before, {zeros[0]} the first"
        expected = "a blank where a factor is not available: a blank is not zero"
        remedy = "Such a file was published in June 2026 and replaced: use the corrected version"
        warning = len(zeros) <= _MANY_ZEROS
        problems.add(shown, found, expected, "Look at them" if warning else remedy, sheet=name, warning=warning)


def gaps(known: pd.DataFrame, now: pd.DataFrame, sheet: tuple[str, str], problems: Problems) -> None:
    """Factors with some of their gases, or with gases and no total. No official edition since 2016 has one.

    `known` is the edition of the same year, or the one before, as the library holds it: a factor that is whole there
    has lost a row or a value on the way here.
    """
    whole = {str(series) for series, state in zip(known["series"], known["state"], strict=True) if not _gap(str(state))}
    shown, name = sheet
    emission = now[now["kind"] == "emission"]
    for series, state, rows in zip(emission["series"], emission["state"], emission["rows"], strict=True):
        if not _gap(str(state)):
            continue
        missing = [gas for gas, mark in zip(_PARTS, str(state), strict=True) if mark in (NO_ROW, BLANK)]
        row = next((part for part in str(rows).split(" ") if part != NO_ROW), "")
        problems.add(
            shown, f"a factor without {' and '.join(missing)} ({series})", "a total with all of its gases, or alone",
            _REMEDY, sheet=name, cell=f"row {row}", warning=series not in whole,
        )  # fmt: skip


_PARTS = ("its total", "CO2", "CH4", "N2O")


def _gap(state: str) -> bool:
    total, gases = state[:1], state[1:]
    present = [mark for mark in gases if mark != NO_ROW]
    if not present or (total == NO_ROW and len(present) == 1):
        return False
    return len(present) < len(gases) or (VALUE in gases and (BLANK in gases or total in (NO_ROW, BLANK)))


def _zeros(before: pd.DataFrame, now: pd.DataFrame) -> list[str]:
    """Series whose total was blank before and is a zero now."""
    emission = now["kind"] == "emission"
    zero = now[emission & (now["state"].str[0] == VALUE) & np.isclose(now["kg_co2e"], 0.0, atol=0)]
    blank = set(before.loc[(before["kind"] == "emission") & (before["state"].str[0] == BLANK), "series"])
    return [str(series) for series in zero["series"] if series in blank]
