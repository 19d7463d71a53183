"""From what stands in a row (activity, unit, basis, share, category) to the factor series it will be multiplied by.

Each distinct combination is looked at once, however many rows share it; a problem names its first cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pandas as pd

from natcap.carbon.business import blends
from natcap.carbon.business.models import Choices
from natcap.carbon.business.own import OwnFactor, name_key
from natcap.carbon.business.vocabulary import Activity, UnknownActivity, rows_of, vocabulary
from natcap.carbon.inventory import SCOPE_3
from natcap.core.lines import OUTSIDE
from natcap.core.problems import Problems, did_you_mean
from natcap.core.units import UnitError, factor_between, unit
from natcap.core.words import plural

__all__ = ["Part", "Use", "UseError", "interpolate", "resolve", "uses_of"]

_ENERGY = "energy"
_AS_GAS = ("/cubic-metres",)
_TARIFF = frozenset(
    {"green", "renewable", "clean", "carbon", "rego", "regos", "solar", "wind", "tariff", "low", "zero"}
)
_BILL = "gross is what UK gas bills show"


class UseError(ValueError):
    """A combination that cannot be used: what stood there, what was expected, the remedy, and the field it is about."""

    def __init__(self, field: str, found: str, expected: str, remedy: str = "") -> None:
        super().__init__(found)
        self.field, self.found, self.expected, self.remedy = field, found, expected, remedy


@dataclass(frozen=True, slots=True)
class Part:
    """One published row and the share of the quantity that it takes. `scale` is factor units per unit entered.

    A part of a refrigerant has its own section and category, and says how far its share was checked.
    """

    series: str
    factor_unit: str
    weight: float
    scale: float
    section: str = ""
    category: str = ""
    verified: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """An activity in a unit: its published rows (one, or several whose weights sum to 1), scope and category."""

    activity: Activity
    unit: str
    parts: tuple[Part, ...]
    section: str
    category: str
    note: str = ""
    own: OwnFactor | None = None


def resolve(
    activity: str, given: str, basis: str, share: float, category: float, choices: Choices,
    own: Mapping[str, OwnFactor] | None = None,
) -> Use:  # fmt: skip
    """The use that a row means. Raises UseError where it is unknown, ambiguous, or does not fit."""
    if mine := (own or {}).get(name_key(activity)):
        return replace(_use(mine.activity, *_fit(mine.activity, given, basis, choices), share, category), own=mine)
    try:
        found = vocabulary().candidates(activity, choices.radiative_forcing)
    except UnknownActivity as error:
        near = "Did you mean " + ", or ".join(repr(c) for c in error.choices[:3]) + "?" if error.choices else ""
        near = did_you_mean(activity, [mine.activity.label for mine in (own or {}).values()]) or near
        near = (
            _contracted(activity)
            or near
            or (
                "natcap factors find WORDS shows what is published; the template lists the everyday names. Else "
                "enter a factor of your own on the sheet Factors."
            )
        )
        raise UseError("activity", activity, "a known activity", near) from None
    fits: list[tuple[Activity, str, str]] = []
    failed: UseError | None = None
    for candidate in found:
        try:
            fits.append((candidate, *_fit(candidate, given, basis, choices)))
        except UseError as error:
            failed = failed or error
    if len(fits) > 1:
        names = " or ".join(repr(f[0].label) for f in fits)
        raise UseError("activity", activity, f"one of {names}", "It could be each of them; write which one it is.")
    if not fits:
        raise failed or UseError("unit", given, "a unit that fits")
    return _use(*fits[0], share, category)


def _fit(activity: Activity, given: str, basis: str, choices: Choices) -> tuple[str, str]:
    """(unit with its calorific basis, series) of an activity entered in unit `given`."""
    asked = _with_basis(activity, given, basis, choices)
    exact = dict(activity.units)
    if asked in exact:
        return asked, exact[asked]
    fitting: list[tuple[float, str]] = []
    for published, series in activity.units:
        try:
            fitting.append((abs(np.log(factor_between(asked, published))), series))
        except UnitError:
            continue
    if fitting:
        return asked, min(fitting)[1]
    offered = ", ".join(u for u, _ in activity.units)
    raise UseError("unit", given, f"a unit of {activity.label}: {offered}", _hint(activity, given))


def _with_basis(activity: Activity, given: str, basis: str, choices: Choices) -> str:
    dimension = unit(given).dimension
    fuel = any(u.endswith(("_gross", "_net")) for u, _ in activity.units)
    if dimension == _ENERGY and fuel:
        chosen = basis or (choices.gas_kwh_basis if choices.gas_kwh_basis != "ask" else "")
        if not chosen:
            remedy = (
                f"Write gross or net in the column Calorific basis ({_BILL}), use the unit {given}_gross or "
                f'{given}_net, or set gas_kwh_basis = "gross" in natcap.toml.'
            )
            raise UseError("unit", given, "the calorific basis of a fuel in energy units: gross or net", remedy)
        return unit(f"{given}_{chosen}").id
    if dimension.startswith(_ENERGY) and basis and given.endswith(("_gross", "_net")) and not given.endswith(basis):
        raise UseError("basis", basis, f"the basis that the unit {given} says", "Correct one of them.")
    if dimension == _ENERGY and basis == "gross" and activity.family in ("biofuel", "biomass", "biogas"):
        raise UseError("basis", basis, "net", "Published rows of bioenergy per kWh or GJ are on net calorific value.")
    return given


def _contracted(activity: str) -> str:
    """Where electricity is named by its tariff: the tariff is no activity, and its rate belongs to the market basis."""
    words = set(activity.casefold().replace("-", " ").split())
    if "electricity" not in words or not words & _TARIFF:
        return ""
    return (
        "Enter it as Electricity. What the supplier or its certificates say of it belongs on the sheet Contracts: it "
        "changes the market-based figure and leaves the location-based one as it is."
    )


def _hint(activity: Activity, given: str) -> str:
    """Where another activity of the same thing has the unit, say so."""
    if unit(given).dimension == unit("tonne_km").dimension and activity.family.startswith("own-"):
        return "Tonne kilometres are published for freight that others carry: write 'Freight by ...'."
    people = any(u.startswith("passenger_") for u, _ in activity.units)
    if people and unit(given).dimension == unit("mile").dimension:
        return f"Write passenger {given}: the distance times the people who travelled."
    if unit(given).dimension == unit("litre").dimension and activity.category == "vehicles":
        return "Litres of fuel are entered as the fuel, for instance 'Diesel'."
    return ""


def _use(activity: Activity, asked: str, series: str, share: float, category: float) -> Use:
    section, heading = activity.section, activity.category
    note = "" if np.isnan(share) else f"mixed at {share:g} %"
    if not np.isnan(category):
        heading = _category(section, category)
        if section != SCOPE_3:
            section, note = SCOPE_3, f"{note}; ".lstrip("; ") + f"run by others: category {category:g}, not {section}"
    if not heading:
        expected = "the scope 3 category from 1 to 15 that the emissions are reported under"
        raise UseError("category", "an empty cell", expected, "15 for an investment, 14 for a franchise.")
    stems = [(activity.stem, 1.0)] if np.isnan(share) else _mix(activity, share)
    if unit(asked).dimension == "volume" and heading == "fuels" and any(series.endswith(end) for end in _AS_GAS):
        note = "volume of gas at the published average of the year; the bill's own calorific value would be nearer"
    if activity.stem.startswith(blends.PREFIX):
        code = activity.stem.removeprefix(blends.PREFIX)
        parts = tuple(_piece(piece, asked) for piece in blends.pieces(code))
        note = "; ".join(text for text in (note, blends.said(code)) if text)
        return Use(activity, asked, parts, section, heading, note)
    parts = tuple(_part(activity, stem, series, asked, weight) for stem, weight in stems)
    return Use(activity, asked, parts, section, heading, note)


@lru_cache(maxsize=1)
def _by_others() -> frozenset[str]:
    """Categories in which others burn fuel or use electricity."""
    return frozenset(row["key"] for row in rows_of("categories") if row["by_others"] == "yes")


def _category(section: str, category: float) -> str:
    """The key of the category an entry is moved to. Fuel and electricity move only to what others run."""
    heading = f"cat{int(category):02d}"
    if not 1 <= category <= 15 or section == OUTSIDE:
        raise UseError("category", f"{category:g}", "a scope 3 category from 1 to 15, for an activity in a scope")
    if section != SCOPE_3 and heading not in _by_others():
        numbers = ", ".join(str(int(key[3:])) for key in sorted(_by_others()))
        raise UseError(
            "category", f"{category:g}", f"one of {numbers}, for an activity of {section}",
            "Only what others run leaves your own scopes: leased assets, franchises, investments, sold goods.",
        )  # fmt: skip
    return heading


def _piece(piece: blends.Piece, asked: str) -> Part:
    """The published row of one gas of a refrigerant; what is outside of the Kyoto Protocol stays outside the scopes."""
    gas = vocabulary().resolve(piece.gas)
    own = (gas.section, gas.category) if gas.section == OUTSIDE else ("", "")
    ((published, series),) = gas.units
    return Part(series, published, piece.share, factor_between(asked, published), *own, piece.verified)


def _part(activity: Activity, stem: str, series: str, asked: str, weight: float) -> Part:
    """The published row of `stem` in the same unit as `series`."""
    ending = series[len(activity.stem) :]
    published = {s: u for u, s in activity.units}[series]
    if stem != activity.stem and f"{stem}{ending}" not in vocabulary().series:
        raise UseError("unit", asked, f"a unit in which {stem} is published", "Blends are published by volume.")
    return Part(f"{stem}{ending}", published, weight, factor_between(asked, published))


@lru_cache(maxsize=1)
def _blends() -> list[dict[str, str]]:
    return rows_of("blends")


def _mix(activity: Activity, share: float) -> list[tuple[str, float]]:
    """The published rows around a share in per cent, with their weights."""
    rows = [r for r in _blends() if activity.stem.startswith(r["prefix"]) and activity.stem.endswith(r["ending"])]
    if not rows:
        raise UseError(
            "share", f"{share:g}", "an empty cell", "Only lorries have loads, only diesel and petrol blends."
        )
    if not 0 <= share <= 100 or 0 < share < 1:
        raise UseError("share", f"{share:g}", "per cent, from 0 to 100", "Write 75 for three quarters.")
    stem = activity.stem.rpartition("/")[0]
    points = [(float(r["point"]), r["series"].format(stem=stem)) for r in rows]
    return interpolate(points, share)


def interpolate(points: Sequence[tuple[float, str]], at: float) -> list[tuple[str, float]]:
    """Weights of the neighbours of `at` on a straight line between published points; they sum to 1."""
    for (left, first), (right, second) in pairwise(points):
        if left <= at <= right:
            weight = (at - left) / (right - left)
            return [(name, w) for name, w in ((first, 1 - weight), (second, weight)) if w]
    raise ValueError(f"{at} lies outside the published points")


def uses_of(
    frame: pd.DataFrame, choices: Choices, problems: Problems, own: Mapping[str, OwnFactor] | None = None
) -> tuple[np.ndarray, list[Use]]:
    """Code of the use of each row (-1 where there is none, with its problem told), and the uses.

    `frame` is the activity table as read. Each distinct combination is resolved once.
    """
    names = ("activity", "unit", "basis", "share", "category")
    factored = [pd.factorize(frame[name], use_na_sentinel=False) for name in names]
    joint = np.zeros(len(frame), dtype="int64")
    for codes, values in factored:
        joint = joint * (len(values) + 1) + codes
    codes, _ = pd.factorize(joint)
    first = _first_rows(codes)
    counts = np.bincount(codes, minlength=len(first))
    uses: list[Use] = []
    number = np.full(len(first), -1, dtype="int32")
    known: dict[Use, int] = {}
    for position, row in enumerate(first):
        record = frame.iloc[row]
        if not record["activity"] or not record["unit"]:
            continue
        try:
            use = resolve(
                str(record["activity"]), str(record["unit"]), str(record["basis"]), float(record["share"]),
                float(record["category"]), choices, own,
            )  # fmt: skip
        except UseError as error:
            _tell(problems, record, error, int(counts[position]))
            continue
        if use not in known:
            known[use] = len(uses)
            uses.append(use)
        number[position] = known[use]
    return number[codes] if len(first) else np.zeros(0, dtype="int32"), uses


def _first_rows(codes: np.ndarray) -> np.ndarray:
    """The first row of each code, codes numbered in the order of their first row."""
    first = np.full(int(codes.max()) + 1 if len(codes) else 0, -1, dtype="int64")
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first


def _tell(problems: Problems, record: pd.Series, error: UseError, count: int) -> None:
    others = f" ({plural(count - 1, 'further row says', 'further rows say')} the same)" if count > 1 else ""
    cell = str(record.get(f"_cell_{error.field}", ""))
    problems.add(
        str(record["_file"]), error.found, error.expected + others, error.remedy, sheet=str(record["_sheet"]), cell=cell
    )
