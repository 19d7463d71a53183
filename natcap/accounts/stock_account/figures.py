"""Figures of the carbon account, each with its walk back to densities, rates and cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from natcap.accounts.show.words import TC
from natcap.accounts.stock_account.account import ADDED, GIVEN, TAKEN, known_sum
from natcap.accounts.stock_account.flux import CO2, RATIO, Flux
from natcap.accounts.stock_account.moves import MOVED_BY, move_figures, move_id, moves_of
from natcap.accounts.stock_account.sheets import pool_key
from natcap.accounts.stock_account.view import View
from natcap.accounts.stock_account.words import ENTRIES
from natcap.core.report import Figure, InputRef, Trace

__all__ = ["carbon_figures"]

_KINDS = {"reappraisal_up": "reappraisal", "reappraisal_down": "reappraisal"}


def carbon_figures(view: View, flux: Flux) -> Iterator[Figure]:
    """Entries by pool and in total, closing stocks by zone, what is yet to come, the yearly flow."""
    maker = _Maker(view)
    yield from maker.entries()
    yield from maker.zones()
    yield from move_figures(view)
    yield from maker.rest(flux)


class _Maker:
    def __init__(self, view: View) -> None:
        self.view, self.account = view, view.account
        self.densities = tuple(dict.fromkeys(ref for row in view.densities.factors for ref in row))

    def figure(self, key: str, label: str, value: float, trace: Trace, place: str = "all zones", **rest: Any) -> Figure:
        given = {"unit": TC, "period": self.view.setting.span, "place": place} | rest
        status = self.view.setting.status(self.view.recalled)
        return Figure(f"carbon_account.{key}", label, value, trace=trace, status=status, **given)

    def inputs(self, name: str, pool: int) -> tuple[InputRef, ...]:
        rows = self.view.movements
        if rows.empty:
            return ()
        mine = rows[(rows["kind"] == _KINDS.get(name, name)) & (rows["p"] == pool)]
        return tuple(InputRef(self.view.given.shown, str(row["_sheet"]), str(row["_cell_tonnes"]), f"{row['tonnes']:g}",
                              TC, str(row["source"])) for row in mine.to_dict("records"))  # fmt: skip

    def entries(self) -> Iterator[Figure]:
        """Entries by pool and in total; what was not given has no figure."""
        account = self.account
        values = {"opening": account.opening, "closing": account.closing}
        values |= {name: account.entries[name] for name in (*ADDED, *TAKEN)}
        sums = {name: known_sum(array, (0, 1)) for name, array in values.items()}
        for name, parts in sums.items():
            known = [n for n, value in enumerate(parts) if not np.isnan(value)]
            label = f"Carbon account, {ENTRIES.get(name, f'{name} stock').lower()}"
            for place in known:
                pool = self.view.pools[place]
                trace = self.trace(name, place, sums)
                yield self.figure(f"{name}.all.{pool_key(pool)}", f"{label}, {pool}", float(parts[place]), trace)
            if known:
                parents = tuple(f"carbon_account.{name}.all.{pool_key(self.view.pools[n])}" for n in known)
                trace = Trace("sum over pools", parents=parents)
                whole = float(known_sum(parts, (0,)))
                yield self.figure(f"{name}.total", label, whole, trace, **(self.grown() if name == "closing" else {}))
        yield from self.changes()

    def grown(self) -> dict[str, Any]:
        """The closing leads, with the net balance beside it: the stock once settled holds growth of years to come."""
        change = float((self.account.closing - self.account.opening).sum())
        known = {} if self.view.broken or np.isnan(change) else {
            "change": change, "change_from": f"since {self.view.setting.years[0]}"}  # fmt: skip
        return {"headline": True} | known

    def trace(self, name: str, place: int, sums: Mapping[str, np.ndarray]) -> Trace:
        """How an entry of one pool came about."""
        key = pool_key(self.view.pools[place])
        if name == "closing":
            names = ("opening", *(n for n in (*ADDED, *TAKEN) if not np.isnan(sums[n][place])))
            return Trace(_BALANCE, parents=tuple(f"carbon_account.{n}.all.{key}" for n in names))
        if name in GIVEN:
            return Trace("sum of the carbon movements that were given", inputs=self.inputs(name, place))
        densities = self.view.densities.factors
        used = tuple(dict.fromkeys(r for row in densities for r in row[place : place + 1]))
        if name == "opening":
            return Trace("sum over classes of hectares x t C/ha", parents=self.areas("opening"), factors=used)
        if name in MOVED_BY:
            moved = moves_of(self.view, name, place)
            used = tuple(dict.fromkeys(r for pair in moved for n in pair for r in densities[n][place : place + 1]))
            until = f"reached {self.view.path.elapsed:g} years after the change" if self.view.yearly else "once settled"
            how = f"sum over conversions of hectares x t C a hectare {until}; see the table Conversions of land"
            parents = tuple(move_id(self.view, *pair) for pair in moved) or ("extent.changed.all",)
            return Trace(how, parents=parents, factors=used + self.view.path.factors)
        how = "area that had data at one date alone x density, and reappraisals that were given"
        parents = self.areas("opening") + self.areas("closing")
        return Trace(how, parents=parents, inputs=self.inputs(name, place), factors=used)

    def areas(self, date: str) -> tuple[str, ...]:
        """Figures of the area of each class that occurs."""
        opening, closing = self.view.area.sum(axis=(0, 2))[1:], self.view.area.sum(axis=(0, 1))[1:]
        return tuple(f"extent.{date}.all.{c.key}" for c, *both in zip(self.view.classes, opening, closing, strict=True)
                     if any(both))  # fmt: skip

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
                parents = (f"extent.area.{key}", f"extent.changed.{key}")[: 1 + (what == "closing")]
                factors = self.densities + (self.view.path.factors if what == "closing" else ())
                trace = Trace(how, parents=parents, factors=factors)
                yield self.figure(f"{what}.{key}", f"Carbon account, {what} stock", float(array[z].sum()), trace, name)

    def rest(self, flux: Flux) -> Iterator[Figure]:
        how = "stock once settled less closing stock of the account; see the table Carbon yet to move"
        trace = Trace(how, parents=("carbon_account.closing.total",), factors=self.densities)
        yield self.figure("to_come.total", "Carbon that land-use change has yet to move",
                          float(self.account.to_come.sum()), trace)  # fmt: skip
        if np.isnan(flux.total):
            return
        known = [n for n in (*ADDED, *TAKEN) if not np.isnan(self.account.entries[n]).all()]
        parents = tuple(f"carbon_account.{n}.total" for n in known if not n.startswith("reappraisal"))
        trace = Trace(
            f"change on the ground / {self.view.span:g} years x t CO2 by t C; reappraisals left out",
            parents=parents,
            factors=(RATIO,),
        )
        yield self.figure("flux.total", "Carbon dioxide taken up (+) or given off (-) by year", flux.total, trace,
                          unit=CO2)  # fmt: skip


_BALANCE = "opening + additions - reductions"
