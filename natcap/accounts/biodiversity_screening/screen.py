"""Units for a hectare of each land-cover class, from a plausible habitat in a range of conditions (judged rows).

Units per hectare are distinctiveness x condition of the metric, at the lowest strategic significance. Classes without a
row are not estimated; nothing stands in for them.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from natcap.accounts.biodiversity.edition import DEFAULT, Edition, MetricError, edition
from natcap.accounts.wings import Reader
from natcap.core.project import FILE
from natcap.core.report import FactorRef
from natcap.core.sources import source
from natcap.core.tables import load

__all__ = ["BOUNDS", "TABLE", "Screening", "lists", "read", "units_per_hectare"]

TABLE = "biodiversity/screening"
BOUNDS: tuple[str, ...] = ("low", "central", "high")
_CONDITIONS = {"low": "condition_low", "central": "condition", "high": "condition_high"}


@dataclass(frozen=True)
class Screening:
    """`per_hectare`: code -> units a hectare at BOUNDS; `words`: code -> habitats; `factors`: code -> judged rows."""

    list_id: str
    edition: Edition
    per_hectare: dict[int, tuple[float, float, float]]
    words: dict[int, str]
    factors: dict[int, tuple[FactorRef, ...]]


def lists() -> tuple[str, ...]:
    """Lists of classes that have a screening table."""
    return tuple(dict.fromkeys(load(TABLE)["list"]))


def units_per_hectare(e: Edition, habitat: str, condition: str) -> float:
    """Distinctiveness x condition: units of a hectare without strategic significance."""
    return e.distinctiveness("area", habitat) * e.condition_score("area", habitat, condition)


def read(reader: Reader) -> Screening | None:
    """The screening table of the project's classes; what does not fit goes to the reader's problems."""
    choices = reader.project.choices
    word, list_id, name = choices.get("biodiversity"), str(choices.get("classes", "")), choices.get("metric_edition")
    if word != "screening":
        remedy = "Units from parcels need the input habitats or metric"
        reader.problems.add(FILE, str(word), '"screening"', remedy, cell="choices.biodiversity")
        return None
    try:
        rules = edition(str(name or DEFAULT))
    except MetricError as error:
        reader.problems.add(FILE, str(name), "an edition of the metric", f"{error}", cell="choices.metric_edition")
        return None
    if list_id not in lists():
        remedy = "Leave the choice biodiversity out, or use maps of these classes"
        expected = f"for a screening estimate one of {', '.join(lists())}"
        reader.problems.add(FILE, list_id or "no classes", expected, remedy, cell="choices.classes")
        return None
    return screening(list_id, rules)


def screening(list_id: str, rules: Edition) -> Screening:
    """Units per hectare of every class that the table holds, its shares of habitats added up."""
    table = load(TABLE)
    table = table[table["list"] == list_id]
    per: dict[int, tuple[float, float, float]] = {}
    words: dict[int, str] = {}
    factors: dict[int, tuple[FactorRef, ...]] = {}
    for code, rows in table.groupby("code", sort=False):
        found = dict.fromkeys(BOUNDS, 0.0)
        for row in rows.to_dict("records"):
            for bound in BOUNDS:
                found[bound] += row["value"] * units_per_hectare(rules, row["habitat"], row[_CONDITIONS[bound]])
        per[int(str(code))] = (found["low"], found["central"], found["high"])
        words[int(str(code))] = "; ".join(_said(row) for row in rows.to_dict("records"))
        factors[int(str(code))] = tuple(_ref(row) for row in rows.to_dict("records"))
    return Screening(list_id, rules, per, words, factors)


def _said(row: Mapping[Hashable, Any]) -> str:
    share = float(str(row["value"]))
    low, central, high = (str(row[_CONDITIONS[bound]]) for bound in BOUNDS)
    conditions = central if low == high else f"{low} to {high}, {central} taken"
    return f"{'' if share == 1 else f'{share:.0%} '}{row['habitat']} ({conditions})"


def _ref(row: Mapping[Hashable, Any]) -> FactorRef:
    note = "; ".join(part for part in ("judged, for screening only", str(row["note"])) if part)
    return FactorRef(str(row["id"]), f"Screening habitat: {_said(row)}", float(str(row["value"])), str(row["unit"]),
                     source(str(row["source"])).cite(), str(row["locator"]), str(row["verified"]), note)  # fmt: skip
