"""The farm's vocabularies: animals, manure systems, fertilisers, fuels, land uses; and what people write for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from natcap.core.problems import did_you_mean
from natcap.core.resources import root

__all__ = ["AGRICULTURAL", "LAND_USES", "Vocabulary", "fold", "vocabulary"]

LAND_USES: dict[str, str] = {
    "arable": "Arable",
    "horticulture": "Horticulture or permanent crops",
    "temporary_grass": "Temporary grass",
    "permanent_grass": "Permanent grass",
    "rough_grazing": "Rough grazing",
    "woodland": "Woodland",
    "other": "Other land",
}
AGRICULTURAL: frozenset[str] = frozenset(
    {"arable", "horticulture", "temporary_grass", "permanent_grass", "rough_grazing"}
)
"""Uses that make up the utilised agricultural area, over which results per hectare are given."""

_OTHER = re.compile(r"[^a-z0-9]+")


def fold(text: str) -> str:
    """A word as compared: small letters and digits, one space between words, without a plural s at the end."""
    words = _OTHER.sub(" ", text.casefold()).strip() or " ".join(text.casefold().split())
    return words[:-1] if len(words) > 3 and words.endswith("s") and not words.endswith("ss") else words


@dataclass(frozen=True)
class Vocabulary:
    """Ids with their labels, other spellings, and words that could mean several of them."""

    name: str
    table: pd.DataFrame
    spellings: Mapping[str, str]
    ambiguous: Mapping[str, tuple[str, ...]]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self.table.index)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.table["label"])

    def row(self, key: str) -> dict[str, str]:
        """The columns of one id, with the id itself under `id`."""
        return {"id": key, **{str(name): str(value) for name, value in self.table.loc[[key]].iloc[0].items()}}

    def find(self, text: str) -> tuple[str, str, str]:
        """(id, expected, remedy) of a text; `id` is empty and `expected` says the choices when it is not accepted."""
        key = fold(text)
        if key in self.ambiguous:
            choices = self.ambiguous[key]
            return "", f"one of {', '.join(choices)}", f"{text!r} can mean several of these: give each its own row."
        if key in self.spellings:
            return self.spellings[key], "", ""
        near = did_you_mean(key, list(self.spellings))
        return "", f"one of {', '.join(self.ids)}", near


@lru_cache(maxsize=8)
def vocabulary(name: str) -> Vocabulary:
    """The vocabulary of `factors/farm/<name>.csv`: categories, systems, fertilisers or fuels."""
    table = pd.read_csv(root("factors") / "farm" / f"{name}.csv", dtype=str, keep_default_na=False)
    table = table.set_index(table.columns[0])
    spellings: dict[str, str] = {}
    ambiguous: dict[str, list[str]] = {}
    for key, row in table.iterrows():
        for text in (str(key), row["label"], *str(row["synonyms"]).split("|")):
            if text and spellings.setdefault(fold(text), str(key)) != key:
                raise ValueError(f"{name}: {text!r} means both {spellings[fold(text)]} and {key}")
        for text in str(row.get("ambiguous", "")).split("|"):
            if text:
                ambiguous.setdefault(fold(text), []).append(str(key))
    return Vocabulary(name, table, spellings, {k: tuple(v) for k, v in ambiguous.items()})
