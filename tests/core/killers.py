"""Workbooks that hang, abort or exhaust ordinary readers, made on the fly: a few kilobytes of code each.

`write_all(folder)` writes each and returns name -> path. The guard must refuse every one within a second.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

__all__ = ["KILLERS", "NS", "large_sheet", "package", "sheet", "write_all"]

NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/work'
    'book.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_ROOT = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_RELS}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
_BOOK = f'<workbook {NS} xmlns:r="{_RELS}"><sheets><sheet name="Data" sheetId="1" r:id="rId1"/></sheets></workbook>'
_BOOK_RELS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" Type="{_RELS}/worksheet" '
    f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_RELS}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>"
)


def sheet(body: str, after: str = "") -> str:
    """A worksheet part around the given rows."""
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet {NS}><sheetData>{body}</sheetData>{after}</worksheet>'


def package(first: str | Iterable[bytes], extra: Mapping[str, str | bytes] | None = None) -> bytes:
    """A minimal workbook whose one sheet is `first`, given as text or as blocks."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        parts = {"[Content_Types].xml": _TYPES, "_rels/.rels": _ROOT, "xl/workbook.xml": _BOOK}
        for name, text in {**parts, "xl/_rels/workbook.xml.rels": _BOOK_RELS, **(extra or {})}.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for block in [first.encode()] if isinstance(first, str) else first:
                part.write(block)
    return out.getvalue()


def _far_cell() -> bytes:
    return package(
        sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    )


def _far_cell_quoted_otherwise() -> bytes:
    return package(sheet("<row><c r = 'A1'><v>1</v></c></row><row><c s='0' r='XFD1048576'><v>1</v></c></row>"))


def _far_cell_prefixed() -> bytes:
    body = (
        '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row><x:row r="9"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
    )
    return package(sheet(body).replace(f"<worksheet {NS}>", f'<worksheet {NS} xmlns:x="{NS[7:-1]}">'))


def _far_row() -> bytes:
    return package(sheet('<row r="1"><c r="A1"><v>1</v></c></row><row r="999999999"><c><v>1</v></c></row>'))


def _merged_everything() -> bytes:
    after = '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    return package(sheet('<row r="1"><c r="A1"><v>1</v></c></row>', after))


def _blocks(start: bytes, block: bytes, times: int, end: bytes) -> Iterable[bytes]:
    yield start
    for _ in range(times):
        yield block
    yield end


def _many_rows() -> bytes:
    head, tail = sheet("\0").encode().split(b"\0")
    return package(_blocks(head, b"<row><c><v>1</v></c></row>" * 20_000, 60, tail))


def _huge_cell() -> bytes:
    head, tail = sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>\0</t></is></c></row>').encode().split(b"\0")
    return package(_blocks(head, b"A" * 4_000_000, 12, tail))


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    strings = f'<!DOCTYPE sst [<!ENTITY a0 "ha">{entities}]><sst {NS}><si><t>&a9;</t></si></sst>'
    body = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    return package(sheet(body), {"xl/sharedStrings.xml": strings})


def _quadratic() -> bytes:
    text = "&a;" * 50_000
    inner = f'<!DOCTYPE worksheet [<!ENTITY a "{"A" * 50_000}">]><worksheet {NS}><sheetData><row r="1">'
    return package(f'{inner}<c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData></worksheet>')


def _outside_entity() -> bytes:
    inner = f'<!DOCTYPE worksheet [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet {NS}><sheetData><row r="1">'
    return package(f'{inner}<c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>')


def _repeated_text() -> bytes:
    """Fifty thousand cells that share one text of a megabyte: a reader that copies it needs 50 GB."""
    text = f"<sst {NS}><si><t>{random.Random(1).randbytes(500_000).hex()}</t></si></sst>"
    head, tail = sheet("\0").encode().split(b"\0")
    row = b"<row>%s</row>" % (b'<c t="s"><v>0</v></c>' * 50)
    return package(_blocks(head, row, 1_000, tail), {"xl/sharedStrings.xml": text})


def _program_call() -> bytes:
    return package(sheet('<row r="1"><c r="A1"><f>cmd|\'/c calc\'!A0</f><v>1</v></c></row>'))


def _active(part: str) -> Callable[[], bytes]:
    return lambda: package(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'), {part: b"<x/>"})


def large_sheet(rows: int) -> bytes:
    """An honest workbook of many rows (not a killer): date, site, quantity, unit, evidence."""
    texts = ["Date", "Site", "Quantity", "Unit", "Evidence", "kWh", *(f"Site {n}" for n in range(40))]
    strings = "".join(f"<si><t>{text}</t></si>" for text in texts)
    head = "".join(f'<c r="{"ABCDE"[n]}1" t="s"><v>{n}</v></c>' for n in range(5))
    body = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{45_658 + n % 365}</v></c><c r="B{n}" t="s"><v>{6 + n % 40}</v></c>'
        f'<c r="C{n}"><v>{n / 8}</v></c><c r="D{n}" t="s"><v>5</v></c>'
        f'<c r="E{n}" t="inlineStr"><is><t>INV-{n:06d}</t></is></c></row>'
        for n in range(2, rows + 2)
    )
    text = sheet(f'<row r="1">{head}</row>{body}')
    return package(text, {"xl/sharedStrings.xml": f"<sst {NS}>{strings}</sst>"})


def _truncated() -> bytes:
    data = package(sheet('<row r="1"><c r="A1"><v>1</v></c></row>' * 100))
    return data[: len(data) // 2]


def _bit_flipped() -> bytes:
    data = bytearray(package(sheet("".join(f"<row><c><v>{n * 7919}</v></c></row>" for n in range(5_000)))))
    for place in range(len(data) // 2, len(data) // 2 + 64):
        data[place] ^= 0x55
    return bytes(data)


def _lying_sizes() -> bytes:
    """A part that says it unpacks to 100 bytes, in the header and in the directory, and unpacks to 40 MB."""
    data = bytearray(package(_blocks(b"", b"<row><c><v>1</v></c></row>" * 8_000, 200, b"")))
    for mark, offset in ((b"PK\x01\x02", 24),):
        place = 0
        while (place := data.find(mark, place)) >= 0:
            name = data[place + 46 : place + 46 + int.from_bytes(data[place + 28 : place + 30], "little")]
            if name == b"xl/worksheets/sheet1.xml":
                data[place + offset : place + offset + 4] = (100).to_bytes(4, "little")
            place += 4
    return bytes(data)


def _many_members() -> bytes:
    return package(sheet(""), {f"xl/media/image{n}.xml": b"<x/>" for n in range(3_000)})


def _many_merges() -> bytes:
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 60_000))
    return package(sheet('<row r="1"><c r="A1"><v>1</v></c></row>', f"<mergeCells>{merges}</mergeCells>"))


def _spreadsheet_document() -> bytes:
    out = io.BytesIO()
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16384"/>'
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Data"><table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return out.getvalue()


KILLERS: Mapping[str, Callable[[], bytes]] = {
    "far_cell.xlsx": _far_cell,
    "far_cell_quoted_otherwise.xlsx": _far_cell_quoted_otherwise,
    "far_cell_prefixed.xlsx": _far_cell_prefixed,
    "far_row.xlsx": _far_row,
    "merged_everything.xlsx": _merged_everything,
    "many_rows.xlsx": _many_rows,
    "huge_cell.xlsx": _huge_cell,
    "billion_laughs.xlsx": _laughs,
    "quadratic.xlsx": _quadratic,
    "outside_entity.xlsx": _outside_entity,
    "repeated_text.xlsx": _repeated_text,
    "macro.xlsm": _active("xl/vbaProject.bin"),
    "external_link.xlsx": _active("xl/externalLinks/externalLink1.xml"),
    "program_call.xlsx": _program_call,
    "embedded.xlsx": _active("xl/embeddings/oleObject1.bin"),
    "truncated.xlsx": _truncated,
    "bit_flipped.xlsx": _bit_flipped,
    "lying_sizes.xlsx": _lying_sizes,
    "many_members.xlsx": _many_members,
    "many_merges.xlsx": _many_merges,
    "repeated_cells.ods": _spreadsheet_document,
    "garbage.xlsx": lambda: bytes(range(256)) * 40,
    "empty.xlsx": lambda: b"",
    "page.xls": lambda: b"<html><body><table><tr><td>1</td></tr></table></body></html>",
    "document.xlsx": lambda: b"%PDF-1.7 and so on",
    "half_an_old_workbook.xls": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
}


def write_all(folder: Path) -> dict[str, Path]:
    """Write every killer into `folder`."""
    paths = {}
    for name, make in KILLERS.items():
        paths[name] = folder / name
        paths[name].write_bytes(make())
    return paths
