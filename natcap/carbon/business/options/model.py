"""What a business says about an option: its cost and life, and what it changes in the activities of the inventory."""

from __future__ import annotations

from natcap.core.workbook.model import Field, TableModel

__all__ = ["GUIDANCE", "KINDS", "MODELS"]

KINDS: tuple[str, ...] = (
    "heat pump", "lighting", "solar", "fleet", "insulation", "controls", "process", "behaviour", "circular inputs",
    "refrigerant", "other",
)  # fmt: skip

_OPTIONS = TableModel(
    "options", "Options", "Options and their costs",
    (
        Field("option", "Option", help="A short name, used on the sheet Effects as well", example="Heat pump, unit 4",
              synonyms=("name", "measure", "action")),
        Field("kind", "Kind", "choice", choices=KINDS, example="heat pump"),
        Field("start", "First year", "integer", help="Year in which it is paid for; it works from then on",
              example="2026", synonyms=("start", "start year", "year")),
        Field("life", "Life (years)", "integer", help="Years for which it works", example="20", synonyms=("life",)),
        Field("capital", "Capital cost (GBP)", "number", help="Excluding VAT that is recovered; 0 where there is none",
              example="84000", synonyms=("capital", "capex", "cost")),
        Field("grant", "Grant (GBP)", "number", required=False, help="Blank: none", example="10000",
              synonyms=("grant", "subsidy")),
        Field("running", "Other running cost (GBP a year)", "number", required=False, example="-600",
              help="Upkeep and the like, without the energy on Effects. A saving is negative. Blank: none",
              synonyms=("running cost", "opex")),
        Field("price_year", "Price year", "integer", help="Year of the prices in this row", example="2025"),
        Field("plan", "In the plan", "choice", required=False, choices=("yes", "no"), example="yes",
              help="Whether it is decided on. Nothing marked: all options are looked at together"),
        Field("either", "Either or", required=False, help="The same word in rows of which only one can be done",
              example="heating", synonyms=("excludes", "alternative", "group")),
        Field("evidence", "Evidence", required=False, help="Quotation, survey, page", example="Quote 2025-118"),
    ),
    named=True,
)  # fmt: skip

_EFFECTS = TableModel(
    "effects", "Effects", "What each option saves in a year",
    (
        Field("option", "Option", help="As on the sheet Options", example="Heat pump, unit 4"),
        Field("activity", "Activity", required=False, example="Natural gas",
              help="In everyday words, as in the activity workbook. Blank where tonnes are given"),
        Field("saved", "Saved in a year", "number", required=False, unit_field="unit", example="52000",
              help="Above zero is saved; below zero is used in addition, such as a heat pump's electricity"),
        Field("unit", "Unit", "unit", required=False, example="kWh", help="Any usual spelling"),
        Field("basis", "Calorific basis", "choice", required=False, choices=("gross", "net"), example="gross"),
        Field("price", "Price (GBP per unit)", "number", required=False, example="0.065",
              help="What a unit costs. Blank: the money saved is not known and not counted"),
        Field("tonnes", "Saved directly (t CO2e a year)", "number", required=False, example="",
              help="Only where no activity says it; it needs evidence"),
        Field("evidence", "Evidence", required=False, help="How the saving was worked out", example="Heat loss survey"),
    ),
    named=True,
)  # fmt: skip

MODELS: tuple[TableModel, ...] = (_OPTIONS, _EFFECTS)

GUIDANCE: tuple[str, ...] = (
    "Options: one row each, with its cost and life. Effects: one row for each activity that an option changes.",
    "A heat pump has two effects: gas saved (above zero) and electricity used (below zero).",
    "Emissions saved are worked out with the factors of the inventory, so that both stand on the same ground.",
    "No option can save more of an activity than was used in the year; together the plan cannot either.",
    "natcap.toml needs the rate at which your business discounts: options_discount_rate = 0.08 under [choices].",
)
