"""The ranges of the accounts: every flow, value, asset and stock with percentiles, causes and a confidence word."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
import pandas as pd

from natcap.accounts.accuracy_account import AccuracyAccount
from natcap.accounts.ranges_account.area import AreaError, area_error, group_of
from natcap.accounts.ranges_account.compares import apart
from natcap.accounts.ranges_account.confidence import Rating, Rule, rule
from natcap.accounts.ranges_account.effects import Effects, effect_terms
from natcap.accounts.ranges_account.known import Known, density_factors, known_factors, scenarios, used_factors
from natcap.accounts.ranges_account.read import RangesInput
from natcap.accounts.ranges_account.stocks import stock_terms
from natcap.accounts.ranges_account.sums import KEEP, Drawn, Sampler, draw_items
from natcap.accounts.ranges_account.terms import CHANGE, COLUMNS, KEYS, RowFactors, Terms, join, service_terms
from natcap.accounts.services.account import WHOLE, ServiceAccount
from natcap.accounts.stock import Densities
from natcap.core.problems import Problems
from natcap.core.uncertainty import Draws, Summary

__all__ = ["AS_MAPPED", "CHANGE", "NO_AREA", "WITH_ERROR", "Item", "RangesAccount", "Sources", "ranges_account"]

AS_MAPPED, WITH_ERROR, NO_AREA = "as mapped", "with their error", "none in it"
_ROUNDING = 1e-12
Z95 = NormalDist().inv_cdf(0.95)
"""95th percentile of the standard normal distribution."""


@dataclass(frozen=True)
class Sources:
    """What the ranges are drawn from: the service account, and what there is of assets, accuracy and carbon.

    `weights` and `pairs` are those of the asset account; without pairs its effects and entries have no range.
    """

    services: ServiceAccount
    weights: pd.DataFrame | None = None
    accuracy: AccuracyAccount | None = None
    densities: Densities | None = None
    comparable: bool = True
    pairs: pd.DataFrame | None = None


@dataclass(frozen=True)
class Item:
    """One number with its range. `gross` is the share of its amount that rests on each factor or group of areas.

    `ranged` is the share of its amount that rests on something that varies. `still`: all draws are one, for want of a
    range or because what varies cancels. `areas` says whether its areas have their error in the range. `compares`:
    whether the dates of a change compare.
    """

    measure: str
    date: str
    zone: str
    item: str
    central: float
    drawn: Drawn
    gross: Mapping[str, float]
    ranged: float
    rating: Rating
    still: bool = False
    areas: str = NO_AREA
    compares: bool = True

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.measure, self.date, self.zone, self.item


@dataclass(frozen=True)
class RangesAccount:
    """Items by (measure, date, zone, item) in the order of the accounts, and the factors they rest on.

    Measures: flow, value, asset, carbon_stock, area (by class); type_flow, type_value, type_asset by ecosystem type;
    dates: opening, closing, CHANGE. At CHANGE alone: carbon_change, effect_... and entry_... of the asset values. `off`
    is the largest relative difference between a row of the accounts and the product it is drawn as, all factors at
    their central value; `gap` that of an effect from the asset account. `abiotic` services stand in no total. `notes`
    say what was left out.
    """

    items: Mapping[tuple[str, str, str, str], Item]
    known: Mapping[str, Known]
    rule: Rule
    draws: Draws
    area: AreaError
    off: float
    gap: float = 0.0
    abiotic: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()

    def of(self, measure: str, zone: str = WHOLE) -> tuple[Item, ...]:
        """The items of a measure in a zone."""
        return tuple(item for key, item in self.items.items() if key[0] == measure and key[2] == zone)


def ranges_account(sources: Sources, given: RangesInput, problems: Problems, keep: int = KEEP) -> RangesAccount | None:
    """Draw everything. Adds every problem of the factors; None with any.

    `keep` is the number of products held in memory at a time; it does not change a result.
    """
    services, densities = sources.services, sources.densities
    factors, ids = dict(services.factors), set(used_factors(services))
    if densities is not None:
        dense = density_factors(densities)
        factors, ids = {**dense, **factors}, ids | set(dense)
    known = known_factors(factors, ids, scenarios(services), problems)
    if problems.errors:
        return None
    draws = Draws(given.seed, given.draws)
    area = AreaError()
    if sources.accuracy is not None:
        area = area_error(sources.accuracy, services.land, list(services.types), draws)
    terms = _terms(sources, known, frozenset(area.draws), problems)
    if problems.errors:
        return None
    off, terms = terms.off(known), _with_change(terms) if sources.comparable else terms
    effects = _effects(sources, known, frozenset(area.draws))
    terms = terms if effects.terms.rows.empty else join([terms, effects.terms])
    vectors = {key: draws.draw(key, one.of) for key, one in known.items() if one.varies} | dict(area.draws)
    items = _items(terms, Sampler(vectors, draws.n, keep), known, apart(services, sources.pairs))
    if sources.accuracy is not None:
        items |= {item.key: item for item in _areas(sources.accuracy)}
    below = frozenset(key for key, service in services.services.items() if service.abiotic)
    return RangesAccount(items, known, rule(), draws, area, off, effects.gap, below,
                         (*_left_out(sources, area), *effects.left_out))  # fmt: skip


def _effects(sources: Sources, known: Mapping[str, Known], areas: frozenset[str]) -> Effects:
    """The effects and entries of the asset account; none without one, or where the maps do not compare."""
    services, weights, pairs = sources.services, sources.weights, sources.pairs
    if weights is None or pairs is None or not sources.comparable:
        return Effects(Terms(pd.DataFrame(columns=COLUMNS), (), ()))
    abiotic = frozenset(key for key, service in services.services.items() if service.abiotic)
    return effect_terms(RowFactors(services, known, areas), pairs, weights, abiotic)


def _left_out(sources: Sources, area: AreaError) -> tuple[str, ...]:
    said = list(area.left_out)
    if sources.accuracy is None:
        said.append("Areas count as free of error: no sample of reference points is named as accuracy in [inputs].")
    if not sources.comparable:
        said.append("No range of the change: the maps are not comparable, so the difference is a reappraisal.")
    return tuple(said)


def _terms(sources: Sources, known: Mapping[str, Known], areas: frozenset[str], problems: Problems) -> Terms:
    parts = [service_terms(sources.services, known, areas, sources.weights, problems)]
    if sources.densities is not None and sources.densities.factors:
        land = sources.services.land
        parts.append(stock_terms(land, sources.densities, known, areas, sources.comparable))
    return join(parts)


def _with_change(terms: Terms) -> Terms:
    """The terms with closing less opening of every item of all zones that stands at both dates."""
    rows = terms.rows[terms.rows["zone"] == WHOLE]
    dates = rows.groupby(["measure", "item"], dropna=False)["date"].transform("nunique")
    both = rows[dates == 2]
    sign = np.where(both["date"] == "closing", 1.0, -1.0)
    change = both.assign(date=CHANGE, central=both["central"] * sign, coefficient=both["coefficient"] * sign)
    return Terms(pd.concat([terms.rows, change], ignore_index=True), terms.products, terms.names)


def _items(terms: Terms, sampler: Sampler, known: Mapping[str, Known],
           off: frozenset[tuple[str, str]]) -> dict[tuple[str, str, str, str], Item]:  # fmt: skip
    rows = terms.rows.assign(gross=terms.rows["central"].abs())
    central = rows.groupby(KEYS, sort=False)["central"].sum()
    rests = rows.groupby([*KEYS, "names"], sort=False)["gross"].sum().groupby(KEYS, sort=False)
    gross = {key: _gross(part.droplevel(list(KEYS)), terms) for key, part in rests}
    moving = np.array([bool(names) for names in terms.products], dtype=bool)
    ranged = rows.assign(gross=rows["gross"].where(moving[rows["product"].astype(int)], 0.0))
    amount = rows.groupby(KEYS, sort=False)["gross"].sum()
    shares = ranged.groupby(KEYS, sort=False)["gross"].sum() / amount
    mapped = (rows["mapped"].astype(bool) & (rows["gross"] > 0)).groupby([rows[k] for k in KEYS], sort=False).any()
    few = rows.groupby([*KEYS, "product"], sort=False)["coefficient"].sum().reset_index()
    judge = rule()
    found: dict[tuple[str, str, str, str], Item] = {}
    for key, drawn in draw_items(sampler, few, terms.products, KEYS):
        m, d, z, i = key
        middle, size = float(central[key]), _ROUNDING * float(amount[key])
        still = drawn.deviation <= size
        if d == CHANGE and abs(middle) <= size:  # what is left of values that cancel is rounding
            middle = 0.0
        if still:  # so it is of draws that cancel, and has no cause
            drawn = replace(drawn, shares={}, summary=Summary(middle, middle, middle))
        rating = judge.rate(drawn.shares, gross[key], known)
        areas = AS_MAPPED if mapped[key] else WITH_ERROR if any(k.startswith("area.") for k in gross[key]) else NO_AREA
        found[m, d, z, i] = Item(m, d, z, i, middle, drawn, gross[key], _share(shares[key]), rating, still, areas,
                                 d != CHANGE or (m, i) not in off)  # fmt: skip
    return found


def _share(share: float) -> float:
    """A share; of an amount of 0 the one math.nan, so that items of the same draws are equal."""
    return float(share) if share == share else math.nan


def _areas(accuracy: AccuracyAccount) -> Iterator[Item]:
    """Adjusted areas of classes with the percentiles of their normal error."""
    for date in ("opening", "closing"):
        if date not in accuracy.estimates:
            continue
        found, cause = accuracy.estimates[date].adjusted, {f"area.{date}": 1.0}
        for n, item in enumerate(accuracy.classes):
            central, error = float(found.area[n]), float(found.standard_error[n])
            ends = Summary(central - Z95 * error, central, central + Z95 * error)
            rating = Rating("Green", f"area.{date} is the error of a sample of reference points in this area")
            if found.mapped[n] > 0 or central > 0:
                drawn = Drawn(ends, error, cause if error else {})
                yield Item("area", date, WHOLE, item.key, central, drawn, cause, float(error > 0), rating,
                           areas=WITH_ERROR)  # fmt: skip


def _gross(part: pd.Series, terms: Terms) -> dict[str, float]:
    """Share of the amount of an item that rests on each factor or group of areas; all of it where the amount is 0."""
    whole = float(part.sum())
    found: dict[str, float] = {}
    for n, amount in part.items():
        for key in dict.fromkeys(group_of(name) for name in terms.names[int(n)]):  # type: ignore[call-overload]
            found[key] = found.get(key, 0.0) + float(amount) / whole if whole else 1.0
    return found
