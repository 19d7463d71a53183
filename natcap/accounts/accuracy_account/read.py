"""Read reference points: whole numbers, each pair once; a single overall accuracy is refused."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from natcap.accounts.accuracy_account.model import MODEL
from natcap.accounts.classes import ClassList, slug
from natcap.accounts.wings import Reader
from natcap.core.problems import did_you_mean
from natcap.core.project import FILE
from natcap.core.workbook import RowTeller, read_tables, sound_sheets

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
    held = len(problems)
    frame = read_tables(path, [MODEL], problems, shown)["accuracy"]
    teller = RowTeller(shown, problems, problems[held:])
    broken = any(p.severity == "problem" for p in problems[held:])
    frame = sound_sheets(frame, problems[held:])
    if frame.empty and broken:
        return None
    if frame.empty:
        problems.add(shown, "no row", "at least one row of points", "Fill the sheet Accuracy", sheet=MODEL.sheet)
        return None
    for row in frame[frame["points"] < 0].to_dict("records"):
        teller.tell(row, "points", f"{row['points']:g}", "points, 0 or more")
    frame = frame[[teller.intact(row, "of") for row in frame.to_dict("records")]]
    keys = frame[["of", "map_class", "reference_class"]].apply(lambda column: column.map(slug))
    for row in frame[keys.duplicated()].to_dict("records"):
        if teller.intact(row, "map_class", "reference_class"):
            found = f"the pair {row['map_class']}, {row['reference_class']} for the second time"
            teller.tell(row, "map_class", found, "each pair once", "Add its points up")
    if reader.listed is not None:
        _classes(frame, reader.listed, teller)
    return None if len(problems.errors) > before else AccuracyInput(frame, shown)


def _classes(frame: pd.DataFrame, listed: ClassList, teller: RowTeller) -> None:
    """Refuse what is no class of the list; which of them occur, and strata of change, only the counted land can say."""
    known = {word for c in listed.classes for word in (slug(c.name), c.key, str(c.code))}
    for row in frame[frame["of"] != "change"].to_dict("records"):
        for name in ("map_class", "reference_class"):
            if slug(str(row[name])) not in known:
                near = did_you_mean(str(row[name]), [c.name for c in listed.classes])
                teller.tell(row, name, f"the class {row[name]!r}", f"a class of the list: {listed.title}", near)
