"""Turn the cells of one column into values of its field, adding a problem for every cell that does not fit.

Columns of one kind go through whole; only cells of another kind (text in a number column) are looked at one by one,
and each distinct text once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import pandas as pd

from natcap.core.problems import did_you_mean
from natcap.core.workbook.model import Field

__all__ = ["Teller", "convert_cells", "day_of"]

_NUMERIC = {float, int}
_EPOCH = date(1970, 1, 1).toordinal()
_PLAIN = re.compile(r"-?\d{1,15}(?:\.\d{1,15})?")
_ONE_COMMA = re.compile(r"-?[1-9]\d{0,2},\d{3}")
_EVIDENT = re.compile(r"-?(?:\d+\.\d{1,2}|\d+\.\d{4,}|0\.\d+|\d{4,}\.\d+)|-?\d{1,3}(?:,\d{3})+\.\d+")


class Teller(Protocol):
    """Adds a problem at the `position`-th row of the column being read."""

    def __call__(self, position: int, found: object, expected: str, remedy: str = "") -> None: ...


def convert_cells(
    item: Field, cells: Sequence[Any], tell: Teller, delimiter: str = "", kinds: set[type] | None = None
) -> pd.Series:
    """Values of one field: float64 (missing NaN), datetime64[s] (missing NaT) or text (missing "").

    `cells` hold "" where blank. `delimiter` is set when they come from delimited text, where a dot is a decimal
    point unless nothing in the column shows it and the delimiter is a semicolon. `kinds` are the types among the cells,
    or more, where they are known already.
    """
    kinds = set(map(type, cells)) if kinds is None else kinds
    if item.kind in ("number", "integer"):
        return _numbers(item, cells, tell, delimiter, kinds)
    if item.kind == "date":
        return _dates(cells, tell, kinds)
    if item.kind == "bound":
        return _bounds(cells, tell)
    resolve = {"choice": _choice, "unit": _unit, "text": None}[item.kind]
    plain = cells if kinds <= {str} else [cell if type(cell) is str else _plain(cell) for cell in cells]
    return _series(_texts(item, plain, tell, resolve))


def _series(texts: Sequence[str]) -> pd.Series:
    """Texts as a column. Arrow takes them as they are, in half the time of a column that asks what each of them is."""
    import pyarrow as pa

    return pd.Series(pd.array(pa.array(texts, type=pa.large_string()), dtype="str"))


def _numbers(item: Field, cells: Sequence[Any], tell: Teller, delimiter: str, kinds: set[type]) -> pd.Series:
    if kinds <= _NUMERIC:
        values = np.array(cells, dtype="float64")
    else:
        plain = bool(delimiter) and _dot_is_decimal(cells, delimiter)
        commas = delimiter == ";" and not plain
        known: dict[str, float | str] = {}
        values = np.array([v if type(v) in _NUMERIC else math.nan for v in cells], dtype="float64")
        for position, cell in enumerate(cells):
            if type(cell) in _NUMERIC or cell == "":
                continue
            if commas and isinstance(cell, str) and _ONE_COMMA.fullmatch(cell):
                tell(position, cell, "a number that means one thing", _two_readings(cell))
                continue
            values[position] = _number(cell, position, plain, known, tell)
    if item.kind == "integer":
        for at in np.flatnonzero(np.isfinite(values) & (values != np.round(values))).tolist():
            tell(at, f"the number {values[at]:.15g}", "a whole number")
    return pd.Series(values)


def _bounds(cells: Sequence[Any], tell: Teller) -> pd.Series:
    """Numbers as text, an upper bound with "<" before it, "" where blank or refused."""
    found = []
    for position, cell in enumerate(cells):
        below = isinstance(cell, str) and cell.startswith("<")
        bare = cell[1:].strip() if below else cell
        value = bare if type(bare) in _NUMERIC or bare == "" else _number(bare, position, False, {}, tell)
        usable = value != "" and not math.isnan(value)
        found.append(f"{'<' if below else ''}{float(value)!r}" if usable else "")
    return pd.Series(found, dtype="str")


def _dot_is_decimal(cells: Sequence[Any], delimiter: str) -> bool:
    """Whether the texts of this column show a decimal point. Between commas or tabs nothing else is usual."""
    return delimiter != ";" or any(_EVIDENT.fullmatch(cell) for cell in set(cells) if isinstance(cell, str))


def _two_readings(cell: str) -> str:
    """What to do with 1,234 between semicolons, where files of other countries have decimal commas."""
    return (
        f"Values are divided by semicolons, so {cell!r} may have a decimal comma ({cell.replace(',', '.')}) or a "
        f"thousands comma ({cell.replace(',', '')}): write it without a comma, the decimals after a dot."
    )


def _number(cell: Any, position: int, plain: bool, known: dict[str, float | str], tell: Teller) -> float:
    if not isinstance(cell, str):
        tell(position, _said(cell), "a number")
        return math.nan
    if plain and _PLAIN.fullmatch(cell):
        return float(cell)
    if cell not in known:
        from natcap.core.numbers import NumberError, number

        try:
            known[cell] = number(cell)
        except NumberError as error:
            known[cell] = str(error)
    found = known[cell]
    if isinstance(found, str):
        tell(position, cell, "a number", found)
        return math.nan
    return found


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return f"the date {value.date().isoformat()}"
    if isinstance(value, date):
        return f"the date {value.isoformat()}"
    if isinstance(value, (time, timedelta)):
        return f"the time {value}"
    return f"the number {value:g}"


def _dates(cells: Sequence[Any], tell: Teller, kinds: set[type]) -> pd.Series:
    if kinds <= {date}:
        ordinals = np.fromiter(map(date.toordinal, cells), dtype="int64", count=len(cells))
        days = (ordinals - _EPOCH).astype("datetime64[D]")
    else:
        known: dict[str, date | str] = {}
        found = [_day(cell, position, known, tell) for position, cell in enumerate(cells)]
        days = np.array([np.datetime64("NaT") if day is None else day for day in found], dtype="datetime64[D]")
    for at in np.flatnonzero((days < np.datetime64("1900-01-01")) | (days >= np.datetime64("2200-01-01"))).tolist():
        tell(at, str(days[at]), "a date from 1900 to 2199")
    return pd.Series(days.astype("datetime64[s]"))


def _day(cell: Any, position: int, known: dict[str, date | str], tell: Teller) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if cell == "":
        return None
    if not isinstance(cell, str):
        tell(position, _said(cell), "a date", f"Format the cell as a date. {_no_day(f'{cell}')}")
        return None
    if cell not in known:
        try:
            known[cell] = day_of(cell)
        except ValueError as error:
            known[cell] = str(error)
    found = known[cell]
    if isinstance(found, str):
        tell(position, cell, "a date", found)
        return None
    return found


_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?Z?)?")
_UK = re.compile(r"(\d{1,2})([/.\- ])(\d{1,2})\2(\d{2,4})(?: \d{1,2}:\d{2}(?::\d{2})?)?")
_WORDS = re.compile(r"(\d{1,2})[ \-]([A-Za-z]{3,9})[ \-,]+(\d{2,4})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def day_of(text: str) -> date:
    """The day a text names: 2025-03-31, 31/03/2025 (day first), 31 March 2025. ValueError says what is wrong."""
    text = " ".join(text.split())  # spaces that do not break look like others
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _UK.fullmatch(text):
        day, month, year = int(found[1]), int(found[3]), _year(found[4])
        if month > 12 >= day:
            raise ValueError("It reads as month before day; write the day first, or as 2025-12-31.")
    elif found := _WORDS.fullmatch(text):
        if found[2][:3].casefold() not in _MONTHS:
            raise ValueError(_WRITE)
        day, month, year = int(found[1]), _MONTHS.index(found[2][:3].casefold()) + 1, _year(found[3])
    else:
        raise ValueError(_no_day(text))
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError("There is no such day.") from None


_WRITE = "Write dates as 2025-03-31 or 31/03/2025."
_SERIAL = re.compile(r"[2-6]\d{4}(?:\.0+)?")
_SPAN = re.compile(
    r"(?:q(?:uarter )?[1-4]|fy|h[12])\b.*|(?:19|20)\d\d(?:[/\- ](?:\d\d){1,2})?|\d{4}-\d{2}|.*\bq[1-4]|fy ?\d.*|"
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ \-/'.]*(?:\d{4}|\d{2})?",
    re.IGNORECASE,
)


def _no_day(text: str) -> str:
    """What to write instead of a text that is no day: a number of the spreadsheet, or a span of days."""
    if _SERIAL.fullmatch(text):
        day = date(1899, 12, 30) + timedelta(days=int(float(text)))
        return f"It may be the spreadsheet's number of the day {day.isoformat()}: format the column as dates."
    if _SPAN.fullmatch(text.strip()):
        return f"It names more than one day: write the first day here and the last day in its own column. {_WRITE}"
    return _WRITE


def _year(text: str) -> int:
    if len(text) != 4:
        raise ValueError("Write the year with four digits.")
    return int(text)


Resolve = Callable[[Field, str], tuple[str, str, str]]
"""(value, expected, remedy) of a text; an empty `expected` means that it was accepted."""


def _texts(item: Field, cells: Sequence[str], tell: Teller, resolve: Resolve | None) -> Sequence[str]:
    if resolve is None:
        return cells
    known = {text: resolve(item, text) for text in set(cells) if text}
    wrong = {text for text, found in known.items() if found[1]}
    if wrong:
        for position in [p for p, text in enumerate(cells) if text in wrong]:
            tell(position, cells[position], *known[cells[position]][1:])
    values = {text: found[0] for text, found in known.items()} | {"": ""}
    return list(map(values.__getitem__, cells))


def _plain(cell: Any) -> str:
    """A cell as text: 123.0 from a number cell is the name "123", dates are ISO."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time(0) else cell.isoformat(sep=" ")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def _fold(text: str) -> str:
    return " ".join(text.split()).casefold()


def _listed(choices: Sequence[str]) -> str:
    shown = ", ".join(choices[:12])
    return f"one of {shown}" if len(choices) <= 12 else f"one of {shown}, ... ({len(choices)} choices)"


@lru_cache(maxsize=256)
def _folded(choices: tuple[str, ...]) -> dict[str, str]:
    return {_fold(choice): choice for choice in choices}


def _choice(item: Field, text: str) -> tuple[str, str, str]:
    found = _folded(item.choices).get(_fold(text))
    if found is not None:
        return found, "", ""
    return "", _listed(item.choices), did_you_mean(text, item.choices)


def _unit(item: Field, text: str) -> tuple[str, str, str]:
    from natcap.core.units import UnitError, unit

    try:
        found = unit(text)
    except UnitError as error:
        choices = tuple(getattr(error, "choices", ()) or item.choices)
        return "", _listed(choices) if choices else "a known unit", str(error)
    if item.dimension and found.dimension not in item.dimension.split("|"):
        return "", f"a unit of {item.dimension.replace('|', ' or ')}", f"{text!r} is a unit of {found.dimension}."
    if item.choices and found.id not in {unit(choice).id for choice in item.choices}:
        return "", _listed(item.choices), did_you_mean(text, item.choices)
    return found.id, "", ""
