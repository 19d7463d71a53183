"""What the closing asset value would be under other discount schedules, timings, carbon paths, lives, and without
projections of flows."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

import numpy as np
import pandas as pd

from natcap.accounts.assets_account.choices import AssetChoices
from natcap.accounts.assets_account.projection import Curve, Curves, first_flow
from natcap.accounts.assets_account.projection_tables import growth_range
from natcap.accounts.assets_account.schedules import HEALTH, RENTAL, Option, choosable, longest_life, options
from natcap.accounts.assets_account.unit_values import RENTAL_TIMING, Units, annuity, path_value
from natcap.accounts.assets_account.words import Words, money, pounds
from natcap.accounts.assets_account.working import annuity_formula, path_formula
from natcap.accounts.services.account import ServiceAccount
from natcap.accounts.show.words import text
from natcap.core.money import Level, Timing
from natcap.core.report import Chart, Column, Section

__all__ = ["Scenario", "groups_of", "groups_section", "scenarios", "sensitivity", "sensitivity_section"]

Row = Mapping[Hashable, Any]
_CLOSING = "closing"
_CENTRAL = "as chosen"
_ONE_FOR_ALL = "standard_for_all"
"""The standard schedule for health effects too."""
_LIVE = 20
"""Groups up to which a value is a live formula: a cell takes some 8,000 characters, a group with a projection 350."""
_NOTE_STILL = (
    f"More than {_LIVE} groups of flows are too long for one formula: the values of this table stand as numbers. Each "
    "is the sum over groups of the flow times what a yearly flow of one is worth, as the working tables have it."
)
_FLAT = "flows constant, no projection"
_NOTE_FLAT = (
    f"{_FLAT[0].upper()}{_FLAT[1:]}: the flow of the year of the closing is held over the life, so that the difference "
    "is what projections do. In an account without them the mean of up to five years would take its place."
)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way to value: the schedule, whether health effects have their own, timing, carbon values, longest life.

    `flat`: the flows of the date are held over the life, whatever their projection.
    """

    schedule: str
    timing: Timing
    level: Level
    longest: int | None
    flat: bool = False

    def option_of(self, health: bool, held: Mapping[str, Option]) -> Option:
        chosen = held["standard" if self.schedule == _ONE_FOR_ALL else self.schedule]
        return held[chosen.health] if health and self.schedule != _ONE_FOR_ALL else chosen

    def life(self, life: int) -> int:
        return life if self.longest is None else min(life, self.longest)


def scenarios(choices: AssetChoices, projected: bool = False) -> Iterator[Scenario]:
    """Every combination; the central one, as chosen, first. Then that without projections, where there are any."""
    held = options(choices.year)
    central = Scenario(choices.schedule, choices.timing, choices.level, None)
    yield central
    if projected:
        yield replace(central, flat=True)
    for schedule in (*(k for k in choosable() if k in held), *([_ONE_FOR_ALL] if HEALTH in held else [])):
        for timing in get_args(Timing):
            for level in get_args(Level):
                for longest in (None, longest_life()[0]):
                    made = Scenario(schedule, timing, level, longest)
                    if made != central:
                        yield made


def groups_of(account: ServiceAccount, rows: pd.DataFrame, units: Units) -> pd.DataFrame:
    """Closing flows of ecosystem services that are valued alike: carbon, health, rental, life, year, the id of the
    projection they follow, `amount` a year.

    Amounts are GBP a year at the price of the date; for carbon t CO2e a year.
    """
    mine = rows[(rows["date"] == _CLOSING) & ~rows["abiotic"] & (rows["basis"] != "none")]
    by = units.by_row(mine)
    carbon = np.array([u.carbon for u in by], dtype=bool)
    first = np.array([u.first for u in by], dtype=float)
    on_flow = (mine["basis"] == "flow").to_numpy()
    scale = np.where(carbon, np.where(on_flow, 1.0, 1.0 / first), np.where(on_flow, mine["price"], 1.0))
    table = pd.DataFrame({
        "carbon": carbon, "health": [account.services[s].health for s in mine["service"]],
        "rental": [account.services[s].rental for s in mine["service"]],
        "life": [u.life for u in by], "year": [u.year for u in by],
        "followed": np.array([u.followed for u in by], dtype=object),
        "amount": mine["expected"].to_numpy() * scale, "service": mine["service"].to_numpy(),
    })  # fmt: skip
    keys = ["carbon", "health", "rental", "life", "year", "followed"]
    found = table.groupby(keys, sort=True).agg(amount=("amount", "sum"), services=("service", lambda s: ", ".join(
        dict.fromkeys(s)))).reset_index()  # fmt: skip
    return found


def sensitivity(
    groups: pd.DataFrame, choices: AssetChoices, price_year: int, curves: Curves | None = None
) -> pd.DataFrame:
    """Scenarios with their closing `value`, `difference` from the central one, and its `share` of the size of that."""
    held = options(choices.year)
    rows, parts = [], groups.to_dict("records")
    by_id = {} if curves is None else curves.by_id
    every = list(scenarios(choices, bool(groups["followed"].ne("").any())))
    for scenario in every:
        early = choices.held
        value = sum(_worth(g, scenario, held, price_year, early, _curve(g, scenario, by_id)) for g in parts)
        value = value if parts else np.nan
        rows.append({"varied": _varied(scenario, every[0], held), "schedule": scenario.schedule,
                     "timing": scenario.timing, "carbon": scenario.level, "life": _life(scenario), "scenario": scenario,
                     "value": value})  # fmt: skip
    table = pd.DataFrame(rows)
    central = float(table["value"].iloc[0])
    table["difference"] = table["value"] - central
    table["share"] = table["difference"] / (abs(central) or np.nan)
    return table


def _varied(scenario: Scenario, central: Scenario, held: Mapping[str, Option]) -> str:
    """What differs from the central scenario, in words: nothing, one choice, or several."""
    if scenario.flat:
        return _FLAT
    changes = [said for said, other in zip(_words(scenario, held), _words(central, held), strict=True) if said != other]
    return f"{len(changes)} choices" if len(changes) > 1 else changes[0] if changes else _CENTRAL


def _words(scenario: Scenario, held: Mapping[str, Option]) -> tuple[str, ...]:
    """The four choices of a scenario, each in words that say which choice it is."""
    one = scenario.schedule == _ONE_FOR_ALL
    schedule = f"{held['standard'].name}, for health too" if one else held[scenario.schedule].name
    when = "middle" if scenario.timing == "mid" else scenario.timing
    return (f"discounting: {schedule}", f"flows at the {when} of the year",
            f"carbon values: {scenario.level}", f"life: {_life(scenario)}")  # fmt: skip


def _all_words(scenario: Scenario, held: Mapping[str, Option]) -> tuple[str, ...]:
    return (*_words(scenario, held), *((_FLAT,) if scenario.flat else ()))


def _life(scenario: Scenario) -> str:
    return "as the service" if scenario.longest is None else f"at most {scenario.longest} years"


def _curve(group: Row, scenario: Scenario, curves: Mapping[str, Curve]) -> Curve | None:
    """The projection that a group follows in a scenario."""
    return None if scenario.flat else curves.get(str(group["followed"]))


def _worth(
    group: Row, scenario: Scenario, held: Mapping[str, Option], price_year: int, early: bool, curve: Curve | None
) -> float:
    amount = float(group["amount"])
    if group["rental"]:
        return amount * annuity(held[RENTAL], int(group["life"]), RENTAL_TIMING)
    option, life = scenario.option_of(bool(group["health"]), held), scenario.life(int(group["life"]))
    year, timing = int(group["year"]), scenario.timing
    try:
        if not group["carbon"]:
            return amount * annuity(option, life, timing, curve, year if curve else 0)
        return amount * path_value(year, option, life, timing, scenario.level, price_year, early, curve)
    except LookupError:  # timing "end" needs one year more than the central value may have: the row is marked [x]
        return np.nan


def groups_section(words: Words, groups: pd.DataFrame) -> Section:
    """15w What a year of the closing is worth, by how it is valued."""
    table = groups.assign(
        kind=np.select(
            [groups[name].to_numpy(dtype=bool) for name in ("carbon", "rental", "health")],
            ["carbon path", "yearly equivalent of capital", "health effect"],
            "constant price",
        ),
        unit=np.where(groups["carbon"], "tonne_co2e", words.unit),
    )
    columns = (
        text("kind", "Valued by"), text("services", "Service ids"), Column("life", "Asset life", "year", "integer"),
        Column("year", "Year of the asset value", "", "year"),
        Column("amount", "Expected flow a year", "", "number", 2),
        text("unit", "Unit of the expected flow"),
        *((text("followed", "Projection of the flow"),) if words.curves else ()),
    )  # fmt: skip
    table["followed"] = table["followed"].replace("", "constant")
    return Section(
        "asset_groups", "Expected yearly flows at the closing by how they are valued",
        table[[c.name for c in columns]], columns, f"{len(table)} groups of ecosystem services.",
        ("Flows times price of the date; for greenhouse gases tonnes CO2e.",), group="working",
    )  # fmt: skip


def sensitivity_section(words: Words, groups: pd.DataFrame, table: pd.DataFrame, start: int) -> Section:
    """15 The closing value of all ecosystem services under every combination; the carbon table begins in `start`."""
    held, parts = words.schedules, groups.to_dict("records")
    cells: dict[tuple[int, str], str] = {}
    marks: dict[tuple[int, str], str] = {}
    for row, scenario in enumerate(table["scenario"]):
        if np.isnan(table["value"].to_numpy()[row]):
            marks |= {(row, name): "[x]" for name in ("value", "difference", "share")}
            continue
        if len(parts) <= _LIVE:
            terms = (_formula(group, scenario, held, start, words.curves) for group in parts)
            cells[row, "value"] = "+".join(f"[asset_groups.amount@{n}]*{term}" for n, term in enumerate(terms))
        cells[row, "difference"] = "[value]-[value@0]"
        if np.isnan(table["share"].to_numpy()[row]):
            marks[row, "share"] = "[z]"
        else:
            cells[row, "share"] = "[difference]/ABS([value@0])"
    columns = (
        text("varied", "What differs from the central value"), text("schedule", "Discount schedule"),
        text("timing", "Timing"), text("carbon", "Carbon values"),
        text("life", "Asset life"), money("value", f"Asset value {words.dated(_CLOSING)}", words.unit),
        money("difference", "Difference from the central value", words.unit),
        Column("share", "Difference as a share of the size of the central value", "", "percent", 1),
    )  # fmt: skip
    named = [f"{key}: {held[key].name}, {held[key].ref.verified}." for key in held]
    return Section(
        "asset_sensitivity", "Sensitivity of the asset value to discounting, timing, carbon values and life",
        table[[c.name for c in columns]], columns, f"{_said(table, held)}.",
        ("The first row is the central value. Flows, areas and prices of the date are the same in every row.",
         *named, f"{_ONE_FOR_ALL}: the standard schedule for health effects too.",
         "Health effects keep the health schedule beside standard, sensitivity and review_2026.",
         *((_NOTE_STILL,) if len(parts) > _LIVE else ()),
         *((_NOTE_FLAT,) if table["varied"].eq(_FLAT).any() else ()), *words.method),
        charts=_charts(words, table), figures={(0, "value"): "assets.value.closing.total"}, cells=cells, marks=marks,
    )  # fmt: skip


def _charts(words: Words, table: pd.DataFrame) -> tuple[Chart, ...]:
    """The difference that each choice makes when it alone is changed; none where nothing is known."""
    several = table["varied"].str.endswith(" choices") | (table["varied"] == _CENTRAL)
    alone = table[~several & table["difference"].notna()]
    if alone.empty:
        return ()
    most = alone.iloc[int(alone["difference"].abs().to_numpy().argmax())]
    way = "raises" if most["difference"] > 0 else "lowers"
    title = (
        f"One choice at a time, the asset value changes most with {most['varied']}: that {way} it by "
        f"{pounds(abs(most['difference']))}"
    )
    only = {"varied": list(alone["varied"])}
    return (Chart("bar", words.setting.mark(title), "varied", "difference", only=only),)


def _formula(group: Row, scenario: Scenario, held: Mapping[str, Option], start: int, curves: Curves) -> str:
    if group["rental"]:
        return annuity_formula(RENTAL, str(int(group["life"])), RENTAL_TIMING)
    option = scenario.option_of(bool(group["health"]), held)
    life, timing, year = str(scenario.life(int(group["life"]))), scenario.timing, int(group["year"])
    curve = _curve(group, scenario, curves.by_id)
    growth = (
        "" if curve is None else growth_range(curves, curve, _CLOSING, first_flow(year, timing) - curves.start, life)
    )
    if not group["carbon"]:
        return annuity_formula(option.id, life, timing, growth)
    return path_formula(option.id, life, timing, scenario.level, year - start, growth)


def _said(table: pd.DataFrame, held: Mapping[str, Option]) -> str:
    known = table.dropna(subset=["value"])
    if known.empty:
        return "There is no asset value to vary"
    low, high = (known.iloc[int(pick)] for pick in (np.argmin(known["value"]), np.argmax(known["value"])))
    parts = [f"{pounds(r['value'])} ({'; '.join(_all_words(r['scenario'], held))})" for r in (low, high)]
    return (
        f"Central {pounds(known.iloc[0]['value'])}; over {len(known)} ways to value it runs from {' to '.join(parts)}"
    )
