"""Figures of the services: flow and value by date, zone and service, each to its areas, factors and cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from natcap.accounts.services.account import WHOLE
from natcap.accounts.services.build import sums
from natcap.accounts.services.ground import DATES
from natcap.accounts.services.prices import deflator_ref
from natcap.accounts.services.unread import is_unread
from natcap.accounts.services.view import View, label_of
from natcap.core.report import FactorRef, Figure, Trace
from natcap.core.verification import UNPUBLISHED

__all__ = ["service_figures"]


def service_figures(view: View) -> Iterator[Figure]:
    """Totals first, then flows and values of the whole area, then those of zones."""
    maker = _Maker(view)
    yield from maker.totals()
    for date in DATES:
        for key in view.account.services:
            yield from maker.whole(date, key)
    for place, rows in view.rows[view.rows["zone"] != WHOLE].groupby(["date", "zone", "service"], sort=False):
        date, zone, key = (str(part) for part in place)
        yield from maker.part(f"{date}.{maker.key[zone]}.{key}", date, zone, key, rows)


class _Maker:
    def __init__(self, view: View) -> None:
        self.view, self.factors = view, view.account.factors
        land = view.account.land
        self.key = dict(zip(land.zones, land.keys, strict=True)) | {WHOLE: "all"}
        self.name = dict(zip(land.zones, land.names, strict=True)) | {WHOLE: "all zones"}
        self.number = {zone: n for n, zone in enumerate(land.zones)}
        self.classes = [c.key for c in land.classes]
        self.any = (land.opening != 0) | (land.closing != 0)
        self.zones: dict[tuple[str, str], list[str]] = {}
        parts = view.rows.loc[view.rows["zone"] != WHOLE, ["date", "service", "zone"]].drop_duplicates()
        for day, service, zone in zip(*(parts[name] for name in parts), strict=True):
            self.zones.setdefault((day, service), []).append(zone)
        self.recalled = {key for key, f in self.factors.items() if f.ref.verified in UNPUBLISHED}

    def figure(self, key: str, label: str, value: float, unit: str, trace: Trace, date: str, place: str,
               recalled: bool, **rest: Any) -> Figure:  # fmt: skip
        lost = value != value
        status = "missing" if lost else self.view.setting.status(recalled)
        return Figure(key, label, None if lost else float(value), unit, trace, status=status,
                      period=str(self.view.year(date)), place=place, **rest)  # fmt: skip

    def areas(self, date: str, zone: str, rows: pd.DataFrame) -> tuple[str, ...]:
        """Figures of extent under the rows of a zone: one for each class that occurs there."""
        if self.view.setting.show is None or zone == WHOLE:
            return ()
        groups = [g for g in dict.fromkeys(rows["group"]) if g]
        held = [at for g in groups for at in self.view.built.ground.groups[g] if self.any[self.number[zone], at]]
        return tuple(f"extent.{date}.{self.key[zone]}.{self.classes[at]}" for at in dict.fromkeys(held))

    def trace(self, how: str, ids: Iterable[str], parents: tuple[str, ...] = ()) -> Trace:
        found = [self.factors[key] for key in dict.fromkeys(ids) if key]
        inputs = tuple(f.input for f in found if f.input is not None)
        return Trace(how, parents=parents, inputs=inputs, factors=tuple(f.ref for f in found))

    def part(self, stem: str, date: str, zone: str, key: str, rows: pd.DataFrame) -> tuple[Figure, Figure]:
        """Flow and value of the rows of one service, date and zone (or of what is known for the whole area only)."""
        service, place = self.view.account.services[key], self.name[zone]
        ids = list(dict.fromkeys(one for names in rows["factors"] for one in names))
        prices = list(dict.fromkeys(rows["price_factor"]))
        origin = " and ".join(dict.fromkeys(rows["origin"]))
        how = {"model": f"hectares x parameters, summed over {len(rows)} products",
               "reading": "as it was read", "published": "not published; only the value is"}  # fmt: skip
        said = how.get(origin, f"{origin}, {len(rows)} rows")
        if is_unread(rows).any():
            said = f"not read in {self.view.year(date)}; the readings are of years before, and no model stands in"
        trace = self.trace(said, ids, self.areas(date, zone, rows))
        judged = any(one in self.recalled for one in ids)
        flow_id, unit = f"services.flow.{stem}", label_of(service)
        known = not rows["flow"].isna().any()
        flow = self.figure(flow_id, f"{service.name}, flow, {date}", rows["flow"].sum() if known else float("nan"),
                           unit, trace, date, place, judged)  # fmt: skip
        missing = rows["value"].isna().any()
        lacks = "the flow is not known" if rows["flow"].isna().any() else "no exchange value"
        worth = self.trace(self.priced(rows) if not missing else lacks, prices,
                           () if origin == "published" else (flow_id,))  # fmt: skip
        worth = replace(worth, factors=(*worth.factors, *self.deflators(prices)))
        judged = judged or any(one in self.recalled for one in prices)
        value = self.figure(f"services.value.{stem}", f"{service.name}, value, {date}",
                            float("nan") if missing else rows["value"].sum(), self.view.money, worth, date, place,
                            judged)  # fmt: skip
        return flow, value

    def deflators(self, prices: Iterable[str]) -> tuple[FactorRef, ...]:
        """The deflators that bring prices to the year of the account, none where they are in it."""
        base = self.view.account.price_year
        years = {self.factors[key].price_year for key in prices if key in self.factors} - {base, None}
        return tuple(deflator_ref(int(year)) for year in (*sorted(filter(None, years)), base)) if years else ()

    def priced(self, rows: pd.DataFrame) -> str:
        """How a value came about, with the flow and the unit value where there is one of them."""
        base = f"{self.view.account.price_year} prices"
        if (rows["origin"] == "published").all():
            return f"as published, brought to {base} by the GDP deflator"
        prices = rows["price"].unique()
        if len(prices) > 1:
            return f"flow x unit value in {base}, summed over {len(prices)} unit values"
        return f"{rows['flow'].sum():,.10g} x {prices[0]:,.6g} GBP in {base}"

    def whole(self, date: str, key: str) -> Iterator[Figure]:
        rows = self.view.rows
        mine = rows[(rows["date"] == date) & (rows["service"] == key)]
        loose, zones = mine[mine["zone"] == WHOLE], self.zones.get((date, key), [])
        if not zones:
            yield from self.part(f"{date}.all.{key}", date, WHOLE, key, loose) if len(loose) else self.none(date, key)
            return
        ids = {one for names in mine["factors"] for one in names} | set(mine["price_factor"])
        judged = bool(ids & self.recalled)
        service = self.view.account.services[key]
        for what, unit in (("flow", label_of(service)), ("value", self.view.money)):
            parents = tuple(f"services.{what}.{date}.{self.key[zone]}.{key}" for zone in zones)
            named = [one for names in loose["factors"] for one in names] if what == "flow" else [*loose["price_factor"]]
            trace = self.trace(f"sum over {len(zones)} zones", named, parents)
            yield self.figure(f"services.{what}.{date}.all.{key}", f"{service.name}, {what}, {date}",
                              self.view.totals[what][key, date], unit, trace, date, "all zones", judged)  # fmt: skip

    def none(self, date: str, key: str) -> Iterator[Figure]:
        """A service without a flow: missing, and what to supply."""
        service = self.view.account.services[key]
        trace = Trace(f"not available; supply: {service.note}")
        for what, unit in (("flow", label_of(service)), ("value", self.view.money)):
            yield self.figure(f"services.{what}.{date}.all.{key}", f"{service.name}, {what}, {date}", float("nan"),
                              unit, trace, date, "all zones", False)  # fmt: skip

    def totals(self) -> Iterator[Figure]:
        for date in reversed(DATES):
            held = self.view.valued(date)
            parents = tuple(f"services.value.{date}.all.{key}" for key in held)
            how = f"sum of the {len(held)} ecosystem services that have a value; {self.left_out(date)} left out"
            yield self.figure(f"services.value.{date}.all.total", f"Ecosystem services, value, {date}",
                              self.view.whole(date), self.view.money, Trace(how, parents=parents), date, "all zones",
                              self.view.recalled, headline=date == "closing")  # fmt: skip
            abiotic = self.view.valued(date, abiotic=True)
            if any(service.abiotic and (key, date) in self.view.totals["flow"]
                   for key, service in self.view.account.services.items()):  # fmt: skip
                more = tuple(f"services.value.{date}.all.{key}" for key in abiotic)
                value = self.view.whole(date) + (self.view.whole(date, True) if abiotic else 0.0)
                yield self.figure(f"services.value.{date}.all.with_abiotic",
                                  f"Ecosystem services and abiotic flows, value, {date}", value, self.view.money,
                                  Trace("the total of ecosystem services and abiotic flows, below the line",
                                        parents=(f"services.value.{date}.all.total", *more)),
                                  date, "all zones", self.view.recalled)  # fmt: skip
            yield from self.zone_totals(date)

    def left_out(self, date: str) -> str:
        held = self.view.valued(date)
        out = [s.name for key, s in self.view.account.services.items() if not s.abiotic and key not in held]
        return ", ".join(out) or "none is"

    def zone_totals(self, date: str) -> Iterator[Figure]:
        eco = [key for key, service in self.view.account.services.items() if not service.abiotic]
        rows = self.view.rows
        rows = rows[(rows["date"] == date) & rows["service"].isin(eco) & (rows["zone"] != WHOLE)]
        parts = sums(rows, ["zone", "service"], "value").dropna()
        for zone, held in parts.groupby(level=0, sort=False):
            parents = tuple(f"services.value.{date}.{self.key[str(zone)]}.{key}" for _, key in held.index)
            yield self.figure(f"services.value.{date}.{self.key[str(zone)]}.total",
                              f"Ecosystem services, value, {date}", float(held.sum()), self.view.money,
                              Trace(f"sum of {len(held)} services that have a value", parents=parents), date,
                              self.name[str(zone)], self.view.recalled)  # fmt: skip
