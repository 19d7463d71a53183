"""The job of reading a table of areas: zones, classes, dates and areas of its rows, and all that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from natcap.accounts.classes import ClassList
from natcap.accounts.landcover.labels import Labels
from natcap.accounts.landcover.margincheck import TOTAL, is_total
from natcap.accounts.landcover.sheet import Area, Sheet, area_of

__all__ = ["YEAR", "Entry", "Job", "TableChoices", "Written"]

YEAR = re.compile(r"(19|20)\d\d")
_MOST = 50


@dataclass(frozen=True)
class TableChoices:
    """What natcap.toml says of a table. `years` are those chosen for opening and closing, None where not.

    Of a square matrix: `rows` says which date stands in its rows, `blanks` what an empty cell is; empty where not said.
    """

    unit: str = ""
    sheet: str = ""
    years: tuple[int | None, int | None] = (None, None)
    rows: str = ""
    blanks: str = ""


@dataclass(frozen=True)
class Entry:
    """One area: zone id, positions of its classes. In an area table `first` is the class and `second` 0 or 1, the date.

    TOTAL stands for all classes; the zone "" for all zones.
    """

    zone: str
    first: int
    second: int
    area: Area


@dataclass
class Written:
    """What a table says, each area with its place. `years` are those of its two dates, where it gives years."""

    table: Sheet
    entries: list[Entry]
    names: dict[str, str]
    years: tuple[str, str] | None = None
    told: list[str] = field(default_factory=list)
    synthetic: bool = False


class Job:
    def __init__(self, table: Sheet, choices: TableChoices, classes: ClassList) -> None:
        self.table, self.choices, self.find = table, choices, Labels(classes)
        self.classes = classes
        self.scales: dict[str, Fraction | None] = {}
        self.names: dict[str, str] = {}
        self.unknown: dict[str, str] = {}
        self.told: list[str] = []
        self.years: tuple[str, str] | None = None

    def zone(self, row: int) -> str | None:
        """The zone id of a row, "" for all zones together; None, and a problem, where the cell is empty."""
        named = [name for name in ("zone", "zone_name") if name in self.table.columns]
        if not named:
            return "area"
        texts = [self.table.text(row, name) for name in named]
        if not texts[0]:
            where = self.table.cell(row, self.table.columns[named[0]])
            self.table.tell(where, "an empty cell", "a zone", "Fill the zone into every row")
            return None
        if is_total(texts[0]):
            return ""
        self.names.setdefault(texts[0], texts[-1] or texts[0])
        return texts[0]

    def position(self, text: str, cell: str) -> int | None:
        """The position of a class; None, and a problem for each text once, where the list has none of it."""
        found = self.find(text) if text else None
        if found is None and is_total(text):
            return TOTAL
        if found is None and text not in self.unknown:
            self.unknown[text] = cell
            if len(self.unknown) <= _MOST:
                remedy = f"{self.find.near(text)} Check classes in [choices], or name a class_list in [inputs]".strip()
                expected = f"a code or a name of the class list: {self.classes.title}"
                self.table.tell(cell, f"the class {text!r}" if text else "an empty cell", expected, remedy)
        return found

    def area(self, row: int, column: int) -> Area | None:
        return area_of(self.table, row, column, self.choices.unit, self.scales)

    def field(self, row: int, name: str) -> tuple[str, str]:
        return self.table.text(row, name), self.table.cell(row, self.table.columns[name])

    def dates(self, texts: Mapping[str, str]) -> dict[str, int]:
        """0 or 1, opening or closing, by the text of a date; `texts` gives a cell of each. Others are problems."""
        found = {text: ("opening", "closing").index(text.casefold()) for text in texts
                 if text.casefold() in ("opening", "closing")}  # fmt: skip
        years = {text: int(text) for text in texts if YEAR.fullmatch(text)}
        for text, cell in texts.items():
            if text not in found and text not in years:
                self.table.tell(cell, f"the date {text!r}" if text else "an empty cell", "opening, closing or a year")
        return found | self._of_years(years, texts)

    def _of_years(self, years: Mapping[str, int], cells: Mapping[str, str]) -> dict[str, int]:
        begin, end = self.choices.years
        if begin is None or end is None:
            every = sorted(set(years.values()))
            if len(every) not in (0, 2):
                said = ", ".join(map(str, every))
                remedy = "Set opening_year and closing_year in [choices] to two of them"
                self.table.tell(next(iter(cells.values())), f"the years {said}", "two dates", remedy)
                return {}
            begin, end = every or (None, None)
        place = {begin: 0, end: 1}
        missing = [str(year) for year in (begin, end) if years and year not in years.values()]
        if missing:
            self.table.tell("", f"no area for {' and '.join(missing)}", f"the years {begin} and {end} of natcap.toml")
        others = sorted({year for year in years.values() if year not in place})
        if others:
            self.told.append(f"{self.table.shown}: the years {', '.join(map(str, others))} were not read")
        if years:
            self.years = (str(begin), str(end))
        return {text: place[year] for text, year in years.items() if year in place}
