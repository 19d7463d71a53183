"""The services wing: sections 5 to 8, figures, checks that use equals supply, and the account for those that follow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from natcap.accounts.services.account import ServiceAccount
from natcap.accounts.services.beside import beside_section
from natcap.accounts.services.build import service_account
from natcap.accounts.services.figures import service_figures
from natcap.accounts.services.ground import DATES
from natcap.accounts.services.guards import overlaps
from natcap.accounts.services.intermediate.balance import Balance
from natcap.accounts.services.intermediate.checks import intermediate_checks
from natcap.accounts.services.intermediate.figures import intermediate_figures
from natcap.accounts.services.intermediate.tables import apart_note, balance_section
from natcap.accounts.services.intermediate.working import working_sections
from natcap.accounts.services.library import first_carbon_year, guards
from natcap.accounts.services.read import ServicesInput
from natcap.accounts.services.supply import (
    abiotic_section,
    by_zone_section,
    missing_notes,
    money_section,
    physical_section,
)
from natcap.accounts.services.use import use_section
from natcap.accounts.services.view import RECALLED_BANNER, View
from natcap.accounts.services.working import parameters_section, prices_section, rows_section, shares_section
from natcap.accounts.supply_use import difference, use
from natcap.accounts.wings import Setting, Wing
from natcap.core.money import CARBON_SERIES, DEFLATOR
from natcap.core.problems import InputProblems, Problem, Problems
from natcap.core.report import Check, Section

__all__ = ["show"]


def show(setting: Setting, given: ServicesInput) -> Wing:
    """The services of a land account. Raises InputProblems where what was given does not fit the land."""
    if setting.land is None:
        raise ValueError("services need land cover")
    problems = Problems()
    built = service_account(setting.land, given, problems)
    if problems.errors:
        raise InputProblems(problems.errors)
    view = View(setting, built)
    account = built.account
    between = None if built.intermediate is None else Balance(view, built.intermediate)
    return Wing(
        (*_sections(view, between), *(() if between is None else _between_sections(between))),
        (*service_figures(view), *(() if between is None else intermediate_figures(between))),
        (*_checks(view), *(() if between is None else intermediate_checks(between))),
        banners=(RECALLED_BANNER,) if view.recalled else (),
        notes=(*missing_notes(view), *built.mixed, *_other_years(given)),
        editions=tuple(_editions(given, account)),
        choices={"price_year": str(given.price_year), "services": "library" if given.library else "own"},
        controls={"services with a flow": str(len({key for key, _ in view.totals["flow"]})),
                  "products behind services": str(len(built.rows)), "service readings": str(len(given.readings)),
                  **({} if between is None else {"intermediate services": str(len(between.account.services))})},
        fallbacks=tuple(_fallbacks(view, given)),
        warnings=tuple(_unread(view, given)),
        product=account,
    )  # fmt: skip


def _between_sections(balance: Balance) -> Iterator[tuple[int, Section]]:
    """Intermediate services: tables of their own beside those of use."""
    yield 6, balance_section(balance, money=False)
    yield 8, balance_section(balance, money=True)
    yield from working_sections(balance)


def _sections(view: View, between: Balance | None) -> Iterator[tuple[int, Section]]:
    beside = () if between is None else (apart_note(between),)
    for sheet, section in _final_sections(view):
        told = section.id in ("services_physical_supply", "services_money_supply")
        yield sheet, replace(section, notes=(*section.notes, *beside)) if told else section


def _final_sections(view: View) -> Iterator[tuple[int, Section]]:
    yield 5, physical_section(view)
    yield 5, parameters_section(view)
    yield 5, rows_section(view)
    yield 6, use_section(view, money=False)
    yield 6, shares_section(view)
    yield 7, money_section(view)
    yield 7, by_zone_section(view)
    beside = beside_section(view)
    if beside is not None:
        yield 7, beside
    below = abiotic_section(view)
    if below is not None:
        yield 7, below
    yield 7, prices_section(view, view.account.services, view.built.prices)
    yield 8, use_section(view, money=True)


def _editions(given: ServicesInput, account: ServiceAccount) -> Iterator[str]:
    yield "services (users and unit values of the library)" if not given.library else "services/flows, values, users"
    yield f"GDP deflator {DEFLATOR}"
    if any(key.startswith("carbon.") for key in account.factors):
        yield f"carbon values {CARBON_SERIES}, {given.level} series"


def _fallbacks(view: View, given: ServicesInput) -> Iterator[str]:
    rows, services = view.rows, view.account.services
    published = [services[key].name for key in dict.fromkeys(rows.loc[rows["origin"] == "published", "service"])]
    if published:
        year = int(given.published["price_year"].iloc[0])
        yield (f"published values ({year} prices) were taken in place of a model of {', '.join(published)}; they say "
               "nothing of ecosystem types or of the flow in physical terms")  # fmt: skip
    if given.library and not any(view.built.ground.habitat.values()):
        yield (f"the library knows no habitat of the class list {view.account.land.list_id}: no flow was modelled from "
               "it")  # fmt: skip
    yield from view.built.unread
    if given.early and any(year < first_carbon_year() for year in given.years) and _on_path(view):
        yield (f"the carbon value of {first_carbon_year()} prices the flows of years before it, as chosen by "
               "carbon_before")  # fmt: skip
    read = set(rows.loc[rows["origin"] == "reading", "service"])
    replaced = [services[key].name for key in dict.fromkeys(view.built.replaced["service"]) if key in read]
    if replaced:
        yield f"readings were taken in place of a model of {', '.join(replaced)}"


def _unread(view: View, given: ServicesInput) -> Iterator[Problem]:
    for said in view.built.unread:
        yield Problem(given.shown, said, "a reading of the year of the date",
                      "Give the reading of that year where there is one; leave it as it is where nobody measured",
                      severity="warning")  # fmt: skip


def _on_path(view: View) -> bool:
    """Whether a price is a value of the carbon path."""
    return any(key.startswith("carbon.") for key in view.built.prices)


def _other_years(given: ServicesInput) -> Iterator[str]:
    between = given.intermediate.readings
    late = sorted({int(year) for year in between["year"]} - set(given.years)) if len(between) else []
    if late:
        yield (f"Readings of intermediate services of {', '.join(map(str, late))} belong to neither of the two dates: "
               "they stand in no table.")  # fmt: skip
    yield from _series_years(given)


def _series_years(given: ServicesInput) -> Iterator[str]:
    """Readings of years that are neither of the two dates."""
    years = sorted({int(year) for year in given.readings["year"]} - set(given.years))
    if years:
        told = ", ".join(map(str, years))
        yield (f"Service readings of {told} belong to neither of the two dates: they stand in the yearly series that "
               "asset values are made from, and in no table of the two dates.")  # fmt: skip


def _checks(view: View) -> Iterator[Check]:
    for what, money in (("flow", False), ("value", True)):
        yield from _use_checks(view, what, money)
    for date in DATES:
        held = view.rows[(view.rows["date"] == date) & view.rows["service"].isin(view.valued(date))]
        left, right = float(held["value"].sum()), view.whole(date)
        right = 0.0 if np.isnan(right) else right
        yield Check(f"services.total.{date}", f"Services: values of all products = total of the services, {date}", left,
                    right, 1e-9 * max(float(held["value"].abs().sum()), 1.0), view.money)  # fmt: skip
    land = view.account.land
    for date in DATES:
        whole = float(land.area(date).sum())
        yield Check(f"services.area.{date}", f"Services: area of the ecosystem types = area accounted, {date}",
                    float(view.account.type_area[date].to_numpy().sum()), whole, 1e-9 * max(whole, 1.0),
                    "ha")  # fmt: skip
    for guard in guards():
        first, second = (view.account.services[guard[name]].name for name in ("service", "beside"))
        title = f"Nothing counts twice: {first} beside {second} is net of {guard['net_of']}; rows that are not"
        yield Check(f"services.guard.{guard['guard']}", title, float(len(overlaps(view.rows, guard))), 0.0, 0, "rows")


def _use_checks(view: View, what: str, money: bool) -> Iterator[Check]:
    """Supply less use for each service and date, as the supply-and-use tables compute it."""
    lines = view.lines()
    supply = lines.assign(place=lines["date"], amount=view.total(lines, what)).dropna(subset=["amount"])
    if supply.empty:
        return
    used = use(supply, view.account.uses, "amount")
    for date in DATES:
        mine, theirs = supply[supply["date"] == date], used[used["place"] == date]
        gaps = difference(mine, theirs, "amount", mine["service"])
        for (key, gap), amount in zip(gaps.items(), mine["amount"], strict=True):
            service, supplied = view.account.services[key], float(amount)
            yield Check(f"services.{what}.{date}.{key}", f"{service.name}: {what} supplied = {what} used, {date}",
                        supplied, supplied - gap, 1e-9 * max(abs(supplied), 1e-300),
                        view.money if money else service.unit)  # fmt: skip
