"""The workbook that is written: XlsxWriter with the house's formats, tagged headings, language and fixed dates."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from natcap.core.report import Report
from natcap.core.workbook.formulas import Layout
from natcap.core.workbook.scan import address

__all__ = ["A3_PAGE", "Book", "pages_of"]

_FONT = {"font_name": "Arial", "font_size": 12}
_TAGGED = 9_999
_LARGE_PAPER = 170
A3_PAGE = 250
"""Characters beside one another from which print on A4, or on a page of A3, falls below seven points or so."""
_SIDES, _ENDS = 0.4, 0.5
"""Margins in inches, left and right, top and bottom: what is left of the page sets the size of the print."""
_UNEVEN = 20
"""Characters that stay unused on a page because a column does not fit on the rest of it."""
_CREATED = datetime(2000, 1, 1)


def _patched_workbook() -> Any:
    """A Workbook class that tags headings as such and says its language, which XlsxWriter does not offer."""
    from xlsxwriter import Workbook
    from xlsxwriter.packager import Packager

    class Tagging(Packager):  # type: ignore[misc]
        def _create_package(self) -> Any:
            files = super()._create_package()
            streams = self.workbook.streams
            for source, name, _ in files:
                if name == "docProps/core.xml":
                    _edit(
                        source,
                        lambda t: t.replace(
                            "</cp:coreProperties>", "<dc:language>en-GB</dc:language></cp:coreProperties>"
                        ),
                    )
                elif name == "xl/styles.xml":
                    _edit(source, _tag_headings)
                elif name in streams:
                    _splice(source, *streams[name])
            return files

    class Tagged(Workbook):  # type: ignore[misc]
        def __init__(self, target: Any, options: dict[str, Any]) -> None:
            super().__init__(target, options)
            self.streams: dict[str, tuple[Iterable[str], str]] = {}

        def _get_packager(self) -> Any:
            return Tagging()

    return Tagged


def pages_of(widths: Sequence[float]) -> int:
    """How many pages beside one another columns of these widths are printed on, each with the first of them."""
    over = sum(widths) - A3_PAGE
    return 1 + math.ceil(over / (A3_PAGE - widths[0] - _UNEVEN)) if over > 0.01 else 1


def _edit(source: Any, change: Any) -> None:
    """Change the text of a part, held in memory or in a temporary file."""
    if isinstance(source, str):
        path = Path(source)
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        return
    text = change(source.getvalue())
    source.seek(0)
    source.truncate()
    source.write(text)


def _splice(source: Any, rows: Iterable[str], reach: str) -> None:
    """Put rows at the end of a sheet's data, in the part that XlsxWriter made without them."""
    in_file = isinstance(source, str)
    text = Path(source).read_text(encoding="utf-8") if in_file else source.getvalue()
    text = re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="{reach}"/>', text, count=1)
    head, tail = text.split("</sheetData>")
    if in_file:
        with Path(source).open("w", encoding="utf-8", newline="") as out:
            out.write(head)
            out.writelines(rows)
            out.write("</sheetData>" + tail)
        return
    source.seek(0)
    source.truncate()
    source.write(head)
    source.writelines(rows)
    source.write("</sheetData>" + tail)


def _tag_headings(text: str) -> str:
    """Point the cells written as headings to the built-in cell style "Heading 1", which screen readers announce."""
    font = re.search(rf'<xf [^>]*fontId="(\d+)"[^>]*xfId="{_TAGGED}"', text)
    count = re.search(r'<cellStyleXfs count="(\d+)">', text)
    if not font or not count:
        return text
    style = int(count[1])
    text = text.replace(count[0], f'<cellStyleXfs count="{style + 1}">')
    text = text.replace(
        "</cellStyleXfs>", f'<xf numFmtId="0" fontId="{font[1]}" fillId="0" borderId="0"/></cellStyleXfs>'
    )
    text = text.replace(f'xfId="{_TAGGED}"', f'xfId="{style}"')
    text = re.sub(r'<cellStyles count="\d+">', f'<cellStyles count="{style + 1}">', text)
    return text.replace("</cellStyles>", f'<cellStyle name="Heading 1" xfId="{style}" builtinId="16"/></cellStyles>')


class Book:
    """An open workbook with its formats. Text never becomes a formula, a link or a number."""

    def __init__(self, target: Any, report: Report, in_memory: bool) -> None:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": in_memory,
            "default_format_properties": dict(_FONT),
        }
        self.book = _patched_workbook()(target, options)
        self.book.set_properties(
            {
                "title": report.title,
                "subject": f"{report.subject}, {report.period}",
                "author": report.subject,
                "category": report.kind,
                "keywords": "natural capital, carbon, accounts",
                "comments": " ".join(report.banners),
                "created": _CREATED,
            }
        )
        self.book.set_calc_mode("auto")
        self.sheets: list[Any] = []
        add = self.book.add_format
        self.heading = add({"bold": True, **_FONT, "font_size": 16})
        self.heading.xf_id = _TAGGED
        self.subheading = add({"bold": True, **_FONT, "font_size": 14, "valign": "bottom"})
        self.line = add(dict(_FONT))
        self.strong = add({"bold": True, **_FONT})
        self.heading_in, self.line_in, self.strong_in = (
            add({**look, **_FONT, "text_wrap": True, "valign": "top"}) for look in ({"bold": True}, {}, {"bold": True})
        )
        """The same in the first column of a sheet that is printed over several pages, each of which repeats it."""
        self.heading_in.font_size = 16
        self.heading_in.xf_id = _TAGGED
        self.link = add(
            {
                "font_color": "#0B4F9E",
                "underline": 1,
                "text_wrap": True,
                "valign": "top",
                "align": "left",
                "indent": 1,
                **_FONT,
            }
        )
        self._formats: dict[tuple[str, bool, str], Any] = {}

    def _format(self, kind: str, bold: bool, code: str, look: dict[str, Any]) -> Any:
        key = (kind, bold, code)
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"valign": "top", **look, "bold": bold, **_FONT})
        return self._formats[key]

    def text(self, bold: bool, first: bool) -> Any:
        """The format of a text cell; one space from the column to its left."""
        return self._format("text", bold, str(first), {"text_wrap": True, "align": "left", "indent": 0 if first else 1})

    def header(self, number: bool, first: bool) -> Any:
        """The format of a header, aligned as the cells below it."""
        look = {"text_wrap": True, "align": "right" if number else "left", "valign": "bottom"}
        return self._format("header", True, f"{number}{first}", look | {"indent": 0 if first or number else 1})

    def number(self, code: str, bold: bool) -> Any:
        """The format of a number, one object for each code."""
        return self._format("number", bold, code, {"num_format": code, "align": "right"})

    def add(self, name: str) -> Any:
        sheet = self.book.add_worksheet(name)
        self.sheets.append(sheet)
        return sheet

    def stream(self, sheet: Any, rows: Iterable[str], layout: Layout, columns: int) -> None:
        """Have the rows of a sheet's table written from their XML when the workbook is closed."""
        last = address(layout.first + layout.rows - 1, columns - 1)
        sheet.tables[-1]["range"] = f"{address(layout.first - 1, 0)}:{last}"
        self.book.streams[f"xl/worksheets/sheet{self.sheets.index(sheet) + 1}.xml"] = (rows, f"A1:{last}")

    @staticmethod
    def finish(sheet: Any, widths: Sequence[float], repeated: tuple[int, int] | None) -> None:
        """Print across a page of A4, of A3 where that would be too small to read, or several of A3.

        `widths` of all columns are in characters; `repeated` are the first and last row that every page shows again.
        """
        width, pages = sum(widths), pages_of(widths)
        sheet.set_landscape()
        sheet.set_margins(_SIDES, _SIDES, _ENDS, _ENDS)
        sheet.set_paper(8 if width > _LARGE_PAPER else 9)
        sheet.fit_to_pages(pages, 0)
        if repeated is not None:
            sheet.repeat_rows(*repeated)
        if pages > 1:
            sheet.repeat_columns(0)

    def close(self) -> None:
        self.book.close()
