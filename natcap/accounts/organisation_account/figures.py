"""Figures of the organisational account, each to the cells it was filled from and the published numbers behind it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

from natcap.accounts.organisation_account.account import COLUMNS, STEPS, stated
from natcap.accounts.organisation_account.balance import balance_id
from natcap.accounts.organisation_account.model import PARTS, SIDES
from natcap.accounts.organisation_account.refs import carbon_refs, deflator_refs, schedule_ref
from natcap.accounts.organisation_account.words import ENTRY_NAMES, SIDE_NAMES, Words
from natcap.core.report import FactorRef, Figure, InputRef, Status, Trace
from natcap.core.verification import UNPUBLISHED

__all__ = ["FigureMaker"]

Row = Mapping[Hashable, Any]
_FLOW = ("flow", "unit_value", "price_year", "start", "life", "actual")
_DUTY = ("cost", "price_year", "start", "life", "spent")


class FigureMaker:
    """Makes every figure; a sum is recalled or synthetic where one of its parts is."""

    def __init__(self, words: Words) -> None:
        self.words, self.account, self.given, self.terms = words, words.account, words.given, words.terms
        self.states: dict[str, Status] = {}
        self.first = words.setting.show is None
        """Whether the organisation is what the report is about: where there are maps, its area is."""

    def all(self) -> tuple[Figure, ...]:
        """Balance sheet first, then income, the way from the previous one, extents; parts before sums inside."""
        leaves = (*self.flows(), *self.duties(), *self.items(), *self.extents())
        return (*self.balance(), *self.income(), *self.steps(), *self.beside(), *leaves)

    def figure(self, key: str, label: str, value: float, unit: str, trace: Trace, **rest: Any) -> Figure:
        """One figure; its status is the weakest of its factors and parents."""
        weak = any(ref.verified in UNPUBLISHED for ref in trace.factors)
        found = {self.states.get(parent, "calculated") for parent in trace.parents} | {rest.pop("status", "calculated")}
        status = self.words.setting.status(weak or "recalled" in found)
        if "synthetic" in found:
            status = "synthetic"
        elif status == "calculated":
            status = next((word for word in ("estimated", "provisional") if word in found), status)
        self.states[key] = status
        missing = value != value
        return Figure(key, label, None if missing else float(value), unit, trace,
                      status="missing" if missing else status, period=rest.pop("period", str(self.terms.year)),
                      place=rest.pop("place", self.words.setting.project.place), **rest)  # fmt: skip

    def cells(self, row: Row, names: Sequence[str], unit: str = "") -> tuple[InputRef, ...]:
        return tuple(
            InputRef(self.given.shown, row["_sheet"], row[f"_cell_{name}"], f"{row[name]:.15g}",
                     unit if name in ("flow", "actual") else "GBP" if name in ("unit_value", "cost", "spent", "amount")
                     else "", str(row["evidence"]))
            for name in names if row[name] == row[name]
        )  # fmt: skip

    def factors(self, row: Row) -> tuple[FactorRef, ...]:
        refs = [schedule_ref(self.terms, bool(row.get("health", False)))]
        if row.get("carbon", False):
            first = self.terms.year + int(row["offset"])
            refs += carbon_refs(first, first + int(row["years"]) - 1, self.terms)
        else:
            refs += deflator_refs(row["price_year"], self.terms)
        return tuple({ref.id: ref for ref in refs}.values())

    def how(self, row: Row, what: str) -> str:
        """The working of a present value in a sentence."""
        choices = self.terms.choices
        option = choices.option_of(bool(row.get("health", False)))
        by = "carbon value of each year, discounted" if row.get("carbon", False) else "annuity"
        return (
            f"{what} x {row['factor']:.10g} ({by}; {option.name} of {option.since}, timing {choices.timing}; "
            f"{row['years']:g} years from {self.terms.year + int(row['offset'])}, year 0 is {self.terms.year})"
        )

    def flows(self) -> Iterator[Figure]:
        for at, row in enumerate(self.account.flows.to_dict("records")):
            label, key = f"Asset value, {row['service']}, {row['asset']}, {row['column']}", self.words.flow_id(at)
            if not row["valued"]:
                trace = Trace("material, but without a number or a price; it is not zero",
                              inputs=self.cells(row, _FLOW, row["unit"]))  # fmt: skip
            else:
                price = "" if row["carbon"] else f" x {row['price']:.10g} GBP in prices of {self.terms.price_year}"
                told = self.how(row, f"{row['flow']:,.10g} {row['unit']} a year{price}")
                trace = Trace(told, inputs=self.cells(row, _FLOW[:-1], row["unit"]), factors=self.factors(row))
            yield self.figure(key, label, row["value"], self.words.unit, trace)

    def duties(self) -> Iterator[Figure]:
        for at, row in enumerate(self.account.duties.to_dict("records")):
            told = self.how(row, f"- {row['cost']:,.10g} GBP a year x {row['scale']:.10g} to prices of "
                                 f"{self.terms.price_year}")  # fmt: skip
            trace = Trace(told, inputs=self.cells(row, _DUTY[:-1]), factors=self.factors(row))
            label = f"Maintenance liability, {row['work']}, {row['asset'] or 'all assets'}, {row['column']}"
            yield self.figure(self.words.duty_id(at), label, row["value"], self.words.unit, trace)

    def items(self) -> Iterator[Figure]:
        if self.given.emissions is not None:
            fed = self.given.emissions
            trace = Trace("as the inventory published them", inputs=(fed.where,))
            yield self.figure("organisation.emissions", f"Emissions of the year, {fed.label}", fed.tonnes, "t CO2e",
                              trace, status=fed.status)  # fmt: skip
        flows, duties, further = (t.to_dict("records") for t in (self.account.flows, self.account.duties,
                                                                  self.given.income))  # fmt: skip
        for at, item in enumerate(self.account.items.to_dict("records")):
            carbon = item["origin"] == "emissions"
            parents: tuple[str, ...] = ("organisation.emissions",) if carbon else ()
            inputs: tuple[InputRef, ...] = ()
            refs: list[FactorRef] = []
            if not carbon:
                rows, names = {
                    "flows": (flows, _FLOW[:3] + _FLOW[5:]), "duties": (duties, _DUTY[:2] +
                    _DUTY[4:]), "income": (further, ("amount", "price_year")),
                }[item["origin"]]  # fmt: skip
                row = rows[item["at"]]
                inputs, carbon = self.cells(row, names, item["unit"]), bool(row.get("carbon", False))
                refs += () if carbon else deflator_refs(row["price_year"], self.terms)
            refs += carbon_refs(self.terms.year, self.terms.year, self.terms) if carbon else ()
            how = f"{item['quantity']:,.10g} {item['unit']} x {item['price']:.10g}"
            label = f"{ENTRY_NAMES[item['entry']]}, {item['item']}, {item['column']}"
            yield self.figure(self.words.item_id(at), label, item["value"], self.words.unit,
                              Trace(how, parents=parents, inputs=inputs, factors=tuple(refs)))  # fmt: skip

    def extents(self) -> Iterator[Figure]:
        held = self.given.assets
        for (habitat, unit), key in zip(self.words.extents, self.words.extent_keys, strict=True):
            rows = held[(held["habitat"] == habitat) & (held["unit"] == unit)].to_dict("records")
            inputs = tuple(InputRef(self.given.shown, r["_sheet"], r["_cell_extent"], f"{r['extent']:.15g}", unit,
                                    str(r["evidence"])) for r in rows)  # fmt: skip
            value = float(sum(r["extent"] for r in rows))
            yield self.figure(f"organisation.extent.{key}", f"Extent, {habitat}", value, unit,
                              Trace(f"sum of {len(rows)} assets", inputs=inputs))  # fmt: skip

    def balance(self) -> Iterator[Figure]:
        flows, duties = self.account.flows, self.account.duties
        for row in self.account.balance.to_dict("records"):
            key = str(row["key"])
            for column in COLUMNS:
                if column == "total":
                    how, parents = "private + external", [balance_id(key, side) for side in SIDES]
                elif key == "net":
                    how, parents = "assets + liabilities", [balance_id(name, column) for name in PARTS]
                elif key in ("legal", "other", "liabilities"):
                    mine = duties["duty"].eq("constructive") if key == "other" else duties["duty"].ne("constructive")
                    mine = mine | (key == "liabilities")
                    at = [n for n, yes in enumerate((mine & (duties["column"] == column)).tolist()) if yes]
                    how, parents = f"sum of {len(at)} duties", [self.words.duty_id(n) for n in at]
                else:
                    mine = flows["counted"] & (flows["column"] == column)
                    if key != "assets":
                        mine &= flows["habitat_key"] == key.removeprefix("habitat.")
                    at = [n for n, yes in enumerate(mine.tolist()) if yes]
                    how, parents = f"sum of {len(at)} flows", [self.words.flow_id(n) for n in at]
                label = f"{row['label']}, {SIDE_NAMES[column].lower()}"
                yield self.figure(balance_id(key, column), label, row[column], self.words.unit,
                                  Trace(how, parents=tuple(parents)),
                                  headline=self.first and (key, column) == ("net", "total")
                                  and row[column] == row[column],
                                  )  # fmt: skip

    def beside(self) -> Iterator[Figure]:
        """The totals by the discount schedule shown beside; empty where there is none."""
        other, account = self.terms.other, self.account
        if other is None:
            return
        totals: list[float] = []
        for part, table in (("assets", account.flows), ("liabilities", account.duties)):
            mine = table["column"].isin(SIDES) & table["value"].notna()
            totals.append(stated(table.loc[mine, "other"]))
            trace = Trace(f"the same flows and costs, discounted by the schedule {other.choices.schedule}",
                          parents=(balance_id(part, "total"),), factors=(schedule_ref(other, False),))  # fmt: skip
            yield self.figure(f"organisation.sensitivity.{part}", f"{part.capitalize()}, other discount schedule",
                              totals[-1], self.words.unit, trace)  # fmt: skip
        trace = Trace("assets + liabilities", parents=tuple(f"organisation.sensitivity.{part}" for part in PARTS))
        yield self.figure("organisation.sensitivity.net", "Net natural capital, other discount schedule",
                          stated(totals), self.words.unit, trace)  # fmt: skip

    def income(self) -> Iterator[Figure]:
        items, entries = self.account.items, self.account.income["entry"].tolist()
        for row in self.account.income.to_dict("records"):
            entry = str(row["entry"])
            base = f"organisation.income.{entry.replace(' ', '_')}"
            for column in COLUMNS:
                if column == "total":
                    parents = [f"{base}.{side}" for side in SIDES]
                elif entry == "net":
                    parents = [f"organisation.income.{e.replace(' ', '_')}.{column}" for e in entries if e != "net"]
                else:
                    mine = (items["entry"] == entry) & (items["column"] == column)
                    parents = [self.words.item_id(n) for n, yes in enumerate(mine.tolist()) if yes]
                label = f"{ENTRY_NAMES[entry]}, {SIDE_NAMES[column].lower()}"
                yield self.figure(f"{base}.{column}", label, row[column], self.words.unit,
                                  Trace("sum of its parts", parents=tuple(parents)))  # fmt: skip

    def steps(self) -> Iterator[Figure]:
        """The way from the previous balance sheet; empty without one."""
        names = [f"{part}_{side}" for part in PARTS for side in SIDES]
        for row in self.account.steps.to_dict("records"):
            key = str(row["key"])
            base, span = f"organisation.change.{key}", f"{self.terms.previous} to {self.terms.year}"
            for name in names:
                trace = self.step_trace(key, *name.split("_"))
                yield self.figure(f"{base}.{name}", f"{STEPS[key]}, {name.replace('_', ', ')}", row[name],
                                  self.words.unit, trace, period=span)  # fmt: skip
            trace = Trace("assets + liabilities", parents=tuple(f"{base}.{name}" for name in names))
            yield self.figure(f"{base}.net", f"{STEPS[key]}, net", row["net"], self.words.unit, trace, period=span)

    def step_trace(self, key: str, part: str, side: str) -> Trace:
        if key == "closing":
            return Trace("from the balance sheet", parents=(balance_id(part, side),))
        if key == "residual":
            above = [k for k in STEPS if k not in ("residual", "closing")]
            others = tuple(f"organisation.change.{k}.{part}_{side}" for k in above)
            return Trace("closing less the rows above", parents=(balance_id(part, side), *others))
        if key == "time":
            table, make = (self.account.flows, self.words.flow_id) if part == "assets" else (
                self.account.duties, self.words.duty_id)  # fmt: skip
            mine = (table["column"] == side) & table["time"].notna()
            if not mine.any():
                return self.silent("Flows" if part == "assets" else "Maintenance", f"{side} {part}")
            return Trace("the same flows seen from this year less seen from the previous account's year",
                         parents=tuple(make(n) for n, yes in enumerate(mine.tolist()) if yes))  # fmt: skip
        table = self.given.previous if key in ("opening", "price_level") else self.given.movements
        table = table[(table["part"] == part) & (table["column"] == side)]
        if key not in ("opening", "price_level"):
            table = table[table["move"] == key]
        rows = table.to_dict("records")
        if not rows:
            return self.silent("Movements", f"{key} of {side} {part}")
        refs = {ref.id: ref for row in rows for ref in deflator_refs(row["price_year"], self.terms) if key != "opening"}
        return Trace("as entered" if key != "price_level" else "as published, times the change of the deflator",
                     inputs=tuple(c for row in rows for c in self.cells(row, ("amount", "price_year"))),
                     factors=tuple(refs.values()))  # fmt: skip

    def silent(self, sheet: str, what: str) -> Trace:
        """A step that is nothing because no row of a sheet says otherwise."""
        where = InputRef(self.given.shown, sheet, "", "no row", "", f"no {what} was entered")
        return Trace(f"no {what} was entered on the sheet {sheet}", inputs=(where,))
