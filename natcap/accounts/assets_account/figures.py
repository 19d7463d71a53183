"""Figures of the asset account: values by zone, service and ecosystem type, entries, effects, each walked back."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.changes import CHANGES, EFFECTS
from natcap.accounts.assets_account.conversion_figures import (
    CONVERSIONS,
    conversion_figures,
    conversion_parents,
)
from natcap.accounts.assets_account.laid import ALL
from natcap.accounts.assets_account.projection_tables import projection_figures
from natcap.accounts.assets_account.unit_values import DATES, Units, first_flow
from natcap.accounts.assets_account.walk_back import WalkBack, factor_ids, unit_figures
from natcap.accounts.assets_account.words import ENTRY_NAMES, TIMINGS, Words
from natcap.accounts.assets_account.working_changes import EFFECT_NAMES
from natcap.accounts.services.account import WHOLE
from natcap.core.report import Figure, Trace
from natcap.core.verification import UNPUBLISHED

__all__ = ["FigureMaker", "confidence_of", "recalled_rows"]

Row = Mapping[Hashable, Any]
_RAGS = ("Red", "Amber", "Green")


def confidence_of(words: Words, rows: pd.DataFrame, *by: str) -> Mapping[tuple[str, ...], str]:
    """The lowest confidence among the factors and projections of the valued rows.

    `by` names the columns of the keys: service, type, zone, counts. `counts` is "abiotic" or "ecosystem"; "not stated"
    where the rows name no factor.
    """
    held = words.account.factors
    counts = ["abiotic" if words.account.services[s].abiotic else "ecosystem" for s in rows["service"]]
    parts = rows.assign(counts=counts)[rows["basis"] != "none"]
    parts = parts[list(dict.fromkeys((*by, "factors", "price_factor", "cells", "followed")))].drop_duplicates()
    curves = words.curves.by_id
    found: dict[tuple[str, ...], set[str]] = {}
    for row in parts.to_dict("records"):
        rags: list[str] = [held[key].rag for key in factor_ids(row) if key in held]
        rags += [curves[row["followed"]].given.rag] if row["followed"] else []
        found.setdefault(tuple(str(row[name]) for name in by), set()).update(rags)
    return {key: next((word for word in _RAGS if word in rags), "not stated") for key, rags in found.items()}


def recalled_rows(words: Words, rows: pd.DataFrame, units: Units) -> np.ndarray:
    """Whether a row rests on a recalled or judged number, shape (rows,)."""
    held, judged = words.account.factors, {key for key, curve in words.curves.by_id.items() if curve.given.judged}
    return np.array([
        units.of(row).option.ref.verified in UNPUBLISHED
        or row["followed"] in judged
        or any(held[key].ref.verified in UNPUBLISHED for key in factor_ids(row) if key in held)
        for row in rows.to_dict("records")
    ], dtype=bool)  # fmt: skip


class FigureMaker:
    """Makes every figure; `rows` and `pairs` are those of the account."""

    def __init__(self, words: Words, rows: pd.DataFrame, pairs: pd.DataFrame,
                 units: Units) -> None:  # fmt: skip
        self.words, self.units = words, units
        self.rows = words.named(rows).reset_index(drop=True)
        self.rows["recalled"] = recalled_rows(words, rows, units)
        self.pairs = words.named(pairs)
        self.walk = WalkBack(words, units, self.rows)

    def all(self) -> Iterator[Figure]:
        """Totals, then by service, by type, by zone, then the leaves, entries and effects, what units are worth."""
        for date in DATES:
            yield from self._values(date)
        yield from self._changes()
        yield from unit_figures(self.words, self.units)
        yield from projection_figures(self.words, self.units)

    def _figure(self, key: str, label: str, value: float, trace: Trace, recalled: bool, period: str, place: str,
                headline: bool = False) -> Figure:  # fmt: skip
        missing = bool(np.isnan(value))
        status = "missing" if missing else self.words.setting.status(recalled)
        return Figure(key, label, None if missing else value, self.words.unit, trace, status=status, period=period,
                      place=place, headline=headline and not missing)  # fmt: skip

    def _values(self, date: str) -> Iterator[Figure]:
        mine = self.pairs.assign(asset=self.pairs[date], recalled=self._recalled(date))
        mine["leaf"] = [self._leaf_key(date, row) for row in mine.to_dict("records")]
        own, below = mine[~mine["abiotic"]], mine[mine["abiotic"]]
        base, label = f"assets.value.{date}", f"Asset value, {self.words.dated(date)}"
        services = self._grouped(mine, ["service"])
        tops: dict[bool, list[str]] = {True: [], False: []}
        for row, _ in services:
            tops[bool(row["abiotic"])].append(f"{base}.all.{row['service']}")
        yield self._sum(f"{base}.{ALL}", f"{label}, all ecosystem services", own, tops[False], date, "all",
                        date == "closing")  # fmt: skip
        if len(below):
            yield self._sum(
                f"{base}.abiotic", f"{label}, abiotic flows (below the line)", below, tops[True], date, "all"
            )
        for row, part in services:
            parents = self._parents(part, lambda r: f"{base}.all.{r['service']}.{r['type_key']}")
            yield self._sum(
                f"{base}.all.{row['service']}", f"{label}, {row['service_name']}", part, parents, date, "all"
            )
        for row, part in self._grouped(mine, ["service", "type_key"]):
            key = f"{base}.all.{row['service']}.{row['type_key']}"
            told = f"{label}, {row['service_name']}, {row['type_name']}"
            yield self._sum(key, told, part, list(dict.fromkeys(part["leaf"])), date, "all")
        for row, part in self._grouped(own, ["type_key"]):
            parents = self._parents(part, lambda r: f"{base}.all.{r['service']}.{r['type_key']}")
            yield self._sum(f"assets.type.{date}.all.{row['type_key']}", f"{label}, {row['type_name']}", part, parents,
                            date, "all")  # fmt: skip
        yield from self._zones(mine, date, base, label)
        yield from self._leaves(mine, date, label)

    def _zones(self, mine: pd.DataFrame, date: str, base: str, label: str) -> Iterator[Figure]:
        for row, part in self._grouped(mine, ["zone_key", "abiotic"]):
            word, what = ("abiotic", "abiotic flows") if row["abiotic"] else (ALL, "ecosystem services")
            parents = self._parents(part, lambda r: f"{base}.{r['zone_key']}.{r['service']}")
            yield self._sum(f"{base}.{row['zone_key']}.{word}", f"{label}, {what}, {row['zone_name']}", part, parents,
                            date, row["zone_name"])  # fmt: skip
        for row, part in self._grouped(mine, ["zone_key", "service"]):
            yield self._sum(f"{base}.{row['zone_key']}.{row['service']}", f"{label}, {row['service_name']}", part,
                            list(dict.fromkeys(part["leaf"])), date, row["zone_name"])  # fmt: skip

    def _leaf_key(self, date: str, row: Row) -> str:
        return f"assets.value.{date}.{row['zone_key']}.{row['service']}.{row['type_key']}"

    def _grouped(self, table: pd.DataFrame, names: list[str]) -> list[tuple[Row, pd.DataFrame]]:
        return [(part.iloc[0].to_dict(), part) for _, part in table.groupby(names, sort=False, dropna=False)]

    def _parents(self, part: pd.DataFrame, key: Any) -> list[str]:
        return list(dict.fromkeys(key(row) for row in part.to_dict("records")))

    def _recalled(self, date: str) -> np.ndarray:
        at = self.pairs[f"row_{date}"].to_numpy()
        known = self.rows["recalled"].to_numpy()
        if not len(known):
            return np.zeros(len(at), dtype=bool)
        found: np.ndarray = np.where(at >= 0, known[np.maximum(at, 0)], False)
        return found

    def _sum(self, key: str, label: str, part: pd.DataFrame, parents: Sequence[str], date: str, place: str,
             headline: bool = False) -> Figure:  # fmt: skip
        value, gaps = float(part["asset"].sum(min_count=1)), int(part["asset"].isna().sum())
        how = f"sum of {len(part) - gaps} asset values"
        how += f"; {gaps} without one are not in it" if gaps else ""
        place = self.words.setting.project.place if place == "all" else place
        return self._figure(key, label, value, Trace(how, parents=tuple(parents)),
                            bool(part["recalled"].any()), self._year(date), place, headline)  # fmt: skip

    def _year(self, date: str) -> str:
        return str(self.words.account.years[DATES.index(date)])

    def _leaves(self, mine: pd.DataFrame, date: str, label: str) -> Iterator[Figure]:
        for row, part in self._grouped(mine, ["leaf"]):
            places = [int(n) for n in part[f"row_{date}"] if n >= 0]
            members = [self.rows.iloc[n].to_dict() for n in places]
            how = "; ".join(self._how(m) for m in members) or "no land of this type at this date: no asset"
            if part["asset"].isna().all() and not members:
                how = "no flow is known at this date; it is not zero"
            trace = self.walk.trace(how, members)
            told = f"{label}, {row['service_name']}, {row['type_name']}"
            value = float(part["asset"].sum(min_count=1))
            place = self.words.setting.project.place if row["zone"] == WHOLE else row["zone_name"]
            yield self._figure(row["leaf"], told, value, trace, bool(part["recalled"].any()), self._year(date), place)

    def _how(self, row: Row) -> str:
        unit = self.units.of(row)
        if row["basis"] == "none":
            return f"no value: {unit.lacks}" if unit.lacks else "no value: there is no price, or no flow"
        by_flow = row["basis"] == "flow"
        of = self.words.account.services[row["service"]].unit if by_flow else self.words.unit
        told = f"expected flow {row['expected']:,.10g} {of} a year ({self.walk.expected(row)}) x "
        told += f"{row['per_unit']:,.10g}, "
        if unit.on_path:
            told += f"the carbon path of each year{' x its projection' if unit.curve else ''} discounted"
        else:
            told += f"{'price ' + format(row['price'], ',.10g') + ' x ' if by_flow else ''}"
            told += f"{'projected ' if unit.curve else ''}annuity {unit.annuity:.10g}"
        timing = TIMINGS[unit.timing].split(":")[0]
        begins = first_flow(unit.year, unit.timing)
        return f"{told} ({unit.option.name} of {unit.option.since}, {unit.life} years from {begins}, timing {timing})"

    def _changes(self) -> Iterator[Figure]:
        own = self.pairs[~self.pairs["abiotic"]]
        recalled = bool(self._recalled("closing")[~self.pairs["abiotic"].to_numpy(dtype=bool)].any())
        place, span = self.words.setting.project.place, self.words.span
        parents = tuple(f"assets.value.{date}.{ALL}" for date in DATES)
        for names, kind, labels in ((CHANGES, "entry", ENTRY_NAMES), (EFFECTS, "effect", EFFECT_NAMES)):
            for name in names:
                how = f"sum over {len(own)} pairs of opening and closing, working table 'Change of every asset value'"
                yield self._figure(
                    f"assets.{kind}.{name}.{ALL}",
                    f"Asset values, {labels[name]}",
                    float(own[name].sum(min_count=1)),
                    Trace(how, parents=conversion_parents(own, name) or parents if name in CONVERSIONS else parents),
                    recalled,
                    span,
                    place,
                )
        both = (self._recalled(DATES[0]) | self._recalled(DATES[1]))[~self.pairs["abiotic"].to_numpy(dtype=bool)]
        yield from conversion_figures(self.words, own.assign(recalled=both))
        how = "the sum of the effects; closing less opening value, less what does not compare between the dates"
        ids = tuple(f"assets.effect.{name}.{ALL}" for name in EFFECTS if name != "uncompared")
        yield self._figure(
            "assets.change.total",
            "Change of asset values, all ecosystem services",
            float(own["change"].sum(min_count=1)),
            Trace(how, parents=ids),
            recalled,
            span,
            place,
        )
