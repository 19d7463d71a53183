"""Read reference points: whole numbers, each pair once; a single overall accuracy is refused."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from natcap.accounts.accuracy_account.model import MODEL
from natcap.accounts.classes import ClassList, slug
from natcap.accounts.wings import Reader
from natcap.core.problems import Problems, did_you_mean
from natcap.core.project import FILE
from natcap.core.workbook import read_tables

__all__ = ["AccuracyInput", "read"]

_REMEDY = (
    "An overall accuracy does not say which class was taken for which. Ask the producer for the accuracy (confusion) "
    "matrix in points, and name it as accuracy in [inputs]: of, map class, reference class, points"
)


@dataclass(frozen=True)
class AccuracyInput:
    """Accepted rows of the model."""

    table: pd.DataFrame
    shown: str


def read(reader: Reader) -> AccuracyInput | None:
    """The points of the input `accuracy`; None where something is wrong, which is then in the problems."""
    project, problems = reader.project, reader.problems
    before = len(problems.errors)
    given, overall = project.inputs.get("accuracy"), project.choices.get("overall_accuracy")
    for value, cell in ((given, "inputs.accuracy"), (overall, "choices.overall_accuracy")):
        if value is not None and (not isinstance(value, str) or cell.startswith("choices")):
            problems.add(FILE, f"the number {value}" if not isinstance(value, str) else value, "a table of points",
                         _REMEDY, cell=cell)  # fmt: skip
    path = reader.file("accuracy", _REMEDY) if isinstance(given, str) else None
    if path is None:
        return None
    shown = project.shown(path)
    frame = read_tables(path, [MODEL], problems, shown)["accuracy"]
    if len(problems.errors) > before:
        return None
    if frame.empty:
        problems.add(shown, "no row", "at least one row of points", "Fill the sheet Accuracy", sheet=MODEL.sheet)
        return None
    for row in frame[frame["points"] < 0].to_dict("records"):
        problems.add(shown, f"{row['points']:g}", "points, 0 or more", sheet=row["_sheet"], cell=row["_cell_points"])
    keys = frame[["of", "map_class", "reference_class"]].apply(lambda column: column.map(slug))
    for row in frame[keys.duplicated()].to_dict("records"):
        found = f"the pair {row['map_class']}, {row['reference_class']} for the second time"
        problems.add(shown, found, "each pair once", "Add its points up", sheet=row["_sheet"],
                     cell=row["_cell_map_class"])  # fmt: skip
    if reader.listed is not None:
        _classes(frame, reader.listed, shown, problems)
    return None if len(problems.errors) > before else AccuracyInput(frame, shown)


def _classes(frame: pd.DataFrame, listed: ClassList, shown: str, problems: Problems) -> None:
    """Refuse what is no class of the list; which of them occur, and strata of change, only the counted land can say."""
    known = {word for c in listed.classes for word in (slug(c.name), c.key, str(c.code))}
    for row in frame[frame["of"] != "change"].to_dict("records"):
        for name in ("map_class", "reference_class"):
            if slug(str(row[name])) not in known:
                near = did_you_mean(str(row[name]), [c.name for c in listed.classes])
                problems.add(shown, f"the class {row[name]!r}", f"a class of the list: {listed.title}", near,
                             sheet=row["_sheet"], cell=row[f"_cell_{name}"])  # fmt: skip
