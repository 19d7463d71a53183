"""Read the parcel template: six sheets into plots, every row checked against the edition, all problems at once."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from natcap.accounts.biodiversity.edition import DEFAULT, Edition, Kind, MetricError, edition
from natcap.accounts.habitats_account.balanced import balanced
from natcap.accounts.habitats_account.check import Checker
from natcap.accounts.habitats_account.model import MODELS, models
from natcap.accounts.habitats_account.plots import Plot
from natcap.accounts.wings import Reader
from natcap.core.problems import Problem, Problems
from natcap.core.project import FILE
from natcap.core.workbook import read_tables, sound_sheets

__all__ = ["HabitatInput", "read", "read_plots"]

_KINDS: Mapping[str, Kind] = {"hedgerows": "hedgerow", "watercourses": "watercourse"}
_STEPS: Mapping[str, str] = {"baseline": "baseline", "created": "created", "enhanced": "enhanced"}
Row = Mapping[Hashable, Any]


@dataclass(frozen=True)
class HabitatInput:
    """Accepted plots in the order of the sheets, and the edition they are computed by."""

    shown: str
    plots: tuple[Plot, ...]
    edition: Edition


def read(reader: Reader) -> HabitatInput | None:
    """The plots of the input `habitats`; None where something is wrong, which is then in the problems."""
    problems = reader.problems
    name = str(reader.project.choices.get("metric_edition", DEFAULT))
    if "metric" in reader.project.inputs:
        found = "the inputs metric and habitats together"
        problems.add(FILE, found, "one of them", "Both are the units of a project", cell="inputs.habitats")
    try:
        rules = edition(name)
    except MetricError as error:
        remedy = f"{error}. Leave it out for {DEFAULT}"
        problems.add(FILE, name, "an edition of the metric", remedy, cell="choices.metric_edition")
        return None
    path = reader.file("habitats", "Name the workbook with the parcels")
    if path is None:
        return None
    shown, before, held = reader.project.shown(path), len(problems.errors), len(problems)
    tables = read_tables(path, models(name), problems, shown)
    plots = read_plots(rules, tables, shown, problems, problems[held:])
    if not plots and len(problems.errors) == before:
        sheets = ", ".join(model.sheet for model in MODELS)
        problems.add(shown, "no row", f"at least one parcel on the sheets {sheets}", "Fill the template and save it")
    return HabitatInput(shown, plots, rules) if len(problems.errors) == before else None


def read_plots(e: Edition, tables: Mapping[str, pd.DataFrame], shown: str, problems: Problems,
               broken: Sequence[Problem] = ()) -> tuple[Plot, ...]:  # fmt: skip
    """Plots of the tables (frames of `read_tables` by sheet id). What is wrong is added to `problems`.

    `broken` are the problems of the reading: what is wrong beside their cells is told as well, what follows from them
    is not.
    """
    checker = Checker(e, shown, problems, broken)
    plots: list[Plot] = []
    for key, table in tables.items():
        rows = sound_sheets(table, broken).to_dict("records")
        checker.labels(rows)
        checker.editions(rows)
        for row in rows:
            plot = _plot(e, key, row, checker)
            plots += [] if plot is None else [plot]
            if key != "trees":
                checker.met(_KINDS.get(key, "area"), _STEPS.get(key) or str(row["step"]), row, plot)
    linked = tuple(_linked(plots, checker))
    for plot in sorted(linked, key=lambda one: one.step != "baseline"):
        checker.plot(plot)
    checker.enhanced(linked)
    checker.sites(linked)
    if len(plots) == sum(map(len, tables.values())):  # a row that could not be read would be land that is missing
        balanced(checker, linked)
    return linked


def _plot(e: Edition, key: str, row: Row, checker: Checker) -> Plot | None:
    """One row as a plot; None where a field that everything else needs is missing or wrong."""
    step = _STEPS.get(key) or str(row["step"])
    if not step:
        return None
    sizes = checker.trees(row, step) if key == "trees" else checker.sizes(row, step)
    advance, delay = checker.years(row, step)
    if sizes is None or advance is None or delay is None:
        return None
    size, retained, enhanced = sizes
    return Plot(
        row["_sheet"], int(row["_row"]), str(row["label"]), _KINDS.get(key, "area"), step,
        row.get("place", "") != "off site", row["habitat"], size, row["condition"], row["significance"],
        str(row.get("site", "")), str(row.get("risk", "")), retained, enhanced, row.get("irreplaceable", "") == "yes",
        row.get("agreed", "") == "yes", str(row.get("parcel", "")), advance=advance, delay=delay,
        encroachment=row.get("encroachment", ""), riparian=row.get("riparian", ""), tree=row.get("tree", ""),
        count=int(row["count"]) if key == "trees" else 0,
        said=str(row.get("irreplaceable", "")),
        cells={str(name)[6:]: str(cell) for name, cell in row.items() if str(name).startswith("_cell_") and cell},
    )  # fmt: skip


def _linked(plots: list[Plot], checker: Checker) -> Iterator[Plot]:
    """Plots with what an enhancement takes from its baseline parcel: habitat, condition, place, site and risk."""
    known = {(p.kind, p.label): p for p in plots if p.step == "baseline" and not p.tree}
    for plot in plots:
        if plot.step != "enhanced":
            yield plot
            continue
        found = known.get((plot.kind, plot.parcel))
        if found is None:
            checker.unknown_parcel(plot, [label for kind, label in known if kind == plot.kind])
            continue
        if plot.kind != "area":
            checker.same_place(plot, found)
        yield replace(plot, before=found.habitat, start=found.condition, on_site=found.on_site, site=found.site,
                      risk=found.risk, irreplaceable=found.irreplaceable)  # fmt: skip
