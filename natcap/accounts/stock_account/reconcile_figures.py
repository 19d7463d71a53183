"""Figures of the reconciliation: each line by ecosystem type and in total, with its walk back; and its checks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from natcap.accounts.stock_account.flux import RATIO, Flux
from natcap.accounts.stock_account.gases import GASES, inputs_of, potentials_used
from natcap.accounts.stock_account.reconcile import SERVICE, Reconciled
from natcap.accounts.stock_account.reconcile_sheets import bridge_values
from natcap.accounts.stock_account.told import CO2E, flag, implied
from natcap.accounts.stock_account.view import View
from natcap.core.report import Check, FactorRef, Figure, InputRef, Trace

__all__ = ["reconciled_checks", "reconciled_figures"]

_STEM = "carbon_account.reconciled"
_NAMES = {
    "account": "taken up by change of stock", "ch4": "methane of organic soil", "n2o": "nitrous oxide of organic soil",
    "expected": "service that the account expects", "apart": "less land whose type has no flow of the service",
    "service": "service accounted, mean of both dates", "residual": "left unexplained",
}  # fmt: skip


def reconciled_figures(view: View, found: Reconciled) -> Iterator[Figure]:
    maker = _Maker(view, found)
    for at in found.shown:
        yield from maker.of(at)
    yield from maker.totals()


class _Maker:
    def __init__(self, view: View, found: Reconciled) -> None:
        self.view, self.found = view, found
        self.made: set[str] = set()

    def figure(self, line: str, key: str, value: float, trace: Trace, place: str) -> Iterator[Figure]:
        """Nothing where the value is not known."""
        if np.isnan(value):
            return
        one = f"{_STEM}.{line}.{key}"
        self.made.add(one)
        name = "implied by the service on land that kept its class" if line == "implied" else _NAMES[line]
        yield Figure(one, f"Carbon account and service, {name}", value, "t C/ha/year" if line == "implied" else CO2E,
                     trace, status=self.view.setting.status(self.view.recalled), period=self.view.setting.span,
                     place=place)  # fmt: skip

    def parents(self, key: str, *lines: str) -> tuple[str, ...]:
        return tuple(one for line in lines if (one := f"{_STEM}.{line}.{key}") in self.made)

    def of(self, at: int) -> Iterator[Figure]:
        """The lines of one type."""
        found, key, place = self.found, self.found.types.keys[at], self.found.types.names[at]
        yield from self.figure("account", key, float(found.net[at]), self.account(at), place)
        for gas in GASES:
            mine = found.rows[(found.rows["at"] == at) & (found.rows["gas"] == gas)] if not found.rows.empty else None
            if mine is not None and not mine.empty:
                how = "emission as given, in tonnes of the gas x global warming potential; given off below zero"
                trace = Trace(how, inputs=inputs_of(mine, self.view.given.shown),
                              factors=potentials_used(mine, self.view.given.gwp, gas))  # fmt: skip
                yield from self.figure(gas.casefold(), key, float(found.gases[gas][at]), trace, place)
        expected = Trace("change of stock + other gases", parents=self.parents(key, "account", "ch4", "n2o"))
        yield from self.figure("expected", key, float(found.expected[at]), expected, place)
        yield from self.figure("service", key, float(found.service.mean[at]), self.service(at), place)
        rest = Trace("service - what the account expects; told from the flag on",
                     parents=self.parents(key, "service", "expected"), factors=(flag(),))  # fmt: skip
        yield from self.figure("residual", key, float(found.residual[at]), rest, place)
        how = f"residual / {found.kept[at]:,.10g} ha that kept their class / t CO2 by t C; memorandum, not used"
        trace = Trace(how, parents=self.parents(key, "residual"), factors=(RATIO,))
        yield from self.figure("implied", key, float(implied(found)[at]), trace, place)

    def account(self, at: int) -> Trace:
        view = self.view
        held = np.flatnonzero(self.found.types.shares[:, at]).tolist()
        factors = tuple(dict.fromkeys(ref for n in held for ref in view.densities.factors[n]))
        mine = view.movements[view.movements["c"].isin(held)] if not view.movements.empty else view.movements
        mine = mine[mine["kind"] != "reappraisal"] if not mine.empty else mine
        inputs = tuple(InputRef(view.given.shown, str(row["_sheet"]), str(row["_cell_tonnes"]), f"{row['tonnes']:g}",
                                "t C", str(row["source"])) for row in mine.to_dict("records"))  # fmt: skip
        how = (f"growth + conversions - harvest - disturbance of the classes of the type, / {view.span:g} years x t "
               "CO2 by t C; see the tables by class and Conversions of land")  # fmt: skip
        return Trace(how, parents=self.areas(held), inputs=inputs, factors=(*factors, *view.path.factors, RATIO))

    def areas(self, classes: list[int]) -> tuple[str, ...]:
        area = self.view.area.sum(axis=0)
        return tuple(f"extent.{date}.all.{self.view.classes[n].key}" for n in classes if area[n + 1].any() or
                     area[:, n + 1].any() for date in ("opening", "closing"))  # fmt: skip

    def service(self, at: int) -> Trace:
        held = self.view.setting.products["services"].factors if self.found.service.factors[at] else {}
        mine = [held[key] for key in self.found.service.factors[at] if key in held]
        refs: tuple[FactorRef, ...] = tuple(one.ref for one in mine)
        parents = tuple(f"services.flow.{date}.all.{SERVICE}" for date in ("opening", "closing"))
        return Trace("part of the type in the flows of both dates, mean of the two", parents=parents, factors=refs,
                     inputs=tuple(one.input for one in mine if one.input is not None))  # fmt: skip

    def totals(self) -> Iterator[Figure]:
        """The lines of the bridge."""
        found, values = self.found, bridge_values(self.found)
        keys = [found.types.keys[n] for n in found.shown]
        for line in ("account", "ch4", "n2o"):
            parents = tuple(one for key in keys for one in self.parents(key, line))
            yield from self.figure(line, "total", values[line], Trace("sum over types", parents=parents), "all types")
        expected = Trace("change of stock + other gases", parents=self.parents("total", "account", "ch4", "n2o"))
        yield from self.figure("expected", "total", values["expected"], expected, "all types")
        if np.isnan(values["service"]):
            return
        apart = [found.types.keys[n] for n in found.shown if found.service.compared[n] == "no"]
        parents = tuple(one for key in apart for one in self.parents(key, "expected"))
        trace = Trace(f"less what the account expects of {len(apart)} types" + (
            "" if apart else ": each has a flow of the service"), parents=parents or self.parents("total", "expected"),
        )  # fmt: skip
        yield from self.figure("apart", "total", values["apart"], trace, "all types")
        flows = tuple(f"services.flow.{date}.all.{SERVICE}" for date in ("opening", "closing"))
        yield from self.figure("service", "total", values["service"], Trace("mean of both dates", parents=flows),
                               "all types")  # fmt: skip
        trace = Trace("service - (what the account expects - land whose type has no flow)", factors=(flag(),),
                      parents=self.parents("total", "service", "expected", "apart"))  # fmt: skip
        yield from self.figure("residual", "total", values["residual"], trace, "all types")


def reconciled_checks(found: Reconciled, flux: Flux) -> Iterator[Check]:
    """That types add up to the account, and that the lines make the service."""
    values = bridge_values(found)
    if np.isnan(flux.total):
        return
    known = np.nan_to_num(np.array([*found.causes.values(), *found.gases.values(), found.service.mean]))
    size = 1e-9 * max(float(np.abs(known).sum()), 1.0)
    title = "Carbon account by ecosystem type and cause = change on the ground by pool"
    yield Check("carbon_account.types", title, float(found.net.sum()), flux.total, size, CO2E)
    if np.isnan(values["residual"]):
        return
    left = sum(np.nan_to_num(values[name]) for name in ("account", "ch4", "n2o", "apart", "residual"))
    title = "Carbon account + other gases + land apart + residual = service of greenhouse-gas regulation"
    yield Check("carbon_account.reconciled", title, float(left), values["service"], size, CO2E)
    if not found.service.total_only:
        title = "Residuals of the ecosystem types = residual in total"
        yield Check("carbon_account.residuals", title, float(np.nansum(found.residual)), values["residual"], size, CO2E)
