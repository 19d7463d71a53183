"""The working of projections: index and growth by year, live, and how far the flow of each date is carried."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.projection import GIVEN, Curve, Curves
from natcap.accounts.assets_account.unit_values import Units, UnitValue, first_flow
from natcap.accounts.assets_account.words import Words
from natcap.accounts.show.words import text
from natcap.core.report import Column, Figure, Section, Trace

__all__ = ["growth_range", "projection_figures", "projection_id", "projection_section", "told_projections", "unit_id"]

_WAYS = {"linear": "on a straight line between given years", "step": "as the given year before them",
         "last": "after the last given year, as that year"}  # fmt: skip


def growth_range(curves: Curves, curve: Curve, date: str, offset: int, life: str) -> str:
    """The g of `life` flows as a range for formulas; `offset` is the position of the first in the table."""
    column = f"{{asset_projections.g_{date}_{curves.place(curve)}}}"
    return f"INDEX({column},{offset + 1}):INDEX({column},{offset}+{life})"


def projection_id(words: Words, unit: UnitValue) -> str:
    """The id of the figure of a projection at a date."""
    curve = unit.curve
    if curve is None:
        raise ValueError(f"the flow of {unit.service} has no projection")
    kind = f".{words.type_key[curve.type]}" if curve.type else ""
    return f"assets.projection.{unit.date}.{unit.service}{kind}"


def unit_id(words: Words, unit: UnitValue) -> str:
    """The id of the figure of what a flow of one a year is worth at a date."""
    kind = f".{words.type_key[unit.curve.type]}" if unit.curve and unit.curve.type else ""
    return f"assets.unit.{unit.date}.{unit.service}{kind}"


def projection_section(words: Words, units: Units) -> Section | None:
    """Index of every year of every projection, and g: the flow of the year over that of the date. None without one."""
    curves = units.curves
    if not curves:
        return None
    start, end = curves.start, max(curve.last for curve in curves.held.values())
    table, columns = pd.DataFrame({"year": np.arange(start, end + 1)}), [Column("year", "Year", "", "year")]
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    for n, curve in enumerate(curves.held.values(), start=1):
        name = words.curve_name(curve)
        index = [curve.of(year) for year in table["year"]]
        table[f"index_{n}"] = index
        inside = [curve.first <= year <= curve.last for year in table["year"]]
        ways = [curve.how[y - curve.first] if yes else "" for y, yes in zip(table["year"], inside, strict=True)]
        table[f"how_{n}"] = [way or "no index" for way in ways]
        columns += [Column(f"index_{n}", f"Index of the flow, {name}", "", "number", None),
                    text(f"how_{n}", f"Where the index is from, {name}")]  # fmt: skip
        cells |= {(row, f"index_{n}"): formula for row, formula in _fills(curve, n, start)}
        marks |= {(row, f"index_{n}"): "[x]" for row in range(len(table)) if np.isnan(index[row])}
        for unit in units:
            if unit.curve is not curve:
                continue
            base, g = unit.year - start, f"g_{unit.date}_{n}"
            table[g] = table[f"index_{n}"] / curve.of(unit.year)
            table.loc[table["year"] < unit.year, g] = np.nan
            columns.append(Column(g, f"Flow over that of {words.dated(unit.date)}, {name}", "", "number", 6))
            for row in range(len(table)):
                if row < base or np.isnan(index[row]):
                    marks[row, g] = "[z]" if row < base else "[x]"
                else:
                    cells[row, g] = f"[index_{n}]/[index_{n}@{base}]"
    return Section(
        "asset_projections", "Projections of flows by year", table, tuple(columns),
        f"Projected flows: {'; '.join(_finding(words, units, curve) for curve in curves.held.values())}.",
        ("Flow of a year = flow of the date x index of the year / index of the year of the date. Asset values sum "
         "these flows, each at its price and discount factor.", *told_projections(words, curves)),
        tuple(dict.fromkeys(ref.source for c in curves.held.values() for ref in c.given.refs)),
        cells=cells, marks=marks, group="working",
    )  # fmt: skip


def _finding(words: Words, units: Units, curve: Curve) -> str:
    """The mean flow over the life, as a share of the flow of the last date that counts it."""
    unit = [unit for unit in units if unit.curve is curve][-1]
    share = float(curve.growth(unit.year, unit.life, unit.timing).mean())
    return f"{words.curve_name(curve)}, {share:.1%} of its flow of {unit.year} on average over {unit.life} years"


def _fills(curve: Curve, n: int, start: int) -> Iterator[tuple[int, str]]:
    """Formulas of the years that are filled in, by row of the table."""
    years = curve.given.years
    for year, how in zip(range(curve.first, curve.last + 1), curve.how, strict=True):
        if how in ("", GIVEN):
            continue
        at = int(np.searchsorted(years, year)) - 1
        low = years[at] - start
        formula = f"[index_{n}@{low}]"
        if how == "linear":
            high = years[at + 1] - start
            formula += f"+([index_{n}@{high}]-[index_{n}@{low}])*([year]-[year@{low}])/([year@{high}]-[year@{low}])"
        yield year - start, formula


def told_projections(words: Words, curves: Curves) -> Iterator[str]:
    """What was filled in, by projection; which years are given."""
    for curve in curves.held.values():
        years = np.arange(curve.first, curve.last + 1)
        how = np.asarray(curve.how)
        given = int((how == GIVEN).sum())
        parts = [f"{(how == word).sum()} years ({_spans(years[how == word])}) {said}"
                 for word, said in _WAYS.items() if (how == word).any()]  # fmt: skip
        filled = f"; filled in as chosen: {', '.join(parts)}" if parts else "; none is filled in"
        judged = " Its rows do not all have a source: it counts as judged." if curve.given.judged else ""
        yield f"Projection of {words.curve_name(curve)}: {given} given years{filled}.{judged}"


def _spans(years: np.ndarray) -> str:
    """ "2024-2029, 2031"; of more than three runs the first two and the last."""
    runs = np.split(years, np.flatnonzero(np.diff(years) > 1) + 1)
    shown = [f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs]
    return ", ".join(shown if len(shown) <= 3 else [*shown[:2], "...", shown[-1]])


def projection_figures(words: Words, units: Units) -> Iterator[Figure]:
    """The mean flow over the life as a share of the flow of the date, walked back to every index it rests on."""
    for unit in units:
        curve = unit.curve
        if curve is None:
            continue
        growth = curve.growth(unit.year, unit.life, unit.timing)
        first, used = first_flow(unit.year, unit.timing), curve.used(unit.year, unit.life, unit.timing)
        last = first + unit.life - 1
        how = (
            f"mean of index(y) / index({unit.year}) over the {unit.life} years {first} to {last}; index({unit.year}) = "
            f"{curve.of(unit.year):,.10g}, index({last}) = {curve.of(last):,.10g} ({curve.how[last - curve.first]}); "
            "years between as in the working table 'Projections of flows by year'"
        )
        trace = Trace(how, inputs=tuple(curve.given.cells[n] for n in used),
                      factors=tuple(curve.given.refs[n] for n in used))  # fmt: skip
        label = f"Projected mean flow over the flow of {words.dated(unit.date)}, {words.curve_name(curve)}"
        yield Figure(projection_id(words, unit), label, float(growth.mean()), "fraction", trace,
                     status=words.setting.status(curve.given.judged), period=str(unit.year),
                     place=words.setting.project.place)  # fmt: skip
