"""What an asset value rests on: the flow it goes on from, every year in the mean, deflators, and what a unit is worth.

The value of a unit is a figure of its own, so that all asset values of a service at a date share its discount rates
and carbon values in place of repeating them.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from natcap.accounts.assets_account.discounting import rates_of
from natcap.accounts.assets_account.projection_tables import projection_id, unit_id
from natcap.accounts.assets_account.unit_values import Units, UnitValue, carbon_row, first_carbon_year, first_flow
from natcap.accounts.assets_account.words import Words
from natcap.accounts.services.account import WHOLE, Factor
from natcap.accounts.services.library import carbon_price
from natcap.accounts.services.prices import deflator_ref
from natcap.core.money import Level
from natcap.core.report import FactorRef, Figure, InputRef, Trace
from natcap.core.verification import UNPUBLISHED

__all__ = ["WalkBack", "factor_ids", "unit_figures"]

Row = Mapping[Hashable, Any]
_Place = tuple[str, str, str, str, int]


class _Year(NamedTuple):
    """A flow of a year of a series, in the unit of the service, and its value."""

    flow: float
    value: float


def factor_ids(row: Row) -> list[str]:
    """Factors of a row: of its flow, of the other years in its mean, and of its price."""
    price = [row["price_factor"]] if isinstance(row["price_factor"], str) else []
    return list(dict.fromkeys((*row["factors"], *row["cells"], *price)))


class WalkBack:
    """Traces of asset values; `rows` are the valued rows with their names."""

    def __init__(self, words: Words, units: Units, rows: pd.DataFrame) -> None:
        self.words, self.units = words, units
        zoned = rows[rows["zone"] != WHOLE]
        self._zoned = set(zip(zoned["date"], zoned["service"], strict=True))
        self._years = {_place(row, int(row["year"])): _Year(row["flow"], row["value"])
                       for row in words.account.series.to_dict("records")}  # fmt: skip

    def trace(self, how: str, members: Sequence[Row]) -> Trace:
        """The trace of the asset value that these rows sum to."""
        refs: dict[str, FactorRef] = {}
        inputs: dict[InputRef, None] = {}
        parents: dict[str, None] = {}
        for row in members:
            unit = self.units.of(row)
            for factor in self._factors(row):
                refs[factor.ref.id] = factor.ref
                if factor.input is not None:
                    inputs[factor.input] = None
                for ref in self._deflators(factor):
                    refs[ref.id] = ref
            refs[unit.option.ref.id] = unit.option.ref
            parents |= dict.fromkeys(filter(None, (self._flow(row), *self._unit(row, unit))))
        return Trace(how, parents=tuple(parents), inputs=tuple(inputs), factors=tuple(refs.values()))

    def expected(self, row: Row) -> str:
        """Where the expected flow comes from: its year with what it is a product of, or the years of the mean."""
        told = f"{'flow' if self.units.of(row).alone else 'mean'} of {row['spanned']}"
        own, years = int(row["year"]), _spanned(row)
        name = str(row["basis"])
        if len(years) == 1:
            product = self._product(row) if years == [own] and name == "flow" else ""
            return f"{told}: {product}" if product else told
        parts = [float(row[name]) if year == own else getattr(self._years[_place(row, year)], name) for year in years]
        return f"{told}: ({' + '.join(f'{part:,.10g}' for part in parts)}) / {len(parts)}"

    def _product(self, row: Row) -> str:
        """Hectares x factors of a modelled flow; "" where the row does not say all of it."""
        held = self.words.account.factors
        if not row["factors"] or not all(key in held for key in row["factors"]) or math.isnan(row["hectares"]):
            return ""
        parts = [held[key].ref.value for key in row["factors"]]
        parts += [float(row["scale"])] if row["scale"] != 1 else []
        if not math.isclose(row["hectares"] * math.prod(parts), row["flow"], rel_tol=1e-9, abs_tol=1e-12):
            return ""
        return " x ".join([f"{row['hectares']:,.10g} ha", *(f"{part:,.10g}" for part in parts)])

    def _factors(self, row: Row) -> Iterator[Factor]:
        held = self.words.account.factors
        return (held[key] for key in factor_ids(row) if key in held)

    def _deflators(self, factor: Factor) -> tuple[FactorRef, ...]:
        base = self.words.account.price_year
        if factor.price_year in (None, base):
            return ()
        return deflator_ref(int(factor.price_year)), deflator_ref(base)

    def _flow(self, row: Row) -> str:
        """The figure of the flow, or of the value where that alone is known; "" where none stands for the row alone."""
        what = "value" if row["basis"] == "value" else "flow"
        key = row["zone_key"]
        if row["zone"] == WHOLE:
            key = "" if (row["date"], row["service"]) in self._zoned else "all"
        return f"services.{what}.{row['date']}.{key}.{row['service']}" if key else ""

    def _unit(self, row: Row, unit: UnitValue) -> tuple[str, ...]:
        if row["basis"] == "none":
            return ()
        return (*((projection_id(self.words, unit),) if unit.curve else ()), unit_id(self.words, unit))


def _place(row: Row, year: int) -> _Place:
    return str(row["service"]), str(row["zone"]), str(row["type"]), str(row["origin"]), year


def _spanned(row: Row) -> list[int]:
    return [int(word) for word in str(row["spanned"]).split(", ") if word]


def unit_figures(words: Words, units: Units) -> Iterator[Figure]:
    """What a flow of one a year is worth, by service and date: with every discount rate and carbon value in it."""
    for unit in units:
        if unit.lacks:
            continue
        first = first_flow(unit.year, unit.timing)
        span = f"the {unit.life} flows of {first} to {first + unit.life - 1}"
        refs = (unit.option.ref, *rates_of(unit.option, unit.life, unit.timing))
        grown = "projection of its year x " if unit.curve else ""
        table = "working table 'Discount factors by year and schedule'"
        if unit.on_path:
            refs = (*refs, *_path(words, first, unit.life))
            how = (f"sum over {span} of {grown}carbon value of its year in {words.account.price_year} prices x "
                   f"discount factor, working table 'Carbon values by year' and {table}")  # fmt: skip
        else:
            how = f"sum over {span} of {grown}discount factor, {table}"
        what, of = ("1 t CO2e", f"{words.unit}/tonne_co2e") if unit.on_path else ("1", "")
        name = words.curve_name(unit.curve) if unit.curve else words.service_name[unit.service]
        judged = bool(unit.curve and unit.curve.given.judged) or any(ref.verified in UNPUBLISHED for ref in refs)
        yield Figure(
            unit_id(words, unit), f"Present value of {what} a year over {unit.life} years, {name}, {unit.date}",
            unit.path if unit.on_path else unit.annuity, of,
            Trace(f"{how} ({unit.option.name} of {unit.option.since}, timing {unit.timing})", factors=refs,
                  parents=(projection_id(words, unit),) if unit.curve else ()),
            status=words.setting.status(judged), period=str(unit.year), place=words.setting.project.place,
        )  # fmt: skip


def _path(words: Words, first: int, life: int) -> tuple[FactorRef, ...]:
    """The carbon value of every year of a path, and the deflators that bring them to the prices of the account."""
    years = dict.fromkeys(max(year, first_carbon_year()) for year in range(first, first + life))
    own, base = carbon_row(next(iter(years))).price_year, words.account.price_year
    deflators = () if own == base else (deflator_ref(own), deflator_ref(base))
    return (*(_carbon(year, words.choices.level) for year in years), *deflators)


@lru_cache(maxsize=1024)
def _carbon(year: int, level: Level) -> FactorRef:
    return carbon_price(year, level).factor.ref
