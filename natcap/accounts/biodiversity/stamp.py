"""How results say which edition they were computed by, and how far its cells were checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from natcap.accounts.biodiversity.edition import Edition, edition
from natcap.accounts.biodiversity.refs import SECONDARY
from natcap.accounts.biodiversity.resting import Use, own, words_of
from natcap.core.report import Section
from natcap.core.resources import root
from natcap.core.sources import source

__all__ = ["SECONDARY", "banners", "cites", "mark", "notes", "origins", "stamped"]


def cites(e: Edition) -> tuple[str, ...]:
    """Citations of the edition and of the one that it is based on."""
    first = source(e.source).cite()
    return (first,) if not e.based_on else (first, source(edition(e.based_on).source).cite())


def notes(e: Edition) -> tuple[str, ...]:
    """What the edition is and, where it is stated as differences, what of it is not held."""
    said = [f"Edition of the metric: {e.title} (metric_edition {e.name}). {e.note}."]
    if e.differences:
        count = len(e.differences)
        said.append(f"{count} cells of edition {e.name} differ from {e.based_on}; each was {SECONDARY}.")
    said.append(f"Corrections of the official calculation tool that are not held: {'; '.join(_missing())}.")
    return tuple(said)


def _missing() -> Iterator[str]:
    table = pd.read_csv(root("factors") / "biodiversity" / "tool_changes.csv", dtype=str, keep_default_na=False)
    for version, rows in table[table["held"] == "no"].groupby("version", sort=False):
        changes = ", ".join(f"{text[:1].lower()}{text[1:]}" for text in rows["change"])
        yield f"version {version}: {changes}"


def banners(e: Edition, uses: Iterable[Use]) -> tuple[str, ...]:
    """A banner where a parcel rests on a cell that the edition states itself."""
    found = [(use, item) for use in uses for item in own(e, use.cells)]
    if not found:
        return ()
    parcels = len({(use.sheet, use.row) for use, _ in found})
    cells = dict.fromkeys(f"{item.cell[1]}: {words_of(item.cell)} ({item.value})" for _, item in found)
    many = "1 parcel rests" if parcels == 1 else f"{parcels} parcels rest"
    return (f"{many} on cells of metric {e.name} {SECONDARY}: {'; '.join(cells)}. Check them against the official tool "
            "before units are used.",)  # fmt: skip


def mark(e: Edition, uses: Iterable[Use]) -> str:
    """Words for the label of a figure that rests on such a cell; blank for any other."""
    return f" (rests on a table cell {SECONDARY})" if any(own(e, use.cells) for use in uses) else ""


def stamped(e: Edition, sections: Iterable[Section]) -> Iterator[Section]:
    """The sections with the edition in title, notes and sources."""
    said = f"Computed by edition {e.name} of the biodiversity metric, and by no other."
    for section in sections:
        cited = tuple(dict.fromkeys((*section.sources, *cites(e))))
        yield replace(section, title=f"{section.title}, metric {e.name}", notes=(said, *section.notes), sources=cited)


def origins(e: Edition, uses: Iterable[Use]) -> list[str]:
    """For each parcel, where the cells it rests on were read; nothing for an edition that was read whole."""
    if not e.differences:
        return []
    return [f"metric {e.name}: {SECONDARY}" if own(e, use.cells) else f"metric {e.based_on}, read" for use in uses]
