"""Square change matrices as people write them: classes in the first row and the first column, an area in each cell.

Opening in rows and closing in columns (SEEA EA, Table 4.2); the other way round is declared (`matrix_rows`), never
guessed. A workbook may hold one sheet a zone, or one sheet a column of zones before the classes. An empty cell is not
zero unless that is declared as well (`matrix_blanks`). Totals at the edges are compared with their sums.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from natcap.accounts.classes import ClassList
from natcap.accounts.landcover.amounts import area_of
from natcap.accounts.landcover.doubt import Doubt, doubtful, joined
from natcap.accounts.landcover.heads import bare_label, unit_in
from natcap.accounts.landcover.job import Entry, Job, TableChoices, Written
from natcap.accounts.landcover.labels import Labels
from natcap.accounts.landcover.maps import SYNTHETIC_TAG
from natcap.accounts.landcover.margincheck import TOTAL, is_total
from natcap.accounts.landcover.sheet import DEEPEST, Sheet, judge_cells
from natcap.core.problems import Problem, Problems
from natcap.core.workbook.find import IGNORED_SHEETS
from natcap.core.workbook.model import header_key

__all__ = ["BLANKS", "ROWS", "find_matrices", "read_matrices"]

ROWS = ("opening", "closing")
BLANKS = ("zero",)
_ZONES = {"zone": ("zone", "zone id", "zone code", "area code"), "zone_name": ("zone name", "area name", "name")}
_TURN = (
    'Set matrix_rows = "closing" in [choices] where the classes of the closing stand in the rows, matrix_rows = '
    '"opening" where those of the opening do; or correct the label'
)
_MOST = 20


@dataclass(frozen=True)
class _Place:
    """Where a matrix stands on a sheet: its header row, the column of its row labels, the columns of zones."""

    sheet: Any
    header: int
    label: int
    zones: dict[str, int]


def find_matrices(sheets: Sequence[Any], classes: ClassList) -> list[_Place]:
    """The matrices on the sheets of a workbook, at most one a sheet, found by the class names on two sides."""
    find = Labels(classes)
    found = [_find(sheet, find) for sheet in sheets if not sheet.hidden and
             sheet.name.strip().casefold() not in IGNORED_SHEETS]  # fmt: skip
    return [place for place in found if place is not None]


def _find(sheet: Any, find: Labels) -> _Place | None:
    for number, row in enumerate(sheet.rows[:DEEPEST]):
        hits = [column for column, value in enumerate(row) if find(bare_label(str(value))) is not None]
        if len(hits) < 2 or not hits[0]:
            continue
        label = hits[0] - 1
        if any(len(later) > label and find(later[label]) is not None for later in sheet.rows[number + 1 :]):
            zones = {name: column for column in range(label) for name, known in _ZONES.items()
                     if header_key(row[column]) in known}  # fmt: skip
            return _Place(sheet, number, label, zones)
    return None


def read_matrices(places: Sequence[_Place], path: Path, shown: str, kind: str, choices: TableChoices,
                  classes: ClassList, problems: Problems) -> Written:  # fmt: skip
    """Every area of the matrices. Adds every problem found. `kind` is that of the workbook."""
    before, entries = len(problems.errors), list[Entry]()
    names: dict[str, str] = {}
    told: list[str] = []
    tables, doubts = [], list[Doubt]()
    for place in places:
        held = len(problems)
        matrix = _Matrix(place, shown, kind, choices, classes, problems, len(places) > 1)
        entries += matrix.entries()
        tables.append(matrix.table)
        names |= matrix.job.names
        told += matrix.job.told
        doubts.append(matrix.doubt(problems[held:]))
    if not choices.rows:
        told.append(
            f"{shown}: rows were read as the opening and columns as the closing, as in SEEA EA, Table 4.2; "
            'matrix_rows = "closing" in [choices] says the other way'
        )
    broken = len(problems.errors) > before
    return Written(tables[0], entries, names, None, told, SYNTHETIC_TAG in path.name, broken, joined(doubts))


class _Matrix:
    """One matrix: its rows and columns by what they stand for, and the areas between them."""

    def __init__(self, place: _Place, shown: str, kind: str, choices: TableChoices, classes: ClassList,
                 problems: Problems, many: bool) -> None:  # fmt: skip
        sheet, self.place, self.choices, self.many = place.sheet, place, choices, many
        texts = [str(value).strip() for value in sheet.rows[place.header]]
        name = sheet.name if kind != "csv" else ""
        self.table = Sheet(shown, name, place.header, texts, dict(place.zones), {}, sheet.rows, problems)
        judge_cells(self.table, sheet.scan)
        self.job = Job(self.table, choices, classes)
        self.names = ("no data", *(c.name for c in classes.classes if c.role == "class"))
        self.corner = texts[place.label]
        self.turned = choices.rows == "closing"
        self.dates = ROWS[::-1] if self.turned else ROWS
        self.blank: list[str] = []

    def entries(self) -> Iterator[Entry]:
        self._judge_corner()
        header = self.table.header
        stands = {n: self._stands(self.table.texts[n], header, n)
                  for n in range(self.place.label + 1, len(self.table.texts))}  # fmt: skip
        columns = {column: position for column, position in stands.items() if position is not None}
        self._once([(position, self.table.cell(header, column)) for column, position in columns.items()], "")
        rows: dict[str, list[tuple[int, int]]] = {}
        for row in self._body():
            zone, position = self._zone(row), self._stands(self.table.at(row, self.place.label), row, self.place.label)
            if zone is not None and position is not None:
                rows.setdefault(zone, []).append((row, position))
        for zone, mine in rows.items():
            self._once([(position, self.table.cell(row, self.place.label)) for row, position in mine], zone)
            self._square(zone, {position for _, position in mine}, set(columns.values()))
            yield from self._areas(zone, mine, columns)
        self._tell_blank()

    def _areas(self, zone: str, rows: list[tuple[int, int]], columns: dict[int, int]) -> Iterator[Entry]:
        for row, down in rows:
            for column, across in columns.items():
                cell, empty = self.table.cell(row, column), self.table.at(row, column) == ""
                if empty and (TOTAL in (down, across) or cell in self.table.faulty):
                    continue
                if empty:
                    self.blank.append(cell)
                    if not self.choices.blanks:
                        continue
                area = area_of(self.table, row, column, self.choices.unit, self.job.scales, unit_in(self.corner), 0)
                if area is not None:
                    yield Entry(zone, *((across, down) if self.turned else (down, across)), area)

    def doubt(self, problems: Sequence[Problem]) -> Doubt:
        """The zones of which these problems took an area away."""
        columns = range(self.place.label + 1, len(self.table.texts))
        found = doubtful(self.table, columns, self.job.scales, problems, self._known_zone)
        return None if len(self.blank) > _MOST else found

    def _known_zone(self, row: int) -> str | None:
        """The zone of a row in which something else was told."""
        if self._known(self.table.at(row, self.place.label)) is None:
            return None
        if self.place.zones or not self.many:
            named = [name for name in ("zone", "zone_name") if name in self.table.columns]
            text = self.table.text(row, named[0]) if named else "area"
        else:
            text = self.table.name
        return "" if is_total(text) else text

    def _zone(self, row: int) -> str | None:
        if self.place.zones or not self.many:
            return self.job.zone(row)
        if is_total(self.table.name):
            return ""
        self.job.names.setdefault(self.table.name, self.table.name)
        return self.table.name

    def _body(self) -> list[int]:
        """Rows with a label or a number; a lone text that is no class is a note, and that is told."""
        found, notes = [], []
        for row in range(self.table.header + 1, len(self.table.rows)):
            filled = [value for value in self.table.rows[row] if str(value).strip()]
            label = self.table.at(row, self.place.label)
            if len(filled) == 1 and isinstance(filled[0], str) and self._known(label) is None:
                notes.append(str(row + 1))
            elif filled:
                found.append(row)
        if notes:
            self.table.tell(f"row {', '.join(notes[:10])}", "a lone text", "rows of the matrix", "Passed over.", True)
        return found

    def _known(self, text: Any) -> int | None:
        position = self.job.find(text if not isinstance(text, str) else bare_label(text))
        return TOTAL if position is None and _margin(str(text)) else position

    def _stands(self, text: Any, row: int, column: int) -> int | None:
        """The class, or TOTAL, of a label of a row or column; None, and a problem, where it is neither."""
        position, cell = self._known(text), self.table.cell(row, column)
        if position == TOTAL:
            beside = row == self.table.header
            date = _margin(str(text))
            if date in ROWS and date != self.dates[0 if beside else 1]:
                self._wrong_way(cell, f"the margin {text!r} {'beside the rows' if beside else 'below the columns'}")
            return TOTAL
        if position is None and text == "" and row == self.table.header:
            filled = any(self.table.at(r, column) != "" for r in range(row + 1, len(self.table.rows)))
            return self.job.position("", cell) if filled else None
        if position is None and row == self.table.header and not self._numbers(column):
            self.table.tell(cell, str(text), "a class of the list", "The column was not read.", True)
            return None
        return self.job.position(bare_label(str(text)), cell) if position is None else position

    def _numbers(self, column: int) -> bool:
        """Whether a number stands in a column; it may then be a class whose name is written in another way."""
        values = (str(self.table.at(row, column)) for row in range(self.table.header + 1, len(self.table.rows)))
        return any(value[:1].isdigit() or value[1:2].isdigit() for value in values)

    def _judge_corner(self) -> None:
        word = header_key(self.corner).split(" ")[0]
        date = {"from": "opening", "opening": "opening", "to": "closing", "closing": "closing"}.get(word)
        if date and date != self.dates[0]:
            self._wrong_way(self.table.cell(self.table.header, self.place.label), f"the rows labelled {self.corner!r}")

    def _wrong_way(self, cell: str, found: str) -> None:
        said = "as matrix_rows says" if self.choices.rows else "as long as matrix_rows does not say otherwise"
        self.table.tell(cell, found, f"the {self.dates[0]} in rows and the {self.dates[1]} in columns, {said}", _TURN)

    def _once(self, places: list[tuple[int, str]], zone: str) -> None:
        first: dict[int, str] = {}
        for position, cell in places:
            if position in first:
                found = f"{self._label(position)} for the second time" + (f" in {zone}" if zone else "")
                self.table.tell(cell, found, f"each class once (first in {first[position]})",
                                "Add the two up, or delete the one that is wrong")  # fmt: skip
            first.setdefault(position, cell)

    def _square(self, zone: str, rows: set[int], columns: set[int]) -> None:
        """Refuse a class that has a row and no column, or a column and no row."""
        for lacking, there, what in ((columns - rows, rows, "row"), (rows - columns, columns, "column")):
            for position in sorted(lacking - {TOTAL}) if there else ():
                found = f"no {what} for {self._label(position)}" + (f" in {zone}" if self.place.zones else "")
                self.table.tell("", found, "a square matrix: every class in a row and in a column",
                                f"Add the {what}; write 0 where there was none")  # fmt: skip

    def _label(self, position: int) -> str:
        return "the total" if position == TOTAL else f"the class {self.names[position]}"

    def _tell_blank(self) -> None:
        if not self.blank:
            return
        if self.choices.blanks:
            of = f" of the sheet {self.table.name}" if self.table.name else ""
            self.job.told.append(
                f"{self.table.shown}: {len(self.blank)} empty cells{of} "
                f'were taken as 0, as matrix_blanks = "zero" says (first: {self.blank[0]})'
            )
            return
        for cell in self.blank[:_MOST]:
            more = len(self.blank) - _MOST
            told = f"an empty cell, and {more} more" if more > 0 and cell == self.blank[_MOST - 1] else "an empty cell"
            self.table.tell(cell, told, "an area: absence is not zero", "Write 0 where there was none; or set "
                            'matrix_blanks = "zero" in [choices], and every empty cell is 0')  # fmt: skip


def _margin(text: str) -> str:
    """ "opening" or "closing" for a label of sums at that date, "total" for another total, empty for none."""
    words = bare_label(text).casefold().split()
    if is_total(bare_label(text)):
        return "total"
    dates = [word for word in ROWS if word in words]
    rest = set(words) - set(ROWS) - {"total", "totals", "extent", "area", "at", "the", "sum", "stock"}
    return dates[0] if len(dates) == 1 and not rest else ""
