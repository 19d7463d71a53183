"""What a business fills in: one declaration from which template, reader and documentation are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from natcap.carbon.business import records
from natcap.carbon.business.vocabulary import vocabulary
from natcap.core import workbook
from natcap.core.problems import Problems
from natcap.core.project import FILE

__all__ = ["CHANGE_KINDS", "CONTRACT_KINDS", "FACTS", "Choices", "activity_model", "models", "read_choices"]

CONTRACT_KINDS: tuple[str, ...] = ("supplier rate", "renewable, certificates retired")
"""How a supply contract states its factor. Certificates retired for this supply count as 0 kg/kWh, as the user says."""

CHANGE_KINDS: dict[str, int] = {
    "acquisition": 1, "insourcing": 1, "divestment": -1, "outsourcing": -1, "method": 1, "error": 1,
}  # fmt: skip
"""Kinds of change that may call for a restated base year, and whether their tonnes add to it or leave it."""

FACTS: dict[str, str] = {
    "turnover": "turnover of the period",
    "employees": "full-time equivalents, average of the period",
    "floor area": "internal floor area in use",
    "output": "amount of the main product or service, for an intensity of your own",
    "boundary": "what is in and what is not, in a sentence",
    "actions": "energy-efficiency measures of the period",
    "methodology": "anything a reader has to know about the method, beside the standard text",
}
"""What the sheet Organisation may say, by item."""

_DIMENSIONS = "|".join((
    "energy", "energy, gross calorific value", "energy, net calorific value", "volume", "mass", "length",
    "freight moved", "passenger distance", "room nights", "working time", "CO2e",
))  # fmt: skip
"""What a quantity of the activity table may be measured in."""


class Choices(BaseModel):
    """The `[choices]` of natcap.toml for a business; every one is recorded with the run and printed."""

    model_config = ConfigDict(extra="forbid")

    factor_year_rule: Literal["majority", "blended"] = "majority"
    factor_year: Annotated[int, Field(ge=1990, le=2100)] | None = None
    allow_earlier: bool = False
    gas_kwh_basis: Literal["ask", "gross", "net"] = "ask"
    gwp_set: Literal["as published", "SAR", "AR4", "AR5"] = "as published"
    radiative_forcing: Literal["with", "without"] = "with"
    market_fallback: Literal["residual mix", "location"] = "residual mix"
    boundary: Literal["operational control", "financial control", "equity share"] = "operational control"
    out_of_period: Literal["refuse", "leave out"] = "refuse"
    prior_period: str = ""
    base_period: str = ""
    base_threshold: Annotated[float, Field(gt=0, le=100)] = 5.0
    seed: Annotated[int, Field(ge=0)] = 2025


def read_choices(given: Mapping[str, Any], problems: Problems) -> Choices:
    """The choices, or problems that name each wrong one; a wrong one keeps its default so that reading can go on."""
    try:
        return Choices.model_validate(dict(given))
    except ValidationError as error:
        for item in error.errors():
            where = ".".join(str(part) for part in item["loc"] if isinstance(part, str) and part not in ("int", "none"))
            remedy = "" if item["type"] != "extra_forbidden" else f"Known choices: {', '.join(Choices.model_fields)}."
            problems.add(FILE, str(item["input"]), item["msg"].lower(), remedy, cell=f"choices.{where}")
    return Choices()


def activity_model(everyday: bool = True) -> workbook.TableModel:
    """The table of bills and logs. `everyday` offers the everyday activities in a drop-down."""
    labels = tuple(a.label for a in vocabulary().everyday) if everyday else ()
    f = workbook.Field
    fields = (
        f("site", "Site", required=False, help="Where it was used; as on the sheet Sites.", example="Castle Depot",
          synonyms=("location", "premises", "building", "depot", "branch", "facility", "office")),
        f("activity", "Activity", choices=labels, example="Natural gas",
          help="What was used, in everyday words; choose from the list or write it your way. A factor series is "
               "accepted too.",
          synonyms=("fuel", "emission source", "source", "energy type", "utility", "activity type", "resource",
                    "fuel type", "commodity", "type")),
        f("quantity", "Quantity", "number", unit_field="unit", example="12650",
          help="As on the bill or log; a credit note is negative and says credit in its evidence.",
          synonyms=("amount", "usage", "consumption", "volume", "qty", "units used", "value", "total usage")),
        f("unit", "Unit", "unit", dimension=_DIMENSIONS, example="kWh",
          help="Any usual spelling; what is ambiguous is asked.",
          synonyms=("uom", "units", "unit of measure")),
        f("start", "Period start", "date", example="2025-01-01", help="First day that the quantity covers.",
          synonyms=("from", "start date", "start", "date", "bill start", "period from", "date from", "invoice date")),
        f("end", "Period end", "date", required=False, example="2025-01-31",
          help="Last day that the quantity covers; empty for a single day.",
          synonyms=("to", "end date", "end", "bill end", "period to", "date to")),
        f("basis", "Calorific basis", "choice", required=False, choices=("gross", "net"), example="gross",
          help="For fuel in kWh: gross is what UK gas bills show.",
          synonyms=("basis", "cv basis", "gross or net", "gross/net", "gcv/ncv")),
        f("share", "Load or blend (%)", "number", required=False, example="",
          help="For lorries: load in per cent, to mix the published loads. For diesel or petrol: biofuel in per cent.",
          synonyms=("load", "laden", "blend", "load %", "share", "biofuel share", "load factor")),
        f("category", "Scope 3 category", "integer", required=False, example="",
          help="Only to move an entry: 9 for downstream freight, 13 for the gas of a building you let.",
          synonyms=("ghg category", "category", "scope 3 cat")),
        f("owned", "Your share (%)", "number", required=False, example="",
          help="For leased assets, franchises and investments (categories 8, 13, 14, 15): the part that is yours.",
          synonyms=("equity share", "share of equity", "investment share")),
        f("evidence", "Evidence", required=False, example="Gas bill 2025-01", help="Reference of the bill or log.",
          synonyms=("reference", "ref", "invoice", "invoice no", "invoice number", "bill ref", "document")),
        f("status", "Read or estimated", "choice", required=False, choices=("read", "estimated"), example="read",
          help="Whether the quantity was metered or estimated.", synonyms=("estimated", "reading type", "data quality",
          "actual or estimated", "read type", "a/e", "e/a", "act/est", "actual/estimated", "estimated/actual")),
        f("item", "Meter or item", required=False, example="Meter 30118", help="Meter, vehicle or machine.",
          synonyms=("meter", "mpan", "mprn", "vehicle", "registration", "asset", "meter number", "mpan / mprn",
                    "mpan number", "mprn number", "meter no", "meter id", "meter serial", "meter serial number", "msn",
                    "vehicle reg", "reg", "reg no")),
        f("note", "Note", required=False, example="", help="Anything worth knowing.",
          synonyms=("notes", "comment", "comments", "remarks")),
    )  # fmt: skip
    return workbook.TableModel(
        "activity", "Activity", "Bills, mileage, deliveries and top-ups", fields, synonyms=("Bills", "Data", "Log")
    )


def models() -> tuple[workbook.TableModel, ...]:
    """Every table of the workbook, the activity table first."""
    f, table = workbook.Field, workbook.TableModel
    sites = (
        f("site", "Site", help="Name as used on the sheet Activity.", example="Castle Depot", synonyms=("name",)),
        f("area", "Floor area (m2)", "number", required=False, help="Internal floor area.", example="8200"),
        f("employees", "Employees", "number", required=False, help="Full-time equivalents.", example="64",
          synonyms=("fte", "staff", "headcount")),
        f("postcode", "Postcode", required=False, help="For weather and maps; may stay empty.", example="DE74 2SA"),
        f("ownership", "Ownership (%)", "number", required=False, example="100",
          help="Your share; used when the boundary is equity share.", synonyms=("share", "equity share")),
    )  # fmt: skip
    contracts = (
        f("site", "Site", required=False, help="Empty for all sites.", example="Castle Depot"),
        f("start", "Contract start", "date", help="First day of supply.", example="2025-01-01",
          synonyms=("from", "start")),
        f("end", "Contract end", "date", help="Last day of supply.", example="2025-12-31", synonyms=("to", "end")),
        f("kind", "Kind of contract", "choice", choices=CONTRACT_KINDS, example="supplier rate",
          help="Renewable only where certificates were retired for this supply."),
        f("factor", "kg CO2e per kWh", "number", required=False, example="0.182",
          help="The supplier's rate; may stay empty for renewable supply.",
          synonyms=("supplier factor", "emission factor", "rate")),
        f("evidence", "Evidence", required=False, help="Fuel mix disclosure, certificate or contract.",
          example="Supplier fuel mix 2024/25"),
    )  # fmt: skip
    facts = (
        f("item", "Item", "choice", choices=tuple(FACTS), help="What is stated.", example="turnover"),
        f("amount", "Amount", "number", required=False, help="Its number, where it has one.", example="14200000"),
        f("unit", "Unit", required=False, help="GBP, m2, head or the unit of your output.", example="GBP"),
        f("text", "Text", required=False, help="Its sentence, where it has one.", example=""),
        f("evidence", "Evidence", required=False, help="Where the number comes from.", example="Annual accounts"),
    )  # fmt: skip
    spend = (
        f("supplier", "Supplier or purpose", required=False, help="What was bought, or from whom.",
          example="IT support", synonyms=("supplier", "description", "vendor", "name")),
        f("industry", "Industry (SIC 2007)", help="Code or name of the industry: 62, 62020, or its name.",
          example="62", synonyms=("sic", "sic code", "industry", "industry group")),
        f("amount", "Amount (GBP)", "number", help="Money spent.", example="10000",
          synonyms=("spend", "amount", "value", "cost", "net amount")),
        f("vat", "VAT", "choice", choices=("excluding VAT", "including VAT"), example="excluding VAT",
          help="Whether the amount includes VAT."),
        f("vat_rate", "VAT rate (%)", "number", required=False, help="Where VAT is included.", example=""),
        f("start", "Period start", "date", example="2025-01-01", help="First day.",
          synonyms=("from", "start", "date", "invoice date")),
        f("end", "Period end", "date", required=False, example="2025-12-31", help="Last day; empty for a single day.",
          synonyms=("to", "end")),
        f("category", "Scope 3 category", "integer", required=False, example="1",
          help="1 to 15; empty for 1, purchased goods and services."),
        f("site", "Site", required=False, help="As on the sheet Sites.", example=""),
        f("evidence", "Evidence", required=False, help="Ledger account or invoice.", example="Ledger 7502"),
    )  # fmt: skip
    changes = (
        f("day", "Date", "date", help="Day of the change.", example="2024-09-30", synonyms=("day", "when")),
        f("kind", "Kind of change", "choice", choices=tuple(CHANGE_KINDS), example="divestment",
          help="What happened since the base year."),
        f("site", "Site", required=False, help="The site that came or went, if it is one.", example="Hinckley Yard"),
        f("tonnes", "Base-year emissions (t CO2e)", "number", example="2000",
          help="Base-year emissions of the part concerned; for method and error the change, negative if it lowers."),
        f("reason", "Reason", help="Why, in a sentence.", example="Sale of the Hinckley operation"),
    )  # fmt: skip
    return (
        activity_model(),
        table("sites", "Sites", "Sites of the organisation", sites, required=False, named=True),
        table("contracts", "Contracts", "Electricity supply contracts", contracts, required=False, named=True),
        table("spend", "Spend", "Purchases by money, where there is no better data", spend, required=False, named=True),
        table("changes", "Changes", "Structural changes since the base year", changes, required=False, named=True),
        table("organisation", "Organisation", "Facts about the organisation", facts, required=False, named=True),
        *records.tables(_DIMENSIONS),
    )
