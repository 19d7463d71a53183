"""Templates to fill in, made from the same models that the reader uses."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from natcap.core.workbook.convert import day_of
from natcap.core.workbook.model import Field, TableModel
from natcap.core.workbook.text import clean, height_of

__all__ = ["write_template"]

_ROWS = 2_000
"""Rows that carry the drop-downs, at least."""
_FORMATS = {
    "text": "@", "choice": "@", "unit": "@", "date": "yyyy-mm-dd", "number": "#,##0.######", "integer": "#,##0",
    "bound": "General",
}  # fmt: skip
_KINDS = {
    "text": "Text", "number": "Number", "integer": "Whole number", "date": "Date", "choice": "One of a list",
    "unit": "Unit", "bound": "Number, or a bound such as < 1",
}  # fmt: skip
Rows = Sequence[Mapping[str, object]]


def write_template(
    models: Sequence[TableModel],
    path: Path,
    title: str,
    guidance: Sequence[str] | str = (),
    example: bool = False,
    data: Mapping[str, Rows] | None = None,
) -> Path:
    """Write a workbook with a sheet for each model, drop-downs, guidance, a data dictionary and lists of choices.

    `example` adds a sheet "Example" with one filled row for each table, which the reader never reads. `data` fills
    the tables themselves (by model id: field name -> value). Same arguments, same bytes. Returns `path`.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    lists = _Lists(models)
    _guidance(book, models, title, [guidance] if isinstance(guidance, str) else list(guidance), example)
    for model in models:
        _table(book, model, lists, (data or {}).get(model.id, ()))
    if example:
        _example(book, models)
    _dictionary(book, models)
    lists.write(book)
    book.properties.title, book.properties.creator, book.properties.language = title, "natcap", "en-GB"
    raw = io.BytesIO()
    book.save(raw)
    path.write_bytes(_canonical(raw.getvalue()))
    return path


def _font(**look: Any) -> Any:
    from openpyxl.styles import Font

    return Font(name="Arial", size=look.pop("size", 12), **look)


def _put(sheet: Any, row: int, column: int, value: object, font: Any = None, wrap: bool = True) -> Any:
    """Write one cell (from 1). Text stays text, whatever it begins with."""
    from openpyxl.styles import Alignment

    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = clean(value, lambda _: None)
        cell.data_type = "s"
        cell.quotePrefix = value[:1] in "=+-@" and value != ""
    else:
        cell.value = value
    cell.font = font or _font()
    text = isinstance(value, (str, date))
    cell.alignment = Alignment(
        wrap_text=wrap, vertical="top", horizontal="left" if text else None, indent=1 if text and column > 1 else 0
    )
    return cell


def _head(sheet: Any, row: int, texts: Sequence[str]) -> None:
    """A header row that is seen as one also where table styles are not drawn."""
    from openpyxl.styles import Border, PatternFill, Side

    for column, text in enumerate(texts, start=1):
        cell = _put(sheet, row, column, text, _font(bold=True))
        cell.fill = PatternFill("solid", fgColor="E3ECF4")
        cell.border = Border(bottom=Side("medium", color="0B4F9E"))


def _head_of(sheet: Any, row: int, model: TableModel) -> None:
    """The header row of a table: bold where a column must be filled, aligned as its cells will be."""
    from openpyxl.styles import Alignment

    _head(sheet, row, [f.label for f in model.fields])
    for column, item in enumerate(model.fields, start=1):
        cell = sheet.cell(row, column)
        cell.font = _font(bold=item.required)
        if item.kind in ("number", "integer"):
            cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="right")


def _heights(sheet: Any, first: int = 1) -> None:
    """Set the heights of rows whose texts wrap, from the widths of their columns."""
    if first > 1:
        sheet.row_dimensions[1].height = 26
    for row in sheet.iter_rows(min_row=first):
        texts = [
            (cell.value, sheet.column_dimensions[cell.column_letter].width)
            for cell in row
            if isinstance(cell.value, str) and cell.alignment.wrap_text
        ]
        if height := height_of(texts):
            sheet.row_dimensions[row[0].row].height = height


def _guidance(book: Any, models: Sequence[TableModel], title: str, guidance: Sequence[str], example: bool) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet = book.create_sheet("Guidance")
    _put(sheet, 1, 1, title, _font(bold=True, size=16), wrap=False)
    lines = [
        *guidance,
        "Fill one row for each entry. Headers in bold must be filled; the others may stay empty.",
        "Leave unknown values empty: an empty cell is not a zero.",
        "Choose from the list where a cell offers one. Write dates as 2025-03-31 or 31/03/2025.",
    ]
    if example:
        lines.append("The worksheet Example shows filled rows. It is not read.")
    row = 2
    for text in lines:
        _put(sheet, row, 1, text)
        row += 1
    for model in models:
        cell = _put(sheet, row, 1, f"{model.sheet}: {model.title}")
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{model.sheet}'!A1")
        cell.font = _font(color="0B4F9E", underline="single")
        row += 1
    sheet.column_dimensions["A"].width = 110
    _heights(sheet, 2)
    _print(sheet)


def _table(book: Any, model: TableModel, lists: _Lists, rows: Rows) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table

    sheet = book.create_sheet(model.sheet)
    _head_of(sheet, 1, model)
    for at, item in enumerate(model.fields, start=1):
        letter = get_column_letter(at)
        dimension = sheet.column_dimensions[letter]
        values = [str(row.get(item.name, "")) for row in rows]
        dimension.width = _width(item, values)
        dimension.number_format = _FORMATS[item.kind]
        dimension.font = _font()
        lists.validate(sheet, item, letter, max(_ROWS, len(rows)))
    unknown = {key for row in rows for key in row} - {f.name for f in model.fields}
    if unknown:
        raise ValueError(f"template {model.id}: no field {', '.join(sorted(unknown))}")
    for number, row in enumerate(rows, start=2):
        for at, item in enumerate(model.fields, start=1):
            value = _value(item, row.get(item.name))
            if value is not None:
                _put(sheet, number, at, value).number_format = _FORMATS[item.kind]
    last = get_column_letter(len(model.fields))
    name = "table_" + re.sub(r"\W", "_", model.id.casefold())
    table = Table(displayName=name, ref=f"A1:{last}{max(2, len(rows) + 1)}")
    table.autoFilter = None
    sheet.add_table(table)
    sheet.freeze_panes = "A2"
    _heights(sheet)
    _print(sheet)


def _width(item: Field, values: Sequence[str]) -> float:
    longest = max([len(word) for word in item.label.split()] + [len(v) for v in values[:500]] + [len(item.example)])
    offered = max((len(choice) for choice in item.choices), default=0)
    least = {"date": 14, "number": 14, "integer": 12, "unit": 14, "text": 20, "choice": 18, "bound": 14}[item.kind]
    return min(60.0, 1.25 * max(longest + 2, min(offered, 40) + 2, least, min(len(item.label), 24)))


def _value(item: Field, value: object) -> object:
    """A value as its cell holds it: dates as dates, numbers as numbers, None where blank."""
    if value is None or value == "" or value != value:
        return None
    if item.kind == "date" and isinstance(value, str):
        return day_of(value)
    if item.kind in ("number", "integer") and isinstance(value, str):
        from natcap.core.numbers import number

        return number(value)
    return value if isinstance(value, (int, float, str, date)) else str(value)


def _example(book: Any, models: Sequence[TableModel]) -> None:
    sheet = book.create_sheet("Example")
    _put(sheet, 1, 1, "Example rows. This worksheet is not read.", _font(bold=True, size=16), wrap=False)
    row = 2
    for model in models:
        _put(sheet, row, 1, f"Worksheet {model.sheet}", _font(bold=True, size=14), wrap=False)
        _head_of(sheet, row + 1, model)
        for at, item in enumerate(model.fields, start=1):
            value = _value(item, item.example)
            if value is not None:
                _put(sheet, row + 2, at, value).number_format = _FORMATS[item.kind]
        sheet.row_dimensions[row].height = 30
        row += 4
    widest = max(len(model.fields) for model in models)
    for column in sheet.iter_cols(min_col=1, max_col=widest, min_row=1, max_row=1):
        sheet.column_dimensions[column[0].column_letter].width = 24
    _heights(sheet, 3)
    _print(sheet)


def _dictionary(book: Any, models: Sequence[TableModel]) -> None:
    from openpyxl.worksheet.table import Table

    sheet = book.create_sheet("Data dictionary")
    headers = ("Worksheet", "Column", "Must be filled", "Kind", "What it is", "Example", "Also read as")
    _head(sheet, 1, headers)
    for letter, width in zip("ABCDEFG", (20, 26, 12, 18, 60, 24, 40), strict=True):
        sheet.column_dimensions[letter].width = width
    row = 2
    for model in models:
        for item in model.fields:
            also = ", ".join(text for text in item.headers[1:])
            kind = _KINDS[item.kind] + (f" of {item.dimension.replace('|', ' or ')}" if item.dimension else "")
            said = (model.sheet, item.label, "yes" if item.required else "no", kind, item.help, item.example, also)
            for at, text in enumerate(said, start=1):
                _put(sheet, row, at, text or None)
            row += 1
    table = Table(displayName="data_dictionary", ref=f"A1:G{row - 1}")
    table.autoFilter = None
    sheet.add_table(table)
    _heights(sheet)
    _print(sheet)


class _Lists:
    """The choices of all fields on one sheet, one column for each distinct list, and the drop-downs that use them."""

    def __init__(self, models: Sequence[TableModel]) -> None:
        self.columns: dict[tuple[str, ...], int] = {}
        self.titles: dict[tuple[str, ...], str] = {}
        for model in models:
            for item in model.fields:
                offered = self.offered(item)
                if offered and offered not in self.columns:
                    self.columns[offered] = len(self.columns) + 1
                    self.titles[offered] = f"{model.sheet}: {item.label}"

    @staticmethod
    def offered(item: Field) -> tuple[str, ...]:
        """The texts of an item's drop-down: its choices, or the known units of its dimension."""
        if item.choices or item.kind != "unit" or not item.dimension:
            return item.choices
        from natcap.core.units import known_units

        known = known_units()
        return tuple(sorted(known["id"][known["dimension"].isin(item.dimension.split("|"))].astype(str)))

    def validate(self, sheet: Any, item: Field, letter: str, rows: int) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation

        offered = self.offered(item)
        rule: dict[str, Any] = {}
        if offered:
            from openpyxl.utils import get_column_letter

            column = get_column_letter(self.columns[offered])
            rule = {"type": "list", "formula1": f"Lists!${column}$2:${column}${len(offered) + 1}"}
        elif item.kind == "date":
            rule = {"type": "date", "operator": "greaterThan", "formula1": "18264"}
        elif item.kind in ("number", "integer"):
            rule = {"type": "decimal", "operator": "between", "formula1": "-1E+15", "formula2": "1E+15"}
        check = DataValidation(allow_blank=True, **rule)
        check.showErrorMessage = bool(rule) and item.kind not in ("unit", "text")
        check.errorTitle, check.error = item.label[:32], f"Expected: {_KINDS[item.kind].lower()}."
        said = f"{'Must be filled.' if item.required else 'May stay empty.'} {item.help}".strip()
        check.promptTitle, check.prompt, check.showInputMessage = item.label[:32], said[:255], True
        check.add(f"{letter}2:{letter}{rows + 1}")
        sheet.add_data_validation(check)

    def write(self, book: Any) -> None:
        if not self.columns:
            return
        from openpyxl.utils import get_column_letter

        sheet = book.create_sheet("Lists")
        _head(sheet, 1, list(self.titles.values()))
        for offered, column in self.columns.items():
            for row, text in enumerate(offered, start=2):
                _put(sheet, row, column, text)
            widest = max(len(text) for text in (*offered, self.titles[offered][:30]))
            sheet.column_dimensions[get_column_letter(column)].width = min(60, 1.25 * widest + 2)
        _heights(sheet)
        _print(sheet)


def _print(sheet: Any) -> None:
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _canonical(data: bytes) -> bytes:
    """The same package with fixed times, so that the same template has the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"2000-01-01T00:00:00Z", part)
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            target.writestr(info, part)
    return out.getvalue()
