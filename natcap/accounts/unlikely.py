"""Classes that hardly exist in an area: what a map shows of them beyond some hectares is likely misread, and is told.

Which classes these are is local knowledge, so that a project says it: unlikely = { bog = 5 }.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from natcap.accounts.classes import ClassList, slug
from natcap.accounts.counts import Counts
from natcap.accounts.margins import Margins
from natcap.core.problems import Problems, did_you_mean
from natcap.core.project import FILE, Project, shown_value

__all__ = ["CHOICES", "NAME", "read_unlikely", "tell_unlikely"]

NAME = "unlikely"
CHOICES: Mapping[str, str] = {
    NAME: "classes that hardly exist in the area, with the hectares beyond which they are told: { bog = 5 }",
}
_EXPECTED = f"{NAME}: classes with hectares of 0 or more, such as {{ bog = 5 }}"


def read_unlikely(project: Project, classes: ClassList, problems: Problems) -> dict[int, float]:
    """Hectares by code of a class; everything wrong with the choice goes to `problems`."""
    given = project.choices.get(NAME, {})
    where = f"choices.{NAME}"
    if not isinstance(given, dict):
        problems.add(FILE, shown_value(given), _EXPECTED, "Write the classes in braces", cell=where)
        return {}
    named = {slug(text): c.code for c in classes.classes if c.role == "class" for text in (str(c.code), c.name, c.key)}
    found: dict[int, float] = {}
    for name, hectares in given.items():
        code = named.get(slug(name))
        if code is None:
            remedy = did_you_mean(name, [c.key for c in classes.classes]) or "Name a class by its key, name or code"
            problems.add(FILE, f"the class {name}", f"a class of {classes.title}", remedy, cell=where)
        elif isinstance(hectares, bool) or not isinstance(hectares, int | float) or not 0 <= hectares < float("inf"):
            problems.add(FILE, f"{shown_value(hectares)} for {name}", _EXPECTED, cell=where)
        elif code in found:
            problems.add(FILE, f"the class {name} for the second time", "each class once", cell=where)
        else:
            found[code] = float(hectares)
    return found


def tell_unlikely(
    counts: Counts | Margins, classes: ClassList, unlikely: Mapping[int, float], shown: tuple[str, str],
    problems: Problems,
) -> None:  # fmt: skip
    """Warn of every such class with more hectares in the zones together than it was given, by the map of each date."""
    if isinstance(counts, Margins):
        sides = (counts.opening.sum(axis=0), counts.closing.sum(axis=0))
    else:
        cells = counts.array.sum(axis=0)
        sides = (cells.sum(axis=1), cells.sum(axis=0))
    for file, date, cells_of in zip(shown, ("opening", "closing"), sides, strict=True):
        for code in sorted(set(unlikely) & set(counts.codes)):
            hectares = counts.ha(int(np.asarray(cells_of)[1 + counts.codes.index(code)]))
            if hectares > unlikely[code]:
                problems.add(
                    file, f"an area of {hectares:,.2f} ha of {classes.of(code).name} at the {date}",
                    f"at most {unlikely[code]:g} ha, as {NAME} says of this class",
                    "It counts as the map has it. Look where it lies: it may be another class misread", warning=True,
                )  # fmt: skip
