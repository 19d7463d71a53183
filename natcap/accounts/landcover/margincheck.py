"""Totals that a table of areas gives beside its parts: each has to be their sum, or is refused with both figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from natcap.accounts.landcover.sheet import Area, Sheet

__all__ = ["TOTAL", "Rounding", "check_totals", "is_total", "written"]

TOTAL = -1
"""Position of a total among positions of classes, and of zones."""
_TOTALS = frozenset({"total", "totals", "all", "sum", "all classes", "all zones", "grand total", "total area"})
_ROUNDED = (
    'Correct the one that is wrong. Where both are right and only rounded in print, set margins = "rounded" in '
    "[choices]: totals may then be off by the rounding of their parts, and the report says so"
)
_MOST = 50


def is_total(text: str) -> bool:
    """Whether a label stands for all zones or all classes together."""
    return " ".join(text.casefold().split()) in _TOTALS


@dataclass(frozen=True)
class Rounding:
    """How far a printed total of rounded areas may be off: half the last place, for each of its parts and itself."""

    place: Fraction
    allowed: bool

    @classmethod
    def of(cls, areas: Iterable[Area], allowed: bool) -> Rounding:
        """`place` is the last place of the most exact area of the table, in units of 0.01 m2, and no less than one."""
        places = [Fraction(10) ** int(a.written.as_tuple().exponent) * a.scale for a in areas if a.written]
        return cls(max(min(places, default=Fraction(1)), Fraction(1)), allowed)

    def units(self, parts: int) -> int:
        return int(self.place * (parts + 1) / 2)


def written(units: int | Fraction, like: Area) -> str:
    """Units of 0.01 m2 in the unit of another area of the table."""
    return f"{float(Fraction(units) / like.scale):,.10g} {like.unit}"


def _cells(parts: Sequence[Area], sheet: str) -> str:
    """Where the parts of a total stand, first and last."""
    ends = [p.cell if p.sheet == sheet else f"{p.sheet}!{p.cell}" for p in (*parts[:1], *parts[1:][-1:])]
    return f" in {' to '.join(ends)}" if ends else ""


def check_totals(table: Sheet, what: str, totals: Mapping[str, tuple[Area, Sequence[Area]]], rounding: Rounding
                 ) -> list[str]:  # fmt: skip
    """Refuse every total (by its label) that is not the sum of its parts; returns those that only rounding explains."""
    told: list[str] = []
    wrong = 0
    for label, (total, parts) in totals.items():
        summed = sum((part.exact for part in parts), Fraction(0))
        off = abs(summed - total.exact)
        if off <= 1:  # a sum made by a spreadsheet is off in its last digits; 0.01 m2 is no area
            continue
        if rounding.allowed and off <= rounding.units(len(parts)):
            told.append(label)
            continue
        wrong += 1
        if wrong <= _MOST:
            found = f"a total of {Decimal(total.written):,f} {total.unit} for {label}"
            expected = f"{written(summed, total)}, the sum of its {len(parts)} {what}{_cells(parts, total.sheet)}"
            table.tell_of(total, found, expected, _ROUNDED)
    if wrong > _MOST:
        table.tell("", f"a further {wrong - _MOST} totals", "totals that are the sums of their parts")
    return told
