"""One edition of the statutory biodiversity metric, as its look-up tables.

Editions differ in single cells, so each is a folder of its own under `factors/biodiversity`. A combination the metric
does not allow stands as "not possible" in its tables and raises `MetricError` here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

import pandas as pd

from natcap.core.problems import did_you_mean
from natcap.core.resources import root

__all__ = ["Edition", "Kind", "MetricError", "Years", "edition"]

Kind = Literal["area", "hedgerow", "watercourse"]
Years = int | Literal["30+"]
"""Years to target condition; the metric does not count beyond 30 and writes "30+"."""

LOWER = "Lower Distinctiveness Habitat"
_FILES: dict[str, str] = {"area": "area_habitats", "hedgerow": "hedgerows", "watercourse": "watercourses"}
_NOT_POSSIBLE = "not possible"


class MetricError(ValueError):
    """The metric does not allow this, or does not know the word; the message says which and what would do."""


@dataclass(frozen=True)
class Edition:
    """Look-ups of one edition. Every method raises MetricError for what the edition does not hold."""

    name: str
    source: str
    habitats: dict[str, pd.DataFrame]
    condition: pd.DataFrame
    creation: pd.DataFrame
    enhancement: pd.DataFrame
    hedgerow_uplift: pd.DataFrame
    hedgerow_movement: pd.DataFrame
    watercourse_years: dict[tuple[str, str], str]
    multipliers: dict[tuple[str, str], float]
    early_start_exclusions: frozenset[str]

    def habitat(self, kind: Kind, name: str) -> pd.Series[str]:
        """The row of a habitat: distinctiveness, trading rule, difficulties."""
        table = self.habitats[kind]
        if name not in table.index:
            raise MetricError(f"no {kind} habitat {name!r} in metric {self.name}. {did_you_mean(name, table.index)}")
        return cast("pd.Series[str]", table.loc[name])

    def multiplier(self, parameter: str, subject: str) -> float:
        """A multiplier or score, such as ("condition_score", "Good")."""
        found = self.multipliers.get((parameter, subject))
        if found is None:
            known = [s for p, s in self.multipliers if p == parameter]
            raise MetricError(f"{subject!r} is not a {parameter.replace('_', ' ')}; expected one of {'; '.join(known)}")
        return found

    def distinctiveness(self, kind: Kind, name: str) -> float:
        """Distinctiveness score. Hedgerows and watercourses print their own; area habitats go by their band."""
        row = self.habitat(kind, name)
        if kind == "area":
            return self.multiplier("distinctiveness_score", str(row["distinctiveness"]))
        return float(row["distinctiveness_score"])

    def condition_score(self, kind: Kind, name: str, condition: str) -> float:
        """Condition score of a habitat in a condition category."""
        if kind == "hedgerow":
            self.habitat(kind, name)
            allowed = [c for c in ("Good", "Moderate", "Poor") if self._hedgerow_years(name, c) != _NOT_POSSIBLE]
            if condition not in allowed:
                raise MetricError(f"{name} cannot be in condition {condition!r}; expected {', '.join(allowed)}")
            return self.multiplier("condition_score", condition)
        table = self.condition if kind == "area" else self.habitats["watercourse"]
        column = condition if kind == "area" else f"condition: {condition}"
        return float(self._cell(table, name, column, f"{name} in condition {condition!r}"))

    def creation_years(self, kind: Kind, name: str, condition: str) -> Years:
        """Standard years to target condition when created."""
        said = f"creating {name} in condition {condition!r}"
        if kind == "area":
            return _years(self._cell(self.creation, name, condition, said), said)
        text = (
            self._hedgerow_years(name, condition)
            if kind == "hedgerow"
            else self.watercourse_years.get(("creation_years", condition), _NOT_POSSIBLE)
        )
        return _years(text, said)

    def enhancement_years(self, kind: Kind, before: str, start: str, after: str, target: str) -> Years:
        """Standard years to enhance `before` in condition `start` to `after` in condition `target`."""
        rises = self.distinctiveness(kind, before) < self.distinctiveness(kind, after)
        said = f"enhancing {before} ({start}) to {after} ({target})"
        if kind == "area":
            key = f"{LOWER if before != after and rises else start} - {target}"
            return _years(self._cell(self.enhancement, after, key, said), said)
        if kind == "hedgerow":
            self._cell(self.hedgerow_movement, before, after, said)
            if rises:
                return _years(self._cell(self.hedgerow_uplift, before, after, said), said)
            return _years(self._cell(self.habitats[kind], after, f"enhancement: {start} - {target}", said), said)
        key_pair = ("uplift_years", "") if rises else ("enhancement_years", f"{start} - {target}")
        return _years(self.watercourse_years.get(key_pair, _NOT_POSSIBLE), said)

    def temporal(self, years: Years) -> float:
        """Multiplier for the years until the target condition is reached."""
        return self.multiplier("temporal_multiplier", f"{years} years")

    def _hedgerow_years(self, name: str, condition: str) -> str:
        row = self.habitat("hedgerow", name)
        return str(row.get(f"creation: {condition}", _NOT_POSSIBLE))

    def _cell(self, table: pd.DataFrame, row: str, column: str, said: str) -> str:
        if row not in table.index:
            raise MetricError(f"no habitat {row!r} in metric {self.name}. {did_you_mean(row, table.index)}")
        if column not in table.columns:
            raise MetricError(f"{said}: no such combination in metric {self.name}")
        text = str(table.loc[row, column])
        if text == _NOT_POSSIBLE:
            raise MetricError(f"{said} is not possible in metric {self.name}")
        return text


def _years(text: str, said: str) -> Years:
    if text in (_NOT_POSSIBLE, ""):
        raise MetricError(f"{said} is not possible")
    return "30+" if text == "30+" else int(float(text))


@lru_cache(maxsize=4)
def edition(name: str = "4.1", folder: Path | None = None) -> Edition:
    """Load an edition by its name. Raises MetricError naming the editions there are."""
    base = (folder or root("factors")) / "biodiversity"
    where = base / f"metric_{name.replace('.', '_')}"
    if not where.is_dir():
        known = sorted(p.name.removeprefix("metric_").replace("_", ".") for p in base.glob("metric_*"))
        raise MetricError(f"no edition {name!r} of the biodiversity metric; there is {', '.join(known)}")

    def table(file: str, index: str = "habitat") -> pd.DataFrame:
        return pd.read_csv(where / f"{file}.csv", dtype=str, keep_default_na=False).set_index(index)

    years = table("watercourse_years", "id")
    numbers = table("multipliers", "id")
    return Edition(
        name=name,
        source=str(numbers["source"].iloc[0]),
        habitats={kind: table(file) for kind, file in _FILES.items()},
        condition=table("area_condition"),
        creation=table("area_creation_years"),
        enhancement=table("area_enhancement_years"),
        hedgerow_uplift=table("hedgerow_uplift_years"),
        hedgerow_movement=table("hedgerow_movement"),
        watercourse_years=dict(
            zip(zip(years["parameter"], years["subject"], strict=True), years["value"], strict=True)
        ),
        multipliers={
            (p, s): float(v) for p, s, v in zip(numbers["parameter"], numbers["subject"], numbers["value"], strict=True)
        },
        early_start_exclusions=frozenset(table("early_start_exclusions").index),
    )
