"""Read a portfolio that is a folder of business projects: each calculated by itself, one after another, then joined.

Of a business that was calculated only its sums stay in memory, so that thousands need no more room than one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from natcap.carbon.business.portfolio.folders import places_of
from natcap.carbon.business.portfolio.model import LEAVE_OUT, MEASURES, Ways
from natcap.carbon.business.portfolio.one import KEYS, One, Rule, read_one
from natcap.carbon.business.portfolio.register import Register, divisors, read_register
from natcap.core.problems import InputProblems, Problem, Problems
from natcap.core.report import InputRef

__all__ = ["Joined", "Sums", "read_projects"]

_USER = "user"
Refs = Mapping[tuple[str, str], tuple[InputRef, ...]]


@dataclass(frozen=True, eq=False)
class Sums:
    """What is kept of the businesses: `lines` (place, KEYS, kg_co2e, lines: how many) and what stands beside them.

    `totals`: kg by business from its own inventory. `refs`: the cells of what its figures are divided by.
    """

    lines: pd.DataFrame
    totals: pd.Series
    refs: Refs
    invented: frozenset[str]
    banners: tuple[str, ...]
    said: Mapping[str, int]
    folders: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Joined:
    """The businesses that were calculated, those left out with their problems, and the record of all files."""

    businesses: pd.DataFrame
    sums: Sums
    left: dict[str, list[Problem]]
    warnings: tuple[Problem, ...]
    files: tuple[Mapping[str, str], ...]
    controls: Mapping[str, str]


@dataclass
class _Kept:
    """Grows from business to business: plain rows, no tables."""

    lines: list[tuple[object, ...]] = field(default_factory=list)
    about: list[dict[str, object]] = field(default_factory=list)
    refs: dict[tuple[str, str], tuple[InputRef, ...]] = field(default_factory=dict)
    ones: dict[str, One] = field(default_factory=dict)

    def add(self, name: str, one: One, row: Mapping[str, object], found: Mapping[str, tuple[float, object]]) -> None:
        self.lines += [(name, *sums) for sums in one.sums]
        self.about.append({
            **row, "name": row["name"] if isinstance(row["name"], str) and row["name"] else one.name,
            **{m: found[m][0] if m in found else np.nan for m in MEASURES},
            "_file": f"{one.place.shown}: figure business.total",
        })  # fmt: skip
        self.ones[name] = one


def read_projects(rule: Rule, ways: Ways, problems: Problems) -> Joined:
    """Every project of the portfolio. Raises InputProblems with everything wrong in any of them, unless it is chosen
    that such a business is left out; what is wrong with the register or the pattern itself cannot be left out.
    """
    places = places_of(rule.hub, problems)
    register = read_register(rule.hub, places, ways, problems) if places else None
    problems.raise_if_any()
    assert register is not None  # its absence is a problem and was raised above
    kept, left = _Kept(), {name: list(told) for name, told in register.wrong.items()}
    for record in register.businesses.to_dict("records"):
        row = {str(key): value for key, value in record.items()}
        name = str(row["business"])
        if name in register.places:
            _one(name, register, rule, row, kept, left)
    for name, told in (*_twice(kept.ones), *_other_gwp(kept)):
        left.setdefault(name, []).append(told)
    left = {name: told for name, told in left.items() if told}
    if left and (ways.problem_businesses != LEAVE_OUT or len(left) == len(left.keys() | kept.ones.keys())):
        raise InputProblems(problem for told in left.values() for problem in told)
    return _joined(kept, register, left)


def _one(
    name: str, register: Register, rule: Rule, row: Mapping[str, object], kept: _Kept, left: dict[str, list[Problem]]
) -> None:  # fmt: skip
    one, told = read_one(register.places[name], rule)
    if one is not None:
        found, differ = divisors(register, name, one, row)
        told = [*told, *differ]
        kept.add(name, one, row, found)
        kept.refs.update({(name, measure): refs for measure, (_, refs) in found.items()})
    if told:
        left.setdefault(name, []).extend(told)


def _twice(ones: Mapping[str, One]) -> Iterable[tuple[str, Problem]]:
    """Projects whose records are the same bytes: one business or two cannot be told."""
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, one in ones.items():
        alike[one.records].append(name)
    for names in alike.values():
        for name in names if len(names) > 1 else ():
            others = ", ".join(other for other in names if other != name)
            file = ones[name].files[-1]["file"]
            remedy = "One of them was copied: put its own records there, or take it away."
            yield name, Problem(file, f"the same records as those of {others}", "records of its own", remedy)


def _other_gwp(kept: _Kept) -> Iterable[tuple[str, Problem]]:
    """Businesses whose own factors use warming potentials that no published factor of the portfolio uses."""
    gwp, match = KEYS.index("gwp_set") + 1, KEYS.index("match") + 1
    usual = {str(row[gwp]) for row in kept.lines if row[match] != _USER} - {""}
    own = defaultdict(set)
    for row in kept.lines:
        if usual and row[match] == _USER and str(row[gwp]) not in usual | {""}:
            own[str(row[0])].add(str(row[gwp]))
    for name, sets in own.items():
        place = kept.ones[name].place.shown
        yield name, Problem(place, f"factors of its own with {', '.join(sorted(sets))}",
                            f"{' or '.join(sorted(usual))}, as the published factors",
                            "Other warming potentials are no like for like: restate its factors.")  # fmt: skip


def _joined(kept: _Kept, register: Register, left: dict[str, list[Problem]]) -> Joined:
    inside = {name: one for name, one in kept.ones.items() if name not in left}
    lines = pd.DataFrame(kept.lines, columns=["place", *KEYS, "kg_co2e", "lines"])
    lines = lines[lines["place"].isin(list(inside))].reset_index(drop=True)
    for name in ("place", *KEYS):
        lines[name] = lines[name].astype("category")
    banners = Counter(text for one in inside.values() for text in one.banners)
    said = Counter(text for one in inside.values() for text in one.said)
    files = [{"file": register.shown, "sha256": register.sha256}]
    files += [file for one in inside.values() for file in one.files]  # type: ignore[misc]
    sums = Sums(
        lines, pd.Series({name: one.total for name, one in inside.items()}, dtype="float64"), kept.refs,
        frozenset(name for name, one in inside.items() if one.invented),
        tuple(f"{text} ({n:,} of the businesses)" for text, n in banners.items()), said,
        {name: one.place.shown for name, one in inside.items()},
    )  # fmt: skip
    about = [row for row in kept.about if row["business"] in inside]
    warned: Sequence[Problem] = [p for one in inside.values() for p in one.warnings]
    counted = {"projects": str(len(inside) + len(left)), "lines": f"{int(lines['lines'].sum())}"}
    return Joined(pd.DataFrame(about), sums, left, (*register.warnings, *warned), tuple(files),
                  {**register.controls, **counted})  # fmt: skip
