"""What a residual between the carbon account and the service must contain, type by type, and when it is told."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from natcap.accounts.show.words import HA, number, text
from natcap.accounts.stock import C_TO_CO2
from natcap.accounts.stock_account.reconcile import Reconciled
from natcap.accounts.stock_account.service import SERVICE, gases_of_rate
from natcap.core.problems import Problem, Problems
from natcap.core.project import FILE
from natcap.core.report import Column, FactorRef, Section
from natcap.core.sources import source
from natcap.core.tables import load, row

__all__ = ["CO2E", "beyond", "flag", "implied", "residual_section", "residual_warning", "share_of"]

CO2E = "t CO2e/year"
_RATE = "t C/ha/year"
_MOST = 3
"""Types that a warning names; the table has them all."""


@lru_cache(maxsize=1)
def flag() -> FactorRef:
    """The part of the service from which on a residual is told."""
    found = row(load("carbon_stock/flags"), id="flag.service_residual")
    return FactorRef(found["id"], found["parameter"], float(found["value"]), found["unit"],
                     source(found["source"]).cite(), found["locator"], found["verified"], found["note"])  # fmt: skip


def share_of(residual: float, service: float) -> float:
    """The residual as a part of the service, with its own sign; NaN where the service is nought."""
    return residual / abs(service) if service else float("nan")


def beyond(residual: float, service: float) -> bool:
    """Whether a residual is larger than the flag, beyond what rounding leaves."""
    return abs(residual) > max(flag().value * abs(service), 1e-9 * max(abs(service), 1.0))


def implied(found: Reconciled) -> np.ndarray:
    """t C a hectare and year on land that kept its class, if the whole residual were carbon; NaN where growth was
    given."""
    lacking = np.isnan(found.causes["growth"]) & (found.kept > 0)
    rate: np.ndarray = np.divide(
        found.residual, found.kept * C_TO_CO2, out=np.full(len(lacking), np.nan), where=lacking
    )
    return rate


def _lacking(found: Reconciled, at: int) -> list[str]:
    """Inputs of a type that were not given, each with its sheet."""
    growth, disturbance, harvest = (np.isnan(found.causes[name][at]) for name in ("growth", "disturbance", "harvest"))
    said = []
    if growth and disturbance:
        said.append("growth and soil change of land that kept its class (sheet Carbon movements: growth for gains, "
                    "disturbance for losses)")  # fmt: skip
    elif growth:
        said.append("growth of land that kept its class (sheet Carbon movements: growth)")
    elif harvest:
        said.append("harvest, though growth was entered (sheet Carbon movements: harvest; 0 if nothing was felled)")
    gases = [name for name in found.gases if np.isnan(found.gases[name][at])]
    if gases:
        said.append(f"{' and '.join(gases)} of organic soil, if it has any (sheet Other gases)")
    return said


def _rate(found: Reconciled, at: int, set_name: str) -> str:
    """What the rate of the library says of the other gases; "" where the service has no rate of the library."""
    held = gases_of_rate()
    mine = [key for key in found.service.factors[at] if key in held.index] if found.service.factors else []
    if not mine:
        return ""
    one = held.loc[mine[0]]
    if "CH4" not in one["gases"]:
        return f" The library's rate is of carbon dioxide alone ({one['verified']})."
    other = f", not in {set_name} as here" if one["set"] != set_name else ""
    return f" The library's rate holds CH4 and N2O, in {one['set']}{other} ({one['verified']})."


def _cover(found: Reconciled, at: int) -> str:
    """That rates a hectare were applied to some of the classes of a type only."""
    held, whole = float(found.service.hectares[at]), float(found.types.area[:, at].mean())
    if np.isnan(held) or held >= whole * (1 - 1e-9):
        return ""
    return f" The service has rates for {held:,.0f} of its {whole:,.0f} ha; the rest counts as nothing there."


def statement(found: Reconciled, at: int, set_name: str) -> str:
    """What the residual of one type must contain, and what to do about it."""
    how, expected = str(found.service.compared[at]), float(found.expected[at])
    if how == "no":
        return (f"Not compared: no flow of the service was accounted for this type. The account has "
                f"{expected:+,.1f} t CO2e a year: give a parameter or a reading of {SERVICE} in the workbook of "
                "services, or say why there is none.")  # fmt: skip
    if how == "total":
        return "Not compared by type: the service is known as one flow of all types, so only the totals are compared."
    if how == "part":
        return "Not compared: the service is known for some zones, or for one of the two dates, only: give the rest."
    lacking = _lacking(found, at)
    residual, service = float(found.residual[at]), float(found.service.mean[at])
    rate = _cover(found, at) + _rate(found, at, set_name)
    if not beyond(residual, service):
        rest = f" Not entered: {'; '.join(lacking)}." if lacking else ""
        return f"Within {flag().value:.0%} of the service.{rest}{rate}"
    if lacking:
        return f"Must contain what was not entered: {'; '.join(lacking)}.{rate}"
    return ("Every cause was entered: what is left is a difference between the sources of the service and of the "
            f"account. Check area, years and evidence of both, and correct one of them.{rate}")  # fmt: skip


def residual_section(found: Reconciled, set_name: str) -> Section:
    """By type: the residual, what the service implies a hectare, and what the residual must contain."""
    at = found.shown
    table = pd.DataFrame({"type": [found.types.names[n] for n in at]})
    table["residual"], table["kept"], table["implied"] = found.residual[at], found.kept[at], implied(found)[at]
    table["said"] = [statement(found, n, set_name) for n in at]
    rows = range(len(at))
    marks = {(n, "residual"): "[x]" for n in rows if np.isnan(table["residual"][n])}
    marks |= {(n, "implied"): "[x]" if (n, "residual") in marks else "[z]" for n in rows
              if np.isnan(table["implied"][n])}  # fmt: skip
    cells = {(n, "residual"): f"[carbon_service_by_type.residual@{n}]" for n in rows if (n, "residual") not in marks}
    cells |= {(n, "implied"): "[residual]/[kept]/[carbon_flux.ratio@0]" for n in rows if (n, "implied") not in marks}
    open_ = [n for n in at if beyond(float(found.residual[n]), float(found.service.mean[n]))]
    said = f"{len(open_)} of {len(at)} ecosystem types leave more than {flag().value:.0%} of the service unexplained."
    return Section(
        "carbon_service_residual", "What the residual of each ecosystem type must contain", table,
        (
            text("type", "Ecosystem type"), number("residual", "Left unexplained", CO2E),
            number("kept", "Kept its class", HA),
            number("implied", "Implied, memorandum", _RATE, decimals=3),
            Column("said", "What it must contain, and what to do"),
        ),
        summary=said, cells=cells, marks=marks,
        notes=(
            "Implied, memorandum: the growth or loss of carbon on land that kept its class that would make the account "
            "agree with the service, where no growth was entered. It is not used anywhere: growth from the service "
            "would make the two agree by themselves and prove nothing. Take growth from surveys, yield tables or an "
            "inventory of your own.",
            f"A residual is told from {flag().value:.0%} of the service on: {flag().verified} "
            "(factors/carbon_stock/flags.csv).",
        ),
    )  # fmt: skip


def residual_warning(found: Reconciled, set_name: str) -> tuple[Problem, ...]:
    """One warning where the residual in total, or of a type, is beyond the flag."""
    whole, service = found.left, found.service.whole_mean
    types = [n for n in found.shown if beyond(float(found.residual[n]), float(found.service.mean[n]))]
    types.sort(key=lambda n: -abs(float(found.residual[n])))
    total = whole == whole and beyond(whole, service)
    if not total and not types:
        return ()
    largest = ", ".join(f"{found.types.names[n]} {found.residual[n]:+,.0f}" for n in types[:_MOST])
    more = f" and {len(types) - _MOST} more" if len(types) > _MOST else ""
    told = f"a residual of {whole:+,.0f} t CO2e a year beside a service of {service:,.0f} t CO2e"
    if types:
        told += f": {largest}{more}"
    first = statement(found, types[0], set_name) if types else "See the notes of the reconciliation."
    problems = Problems()
    where = found.types.names[types[0]] + ": " if types else ""
    problems.add(FILE, told, f"at most {flag().value:.0%} of the service, in total and by type", f"{where}{first} "
                 "The table What the residual of each ecosystem type must contain goes through them all",
                 warning=True)  # fmt: skip
    return problems.warnings
