"""What the organisational account was given, after every check: tables, terms of valuation, emissions."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from natcap.accounts.assets_account.choices import AssetChoices
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
