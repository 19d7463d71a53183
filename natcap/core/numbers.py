"""Numbers from people: a closed grammar, and refusal with the possible readings where a text could mean two numbers.

Accepted as text: `1234`, `1,234`, `12 500` (space, no-break or thin space), `1,234.5`, `-3`, `−3`, `0.125`, `.5`,
`12.34`, `1.5e3`. Refused: `1.234` (1.234 or 1,234?), `1,5`, `1.000,5`, `1 234,5`, `(3)`, `5 %`, `nan`, `inf`,
`1e999`, digits that are not ASCII, anything over 40 characters. A cell that holds a true number is that number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["MAX_CHARACTERS", "NumberError", "money_number", "number", "number_column"]

MAX_CHARACTERS = 40
_SPACES = dict.fromkeys(map(ord, "\t\n\r\u00a0\u2009\u202f"), " ")
_MINUS = {ord("\u2212"): "-"}
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:(?:,[0-9]{3})+|(?: [0-9]{3})+)(?:\.[0-9]+)?")
_DOUBTFUL_DOT = re.compile(r"([+-]?)([1-9][0-9]{0,2})\.([0-9]{3})")
_DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+|[+-]?[0-9]{1,3}(?:[. ][0-9]{3})+,[0-9]+")
_DOT_GROUPS = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_POUNDS = re.compile(r"([+-]?) ?(?:£|GBP) ?(.+)|(.+?) ?(?:GBP)", re.IGNORECASE)

_NOTHING = frozenset(
    ("n/a", "na", "n.a.", "-", "--", "\u2013", "\u2014", "nil", "none", "tbc", "tba", "unknown", "?", "null")
)
_NEARLY = re.compile(
    r"(?:approx\w*\.?|about|circa|c\.?|ca\.?|est\w*\.?|~|<|>|\u2248) ?[0-9][0-9,. ]*|[0-9][0-9,. ]*[*?]+", re.IGNORECASE
)


class NumberError(ValueError):
    """A text that is not one number; `readings` are the numbers it could have meant."""

    def __init__(self, message: str, readings: Sequence[float] = ()) -> None:
        self.message = message
        self.readings: tuple[float, ...] = tuple(readings)
        super().__init__(message)

    def __str__(self) -> str:
        if not self.readings:
            return self.message
        return f"{self.message} (could be {' or '.join(_plainly(r) for r in self.readings)})"


def _plainly(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _shown(text: str) -> str:
    return repr(text if len(text) <= MAX_CHARACTERS else text[:MAX_CHARACTERS] + "...")


def _european(text: str) -> float:
    return float(text.replace(".", "").replace(" ", "").replace(",", "."))


def _refusal(text: str, shown: str) -> NumberError:
    """Say what is wrong with a text outside the grammar; text has spaces folded."""
    if _DOT_GROUPS.fullmatch(text):
        return NumberError(
            f"{shown} has dots between its thousands; write commas, spaces or nothing", [_european(text)]
        )
    if _DECIMAL_COMMA.fullmatch(text):
        readings = [_european(text)]
        if "." not in text and " " not in text:
            readings.append(float(text.replace(",", "")))
        return NumberError(f"{shown} has a comma where a decimal point or whole thousands are expected", readings)
    if text.casefold().strip("+-") in {"nan", "inf", "infinity"}:
        return NumberError(f"{shown} is not a finite number")
    if text.endswith("%"):
        return NumberError(f"{shown}: write the number alone and put the unit, percent, in its own column")
    if text.startswith("(") and text.endswith(")"):
        return NumberError(f"{shown} has brackets: write a minus sign if it is negative")
    if any(sign in text for sign in "£$€"):
        return NumberError(f"{shown} has a currency sign: write the number alone")
    if re.fullmatch(r"[+-]?[0-9][0-9,. ]*[a-zA-Z].*", text):
        return NumberError(f"{shown} has letters after the number: put the unit in its own column")
    if text.casefold() in _NOTHING:
        return NumberError(f"{shown} says that there is no number: leave out what is not known, it is not zero")
    if _NEARLY.fullmatch(text):
        return NumberError(
            f"{shown} is not one exact number: write the number alone, and beside it that it is estimated"
        )
    return NumberError(f"{shown} is not a number")


def _from_text(given: str) -> float:
    if len(given) > MAX_CHARACTERS:
        raise NumberError(f"{_shown(given)} is longer than {MAX_CHARACTERS} characters")
    text = given.translate(_SPACES).translate(_MINUS).strip(" ")
    if not text:
        raise NumberError("no number is given")
    doubtful = _DOUBTFUL_DOT.fullmatch(text)
    if doubtful:
        raise NumberError(
            f"{_shown(given)} is ambiguous as text: the dot may be a decimal point or a thousands mark; write it as a "
            "number, or with other than three decimals",
            [float(text), float(text.replace(".", ""))],
        )
    if not (_PLAIN.fullmatch(text) or _GROUPED.fullmatch(text)):
        raise _refusal(text, _shown(given))
    value = float(text.replace(",", "").replace(" ", ""))
    mantissa = re.split("[eE]", text)[0]
    if not math.isfinite(value) or (value == 0 and re.search("[1-9]", mantissa)):
        raise NumberError(f"{_shown(given)} is outside the range of numbers that can be computed with")
    return value


def number(given: object) -> float:
    """Read one number from a text or a numeric value. Raises NumberError, with the readings, for anything else."""
    if isinstance(given, str):
        return _from_text(given)
    if isinstance(given, (bool, np.bool_)):
        raise NumberError(f"{given} is yes or no, not a number")
    if given is None or given is pd.NA or given is pd.NaT:
        raise NumberError("no number is given")
    if not isinstance(given, Real) and not hasattr(given, "as_tuple"):
        raise NumberError(f"a number is expected, not {type(given).__name__}")
    try:
        value = float(given)  # type: ignore[arg-type]
    except (OverflowError, ValueError):
        raise NumberError("the number is outside the range that can be computed with") from None
    if not math.isfinite(value):
        raise NumberError("no number is given" if math.isnan(value) else "the number is infinite")
    return value


def money_number(given: object) -> float:
    """Like `number`, and a text may carry a pound sign or GBP: `£1,234.50`, `-£5`, `20 GBP`."""
    if isinstance(given, str) and len(given) <= MAX_CHARACTERS:
        text = given.translate(_SPACES).translate(_MINUS).strip(" ")
        match = _POUNDS.fullmatch(text)
        if match:
            bare = match[2] or match[3]
            if match[1] and bare[:1] in "+-":
                raise NumberError(f"{_shown(given)} has two signs")
            return number((match[1] or "") + bare)
    return number(given)


def number_column(values: Iterable[object]) -> tuple[NDArray[np.float64], list[tuple[int, NumberError]]]:
    """Read a column (shape n). Blanks (None, NaN, empty text) become NaN without an error: the caller decides.

    Returns the numbers and, for each value that is not one number, its position and the error; such a value is NaN.
    """
    array = values.to_numpy() if isinstance(values, pd.Series) else values
    if isinstance(array, np.ndarray) and array.dtype.kind in "iuf":
        floats = array.astype(np.float64)
        infinite = np.flatnonzero(np.isinf(floats))
        floats[infinite] = np.nan
        return floats, [(int(i), NumberError("the number is infinite")) for i in infinite]
    return _mixed_column(list(array))


def _blank(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))


def _mixed_column(values: list[object]) -> tuple[NDArray[np.float64], list[tuple[int, NumberError]]]:
    """Read values of any kind; each distinct text is read once."""
    floats = np.full(len(values), np.nan)
    wrong: list[tuple[int, NumberError]] = []
    known: dict[str, float | NumberError] = {}
    for place, value in enumerate(values):
        if type(value) is float and math.isfinite(value):
            floats[place] = value
            continue
        if _blank(value):
            continue
        found = known.get(value) if isinstance(value, str) else None
        if found is None:
            try:
                found = number(value)
            except NumberError as error:
                found = error
            if isinstance(value, str):
                known[value] = found
        if isinstance(found, NumberError):
            wrong.append((place, found))
        else:
            floats[place] = found
    return floats, wrong
