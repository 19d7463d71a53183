"""Editions of the statutory biodiversity metric, each as its look-up tables.

`factors/biodiversity/editions.csv` lists them. An edition is a folder of whole tables, or the cells in which it differs
from the one that it is based on. A combination the metric does not allow stands as "not possible" in its tables and
raises `MetricError` here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

import pandas as pd

from natcap.accounts.biodiversity.differences import Cell, Difference, differences, overlaid
from natcap.core.problems import did_you_mean
from natcap.core.resources import root

__all__ = ["DEFAULT", "Edition", "Kind", "MetricError", "Years", "edition", "editions"]

Kind = Literal["area", "hedgerow", "watercourse"]
Years = int | Literal["30+"]
"""Years to target condition; the metric does not count beyond 30 and writes "30+"."""

DEFAULT = "4.1"
"""The edition of a project that names none."""

LOWER = "Lower Distinctiveness Habitat"
_FILES: dict[str, str] = {"area": "area_habitats", "hedgerow": "hedgerows", "watercourse": "watercourses"}
_TABLES = (
    "area_condition",
    "area_creation_years",
    "area_enhancement_years",
    "hedgerow_uplift_years",
    "hedgerow_movement",
)
_KINDS = {file: kind for kind, file in _FILES.items()}
_NOT_POSSIBLE = "not possible"


class MetricError(ValueError):
    """The metric does not allow this, or does not know the word; the message says which and what would do."""


@dataclass(frozen=True)
class Edition:
    """Look-ups of one edition. Every method raises MetricError for what the edition does not hold.

    `home` is the folder of its whole tables; `differences` are the cells that it states itself, over those of
    `based_on`. They are no published table: each was read where it says.
    """

    name: str
    title: str
    note: str
    source: str
    home: str
    habitats: dict[str, pd.DataFrame]
    condition: pd.DataFrame
    creation: pd.DataFrame
    enhancement: pd.DataFrame
    hedgerow_uplift: pd.DataFrame
    hedgerow_movement: pd.DataFrame
    watercourse_years: dict[tuple[str, str], str]
    multipliers: dict[tuple[str, str], float]
    early_start_exclusions: frozenset[str]
    outside_site_area: frozenset[str]
    based_on: str = ""
    differences: Mapping[Cell, Difference] = field(default_factory=dict)

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

    def creation_cell(self, kind: Kind, name: str, condition: str) -> Cell:
        """Where the standard years of a creation stand."""
        if kind == "area":
            return "area_creation_years", name, condition
        if kind == "hedgerow":
            return "hedgerows", name, f"creation: {condition}"
        return "watercourse_years", "creation_years", condition

    def enhancement_cell(self, kind: Kind, before: str, start: str, after: str, target: str) -> Cell:
        """Where the standard years of an enhancement stand."""
        rises = self.distinctiveness(kind, before) < self.distinctiveness(kind, after)
        if kind == "area":
            return "area_enhancement_years", after, f"{LOWER if before != after and rises else start} - {target}"
        if kind == "hedgerow":
            return ("hedgerow_uplift_years", before, after) if rises else (
                "hedgerows", after, f"enhancement: {start} - {target}")  # fmt: skip
        return "watercourse_years", *(("uplift_years", "") if rises else ("enhancement_years", f"{start} - {target}"))

    def creation_years(self, kind: Kind, name: str, condition: str) -> Years:
        """Standard years to target condition when created."""
        said = f"creating {name} in condition {condition!r}"
        if kind == "hedgerow":
            return _years(self._hedgerow_years(name, condition), said)
        return _years(self.text(self.creation_cell(kind, name, condition), said), said)

    def enhancement_years(self, kind: Kind, before: str, start: str, after: str, target: str) -> Years:
        """Standard years to enhance `before` in condition `start` to `after` in condition `target`."""
        said = f"enhancing {before} ({start}) to {after} ({target})"
        if kind == "hedgerow":
            self._cell(self.hedgerow_movement, before, after, said)
        return _years(self.text(self.enhancement_cell(kind, before, start, after, target), said), said)

    def text(self, cell: Cell, said: str = "") -> str:
        """What a cell of the tables of years and habitats holds; `said` opens the sentence of a MetricError."""
        name, row, column = cell
        if name == "watercourse_years":
            return self.watercourse_years.get((row, column), _NOT_POSSIBLE)
        return self._cell(self.table(name), row, column, said or f"{row}, {column}")

    def held(self, cell: Cell) -> str:
        """What a cell holds, be it possible or not; blank where the edition has no such cell."""
        name, row, column = cell
        if name == "watercourse_years":
            return self.watercourse_years.get((row, column), "")
        table = self.table(name)
        return str(table.loc[row, column]) if row in table.index and column in table.columns else ""

    def table(self, name: str) -> pd.DataFrame:
        """A table by the name of its file."""
        tables = {"area_creation_years": self.creation, "area_enhancement_years": self.enhancement,
                  "area_condition": self.condition, "hedgerow_uplift_years": self.hedgerow_uplift,
                  "hedgerow_movement": self.hedgerow_movement}  # fmt: skip
        return tables.get(name) if name in tables else self.habitats[_KINDS[name]]  # type: ignore[return-value]

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


def editions(folder: Path | None = None) -> tuple[str, ...]:
    """Names of the editions that are held, the default first."""
    return tuple(_listed(folder or root("factors")).index)


@lru_cache(maxsize=4)
def _listed(factors: Path) -> pd.DataFrame:
    path = factors / "biodiversity" / "editions.csv"
    return pd.read_csv(path, dtype=str, keep_default_na=False).set_index("edition")


@lru_cache(maxsize=4)
def edition(name: str = DEFAULT, folder: Path | None = None) -> Edition:
    """Load an edition by its name. Raises MetricError naming the editions there are."""
    factors = folder or root("factors")
    listed = _listed(factors)
    if name not in listed.index:
        told = f"no edition {name!r} of the biodiversity metric; there is {', '.join(listed.index)}"
        raise MetricError(told)
    said = listed.loc[name]
    own, home = (f"metric_{each.replace('.', '_')}" for each in (name, str(said["based_on"]) or name))
    where = factors / "biodiversity" / home

    def table(file: str, index: str = "habitat") -> pd.DataFrame:
        return pd.read_csv(where / f"{file}.csv", dtype=str, keep_default_na=False).set_index(index)

    years, numbers = table("watercourse_years", "id"), table("multipliers", "id")
    apart = differences(factors / "biodiversity" / own / "differences.csv")
    tables = overlaid({file: table(file) for file in (*_FILES.values(), *_TABLES)}, apart.values())
    return Edition(
        name=name,
        title=str(said["title"]),
        note=str(said["note"]),
        source=str(said["source"]),
        home=home,
        habitats={kind: tables[file] for kind, file in _FILES.items()},
        condition=tables["area_condition"],
        creation=tables["area_creation_years"],
        enhancement=tables["area_enhancement_years"],
        hedgerow_uplift=tables["hedgerow_uplift_years"],
        hedgerow_movement=tables["hedgerow_movement"],
        watercourse_years=dict(
            zip(zip(years["parameter"], years["subject"], strict=True), years["value"], strict=True)
        ),
        multipliers={
            (p, s): float(v) for p, s, v in zip(numbers["parameter"], numbers["subject"], numbers["value"], strict=True)
        },
        early_start_exclusions=frozenset(table("early_start_exclusions").index),
        outside_site_area=frozenset(table("outside_site_area").index),
        based_on=str(said["based_on"]),
        differences=apart,
    )
