"""Which labels of which years are one series: `factors/uk_gov/concordance.csv`, each row with its evidence.

Labels that differ only in case, spaces or punctuation need no row (see layout.series_of). A row names a label tuple,
the years for which it holds, and the series (spelled from the newest labels) that it belongs to.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

from natcap.core.factors.layout import LABELS, series_of

__all__ = ["COLUMNS", "Concordance", "load_concordance"]

COLUMNS: tuple[str, ...] = ("first", "last", *LABELS, "series", "evidence")


class Concordance:
    """Names the series of a label tuple in a year, and says why."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        self.rows = rows
        self._by_label: dict[str, list[tuple[int, int, str, str]]] = {}
        for row in rows:
            key = series_of([row[name] for name in LABELS])
            entry = (int(row["first"]), int(row["last"]), row["series"], row["evidence"])
            self._by_label.setdefault(key, []).append(entry)

    def series(self, labels: tuple[str, ...], year: int) -> tuple[str, str]:
        """Return (series, evidence) for labels in LABELS order."""
        own = series_of(labels)
        for first, last, series, evidence in self._by_label.get(own, ()):
            if first <= year <= last:
                return series, evidence
        return own, "same label"


@lru_cache(maxsize=4)
def load_concordance(file: Path) -> Concordance:
    """Read a concordance file; one that does not exist joins by label only."""
    if not file.is_file():
        return Concordance([])
    with file.open(newline="", encoding="utf-8") as handle:
        reader = csv.DictReader(handle)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise ValueError(f"{file.name}: columns must be {', '.join(COLUMNS)}")
        return Concordance(list(reader))
