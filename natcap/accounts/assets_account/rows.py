"""Rows of the service account with asset values: expected flow, what a unit is worth, and the weights of draws."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.accounts.asset_value import expected_flow
from natcap.accounts.assets_account.product import WEIGHTS
from natcap.accounts.assets_account.unit_values import Units, UnitValue
from natcap.accounts.services.account import ServiceAccount

__all__ = ["KEY", "WINDOW", "valued_rows", "weights_of"]

WINDOW = 5
"""How many years a mean flow rests on: the last that have a value, however far back, the year of the row with them."""
KEY: tuple[str, ...] = ("zone", "service", "type", "nth")
"""What makes a pair of opening and closing: `nth` tells rows of one zone, service and ecosystem type apart, by their
factors where there are several."""
Row = Mapping[Hashable, Any]
_Series = Mapping[Any, pd.DataFrame]


def valued_rows(account: ServiceAccount, units: Units) -> pd.DataFrame:
    """The rows of the account, same index, with `nth`, the columns WEIGHTS, `spanned` (the years of the mean, text),
    `since` (the first of them, 0 without), `cells` (ids of the factors of the other years in the mean), `followed` (the
    id of the projection of the flow, "" for a constant one) and `abiotic`.

    Raises ValueError where one year of a series stands twice.
    """
    rows = account.rows.copy()
    rows["several"], rows["nth"] = _numbered(rows)
    if "classes" not in rows:
        rows["classes"] = [()] * len(rows)
    rows["abiotic"] = np.array([account.services[s].abiotic for s in rows["service"]], dtype=bool)
    by = units.by_row(rows)
    series = dict(iter(account.series.groupby(["service", "zone", "type"], dropna=False)))
    rows["alone"] = [unit.alone for unit in by]
    rows["basis"] = _bases(
        rows, by, np.array([_read_before(row, series) for row in rows.to_dict("records")], dtype=bool)
    )
    rows["followed"] = np.array([unit.followed for unit in by], dtype=object)
    means = [_mean(row, series) for row in rows.to_dict("records")]
    rows["expected"] = [value for value, *_ in means]
    rows["years"] = [len(years) for _, years, _ in means]
    rows["spanned"] = [", ".join(map(str, years)) for _, years, _ in means]
    rows["since"] = [min(years, default=0) for _, years, _ in means]
    rows["cells"] = pd.Series([cells for *_, cells in means], index=rows.index, dtype=object)
    rows["per_unit"] = [_per_unit(row, unit) for row, unit in zip(rows.to_dict("records"), by, strict=True)]
    rows["asset"] = rows["expected"] * rows["per_unit"]
    for name, of in (("asset_per_unit", "flow"), ("asset_per_value", "value")):
        rows[name] = _ratio(rows, of)
    return rows


def weights_of(rows: pd.DataFrame) -> pd.DataFrame:
    """The weights of draws, aligned to the rows of the service account."""
    return rows[list(WEIGHTS)].copy()


def _numbered(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Whether a place has several rows at a date, and then what tells them apart: the factors, and a number."""
    place = [rows[name] for name in ("zone", "service", "type")]
    count = rows.groupby(["date", "zone", "service", "type"], dropna=False)["date"].transform("size")
    several = count.groupby(place, dropna=False).transform("max") > 1
    sign = rows["factors"].map(lambda factors: "|".join(sorted(factors))).where(several, "")
    number = rows.groupby(["date", "zone", "service", "type", sign], dropna=False).cumcount()
    names = [f"{text}#{n}" for text, n in zip(sign, number, strict=True)]
    return several, pd.Series(names, index=rows.index, dtype=object)


def _bases(rows: pd.DataFrame, by: Sequence[UnitValue], before: npt.NDArray[np.bool_]) -> list[str]:
    """flow, value or none by row; a pair is on one basis at both dates, as its effects compare flows.

    `before`: rows without a flow of their year that have one of years before it.
    """
    path, lacks = (np.array([getattr(unit, name) for unit in by], dtype=bool) for name in ("on_path", "lacks"))
    on_flow = (rows["flow"].notna() | before) & (rows["price"].notna() | path) & ~lacks
    on_value = rows["value"].notna() & ~lacks
    key = [rows[name] for name in KEY]
    whole = on_flow.groupby(key, dropna=False).transform("all")
    by_value = on_value.groupby(key, dropna=False).transform("all")
    picked = np.select([whole, by_value, on_flow, on_value], ["flow", "value", "flow", "value"], "none")
    return [str(word) for word in picked]


def _past(row: Row, series: _Series, name: str) -> pd.DataFrame:
    """Years before that of the row with a number of the same origin, oldest first; none where the row stands alone."""
    known = series.get((str(row["service"]), str(row["zone"]), str(row["type"])))
    if known is None or row["several"] or row["alone"]:
        return pd.DataFrame(columns=["year", name])
    found: pd.DataFrame = known[
        (known["year"] < int(row["year"])) & known[name].notna() & (known["origin"] == row["origin"])
    ]
    return found.sort_values("year")


def _read_before(row: Row, series: _Series) -> bool:
    """Whether a flow that was not read in the year of the row was read in years before."""
    return row["origin"] == "reading" and np.isnan(row["flow"]) and len(_past(row, series, "flow")) > 0


def _mean(row: Row, series: _Series) -> tuple[float, tuple[int, ...], tuple[str, ...]]:
    """Expected flow, its years, and the factors of those before the row's own. Years without a number are passed over.

    Years of another origin are no years of this flow; where several rows share a place, no series says whose it is. On
    a carbon path and on a projection the flow of the year stands alone: a projection goes on from the flow of its year,
    a mean of the past is no projection of removals, and a mean of yearly values would hold the lower prices of the
    years before (METHODS of the accounts, A4).
    """
    if row["basis"] == "none":
        return np.nan, (), ()
    name = str(row["basis"])
    past = _past(row, series, name)
    found = expected_flow([*past["year"].astype(int), int(row["year"])], [*past[name].astype(float), float(row[name])])
    used = past[past["year"].isin(found.years)]
    cells = tuple(key for key in used["factor"] if isinstance(key, str) and key) if "factor" in used else ()
    return found.value, found.years, cells


def _per_unit(row: Row, unit: UnitValue) -> float:
    if row["basis"] == "none":
        return np.nan
    if row["basis"] == "value":
        return unit.path / unit.first if unit.carbon else unit.annuity
    return unit.path if unit.carbon else float(row["price"]) * unit.annuity


def _ratio(rows: pd.DataFrame, of: str) -> pd.Series:
    """Asset over flow or value; where a row of no flow is expected to stay so, what a unit would be worth."""
    per = rows["asset"] / rows[of].where(rows[of] != 0)
    still = (rows[of] == 0) & (rows["expected"] == 0)
    if of == "flow":
        return per.mask(still & (rows["basis"] == "flow"), rows["per_unit"])
    worth = np.where(
        rows["basis"] == "value", rows["per_unit"], rows["per_unit"] / rows["price"].where(rows["price"] != 0)
    )
    return per.mask(still, pd.Series(worth, index=rows.index))
