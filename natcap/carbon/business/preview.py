"""What one more bill would do to an inventory, worked out as the build works it out, before anything is written.

The texts of a form are read as the cells of a sheet are, written as a row of the typed bills, and that row is read,
checked, planned and multiplied by the same functions as every other row. There is no arithmetic here.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as made
from functools import lru_cache
from pathlib import Path

import pandas as pd

from natcap.carbon.business.entered import Finding, cells_of, sentence
from natcap.carbon.business.files import Layout, Tables, below, layout_of, paths_of, read_files
from natcap.carbon.business.inputs import year_of
from natcap.carbon.business.models import Choices, activity_model, read_choices
from natcap.carbon.business.own import OwnFactor, read_own
from natcap.carbon.business.reading import book_of
from natcap.carbon.business.result import of_year
from natcap.carbon.business.typed import FIELDS, Folder, Sheet
from natcap.carbon.business.wings import SPECS
from natcap.core.problems import InputProblems, Problem, Problems
from natcap.core.project import FILE, Period, Project
from natcap.core.wings import known_choices

__all__ = ["NEEDED", "Ledger", "Preview"]

NEEDED: tuple[str, ...] = tuple(f.name for f in activity_model(False).fields if f.required)
"""Fields without which a bill cannot be counted."""
_BESIDE = ("spend", "generation", "commuting", "changes", "categories")
_TAKEN = (
    "The row could not be read back as one entry: it would be taken for a total, a header or a note. Write its texts "
    "in other words."
)
_CELL = re.compile(r"([A-Z]+)([0-9]+)")


@dataclass(frozen=True)
class Preview:
    """A bill as it would be counted. `lines` are its lines (columns as of `natcap.core.lines`), empty while something
    is missing or wrong; `texts` is the row that would be written, `row` its number in the file."""

    texts: Mapping[str, str]
    row: int
    findings: tuple[Finding, ...] = ()
    missing: tuple[str, ...] = ()
    lines: pd.DataFrame = made(default_factory=pd.DataFrame)

    @property
    def problems(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if not f.warning)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(f for f in self.findings if f.warning)

    @property
    def ready(self) -> bool:
        """Whether the bill can be counted as it stands."""
        return not self.problems and not self.missing and len(self.lines) > 0


class Ledger:
    """The records of one project for its period, and what was typed below them."""

    def __init__(self, project: Project, sheet: Sheet | None = None) -> None:
        """`sheet` is where typed rows are kept: the project's own file unless another is given."""
        self.project = project
        self.sheet = sheet or Folder(project.root, project.period)
        self._told = Problems()
        others = known_choices(SPECS)
        given = {key: value for key, value in project.choices.items() if key not in others}
        self.choices: Choices = read_choices(given, self._told)
        self.layout: Layout = layout_of(project, self._told)

    @property
    def period(self) -> Period:
        return self.project.period

    def records(self) -> Tables:
        """The tables of the user's own files; read again only when a file has changed."""
        paths = [p for p in paths_of(self.project, "activity", Problems()) if p.name != self.sheet.name]
        key = tuple((str(p), self.project.shown(p), p.stat().st_size, p.stat().st_mtime_ns) for p in paths)
        own = self.layout
        named = tuple(tuple(given.items()) for given in (own.headers, own.fixed, own.shapes))
        return _read(key, named, own.sheets, self.period)

    def own(self) -> Mapping[str, OwnFactor]:
        """The factors of the user's own sheet, by name."""
        return read_own(self.records().frames["factors"], Problems())

    def known(self, name: str, site: str = "") -> list[str]:
        """Values of a field ("site" or "item") in the records, in order; those of one site where it is named."""
        frames = self.records().frames
        rows = frames["activity"]
        if name == "item" and site:
            rows = rows[rows["site"].astype("str").str.casefold() == site.casefold()]
        listed = frames["sites"]["site"].tolist() if name == "site" else []
        found = dict.fromkeys(str(text) for text in (*listed, *rows[name].unique(), *self._typed(name, site)) if text)
        return list(found)

    def _typed(self, name: str, site: str) -> list[str]:
        try:
            bills = self.sheet.bills()
        except InputProblems:
            return []
        return [b[name] for b in bills if name == "site" or not site or b["site"].casefold() == site.casefold()]

    def preview(self, given: Mapping[str, str]) -> Preview:
        """What the texts of a form come to. Raises InputProblems where the file of typed rows cannot be used."""
        texts, findings = cells_of(given)
        missing = tuple(name for name in NEEDED if not str(given.get(name, "")).strip())
        data, row = self.sheet.with_bill(texts)
        refused = {f.field for f in findings}
        if refused & set(NEEDED) or not texts["activity"]:
            return Preview(texts, row, tuple(findings), missing)
        tables, reading = self._tables(data)
        if not self._read_back(tables, row):
            findings += [] if missing else [Finding("", _TAKEN)]
            return Preview(texts, row, tuple(findings), missing)
        lines, told = self._alone(tables, reading)
        absent = {*missing, *refused}
        own = [f for f in self._of(told, row, ("activity", FILE)) if f.field not in absent]
        if not (own_problems := [f for f in own if not f.warning]) and not absent:
            own += [f for f in self._of(self._together(tables), row) if f not in own]
        ready = not own_problems and not absent
        if ready and lines.empty:
            own.append(Finding("start", f"Its days lie outside of {self.period}: it would not be counted."))
        return Preview(texts, row, (*findings, *own), missing, lines if ready else lines.iloc[:0])

    def _tables(self, data: bytes) -> tuple[Tables, Problems]:
        """The tables of a file of typed rows, and everything that is told about it."""
        problems = Problems()
        with tempfile.TemporaryDirectory(prefix="natcap-") as folder:
            path = Path(folder) / self.sheet.name
            path.write_bytes(data)
            return read_files([path], [self.sheet.name], problems, Layout(), self.period), problems

    def _read_back(self, tables: Tables, row: int) -> bool:
        """Whether the new row came back as the last one, and none of those above it went."""
        read = tables.frames["activity"]["_row"].tolist()
        before = self.sheet.read()
        above = self._tables(before)[0].frames["activity"]["_row"].tolist() if before.strip() else []
        return bool(read == [*above, row])

    def _alone(self, tables: Tables, reading: Problems) -> tuple[pd.DataFrame, Problems]:
        """The lines of the last row by itself, beside the sites, contracts and factors of the user, and what is told.

        By itself, because the build tells a fault that many rows share only at the first of them.
        """
        told = Problems([*self._told, *reading])
        frames = {key: frame.iloc[:0] if key in _BESIDE else frame for key, frame in self.records().frames.items()}
        frames["activity"] = tables.frames["activity"].iloc[[-1]].reset_index(drop=True)
        book = book_of(Tables(frames, {}, self.sheet.name), self.period, self.choices, told)
        year = year_of(book, self.period, self.choices, self.choices.factor_year, told)
        if any(self._own(p) and p.severity == "problem" for p in told) or not len(book.rows.frame):
            return pd.DataFrame(), told
        return of_year(year, self.choices).lines, told

    def _together(self, tables: Tables) -> Problems:
        """What is told when the row stands among all others: duplicates, overlaps, slips."""
        told = Problems()
        book_of(below(self.records(), tables), self.period, self.choices, told)
        return told

    def _own(self, problem: Problem) -> bool:
        return problem.file in (self.sheet.name, FILE)

    def _of(self, told: Problems, row: int, files: tuple[str, ...] = ()) -> Iterator[Finding]:
        """What is told of one row, by field; and of natcap.toml, where asked."""
        seen: set[tuple[str, str]] = set()
        for problem in told:
            cell = _CELL.fullmatch(problem.cell)
            ours = problem.file == self.sheet.name and cell is not None and int(cell[2]) == row
            if not ours and not (FILE in files and problem.file == FILE and problem.severity == "problem"):
                continue
            name = FIELDS[_place(cell[1])] if ours and cell else ""
            if (name, problem.found) not in seen:
                seen.add((name, problem.found))
                yield Finding(name, sentence(problem), problem.severity == "warning")


def _place(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


@lru_cache(maxsize=4)
def _read(
    files: tuple[tuple[str, str, int, int], ...],
    named: tuple[tuple[tuple[str, str], ...], ...], sheets: tuple[str, ...], period: Period,
) -> Tables:  # fmt: skip
    """Tables of files by path, shown name, size and time; what is wrong in them is told by the build."""
    if not files:
        return _nothing(period)
    headers, fixed, shapes = (dict(given) for given in named)
    given = Layout(headers, fixed, sheets, shapes)
    return read_files([Path(f[0]) for f in files], [f[1] for f in files], Problems(), given, period)


def _nothing(period: Period) -> Tables:
    """The tables of a project whose files are not there."""
    with tempfile.TemporaryDirectory(prefix="natcap-") as folder:
        path = Path(folder) / "none.csv"
        path.write_text("none\n", encoding="utf-8")
        return read_files([path], ["none"], Problems(), Layout(), period)
