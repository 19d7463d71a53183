"""Match many rows at once: each distinct pair of series and year is resolved once, rows get an index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.core.factors.editions import FAMILY
from natcap.core.factors.layout import VALUE
from natcap.core.factors.match import ONLY_CO2
from natcap.core.factors.model import FactorError, Match

if TYPE_CHECKING:
    from natcap.core.factors.library import Library

__all__ = ["COLUMNS", "TableMatch", "match_table"]

COLUMNS: tuple[str, ...] = (
    "factor_id", "series", "asked_year", "value", "kg_co2", "kg_ch4", "kg_n2o", "low", "high", "unit", "kind",
    "edition", "gwp_set", "source", "locator", "verified", "how", "note",
)  # fmt: skip


@dataclass(frozen=True)
class TableMatch:
    """`factors`: one row per distinct pair that was found (COLUMNS). `index`: for each asked row its row there, or -1.

    `errors`: why, for each pair (series, year) that was not found; a caller reports them with its own cells.
    """

    factors: pd.DataFrame
    index: npt.NDArray[np.int32]
    errors: Mapping[tuple[str, int], FactorError] = field(default_factory=dict)

    def column(self, name: str) -> npt.NDArray[np.float64]:
        """A number of the matched factors, one per asked row; missing where nothing was found."""
        values = np.append(self.factors[name].to_numpy(dtype="float64"), np.nan)
        return values[self.index]

    def labels(self, name: str) -> pd.Categorical:
        """A text of the matched factors, one per asked row, as categories (a million rows share one copy)."""
        codes, words = pd.factorize(self.factors[name])
        return pd.Categorical.from_codes(np.append(codes, -1)[self.index], categories=pd.Index(words))


def match_table(
    lib: Library,
    series: pd.Categorical | pd.Series,
    years: npt.NDArray[np.int64] | int,
    family: str = FAMILY,
    allow_earlier: bool = False,
    kind: str = "emission",
) -> TableMatch:
    """The factor of each row of `series` (categories are fastest) for `years` (one for all, or one per row).

    The same rules as Library.match; rows that cannot be matched get index -1 and their pair an entry in `errors`.
    A missing series (code -1) gets -1 without an error.
    """
    names = series if isinstance(series, pd.Categorical) else pd.Categorical(series)
    codes = names.codes.astype(np.int64)
    if isinstance(years, (int, np.integer)):
        distinct, places = np.array([int(years)]), np.zeros(1, dtype=np.int64)
    else:
        distinct, places = _distinct(np.asarray(years))
    pairs = codes * len(distinct) + places
    size = len(names.categories) * len(distinct)
    pairs = np.where(codes < 0, size, pairs)
    asked = np.flatnonzero(np.bincount(pairs, minlength=size + 1)[:size])
    parts, positions, errors, at = [], np.full(size + 1, -1, dtype=np.int32), {}, 0
    for place, year in enumerate(distinct.tolist()):
        mine = asked[asked % len(distinct) == place]
        wanted = pd.Index(names.categories[mine // len(distinct)])
        frame, found, wrong = _year(lib, wanted, year, family, allow_earlier, kind)
        positions[mine[found]] = np.arange(at, at + len(frame), dtype=np.int32)
        at += len(frame)
        parts.append(frame)
        errors.update(wrong)
    filled = [part for part in parts if len(part)]
    factors = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=list(COLUMNS))
    return TableMatch(factors, positions[pairs], errors)


def _distinct(years: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Distinct years and each row's position among them, without sorting the rows."""
    if not len(years):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    first = int(years.min())
    if int(years.max()) - first > 1000:
        raise ValueError("years further apart than a thousand")
    there = np.bincount(years - first) > 0
    return np.flatnonzero(there) + first, (np.cumsum(there) - 1)[years - first]


def _year(
    lib: Library, wanted: pd.Index, year: int, family: str, allow_earlier: bool, kind: str
) -> tuple[pd.DataFrame, npt.NDArray[np.bool_], dict[tuple[str, int], FactorError]]:
    """Factors of one year for distinct series: the frame, which of `wanted` it holds, and the refusals."""
    plain, rows = _plain(lib, wanted, year, family, kind)
    frames = [rows]
    found, errors, extra = plain.copy(), {}, {}
    for place in np.flatnonzero(~plain).tolist():
        name = str(wanted[place])
        try:
            extra[place] = lib.match(name, year, family, allow_earlier, kind=kind)
            found[place] = True
        except FactorError as error:
            errors[(name, year)] = error
    if extra:
        frames.append(pd.DataFrame([_record(m) for m in extra.values()], columns=list(COLUMNS)))
    order = np.argsort(np.concatenate([np.flatnonzero(plain), np.fromiter(extra, dtype=np.int64, count=len(extra))]))
    filled = [f for f in frames if len(f)]
    table = pd.concat(filled, ignore_index=True).iloc[order] if filled else rows
    return table, found, errors


def _plain(
    lib: Library, wanted: pd.Index, year: int, family: str, kind: str
) -> tuple[npt.NDArray[np.bool_], pd.DataFrame]:
    """The rows that are there with a value in the whole edition of the year: no question to ask."""
    nothing = pd.DataFrame(columns=list(COLUMNS))
    if family != FAMILY:
        return np.zeros(len(wanted), dtype=bool), nothing
    try:
        edition = lib.edition(family, year)
    except FactorError:
        return np.zeros(len(wanted), dtype=bool), nothing
    table = lib.frame(edition)
    at = lib.positions(edition).get_indexer(wanted)
    rows = table.iloc[at]
    only_co2 = (rows["state"] == ONLY_CO2).to_numpy()
    plain = (at >= 0) & (rows["kind"] == kind).to_numpy() & ((rows["state"].str[0] == VALUE).to_numpy() | only_co2)
    plain &= (rows["unit"] != "").to_numpy() & (not edition.partial)
    rows, only_co2 = rows[plain], only_co2[plain]
    value = rows["kwh"] if kind == "energy" else rows["kg_co2e"].where(~only_co2, rows["kg_co2"])
    frame = pd.DataFrame(
        {
            **{name: rows[name] for name in ("factor_id", "series", "kg_co2", "kg_ch4", "kg_n2o", "unit", "kind")},
            "asked_year": year, "value": value, "low": np.nan, "high": np.nan, "edition": edition.id,
            "gwp_set": rows["gwp_set"], "source": edition.source.id, "locator": rows["locator"],
            "verified": edition.verified, "how": "exact",
            "note": np.where(only_co2, "published as CO2 only, without a total", ""),
        }
    )  # fmt: skip
    return plain, frame[list(COLUMNS)].reset_index(drop=True)


def _record(match: Match) -> dict[str, object]:
    factor = match.factor
    return {
        "factor_id": factor.id, "series": factor.series, "asked_year": match.asked_year, "value": factor.value,
        "kg_co2": factor.gases.get("CO2", np.nan), "kg_ch4": factor.gases.get("CH4", np.nan),
        "kg_n2o": factor.gases.get("N2O", np.nan), "low": np.nan if factor.low is None else factor.low,
        "high": np.nan if factor.high is None else factor.high, "unit": factor.unit, "kind": factor.kind,
        "edition": factor.edition, "gwp_set": factor.gwp_set, "source": factor.source.id, "locator": factor.locator,
        "verified": factor.verified, "how": match.how, "note": "; ".join(n for n in (match.note, factor.note) if n),
    }  # fmt: skip
