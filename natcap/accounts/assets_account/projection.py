"""Projections as the account uses them: an index for every year of the life of an asset, or the reason why not.

V = sum over k of F g(k) p(t + k) DF(k) with g(k) = index(t + k) / index(t), so that g(0) = 1 (METHODS of the accounts,
A4). Nothing is filled in but as chosen, and what was filled is kept by year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from natcap.accounts.assets_account.choices import AssetChoices
from natcap.accounts.assets_account.projection_read import After, Between, Projection
from natcap.accounts.classes import slug
from natcap.accounts.services.account import Service, ServiceAccount
from natcap.core.money import Timing
from natcap.core.problems import InputProblems, Problems, did_you_mean

__all__ = ["GIVEN", "Curve", "Curves", "curves_of", "first_flow"]

Array = npt.NDArray[np.float64]
GIVEN = "given"
_DATES = ("opening", "closing")


def first_flow(year: int, timing: Timing) -> int:
    """The year of the first flow that an asset value of `year` counts: the year after it with timing `end`."""
    return year + (timing == "end")


@dataclass(frozen=True, eq=False)
class Curve:
    """The index of a service from `first` on, one value a year, NaN where there is none.

    `type` is the key of the one ecosystem type it is for, "" for all; `how` says of each year GIVEN, linear, step, last
    or "" for none.
    """

    id: str
    type: str
    given: Projection
    first: int
    index: Array
    how: tuple[str, ...]

    @property
    def service(self) -> str:
        return self.given.service

    @property
    def last(self) -> int:
        """The last year of `index`."""
        return self.first + len(self.index) - 1

    def of(self, year: int) -> float:
        """The index of a year; NaN where there is none."""
        return float(self.index[year - self.first]) if self.first <= year <= self.last else np.nan

    def growth(self, year: int, life: int, timing: Timing) -> Array:
        """g of the flows that an asset value of `year` counts, shape (life,). Raises LookupError for a year without."""
        at = first_flow(year, timing) - self.first
        found = self.index[max(at, 0) : at + life] / self.of(year)
        if at < 0 or len(found) < life or not np.isfinite(found).all():
            raise LookupError(f"the projection of {self.id} has no index for each of {life} years from {year} on")
        return found

    def used(self, year: int, life: int, timing: Timing) -> npt.NDArray[np.intp]:
        """Positions of the given years that a value of `year` rests on: those it counts, and those it fills from."""
        years, last = np.asarray(self.given.years), first_flow(year, timing) + life - 1
        beyond = years[years > last]
        filled = self.first <= last <= self.last and self.how[last - self.first] == "linear"
        end = int(beyond[0]) if filled and len(beyond) else last
        found: npt.NDArray[np.intp] = np.flatnonzero((years >= year) & (years <= end))
        return found


@dataclass(frozen=True)
class Curves:
    """Curves by (service, type), with "" for every other type of the service."""

    held: Mapping[tuple[str, str], Curve] = field(default_factory=dict)

    def of(self, service: str, kind: str) -> Curve | None:
        """What the flow of a service in an ecosystem type follows; None where it is held constant."""
        return self.held.get((service, kind)) or self.held.get((service, ""))

    @property
    def by_id(self) -> dict[str, Curve]:
        return {curve.id: curve for curve in self.held.values()}

    @property
    def start(self) -> int:
        """The first year of the table of projections."""
        return min((curve.first for curve in self.held.values()), default=0)

    def place(self, curve: Curve) -> int:
        """The number of a curve in the columns of that table, from 1."""
        return list(self.held.values()).index(curve) + 1

    def __bool__(self) -> bool:
        return bool(self.held)


def curves_of(account: ServiceAccount, choices: AssetChoices) -> Curves:
    """Every projection with an index for each year that the asset values count.

    Raises InputProblems for a service or type without a flow, a base of 0, or a year that nothing fills.
    """
    problems = Problems()
    named = {key: given for given in choices.projections for key in _key(account, given, problems)}
    found = {}
    for key, given in named.items():
        mine = account.rows["type"] == key[1]
        if not key[1]:
            mine = ~account.rows["type"].isin([kind for service, kind in named if service == key[0] and kind])
        rows = account.rows[(account.rows["service"] == key[0]) & mine]
        dates = [(date, year) for date, year in zip(_DATES, account.years, strict=True) if (rows["date"] == date).any()]
        if not dates:
            _unused(account.services[key[0]], given, problems)
            continue
        life = account.services[key[0]].life
        curve = _curve(key, given, dates, life, choices)
        found[key] = curve
        _unread(account.services[key[0]], rows, given, problems)
        for date, year in dates:
            _base(account.services[key[0]], curve, date, year, problems)
        _gaps(account.services[key[0]], curve, [year for _, year in dates], life, choices, problems)
    if problems.errors:
        raise InputProblems(problems.errors)
    return Curves(found)


def _key(account: ServiceAccount, given: Projection, problems: Problems) -> Iterator[tuple[str, str]]:
    """Service and type key of a projection; nothing, and a problem, where the account has no such flow."""
    rows: pd.DataFrame = account.rows[account.rows["service"] == given.service]
    names = {slug(name): key for key, name in account.types.items()} | {key: key for key in account.types}
    kind = names.get(slug(given.type)) if given.type else ""
    at_service, at_type = given.names
    if rows.empty:
        met = ", ".join(dict.fromkeys(account.rows["service"]))
        problems.add(at_service.file, f"a projection of {given.service}, of which the account has no flow",
                     f"one of {met}", "Give a flow of it, or take its rows out", sheet=at_service.sheet,
                     cell=at_service.cell)  # fmt: skip
    elif kind is None or (kind and kind not in set(rows["type"])):
        met = ", ".join(account.types.get(key, key) for key in dict.fromkeys(rows["type"]))
        near = did_you_mean(given.type, list(account.types.values())) if kind is None else ""
        problems.add(at_type.file, f"the ecosystem type {given.type}, in which {given.service} has no flow",
                     f"one of {met}, or blank for all", near, sheet=at_type.sheet, cell=at_type.cell)  # fmt: skip
    else:
        yield given.service, kind


def _unused(service: Service, given: Projection, problems: Problems) -> None:
    place = given.names[1]
    problems.add(place.file, f"a projection of {service.id} for all types, each of which has one of its own",
                 "rows that some type needs", "Take the rows without a type out", sheet=place.sheet,
                 cell=place.cell)  # fmt: skip


def _curve(
    key: tuple[str, str], given: Projection, dates: list[tuple[str, int]], life: int, choices: AssetChoices
) -> Curve:
    """The index from the first date to the year after the last flow (which timing `end` counts), filled as chosen."""
    first, last = dates[0][1], dates[-1][1] + life
    last = min((year for year in given.years if year >= last), default=last)
    years = np.arange(first, last + 1)
    index, how = _filled(given, years, choices.between, choices.after)
    return Curve(".".join(part for part in key if part), key[1], given, first, index, how)


def _filled(
    given: Projection, years: npt.NDArray[np.int_], between: Between, after: After
) -> tuple[Array, tuple[str, ...]]:
    held, index = np.asarray(given.years), np.asarray(given.index, dtype=np.float64)
    at = np.searchsorted(held, years, side="right") - 1
    known, inside, beyond = np.isin(years, held), (years > held[0]) & (years < held[-1]), years > held[-1]
    stepped = index[np.maximum(at, 0)]
    filled = {GIVEN: (known, stepped), "linear": (inside & ~known, np.interp(years, held, index)),
              "step": (inside & ~known, stepped), "last": (beyond, stepped)}  # fmt: skip
    found, how = np.full(len(years), np.nan), np.full(len(years), "", dtype=object)
    for word in (GIVEN, between, after):
        if word in filled:
            where, values = filled[word]
            found[where], how[where] = values[where], word
    return found, tuple(str(word) for word in how)


def _unread(service: Service, rows: pd.DataFrame, given: Projection, problems: Problems) -> None:
    """A flow goes on from the flow of the year of the date: where nobody read that, it has nothing to go on from."""
    for year in dict.fromkeys(rows.loc[(rows["origin"] == "reading") & rows["flow"].isna(), "year"]):
        place = given.names[0]
        problems.add(place.file, f"a projection of {given.service}, which was not read in {year}",
                     f"the flow of {year}, from which later flows go on",
                     f"Give the reading of {service.name} of {year}, or take its projection out: then its asset value "
                     "rests on the mean of the years that were read", sheet=place.sheet, cell=place.cell)  # fmt: skip


def _base(service: Service, curve: Curve, date: str, year: int, problems: Problems) -> None:
    given = curve.given
    if year not in given.years:
        place = given.names[0]
        problems.add(place.file, f"no index of {curve.id} for {year}", f"the index of {year}, the year of the {date}",
                     f"Give it: a later flow of {service.name} is the flow of {year} x index / index of {year}. The "
                     "year of a date is never filled in", sheet=place.sheet, cell=place.cell)  # fmt: skip
        return
    at = given.years.index(year)
    if given.index[at] <= 0:
        place, less = given.cells[at], given.index[at] < 0
        also = ". Where the flow is an emission, 100 stands for that emission, and a removal is below 0" if less else ""
        problems.add(place.file, f"the index {given.index[at]:g} for {year}",
                     f"an index above 0 for {year}, the year of the {date}",
                     f"Later flows are measured against it: give the years on a scale on which {year} is 100{also}",
                     sheet=place.sheet, cell=place.cell)  # fmt: skip


def _gaps(
    service: Service, curve: Curve, years: list[int], life: int, choices: AssetChoices, problems: Problems
) -> None:
    """Years of the life that have no index and that no choice fills: one problem for each kind of gap."""
    given = curve.given
    counted = {y for year in years for y in range(year + 1, first_flow(year, choices.timing) + life)}
    lacking = sorted(y for y in counted - set(given.years) if y > given.years[0] and not np.isfinite(curve.of(y)))
    inside = [year for year in lacking if year < given.years[-1]]
    beyond = [year for year in lacking if year > given.years[-1]]
    remedy = 'projection_between = "linear" in [choices] draws a straight line, "step" takes the given year before it'
    _gap(service, curve, inside, f"Give the years between, or choose: {remedy}", problems)
    remedy = f'projection_after = "last" in [choices] lets the index of {given.years[-1]} stand for all years after it'
    _gap(service, curve, beyond, f"Give the years to {beyond[-1]}, or choose: {remedy}" if beyond else "", problems)


def _gap(service: Service, curve: Curve, years: list[int], remedy: str, problems: Problems) -> None:
    if not years:
        return
    given = curve.given
    place = given.cells[int(np.searchsorted(given.years, years[0])) - 1]
    more = f" and {len(years) - 1} later years" if len(years) > 1 else ""
    problems.add(place.file, f"no index of {curve.id} for {years[0]}{more}",
                 f"an index for every year of the life of {service.name}, {service.life} years from each date", remedy,
                 sheet=place.sheet, cell=place.cell)  # fmt: skip
