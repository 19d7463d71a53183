"""Read options and their effects: each effect finds its option and its factor, every problem with its cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.carbon.business.options.model import MODELS
from natcap.carbon.business.uses import Use, UseError, resolve
from natcap.carbon.business.wings import Reader
from natcap.core.money import MoneyError, deflate
from natcap.core.problems import Problems, did_you_mean
from natcap.core.project import FILE
from natcap.core.workbook import Row, RowTeller, read_tables

__all__ = ["Options", "read"]

_AHEAD = 3
"""Years after the reporting period of which somebody may hold a quotation; prices of later years are no prices."""


@dataclass(frozen=True)
class Options:
    """Accepted rows: money in prices of `price_year`; `uses` holds the use of an effect by its position."""

    options: pd.DataFrame
    effects: pd.DataFrame
    uses: Mapping[int, Use]
    rate: float
    price_year: int
    shown: str


def read(reader: Reader) -> Options | None:
    """The tables of the input `options`; None where something is wrong, which is then in the problems."""
    problems = reader.problems
    before = len(problems.errors)
    rate = _rate(reader)
    path = reader.file("options", "Fill the template options.xlsx that natcap new business writes.")
    if path is None:
        return None
    shown = reader.project.shown(path)
    tables = read_tables(path, MODELS, problems, shown)
    if len(problems.errors) > before:
        return None
    checker = _Checker(reader, shown, problems)
    checker.options(tables["options"])
    uses = checker.effects(tables["effects"], tables["options"])
    if len(problems.errors) > before:
        return None
    year = int(tables["options"]["price_year"].max())
    options = checker.prices(tables["options"], year)
    if len(problems.errors) > before:
        return None
    return Options(options, _priced(tables["effects"], options), uses, rate, year, shown)


def _rate(reader: Reader) -> float:
    given = reader.project.choices.get("options_discount_rate")
    wanted = "the rate at which the business discounts, as a share: 0.08 for 8 %"
    if given is None:
        remedy = "Set options_discount_rate under [choices]; ask whoever signs off investments."
        reader.problems.add(FILE, "no options_discount_rate", wanted, remedy, cell="choices.options_discount_rate")
    elif isinstance(given, bool) or not isinstance(given, (int, float)) or not 0 <= given < 1:
        reader.problems.add(FILE, str(given), wanted, cell="choices.options_discount_rate")
    else:
        return float(given)
    return float("nan")


def _priced(effects: pd.DataFrame, options: pd.DataFrame) -> pd.DataFrame:
    """Prices of effects in the common price year: those of their option's row."""
    scale = dict(zip(options["option"], options["scale"], strict=True))
    return effects.assign(price=effects["price"] * effects["option"].map(scale).to_numpy("float64"))


class _Checker(RowTeller):
    def __init__(self, reader: Reader, shown: str, problems: Problems) -> None:
        super().__init__(shown, problems)
        self.reader = reader

    def options(self, frame: pd.DataFrame) -> None:
        if frame.empty:
            self.problems.add(self.shown, "no row", "at least one option", sheet="Options")
        for row in frame[frame["option"].duplicated()].to_dict("records"):
            self.tell(row, "option", row["option"], "each option once", "Give it another name")
        for row in frame.to_dict("records"):
            if not 1 <= row["life"] <= 100:
                self.tell(row, "life", f"{row['life']:g}", "years from 1 to 100")
            if not 1990 <= row["start"] <= 2100:
                self.tell(row, "start", f"{row['start']:g}", "a year such as 2026")
            for name in ("capital", "grant"):
                if row[name] < 0:
                    self.tell(row, name, f"{row[name]:g}", "zero or more")
            latest = self.reader.project.period.end.year + _AHEAD
            if row["price_year"] > latest:
                self.tell(row, "price_year", f"{row['price_year']:g}", f"a year of prices that are known, to {latest}",
                          "Give the year of the quotation, in its prices")  # fmt: skip
            self.begun(row)
            if row["grant"] > row["capital"]:
                self.tell(row, "grant", f"{row['grant']:g}", f"no more than the capital cost {row['capital']:g}")
        marked = bool((frame["plan"] == "yes").any())
        chosen = frame[((frame["plan"] == "yes") | (not marked)) & (frame["either"] != "")]
        for row in chosen[chosen["either"].str.casefold().duplicated()].to_dict("records"):
            self.tell(row, "plan", f"a second option of {row['either']} in the plan", "only one of them",
                      "Say yes for one and no for the others: they exclude each other")  # fmt: skip

    def begun(self, row: Row) -> None:
        """An option that worked before the period is in the inventory already; one that is over saves nothing."""
        period = self.reader.project.period
        if row["start"] + row["life"] <= period.end.year:
            self.tell(row, "start", f"{row['start']:g} for {row['life']:g} years", f"an option at work after {period}",
                      "Its life is over: take it out, or correct the year")  # fmt: skip
        elif row["start"] < period.start.year:
            self.tell(row, "start", f"{row['start']:g}", f"a first year from {period.start.year}",
                      "What it saves is in the inventory already and counts twice here", warning=True)  # fmt: skip

    def prices(self, frame: pd.DataFrame, year: int) -> pd.DataFrame:
        """Money in prices of `year`, by the GDP deflator where rows have other price years."""
        scale = np.ones(len(frame))
        for at, row in enumerate(frame.to_dict("records")):
            if int(row["price_year"]) != year:
                try:
                    scale[at] = deflate(1.0, int(row["price_year"]), year)
                except MoneyError as error:
                    remedy = f"Give every row prices of {year}, or of a year that the deflator holds"
                    self.tell(row, "price_year", f"{row['price_year']:g}", f"{error}", remedy)
        blank = {"grant": frame["grant"].fillna(0.0), "running": frame["running"].fillna(0.0)}
        frame = frame.assign(**blank, scale=scale)
        return frame.assign(**{name: frame[name] * scale for name in ("capital", "grant", "running")})

    def effects(self, frame: pd.DataFrame, options: pd.DataFrame) -> dict[int, Use]:
        """The use of every effect that names an activity."""
        names = options["option"].tolist()
        uses: dict[int, Use] = {}
        for at, row in enumerate(frame.to_dict("records")):
            if row["option"] not in names:
                self.tell(row, "option", row["option"], "an option of the sheet Options",
                          did_you_mean(row["option"], names))  # fmt: skip
            if row["price"] < 0:
                self.tell(row, "price", f"{row['price']:g}", "zero or more",
                          "What is used in addition is a saving below zero, at a price above it")  # fmt: skip
            if row["activity"] and not np.isnan(row["tonnes"]):
                self.tell(row, "tonnes", f"{row['tonnes']:g} beside an activity", "one of the two",
                          "Tonnes are worked out from the activity")  # fmt: skip
            elif row["activity"]:
                self.use(at, row, uses)
            elif np.isnan(row["tonnes"]):
                self.tell(row, "activity", "no activity and no tonnes", "one of the two")
            elif not row["evidence"]:
                self.tell(row, "evidence", "no evidence", "how the tonnes were worked out")
        for row in options[~options["option"].isin(frame["option"])].to_dict("records"):
            self.tell(row, "option", row["option"], "an effect on the sheet Effects", "What does it change?")
        return uses

    def use(self, at: int, row: Row, uses: dict[int, Use]) -> None:
        if np.isnan(row["saved"]) or not row["unit"]:
            self.tell(row, "saved", "no quantity with a unit", "what is saved in a year")
            return
        try:
            uses[at] = resolve(row["activity"], row["unit"], row["basis"], np.nan, np.nan, self.reader.choices)
        except UseError as error:
            self.tell(row, error.field, error.found, error.expected, error.remedy)
