"""Refrigerants that the official set does not list (R448A, R449A, R513A, ...), by the parts of their blend.

Each part is a published row of the edition, times its share by mass: hydrofluorocarbons in scope 1, what is outside the
Kyoto Protocol (hydrofluoro-olefins, hydrocarbons) outside the scopes, as the publisher has it for the blends it lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from natcap.carbon.business.words import Key
from natcap.core.gwp import GwpError, composition, composition_source, gas_id
from natcap.core.sources import source

__all__ = ["PREFIX", "Piece", "code_of", "pieces", "said"]

PREFIX = "blend:"
"""What the series of such an activity begins with; no published series does."""
_CODE = re.compile(r"r\d{3}[a-z]{1,2}")
_FILLING = frozenset({"gasrelease"})
_PUBLISHED = {"CO2": "R744", "C3F8": "PFC-218", "C2F6": "PFC-116"}
"""Names under which the official set has gases that the table of blends names by their formula."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One gas of a blend: the name it is published under, its share by mass, how far that was checked."""

    gas: str
    share: float
    verified: str


def code_of(key: Key) -> str:
    """The blend that a text means, "R448A"; empty where it is no blend of known composition."""
    words = key - _FILLING
    if len(words) != 1 or not _CODE.fullmatch(next(iter(words))):
        return ""
    try:
        return gas_id(next(iter(words))) if pieces(next(iter(words))) else ""
    except GwpError:
        return ""


@lru_cache(maxsize=256)
def said(blend: str) -> str:
    """That a blend was counted by its parts, and who says what they are."""
    return f"{blend} by its parts by mass, as in {source(composition_source(blend)).cite()}"


def pieces(blend: str) -> tuple[Piece, ...]:
    """The parts of a blend. Raises GwpError where its composition is not known."""
    return tuple(Piece(_PUBLISHED.get(gas, gas), share, state) for gas, (share, state) in composition(blend).items())
