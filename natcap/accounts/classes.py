"""Class lists: what the codes of a land-cover map mean. Declared for every map, never guessed from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import pandas as pd

from natcap.core.resources import root
from natcap.core.verification import worst

__all__ = ["COLUMNS", "NODATA", "ClassList", "LandClass", "class_list", "habitats_of", "known_lists", "slug", "table"]

COLUMNS: tuple[str, ...] = (
    "list", "code", "key", "name", "role", "colour", "semi_natural", "source", "locator", "verified", "note",
)  # fmt: skip
NODATA = "no_data"
Answer = str
"""yes, no, or empty where nobody said."""


@dataclass(frozen=True, slots=True)
class LandClass:
    """One class. `role` is class or nodata.

    `managed`: is land that becomes this class made so by people? `cause_known` is false where that is only assumed.
    """

    code: int
    key: str
    name: str
    role: Literal["class", "nodata"] = "class"
    colour: str = "#9a9a9a"
    semi_natural: Answer = ""
    managed: Answer = ""
    cause_known: bool = False
    habitat: str = ""


@dataclass(frozen=True, slots=True)
class ClassList:
    """A list of classes by code. `source` is a source id, or empty for a list the user gave."""

    id: str
    title: str
    classes: tuple[LandClass, ...]
    source: str = ""
    verified: str = "user"

    def __post_init__(self) -> None:
        for what in ("code", "key"):
            values = [getattr(c, what) for c in self.classes]
            twice = sorted({str(v) for v in values if values.count(v) > 1})
            if twice:
                raise ValueError(f"class list {self.id}: {what} {', '.join(twice)} stands twice")

    @property
    def codes(self) -> tuple[int, ...]:
        """Codes of real classes, in the order of the list."""
        return tuple(c.code for c in self.classes if c.role == "class")

    @property
    def nodata_codes(self) -> tuple[int, ...]:
        return tuple(c.code for c in self.classes if c.role == "nodata")

    def of(self, code: int) -> LandClass:
        """The class of a code; KeyError when the list has none."""
        for found in self.classes:
            if found.code == code:
                return found
        raise KeyError(code)

    def pick(self, codes: Iterable[int]) -> tuple[LandClass, ...]:
        return tuple(self.of(code) for code in codes)


def slug(text: str) -> str:
    """Lower-case words joined by underscores, for keys and figure ids."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or "x"


@lru_cache(maxsize=8)
def table(name: str) -> pd.DataFrame:
    """A table of factors/landcover as text; not to be changed."""
    return pd.read_csv(root("factors") / "landcover" / f"{name}.csv", dtype=str, keep_default_na=False)


def known_lists() -> dict[str, str]:
    """Ids of the class lists in the library, with their titles."""
    frame = table("lists")
    return dict(zip(frame["list"], frame["title"], strict=True))


def habitats_of(key: str) -> str:
    """Id of the list of habitats to which a class list of the library is mapped; empty when there is none."""
    frame = table("lists")
    found = frame.loc[frame["list"] == key, "habitats"].tolist()
    return str(found[0]) if found else ""


def class_list(key: str) -> ClassList:
    """A class list of the library; KeyError when there is none of that id."""
    title = known_lists()[key]
    frame, rules = table("classes"), table("managed_rule")
    rows = frame[frame["list"] == key]
    rule = rules[rules["list"] == key].set_index("to_code")
    classes = []
    for row in rows.to_dict("records"):
        code = row["code"]
        managed, known = (
            (rule.loc[code, "managed"], rule.loc[code, "known"] == "yes") if code in rule.index else ("", False)
        )
        classes.append(
            LandClass(
                int(code),
                row["key"],
                row["name"],
                row["role"],
                row["colour"],
                row["semi_natural"],
                managed,
                bool(known),
            )
        )
    return ClassList(key, title, tuple(classes), rows.iloc[0]["source"], worst(rows["verified"]))
