"""Which spend multiplier an industry is: by the group's code, by a Companies House code, or by its name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from natcap.core.problems import did_you_mean
from natcap.core.tables import load

__all__ = ["Group", "UnknownGroup", "first_year", "groups", "latest_year", "resolve"]

_TABLE = "spend/multipliers"
_LABEL = re.compile(r"^Spend on (.*), SIC 2007 group .*$")
_RANGE = re.compile(r"(\d+)\.(\d+)-(\d+)")


@dataclass(frozen=True, slots=True)
class Group:
    """A group of industries with a multiplier: its code as printed, its name, its factor series."""

    code: str
    name: str
    series: str

    @property
    def label(self) -> str:
        return f"{self.code} {self.name}"


class UnknownGroup(LookupError):
    """A text that names no group, or several; `choices` are labels to offer."""

    def __init__(self, message: str, choices: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.choices = choices


@lru_cache(maxsize=1)
def latest_year() -> int:
    """The newest year with multipliers."""
    return int(load(_TABLE)["year"].astype("int64").max())


@lru_cache(maxsize=1)
def first_year() -> int:
    """The oldest year with multipliers."""
    return int(load(_TABLE)["year"].astype("int64").min())


@lru_cache(maxsize=1)
def groups() -> tuple[Group, ...]:
    """Every group of the newest year, in the order of the publication."""
    table = load(_TABLE)
    newest = table[table["year"].astype("int64") == latest_year()]
    found = []
    for code, name, series in zip(newest["sic"], newest["parameter"], newest["series"], strict=True):
        match = _LABEL.match(str(name))
        found.append(Group(str(code).replace(" ", ""), match[1] if match else str(name), str(series)))
    return tuple(found)


def resolve(text: str) -> Group:
    """The group that a text means: "62", "SIC 62", "62020", "62 Computer programming ...", or the name.

    Raises UnknownGroup with choices where it is none or several.
    """
    plain = " ".join(text.split()).casefold().removeprefix("sic").strip()
    for group in groups():
        if plain in (group.code.casefold(), group.name.casefold(), group.label.casefold()):
            return group
    digits = plain.replace(".", "")
    if re.fullmatch(r"\d{2,5}", digits):
        return _of_code(digits)
    shared = [g for g in groups() if plain and all(word in g.name.casefold() for word in plain.split())]
    if len(shared) == 1:
        return shared[0]
    if not shared:
        near = did_you_mean(plain, [g.name for g in groups()])
        raise UnknownGroup("no known industry group", (near,) if near else ())
    raise UnknownGroup("a name of several industry groups", tuple(g.label for g in shared[:5]))


def _of_code(digits: str) -> Group:
    """The group that a code of two to five digits falls into."""
    division = str(int(digits[:2]))
    own = [g for g in groups() if re.match(rf"{division}(?!\d)", g.code)]
    fitting = [g for g in own if any(_covers(prefix, digits) for prefix in _prefixes(g.code))]
    if len(fitting) == 1:
        return fitting[0]
    rest = [g for g in own if g.code.endswith("OTHER")]
    if len(rest) == 1 and len(digits) > 2 and not fitting:
        return rest[0]
    said = "a code of several industry groups" if own else "no known industry group"
    raise UnknownGroup(said, tuple(g.label for g in own[:5]))


def _covers(prefix: str, digits: str) -> bool:
    return digits.startswith(prefix)


def _prefixes(code: str) -> list[str]:
    """Digits that codes of a group start with: "49.3-5" -> 493, 494, 495; "20A" and "25OTHER" have none."""
    found = _RANGE.fullmatch(code)
    if found:
        width = len(found[2])
        numbers = range(int(found[2]), int(found[3]) + 1)
        return [f"{int(found[1]):02d}{number:0{width}d}" for number in numbers]
    if re.fullmatch(r"\d+(?:\.\d+)?", code):
        division, _, rest = code.partition(".")
        return [f"{int(division):02d}{rest}"]
    return []
