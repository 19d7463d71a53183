"""Everyday words in columns of few words: how bills say read or estimated, gross or net.

The template offers one word for each; people's own files say A and E, GCV and NCV. What is not listed is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from natcap.core.problems import Problems
from natcap.core.workbook import TableModel

__all__ = ["as_text", "understood"]

_MOST = 50
_WORDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "status": {
        "read": ("a", "act", "actual", "actual read", "actual reading", "customer read", "customer reading",
                 "meter read", "metered", "measured", "smart", "smart meter", "smart read"),
        "estimated": ("e", "est", "estimate", "estimated read", "estimated reading"),
    },
    "basis": {
        "gross": ("gross cv", "gross calorific value", "gcv", "hhv"),
        "net": ("net cv", "net calorific value", "ncv", "lhv"),
    },
}  # fmt: skip


def as_text(model: TableModel) -> TableModel:
    """The model as it is read: the columns of few words as plain text, to be understood afterwards."""
    fields = tuple(replace(f, kind="text", choices=()) if f.name in _WORDS else f for f in model.fields)
    return replace(model, fields=fields)


def understood(frame: pd.DataFrame, shown: str, problems: Problems) -> pd.DataFrame:
    """The activity table with the words of the template; a word that is none of them is told at its cell."""
    return frame.assign(**{name: _column(frame, name, shown, problems) for name in _WORDS if name in frame})


def _column(frame: pd.DataFrame, name: str, shown: str, problems: Problems) -> pd.Series:
    known = {word: word for word in ("", *_WORDS[name])}
    known |= {text: word for word, texts in _WORDS[name].items() for text in texts}
    codes, values = pd.factorize(frame[name])
    meant = [known.get(" ".join(str(value).casefold().split()).rstrip(".")) for value in values]
    if all(word == value for word, value in zip(meant, values, strict=True)):
        return frame[name]
    wrong = np.flatnonzero(np.array([word is None for word in meant], dtype=bool)[codes]) if len(values) else ()
    for place in wrong[:_MOST]:
        row = frame.iloc[place]
        problems.add(
            shown, str(row[name]), f"one of {', '.join(_WORDS[name])}, or an empty cell",
            sheet=str(row["_sheet"]), cell=str(row[f"_cell_{name}"]),
        )  # fmt: skip
    words = np.array([word or "" for word in meant], dtype=object)
    return pd.Series(words[codes] if len(values) else [], index=frame.index, dtype="str")
