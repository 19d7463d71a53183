"""What a farm is asked for: one declaration for template, reader and documentation."""

from __future__ import annotations

from natcap.carbon.farm.words import LAND_USES, vocabulary
from natcap.core.workbook import Field, TableModel

__all__ = ["models"]

_MASS = ("kg", "tonne")
_ENTERPRISE = Field(
    "enterprise",
    "Enterprise",
    required=False,
    help="Blank: the whole farm, or the usual enterprise of the animal",
    example="Dairy",
)


def models() -> tuple[TableModel, ...]:
    """The tables of a farm workbook, in the order of its sheets."""
    return (_herds(), _manure(), _feeding(), _fertiliser(), _lime(), _fuel(), _land(), _production())


def _number(name: str, label: str, help_: str, *, required: bool = True, example: str = "", **more: object) -> Field:
    return Field(name, label, "number", required=required, help=help_, example=example, **more)  # type: ignore[arg-type]


def _word(name: str, label: str, vocabulary_name: str, help_: str, example: str, required: bool = True) -> Field:
    choices = vocabulary(vocabulary_name).labels
    return Field(name, label, "text", required=required, choices=choices, help=help_, example=example)


def _herds() -> TableModel:
    return TableModel(
        "herds",
        "Herds",
        "Herds and flocks",
        (
            Field("herd", "Herd", help="Any name; the other sheets refer to it", example="Main dairy herd"),
            _word(
                "category",
                "Animal",
                "categories",
                "Each class on its own row: ewes and lambs are not 'sheep'",
                "Dairy cow",
            ),
            _number(
                "head",
                "Average number",
                "Animals on the farm on an average day while they are there",
                example="150",
                synonyms=("Head", "Number", "Average head"),
            ),
            _number(
                "days",
                "Days on the farm",
                "Days of the year the animals are there; blank: the whole year",
                required=False,
            ),
            _ENTERPRISE,
            _number(
                "weight_kg",
                "Live weight (kg)",
                "Needed for beef cows, growing cattle, sows, hens and broilers",
                required=False,
            ),
            _number(
                "enteric_ef",
                "Own enteric factor (kg CH4 per head and year)",
                "Instead of the published one",
                required=False,
            ),
            Field("enteric_source", "Source of own factor", required=False, help="Where it was published or measured"),
        ),
        synonyms=("Livestock", "Animals"),
        required=False,
    )


def _manure() -> TableModel:
    return TableModel(
        "manure",
        "Manure",
        "Where the manure of each herd goes",
        (
            Field("herd", "Herd", help="As on the sheet Herds", example="Main dairy herd"),
            _word(
                "system", "Manure system", "systems", "Grazing counts as a system", "Slurry store with a natural crust"
            ),
            _number(
                "percent",
                "Share of the year's manure (%)",
                "Per cent; the rows of a herd add up to 100",
                example="55",
                synonyms=("Share", "Percent", "Share (%)"),
            ),
            _number(
                "exported_pct",
                "Of it taken off the farm (%)",
                "Per cent of what is left after storage; blank: none",
                required=False,
            ),
            _number(
                "bedding_n_kg",
                "Nitrogen in bedding (kg N)",
                "Straw and other litter; blank: not counted",
                required=False,
            ),
        ),
        required=False,
    )


def _feeding() -> TableModel:
    return TableModel(
        "feeding",
        "Feeding",
        "Feeding and performance of cattle, for Tier 2",
        (
            Field("herd", "Herd", help="As on the sheet Herds", example="Main dairy herd"),
            _number("de_pct", "Digestibility of feed (%)", "Digestible energy, per cent of gross energy", example="71"),
            _number(
                "ym_pct",
                "Methane conversion Ym (%)",
                "Per cent of gross energy; blank: as published for the class",
                required=False,
            ),
            _number("mature_kg", "Mature weight (kg)", "Needed where animals grow", required=False),
            _number("gain_kg_day", "Weight gain (kg per day)", "Blank: none", required=False),
            _number(
                "milk_kg_day",
                "Milk (kg per cow and day)",
                "Average over the year, dry days included; blank: none",
                required=False,
                example="24",
            ),
            _number("milk_fat_pct", "Milk fat (%)", "Per cent, such as 4.1", required=False, example="4.1"),
            _number("milk_protein_pct", "Milk protein (%)", "For manure at Tier 2", required=False, example="3.3"),
            _number(
                "protein_pct",
                "Crude protein of feed (%)",
                "Per cent of dry matter, for manure at Tier 2",
                required=False,
                example="16.1",
            ),
            _number(
                "pregnant_pct",
                "Pregnant (%)",
                "Per cent of the animals that calve in the year; blank: none",
                required=False,
                example="90",
            ),
            Field(
                "activity",
                "Where they feed",
                "choice",
                choices=("stall", "pasture", "grazing-large-area"),
                example="pasture",
            ),
        ),
        required=False,
    )


def _fertiliser() -> TableModel:
    return TableModel(
        "fertiliser",
        "Fertiliser",
        "Fertiliser and bought organic manure",
        (
            _word(
                "product",
                "Product",
                "fertilisers",
                "Urea is entered here only, for its CO2 and its nitrogen",
                "Ammonium nitrate",
            ),
            _number("amount", "Amount", "Of product", unit_field="unit", example="20"),
            Field("unit", "Unit", "unit", choices=_MASS, dimension="mass", example="t"),
            _number(
                "n_percent",
                "Nitrogen (%)",
                "Per cent of the product, from the bag or an analysis",
                required=False,
                example="34.5",
            ),
            _number("n_kg", "Nitrogen (kg N)", "Instead of the percentage", required=False),
            _number("urea_pct", "Urea in product (%)", "Needed for solutions and compounds", required=False),
            Field("land", "Spread on", "choice", required=False, choices=("arable", "grassland"), example="arable"),
            _ENTERPRISE,
            _number(
                "footprint",
                "Maker's footprint (kg CO2e per kg product)",
                "Instead of the published one",
                required=False,
            ),
        ),
        synonyms=("Fertilizer", "Fertilisers"),
        required=False,
    )


def _lime() -> TableModel:
    return TableModel(
        "lime",
        "Lime",
        "Lime",
        (
            Field(
                "material",
                "Material",
                "choice",
                choices=("limestone", "dolomite"),
                help="Carbonate lime",
                example="limestone",
            ),
            _number("amount", "Amount", "Of carbonate", unit_field="unit", example="40"),
            Field("unit", "Unit", "unit", choices=_MASS, dimension="mass", example="t"),
            _ENTERPRISE,
        ),
        required=False,
    )


def _fuel() -> TableModel:
    return TableModel(
        "fuel",
        "Fuel",
        "Fuel and electricity",
        (
            _word("fuel", "Fuel", "fuels", "Red diesel is gas oil", "Gas oil (red diesel)"),
            _number("amount", "Amount", "Bought and used in the year", unit_field="unit", example="18000"),
            Field("unit", "Unit", "unit", choices=("litre", "m3", "kWh", "kWh_gross", "kg", "tonne"), example="litre"),
            _ENTERPRISE,
            Field("evidence", "Bill or meter", required=False),
        ),
        synonyms=("Energy", "Fuels"),
        required=False,
    )


def _land() -> TableModel:
    return TableModel(
        "land",
        "Land",
        "Land of the farm",
        (
            Field("field", "Field", help="Field or block", example="Home meadow"),
            Field("use", "Use", "choice", choices=tuple(LAND_USES), help="Use in the year", example="permanent_grass"),
            _number("area", "Area", "Of the field", unit_field="unit", example="12.4"),
            Field("unit", "Unit", "unit", choices=("hectare", "acre"), dimension="area", example="ha"),
            _ENTERPRISE,
        ),
        synonyms=("Fields",),
    )


def _production() -> TableModel:
    return TableModel(
        "production",
        "Production",
        "What the farm sold",
        (
            Field("product", "Product", help="Milk, live weight, wheat", example="Milk"),
            Field("enterprise", "Enterprise", help="The enterprise that makes it", example="Dairy"),
            _number("amount", "Amount", "Sold in the year", unit_field="unit", example="1200"),
            Field("unit", "Unit", "unit", choices=_MASS, dimension="mass", example="t"),
        ),
        synonyms=("Sales", "Products"),
        required=False,
    )
