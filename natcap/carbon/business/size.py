"""What is absurd by itself: one entry as large as an installation, energy no building uses, emissions nobody could buy.

Slips of the unit are seen by comparison (`checks`); a single entry has nothing to be compared with. Its emissions
are: all activities share one threshold. Every threshold is judged (`factors/business/flags.csv`), every finding is a
warning, and the entry counts as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from natcap.carbon.business.checks import thresholds
from natcap.carbon.business.energy import KINDS, energy_table
from natcap.carbon.business.models import Choices
from natcap.carbon.business.plan import Plan
from natcap.carbon.business.reading import Book
from natcap.carbon.business.uses import Use
from natcap.carbon.inventory import SCOPE_1, SCOPE_2, FactorYears
from natcap.core.problems import Problems
from natcap.core.words import plural

__all__ = ["check_sizes", "per_unit"]

Floats = NDArray[np.float64]
_YEAR, _TONNE = 365.0, 1000.0
_MOST = 50
_SLIP = "It was taken as it stands. Is the unit right (kWh or MWh, kg or tonnes), and the number?"
_BUILDING = frozenset({KINDS["electricity"], KINDS["heat"], KINDS["gas"], KINDS["fuel"]})


def per_unit(plan: Plan, uses: Sequence[Use]) -> Floats:
    """kg CO2e of one unit of each use in its own scope: without well-to-tank and losses beside it, or any contract."""
    found = np.zeros(len(uses))
    for (number, contract), planned in plan.lines.items():
        if contract < 0:
            lines = (line for line in planned.lines if line.section == uses[number].section)
            found[number] = sum(line.factor_quantity * line.factor * line.gwp for line in lines)
    return found


def check_sizes(book: Book, plan: Plan, years: FactorYears, choices: Choices, problems: Problems) -> None:
    """Warn of entries, sites and turnovers beyond any threshold. A plan with errors has been refused already."""
    frame, uses = book.rows.frame, book.rows.uses
    if plan.errors or frame.empty:
        return
    kg = _quantity(frame) * per_unit(plan, uses)[frame["use"].to_numpy()]
    _entries(book, kg, problems)
    _areas(book, years, choices, problems)
    operated = np.array([use.section in (SCOPE_1, SCOPE_2) for use in uses], dtype=bool)[frame["use"].to_numpy()]
    _turnover(book, float(kg[operated].sum()), problems)


def _quantity(frame: pd.DataFrame) -> Floats:
    return np.asarray(frame["quantity"].to_numpy("float64"))


def _entries(book: Book, kg: Floats, problems: Problems) -> None:
    """Entries whose emissions (`kg` of each), by the year where they cover some weeks, are a large installation's."""
    limit, frame = thresholds(), book.rows.frame
    days = frame["days_in"].to_numpy("float64")
    long = days >= limit["entry_days"]
    tonnes = np.abs(kg) / _TONNE
    yearly = tonnes * np.where(long, _YEAR / days, 1.0)
    large = np.flatnonzero(yearly >= limit["entry_tonnes"])
    expected = f"less than {limit['entry_tonnes']:,.0f} t CO2e a year in one entry (judged; the bound of a small " \
               "installation in the UK ETS)"  # fmt: skip
    for place in large[:_MOST]:
        row = frame.iloc[place]
        use = book.rows.uses[int(row["use"])]
        whole = abs(days[place] - _YEAR) <= 1 or not long[place]
        more = "" if whole else f", at {yearly[place]:,.0f} t CO2e a year"
        problems.add(
            str(row["file"]), f"{row['quantity']:,.10g} {use.unit} of {use.activity.label}, "
            f"{tonnes[place]:,.0f} t CO2e in one entry{more}", expected, _SLIP,
            sheet=str(row["sheet"]), cell=str(row["cell"]), warning=True,
        )  # fmt: skip
    if len(large) > _MOST:
        said = f"a further {plural(len(large) - _MOST, 'entry', 'entries')} as large"
        problems.add(str(frame["file"].iloc[large[_MOST]]), said, expected, warning=True)


def _areas(book: Book, years: FactorYears, choices: Choices, problems: Problems) -> None:
    """Sites whose electricity, heat and fuels by floor area are beyond what any building uses."""
    areas = book.sites[book.sites["area"] > 0]
    if areas.empty:
        return
    frame, limit = book.rows.frame, thresholds()["area_kwh"]
    table, rates, _ = energy_table(frame, book.rows.uses, years, choices)
    rate = np.zeros(len(book.rows.uses))
    for use in table.loc[table["kind"].isin(_BUILDING), "use"]:
        rate[int(use)] = rates[int(use)].kwh
    kwh = _quantity(frame) * rate[frame["use"].to_numpy()]
    scale = _YEAR / max(book.rows.period.days, 1)
    for site, area in zip(areas["site"], areas["area"], strict=True):
        here = (frame["site"] == site).to_numpy()
        each = kwh[here].sum() * scale / area
        if each < limit:
            continue
        row = frame.iloc[int(np.flatnonzero(here)[np.argmax(kwh[here])])]
        problems.add(
            str(row["file"]), f"{each:,.0f} kWh a year and m2 at {site}, most of it in this entry",
            f"less than {limit:,.0f} kWh a year and m2 of floor area (judged; several times the highest benchmark of "
            "buildings)",
            f"It was taken as it stands. Is the unit right (kWh or MWh), and the floor area of {area:,.10g} m2?",
            sheet=str(row["sheet"]), cell=str(row["cell"]), warning=True,
        )  # fmt: skip


def _turnover(book: Book, kg: float, problems: Problems) -> None:
    """Emissions of scope 1 and 2 whose energy would have cost more than the organisation turned over."""
    fact, limit = book.facts.get("turnover"), thresholds()["turnover_kg"]
    if fact is None or not fact.amount or kg / fact.amount < limit:
        return
    problems.add(
        fact.file, f"{kg / fact.amount:,.3g} kg CO2e of scope 1 and 2 for each pound of turnover",
        f"less than {limit:g} kg CO2e (judged; the energy alone would cost more)",
        "It was taken as it stands. Is the turnover in pounds (not thousands), and of the whole period?",
        sheet=fact.sheet, cell=fact.cell, warning=True,
    )  # fmt: skip
