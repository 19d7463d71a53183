"""Look at a GeoTIFF's own directory before any library opens it: is it one, is it whole, is its size believable?

Only the first image directory is read (classic TIFF and BigTIFF). GDAL would find the same faults, but later: while
reading, after allocating what the header claims, or not at all when the file is really something else.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

__all__ = ["MAX_CELLS", "Fault", "Header", "read_header"]

MAX_CELLS = 2**37
"""Most cells a map may claim: Great Britain at 2 m is about half of this."""
_MAX_BLOCK = 2**26
_MAX_BLOCKS = 2**24
_MAX_SWELL = 20_000
_TYPES = {1: "u1", 3: "u2", 4: "u4", 16: "u8", 13: "u4", 18: "u8"}
_WANTED = {256: "width", 257: "height", 258: "bits", 277: "samples", 278: "rows", 284: "planar", 322: "tile_width",
           323: "tile_height", 273: "offsets", 279: "counts", 324: "offsets", 325: "counts"}  # fmt: skip


class Fault(ValueError):
    """Why a file is not a whole, believable TIFF: what was found, what was expected, what to do."""

    def __init__(self, found: str, expected: str, remedy: str) -> None:
        super().__init__(f"{found}, expected {expected}")
        self.found, self.expected, self.remedy = found, expected, remedy


@dataclass(frozen=True, slots=True)
class Header:
    """What the first directory says. `block` is (rows, columns) of a tile or strip."""

    width: int
    height: int
    samples: int
    bits: int
    block: tuple[int, int]


_EXPORT = "Export the map again as a GeoTIFF (in QGIS: Raster > Conversion > Translate) and use that file"


def _not_tiff(start: bytes) -> Fault:
    text = start.lstrip()[:1]
    what = "a text or XML document (a virtual raster?)" if text in (b"<", b"{", b"[") else "a file of another kind"
    if not start:
        what = "an empty file"
    return Fault(what, "a GeoTIFF: its first bytes must be those of a TIFF file", _EXPORT)


def _truncated(needed: int, size: int) -> Fault:
    return Fault(f"a file that ends early ({size:,} bytes of at least {needed:,})", "a whole GeoTIFF", "Copy it again")


def _entries(handle: BinaryIO, size: int) -> Iterator[tuple[int, np.ndarray]]:
    """Yield (tag, values) of the wanted tags of the first directory."""
    start = handle.read(16)
    order = {b"II": "<", b"MM": ">"}.get(start[:2], "")
    magic = struct.unpack(order + "H", start[2:4])[0] if order and len(start) == 16 else 0
    if magic not in (42, 43):
        raise _not_tiff(start)
    big = magic == 43
    entry, word = (20, 8) if big else (12, 4)
    (at,) = struct.unpack(order + ("Q" if big else "I"), start[8:16] if big else start[4:8])
    if at + (8 if big else 2) > size:
        raise _truncated(at + entry, size)
    handle.seek(at)
    (number,) = struct.unpack(order + ("Q" if big else "H"), handle.read(8 if big else 2))
    if number > 4096:
        raise Fault(f"a directory of {number:,} entries", "at most 4,096", _EXPORT)
    table = handle.read(entry * number)
    if len(table) < entry * number:
        raise _truncated(at + entry * number, size)
    for position in range(0, len(table), entry):
        tag, kind, count = struct.unpack(order + ("HHQ" if big else "HHI"), table[position : position + 4 + word])
        if tag not in _WANTED or kind not in _TYPES:
            continue
        dtype = np.dtype(order + _TYPES[kind])
        length = dtype.itemsize * count
        raw = table[position + 4 + word : position + entry]
        if count > _MAX_BLOCKS:
            raise Fault(f"a map in {count:,} pieces", f"at most {_MAX_BLOCKS:,}", _EXPORT)
        if length > word:
            (there,) = struct.unpack(order + ("Q" if big else "I"), raw)
            if there + length > size:
                raise _truncated(there + length, size)
            handle.seek(there)
            raw = handle.read(length)
        yield tag, np.frombuffer(raw[:length], dtype=dtype)


def _believable(header: Header, size: int) -> None:
    cells = header.width * header.height
    claim = f"a claimed size of {header.width:,} x {header.height:,} cells in a file of {size:,} bytes"
    if header.width < 1 or header.height < 1:
        raise Fault(claim, "at least one cell", _EXPORT)
    swell = cells * header.samples * max(header.bits, 8) // 8 > max(size, 1) * _MAX_SWELL
    if cells > MAX_CELLS or (cells > 10**8 and swell):
        raise Fault(claim, "a size that the file could hold", "Check the file with its producer; " + _EXPORT.lower())
    if header.block[0] * header.block[1] > _MAX_BLOCK:
        rows, columns = header.block
        raise Fault(
            f"one piece of {columns:,} x {rows:,} cells",
            f"tiles or strips of at most {_MAX_BLOCK:,} cells",
            "Export it as a tiled GeoTIFF (creation option TILED=YES)",
        )


def _whole(tags: dict[str, np.ndarray], header: Header, size: int) -> None:
    if "offsets" not in tags or "counts" not in tags or len(tags["offsets"]) != len(tags["counts"]):
        raise Fault("a TIFF without a table of its pieces", "offsets and sizes of every tile or strip", _EXPORT)
    rows, columns = header.block
    pieces = -(-header.height // rows) * -(-header.width // columns)
    if len(tags["offsets"]) < pieces:
        found = f"a map in {len(tags['offsets']):,} pieces"
        raise Fault(found, f"{pieces:,} for {header.width:,} x {header.height:,} cells", _EXPORT)
    needed = int((tags["offsets"].astype("u8") + tags["counts"].astype("u8")).max(initial=0))
    if needed > size:
        raise _truncated(needed, size)


def read_header(path: Path) -> Header:
    """Read and judge the first directory of `path`. Raises Fault for anything but a whole, believable TIFF."""
    size = path.stat().st_size
    with path.open("rb") as handle:
        tags = {_WANTED[tag]: values for tag, values in _entries(handle, size)}
    if "width" not in tags or "height" not in tags:
        raise Fault("a TIFF without a size", "width and height in its first directory", _EXPORT)
    number = {name: int(values[0]) for name, values in tags.items() if len(values)}
    width, height = number["width"], number["height"]
    rows = number.get("tile_height") or min(number.get("rows", height), max(height, 1))
    block = (max(rows, 1), number.get("tile_width") or max(width, 1))
    header = Header(width, height, number.get("samples", 1), number.get("bits", 1), block)
    _believable(header, size)
    _whole(tags, header, size)
    return header
