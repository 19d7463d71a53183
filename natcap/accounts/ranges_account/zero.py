"""Whether a change can be told from zero: by its P5 and P95, in words, and live in the workbook.

P5 and P95 hold nine of ten draws. A change of which nothing has a range is no certain one, and no verdict is given;
nor is one where the two dates do not compare. Where areas count as free of error the verdict says so.
"""

from __future__ import annotations

from natcap.accounts.ranges_account.account import AS_MAPPED, Item
from natcap.accounts.ranges_account.terms import CHANGE

__all__ = [
    "ABOVE",
    "APART",
    "BELOW",
    "FORMULA",
    "LABEL",
    "MAPPED",
    "NOT_TOLD",
    "NO_CHANGE",
    "NO_RANGE",
    "said",
    "verdict",
]

LABEL = "Told from zero (P5 to P95)"
ABOVE, BELOW, NOT_TOLD = "above zero", "below zero", "not distinguishable from zero"
NO_RANGE, NO_CHANGE, APART = "no range is known", "no change", "does not compare"
TOLD = (ABOVE, BELOW, NOT_TOLD)
"""What the words of a change begin with whose percentiles say it."""
MAPPED = "; areas as mapped"
"""Added where a change rests on areas whose error is not in its range."""
_LEVEL = "[z]"
_AS_MAPPED = f'IF([areas]="{AS_MAPPED}","{MAPPED}","")'
FORMULA = f'IF([p05]>0,"{ABOVE}"&{_AS_MAPPED},IF([p95]<0,"{BELOW}"&{_AS_MAPPED},"{NOT_TOLD}"))'


def verdict(item: Item) -> str:
    """The words for a change; "[z]" for an amount at a date, which is no change."""
    if item.date != CHANGE:
        return _LEVEL
    if not item.compares:
        return APART
    if item.still:
        return NO_CHANGE if item.central == 0 else NO_RANGE
    low, _, high = item.drawn.summary
    if low <= 0 <= high:
        return NOT_TOLD
    told = ABOVE if low > 0 else BELOW
    return f"{told}{MAPPED}" if item.areas == AS_MAPPED else told


def said(item: Item) -> str:
    """The verdict as the end of a sentence on the change."""
    words = verdict(item)
    if words == APART:
        return "its two dates do not compare"
    if words in (NO_RANGE, NO_CHANGE):
        return words
    return f"{words.removesuffix(MAPPED)} by P5 to P95" + (" with areas as mapped" if MAPPED in words else "")
