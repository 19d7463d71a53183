"""Sources: one edition of a publication, as rows of `factors/<family>/sources.csv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from natcap.core.resources import root

__all__ = ["COLUMNS", "Source", "source", "sources"]

COLUMNS: tuple[str, ...] = (
    "source", "title", "publisher", "published", "version", "licence", "sha256", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One edition of a publication. `published` is an ISO date, a year-month or a year as printed there."""

    id: str
    title: str
    publisher: str
    published: str
    version: str
    licence: str
    sha256: str = ""
    note: str = ""

    def cite(self) -> str:
        """A citation in one line: publisher, title, version, date."""
        version = f", version {self.version}" if self.version else ""
        return f"{self.publisher}, {self.title}{version} ({self.published})"


@lru_cache(maxsize=4)
def _load(folder: Path) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for path in sorted(folder.glob("**/sources.csv")):
        with path.open(newline="", encoding="utf-8") as handle:
            reader = csv.DictReader(handle)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise ValueError(f"{path.name} in {path.parent.name}: columns must be {', '.join(COLUMNS)}")
            for row in reader:
                if row["source"] in found:
                    raise ValueError(f"source {row['source']!r} is listed twice ({path.parent.name})")
                found[row["source"]] = Source(**{("id" if k == "source" else k): v for k, v in row.items()})
    return found


def sources(folder: Path | None = None) -> dict[str, Source]:
    """Every known source by id, from all `sources.csv` under `factors/` (or under `folder`)."""
    return _load(folder or root("factors"))


def source(key: str) -> Source:
    """Return one source; raises KeyError with the id when it is not listed."""
    found = sources().get(key) or sources(root("data")).get(key)
    if found is None:
        raise KeyError(f"no source {key!r} in any sources.csv")
    return found
