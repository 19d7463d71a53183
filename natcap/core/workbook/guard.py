"""The guard: look into a workbook package before any library does, and hand on only the parts that were looked at.

Readers of workbooks hang or abort on files of a few kilobytes (one cell in the far corner is enough). The guard
bounds the package first, scans each sheet's XML as bytes, and repacks the checked parts without compression, so that
the reader sees exactly what was checked and does not have to inflate it again.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from natcap.core.problems import InputProblems, Problem
from natcap.core.workbook.scan import Refused, SheetScan, scan_sheet, scan_spreadsheet_document, shared_text_size

__all__ = ["LOCAL", "UPLOAD", "Limits", "Package", "check_package"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may hold: `cells` counts filled cells, `box` is the rectangle from A1 that a reader allocates."""

    file_bytes: int = 50_000_000
    unpacked_bytes: int = 400_000_000
    members: int = 500
    ratio: int = 150
    cells: int = 6_000_000
    box: int = 12_000_000
    text_bytes: int = 1_000_000_000
    merged: int = 20_000
    sheets: int = 250


LOCAL = Limits()
"""For files of the person who runs the program."""
UPLOAD = Limits(file_bytes=10_000_000, unpacked_bytes=100_000_000, members=200, cells=5_000_000, box=8_000_000)
"""For files that somebody sends to a server."""

_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, KeyError,
    IndexError, struct.error, OverflowError, MemoryError,
)  # fmt: skip
_SAVE_AGAIN = "Open it in Excel or LibreOffice and save it again as .xlsx."
_ACTIVE: Mapping[str, tuple[str, str]] = {
    "vbaproject": ("a workbook with macros", "Save it as .xlsx without macros."),
    "externallinks/": (
        "a workbook with links to other workbooks",
        "Break the links (Data, Edit Links) and save again.",
    ),
    "embeddings/": ("a workbook with embedded objects", "Delete the embedded objects and save again."),
    "activex/": ("a workbook with ActiveX controls", "Delete the controls and save again."),
}
_SKIPPED = re.compile(
    r"(^|/)(media|drawings|charts|theme|externalLinks|embeddings|activeX|ctrlProps|printerSettings|customXml|"
    r"pivotCache|pivotTables|comments|threadedComments|queryTables|docProps|vbaProject\.bin|calcChain\.xml)(/|$|\d)",
    re.IGNORECASE,
)
_MARKUP = re.compile(rb"<!(?!--|\[CDATA\[)")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook that passed. `data` is what a reader may read; `scans` says by sheet name what the XML holds."""

    kind: str
    data: bytes = field(repr=False)
    scans: Mapping[str, SheetScan] = field(default_factory=dict)


def check_package(path: Path, shown: str | None = None, limits: Limits = LOCAL, macros_ok: bool = False) -> Package:
    """Return the checked package; raises InputProblems saying what is wrong with the file and what to do.

    `kind` is xlsx, ods, xls, parquet or text (by the first bytes, not the name). `macros_ok` reads past macros and
    embedded objects (never opened) and allows twice the unpacked size, for official workbooks that carry them.
    """
    name = shown or path.name
    if macros_ok:
        limits = replace(limits, unpacked_bytes=2 * limits.unpacked_bytes)
    try:
        data = _bytes(path, limits)
        return _package(data, limits, macros_ok)
    except Refused as refused:
        problem = Problem(name, refused.found, refused.expected, refused.remedy, refused.sheet, refused.cell)
    except _DAMAGED:
        problem = Problem(name, "a damaged or incomplete file", "a workbook that opens", _SAVE_AGAIN)
    raise InputProblems([problem])


def _bytes(path: Path, limits: Limits) -> bytes:
    try:
        size = path.stat().st_size
    except OSError:
        raise Refused("no file of this name", "a file that can be read", "Check the name and the folder.") from None
    if size > limits.file_bytes:
        raise Refused(
            f"a file of {size / 1e6:,.1f} MB", f"at most {limits.file_bytes / 1e6:,.0f} MB",
            "Save the table alone as .csv, or split the file.",
        )  # fmt: skip
    if size == 0:
        raise Refused("an empty file", "a workbook or a CSV file", "Check that the download or export finished.")
    try:
        return path.read_bytes()
    except OSError:
        raise Refused(
            "a file that cannot be read", "a file that can be read", "Close it elsewhere and try again."
        ) from None


def _package(data: bytes, limits: Limits, macros_ok: bool) -> Package:
    if data[:4] == b"PK\x03\x04":
        return _zip(data, limits, macros_ok)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        if "EncryptedPackage".encode("utf-16-le") in data[:1_000_000]:
            raise Refused("a workbook with a password", "a workbook that opens without one", "Remove the password.")
        return Package("xls", data)
    if data[:4] == b"PAR1" and data[-4:] == b"PAR1":
        return Package("parquet", data)
    head = data[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<", b"%pdf", b"{\\rtf")):
        raise Refused("a page or document, not a table", "a workbook (.xlsx, .ods, .xls) or CSV file", _SAVE_AGAIN)
    if data[:2] not in (b"\xff\xfe", b"\xfe\xff") and b"\0" in data[:100_000]:
        raise Refused("a file of unknown kind", "a workbook (.xlsx, .ods, .xls) or CSV file", _SAVE_AGAIN)
    return Package("text", data)


def _zip(data: bytes, limits: Limits, macros_ok: bool) -> Package:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        _check_members(members, limits, macros_ok)
        names = {member.filename for member in members}
        lower = {name.lower() for name in names}
        if len(names) != len(members):
            raise Refused("a package that holds one part twice", "each part once", _SAVE_AGAIN)
        if "xl/workbook.bin" in lower:
            raise Refused("a binary workbook (.xlsb)", "a workbook saved as .xlsx", _SAVE_AGAIN)
        if "xl/workbook.xml" in lower:
            return _xlsx(archive, members, limits)
        if "content.xml" in lower:
            return _ods(archive, members, limits)
    raise Refused("a zip file that is not a workbook", "a workbook (.xlsx, .ods)", _SAVE_AGAIN)


def _check_members(members: list[zipfile.ZipInfo], limits: Limits, macros_ok: bool) -> None:
    if len(members) > limits.members:
        raise Refused(f"a package of {len(members):,} parts", f"at most {limits.members}", _SAVE_AGAIN)
    size = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if size > limits.unpacked_bytes:
        raise Refused(
            f"a package that unpacks to {size / 1e6:,.0f} MB", f"at most {limits.unpacked_bytes / 1e6:,.0f} MB",
            "Save the table alone as .csv.",
        )  # fmt: skip
    if size > _CHUNK and size > limits.ratio * packed:
        raise Refused(
            f"a package that unpacks to {size / packed:,.0f} times its size",
            f"at most {limits.ratio} times",
            _SAVE_AGAIN,
        )
    if any(member.flag_bits & 1 for member in members):
        raise Refused("a workbook with a password", "a workbook that opens without one", "Remove the password.")
    if macros_ok:
        return
    names = " ".join(member.filename.lower() for member in members)
    for part, (found, remedy) in _ACTIVE.items():
        if part in names:
            raise Refused(found, "a workbook of cells only", remedy)


def _read(archive: zipfile.ZipFile, member: zipfile.ZipInfo, room: int, ratio: int) -> bytes:
    """Inflate one part in blocks; the sizes in its header are claims, so count what really comes out."""
    blocks, size = [], 0
    with archive.open(member) as handle:
        while block := handle.read(_CHUNK):
            size += len(block)
            if size > room or (size > _CHUNK and size > 2 * ratio * max(1, member.compress_size)):
                raise Refused("a package that unpacks to more than it says", "a sound workbook", _SAVE_AGAIN)
            blocks.append(block)
    data = b"".join(blocks)
    if data[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in data[:200]:
        raise Refused("a workbook whose parts are not UTF-8", "a workbook saved as .xlsx", _SAVE_AGAIN)
    if b"!" in data and _MARKUP.search(data):
        raise Refused("a workbook with entity or document type declarations", "a workbook of cells only", _SAVE_AGAIN)
    return data


def _xlsx(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: Limits) -> Package:
    room = limits.unpacked_bytes
    scans: dict[str, SheetScan] = {}
    parts: dict[str, bytes] = {}
    out = io.BytesIO()
    cells = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as checked:
        for member in members:
            name = member.filename
            if not name.lower().endswith((".xml", ".rels")) or _SKIPPED.search(name):
                continue
            data = _read(archive, member, room, limits.ratio)
            room -= len(data)
            if b"sheetData" in data:
                found = scan_sheet(data, limits.cells, limits.box, limits.merged)
                cells += found.cells
                if cells > limits.cells:
                    raise Refused(
                        f"more than {limits.cells:,} cells", f"at most {limits.cells:,}", "Split the workbook."
                    )
                scans[name.lower()] = found
            elif len(data) < 4 * _CHUNK or name.lower() == "xl/sharedstrings.xml":
                parts[name.lower()] = data
            checked.writestr(zipfile.ZipInfo(name), data)
    strings = parts.get("xl/sharedstrings.xml", b"")

    def sheets() -> Iterator[bytes]:
        with zipfile.ZipFile(out) as stored:
            for info in stored.infolist():
                if info.filename.lower() in scans:
                    yield stored.read(info)

    if shared_text_size(strings, cells, sheets) > limits.text_bytes:
        raise Refused("a workbook whose texts repeat without end", "texts of at most 32,767 characters", _SAVE_AGAIN)
    named = _sheet_names(parts, scans)
    if len(named) > limits.sheets:
        raise Refused(
            f"a workbook of {len(named)} sheets", f"at most {limits.sheets}", "Keep only the sheets to be read."
        )
    return Package("xlsx", out.getvalue(), named)


_TAG = re.compile(rb"<(?:\w+:)?(sheet|Relationship)\s([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")


def _attributes(data: bytes, tag: bytes) -> list[dict[str, str]]:
    found = []
    for name, text in _TAG.findall(data):
        if name == tag:
            pairs = _ATTRIBUTE.findall(text.decode("utf-8", "replace"))
            found.append({key.split(":")[-1]: html.unescape(double or single) for key, double, single in pairs})
    return found


def _sheet_names(parts: Mapping[str, bytes], scans: Mapping[str, SheetScan]) -> dict[str, SheetScan]:
    """The scans by sheet name, through the workbook's list of sheets and its relationships."""
    targets = {
        row.get("Id", ""): posixpath.normpath(posixpath.join("/xl", row.get("Target", ""))).lstrip("/").lower()
        for row in _attributes(parts.get("xl/_rels/workbook.xml.rels", b""), b"Relationship")
    }
    sheets = _attributes(parts.get("xl/workbook.xml", b""), b"sheet")
    return {
        row.get("name", ""): scans[target] for row in sheets if (target := targets.get(row.get("id", ""), "")) in scans
    }


def _ods(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: Limits) -> Package:
    room = limits.unpacked_bytes
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as checked:
        for member in members:
            name = member.filename
            if name.lower() not in ("content.xml", "mimetype", "meta-inf/manifest.xml", "styles.xml"):
                continue
            data = _read(archive, member, room, limits.ratio) if name.endswith(".xml") else archive.read(member)
            room -= len(data)
            if name.lower() == "content.xml":
                scan_spreadsheet_document(data, limits.cells)
            checked.writestr(zipfile.ZipInfo(name), data)
    return Package("ods", out.getvalue())
