"""Appraise options: emissions by the factors of the inventory, present value, payback, cost per tonne, cash flow.

Real prices of one year, the business's own rate, the capital cost at the start and each year's saving at its end.
Factors stay those of the year reported: what the grid will emit later is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from natcap.carbon.business.figures import GROSS, TONNE
from natcap.carbon.business.options.read import Options
from natcap.carbon.business.plan import PlanLine, make_plan
from natcap.carbon.business.result import Result
from natcap.core.money import annuity
from natcap.core.problems import Problems
from natcap.core.report import FactorRef

__all__ = ["Appraisal", "appraise", "cash_flow", "payback", "ranked"]

_DAYS = 365.25
_NEAR = 1e-9


@dataclass(frozen=True)
class Appraisal:
    """Options with tonnes, money and their verdicts; effects with kg per unit; the factors behind each effect.

    `options` has `tonnes` and `saving` a year, `annuity`, `npv`, `lifetime` (tonnes over the life), `per_tonne` (GBP),
    `payback` (years, NaN: never) and `chosen` (bool: in the plan). `effects` has `kg` per unit and `saved_tonnes`.
    """

    options: pd.DataFrame
    effects: pd.DataFrame
    factors: Mapping[int, tuple[FactorRef, ...]]
    marked: bool

    @property
    def plan(self) -> pd.DataFrame:
        return self.options[self.options["chosen"]]


def appraise(result: Result, given: Options) -> Appraisal:
    """Appraise every option. Raises InputProblems where one saves more of an activity than was used."""
    effects, factors = _emissions(result, given)
    marked = bool((given.options["plan"] == "yes").any())
    options = given.options.assign(chosen=(given.options["plan"] == "yes") if marked else True)
    _no_more_than_used(result, given, effects, set(options.loc[options["chosen"], "option"]))
    by = effects.assign(money=(effects["saved"] * effects["price"]).fillna(0.0)).groupby("option")
    options["tonnes"] = options["option"].map(by["saved_tonnes"].sum())
    options["saving"] = options["option"].map(by["money"].sum()) - options["running"]
    options["outlay"] = options["capital"] - options["grant"]
    options["annuity"] = [annuity(given.rate, int(life), "end") for life in options["life"]]
    options["npv"] = options["saving"] * options["annuity"] - options["outlay"]
    options["lifetime"] = options["tonnes"] * options["life"]
    options["per_tonne"] = (-options["npv"] / options["lifetime"]).where(options["lifetime"] > 0)
    options["payback"] = payback(options["outlay"].to_numpy(), options["saving"].to_numpy(), options["life"].to_numpy())
    return Appraisal(options, effects, factors, marked)


def payback(outlay: np.ndarray, saving: np.ndarray, life: np.ndarray) -> np.ndarray:
    """Years until the undiscounted saving has paid the outlay; NaN where it never does within the life."""
    with np.errstate(divide="ignore", invalid="ignore"):
        years: np.ndarray = np.where(outlay <= 0, 0.0, outlay / saving)
    years[(saving <= 0) & (outlay > 0)] = np.nan
    years[years > life] = np.nan
    return years


def ranked(options: pd.DataFrame) -> pd.DataFrame:
    """In the order of the curve: those that pay for themselves by present value, the others by cost per tonne.

    A negative cost per tonne says nothing about rank: of two options with the same gain the one that saves fewer
    tonnes would come first. Options that save nothing have no place in the curve.
    """
    saves = options[options["lifetime"] > 0]
    pays = saves[saves["npv"] >= 0].sort_values("npv", ascending=False, kind="stable")
    costs = saves[saves["npv"] < 0].sort_values("per_tonne", kind="stable")
    found = pd.concat([pays, costs]).reset_index(drop=True)
    return found.assign(cumulative=found["tonnes"].cumsum())


def cash_flow(options: pd.DataFrame) -> pd.DataFrame:
    """By year: outlay and saving (GBP), tonnes saved, and money to date. Each option works from its first year."""
    if options.empty:
        return pd.DataFrame(columns=["year", "outlay", "saving", "tonnes", "net", "to_date"])
    start, life = options["start"].to_numpy("int64"), options["life"].to_numpy("int64")
    years = np.arange(start.min(), (start + life).max())
    at_work = (years[:, None] >= start) & (years[:, None] < start + life)
    outlay = ((years[:, None] == start) * options["outlay"].to_numpy()).sum(axis=1)
    saving, tonnes = (at_work * options[name].to_numpy() for name in ("saving", "tonnes"))
    table = pd.DataFrame({"year": years, "outlay": -outlay, "saving": saving.sum(axis=1), "tonnes": tonnes.sum(axis=1)})
    table["net"] = table["outlay"] + table["saving"]
    return table.assign(to_date=table["net"].cumsum())


def _emissions(result: Result, given: Options) -> tuple[pd.DataFrame, dict[int, tuple[FactorRef, ...]]]:
    """kg CO2e per unit of each effect over the scopes of the total, tonnes saved in a year, and the factors."""
    this, choices = result.this.year, result.inputs.choices
    order = list(given.uses)
    uses = [given.uses[at] for at in order]
    plan = make_plan(uses, [(n, -1) for n in range(len(uses))], (), this.years, choices)
    _all_there(given, order, plan.errors)
    kg, refs = np.full(len(given.effects), np.nan), {}
    for n, at in enumerate(order):
        lines = [line for line in plan.lines[(n, -1)].lines if line.section in GROSS]
        kg[at] = sum(line.factor_quantity * line.factor * line.gwp for line in lines)
        refs[at] = tuple(_refs(lines))
    effects = given.effects.assign(kg=kg)
    tonnes = effects["tonnes"].where(effects["tonnes"].notna(), effects["saved"] * effects["kg"] / TONNE)
    return effects.assign(saved_tonnes=tonnes), refs


def _refs(lines: list[PlanLine]) -> Iterator[FactorRef]:
    for line in lines:
        label = f"{line.section}: {line.category}"
        unit = f"kg CO2e per {line.factor_unit}"
        yield FactorRef(line.factor_id, label, line.factor, unit, line.edition, line.how, line.verified, line.note)


def _all_there(given: Options, order: list[int], errors: Mapping[int, Exception]) -> None:
    problems = Problems()
    for n, error in errors.items():
        row = given.effects.iloc[order[n]]
        problems.add(given.shown, row["activity"], "a published factor of the year", str(error),
                     sheet=row["_sheet"], cell=row["_cell_activity"])  # fmt: skip
    problems.raise_if_any()


def _no_more_than_all(
    result: Result, given: Options, effects: pd.DataFrame, all_of_it: float, problems: Problems
) -> None:
    """Tonnes that are stated and not worked out cannot be more than the whole inventory of a year."""
    stated = effects[effects["tonnes"].abs() > all_of_it * (1 + _NEAR)]
    for row in stated.to_dict("records"):
        problems.add(
            given.shown, f"{row['tonnes']:,.1f} t saved directly",
            f"no more than the {all_of_it:,.1f} t of a year in the inventory of {result.this.period}",
            "Are they kilograms? Divide by 1,000", sheet=row["_sheet"], cell=row["_cell_tonnes"],
        )  # fmt: skip


def _no_more_than_used(result: Result, given: Options, effects: pd.DataFrame, chosen: set[str]) -> None:
    """One option, and the plan as a whole, cannot save more of an activity than the inventory holds."""
    problems = Problems()
    lines = result.this.lines
    gross = lines[lines["section"].isin(GROSS)]
    used = gross.groupby(gross["activity"].astype("str"))["kg_co2e"].sum() / TONNE
    used *= _DAYS / result.this.year.period.days if abs(result.this.year.period.days - _DAYS) > 1 else 1.0
    known = effects.loc[list(given.uses)]
    known = known.assign(id=[given.uses[at].activity.id for at in given.uses])
    for row in known[known["saved_tonnes"] > 0].to_dict("records"):
        limit = float(used.get(row["id"], 0.0))
        if row["saved_tonnes"] > limit * (1 + _NEAR):
            problems.add(
                given.shown, f"{row['saved_tonnes']:,.1f} t saved of {row['activity']}",
                f"no more than the {limit:,.1f} t of a year in the inventory", "Correct the saving or the unit",
                sheet=row["_sheet"], cell=row["_cell_saved"],
            )  # fmt: skip
    _no_more_than_all(result, given, effects, float(used.sum()), problems)
    problems.raise_if_any()
    planned = known[known["option"].isin(chosen)].groupby("id")["saved_tonnes"].sum()
    for key, tonnes in planned.items():
        limit = float(used.get(key, 0.0))
        if tonnes > max(limit, 0.0) * (1 + _NEAR):
            problems.add(
                given.shown, f"{tonnes:,.1f} t of {key} saved by the options of the plan together",
                f"no more than the {limit:,.1f} t of a year in the inventory",
                "Later options save from what earlier ones leave: lower their savings, or take one out of the plan",
                sheet="Effects",
            )  # fmt: skip
    problems.raise_if_any()
