"""Figures under stable ids: area.<code>.<indicator>.latest, .base, .path, .gap, .ratio, each with its walk back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from natcap.core.report import FactorRef, Figure, InputRef, Status, Trace
from natcap.core.targets import Target
from natcap.core.verification import UNPUBLISHED
from natcap.progress.assessment import Assessment, Point
from natcap.progress.observations import current
from natcap.progress.results import Results, own_ids

__all__ = ["Figures", "cite", "figure_key", "make_figures"]

Row = Mapping[str, Any]
_NEEDED = (
    "id", "indicator", "part", "area", "period", "value", "unit", "status", "source", "release", "note", "low", "high",
    "derived", "made_of", "how", "value_text", "_file", "_sheet", "_row", "_cell_value",
)  # fmt: skip


def figure_key(area: str, indicator: str, what: str, own: str = "") -> str:
    """Id of a figure; `own` is the suffix of a further target (see `results.own_ids`)."""
    return f"area.{area}.{indicator}.{what}{own}"


def cite(results: Results, source: str) -> str:
    """Citation of a source id; the id itself where it is not known."""
    known = results.inputs.sources.get(source)
    return known.cite() if known else source


class Figures:
    """Makes figures; remembers which row of the observations each newest value is."""

    def __init__(self, results: Results) -> None:
        self.results = results
        # The walk back asks for rows one by one, so they are kept as plain records by id.
        table = results.table[list(_NEEDED)]
        rows: list[dict[Any, Any]] = table.to_dict("records")
        self.records: dict[int, Row] = dict(zip(table["id"], rows, strict=True))
        self.latest: dict[int, str] = {}
        self.found: list[Figure] = []

    def make(self) -> tuple[Figure, ...]:
        self._newest()
        suffixes = own_ids(self.results.assessments)
        for one in self.results.assessments:
            self._target(one, suffixes[(one.area, one.target.id)])
        return tuple(self.found)

    def _newest(self) -> None:
        inputs = self.results.inputs
        rows = current(self.results.table)
        ended = rows["end"].map(lambda day: day <= inputs.as_of)
        rows = rows[(rows["part"] == "") & rows["value"].notna() & ended & rows["area"].isin(inputs.reported)]
        rows = rows.sort_values("position", kind="stable").drop_duplicates(["indicator", "area"], keep="last")
        order = {code: n for n, code in enumerate(inputs.reported)}
        place = {key: n for n, key in enumerate(inputs.indicators)}
        ids = sorted(rows["id"], key=lambda i: (order[self.records[i]["area"]], place[self.records[i]["indicator"]]))
        self.latest = {i: figure_key(self.records[i]["area"], self.records[i]["indicator"], "latest") for i in ids}
        for i in ids:
            self.found.append(self._value(i, self.latest[i]))

    def _value(self, row_id: int, key: str) -> Figure:
        row, inputs = self.records[row_id], self.results.inputs
        low, high = (None if np.isnan(row[side]) else float(row[side]) for side in ("low", "high"))
        label = f"{inputs.indicators[row['indicator']].title}, {inputs.areas.name(row['area'])}, {row['period']}"
        return Figure(
            key, label, float(row["value"]), row["unit"], self.trace(row_id), low, high, self._status(row),
            row["period"], inputs.areas.name(row["area"]),
        )  # fmt: skip

    @staticmethod
    def _status(row: Row) -> Status:
        if row["status"] == "estimated":
            return "estimated"
        return "calculated" if row["derived"] else "observed"

    def trace(self, row_id: int) -> Trace:
        """How one row came about: its cell and citation, or the rule with what it was made of."""
        row = self.records[row_id]
        if not row["derived"]:
            return Trace(f"As published: {cite(self.results, row['source'])}.", inputs=(self._input(row),))
        parents = tuple(self.latest[i] for i in row["made_of"] if i in self.latest)
        rest = [i for i in row["made_of"] if i not in self.latest]
        return Trace(
            row["how"], parents=parents, inputs=tuple(self._input(self.records[i]) for i in self._leaves(rest))
        )

    def _leaves(self, ids: list[int]) -> list[int]:
        """The published rows that rows were made of, in order and once each."""
        found: dict[int, None] = {}
        waiting = list(reversed(ids))
        while waiting:
            one = waiting.pop()
            made = self.records[one]["made_of"]
            if made:
                waiting += reversed(made)
            else:
                found[one] = None
        return list(found)

    def _inputs(self, ids: Iterable[int]) -> tuple[InputRef, ...]:
        return tuple(self._input(self.records[i]) for i in self._leaves(list(ids)))

    def _input(self, row: Row) -> InputRef:
        what = f"{row['indicator']} {row['part']}".strip()
        place = self.results.inputs.areas.name(row["area"])
        said = f"{what}, {place}, {row['period']}. {cite(self.results, row['source'])}"
        said += f", release {row['release']}" if row["release"] else ""
        said += f". {row['note'].strip()}" if row["note"].strip() else ""
        cell = str(row["_cell_value"] or f"row {row['_row']}")
        return InputRef(row["_file"], row["_sheet"], cell, row["value_text"], row["unit"], said)

    def _target(self, one: Assessment, own: str) -> None:
        """Base, path, gap and ratio of one target, as far as they exist."""
        if one.latest is None:
            return
        key, area = one.target.indicator, one.area
        ids = {what: figure_key(area, key, what, own) for what in ("base", "path", "gap", "ratio")}
        ids["latest"] = figure_key(area, key, "latest")
        ref = self._reference(one.target)
        if one.base is not None and one.path_value is not None:
            self._path(one, one.base, one.latest.period, ids, ref)
        if one.ratio is not None and one.earlier is not None:
            how = (
                f"Change a year from {one.earlier.period} to {one.latest.period} over the change a year needed to "
                f"{one.target.year}."
            )
            trace = Trace(how, parents=(ids["latest"],), inputs=self._inputs([one.earlier.id]), factors=(ref,))
            self._add(one, ids["ratio"], "rate achieved over rate needed", one.ratio, trace, unit="ratio")

    def _path(self, one: Assessment, base: Point, period: str, ids: Mapping[str, str], ref: FactorRef) -> None:
        target = one.target
        chosen = target.base_verified in UNPUBLISHED or target.verified in UNPUBLISHED
        status: Status = "recalled" if chosen else "calculated"
        self._add(one, ids["base"], "base of the target", base.value, self._base_trace(base, ref), status, base.period)
        how = (
            f"On a {'straight' if target.path == 'linear' else 'constant-rate'} path from {base.value:g} in "
            f"{base.period} to {target.value:g} by {target.year}."
        )
        trace = Trace(how, parents=(ids["base"],), factors=(ref,))
        self._add(one, ids["path"], f"the path in {period}", one.path_value, trace, status)
        trace = Trace("Newest value less the path in the same period.", parents=(ids["latest"], ids["path"]))
        self._add(one, ids["gap"], "gap to the path", one.gap, trace, status)

    def _add(
        self, one: Assessment, key: str, said: str, value: float | None, trace: Trace, status: Status = "calculated",
        period: str = "", unit: str = "",
    ) -> None:  # fmt: skip
        place = self.results.inputs.areas.name(one.area)
        label = f"{self.results.inputs.indicators[one.target.indicator].title}, {place}: {said}"
        newest = one.latest.period if one.latest else ""
        unit = unit or one.target.unit
        self.found.append(Figure(key, label, value, unit, trace, status=status, period=period or newest, place=place))

    def _base_trace(self, base: Point, ref: FactorRef) -> Trace:
        if base.id < 0:
            return Trace("The base value that the target states.", factors=(ref,))
        made = self.trace(base.id)
        return Trace(
            f"The value of the base year. {made.how}", inputs=made.inputs, parents=made.parents, factors=(ref,)
        )

    def _reference(self, target: Target) -> FactorRef:
        return FactorRef(
            f"target.{target.id}", f"Target: {target.wording}", target.value, f"{target.unit} by {target.year}",
            cite(self.results, target.source), target.locator or target.legal_status, target.verified,
            ". ".join(part for part in (target.legal_status, target.note) if part),
        )  # fmt: skip


def make_figures(results: Results) -> tuple[Figure, ...]:
    """Every figure: the newest value of each indicator of each reported area, then what each target adds."""
    return Figures(results).make()
