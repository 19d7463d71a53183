"""Electric vehicles by distance beside the electricity bill of their site: power charged there would count twice."""

from __future__ import annotations

import re

import numpy as np

from natcap.carbon.business.reading import Book
from natcap.carbon.business.uses import Use
from natcap.carbon.inventory import SCOPE_1, SCOPE_2
from natcap.core.problems import Problems

__all__ = ["check_charging"]

_GRID = "uk-electricity/electricity-generated/"
_VEHICLE = "battery-electric-vehicle"
_ELSEWHERE = re.compile(r"charg.*\b(elsewhere|public|home)\b|\b(public|home)\b.*charg", re.IGNORECASE)
"""What a note says where the power is on another bill."""


def check_charging(book: Book, problems: Problems) -> None:
    """Warn at the first such vehicle of each site that has a bill. Where it was charged no entry says, so it counts."""
    frame, uses = book.rows.frame, book.rows.uses
    if frame.empty:
        return
    number = frame["use"].to_numpy()
    driven = np.array([use.section in (SCOPE_1, SCOPE_2) and _has(use, _VEHICLE) for use in uses], dtype=bool)[number]
    if not driven.any():
        return
    billed = np.array([use.section == SCOPE_2 and _has(use, _GRID) for use in uses], dtype=bool)[number]
    both = frame[driven & frame["site"].isin(set(frame.loc[billed, "site"])).to_numpy()]
    both = both[[_ELSEWHERE.search(str(note)) is None for note in both["note"]]]
    for row in both.drop_duplicates("site").to_dict("records"):
        use = uses[int(row["use"])]
        problems.add(
            str(row["file"]), f"{row['quantity']:,.10g} {use.unit} of {use.activity.label}, beside the electricity "
            f"bill of {row['site']}", "miles of vehicles charged elsewhere",
            "It was taken as it stands. Power charged at the site is on its bill already: leave those miles out. Else "
            "write charged elsewhere in the column Note.",
            sheet=str(row["sheet"]), cell=str(row["cell"]), warning=True,
        )  # fmt: skip


def _has(use: Use, text: str) -> bool:
    return any(text in part.series for part in use.parts)
