"""The organisation wing: balance sheet and register (18), income statement (19), working, figures and checks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from natcap.accounts.organisation_account.account import COLUMNS, OrganisationAccount, organisation_account
from natcap.accounts.organisation_account.balance import balance_section, sensitivity_section, steps_section
from natcap.accounts.organisation_account.figures import FigureMaker
from natcap.accounts.organisation_account.given import OrganisationInput
from natcap.accounts.organisation_account.income import income_section, items_section
from natcap.accounts.organisation_account.model import PARTS, SIDES
from natcap.accounts.organisation_account.register import habitats_section, outside_section, register_section
from natcap.accounts.organisation_account.words import Words
from natcap.accounts.organisation_account.working import carbon_section, discount_section, duties_section, flows_section
from natcap.accounts.wings import Setting, Wing
from natcap.core.money import CARBON_SERIES, DEFLATOR
from natcap.core.report import Check, Section

__all__ = ["show"]

_NO_DUTY = (
    "No maintenance liability is stated for the organisation: net natural capital is shown before the cost of keeping "
    "the assets."
)
_RECALLED = (
    "The account of the organisation rests in part on numbers that were recalled or judged: Red, to be confirmed "
    "before publication."
)
_SYNTHETIC = "SYNTHETIC organisation: the assets, flows and money in {} are made up; no figure of it may be quoted."
_NO_PREVIOUS = "No previous account was given (sheet Previous): the way from it to this balance sheet is not shown."


def show(setting: Setting, given: OrganisationInput) -> Wing:
    """The organisation wing. Raises nothing: everything wrong was found while reading."""
    if given.synthetic and not setting.synthetic:
        said = (*setting.project.banners, _SYNTHETIC.format(given.shown))
        setting = replace(setting, project=replace(setting.project, banners=said))
    account = organisation_account(given)
    words = Words(setting, given, account)
    maker = FigureMaker(words)
    figures = maker.all()
    fed = given.emissions
    synthetic = fed is not None and fed.status == "synthetic"
    banners = [_SYNTHETIC.format(given.shown)] if given.synthetic else []
    banners += [_NO_DUTY] if account.duties.empty else []
    banners += ["SYNTHETIC emissions: the inventory that was read is made up."] if synthetic else []
    banners += [_RECALLED] if any(figure.status == "recalled" for figure in figures) else []
    notes = () if given.terms.previous is not None else (_NO_PREVIOUS,)
    return Wing(
        tuple(_sections(words)), figures, tuple(_checks(given, account)), tuple(banners), notes,
        _editions(given, account),
        {"reporting year": str(given.terms.year), "price_year": str(given.terms.price_year),
         "discount_timing": given.terms.choices.timing, "discount_schedule": given.terms.choices.schedule},
        {"assets in the register": str(len(given.assets)), "flows of the organisation": str(len(given.flows))},
        product=account,
    )  # fmt: skip


def _sections(words: Words) -> Iterator[tuple[int, Section]]:
    main = (balance_section(words), register_section(words), habitats_section(words), steps_section(words),
            outside_section(words), sensitivity_section(words))  # fmt: skip
    working = (flows_section(words), duties_section(words), discount_section(words), carbon_section(words))
    for section in (*main, *working):
        if section is not None:
            yield 18, section
    yield 19, income_section(words)
    yield 19, items_section(words)


def _editions(given: OrganisationInput, account: OrganisationAccount) -> tuple[str, ...]:
    option = given.terms.choices.option
    found = [f"assets/schedules {option.id} {option.since}", f"values/gdp_deflator {DEFLATOR}"]
    return (*found, f"values/carbon_values {CARBON_SERIES}") if not math.isnan(account.carbon_price) else tuple(found)


def _near(*values: float) -> float:
    return 1e-9 * max([1.0, *(abs(float(v)) for v in values if not math.isnan(v))])


def _zero(value: float) -> float:
    """A missing sum is one of nothing, for the checks only."""
    return 0.0 if math.isnan(value) else value


def _sum(values: pd.Series) -> float:
    return math.fsum(values.dropna())


def _checks(given: OrganisationInput, account: OrganisationAccount) -> Iterator[Check]:
    unit = given.terms.unit
    held = {key: {c: _zero(account.at(key, c)) for c in COLUMNS} for key in account.balance["key"]}
    size = _near(*(value for row in held.values() for value in row.values()))
    for column in COLUMNS:
        parts = math.fsum(held[part][column] for part in PARTS)
        yield Check(f"organisation.net.{column}", f"Organisation: net = assets + liabilities, {column}",
                    held["net"][column], parts, size, unit)  # fmt: skip
    for part in (*PARTS, "net"):
        both = math.fsum(held[part][side] for side in SIDES)
        yield Check(f"organisation.sides.{part}", f"Organisation: private + external = total, {part}", both,
                    held[part]["total"], size, unit)  # fmt: skip
    leaves = _sum(account.flows.loc[account.flows["counted"], "value"]) + _sum(account.duties["value"])
    yield Check("organisation.leaves", "Organisation: every flow and duty = net", leaves,
                held["net"]["total"], size, unit)  # fmt: skip
    habitats = math.fsum(row["total"] for key, row in held.items() if key.startswith("habitat."))
    yield Check("organisation.habitats", "Organisation: assets of all habitats = gross assets", habitats,
                held["assets"]["total"], size, unit)  # fmt: skip
    yield from _more(given, account)


def _more(given: OrganisationInput, account: OrganisationAccount) -> Iterator[Check]:
    unit, steps = given.terms.unit, account.steps
    if len(steps):
        names = [f"{part}_{side}" for part in PARTS for side in SIDES] + ["net"]
        values = steps[names].to_numpy(dtype=float)
        gap = float(np.abs(values[:-1].sum(axis=0) - values[-1]).max())
        yield Check("organisation.closes", "Organisation: previous closing + movements = this closing, most off", gap,
                    0.0, _near(*values.ravel()), unit)  # fmt: skip
        yield Check("organisation.closing", "Organisation: closing of the movements = balance sheet",
                    float(steps["net"].iloc[-1]), _zero(account.at("net", "total")), _near(*values.ravel()),
                    unit)  # fmt: skip
    lines = _sum(account.items.loc[account.items["column"].isin(SIDES), "value"])
    total = float(account.income["total"].iloc[-1])
    yield Check("organisation.income", "Organisation: lines of the income statement = net income", lines,
                _zero(total), _near(*account.items["value"], total), unit)  # fmt: skip
