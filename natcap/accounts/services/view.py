"""The service account as its tables show it: by service and date, and by type, user or zone beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from natcap.accounts.services.account import Service, ServiceAccount
from natcap.accounts.services.build import Built, sums
from natcap.accounts.services.ground import DATES
from natcap.accounts.services.library import RAGS, economic_units
from natcap.accounts.wings import Setting
from natcap.core.report import Column
from natcap.core.units import unit
from natcap.core.verification import UNPUBLISHED

__all__ = ["RECALLED_BANNER", "View", "label_of", "plain", "worth"]

RECALLED_BANNER = (
    "Ecosystem services rest in part on flows, unit values or users that were recalled or judged, not read at their "
    "source: for orientation only, not for publication."
)


def label_of(service: Service) -> str:
    """The unit of a flow as words: so much a year, or hectares in that year."""
    label = unit(service.unit).label
    return "hectares" if service.unit == "hectare" else f"{label} a year"


def plain(name: str, label: str, unit_: str = "", formula: str | None = None, decimals: int | None = 2) -> Column:
    return Column(name, label, unit_, "number", decimals, formula)


def worth(name: str, label: str, unit_: str, formula: str | None = None) -> Column:
    """Amounts of money: without pence where they are thousands."""
    return Column(name, label, unit_, "money", None, formula)


@dataclass(frozen=True)
class View:
    """What sections and figures are made from. A line is a service and a date."""

    setting: Setting
    built: Built

    @property
    def account(self) -> ServiceAccount:
        return self.built.account

    @property
    def rows(self) -> pd.DataFrame:
        return self.built.rows

    @property
    def money(self) -> str:
        return f"GBP, {self.account.price_year} prices"

    @cached_property
    def types(self) -> list[str]:
        """Keys of the types with a row, in the order of the account."""
        held = set(self.rows["type"])
        return [key for key in self.account.types if key in held]

    @cached_property
    def users(self) -> list[str]:
        held = set(self.account.uses["user"])
        return [key for key in economic_units() if key in held]

    def year(self, date: str) -> int:
        return self.account.years[DATES.index(date)]

    def lines(self, abiotic: bool | None = None) -> pd.DataFrame:
        """service, date, name, section, unit, year, confidence; all services, those of ecosystems, or the others."""
        chosen = [s for s in self.account.services.values() if abiotic is None or s.abiotic == abiotic]
        worst = self._worst
        return pd.DataFrame([
            (s.id, date, s.name, s.section, label_of(s), self.year(date), worst.get((s.id, date), "not available"))
            for s in chosen for date in DATES
        ], columns=["service", "date", "name", "section", "unit", "year", "confidence"])  # fmt: skip

    def with_shares(self, lines: pd.DataFrame) -> list[str]:
        """The confidence of lines of use: the weakest of the supply and of the shares of its users."""
        held, uses = self.account.factors, self.account.uses
        rags: dict[str, set[str]] = {}
        for service, key in zip(uses["service"], uses["factor"], strict=True):
            rags.setdefault(service, set()).update({held[key].rag} if key in held else set())
        return [
            word if word not in RAGS else next(r for r in reversed(RAGS) if r in {word, *rags.get(service, ())})
            for service, word in zip(lines["service"], lines["confidence"], strict=True)
        ]

    @staticmethod
    def weakest(lines: pd.DataFrame, date: str) -> str:
        """The weakest confidence among the lines of a date."""
        told = set(lines.loc[lines["date"] == date, "confidence"])
        return next((word for word in reversed(RAGS) if word in told), "not available")

    def weakest_of(self, zone: str, date: str) -> set[str]:
        """Every confidence among the factors of the rows of ecosystem services in a zone at a date."""
        held = self.account.factors
        eco = [key for key, service in self.account.services.items() if not service.abiotic]
        mine = self.rows[(self.rows["zone"] == zone) & (self.rows["date"] == date) & self.rows["service"].isin(eco)]
        parts = mine[mine["value"].notna()][["factors", "price_factor"]].drop_duplicates()
        named = {
            key for ids, price in zip(parts["factors"], parts["price_factor"], strict=True) for key in (*ids, price)
        }
        return {held[key].rag for key in named if key in held}

    @cached_property
    def _worst(self) -> Mapping[tuple[str, str], str]:
        """The weakest confidence among the factors of a line."""
        found: dict[tuple[str, str], int] = {}
        held = self.rows[self.rows["flow"].notna() | self.rows["value"].notna()]
        parts = held[["service", "date", "factors", "price_factor"]].drop_duplicates()
        for key, date, ids, price in zip(*(parts[name] for name in parts), strict=True):
            for one in (*ids, price):
                if one in self.account.factors:
                    rank = RAGS.index(self.account.factors[one].rag)
                    found[key, date] = max(rank, found.get((key, date), 0))
        return {key: RAGS[rank] for key, rank in found.items()}

    def by_type(self, lines: pd.DataFrame, column: str) -> pd.DataFrame:
        """A column of the rows by line (same index) and type; missing where there is no row or one is missing."""
        held = sums(self.rows, ["service", "date", "type"], column)
        keys = [[(s, d, t) for t in self.types] for s, d in zip(lines["service"], lines["date"], strict=True)]
        values = [[float(held.get(key, np.nan)) for key in line] for line in keys]
        return pd.DataFrame(values, lines.index, self.types, dtype=float)

    @cached_property
    def totals(self) -> Mapping[str, Mapping[tuple[str, str], float]]:
        """ "flow" and "value" by service and date, missing where a part of it is."""
        made: dict[str, dict[tuple[str, str], float]] = {}
        for column in ("flow", "value"):
            held = sums(self.rows, ["service", "date"], column)
            made[column] = {(str(key[0]), str(key[1])): float(v) for key, v in zip(held.index, held, strict=True)}
        return made

    def total(self, lines: pd.DataFrame, column: str) -> list[float]:
        held = self.totals[column]
        return [held.get(key, np.nan) for key in zip(lines["service"], lines["date"], strict=True)]

    def valued(self, date: str, abiotic: bool = False) -> list[str]:
        """Services with a value at a date."""
        held = self.totals["value"]
        return [k for k, s in self.account.services.items()
                if s.abiotic == abiotic and not np.isnan(held.get((k, date), np.nan))]  # fmt: skip

    def whole(self, date: str, abiotic: bool = False) -> float:
        """The value of all services that have one; missing where none has."""
        held = [self.totals["value"][key, date] for key in self.valued(date, abiotic)]
        return float(sum(held)) if held else float("nan")

    @cached_property
    def recalled(self) -> bool:
        """Whether a number behind a row was recalled or judged."""
        named = {key for ids in self.rows["factors"] for key in ids} | set(self.rows["price_factor"])
        return any(f.ref.verified in UNPUBLISHED for key, f in self.account.factors.items() if key in named)

    def used(self, key: str) -> pd.DataFrame:
        """Users of a service with their shares, and `at`: the row of the table of shares."""
        uses = self.account.uses
        return uses[uses["service"] == key].assign(at=lambda d: d.index)
