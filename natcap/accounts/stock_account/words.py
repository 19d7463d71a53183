"""Words and notes of the carbon account."""

from __future__ import annotations

from natcap.accounts.stock_account.view import View

__all__ = ["BANNER", "ENTRIES", "depth_note", "notes"]

BANNER = (
    "The carbon account rests on densities and rates of change that were recalled or judged, not read at their source: "
    "for orientation only, not for publication."
)
ENTRIES: dict[str, str] = {
    "managed_expansion": "Managed expansion",
    "unmanaged_expansion": "Unmanaged expansion",
    "growth": "Growth of standing vegetation",
    "reappraisal_up": "Upward reappraisals",
    "conversion": "Conversion of land",
    "harvest": "Harvest",
    "disturbance": "Disturbance",
    "reappraisal_down": "Downward reappraisals",
}
_GIVEN = (
    "[x]: growth, harvest and disturbance of land that kept its class are known only where carbon_movements gives "
    "them; they are left out of the sums, not counted as zero."
)
_LEFT_OUT = (
    "Living and dead matter and soil only: wood products, rock, oil, gas and coal are left out. Carbon that moves with "
    "land from one class to another is neither gain nor loss."
)


def depth_note(view: View) -> str:
    depth = view.densities.depth_cm
    if not depth:
        return (
            "The table of densities does not say to which depth its soil carbon stands: do not compare it with others."
        )
    return f"Soil carbon to {depth} cm; stocks to another depth are never added to it."


def _path(view: View) -> str:
    if view.broken:
        return "The series breaks between the dates: the whole difference is a reappraisal."
    if not view.yearly:
        return "Every conversion counts with its whole effect, as InVEST takes it: soils need about two decades for it."
    timing = "at the opening" if view.given.timing == "opening" else "halfway between the dates"
    return (
        f"Land is taken to have changed {timing}, {view.path.elapsed:g} years before the closing. Soil moves to its "
        "new level in a straight line over 20 years (IPCC default); vegetation is lost at once; trees grow along a "
        "curve of the Woodland Carbon Code until the density of their class is reached."
    )


def notes(view: View) -> tuple[str, ...]:
    """Notes below every section of the account."""
    return (*((BANNER,) if view.recalled else ()), _path(view), _GIVEN, depth_note(view), _LEFT_OUT)
