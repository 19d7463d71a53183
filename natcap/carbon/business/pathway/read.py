"""Read targets: a base before its target, a cut between 0 and 100 %, an intensity with what it is divided by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.carbon.business.pathway.model import KINDS, MODEL
from natcap.carbon.business.wings import Reader
from natcap.core.workbook import Row, RowTeller, read_tables

__all__ = ["Targets", "read"]


@dataclass(frozen=True)
class Targets:
    """Accepted rows of the model."""

    table: pd.DataFrame
    shown: str


def read(reader: Reader) -> Targets | None:
    """The targets of the input `targets`; None where something is wrong, which is then in the problems."""
    problems = reader.problems
    before = len(problems.errors)
    path = reader.file("targets", "Fill the template targets.xlsx that natcap new business writes.")
    if path is None:
        return None
    shown = reader.project.shown(path)
    frame = read_tables(path, [MODEL], problems, shown)[MODEL.id]
    if len(problems.errors) == before and frame.empty:
        problems.add(shown, "no row", "at least one target", sheet=MODEL.sheet)
    teller = RowTeller(shown, problems)
    for row in frame.to_dict("records"):
        _check(row, teller)
    for row in frame[frame["target"].duplicated()].to_dict("records"):
        teller.tell(row, "target", row["target"], "each name once")
    return None if len(problems.errors) > before else Targets(frame, shown)


def _check(row: Row, teller: RowTeller) -> None:
    contraction, intensity = row["kind"] == KINDS[2], row["kind"] == "intensity"
    for name in ("base_year", "year"):
        if not 1990 <= row[name] <= 2100 and row[name] == row[name]:
            teller.tell(row, name, f"{row[name]:g}", "a year such as 2030")
    if row["year"] <= row["base_year"]:
        teller.tell(row, "year", f"{row['year']:g}", f"a year after the base year {row['base_year']:g}")
    if not np.isnan(row["base"]) and row["base"] <= 0:
        teller.tell(row, "base", f"{row['base']:g}", "above zero")
    if np.isnan(row["cut"]) and not contraction:
        teller.tell(row, "cut", "no reduction", "per cent of the base amount")
    if not np.isnan(row["cut"]) and not 0 < row["cut"] <= 100:
        teller.tell(row, "cut", f"{row['cut']:g}", "above 0 and up to 100 %", "A removal is no reduction")
    elif 0 < row["cut"] < 1:
        teller.tell(row, "cut", f"{row['cut']:g}", "per cent, from 1 to 100", "Write 50 for half")
    if intensity and not row["per"]:
        teller.tell(row, "per", "no divisor", "what an intensity is divided by")
    if row["per"] and not intensity:
        teller.tell(row, "per", row["per"], f"nothing, as the target is {row['kind']}")
