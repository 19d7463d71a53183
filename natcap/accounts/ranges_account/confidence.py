"""The confidence word of an account row: the worst of the factors that carry at least a fifth of its variance.

The share and the words are data (factors/ranges). A factor that was recalled or judged makes its rows Red where it
carries that much, and Amber where it carries less. A range that nobody stated is no certainty: a factor without one,
and every factor of a row in which nothing varies, weighs as much as the rows that rest on it. Scenarios are chosen and
weigh nothing beside what varies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from natcap.accounts.ranges_account.known import Known
from natcap.core.resources import root
from natcap.core.tables import load

__all__ = ["NOT_RATED", "WORDS", "Rating", "Rule", "rule"]

WORDS: tuple[str, ...] = ("Green", "Amber", "Red")
NOT_RATED = "not rated"


@dataclass(frozen=True, slots=True)
class Rating:
    """A word of WORDS, or NOT_RATED, and why."""

    word: str
    why: str


@dataclass(frozen=True)
class Rule:
    """`carrying`: share of the variance from which a factor counts. `least` and `minor`: the least word by state of
    verification of a factor that carries it, and of one that does not."""

    carrying: float
    least: Mapping[str, str]
    minor: Mapping[str, str]

    def of_factor(self, known: Known) -> str:
        """The word of a factor: its own, and not better than its verification allows."""
        return max(known.factor.rag, self.least[known.factor.ref.verified], key=WORDS.index)

    def rate(self, shares: Mapping[str, float], gross: Mapping[str, float], known: Mapping[str, Known]) -> Rating:
        """Rate a row by the shares of its variance and by `gross`: the share of its amount that rests on a factor.

        Areas that are drawn are Green: a sample of reference points in this area.
        """
        if not gross:
            return Rating(NOT_RATED, "no factor is stated")
        found = [self._one(key, shares, part, known) for key, part in gross.items()]
        word = max((w for w, _, _ in found), key=WORDS.index)
        weight, why = max((weight, why) for w, weight, why in found if w == word)
        if word == "Green" and weight < self.carrying:
            return Rating(word, "no factor carries much of it")
        return Rating(word, why)

    def _one(
        self, key: str, shares: Mapping[str, float], gross: float, known: Mapping[str, Known]
    ) -> tuple[str, float, str]:
        factor = known.get(key)
        if factor is None:
            return "Green", shares.get(key, 0.0), f"{key} is the error of a sample of reference points in this area"
        silent = not shares or not (factor.varies or factor.scenario)
        weight = gross if silent else shares.get(key, 0.0)
        state = factor.factor.ref.verified
        carries = f"{weight:.0%} of the row rests on it" if silent else f"carries {weight:.0%} of the variance"
        if weight >= self.carrying:
            return self.of_factor(factor), weight, f"{key} ({state}) {carries}"
        return self.minor[state], weight, f"{key} ({state}) {carries}"


def rule() -> Rule:
    """The rule as factors/ranges states it."""
    rules = load("ranges/rules").set_index("id")["value"]
    words = pd.read_csv(root("factors") / "ranges" / "confidence.csv", dtype=str)
    least, minor = (dict(zip(words["state"], words[name], strict=True)) for name in ("carrying", "minor"))
    return Rule(float(rules["ranges_carrying_share"]), least, minor)
