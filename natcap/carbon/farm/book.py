"""The factor book: one published figure for one question, from the factor set that was chosen.

A figure that was only recalled is not handed out unless the user allowed it (`allow_unverified`), and then says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from natcap.carbon.farm.choices import SETS
from natcap.core import tables
from natcap.core.report import FactorRef
from natcap.core.sources import source
from natcap.core.verification import UNPUBLISHED

__all__ = ["TABLES", "Book", "NoFactor", "Pick", "Unverified", "user_pick"]

TABLES: tuple[str, ...] = (
    "enteric",
    "animals",
    "manure_ch4",
    "manure_n2o",
    "soils_n2o",
    "lime_urea",
    "fertiliser_embedded",
    "tier2",
)


@dataclass(frozen=True, slots=True)
class Pick:
    """One row of the book. `low` and `high` are NaN where the publication prints no range."""

    id: str
    parameter: str
    factor_set: str
    value: float
    low: float
    high: float
    unit: str
    source: str
    locator: str
    verified: str
    note: str = ""

    @property
    def label(self) -> str:
        return f"{self.parameter} ({self.factor_set})" if self.factor_set else self.parameter

    def ref(self) -> FactorRef:
        """The factor as shown in a walk back."""
        cited = source(self.source).cite() if self.source != "user" else "given by the user"
        return FactorRef(self.id, self.label, self.value, self.unit, cited, self.locator, self.verified, self.note)


class NoFactor(LookupError):
    """No row for the question. `args[0]` is a sentence."""


class Unverified(LookupError):
    """The only row was recalled, not read. `pick` is that row."""

    def __init__(self, pick: Pick) -> None:
        self.pick = pick
        super().__init__(f"{pick.parameter} = {pick.value:g} {pick.unit} ({pick.id}) was recalled, not read")


def user_pick(key: str, parameter: str, value: float, unit: str, where: str, note: str = "") -> Pick:
    """A factor that the user gave in a cell."""
    nan = float("nan")
    return Pick(key, parameter, "", value, nan, nan, unit, "user", where, "user", note)


_WORDS = {
    "EF_enteric": "enteric factor",
    "animal_mass": "typical mass",
    "VS_rate": "rate of volatile solids",
    "N_rate": "rate of nitrogen excretion",
    "EF_CH4": "methane factor of manure",
    "EF3": "nitrous oxide factor of manure (EF3)",
    "embedded": "footprint of production",
}
"""How a parameter is called in a sentence, where its symbol says little."""
_Key = tuple[str, str, str, str, str]


@lru_cache(maxsize=1)
def _index() -> dict[_Key, Pick]:
    found: dict[_Key, Pick] = {}
    for name in TABLES:
        for r in tables.load(f"farm/{name}").to_dict("records"):
            climate = r["climate"] if r["parameter"] in ("EF_CH4", "MCF") else ""
            key = (r["parameter"], r["factor_set"], r["category"], r["subcategory"], climate)
            if key in found:
                raise ValueError(f"farm/{name}: {r['id']} answers the same question as {found[key].id}")
            found[key] = Pick(
                r["id"],
                r["parameter"],
                r["factor_set"],
                r["value"],
                r["low"],
                r["high"],
                r["unit"],
                r["source"],
                r["locator"],
                r["verified"],
                r["note"],
            )
    return found


@dataclass
class Book:
    """Hands out picks and remembers each (`used`), so that a report can list what it rests on."""

    allow_unverified: bool = False
    used: dict[str, Pick] = field(default_factory=dict)

    def pick(
        self, parameter: str, factor_set: str, category: str = "", subcategory: str = "", climate: str = ""
    ) -> Pick:
        """The row of `parameter` for the given key. `category` may be a chain "a|b": the first that has a row.

        Raises NoFactor when there is none and Unverified when it was only recalled and that is not allowed.
        """
        for name in category.split("|"):
            for rows in SETS.get(factor_set, (factor_set,)):
                found = _index().get((parameter, rows, name, subcategory, climate))
                if found is not None:
                    return self._hand_out(found)
        wanted = " ".join(part for part in (category.split("|")[0], subcategory, climate) if part)
        raise NoFactor(f"{factor_set} has no {_WORDS.get(parameter, parameter)} for {wanted or 'this source'}")

    def _hand_out(self, found: Pick) -> Pick:
        if found.verified in UNPUBLISHED and not self.allow_unverified:
            raise Unverified(found)
        self.used[found.id] = found
        return found

    def has(
        self, parameter: str, factor_set: str, category: str = "", subcategory: str = "", climate: str = ""
    ) -> bool:
        """Whether there is a row, recalled or not."""
        return any(
            (parameter, rows, name, subcategory, climate) in _index()
            for name in category.split("|")
            for rows in SETS.get(factor_set, (factor_set,))
        )

    def subcategories(self, parameter: str, category: str, factor_set: str = "ipcc2019") -> set[str]:
        """Subcategories that have a row of `parameter` for one of the chain `category`."""
        names, sets = category.split("|"), SETS.get(factor_set, (factor_set,))
        return {k[3] for k in _index() if k[0] == parameter and k[1] in sets and k[2] in names}
