"""Global warming potentials by gas and set, blends of refrigerants, ratios of molar masses.

A potential is a number chosen by argument, never a unit and never a context: `gwp("CH4", "AR5")` is 28 kg CO2e per kg.
The Sixth Assessment Report separates methane by origin, so "CH4" under AR6 is refused with both choices. Sets named
SAR, TAR, AR4, AR5, AR5CCF and AR6 are potentials over 100 years; further ones carry their metric in the name.
"""

from __future__ import annotations

import csv
import difflib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from natcap.core.resources import root
from natcap.core.verification import worst

__all__ = [
    "Gwp",
    "GwpError",
    "blend_gwp",
    "composition",
    "composition_source",
    "gas_id",
    "gwp",
    "gwp_sets",
    "mass_ratio",
]

_MAX_CHARACTERS = 40
_METHANE = ("CH4_fossil", "CH4_biogenic")


class GwpError(LookupError):
    """No potential, or several; `choices` are gases or sets that would do."""

    def __init__(self, message: str, choices: Sequence[str] = ()) -> None:
        self.message = message
        self.choices: tuple[str, ...] = tuple(choices)
        super().__init__(message)

    def __str__(self) -> str:
        return f"{self.message} (choose {', '.join(self.choices)})" if self.choices else self.message


@dataclass(frozen=True, slots=True)
class Gwp:
    """One potential, kg CO2e per kg of `gas`, with the row of the table it stands in."""

    value: float
    gas: str
    set: str
    source: str
    locator: str
    verified: str
    id: str
    note: str = ""


def _rows(name: str) -> list[dict[str, str]]:
    with (root("factors") / "gwp" / name).open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, str], Gwp]:
    return {
        (r["gas"], r["set"]): Gwp(
            float(r["value"]), r["gas"], r["set"], r["source"], r["locator"], r["verified"], r["id"], r["note"]
        )
        for r in _rows("gwp.csv")
    }


@lru_cache(maxsize=1)
def _blends() -> dict[str, dict[str, tuple[float, str]]]:
    """Share by mass and verification state of each component of each blend."""
    found: dict[str, dict[str, tuple[float, str]]] = {}
    for r in _rows("blends.csv"):
        found.setdefault(r["blend"], {})[r["gas"]] = (float(r["value"]), r["verified"])
    return found


def _fold(text: str) -> str:
    return re.sub(r"[-_ .,()*]", "", text).casefold()


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    """Folded spelling -> gas or blend; R-numbers follow from the names of the halocarbons."""
    found: dict[str, str] = {}
    for gas in [*dict.fromkeys(gas for gas, _ in _table()), *_blends()]:
        found[_fold(gas)] = gas
        family = re.fullmatch(r"(?:HFC|HCFC|CFC)(\d.*)", gas)
        if family:
            found[_fold("R" + family[1])] = gas
    for row in _rows("gases.csv"):
        found.setdefault(_fold(row["spelling"]), row["gas"])
    return found


@lru_cache(maxsize=1)
def gwp_sets() -> tuple[str, ...]:
    """Names of the sets, in the order of the table."""
    return tuple(dict.fromkeys(name for _, name in _table()))


def gas_id(text: str) -> str:
    """The gas or blend behind a spelling ("HFC-32", "R32", "methane"). Raises GwpError."""
    if not isinstance(text, str) or len(text) > _MAX_CHARACTERS:
        raise GwpError(f"a gas is a text of at most {_MAX_CHARACTERS} characters")
    folded = _fold(text)
    if folded in {"co2biogenic", "biogenicco2"}:
        raise GwpError("biogenic CO2 is reported outside the scopes and has no potential here")
    found = _spellings().get(folded)
    if found is None:
        near = difflib.get_close_matches(folded, [k for k in _spellings() if k[:1] == folded[:1]], n=3, cutoff=0.75)
        raise GwpError(f"{text!r} is not a known gas", [_spellings()[k] for k in near])
    return found


def composition(text: str) -> dict[str, tuple[float, str]]:
    """(share by mass, verification state) of each gas of a blend, shares summing to 1; empty for a single gas.

    Raises GwpError for a text that is no known gas.
    """
    return dict(_blends().get(gas_id(text), {}))


def composition_source(text: str) -> str:
    """The id of the source of a blend's composition; empty for a single gas. Raises GwpError."""
    blend = gas_id(text)
    return next((r["source"] for r in _rows("blends.csv") if r["blend"] == blend), "")


def _set_id(text: str) -> str:
    known = {name.casefold(): name for name in gwp_sets()}
    found = known.get(str(text).casefold().replace(" ", ""))
    if found is None:
        raise GwpError(f"{str(text)[:_MAX_CHARACTERS]!r} is not a set of potentials", gwp_sets())
    return found


@lru_cache(maxsize=4096)
def gwp(gas: str, set_name: str) -> Gwp:
    """The potential of a gas or blend in a set.

    Raises GwpError when the gas or set is unknown, when the set has no value for it (NF3 in SAR), and for "CH4" in
    a set that separates fossil from biogenic methane. In the older sets, which have one value for methane, both
    kinds take that value and the note says so.
    """
    found, chosen = gas_id(gas), _set_id(set_name)
    if found in _blends():
        shares = {part: share for part, (share, _) in _blends()[found].items()}
        states = [state for _, state in _blends()[found].values()]
        made = blend_gwp(shares, chosen)
        return replace(
            made, gas=found, id=f"gwp.{chosen}.{found}", verified=worst([made.verified, *states]),
            locator=f"{found} by mass: " + ", ".join(f"{s:.4g} {p}" for p, s in shares.items()),
        )  # fmt: skip
    if found == "CH4" and chosen.startswith("AR6"):
        raise GwpError(f"{chosen} tells methane of fossil and of biogenic origin apart", _METHANE)
    row = _table().get((found, chosen))
    if row is None and found in _METHANE and ("CH4", chosen) in _table() and not chosen.startswith("AR6"):
        return replace(_table()["CH4", chosen], gas=found, note=f"{chosen} is used with one value for all methane")
    if row is None:
        having = [name for name in gwp_sets() if (found, name) in _table()]
        raise GwpError(f"no potential of {found} in {chosen}; there is one in {', '.join(having)}")
    return row


def blend_gwp(shares: Mapping[str, float], set_name: str) -> Gwp:
    """The potential of a mixture from the shares by mass of its gases, which must sum to 1 (within 1e-6).

    Worked figure: R410A, half HFC32 and half HFC125, AR5: 0.5 x 677 + 0.5 x 3170 = 1923.5, published as 1924.
    """
    total = math.fsum(shares.values())
    if not shares or abs(total - 1) > 1e-6 or min(shares.values()) < 0:
        raise GwpError(f"the shares of a blend are positive and sum to 1; these sum to {total:.6g}")
    parts = [(share, gwp(gas, set_name)) for gas, share in shares.items()]
    value = math.fsum(share * part.value for share, part in parts)
    sources = "; ".join(dict.fromkeys(part.source for _, part in parts))
    return Gwp(
        value, "blend", parts[0][1].set, sources, ", ".join(f"{s:.4g} {p.gas}" for s, p in parts),
        worst(["derived", *(p.verified for _, p in parts)]), f"gwp.{parts[0][1].set}.blend", "recomputed by mass",
    )  # fmt: skip


@lru_cache(maxsize=1)
def _ratios() -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for r in _rows("mass_ratios.csv"):
        found[r["from"], r["to"]] = int(r["above"]) / int(r["below"])
        found[r["to"], r["from"]] = int(r["below"]) / int(r["above"])
    return found


def mass_ratio(frm: str, to: str) -> float:
    """Kilograms of `to` that hold one kilogram of `frm`: C -> CO2 44/12, N2O-N -> N2O 44/28, P -> P2O5 142/62.

    Raises GwpError with the known pairs.
    """
    if (frm, to) not in _ratios():
        raise GwpError(f"no ratio from {frm!r} to {to!r}", [f"{a} to {b}" for a, b in _ratios()])
    return _ratios()[frm, to]
