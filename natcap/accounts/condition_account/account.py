"""From readings to indicators, scores by ECT class, an index for each asset and date, and means by ecosystem type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from natcap.accounts.condition import ECT, index, indicators, mean_over_assets
from natcap.accounts.condition_account.read import ConditionInput

__all__ = ["DATES", "ConditionAccount", "condition_account"]

DATES: tuple[str, str] = ("opening", "closing")


@dataclass(frozen=True)
class ConditionAccount:
    """`readings`: the input with indicators `i_opening`, `i_closing` and `pair` (number of the asset and its type).

    `assets`: asset, ecosystem, date, area, one column a class, classes, coverage, index, and `alike` where the same
    variables were read at both dates. `ecosystems`: index and covered share of the area at both dates, change where
    alike.
    """

    readings: pd.DataFrame
    assets: pd.DataFrame
    ecosystems: pd.DataFrame


def condition_account(given: ConditionInput) -> ConditionAccount:
    """The whole condition account; missing readings stay missing at every step."""
    readings = given.table.copy()
    for date in DATES:
        readings[f"i_{date}"] = indicators(readings[date], readings["lower"], readings["upper"])
    pairs = readings[["asset", "ecosystem"]].drop_duplicates().reset_index(drop=True)
    numbers = readings.merge(pairs.reset_index(names="pair"), on=["asset", "ecosystem"], validate="many_to_one")["pair"]
    readings["pair"] = numbers.to_numpy()
    area = readings.groupby("pair")["area"].first()
    parts = [_assets(readings, pairs, area, date, given.weights) for date in DATES]
    assets = pd.concat(parts).assign(alike=lambda d: d["pair"].map(_alike(readings)))
    assets = assets.sort_values(["pair", "order"], kind="stable").reset_index(drop=True)
    return ConditionAccount(readings, assets, _ecosystems(assets))


def _assets(readings: pd.DataFrame, pairs: pd.DataFrame, area: pd.Series, date: str,
            weights: Mapping[str, float] | None) -> pd.DataFrame:  # fmt: skip
    long = pd.DataFrame({"asset": readings["pair"], "ect": readings["ect"], "indicator": readings[f"i_{date}"]})
    found = index(long, None if weights is None else dict(weights)).set_index("asset")
    scores = long.groupby(["asset", "ect"], dropna=False)["indicator"].mean().unstack("ect").reindex(columns=list(ECT))
    out = pairs.assign(pair=pairs.index, date=date, order=DATES.index(date), area=area.reindex(pairs.index).to_numpy())
    for code in ECT:
        out[code] = scores[code].reindex(pairs.index).to_numpy(dtype=float)
    for name in ("classes", "coverage", "index"):
        out[name] = found[name].reindex(pairs.index).to_numpy()
    return out


def _alike(readings: pd.DataFrame) -> pd.Series:
    """By pair: whether the same variables were read at both dates, so that the indices compare."""
    same = readings["opening"].notna() == readings["closing"].notna()
    found: pd.Series = same.groupby(readings["pair"]).all()
    return found


def _ecosystems(assets: pd.DataFrame) -> pd.DataFrame:
    rows = []
    for ecosystem in dict.fromkeys(assets["ecosystem"]):
        row: dict[str, object] = {"ecosystem": ecosystem}
        for date in DATES:
            mine = assets[(assets["ecosystem"] == ecosystem) & (assets["date"] == date)]
            row["assets"], row["area"] = len(mine), float(mine["area"].sum())
            row[date], row[f"covered_{date}"] = mean_over_assets(mine["index"], mine["area"])
        both = assets[(assets["ecosystem"] == ecosystem) & assets["index"].notna()]
        whole = set(both.loc[both["date"] == "opening", "pair"]) == set(both.loc[both["date"] == "closing", "pair"])
        row["alike"] = bool(whole and both["alike"].all() and len(both))
        rows.append(row)
    table = pd.DataFrame(rows)
    table["change"] = (table["closing"] - table["opening"]).where(table["alike"])
    return table
