"""Text as it may stand in a cell: no control characters, within a cell's length, headers with their units."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.core.report import Column, Section

__all__ = [
    "LINE_HEIGHT", "LONGEST", "clean", "format_of", "header", "height_of", "shorthand", "shown",
    "unit_words",
]  # fmt: skip

LONGEST = 32_767
LINE_HEIGHT = 15.75
"""Points of one line of 12 point text."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_SIGN = re.compile(r"^[✓✔✗✘●■▲▼★]\s+(?=\w)")
"""A sign before words, which adds nothing for a reader and is read aloud as "heavy check mark"."""
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
    text = _SIGN.sub("", text)
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
    """A unit as printed in a header: "GBP_2024" and "GBP, 2024 prices" -> "£, 2024 prices"; else its label where
    the registry knows it."""
    money = re.fullmatch(r"GBP_(\d{4})(.*)", unit)
    plain = re.fullmatch(r"GBP(?:, (\d{4}) prices| in prices of (\d{4}))", unit)
    if plain:
        return f"£, {plain[1] or plain[2]} prices"
    if unit.startswith("GBP of "):
        return f"£{unit[3:]}"
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


def format_of(column: Column, section: Section) -> Callable[[Any], str]:
    """The number format by value of a column's cells.

    Decimals as declared; else as many as the column's unit needs in this section, so that columns that add up look
    alike. A column without a unit may mix units, so there each cell has its own decimals.
    """
    fixed = {"year": "0", "date": "yyyy-mm-dd", "integer": "#,##0"}.get(column.kind)
    decimals = column.decimals
    if fixed is None and column.kind == "percent":
        decimals = 1 if decimals is None else decimals
        fixed = f"0.{'0' * decimals}%" if decimals else "0%"
    if fixed is None and decimals is None:
        alike = [c for c in section.columns if (c.kind, c.unit, c.decimals) == (column.kind, column.unit, None)]
        sizes = np.concatenate([_sizes(section.table[c.name]) for c in alike])
        if not column.unit and column.kind == "number" and sizes.size:
            return lambda value: "#,##0" if value is None or value != value else _cell_format(float(value))
        decimals = _decimals(sizes, column.kind)
    code = fixed or _code(decimals or 0)
    return lambda value: code


def _code(decimals: int) -> str:
    return "#,##0" + (f".{'0' * decimals}" if decimals else "")


def _sizes(values: pd.Series) -> npt.NDArray[np.float64]:
    numbers = pd.to_numeric(values, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    sizes: npt.NDArray[np.float64] = np.abs(numbers[np.isfinite(numbers) & (numbers != 0)])
    return sizes


def _decimals(sizes: npt.NDArray[np.float64], kind: str) -> int:
    """Three figures of the middle amount and at least one of the smallest, with at most three decimals for that."""
    if sizes.size == 0 or bool(np.all(sizes == np.round(sizes))):
        return 0
    if kind == "money":
        return 0 if np.median(sizes) >= 1_000 else 2
    middle = int(np.clip(2 - np.floor(np.log10(np.median(sizes))), 0, 8))
    return max(middle, int(np.clip(-np.floor(np.log10(sizes.min())), 0, 3)))


def _cell_format(value: float) -> str:
    """Five significant figures of one amount, in powers of ten where decimals would be many."""
    size = abs(value)
    if size == 0 or (size >= 1 and size == round(size)):
        return "#,##0"
    if size < 1e-5:
        return "0.00E+00"
    return _code(max(0, 4 - int(np.floor(np.log10(size)))))


def shown(value: float, code: str) -> str:
    """A number as a format of this module shows it, with a true minus."""
    if "E" in code:
        return f"{value:.2e}".replace("-", "\N{MINUS SIGN}")
    decimals = len(code.partition(".")[2].rstrip("%"))
    text = f"{value:.{decimals}%}" if code.endswith("%") else f"{value:{',' if ',' in code else ''}.{decimals}f}"
    return text.replace("-", "\N{MINUS SIGN}")


def height_of(texts: Iterable[tuple[str, float]], size: float = 1.0) -> float | None:
    """Row height for texts wrapped in columns of the given widths; None where one line is enough. `size`: of the print
    against the usual one.

    Spreadsheets do not all grow rows by themselves when they open a file.
    """
    lines = 1
    for text, width in texts:
        if len(text) >= width:
            room = max(int(width * 1.1) - 1, 4)
            lines = max(lines, sum(max(1, len(textwrap.wrap(part, room))) for part in text.splitlines()))
    return None if lines == 1 else min(lines * LINE_HEIGHT * size + 2.25, 400.5)
