"""Workbooks in and out: the guard, the reader, templates, and published accessible workbooks."""

from natcap.core.workbook.book import Book, Sheet, open_workbook
from natcap.core.workbook.guard import LOCAL, UPLOAD, Limits, check_package
from natcap.core.workbook.model import Field, TableModel
from natcap.core.workbook.publishing import publish
from natcap.core.workbook.read import Tables, read_tables
from natcap.core.workbook.sound import sound_rows, sound_sheets
from natcap.core.workbook.template import write_template
from natcap.core.workbook.told import Row, RowTeller

__all__ = [
    "LOCAL", "UPLOAD", "Book", "Field", "Limits", "Row", "RowTeller", "Sheet", "TableModel", "Tables", "check_package",
    "open_workbook", "publish", "read_tables", "sound_rows", "sound_sheets", "write_template",
]  # fmt: skip
