"""Counts in words: "1 row", "12 rows"."""

from __future__ import annotations

__all__ = ["plural"]


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 warning", "12 warnings", "1,200 entries" (`many` where it is not `one` and an s)."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
