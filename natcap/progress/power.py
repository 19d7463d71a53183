"""Energy use by sector and fuel, and renewable electricity by technology, where suppressed cells hide totals."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from natcap.core.report import Chart, Column, Section
from natcap.progress.observations import current
from natcap.progress.results import Results
from natcap.progress.shape import Measure, amount, citations, names_for, single, sum_cells, wide

__all__ = ["energy_use", "renewables"]

_USE, _MADE = "G18", "G20"


def _parts(results: Results, indicator: str, depth: int) -> list[str]:
    rows = current(results.table)
    rows = rows[(rows["indicator"] == indicator) & (rows["part"] != "") & rows["area"].isin(results.inputs.reported)]
    return sorted(p for p in set(rows["part"]) if p.count("/") == depth)


def energy_use(results: Results) -> Section | None:
    """Final energy by area, year, sector and fuel; the total of a sector is a live sum."""
    leaves = _parts(results, _USE, 1)
    sectors = sorted({p.split("/")[0] for p in leaves})
    names = names_for(sorted({p.split("/")[1] for p in leaves}))
    frames: list[pd.DataFrame] = []
    marks: dict[tuple[int, str], str] = {}
    for sector in sectors:
        measures = [Measure(name, _USE, f"{sector}/{fuel}") for fuel, name in names.items()]
        made = wide(results, [*measures, Measure("total", _USE, sector)])
        offset = sum(map(len, frames))
        marks |= {(row + offset, name): mark for (row, name), mark in made.marks.items()}
        frames.append(made.table.assign(sector=sector))
    if not frames:
        return None
    table = pd.concat(frames, ignore_index=True)
    columns = (
        Column("code", "Code"), Column("area", "Area"), Column("sector", "Sector"), Column("year", "Year", kind="year"),
        *(Column(name, fuel, "GWh", "number", 1) for fuel, name in names.items()),
        Column("total", "Total of the sector", "GWh", "number", 1),
    )  # fmt: skip
    notes = ("Transport is not in it, so the sectors are not the whole.", "Bioenergy is published apart from 2021.")
    known = table[(table["sector"] == sectors[0]) & table["total"].notna()]
    summary = "Final energy use by sector and fuel."
    if len(known):
        one = known[known["code"] == known["code"].iloc[0]].iloc[-1]
        summary = f"{sectors[0]} energy use in {one['area']} was {amount(one['total'], 'GWh')} in {one['year']}."
    return Section(
        "energy_use", "Final energy use", table, columns, summary, notes, citations(results, [_USE]), (), (),
        sum_cells(table, list(names.values()), "total"), marks,
    )  # fmt: skip


def _findings(results: Results, table: pd.DataFrame, labels: Mapping[str, str]) -> tuple[str, str]:
    """A sentence on what is suppressed, and one on the technology with the most published cells."""
    alone = table[table["area"].isin(single(results))]
    now = (alone if len(alone) else table).groupby("code", sort=False).tail(1)
    hidden = int((now["suppressed"] > 0).sum())
    said = f"In {hidden} of {len(now)} areas a technology is suppressed in the newest year: its total is not known."
    known, sums = now[list(labels)].notna().sum().to_dict(), now[list(labels)].sum().to_dict()
    best = max(labels, key=lambda n: (known[n], sums[n]))
    if not now[best].notna().any():
        return said, ""
    top = now.loc[[now[best].idxmax()]].iloc[0]
    return said, f"{labels[best]}: {top['area']} generated most, {amount(top[best], 'MWh')} in {top['year']}"


def renewables(results: Results, latest: Mapping[int, str]) -> Section | None:
    """Renewable electricity by technology: the sum of what is published is a lower bound where a cell is suppressed."""
    kinds = _parts(results, _MADE, 0)
    if not kinds:
        return None
    labels = {name: kind for kind, name in names_for(kinds).items()}
    made = wide(results, [*(Measure(n, _MADE, k) for n, k in labels.items()), Measure("total", _MADE)])
    table = made.table
    names = list(labels)
    table["published"] = table[names].sum(axis=1, min_count=1)
    table["suppressed"] = [sum(made.marks.get((r, n)) == "[c]" for n in names) for r in range(len(table))]
    keep = [n for n in names if table[n].isna().any() or table[n].ne(0).any()]
    cells = sum_cells(table, keep, "published") | sum_cells(table, keep, "total")
    columns = (
        Column("code", "Code"), Column("area", "Area"), Column("year", "Year", kind="year"),
        *(Column(n, labels[n], "MWh", "number", 0) for n in keep),
        Column("published", "Published cells together, at least", "MWh", "number", 0),
        Column("suppressed", "Suppressed technologies", kind="integer"), Column("total", "Total", "MWh", "number", 0),
    )  # fmt: skip
    said, best = _findings(results, table, {n: labels[n] for n in keep})
    name = next((n for n in keep if best.startswith(f"{labels[n]}:")), keep[0])
    marks = {cell: mark for cell, mark in made.marks.items() if cell[1] in {*keep, "total"}}
    marks |= {(r, "published"): "[x]" for r in np.flatnonzero(table["published"].isna().to_numpy()).tolist()}
    return Section(
        "renewables", "Renewable electricity", table, columns, f"{said} {best}.",
        ("Editions of 2017 and 2018 suppressed fewer cells: totals are not comparable with later ones.",
         "Technologies with no generation anywhere are left out of the table."),
        citations(results, [_MADE]), (Chart("line", best, "year", name, "area"),) if best else (), (), cells, marks,
        made.figures(latest),
    )  # fmt: skip
