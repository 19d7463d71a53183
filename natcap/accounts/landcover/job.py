"""The job of reading a table of areas: zones, classes, dates and areas of its rows, and all that is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from natcap.accounts.classes import ClassList, slug
from natcap.accounts.crosswalk import crosswalk
from natcap.accounts.landcover.amounts import area_of
from natcap.accounts.landcover.doubt import Doubt, doubtful
from natcap.accounts.landcover.heads import YEAR
from natcap.accounts.landcover.labels import Labels
from natcap.accounts.landcover.margincheck import TOTAL, is_total
from natcap.accounts.landcover.sheet import Area, Sheet
from natcap.core.problems import Problem

__all__ = ["YEAR", "Entry", "Job", "TableChoices", "Written"]

_MOST = 50
_DATES = ("opening", "closing")
_TEN = "ukceh_aggregate_10"


@dataclass(frozen=True)
class TableChoices:
    """What natcap.toml says of a table. `years` are those chosen for opening and closing, None where not.

    Of a square matrix: `rows` says which date stands in its rows, `blanks` what an empty cell is; empty where not said.
    `zone` heads the column of zones, `level` and `zones` say which rows are read, `measure` which columns of classes;
    `cell_m` is the side of a cell in metres where areas are counts of cells; `rounded` lets print round.
    `total` is "polygons" where percentages are of the polygons of the zones.
    """

    unit: str = ""
    sheet: str = ""
    years: tuple[int | None, int | None] = (None, None)
    rows: str = ""
    blanks: str = ""
    zone: str = ""
    level: str = ""
    zones: tuple[str, ...] = ()
    measure: str = ""
    cell_m: float | None = None
    rounded: bool = False
    total: str = ""


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
    """What a table says, each area with its place. `years` are those of its two dates, where it gives years.

    A table of one date gives its year as both.
    """

    table: Sheet
    entries: list[Entry]
    names: dict[str, str]
    years: tuple[str, str] | None = None
    told: list[str] = field(default_factory=list)
    synthetic: bool = False
    broken: bool = False
    """Something in the table is wrong, and told; `doubt` says of which zones an area may be missing."""
    doubt: Doubt = frozenset()


class Job:
    """`which` is 0 or 1 for a table of one date, None for a table of both."""

    def __init__(self, table: Sheet, choices: TableChoices, classes: ClassList, which: int | None = None,
                 path: Path | None = None) -> None:  # fmt: skip
        self.path = path
        self.table, self.choices, self.find, self.which = table, choices, Labels(classes), which
        self.classes = classes
        self.scales: dict[str, Fraction | None] = {}
        self.names: dict[str, str] = {}
        self.unknown: dict[str, str] = {}
        self.told: list[str] = []
        self.years: tuple[str, str] | None = None
        self._coded: set[str] = set()

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

    def doubt(self, problems: Iterable[Problem]) -> Doubt:
        """The zones of which these problems took an area away."""
        amounts = [self.table.columns[name] for name in ("area", "opening", "closing") if name in self.table.columns]
        named = [name for name in ("zone", "zone_name") if name in self.table.columns]

        def zone(row: int) -> str:
            text = self.table.text(row, named[0]) if named else "area"
            return "" if is_total(text) else text

        return doubtful(self.table, (*amounts, *self.table.rest), self.scales, problems, zone)

    def position(self, text: str, cell: str) -> int | None:
        """The position of a class; None, and a problem for each text once, where the list has none of it."""
        found = self.find(text) if text else None
        if found is None and is_total(text):
            return TOTAL
        if found is not None:
            self._coded.add(text.removesuffix(".0"))
        elif text not in self.unknown:
            self.unknown[text] = cell
            if len(self.unknown) <= _MOST:
                remedy = f"{self.find.near(text)} Check classes in [choices], or name a class_list in [inputs]".strip()
                expected = f"a code or a name of the class list: {self.classes.title}"
                self.table.tell(cell, f"the class {text!r}" if text else "an empty cell", expected,
                                self._aggregate(text) or remedy)  # fmt: skip
        return found

    def _aggregate(self, text: str) -> str:
        """A remedy for a name that is one of the ten classes to which UKCEH sums the 21; empty for other names."""
        if self.classes.id != "ukceh_lcm_21" or slug(text) not in crosswalk(self.classes.id, _TEN).keys:
            return ""
        return (
            "This is one of the 10 aggregate classes of UKCEH, and the list is that of the 21 classes; the two are "
            "never mixed. Bring a table of the 21 classes, or a class_list of your own in [inputs] for the 10"
        )

    def judge_codes(self) -> None:
        """Refuse classes that are given as the codes 1 to 10 and no others: they may be the ten aggregate classes."""
        if self.classes.id == "ukceh_lcm_21" and self._coded - {"0"} == {str(n) for n in range(1, 11)}:
            self.table.tell(
                "", "the codes 1 to 10, all of them and no others", f"codes of {self.classes.title}",
                "They may be the 10 aggregate classes of UKCEH, whose codes 5 to 10 mean other land. Write the names "
                "of the classes in place of codes; for the 10 name a class_list of your own in [inputs]",
            )  # fmt: skip

    def area(self, row: int, column: int, unit: str | None = None) -> Area | None:
        return area_of(self.table, row, column, self.choices.unit, self.scales, header_unit=unit)

    def field(self, row: int, name: str) -> tuple[str, str]:
        return self.table.text(row, name), self.table.cell(row, self.table.columns[name])

    def dates(self, texts: Mapping[str, str]) -> dict[str, int]:
        """0 or 1, opening or closing, by the text of a date; `texts` gives a cell of each. Others are problems."""
        words = _DATES if self.which is None else (_DATES[self.which],)
        found = {text: _DATES.index(text.casefold()) for text in texts if text.casefold() in words}
        years = {text: int(text) for text in texts if YEAR.fullmatch(text)}
        for text, cell in texts.items():
            if text not in found and text not in years:
                self.table.tell(
                    cell, f"the date {text!r}" if text else "an empty cell", f"{', '.join(words)} or a year"
                )
        return found | (self._of_years(years, texts) if self.which is None else self._of_year(years, texts))

    def _of_year(self, years: Mapping[str, int], cells: Mapping[str, str]) -> dict[str, int]:
        """The one year of a table of one date."""
        which = self.which or 0
        every, chosen = sorted(set(years.values())), self.choices.years[which]
        if not every:
            return {}
        said = ", ".join(map(str, every))
        if chosen is None and len(every) > 1:
            self.table.tell(next(iter(cells.values())), f"the years {said}", f"one date, the {_DATES[which]}",
                            f"Set {_DATES[which]}_year in [choices] to one of them; a table of both dates is an "
                            "area_table")  # fmt: skip
            return {}
        year = every[0] if chosen is None else chosen
        if year not in every:
            self.table.tell(next(iter(cells.values())), f"the year {said}", f"the year {year}, which natcap.toml gives "
                            f"as {_DATES[which]}_year", f"Name the table of {year}, or correct the year")  # fmt: skip
        if len(every) > 1:
            self.told.append(f"{self.table.shown}: of the years {said} only {year} was read")
        self.years = (str(year), str(year))
        return {text: which for text, number in years.items() if number == year}

    def _of_years(self, years: Mapping[str, int], cells: Mapping[str, str]) -> dict[str, int]:
        begin, end = self.choices.years
        if begin is None or end is None:
            every = sorted(set(years.values()))
            if len(every) not in (0, 2):
                said = ", ".join(map(str, every))
                remedy = "Set opening_year and closing_year in [choices] to two of them"
                if len(every) == 1:
                    remedy = ("A table of one date is an opening_table or a closing_table in [inputs], beside one of "
                              "the other date")  # fmt: skip
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
