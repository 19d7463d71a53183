"""Restate an inventory: a new run beside an old one, which stays as it is, and the bridge between them.

The old run is this project as chosen, or a stored result (the JSON that `natcap build` wrote). The new run takes the
factors of another year, or the project as it stands now. Nothing of the old run is changed or written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from natcap.carbon.business.base import LABELS, waterfall
from natcap.carbon.business.bridge import TERMS, Bridge, bridge
from natcap.carbon.business.figures import TONNE, UNIT, is_synthetic
from natcap.carbon.business.inputs import read
from natcap.carbon.business.ownership import Shares, by_equity, read_back, shares
from natcap.carbon.business.result import Result, calculate
from natcap.core.lines import COLUMNS, NUMBERS
from natcap.core.problems import Problems
from natcap.core.project import Project, hash_file
from natcap.core.report import Chart, Check, Column, Figure, Report, Run, Section, Trace
from natcap.core.version import VERSION

__all__ = ["restate", "stored_lines"]

Held = tuple[Shares, Shares]
_READ = ("activity", "columns", "fixed", "sheets", "layout")
"""Inputs of natcap.toml that say how this year's activity is read."""
_OWNED = (
    "The boundary is drawn otherwise than before (equity share): other quantities of the same days count as boundary. "
    "Entries corrected at the same time cannot be told apart from it; restate in two steps to see both."
)
_SHARED = (
    "Sites count with another share than before: what the share alone changes is boundary, at the quantities of "
    "before; entries of the same days that were corrected are error, at the share of now."
)


def restate(project: Project, factors: int | None = None, against: Path | None = None) -> Report:
    """The bridge between two runs of a business project, as a report.

    `factors`: the factor year of the new run. `against`: a JSON result of an earlier build as the old run; without it
    the old run is the project with the factors its rule gives. Raises InputProblems, also when neither is given.
    """
    problems = Problems()
    if factors is None and against is None:
        problems.add("natcap restate", "no factor year and no earlier result", "--factors YEAR, or --against FILE.json")
        problems.raise_if_any()
    new = _run(project, factors)
    held: Held | None = ({}, {})
    if against is not None:
        old_lines = stored_lines(against, new.this.span, problems)
        held = _held(against, new)
        name, pinned = against.name, {"file": against.name, "sha256": hash_file(against)}
    else:
        old = _run(project, None)
        old_lines, name = old.this.lines, f"factors of {_years(old)}"
        pinned = {"file": "this project as chosen", "sha256": ""}
    found = bridge(old_lines, new.this.lines, same_period=True, owned=held is None, shares=held or ({}, {}))
    said = (_OWNED,) if held is None else (_SHARED,) if _told(held[0]) != _told(held[1]) else ()
    return _report(project, new, found, name, pinned, said)


def _told(shares: Shares) -> dict[str, float]:
    """Shares below one; a site without a share is in no line."""
    return {site: share for site, share in shares.items() if share < 1}


def _held(path: Path, new: Result) -> Held | None:
    """Owned shares of the stored run and of the new one; None where they differ and the stored run says not how."""
    run = json.loads(path.read_text(encoding="utf-8")).get("run")
    record = run if isinstance(run, dict) else {}
    choices, controls = ({str(k): str(v) for k, v in _mapping(record.get(n)).items()} for n in ("choices", "controls"))
    year, chosen = new.this.year, new.inputs.choices
    if not by_equity(choices.get("boundary", chosen.boundary)):
        return {}, shares(year, chosen)
    if before := read_back(choices, year):
        return before, shares(year, chosen)
    # A run of before shares stood in the record: the same column sum is taken for the same shares.
    key = f"{year.period}: sites.ownership.sum"
    now = year.book.controls.get("sites.ownership.sum")
    same = by_equity(chosen.boundary) and (key not in controls or controls[key] == now)
    return ({}, {}) if same else None


def _mapping(found: object) -> Mapping[str, object]:
    return found if isinstance(found, dict) else {}


def _run(project: Project, factors: int | None) -> Result:
    """This year of a project, with the factors of a year by name where one is asked for."""
    inputs = {key: value for key, value in project.inputs.items() if key in _READ}
    choices = project.choices | ({"factor_year": factors} if factors is not None else {})
    return calculate(read(replace(project, inputs=inputs, choices=choices)))


def _years(result: Result) -> str:
    return " and ".join(str(year) for year in result.this.year.years.years)


def stored_lines(path: Path, period: str, problems: Problems) -> pd.DataFrame:
    """The lines of a period from the JSON of an earlier build. Raises InputProblems when they are not there."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        records = document["lines"]
        frame = pd.DataFrame(records, columns=list(COLUMNS))
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        problems.add(path.name, f"a file without lines ({type(error).__name__})", "the JSON that natcap build wrote")
        problems.raise_if_any()
    for name in NUMBERS:
        frame[name] = pd.to_numeric(frame[name], errors="coerce").astype("float64")
    texts = [name for name in COLUMNS if name not in NUMBERS and name != "line"]
    frame[texts] = frame[texts].astype("object").fillna("").astype("str")
    frame = frame[frame["period"] == period]
    if frame.empty or not np.isfinite(frame["kg_co2e"]).all():
        problems.add(path.name, "no lines of this period", f"lines of {period}", "Name the result of the same period.")
    problems.raise_if_any()
    return frame.reset_index(drop=True)


def _report(
    project: Project, new: Result, found: Bridge, name: str, pinned: dict[str, str], notes: tuple[str, ...] = ()
) -> Report:
    title = f"Restatement: from {name} to factors of {_years(new)}"
    status = "synthetic" if is_synthetic(project) else "calculated"
    total = sum(found.terms().values())
    near = 1e-9 * max(abs(found.old), abs(found.new), 1.0)
    inputs = (pinned, *new.this.year.book.inputs)
    choices = {key: str(value) for key, value in new.inputs.choices.model_dump().items() if value not in (None, "")}
    return Report(
        kind="business", title=title, subject=project.name, period=str(project.period), place=project.place,
        figures=tuple(_figure(*entry, str(project.period), status) for entry in _entries(found)),
        sections=(_steps(found, name, new), _by(found, "category"), _by(found, "what")),
        run=Run(VERSION, inputs, new.this.editions, choices, {}, new.this.fallbacks),
        lines=new.lines,
        checks=(Check("bridge", "The five terms sum to the change", total, found.new - found.old, near, "kg CO2e"),),
        warnings=new.inputs.warnings, banners=project.banners,
        notes=("The earlier run is not changed; this is a new run with the bridge between them.", *notes),
    )  # fmt: skip


def _entries(found: Bridge) -> list[tuple[str, str, float, str]]:
    rows = [("old", "Total before", found.old, "Sum of the earlier run's lines.")]
    rows.append(("new", "Total restated", found.new, "Sum of the new run's lines."))
    return rows + [(name, LABELS[name], kg, "One term of the bridge.") for name, kg in found.terms().items()]


def _figure(key: str, label: str, kg: float, how: str, period: str, status: str) -> Figure:
    headline = key in ("old", "new", "factor", "gwp", "error") or kg != 0
    return Figure(
        f"business.restatement.{key}", label, kg / TONNE, UNIT, Trace(how), period=period, headline=headline,
        status=status,  # type: ignore[arg-type]
    )  # fmt: skip


def _steps(found: Bridge, name: str, new: Result) -> Section:
    table = waterfall(found, f"Before: {name}", f"Restated: factors of {_years(new)}")
    last = len(table) - 1
    cells = {(last, "tonnes"): "+".join(f"[tonnes@{row}]" for row in range(last))}
    change = (found.new - found.old) / TONNE
    said = f"The total changes by {change:+,.1f} {UNIT} ({change * TONNE / found.old:+.2%} of the old total).".replace(
        "%)", " %)"
    ) if found.old else f"The total changes by {change:+,.1f} {UNIT}."  # fmt: skip
    notes: tuple[str, ...] = ()
    if found.unsplit:
        notes = (f"{found.unsplit / TONNE:,.1f} {UNIT} of the factor term cannot be split from the change of GWP.",)
    ids = ("old", *TERMS, "new")
    columns = (Column("heading", "Step"), Column("tonnes", "Emissions", UNIT, "number", 6))
    return Section(
        "bridge", "Bridge", table, columns, said, notes, charts=(Chart("waterfall", said, "heading", "tonnes"),),
        total_rows=(0, last), cells=cells,
        figures={(row, "tonnes"): f"business.restatement.{key}" for row, key in enumerate(ids)},
    )  # fmt: skip


def _by(found: Bridge, key: str) -> Section:
    table = found.by(key)
    numbers = ["old", *TERMS, "new"]
    table[numbers] = table[numbers] / TONNE
    table["change"] = table["new"] - table["old"]
    label = {"category": "Category", "what": "Activity"}[key]
    columns = (
        Column(key, label), *(Column(name, name.upper() if name == "gwp" else name.capitalize(), UNIT, "number", 6)
        for name in numbers), Column("change", "Change", UNIT, "number", 6, "[new]-[old]"),
    )  # fmt: skip
    return Section(f"by_{key}", f"Bridge by {label.lower()}", table, columns, "", group="working")
