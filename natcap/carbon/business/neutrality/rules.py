"""Rules of the standard on carbon credits as numbers with their page."""

from __future__ import annotations

from natcap.core.report import FactorRef
from natcap.core.sources import source
from natcap.core.tables import load, row

__all__ = ["rule"]


def rule(key: str) -> FactorRef:
    """A rule of `factors/neutrality/rules.csv` by its id."""
    found = row(load("neutrality/rules"), id=key)
    return FactorRef(f"neutrality/rules:{key}", found["parameter"], float(found["value"]), found["unit"],
                     source(found["source"]).cite(), found["locator"], found["verified"], found["note"])  # fmt: skip
