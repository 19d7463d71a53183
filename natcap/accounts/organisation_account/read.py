"""Read the workbook of an organisation, and on what terms its values are made."""

from __future__ import annotations

from natcap.accounts.assets_account.choices import AssetChoices, valuation
from natcap.accounts.assets_account.unit_values import carbon_path
from natcap.accounts.organisation_account.balance_rules import BalanceRules
from natcap.accounts.organisation_account.emissions import read_emissions
from natcap.accounts.organisation_account.given import OrganisationInput, Terms
from natcap.accounts.organisation_account.model import MODELS
from natcap.accounts.organisation_account.rules import Rules
from natcap.accounts.price_year import deflated, newest, tell_price_year
from natcap.accounts.wings import Reader
from natcap.core.money import MoneyError
from natcap.core.project import FILE
from natcap.core.workbook import read_tables, sound_sheets

__all__ = ["read"]


def read(reader: Reader) -> OrganisationInput | None:
    """The tables of the input `organisation`; None where something is wrong, which is then in the problems."""
    problems = reader.problems
    before = len(problems.errors)
    terms = _terms(reader)
    agreed = len(problems.errors) == before
    name = _name(reader)
    emissions = read_emissions(reader, terms.year)
    if emissions is not None and agreed:
        _priced(reader, terms)
    path = reader.file("organisation", "Fill the template organisation.xlsx that natcap new accounts writes")
    if path is None:
        return None
    shown = reader.project.shown(path)
    held = len(problems)
    read_in = read_tables(path, MODELS, problems, shown)
    broken = problems[held:]
    tables = {model.id: sound_sheets(read_in[model.id], broken) for model in MODELS}
    rules = Rules(shown, problems, terms, broken)
    rules.assets(tables["assets"])
    flows = rules.flows(tables["flows"], tables["assets"])
    maintenance = rules.maintenance(tables["maintenance"], tables["assets"])
    more = BalanceRules(shown, problems, terms, broken)
    income = more.income(tables["income"], tables, emissions is not None)
    movements = more.movements(tables["movements"], tables)
    terms, previous = more.previous(tables["previous"], movements, flows, maintenance)
    rules.terms = terms
    if agreed:
        rules.reach(flows, maintenance)
    if len(problems.errors) > before:
        return None
    return OrganisationInput(tables["assets"], flows, maintenance, income, movements, previous, terms, emissions, shown,
                             name)  # fmt: skip


def _name(reader: Reader) -> str:
    """Whose account it is; `the organisation` where that is not said."""
    name = reader.project.choices.get("organisation_name", "the organisation")
    if isinstance(name, str) and name.strip() and name.isprintable():
        return name.strip()
    reader.problems.add(FILE, str(name) or "an empty name", "the name of the organisation, in quotation marks",
                        "Leave it out where the project is the organisation", cell="choices.organisation_name",
                        )  # fmt: skip
    return ""


def _priced(reader: Reader, terms: Terms) -> None:
    """The carbon value of the reporting year is there for the emissions."""
    if not deflated(terms.price_year):
        tell_price_year(reader.problems, "price_year", terms.price_year)
        return
    try:
        carbon_path(terms.year, 1, terms.choices.level, terms.price_year, terms.choices.held)
    except MoneyError as error:
        reader.problems.add(FILE, f"emissions of {terms.year} in prices of {terms.price_year}",
                            f"a year with a carbon value and a deflator: {error}",
                            'Choose another price_year, or carbon_before = "first" for a year before the first value',
                            cell="inputs.emissions")  # fmt: skip


def _year(reader: Reader) -> int:
    """The reporting year: that of the closing where it is named, else the year in which the period ends."""
    closing = reader.years()[1]
    return int(closing) if closing.isdigit() else reader.project.period.end.year


def _terms(reader: Reader) -> Terms:
    """The terms of valuation. Where one is wrong, which is told, the usual one stands in for it until that is mended:
    so the rest is checked."""
    choices, year = valuation(reader), reader.project.choices.get("price_year")
    if isinstance(year, bool) or not isinstance(year, int) or not 1990 <= year <= 2100:
        tell_price_year(reader.problems, "price_year", year)
        year = newest()
    return Terms(_year(reader), year, choices or AssetChoices())
