"""Amounts in the cells of a table: areas with a unit, percentages of a total area, and counts of cells of a known size.

None of the three is taken for another: a unit is written somewhere, a percentage has an area that it is of, a count has
a size of its cells, and where that is missing the table is refused.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from natcap.accounts.landcover.heads import PERCENT, unit_in
from natcap.accounts.landcover.sheet import Area, Sheet
from natcap.accounts.margins import UNIT_AREA
from natcap.core.numbers import NumberError, number
from natcap.core.units import UnitError, convert, unit

__all__ = ["area_of", "cells_of", "part_of"]

_UNITS = "hectares (ha), square kilometres (km2), square metres (m2) or acres"
_UNIT_REMEDY = "Write the unit in the header, such as Area (ha), or in a column unit, or set area_unit in [choices]"
_PARTS = (
    "A percentage is no area. Give areas with their unit, or percentages beside a column Total area (ha) for each zone"
)
_OF_PARTS = frozenset(("%", "percent", "per cent", "percentage", "pct", "proportion", "fraction", "share"))
_OF_CELLS = frozenset(("pixel", "pixels", "cell", "cells", "count"))
_COUNTS = "A count of cells is no area. Set table_measure and table_cell_m in [choices], or give areas with their unit"


def _scale(text: str, table: Sheet, cell: str) -> Fraction | None:
    """Units of 0.01 m2 in one of the unit; None, and a problem, where it is no unit of area or could be several."""
    plain = text.strip().casefold()
    if plain in _OF_PARTS or plain in _OF_CELLS:
        table.tell(cell, f"the unit {text!r}", _UNITS, _PARTS if plain in _OF_PARTS else _COUNTS)
        return None
    try:
        found = unit(text)
    except UnitError as error:
        table.tell(cell, f"the unit {text!r}", _UNITS, str(error))
        return None
    if found.dimension != "area":
        table.tell(cell, f"the unit {text!r}", _UNITS, f"It is a unit of {found.dimension}, not of area")
        return None
    return Fraction(repr(convert(1.0, found, "m2"))) / Fraction(repr(UNIT_AREA))


def area_of(table: Sheet, row: int, column: int, chosen: str, scales: dict[str, Fraction | None], corner: str = "",
            blank: Any = "", header_unit: str | None = None) -> Area | None:  # fmt: skip
    """The area in one cell, exactly as written; None, and a problem with its cell, where it is none.

    The unit is that of the header, of the column unit, of the `corner` of a matrix, or the one `chosen` in natcap.toml,
    and of no two of them. `blank` is what an empty cell stands for, where somebody said so; `header_unit` is the unit
    of the header where somebody has read it.
    """
    cell, value = table.cell(row, column), table.at(row, column)
    value = blank if value == "" and cell not in table.faulty else value
    headed = unit_in(table.texts[column]) if header_unit is None else header_unit
    found = [text for text in (headed, table.text(row, "unit"), corner, chosen) if text]
    if not found:
        if "" not in scales:
            scales[""] = None
            table.tell(table.cell(table.header, column), "no unit of the areas", _UNITS, _UNIT_REMEDY)
        return None
    for text in found:
        if text not in scales:
            scales[text] = _scale(text, table, cell if text == table.text(row, "unit") else table.cell(table.header,
                                  column))  # fmt: skip
    known = [scales[text] for text in found]
    if None in known:
        return None
    if len(set(known)) > 1:
        table.tell(cell, f"the units {' and '.join(found)} for one area", "one unit", "Correct one of them")
        return None
    return _written(table, cell, value, found[0], known[0])


def _written(table: Sheet, cell: str, value: Any, text: str, scale: Fraction | None) -> Area | None:
    if value == "" and cell in table.faulty:
        return None
    if value == "":
        table.tell(
            cell, "an empty cell", "an area", "Write 0 where there is none; leave the row out where nobody knows"
        )
        return None
    try:
        plain = number(value)
    except NumberError as error:
        table.tell(cell, str(value), "an area, a number", str(error))
        return None
    if plain < 0:
        table.tell(cell, f"the area {plain:,.10g}", "an area of 0 or more", "Areas are never negative; enter a change "
                   "as from and to in a change_table")  # fmt: skip
        return None
    written = Decimal(repr(plain)).normalize()
    size = scale or Fraction(0)
    return Area(written, text, round(Fraction(written) * size), cell, size, table.name, table.shown)


def part_of(table: Sheet, row: int, column: int, measure: str, total: Area) -> Area | None:
    """The area that a percentage or share (`measure`) of a total area is; None, and a problem, where it is none."""
    most, sign = (100, "%") if measure == PERCENT else (1, "share")
    cell = table.cell(row, column)
    of = f"{sign} of {total.written:,f} {total.unit} in {total.cell}"
    found = _written(table, cell, table.at(row, column), of, total.exact / most)
    if found is not None and found.written > most:
        table.tell(
            cell, f"the {measure} {found.written:,f}", f"0 to {most}", "Correct it; or give areas with their unit"
        )
        return None
    return found


def cells_of(table: Sheet, row: int, column: int, side_m: float) -> Area | None:
    """The area of a count of square cells of that side in metres; None, and a problem, where it is no count."""
    cell = table.cell(row, column)
    size = Fraction(repr(side_m)) ** 2 / Fraction(repr(UNIT_AREA))
    found = _written(table, cell, table.at(row, column), f"cells of {side_m:g} m", size)
    if found is not None and found.written != found.written.to_integral_value():
        table.tell(
            cell, f"the count {found.written:,f}", "a whole number of cells", "Correct table_measure or the count"
        )
        return None
    return found
