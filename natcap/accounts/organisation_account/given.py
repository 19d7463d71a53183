"""What the organisational account was given, after every check: tables, terms of valuation, emissions."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from natcap.accounts.assets_account.choices import AssetChoices
from natcap.accounts.assets_account.schedules import options
from natcap.core.report import InputRef

__all__ = ["Emissions", "OrganisationInput", "Terms"]


@dataclass(frozen=True, slots=True)
class Terms:
    """How values are made: reporting year, year of the previous account (None: there is none), prices, discounting."""

    year: int
    price_year: int
    choices: AssetChoices
    previous: int | None = None

    @property
    def other(self) -> Terms | None:
        """The same with the schedule shown beside: sensitivity, or standard; None where it is not in force."""
        beside = "standard" if self.choices.schedule == "sensitivity" else "sensitivity"
        made = replace(self, choices=replace(self.choices, schedule=beside))
        return made if beside in options(self.choices.year) else None

    @property
    def unit(self) -> str:
        return f"GBP_{self.price_year}"


@dataclass(frozen=True, slots=True)
class Emissions:
    """Tonnes CO2e of the reporting year as another report published them, with where they stand in its file."""

    tonnes: float
    label: str
    status: str
    where: InputRef


@dataclass(frozen=True)
class OrganisationInput:
    """Accepted tables with the fields of the models; those with money have `scale`, the factor to `price_year`.

    `flows` has `counted` (in the balance sheet), `valued` (has a flow and a price) and `carbon` (bool).
    """

    assets: pd.DataFrame
    flows: pd.DataFrame
    maintenance: pd.DataFrame
    income: pd.DataFrame
    movements: pd.DataFrame
    previous: pd.DataFrame
    terms: Terms
    emissions: Emissions | None
    shown: str
    name: str = "the organisation"

    @property
    def synthetic(self) -> bool:
        """Whether the file says in its name that it is made up."""
        return "SYNTHETIC" in self.shown
