"""Read .xls and .ods in a process of its own.

Their formats let a small file claim a table that no memory holds, and the reader aborts the process when it tries.
A child with a limit of memory and time can abort without harm.
"""

from __future__ import annotations

import marshal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from natcap.core.problems import InputProblems, Problem

__all__ = ["read_isolated"]

_SECONDS = 60
_CHILD = r"""
import datetime, io, marshal, sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except (ImportError, ValueError, OSError):
    pass
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum
most = int(sys.argv[1])
def plain(value):
    if isinstance(value, datetime.datetime): return ("dt", value.isoformat())
    if isinstance(value, datetime.date): return ("d", value.isoformat())
    if isinstance(value, datetime.time): return ("t", value.isoformat())
    if isinstance(value, datetime.timedelta): return ("td", value.total_seconds())
    return value
book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
sheets = []
for meta in book.sheets_metadata:
    if meta.typ != SheetTypeEnum.WorkSheet: continue
    sheet = book.get_sheet_by_name(meta.name)
    if sheet.total_height * sheet.total_width > most: sys.exit(3)
    rows = sheet.to_python(skip_empty_area=False)
    simple = {str, float, int, bool}
    rows = [row if set(map(type, row)) <= simple else [plain(v) for v in row] for row in rows]
    merged = sheet.merged_cell_ranges or []
    merged = [(a[0], a[1], b[0], b[1]) for a, b in merged]
    sheets.append((meta.name, meta.visible != SheetVisibleEnum.Visible, merged, rows))
sys.stdout.buffer.write(marshal.dumps(sheets))
"""
_READERS: dict[str, Callable[[Any], Any]] = {
    "dt": datetime.fromisoformat,
    "d": date.fromisoformat,
    "t": time.fromisoformat,
    "td": lambda seconds: timedelta(seconds=seconds),
}
Rows = list[list[Any]]
Merged = tuple[tuple[int, int, int, int], ...]


def read_isolated(data: bytes, shown: str, most: int) -> list[tuple[str, bool, Merged, Rows]]:
    """(name, hidden, merged ranges, rows) of each sheet; InputProblems when the child fails, whatever the reason."""
    command = [sys.executable, "-I", "-c", _CHILD, str(most)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=False)
        sheets = marshal.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, OSError, ValueError, EOFError, TypeError):
        sheets = None
    if sheets is None:
        remedy = "Open it in Excel or LibreOffice and save it again as .xlsx."
        raise InputProblems([Problem(shown, "a damaged or oversized workbook", "a workbook that opens", remedy)])
    return [(name, hidden, tuple(merged), [_values(row) for row in rows]) for name, hidden, merged, rows in sheets]


def _values(row: list[Any]) -> list[Any]:
    if tuple not in set(map(type, row)):
        return row
    return [_READERS[value[0]](value[1]) if type(value) is tuple else value for value in row]
