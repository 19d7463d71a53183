"""What a form offers while somebody types: activities found in everyday words, and the units that fit one of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from natcap.carbon.business.models import Choices
from natcap.carbon.business.own import REPORTED, OwnFactor, name_key
from natcap.carbon.business.uses import UseError, resolve
from natcap.carbon.business.vocabulary import Activity, UnknownActivity, rows_of, vocabulary
from natcap.carbon.business.words import tokens_of
from natcap.core.units import UnitError, compatible_units, factor_between, unit

__all__ = ["activities", "unit_text", "units"]

_MOST = 1000.0
"""Units more than a thousand times as large or small as a published one are not offered; they are accepted."""
_WORD = re.compile(r"[a-z0-9]+")


Own = Mapping[str, OwnFactor]


def activities(text: str, own: Own | None = None, limit: int = 12) -> list[Activity]:
    """The activities that a text may mean, the likeliest first, those of the user's own factors before all.

    While nothing is typed, the everyday ones in the order of their table.
    """
    known = vocabulary()
    words = _WORD.findall(text[:200].casefold())
    mine = [f.activity for f in (own or {}).values() if _begins(words, _WORD.findall(f.activity.label.casefold()))]
    mine = [a for a in mine if words or a.label != REPORTED]
    return [*mine, *(_published(text, words) if words else known.everyday)][:limit]


def _published(text: str, words: list[str]) -> list[Activity]:
    known = vocabulary()
    found: dict[str, Activity] = {}
    try:
        found = {a.id: a for a in known.candidates(text)}
    except UnknownActivity as error:
        near = [a for label in error.choices for a in known.activities.values() if a.label == label]
        found |= {a.id: a for a in _beginning(words)} | {a.id: a for a in near}
    else:
        found |= {a.id: a for a in _beginning(words)}
    return list(found.values())


def _begins(words: Iterable[str], said: Iterable[str]) -> bool:
    return all(any(word.startswith(w) for word in said) for w in words)


def _beginning(words: list[str]) -> list[Activity]:
    """Activities in whose names each word begins some word, the everyday ones first."""
    return [a for a, said in _index() if _begins(words, said)]


@lru_cache(maxsize=1)
def _index() -> list[tuple[Activity, frozenset[str]]]:
    """Every activity with all the words of its names."""
    also = {row["activity"]: row["synonyms"] for row in rows_of("activities")}
    known = sorted(vocabulary().activities.values(), key=lambda a: not a.everyday)
    return [
        (a, frozenset((*_WORD.findall(f"{a.label} {also.get(a.id, '')}".casefold()), *tokens_of(a.label))))
        for a in known
    ]


def units(activity: str, choices: Choices, own: Own | None = None) -> tuple[str, ...]:
    """Ids of the units in which an activity can be entered, the published ones first; empty for an unknown activity.

    Each was put to the same question as the unit of a row is.
    """
    mine = (own or {}).get(name_key(activity))
    try:
        found = (mine.activity,) if mine else vocabulary().candidates(activity, choices.radiative_forcing)
    except UnknownActivity:
        return ()
    published = [u for a in found for u, _ in ((a.unit, ""), *a.units) if u]
    asked = dict.fromkeys((*published, *(u for p in published for u in _near(p))))
    return tuple(u for u in asked if _fits(activity, u, choices, own))


def _near(published: str) -> list[str]:
    try:
        found = compatible_units(published)
        return [u for u in found if 1 / _MOST <= factor_between(u, published) <= _MOST]
    except UnitError:
        return []


def _fits(activity: str, given: str, choices: Choices, own: Own | None) -> bool:
    nothing = float("nan")
    try:
        resolve(activity, unit(given).id, "", nothing, nothing, choices, own)
    except UseError as error:
        return error.field not in ("unit", "activity", "basis")
    except UnitError:
        return False
    return True


def unit_text(given: str) -> str:
    """A unit as it is offered: its label, where that names it and no other, else its id."""
    try:
        label = unit(given).label
        return label if len(label) > 2 and unit(label).id == given else given
    except UnitError:
        return given
