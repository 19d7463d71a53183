"""Figures of a portfolio: its totals, each business's total and intensity, the medians that may be shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from natcap.carbon.business.figures import GROSS, TONNE, UNIT, is_synthetic, slug
from natcap.carbon.business.portfolio.batch import MEASURES, SECTIONS, Batch
from natcap.core.lines import select
from natcap.core.report import Figure, InputRef, Status, Trace
from natcap.core.verification import UNPUBLISHED

__all__ = ["figures_of", "key_of_group", "keys_of"]

_HOW = "Sum of lines, each a quantity times a published factor."
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
    yield from _totals(batch)
    if not batch.inputs.ways.open:
        yield from _businesses(batch, keys)
    yield from _medians(batch, keys)


def _state(batch: Batch, weak: bool) -> Status:
    return "synthetic" if is_synthetic(batch.inputs.project) else "recalled" if weak else "calculated"


def _file(batch: Batch) -> InputRef:
    return InputRef(batch.inputs.rows.file, note="the table of the portfolio")


def _where(batch: Batch, **columns: str | list[str]) -> dict[str, str | list[str]] | None:
    """The lines behind a figure, where the report holds them."""
    return columns if batch.inputs.ways.whole else None


def _may_be_shown(batch: Batch) -> set[str]:
    """The totals that show no single business: a scope of few hides its fellows, which would give it by subtraction."""
    if not batch.inputs.ways.open:
        return set(_TOTALS)
    least, there = batch.inputs.ways.suppress_below, batch.table.notna().sum()
    few = any(0 < there[name] < least for name in ("scope1", "scope2", "scope3"))
    own = {"scope2.market": "market", "outside_scopes": "outside", "total": "total"}
    shown = {key for key, column in own.items() if there[column] >= least}
    return shown if few else shown | {"scope1", "scope2.location", "scope3"}


def _totals(batch: Batch) -> Iterator[Figure]:
    period, shown = str(batch.inputs.project.period), _may_be_shown(batch)
    for key, (label, names) in _TOTALS.items():
        if key not in shown:
            continue
        sections = [SECTIONS.get(name, name) for name in names]
        lines = select(batch.lines, {"section": sections})
        found = len(lines) > 0
        trace = Trace("Nothing was entered for it; it is not zero.")
        if found:
            trace = Trace(_HOW, _where(batch, section=sections), 1 / TONNE, inputs=(_file(batch),))
        weak = bool(lines["verified"].isin(sorted(UNPUBLISHED)).any())
        yield Figure(
            f"portfolio.{key}", f"{label}, all businesses", float(lines["kg_co2e"].sum()) / TONNE if found else None,
            UNIT, trace, status=_state(batch, weak) if found else "missing", period=period,
            headline=key in ("total", "scope1", "scope2.location", "scope3"),
        )  # fmt: skip


def _businesses(batch: Batch, keys: Mapping[str, str]) -> Iterator[Figure]:
    period, table = str(batch.inputs.project.period), batch.table
    weak, totals, file = batch.weak.to_numpy(), table["total"].to_numpy(), (_file(batch),)
    for at, name in enumerate(table["business"]):
        key, known = keys[name], not np.isnan(totals[at])
        yield Figure(
            key, f"Total of {name}", float(totals[at]) if known else None, UNIT,
            Trace(_HOW, _where(batch, section=GROSS, place=str(name)), 1 / TONNE, inputs=file), place=str(name),
            period=period,
            status=_state(batch, bool(weak[at])) if known else "missing",
        )  # fmt: skip
    for measure in batch.benchmarks:
        unit, scale = MEASURES[measure]
        values, by = table[f"per_{measure}"].to_numpy(), table[measure].to_numpy()
        shown = batch.inputs.rows.file
        names, sheets, cells = (table[c].tolist() for c in ("business", "_sheet", f"_cell_{measure}"))
        for at in np.flatnonzero(~np.isnan(values)).tolist():
            name = names[at]
            trace = Trace(
                f"Scope 1 and 2 (location) divided by {by[at]:,.10g} ({measure}).",
                _where(batch, section=[SECTIONS["scope1"], SECTIONS["scope2"]], place=name),
                scale / TONNE / float(by[at]),
                inputs=(InputRef(shown, sheets[at], cells[at], f"{by[at]:g}", note=f"{measure} of {name}"),),
            )  # fmt: skip
            yield Figure(_per(keys[name], measure), f"Intensity of {name} by {measure}",
                         float(values[at]), unit, trace, place=str(name), period=period,
                         status=_state(batch, bool(weak[at])))  # fmt: skip


def _per(total: str, measure: str) -> str:
    """The id of an intensity beside that of a total."""
    return f"{total.removesuffix('.total')}.per_{measure}"


def _medians(batch: Batch, keys: Mapping[str, str]) -> Iterator[Figure]:
    period = str(batch.inputs.project.period)
    any_weak = bool(batch.weak.any())
    for measure, made in batch.benchmarks.items():
        known = batch.table[batch.table[f"per_{measure}"].notna()]
        members = {pair: part["business"].tolist() for pair, part in known.groupby(["sector", "size"], observed=True)}
        for row in made.groups[~made.groups["hidden"]].to_dict("records"):
            mine = [] if batch.inputs.ways.open else members.get((row["sector"], row["size"]), [])
            parents = tuple(_per(keys[name], measure) for name in mine)
            trace = Trace(f"Median of {row['n']:,} businesses by {measure}.", parents=parents, inputs=(_file(batch),))
            yield Figure(
                key_of_group(measure, row["sector"], row["size"]),
                f"Median by {measure}: {row['sector']}, {str(row['size']).lower()}", float(row["median"]),
                MEASURES[measure][0], trace, status=_state(batch, any_weak), period=period,
            )  # fmt: skip
