"""What catastrophic losses add to the asset wing: sections, figures, checks, and what was not taken from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from natcap.accounts.assets_account.losses.checks import loss_checks
from natcap.accounts.assets_account.losses.figures import figures_with_losses
from natcap.accounts.assets_account.losses.placed import Placed
from natcap.accounts.assets_account.losses.sections import lines_section, losses_section
from natcap.accounts.assets_account.losses.table import lines_of, rows_of
from natcap.accounts.assets_account.words import Words
from natcap.core.report import Check, Figure, Section

__all__ = ["LossParts", "loss_parts"]


@dataclass(frozen=True)
class LossParts:
    """Nothing but the figure of the entry, marked missing, where no losses are given."""

    words: Words
    placed: Placed | None = None
    lines: pd.DataFrame = field(default_factory=pd.DataFrame)
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    sections: tuple[tuple[int, Section], ...] = ()
    checks: tuple[Check, ...] = ()
    left: tuple[str, ...] = ()

    def figures(self, figures: Iterable[Figure]) -> Iterator[Figure]:
        """The figures of the account with those of the losses."""
        return figures_with_losses(self.words, figures, self.placed, self.lines, self.rows)


def loss_parts(words: Words, before: pd.DataFrame, after: pd.DataFrame, placed: Placed | None,
               confidence: Callable[[str], Mapping[tuple[str, ...], str]]) -> LossParts:  # fmt: skip
    """`before` and `after`: the pairs without and with losses; `confidence` words by a column of the rows."""
    if placed is None:
        return LossParts(words)
    lines = lines_of(words, after, placed)
    rows = rows_of(words, placed, lines)
    rags = {key[0]: word for key, word in confidence("service").items()}
    sections = ((9, losses_section(words, rows, rags)), (9, lines_section(words, lines)))
    checks = tuple(loss_checks(words.unit, before, after, lines))
    return LossParts(words, placed, lines, rows, sections, checks, placed.left)
