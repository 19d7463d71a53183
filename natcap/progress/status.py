"""Status in words: tests against bands, each shown, the worst of them as the whole, and when nothing can be said.

Method sheet on progress tracking, A3, "RAG": text and symbol come first, colour is only an addition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from natcap.progress.definitions import Bands

__all__ = ["ORDER", "SYMBOLS", "Outcome", "Status", "cannot_say", "chance_word", "overall", "ratio_word"]

ORDER: tuple[str, ...] = ("on track", "slightly behind", "well behind", "moving away")
"""Words of a test, best first."""
SYMBOLS: dict[str, str] = {
    "target reached": "★", "on track": "✔", "slightly behind": "◐", "well behind": "✖", "moving away": "◀",
    "target missed": "✖", "withdrawn": "–", "cannot say": "?",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one test found: its name, its value (None when it was not made), its word (empty then), and a sentence."""

    name: str
    value: float | None
    word: str
    said: str


@dataclass(frozen=True, slots=True)
class Status:
    """The word for the whole, the tests it rests on, the reasons why nothing can be said, and what is uncertain."""

    word: str
    tests: tuple[Outcome, ...]
    reasons: tuple[str, ...] = ()
    noise: str = ""

    @property
    def text(self) -> str:
        return f"{SYMBOLS[self.word]} {self.word}"

    @property
    def why(self) -> str:
        """Reasons first, then every test, then the noise: one text for a cell."""
        said = [f"{r[:1].upper()}{r[1:]}." for r in self.reasons] + [t.said for t in self.tests]
        return " ".join([*said, self.noise]).strip()


def ratio_word(ratio: float, bands: Bands) -> str:
    """Word for achieved over required rate."""
    if ratio >= bands.ratio_on_track:
        return ORDER[0]
    if ratio >= bands.ratio_slightly_behind:
        return ORDER[1]
    return ORDER[2] if ratio >= bands.ratio_moving_away else ORDER[3]


def chance_word(chance: float, bands: Bands) -> str:
    """Word for the chance of meeting the target."""
    if chance >= bands.chance_on_track:
        return ORDER[0]
    return ORDER[1] if chance >= bands.chance_slightly_behind else ORDER[2]


def overall(tests: Sequence[Outcome], noise: str = "") -> Status:
    """The worst of the tests that were made; "cannot say" when none was."""
    words = [t.word for t in tests if t.word]
    if not words:
        return cannot_say(["no test could be made"], tests)
    return Status(max(words, key=ORDER.index), tuple(tests), noise=noise)


def cannot_say(reasons: Sequence[str], tests: Sequence[Outcome] = ()) -> Status:
    """Nothing can be said, for these reasons; tests that were made are kept, their words are not used."""
    return Status("cannot say", tuple(tests), tuple(reasons))
