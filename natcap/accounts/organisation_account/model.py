"""What an organisation fills in: its assets, their flows, duties to keep them, the year's items, and what changed."""

from __future__ import annotations

from natcap.core.workbook.model import Field, TableModel

__all__ = [
    "CARBON", "DUTIES", "ENTRIES", "GUIDANCE", "KINDS", "MEMO", "MODELS", "MOVES", "PARTS", "SIDES", "WELFARE",
]  # fmt: skip

SIDES: tuple[str, str] = ("private", "external")
"""To the organisation, and to the rest of society."""
MEMO, WELFARE, CARBON = "memo", "welfare", "carbon path"
KINDS: tuple[str, ...] = ("exchange", WELFARE)
DUTIES: tuple[str, ...] = ("legal", "contractual", "constructive")
MOVES: tuple[str, ...] = ("addition", "disposal", "revaluation")
PARTS: tuple[str, str] = ("assets", "liabilities")
ENTRIES: tuple[str, ...] = ("service", "removal", "emissions", "pollution", "water use", "maintenance", "other")

_EVIDENCE = Field("evidence", "Source and evidence", required=False, help="Document, survey, page, date",
                  example="Grazing licence 2023", synonyms=("source", "evidence"))  # fmt: skip
_PRICE = Field("price_year", "Price year", "integer", required=False, example="2023",
               help="Year of the prices of the money in this row; must be filled where there is money")  # fmt: skip
_SIDE = Field("column", "Column", "choice", choices=SIDES, example="private",
              help="private: to the organisation; external: to the rest of society",
              synonyms=("private or external",))  # fmt: skip
_MEMO_SIDE = Field("column", "Column", "choice", choices=(*SIDES, MEMO), example="private",
                   help="private: to the organisation; external: to the rest of society; memo: shown beside the "
                   "account, in no total", synonyms=("private or external",))  # fmt: skip
_KIND = Field("kind", "Kind of value", "choice", choices=KINDS, example="exchange",
              help="exchange: what is or would be paid; welfare: with consumer surplus, which may stand in memo only",
              synonyms=("exchange or welfare",))  # fmt: skip
_START = Field("start", "First year", "integer", required=False, example="",
               help="First year of the flow or cost. Blank: from the reporting year on, in every account",
               synonyms=("start", "start year"))  # fmt: skip
_LIFE = Field("life", "Life (years)", "integer", help="Years for which it lasts, from its first year",
              example="100", synonyms=("life", "asset life"))  # fmt: skip

_ASSETS = TableModel(
    "assets", "Assets", "Asset register",
    (
        Field("asset", "Asset", help="A name that stands once; the other sheets use it", example="Long Wood",
              synonyms=("asset name",)),
        Field("site", "Site", example="Home estate"),
        Field("habitat", "Habitat", help="Ecosystem type of the asset", example="Broadleaved woodland",
              synonyms=("ecosystem", "ecosystem type")),
        Field("extent", "Extent", "number", example="58.5", synonyms=("area",)),
        Field("unit", "Unit of extent", "unit", dimension="area|length", choices=("ha", "km", "m"), example="ha"),
        Field("previous_extent", "Extent in the previous account", "number", required=False, example="56",
              help="Same unit. 0 for an asset that is new; blank when it is not known"),
        Field("condition", "Condition", required=False, help="As surveyed, in words or a score; blank: not known",
              example="Moderate"),
        Field("right", "Owner or right", help="By what right the organisation answers for it", example="owned",
              synonyms=("owner", "right", "tenure")),
        Field("date", "Date", "date", help="Day of the entry", example="2023-12-31"),
        Field("biodiversity", "Biodiversity units", "number", required=False, example="",
              help="Units of the statutory metric, for the register only: they have no price here"),
        Field("biodiversity_kind", "Kind of biodiversity units", "choice", required=False,
              choices=("area", "hedgerow", "watercourse"), help="The three kinds are never added", example=""),
        _EVIDENCE,
    ),
    named=True,
)  # fmt: skip

_FLOWS = TableModel(
    "flows", "Flows", "Services that flow from the assets in a year",
    (
        Field("asset", "Asset", help="As on the sheet Assets", example="Long Wood"),
        Field("service", "Service", example="Timber", synonyms=("ecosystem service",)),
        Field("flow", "Expected flow a year", "number", required=False, example="120",
              help="Blank: material, but not measured; shown as not valued. Negative for a source of emissions",
              synonyms=("annual flow", "flow")),
        Field("unit", "Unit of flow", required=False, help="What is counted: m3, visits, t CO2e", example="m3"),
        Field("valued_by", "Valued by", "choice", required=False, choices=("unit value", CARBON),
              help="carbon path: the published carbon values of each year, flow in t CO2e. Blank: the unit value",
              example="unit value"),
        Field("unit_value", "Unit value (GBP)", "number", required=False, example="30",
              help="Pounds for one unit. Blank: material, but not valued", synonyms=("unit value", "price")),
        _PRICE, _MEMO_SIDE, _KIND,
        Field("health", "Health effect", "choice", required=False, choices=("yes", "no"), example="no",
              help="yes: discounted by the health schedule. Blank: no"),
        _START, _LIFE,
        Field("actual", "Flow of the reporting year", "number", required=False, example="",
              help="For the income statement. Blank: the expected flow"),
        _EVIDENCE,
    ),
    named=True,
)  # fmt: skip

_MAINTENANCE = TableModel(
    "maintenance", "Maintenance", "Duties to keep the assets",
    (
        Field("asset", "Asset", required=False, help="As on the sheet Assets; blank: all of them", example="Long Wood"),
        Field("work", "Work", help="What has to be done", example="Thinning and ride management"),
        Field("duty", "Duty", "choice", choices=DUTIES, example="legal",
              help="legal or contractual: somebody can claim it; constructive: needed to keep what is accounted for"),
        Field("cost", "Cost a year (GBP)", "number", help="A positive number", example="900"),
        _PRICE, _SIDE, _START, _LIFE,
        Field("spent", "Spent in the reporting year (GBP)", "number", required=False, example="",
              help="For the income statement, same prices, positive. Blank: the cost a year"),
        _EVIDENCE,
    ),
    required=False, named=True,
)  # fmt: skip

_INCOME = TableModel(
    "income", "Income", "Further items of the reporting year",
    (
        Field("item", "Item", help="What is on neither Flows nor Maintenance", example="Water abstracted"),
        Field("entry", "Entry", "choice", choices=ENTRIES, example="water use",
              help="Emissions stand here only where no inventory is named as the input emissions"),
        Field("asset", "Asset", required=False, help="Blank: all of them", example=""),
        Field("amount", "Amount (GBP)", "number", example="-400",
              help="A benefit is positive; emissions, pollution, water use and maintenance are negative"),
        _PRICE, _MEMO_SIDE, _KIND, _EVIDENCE,
    ),
    required=False, named=True,
)  # fmt: skip

_MOVEMENTS = TableModel(
    "movements", "Movements", "What changed since the previous account",
    (
        Field("asset", "Asset", required=False, help="Blank: not of one asset", example="Long Wood"),
        Field("move", "Movement", "choice", choices=MOVES, example="addition",
              help="addition and disposal: positive, also of a liability; revaluation: + raises the net value"),
        Field("part", "Part", "choice", choices=PARTS, example="assets"),
        _SIDE,
        Field("amount", "Amount (GBP)", "number", example="25000"),
        _PRICE,
        Field("date", "Date", "date", required=False, example="2023-06-01"),
        _EVIDENCE,
    ),
    required=False, named=True,
)  # fmt: skip

_PREVIOUS = TableModel(
    "previous", "Previous", "Closing of the previous account",
    (
        Field("part", "Part", "choice", choices=PARTS, example="assets"),
        _SIDE,
        Field("amount", "Amount (GBP)", "number", example="1000000",
              help="As published; liabilities are negative or 0. Four rows: each part in each column"),
        _PRICE,
        Field("year", "Year of the account", "integer", example="2022"),
        _EVIDENCE,
    ),
    required=False, named=True,
)  # fmt: skip

MODELS: tuple[TableModel, ...] = (_ASSETS, _FLOWS, _MAINTENANCE, _INCOME, _MOVEMENTS, _PREVIOUS)

GUIDANCE: tuple[str, ...] = (
    "Natural capital account of an organisation (BS 8632:2021). Assets and Flows have to be filled; the rest may stay "
    "empty. Choose price_year in natcap.toml; money of other price years is moved to it with the GDP deflator.",
    "Balance sheet: gross assets are the present value of flows, liabilities that of the cost of keeping the assets. "
    "The reporting year is year 0.",
    "A value with consumer surplus (welfare) stands in the column memo: it is shown, and is in no total.",
    "A service that matters but has no number or no price gets a row with that cell left blank: it is listed as not "
    "valued, never counted as 0.",
    "Income statement: the year's flows and maintenance come from their own sheets; Income takes what is not there.",
)
