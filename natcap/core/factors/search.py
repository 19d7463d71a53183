"""Find a factor as one would say it: "diesel van", "gas kWh", "electricity".

Words are looked up in the printed labels; everyday words are first put into the publisher's own by
`factors/uk_gov/words.csv`. User text is only ever compared, never compiled into a pattern.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.core.factors.diff import numbers
from natcap.core.factors.match import label_of

__all__ = ["COLUMNS", "Index", "load_words"]

COLUMNS: tuple[str, ...] = (
    "series", "label", "scope", "value", "unit", "kind", "kg_co2", "kg_ch4", "kg_n2o", "year", "state", "factor_id",
    "locator", "score",
)  # fmt: skip
_WORD = re.compile(r"[a-z0-9][a-z0-9.%&]*")
_LONGEST = 200
_FIELDS = {"level1": 1.0, "level2": 1.2, "level3": 1.5, "level4": 1.0, "text": 1.2, "uom": 1.0}
_INDIRECT = ("wtt-", "secr kwh", "managed", "outside of", "uk electricity for", "uk electricity t&d")
_ANSWERS = {"wtt-": "wtt", "secr kwh": "secr", "managed": "managed", "outside of": "outside"}
_EXACT, _PREFIX = 1.0, 0.6


def _words(text: str) -> list[str]:
    return [word.strip(".") for word in _WORD.findall(text.lower()) if word.strip(".")]


def load_words(file: Path) -> dict[str, str]:
    """Everyday word or phrase -> the publisher's words; empty means: pass over it."""
    if not file.is_file():
        return {}
    with file.open(newline="", encoding="utf-8") as handle:
        return {row["said"]: row["means"] for row in csv.DictReader(handle)}


class Index:
    """The words of one edition: which rows hold them, and in which label."""

    def __init__(self, table: pd.DataFrame, year: int, means: dict[str, str]) -> None:
        self.table = table[table["series"] != ""].reset_index(drop=True)
        self.year = year
        self.means = means
        postings: dict[str, dict[int, float]] = defaultdict(dict)
        for field, weight in _FIELDS.items():
            codes, texts = pd.factorize(self.table[field])
            held = [_words(str(text)) for text in texts]
            for row, code in enumerate(codes.tolist()):
                for word in held[code]:
                    found = postings[word]
                    found[row] = max(found.get(row, 0.0), weight)
        self.postings = {
            word: (np.fromiter(rows, dtype=np.int64), np.fromiter(rows.values(), dtype=np.float64))
            for word, rows in postings.items()
        }
        self.base = self._base()

    def _base(self) -> npt.NDArray[np.float64]:
        """What a row is worth before any word is asked: valued, direct, average and short labels first."""
        table = self.table
        first = table["level1"].str.lower()
        score = np.where(numbers(table).notna(), 0.3, 0.0)
        score += np.where(table["scope"].isin(["Scope 1", "Scope 2"]), 0.15, 0.0)
        score -= np.where(first.str.startswith(_INDIRECT), 0.5, 0.0)
        average = table["level3"].str.lower().str.startswith("average") | table["level3"].str.contains("UK")
        score += np.where(average | table["level4"].str.lower().str.startswith("average"), 0.25, 0.0)
        score += np.where(table["text"].str.startswith(("Total", "Unknown", "Average laden", "With RF")), 0.05, 0.0)
        score += np.where(table["level3"].str.startswith("All "), 0.2, 0.0) + np.where(first == "fuels", 0.15, 0.0)
        score += np.where(table["uom"].str.contains("Gross"), 0.02, 0.0) + np.where(first == "wtt- fuels", 0.3, 0.0)
        score -= np.where(first == "freighting goods", 0.1, 0.0)
        filled = sum((table[field] != "").astype(float) for field in ("level3", "level4", "text"))
        return np.asarray(score - 0.05 * filled, dtype=np.float64)

    def _score(self, word: str) -> npt.NDArray[np.float64]:
        score = np.zeros(len(self.table))
        for held, (rows, weights) in self.postings.items():
            near = _EXACT if held == word else _PREFIX if held.startswith(word) and len(word) > 1 else 0.0
            if near:
                score[rows] = np.maximum(score[rows], near * weights)
        return score

    def _translate(self, text: str) -> list[list[str]]:
        """Asked words, each as a list of alternatives' words: its own, or what it means."""
        said = _words(text[:_LONGEST])
        asked, at = [], 0
        while at < len(said):
            for length in (3, 2, 1):
                phrase = " ".join(said[at : at + length])
                if at + length <= len(said) and phrase in self.means:
                    asked.append(_words(self.means[phrase]))
                    at += length
                    break
            else:
                asked.append([said[at]])
                at += 1
        return [words for words in asked if words]

    def find(self, text: str, limit: int) -> pd.DataFrame:
        """Rows that hold every asked word (or what it means), the likeliest first. COLUMNS."""
        asked = self._translate(text)
        score = self.base.copy()
        hit = np.full(len(self.table), bool(asked))
        for words in asked:
            each = [self._score(word) for word in words]
            needed = [one for word, one in zip(words, each, strict=True) if word != "average" or len(words) == 1]
            hit &= np.minimum.reduce(needed) > 0
            score += np.mean(each, axis=0)
        said = set(_words(text))
        for prefix, word in _ANSWERS.items():
            if word in said:
                score += np.where(self.table["level1"].str.lower().str.startswith(prefix), 1.0, 0.0)
        rows = np.flatnonzero(hit)
        rows = rows[np.argsort(-score[rows], kind="stable")][:limit]
        return self._shown(rows, score)

    def _shown(self, rows: npt.NDArray[np.int64], score: npt.NDArray[np.float64]) -> pd.DataFrame:
        found = self.table.iloc[rows]
        frame = found.assign(
            label=[label_of(row) for _, row in found.iterrows()],
            value=numbers(found),
            year=self.year,
            score=score[rows].round(3),
        )
        return frame[list(COLUMNS)].reset_index(drop=True)
