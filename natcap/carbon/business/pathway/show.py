"""Sections and figures of the targets."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.carbon.business import periods
from natcap.carbon.business.figures import Maker, slug
from natcap.carbon.business.pathway.model import COVERAGE, KINDS
from natcap.carbon.business.pathway.path import Path, contraction_rate, path_of
from natcap.carbon.business.pathway.read import Targets
from natcap.carbon.business.wings import Setting
from natcap.core.report import Chart, Column, Figure, InputRef, Section, Status, Trace
from natcap.core.verification import UNPUBLISHED
from natcap.core.wings import Wing
from natcap.core.workbook import Row

__all__ = ["show"]

_PLACE = 20
_NEAR = 0.005
"""A stated base within half a per cent is the inventory's, rounded."""
_ID = "business.target"
_STRAIGHT = "The path is a straight line from the base amount to the target. Credits do not count towards a target."
_AMOUNT, _PATH = "amount", "path"
_COLOURS = {_AMOUNT: "#D55E00", _PATH: "#0072B2"}
Pairs = list[tuple[str, Row, Path]]


def show(setting: Setting, given: Targets) -> Wing:
    """The targets wing. Raises nothing: a base or an amount that is missing is shown as missing."""
    pairs: Pairs = []
    taken: set[str] = set()
    for row in given.table.to_dict("records"):
        key = slug(str(row["target"]))
        while key in taken:
            key += "_2"
        taken.add(key)
        pairs.append((key, row, path_of(setting.result, row)))
    rate = contraction_rate()
    leans = any(row["kind"] == KINDS[2] for _, row, _ in pairs)
    weak = leans and rate.verified in UNPUBLISHED
    return Wing(
        (
            (_PLACE, _table(pairs, periods.notes(setting.result, others=(setting.result.base,)))),
            (_PLACE + 1, _years(pairs)),
        ),
        tuple(_figures(setting, given, pairs)),
        banners=(f"The least yearly cut of an absolute contraction is {rate.verified}: check it before use.",) * weak,
        editions=("progress/bands (absolute contraction)",) * leans,
        controls={"targets": str(len(pairs))},
        product=tuple(path for _, _, path in pairs),
    )


def _table(pairs: Pairs, told: tuple[str, ...]) -> Section:
    table = pd.DataFrame([
        {
            "target": row["target"], "kind": row["kind"], "coverage": row["coverage"],
            "scope2": row["scope2"] or "location", "base_year": path.base_year, "base": path.base,
            "year": path.year, "cut": 1 - path.end / path.base, "end": path.end, "unit": path.unit, "now": path.now,
            "required": path.required(path.now), "actual": path.actual, "gap": path.gap, "word": path.word,
            "still": path.still, "from": path.base_from,
        }
        for _, row, path in pairs
    ])  # fmt: skip
    marks = {
        (int(at), name): "[x]" for name in ("base", "cut", "end", "required", "actual", "gap", "still")
        for at in np.flatnonzero(table[name].isna())
    }  # fmt: skip
    marks |= {(at, "still"): "[z]" for at, (_, _, path) in enumerate(pairs) if path.now >= path.year}
    columns = (
        Column("target", "Target"), Column("kind", "Kind"), Column("coverage", "Covers"),
        Column("scope2", "Scope 2 by"), Column("base_year", "Base year", kind="year"),
        Column("base", "Base amount", "", "number", 3), Column("year", "Target year", kind="year"),
        Column("cut", "Reduction", "%", "percent", 1),
        Column("end", "Target amount", "", "number", 3, "[base]*(1-[cut])"), Column("unit", "Unit"),
        Column("now", "Year reported", kind="year"),
        Column("required", "Path in the year reported", "", "number", 3,
               "[base]-([base]-[end])*MIN(MAX([now]-[base_year],0),[year]-[base_year])/([year]-[base_year])"),
        Column("actual", "Amount in the year reported", "", "number", 3),
        Column("gap", "Above the path", "", "number", 3, "[actual]-[required]"), Column("word", "State"),
        Column("still", "To be cut every year from now", "", "number", 3, "([actual]-[end])/([year]-[now])"),
        Column("from", "Base amount from"),
    )  # fmt: skip
    cells = dict.fromkeys(marks, "")
    return Section("targets", "Targets", table, columns, _said(pairs), (*_notes(pairs), *told), cells=cells,
                   marks=marks,
                   figures={(at, "gap"): f"{_ID}.{key}.gap" for at, (key, _, _) in enumerate(pairs)})  # fmt: skip


def _said(pairs: Pairs) -> str:
    words = [path.word for _, _, path in pairs]
    counted = ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))
    return f"{len(words)} target{'s' * (len(words) != 1)}: {counted}."


def _notes(pairs: Pairs) -> tuple[str, ...]:
    rate, notes = contraction_rate(), [_STRAIGHT]
    if any(row["kind"] == KINDS[2] for _, row, _ in pairs):
        notes.append(
            f"Absolute contraction: at least {rate.value:.1%} of the base amount a year "
            f"({rate.source}, {rate.verified}; {rate.note})"
        )
    for _, row, path in pairs:
        least = rate.value * (path.year - path.base_year)
        if row["kind"] == KINDS[2] and row["cut"] == row["cut"] and row["cut"] / 100 < least:
            notes.append(f"{row['target']}: {row['cut']:g} % is less than the {least:.1%} that the approach asks for.")
        if abs(path.base - path.measured) > _NEAR * abs(path.measured):
            notes.append(
                f"{row['target']}: the base amount as stated, {path.base:,.6g} {path.unit}, is not that of the "
                f"inventory of {path.base_year}, {path.measured:,.6g}."
            )
        if path.word == "cannot say":
            notes.append(
                f"{row['target']}: {path.base_from if np.isnan(path.base) else 'a covered amount is missing'}."
            )
    return tuple(notes)


def _years(pairs: Pairs) -> Section:
    """The path of each target year by year, and the amounts that are known, one below the other."""
    rows = [
        (row["target"], what, year, value, path.unit)
        for _, row, path in pairs
        for what, points in ((_AMOUNT, _known(path)), (_PATH, _points(path)))
        for year, value in points
    ]
    table = pd.DataFrame(rows, columns=["target", "what", "year", "value", "unit"])
    marks = {(int(at), "value"): "[x]" for at in np.flatnonzero(table["value"].isna())}
    columns = (
        Column("target", "Target"), Column("what", "Path or amount"), Column("year", "Year", kind="year"),
        Column("value", "Value", "", "number", 3), Column("unit", "Unit"),
    )  # fmt: skip
    charts = tuple(
        Chart("line", _finding(row, path), "year", "value", "what", only={"target": [row["target"]]}, colours=_COLOURS)
        for _, row, path in pairs if not np.isnan(path.base)
    )  # fmt: skip
    return Section("target_paths", "Paths of the targets", table, columns, _said(pairs), (_STRAIGHT,), charts=charts,
                   marks=marks)  # fmt: skip


def _finding(row: Row, path: Path) -> str:
    way = f"from {path.base:,.4g} to {path.end:,.4g} {path.unit} by {path.year}"
    return f"{row['target']}: {_standing(path)}; {way}"


def _standing(path: Path) -> str:
    """The state of a target, with how far the amount stands from the path where that is known."""
    if np.isnan(path.gap) or path.now <= path.base_year:
        return path.word
    side = "above" if path.gap > 0 else "below"
    return f"{path.word}, {abs(path.gap):,.3g} {path.unit} {side} the path in {path.now}"


def _points(path: Path) -> list[tuple[int, float]]:
    return [(year, path.required(year)) for year in range(path.base_year, max(path.year, path.now) + 1)]


def _known(path: Path) -> list[tuple[int, float]]:
    now = [(path.now, path.actual)]
    return [(path.base_year, path.base), *now] if path.now > path.base_year else now


def _figures(setting: Setting, given: Targets, pairs: Pairs) -> Iterator[Figure]:
    calculated = Maker(setting.result, setting.result.this).status(setting.result.this.lines)
    for key, row, path in pairs:
        factors = (contraction_rate(),) if row["kind"] == KINDS[2] and np.isnan(row["cut"]) else ()
        weak = any(ref.verified in UNPUBLISHED for ref in factors) and calculated != "synthetic"
        begun, covered = f"{_ID}.{key}", f"The lines of {row['coverage']} in the terms of the target."
        required = Trace("On the straight line from base to target.", inputs=_cells(given, row, path), factors=factors)
        values = (
            ("required", f"path in {path.now}", path.required(path.now), required),
            ("actual", f"amount in {path.now}", path.actual, Trace(covered, parents=_covered(row))),
            ("gap", "above the path", path.gap, Trace("Amount less path; above zero is behind.",
                                                      parents=(f"{begun}.actual", f"{begun}.required"))),
        )  # fmt: skip
        for name, label, value, trace in values:
            known = value == value
            status: Status = ("recalled" if weak and name != "actual" else calculated) if known else "missing"
            yield Figure(f"{begun}.{name}", f"{row['target']}: {label}", float(value) if known else None, path.unit,
                         trace, status=status, period=setting.result.this.period)  # fmt: skip


def _cells(given: Targets, row: Row, path: Path) -> tuple[InputRef, ...]:
    units = {"base": path.unit, "cut": "%", "year": "", "base_year": ""}
    return tuple(
        InputRef(given.shown, row["_sheet"], row[f"_cell_{name}"] or f"row {row['_row']}", f"{row[name]:g}", unit)
        for name, unit in units.items()
        if row[name] == row[name]
    )


def _covered(row: Row) -> tuple[str, ...]:
    """The figures of the scopes that a target covers."""
    keys = {"1": "scope1", "2": f"scope2.{row['scope2'] or 'location'}", "3": "scope3"}
    return tuple(f"business.{keys[c]}" for c in COVERAGE[row["coverage"]])
