"""Which cells of the tables a parcel rests on, and which of them another edition holds otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from natcap.accounts.biodiversity.differences import Cell, Difference
from natcap.accounts.biodiversity.edition import Edition, Kind, edition, editions
from natcap.accounts.biodiversity.units import Units
from natcap.core.problems import Problems

__all__ = ["Use", "apart", "others", "own", "tell", "used", "words_of"]

_CREATED, _ENHANCED = ("created", "creation"), ("enhanced", "enhancement")


@dataclass(frozen=True)
class Use:
    """A parcel as this module sees it: what it is, where its row stands, and the cells that its units rest on."""

    place: str
    sheet: str
    row: int
    address: str
    kind: Kind
    habitat: str
    cells: tuple[Cell, ...]


def used(e: Edition, kind: Kind, step: str, habitat: str, condition: str, before: str = "", start: str = "",
         units: Units | None = None) -> tuple[Cell, ...]:  # fmt: skip
    """Cells of years and difficulty of a parcel; none for one that stays as it is. Raises MetricError."""
    table = {"area": "area_habitats", "hedgerow": "hedgerows", "watercourse": "watercourses"}[kind]
    if step in _CREATED:
        cells: list[Cell] = [e.creation_cell(kind, habitat, condition), (table, habitat, "difficulty_creation")]
        band = units.difficulty_band if units else ""
        if band == e.held((table, habitat, "difficulty_enhancement")) != e.held(cells[1]):
            cells.append((table, habitat, "difficulty_enhancement"))
        return tuple(cells)
    if step in _ENHANCED:
        cell = e.enhancement_cell(kind, before, start, habitat, condition)
        return cell, (table, habitat, "difficulty_enhancement")
    return ()


def others(e: Edition) -> Iterator[Edition]:
    """Every other edition that is held."""
    for name in editions():
        if name != e.name:
            yield edition(name)


def own(e: Edition, cells: Iterable[Cell]) -> tuple[Difference, ...]:
    """The cells that the edition states itself, over the edition it is based on."""
    return tuple(e.differences[cell] for cell in cells if cell in e.differences)


def apart(e: Edition, other: Edition, cells: Iterable[Cell]) -> tuple[Cell, ...]:
    """The cells that the two editions hold otherwise."""
    return tuple(cell for cell in cells if e.held(cell) != other.held(cell))


def words_of(cell: Cell) -> str:
    """What a cell holds, in words."""
    table, _, column = cell
    return f"years to target, {column}" if table.endswith("_years") else column.replace("_", " ")


def tell(e: Edition, shown: str, uses: Sequence[Use], problems: Problems) -> None:
    """A warning for each parcel that rests on a cell in which the editions differ, with both values."""
    for other in others(e):
        for use in uses:
            for cell in apart(e, other, use.cells):
                here, there = e.held(cell), other.held(cell)
                found = f"the {words_of(cell)} of {use.habitat}, {here} in metric {e.name}"
                problems.add(shown, found, f"one value in every edition; metric {other.name} has {there}",
                             "Compare with the edition that the consenting body uses", sheet=use.sheet,
                             cell=use.address, warning=True)  # fmt: skip
