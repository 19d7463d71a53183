"""The workbook of services: flows that were measured, parameters, unit values and users of one's own."""

from __future__ import annotations

from natcap.accounts.services.intermediate.library import intermediate_services, offered_units
from natcap.accounts.services.library import RAGS, economic_units, services
from natcap.accounts.supply_use import BASES
from natcap.core.workbook.model import Field, TableModel

__all__ = ["GUIDANCE", "MODELS", "NET_OF", "PARAMETERS", "READINGS", "UNIT_VALUES", "USERS"]

NET_OF: tuple[str, ...] = ("recreation", "travel expenditure", "harvested increment", "woodfuel")
"""What a figure can be net of, so that it may stand beside another service."""
_NAMES = tuple(services())
_BETWEEN = tuple(intermediate_services())
_UNITS = "; ".join([*(f"{key}: {service.unit}" for key, service in services().items()),
                    *(f"{key}: {' or '.join(offered_units(key))}" for key in _BETWEEN)])  # fmt: skip


def _service(between: bool = True) -> Field:
    more = ", or an intermediate service such as pollination" if between else ""
    return Field("service", "Service", choices=(*_NAMES, *_BETWEEN) if between else _NAMES,
                 help=f"One of the sixteen services of the accounts{more}", example="recreation",
                 synonyms=("service", "ecosystem service"))  # fmt: skip


def _range() -> tuple[Field, Field]:
    return (
        Field("low", "Low", "number", required=False, help="5th percentile, where it is known"),
        Field("high", "High", "number", required=False, help="95th percentile, where it is known"),
    )


def _told(net: bool = True) -> tuple[Field, ...]:
    net_of = Field("net_of", "Net of", "choice", required=False, choices=NET_OF,
                   help="What was taken off already, so that nothing counts twice")  # fmt: skip
    confidence = Field("confidence", "Confidence", "choice", required=False, choices=RAGS,
                       help="Green measured here or official and under three years old; Amber national or older; "
                            "Red recalled or judged. Blank is Amber")  # fmt: skip
    evidence = Field("evidence", "Source and evidence", help="Survey, document, page, date",
                     example="Ranger counters, 12 gates, 2023", synonyms=("source", "evidence"))  # fmt: skip
    return (net_of, confidence, evidence) if net else (confidence, evidence)


READINGS = TableModel(
    "readings",
    "Readings",
    "Measured flows",
    (
        Field("zone", "Zone", help="Code or name of a zone, or all for the whole area", example="all"),
        _service(),
        Field("type", "Ecosystem type", required=False, example="Woodland",
              help="Blank where the flow is not divided by type; of an intermediate service the type that supplies it",
              synonyms=("habitat", "ecosystem", "broad habitat")),
        Field("year", "Year", "integer", help="Calendar year of the flow", example="2023"),
        Field("flow", "Flow", "number", help="Negative where it is an emission", example="125000",
              synonyms=("value", "quantity")),
        Field("unit", "Unit", help=_UNITS, example="visit"),
        *_range(), *_told(),
    ),
    required=False, named=True,
)  # fmt: skip

PARAMETERS = TableModel(
    "parameters",
    "Parameters",
    "Flow for each hectare",
    (
        _service(between=False),
        Field("habitat", "Habitat or class", help="Habitat of factors/services/flows.csv, or a class of the map",
              example="deciduous_woodland", synonyms=("habitat", "class")),
        Field("parameter", "Parameter", help="Its name in factors/services/flows.csv replaces that one",
              example="visits"),
        Field("value", "Value", "number", example="310"),
        Field("unit", "Unit", help="Unit of the service per hectare and year, or fraction or percent",
              example="visit/ha/yr"),
        *_range(), *_told(),
    ),
    required=False, named=True,
)  # fmt: skip

UNIT_VALUES = TableModel(
    "unit_values",
    "Unit values",
    "Exchange values of a unit of flow",
    (
        _service(),
        Field("habitat", "Habitat or class", required=False,
              help="Blank: everywhere. Of an intermediate service the ecosystem type that supplies it",
              synonyms=("habitat", "class")),
        Field("year", "Year of the flow", "integer", required=False, help="Blank: any year"),
        Field("value", "Value", "number", example="1.40"),
        Field("unit", "Unit", help="GBP for each unit of flow", example="GBP/visit"),
        Field("price_year", "Price year", "integer", required=False, help="Year of the prices; must be filled",
              example="2022"),
        Field("basis", "Basis", "choice", choices=BASES, help="Accounts take exchange or cost-based values only",
              example="exchange"),
        *_range(), *_told(),
    ),
    required=False, named=True,
)  # fmt: skip

USERS = TableModel(
    "users",
    "Users",
    "Who uses a service",
    (
        _service(),
        Field("user", "User", choices=tuple(economic_units()), example="households",
              help="Economic unit of the list; of an intermediate service the ecosystem type that uses it, by its name "
                   "in the account"),
        Field("share", "Share", "number", help="0 to 1; the shares of a service sum to 1", example="1"),
        *_told(net=False),
    ),
    required=False, named=True,
)  # fmt: skip

MODELS: tuple[TableModel, ...] = (READINGS, PARAMETERS, UNIT_VALUES, USERS)

GUIDANCE: tuple[str, ...] = (
    "All four worksheets may stay empty in part: what is not given comes from the library where it has a figure, and "
    "is shown as [x], not available, where it has none.",
    "Readings: a flow of a zone and year that somebody measured. It is taken in place of the library's model.",
    "Parameters: a flow for each hectare of a habitat. Under the library's name of a parameter it replaces that one.",
    "A further fraction multiplies the flow, such as a modifier by condition: use one only where somebody has "
    "documented how the service responds.",
    "Unit values: pounds for each unit of flow, with the year of their prices. Accounts hold exchange values; a "
    "welfare value, such as a willingness to pay, is refused here.",
    "Users: who uses a service, as shares that sum to 1. Once you give one user of a service, give all of them.",
    "Intermediate services (pollination, soil quality regulation, soil retention, pest control, nursery and habitat "
    "maintenance) go from one ecosystem type to another: give on Readings what each type supplies, a row a type, and "
    "on Users the ecosystem types that use it, as shares that sum to 1, such as 0.95 Enclosed farmland and 0.05 "
    "Urban. A unit value may be given. They stand in tables of their own, net zero, and in no total: what they are "
    "worth is in final services already.",
    "Net of: say where a figure leaves out what another service counts, such as visits in a premium on houses.",
)
