"""Values of services by local authority as the Office for National Statistics publishes them, in one long CSV file."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.services.account import Factor
from natcap.accounts.services.library import factor, published_services
from natcap.core.problems import Problems
from natcap.core.report import FactorRef, InputRef
from natcap.core.sources import source

__all__ = ["COLUMNS", "published_factor", "read_published"]

COLUMNS: tuple[str, ...] = ("areacd", "areanm", "indicator", "period", "observation", "unit")
"""Columns of the published file that are read; it has others."""
_UNIT = {"£ million": "GBP_million"}


def read_published(
    path: Path, shown: str, price_year: int, wanted: tuple[str, ...], problems: Problems
) -> pd.DataFrame:
    """One row a published value: zone, service, indicator, year, amount (GBP of `price_year`), million, row, net_of.

    `wanted`: the services to take; all that the file holds where it is empty. A value that is not a number, a value
    of another unit, and two values for one area and year are problems.
    """
    empty = pd.DataFrame(columns=["zone", "service", "year", "amount"])
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        problems.add(shown, f"a file that is no CSV table ({type(error).__name__})", f"columns {', '.join(COLUMNS)}")
        return empty
    missing = [name for name in COLUMNS if name not in frame]
    if missing:
        problems.add(shown, f"no column {', '.join(missing)}", f"columns {', '.join(COLUMNS)}",
                     "Take the file as the Office for National Statistics publishes it")  # fmt: skip
        return empty
    known = published_services()
    frame = frame.assign(
        row=frame.index + 2, service=frame["indicator"].map({k: v["service"] for k, v in known.items()})
    )
    frame = frame[frame["service"].notna()]
    absent = sorted(set(wanted) - set(frame["service"]))
    if absent or frame.empty:
        problems.add(shown, f"no value of {', '.join(absent) or 'any service'}", f"indicators {', '.join(known)}")
        return empty
    frame = frame[frame["service"].isin(wanted)] if wanted else frame
    return _accepted(frame, shown, price_year, problems)


def _accepted(frame: pd.DataFrame, shown: str, price_year: int, problems: Problems) -> pd.DataFrame:
    known = published_services()
    year = pd.to_numeric(frame["period"].str.slice(0, 4), errors="coerce")
    amount = pd.to_numeric(frame["observation"], errors="coerce")
    units = frame["unit"].map(_UNIT)
    twice = frame.assign(year=year).duplicated(["areacd", "service", "year"])
    for bad, name, expected in (
        (year.isna(), "period", "a period that begins with a year"),
        (amount.isna() & (frame["observation"] != ""), "observation", "a number, or an empty cell"),
        (units.isna(), "unit", "million pounds, written £ million"),
        (twice, "indicator", "one value for an area, a service and a year"),
    ):
        for row in frame[bad].head(20).to_dict("records"):
            problems.add(shown, str(row[name]), expected, cell=f"row {row['row']}")
    table = pd.DataFrame({
        "zone": frame["areacd"], "service": frame["service"], "year": year, "amount": amount * 1e6,
        "million": amount, "row": frame["row"],
        "net_of": frame["indicator"].map({k: v["net_of"] for k, v in known.items()}), "indicator": frame["indicator"],
    })  # fmt: skip
    table = table[amount.notna() & year.notna()].astype({"year": int}).reset_index(drop=True)
    return table.assign(price_year=price_year, shown=shown)


def published_factor(row: Mapping[Hashable, Any]) -> Factor:
    """The published value of a row as a factor, in millions of pounds of its own price year."""
    known = published_services()[row["indicator"]]
    key, place = f"services.published.{row['service']}.{row['zone']}.{row['year']}", f"row {row['row']}"
    ref = FactorRef(key, f"{row['indicator']}, {row['zone']}, {row['year']}", float(row["million"]), "GBP_million",
                    source(known["source"]).cite(), f"{row['shown']}, {place}", "read",
                    f"{row['price_year']} prices, as the user states")  # fmt: skip
    given = InputRef(row["shown"], "", place, f"{row['million']:g}", "GBP_million", "as published")
    tier = "official statistic, modelled for local authorities"
    return factor(ref, np.nan, np.nan, "Amber", tier, int(row["price_year"]), given)
