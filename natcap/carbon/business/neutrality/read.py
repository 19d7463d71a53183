"""Read the neutrality workbook: every row checked, serial numbers counted once, a claim that lacks nothing in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import combinations

import numpy as np
import pandas as pd

from natcap.carbon.business.neutrality.model import CLAIM, MODELS
from natcap.carbon.business.neutrality.rules import rule
from natcap.carbon.business.neutrality.serials import Block, anywhere, block, meets
from natcap.carbon.business.wings import Reader
from natcap.core.project import FILE
from natcap.core.workbook import Row, RowTeller, read_tables

__all__ = ["Neutrality", "read"]


@dataclass(frozen=True)
class Neutrality:
    """Accepted rows of the three tables, whether a claim is asked for, and which scope 2 it rests on."""

    steps: pd.DataFrame
    removals: pd.DataFrame
    credits: pd.DataFrame
    shown: str
    claim: bool
    market: bool


def read(reader: Reader) -> Neutrality | None:
    """The tables of the input `neutrality`; None where something is wrong, which is then in the problems."""
    problems = reader.problems
    before = len(problems.errors)
    claim, market = _claim(reader), _basis(reader)
    path = reader.file("neutrality", "Fill the template neutrality.xlsx that natcap new business writes.")
    if path is None:
        return None
    shown = reader.project.shown(path)
    tables = read_tables(path, MODELS, problems, shown)
    teller = _Teller(shown, problems)
    for table in ("removals", "credits"):
        for row in tables[table].to_dict("records"):
            if not row["tonnes"] > 0 and row["tonnes"] == row["tonnes"]:
                teller.tell(row, "tonnes", f"{row['tonnes']:g}", "tonnes above zero", "Write the tonnes without a sign")
    teller.credits(tables["credits"])
    teller.steps(tables["steps"])
    for row in tables["steps"][tables["steps"]["evidence"] == ""].to_dict("records"):
        teller.tell(row, "evidence", "no evidence", "what proves the step", "Without it the step does not count",
                    warning=True)  # fmt: skip
    if len(problems.errors) > before:
        return None
    return Neutrality(tables["steps"], tables["removals"], tables["credits"], shown, claim, market)


def _claim(reader: Reader) -> bool:
    given = str(reader.project.choices.get("claim", "")).strip().casefold()
    if given in ("", "none", CLAIM):
        return given == CLAIM
    remedy = "natcap records no claim of net zero, climate positive or of a product: no set of its books bears them out"
    reader.problems.add(FILE, str(reader.project.choices["claim"]), f'"{CLAIM}" or none', remedy, cell="choices.claim")
    return False


def _basis(reader: Reader) -> bool:
    given = str(reader.project.choices.get("neutrality_basis", "location"))
    if given not in ("location", "market"):
        reader.problems.add(FILE, given, "location or market", cell="choices.neutrality_basis")
    return given == "market"


class _Teller(RowTeller):
    def steps(self, frame: pd.DataFrame) -> None:
        """What is on record has happened."""
        today = pd.Timestamp(date.today())
        for row in frame[frame["day"] > today].to_dict("records"):
            self.tell(row, "day", f"{row['day'].date().isoformat()}, a day to come", "the day on which it was done",
                      "A step counts once it is done")  # fmt: skip

    def credits(self, frame: pd.DataFrame) -> None:
        """A date where retired, serial numbers that count up to the tonnes, no number twice."""
        blocks: list[tuple[Row, Block]] = []
        for row in frame.to_dict("records"):
            self.dates(row)
            try:
                found = block(row["registry"], row["first"], row["last"])
            except ValueError as error:
                self.tell(row, "last", row["last"], f"the last number of the block from {row['first']}", f"{error}")
                continue
            if row["last"] and found.size * rule("tonnes_per_credit").value != row["tonnes"]:
                said = f"{found.size:,} serial numbers for {row['tonnes']:,g} t"
                self.tell(row, "tonnes", said, "one credit for each tonne", "Correct the numbers or the tonnes")
            blocks.append((row, found))
        for (first, one), (second, two) in combinations(blocks, 2):
            where = f"in row {first['_row']}"
            if meets(one, two):
                self.tell(second, "first", f"the serial numbers that stand {where} as well", "each credit once",
                          "A credit counts once and for one")  # fmt: skip
            elif meets(anywhere(one), anywhere(two)):
                said = f"the serial numbers of {first['registry']} {where}, under {second['registry']}"
                same = str(first["project"]).casefold() == str(second["project"]).casefold()
                self.tell(second, "first", said, "each credit once, in one register",
                          "If it is one register, write its name the same way; if not, say so in the evidence",
                          warning=not same)  # fmt: skip

    def dates(self, row: Row) -> None:
        day = row["retired"]
        if row["state"] == "retired" and pd.isna(day):
            self.tell(
                row, "retired", "no date", "the day of its retirement", "A retired credit has one in its register"
            )
        if row["state"] != "retired" and not pd.isna(day):
            self.tell(
                row, "state", row["state"], "retired, as there is a date of retirement", "Or leave the date empty"
            )
        vintage = row["vintage"]
        if not np.isnan(vintage) and not 1990 <= vintage <= 2100:
            self.tell(row, "vintage", f"{vintage:g}", "a year such as 2024")
        elif not pd.isna(day) and vintage > pd.Timestamp(day).year:
            expected = f"a year no later than {pd.Timestamp(day).year}, when it was retired"
            self.tell(row, "vintage", f"{vintage:g}", expected, "Tonnes not yet removed cannot be retired")
