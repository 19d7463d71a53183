"""Bring what people write for an activity to a key that does not depend on order, case, plural or punctuation.

The phrases and what they mean stand in `factors/business/words.csv`; a phrase that means nothing is left out.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache

from natcap.core.resources import root

__all__ = ["Key", "key_of", "tokens_of"]

Key = frozenset[str]

_GAS = re.compile(r"\b(r|hfc|hcfc|cfc|pfc|hfe|hcfe|halon)[\s-]+(?=\d)")
_TOKEN = re.compile(r"\d+(?:\.\d+)?[a-z]*|[a-z]+[\da-z]*")
_MOST = 200
"""Characters of a text that are looked at; nobody names an activity with more."""


def _plain(text: str) -> list[str]:
    """Words in small letters, plurals cut, `>` and `<` as words, the name of a gas as one word."""
    text = text[:_MOST].casefold().replace(">", " over ").replace("<", " under ").replace("%", " ")
    text = _GAS.sub(r"\1", text)
    return [w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w for w in _TOKEN.findall(text)]


@lru_cache(maxsize=1)
def _phrases() -> dict[tuple[str, ...], list[str]]:
    with (root("factors") / "business" / "words.csv").open(newline="", encoding="utf-8") as handle:
        return {tuple(_plain(row["phrase"])): row["means"].split() for row in csv.DictReader(handle)}


@lru_cache(maxsize=1)
def _longest() -> int:
    return max(len(phrase) for phrase in _phrases())


def tokens_of(text: str) -> list[str]:
    """The words of `text` after the longest known phrases were replaced, from left to right, once."""
    words, phrases = _plain(text), _phrases()
    out: list[str] = []
    at = 0
    while at < len(words):
        for size in range(min(_longest(), len(words) - at), 0, -1):
            means = phrases.get(tuple(words[at : at + size]))
            if means is not None:
                out += means
                at += size
                break
        else:
            out.append(words[at])
            at += 1
    return out


def key_of(text: str) -> Key:
    """The key under which an activity is found; empty when nothing but filling words stood there."""
    return frozenset(tokens_of(text))
