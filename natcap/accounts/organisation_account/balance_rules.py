"""What income, movements and the previous account must keep to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from natcap.accounts.classes import slug
from natcap.accounts.organisation_account.given import Terms
from natcap.accounts.organisation_account.model import MEMO, PARTS, SIDES
from natcap.accounts.organisation_account.rules import Row, Teller

__all__ = ["BalanceRules"]

_COSTS = ("emissions", "pollution", "water use", "maintenance")


class BalanceRules(Teller):
    """Rules of the income statement and of the way from the previous balance sheet to this one."""

    def income(self, table: pd.DataFrame, tables: Mapping[str, pd.DataFrame], fed: bool) -> pd.DataFrame:
        """Items with `scale`; `fed` says that emissions come from an inventory."""
        there = {(r["asset"], slug(r["service"])) for r in tables["flows"].to_dict("records")}
        there |= {(r["asset"], slug(r["work"])) for r in tables["maintenance"].to_dict("records")}
        rows = table.to_dict("records")
        for row in rows:
            self.known(row, tables["assets"], True)
            self.exchange(row)
            if (row["asset"], slug(row["item"])) in there:
                self.tell(row, "item", row["item"], "an item that is on neither Flows nor Maintenance",
                          "Its year is counted from that sheet: give the year's own number there")  # fmt: skip
            if row["entry"] in _COSTS and row["amount"] > 0:
                self.tell(row, "amount", f"{row['amount']:g}", f"0 or less for {row['entry']}",
                          "A cost to anybody is negative")  # fmt: skip
            if row["entry"] == "emissions" and fed and row["column"] != MEMO:
                self.tell(row, "entry", "emissions beside an inventory", "emissions once",
                          "Take this row out, or the input emissions")  # fmt: skip
        return table.assign(scale=np.array([self.scale(row) for row in rows], dtype=float))

    def movements(self, table: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        """Movements with `scale` and `change`, their effect on the net value in their own prices."""
        rows, change = table.to_dict("records"), []
        for row in rows:
            if row["move"] != "disposal":
                self.known(row, tables["assets"], True)
            if row["move"] not in ("revaluation", ""):
                self.within(row, "amount", 0, np.inf, "a size of 0 or more",
                            "A disposal is taken off, and a liability is taken off the net value, here")  # fmt: skip
            if not pd.isna(row["date"]) and row["date"].year > self.terms.year:
                self.tell(row, "date", f"the date {row['date'].date()}", f"a day of {self.terms.year} or before")
            change.append(row["amount"] * self._sign(row))
        scale = np.array([self.scale(row) for row in rows], dtype=float)
        return table.assign(scale=scale, change=np.array(change, dtype=float))

    @staticmethod
    def _sign(row: Row) -> int:
        if row["move"] == "revaluation":
            return 1
        return 1 if (row["move"] == "addition") == (row["part"] == "assets") else -1

    def previous(
        self, table: pd.DataFrame, movements: pd.DataFrame, flows: pd.DataFrame, maintenance: pd.DataFrame
    ) -> tuple[Terms, pd.DataFrame]:
        """The terms with the year of the previous account, and its rows with `scale`."""
        rows = table.to_dict("records")
        made = table.assign(scale=np.array([self.scale(row) for row in rows], dtype=float))
        if table.empty:
            if len(movements) and self.complete:
                self.tell(movements.to_dict("records")[0], "move", "a movement without a previous account",
                          "the closing of the previous account on the sheet Previous", "Fill it, or leave both out",
                          )  # fmt: skip
            return self.terms, made
        year = self._year(rows)
        for row in movements.to_dict("records"):
            if year is not None and not pd.isna(row["date"]) and row["date"].year < year:
                self.tell(row, "date", f"the date {row['date'].date()}", f"a day after the account of {year}",
                          "What came before stands in that account already")  # fmt: skip
        for part in PARTS:
            for side in SIDES:
                mine = [row for row in rows if row["part"] == part and row["column"] == side]
                self._once(mine, part, side)
                now = flows[flows["counted"]] if part == "assets" else maintenance
                touched = movements[(movements["part"] == part) & (movements["column"] == side)]
                if not self.complete:
                    continue  # what is left of it may stand in what could not be read
                if mine and mine[0]["amount"] and not (now["column"] == side).any() and touched.empty:
                    found = f"{mine[0]['amount']:,.10g} of {side} {part}, of which nothing is left"
                    self.tell(mine[0], "amount", found,
                              "the same kind of value in this account, or its disposal on Movements",
                              "What is not valued any more is not worth 0")  # fmt: skip
        return replace(self.terms, previous=year), made

    def _year(self, rows: Sequence[Row]) -> int | None:
        first = rows[0]["year"]
        for row in rows:
            if not 1900 <= row["year"] < self.terms.year:
                self.tell(row, "year", f"{row['year']:g}", f"a year before the reporting year {self.terms.year}")
                return None
            for name in ("year", "price_year"):
                if row[name] != rows[0][name] and not np.isnan(row[name]) and self.intact(rows[0], name):
                    self.tell(row, name, f"{row[name]:g}", f"{rows[0][name]:g}, as in the first row",
                              "The sheet holds one account")  # fmt: skip
            if row["part"] == "liabilities" and row["amount"] > 0:
                self.tell(row, "amount", f"{row['amount']:g}", "0 or less: a liability is negative")
        return int(first)

    def _once(self, rows: Sequence[Row], part: str, side: str) -> None:
        if not rows and self.complete:
            self.problems.add(self.shown, f"no row of {part}, {side}", "each part in each column",
                              "Write 0 only where the account said 0", sheet="Previous")  # fmt: skip
        for row in rows[1:]:
            self.tell(row, "part", f"{part}, {side} for the second time", "each part in each column once")
