"""Wide tables of areas: a zone (and date) a row, a class a column; areas, percentages of an area, or counts of cells.

Columns of one measure are read. Where a table holds several, such as km2 and per cent, natcap.toml says which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from natcap.accounts.landcover.amounts import cells_of, part_of
from natcap.accounts.landcover.heads import AREA, CELLS, PERCENT, SHARE, Head, class_head
from natcap.accounts.landcover.job import Entry, Job
from natcap.accounts.landcover.labels import Labels
from natcap.accounts.landcover.margincheck import TOTAL, is_total, written
from natcap.accounts.landcover.polygons import polygon_sizes
from natcap.accounts.landcover.rows import chosen_rows
from natcap.accounts.landcover.sheet import Area
from natcap.accounts.landcover.zoneheads import OF_LAYERS, zone_head
from natcap.accounts.margins import UNIT_AREA
from natcap.core.project import FILE
from natcap.core.workbook.model import header_key

__all__ = ["MEASURES", "TOTALS", "class_columns", "names_class", "wide"]

MEASURES = (AREA, PERCENT, SHARE, CELLS)
TOTALS = ("polygons",)
_NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*")
_SAID = {AREA: "areas", PERCENT: "percentages", SHARE: "shares", CELLS: "counts of cells"}
_PRINT = Fraction(1, 10_000)
"""Share of a zone that rounded print may take from it or add without being asked for."""
_APART = Fraction(1, 1_000)
_OF_AREA = (
    "A percentage is no area. Add a column Total area (ha) with the area of each zone, or name a table with areas in "
    'ha, km2 or m2. Of a GeoPackage with polygons set table_total = "polygons" in [choices], if the percentages are of '
    "them whole"
)


def names_class(text: str, find: Labels) -> bool:
    """Whether a header names a class or a total, alone or with what its numbers are."""
    head = class_head(text, lambda label: find(label) is not None or is_total(label))
    return find(head.label) is not None or is_total(head.label)


def class_columns(job: Job) -> dict[int, tuple[Head, int | None]]:
    """Columns that hold a class, with their position: None where the list has no such class."""
    found: dict[int, tuple[Head, int | None]] = {}
    for column, text in job.table.rest.items():
        head = class_head(text, lambda label: job.find(label) is not None or is_total(label))
        position = TOTAL if is_total(head.label) else job.find(head.label)
        layer = header_key(text) in OF_LAYERS or zone_head(text)[0]
        if position is None and (layer or not (head.unit or head.measure or _numeric(job, column))):
            continue
        found[column] = head, position
    return found if any(position not in (None, TOTAL) for _, position in found.values()) else {}


def _numeric(job: Job, column: int) -> bool:
    """Whether numbers stand in a column: it may then be a class whose name is written in another way."""
    table = job.table
    return any(isinstance(value := table.at(row, column), (int, float)) or _NUMBER.fullmatch(str(value))
               for row in range(table.header + 1, len(table.rows)))  # fmt: skip


class _Wide:
    """The columns of a wide table: `areas` by column, of one measure, and the columns of a total area of the zone."""

    def __init__(self, job: Job) -> None:
        self.job, self.table = job, job.table
        columns = class_columns(job)
        for column, text in self.table.rest.items():
            if column not in columns:
                self._unread(column, text)
        self.measure = self._measure(columns)
        self.areas: dict[int, tuple[Head, int]] = {}
        self.wholes: list[int] = [c for c in (self.table.columns.get("area"),) if c is not None]
        for column, (head, position) in columns.items():
            mine = (head.measure or AREA) == self.measure
            if position == TOTAL and not mine and (head.measure or AREA) == AREA:
                self.wholes.append(column)
            elif not mine:
                self._unread(column, self.table.rest[column])
            elif position is None:
                job.position(head.label, self.table.cell(self.table.header, column))
            else:
                self.areas[column] = head, job.position(head.label, "") or 0 if position != TOTAL else TOTAL
        self.dates = job.dates(self._dates()) if self.measure else {}
        self.parts = self.measure in (PERCENT, SHARE)
        self.sizes = self._sizes() if self.parts and job.choices.total else {}
        self.whole = self._whole() if self.parts and not job.choices.total else None

    def _unread(self, column: int, text: str) -> None:
        where = self.table.cell(self.table.header, column)
        self.table.tell(where, text, "a class of the list", "The column was not read.", warning=True)

    def _measure(self, columns: Mapping[int, tuple[Head, int | None]]) -> str:
        """The measure that is read; empty, and a problem, where it is not clear."""
        found: dict[str, int] = {}
        for column, (head, position) in columns.items():
            if position is not None and position != TOTAL:
                found.setdefault(head.measure or AREA, column)
        wanted, said = self.job.choices.measure, " and ".join(_SAID[key] for key in found)
        if wanted and wanted not in found:
            self.table.problems.add(FILE, f"the measure {wanted!r}", f"one that {self.table.shown} holds: {said}",
                                    f"Set table_measure to {' or '.join(found)}, or leave it out",
                                    cell="choices.table_measure")  # fmt: skip
            return ""
        if len(found) > 1 and not wanted:
            second = list(found.values())[1]
            self.table.tell(self.table.cell(self.table.header, second), f"the {said} of the same classes",
                            "columns of one measure", "Set table_measure in [choices] to "
                            f"{' or '.join(found)}: the other columns are then not read")  # fmt: skip
            return ""
        measure = wanted or next(iter(found), "")
        if measure == CELLS and self.job.choices.cell_m is None:
            self.table.tell(self.table.cell(self.table.header, found[CELLS]), "the counts of cells of no known size",
                            "the side of a cell in metres", "Set table_cell_m in [choices], such as table_cell_m = 10 "
                            "for areas counted on a map with cells of 10 m")  # fmt: skip
            return ""
        return measure

    def _dates(self) -> dict[str, str]:
        """Every date with a cell where it stands."""
        texts: dict[str, str] = {}
        if "date" in self.table.columns:
            for row in chosen_rows(self.job):
                text, cell = self.job.field(row, "date")
                texts.setdefault(text, cell)
        for column, (head, _) in self.areas.items():
            if head.date:
                texts.setdefault(head.date, self.table.cell(self.table.header, column))
        return texts

    def _sizes(self) -> dict[str, float]:
        """Square metres of the polygons of each zone, as table_total asks for."""
        found = {} if self.wholes or self.job.path is None else polygon_sizes(self.job.path, self.table)
        if not found:
            why = (
                "beside a column with the total area" if self.wholes else "of a table without valid polygons in metres"
            )
            self.table.problems.add(FILE, f"the choice table_total {why}", "one total area of each zone",
                                    "Leave table_total out; where no column gives the total area, add one",
                                    cell="choices.table_total")  # fmt: skip
        else:
            self.job.told.append(
                f"{self.table.shown}: {_SAID[self.measure]} were taken of the area of each polygon, as "
                'table_total = "polygons" says; a polygon may hold sea or land that was not classed'
            )
        return found

    def _whole(self) -> int | None:
        """The column with the total area of each zone."""
        if len(self.wholes) == 1:
            self.job.told.append(f"{self.table.shown}: {_SAID[self.measure]} were taken of the area in the column "
                                 f"{self.table.texts[self.wholes[0]]}")  # fmt: skip
            return self.wholes[0]
        first = min(self.areas, default=0)
        said = " and ".join(self.table.texts[column] for column in self.wholes)
        found = f"the columns {said}" if said else f"the {_SAID[self.measure]} of an area that is not given"
        remedy = "Rename those that are not the area of which the numbers are a part" if said else _OF_AREA
        where = self.table.cell(self.table.header, first)
        self.table.tell(where, found, "one column with the total area of each zone", remedy)
        return None

    def date(self, row: int, head: Head) -> int | None:
        """0 or 1; None for a date that is not read."""
        said = self.table.text(row, "date")
        if said and head.date and said != head.date:
            self.table.tell(
                self.job.field(row, "date")[1], f"the date {said} under a header of {head.date}", "one date"
            )
        if not said and not head.date:
            return self.job.which if "date" not in self.table.columns else None
        return self.dates.get(said or head.date)

    def entries(self) -> Iterator[Entry]:
        if not self.measure or (self.parts and self.whole is None and not self.sizes):
            return
        for row in chosen_rows(self.job):
            zone = self.job.zone(row)
            total = self._total(row, zone)
            if zone is None or (self.parts and total is None):
                continue
            mine = []
            for column, (head, position) in self.areas.items():
                date = self.date(row, head)
                area = None if date is None else self._amount(row, column, head, total)
                if date is not None and area is not None:
                    mine.append(Entry(zone, position, date, area))
            yield from mine
            self._judge(row, zone, mine, total)

    def _total(self, row: int, zone: str | None) -> Area | None:
        """The area of which the numbers of a row are percentages or shares."""
        if self.whole is not None:
            return self.job.area(row, self.whole)
        if not self.sizes or not zone:
            return None
        size = Decimal(f"{self.sizes[zone]:.2f}")
        units = Fraction(size) / Fraction(repr(UNIT_AREA))
        return Area(size, "m2", round(units), f"the polygon of row {row + 1}", Fraction(1) / Fraction(repr(UNIT_AREA)),
                    self.table.name, self.table.shown)  # fmt: skip

    def _amount(self, row: int, column: int, head: Head, total: Area | None) -> Area | None:
        if self.measure == CELLS and self.job.choices.cell_m is not None:
            return cells_of(self.table, row, column, self.job.choices.cell_m)
        if total is not None:
            return part_of(self.table, row, column, self.measure, total)
        return self.job.area(row, column, head.unit)

    def _judge(self, row: int, zone: str, entries: list[Entry], total: Area | None) -> None:
        """Parts of a zone sum to the whole; classes beside its own area are compared with it."""
        for date in {entry.second for entry in entries}:
            parts = [entry.area for entry in entries if entry.second == date and entry.first != TOTAL]
            summed = sum((part.exact for part in parts), Fraction(0))
            if total is not None:
                self._of_whole(zone, parts, summed, total)
            elif self.wholes and self.measure != CELLS:
                self._compare(row, zone, summed)

    def _compare(self, row: int, zone: str, summed: Fraction) -> None:
        """Tell an area of the zone itself that its classes do not sum to; it may hold the sea, so it is no error."""
        own = self._own(row)
        if own is None or abs(summed - own.exact) <= _APART * max(own.exact, summed):
            return
        found = f"an area of {own.written:,f} {own.unit} of {zone} beside classes that sum to {written(summed, own)}"
        self.table.tell(own.cell, found, "areas within 0.1 % of one another",
                        "The classes were taken. Check that both are of the same boundary", warning=True)  # fmt: skip

    def _own(self, row: int) -> Area | None:
        """The zone's own area; None where its unit is not written or the cell is empty."""
        column = self.wholes[0]
        head = class_head(self.table.texts[column], lambda label: False)
        known = head.unit or self.table.text(row, "unit") or self.job.choices.unit
        return self.job.area(row, column) if known and self.table.at(row, column) != "" else None

    def _of_whole(self, zone: str, parts: list[Area], summed: Fraction, total: Area) -> None:
        place = max((Fraction(10) ** int(p.written.as_tuple().exponent) * p.scale for p in parts), default=Fraction(0))
        off = abs(summed - total.exact)
        print_off = place * (len(parts) + 1) / 2 if self.job.choices.rounded else Fraction(0)
        if not total.exact or off <= max(_PRINT * total.exact, print_off):
            return
        per = 100 if self.measure == PERCENT else 1
        said = float(summed / total.exact * per)
        self.table.tell_of(
            parts[0], f"the {_SAID[self.measure]} of {zone}, which sum to {said:,.6g}", f"a sum of {per}",
            "Add the classes that are missing, or the land of no class as a column Unclassified. Where only print "
            'rounds, set margins = "rounded" in [choices]',
        )  # fmt: skip


def wide(job: Job) -> Iterator[Entry]:
    """The areas of a wide table."""
    return _Wide(job).entries()
