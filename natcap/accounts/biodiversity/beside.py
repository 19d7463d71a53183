"""A plan by two editions side by side: the parcels whose table cells differ, and whether the outcome does.

Nothing here enters a total: every figure of a report is of one edition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.accounts.biodiversity.edition import Edition, MetricError, editions
from natcap.accounts.biodiversity.outcome import Outcome
from natcap.accounts.biodiversity.resting import Use, apart, others, words_of
from natcap.accounts.biodiversity.stamp import SECONDARY, cites
from natcap.accounts.show.words import number, text
from natcap.core.report import Column, Section

__all__ = ["Parcels", "beside", "same"]

_REFUSED = "not allowed"


@dataclass(frozen=True)
class Parcels:
    """The parcels of a project: their uses, units of each by an edition (MetricError where it refuses), and outcome.

    `units(e, n)` is before spatial risk. `outcome(e)` raises MetricError where the edition refuses a parcel.
    """

    uses: Sequence[Use]
    units: Callable[[Edition, int], float]
    outcome: Callable[[Edition], Outcome]


def beside(e: Edition, parcels: Parcels) -> Iterator[Section]:
    """A section for every other edition that holds something else in a cell that a parcel rests on."""
    for other in others(e):
        table = _table(e, other, parcels)
        if len(table):
            yield _section(e, other, table, _told(e, other, parcels))


def same(e: Edition, parcels: Parcels) -> str:
    """A note where the edition does not matter; blank where it does."""
    if any(apart(e, other, use.cells) for other in others(e) for use in parcels.uses):
        return ""
    return (f"No parcel rests on a cell in which the editions held ({', '.join(editions())}) differ: each gives the "
            "same units.")  # fmt: skip


def _table(e: Edition, other: Edition, parcels: Parcels) -> pd.DataFrame:
    rows = []
    for n, use in enumerate(parcels.uses):
        cells = apart(e, other, use.cells)
        if cells:
            here, there = (_units(edition, parcels, n) for edition in (e, other))
            rows.append({
                "place": use.place, "sheet": use.sheet, "row": use.row, "kind": use.kind, "habitat": use.habitat,
                "what": "; ".join(map(words_of, cells)), "cell": "; ".join(map(e.held, cells)),
                "other": "; ".join(map(other.held, cells)), "here": here, "there": there, "more": there - here,
                "note": _note(e, other, here, there),
            })  # fmt: skip
    return pd.DataFrame(rows)


def _units(e: Edition, parcels: Parcels, n: int) -> float:
    try:
        return parcels.units(e, n)
    except MetricError:
        return float("nan")


def _note(e: Edition, other: Edition, here: float, there: float) -> str:
    refused = [edition.name for edition, units in ((e, here), (other, there)) if np.isnan(units)]
    if refused:
        return f"{_REFUSED} by {' and '.join(refused)}"
    return "the units differ" if abs(there - here) > 1e-9 else "the units are the same"


def _section(e: Edition, other: Edition, table: pd.DataFrame, told: str) -> Section:
    marks = {
        (int(row), name): "[x]" for name in ("here", "there", "more") for row in np.flatnonzero(table[name].isna())
    }
    columns = (
        text("place", "Parcel"), text("sheet", "Sheet of the input"), Column("row", "Row of the input", "", "integer"),
        text("kind", "Kind of unit"), text("habitat", "Habitat"), text("what", "Cell of the tables"),
        text("cell", f"Cell in metric {e.name}"), text("other", f"Cell in metric {other.name}"),
        number("here", f"Units by metric {e.name}, before spatial risk", "units", decimals=6),
        number("there", f"Units by metric {other.name}, before spatial risk", "units", decimals=6),
        number("more", f"Units by {other.name} less units by {e.name}", "units", "[there]-[here]", 6),
        text("note", "Result"),
    )  # fmt: skip
    stated = " and ".join(edition.name for edition in (e, other) if edition.differences)
    many = "1 parcel rests on a cell" if len(table) == 1 else f"{len(table)} parcels rest on cells"
    return Section(
        f"biodiversity_beside_{other.name.replace('.', '_')}",
        f"The plan by metric {e.name} and by metric {other.name}", table, columns,
        summary=f"{many} in which the two editions differ. {told}",
        notes=(f"A comparison of two editions: every other section and figure is of metric {e.name}.",
               f"The cells of metric {stated} were {SECONDARY}.",
               "Ask the consenting body which edition of the official tool the plan is judged by."),
        sources=tuple(dict.fromkeys((*cites(e), *cites(other)))),
        cells={key: "" for key in marks if key[1] == "more"}, marks=marks,
    )  # fmt: skip


def _told(e: Edition, other: Edition, parcels: Parcels) -> str:
    """What the project comes to by each edition, kind by kind, where the two differ."""
    here = parcels.outcome(e).gain
    try:
        there = parcels.outcome(other).gain
    except MetricError as error:
        return f"Metric {other.name} does not allow the plan as it stands: {error}."
    said = []
    for kind in here["kind"]:
        one, two = (frame[frame["kind"] == kind] for frame in (here, there))
        if len(one) and len(two) and abs(float(one["net"].iloc[0]) - float(two["net"].iloc[0])) > 1e-9:
            said.append(_kind(e, other, str(kind), one.iloc[0], two.iloc[0]))
    return " ".join(said) or "The net change of the project is the same by both."


def _kind(e: Edition, other: Edition, kind: str, one: pd.Series, two: pd.Series) -> str:
    parts = []
    for edition, row in ((e, one), (other, two)):
        share = float(row["percent"])
        words = "" if np.isnan(share) else f" ({share:+.2%})"
        parts.append(f"by {float(row['net']):+,.4f}{words} by {edition.name}")
    start = f"{kind.capitalize()} units of the project change {parts[0]} and {parts[1]}"
    if np.isnan(float(one["percent"])):
        return f"{start}."
    met = [float(row["short"]) <= 1e-9 for row in (one, two)]
    test = f"the test of {float(one['target']):.0%}"
    return f"{start}; {test} comes out {'alike' if met[0] == met[1] else 'otherwise'}."
