"""Land of a plan: what is created must be what is lost (official sheet A-2, cell K6), and what of a parcel is lost.

The official check sums the area lost (A-1, W261) and the area created (A-2, G259) without what takes no ground -
individual trees, green walls, integrated greening - and calls a difference of more than 0.01 ha, to either side, an
error. All other habitat counts, irreplaceable and bespoke included. Hedgerows and watercourses have no such check.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from natcap.accounts.biodiversity.edition import Edition

__all__ = ["SMALL", "Balance", "balance", "lost_of", "on_ground", "settled"]

SMALL = 1e-9
"""Share of a size or of a sum of units below which a difference is rounding of the arithmetic: sizes are surveyed to
a square metre of a hectare at best, and the sum of two decimals in binary is off by about 1e-16 of it."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Hectares lost and created in one place; exact sums of the decimals given."""

    lost: Decimal
    created: Decimal
    tolerance: Decimal

    @property
    def more(self) -> Decimal:
        """Hectares created over those lost; negative where land that is lost has nothing created on it."""
        return self.created - self.lost

    @property
    def holds(self) -> bool:
        return abs(self.more) <= self.tolerance


def balance(e: Edition, lost: Iterable[float], created: Iterable[float]) -> Balance:
    """The balance of sizes in hectares, of habitats `on_ground` only."""
    tolerance = _exact(e.multiplier("area_balance_tolerance_ha", "all"))
    return Balance(sum(map(_exact, lost), Decimal(0)), sum(map(_exact, created), Decimal(0)), tolerance)


def on_ground(e: Edition, habitat: str) -> bool:
    """Whether an area habitat takes ground of the site."""
    return habitat not in e.outside_site_area


def lost_of(size: float, retained: float, enhanced: float) -> float:
    """Size that is neither retained nor enhanced; 0 where that is rounding (SMALL), never below 0."""
    lost = size - retained - enhanced
    return lost if lost > SMALL * size else 0.0


def settled(value: float, scale: float) -> float:
    """A difference of units; 0 where it is rounding against the units that it is the difference of."""
    return 0.0 if abs(value) <= SMALL * abs(scale) else value


def _exact(value: float) -> Decimal:
    """The decimal that was written: 15 significant digits, the precision of a workbook cell."""
    return Decimal(f"{value:.15g}")
