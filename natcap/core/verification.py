"""How far a published number was checked, in one closed list of words.

`read` at its source, `read-secondary` in somebody's transcription, `derived` by arithmetic on read numbers,
`recalled` or `judged` without a page in hand, `user` given by the user. Everything that rests on a recalled or
judged number says so in every output.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["STATES", "UNPUBLISHED", "worst"]

STATES: tuple[str, ...] = ("read", "derived", "user", "read-secondary", "recalled", "judged")
"""Every state, best first."""

UNPUBLISHED: frozenset[str] = frozenset({"recalled", "judged"})
"""States that must be marked in every output and never presented as published."""


def worst(states: Iterable[str]) -> str:
    """Return the weakest of the given states; raises ValueError for an unknown word or for none at all."""
    found = set(states)
    unknown = found - set(STATES)
    if unknown or not found:
        raise ValueError(f"unknown verification states {sorted(unknown)}" if unknown else "no verification state given")
    return max(found, key=STATES.index)
