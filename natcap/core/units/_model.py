"""What a unit is: an id, a name for people, its powers of base units and an exact size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

__all__ = ["MAX_CHARACTERS", "Dims", "Unit", "UnitError", "multiply"]

MAX_CHARACTERS = 40
"""Longest text that is looked at as a unit."""

Dims = tuple[tuple[str, Fraction], ...]
"""Powers of base units, sorted by base unit, none of them zero."""


class UnitError(ValueError):
    """A unit that is unknown, ambiguous or does not fit; `choices` are canonical ids that would do.

    `several` holds one error per distinct spelling when a whole column was read.
    """

    def __init__(self, message: str, choices: Sequence[str] = (), several: Sequence[UnitError] = ()) -> None:
        self.message = message
        self.choices: tuple[str, ...] = tuple(choices)
        self.several: tuple[UnitError, ...] = tuple(several)
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.message} (choose {', '.join(self.choices)})" if self.choices else self.message


@dataclass(frozen=True, slots=True)
class Unit:
    """One resolved unit. `size` is exact, in the base units of `dims`; equality is by id."""

    id: str
    label: str = field(compare=False)
    dimension: str = field(compare=False)
    size: Fraction = field(compare=False)
    dims: Dims = field(compare=False)
    parts: tuple[tuple[str, Fraction, int], ...] = field(default=(), compare=False)
    """For a rate: unit id, signed exponent and the round number in front, of each part."""

    def __str__(self) -> str:
        return self.id


def multiply(parts: Sequence[tuple[Dims, Fraction]]) -> Dims:
    """Combine the powers of several units, each raised to its exponent."""
    powers: dict[str, Fraction] = {}
    for dims, exponent in parts:
        for base, power in dims:
            powers[base] = powers.get(base, Fraction(0)) + power * exponent
    return tuple(sorted((base, power) for base, power in powers.items() if power))
