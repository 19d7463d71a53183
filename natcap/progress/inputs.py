"""What a project of kind "area" reads: areas, sources, observations, official files, targets, choices.

[inputs]
areas = "areas.csv"
observations = "observations"          # a folder of tidy tables, one table, or a list of them
targets = "targets.csv"
sources = "sources.csv"                # optional: over the sources that travel with the program
official = [{ adapter = "la_co2", file = "la_co2.csv", release = "2022-06" }]      # optional

[choices]
as_of = "2026-06-01"                   # the day on which the status is judged; nothing later is used
areas = ["E06000016"]                  # optional: which areas to report, in this order
attribution_years = [2010, 2019]       # optional
headlines = ["area.E06000016.C02.latest"]                                          # optional
[choices.bands]                        # optional: thresholds that replace those of factors/progress/bands.csv
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from natcap.core.problems import Problem, Problems, did_you_mean
from natcap.core.project import FILE, Project, hash_file, require
from natcap.core.sources import Source
from natcap.core.targets import COLUMNS as TARGET_COLUMNS
from natcap.core.targets import Target, targets_from
from natcap.progress import areas as areas_module
from natcap.progress.adapters import ADAPTERS, adapt
from natcap.progress.areas import Areas, areas_from
from natcap.progress.definitions import Bands, Indicator, bands, indicators
from natcap.progress.identities import Closing, closings
from natcap.progress.measures import TerritoryClaim, refuse_territory
from natcap.progress.observations import COLUMNS, observations_from
from natcap.progress.reading import model_of, read_sources, read_text

__all__ = ["BLANK", "Inputs", "read_inputs"]

BLANK: dict[str, tuple[str, ...]] = {
    "areas": ("part_of", "parts", "note"),
    "observations": ("part", "value", "release", "method_version", "low", "high", "note"),
    "targets": (
        "base_year", "base_value", "base_verified", "basis", "legal_status", "date_set", "date_withdrawn", "replaces",
        "locator", "note",
    ),
}  # fmt: skip
"""Columns of each table that may be empty."""
_ENDINGS = (".csv", ".xlsx", ".xlsm", ".ods", ".xls")
_INPUTS = ("areas", "observations", "targets", "sources", "official")
_CHOICES = ("as_of", "areas", "attribution_years", "headlines", "bands", "claim")


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything read and checked. `table` holds the observations; `hashes` the files with their SHA-256."""

    project: Project
    as_of: date
    areas: Areas
    reported: tuple[str, ...]
    table: pd.DataFrame
    targets: tuple[Target, ...]
    sources: Mapping[str, Source]
    indicators: Mapping[str, Indicator]
    bands: Bands
    closings: tuple[Closing, ...]
    attribution_years: tuple[int, int] | None
    headlines: tuple[str, ...]
    hashes: tuple[Mapping[str, str], ...]
    warnings: tuple[Problem, ...]


def _unknown(given: Collection[str], known: Collection[str], where: str, problems: Problems) -> None:
    for name in sorted(set(given) - set(known)):
        problems.add(FILE, name, f"one of {', '.join(known)}", did_you_mean(name, known), cell=f"{where}.{name}")


def _tables(project: Project, problems: Problems) -> list[Path]:
    """The files of tidy observations: everything readable in a folder, one file, or a list."""
    given = project.inputs.get("observations")
    names = [given] if isinstance(given, str) else given
    remedy = 'Write observations = "observations", the name of a folder or file.'
    if not isinstance(names, list) or not names or not all(isinstance(n, str) and n for n in names):
        problems.add(
            FILE, "no input 'observations'", "a folder or file of the project", remedy, cell="inputs.observations"
        )
        return []
    found: list[Path] = []
    for name in names:
        path = project.path(name)
        if path.is_dir():
            found += sorted(p for p in path.iterdir() if p.suffix.lower() in _ENDINGS and p.is_file())
        elif path.is_file():
            found.append(path)
        else:
            problems.add(FILE, name, "a folder or file of the project", cell="inputs.observations")
    if not found and not problems.errors:
        problems.add(FILE, "an empty folder of observations", "a table of observations", cell="inputs.observations")
    return found


def _official(project: Project, areas: Areas, problems: Problems, files: list[Path]) -> list[pd.DataFrame]:
    given = project.inputs.get("official", [])
    frames = []
    for number, one in enumerate(given if isinstance(given, list) else [given], start=1):
        cell = f"inputs.official, number {number}"
        if not isinstance(one, dict) or {"adapter", "file", "release"} - set(one):
            problems.add(FILE, str(one), "adapter, file and release, all three", cell=cell)
            continue
        name, path = str(one["adapter"]), project.path(str(one["file"]))
        if name not in ADAPTERS:
            problems.add(FILE, name, f"one of {', '.join(ADAPTERS)}", did_you_mean(name, ADAPTERS), cell=cell)
        elif not path.is_file():
            problems.add(FILE, str(one["file"]), "a file of the project", cell=cell)
        else:
            files.append(path)
            frames.append(adapt(name, path, project.shown(path), str(one["release"]), areas, problems))
    return frames


def _as_of(project: Project, problems: Problems) -> date:
    given = project.choices.get("as_of")
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        remedy = "It is the day on which the status is judged, so that the same data give the same words."
        problems.add(
            FILE, str(given or "no choice 'as_of'"), 'a day such as "2026-06-01"', remedy, cell="choices.as_of"
        )
        return date.min


def _reported(project: Project, areas: Areas, problems: Problems) -> tuple[str, ...]:
    if "areas" not in project.choices:
        return tuple(areas)
    given = project.choices["areas"]
    if not isinstance(given, list) or not given:
        problems.add(FILE, str(given), "a list of area codes", cell="choices.areas")
        return ()
    for code in given:
        if code not in areas:
            problems.add(
                FILE, str(code), "an area of the areas table", did_you_mean(str(code), areas), cell="choices.areas"
            )
    return tuple(dict.fromkeys(str(code) for code in given))


def _bands(project: Project, problems: Problems) -> Bands:
    given: Any = project.choices.get("bands", {})
    cell = "choices.bands"
    if not isinstance(given, dict) or not all(isinstance(v, (int, float)) for v in given.values()):
        problems.add(FILE, str(given), "names of bands with numbers", cell=cell)
        return bands()
    try:
        return bands().changed({str(k): float(v) for k, v in given.items()})
    except KeyError as error:
        known = list(Bands.__dataclass_fields__)
        name = str(error.args[0])
        problems.add(FILE, name, f"one of {', '.join(known)}", did_you_mean(name, known), cell=cell)
    except ValueError as error:
        problems.add(FILE, "bands out of order", str(error), cell=cell)
    return bands()


def _years(project: Project, problems: Problems) -> tuple[int, int] | None:
    given = project.choices.get("attribution_years")
    if given is None:
        return None
    if isinstance(given, list) and len(given) == 2 and all(type(y) is int for y in given) and given[0] < given[1]:
        return (given[0], given[1])
    problems.add(FILE, str(given), "two years such as [2010, 2019]", cell="choices.attribution_years")
    return None


def _claim(project: Project, problems: Problems) -> None:
    """A claim of neutrality about a territory is refused with its reason."""
    if project.choices.get("claim"):
        try:
            refuse_territory(project.place or project.name)
        except TerritoryClaim as error:
            problems.add(FILE, str(project.choices["claim"]), "no claim", str(error), cell="choices.claim")


def _optional(project: Project, name: str, problems: Problems) -> Path | None:
    return require(project, name, problems) if name in project.inputs else None


def _area_table(project: Project, problems: Problems, files: list[Path]) -> Areas:
    path = require(project, "areas", problems, "A table of the areas: code, name, kind, part_of, parts, note.")
    if path is None:
        return Areas({})
    files.append(path)
    model = model_of("areas", areas_module.COLUMNS, BLANK["areas"])
    table = read_text(path, project.shown(path), model, problems)
    if table.empty and not problems.errors:
        problems.add(project.shown(path), "no rows", "a row for each area: code, name, kind")
    return areas_from(table, problems)


def _targets(
    project: Project, known: Mapping[str, Indicator], areas: Areas, sources: Collection[str], problems: Problems,
    files: list[Path],
) -> tuple[Target, ...]:  # fmt: skip
    path = _optional(project, "targets", problems)
    if path is None:
        return ()
    files.append(path)
    table = read_text(path, project.shown(path), model_of("targets", TARGET_COLUMNS, BLANK["targets"]), problems)
    found = targets_from(table, {key: i.unit for key, i in known.items()}, areas, sources, problems)
    for target in found:
        if known[target.indicator].direction == "context":
            said = f"an indicator with a direction; {target.indicator} is context and gets no status"
            problems.add(target.file, target.indicator, said, cell=f"row {target.row}")
    return found


def read_inputs(project: Project) -> Inputs:
    """Read and check everything. Raises InputProblems with every problem of every file."""
    problems = Problems()
    files: list[Path] = []
    _unknown(project.inputs, _INPUTS, "inputs", problems)
    _unknown(project.choices, _CHOICES, "choices", problems)
    _claim(project, problems)
    known, as_of = indicators(), _as_of(project, problems)
    areas = _area_table(project, problems, files)
    path = _optional(project, "sources", problems)
    files += [path] if path else []
    sources = read_sources(path, project, problems)
    model = model_of("observations", COLUMNS, BLANK["observations"])
    tidy = _tables(project, problems)
    files += tidy
    before = len(problems.errors)
    frames = [read_text(p, project.shown(p), model, problems) for p in tidy]
    frames += _official(project, areas, problems, files)
    if frames and all(f.empty for f in frames) and len(problems.errors) == before:
        problems.add(project.shown(tidy[0]) if tidy else FILE, "no rows", "a row for each figure of an area")
    reported, changed, years = _reported(project, areas, problems), _bands(project, problems), _years(project, problems)
    targets = _targets(project, known, areas, sources, problems, files)
    if not frames or not areas:
        problems.raise_if_any()
    together = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*COLUMNS, "_file", "_row"])
    table = observations_from(together, known, areas, sources, problems)
    problems.raise_if_any()
    sums = closings(table, known, areas, problems)
    problems.raise_if_any()
    spare = [c for c in table.columns if c.startswith("_cell_") and c != "_cell_value"]
    table = table.drop(columns=[*spare, "low_text", "high_text"])
    hashes = tuple({"file": project.shown(p), "sha256": hash_file(p)} for p in files)
    headlines = tuple(str(h) for h in project.choices.get("headlines", []))
    return Inputs(
        project, as_of, areas, reported, table, targets, sources, known, changed, sums, years, headlines, hashes,
        problems.warnings,
    )  # fmt: skip
