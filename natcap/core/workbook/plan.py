"""Plan a workbook before it is written: which sheets, their titles, the lines above each table, the notes."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from natcap.core.report import Column, Report, Section
from natcap.core.workbook.banners import banners_behind, banners_of
from natcap.core.workbook.formulas import Layout
from natcap.core.workbook.text import header, shorthand

__all__ = ["MOST_LINES", "Plan", "Sheet", "make_plan"]

MOST_LINES = 1_048_000
_ONE_PAGE = 30
"""Rows from which a table runs over a printed page, and the next one has to say what it is."""
_ONE_TABLE = "This worksheet contains one table."
_BLANKS = "Some cells are empty: nothing was recorded there."


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, title in A1, the lines below it, and its table (a section without columns has none)."""

    name: str
    title: str
    lead: tuple[str, ...]
    section: Section
    headers: tuple[str, ...] = ()
    table: str = ""
    links: Mapping[tuple[int, str], str] = field(default_factory=dict)
    heads: frozenset[str] = frozenset()
    banners: tuple[str, ...] = ()
    again: int = 0
    """Lines right above the table that every printed page shows again with its header."""

    @cached_property
    def layout(self) -> Layout:
        columns = tuple(c.name for c in self.section.columns)
        return Layout(
            self.name, len(self.lead) + 2, len(self.section.table), columns, frozenset(self.section.total_rows)
        )


@dataclass(frozen=True)
class Plan:
    sheets: tuple[Sheet, ...]


class _Notes:
    """Numbers notes in order of appearance; the same text keeps its number."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def mark(self, texts: tuple[str, ...]) -> str:
        marks = []
        for text in texts:
            if text not in self.texts:
                self.texts.append(text)
            marks.append(f"[note {self.texts.index(text) + 1}]")
        return " ".join(marks)


def make_plan(report: Report) -> Plan:
    """Lay out every sheet of the report."""
    from natcap.core.workbook.back import back_sections, lines_section

    notes = _Notes()
    lines = lines_section(report, MOST_LINES)
    whole = lines is None or bool(lines.columns)
    sections = report.sections if whole else [_without_lines(s) for s in report.sections]
    main, working, back = ([s for s in sections if s.group == group] for group in ("main", "working", "back"))
    made = back_sections(report, whole)
    numbered = _numbered(report, [(s.number or str(n), s) for n, s in enumerate([*main, *working], start=1)], made)
    taken = {id(s) for _, s in numbered}
    rest = [s for s in [*([lines] if lines else []), *back, *made] if s is not None and id(s) not in taken]
    names = _Names()
    sheets = [_sheet(names.of(f"{n}_{s.id}"), f"{n}. {s.title}", s, report, notes) for n, s in numbered]
    sheets += [_sheet(names.of(_BACK.get(s.id, s.id.capitalize())), s.title, s, report, notes) for s in rest]
    note_sheet = _notes_sheet(report, notes, sheets)
    front = [_cover(report), _contents(report, [note_sheet, *sheets]), note_sheet]
    return Plan((*front, *sheets))


_STANDARD = {"accounts": {"factors_used": 16, "checks": 17}}
"""Sheets that every workbook has and that a standard numbers, by kind of report: METHODS of the accounts, part D."""


def _numbered(report: Report, numbered: list[tuple[str, Section]], made: list[Section]) -> list[tuple[str, Section]]:
    """The numbered sheets with those that the workbook makes itself, before the first of a higher number."""
    found = list(numbered)
    standard = _STANDARD.get(report.kind, {})
    for section in (s for s in made if s.id in standard):
        number = standard[section.id]
        later = (at for at, (n, s) in enumerate(found) if s.group == "working" or _leading(n) > number)
        found.insert(next(later, len(found)), (str(number), section))
    return found


def _leading(number: str) -> int:
    digits = re.match(r"\d+", number)
    return int(digits[0]) if digits else 0


def _without_lines(section: Section) -> Section:
    """The section with plain values where its formulas would refer to lines that are not in the workbook."""

    def plain(formula: str | None) -> str | None:
        return None if formula and re.search(r"[\[{]lines\.", formula) else formula

    columns = tuple(replace(c, formula=plain(c.formula)) for c in section.columns)
    return replace(section, columns=columns, cells={key: plain(text) or "" for key, text in section.cells.items()})


_BACK = {"lines": "Working", "figures": "Figures", "factors_used": "Factors_used", "checks": "Checks", "run": "Run"}


class _Names:
    """Sheet names: letters, digits and underscores, at most 31, unique whatever the case."""

    def __init__(self) -> None:
        self.taken = {"cover", "contents", "notes", "history"}  # Excel keeps the last for itself

    def of(self, text: str) -> str:
        plain = _short(re.sub(r"[^A-Za-z0-9_]+", "_", text).strip("_")) or "Table"
        name, number = plain, 2
        while name.casefold() in self.taken:
            name = f"{plain[: 31 - len(str(number)) - 1]}_{number}"
            number += 1
        self.taken.add(name.casefold())
        return name


def _short(name: str, most: int = 31) -> str:
    """A sheet name that Excel takes: too long, it goes without its small words, then without its last ones."""
    if len(name) <= most:
        return name
    words = [word for word in name.split("_") if word not in ("by", "and", "of", "the", "in")]
    while len(words) > 1 and len("_".join(words)) > most:
        words.pop()
    return "_".join(words)[:most].strip("_")


def _sentences(text: str, width: int = 130) -> list[str]:
    """A text in lines of whole sentences where they are short enough: a line above a table does not wrap."""
    lines: list[str] = []
    for sentence in re.split(r"(?<=[.;!?])\s+", " ".join(text.split())):
        if lines and len(lines[-1]) + len(sentence) < width:
            lines[-1] += " " + sentence
        else:
            lines += textwrap.wrap(sentence, width, break_long_words=False, break_on_hyphens=False)
    return lines


def _headers(section: Section, notes: _Notes) -> tuple[str, ...]:
    """Headers with units and note markers, unique whatever the case."""
    found: list[str] = []
    for column in section.columns:
        text = header(column) + (f" {notes.mark((column.note,))}" if column.note else "")
        text = " ".join(text.split()) or column.name
        unique, number = text, 2
        while unique.casefold() in {other.casefold() for other in found}:
            unique, number = f"{text} ({number})", number + 1
        found.append(unique)
    return tuple(found)


def _blank_text(section: Section) -> bool:
    return any(
        bool((section.table[c.name].isna() | (section.table[c.name] == "")).any())
        for c in section.columns
        if c.kind == "text"
    )


def _sheet(name: str, title: str, section: Section, report: Report, notes: _Notes) -> Sheet:
    if section.table.empty and section.columns:
        section = _placeholder(section)
    marks = notes.mark(section.notes)
    scope = ", ".join(part for part in (report.subject, report.place, report.period) if part)
    own = any(s.id == section.id for s in report.sections)
    said = banners_of(report, section) if own else banners_behind(report)
    lead = [_ONE_TABLE if section.columns else "This worksheet contains no table.", *said]
    lead += _sentences(section.summary)
    lead.append(f"Scope: {scope}.")
    lead += [line for text in section.sources for line in _sentences(f"Source: {text}")]
    if section.columns and _blank_text(section):
        lead.append(_BLANKS)
    again = int(len(section.table) > _ONE_PAGE)
    if again:
        synthetic = any(banner.upper().startswith("SYNTHETIC") for banner in said)
        lead.append(f"{'SYNTHETIC. ' if synthetic else ''}Table {title}.")
    return Sheet(
        name, f"{title} {marks}".strip(), tuple(lead), section, _headers(section, notes),
        _table_name(name, section.id), banners=said, again=again,
    )  # fmt: skip


def _placeholder(section: Section) -> Section:
    """A table must have a row: an empty one says so in its first column, with marks in the others."""
    first, *others = section.columns
    text = replace(first, kind="text", formula=None, decimals=None)
    row = {first.name: ["None to report"]} | {c.name: [None] for c in others}
    marks = {(0, c.name): "[z]" for c in others}
    columns = (text, *(replace(c, formula=None) for c in others))
    return replace(section, table=pd.DataFrame(row), columns=columns, marks=marks, cells={}, figures={}, total_rows=())


def _table_name(name: str, key: str) -> str:
    """A table name such as t1_extent or factors_used: never like a cell address, unique because sheet names are."""
    plain = re.sub(r"[^a-z0-9_]+", "_", name.casefold())
    return f"table_{plain}" if len(plain) < 4 or re.match(r"\d|[a-z]{1,3}\d+$|r\d*c\d*$", plain) else plain


def _paragraphs(report: Report) -> list[tuple[str, list[str]]]:
    """Headings and paragraphs of the cover."""
    what = {
        "accounts": "natural capital accounts",
        "business": "greenhouse gas inventory",
        "farm": "greenhouse gas baseline of a farm",
        "area": "statement of natural capital and progress to net zero",
        "portfolio": "greenhouse gas inventories of the businesses",
    }[report.kind]
    about = [f"This workbook is the {what} of {report.subject} for {report.period}."]
    if report.place:
        about.append(f"Place: {report.place}.")
    read = [
        "Each worksheet after this one contains one table that starts in column A. The worksheet Contents lists them.",
        "Cells that follow from other cells are formulas and recalculate.",
        "Headline figures are rounded to three figures where they are not exact. The worksheets have them in full.",
        "Markers in square brackets, such as [x], stand where there is no number. The Notes worksheet explains them.",
    ]
    if report.lines is not None and not report.lines.empty:
        read.append(
            "The worksheet Working holds every line: the quantity, the cell it came from, and the factor it was "
            "multiplied by."
        )
    headline = [f.label + ": " + _figure_text(f) for f in report.headlines]
    parts = [("About this workbook", about), ("Headline figures", headline), ("How to read it", read)]
    parts += [("What to know", [*report.notes, *(f"Warning: {w}" for w in report.warnings[:20])])]
    return [(head, lines) for head, lines in parts if lines]


def _figure_text(figure: object) -> str:
    from natcap.core.outputs import figure_text

    return figure_text(figure)  # type: ignore[arg-type]


def _cover(report: Report) -> Sheet:
    lead: list[str] = [*report.banners]
    heads: set[str] = set()
    for head, paragraphs in _paragraphs(report):
        heads.add(head)
        lead.append(head)
        for text in paragraphs:
            lead += _sentences(text)
    empty = Section("cover", report.title, pd.DataFrame(), ())
    return Sheet("Cover", report.title, tuple(lead), empty, heads=frozenset(heads), banners=report.banners)


def _contents(report: Report, sheets: list[Sheet]) -> Sheet:
    shows = [re.split(r"(?<=[.!?])\s+", " ".join(s.section.summary.split()))[0] for s in sheets]
    titles = [_plain_title(s.title) for s in sheets]
    table = pd.DataFrame({"sheet": [s.name for s in sheets], "title": titles, "shows": shows})
    columns = (Column("sheet", "Worksheet"), Column("title", "Title and link"), Column("shows", "What it shows"))
    section = Section("contents", "Contents", table, columns)
    links = {(row, "title"): s.name for row, s in enumerate(sheets)}
    said = banners_behind(report)
    lead = (_ONE_TABLE, *said, "Each title links to its worksheet.", *([_BLANKS] if "" in shows else []))
    headers = tuple(c.label for c in columns)
    return Sheet("Contents", "Contents", lead, section, headers, "contents", links, banners=said)


def _plain_title(text: str) -> str:
    return re.sub(r"\s*\[note \d+\]", "", text)


def _notes_sheet(report: Report, notes: _Notes, sheets: list[Sheet]) -> Sheet:
    """Notes by number, then the shorthand that is used anywhere."""
    used = {mark for s in sheets for mark in s.section.marks.values()} | {"[x]", "[z]"}
    rows = [(f"note {number}", text) for number, text in enumerate(notes.texts, start=1)]
    rows += [(mark, shorthand.get(mark, "See the notes of the table")) for mark in sorted(used)]
    table = pd.DataFrame(rows, columns=["note", "text"])
    section = Section("notes", "Notes", table, (Column("note", "Note or marker"), Column("text", "Meaning")))
    lead = (
        _ONE_TABLE,
        *report.banners,
        "Notes are referred to by number in titles and headers. Markers stand in cells without a number.",
    )
    headers = ("Note or marker", "Meaning")
    return Sheet("Notes", "Notes and markers", lead, section, headers, "notes_and_markers", banners=report.banners)
