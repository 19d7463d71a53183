"""Whether the land of a filled official workbook balances by its parcels, and what its own check says.

The rule is that of sheet A-2, cell K6. Off site it is applied over all gain sites together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from natcap.accounts.biodiversity.area_check import AreaCheck
from natcap.accounts.biodiversity.balance import Balance, balance, lost_of, on_ground
from natcap.accounts.biodiversity.edition import Edition
from natcap.accounts.biodiversity.official import Parcel
from natcap.core.problems import Problems

__all__ = ["faults", "tell_areas"]


def faults(e: Edition, parcels: Sequence[Parcel], printed: Mapping[bool, AreaCheck]) -> dict[bool, str]:
    """What is wrong with the land of a place, in words; nothing for a place whose land balances."""
    found = {}
    for on_site in (True, False):
        mine = [p for p in parcels if p.kind == "area" and p.on_site == on_site]
        own = _balance(e, mine)
        check = printed.get(on_site)
        if not own.holds:
            side = "more" if own.more > 0 else "less"
            found[on_site] = (f"{own.created:f} ha created {_place(on_site)}, {abs(own.more):f} ha {side} than the "
                              f"{own.lost:f} ha lost")  # fmt: skip
        elif check is not None and check.fails:
            found[on_site] = (
                f"{check.text!r}, while by its parcels {own.created:f} ha are created and {own.lost:f} lost"
            )
    return found


def _balance(e: Edition, parcels: Sequence[Parcel]) -> Balance:
    ground = [p for p in parcels if on_ground(e, p.habitat)]
    return balance(e, (lost_of(p.size, p.retained, p.enhanced) for p in ground if p.step == "baseline"),
                   (p.size for p in ground if p.step == "creation"))  # fmt: skip


def _place(on_site: bool) -> str:
    return "on site" if on_site else "off site"


def tell_areas(e: Edition, parcels: Sequence[Parcel], printed: Mapping[bool, AreaCheck], shown: str,
               problems: Problems) -> None:  # fmt: skip
    """Warnings for land that does not balance, and for enhanced sizes of the baseline that no row enhances."""
    for on_site, words in faults(e, parcels, printed).items():
        check = printed.get(on_site) or AreaCheck(_sheet(parcels, on_site), "", "")
        says = f"; the check of the workbook says {check.text!r}" if check.text and check.text not in words else ""
        problems.add(shown, f"{words}{says}", "as much land created as lost, without individual trees and green walls",
                     "Send it back to who filled it: no unit of it can be relied on until the areas are right",
                     sheet=check.sheet, cell=check.cell, warning=True)  # fmt: skip
    for sheet, wanted, made in _enhanced(parcels):
        problems.add(shown, f"{wanted:.10g} enhanced at the baseline and {made:.10g} on the sheet of enhancements",
                     "the same size on both", "What is enhanced and has no row there counts as lost", sheet=sheet,
                     warning=True)  # fmt: skip


def _sheet(parcels: Sequence[Parcel], on_site: bool) -> str:
    return next(p.sheet for p in parcels if p.kind == "area" and p.on_site == on_site)


def _enhanced(parcels: Sequence[Parcel]) -> Iterator[tuple[str, float, float]]:
    """Sheet, size to be enhanced and size enhanced, for every kind and place where the two differ."""
    sums: dict[tuple[str, bool], list[float]] = {}
    sheets: dict[tuple[str, bool], str] = {}
    for p in parcels:
        found = sums.setdefault((p.kind, p.on_site), [0.0, 0.0])
        if p.step == "baseline":
            found[0] += p.enhanced
            sheets.setdefault((p.kind, p.on_site), p.sheet)
        elif p.step == "enhancement":
            found[1] += p.size if p.size_before is None else p.size_before
            sheets[p.kind, p.on_site] = p.sheet
    for key, (wanted, made) in sums.items():
        if abs(wanted - made) > 1e-6 * max(wanted, made):
            yield sheets[key], wanted, made
