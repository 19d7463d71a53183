"""What a business says about its circular flows: materials bought, waste by route, products and their loops."""

from __future__ import annotations

from natcap.carbon.business.circular.published import materials, routes
from natcap.core.workbook.model import Field, TableModel

__all__ = ["GUIDANCE", "MODELS", "WEIGHTS"]

WEIGHTS: dict[str, str] = {"mass": "sold", "revenue": "revenue"}
"""By what products are averaged -> the column that holds it."""

_EVIDENCE = Field("evidence", "Evidence", required=False, help="Certificate, declaration, transfer note",
                  example="Supplier declaration 2025-03", synonyms=("reference", "document", "source"))  # fmt: skip


def _share(name: str, label: str, about: str, example: str, required: bool = True) -> Field:
    return Field(name, f"{label} (%)", "number", required, help=f"{about}, in per cent", example=example)


_MATERIALS = TableModel(
    "materials", "Materials", "Materials bought, by origin",
    (
        Field("material", "Material", help="Your name for it", example="Steel strapping", synonyms=("item", "input")),
        Field("published", "Published material", "choice", required=False, choices=tuple(materials()),
              help="The row of the government's material-use factors it is like; blank: none fits, no burden is shown",
              example="Metal: scrap metal", synonyms=("factor", "like")),
        Field("tonnes", "Bought (tonnes)", "number", help="Mass of the period", example="42",
              synonyms=("tonnes", "mass", "quantity")),
        _share("virgin", "Virgin", "From primary production", "60"),
        _share("recycled", "Recycled", "Recycled content", "40"),
        _share("reused", "Reused", "Bought second-hand or taken back", "0"),
        _EVIDENCE,
    ),
    required=False, named=True,
)  # fmt: skip

_OUTPUTS = TableModel(
    "outputs", "Outputs", "Waste, by route",
    (
        Field("waste", "Waste", help="What it is", example="Cardboard", synonyms=("material", "stream")),
        Field("route", "Route", "choice", choices=tuple(routes()["route"]), example="recycling, closed loop",
              help="Where it went. Prevented is waste that did not arise; it is shown beside the waste, not in it",
              synonyms=("treatment", "destination")),
        Field("tonnes", "Waste (tonnes)", "number", help="Mass of the period", example="18.4",
              synonyms=("tonnes", "mass", "quantity")),
        _EVIDENCE,
    ),
    required=False, named=True,
)  # fmt: skip

_PRODUCTS = TableModel(
    "products", "Products", "Products and their loops",
    (
        Field("product", "Product", help="A name of its own", example="Pallet box", synonyms=("name", "item")),
        Field("mass", "Mass (kg)", "number", help="M: mass of one product", example="10", synonyms=("m", "mass")),
        _share("fr", "FR: recycled feedstock", "Mass from recycled sources", "25"),
        _share("fu", "FU: reused components", "Mass from reused sources", "0"),
        _share("fs", "FS: biological feedstock", "Mass from sustained biological production", "0"),
        _share("cr", "CR: collected for recycling", "Mass collected for recycling after use", "40"),
        _share("cu", "CU: to reuse", "Mass going into reuse after use", "0"),
        _share("cc", "CC: to composting", "Biological mass composted after use", "0"),
        _share("ce", "CE: to energy recovery", "Biological mass to energy recovery that meets the method's conditions",
               "0"),
        _share("ec", "EC: yield of recycling after use", "Efficiency of recycling it; needed where CR is not 0",
               "75", False),
        _share("ef", "EF: yield of making the feedstock", "Efficiency behind its feedstock; needed where FR is not 0",
               "80", False),
        Field("life", "L: life", "number", required=False, help="Life of the product", example="8"),
        Field("life_average", "Lav: life, industry average", "number", required=False,
              help="In the unit of the life. Both blank: as the average", example="8"),
        Field("use", "U: functional units", "number", required=False, help="Units of use in its life", example="300"),
        Field("use_average", "Uav: functional units, industry average", "number", required=False,
              help="Both blank: as the average", example="300"),
        Field("sold", "Sold (tonnes)", "number", required=False, help="Weight in the average by mass", example="120"),
        Field("revenue", "Revenue (GBP)", "number", required=False, help="Weight in the average by revenue",
              example="410000"),
        _EVIDENCE,
    ),
    required=False, named=True,
)  # fmt: skip

MODELS: tuple[TableModel, ...] = (_MATERIALS, _OUTPUTS, _PRODUCTS)

GUIDANCE: tuple[str, ...] = (
    "Each sheet may stay empty; one at least is needed. Shares are in per cent: 25 for a quarter, 0 for none.",
    "Nothing here changes the inventory: purchases and waste are counted from the sheet Activity alone.",
    "Materials: recycled and reused content without evidence is shown apart from what has evidence.",
    "Outputs: every tonne of waste once, by where it went.",
    'Products are averaged by mass sold; circular_weight = "revenue" under [choices] averages by revenue.',
)
