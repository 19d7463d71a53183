"""Problems in somebody's input: every one at once, each with its place and its remedy.

A function that reads input collects problems in a `Problems` list and calls `raise_if_any()` once at its end.
Nothing is imported when there is a problem; a `warning` is told beside the result instead.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

__all__ = ["InputProblems", "Problem", "Problems", "did_you_mean"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where it stands, what was found, what was expected, what to do."""

    file: str
    found: str
    expected: str
    remedy: str = ""
    sheet: str = ""
    cell: str = ""
    severity: Literal["problem", "warning"] = "problem"

    @property
    def place(self) -> str:
        parts = [self.file]
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        if self.cell:
            parts.append(f"cell {self.cell}")
        return ", ".join(parts)

    def __str__(self) -> str:
        text = f"{self.place}: found {self.found}, expected {self.expected}"
        return f"{text}. {self.remedy}" if self.remedy else text

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


class InputProblems(ValueError):
    """Raised once with every problem found; the command line prints them as a list and exits with 1."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class Problems(list[Problem]):
    """A list that grows while an input is read; `raise_if_any` ends the reading."""

    def add(
        self,
        file: str,
        found: object,
        expected: str,
        remedy: str = "",
        *,
        sheet: str = "",
        cell: str = "",
        warning: bool = False,
    ) -> None:
        shown = repr(found) if isinstance(found, str) and not found.startswith(("a ", "an ", "the ", "no ")) else found
        text = str(shown)
        if len(text) > 200:
            text = text[:197] + "..."
        self.append(Problem(file, text, expected, remedy, sheet, cell, "warning" if warning else "problem"))

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(p for p in self if p.severity == "problem")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(p for p in self if p.severity == "warning")

    def raise_if_any(self) -> None:
        """Raise InputProblems with every problem; one that several readers found is told once."""
        if self.errors:
            raise InputProblems(dict.fromkeys(self.errors))


def did_you_mean(found: str, choices: Iterable[str]) -> str:
    """Return a remedy sentence naming the nearest choice, or an empty string."""
    options = list(choices)
    near = difflib.get_close_matches(found.casefold(), [c.casefold() for c in options], n=1, cutoff=0.6)
    if not near:
        return ""
    match = next(c for c in options if c.casefold() == near[0])
    return f"Did you mean {match!r}?"
