"""The table of carbon movements: what is known beyond land cover, such as a felling, a fire or a corrected survey."""

from __future__ import annotations

from natcap.core.workbook.model import Field, TableModel

__all__ = ["GUIDANCE", "KINDS", "MODEL"]

KINDS: tuple[str, ...] = ("growth", "harvest", "disturbance", "reappraisal")

MODEL = TableModel(
    "carbon_movements",
    "Carbon movements",
    "Carbon movements",
    (
        Field("zone", "Zone code", required=False, help="Code of the zone, as in the account; blank with one zone only",
              synonyms=("zone", "zone id")),
        Field("class", "Land-cover class", help="Name or code of the class at the closing",
              example="Deciduous woodland", synonyms=("class", "code", "lucode")),
        Field("pool", "Pool", help="A pool of the densities, such as vegetation or soil", example="vegetation"),
        Field("kind", "Kind", "choice", choices=KINDS,
              help="growth adds; harvest and disturbance take away; a reappraisal corrects what was known",
              example="harvest", synonyms=("kind", "entry")),
        Field("tonnes", "Carbon (t C)", "number", example="120",
              help="Tonnes of carbon over the whole span, not of CO2. Above zero; a reappraisal may be below zero",
              synonyms=("tonnes", "tonnes_c", "carbon")),
        Field("source", "Source and evidence", help="Felling licence, survey, report",
              example="Felling licence 012/345, 2024", synonyms=("source", "evidence")),
    ),
)  # fmt: skip

GUIDANCE: tuple[str, ...] = (
    "One row for each movement of carbon that land cover does not show, over the whole span of the account.",
    "growth: standing vegetation gained carbon. harvest: carbon left with wood or crops. disturbance: fire, storm, "
    "pest, drainage. reappraisal: what was known at the opening was wrong.",
    "Tonnes of carbon (t C): divide tonnes of CO2 by 44/12. What was not given is shown as [x], never as zero.",
    "Change of land use is not entered here: it comes from the maps.",
)
