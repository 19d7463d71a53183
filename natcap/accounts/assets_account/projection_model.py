"""The table of projections: how the flow of a service is expected to develop over the life of its asset."""

from __future__ import annotations

from natcap.accounts.services.library import services
from natcap.core.workbook.model import Field, TableModel

__all__ = ["GUIDANCE", "MODEL"]

MODEL = TableModel(
    "projections",
    "Projections",
    "Projections of flows",
    (
        Field("service", "Service", choices=tuple(services()), help="The service whose flow is projected",
              example="timber", synonyms=("service", "ecosystem service")),
        Field("type", "Ecosystem type", required=False, help="Blank: every type that has no rows of its own here",
              example="Woodland", synonyms=("habitat", "ecosystem", "broad habitat")),
        Field("year", "Year", "integer", help="Calendar year", example="2023"),
        Field("index", "Index of the flow", "number", example="100",
              help="The flow of the year on any scale; above 0 in the opening and the closing year, later 0 or below "
                   "where a sink fails or turns into a source", synonyms=("index", "projection", "availability")),
        Field("confidence", "Confidence", "choice", required=False, choices=("Amber", "Red"),
              help="Amber: a published forecast. Red: judged. Blank is Amber with a source, Red without"),
        Field("source", "Source and evidence", required=False, help="Forecast, publisher, page, date; blank: Red",
              example="Private sector timber availability forecast, table 3", synonyms=("source", "evidence")),
        Field("note", "Note", required=False, help="How the index was made from the source"),
    ),
)  # fmt: skip

GUIDANCE: tuple[str, ...] = (
    "An asset value counts flows of many years (100, minerals 25). Without a projection each of them is the mean of up "
    "to five years. With one, the flow of year y is the flow of the opening or closing year x index of y / index of "
    "that year.",
    "Use it where the future flow is known to differ: timber (availability forecast), greenhouse gases (projected "
    "removals of a wood that grows old), health effects (growth of population). A whole column of 100 changes nothing "
    "but this: the flow of the year itself then counts, not the mean of five years.",
    "The scale does not matter: cubic metres, tonnes or 100 for the first year. Only ratios count.",
    "The opening year and the closing year must be there, with an index above 0. Later years may be 0 or below.",
    "Every year of the life needs an index. Where years are left out, natcap.toml must say how they are filled: "
    'projection_between = "linear" (a straight line) or "step" (as the given year before it) for years between given '
    'years, and projection_after = "last" for years after the last one.',
    "Leave the ecosystem type blank for all types. Rows with a type count for that type in place of rows without.",
    "Amenity has no projection: its asset is a capital value, not a sum of flows.",
)
