"""Tables of areas: how much of each class there was in each zone at two dates, or what became what.

An area table gives margins alone. It may be long (zone, class, date, area), paired (zone, class, opening, closing or
two years) or wide (a zone and date a row, a class a column). A change table gives the whole matrix: zone, from, to,
area.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from natcap.accounts.classes import ClassList
from natcap.accounts.landcover.labels import Labels
from natcap.accounts.landcover.maps import SYNTHETIC_TAG
from natcap.accounts.landcover.margincheck import TOTAL, is_total
from natcap.accounts.landcover.sheet import Area, Sheet, area_of, open_sheet, unit_in, words
from natcap.core.problems import Problems

__all__ = ["CHOICES", "Entry", "TableChoices", "Written", "read_written"]

CHOICES: Mapping[str, str] = {
    "area_unit": "the unit of the areas of a table whose headers do not give it, such as ha",
    "table_sheet": "the sheet of a workbook that holds the table of areas",
    "margins": '"rounded": totals of a table may differ from their parts by the rounding of print',
    "totals": '"differ": a zone may have another area at each date; the difference is shown as no data',
}
_FIELDS: Mapping[str, frozenset[str]] = {
    "zone": words(("zone", "zone id", "zone code", "area code", "local authority code", "parish code")),
    "zone_name": words(("zone name", "official name", "area name", "local authority", "parish", "name")),
    "class": words(("class", "land cover", "land-cover class", "habitat", "habitat type", "ecosystem type")),
    "date": words(("date", "year", "when")),
    "area": words(("area", "extent", "hectares", "area of land")),
    "unit": words(("unit", "units")),
    "opening": words(("opening", "opening area", "opening extent", "area at opening")),
    "closing": words(("closing", "closing area", "closing extent", "area at closing")),
    "from": words(("from", "from class", "opening class", "class at opening")),
    "to": words(("to", "to class", "closing class", "class at closing")),
}  # fmt: skip
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*")
_YEAR = re.compile(r"(19|20)\d\d")
_MOST = 50
_LAYOUTS = (
    "Columns zone, class, date and area; or zone, class, opening and closing; or zone, date and a column a class. "
    "A table from class to class is a change_table"
)


@dataclass(frozen=True)
class TableChoices:
    """What natcap.toml says of a table. `years` are those chosen for opening and closing, None where not."""

    unit: str = ""
    sheet: str = ""
    years: tuple[int | None, int | None] = (None, None)


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


class _Job:
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
        years = {text: int(text) for text in texts if _YEAR.fullmatch(text)}
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


def _long(job: _Job) -> Iterator[Entry]:
    """Zone, class, date, area."""
    table = job.table
    _unread(table)
    rows = table.body()
    texts: dict[str, str] = {}
    for row in rows:
        text, cell = job.field(row, "date")
        texts.setdefault(text, cell)
    dates = job.dates(texts)
    for row in rows:
        text = table.text(row, "date")
        if text not in dates and _YEAR.fullmatch(text):
            continue
        zone, position = job.zone(row), job.position(*job.field(row, "class"))
        area = job.area(row, table.columns["area"])
        if zone is not None and position is not None and area is not None and text in dates:
            yield Entry(zone, position, dates[text], area)


def _year_columns(table: Sheet) -> dict[int, str]:
    """Columns headed by a year, with or without a unit."""
    found = {}
    for column, text in table.rest.items():
        match = _YEAR.search(text)
        if match and not re.search(r"\d", text.replace(match[0], "", 1).replace("m2", "")):
            found[column] = match[0]
    return found


def _paired(job: _Job) -> Iterator[Entry]:
    """Zone, class, opening, closing; or a column for each year."""
    table = job.table
    named = {table.columns[name]: name for name in ("opening", "closing") if name in table.columns}
    columns = named or _year_columns(table)
    _unread(table, columns)
    dates = job.dates({text: table.cell(table.header, column) for column, text in columns.items()})
    for row in table.body():
        zone, position = job.zone(row), job.position(*job.field(row, "class"))
        for column, text in columns.items():
            area = job.area(row, column) if text in dates else None
            if zone is not None and position is not None and area is not None:
                yield Entry(zone, position, dates[text], area)


def _class_columns(job: _Job) -> dict[int, int]:
    """Columns headed by a class, as positions. A header with a unit of area that is none of the list is a problem."""
    table, found = job.table, {}
    for column, text in table.rest.items():
        unit = unit_in(text)
        bare = text
        for ending in (f"({unit})", f"[{unit}]", f":{unit}", f": {unit}"):
            bare = bare.removesuffix(ending).strip() if unit else bare
        position = job.find(bare)
        if position is None and (unit or is_total(bare) or _numeric(table, column)):
            position = job.position(bare, table.cell(table.header, column))
        elif position is None:
            table.tell(table.cell(table.header, column), text, "a class of the list", "The column was not read.", True)
        if position is not None:
            found[column] = position
    return found


def _numeric(table: Sheet, column: int) -> bool:
    """Whether numbers stand in a column: it may then be a class whose name is written in another way."""
    return any(isinstance(value := table.at(row, column), (int, float)) or _NUMBER.fullmatch(str(value))
               for row in range(table.header + 1, len(table.rows)))  # fmt: skip


def _unread(table: Sheet, columns: Iterable[int] = ()) -> None:
    """Tell the columns that were not read."""
    for column, text in table.rest.items():
        if column not in set(columns):
            where = table.cell(table.header, column)
            table.tell(where, text, "a column of this table", "The column was not read.", warning=True)


def _wide(job: _Job) -> Iterator[Entry]:
    """A zone and date a row, a class a column."""
    table, columns = job.table, _class_columns(job)
    rows = table.body()
    texts: dict[str, str] = {}
    for row in rows:
        text, cell = job.field(row, "date")
        texts.setdefault(text, cell)
    dates = job.dates(texts)
    for row in rows:
        zone, text = job.zone(row), table.text(row, "date")
        for column, position in columns.items():
            area = job.area(row, column) if text in dates else None
            if zone is not None and area is not None:
                yield Entry(zone, position, dates[text], area)


def _change(job: _Job) -> Iterator[Entry]:
    """Zone, from, to, area."""
    table = job.table
    _unread(table)
    for row in table.body():
        zone = job.zone(row)
        first, second = (job.position(*job.field(row, name)) for name in ("from", "to"))
        area = job.area(row, table.columns["area"])
        if zone is not None and first is not None and second is not None and area is not None:
            yield Entry(zone, first, second, area)


def _layout(table: Sheet, role: str) -> Any:
    """The reader of the layout that the headers show; None where they show none."""
    has = table.columns
    if role == "change_table":
        return _change if {"from", "to", "area"} <= has.keys() else None
    if "class" not in has:
        return _wide if "date" in has and "area" not in has and table.rest else None
    if {"date", "area"} <= has.keys():
        return _long
    return _paired if {"opening", "closing"} <= has.keys() or len(_year_columns(table)) > 1 else None


def read_written(path: Path, shown: str, role: str, choices: TableChoices, classes: ClassList, problems: Problems
                 ) -> Written | None:  # fmt: skip
    """Read every area of an area_table or change_table (`role`). Adds every problem found; None with any."""
    before = len(problems.errors)
    table = open_sheet(path, shown, choices.sheet, _FIELDS, problems)
    if table is None:
        return None
    layout = _layout(table, role)
    if layout is None:
        headers = ", ".join(text for text in table.texts if text)
        wanted = "the columns zone, from, to, area" if role == "change_table" else "a layout of areas that is known"
        remedy = "A table of areas by date is an area_table" if role == "change_table" else _LAYOUTS
        table.tell(f"row {table.header + 1}", f"the headers {headers}", wanted, remedy)
        return None
    job = _Job(table, choices, classes)
    entries = list(layout(job))
    if not entries and len(problems.errors) == before:
        table.tell("", "no row", "at least one area")
    if len(problems.errors) > before:
        return None
    return Written(table, entries, job.names, job.years, job.told, SYNTHETIC_TAG in path.name)
