"""Amounts as a chart shows them: in millions or billions where they're large, names wrapped in full."""

from __future__ import annotations

import textwrap
from dataclasses import replace

import numpy as np
import pandas as pd

from natcap.core.report import Chart, Column, Section

from .words import unit_label

__all__ = ["eased", "scaled_unit", "wrapped"]

_WIDTH, _LINES = 24, 4
_STEPS = ((1e10, 1e9, "billion"), (2e6, 1e6, "million"))
"""From which largest amount, divided by what, in which word."""


def wrapped(names: list[str], width: int = _WIDTH) -> dict[str, str]:
    """Names in lines for an axis, each still different from all others; more than four lines end in an ellipsis."""
    made: dict[str, str] = {}
    for name in names:
        lines = textwrap.wrap(name, width)
        cut = len(lines) > _LINES
        text = "\n".join([*lines[: _LINES - 1], lines[_LINES - 1][: width - 1] + "\u2026"] if cut else lines) or name
        while text in made.values():
            text += "\u200a"
        made[name] = text
    return made


def scaled_unit(unit: str, word: str) -> str:
    """The unit of an amount in millions or billions: "£ million, 2023 prices", "million t C"."""
    label = unit_label(unit)
    return f"£ {word}{label[1:]}" if label.startswith("£") else f"{word} {label}".strip()


def eased(section: Section, chart: Chart, rows: pd.DataFrame) -> Section:
    """The section with the amounts of a chart in millions or billions where they're large; the table stays as it is."""
    names = {n for n in (chart.y, chart.low, chart.high) if n}
    drawn = [c for c in section.columns if c.name in names and c.kind not in ("percent", "year", "text", "date")]
    if not any(c.name == chart.y and c.unit for c in drawn):
        return section
    sizes = np.abs(rows[[c.name for c in drawn]].to_numpy(dtype="float64"))
    largest = float(np.nanmax(sizes)) if np.isfinite(sizes).any() else 0.0
    for least, by, word in _STEPS:
        if largest >= least:
            table = section.table.assign(**{c.name: section.table[c.name] / by for c in drawn})
            columns = tuple(_in(c, word) if c in drawn else c for c in section.columns)
            return replace(section, table=table, columns=columns)
    return section


def _in(column: Column, word: str) -> Column:
    return replace(column, unit=scaled_unit(column.unit, word), decimals=None)
