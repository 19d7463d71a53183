"""The workbook that is written: XlsxWriter with the house's formats, tagged headings, language and fixed dates."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from natcap.core.report import Report

__all__ = ["Book"]

_FONT = {"font_name": "Arial", "font_size": 12}
_TAGGED = 9_999
_CREATED = datetime(2000, 1, 1)


def _patched_workbook() -> Any:
    """A Workbook class that tags headings as such and says its language, which XlsxWriter does not offer."""
    from xlsxwriter import Workbook
    from xlsxwriter.packager import Packager

    class Tagging(Packager):  # type: ignore[misc]
        def _create_package(self) -> Any:
            files = super()._create_package()
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
            return files

    class Tagged(Workbook):  # type: ignore[misc]
        def _get_packager(self) -> Any:
            return Tagging()

    return Tagged


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

    def __init__(self, target: Any, report: Report, constant_memory: bool) -> None:
        options = {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": not constant_memory,
            "constant_memory": constant_memory,
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
        top = {"valign": "top"}
        add = self.book.add_format
        self.heading = add({"bold": True, **_FONT, "font_size": 16})
        self.heading.xf_id = _TAGGED
        self.subheading = add({"bold": True, **_FONT, "font_size": 14})
        self.line = add(dict(_FONT))
        self.strong = add({"bold": True, **_FONT})
        self.text = add({"text_wrap": True, "align": "left", **top, **_FONT})
        self.text_total = add({"text_wrap": True, "align": "left", "bold": True, **top, **_FONT})
        self.header = add({"text_wrap": True, "align": "left", "bold": True, "valign": "bottom", **_FONT})
        self.header_number = add({"text_wrap": True, "align": "right", "bold": True, "valign": "bottom", **_FONT})
        self.link = add({"font_color": "#0B4F9E", "underline": 1, "text_wrap": True, **top, **_FONT})
        self._numbers: dict[tuple[str, bool], Any] = {}

    def number(self, code: str, bold: bool) -> Any:
        """The format of a number, one object for each code."""
        key = (code, bold)
        if key not in self._numbers:
            look = {"num_format": code, "align": "right", "valign": "top", "bold": bold, **_FONT}
            self._numbers[key] = self.book.add_format(look)
        return self._numbers[key]

    def add(self, name: str) -> Any:
        sheet = self.book.add_worksheet(name)
        self.sheets.append(sheet)
        return sheet

    @staticmethod
    def finish(sheet: Any) -> None:
        """Print on A4 across, one page wide; the cursor stays in A1."""
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def close(self) -> None:
        self.book.close()
