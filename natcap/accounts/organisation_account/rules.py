"""What the register, the flows and the maintenance must keep to; every problem with its cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from natcap.accounts.organisation_account.given import Terms
from natcap.accounts.organisation_account.model import CARBON, MEMO, WELFARE
from natcap.accounts.organisation_account.worth import window, worth
from natcap.accounts.price_year import deflated, newest, tell_price_year
from natcap.core.money import MoneyError, deflate, deflator
from natcap.core.problems import Problem, Problems, did_you_mean
from natcap.core.units import UnitError, factor_between
from natcap.core.workbook import Row, RowTeller

__all__ = ["Row", "Rules", "Teller"]

_TONNE = "tonne_co2e"
_WELFARE = (
    "A welfare value holds consumer surplus, which nobody pays: the balance sheet and the income statement are at "
    "exchange values, as the other accounts are, and the two cannot be added. Write memo in Column, or give an "
    "exchange value"
)


class Teller(RowTeller):
    """Tells problems at a cell of a row, and moves money to the price year of the account.

    `broken` are problems of the reading: their cells read as blank, and what follows from that is not told.
    """

    def __init__(self, shown: str, problems: Problems, terms: Terms, broken: Sequence[Problem] = ()) -> None:
        super().__init__(shown, problems, broken)
        self.terms = terms
        self.complete = not any(problem.severity == "problem" for problem in broken)
        """Whether everything on the sheets was read."""

    def scale(self, row: Row, needed: bool = True) -> float:
        """The factor that takes money of a row to the prices of the account; NaN where it is not needed or not known.

        Money of the account's own price year stays as it is, also in a year that the deflator does not hold.
        """
        year = row["price_year"]
        if not needed:
            return np.nan
        if np.isnan(year) or not 1900 <= year <= 2100:
            found = "no price year" if np.isnan(year) else f"{year:g}"
            self.tell(row, "price_year", found, "the year of the prices in this row, such as 2023",
                      "A pound of one year is not a pound of another: say of which year it is")  # fmt: skip
            return np.nan
        if int(year) == self.terms.price_year:
            return 1.0
        if not deflated(int(year)):
            expected = f"a year of the GDP deflator, which runs from {deflator().index[0]} to {newest()}"
            remedy = f"Give prices of {self.terms.price_year}, or of a year that the deflator holds"
            self.tell(row, "price_year", f"{year:g}", expected, remedy)
            return np.nan
        if not deflated(self.terms.price_year):
            tell_price_year(self.problems, "price_year", self.terms.price_year)
            return np.nan
        return float(deflate(1.0, int(year), self.terms.price_year))

    def known(self, row: Row, assets: pd.DataFrame, blank: bool) -> None:
        """The asset of a row stands in the register; `blank` says that it may be left out."""
        names = assets["asset"].tolist()
        if assets.empty or not self.intact(row, "move"):
            return
        if row["asset"] not in names and not (blank and not row["asset"]):
            self.tell(row, "asset", row["asset"], "an asset of the sheet Assets", did_you_mean(row["asset"], names))

    def exchange(self, row: Row) -> None:
        """Welfare values stand in memo only."""
        if row["kind"] == WELFARE and row["column"] not in (MEMO, ""):
            self.tell(row, "kind", f"a welfare value in the column {row['column']}", "an exchange value", _WELFARE)

    def within(self, row: Row, name: str, low: float, high: float, expected: str, remedy: str = "") -> bool:
        """Whether a number that is there lies in bounds; else it is told."""
        value = row[name]
        if np.isnan(value) or low <= value <= high:
            return True
        self.tell(row, name, f"{value:g}", expected, remedy)
        return False


class Rules(Teller):
    """Rules of what the balance sheet is made of."""

    def assets(self, table: pd.DataFrame) -> None:
        if table.empty and self.complete:
            self.problems.add(self.shown, "no row", "at least one asset", "Fill the sheet Assets", sheet="Assets")
        for row in table[table["asset"].duplicated()].to_dict("records"):
            self.tell(row, "asset", row["asset"], "each asset once", "Give it another name")
        for row in table.to_dict("records"):
            self.within(row, "extent", 0, np.inf, "an extent of 0 or more")
            self.within(row, "previous_extent", 0, np.inf, "an extent of 0 or more")
            self.within(row, "biodiversity", 0, np.inf, "units of 0 or more")
            told = not self.intact(row, "biodiversity", "biodiversity_kind")
            if not told and np.isnan(row["biodiversity"]) == bool(row["biodiversity_kind"]):
                self.tell(row, "biodiversity_kind", row["biodiversity_kind"] or "no kind of biodiversity units",
                          "units with their kind, or neither", "Area, hedgerow and watercourse units never add",
                          )  # fmt: skip
            if not pd.isna(row["date"]) and row["date"].year > self.terms.year:
                self.tell(row, "date", f"the date {row['date'].date()}", f"a day of {self.terms.year} or before",
                          "The register is that of the reporting year")  # fmt: skip

    def flows(self, table: pd.DataFrame, assets: pd.DataFrame) -> pd.DataFrame:
        """Flows with `carbon`, `counted`, `valued` and `scale`."""
        if table.empty and self.complete:
            self.problems.add(self.shown, "no row", "at least one flow", "Fill the sheet Flows", sheet="Flows")
        carbon = (table["valued_by"] == CARBON).to_numpy(dtype=bool)
        priced = carbon | table["unit_value"].notna().to_numpy()
        valued = priced & table["flow"].notna().to_numpy()
        made = table.assign(carbon=carbon, valued=valued, counted=valued & (table["column"] != MEMO).to_numpy())
        made["health"] = (table["health"] == "yes").to_numpy()
        made["scale"] = [self.flow(row, assets) for row in made.to_dict("records")]
        self.overlaps(made, ["asset", "service", "column"], "service")
        return made

    def flow(self, row: Row, assets: pd.DataFrame) -> float:
        self.known(row, assets, False)
        self.exchange(row)
        self.dated(row)
        if not self.intact(row, "valued_by"):
            return self.scale(row, not np.isnan(row["price_year"]))
        if row["valued"] and not row["unit"]:
            self.tell(row, "unit", "no unit", "what the flow counts", "m3, visits, t CO2e")
        if np.isnan(row["flow"]) and not np.isnan(row["actual"]):
            self.tell(row, "flow", "no expected flow beside that of the year", "both, or neither")
        if row["carbon"]:
            return self.on_path(row)
        self.within(row, "flow", 0, np.inf, "a flow of 0 or more",
                    "Only emissions on the carbon path may be negative; a cost belongs on Income")  # fmt: skip
        self.within(row, "actual", 0, np.inf, "a flow of 0 or more")
        return self.scale(row, not np.isnan(row["unit_value"]))

    def on_path(self, row: Row) -> float:
        """Carbon has its published price: no other, and no other unit."""
        for name, word in (("unit_value", "a unit value"), ("price_year", "a price year")):
            if not np.isnan(row[name]):
                self.tell(row, name, f"{word} beside the carbon path", "one of the two",
                          "The carbon values of each year stand in natcap, with their price year")  # fmt: skip
        if row["kind"] == WELFARE or row["health"]:
            self.tell(row, "valued_by", "a welfare value or health effect on the carbon path", "an exchange value")
        try:
            if row["unit"] and factor_between(row["unit"], _TONNE) != 1:
                raise UnitError("another size of unit")
        except UnitError:
            self.tell(row, "unit", row["unit"], "t CO2e, the unit of the carbon values", "Convert the flow")
        return 1.0

    def maintenance(self, table: pd.DataFrame, assets: pd.DataFrame) -> pd.DataFrame:
        """Duties with `scale`."""
        rows = table.to_dict("records")
        for row in rows:
            self.known(row, assets, True)
            self.dated(row)
            for name in ("cost", "spent"):
                self.within(row, name, 0, np.inf, "a cost of 0 or more, written without a minus")
        made = table.assign(scale=np.array([self.scale(row) for row in rows], dtype=float))
        self.overlaps(made, ["asset", "work", "column"], "work")
        return made

    def dated(self, row: Row) -> None:
        """First year and life make sense, and something is still to come."""
        sane = self.within(row, "start", 1900, 2200, "a year such as 2024")
        if not self.within(row, "life", 1, 200, "years from 1 to 200") or not sane or np.isnan(row["life"]):
            return
        if not window(row["start"], row["life"], self.terms.year)[1]:
            last = int(row["start"]) + int(row["life"]) - 1
            self.tell(row, "life", f"a last year {last}", f"a year from the reporting year {self.terms.year} on",
                      "It is over: take the row out, or correct its first year or life")  # fmt: skip

    def overlaps(self, table: pd.DataFrame, keys: list[str], name: str) -> None:
        """The same thing is not counted twice in a year."""
        for _, part in table.groupby(keys, sort=False, dropna=False):
            taken: list[tuple[int, int]] = []
            for row in part.to_dict("records") if len(part) > 1 else ():
                if np.isnan(row["life"]) or not self.intact(row, "start", *keys):
                    continue
                offset, years = window(row["start"], row["life"], self.terms.year)
                if any(offset < end and begin < offset + years for begin, end in taken):
                    self.tell(row, name, f"{row[name]} of {row['asset'] or 'all assets'} twice in the same years",
                              "each year once", "Give the rows years that follow each other, or make them one",
                              )  # fmt: skip
                taken.append((offset, offset + years))

    def reach(self, flows: pd.DataFrame, maintenance: pd.DataFrame) -> None:
        """Discount rates and carbon values hold for every year that is asked for."""
        own = self.terms
        if not deflated(own.price_year):
            if len(flows) and (flows["valued"] & flows["carbon"]).any():
                tell_price_year(self.problems, "price_year", own.price_year)
            own = replace(own, price_year=newest())
        views = ((own.year, own), (own.previous, own), (own.year, own.other))
        for table in (flows[flows["valued"]] if len(flows) else flows, maintenance):
            for row in table.to_dict("records"):
                for year, terms in views:
                    if year is not None and terms is not None and not self.reached(row, year, terms):
                        break

    def reached(self, row: Row, year: int, terms: Terms) -> bool:
        if np.isnan(row["life"]) or not self.intact(row, "start", "health", "valued_by"):
            return True
        try:
            health, carbon = bool(row.get("health", False)), bool(row.get("carbon", False))
            worth(row["start"], row["life"], health, carbon, year, terms)
        except MoneyError as error:
            self.tell(row, "life", f"{row['life']:g} years seen from {year}", f"{error}",
                      "Shorten the life, or choose another year, schedule or carbon_before")  # fmt: skip
            return False
        return True
