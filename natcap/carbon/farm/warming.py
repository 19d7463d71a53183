"""Global warming potentials of the farm's gases: methane of animals and manure is biogenic."""

from __future__ import annotations

from functools import lru_cache

from natcap.core.gwp import Gwp, gwp
from natcap.core.report import FactorRef
from natcap.core.sources import source

__all__ = ["ref_of", "warming"]

_CO2E = Gwp(1.0, "CO2e", "", "gwp-definition", "by definition", "derived", "gwp.CO2e")


@lru_cache(maxsize=8)
def warming(name: str) -> dict[str, Gwp]:
    """GWP-100 of CO2, CH4 and N2O in the set AR4, AR5 or AR6, by gas; CO2e counts as itself."""
    return {"CO2": gwp("CO2", name), "CH4": gwp("CH4_biogenic", name), "N2O": gwp("N2O", name), "CO2e": _CO2E}


def ref_of(found: Gwp) -> FactorRef:
    """The potential as shown in a walk back."""
    return FactorRef(
        found.id,
        f"GWP-100 of {found.gas} ({found.set})",
        found.value,
        "kg CO2e/kg",
        source(found.source).cite(),
        found.locator,
        found.verified,
        found.note,
    )
