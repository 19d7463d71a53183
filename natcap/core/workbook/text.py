"""Text as it may stand in a cell: no control characters, within a cell's length, headers with their units."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.core.report import Column

__all__ = [
    "LINE_HEIGHT", "LONGEST", "clean", "format_of", "header", "height_of", "number_format", "shorthand", "shown",
    "unit_words",
]  # fmt: skip

LONGEST = 32_767
LINE_HEIGHT = 15.75
"""Points of one line of 12 point text."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_CUT = " [cut here: the whole text is in the CSV and JSON files]"

shorthand: dict[str, str] = {
    "[b]": "Break in the series",
    "[c]": "Suppressed to protect confidentiality",
    "[e]": "Estimated",
    "[f]": "Forecast",
    "[low]": "Not zero, but rounds to zero",
    "[p]": "Provisional",
    "[r]": "Revised",
    "[u]": "Low reliability",
    "[w]": "None recorded",
    "[x]": "Not available",
    "[z]": "Not applicable",
}
"""Markers for cells without a number, with their meanings."""


def clean(text: str, tell: Callable[[str], None]) -> str:
    """The text as a cell can hold it; `tell` is called with what was changed."""
    if _CONTROL.search(text):
        tell("control characters were removed from a text")
        text = _CONTROL.sub("", text)
    size = len(text) if len(text) <= LONGEST // 2 else len(text.encode("utf-16-le")) // 2
    if size > LONGEST:
        tell(f"a text of {size:,} characters was cut to {LONGEST:,}")
        kept = text.encode("utf-16-le")[: 2 * (LONGEST - len(_CUT))].decode("utf-16-le", "ignore")
        text = kept + _CUT
    if text.startswith("<r>") and text.endswith("</r>"):  # XlsxWriter would take it for its own markup
        tell("a text that looks like markup was set off by a space")
        text = " " + text
    return text


def unit_words(unit: str) -> str:
    """A unit as printed in a header: "GBP_2024" -> "£, 2024 prices"; else its label where the registry knows it."""
    money = re.fullmatch(r"GBP_(\d{4})(.*)", unit)
    if money:
        return f"£{money[2].replace('_', ' ')}, {money[1]} prices"
    if unit in _WORDS:
        return _WORDS[unit]
    from natcap.core.units import UnitError
    from natcap.core.units import unit as known

    try:
        found = known(unit)
    except UnitError:
        return unit.replace("_", " ")
    return str(found.label) if found.id == unit else unit


_WORDS = {"GBP": "£", "kg_co2e": "kg CO2e", "t_co2e": "tonnes CO2e", "tonne": "tonnes", "percent": "%", "": ""}


def header(column: Column) -> str:
    """The header of a column with its unit in brackets, unless the label has it already."""
    words = unit_words(column.unit)
    if not words or f"({words})" in column.label or f"({column.unit})" in column.label:
        return column.label
    return f"{column.label} ({words})"


def number_format(column: Column, values: pd.Series) -> str:
    """The number format of a column: decimals as declared, else three significant figures of its smallest amount."""
    if column.kind == "year":
        return "0"
    if column.kind == "date":
        return "yyyy-mm-dd"
    decimals = column.decimals
    if column.kind == "percent":
        return f"0.{'0' * decimals}%" if decimals else "0%" if decimals == 0 else "0.0%"
    if decimals is None:
        sizes = _sizes(values)
        whole = column.kind == "integer" or bool(np.all(sizes == np.round(sizes)))
        decimals = 0 if whole else _decimals(sizes, column.kind)
    return "#,##0" + (f".{'0' * decimals}" if decimals else "")


def _sizes(values: pd.Series) -> npt.NDArray[np.float64]:
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    sizes: npt.NDArray[np.float64] = np.abs(numbers[np.isfinite(numbers) & (numbers != 0)])
    return sizes


def _decimals(sizes: npt.NDArray[np.float64], kind: str) -> int:
    if kind == "money":
        return 0 if np.median(sizes) >= 1_000 else 2
    return int(np.clip(2 - np.floor(np.log10(sizes.min())), 0, 8))


def format_of(column: Column, values: pd.Series) -> Callable[[Any], str]:
    """The number format by value: the column's, or each cell's own where amounts differ more than a thousandfold."""
    code = number_format(column, values)
    if column.kind == "number" and column.decimals is None:
        sizes = _sizes(values)
        if sizes.size > 1 and sizes.max() > 1e3 * sizes.min() and not bool(np.all(sizes == np.round(sizes))):
            return lambda value: code if value is None or value != value else _cell_format(float(value))
    return lambda value: code


def _cell_format(value: float) -> str:
    """Four significant figures of one amount, in powers of ten where decimals would be many."""
    size = abs(value)
    if size == 0 or (size >= 1 and size == round(size)):
        return "#,##0"
    if size < 1e-5:
        return "0.00E+00"
    decimals = max(0, 3 - int(np.floor(np.log10(size))))
    return "#,##0" + (f".{'0' * decimals}" if decimals else "")


def shown(value: float, code: str) -> str:
    """A number as a format of this module shows it, with a true minus."""
    if "E" in code:
        return f"{value:.2e}".replace("-", "\N{MINUS SIGN}")
    decimals = len(code.partition(".")[2].rstrip("%"))
    text = f"{value:.{decimals}%}" if code.endswith("%") else f"{value:{',' if ',' in code else ''}.{decimals}f}"
    return text.replace("-", "\N{MINUS SIGN}")


def height_of(texts: Iterable[tuple[str, float]]) -> float | None:
    """Row height for texts wrapped in columns of the given widths; None where one line is enough.

    Spreadsheets do not all grow rows by themselves when they open a file.
    """
    lines = 1
    for text, width in texts:
        if len(text) >= width:
            room = max(int(width * 1.05) - 2, 4)
            lines = max(lines, sum(max(1, len(textwrap.wrap(part, room))) for part in text.splitlines()))
    return None if lines == 1 else min(lines * LINE_HEIGHT + 2.25, 400.5)
