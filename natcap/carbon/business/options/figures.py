"""Figures of the reduction options, each to its cells and to the factors of the inventory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from natcap.carbon.business.figures import UNIT, Maker, slug
from natcap.carbon.business.options.appraise import Appraisal
from natcap.carbon.business.options.read import Options
from natcap.carbon.business.wings import Setting
from natcap.core.report import Figure, InputRef, Status, Trace
from natcap.core.verification import UNPUBLISHED

__all__ = ["ID", "figures_of", "keys_of"]

ID = "business.options"


def keys_of(found: Appraisal) -> dict[str, str]:
    """Options as parts of figure ids, each once."""
    keys: dict[str, str] = {}
    for name in found.options["option"]:
        key = slug(name)
        while key in keys.values() or key == "plan":
            key += "_2"
        keys[name] = key
    return keys


def figures_of(setting: Setting, given: Options, found: Appraisal) -> Iterator[Figure]:
    maker = Maker(setting.result, setting.result.this)
    period, keys = setting.result.this.period, keys_of(found)

    def state(factors: tuple[object, ...]) -> Status:
        weak = any(getattr(ref, "verified", "") in UNPUBLISHED for ref in factors)
        return "synthetic" if maker.synthetic else "recalled" if weak else "estimated"

    for row in found.options.to_dict("records"):
        mine = np.flatnonzero((found.effects["option"] == row["option"]).to_numpy()).tolist()
        refs = tuple({ref.id: ref for at in mine for ref in found.factors.get(at, ())}.values())
        inputs = tuple(_cell(given, found.effects.iloc[at]) for at in mine)
        key, status = f"{ID}.{keys[row['option']]}", state(refs)
        how = "What is saved in a year times the factors of the inventory (scope 1, 2 by location, 3)."
        yield Figure(f"{key}.tonnes", f"{row['option']}: saved a year", float(row["tonnes"]), UNIT,
                     Trace(how, inputs=inputs, factors=refs), status=status, period=period)  # fmt: skip
        costs = tuple(
            InputRef(given.shown, row["_sheet"], row[f"_cell_{name}"] or f"row {row['_row']}", f"{row[name]:g}", "GBP",
                     str(row["evidence"]))
            for name in ("capital", "grant", "running", "life")
        )  # fmt: skip
        how = f"Savings of {row['life']:g} years discounted at {given.rate:.3%}, less the outlay."
        yield Figure(f"{key}.npv", f"{row['option']}: net present value", float(row["npv"]), "GBP",
                     Trace(how, inputs=(*costs, *inputs)), status=status, period=period)  # fmt: skip
        if row["per_tonne"] == row["per_tonne"]:
            yield Figure(f"{key}.cost_per_tonne", f"{row['option']}: net cost per tonne", float(row["per_tonne"]),
                         f"GBP per {UNIT}", Trace("Net present value with its sign turned, by tonnes over the life.",
                         parents=(f"{key}.npv", f"{key}.tonnes")), status=status, period=period)  # fmt: skip
    yield from _plan_figures(
        given, found, keys, state(tuple(r for refs in found.factors.values() for r in refs)), period
    )


def _cell(given: Options, row: pd.Series) -> InputRef:
    name = "saved" if row["saved"] == row["saved"] else "tonnes"
    return InputRef(given.shown, row["_sheet"], row[f"_cell_{name}"], f"{row[name]:g}",
                    row["unit"] if name == "saved" else UNIT, row["evidence"])  # fmt: skip


def _plan_figures(
    given: Options, found: Appraisal, keys: dict[str, str], status: Status, period: str
) -> Iterator[Figure]:
    chosen = [keys[name] for name in found.plan["option"]]
    for name, label, unit in (("tonnes", "saved a year", UNIT), ("npv", "net present value", "GBP")):
        yield Figure(f"{ID}.plan.{name}", f"Plan: {label}", float(found.plan[name].sum()), unit,
                     Trace("Sum over the options of the plan.", parents=tuple(f"{ID}.{key}.{name}" for key in chosen)),
                     status=status, period=period)  # fmt: skip
