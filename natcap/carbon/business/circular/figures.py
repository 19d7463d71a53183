"""Figures of the circular flows, each to its cells and factors. The memo stands outside of every total."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.carbon.business.circular.flows import CIRCULAR, PREVENTION, Flows
from natcap.carbon.business.circular.published import constant, routes
from natcap.carbon.business.circular.read import Circular
from natcap.carbon.business.figures import UNIT, is_synthetic, slug
from natcap.carbon.business.wings import Setting
from natcap.core.report import FactorRef, Figure, InputRef, Status, Trace
from natcap.core.sources import source
from natcap.core.verification import UNPUBLISHED

__all__ = ["ID", "average", "figures_of", "keys_of", "route_refs"]

ID = "business.circular"


def keys_of(names: pd.Series) -> list[str]:
    """Names of products as parts of figure ids, each once."""
    keys: list[str] = []
    for name in names:
        key = slug(str(name))
        while key in keys or key == "weighted":
            key += "_2"
        keys.append(key)
    return keys


def average(given: Circular) -> float:
    """The indicator of all products by their weight; one product needs none."""
    products = given.products
    if len(products) == 1:
        return float(products["mci"].iloc[0])
    return float((products["mci"] * products[given.weight]).sum() / products[given.weight].sum())


def route_refs(given: Circular) -> tuple[FactorRef, ...]:
    """The rows of the hierarchy that the waste rests on."""
    used = routes().loc[list(dict.fromkeys(given.outputs["route"]))]
    return tuple(
        FactorRef(f"circular/routes:{row['id']}", row["parameter"], float(row["value"]), "place",
                  source(row["source"]).cite(), row["locator"], row["verified"], row["note"])
        for row in used.to_dict("records")
    )  # fmt: skip


def figures_of(setting: Setting, given: Circular, found: Flows) -> Iterator[Figure]:
    make = _Make(setting, given)
    yield from _inputs(make, given, found)
    yield from _outputs(make, given, found)
    yield from _products(make, given)


class _Make:
    def __init__(self, setting: Setting, given: Circular) -> None:
        self.synthetic, self.period = is_synthetic(setting.project), setting.result.this.period
        self.file = given.shown

    def cells(self, frame: pd.DataFrame, names: dict[str, str]) -> tuple[InputRef, ...]:
        """The cells of the named columns (column -> unit) that hold a number, as they were entered."""
        percent = {name for name, unit in names.items() if unit == "%"}
        return tuple(
            InputRef(self.file, row["_sheet"], row[f"_cell_{name}"] or f"row {row['_row']}",
                     f"{row[name] * (100 if name in percent else 1):.10g}", unit, str(row["evidence"]))
            for row in frame.to_dict("records") for name, unit in names.items() if row[name] == row[name]
        )  # fmt: skip

    def figure(self, key: str, label: str, value: float, unit: str, trace: Trace) -> Figure:
        weak = any(ref.verified in UNPUBLISHED for ref in trace.factors)
        state: Status = "synthetic" if self.synthetic else "recalled" if weak else "calculated"
        known = not np.isnan(value)
        return Figure(f"{ID}.{key}", label, value if known else None, unit, trace,
                      status=state if known else "missing", period=self.period)  # fmt: skip


def _inputs(make: _Make, given: Circular, found: Flows) -> Iterator[Figure]:
    bought = given.materials
    if bought.empty:
        return
    cells = make.cells(bought, {"tonnes": "t", "recycled": "%", "reused": "%"})
    yield make.figure("inflow.tonnes", "Materials bought", float(bought["tonnes"].sum()), "t",
                      Trace("Sum of the sheet Materials.", inputs=make.cells(bought, {"tonnes": "t"})))  # fmt: skip
    how = "Recycled and reused tonnes by all tonnes bought"
    yield make.figure("inflow_share", "Circular inflow", found.inflow * 100, "%", Trace(f"{how}.", inputs=cells))
    yield make.figure("inflow_share_evidenced", "Circular inflow with evidence", found.inflow_proven * 100, "%",
                      Trace(f"{how}, counting only rows with evidence.", inputs=cells))  # fmt: skip
    refs = {ref.id: ref for look in found.looked.values() for ref in look.refs}
    how = (
        "Tonnes recycled or reused times the published factor of primary production less that of their origin. A memo "
        "outside of every total: the inventory counts what was bought and never subtracts what was not."
    )
    if found.looked:
        held = bought.iloc[found.avoided.loc[found.avoided["saved"].notna(), "at"]]
        yield make.figure("avoided", "Memo: avoided by recycled and reused materials", found.saved, UNIT,
                          Trace(how, inputs=make.cells(held, {"tonnes": "t", "recycled": "%", "reused": "%"}),
                                factors=tuple(refs.values())))  # fmt: skip


def _outputs(make: _Make, given: Circular, found: Flows) -> Iterator[Figure]:
    real = given.outputs[given.outputs["level"] != PREVENTION]
    refs = {ref.id.rpartition(":")[2]: ref for ref in route_refs(given)}
    if len(real):
        yield make.figure("outflow.tonnes", "Waste", float(real["tonnes"].sum()), "t",
                          Trace("Sum of the sheet Outputs without what was prevented.",
                                inputs=make.cells(real, {"tonnes": "t"})))  # fmt: skip
        for level, tonnes in found.levels[["level", "tonnes"]].itertuples(index=False):
            mine = real[real["level"] == level]
            used = tuple(refs[key] for key in dict.fromkeys(mine["id"]))
            trace = Trace("Waste by level of the hierarchy.", inputs=make.cells(mine, {"tonnes": "t"}), factors=used)
            yield make.figure(f"outflow.{slug(level)}", f"Waste: {level.lower()}", float(tonnes), "t", trace)
        parents = tuple(f"{ID}.outflow.{slug(level)}" for level in CIRCULAR)
        trace = Trace("Waste reused or recycled by all waste.", parents=(*parents, f"{ID}.outflow.tonnes"),
                      factors=tuple(refs[key] for key in dict.fromkeys(real["id"])))  # fmt: skip
        yield make.figure("outflow_share", "Circular outflow of waste", found.outflow * 100, "%", trace)
    kept = given.outputs[given.outputs["level"] == PREVENTION]
    if len(kept):
        trace = Trace("As stated; it did not arise and is in no total of waste.",
                      inputs=make.cells(kept, {"tonnes": "t"}))  # fmt: skip
        yield make.figure("prevented", "Waste prevented", found.prevented, "t", trace)


def _products(make: _Make, given: Circular) -> Iterator[Figure]:
    products = given.products
    if products.empty:
        return
    units = dict.fromkeys(("fr", "fu", "fs", "cr", "cu", "cc", "ce", "ec", "ef"), "%")
    units |= dict.fromkeys(("life", "life_average", "use", "use_average"), "")
    refs = (constant("utility_constant"), constant("loss_share"))
    how = f"max(0, 1 - LFI x {refs[0].value:g} / X), LFI = (V + W) / (2 M + (WF - WC) / 2); 1 is wholly circular."
    keys = keys_of(products["product"])
    for at, (key, name) in enumerate(zip(keys, products["product"], strict=True)):
        row = products.iloc[[at]]
        trace = Trace(how, inputs=make.cells(row, {"mass": "kg"} | units), factors=refs)
        yield make.figure(f"mci.{key}", f"Circularity of {name}", float(row["mci"].iloc[0]), "", trace)
    weights = make.cells(products, {given.weight: "t" if given.weighted == "mass" else "GBP"})
    trace = Trace(f"Average by {given.weighted}.", parents=tuple(f"{ID}.mci.{key}" for key in keys), inputs=weights)
    yield make.figure("mci.weighted", f"Circularity of products, by {given.weighted}", average(given), "", trace)
