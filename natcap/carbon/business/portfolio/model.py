"""The long table of a portfolio: who the business is, then the columns of the activity table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from natcap.carbon.business.models import activity_model
from natcap.core.problems import Problems
from natcap.core.project import FILE
from natcap.core.workbook.model import Field, TableModel

__all__ = [
    "ABOUT", "CHOICES", "GUIDANCE", "LEAVE_OUT", "MEASURES", "MODEL", "REGISTER", "REGISTER_GUIDANCE", "SIZES", "Ways",
    "read_ways",
]  # fmt: skip

SIZES: tuple[str, ...] = ("micro", "small", "medium", "large")
ABOUT: tuple[str, ...] = ("name", "sector", "size", "employees", "turnover")
"""What is said about a business; the same in each of its rows, or in the first of them alone."""
LEAVE_OUT = "leave out"

_WHO = (
    Field("business", "Business ID", help="One and the same in every row of a business", example="B0001",
          synonyms=("id", "client", "client id", "business")),
    Field("name", "Business name", required=False, help="In its first row at least, if at all", example="Example Ltd",
          synonyms=("company", "company name", "client name")),
    Field("sector", "Sector (SIC 2007)", required=False, help="Code or name of the industry, in its first row at least",
          example="49.3-5", synonyms=("sic", "sic code", "sector", "industry")),
    Field("size", "Size band", "choice", required=False, choices=SIZES, help="In its first row at least",
          example="small", synonyms=("size", "band")),
    Field("employees", "Employees", "number", required=False, help="Full-time equivalents; blank: not known",
          example="24", synonyms=("fte", "staff", "headcount")),
    Field("turnover", "Turnover (GBP)", "number", required=False, help="Of the period; blank: not known",
          example="3100000", synonyms=("turnover", "revenue")),
)  # fmt: skip

MODEL = TableModel(
    "portfolio", "Portfolio", "Bills and logs of many businesses", (*_WHO, *activity_model().fields),
    synonyms=("Activity", "Data"),
)  # fmt: skip

REGISTER = TableModel(
    "register", "Businesses", "Who the businesses of a folder of projects are",
    (*_WHO, Field("folder", "Project folder", required=False, example="",
                  help="Blank where the folder is called as the Business ID; else its path from the portfolio's folder",
                  synonyms=("folder", "project", "path"))),
    synonyms=("Register", "Clients"),
)  # fmt: skip

REGISTER_GUIDANCE: tuple[str, ...] = (
    "One row for each business whose project stands in the portfolio's folder; its folder is called as its Business "
    "ID, or named in the last column.",
    "Employees and turnover are taken from the project (sheets Organisation and Sites) where it states them; state "
    "them here where it does not.",
    "Sector and size say which businesses are alike.",
)

GUIDANCE: tuple[str, ...] = (
    "One row for each bill, delivery or log of each business; the same Business ID in every row of a business.",
    "Name, sector, size, employees and turnover stand in the first row of a business, or the same in all of them.",
    "A CSV or Parquet file with these headers does as well: name it in natcap.toml.",
    "Purchases by money, supply contracts and years before belong in a project of the business itself.",
)

CHOICES: dict[str, tuple[str, ...]] = {
    "problem_businesses": ("refuse", LEAVE_OUT), "sectors": ("sic", "own"),
    "contents": ("hub", "businesses", "benchmark"),
}  # fmt: skip
"""Choices of a portfolio beside those of a business, the usual one first.

Contents: hub is everything down to the bill; businesses leaves the lines out (5,000 businesses are half a million of
them); benchmark holds nothing about a single business.
"""
MEASURES: dict[str, tuple[str, float]] = {"employees": ("t CO2e per employee", 1.0), "turnover": ("t CO2e per £m", 1e6)}
"""What scope 1 and 2 (location) are divided by -> the unit, and the scale of the divisor."""
_LEAST, _FEWEST = 5, 3


@dataclass(frozen=True, slots=True)
class Ways:
    """How a portfolio is made: what happens to a business with a problem, which sectors, what is published."""

    problem_businesses: str = "refuse"
    sectors: str = "sic"
    contents: str = "hub"
    suppress_below: int = _LEAST

    @property
    def open(self) -> bool:
        """Whether the report is for publication."""
        return self.contents == "benchmark"

    @property
    def whole(self) -> bool:
        """Whether the report holds its lines."""
        return self.contents == "hub"


def read_ways(given: Mapping[str, Any], problems: Problems) -> tuple[Ways, dict[str, Any]]:
    """(the portfolio's own choices, the others, which are those of a business)."""
    own: dict[str, Any] = {}
    for name, words in CHOICES.items():
        own[name] = given.get(name, words[0])
        if own[name] not in words:
            problems.add(FILE, str(own[name]), " or ".join(words), cell=f"choices.{name}")
    least = given.get("suppress_below", _LEAST)
    if isinstance(least, bool) or not isinstance(least, int) or least < _FEWEST:
        said = f"a whole number of businesses, {_FEWEST} or more"
        problems.add(FILE, str(least), said, "Smaller groups would show single businesses.",
                     cell="choices.suppress_below")  # fmt: skip
        least = _LEAST
    rest = {name: value for name, value in given.items() if name not in (*CHOICES, "suppress_below")}
    return Ways(**own, suppress_below=least), rest
