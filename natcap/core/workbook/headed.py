"""Units in the header of a quantity, "Usage (kWh)": what they mean for the column, and where they contradict it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from natcap.core.units import UnitError, unit
from natcap.core.workbook.model import Field

__all__ = ["agreed", "disagreeing", "measured"]

_USED = re.compile(r"\b(?:total|used|usage|use|consumed|consumption|quantity)\b", re.IGNORECASE)


def agreed(item: Field, text: str) -> str:
    """The id of a header's unit where the unit field may hold it, else ""."""
    try:
        found = unit(text) if text else None
    except UnitError:
        return ""
    fits = found is not None and (not item.dimension or found.dimension in item.dimension.split("|"))
    return found.id if found and fits else ""


def measured(item: Field, text: str) -> str:
    """The unit that a header consists of, "kWh" or "Total litres used", where the unit field may hold it; else ""."""
    bare = " ".join(_USED.sub(" ", text).split()).strip("()[] ")
    return bare if item.dimension and len(bare) > 1 and agreed(item, bare) else ""


def disagreeing(item: Field, text: str, units: pd.Series, fixed: str) -> Iterator[tuple[str, str, str, bool]]:
    """(found, expected, remedy, whether a warning) where the unit in a header does not go with those of its rows.

    `units` are the ids that the rows have; `fixed` is a unit given for a column that the file does not have.
    """
    meant, held = agreed(item, text), units[units != ""]
    if not meant:
        yield _why(item, text)
    elif fixed and agreed(item, fixed) not in ("", meant):
        yield (
            f"{text} in the header, {fixed} given for the column", "one unit",
            "Correct the unit that was given for the column, or the header.", False,
        )  # fmt: skip
    elif (others := sorted(set(held) - {meant})) and not fixed:
        yield (
            f"{text} in the header above rows in {', '.join(others[:3])}", "one unit",
            "The unit of each row was taken. Correct the header, or the rows.", True,
        )  # fmt: skip


def _why(item: Field, text: str) -> tuple[str, str, str, bool]:
    expected = f"a quantity in a unit of {item.dimension.replace('|', ' or ')}" if item.dimension else "a known unit"
    try:
        return text, expected, f"{text!r} is a unit of {unit(text).dimension}.", False
    except UnitError as error:
        return text, "a unit that is one thing", str(error), False
