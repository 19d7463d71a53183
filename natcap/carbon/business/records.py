"""The sheets beside bills and logs: own factors, a commuting survey, energy made on site, scope 3 by category."""

from __future__ import annotations

from natcap.carbon.business.own import GASES
from natcap.carbon.inventory import SCOPE_1, SCOPE_2, SCOPE_3
from natcap.core import workbook
from natcap.core.lines import OUTSIDE

__all__ = ["CHP", "RENEWABLE", "STATES", "tables"]

RENEWABLE: tuple[str, ...] = ("solar", "wind", "hydro")
CHP = "combined heat and power"
STATES: tuple[str, ...] = ("covered", "estimated", "not relevant", "missing")
"""What a category of scope 3 can be; each has exactly one in the report."""


def tables(dimensions: str) -> tuple[workbook.TableModel, ...]:
    """The optional sheets. `dimensions` is what a quantity of the activity table may be measured in."""
    table = workbook.TableModel
    return (
        table("factors", "Factors", "Factors of your own", _factors(dimensions), required=False, named=True),
        table(
            "commuting", "Commuting", "Survey of commuting and homeworking", _commuting(), required=False, named=True
        ),
        table("generation", "Generation", "Energy made on site", _generation(), required=False, named=True),
        table("categories", "Categories", "Scope 3, category by category", _categories(), required=False, named=True),
    )


def _factors(dimensions: str) -> tuple[workbook.Field, ...]:
    f = workbook.Field
    return (
        f("name", "Name", help="As written in the column Activity; no published activity may have it.",
          example="Steam from the mill", synonyms=("factor", "activity", "id")),
        f("value", "Value (kg per unit)", "bound", help="kg of the gas per unit. Empty is unknown and refused; a bound "
          "is written < 1.", example="0.213", synonyms=("value", "emission factor")),
        f("unit", "Per unit", "unit", dimension=dimensions, help="The unit the value is per.", example="kWh",
          synonyms=("unit", "uom")),
        f("gas", "Gas", "choice", required=False, choices=GASES, help="Empty for CO2e; one row for each gas.",
          example="CO2e"),
        f("gwp_set", "GWP set", "choice", required=False, choices=("SAR", "AR4", "AR5"),
          help="For methane and nitrous oxide in kg of the gas.", example=""),
        f("scope", "Scope", "choice", choices=(SCOPE_1, SCOPE_2, SCOPE_3, OUTSIDE), help="Where it counts.",
          example=SCOPE_2),
        f("category", "Category", required=False, example="heat",
          help="Scope 3: a number from 1 to 15. Scope 1: fuels, vehicles or gases. Scope 2: electricity or heat."),
        f("low", "Low", "number", required=False, help="Lower end of its range.", example=""),
        f("high", "High", "number", required=False, help="Upper end of its range.", example=""),
        f("year", "Year", "integer", required=False, help="Year it is for; another year than the report's is told.",
          example="2025"),
        f("source", "Source", help="Who published it, where, which page.", example="Mill Energy, statement 2025, p. 2"),
    )  # fmt: skip


def _commuting() -> tuple[workbook.Field, ...]:
    f = workbook.Field
    return (
        f("site", "Site", required=False, help="As on the sheet Sites.", example="Castle Depot"),
        f("mode", "Mode", help="As in the column Activity: Commuting by local bus, Homeworking, ...",
          example="Commuting by local bus", synonyms=("activity", "how")),
        f("people", "People", "number", help="Who answered that they travel, or work, like this.", example="12",
          synonyms=("respondents", "employees")),
        f("answers", "Answers in all", "number", required=False, example="40",
          help="All who answered; with Headcount it scales the survey to everybody."),
        f("headcount", "Headcount", "number", required=False, help="All employees of the group surveyed.",
          example="64"),
        f("days", "Days a week", "number", help="Days a week they do so.", example="3"),
        f("weeks", "Weeks a year", "number", help="Working weeks of the period, without leave.", example="45"),
        f("each", "Distance one way, or hours a day", "number", unit_field="unit", example="5.5",
          help="For a journey the way to work; it is counted there and back. For homeworking the hours of a day.",
          synonyms=("distance", "distance one way", "hours a day")),
        f("unit", "Unit", "unit", dimension="length|working time|time", help="mile, km or hours.", example="mile"),
        f("evidence", "Evidence", required=False, help="The survey.", example="Staff survey October 2025"),
    )  # fmt: skip


def _generation() -> tuple[workbook.Field, ...]:
    f = workbook.Field
    return (
        f("site", "Site", required=False, help="As on the sheet Sites.", example="Castle Depot"),
        f("plant", "Plant", help="Its name; of a CHP as in the column Meter or item of its fuel.", example="Roof 1"),
        f("kind", "Technology", "choice", choices=(*RENEWABLE, CHP), help="What makes the energy.", example="solar",
          synonyms=("technology", "type")),
        f("start", "Period start", "date", help="First day.", example="2025-01-01", synonyms=("from", "start")),
        f("end", "Period end", "date", help="Last day.", example="2025-12-31", synonyms=("to", "end")),
        f("generated", "Electricity generated (kWh)", "number", help="At the meter of the plant.", example="84000"),
        f("exported", "Electricity exported (kWh)", "number", help="To the grid or a neighbour; 0 where none.",
          example="21000"),
        f("used", "Electricity used on site (kWh)", "number", required=False, example="63000",
          help="Empty where it is what was not exported."),
        f("heat", "Heat generated (kWh)", "number", required=False, help="Of a CHP: useful heat.", example=""),
        f("heat_sold", "Heat sold (kWh)", "number", required=False, help="Of a CHP: heat to others; 0 where none.",
          example=""),
        f("evidence", "Evidence", required=False, help="Meter or statement.", example="Generation meter 77"),
    )  # fmt: skip


def _categories() -> tuple[workbook.Field, ...]:
    f = workbook.Field
    return (
        f("category", "Scope 3 category", "integer", help="1 to 15.", example="14"),
        f("state", "State", "choice", choices=STATES, help="Not relevant and missing need their reason.",
          example="not relevant"),
        f("reason", "Reason", help="Why, in a sentence.", example="The company has no franchises."),
    )  # fmt: skip
