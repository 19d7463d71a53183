"""The plan of a calculation: for each distinct use (and supply contract), the lines that one row of it becomes.

A plan is small (a few hundred rows) and holds every published number; `lines` then spreads it over millions of rows.
Where two factor years or two published loads are mixed, the quantity is split, so that each line is one quantity
times one printed factor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from natcap.carbon.business.contracts import Contract
from natcap.carbon.business.models import Choices
from natcap.carbon.business.own import OwnFactor, gaps
from natcap.carbon.business.potentials import AS_PUBLISHED, revalued
from natcap.carbon.business.uses import Part, Use
from natcap.carbon.business.vocabulary import rows_of, vocabulary
from natcap.carbon.inventory import SCOPE_2, SCOPE_3, FactorYears
from natcap.core.factors import Factor, FactorError, Match, library
from natcap.core.lines import MARKET, OUTSIDE
from natcap.core.project import FILE
from natcap.core.units import factor_between
from natcap.core.verification import worst

__all__ = ["Plan", "PlanLine", "categories", "companions_of", "edition_missing", "make_plan", "match"]

RESIDUAL = "residual_mix/gb"
_EV_KWH = "secr-kwh-uk-electricity-for-evs/"
THREE_ROWS_SINCE = 2022
"""First edition that has three rows for a gas: under the Kyoto Protocol, outside of it, both."""
_ONE_ROW = (
    f"the one row that the gas has in editions before {THREE_ROWS_SINCE}: all of it is outside the Kyoto Protocol"
)
GIVEN = "given in the workbook"


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line that a row becomes. `quantity` and `factor_quantity` are per unit entered."""

    section: str
    category: str
    basis: str
    gas: str
    quantity: float
    unit: str
    factor_quantity: float
    factor_unit: str
    factor: float
    factor_id: str
    edition: str
    how: str
    gwp_set: str
    gases: tuple[float, float, float]
    low: float
    high: float
    verified: str
    note: str
    gwp: float = 1.0


@dataclass(frozen=True, slots=True)
class Planned:
    """The lines that one unit of a use becomes, and what had to be said for them."""

    lines: tuple[PlanLine, ...]
    fallbacks: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass
class Plan:
    """What each (use, contract) becomes, and the errors of the uses whose main factor is not there."""

    lines: dict[tuple[int, int], Planned] = field(default_factory=dict)
    errors: dict[int, FactorError] = field(default_factory=dict)

    def said(self, what: str) -> tuple[str, ...]:
        """Every fallback or gap ("fallbacks" or "gaps"), once, in order."""
        return tuple(dict.fromkeys(text for planned in self.lines.values() for text in getattr(planned, what)))


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a plan depends on beside the use and the contract; hashable, so that plans are kept."""

    years: FactorYears
    allow_earlier: bool
    market_fallback: str
    gwp_set: str


class _Said:
    """Gathers fallbacks and gaps while one use is planned."""

    def __init__(self) -> None:
        self.fallbacks: list[str] = []
        self.gaps: list[str] = []

    def say(self, text: str, gap: bool = False) -> None:
        (self.gaps if gap else self.fallbacks).append(text)


@lru_cache(maxsize=1)
def categories() -> dict[str, str]:
    """Heading of a category by its key: "cat03" -> "Category 3: fuel- and energy-related activities"."""
    return {row["key"]: row["category"] for row in rows_of("categories")}


@lru_cache(maxsize=1)
def _rules() -> list[dict[str, str]]:
    return rows_of("companions")


@lru_cache(maxsize=65536)
def companions_of(series: str) -> tuple[tuple[dict[str, str], str], ...]:
    """The rules that apply to a published row, each with the companion's series (as of the newest edition)."""
    found = []
    for rule in _rules():
        prefix, suffix = rule["prefix"], rule["suffix"]
        if series.startswith(prefix) and series.endswith(suffix):
            middle = series[len(prefix) : len(series) - len(suffix)]
            name = rule["companion"] + middle + rule["companion_suffix"]
            if name in vocabulary().published:
                found.append((rule, name))
    return tuple(found)


@lru_cache(maxsize=65536)
def match(series: str, year: int, allow_earlier: bool, kind: str = "emission") -> Match:
    """The library's match, kept: a batch of businesses asks for the same factors again and again.

    Editions until 2021 have one row for a gas; where it is wholly outside of the Kyoto Protocol, that is its row.
    """
    try:
        return library().match(series, year, allow_earlier=allow_earlier, kind=kind, bound=kind == "emission")
    except FactorError:
        whole = vocabulary().only_row(series)
        if not whole:
            raise
        found = library().match(whole, year, allow_earlier=allow_earlier, kind=kind, bound=True)
        if found.factor.year >= THREE_ROWS_SINCE:
            raise
        return replace(found, note="; ".join(text for text in (found.note, _ONE_ROW) if text))


def make_plan(
    uses: Sequence[Use], pairs: Sequence[tuple[int, int]], contracts: Sequence[Contract], years: FactorYears,
    choices: Choices,
) -> Plan:  # fmt: skip
    """Plan the lines of each (use, contract) pair; a main factor that is not there ends in `errors` by use.

    The contract is a position in `contracts`, or -1. A companion (well-to-tank, losses, biogenic CO2) that has no
    published value in the factor year makes no line and is told as a gap: it is missing, not zero.
    """
    plan, terms = Plan(), _Terms(years, choices.allow_earlier, choices.market_fallback, choices.gwp_set)
    for number, contract in pairs:
        held = contracts[contract] if contract >= 0 else None
        try:
            plan.lines[(number, contract)] = _planned(uses[number], held, terms)
        except FactorError as error:
            plan.errors.setdefault(number, error)
    return plan


@lru_cache(maxsize=65536)
def _planned(use: Use, contract: Contract | None, terms: _Terms) -> Planned:
    said = _Said()
    lines = tuple(_lines(use, contract, terms, said))
    return Planned(lines, tuple(said.fallbacks), tuple(said.gaps))


def _lines(use: Use, contract: Contract | None, terms: _Terms, said: _Said) -> Iterator[PlanLine]:
    if use.own is not None:
        yield from _own(use, use.own, terms, said)
        return
    for part in use.parts:
        for year, share in terms.years.shares:
            found = _blended(match(part.series, year, terms.allow_earlier), terms.years)
            weight = part.weight * share
            section, category = part.section or use.section, part.category or use.category
            main = _line(found, use, part, weight, section, category, _note(use, part, share))
            main = replace(main, verified=worst((main.verified, part.verified or main.verified)))
            main = _seen(main, found, terms, said)
            yield main
            if use.section == SCOPE_2:
                yield _market(main, part, year, weight, use, contract, terms, said)
            yield from _also(use, part, year, weight, terms, said)


def _own(use: Use, own: OwnFactor, terms: _Terms, said: _Said) -> Iterator[PlanLine]:
    """One line for each gas of a user's factor, marked user-supplied; by market the same number stands."""
    nothing, scale = float("nan"), use.parts[0].scale
    stale = own.year is not None and own.year not in terms.years.years
    if stale:
        said.say(f"{own.activity.label}: your factor of {own.year} stands for {terms.years.years[-1]}")
    for text in gaps(own) if use.section == own.activity.section else ():
        said.say(text, gap=True)
    for gas in own.gases:
        split = tuple(gas.value * gas.gwp if gas.gas == name else nothing for name in ("CO2", "CH4", "N2O"))
        texts = (use.note, f"user-supplied: {own.source}", f"of {own.year}" if stale else "", gas.note)
        line = PlanLine(
            use.section, categories()[use.category], "location" if use.section == SCOPE_2 else "", gas.gas, 1.0,
            use.unit, scale, own.activity.unit, gas.value, gas.id, GIVEN, "user", gas.gwp_set, split,  # type: ignore[arg-type]
            nothing if gas.low is None else gas.low * gas.gwp, nothing if gas.high is None else gas.high * gas.gwp,
            "user", "; ".join(text for text in texts if text), gas.gwp,
        )  # fmt: skip
        yield line
        if use.section == SCOPE_2:
            yield replace(line, section=MARKET, basis="market")


def _blended(found: Match, years: FactorYears) -> Match:
    return replace(found, how="blended") if len(years.shares) > 1 and found.how == "exact" else found


def _note(use: Use, part: Part, share: float) -> str:
    said = [use.note] if use.note else []
    if part.weight != 1:
        said.append(f"{part.weight:.4g} of the quantity at this published row")
    if share != 1:
        said.append(f"{share:.6g} of the quantity at the factors of this year, by days")
    return "; ".join(said)


def _line(
    found: Match, use: Use, part: Part, weight: float, section: str, category: str, note: str, basis: str = ""
) -> PlanLine:
    factor = found.factor
    nothing = float("nan")
    split = tuple(factor.gases.get(gas, nothing) for gas in ("CO2", "CH4", "N2O"))
    only_co2 = len(factor.gases) == 1 and factor.gases.get("CO2") == factor.value and section == OUTSIDE
    said = "; ".join(text for text in (note, found.note, factor.note if not only_co2 else "") if text)
    scale = part.scale * weight
    if section == SCOPE_2:
        basis = "location"
    elif use.unit.endswith(("_gross", "_net")):
        basis = use.unit.rpartition("_")[2]
    return PlanLine(
        section, categories()[category], basis, "CO2" if only_co2 else "CO2e", weight, use.unit, scale, factor.unit,
        factor.value, factor.id, factor.edition, found.how, factor.gwp_set, split,  # type: ignore[arg-type]
        nothing if factor.low is None else factor.low, nothing if factor.high is None else factor.high,
        factor.verified, said,
    )  # fmt: skip


def _seen(line: PlanLine, found: Match, terms: _Terms, said: _Said) -> PlanLine:
    """The line under the set of potentials that was asked for, and what has to be said of its factor."""
    if found.how in ("earlier edition", "partial edition"):
        said.say(f"{found.factor.label}: {found.note}")
    if found.factor.note and found.factor.low is not None:
        said.say(f"{found.factor.label}: {found.factor.note}")
    return _under(line, found.factor, terms.gwp_set, said)


def _under(line: PlanLine, factor: Factor, wanted: str, said: _Said) -> PlanLine:
    """The line under another set; one that cannot be brought to it stays on its own, and that is told."""
    if wanted in (AS_PUBLISHED, factor.gwp_set):
        return line
    made = revalued(factor, wanted)
    if made is None:
        text = f"cannot be split by gas for {wanted}: stays under {factor.gwp_set}, as published"
        said.say(f"{factor.label} ({factor.edition}): {text}")
        return replace(line, note="; ".join(t for t in (line.note, text) if t))
    note = "; ".join(t for t in (line.note, made.how if made.ratio != 1 else "") if t)
    return replace(
        line, gwp=made.ratio, gwp_set=wanted, gases=made.gases, low=line.low * made.ratio, high=line.high * made.ratio,
        note=note,
    )  # fmt: skip


def _also(use: Use, part: Part, year: int, weight: float, terms: _Terms, said: _Said) -> Iterator[PlanLine]:
    """The companions of a published row: well-to-tank, losses, vehicle electricity, biogenic CO2."""
    for row, series in companions_of(part.series):
        if row["role"] == "energy":
            continue
        try:
            found = _blended(match(series, year, terms.allow_earlier), terms.years)
        except FactorError as error:
            said.say(f"{use.activity.label}, {row['note']}: no line, it is missing and not zero ({error})", gap=True)
            continue
        scale = factor_between(part.factor_unit, found.factor.unit) if part.factor_unit != found.factor.unit else 1.0
        moved = use.section != use.activity.section and row["section"] != OUTSIDE
        category = use.category if row["category"] == "same" or moved else row["category"]
        section = SCOPE_3 if moved else row["section"]
        line = _line(found, use, replace(part, scale=part.scale * scale), weight, section, category, row["note"])
        line = _seen(line, found, terms, said)
        yield line
        if section == SCOPE_2:
            yield _charged(line, part, year, terms, said)


def _market(
    main: PlanLine, part: Part, year: int, weight: float, use: Use, contract: Contract | None, terms: _Terms,
    said: _Said,
) -> PlanLine:  # fmt: skip
    """The market-based twin of a location-based line: contract, else residual mix, else location, each said."""
    if use.category != "electricity":
        return _fallen_back(main, "no supplier's rate is known", said)
    if contract is not None:
        why = f"{contract.kind}: {contract.evidence}" if contract.evidence else contract.kind
        return _priced(main, part, weight, contract.factor, contract.id, GIVEN, "user", "user", why)
    if terms.market_fallback == "location":
        return _fallen_back(main, "no contract covers these days, location factor chosen", said)
    try:
        found = library().match(RESIDUAL, year, family="residual_mix", allow_earlier=True)
    except FactorError as error:
        return _fallen_back(main, f"no contract covers these days and no residual mix is held ({error})", said)
    factor: Factor = found.factor
    why = "no contract covers these days: residual mix of Great Britain"
    if found.how != "exact":
        why += f" of {factor.year}, the last year known"
    said.say(f"{use.activity.label}, market-based: {why}")
    return _priced(main, part, weight, factor.value, factor.id, factor.edition, found.how, factor.verified, why)


def _charged(line: PlanLine, part: Part, year: int, terms: _Terms, said: _Said) -> PlanLine:
    """The market-based twin of what a vehicle takes: its published kWh at the residual mix, as no contract is known.

    What is charged at a site stands on the site's bill and under its contract: then the kWh are entered, not the miles.
    """
    why = "no contract is known for what vehicles take"
    rows = [name for rule, name in companions_of(part.series) if rule["role"] == "energy" and _EV_KWH in name]
    if terms.market_fallback == "location" or not rows:
        return _fallen_back(line, why, said)
    try:
        kwh = match(rows[0], year, terms.allow_earlier, "energy").factor
        found = library().match(RESIDUAL, year, family="residual_mix", allow_earlier=True)
    except FactorError as error:
        return _fallen_back(line, f"{why} and no residual mix is held for it ({error})", said)
    per = kwh.value * factor_between(line.factor_unit, kwh.unit)
    told = f"{why}: {per:.6g} kWh per {line.factor_unit} as published, at the residual mix of Great Britain"
    told += "" if found.how == "exact" else f" of {found.factor.year}, the last year known"
    said.say(f"{line.category}, market-based: {told}")
    nothing = float("nan")
    return replace(
        line, section=MARKET, basis="market", factor_quantity=line.factor_quantity * per, factor_unit="kWh",
        factor=found.factor.value, factor_id=found.factor.id, edition=found.factor.edition, how=found.how, gwp_set="",
        gwp=1.0, gases=(nothing, nothing, nothing), low=nothing, high=nothing,
        verified=worst((kwh.verified, found.factor.verified)), note="; ".join(t for t in (line.note, told) if t),
    )  # fmt: skip


def _priced(
    main: PlanLine, part: Part, weight: float, value: float, key: str, edition: str, how: str, verified: str, note: str
) -> PlanLine:
    scale = part.scale * weight * factor_between(part.factor_unit, "kWh")
    nothing = float("nan")
    return replace(
        main, section=MARKET, basis="market", factor_quantity=scale, factor_unit="kWh", factor=value, factor_id=key,
        edition=edition, how=how, gwp_set="", gwp=1.0, gases=(nothing, nothing, nothing), low=nothing, high=nothing,
        verified=verified, note="; ".join(t for t in (main.note, note) if t),
    )  # fmt: skip


def _fallen_back(main: PlanLine, why: str, said: _Said) -> PlanLine:
    text = f"{why}: the location-based factor stands in"
    said.say(f"{main.category}, market-based: {text}")
    return replace(main, section=MARKET, basis="market", note="; ".join(t for t in (main.note, text) if t))


def edition_missing(years: FactorYears, choices: Choices) -> FactorError | None:
    """Why an edition of the factor years cannot be used, or None. Asked before any factor is looked up."""
    if choices.allow_earlier:
        return None
    for year in years.years:
        try:
            library().edition("uk_gov", year)
        except FactorError as error:
            return FactorError(f"{error} ([choices] allow_earlier = true in {FILE})", nearest=error.nearest)
    return None
