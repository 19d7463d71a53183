"""Empty tables of areas for a new project: by class and date, or from class to class. `tables` reads them back."""

from __future__ import annotations

from natcap.core.workbook.model import Field, TableModel

__all__ = ["AREAS", "AREAS_GUIDANCE", "CHANGES", "CHANGES_GUIDANCE"]

_ZONE = Field("zone", "Zone", help="Id of the area the account is for; Total for all of them", example="E07000130")
_NAME = Field("zone_name", "Zone name", required=False, help="Name of the zone", example="Charnwood")
_AREA = Field("area", "Area", "number", unit_field="unit", dimension="area", help="0 where there is none",
              example="1250.5")  # fmt: skip
_UNIT = Field("unit", "Unit", "unit", dimension="area", choices=("ha", "km2", "m2", "acre"), example="ha")

AREAS = TableModel(
    "area_table",
    "Areas",
    "Areas by zone, class and date",
    (
        _ZONE,
        _NAME,
        Field("class", "Class", help="Code or name of a class of the list; Total for all of them", example="Arable"),
        Field("date", "Date", help="opening, closing, or a year", example="opening"),
        _AREA,
        _UNIT,
    ),
)
AREAS_GUIDANCE: tuple[str, ...] = (
    "One row for each zone, class and date. Write 0 where there is none: a row that is left out is not zero.",
    "A zone has the same area at both dates. Rows for Total are compared with the sum of their parts.",
    "Statistics that are published for each year need not be copied here: name them in natcap.toml as opening_table "
    "and closing_table. Their percentages count only beside a total area; table_zones picks your zones.",
    "Such a table says how much there was, and not what became what: the account shows net change alone.",
)
CHANGES = TableModel(
    "change_table",
    "Changes",
    "Areas from class to class",
    (
        _ZONE,
        _NAME,
        Field("from", "From", help="Code or name of the class at the opening", example="Arable"),
        Field("to", "To", help="Code or name of the class at the closing", example="Deciduous woodland"),
        _AREA,
        _UNIT,
    ),
)
CHANGES_GUIDANCE: tuple[str, ...] = (
    "One row for each zone and pair of classes with any area, those that did not change among them (from Arable to "
    "Arable). A pair that is left out has no area.",
    "Rows with Total as class or zone are compared with the sum of their parts, and are not added to them.",
    "A square matrix as printed is read in place of this table: classes in the first row and column, the opening in "
    "rows, its unit in the first cell, a sheet for each zone. Where the closing stands in rows, say so: matrix_rows.",
)
