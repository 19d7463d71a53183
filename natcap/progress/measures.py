"""Measures of an organisation or a plan: neutrality balance, delivery, headroom, circular use of material.

Method sheet on progress tracking, A3, rows 10 to 13; the worked numbers are the tests.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Balance", "TerritoryClaim", "circular_use", "delivery", "headroom", "neutrality", "refuse_territory"]


class TerritoryClaim(ValueError):
    """Somebody asked for a carbon-neutral claim about a territory."""


def refuse_territory(subject: str) -> None:
    """Raise TerritoryClaim for `subject`: the standard for such claims leaves territories out.

    ISO 14068-1:2023 says in its scope that it is not meant for regions, countries, states or cities.
    """
    raise TerritoryClaim(
        f"{subject} is a territory. ISO 14068-1 on carbon neutrality is not meant for regions, countries, states or "
        "cities, so no claim of neutrality is made for it. Its net emissions against its target are shown instead."
    )


@dataclass(frozen=True, slots=True)
class Balance:
    """Neutrality balance of an organisation, t CO2e. `residual` is left after removals inside the boundary."""

    gross: float
    residual: float
    balance: float
    may_claim: bool
    why: str


def neutrality(
    scopes: Sequence[float],
    removals: float,
    retired: float,
    *,
    plan: bool = False,
    reductions_shown: bool = False,
    territory: str = "",
) -> Balance:
    """Scopes 1 to 3 less removals inside the boundary, then less credits retired.

    A claim needs a balance of zero or less, a management plan, and reductions that came first (ISO 14068-1).
    Raises TerritoryClaim when `territory` names an area, ValueError for negative amounts.
    """
    if territory:
        refuse_territory(territory)
    if min(*scopes, removals, retired, 0) < 0:
        raise ValueError("amounts are entered as positive numbers; removals and credits are subtracted here")
    gross = math.fsum(scopes)
    residual = gross - removals
    left = residual - retired
    missing = [] if left <= 0 else [f"{left:,.4g} t CO2e are left"]
    missing += [] if plan else ["there is no management plan"]
    missing += [] if reductions_shown else ["reductions are not shown"]
    return Balance(gross, residual, left, not missing, "; ".join(missing))


def delivery(parts: Sequence[tuple[float, float, float]]) -> float:
    """Delivery index of a plan: sum of weight * min(done / planned, 1) over (done, planned, weight).

    Capped part by part, so that one over-delivery hides no miss. Weights must sum to 1, plans be above zero.
    """
    if not math.isclose(math.fsum(w for _, _, w in parts), 1.0, abs_tol=1e-9):
        raise ValueError("the weights must sum to 1")
    if any(planned <= 0 or done < 0 or weight < 0 for done, planned, weight in parts):
        raise ValueError("plans must be above zero, deliveries and weights zero or more")
    return math.fsum(weight * min(done / planned, 1.0) for done, planned, weight in parts)


def headroom(firm: float, peak: float, accepted: float) -> tuple[float, float]:
    """Demand headroom of a substation in MVA and its utilisation by peak demand as a share."""
    if firm <= 0:
        raise ValueError("firm capacity must be above zero")
    return firm - peak - accepted, peak / firm


def circular_use(recycled: float, imported: float, exported: float, consumption: float) -> float:
    """Circular material use rate U / (DMC + U), U = recycled here - waste imported + waste exported for recovery."""
    use = recycled - imported + exported
    if use < 0 or consumption <= 0:
        raise ValueError("circular use must be zero or more and material consumption above zero")
    return use / (consumption + use)
