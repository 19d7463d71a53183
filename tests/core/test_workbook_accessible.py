"""The published workbook by the 35 accessibility rules of the Government Analysis Function, one test for each."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from natcap.core.report import Report
from natcap.core.workbook import publish
from tests.core.sample_report import sample

Rule = Callable[[Workbook, bytes], None]


def _built(report: Report) -> bytes:
    out = io.BytesIO()
    publish(report, out)
    return out.getvalue()


@pytest.fixture(scope="module")
def data() -> bytes:
    return _built(sample())


@pytest.fixture(scope="module")
def book(data: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(data))


def _tables(book: Workbook) -> list[tuple[Worksheet, Any, list[list[Any]]]]:
    """(sheet, table, rows of cells) of every sheet that holds data."""
    return [(s, t, [list(row) for row in s[t.ref]]) for s in book.worksheets for t in s.tables.values()]


def _marked_up(book: Workbook, data: bytes) -> None:
    for sheet in book.worksheets:
        assert len(sheet.tables) == (0 if sheet.title == "Cover" else 1), sheet.title
        for table in sheet.tables.values():
            assert table.ref.split(":")[1].strip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == str(sheet.max_row)


def _table_names(book: Workbook, data: bytes) -> None:
    for _, table, _ in _tables(book):
        assert re.fullmatch(r"[a-z][a-z0-9_]{3,}", table.displayName)
        assert not re.fullmatch(r"table\d+|[a-z]{1,3}\d+", table.displayName)


def _no_merges(book: Workbook, data: bytes) -> None:
    assert not [s.title for s in book.worksheets if s.merged_cells.ranges]


def _no_blank_lines(book: Workbook, data: bytes) -> None:
    for sheet, _, rows in _tables(book):
        assert all(any(cell.value is not None for cell in row) for row in rows), sheet.title
        for column in zip(*rows, strict=True):
            assert any(cell.value is not None for cell in column[1:]), (sheet.title, column[0].value)


def _one_header(book: Workbook, data: bytes) -> None:
    for sheet, table, rows in _tables(book):
        texts = [str(cell.value) for cell in rows[0]]
        assert table.headerRowCount == 1
        assert texts == [column.name for column in table.tableColumns]
        assert all(text.strip() and text != "None" for text in texts), sheet.title
        assert len({text.casefold() for text in texts}) == len(texts)


def _width(sheet: Worksheet, column: int) -> float:
    """The width of a column; neighbours of one width are stored as one group under the first of them."""
    return next((d.width for d in sheet.column_dimensions.values() if d.min and d.min <= column <= d.max), 0.0)


def _wrapped(book: Workbook, data: bytes) -> None:
    for sheet, _, rows in _tables(book):
        for cell in rows[0] + [c for row in rows[1:] for c in row if c.data_type == "s" and c.hyperlink is None]:
            number = cell.alignment.horizontal == "right" and cell.row > rows[0][0].row
            assert cell.alignment.wrap_text or number, (sheet.title, cell.coordinate)
        for at, cell in enumerate(rows[0]):
            width = _width(sheet, cell.column)
            longest = max(
                (
                    len(f"{row[at].value:,.0f}")
                    for row in rows[1:]
                    if row[at].data_type == "n" and row[at].value and not row[at].is_date
                ),
                default=0,
            )
            assert width > longest, (sheet.title, cell.column_letter)


def _no_filters(book: Workbook, data: bytes) -> None:
    for sheet, table, _ in _tables(book):
        assert sheet.freeze_panes is None
        assert sheet.auto_filter.ref is None
        assert table.autoFilter is None


def _blanks_explained(book: Workbook, data: bytes) -> None:
    for sheet, _, rows in _tables(book):
        blank = [cell for row in rows[1:] for cell in row if cell.value is None]
        above = " ".join(str(c.value) for c in sheet["A"][: rows[0][0].row])
        assert not blank or "Some cells are empty" in above, (sheet.title, blank[0].coordinate)
        assert all(cell.alignment.horizontal != "right" for cell in blank)
    used = {
        m
        for _, _, rows in _tables(book)
        for row in rows[1:]
        for c in row
        for m in re.findall(r"^\[\w+\]$", str(c.value))
    }
    assert used <= {row[0].value for row in book["Notes"].iter_rows(min_col=1, max_col=1)}


def _nothing_hidden(book: Workbook, data: bytes) -> None:
    for sheet in book.worksheets:
        assert sheet.sheet_state == "visible"
        assert not any(d.hidden for d in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()))


def _notes_in_words(book: Workbook, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [n for n in archive.namelist() if b"superscript" in archive.read(n) or b"<rPr>" in archive.read(n)]
    assert not re.search(r"[†‡¹²³⁴*]", " ".join(_titles_and_headers(book)))


def _titles_and_headers(book: Workbook) -> list[str]:
    texts = [str(s["A1"].value) for s in book.worksheets]
    return texts + [str(cell.value) for _, _, rows in _tables(book) for cell in rows[0]]


def _notes_in_order(book: Workbook, data: bytes) -> None:
    marks = [int(n) for text in _titles_and_headers(book) for n in re.findall(r"\[note (\d+)\]", text)]
    assert list(dict.fromkeys(sorted(marks))) == list(range(1, max(marks) + 1))


def _notes_not_in_cells(book: Workbook, data: bytes) -> None:
    for sheet, _, rows in _tables(book):
        assert not [c.coordinate for row in rows[1:] for c in row if "[note" in str(c.value)], sheet.title


def _notes_on_sheet(book: Workbook, data: bytes) -> None:
    listed = {
        row[0].value for row in book["Notes"].iter_rows(min_col=1, max_col=1) if str(row[0].value).startswith("note ")
    }
    marks = {m for text in _titles_and_headers(book) for m in re.findall(r"\[(note \d+)\]", text)}
    assert listed == marks
    assert marks


def _links_described(book: Workbook, data: bytes) -> None:
    links = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert len(links) == len(book.worksheets) - 2
    for cell in links:
        sheet, _, place = str(cell.hyperlink.location).partition("!")
        assert place == "A1"
        title = re.sub(r"\s*\[note \d+\]", "", str(book[sheet.strip("'")]["A1"].value))
        assert cell.value == title


def _readable(book: Workbook, data: bytes) -> None:
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is not None:
                    assert cell.font.name == "Arial"
                    assert cell.font.size >= 12
                    assert not cell.font.italic
    for sheet, _, rows in _tables(book):
        texts = [
            c for row in rows[1:] for c in row if c.data_type == "s" and not re.fullmatch(r"\[\w+\]", str(c.value))
        ]
        assert all(cell.alignment.horizontal == "left" for cell in texts), sheet.title


def _titles_tagged(book: Workbook, data: bytes) -> None:
    titles = [str(sheet["A1"].value) for sheet in book.worksheets]
    assert len(set(titles)) == len(titles)
    for sheet in book.worksheets:
        assert sheet["A1"].style == "Heading 1"
        assert sheet["A1"].font.bold
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert re.search(rb'<cellStyle name="Heading 1" xfId="\d+" builtinId="16"/>', archive.read("xl/styles.xml"))


def _no_symbols(book: Workbook, data: bytes) -> None:
    texts = [str(c.value) for s in book.worksheets for row in s.iter_rows() for c in row if c.data_type == "s"]
    assert not [text for text in texts if re.search(r"[✓✔✗✘→←↑↓•●■▲▼★]", text)]


def _no_floating(book: Workbook, data: bytes) -> None:
    for sheet in book.worksheets:
        for part in (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.evenFooter):
            assert not any((part.left.text, part.center.text, part.right.text))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not [n for n in archive.namelist() if re.search("drawing|comment|media|vba|chart", n, re.IGNORECASE)]


def _no_lines(book: Workbook, data: bytes) -> None:
    for sheet, table, rows in _tables(book):
        style = table.tableStyleInfo
        assert style is None or style.name is None, sheet.title
        for cell in [c for row in rows for c in row]:
            assert not any(
                side.style for side in (cell.border.left, cell.border.right, cell.border.top, cell.border.bottom)
            )


def _no_fill(book: Workbook, data: bytes) -> None:
    for sheet in book.worksheets:
        assert all(cell.fill.fill_type is None for row in sheet.iter_rows() for cell in row)


def _no_colour_alone(book: Workbook, data: bytes) -> None:
    for sheet in book.worksheets:
        assert not sheet.conditional_formatting
        coloured = [
            c for row in sheet.iter_rows() for c in row if c.font.color is not None and c.font.color.type == "rgb"
        ]
        assert all(cell.hyperlink and cell.font.underline for cell in coloured if cell.value is not None)


def _contrast(book: Workbook, data: bytes) -> None:
    def light(colour: str) -> float:
        parts = [int(colour[-6:][at : at + 2], 16) / 255 for at in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    link = next(c for row in book["Contents"].iter_rows() for c in row if c.hyperlink)
    assert 1.05 / (light(link.font.color.rgb) + 0.05) >= 4.5


def _no_macros(book: Workbook, data: bytes) -> None:
    assert book.vba_archive is None


def _sheet_names(book: Workbook, data: bytes) -> None:
    names = book.sheetnames
    assert len({n.casefold() for n in names}) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_]{1,31}", name) for name in names)
    assert names[:3] == ["Cover", "Contents", "Notes"]


def _none_blank(book: Workbook, data: bytes) -> None:
    assert all(sheet["A1"].value for sheet in book.worksheets)


def _column_a(book: Workbook, data: bytes) -> None:
    for sheet, _, rows in _tables(book):
        assert sheet["A2"].value == "This worksheet contains one table."
        for row in range(1, rows[0][0].row):
            assert sheet.cell(row, 1).value, (sheet.title, row)
            assert sheet.cell(row, 2).value is None


def _left_edge(book: Workbook, data: bytes) -> None:
    assert all(table.ref.startswith("A") for _, table, _ in _tables(book))


def _nothing_below(book: Workbook, data: bytes) -> None:
    for sheet, _, rows in _tables(book):
        assert sheet.max_row == rows[-1][0].row
        assert sheet.max_column == len(rows[0])


def _properties(book: Workbook, data: bytes) -> None:
    found = book.properties
    assert found.title == book.worksheets[0]["A1"].value
    assert found.subject
    assert found.creator
    assert found.language == "en-GB"


def _cursor(book: Workbook, data: bytes) -> None:
    assert book.active is book.worksheets[0]
    for sheet in book.worksheets:
        assert {selection.activeCell or "A1" for selection in sheet.sheet_view.selection} <= {"A1"}


RULES: dict[str, Rule] = {
    "ssr_001": _marked_up, "ssr_002": _table_names, "ssr_003": _no_merges, "ssr_004": _no_blank_lines,
    "ssr_005": _one_header, "ssr_006": _wrapped, "ssr_007": _no_filters, "ssr_008": _blanks_explained,
    "ssr_009": _nothing_hidden, "ssr_010": _notes_in_words, "ssr_011": _notes_in_order, "ssr_012": _notes_not_in_cells,
    "ssr_013": _notes_on_sheet, "ssr_015": _links_described, "ssr_016": _readable, "ssr_017": _titles_tagged,
    "ssr_018": _no_symbols, "ssr_019": _no_floating, "ssr_020": _no_lines, "ssr_021": _no_fill,
    "ssr_022": _no_colour_alone, "ssr_023": _contrast, "ssr_024": _no_floating, "ssr_025": _no_macros,
    "ssr_026": _sheet_names, "ssr_027": _none_blank, "ssr_028": _column_a, "ssr_029": _left_edge,
    "ssr_030": _nothing_below, "ssr_031": _marked_up, "ssr_034": _properties, "ssr_035": _cursor,
}  # fmt: skip
FOR_PEOPLE = {
    "ssr_014": "whether written content is plain enough is for a reader to say",
    "ssr_032": "a spelling check needs a dictionary and a person",
    "ssr_033": "the accessibility checker is a part of Excel",
}


@pytest.mark.parametrize("rule", sorted(RULES))
def test_accessibility_rule(rule: str, book: Workbook, data: bytes) -> None:
    RULES[rule](book, data)


def test_the_sample_holds_what_the_rules_speak_of(book: Workbook) -> None:
    cells = {str(c.value) for s in book.worksheets for row in s.iter_rows() for c in row}
    assert {"[x]", "[z]"} <= cells
    assert book.properties.title == "Greenhouse gas inventory of Example Logistics Ltd, 2025"


def test_every_published_rule_is_tested_or_explained(shared: Path) -> None:
    listed = pd.read_csv(shared / "reference/natural_capital/spreadsheet_accessibility_rules.csv")["id"]
    assert set(listed) == set(RULES) | set(FOR_PEOPLE)
    assert not set(RULES) & set(FOR_PEOPLE)


def test_long_tables_are_written_by_the_same_rules() -> None:
    data = _built(sample(1_500))
    book = openpyxl.load_workbook(io.BytesIO(data))
    for rule in ("ssr_001", "ssr_004", "ssr_005", "ssr_006", "ssr_008", "ssr_016", "ssr_030", "ssr_028"):
        RULES[rule](book, data)
