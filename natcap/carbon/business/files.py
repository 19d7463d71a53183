"""The files behind one input: one or several, read below each other, with the file of every row."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from natcap.carbon.business.advice import advised
from natcap.carbon.business.cumulative import warn_of_readings
from natcap.carbon.business.models import models
from natcap.carbon.business.shapes import FIELDS, SHAPES, model_in, rows_of
from natcap.carbon.business.spoken import as_text, understood
from natcap.carbon.business.typed import is_typed
from natcap.core.problems import Problems, did_you_mean
from natcap.core.project import FILE, Period, Project, require
from natcap.core.workbook import TableModel

__all__ = ["Layout", "Tables", "below", "layout_of", "paths_of", "read_files"]


_ACTIVITY = "activity"


@dataclass(frozen=True)
class Layout:
    """How a foreign file is read: its headers by field, the value of fields it has no column for, the names of the
    sheets that hold the activity table, where it is on several, and how bills stand in it, by file ("" for all)."""

    headers: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    shapes: Mapping[str, str] = field(default_factory=dict)

    def shape_of(self, name: str) -> str:
        """How bills stand in a file, one of SHAPES."""
        return self.shapes.get(name, self.shapes.get("", SHAPES[0]))


@dataclass(frozen=True)
class Tables:
    """Tables by model id, each row with `_file`; control totals, by file where there are several."""

    frames: dict[str, pd.DataFrame]
    controls: dict[str, str]
    shown: str


def paths_of(project: Project, name: str, problems: Problems, remedy: str = "") -> list[Path]:
    """The files of an input: a file name or a list of them. Empty with a problem where one is not there."""
    given = project.inputs.get(name)
    if not isinstance(given, list):
        path = require(project, name, problems, remedy)
        return [path] if path else []
    found = []
    for number, text in enumerate(given):
        path = project.path(str(text))
        if path.is_file() and path not in found:
            found.append(path)
            continue
        expected = "each file once" if path.is_file() else "a file in the project folder"
        problems.add(FILE, str(text), expected, remedy, cell=f"inputs.{name}[{number + 1}]")
    if not given:
        problems.add(FILE, "an empty list", "at least one file name", remedy, cell=f"inputs.{name}")
    return found if len(found) == len(given) else []


def layout_of(project: Project, problems: Problems) -> Layout:
    """`columns` (a table, or a CSV file with the columns header and field), `fixed`, `sheets` and `layout`."""
    headers = project.inputs.get("columns", {})
    if isinstance(headers, str):
        path = require(project, "columns", problems, "A CSV file with the columns header and field.")
        headers = _mapping_file(path, project.shown(path), problems) if path else {}
    found = {}
    for name, given in (("columns", headers), ("fixed", project.inputs.get("fixed", {}))):
        if not isinstance(given, dict):
            expected = 'a table such as columns = { "Energy type" = "activity" }'
            problems.add(FILE, str(given), expected, cell=f"inputs.{name}")
            given = {}
        found[name] = {str(k): str(v) for k, v in given.items()}
    _known(
        found["columns"].values(),
        sorted({f.name for m in models() for f in m.fields} | set(FIELDS)),
        "columns",
        problems,
    )
    _known(found["fixed"], [f.name for f in models()[0].fields], "fixed", problems)
    return Layout(found["columns"], found["fixed"], _sheets(project, problems), _shapes(project, problems))


def _shapes(project: Project, problems: Problems) -> dict[str, str]:
    """`layout` of natcap.toml: one of SHAPES for all files, or a table of file and layout."""
    given = project.inputs.get("layout", {})
    named = given if isinstance(given, dict) else {"": given}
    for text in named.values():
        if text not in SHAPES:
            expected = f'one of {", ".join(SHAPES)}, or a table such as layout = {{ "gas.xlsx" = "months" }}'
            problems.add(FILE, str(text), expected, did_you_mean(str(text), SHAPES), cell="inputs.layout")
    files = {str(f) for key in ("activity", "prior", "base") for f in _listed(project.inputs.get(key, []))}
    for name in sorted(set(named) - files - {""}):
        near = did_you_mean(name, files)
        problems.add(FILE, name, f"one of {', '.join(sorted(files))}", near, cell="inputs.layout")
    return {str(name): str(text) for name, text in named.items() if text in SHAPES}


def _listed(given: object) -> list[object]:
    return given if isinstance(given, list) else [given]


def _sheets(project: Project, problems: Problems) -> tuple[str, ...]:
    """The sheets of the activity table, one name or a list."""
    given = project.inputs.get("sheets", [])
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        problems.add(
            FILE, str(given), 'names of sheets, such as sheets = ["January", "February"]', cell="inputs.sheets"
        )
        return ()
    return tuple(names)


def _known(given: object, fields: Sequence[str], name: str, problems: Problems) -> None:
    for text in given:  # type: ignore[attr-defined]
        if text not in fields:
            near = did_you_mean(text, fields) or f"Fields: {', '.join(fields)}."
            problems.add(FILE, text, "the name of a field", near, cell=f"inputs.{name}")


def _mapping_file(path: Path, shown: str, problems: Problems) -> dict[str, str]:
    with path.open(newline="", encoding="utf-8-sig") as handle:
        reader = csv.DictReader(handle)
        if set(reader.fieldnames or ()) < {"header", "field"}:
            problems.add(shown, ", ".join(reader.fieldnames or ()) or "no header", "the columns header and field")
            return {}
        return {row["header"]: row["field"] for row in reader if row["header"] and row["field"]}


def read_files(
    paths: Sequence[Path], shown: Sequence[str], problems: Problems, layout: Layout, period: Period
) -> Tables:
    """Every table of every file; a table is the rows of all files, in the order of the list. `period` is the one that
    months without a year belong to."""
    from natcap.core.workbook import read_tables

    parts: dict[str, list[pd.DataFrame]] = {}
    controls: dict[str, str] = {}
    for path, name in zip(paths, shown, strict=True):
        # What was typed has the headers of the template, whatever those of the user's own files mean.
        own = Layout() if is_typed(path) else layout
        told = Problems()
        sheets = {_ACTIVITY: own.sheets} if own.sheets and path.suffix.casefold() != ".csv" else None
        shape = own.shape_of(name)
        given = _read_models(shape, period)
        read = read_tables(path, given, told, name, mapping=own.headers, fixed=own.fixed, sheets=sheets)
        read[_ACTIVITY] = rows_of(shape, understood(read[_ACTIVITY], name, told), period, name, told)
        warn_of_readings(read[_ACTIVITY], name, told)
        problems.extend(advised(told, read[_ACTIVITY]))
        controls |= {f"{name}: {k}" if len(paths) > 1 else k: v for k, v in read.controls.items()}
        for key, frame in read.items():
            file = pd.Categorical.from_codes(np.zeros(len(frame), dtype="int8"), categories=pd.Index([name]))
            parts.setdefault(key, []).append(frame.assign(_file=file if len(paths) == 1 else name))
    frames = {key: _joined(found) for key, found in parts.items()}
    return Tables(frames, controls, ", ".join(shown))


@lru_cache(maxsize=8)
def _read_models(shape: str, period: Period) -> tuple[TableModel, ...]:
    return tuple(model_in(shape, as_text(m), period) if m.id == _ACTIVITY else m for m in models())


def below(first: Tables, second: Tables) -> Tables:
    """The rows of two sets of tables below each other, as if their files had been read together."""
    frames = {
        key: _joined(
            [frame.assign(_file=frame["_file"].astype("str")) for frame in (first.frames[key], second.frames[key])]
        )
        for key in first.frames
    }
    return Tables(frames, first.controls | second.controls, f"{first.shown}, {second.shown}")


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    filled = [frame for frame in frames if len(frame)]
    return pd.concat(filled, ignore_index=True) if len(filled) > 1 else filled[0] if filled else frames[0]
