"""How businesses are spread: bands of an amount, of which none is of so few that it shows one of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from natcap.carbon.business.figures import UNIT
from natcap.carbon.business.portfolio.batch import Batch
from natcap.carbon.business.portfolio.model import MEASURES
from natcap.core.report import Chart, Column, Section

__all__ = ["bands", "distributions"]

_STEPS: tuple[tuple[float, ...], ...] = (
    (1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9), (1, 1.5, 2, 3, 4, 5, 6, 8), (1, 2, 3, 5), (1, 2, 5),
    (1, 3), (1,),
)  # fmt: skip
"""Ends of bands within a power of ten, the finest first; taken are the finest that make no more than _MOST bands."""
_MOST = 12


def distributions(batch: Batch) -> tuple[Section, ...]:
    """The spread of the totals, and of each intensity that is known; none where one band would hold them all."""
    asked = [("total", "total", "Total", UNIT)]
    asked += [(f"per_{name}", name, f"Intensity by {name}", MEASURES[name][0]) for name in batch.benchmarks]
    made = (_section(batch, column, name, label, unit) for column, name, label, unit in asked)
    return tuple(section for section in made if section is not None)


def bands(values: NDArray[np.float64], least: int) -> list[tuple[float, float, int]]:
    """(from, below, how many) of ascending bands that hold all values, each at least `least` of them.

    Bands end at round numbers, so that no end says what a business emits; -inf and inf stand for open
    ends. A band of fewer is joined with the next one up, the last with the one below. Empty for fewer than `least`.
    """
    if len(values) < least:
        return []
    ends = _ends(values)
    counts = np.histogram(values, np.array([-np.inf, *ends, np.inf]))[0].tolist()
    found: list[tuple[float, float, int]] = []
    start, held = -np.inf, 0
    for count, end in zip(counts, [*ends, np.inf], strict=True):
        held += count
        if held >= least:
            found.append((float(start), float(end), held))
            start, held = end, 0
    first, _, number = found.pop()
    return [*found, (first, np.inf, number + held)]


def _ends(values: NDArray[np.float64]) -> list[float]:
    """Ends above the smallest and up to the largest of the values above zero."""
    known = values[values > 0]
    if not len(known):
        return []
    least, most = known.min(), known.max()
    powers = range(int(np.floor(np.log10(least))), int(np.ceil(np.log10(most))) + 1)
    for steps in _STEPS:
        ends = [round(step * 10.0**power, 12) for power in powers for step in steps]
        ends = [end for end in ends if least < end <= most]
        if len(ends) < _MOST:
            break
    return ends


def _section(batch: Batch, column: str, name: str, label: str, unit: str) -> Section | None:
    values = batch.table[column].to_numpy("float64")
    known, least = values[~np.isnan(values)], batch.inputs.ways.suppress_below
    found = bands(known, least)
    if len(found) < 2:
        return None
    counts = [n for _, _, n in found]
    names = [_words(start, end) for start, end, _ in found]
    table = pd.DataFrame({
        "band": [*names, batch.inputs.counted.capitalize()], "n": [*map(float, counts), float(len(known))],
        "share": [*(n / len(known) for n in counts), 1.0],
    })  # fmt: skip
    last = len(table) - 1
    columns = (
        Column("band", f"{label} ({unit})"), Column("n", "Businesses", "", "integer"),
        Column("share", "Share of the businesses", "%", "percent", 1, f"[n]/[n@{last}]"),
    )  # fmt: skip
    said = _finding(counts, names, len(known), unit)
    missing = len(values) - len(known)
    notes = [f"Bands of fewer than {least} businesses are joined with the next, so that none shows a single business."]
    if missing:
        notes.append(f"{missing:,} businesses have no {label.lower()} and are in no band.")
    chart = Chart("bar", said, "band", "n")
    return Section(f"distribution_{name}", f"Distribution: {label.lower()}", table, columns, f"{said}.", tuple(notes),
                   charts=(chart,), total_rows=(last,), cells={(last, "n"): "SUM({n})"})  # fmt: skip


def _finding(counts: Sequence[int], names: Sequence[str], whole: int, unit: str) -> str:
    most = int(np.argmax(counts))
    share = f"{counts[most] / whole:.0%}".replace("%", " %")
    return f"{share} of {whole:,} businesses emit {names[most]} {unit}"


def _words(start: float, end: float) -> str:
    if np.isinf(start) and np.isinf(end):
        return "any amount"
    if np.isinf(start):
        return f"below {end:,g}"
    return f"{start:,g} or more" if np.isinf(end) else f"{start:,g} to below {end:,g}"
