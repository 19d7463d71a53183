"""What a business promises: by how much, of which emissions, from which base, by when."""

from __future__ import annotations

from natcap.core.workbook.model import Field, TableModel

__all__ = ["COVERAGE", "GUIDANCE", "KINDS", "MODEL", "PER"]

KINDS: tuple[str, ...] = ("absolute", "intensity", "absolute contraction 1.5C")
"""The last is the SBTi's straight path at its least yearly rate, which then need not be written."""

COVERAGE: dict[str, tuple[str, ...]] = {
    "scope 1": ("1",), "scope 2": ("2",), "scope 1 and 2": ("1", "2"), "scope 3": ("3",),
    "scope 1, 2 and 3": ("1", "2", "3"),
}  # fmt: skip

PER: tuple[str, ...] = ("turnover", "employees", "floor area", "output")

MODEL = TableModel(
    "business_targets",
    "Targets",
    "Targets for emissions",
    (
        Field("target", "Target", help="A short name", example="Half by 2030", synonyms=("name",)),
        Field("kind", "Kind", "choice", choices=KINDS, example="absolute",
              help="absolute: tonnes; intensity: tonnes per something; absolute contraction: the SBTi's least rate"),
        Field("coverage", "Covers", "choice", choices=tuple(COVERAGE), example="scope 1 and 2", synonyms=("scope",)),
        Field("scope2", "Scope 2 by", "choice", required=False, choices=("location", "market"), example="location",
              help="Blank: location"),
        Field("per", "Per", "choice", required=False, choices=PER, example="",
              help="Only for an intensity: what emissions are divided by"),
        Field("base_year", "Base year", "integer", example="2022", help="The year the reduction is counted from"),
        Field("base", "Base amount", "number", required=False, example="",
              help="t CO2e, or the intensity in the unit this report shows. Blank: the base year or last year supplied",
              synonyms=("base value", "baseline")),
        Field("year", "Target year", "integer", example="2030"),
        Field("cut", "Reduction (%)", "number", required=False, example="50",
              help="Of the base amount. Blank for an absolute contraction", synonyms=("reduction",)),
        Field("evidence", "Set by", required=False, help="Who set it and when", example="Board, 2023-06-12"),
    ),
    named=True,
)  # fmt: skip

GUIDANCE: tuple[str, ...] = (
    "One row for each target. A target that was changed stays as it was; the new one is another row.",
    "The path is a straight line from the base amount in the base year to the target in the target year.",
    "Absolute contraction 1.5C: base amount x (1 - rate x years), the least that the SBTi accepts; the rate is data.",
    "Credits never count towards a target.",
)
