"""Read a portfolio's table: CSV, workbook or Parquet; who each business is; every problem of all of them at once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from natcap.carbon.business.portfolio.model import ABOUT, MODEL, Ways
from natcap.carbon.business.sic import UnknownGroup, resolve
from natcap.core.problems import Problems
from natcap.core.workbook import read_tables

__all__ = ["businesses_of", "read_frame", "rows_with"]

_MOST = 50
_PARQUET = ".parquet"
_DIVISORS = ("employees", "turnover")


def read_frame(path: Path, problems: Problems, shown: str) -> tuple[pd.DataFrame, dict[str, str]]:
    """(rows of the model with their cells, control totals). A Parquet file is read where pyarrow is installed."""
    if path.suffix.casefold() == _PARQUET:
        from natcap.carbon.business.portfolio.parquet import read_parquet

        frame = read_parquet(path, MODEL, problems, shown)
        return frame, {f"{MODEL.id}.rows": str(len(frame))}
    tables = read_tables(path, [MODEL], problems, shown)
    return tables[MODEL.id], dict(tables.controls)


def businesses_of(
    frame: pd.DataFrame, ways: Ways, problems: Problems, shown: str
) -> tuple[np.ndarray, pd.DataFrame, np.ndarray]:
    """(code of the business of each row, the businesses, mask of the rows that say something wrong about theirs).

    Businesses have business, name, sector (a label), size, employees, turnover with their cells, and the sheet.
    """
    teller = _Teller(frame, problems, shown)
    codes, ids = _ids(frame["business"])
    wrong = np.zeros(len(frame), dtype=bool)
    wrong |= teller.each((ids == "")[codes], "business", "no Business ID", "the ID of a business")
    wrong |= _spellings(ids, codes, teller)
    first = np.zeros(len(ids), dtype="int64")
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    found = pd.DataFrame({"business": ids, "_sheet": frame["_sheet"].to_numpy()[first]})
    for name in ABOUT:
        column = frame[name].replace("", np.nan) if name in ("name", "sector", "size") else frame[name]
        said = column.groupby(codes).first().reindex(range(len(ids)))
        other = column.notna().to_numpy() & (column.to_numpy() != said.to_numpy()[codes])
        wrong |= teller.each(other, name, f"another {name} than in an earlier row of the business", "one and the same",
                             "Correct one, or leave it blank after the first row")  # fmt: skip
        found[name] = said.to_numpy()
        if name in _DIVISORS:
            cells = frame[f"_cell_{name}"].where(column.notna()).groupby(codes).first().reindex(range(len(ids)))
            found[f"_cell_{name}"] = cells.fillna("").to_numpy()
    for name in _DIVISORS:
        below = (frame[name] <= 0).to_numpy()
        wrong |= teller.each(below, name, "an amount of zero or less", "above zero, or blank where it is not known")
    wrong |= _stated(found, codes, first, teller)
    return codes, _sectors(found, ways, teller, wrong), wrong


def _ids(given: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """(code of each row, the IDs): each way of writing one is looked at once, not each row."""
    raw, written = pd.factorize(given)
    codes, ids = pd.factorize(np.array([" ".join(str(text).split()) for text in written], dtype="object"))
    return codes[raw], pd.Index(ids)


def rows_with(frame: pd.DataFrame, mask: np.ndarray, name: str, problems: Problems, shown: str, expected: str) -> None:
    """Tell of the marked rows, each at its cell of the column `name`."""
    _Teller(frame, problems, shown).each(mask, name, None, expected)


def _spellings(ids: pd.Index, codes: np.ndarray, teller: _Teller) -> np.ndarray:
    """IDs that differ in capitals alone: one business or two cannot be told."""
    folded = pd.Series(ids, dtype="str").str.casefold()
    doubtful = folded.duplicated(keep=False).to_numpy()
    expected, remedy = "one spelling of each ID", "IDs that differ in capitals alone could be one business"
    later = folded.duplicated().to_numpy()
    teller.each(later[codes] & ~pd.Series(codes).duplicated().to_numpy(), "business", None, expected, remedy)
    found: np.ndarray = doubtful[codes]
    return found


def _stated(found: pd.DataFrame, codes: np.ndarray, first: np.ndarray, teller: _Teller) -> np.ndarray:
    """Sector and size have to be there; told at the first row of the business."""
    wrong = np.zeros(len(codes), dtype=bool)
    for name in ("sector", "size"):
        missing = found[name].isna().to_numpy() & (found["business"] != "").to_numpy()
        at = np.zeros(len(codes), dtype=bool)
        at[first[missing]] = True
        wrong |= teller.each(at, name, f"no {name} in any row of the business", f"its {name}, to compare it by")
    return wrong


def _sectors(found: pd.DataFrame, ways: Ways, teller: _Teller, wrong: np.ndarray) -> pd.DataFrame:
    """Sectors as groups of the SIC, or in the user's own words; an industry that is none is told once."""
    labels: dict[str, str] = {}
    for text in found["sector"].dropna().unique():
        if ways.sectors == "own":
            labels[text] = " ".join(str(text).split())
            continue
        try:
            labels[text] = resolve(str(text)).label
        except UnknownGroup as error:
            near = "Did you mean " + ", or ".join(repr(c) for c in error.choices[:3]) + "?" if error.choices else ""
            mask = (teller.frame["sector"] == text).to_numpy()
            remedy = f'{near} Or set sectors = "own" under [choices].'.strip()
            teller.each(mask & (np.cumsum(mask) == 1), "sector", None, "an industry of the SIC 2007", remedy)
            wrong |= mask
    return found.assign(sector=[labels.get(text, "") for text in found["sector"]])


class _Teller:
    def __init__(self, frame: pd.DataFrame, problems: Problems, shown: str) -> None:
        self.frame, self.problems, self.shown = frame, problems, shown

    def each(
        self, mask: np.ndarray, name: str, found: str | None, expected: str, remedy: str = ""
    ) -> np.ndarray:  # fmt: skip
        """Tell of the marked rows (`found`, or what stands there), the first whole and the rest counted."""
        places = np.flatnonzero(mask)
        for place in places[:_MOST]:
            row = self.frame.iloc[place]
            cell = row[f"_cell_{name}"] or f"row {row['_row']}"
            self.problems.add(self.shown, found or str(row[name]), expected, remedy, sheet=row["_sheet"], cell=cell)
        if len(places) > _MOST:
            said = f"a further {len(places) - _MOST:,} rows of the same kind"
            self.problems.add(self.shown, said, expected, remedy)
        return mask
