"""The table of catastrophic losses: storms, fires, floods and outbreaks that took land or its services away."""

from __future__ import annotations

from natcap.accounts.services.library import services
from natcap.core.workbook.model import Field, TableModel

__all__ = ["GUIDANCE", "MODEL"]

_NAMES = tuple(service.id for service in services().values() if not service.abiotic)
_UNITS = "; ".join(f"{service.id}: {service.unit}" for service in services().values() if not service.abiotic)

MODEL = TableModel(
    "losses",
    "Losses",
    "Catastrophic losses",
    (
        Field("event", "Event", help="Its name; several rows may belong to one event", example="Storm of November 2022",
              synonyms=("event", "cause")),
        Field("year", "Year", "integer", example="2022",
              help="Calendar year: after the opening year, at the latest the closing year"),
        Field("zone", "Zone", required=False, help="Code or name of a zone as in the account. Blank or all: the whole "
              "area, where only one zone can be meant", example="E07000133", synonyms=("zone",)),
        Field("type", "Ecosystem type", required=False, example="Woodland",
              help="As in the account. Blank only for a flow that is not divided by type",
              synonyms=("habitat", "ecosystem", "broad habitat")),
        Field("service", "Service", required=False, choices=_NAMES, synonyms=("service", "ecosystem service"),
              help="Blank with an area: every service of that land. Needed with a flow", example=""),
        Field("hectares", "Area lost (ha)", "number", required=False, example="15",
              help="Land that had become another type at the closing. Fill this or the flow, never both",
              synonyms=("hectares", "area lost")),
        Field("flow", "Flow lost in a year", "number", required=False, example="",
              help="What land that kept its type no longer yields in a year. Fill this or the area, never both"),
        Field("unit", "Unit of the flow", required=False, help=_UNITS, example="", synonyms=("unit",)),
        Field("evidence", "Source and evidence", help="Survey, felling notice, photographs, date",
              example="Aerial survey of January 2023, compartments 4 to 9", synonyms=("source", "evidence")),
        Field("note", "Note", required=False, help="Anything a reader should know", example=""),
    ),
)  # fmt: skip

GUIDANCE: tuple[str, ...] = (
    "A catastrophic loss is large, sudden and not expected in the ordinary course of things, and somebody can name the "
    "event: a storm, a fire, a flood, an outbreak of disease. Slow decline and ordinary felling are no such loss.",
    "One row for each event, zone and ecosystem type. Give an area where the land had become another type at the "
    "closing, such as a wood that is now open ground. Give a flow where the land kept its type but yields less.",
    "The account already holds these losses, in its reductions or its degradation: a row moves them to an entry of "
    "their own. More than the account shows is refused, with the hectares or the flow that can be moved at most.",
    "Area: at most the hectares that left the type in that zone between the two dates. Flow: at most the fall of the "
    "expected flow, which is a mean of up to five years: a loss late in the span is in that mean only in part.",
    "Land that burned and is the same type again at the closing has no area to give: give the flow that is still lost.",
    "Carbon that the event set free goes into the workbook of carbon movements, as disturbance. It is not added here.",
    "Without this workbook the account shows [w], none recorded; that is not a zero. Give it only if there was a loss.",
)
