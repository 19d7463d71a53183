"""A number and its unit in one cell, "1,234 kWh": taken apart where the unit is known and no other stands beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from natcap.core.numbers import NumberError, number
from natcap.core.workbook.find import Header
from natcap.core.workbook.model import TableModel
from natcap.core.workbook.rows import Body

__all__ = ["part_units"]

_BOTH = re.compile(r"([-+\u2212]?[0-9.][0-9., \u00a0\u2009\u202f]*?)\s*([A-Za-z][A-Za-z0-9 .()/_²³-]*)")
_MOST = 40
Tell = Callable[[int, object, str, str], None]
"""(position among the rows, found, expected, remedy) of a quantity's cell."""


def part_units(
    body: Body, header: Header, model: TableModel, tell: Callable[[str], Tell], fixed: Mapping[str, str]
) -> None:
    """Move the units in the cells of each quantity to its unit column, which need not be there.

    A unit that contradicts the one in the unit column is a problem; a text that is no number with a known unit stays
    as it is and is refused with its own reason. `fixed` has the units given for columns that the file does not have.
    """
    for item in model.fields:
        at = header.columns.get(item.name)
        if not item.unit_field or at is None or str not in body.kinds.get(item.name, set()):
            continue
        parted = _parted(body.cells[item.name])
        if not parted:
            continue
        cells = list(body.cells[item.name])
        units = _units(body, header, item.unit_field, fixed.get(item.unit_field, ""), len(cells))
        for position, (value, unit) in parted.items():
            beside = units[position]
            if beside == "" or _same(beside, unit):
                cells[position], units[position] = value, beside or unit
            else:
                tell(item.name)(
                    position, cells[position], f"the unit of its own column, {beside}", "Correct one of them."
                )
                cells[position] = value
        body.cells[item.name], body.cells[item.unit_field] = cells, units
        body.kinds[item.name], body.kinds[item.unit_field] = {str, float}, set(map(type, units))
        header.columns.setdefault(item.unit_field, at)


def _units(body: Body, header: Header, name: str, fixed: str, rows: int) -> list[Any]:
    """The cells of the unit column; where there is none, the unit of the header or the one that was given."""
    if name in header.columns:
        return list(body.cells[name])
    return [fixed or header.units.get(name, ("", 0))[0]] * rows


def _parted(cells: list[Any]) -> dict[int, tuple[float, str]]:
    """(number, unit) by position of the cells that are both; each distinct text is looked at once."""
    known: dict[str, tuple[float, str] | None] = {}
    found = {}
    for position, cell in enumerate(cells):
        if type(cell) is not str or not cell or (not cell[-1:].isalnum() and cell[-1:] not in ")²³."):
            continue
        if cell not in known:
            known[cell] = _part(cell)
        if (pair := known[cell]) is not None:
            found[position] = pair
    return found


def _part(text: str) -> tuple[float, str] | None:
    both = _BOTH.fullmatch(text) if len(text) <= _MOST else None
    if both is None or not _is_unit(both[2]):
        return None
    try:
        return number(both[1].strip()), both[2]
    except NumberError:
        return None


def _is_unit(text: str) -> bool:
    from natcap.core.units import UnitError, unit

    try:
        return bool(unit(text))
    except UnitError as error:
        return bool(error.choices)  # an ambiguous unit is one, and is asked about


def _same(first: Any, second: str) -> bool:
    from natcap.core.units import UnitError, unit

    try:
        return str(first).casefold() == second.casefold() or bool(unit(str(first)).id == unit(second).id)
    except UnitError:
        return False
