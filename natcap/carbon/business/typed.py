"""The bills that were typed in: one CSV file of a project for each period, in the layout of the activity template.

`typed_2025.csv` holds the rows typed for 2025. A build reads it below the files that natcap.toml names for the same
period, and its rows are read, checked and cited like any other; the user's own workbook is never written.
"""

from __future__ import annotations

import csv
import io
import os
import re
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from natcap.carbon.business.models import activity_model
from natcap.core.problems import InputProblems, Problem
from natcap.core.project import Period

__all__ = ["FIELDS", "PATTERN", "Bill", "Folder", "Memory", "Sheet", "is_typed", "name_of", "unsafe", "with_typed"]

PATTERN = "typed_*.csv"
_NAME = re.compile(r"typed_\d{4}(?:-\d\d-\d\d_to_\d{4}-\d\d-\d\d)?\.csv")
FIELDS: tuple[str, ...] = tuple(f.name for f in activity_model(False).fields)
"""Names of the columns, in the order of the file."""
_HEADER = [f.label for f in activity_model(False).fields]
_RISKY = ("=", "+", "-", "@", "'", "\t", "\r")
_MOST = 4 * 2**20
_WRITING = threading.Lock()


def name_of(period: Period) -> str:
    """The file of a period: typed_2025.csv, or typed_2024-04-01_to_2025-03-31.csv."""
    return f"typed_{str(period).replace(' ', '_')}.csv"


def is_typed(path: Path) -> bool:
    """Whether a file has the name of one of these."""
    return _NAME.fullmatch(path.name) is not None


def with_typed(root: Path, paths: Sequence[Path], period: Period) -> list[Path]:
    """The files of a period and, below them, what was typed for it; a file that is named already comes once."""
    path = (root / name_of(period)).resolve()
    return [*paths, path] if path.is_file() and path not in paths else list(paths)


def unsafe(text: str) -> bool:
    """Whether a spreadsheet that opens the file would take a text for a formula."""
    return text.startswith(_RISKY)


@dataclass(frozen=True, slots=True)
class Bill:
    """One row as it stands in the file: its number there (from 1, the header is row 1) and its texts by field."""

    row: int
    texts: tuple[str, ...]

    def __getitem__(self, name: str) -> str:
        return self.texts[FIELDS.index(name)]


class Sheet:
    """The rows typed for one period. `read` and `write` say where they are kept."""

    def __init__(self, name: str) -> None:
        self.name = name

    def read(self) -> bytes:
        """The file as it stands; empty where there is none."""
        raise NotImplementedError

    def write(self, data: bytes) -> None:
        """Put the file in its place whole, or leave what was there."""
        raise NotImplementedError

    def head(self) -> bytes:
        """A file without rows."""
        return _written([_HEADER])

    def bills(self) -> list[Bill]:
        """Every row that is not blank. Raises InputProblems where the file is not as this module writes it."""
        return [bill for bill in _rows(self.read(), self.name) if any(bill.texts)]

    def with_bill(self, texts: Mapping[str, str]) -> tuple[bytes, int]:
        """(the file with one row more, the number of that row), without writing it."""
        data = self.read()
        rows = _rows(data, self.name)
        head = data if data.strip() else _written([_HEADER])
        if not head.endswith((b"\n", b"\r")):
            head += b"\n"
        return head + _written([[texts.get(name, "") for name in FIELDS]], ""), (rows[-1].row if rows else 1) + 1

    def add(self, texts: Mapping[str, str]) -> int:
        """Write one row more; returns its number. Raises InputProblems when that cannot be done."""
        with _WRITING:
            data, row = self.with_bill(texts)
            if len(data) > _MOST:
                raise self.refused(f"a file of {len(data):,} bytes", f"at most {_MOST:,} bytes", "Use a workbook.")
            self.write(data)
        return row

    def remove(self, bill: Bill) -> None:
        """Take one row out; refused where another row stands in its place by now."""
        with _WRITING:
            rows = _rows(self.read(), self.name)
            if bill not in rows:
                raise self.refused("another row in its place", "the row as it was shown", "Load the page again.")
            self.write(_written([_HEADER, *(list(other.texts) for other in rows if other != bill)]))

    def refused(self, found: str, expected: str, remedy: str) -> InputProblems:
        """A refusal that names the file."""
        return InputProblems([Problem(self.name, found, expected, remedy)])


class Memory(Sheet):
    """Rows kept only while somebody looks, for a page that must not write: they are given away as a download."""

    def __init__(self, name: str, data: bytes = b"") -> None:
        super().__init__(name)
        self._data = data

    def read(self) -> bytes:
        return self._data

    def write(self, data: bytes) -> None:
        self._data = data


class Folder(Sheet):
    """Rows kept in a file of the project folder."""

    def __init__(self, root: Path, period: Period) -> None:
        super().__init__(name_of(period))
        self.path = root / self.name

    def read(self) -> bytes:
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise self._closed(error) from None

    def write(self, data: bytes) -> None:
        """Written beside and then renamed over, so that a reader sees the old file or the new one, never a part."""
        beside = ""
        try:
            if self.path.is_symlink():
                raise self.refused("a link to another place", "a file of the project folder", "Replace it by a file.")
            handle, beside = tempfile.mkstemp(prefix=f".{self.name}-", dir=self.path.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            os.chmod(beside, self.path.stat().st_mode & 0o777 if self.path.exists() else 0o644)
            os.replace(beside, self.path)
        except OSError as error:
            if beside:
                Path(beside).unlink(missing_ok=True)
            raise self._closed(error) from None

    def _closed(self, error: OSError) -> InputProblems:
        why = error.strerror or type(error).__name__
        return self.refused(
            f"a file that cannot be used ({why})", "a file of the folder that may be written",
            "Close it where it is open, or give this program leave to write into the folder.",
        )  # fmt: skip


def _written(rows: Iterable[Sequence[str]], mark: str = "\ufeff") -> bytes:
    """Rows as CSV; the mark at the beginning tells spreadsheets that the file is UTF-8."""
    made = io.StringIO(newline="")
    csv.writer(made, lineterminator="\n").writerows(rows)
    return (mark + made.getvalue()).encode("utf-8")


def _rows(data: bytes, name: str) -> list[Bill]:
    """Every row below the header, blank ones too."""
    if not data.strip():
        return []
    remedy = f"Nothing was written. Put the header back, or rename the file and name it in natcap.toml: {name}."
    try:
        read = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        raise InputProblems([Problem(name, "a file changed elsewhere", "CSV in UTF-8", remedy)]) from None
    if [cell.strip() for cell in read[0]] != _HEADER:
        raise InputProblems([Problem(name, "a header changed elsewhere", ", ".join(_HEADER), remedy, cell="row 1")])
    width = len(_HEADER)
    return [Bill(number, tuple((cells + [""] * width)[:width])) for number, cells in enumerate(read[1:], start=2)]
