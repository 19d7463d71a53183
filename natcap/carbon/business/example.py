"""Start a business project: a folder with its natcap.toml and the workbook to fill, or an invented business in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from natcap.carbon.business.forms import FORMS
from natcap.carbon.business.models import models
from natcap.core.project import FILE
from natcap.core.resources import root

__all__ = ["BANNER", "GUIDANCE", "NAME", "new"]

NAME = "Midland Example Logistics Ltd"
BANNER = "EXAMPLE data: an invented business. The published factors are real, the quantities are made up."
GUIDANCE = (
    "One row for each bill, delivery, log or claim on the sheet Activity. Write the activity in everyday words or "
    "choose it from the list.",
    "Enter fuel once: litres of the tank or fuel card, or miles of the vehicle, not both.",
    "Gas in kWh needs its calorific basis; UK gas bills show gross.",
    "A credit note is a negative quantity whose evidence says credit.",
    "The other sheets are optional. Sites, Contracts and Organisation give results by square metre, by supply contract "
    "and by turnover; Spend takes purchases for which there is only money; Changes keeps the base year true.",
    "Factors takes factors of your own, used where the column Activity names them. Commuting takes a staff survey, "
    "Generation what is made on site. Categories says of each scope 3 category why it is not there.",
    "What others run (leased assets, franchises, investments) is entered with its scope 3 category and your share.",
)
_TABLES = ("activity", "sites", "contracts", "organisation")

_BLANK = """\
kind = "business"
name = "Your business"
period = "2025"            # a year, or "2024-04-01 to 2025-03-31"

[inputs]
activity = "activity.xlsx"
# activity = ["north.xlsx", "fuel_cards.csv", "meters.parquet"]    # several files, read below each other
# Bills typed on the page stand in typed_2025.csv beside this file; a build reads it below the files named here.
# prior = "activity_2024.xlsx"    # last year's workbook, for the comparison
# base = "activity_2021.xlsx"     # the base year's workbook, with base_period under [choices]
# columns = "columns.csv"         # headers of a foreign layout: a CSV file with header and field, or a table
# sheets = ["January", "February"]    # sheets of one file, read below each other
# layout = "months"               # a column for each month; "readings" for previous and present meter readings
# fixed = { activity = "Electricity", unit = "kWh" }    # for what the files have no column for
# targets = "targets.xlsx"        # targets: absolute, per turnover or head, absolute contraction of the SBTi
# options = "options.xlsx"        # reduction options: cost, life, what each saves; needs options_discount_rate
# neutrality = "neutrality.xlsx"  # steps, removals and credits on the way to carbon neutrality
# circular = "circular.xlsx"      # materials bought, waste by route, circularity of products

[choices]
factor_year_rule = "majority"     # or "blended": factors of both years by days
# gas_kwh_basis = "gross"         # for gas rows that do not say; UK bills show gross
# radiative_forcing = "with"      # flights that do not say
# gwp_set = "AR4"                 # potentials of CH4, N2O and refrigerants: SAR, AR4, AR5; usual: as published
# boundary = "operational control"
# base_period = "2021"            # the base year; base_threshold = 5.0 per cent calls for a restatement
# out_of_period = "leave out"     # entries outside of the period: left out, or refused (usual)
# seed = 2025                     # of the draws behind the ranges
# options_discount_rate = 0.08    # the rate at which your business discounts
# circular_weight = "mass"        # products averaged by mass sold, or by revenue
# claim = "carbon neutral"        # refused as long as a step of ISO 14068-1 is missing
"""

_EXAMPLE = f"""\
kind = "business"
name = "{NAME}"
period = "2025"
place = "Leicestershire"
banners = ["{BANNER}"]

[inputs]
activity = "activity.xlsx"
prior = "activity_2024.xlsx"
{{forms}}
[choices]
factor_year_rule = "majority"
options_discount_rate = 0.08
"""


def new(folder: Path, example: bool) -> list[Path]:
    """Write a project folder; `example` fills it with an invented business. Returns the files, first to open first."""
    from natcap.core.workbook import write_template
    from natcap.core.workbook.forms import write_example_forms, write_forms

    folder.mkdir(parents=True, exist_ok=True)
    settings = folder / FILE
    forms = write_example_forms(FORMS, folder, "business/example") if example else {}
    named = "".join(f'{name} = "{path.name}"\n' for name, path in forms.items())
    settings.write_text(_EXAMPLE.replace("{forms}", named) if example else _BLANK, encoding="utf-8", newline="\n")
    title = f"Activity of {NAME}" if example else "Activity of a business"
    guidance = (BANNER, *GUIDANCE) if example else GUIDANCE
    book = folder / "activity.xlsx"
    write_template(models(), book, title, guidance, not example, _data({}) if example else None)
    written = [settings, book]
    if example:
        before = folder / "activity_2024.xlsx"
        tables = _data({"activity": "prior", "contracts": "", "organisation": "organisation_prior"})
        write_template(models(), before, f"{title}, the year before", guidance, False, tables)
        written += [before, *forms.values()]
    else:
        written += write_forms(FORMS, folder)
    return written


def _data(other: Mapping[str, str]) -> dict[str, list[dict[str, object]]]:
    """The example's tables by model id; `other` names another file for a table, or "" for none."""
    names = {table: other.get(table, table) for table in _TABLES}
    return {table: _rows(name) for table, name in names.items() if name}


def _rows(name: str) -> list[dict[str, object]]:
    from natcap.core.workbook.forms import read_rows

    return read_rows(root("data") / "business" / "example" / f"{name}.csv")
