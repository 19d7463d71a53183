"""Sections at the back: the classes that were used, the densities behind the carbon stock."""

from __future__ import annotations

import numpy as np
import pandas as pd

from natcap.accounts.densities import UNIT
from natcap.accounts.show.words import Show, number, text
from natcap.core.report import Column, Section
from natcap.core.sources import source

__all__ = ["back_sections"]


def back_sections(show: Show) -> tuple[Section, ...]:
    """Classes used; densities used when there is a carbon account."""
    densities = _densities(show)
    return (_classes(show), *([densities] if densities else []))


def _classes(show: Show) -> Section:
    results, account = show.results, show.results.extent
    habitats = results.habitats
    rows = []
    for n, c in enumerate(results.classes):
        targets = "" if habitats is None else "; ".join(habitats.names[p] for p in np.flatnonzero(habitats.shares[n]))
        cells = [int(entry[:, n + 1].sum()) for entry in (account.opening, account.closing)]
        rows.append(
            [str(c.code), c.name, targets, c.semi_natural or "not said", c.managed or "not said", c.colour, *cells]
        )
    names = ["code", "name", "habitat", "semi_natural", "managed", "colour", "cells_opening", "cells_closing"]
    classes = results.inputs.classes
    cited = source(classes.source).cite() if classes.source else "given by the user"
    return Section(
        "classes_used",
        "Classes used",
        pd.DataFrame(rows, columns=names),
        (
            text("code", "Code in the maps" if show.unit == "cells" else "Code"),
            text("name", "Class"),
            text("habitat", "Habitat"),
            text("semi_natural", "Semi-natural"),
            text("managed", "Change to it is managed"),
            text("colour", "Colour"),
            Column("cells_opening", f"{show.counted[0].upper()}{show.counted[1:]} at the opening", "", "integer"),
            Column("cells_closing", f"{show.counted[0].upper()}{show.counted[1:]} at the closing", "", "integer"),
        ),
        summary=f"{classes.title}: {len(rows)} of {len(classes.codes)} classes occur.",
        notes=(f"Class list: {cited}. Verification of the list: {classes.verified}.",),
        sources=(cited,),
        group="back",
    )


def _densities(show: Show) -> Section | None:
    densities = show.results.densities
    if densities is None or not densities.factors:
        return None
    rows = []
    for n, (row, item) in enumerate(zip(densities.factors, show.results.classes, strict=True)):
        for p, ref in enumerate(row):
            low, high = (np.nan if part is None else float(part[n, p]) for part in (densities.low, densities.high))
            rows.append(
                [item.name, ref.label, ref.value, low, high, ref.verified, ref.source, ref.locator, ref.id, ref.note]
            )
    names = ["item", "label", "value", "low", "high", "verified", "source", "locator", "id", "note"]
    table = pd.DataFrame(rows, columns=names)
    empty = {(int(r), c): "[x]" for c in ("low", "high") for r in np.flatnonzero(table[c].isna())}
    return Section(
        "carbon_densities",
        "Carbon densities used",
        table,
        (
            text("item", "Land-cover class"),
            text("label", "Density used"),
            number("value", "Carbon density", "t C/ha"),
            number("low", "Low", "t C/ha"),
            number("high", "High", "t C/ha"),
            text("verified", "Verification"),
            text("source", "Source"),
            text("locator", "Where in the source"),
            text("id", "Factor"),
            text("note", "Note"),
        ),
        summary=f"Unit {UNIT}; soil to {densities.depth_cm} cm. Weakest verification: {densities.verified}.",
        sources=tuple(sorted(set(table["source"]))),
        marks=empty,
        group="back",
    )
