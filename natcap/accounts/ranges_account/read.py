"""Read how many draws the ranges rest on, and their seed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from natcap.accounts.wings import Reader
from natcap.core.project import FILE, shown_value, unquoted
from natcap.core.uncertainty import DRAWS

__all__ = ["FEWEST", "MOST", "SEED", "RangesInput", "read"]

SEED = 1
FEWEST, MOST = 1_000, 200_000
_BOUNDS: Mapping[str, tuple[int, int, int]] = {"draws": (DRAWS, FEWEST, MOST), "seed": (SEED, 0, 2**63 - 1)}


@dataclass(frozen=True, slots=True)
class RangesInput:
    """`draws` of every factor, and the `seed` of their PCG64 generators."""

    draws: int = DRAWS
    seed: int = SEED


def read(reader: Reader) -> RangesInput | None:
    """The two choices; None where one is wrong, which is then in the problems."""
    before = len(reader.problems.errors)
    found: dict[str, int] = {}
    for name, (usual, low, high) in _BOUNDS.items():
        value = reader.project.choices.get(name, usual)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            expected = f"{name}: a whole number from {low:,} to {high:,}"
            remedy = unquoted(name, value) or f"Left out it is {usual}"
            reader.problems.add(FILE, shown_value(value), expected, remedy, cell=f"choices.{name}")
        else:
            found[name] = value
    return None if len(reader.problems.errors) > before else RangesInput(**found)
