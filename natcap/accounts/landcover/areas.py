"""From a table of areas to land: each area once, totals that agree, one area of a zone at both dates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from natcap.accounts.classes import ClassList
from natcap.accounts.counts import Counts
from natcap.accounts.landcover.doubt import joined
from natcap.accounts.landcover.margincheck import TOTAL, Rounding, check_totals, written
from natcap.accounts.landcover.pairs import judge_pairs, judge_sums
from natcap.accounts.landcover.polygons import compare_polygons
from natcap.accounts.landcover.sheet import Area
from natcap.accounts.landcover.tables import Entry, TableChoices, Written, read_written
from natcap.accounts.margins import UNIT_AREA, Margins
from natcap.core.problems import Problems

__all__ = ["AreaTable", "TableSide", "read_area_pair", "read_area_table"]

_DATES = ("opening", "closing")
_MOST = 50
_PRINT = 1e-4
"""Share of a zone that rounded print may take from it or add without being asked for: a hectare in ten thousand."""


@dataclass(frozen=True)
class TableSide:
    """A date in a table. `cells` gives every (sheet, cell, number, unit) as written behind a zone and a code."""

    path: Path
    shown: str
    part: str
    sheet: str
    rows: int
    synthetic: bool
    cells: Mapping[tuple[str, int], tuple[tuple[str, str, str, str], ...]] = field(default_factory=dict)

    @property
    def size(self) -> tuple[str, int]:
        return "areas in the table", self.rows


@dataclass(frozen=True)
class AreaTable:
    """Accepted areas: margins, or counts where the table says what became what; and both dates of the table."""

    counts: Counts | Margins
    names: tuple[str, ...]
    sides: tuple[TableSide, TableSide]
    years: tuple[str, str] | None
    told: tuple[str, ...]


class _Build:
    """`reads` is the table of both dates, or the tables of the opening and the closing."""

    def __init__(self, reads: Sequence[Written], classes: ClassList, role: str, rounded: bool, differ: bool) -> None:
        self.reads, self.table, self.classes, self.role, self.differ = reads, reads[0].table, classes, role, differ
        self.names = ("no data", *(c.name for c in classes.classes if c.role == "class"))
        self.told = [text for read in reads for text in read.told]
        self.shown = " and ".join(dict.fromkeys(read.table.shown for read in reads))
        self.doubt = joined(read.doubt for read in reads)
        self.entries = [entry for read in reads for entry in read.entries]
        self.years = reads[0].years if len(reads) == 1 else _years(reads)
        self.rounding = Rounding.of((e.area for e in self.entries), rounded)
        self.found: dict[tuple[str, int, int], Area] = {}
        self._once()

    def label(self, entry: Entry) -> str:
        """Words for an entry: its zone, and its class and date or its transition."""
        zone = entry.zone or "all zones"
        if zone == "area":  # no column names it, and a sheet may
            zone = f"the whole area (sheet {self.table.name})" if self.table.name else "the whole area"
        first = "all classes" if entry.first == TOTAL else self.names[entry.first]
        if self.role != "change_table":
            return f"{zone}, {first}, {self.date(entry.second)}"
        return f"{zone}, {first} to {'all classes' if entry.second == TOTAL else self.names[entry.second]}"

    def date(self, which: int) -> str:
        return self.years[which] if self.years else _DATES[which]

    def _once(self) -> None:
        for entry in self.entries:
            key = (entry.zone, entry.first, entry.second)
            if key in self.found:
                found = f"the area of {self.label(entry)} for the second time"
                expected = f"each area once (first in {self.found[key].cell})"
                self.table.tell_of(entry.area, found, expected, "Add the two up, or delete the row that is wrong")
            self.found.setdefault(key, entry.area)

    def sure(self, zone: str) -> bool:
        """Whether every area of a zone (of all, where it is empty) was read."""
        return self.doubt is not None and (zone not in self.doubt if zone else not self.doubt)

    def totals(self) -> None:
        """Compare every total with its parts."""
        plain = {k: a for k, a in self.found.items() if k[0] and TOTAL not in k[1:]}
        by_zone: dict[str, list[tuple[tuple[str, int, int], Area]]] = {"": list(plain.items())}
        for pair in plain.items():
            by_zone.setdefault(pair[0][0], []).append(pair)
        sums: dict[str, tuple[Area, Sequence[Area]]] = {}
        for key, total in self.found.items():
            if key not in plain and self.sure(key[0]):
                parts = [a for k, a in by_zone.get(key[0], ()) if key[1] in (TOTAL, k[1]) and key[2] in (TOTAL, k[2])]
                sums[self.label(Entry(*key, total))] = (total, parts)
        told = check_totals(self.table, "areas", sums, self.rounding)
        if told:
            self.told.append(
                f"{self.shown}: {len(told)} of {len(sums)} totals differ from the sum of their parts by no more "
                f'than rounding, as margins = "rounded" allows; the parts were taken (first: {told[0]})'
            )

    def zones(self) -> tuple[str, ...]:
        return tuple(sorted({key[0] for key in self.found if key[0]}))

    def array(self, zones: Sequence[str]) -> np.ndarray:
        """Units by zone and two positions: both classes, or the class and its date."""
        side = len(self.names)
        array = np.zeros((len(zones), side, side if self.role == "change_table" else 2), dtype=np.int64)
        place = {zone: n for n, zone in enumerate(zones)}
        for (zone, first, second), area in self.found.items():
            if zone and TOTAL not in (first, second):
                array[place[zone], first, second] = area.units
        return array

    def balance(self, zones: Sequence[str], array: np.ndarray) -> None:
        """One area of every zone at both dates: what is missing at one of them is no data, where that is allowed."""
        absent = [(z, n, d) for z, zone in enumerate(zones) for n in range(1, len(self.names)) for d in (0, 1)
                  if (zone, n, d) not in self.found and (zone, n, 1 - d) in self.found]  # fmt: skip
        sums = array.sum(axis=1)
        gaps = sums[:, 1] - sums[:, 0]
        parts = [sum(1 for key in self.found if key[0] == zone) for zone in zones]
        print_off = [self.rounding.units(number) for number in parts]
        rounded = [
            abs(int(gap)) <= off and (self.rounding.allowed or abs(int(gap)) <= _PRINT * whole)
            for gap, off, whole in zip(gaps, print_off, sums.max(axis=1), strict=True)
        ]
        lacking = [place for place in absent if not rounded[place[0]]]
        self._absent(lacking, zones)
        wrong = [n for n, gap in enumerate(gaps) if gap and not rounded[n] and not self.differ]
        for n in [n for n in wrong if n not in {place[0] for place in lacking}][:_MOST]:
            self._unlike(zones[n], sums[n])
        taken = [place for place in absent if rounded[place[0]]]
        if taken:
            z, n, d = taken[0]
            self.told.append(
                f"{self.shown}: {len(taken)} areas have no row at one date and were taken as 0, because the area "
                f"of the zone is whole without them (first: {zones[z]}, {self.names[n]}, {self.date(d)})"
            )
        moved = np.flatnonzero(gaps)
        if len(moved) and not wrong:
            hectares = float(np.abs(gaps).sum()) * UNIT_AREA / 10_000
            why = "by no more than rounding" if all(rounded[n] for n in moved) else 'as totals = "differ" allows'
            self.told.append(
                f"{self.shown}: the area of {len(moved)} zones differs between the dates {why}; the difference, "
                f"{hectares:,.6g} ha in all, stands as no data"
            )
        array[:, 0, 0] += np.maximum(gaps, 0)
        array[:, 0, 1] += np.maximum(-gaps, 0)

    def _absent(self, places: Sequence[tuple[int, int, int]], zones: Sequence[str]) -> None:
        for z, n, d in places[:_MOST]:
            there = self.found[zones[z], n, 1 - d]
            found = f"no area of {zones[z]}, {self.names[n]}, {self.date(d)}"
            expected = f"an area at both dates (the other stands in {there.cell})"
            self.table.tell_of(there, found, expected, "Write 0 where there was none; absence is not zero")

    def _unlike(self, zone: str, sums: np.ndarray) -> None:
        like = next(area for key, area in self.found.items() if key[0] == zone)
        one, other = (written(int(total), like) for total in sums)
        found = f"an area of {one} at {self.date(0)} and of {other} at {self.date(1)} in zone {zone}"
        self.table.tell_of(
            like, found, "one area of a zone at both dates",
            'Add the classes that are missing. Where only print rounds, set margins = "rounded" in [choices]; or set '
            'totals = "differ" to show the difference as no data',
        )  # fmt: skip

    def sides(self, paths: Sequence[Path]) -> tuple[TableSide, TableSide]:
        """Both dates, each with the cells behind every zone and class."""
        found = []
        for which in (0, 1):
            part = f"classes at the {_DATES[which]}" if self.role == "change_table" else f"areas of {self.date(which)}"
            read, path = self.reads[which % len(self.reads)], paths[which % len(paths)]
            rows = len(self.found) if len(self.reads) == 1 else len(read.entries)
            found.append(TableSide(path, read.table.shown, part, read.table.name, rows, read.synthetic,
                                   self._cells(which)))  # fmt: skip
        return found[0], found[1]

    def _cells(self, which: int) -> dict[tuple[str, int], tuple[tuple[str, str, str, str], ...]]:
        codes = dict(enumerate(self.classes.codes, 1))
        cells: dict[tuple[str, int], tuple[tuple[str, str, str, str], ...]] = {}
        for (zone, first, second), area in self.found.items():
            item = first if self.role != "change_table" or which == 0 else second
            mine = second == which if self.role != "change_table" else TOTAL not in (first, second)
            if zone and mine and item in codes:
                key = zone, codes[item]
                cells[key] = (*cells.get(key, ()), (area.sheet, area.cell, f"{area.written:f}", area.unit))
        return cells


def _reduced(array: np.ndarray, classes: ClassList, zones: tuple[str, ...], margins: bool) -> Counts | Margins:
    """The areas with the classes that occur alone."""
    met = array.any(axis=(0, 2)) if margins else array.any(axis=(0, 1)) | array.any(axis=(0, 2))
    used = [int(n) for n in np.flatnonzero(met) if n]
    place = [0, *used]
    codes = tuple(classes.codes[n - 1] for n in used)
    if margins:
        begin, end = (np.ascontiguousarray(array[:, place, date]) for date in (0, 1))
        return Margins(zones, codes, begin, end)
    matrix = np.ascontiguousarray(array[:, place][:, :, place])
    return Counts(zones, codes, matrix, UNIT_AREA, 0, "units")


def read_area_table(path: Path, shown: str, role: str, choices: TableChoices, classes: ClassList, rounded: bool,
                    differ: bool, problems: Problems) -> AreaTable | None:  # fmt: skip
    """Read and accept a table of areas (`role` is area_table or change_table). Adds every problem; None with any.

    `rounded` lets totals differ from their parts, and `differ` zones between the dates.
    """
    read = read_written(path, shown, role, choices, classes, problems)
    if read is None:
        return None
    return _accept([read], [path], role, classes, rounded, differ, problems, bool(choices.zones))


def read_area_pair(files: Mapping[str, tuple[Path, str]], choices: TableChoices, classes: ClassList, rounded: bool,
                   differ: bool, problems: Problems) -> AreaTable | None:  # fmt: skip
    """Read and accept the tables of both dates (`files`: path and shown name by role), as `read_area_table` does."""
    reads = [read_written(path, shown, role, choices, classes, problems) for role, (path, shown) in files.items()]
    both = [read for read in reads if read is not None]
    if len(both) < len(reads):
        return None
    paths = [path for path, _ in files.values()]
    return _accept(both, paths, "area_table", classes, rounded, differ, problems, bool(choices.zones))


def _accept(reads: Sequence[Written], paths: Sequence[Path], role: str, classes: ClassList, rounded: bool, differ: bool,
            problems: Problems, named: bool) -> AreaTable | None:  # fmt: skip
    """Build the areas of what was read; `named` says that the user has named the zones."""
    before = len(problems.errors)
    build = _Build(reads, classes, role, rounded, differ)
    broken = any(read.broken for read in reads)
    build.totals()
    zones = build.zones()
    if not zones and broken:
        return None
    if not zones:
        build.table.tell("", "no area of a zone", "areas beside the totals")
        return None
    array = build.array(zones)
    names = {"area": "Whole area"} | {key: name for read in reversed(reads) for key, name in read.names.items()}
    if not named and not broken:
        judge_sums(build.table, names, zones, array)
    if role == "area_table":
        _both_dates(build, zones, array)
    if broken or len(problems.errors) > before:
        return None
    for which, (read, path) in enumerate(zip(reads, paths, strict=True)):
        sums = array[:, :, which].sum(axis=1) if role == "area_table" else array.sum(axis=(1, 2))
        compare_polygons(path, read.table, dict(zip(zones, sums.tolist(), strict=True)))
    counts = _reduced(array, classes, zones, role == "area_table")
    shown_names = tuple(names[zone] for zone in zones)
    return AreaTable(counts, shown_names, build.sides(paths), build.years, tuple(build.told))


def _both_dates(build: _Build, zones: Sequence[str], array: np.ndarray) -> None:
    """Judge zones that stand at one date alone, and the areas of those that stand at both, as far as all was read."""
    found = {key: area for key, area in build.found.items() if build.sure(key[0] or "")}
    if judge_pairs(build.reads, found, [build.date(0), build.date(1)], build.table) and all(map(build.sure, zones)):
        build.balance(zones, array)
        return
    dates = [{key[0] for key in found if key[2] == date} for date in (0, 1)]
    at = [n for n, zone in enumerate(zones) if zone in dates[0] & dates[1]]
    build.balance([zones[n] for n in at], array[at])


def _years(reads: Sequence[Written]) -> tuple[str, str] | None:
    """The years of two tables of one date, in their order; None where one gives none. Adds a problem if they clash."""
    given = [read.years[0] if read.years else "" for read in reads]
    if not all(given):
        return None
    if given[0] >= given[1]:
        reads[1].table.tell("", f"the year {given[1]} at the closing, and {given[0]} at the opening in "
                            f"{reads[0].table.shown}", "a closing after the opening", "Name the earlier table as "
                            "opening_table in [inputs]")  # fmt: skip
    return given[0], given[1]
