"""Published rows behind circular flows: material-use factors by material and origin, routes of the waste hierarchy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from natcap.carbon.business.models import Choices
from natcap.carbon.business.plan import match
from natcap.carbon.inventory import FactorYears
from natcap.core.factors import FactorError, library
from natcap.core.report import FactorRef
from natcap.core.sources import source
from natcap.core.tables import load, row

__all__ = ["ORIGINS", "Looked", "constant", "factor_of", "materials", "routes"]

ORIGINS: dict[str, str] = {
    "virgin": "primary-material-production", "recycled": "closed-loop-source", "reused": "re-used",
}  # fmt: skip
"""Where a material comes from -> the ending of its published row."""
_BEGIN = "material-use/"
_UNIT = "tonne"


@dataclass(frozen=True, slots=True)
class Looked:
    """A factor in kg CO2e per tonne (NaN where none is published), its pages, and what has to be said."""

    value: float
    refs: tuple[FactorRef, ...] = ()
    said: str = ""
    fallback: bool = False


@lru_cache(maxsize=1)
def materials() -> dict[str, str]:
    """Published name of a material -> the beginning of its series, from the newest whole edition."""
    held = library()
    newest = max(e.year for e in held.editions("uk_gov") if not e.partial)
    table = held.table("uk_gov", newest)
    table = table[table["series"].str.startswith(_BEGIN)]
    stems = table["series"].str.split("/").str[:3].str.join("/")
    return dict(zip(table["level3"].str.strip(), stems, strict=True))


@lru_cache(maxsize=1)
def routes() -> pd.DataFrame:
    """The routes of waste with their level in the hierarchy; index is the word a user writes."""
    return load("circular/routes").set_index("route", drop=False)


def constant(key: str) -> FactorRef:
    """A constant of the material circularity indicator with its page."""
    found = row(load("circular/indicator"), id=key)
    return FactorRef(f"circular/indicator:{key}", found["parameter"], float(found["value"]), found["unit"],
                     source(found["source"]).cite(), found["locator"], found["verified"], found["note"])  # fmt: skip


def factor_of(stem: str, origin: str, years: FactorYears, choices: Choices) -> Looked:
    """The material-use factor of an origin, blended where two factor years apply; missing where one is not there."""
    series, value, refs, said = f"{stem}/{ORIGINS[origin]}/tonnes", 0.0, [], []
    for year, share in years.shares:
        try:
            found = match(series, year, choices.allow_earlier)
        except FactorError as error:
            return Looked(float("nan"), (), str(error))
        if found.factor.unit != _UNIT:
            return Looked(float("nan"), (), f"published per {found.factor.unit}, not per tonne")
        value += share * found.factor.value
        refs.append(found.factor.ref())
        said += [found.note] if found.how in ("earlier edition", "partial edition") else []
    return Looked(value, tuple(refs), "; ".join(said), bool(said))
