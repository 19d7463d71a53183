"""Spread a plan over activity rows: one vectorised step from bills to lines with their provenance.

Nothing here looks at a row by itself. Texts are categories, so a million rows share one copy of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from natcap.carbon.business.contracts import Contract, assign
from natcap.carbon.business.models import Choices
from natcap.carbon.business.plan import Plan, PlanLine, make_plan
from natcap.carbon.business.reading import Rows
from natcap.carbon.inventory import FactorYears, span
from natcap.core import lines as core_lines

__all__ = ["calculate", "spread"]

Ints = NDArray[np.int64]
_TEXTS = ("section", "category", "basis", "gas", "unit", "factor_unit", "factor_id", "edition", "gwp_set", "verified")
_NUMBERS = ("factor", "low", "high")


def calculate(
    rows: Rows, contracts: Sequence[Contract], years: FactorYears, choices: Choices,
    share: NDArray[np.float64] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, Plan]:  # fmt: skip
    """Lines, the rows they came from (with `contract` and `combo`), and the plan.

    `share` is the part of each row that counts (equity share); 1 everywhere when absent. Uses whose factor is
    missing are in `plan.errors` and make no lines: the caller must refuse them.
    """
    frame = rows.frame
    if share is not None:
        frame = frame.assign(quantity=frame["quantity"].to_numpy() * share)
    electric = np.array([use.category == "electricity" for use in rows.uses], dtype=bool)
    frame = assign(frame, tuple(contracts), electric[frame["use"].to_numpy()] if len(electric) else np.zeros(0, bool))
    width = len(contracts) + 1
    joint = frame["use"].to_numpy("int64") * width + frame["contract"].to_numpy("int64") + 1
    used = np.flatnonzero(np.bincount(joint, minlength=1))
    pairs = [(int(code) // width, int(code) % width - 1) for code in used]
    plan = make_plan(rows.uses, pairs, contracts, years, choices)
    where = np.zeros(int(used[-1]) + 1 if len(used) else 1, dtype="int32")
    where[used] = np.arange(len(used))
    combo = where[joint]
    return spread(frame, combo, _of(plan, pairs, rows), rows), frame.assign(combo=combo), plan


def _of(plan: Plan, pairs: Sequence[tuple[int, int]], rows: Rows) -> list[tuple[str, Sequence[PlanLine]]]:
    """(activity id, planned lines) of each pair."""
    return [
        (rows.uses[use].activity.id, plan.lines[(use, held)].lines if (use, held) in plan.lines else ())
        for use, held in pairs
    ]


def spread(
    frame: pd.DataFrame, combo: Ints, planned: Sequence[tuple[str, Sequence[PlanLine]]], rows: Rows
) -> pd.DataFrame:
    """The lines table: for each row, in order, every planned line of its combination."""
    flat = [line for _, lines in planned for line in lines]
    names = [name for name, lines in planned for _ in lines]
    counts = np.array([len(lines) for _, lines in planned], dtype="int64")
    starts = np.cumsum(counts) - counts
    if len(counts) and (counts == counts[0]).all() and counts[0] == 1:
        row, at = np.arange(len(frame)), combo.astype("int64")
    else:
        each = counts[combo]
        row = np.repeat(np.arange(len(frame)), each)
        first = np.repeat(np.cumsum(each) - each, each)
        at = starts[combo][row] + np.arange(len(row)) - first
    return core_lines.frame(_columns(frame, flat, row, at, rows) | {"activity": _texts(names, at)})


def _columns(frame: pd.DataFrame, flat: Sequence[PlanLine], row: Ints, at: Ints, rows: Rows) -> dict[str, Any]:
    """Every column of the lines; `row` points into the rows, `at` into the planned lines."""
    entered = frame["quantity"].to_numpy("float64").take(row)
    quantity = entered * _numbers(flat, "quantity").take(at)
    in_factor_unit = entered * _numbers(flat, "factor_quantity").take(at)
    columns: dict[str, Any] = {name: _texts([getattr(line, name) for line in flat], at) for name in _TEXTS}
    columns["match"] = _texts([line.how for line in flat], at)
    columns |= _provenance(frame, flat, row, at, rows)
    factor = _numbers(flat, "factor").take(at)
    kg = in_factor_unit * factor
    columns |= {
        "quantity": quantity, "factor_quantity": in_factor_unit, "factor": factor, "kg": kg,
        "gwp": np.ones(len(row)), "kg_co2e": kg.copy(),
    }  # fmt: skip
    if any(line.gwp != 1 for line in flat):
        columns["gwp"] = _numbers(flat, "gwp").take(at)
        columns["kg_co2e"] = kg * columns["gwp"]
    for place, name in enumerate(("kg_co2", "kg_ch4", "kg_n2o")):
        columns[name] = in_factor_unit * np.array([line.gases[place] for line in flat], dtype="float64").take(at)
    for name in ("low", "high"):
        ends = _numbers(flat, name)
        columns[name] = np.full(len(row), np.nan) if np.isnan(ends).all() else in_factor_unit * ends.take(at)
    return columns


def _provenance(frame: pd.DataFrame, flat: Sequence[PlanLine], row: Ints, at: Ints, rows: Rows) -> dict[str, Any]:
    return {
        "period_start": _days(frame["start"], row), "period_end": _days(frame["end"], row),
        "period": _constant(span(rows.period), len(row)), "place": frame["site"].array[row],
        "item": frame["item"].array[row], "tier": frame["status"].array[row],
        "file": _files(frame, row, rows),
        "sheet": frame["sheet"].array[row], "cell": frame["cell"].array[row], "evidence": frame["evidence"].array[row],
        "note": _notes(frame, [line.note for line in flat], row, at),
    }  # fmt: skip


def _files(frame: pd.DataFrame, row: Ints, rows: Rows) -> Any:
    """The file of each line; one and the same for all where there is only one."""
    file = frame["file"].array if "file" in frame else None
    if file is None or len(file.categories) < 2:
        return _constant(str(file.categories[0]) if file is not None and len(file.categories) else rows.file, len(row))
    return file[row]


def _numbers(flat: Sequence[PlanLine], name: str) -> NDArray[np.float64]:
    return np.array([getattr(line, name) for line in flat], dtype="float64")


def _small(count: int) -> str:
    """The smallest integer type that can number `count` categories."""
    return "int8" if count < 127 else "int16" if count < 32_767 else "int32"


def _texts(texts: Sequence[str], at: NDArray[Any]) -> pd.Categorical:
    """A categorical of `texts[at]`, categories in order of first appearance among `texts`."""
    distinct = list(dict.fromkeys(texts))
    if len(distinct) == 1:
        return _constant(distinct[0], len(at))
    place = {text: number for number, text in enumerate(distinct)}
    codes = np.array([place[text] for text in texts], dtype=_small(len(distinct)))
    taken = codes.take(at) if len(codes) else np.zeros(0, dtype="int8")
    return _categorical(taken, distinct)


def _constant(text: str, rows: int) -> pd.Categorical:
    return _categorical(np.zeros(rows, dtype="int8"), [text])


def _categorical(codes: NDArray[Any], texts: Sequence[str]) -> pd.Categorical:
    """A categorical from codes that are known to be right; checking them would read every row again."""
    made: pd.Categorical = pd.Categorical.from_codes(
        codes, categories=pd.Index(list(texts), dtype="str"), validate=False
    )
    return made


def _days(column: pd.Series, row: Ints) -> pd.Categorical:
    """Days as ISO text in a categorical of all days between the first and the last."""
    days = column.to_numpy("datetime64[D]").astype("int64")
    if not len(days):
        return _constant("", 0)
    first = int(days.min())
    span = np.arange(first, int(days.max()) + 1).astype("datetime64[D]").astype("str")
    codes = (days - first).astype(_small(len(span))).take(row)
    return _categorical(codes, span.tolist())


def _notes(frame: pd.DataFrame, planned: Sequence[str], row: Ints, at: Ints) -> pd.Categorical:
    """The planned note, the row's own note, and which days of a bill count, joined where there are several."""
    own, texts = _row_notes(frame)
    if texts == [""]:
        return _texts(planned, at)
    joint = own[row] * len(planned) + at
    size = len(texts) * len(planned)
    used = np.flatnonzero(np.bincount(joint, minlength=1)) if size < 5_000_000 else np.unique(joint)
    said = [
        "; ".join(t for t in (planned[code % len(planned)], texts[code // len(planned)]) if t) for code in used.tolist()
    ]
    return _texts(said, np.searchsorted(used, joint))


def _row_notes(frame: pd.DataFrame) -> tuple[Ints, list[str]]:
    """(code of each row, distinct texts) of what a row says itself."""
    note = frame["note"].array
    days_in, days = frame["days_in"].to_numpy("int64"), frame["days"].to_numpy("int64")
    cut = days_in < days
    codes = np.asarray(note.codes, dtype="int64")
    texts = [str(text) for text in note.categories]
    if not cut.any():
        return codes, texts or [""]
    pairs, places = np.unique(np.column_stack([codes, days_in, days])[cut], axis=0, return_inverse=True)
    said = [f"{a} of {b} days of the bill" for _, a, b in pairs.tolist()]
    more = ["; ".join(t for t in (s, texts[int(c)]) if t) for s, (c, _, _) in zip(said, pairs.tolist(), strict=True)]
    codes = codes.copy()
    codes[cut] = len(texts) + places.ravel()
    return codes, texts + more
