"""Read tables out of somebody's workbook by their headers, with every problem at its cell."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from natcap.core.numbers import NumberError, number
from natcap.core.problems import InputProblems, Problems, did_you_mean
from natcap.core.workbook.book import Book, Sheet, open_workbook
from natcap.core.workbook.convert import convert_cells
from natcap.core.workbook.find import Header, Index, claims, find_header, home_of, passed_by, unread
from natcap.core.workbook.guard import LOCAL, Limits
from natcap.core.workbook.headed import agreed, disagreeing
from natcap.core.workbook.joined import Tell, part_units
from natcap.core.workbook.merged import filled_down
from natcap.core.workbook.model import Field, TableModel
from natcap.core.workbook.rows import Body, body_of
from natcap.core.workbook.scan import address, column_letters
from natcap.core.workbook.second import second_table
from natcap.core.workbook.seen import hidden, passed_over, perhaps
from natcap.core.workbook.shape import sums, table_above, too_wide

__all__ = ["Tables", "read_tables"]

_MOST = 200
"""Problems told per column before the rest are counted."""


class Tables(dict[str, pd.DataFrame]):
    """Tables by model id, with control totals: rows, the sum of each number column, first and last date."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], models: Sequence[TableModel]) -> None:
        super().__init__(tables)
        self.controls: dict[str, str] = {}
        for model in models:
            frame = self[model.id]
            self.controls[f"{model.id}.rows"] = str(len(frame))
            for item in model.fields:
                if item.kind in ("number", "integer") and frame[item.name].notna().any():
                    self.controls[f"{model.id}.{item.name}.sum"] = repr(float(frame[item.name].sum(min_count=1)))
                elif item.kind == "date" and frame[item.name].notna().any():
                    self.controls[f"{model.id}.{item.name}.first"] = frame[item.name].min().date().isoformat()
                    self.controls[f"{model.id}.{item.name}.last"] = frame[item.name].max().date().isoformat()


def read_tables(
    path: Path,
    models: Sequence[TableModel],
    problems: Problems,
    shown: str | None = None,
    *,
    mapping: Mapping[str, str] | None = None,
    sheets: Mapping[str, Sequence[str]] | None = None,
    fixed: Mapping[str, str] | None = None,
    limits: Limits = LOCAL,
    macros_ok: bool = False,
) -> Tables:
    """Read each model's table from a workbook or CSV file; everything wrong is added to `problems`.

    Frames have the models' fields (numbers float64 with NaN, dates datetime64[s], texts "" where blank), `_sheet`,
    `_row` (as in the file, from 1) and `_cell_<field>` (address of the value, "" where the column is absent).
    `mapping` sends foreign headers to field names; `sheets` names the sheets of a table, read one below the other;
    `fixed` gives the value of fields of the first table for which the file has no column.
    """
    with _without_collector():
        return _tables(path, models, problems, shown or path.name, mapping, sheets, fixed, limits, macros_ok)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Cells are many objects and no circles: looking through them for circles costs as much as reading them."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _tables(
    path: Path, models: Sequence[TableModel], problems: Problems, name: str, mapping: Mapping[str, str] | None,
    sheets: Mapping[str, Sequence[str]] | None, fixed: Mapping[str, str] | None, limits: Limits, macros_ok: bool,
) -> Tables:  # fmt: skip
    book = open_workbook(path, problems, name, limits=limits, macros_ok=macros_ok)
    if book is None:
        return Tables({model.id: _empty(model) for model in models}, models)
    problems.extend(book.warnings)
    reader = _Reader(book, problems, sheets or {}, {models[0].id: dict(fixed or {})})
    indexes = {model.id: Index(model, mapping) for model in models}
    reader.indexes = indexes
    frames: dict[str, pd.DataFrame] = {}
    try:
        found = claims(book, {key: index for key, index in indexes.items() if key not in reader.sheets})
        reader.other_sheets(indexes, found)
        for model in models:
            frames[model.id] = reader.table(indexes[model.id], found.get(model.id, []))
    except InputProblems as refused:  # a sheet that the reading library cannot read
        problems.extend(p for p in refused.problems if p not in problems)
    return Tables({model.id: frames[model.id] if model.id in frames else _empty(model) for model in models}, models)


def _empty(model: TableModel) -> pd.DataFrame:
    return _blank(model).copy()


@lru_cache(maxsize=64)
def _blank(model: TableModel) -> pd.DataFrame:
    columns = {f.name: convert_cells(f, [], lambda *_: None) for f in model.fields}
    extra = {"_sheet": pd.Series([], dtype="str"), "_row": pd.Series([], dtype="int64")}
    return pd.DataFrame(columns | extra | {f"_cell_{f.name}": pd.Series([], dtype="str") for f in model.fields})


class _Addresses:
    """Addresses of the cells of a column, from the row numbers; written by Arrow, which pandas keeps texts in."""

    def __init__(self, numbers: Any) -> None:
        import pyarrow as pa

        self.rows = pa.array(numbers).cast(pa.large_string())

    def of(self, letters: str) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        kind = pa.large_string()
        return pd.array(
            pc.binary_join_element_wise(pa.scalar(letters, kind), self.rows, pa.scalar("", kind)), dtype="str"
        )


class _Reader:
    """Reads the tables of one book into frames; keeps the list of problems."""

    def __init__(
        self, book: Book, problems: Problems, sheets: Mapping[str, Sequence[str]],
        fixed: Mapping[str, Mapping[str, str]],
    ) -> None:  # fmt: skip
        self.book, self.problems, self.sheets, self.fixed = book, problems, sheets, fixed
        self.indexes: Mapping[str, Index] = {}

    def tell(
        self, sheet: str, cell: str, found: object, expected: str, remedy: str = "", warning: bool = False
    ) -> None:
        self.problems.add(self.book.shown, found, expected, remedy, sheet=sheet, cell=cell, warning=warning)

    def table(self, index: Index, found: list[tuple[Sheet, Header]]) -> pd.DataFrame:
        model = index.model
        places = self.named(index) if model.id in self.sheets else self.places(model, found)
        frames = [self.frame(sheet, header, model) for sheet, header in places]
        return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0] if frames else _empty(model)

    def places(self, model: TableModel, found: list[tuple[Sheet, Header]]) -> list[tuple[Sheet, Header]]:
        """The sheets that hold the table; a problem when none does, or several do and none is named."""
        if len(found) > 1:
            names = ", ".join(sheet.name for sheet, _ in found)
            self.tell(
                "", "", f"the table {model.title!r} on several sheets ({names})", f"one sheet, named {model.sheet!r}",
                f"Rename the sheet that counts to {model.sheet!r}.",
            )  # fmt: skip
            return []
        home = home_of(self.book, model)
        if not found and home:
            self.no_header(home.name, model)
        elif not found and model.required:
            near = did_you_mean(model.sheet, [s.name for s in self.book.sheets])
            missing = f"no sheet {model.sheet!r}" if self.book.kind != "csv" else f"no table {model.title!r}"
            self.tell("", "", missing, f"a sheet with the headers {_wanted(model)}", near)
        return found

    def other_sheets(self, indexes: Mapping[str, Index], found: Mapping[str, list[tuple[Sheet, Header]]]) -> None:
        """Sheets like one that is read by its name: a warning beside the template's own name, else a problem."""
        for model, home, others in unread(self.book, indexes, found):
            names = ", ".join(sheet.name for sheet in (home, *others))
            own = home.name.strip().casefold() == model.sheet.casefold()
            self.tell(
                "", "", f"the table {model.title!r} on several sheets ({names})", f"one sheet, named {model.sheet!r}",
                f"Only {home.name!r} was read." if own else f"Rename the sheet that counts to {model.sheet!r}.", own,
            )  # fmt: skip

        for model, sheet in passed_by(self.book, indexes, found):
            if model.id not in self.sheets:
                self.tell(
                    sheet.name, "", f"a sheet that looks like the table {model.title!r}",
                    f"the name {model.sheet!r}, by which alone that table is read",
                    f"Rename the sheet to {model.sheet!r}, or delete it if it is no input.",
                )  # fmt: skip

    def named(self, index: Index) -> list[tuple[Sheet, Header]]:
        model, found = index.model, []
        for name in self.sheets[model.id]:
            sheet = self.book.sheet(name)
            header = find_header(sheet, index) if sheet else None
            if sheet and header:
                found.append((sheet, header))
            elif sheet:
                self.no_header(sheet.name, model)
            else:
                names = [s.name for s in self.book.sheets]
                self.tell("", "", f"no sheet {name!r}", f"one of {', '.join(names)}", did_you_mean(name, names))
        return found

    def no_header(self, sheet: str, model: TableModel) -> None:
        self.tell(sheet, "", "no header row that is known", f"a row with the headers {_wanted(model)}")

    def frame(self, sheet: Sheet, header: Header, model: TableModel) -> pd.DataFrame:
        body = body_of(sheet.rows, header, model, filled_down(sheet, header, self.tell))
        if (at := second_table(sheet.rows, header, model, self.indexes, body.kinds)) is not None:
            sheet = self.alone(sheet, at)
            body = body_of(sheet.rows, header, model, filled_down(sheet, header, self.tell))
        part_units(body, header, model, partial(self.cell, sheet, header, body), self.fixed.get(model.id, {}))
        self.check_header(sheet, header, model)
        for shape in (*table_above(sheet, header, self.indexes[model.id]), *too_wide(sheet, header, body)):
            self.tell(sheet.name, *shape)
        beside = partial(self.tell, sheet.name)
        passed_over(sheet, body, beside)
        hidden(sheet, header, body, beside)
        bad = self.broken_cells(sheet, header, body)
        frame = pd.DataFrame(
            {
                f.name: self.column(f, sheet, header, body, bad, self.fixed.get(model.id, {}).get(f.name, ""))
                for f in model.fields
            },
            index=range(len(body.rows)),
        )
        self.check_totals(sheet, header, model, body, frame)
        for place, rows in sums(model, header, body, frame):
            remedy = "Delete the row. If it is an entry, give it another name."
            self.tell(sheet.name, place, f"the sum of {rows}, in a row named like a total", "entries only", remedy)
        for name, (text, column) in header.units.items():
            given = self.fixed.get(model.id, {}).get(name, "") if name not in header.columns else ""
            for reason in disagreeing(model.field(name), text, frame[name], given):
                self.tell(sheet.name, self.at(header, column), *reason)
        numbers = (body.rows + 1).astype("int64")
        places: dict[str, Any] = {"_sheet": sheet.name, "_row": numbers}
        addresses = _Addresses(numbers)
        for f in model.fields:
            letters = column_letters(header.columns[f.name]) if f.name in header.columns else ""
            places[f"_cell_{f.name}"] = addresses.of(letters) if letters else ""
        return frame.assign(**places)

    def alone(self, sheet: Sheet, at: int) -> Sheet:
        """The sheet down to the row at which another table begins, which is a problem."""
        texts = [str(cell) for cell in sheet.rows[at] if cell != ""]
        place = next(column for column, cell in enumerate(sheet.rows[at]) if cell != "")
        self.tell(
            sheet.name, address(at, place), f"a second table below the first ({', '.join(texts[:6])})",
            "one table on a sheet", f"Move what begins in row {at + 1} to a sheet of its own, or delete it; from there "
            "on nothing was read.",
        )  # fmt: skip
        return replace(sheet, load=lambda rows=sheet.rows[:at]: rows)  # type: ignore[misc]

    def cell(self, sheet: Sheet, header: Header, body: Body, name: str) -> Tell:
        """Tells a problem at the cell of a column, by the position of its row."""

        def tell(position: int, found: object, expected: str, remedy: str = "") -> None:
            self.tell(sheet.name, address(int(body.rows[position]), header.columns[name]), found, expected, remedy)

        return tell

    def check_header(self, sheet: Sheet, header: Header, model: TableModel) -> None:
        missing = [f for f in model.fields if f.name not in header.columns]
        for f in missing:
            if f.required and not self.fixed.get(model.id, {}).get(f.name) and f.name not in header.units:
                self.tell(
                    sheet.name, f"row {header.row + 1}", f"no column {f.label!r}",
                    "a header " + " or ".join(repr(text) for text in f.headers), perhaps(header, f),
                )  # fmt: skip
        for name, at in header.repeated:
            label = model.field(name).label
            self.tell(
                sheet.name,
                self.at(header, at),
                f"a second column {label!r}",
                "each column once",
                "Rename or delete one.",
            )
        for text, at, label in header.wrong_units:
            self.tell(
                sheet.name, self.at(header, at), text, f"{label!r}", "Convert the column, or give its unit in a column."
            )
        labels = [f.label for f in missing]
        for text, at in header.unknown:
            remedy = f"The column was not read. {did_you_mean(text, labels)}".strip()
            self.tell(sheet.name, self.at(header, at), text, "a column of this table", remedy, warning=True)

    @staticmethod
    def at(header: Header, column: int) -> str:
        return address(header.first - 1, column)

    def broken_cells(self, sheet: Sheet, header: Header, body: Body) -> set[tuple[int, int]]:
        """Cells with an error or with a formula that was never calculated: each is a problem."""
        bad: set[tuple[int, int]] = set()
        if not (sheet.scan.errors or sheet.scan.unsaved):
            return bad
        rows, columns = set(body.rows.tolist()), set(header.columns.values())
        for (row, column), text in sorted(sheet.scan.errors.items()):
            if row in rows and column in columns:
                bad.add((row, column))
                self.tell(sheet.name, address(row, column), f"the error {text}", "a value", "Correct the formula.")
        for row, column in sorted(sheet.scan.unsaved - bad):
            if row in rows and column in columns:
                bad.add((row, column))
                remedy = "Open the file in Excel or LibreOffice, let it calculate, and save it."
                self.tell(sheet.name, address(row, column), "a formula without a saved value", "a value", remedy)
        return bad

    def column(
        self, f: Field, sheet: Sheet, header: Header, body: Body, bad: set[tuple[int, int]], fixed: str = ""
    ) -> pd.Series:
        """One field's values; blanks in a required column are problems."""
        at = header.columns.get(f.name)
        if at is None:
            inside = header.units.get(f.name, ("", 0))[0] if not fixed else ""
            return self.filled(f, fixed or (inside if agreed(f, inside) else ""), len(body.rows))
        said = 0

        def tell(position: int, found: object, expected: str, remedy: str = "") -> None:
            nonlocal said
            said += 1
            row = int(body.rows[position])
            if said <= _MOST and (row, at) not in bad:
                self.tell(sheet.name, address(row, at), found, expected, remedy)

        cells = body.cells[f.name]
        values = convert_cells(f, cells, tell, sheet.delimiter, body.kinds[f.name])
        if f.required:
            for position in [i for i, cell in enumerate(cells) if cell == ""] if "" in cells else ():
                tell(position, "an empty cell", f"a value for {f.label!r}")
        if said > _MOST:
            self.tell(sheet.name, column_letters(at), f"a further {said - _MOST:,} such cells", f"{f.label!r} as above")
        return values

    def filled(self, f: Field, fixed: str, rows: int) -> pd.Series:
        """A column that the file does not have: blank, or one fixed value, told once where it does not fit."""

        def tell(position: int, found: object, expected: str, remedy: str = "") -> None:
            if position == 0:
                self.tell("", "", found, expected, remedy or f"It was given for the column {f.label!r}.")

        one = convert_cells(f, [fixed] if rows else [], tell)
        return one.take(np.zeros(rows, dtype="int64")).reset_index(drop=True)

    def check_totals(self, sheet: Sheet, header: Header, model: TableModel, body: Body, frame: pd.DataFrame) -> None:
        """Compare each totals row with the sum since the last one, or with the sum of all rows above."""
        since = 0
        for row in body.totals:
            last = int(np.searchsorted(body.rows, row))
            for f in model.fields:
                at = header.columns.get(f.name)
                if f.kind not in ("number", "integer") or at is None or at >= len(sheet.rows[row]):
                    continue
                stated = _stated(sheet.rows[row][at])
                if stated is None:
                    continue
                sums = [float(frame[f.name].iloc[start:last].sum()) for start in (since, 0)]
                if not any(np.isclose(stated, found, rtol=1e-6, atol=0.5e-2) for found in sums):
                    expected = f"the sum of the rows, {sums[-1]:,.10g}"
                    remedy = "The rows were taken; check which is right."
                    self.tell(sheet.name, address(row, at), f"a total of {stated:,.10g}", expected, remedy, True)
            since = last


def _stated(cell: Any) -> float | None:
    """The number of a total; a CSV file holds it as text. None where there is no plain number to compare with."""
    try:
        return number(cell)
    except NumberError:
        return None


def _wanted(model: TableModel) -> str:
    return ", ".join(f.label for f in model.fields if f.required)
