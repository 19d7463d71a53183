"""Figures of the condition account: indicators by variable, indices by asset and ecosystem type, each to its cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from natcap.accounts.classes import slug
from natcap.accounts.condition_account.account import DATES, ConditionAccount
from natcap.accounts.condition_account.read import ConditionInput
from natcap.accounts.show.words import zone_keys
from natcap.accounts.wings import Setting
from natcap.core.report import Figure, InputRef, Trace

__all__ = ["condition_figures"]

_UNIT = "index"


def _key(names: list[str], fold: bool = False) -> dict[str, str]:
    """Names as parts of figure ids, each once; `fold` makes them lower-case words as in the extent account."""
    unique = list(dict.fromkeys(names))
    return dict(zip(unique, zone_keys([slug(name) for name in unique] if fold else unique), strict=True))


class _Maker:
    def __init__(self, setting: Setting, account: ConditionAccount, given: ConditionInput) -> None:
        self.setting, self.account, self.given = setting, account, given
        self.asset = _key(account.readings["asset"].tolist())
        self.ecosystem = _key(account.readings["ecosystem"].tolist(), fold=True)
        self.variable = _key(account.readings["variable"].tolist(), fold=True)
        self.judged = account.readings.groupby("pair")["starter"].any()

    def figure(self, key: str, label: str, value: float, trace: Trace, judged: bool, date: str, place: str,
               **rest: Any) -> Figure:  # fmt: skip
        missing = value != value
        period = self.setting.years[DATES.index(date)] if date else self.setting.span
        return Figure(key, label, None if missing else float(value), _UNIT, trace,
                      status="missing" if missing else self.setting.status(judged), period=period, place=place,
                      **rest)  # fmt: skip

    def pair(self, row: Any) -> str:
        return f"{self.asset[row['asset']]}.{self.ecosystem[row['ecosystem']]}"

    def reading(self, row: Any, date: str) -> str:
        return f"condition.indicator_{date}.{self.pair(row)}.{self.variable[row['variable']]}"

    def levels(self, row: Any) -> tuple[InputRef, ...]:
        """The cells of the reference levels, where the user gave them."""
        return tuple(InputRef(self.given.shown, row["_sheet"], row[f"_cell_{end}"], f"{row[end]:g}", row["unit"],
                              f"{end} reference level") for end in ("lower", "upper"))  # fmt: skip

    def areas(self, pairs: list[Any]) -> tuple[InputRef, ...]:
        """The cell of the hectares of each asset, from the first of its rows."""
        rows = self.account.readings.drop_duplicates("pair").set_index("pair").loc[pairs].to_dict("records")
        return tuple(InputRef(self.given.shown, row["_sheet"], row["_cell_area"], f"{row['area']:.10g}", "ha",
                              f"area of {row['asset']}") for row in rows)  # fmt: skip

    def indicators(self) -> Iterator[Figure]:
        for at, row in enumerate(self.account.readings.to_dict("records")):
            factors = self.given.factors.get(at, ())
            for date in DATES:
                value = row[date]
                found = (
                    "no reading"
                    if value != value
                    else f"({value:g} - {row['lower']:g}) / ({row['upper']:g} - {row['lower']:g})"
                )
                where = InputRef(self.given.shown, row['_sheet'], row[f"_cell_{date}"],
                                 "" if value != value else f"{value:g}", row['unit'], row['evidence'])  # fmt: skip
                inputs = (where, *(() if factors else self.levels(row)))
                trace = Trace(f"{found}, held between 0 and 1", inputs=inputs, factors=tuple(factors))
                label = f"Condition indicator, {row['variable']}, {row['ecosystem']}, {date}"
                yield self.figure(self.reading(row, date), label, row[f"i_{date}"], trace, bool(factors), date,
                                  row['asset'])  # fmt: skip

    def indices(self) -> Iterator[Figure]:
        readings = self.account.readings
        for row in self.account.assets.to_dict("records"):
            members = readings[(readings["pair"] == row["pair"]) & readings[row["date"]].notna()]
            parents = tuple(self.reading(member, row["date"]) for member in members.to_dict("records"))
            weighted = "" if self.given.weights is None else "weighted by condition_weights, "
            how = f"mean within each ECT class, then {weighted}over {row['classes']} classes with readings"
            trace = Trace(how, parents=parents)
            label = f"Condition index, {row['ecosystem']}, {row['date']}"
            key = f"condition.index_{row['date']}.{self.pair(row)}"
            yield self.figure(
                key, label, row["index"], trace, bool(self.judged[row["pair"]]), row["date"], row["asset"]
            )

    def ecosystems(self) -> Iterator[Figure]:
        assets = self.account.assets
        for row in self.account.ecosystems.to_dict("records"):
            key = self.ecosystem[row["ecosystem"]]
            mine = assets[assets["ecosystem"] == row["ecosystem"]]
            judged = bool(self.judged.reindex(mine["pair"]).any())
            for date in DATES:
                known = mine[(mine["date"] == date) & mine["index"].notna()]
                parents = tuple(f"condition.index_{date}.{self.pair(member)}" for member in known.to_dict("records"))
                share = row[f"covered_{date}"]
                trace = Trace(f"area-weighted mean over assets; {share:.0%} of {row['area']:,.10g} ha", parents=parents,
                              inputs=self.areas(known["pair"].tolist()))  # fmt: skip
                label = f"Condition index, {row['ecosystem']}, {date}"
                yield self.figure(f"condition.index_{date}.all.{key}", label, row[date], trace, judged, date,
                                  "all assets")  # fmt: skip
            trace = Trace(
                "closing less opening; only where the same variables of the same assets were read",
                parents=tuple(f"condition.index_{date}.all.{key}" for date in DATES),
            )
            label = f"Condition index, {row['ecosystem']}, change"
            yield self.figure(f"condition.index_change.all.{key}", label, row['change'],
                              trace, judged, "", "all assets")  # fmt: skip


def condition_figures(setting: Setting, account: ConditionAccount, given: ConditionInput) -> Iterator[Figure]:
    """Indicators, indices of assets, means of ecosystem types, each with its way back to a cell."""
    maker = _Maker(setting, account, given)
    yield from maker.ecosystems()
    yield from maker.indices()
    yield from maker.indicators()
