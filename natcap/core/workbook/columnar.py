"""Parquet as rows of plain values: the column names are the header, as if they stood in row 1.

Only flat columns of texts, numbers, yes and no, and days are read. The file says beforehand how many cells it holds
and how large they are; texts are read as a dictionary, so that a text that repeats is held once.
"""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

from natcap.core.problems import InputProblems, Problem
from natcap.core.workbook.guard import Limits

__all__ = ["read_columnar"]

_SAVE = "Save the table as .csv or .xlsx."


def read_columnar(data: bytes, shown: str, limits: Limits) -> list[list[Any]]:
    """The rows of a Parquet file, header first. InputProblems where it cannot be read or is too large."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise _refused(
            shown, "a Parquet file, and no pyarrow to read it", "Install pyarrow, or save it as .csv."
        ) from None
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        _bounded(file.metadata, shown, limits)
        texts = [f.name for f in file.schema_arrow if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)]
        table = pq.ParquetFile(io.BytesIO(data), read_dictionary=texts).read()
    except (pa.ArrowException, OSError, ValueError, KeyError):
        raise _refused(shown, "a damaged Parquet file", "Write it again.") from None
    columns = [_cells(pa, name, table.column(at), shown) for at, name in enumerate(table.column_names)]
    return [list(table.column_names), *(list(row) for row in zip(*columns, strict=True))]


def _refused(shown: str, found: str, remedy: str, cell: str = "") -> InputProblems:
    return InputProblems([Problem(shown, found, "a table of plain columns", remedy, cell=cell)])


def _bounded(metadata: Any, shown: str, limits: Limits) -> None:
    cells = metadata.num_rows * metadata.num_columns
    groups = [metadata.row_group(n) for n in range(metadata.num_row_groups)]
    if cells > limits.cells or sum(group.total_byte_size for group in groups) > limits.unpacked_bytes:
        raise _refused(shown, f"a table of {cells:,} cells", f"At most {limits.cells:,} cells: split it.")


def _cells(pa: Any, name: str, column: Any, shown: str) -> list[Any]:
    """One column as Python values, "" where it is null or not a number."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _texts(pa, name, column, shown)
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        raise _refused(shown, f"a time with a time zone in {name!r}", "Store local days as dates.", name)
    plain = (
        pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal, pa.types.is_boolean, pa.types.is_date,
        pa.types.is_timestamp, pa.types.is_string, pa.types.is_large_string, pa.types.is_null,
    )  # fmt: skip
    if not any(fits(kind) for fits in plain):
        raise _refused(shown, f"a column {name!r} of {kind}", _SAVE, name)
    numeric = pa.types.is_integer(kind) or pa.types.is_decimal(kind)
    if pa.types.is_timestamp(kind):
        column = column.cast(pa.timestamp("s"), safe=False)
    return [_value(value, numeric) for value in column.to_pylist()]


def _value(value: Any, numeric: bool) -> Any:
    if value is None or value != value:
        return ""
    return float(value) if numeric or isinstance(value, Decimal) else value


def _texts(pa: Any, name: str, column: Any, shown: str) -> list[Any]:
    """A column of texts: each distinct text is one object, however many rows have it."""
    found: list[Any] = []
    for chunk in column.chunks:
        known = chunk.dictionary
        if not (pa.types.is_string(known.type) or pa.types.is_large_string(known.type)):
            raise _refused(shown, f"a column {name!r} of {column.type}", _SAVE, name)
        texts = known.to_pylist()
        found += ["" if at is None else texts[at] or "" for at in chunk.indices.to_pylist()]
    return found
