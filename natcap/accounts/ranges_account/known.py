"""Factors as draws see them: every range checked, scenarios held still, all that is wrong told at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from natcap.accounts.services.account import Factor, ServiceAccount
from natcap.accounts.services.unread import is_unread
from natcap.accounts.stock import Densities
from natcap.core.problems import Problems
from natcap.core.report import FactorRef
from natcap.core.uncertainty import KINDS, Distribution, distribution
from natcap.core.verification import UNPUBLISHED

__all__ = ["Known", "density_factors", "known_factors", "scenarios", "used_factors"]

_REMEDY = "Correct the row of the factor: low, value, high in rising order, or both ends blank where there is no range"


@dataclass(frozen=True, slots=True)
class Known:
    """A factor with its distribution. `scenario`: a path that is chosen, such as carbon values, and never drawn."""

    factor: Factor
    of: Distribution
    scenario: bool = False

    @property
    def varies(self) -> bool:
        return self.of.kind != "fixed"

    @property
    def recalled(self) -> bool:
        return self.factor.ref.verified in UNPUBLISHED


def scenarios(account: ServiceAccount) -> frozenset[str]:
    """Ids of prices that are scenarios: those of services priced by the carbon path (METHODS of the accounts, A7)."""
    paths = {key for key, service in account.services.items() if service.price == "carbon"}
    rows = account.rows[account.rows["service"].isin(paths)]
    return frozenset(rows["price_factor"].dropna().astype(str)) - {""}


def used_factors(account: ServiceAccount) -> frozenset[str]:
    """Ids that rows with a flow or a value name, and prices of flows that were not read at the date.

    Raises ValueError for an id that the account does not hold."""
    known = account.rows["flow"].notna() | account.rows["value"].notna()
    rows = account.rows[known | is_unread(account.rows)]
    named = {key for names in set(rows.loc[known, "factors"]) for key in names}
    named |= set(rows["price_factor"].dropna().astype(str)) - {""}
    missing = sorted(named - set(account.factors))
    if missing:
        raise ValueError(f"rows of the service account name factors it does not hold: {', '.join(missing[:5])}")
    return frozenset(named)


def known_factors(
    factors: Mapping[str, Factor], ids: Iterable[str], held: frozenset[str], problems: Problems
) -> dict[str, Known]:
    """Distributions of the factors `ids`; those in `held` are fixed. Adds a problem for every range that is wrong."""
    found: dict[str, Known] = {}
    for key in sorted(ids):
        factor = factors[key]
        wrong = _wrong(factor, key in held)
        if wrong:
            _tell(key, factor, *wrong, problems)
            continue
        value = factor.ref.value
        of = distribution(value) if key in held else distribution(value, factor.low, factor.high, _kind(factor))
        found[key] = Known(factor, of, key in held)
    return found


def _kind(factor: Factor) -> str:
    return "" if math.isnan(factor.low) and math.isnan(factor.high) else factor.distribution


def _wrong(factor: Factor, held: bool) -> tuple[str, str, str] | None:
    """What was found, what was expected, and the remedy; None for a factor in order."""
    low, value, high, kind = factor.low, factor.ref.value, factor.high, factor.distribution
    if not math.isfinite(value):
        return "no value", "a number", "Give the factor a value, or leave out what rests on it"
    if held:
        return None
    if kind and kind not in KINDS:
        return f"the distribution {kind}", f"one of {', '.join(KINDS)}, or blank", "Correct the distribution"
    if math.isnan(low) and math.isnan(high):
        return None
    if not (math.isfinite(low) and math.isfinite(high)):
        return f"a range of {low:g} to {high:g}", "both ends of a range, or neither", _REMEDY
    if not low <= value <= high:
        return f"low {low:g}, value {value:g}, high {high:g}", "low <= value <= high", _REMEDY
    if kind == "lognormal" and low <= 0:
        said = "Use triangular, which may reach zero and below, or give a low end above zero"
        return f"a lognormal range from {low:g}", "a low end above 0", said
    return None


def _tell(key: str, factor: Factor, found: str, expected: str, remedy: str, problems: Problems) -> None:
    text = f"the factor {key}: {found}"
    if factor.input is None:
        problems.add("factors", text, expected, remedy, cell=key)
    else:
        where = factor.input
        problems.add(where.file, text, expected, remedy, sheet=where.sheet, cell=where.cell)


def density_factors(densities: Densities) -> dict[str, Factor]:
    """Carbon densities as factors by id; without low and high they are fixed.

    How a density was assigned to a class counts like the density: where either was recalled or judged it is Red.
    """
    found: dict[str, Factor] = {}
    judged = densities.verified in UNPUBLISHED
    for n, refs in enumerate(densities.factors):
        for p, ref in enumerate(refs):
            ends = [math.nan if part is None else float(part[n, p]) for part in (densities.low, densities.high)]
            found.setdefault(ref.id, _density(ref, judged, ends[0], ends[1]))
    return found


def _density(ref: FactorRef, judged: bool, low: float, high: float) -> Factor:
    red = judged or ref.verified in UNPUBLISHED
    given = "given by the user; where it was measured is not stated"
    other = given if ref.verified == "user" else "published for a larger area"
    tier = "recalled, judged, or assigned to its class by judgement" if red else other
    return Factor(ref, low, high, rag="Red" if red else "Amber", tier=tier)
