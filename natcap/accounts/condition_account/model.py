"""The table of condition readings, and the starter reference levels that it may lean on."""

from __future__ import annotations

from dataclasses import dataclass

from natcap.accounts.classes import slug
from natcap.accounts.condition import ECT
from natcap.core.report import FactorRef
from natcap.core.sources import source
from natcap.core.tables import load
from natcap.core.workbook.model import Field, TableModel

__all__ = ["GUIDANCE", "MODEL", "REFERENCE_TYPES", "Starter", "starters"]

REFERENCE_TYPES: tuple[str, ...] = ("natural", "historical", "least disturbed", "prescribed", "policy target")

_CLASSES = "; ".join(f"{code} {name}" for code, name in ECT.items())

MODEL = TableModel(
    "condition",
    "Condition",
    "Condition readings",
    (
        Field("asset", "Asset or zone", help="A wood, a water body, a zone: what was looked at", example="Long Wood",
              synonyms=("asset", "zone", "site")),
        Field("ecosystem", "Ecosystem type", help="Habitat of the asset", example="Woodland",
              synonyms=("habitat", "broad habitat", "ecosystem")),
        Field("area", "Area (ha)", "number", help="Hectares of the asset; the same in all its rows", example="58.5",
              synonyms=("area", "hectares", "area_ha")),
        Field("variable", "Condition variable", help="What was measured", example="deadwood volume",
              synonyms=("variable", "indicator")),
        Field("ect", "ECT class", "choice", required=False, choices=tuple(ECT),
              help=f"{_CLASSES}. Blank for a starter variable", example="B2", synonyms=("ect", "condition class")),
        Field("unit", "Unit", required=False, help="Unit of readings and levels; blank for a starter variable",
              example="m3/ha"),
        Field("lower", "Lower reference level", "number", required=False, example="0",
              help="Reading that means the worst condition (indicator 0). Where more is worse, the larger number"),
        Field("upper", "Upper reference level", "number", required=False, example="40",
              help="Reading of the reference condition (indicator 1). Both blank: the starter levels"),
        Field("reference_type", "Reference type", "choice", required=False, choices=REFERENCE_TYPES,
              help="What the upper level stands for", example="prescribed"),
        Field("opening", "Opening reading", "number", required=False, help="Blank when there is none; never 0 for that",
              example="12"),
        Field("closing", "Closing reading", "number", required=False, example="15"),
        Field("evidence", "Source and evidence", required=False, help="Survey, date, document",
              example="Ranger survey, 40 plots, 2023", synonyms=("source", "evidence")),
    ),
)  # fmt: skip

GUIDANCE: tuple[str, ...] = (
    "One row for each condition variable of each asset, with a reading at the opening and at the closing.",
    "Indicator = (reading - lower level) / (upper level - lower level), held between 0 and 1.",
    "A reading that is missing stays missing: nothing is filled in. An index needs readings in two ECT classes.",
    "Levels left blank are taken from the starter variables of natcap (factors/condition/variables.csv), which are "
    "proposals: the account then says that they have to be confirmed.",
)


@dataclass(frozen=True, slots=True)
class Starter:
    """A proposed variable of an ecosystem type with its two levels."""

    ecosystem: str
    variable: str
    ect: str
    unit: str
    reference_type: str
    lower: FactorRef
    upper: FactorRef


def starters() -> dict[tuple[str, str], Starter]:
    """Proposed variables by (slug of the ecosystem type, slug of the variable)."""
    table = load("condition/variables")
    refs: dict[tuple[str, str], dict[str, FactorRef]] = {}
    rows = table.to_dict("records")
    for row in rows:
        label = f"{row['level'].capitalize()} reference level: {row['variable']}, {row['ecosystem']}"
        note = "; ".join(part for part in ("starter level, to be confirmed", row["note"]) if part)
        ref = FactorRef(
            row["id"], label, float(row["value"]), row["unit"], source(row["source"]).cite(), row["locator"],
            row["verified"], note,
        )  # fmt: skip
        refs.setdefault((slug(row["ecosystem"]), slug(row["variable"])), {})[row["level"]] = ref
    return {
        (slug(row["ecosystem"]), slug(row["variable"])): Starter(
            row["ecosystem"], row["variable"], row["ect"], row["unit"], row["reference_type"],
            **refs[slug(row["ecosystem"]), slug(row["variable"])],
        )
        for row in rows
    }  # fmt: skip
