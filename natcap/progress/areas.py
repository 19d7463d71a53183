"""Areas: which place lies in which, and where the parts make up the whole.

Nothing here knows any particular place: a table of five columns says it all. `parts` is "complete" where the areas
listed as `part_of` a place are all of it, which is what allows a sum.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from natcap.core.problems import Problems, did_you_mean

__all__ = ["COLUMNS", "Area", "Areas", "areas_from"]

COLUMNS: tuple[str, ...] = ("code", "name", "kind", "part_of", "parts", "note")


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    name: str
    kind: str
    part_of: str
    complete: bool
    note: str = ""


class Areas(Mapping[str, Area]):
    """Areas by code, in file order."""

    def __init__(self, found: dict[str, Area]) -> None:
        self._found = found

    def __getitem__(self, code: str) -> Area:
        return self._found[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def name(self, code: str) -> str:
        return self._found[code].name if code in self._found else code

    def members(self, code: str) -> tuple[str, ...]:
        """The areas that make up `code`; none when the list of them is not complete."""
        if not self._found[code].complete:
            return ()
        return tuple(a.code for a in self._found.values() if a.part_of == code)

    def wholes(self) -> tuple[str, ...]:
        """Areas that are the sum of their parts, each after the parts it needs."""
        depth = {code: len(tuple(self._up(code))) for code in self._found}
        sums = [code for code in self._found if self.members(code)]
        return tuple(sorted(sums, key=lambda code: -depth[code]))

    def _up(self, code: str) -> Iterator[str]:
        while code in self._found and self._found[code].part_of:
            code = self._found[code].part_of
            yield code


def _at(row: Mapping[Hashable, Any], column: str) -> str:
    return str(row.get(f"_cell_{column}") or f"row {row['_row']}")


def _circle(code: str, parents: Mapping[str, str]) -> bool:
    seen = {code}
    while parents.get(code):
        code = parents[code]
        if code in seen:
            return True
        seen.add(code)
    return False


def areas_from(table: pd.DataFrame, problems: Problems) -> Areas:
    """Check a text table with COLUMNS, `_file`, `_row`; everything wrong is added to `problems`."""
    found: dict[str, Area] = {}
    parents = dict(zip(table["code"], table["part_of"], strict=True))
    for row in table.to_dict("records"):
        file = row["_file"]
        for column in ("code", "name", "kind"):
            if not row[column]:
                problems.add(file, "a blank cell", f"the {column} of the area", cell=_at(row, column))
        if row["code"] in found:
            problems.add(file, row["code"], "each code once", cell=_at(row, "code"))
        if not row["code"].replace("-", "").isalnum() and row["code"]:
            problems.add(file, row["code"], "letters, digits and hyphens", cell=_at(row, "code"))
        if row["part_of"] and row["part_of"] not in parents:
            near = did_you_mean(row["part_of"], parents)
            problems.add(file, row["part_of"], "the code of another area", near, cell=_at(row, "part_of"))
        if row["parts"] not in ("", "complete"):
            problems.add(file, row["parts"], "complete, or nothing", cell=_at(row, "parts"))
        if _circle(row["code"], parents):
            problems.add(file, row["code"], "an area that is not part of itself", cell=_at(row, "part_of"))
        complete = row["parts"] == "complete"
        found[row["code"]] = Area(row["code"], row["name"], row["kind"], row["part_of"], complete, row["note"])
    return Areas(found)
