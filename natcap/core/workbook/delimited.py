"""Delimited text (.csv, .tsv): encoding and delimiter found from the content."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from natcap.core.problems import InputProblems, Problem

__all__ = ["Delimited", "read_delimited"]

_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Delimited:
    """Rows of text, with the delimiter that was found."""

    rows: list[list[str]]
    delimiter: str
    warnings: tuple[Problem, ...]


def read_delimited(data: bytes, shown: str, most_cells: int) -> Delimited:
    """Read delimited text; InputProblems when it has too many cells or cannot be decoded."""
    text, warnings = _decode(data, shown)
    delimiter = _delimiter(text)
    rows: list[list[str]] = []
    if text.count(delimiter) + text.count("\n") > most_cells:
        raise InputProblems([Problem(shown, f"more than {most_cells:,} cells", "a smaller file", "Split it.")])
    csv.field_size_limit(1_000_000)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append([value.strip() for value in row])
    except csv.Error as error:
        place = f"row {len(rows) + 1}"
        raise InputProblems([Problem(shown, f"a row that cannot be read ({error})", "plain CSV", cell=place)]) from None
    return Delimited(rows, delimiter, warnings)


def _decode(data: bytes, shown: str) -> tuple[str, tuple[Problem, ...]]:
    codes = ("utf-16",) if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",)
    try:
        return data.decode(codes[0]), ()
    except UnicodeDecodeError as error:
        bad = error.start
    line = data[:bad].count(b"\n") + 1
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        problem = Problem(shown, "text in an unknown encoding", "UTF-8", "Save as CSV UTF-8.", cell=f"row {line}")
        raise InputProblems([problem]) from None
    remedy = "It was read as Windows-1252: check names with accents and pound signs."
    told = Problem(shown, "text that is not UTF-8", "UTF-8", remedy, cell=f"row {line}", severity="warning")
    return text, (told,)


def _delimiter(text: str) -> str:
    """The delimiter that splits the most of the first lines into the same number (two or more) of fields."""
    head = text[:65_536].splitlines()[:30]
    best, score = ",", 0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(head, delimiter=delimiter) if any(row)]
        except csv.Error:
            continue
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1) if widths else 1
        agreement = widths.count(usual) * (usual - 1)
        if usual > 1 and agreement > score:
            best, score = delimiter, agreement
    return best
