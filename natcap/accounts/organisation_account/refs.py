"""Published numbers behind a value: discount schedule, deflator, carbon values, each with its page."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from natcap.accounts.assets_account.unit_values import carbon_row, first_carbon_year
from natcap.accounts.organisation_account.given import Terms
from natcap.accounts.services.library import carbon_price
from natcap.core.money import DEFLATOR
from natcap.core.report import FactorRef
from natcap.core.sources import source
from natcap.core.tables import load

__all__ = ["carbon_refs", "deflator_refs", "schedule_ref"]


def schedule_ref(terms: Terms, health: bool) -> FactorRef:
    return terms.choices.option_of(health).ref


@lru_cache(maxsize=256)
def _deflator(year: int) -> FactorRef:
    table = load("values/gdp_deflator")
    row = table[(table["vintage"] == DEFLATOR) & (table["year"].astype(int) == year)].to_dict("records")[0]
    return FactorRef(row["id"], f"{row['parameter']}, {year}", float(row["value"]), row["unit"],
                     source(row["source"]).cite(), row["locator"], row["verified"], row["note"])  # fmt: skip


def deflator_refs(year: float, terms: Terms) -> Iterator[FactorRef]:
    """The deflator of both years, where money was moved between them."""
    if year == year and int(year) != terms.price_year:
        yield from (_deflator(int(year)), _deflator(terms.price_year))


def carbon_refs(first: int, last: int, terms: Terms) -> Iterator[FactorRef]:
    """The carbon values of the first and last year of a path, and the deflator that moves them to our prices."""
    earliest = first_carbon_year()
    years = sorted({max(first, earliest), max(last, earliest)})
    yield from (carbon_price(year, terms.choices.level).factor.ref for year in years)
    yield from deflator_refs(carbon_row(years[0]).price_year, terms)
