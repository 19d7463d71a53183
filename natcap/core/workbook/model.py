"""Input models: one declaration from which the template, the reader and the documentation are made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

__all__ = ["Field", "Kind", "TableModel", "header_key", "header_unit"]

Kind = Literal["text", "number", "integer", "date", "choice", "unit", "bound"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column of an input table.

    `unit_field` names the field that holds this number's unit; `choices` the accepted words of a choice (or the
    units offered for a unit); `dimension` the dimension a unit must have, several divided by "|"; `synonyms` other
    headers under which people write it. A "bound" is a number or a text such as "< 1"; it is read as text, "0.25" or
    "<1.0", which float() takes without its sign.
    """

    name: str
    label: str
    kind: Kind = "text"
    required: bool = True
    unit_field: str = ""
    choices: tuple[str, ...] = ()
    dimension: str = ""
    help: str = ""
    example: str = ""
    synonyms: tuple[str, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """Every accepted header, the label first, without repeats."""
        return tuple(dict.fromkeys((self.label, self.name, *self.synonyms)))


@dataclass(frozen=True, slots=True)
class TableModel:
    """One input table: the sheet it is expected on and its fields. `synonyms` are other names of the sheet.

    A table that is `named` is read only from a sheet of its name, never found by its headers elsewhere.
    """

    id: str
    sheet: str
    title: str
    fields: tuple[Field, ...]
    synonyms: tuple[str, ...] = ()
    required: bool = True
    named: bool = False

    def __post_init__(self) -> None:
        names = [f.name for f in self.fields]
        if len(set(names)) != len(names) or any(name.startswith("_") for name in names):
            raise ValueError(f"table {self.id}: field names must be unique and not start with an underscore")
        keys = [header_key(f.label) for f in self.fields]
        if len(set(keys)) != len(keys):
            raise ValueError(f"table {self.id}: two fields have the same label")

    def field(self, name: str) -> Field:
        """One field; KeyError when there is none."""
        for found in self.fields:
            if found.name == name:
                return found
        raise KeyError(name)


_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), "") | {ord("₂"): "2"}
_OTHER = re.compile(r"[^a-z0-9%£]+")


def header_key(text: object, brackets: bool = True) -> str:
    """A header as compared: small letters and digits, words divided by one space; without brackets on request."""
    plain = str(text).casefold().translate(_UNSEEN)
    if not brackets:
        plain = _BRACKETS.sub(" ", plain)
    return _OTHER.sub(" ", plain).strip()


def header_unit(text: object) -> str:
    """What stands in brackets in a header, usually its unit: "Area (ha)" -> "ha"."""
    found = _BRACKETS.findall(str(text))
    return found[-1].strip() if found else ""
