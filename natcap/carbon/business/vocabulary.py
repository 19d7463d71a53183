"""The everyday names of activities and the factor series behind each.

`factors/business/activities.csv` holds the everyday ones with their synonyms; `families.csv` says how every other
published row is named, so that the whole of an edition can be used under a readable name. A factor series may be
given directly as well.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pandas as pd

from natcap.carbon.business import blends
from natcap.carbon.business.words import Key, key_of
from natcap.carbon.inventory import SCOPE_1
from natcap.core.factors import library
from natcap.core.resources import root

__all__ = ["Activity", "UnknownActivity", "Vocabulary", "rows_of", "vocabulary"]

_CODE = re.compile(r"\d")
"""A word with a digit is a code: another that looks like it is another thing (R449A and R445A)."""
_SLUG = re.compile(r"[^a-z0-9]+")
_WITH_RF = "/with-rf"
_MIXED = "emissions-including-only-"


@dataclass(frozen=True, slots=True)
class Activity:
    """Something a business does. `units` maps the canonical unit of each published row to its factor series."""

    id: str
    label: str
    stem: str
    family: str
    section: str
    category: str
    units: tuple[tuple[str, str], ...]
    unit: str = ""
    help: str = ""
    everyday: bool = False


class UnknownActivity(LookupError):
    """A text that names no activity, or several; `choices` are labels to offer."""

    def __init__(self, message: str, choices: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.choices = choices


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a table of `factors/business`."""
    with (root("factors") / "business" / f"{name}.csv").open(newline="", encoding="utf-8") as handle:
        return list(csv.DictReader(handle))


def _stems(year: int | None = None) -> dict[str, dict[str, str]]:
    """Stem (a series without its unit) -> labels, with key "units" as "unit=series" joined by spaces.

    From the newest whole edition, valued emission rows only.
    """
    lib = library()
    newest = year or max(e.year for e in lib.editions("uk_gov") if not e.partial)
    table = lib.table("uk_gov", newest)
    table = table[(table["kind"] == "emission") & table["state"].str.contains("v")]
    found: dict[str, dict[str, str]] = {}
    columns = ("series", "unit", "level2", "level3", "level4", "text")
    for series, unit, *labels in table[list(columns)].itertuples(index=False, name=None):
        stem = series.rpartition("/")[0]
        entry = found.setdefault(stem, dict(zip(columns[2:], labels, strict=True)) | {"units": ""})
        entry["units"] += f" {unit}={series}"
    return found


def _published() -> frozenset[str]:
    """Every series of the newest whole edition, blanks and kWh rows too."""
    lib = library()
    newest = max(e.year for e in lib.editions("uk_gov") if not e.partial)
    return frozenset(lib.table("uk_gov", newest)["series"]) - {""}


def _units(entry: dict[str, str]) -> tuple[tuple[str, str], ...]:
    pairs = (pair.partition("=") for pair in entry["units"].split())
    return tuple((unit, series) for unit, _, series in pairs)


class Vocabulary:
    """Every activity by id, and the way from a text to one of them."""

    def __init__(self) -> None:
        self.families = {row["family"]: row for row in rows_of("families")}
        self._labels: dict[str, dict[str, str]] = _stems()
        self.series = frozenset(series for entry in self._labels.values() for _, series in _units(entry))
        self.published = _published()
        self._taken: set[tuple[str, str]] = set()
        self.activities: dict[str, Activity] = {a.id: a for a in (*self._everyday(), *self._published())}

    def _everyday(self) -> Iterator[Activity]:
        for row in rows_of("activities"):
            family = self.families[row["family"]]
            self._taken.add((row["series"], row["family"]))
            yield Activity(
                row["activity"], row["label"], row["series"], row["family"], family["section"], family["category"],
                _units(self._labels[row["series"]]), row["unit"], row["help"], True,
            )  # fmt: skip

    def _published(self) -> Iterator[Activity]:
        for family in self.families.values():
            for stem in self._members(family):
                if (stem, family["family"]) in self._taken:
                    continue
                units = _units(self._labels[stem])
                label = _label(family["label"], self._labels[stem])
                yield Activity(
                    _SLUG.sub("-", label.casefold()).strip("-"), label, stem, family["family"], family["section"],
                    family["category"], units, units[-1][0],
                )  # fmt: skip

    def _members(self, family: dict[str, str]) -> Iterable[str]:
        prefix, suffix = family["prefix"], family["suffix"]
        found = (s for s in self._labels if f"{s}/".startswith(prefix) and s.endswith(suffix))
        return (s for s in found if not suffix or self._counts(s))

    def _counts(self, stem: str) -> bool:
        """Whether this of the three rows of a gas is the one to use (they overlap and must never be summed).

        The total where every part is under the Kyoto Protocol; the two parts beside each other where both are valued.
        """
        head, _, kind = stem.rpartition("/")
        outside = f"{head}/{_MIXED}non-kyoto-products" in self._labels
        kyoto = f"{head}/{_MIXED}kyoto-products" in self._labels
        if kind.startswith("total"):
            return not outside
        return outside and (kyoto or "non-kyoto" in kind) and not (kyoto and "non-kyoto" in kind)

    def only_row(self, series: str) -> str:
        """The Total row of a gas whose row outside of the Kyoto Protocol is `series` and is all of it; else empty."""
        head, kind, unit = [*series.rsplit("/", 2), "", ""][:3]
        if kind != f"{_MIXED}non-kyoto-products" or f"{head}/{_MIXED}kyoto-products" in self._labels:
            return ""
        return f"{head}/total-emissions-including-non-kyoto-products/{unit}"

    @cached_property
    def _keys(self) -> tuple[dict[Key, list[str]], dict[Key, list[str]]]:
        """Activities by the key of an everyday synonym, and by the key of a published name."""
        everyday: dict[Key, list[str]] = defaultdict(list)
        for row in rows_of("activities"):
            for text in (row["label"], row["activity"], *row["synonyms"].split("|")):
                if row["activity"] not in everyday[key_of(text)]:
                    everyday[key_of(text)].append(row["activity"])
        published: dict[Key, list[str]] = defaultdict(list)
        for activity in self.activities.values():
            for text in self._names(activity):
                if activity.id not in published[key_of(text)]:
                    published[key_of(text)].append(activity.id)
        return dict(everyday), dict(published)

    def _names(self, activity: Activity) -> Iterator[str]:
        family, labels = self.families[activity.family], self._labels[activity.stem]
        yield _label(family["label"], labels)
        yield from (_label(text, labels) for text in family["also"].split("|") if text)
        if activity.family.startswith("gas"):
            yield from _gas_names(labels["level3"])

    def candidates(self, text: str, radiative_forcing: str = "with") -> tuple[Activity, ...]:
        """The activities that `text` names: one, or several that only a unit can tell apart.

        Raises UnknownActivity with labels to offer when there is none. A flight without a word on radiative forcing
        is taken `radiative_forcing` ("with" or "without") it.
        """
        if "/" in text and (found := self._series(text.strip())):
            return (found,)
        key = key_of(text)
        for wanted in _readings(key, radiative_forcing):
            for names in self._keys:
                if wanted in names:
                    named = (self.activities[i] for i in names[wanted])
                    return tuple(self._forced(a, key, radiative_forcing) for a in named)
        if blend := blends.code_of(key):
            return (_blend(blend),)
        raise UnknownActivity("no known activity", self._near(key))

    def _forced(self, activity: Activity, key: Key, radiative_forcing: str) -> Activity:
        """The same flight without radiative forcing, where the choice is that and the text had no word on it.

        Everyday flights are those with it, and some of their names leave the word out.
        """
        if radiative_forcing == "with" or not activity.stem.endswith(_WITH_RF) or "withrf" in key:
            return activity
        stem = activity.stem.removesuffix(_WITH_RF) + "/without-rf"
        alike = (a for a in self.activities.values() if (a.stem, a.family) == (stem, activity.family))
        return next(alike, activity)

    def resolve(self, text: str, radiative_forcing: str = "with") -> Activity:
        """The one activity that `text` names. Raises UnknownActivity with choices for none or several."""
        found = self.candidates(text, radiative_forcing)
        if len(found) > 1:
            raise UnknownActivity("a name of several activities", tuple(a.label for a in found))
        return found[0]

    def _series(self, text: str) -> Activity | None:
        """An activity made from a factor series, or from one without its unit."""
        stem = text if text in self._labels else text.rpartition("/")[0]
        entry = self._labels.get(stem)
        family = next((f for f in self.families.values() if stem in set(self._members(f))), None)
        if entry is None or family is None:
            return None
        units = tuple(pair for pair in _units(entry) if text in (stem, pair[1]))
        if not units:
            return None
        label = _label(family["label"], entry)
        return Activity(text, label, stem, family["family"], family["section"], family["category"], units, units[-1][0])

    def _near(self, key: Key) -> tuple[str, ...]:
        """Labels to offer: after correcting slips of the pen, else those that share most words."""
        everyday, published = self._keys
        known = sorted({word for names in (everyday, published) for k in names for word in k})
        mended = frozenset(word if word in known or _CODE.search(word) else _close(word, known) for word in key)
        ids = everyday.get(mended) or published.get(mended) or []
        if not ids:
            keys: list[tuple[float, int, str]] = []
            for rank, names in enumerate((everyday, published)):
                for k, found in names.items():
                    if shared := len(k & mended):
                        keys += [(-shared / len(k | mended), rank, i) for i in found]
            ids = list(dict.fromkeys(i for _, _, i in sorted(keys)))
        return tuple(self.activities[i].label for i in ids[:5])

    def get(self, key: str) -> Activity:
        """One activity by id; KeyError when there is none."""
        return self.activities[key]

    @property
    def everyday(self) -> list[Activity]:
        """The activities offered in a drop-down, in the order of the table."""
        return [a for a in self.activities.values() if a.everyday]

    def table(self) -> pd.DataFrame:
        """Every activity, one row each: activity, label, section, category, units, help."""
        rows = (
            (a.id, a.label, a.section, a.category, ", ".join(u for u, _ in a.units), a.help)
            for a in self.activities.values()
        )
        return pd.DataFrame(list(rows), columns=["activity", "label", "section", "category", "units", "help"])


def _close(word: str, known: list[str]) -> str:
    return next(iter(difflib.get_close_matches(word, known, 1, 0.75)), word)


def _blend(code: str) -> Activity:
    """A refrigerant that is not published, to be counted by its parts."""
    label, stem = f"Refrigerant: {code}, by its parts", f"{blends.PREFIX}{code}"
    return Activity(label, label, stem, "gas", SCOPE_1, "gases", (("kg", f"{stem}/kg"),), "kg")


def _readings(key: Key, radiative_forcing: str) -> Iterator[Key]:
    """The key as it stands, then with what people leave out: radiative forcing of a flight, the loop of a recycling."""
    if not key:
        return
    yield key
    if radiative_forcing == "without":
        yield key | {"norf"}
    yield key | {"withrf"}
    if "recycled" in key:
        yield key - {"recycled"} | {"closedloop"}
        yield key - {"recycled"} | {"openloop"}


def _label(template: str, labels: dict[str, str]) -> str:
    return template.format_map(labels).strip(" ,:")


def _gas_names(label: str) -> Iterator[str]:
    """The names in a label such as "CFC-12/R12 = dichlorodifluoromethane" or "Perfluoromethane (PFC-14)"."""
    for name in re.split(r" = |/|[()]", label.replace("*", "")):
        if not name.strip():
            continue
        yield f"refrigerant {name}"
        if any(c.isdigit() for c in name):
            yield name
        if name.upper().startswith("HFC-"):
            yield "R" + name[4:]


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The vocabulary, read once."""
    return Vocabulary()
