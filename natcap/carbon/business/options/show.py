"""Sections and figures of the reduction options."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from natcap.carbon.business.figures import TONNE, UNIT
from natcap.carbon.business.options.appraise import Appraisal, appraise, cash_flow, ranked
from natcap.carbon.business.options.figures import ID, figures_of, keys_of
from natcap.carbon.business.options.read import Options
from natcap.carbon.business.wings import Setting
from natcap.core.report import Chart, Check, Column, Section
from natcap.core.wings import Wing
from natcap.core.words import plural

__all__ = ["show"]

_PLACE = 30
_FACTORS = "Factors stay those of the year reported: what electricity will emit in later years is not foretold here."
_PAYS, _COSTS = "#0072B2", "#D55E00"
"""Blue for what pays for itself, orange for what costs money; the side of zero says the same."""
_RANK = (
    "Options that pay for themselves stand first, by present value: a negative cost per tonne would put the one that "
    "saves fewer tonnes before the other. The rest follow by cost per tonne."
)


def show(setting: Setting, given: Options) -> Wing:
    """The options wing. Raises InputProblems where an option saves more of an activity than was used."""
    found = appraise(setting.result, given)
    shown = (_table(given, found), _curve(given, found), _cash(given, found), _effects(given, found))
    figures = tuple(figures_of(setting, given, found))
    return Wing(
        tuple((_PLACE + at, section) for at, section in enumerate(shown) if len(section.table)),
        figures,
        tuple(_checks(found)),
        notes=(_FACTORS,),
        controls={"options": str(len(found.options))},
        product=found,
    )


def _money(name: str, label: str, given: Options, formula: str | None = None) -> Column:
    return Column(name, label, f"GBP in prices of {given.price_year}", "money", 0, formula)


def _said(found: Appraisal) -> str:
    plan = found.plan
    tonnes, worth = float(plan["tonnes"].sum()), float(plan["npv"].sum())
    what = "The plan" if found.marked else "All options together"
    verb = "saves" if found.marked else "save"
    outlay = float(plan["outlay"].sum())
    gain = f"the net present value is {'a gain' if worth >= 0 else 'a cost'} of £{abs(worth):,.0f}"
    return f"{what} {verb} {tonnes:,.1f} {UNIT} a year for an outlay of £{outlay:,.0f}; {gain}."


def _table(given: Options, found: Appraisal) -> Section:
    names = ["option", "plan", "tonnes", "outlay", "saving", "npv", "per_tonne", "payback", "kind", "start", "life",
             "capital", "grant", "running", "annuity", "lifetime"]  # fmt: skip
    rate = given.rate
    annuity = f"IF({rate!r}=0,[life],(1-(1+{rate!r})^-[life])/{rate!r})"
    table = found.options.copy()
    table["plan"] = table["plan"].replace("", "not said")
    cells: dict[tuple[int, str], str] = {}
    for row, option in enumerate(table["option"]):
        at = np.flatnonzero((found.effects["option"] == option).to_numpy()).tolist()
        cells[row, "tonnes"] = "+".join(f"[options_effects.saved_tonnes@{n}]" for n in at)
        cells[row, "saving"] = "+".join(f"[options_effects.money@{n}]" for n in at) + "-[running]"
    marks = {(int(at), name): "[z]" for name in ("per_tonne", "payback") for at in np.flatnonzero(table[name].isna())}
    cells |= dict.fromkeys(marks, "")
    cells |= {
        (at, "payback"): "IF([outlay]<=0,0,[outlay]/[saving])"
        for at in range(len(table))
        if (at, "payback") not in marks
    }
    columns = (
        Column("option", "Option"), Column("plan", "In the plan"),
        Column("tonnes", "Saved a year", UNIT, "number", 2), _money("outlay", "Outlay", given, "[capital]-[grant]"),
        _money("saving", "Money saved a year", given),
        _money("npv", "Net present value", given, "[saving]*[annuity]-[outlay]"),
        Column("per_tonne", "Net cost per tonne", f"GBP of {given.price_year} per {UNIT}", "number", 1,
               "-[npv]/[lifetime]"),
        Column("payback", "Payback", "years", "number", 1), Column("kind", "Kind"),
        Column("start", "First year", kind="year"), Column("life", "Life", "years", "integer"),
        _money("capital", "Capital cost", given), _money("grant", "Grant", given),
        _money("running", "Other running cost a year", given),
        Column("annuity", f"Annuity at {rate:.3%}", "", "number", 4, annuity),
        Column("lifetime", "Saved over the life", UNIT, "number", 1, "[tonnes]*[life]"),
    )  # fmt: skip
    notes = (
        f"Real prices of {given.price_year}, discounted at {rate:.3%} a year; outlay at the start, savings at the end "
        "of each year. Payback is not discounted; [z] where it does not come within the life.",
        _FACTORS,
    )
    return Section("options", "Reduction options", table[names], columns, _said(found), notes, cells=cells, marks=marks,
                   figures={(at, "tonnes"): f"{ID}.{keys_of(found)[name]}.tonnes" for at, name in
                            enumerate(table["option"])})  # fmt: skip


def _curve(given: Options, found: Appraisal) -> Section:
    table = ranked(found.plan)
    table["verdict"] = np.where(table["npv"] >= 0, "pays for itself", "costs money")
    order = {name: at for at, name in enumerate(found.options["option"])}
    cells = {}
    for row, option in enumerate(table["option"]):
        for name in ("tonnes", "npv", "per_tonne"):
            cells[row, name] = f"[options.{name}@{order[option]}]"
        cells[row, "cumulative"] = "+".join(f"[tonnes@{n}]" for n in range(row + 1))
    columns = (
        Column("option", "Option"), Column("verdict", "Verdict"),
        Column("per_tonne", "Net cost per tonne", f"GBP of {given.price_year} per {UNIT}", "number", 1),
        Column("tonnes", "Saved a year", UNIT, "number", 2),
        Column("cumulative", "Saved a year, to here", UNIT, "number", 2), _money("npv", "Net present value", given),
    )  # fmt: skip
    pays = table[table["npv"] >= 0]
    one = len(pays) == 1
    verbs = ("pays for itself", "saves") if one else ("pay for themselves", "save")
    saved = f"{pays['tonnes'].sum():,.1f} {UNIT} a year"
    said = f"{len(pays)} of {plural(len(table), 'option')} {verbs[0]} and {verbs[1]} {saved}"
    colours = {o: _PAYS if npv >= 0 else _COSTS for o, npv in zip(table["option"], table["npv"], strict=True)}
    chart = Chart("bar", said, "option", "per_tonne", colours=colours)
    return Section("options_curve", "Abatement cost curve", table[[c.name for c in columns]], columns, f"{said}.",
                   (_RANK,), charts=(chart,) if len(table) else (), cells=cells)  # fmt: skip


def _cash(given: Options, found: Appraisal) -> Section:
    table = cash_flow(found.plan)
    paid = table.loc[table["to_date"] >= 0, "year"]
    falls = table.loc[table["to_date"] < 0, "year"]
    first = paid[paid > falls.max()] if len(falls) else paid
    said = f"Money to date turns positive in {int(first.iloc[0])}" if len(first) else "The outlay is not earned back"
    columns = (
        Column("year", "Year", kind="year"), _money("outlay", "Outlay", given), _money("saving", "Money saved", given),
        _money("net", "Net", given, "[outlay]+[saving]"), _money("to_date", "Net to date, not discounted", given),
        Column("tonnes", "Saved", UNIT, "number", 2),
    )  # fmt: skip
    cells = {(at, "to_date"): f"[net@{at}]" + (f"+[to_date@{at - 1}]" if at else "") for at in range(len(table))}
    return Section(
        "options_cash", "Cash flow of the plan", table[[c.name for c in columns]], columns, f"{said}.",
        ("Every option works from its first year to the end of its life; nothing is replaced.",),
        charts=(Chart("line", said, "year", "to_date"),), cells=cells,
    )  # fmt: skip


def _effects(given: Options, found: Appraisal) -> Section:
    table = found.effects.assign(
        unit=[given.uses[at].unit if at in given.uses else "" for at in range(len(found.effects))],
        money=(found.effects["saved"] * found.effects["price"]).fillna(0.0),
        direct=found.effects["tonnes"],
    )
    cells = {(at, "saved_tonnes"): f"[saved]*[kg]/{TONNE:g}" for at in given.uses}
    cells |= {(at, "saved_tonnes"): "[direct]" for at in range(len(table)) if at not in given.uses}
    priced = table["saved"].notna() & table["price"].notna()
    cells |= {(int(at), "money"): "[saved]*[price]" for at in np.flatnonzero(priced)}
    marks = {
        (int(at), name): "[z]" if name == "direct" or at not in given.uses else "[x]"
        for name in ("saved", "kg", "price", "direct") for at in np.flatnonzero(table[name].isna())
    }  # fmt: skip
    columns = (
        Column("option", "Option"), Column("activity", "Activity"),
        Column("saved", "Quantity saved a year", "", "number"), Column("unit", "Unit"),
        Column("kg", "Factor", "kg CO2e per unit", "number", 5),
        Column("direct", "Saved directly", UNIT, "number", 2),
        Column("saved_tonnes", "Emissions saved a year", UNIT, "number", 3),
        Column("price", "Price", f"GBP of {given.price_year} per unit", "number", 4),
        _money("money", "Money saved", given),
        Column("evidence", "Evidence"),
    )  # fmt: skip
    silent = int((~priced & table["saved"].notna()).sum())
    said = f"{plural(len(table), 'effect')}." + (
        f" {silent} without a price: the money they save is not counted." if silent else ""
    )
    notes = (
        "The factor is the sum over scope 1, scope 2 (location-based) and scope 3 of the factors of the inventory.",
    )
    return Section("options_effects", "Effects of the options", table[[c.name for c in columns]], columns, said, notes,
                   cells=cells, marks=marks, group="working")  # fmt: skip


def _checks(found: Appraisal) -> Iterator[Check]:
    plan = found.plan
    near = 1e-9 * max(float(plan["tonnes"].abs().sum()), 1.0)
    effects = found.effects[found.effects["option"].isin(plan["option"])]
    yield Check("options.tonnes", "Options: effects of the plan = tonnes of its options",
                float(effects["saved_tonnes"].sum()), float(plan["tonnes"].sum()), near, UNIT)  # fmt: skip
    flow = cash_flow(plan)
    near = 1e-9 * max(float(flow["net"].abs().sum()) if len(flow) else 0.0, 1.0)
    left = float(flow["net"].sum()) if len(flow) else 0.0
    right = float((plan["saving"] * plan["life"] - plan["outlay"]).sum())
    yield Check(
        "options.cash", "Options: cash flow by year = savings over the lives less outlay", left, right, near, "GBP"
    )
