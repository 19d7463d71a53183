"""Figures of the carbon account, each with its walk back to densities, rates and cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from natcap.accounts.show.words import TC
from natcap.accounts.stock_account.account import ADDED, SIGNS, TAKEN, known_sum
from natcap.accounts.stock_account.flux import CO2, Flux
from natcap.accounts.stock_account.sheets import pool_key
from natcap.accounts.stock_account.view import View
from natcap.accounts.stock_account.words import ENTRIES
from natcap.core.report import FactorRef, Figure, InputRef, Trace

__all__ = ["carbon_figures"]

_KINDS = {"reappraisal_up": "reappraisal", "reappraisal_down": "reappraisal"}
_MAPS = ("managed_expansion", "unmanaged_expansion", "conversion")


def carbon_figures(view: View, flux: Flux) -> Iterator[Figure]:
    """Entries by pool and in total, closing stocks by zone, what is yet to come, the yearly flow."""
    maker = _Maker(view)
    yield from maker.entries()
    yield from maker.zones()
    yield from maker.rest(flux)


class _Maker:
    def __init__(self, view: View) -> None:
        self.view, self.account = view, view.account
        self.densities = tuple(dict.fromkeys(ref for row in view.densities.factors for ref in row))

    def figure(self, key: str, label: str, value: float, trace: Trace, place: str = "all zones", **rest: Any) -> Figure:
        missing = bool(np.isnan(value))
        given = {"unit": TC, "period": self.view.setting.span, "place": place} | rest
        status = "missing" if missing else self.view.setting.status(self.view.recalled)
        return Figure(f"carbon_account.{key}", label, None if missing else float(value), trace=trace, status=status,
                      **given)  # fmt: skip

    def inputs(self, name: str, pool: int) -> tuple[InputRef, ...]:
        rows = self.view.movements
        if rows.empty:
            return ()
        mine = rows[(rows["kind"] == _KINDS.get(name, name)) & (rows["p"] == pool)]
        return tuple(InputRef(self.view.given.shown, str(row["_sheet"]), str(row["_cell_tonnes"]), f"{row['tonnes']:g}",
                              TC, str(row["source"])) for row in mine.to_dict("records"))  # fmt: skip

    def how(self, name: str) -> str:
        if name in _MAPS:
            until = f"reached {self.view.path.elapsed:g} years after the change" if self.view.yearly else "once settled"
            return f"sum over conversions of hectares x t C a hectare {until}; see the table Conversions of land"
        if name.startswith("reappraisal"):
            return "area that had data at one date alone x density, and reappraisals that were given"
        return "sum of the carbon movements that were given" if self.view.given.movements is not None else "not given"

    def entries(self) -> Iterator[Figure]:
        account = self.account
        values = {"opening": account.opening, "closing": account.closing} | {
            n: account.entries[n] for n in (*ADDED, *TAKEN)
        }
        path: tuple[FactorRef, ...] = self.view.path.factors
        for name, array in values.items():
            label = ENTRIES.get(name, f"{name} stock").lower()
            parts = known_sum(array, (0, 1))
            for place, (pool, value) in enumerate(zip(self.view.pools, parts, strict=True)):
                parents: tuple[str, ...] = ()
                if name == "closing":
                    names = ("opening", *(entry for entry in (*ADDED, *TAKEN)))
                    parents = tuple(f"carbon_account.{entry}.all.{pool_key(pool)}" for entry in names)
                how = {"opening": "sum over classes of hectares x t C/ha", "closing": _BALANCE}.get(name) or self.how(
                    name
                )
                used = (
                    ()
                    if name == "closing"
                    else tuple(r for row in self.view.densities.factors for r in row[place : place + 1])
                )
                used += path if name in _MAPS else ()
                trace = Trace(how, parents=parents, inputs=self.inputs(name, place), factors=tuple(dict.fromkeys(used)))
                yield self.figure(f"{name}.all.{pool_key(pool)}", f"Carbon account, {label}, {pool}", value, trace)
            parents = tuple(f"carbon_account.{name}.all.{pool_key(pool)}" for pool in self.view.pools)
            total = float(known_sum(parts, (0,)))
            yield self.figure(
                f"{name}.total", f"Carbon account, {label}", total, Trace("sum over pools", parents=parents)
            )
        yield from self.changes()

    def changes(self) -> Iterator[Figure]:
        change = (self.account.closing - self.account.opening).sum(axis=(0, 1))
        for key, label, value in (
            *((f"all.{pool_key(pool)}", f", {pool}", change[n]) for n, pool in enumerate(self.view.pools)),
            ("total", "", change.sum()),
        ):
            parents = tuple(f"carbon_account.{date}.{key}" for date in ("closing", "opening"))
            trace = Trace("closing less opening: additions less reductions", parents=parents)
            yield self.figure(f"change.{key}", f"Carbon account, net balance{label}", float(value), trace)

    def zones(self) -> Iterator[Figure]:
        for what, array in (("opening", self.account.opening), ("closing", self.account.closing)):
            for z, (key, name) in enumerate(zip(self.view.keys, self.view.names, strict=True)):
                how = "sum over classes and pools of hectares x t C/ha" if what == "opening" else _BALANCE
                trace = Trace(how, factors=self.densities + (self.view.path.factors if what == "closing" else ()))
                yield self.figure(f"{what}.{key}", f"Carbon account, {what} stock", float(array[z].sum()), trace, name)

    def rest(self, flux: Flux) -> Iterator[Figure]:
        trace = Trace("stock once settled less closing stock of the account; see the table Carbon yet to move",
                      parents=("carbon_account.closing.total",), factors=self.densities)  # fmt: skip
        yield self.figure("to_come.total", "Carbon that land-use change has yet to move",
                          float(self.account.to_come.sum()), trace)  # fmt: skip
        parents = tuple(f"carbon_account.{n}.total" for n in SIGNS if n in ENTRIES and not n.startswith("reappraisal"))
        span = self.view.span
        trace = Trace(f"change on the ground / {span:g} years x 44/12; reappraisals left out", parents=parents)
        yield self.figure("flux.total", "Carbon dioxide taken up (+) or given off (-) by year", flux.total, trace,
                          unit=CO2)  # fmt: skip


_BALANCE = "opening + additions - reductions"
