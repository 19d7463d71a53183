"""A Parquet file as a table of a model: its columns by their headers, its values as those of a sheet."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from natcap.core.problems import Problems, did_you_mean
from natcap.core.workbook.convert import convert_cells
from natcap.core.workbook.model import TableModel, header_key
from natcap.core.workbook.scan import column_letters

__all__ = ["read_parquet"]

_MOST = 200


def read_parquet(path: Path, model: TableModel, problems: Problems, shown: str) -> pd.DataFrame:
    """Rows of the model; cells are named as if the file stood on a sheet whose first row holds its headers."""
    blank = {"_sheet": pd.Series([], dtype="str"), "_row": pd.Series([], dtype="int64")}
    try:
        given = pd.read_parquet(path)
    except ImportError:
        problems.add(shown, "a Parquet file", "pyarrow to read it", "Install pyarrow, or save the table as CSV.")
        given = None
    except (OSError, ValueError) as error:
        problems.add(shown, f"a file that cannot be read as Parquet ({type(error).__name__})", "a Parquet file")
        given = None
    if given is None:
        given = pd.DataFrame({f.label: pd.Series([], dtype="str") for f in model.fields})
    return _frame(given, model, problems, shown) if len(given.columns) else pd.DataFrame(blank)


def _frame(given: pd.DataFrame, model: TableModel, problems: Problems, shown: str) -> pd.DataFrame:
    headers = {header_key(name): at for at, name in enumerate(given.columns)}
    columns: dict[str, object] = {}
    rows = [str(n) for n in range(2, len(given) + 2)]
    for item in model.fields:
        at = next((headers[header_key(h)] for h in item.headers if header_key(h) in headers), None)
        if at is None:
            if item.required:
                near = did_you_mean(item.label, [str(name) for name in given.columns])
                problems.add(shown, f"no column {item.label!r}", "a column of the table", near, cell="row 1")
            columns[item.name] = convert_cells(item, [""] * len(given), lambda *_: None)
            columns[f"_cell_{item.name}"] = ""
            continue
        letters = column_letters(at)
        source = given.iloc[:, at]
        values = source.astype("object").where(source.notna(), "").tolist()
        values = [v.to_pydatetime() if isinstance(v, pd.Timestamp) else v for v in values]
        told: list[int] = []

        def tell(
            position: int, found: object, expected: str, remedy: str = "", told: list[int] = told,
            letters: str = letters,
        ) -> None:  # fmt: skip
            told.append(position)
            if len(told) <= _MOST:
                problems.add(shown, found, expected, remedy, cell=letters + rows[position])

        columns[item.name] = convert_cells(item, values, tell)
        if item.required:
            for position in [i for i, value in enumerate(values) if value == ""]:
                tell(position, "an empty cell", f"a value for {item.label!r}")
        if len(told) > _MOST:
            problems.add(shown, f"a further {len(told) - _MOST:,} such cells", f"{item.label!r} as above", cell=letters)
        columns[f"_cell_{item.name}"] = [letters + row for row in rows]
    return pd.DataFrame(columns | {"_sheet": "", "_row": range(2, len(given) + 2)})
