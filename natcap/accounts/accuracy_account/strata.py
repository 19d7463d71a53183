"""Strata: the classes of a map, or parts of its change matrix, to which reference points belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from natcap.accounts.classes import LandClass, slug

__all__ = ["Strata", "class_strata", "stratum_masks"]


@dataclass(frozen=True)
class Strata:
    """Names and mapped hectares of strata, with the other spellings under which each is known.

    `masks` says for strata of change which transitions each holds: bool, shape (strata, classes, classes).
    """

    names: tuple[str, ...]
    keys: tuple[str, ...]
    hectares: np.ndarray
    words: dict[str, int]
    masks: np.ndarray | None = None


def class_strata(classes: Sequence[LandClass], hectares: np.ndarray) -> Strata:
    """The classes of a map, known by name, key and code."""
    words: dict[str, int] = {}
    for n, c in enumerate(classes):
        words |= {slug(c.name): n, c.key: n, str(c.code): n}
    return Strata(tuple(c.name for c in classes), tuple(c.key for c in classes), hectares, words)


def _mask(text: str, words: dict[str, int], size: int) -> tuple[str, np.ndarray] | None:
    """The name and the transitions of a stratum of change; None where the words are not understood."""
    key, moved = slug(text), ~np.eye(size, dtype=bool)
    none = np.zeros((size, size), dtype=bool)
    if key in ("no_change", "stable", "unchanged"):
        return "no change", ~moved
    for start in ("stable", "gain_of", "loss_of"):
        rest = key.removeprefix(f"{start}_")
        if rest != key and rest in words:
            n = words[rest]
            if start == "stable":
                none[n, n] = True
            elif start == "gain_of":
                none[:, n] = moved[:, n]
            else:
                none[n, :] = moved[n, :]
            return f"{start.replace('_', ' ')} {{{n}}}", none
    pairs = [
        (a, b)
        for at in range(len(key))
        if key[at : at + 4] == "_to_"
        for a, b in ((words.get(key[:at]), words.get(key[at + 4 :])),)
        if a is not None and b is not None
    ]
    if len(pairs) == 1 and pairs[0][0] != pairs[0][1]:
        none[pairs[0]] = True
        return f"{{{pairs[0][0]}}} to {{{pairs[0][1]}}}", none
    return None


def stratum_masks(
    texts: Sequence[str], classes: Sequence[LandClass]
) -> tuple[dict[str, tuple[str, np.ndarray]], list[str]]:
    """By slug of each text: the name of its stratum and its transitions; and the texts that are not understood.

    "other change" holds every transition that no other stratum holds.
    """
    words = class_strata(classes, np.zeros(len(classes))).words
    found: dict[str, tuple[str, np.ndarray]] = {}
    wrong: list[str] = []
    names = [c.name for c in classes]
    for text in dict.fromkeys(texts):
        if slug(text) == "other_change":
            continue
        made = _mask(text, words, len(classes))
        if made is None:
            wrong.append(text)
        else:
            found[slug(text)] = (made[0].format(*names), made[1])
    if "other_change" in map(slug, texts):
        rest = ~np.eye(len(classes), dtype=bool)
        for _, mask in found.values():
            rest &= ~mask
        found["other_change"] = ("other change", rest)
    return found, wrong
