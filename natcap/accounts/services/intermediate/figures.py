"""Figures of intermediate services: supply, use and net by date, service and ecosystem type, each to its cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from natcap.accounts.services.intermediate.balance import Balance, Block
from natcap.accounts.services.prices import deflator_ref
from natcap.accounts.services.view import label_of
from natcap.core.report import FactorRef, Figure, Trace
from natcap.core.verification import UNPUBLISHED

__all__ = ["intermediate_figures"]


def intermediate_figures(balance: Balance) -> Iterator[Figure]:
    """Totals of each service and date, then its ecosystem types; none of them a headline, none in another total."""
    for column, blocks in balance.blocks.items():
        for block in blocks:
            maker = _Maker(balance, column, block)
            yield from maker.totals()
            for line in block.lines.to_dict("records"):
                yield from maker.line(line)


class _Maker:
    def __init__(self, balance: Balance, column: str, block: Block) -> None:
        self.balance, self.column, self.block, self.view = balance, column, block, balance.view
        self.tail = f"{block.date}.{block.service.id}"
        self.stem = f"services.intermediate.{column}.{self.tail}"

    def figure(self, end: str, label: str, value: float, trace: Trace, ids: Iterable[str]) -> Figure:
        lost = value != value
        states = {self.balance.account.factors[key].ref.verified for key in ids}
        status = "missing" if lost else self.view.setting.status(bool(states & UNPUBLISHED))
        unit = self.view.money if self.column == "value" else label_of(self.block.service)
        name = f"{self.block.service.name}, intermediate service, {self.column} {label}, {self.block.date}"
        return Figure(f"{self.stem}.{end}", name, None if lost else float(value), unit, trace, status=status,
                      period=str(self.view.year(self.block.date)), place="all zones")  # fmt: skip

    def trace(self, how: str, ids: Iterable[str] = (), parents: Iterable[str] = ()) -> Trace:
        found = [self.balance.account.factors[key] for key in ids]
        inputs = tuple(f.input for f in found if f.input is not None)
        return Trace(
            how, parents=tuple(parents), inputs=inputs, factors=(*(f.ref for f in found), *self.deflators(found))
        )

    def deflators(self, found: Iterable[Any]) -> tuple[FactorRef, ...]:
        """The deflators that bring unit values to the price year of the account, none where they are in it."""
        base = self.view.account.price_year
        years = sorted({f.price_year for f in found if f.price_year is not None} - {base})
        return tuple(deflator_ref(year) for year in (*years, base)) if years else ()

    def totals(self) -> Iterator[Figure]:
        block, lines = self.block, self.block.lines
        ids = self.balance.all_ids(block, self.column)
        parts = {which: [f"{self.stem}.{name}.{kind}" for kind in lines.loc[lines[which].astype(bool), "ecosystem"]]
                 for which, name in (("supplies", "supply"), ("uses", "use"))}  # fmt: skip
        lack = "not available; supply: a reading for every ecosystem type that supplies it"
        lack = lack if lines.empty or self.column == "flow" else "not available: no unit value for a part of the supply"
        for end, label, value, which in (("supply", "supplied", block.supplied, "supplies"),
                                         ("use", "used", block.used, "uses")):  # fmt: skip
            how = f"sum over {len(parts[which])} ecosystem types" if block.known else lack
            yield self.figure(end, label, value, self.trace(how, (), parts[which]), ids)
        how = "supply less use: what is left to final users" if block.known else lack
        yield self.figure("net", "net", block.supplied - block.used,
                          self.trace(how, (), (f"{self.stem}.supply", f"{self.stem}.use")), ids)  # fmt: skip

    def line(self, line: dict[Any, Any]) -> Iterator[Figure]:
        kind = str(line["ecosystem"])
        name, parents = self.balance.names[kind], []
        if line["supplies"]:
            ids = self.balance.supply_ids(self.block, self.column, kind)
            parents.append(f"{self.stem}.supply.{kind}")
            yield self.figure(f"supply.{kind}", f"supplied by {name}", line["supplied"], self.supplied(kind, ids), ids)
        if line["uses"]:
            _, share = self.balance.share(self.block, kind)
            parents.append(f"{self.stem}.use.{kind}")
            trace = self.trace("share of use x supply", (share,), (f"{self.stem}.supply",))
            yield self.figure(f"use.{kind}", f"used by {name}", line["used"], trace,
                              self.balance.all_ids(self.block, self.column))  # fmt: skip
        how = "supply less use" if len(parents) == 2 else "supply, nothing is used" if line["supplies"] else \
            "less use, nothing is supplied"  # fmt: skip
        yield self.figure(f"net.{kind}", f"net of {name}", line["net"], self.trace(how, (), parents),
                          self.balance.all_ids(self.block, self.column))  # fmt: skip

    def supplied(self, kind: str, ids: tuple[str, ...]) -> Trace:
        """The flow as it was read; the value as that flow by its unit value."""
        if self.column == "flow":
            return self.trace("as it was read", ids)
        flow = f"services.intermediate.flow.{self.tail}.supply.{kind}"
        prices = [key for key in ids if key in self.balance.made.prices]
        return self.trace(self.priced(kind) if prices else "no exchange value", prices, (flow,))

    def priced(self, kind: str) -> str:
        """How a value came about, with the flow and the unit value where there is one of them."""
        rows, base = self.balance.account.rows, f"{self.view.account.price_year} prices"
        mine = rows[(rows["service"] == self.block.service.id) & (rows["date"] == self.block.date)]
        mine = mine[mine["type"] == kind]
        prices = mine["price"].unique()
        return f"{mine['flow'].sum():,.10g} x {prices[0]:,.6g} GBP in {base}"
