"""Figures of a portfolio: its totals, each business's total and intensity, the medians that may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from natcap.carbon.business.figures import GROSS, TONNE, UNIT, slug
from natcap.carbon.business.portfolio.batch import SECTIONS, Batch
from natcap.carbon.business.portfolio.model import MEASURES
from natcap.core.lines import select
from natcap.core.report import Figure, InputRef, Status, Trace

__all__ = ["figures_of", "key_of_group", "keys_of"]

_HOW = "Sum of lines, each a quantity times a published factor."
_OF_TABLE = "Sum of a column of the table of businesses; each business there is calculated from its own project."
_LISTED = 200
"""Businesses up to which a total names each of them as what it is made of."""
_TOTALS = {
    "total": ("Total (scope 1, 2 by location, 3)", GROSS), "scope1": ("Scope 1", ["scope1"]),
    "scope2.location": ("Scope 2, location-based", ["scope2"]), "scope3": ("Scope 3", ["scope3"]),
    "scope2.market": ("Scope 2, market-based", ["market"]), "outside_scopes": ("Outside of scopes", ["outside"]),
}  # fmt: skip


def keys_of(businesses: pd.DataFrame) -> dict[str, str]:
    """Business -> id of the figure of its total."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in businesses["business"]:
        key = slug(str(name))
        while key in taken:
            key += "_2"
        taken.add(key)
        found[str(name)] = f"portfolio.business.{key}.total"
    return found


def key_of_group(measure: str, sector: str, size: str) -> str:
    """The id of a median."""
    return f"portfolio.benchmark.{measure}.{slug(sector)}.{slug(size)}.median"


def figures_of(batch: Batch, keys: Mapping[str, str]) -> Iterator[Figure]:
    """Every figure of what may be shown: with contents = "benchmark" no single business."""
    yield from _totals(batch, keys)
    if not batch.inputs.ways.open:
        yield from _businesses(batch, keys)
    yield from _medians(batch, keys)


def _state(batch: Batch, places: Iterable[str] | None = None) -> Status:
    """The weakest status of the given businesses, or of all."""
    states = batch.states if places is None else batch.states[list(places)]
    found: tuple[Status, ...] = ("synthetic", "recalled", "provisional", "calculated")
    held = set(states)
    return next((state for state in found if state in held), "calculated")


def _file(batch: Batch) -> InputRef:
    note = "the table of the portfolio" if batch.inputs.sums is None else "the register of the portfolio"
    return InputRef(batch.inputs.shown, note=note)


def _project(batch: Batch, name: str) -> InputRef:
    """Where the bills of a business stand: the table, or the project it is calculated from."""
    if batch.inputs.sums is None:
        return _file(batch)
    folder = batch.inputs.sums.folders[name]
    return InputRef(folder, note=f"its own project: natcap explain {folder} business.total walks back to its bills")


def _where(batch: Batch, **columns: str | list[str]) -> dict[str, str | list[str]] | None:
    """The lines behind a figure, where the report holds them."""
    return columns if batch.inputs.whole else None


def _may_be_shown(batch: Batch) -> set[str]:
    """The totals that show no single business: a scope of few hides its fellows, which would give it by subtraction."""
    if not batch.inputs.ways.open:
        return set(_TOTALS)
    least, there = batch.inputs.ways.suppress_below, batch.table.notna().sum()
    few = any(0 < there[name] < least for name in ("scope1", "scope2", "scope3"))
    own = {"scope2.market": "market", "outside_scopes": "outside", "total": "total"}
    shown = {key for key, column in own.items() if there[column] >= least}
    return shown if few else shown | {"scope1", "scope2.location", "scope3"}


def _totals(batch: Batch, keys: Mapping[str, str]) -> Iterator[Figure]:
    period, shown = str(batch.inputs.project.period), _may_be_shown(batch)
    for key, (label, names) in _TOTALS.items():
        if key not in shown:
            continue
        sections = [SECTIONS.get(name, name) for name in names]
        lines = select(batch.lines, {"section": sections})
        found, label = len(lines) > 0, f"{label}, {batch.inputs.counted}"
        trace = Trace("Nothing was entered for it; it is not zero.")
        if found:
            how = _HOW if batch.inputs.sums is None else _OF_TABLE
            trace = Trace(how, _where(batch, section=sections), 1 / TONNE, inputs=(_file(batch),),
                          parents=_parents(batch, keys) if key == "total" else ())  # fmt: skip
        state = _state(batch, lines["place"].astype("str").unique())
        yield Figure(
            f"portfolio.{key}", label, float(lines["kg_co2e"].sum()) / TONNE if found else None,
            UNIT, trace, status=state if found else "missing", period=period,
            headline=key in ("total", "scope1", "scope2.location", "scope3"),
        )  # fmt: skip


def _parents(batch: Batch, keys: Mapping[str, str]) -> tuple[str, ...]:
    """The totals of the businesses, where no lines are held that say the same; of very many the scopes."""
    if batch.inputs.sums is None or batch.inputs.ways.open:
        return ()
    known = batch.table.loc[batch.table["total"].notna(), "business"]
    if len(known) <= _LISTED:
        return tuple(keys[name] for name in known)
    there = {"scope1": "scope1", "scope2": "scope2.location", "scope3": "scope3"}
    return tuple(f"portfolio.{key}" for column, key in there.items() if batch.table[column].notna().any())


def _businesses(batch: Batch, keys: Mapping[str, str]) -> Iterator[Figure]:
    period, table = str(batch.inputs.project.period), batch.table
    states: list[Status] = batch.states.reindex(table["business"]).tolist()
    totals, by_table = table["total"].to_numpy(), batch.inputs.sums is None
    how = _HOW if by_table else "Total of its own project, which natcap build calculates in the same way."
    for at, name in enumerate(table["business"]):
        key, known = keys[name], not np.isnan(totals[at])
        yield Figure(
            key, f"Total of {name}", float(totals[at]) if known else None, UNIT,
            Trace(how, _where(batch, section=GROSS, place=str(name)), 1 / TONNE, inputs=(_project(batch, str(name)),)),
            place=str(name), period=period, status=states[at] if known else "missing",
        )  # fmt: skip
    for measure in batch.benchmarks:
        unit, scale = MEASURES[measure]
        values, by = table[f"per_{measure}"].to_numpy(), table[measure].to_numpy()
        names, refs = table["business"].tolist(), _divisors(batch, measure)
        for at in np.flatnonzero(~np.isnan(values)).tolist():
            name = names[at]
            trace = Trace(
                f"Scope 1 and 2 (location) divided by {by[at]:,.10g} ({measure}).",
                _where(batch, section=[SECTIONS["scope1"], SECTIONS["scope2"]], place=name),
                scale / TONNE / float(by[at]),
                inputs=refs[at],
            )  # fmt: skip
            yield Figure(_per(keys[name], measure), f"Intensity of {name} by {measure}",
                         float(values[at]), unit, trace, place=str(name), period=period,
                         status=states[at])  # fmt: skip


def _divisors(batch: Batch, measure: str) -> list[tuple[InputRef, ...]]:
    """By row: the cells of what a business's emissions are divided by; none where it is not known."""
    names, by = batch.table["business"].tolist(), batch.table[measure].to_numpy()
    if batch.inputs.sums is not None:
        return [batch.inputs.sums.refs.get((name, measure), ()) for name in names]
    places = zip(names, batch.table["_sheet"].tolist(), batch.table[f"_cell_{measure}"].tolist(), by, strict=True)
    shown = batch.inputs.shown
    return [
        (InputRef(shown, sheet, cell, f"{amount:g}", note=f"{measure} of {name}"),)
        for name, sheet, cell, amount in places
    ]


def _per(total: str, measure: str) -> str:
    """The id of an intensity beside that of a total."""
    return f"{total.removesuffix('.total')}.per_{measure}"


def _medians(batch: Batch, keys: Mapping[str, str]) -> Iterator[Figure]:
    period = str(batch.inputs.project.period)
    state, left = _state(batch), len(batch.inputs.left)
    without = f"; {left:,} left out for their problems" if left else ""
    for measure, made in batch.benchmarks.items():
        known = batch.table[batch.table[f"per_{measure}"].notna()]
        members = {pair: part["business"].tolist() for pair, part in known.groupby(["sector", "size"], observed=True)}
        for row in made.groups[~made.groups["hidden"]].to_dict("records"):
            mine = [] if batch.inputs.ways.open else members.get((row["sector"], row["size"]), [])
            parents = tuple(_per(keys[name], measure) for name in mine)
            trace = Trace(
                f"Median of {row['n']:,} businesses by {measure}{without}.", parents=parents, inputs=(_file(batch),)
            )
            yield Figure(
                key_of_group(measure, row["sector"], row["size"]),
                f"Median by {measure}: {row['sector']}, {str(row['size']).lower()}", float(row["median"]),
                MEASURES[measure][0], trace, status=state, period=period,
            )  # fmt: skip
